"""The sides of a case as facts: how a visit ended, what that collected, how it began."""

import msgspec

from station_app.journal.log import Connection
from station_app.services.parcels.facts import ParcelCodCorrected, ParcelShelved
from station_app.services.parcels.records import fact
from station_app.services.parcels.taking_back import ENDINGS, collected_by
from station_app.services.parcels.visits import Ending


def ending(connection: Connection, identity: str) -> Ending | None:
    """Return how a visit ended by this fact; None for one that is not held, or no ending."""
    row = fact(connection, identity)
    made = ENDINGS.get(row.kind) if row else None
    return msgspec.json.decode(row.body, type=made) if row and made else None


def collected(connection: Connection, identity: str) -> tuple[int, int]:
    """Return what a hand-over took, COD and freight, with what was put right of it since."""
    handed = ending(connection, identity)
    cod_fen, freight_fen = collected_by(handed)
    rows = connection.execute(
        "SELECT f.body FROM folds h JOIN folds o ON o.root = h.root "
        "JOIN facts f ON f.identity = o.identity WHERE h.identity = ? AND f.kind = ? "
        "AND NOT EXISTS (SELECT 1 FROM kept_back k WHERE k.stream = f.stream AND f.seq > k.reach) "
        "AND NOT EXISTS (SELECT 1 FROM reversals r WHERE r.stream = f.stream AND r.act = f.act)",
        (identity, ParcelCodCorrected.KIND),
    ).fetchall()
    for (body,) in rows:
        change = msgspec.json.decode(body, type=ParcelCodCorrected)
        if change.handover == identity:
            cod_fen += change.cod_change_fen
            freight_fen += change.freight_change_fen
    return cod_fen, freight_fen


def shelving(connection: Connection, identity: str) -> ParcelShelved | None:
    """Return a shelving; None for a fact that is not held, or is none."""
    row = fact(connection, identity)
    if row is None or row.kind != ParcelShelved.KIND:
        return None
    return msgspec.json.decode(row.body, type=ParcelShelved)
