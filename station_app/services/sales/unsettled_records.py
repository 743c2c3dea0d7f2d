"""What of a grower's sales is not settled with her yet, for whoever settles: one line for a share.

Money and goods of a sale are this slice's; the settlement is another's. It gets what there is to
say of each sale (`sale.settled`), worked out by the rule of sales, and says it in its own act.
"""

from dataclasses import dataclass

import msgspec

from station_app.journal.log import Connection
from station_app.services.sales import rules
from station_app.services.sales.facts import SaleSettled
from station_app.services.sales.rules import SALE, Sale

LINES_MAX = 1_000  # of one grower; a season at a village counter has a few hundred
_sale = msgspec.json.Decoder(Sale).decode


@dataclass(frozen=True, slots=True)
class OpenShare:
    """A grower's part of one sale. settled: what is to be said of it; price_fen: as it was sold."""

    sale: str
    lot: str
    unit: str
    price_fen: int
    day: str
    settled: SaleSettled


def open_shares(connection: Connection, person: str, day: str) -> tuple[OpenShare, ...]:
    """Return the parts of sales that are hers and not settled, the oldest first."""
    rows = connection.execute(
        "SELECT t.entity, s.data FROM sales t JOIN states s ON s.kind = ?2 AND s.entity = t.entity "
        "WHERE t.unsettled > 0 AND instr(t.growers, ?1) ORDER BY t.day, t.entity LIMIT ?3",
        (person, SALE.name, LINES_MAX),
    ).fetchall()
    found = []
    for entity, data in rows:
        sale = _sale(data)
        if not sale.founder:
            continue
        for number, share in enumerate(sale.shares, 1):
            if share.person == person and not share.times_settled:
                settled = rules.settlement_of(sale, number, day)
                found.append(
                    OpenShare(str(entity), sale.lot, sale.unit, sale.price_fen, sale.day, settled)
                )
    return tuple(found)


def growers_waiting(connection: Connection) -> tuple[str, ...]:
    """Return every grower of whom something sold is not settled."""
    rows = connection.execute("SELECT growers FROM sales WHERE unsettled > 0").fetchall()
    return tuple(sorted({person for (growers,) in rows for person in str(growers).split()}))
