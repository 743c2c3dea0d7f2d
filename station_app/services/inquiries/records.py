"""Where inquiries are looked for: the last one about a case."""

import msgspec

from station_app.journal.log import Connection
from station_app.services.inquiries.rules import INQUIRY, Inquiry

_LAST = (
    "SELECT i.entity, s.data FROM inquiries i "
    "JOIN states s ON s.kind = ?3 AND s.entity = i.entity WHERE i.matter = ?1 "
    "AND coalesce((SELECT root FROM roots WHERE identity = i.about), i.about) = ?2 "
    "ORDER BY i.asked_at DESC, i.entity DESC LIMIT 1"
)


def last_about(connection: Connection, case: str, entity: str) -> tuple[str, Inquiry] | None:
    """Return the county's last inquiry about a case with its identity, None if it never asked."""
    row = connection.execute(_LAST, (case, entity, INQUIRY.name)).fetchone()
    return (str(row[0]), msgspec.json.decode(row[1], type=Inquiry)) if row else None


def inquiry(connection: Connection, identity: str) -> Inquiry | None:
    """Return an inquiry by its identity."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (INQUIRY.name, identity)
    ).fetchone()
    return msgspec.json.decode(row[0], type=Inquiry) if row else None
