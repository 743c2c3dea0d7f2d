"""About which lots a grower does not agree, and what she says: queries."""

import msgspec

from station_app.journal.log import Connection
from station_app.services.consignment.disputing import CASE, DISPUTE, Dispute

_dispute = msgspec.json.Decoder(Dispute).decode


def disputed_lots(connection: Connection, person: str) -> frozenset[str]:
    """Return the lots about which a grower does not agree, until somebody closes the case."""
    rows = connection.execute(
        "SELECT d.lot FROM disputes d JOIN cases c ON c.entity = d.entity AND c.kind = ?2 "
        "WHERE d.person = ?1",
        (person, CASE),
    ).fetchall()
    return frozenset(str(row[0]) for row in rows)


def dispute_state(connection: Connection, entity: str) -> Dispute | None:
    """Return what a case is about; None where the entity is none."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ?2 AND entity = ?1", (entity, DISPUTE.name)
    ).fetchone()
    return _dispute(row[0]) if row else None
