"""Other versions of streams that the county was handed: kept as they came, and counted nowhere.

They come of two machines with one memory, or of a forger. What each would change is worked out from
the bodies alone, as for any fact.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from county_server.journal import fact_columns, fact_of
from county_server.store import Store
from station_app.journal.fact import Fact
from station_app.journal.vocabulary import Unreadable
from station_app.ledger.accounts import DRAWERS, PLACES
from station_app.ledger.posting import CNY

FACTS_MAX = 5_000  # of all versions that are shown; beyond it the sums say "at least"


@dataclass(frozen=True, slots=True)
class Version:
    """What is kept beside a stream. money_fen: by how much it would change a station's money."""

    station: str
    stream: str
    facts: int
    acts: int
    money_fen: int
    latest_at: int

    @property
    def device(self) -> str:
        """Return whose it is: "D2"."""
        return self.stream.split("/")[1]


def versions(store: Store, connection: Connection) -> list[Version]:
    """Return the versions that are kept beside, by stream."""
    table = store.tables.branches
    rows = connection.execute(
        select(table.c.station, *fact_columns(table), table.c.private)
        .order_by(table.c.station, table.c.stream, table.c.seq, table.c.identity)
        .limit(FACTS_MAX)
    ).all()
    found: dict[tuple[str, str], list[tuple[str, int, int]]] = {}
    for station, *row in rows:
        fact = fact_of(row)
        said = (fact.act, _money(store, fact), fact.at)
        found.setdefault((station, fact.stream), []).append(said)
    return [
        Version(
            station,
            stream,
            facts=len(those),
            acts=len({act for act, _, _ in those}),
            money_fen=sum(fen for _, fen, _ in those),
            latest_at=max(at for _, _, at in those),
        )
        for (station, stream), those in found.items()
    ]


def _money(store: Store, fact: Fact) -> int:
    try:
        entry = store.vocabulary.post(store.vocabulary.read(fact))
    except Unreadable:
        entry = store.vocabulary.post_unread(fact)
    return sum(
        line.amount
        for line in entry
        if line.commodity == CNY and (line.account in PLACES or line.account.startswith(DRAWERS))
    )
