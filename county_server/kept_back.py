"""How far each stream counts, at the county: the same rule as at the stations, on its tables.

A decision is kept with the station that it is about. Only lines that do not count whole have a row.
When a decision changes the place, the postings in between move between the books and those aside.
"""

from sqlalchemy import Connection, Table, and_, delete, exists, func, literal, or_, select

from county_server.accounts import CLEARING
from county_server.asking import ask
from county_server.journal import CountyJournal
from county_server.store import Store
from station_app.journal.fact import Told, is_from_county
from station_app.journal.kinds import ActReversed
from station_app.journal.rulings import (
    VERSION_MARK,
    WHOLE,
    Ruling,
    author_of,
    reach_of,
    rulings_of,
    said_as,
)


class CountyKeptBack:
    """Keeps the decisions about one station's streams, inside the transaction of the facts."""

    def __init__(self, store: Store, connection: Connection, station: str) -> None:
        """Work on what is kept under `station`."""
        self._store = store
        self._tables = store.tables
        self._connection = connection
        self._station = station
        self._journal = CountyJournal(store, connection)
        self._reaches: dict[str, int] | None = None

    def reach(self, line: str) -> int:
        """Return up to which seq a line counts."""
        return self._known().get(line, WHOLE)

    def _known(self) -> dict[str, int]:
        if self._reaches is None:
            asked = self._store.questions.kept_back
            rows = ask(self._connection, asked, {"at": self._station})
            self._reaches = {row[0]: row[1] for row in rows}
        return self._reaches

    def rule(self, told: Told) -> list[tuple[str, int, int]]:
        """Keep a decision and move what it moves; return (line, before, after) of each line."""
        lines = rulings_of(told.body)
        rows = [
            {
                "station": self._station,
                "what": one.what,
                "name": one.name,
                "seq": one.seq,
                "hash": one.hash,
                "identity": told.identity,
            }
            for one in lines
        ]
        self._connection.execute(self._store.upsert(self._tables.rulings, keeps=True), rows)
        touched = {line for name in {one.name for one in lines} for line in self._lines(name)}
        return [shift for line in sorted(touched) for shift in self._settle(line)]

    def settle(self, line: str) -> list[tuple[str, int, int]]:
        """Work out anew how far a line counts, and move what lies between.

        So for the other versions of its stream: what one goes on from may now be known to count.
        """
        lines = {line, said_as(line), *self._journal.versions_of(line)}
        return [shift for one in sorted(lines) for shift in self._settle(one)]

    def _settle(self, line: str) -> list[tuple[str, int, int]]:
        if is_from_county(line):
            return []
        parents = self._journal.versions_of(line)
        before = self.reach(line)
        after = reach_of(line, self.about(line), self._identity_at, parents)
        if before == after:
            return []
        table, known = self._tables.kept_back, self._known()
        if after == WHOLE:
            mine = and_(table.c.station == self._station, table.c.stream == line)
            self._connection.execute(delete(table).where(mine))
            del known[line]
        else:
            row = {"station": self._station, "stream": line, "reach": after}
            self._connection.execute(self._store.upsert(table), [row])
            known[line] = after
        self._move_postings(line, before, after)
        return [(line, before, after)]

    def between(self, line: str, before: int, after: int) -> tuple[list[str], list[int]]:
        """Return the entities of the facts between two places, and the seqs of the reversals."""
        facts, folds = self._tables.facts, self._tables.folds
        between = and_(
            facts.c.station == self._station,
            facts.c.stream == line,
            facts.c.seq > min(before, after),
            facts.c.seq <= max(before, after),
        )
        mine = and_(folds.c.station == facts.c.station, folds.c.identity == facts.c.identity)
        roots = self._connection.execute(
            select(folds.c.root).join_from(facts, folds, mine).where(between).distinct()
        )
        reversals = self._connection.execute(
            select(facts.c.seq).where(between, facts.c.kind == ActReversed.KIND)
        )
        return [row[0] for row in roots], [row[0] for row in reversals]

    def about(self, line: str) -> list[Ruling]:
        """Return every decision about a line's author and about the stream it is a version of."""
        names = [author_of(line), said_as(line)]
        rows = self._connection.execute(
            self._store.questions.rulings_about, {"at": self._station, "names": names}
        )
        return [Ruling(*row) for row in rows]

    def _lines(self, name: str) -> list[str]:
        """Return the lines that a decision about a PC or a stream is about."""
        c = self._tables.streams.c
        begins = f"{name}/" if name.count("/") == 1 else f"{name}{VERSION_MARK}"
        is_one = or_(c.stream == name, func.substr(c.stream, 1, literal(len(begins))) == begins)
        mine = self._connection.execute(select(c.stream).where(c.station == self._station, is_one))
        return [row[0] for row in mine]

    def _identity_at(self, line: str, seq: int) -> str:
        c = self._tables.facts.c
        row = self._connection.execute(
            select(c.identity).where(c.station == self._station, c.stream == line, c.seq == seq)
        ).first()
        return row[0] if row else ""

    def _move_postings(self, line: str, before: int, after: int) -> None:
        goes_out = after < before
        books, aside = self._tables.postings, self._tables.postings_aside
        table, to = (books, aside) if goes_out else (aside, books)
        c = table.c
        between = and_(
            c.station == self._station,
            c.stream == line,
            c.seq > min(before, after),
            c.seq <= max(before, after),
        )
        names = [column.name for column in table.columns]
        sums = self._connection.execute(
            select(c.account, c.commodity, func.sum(c.amount))
            .where(between, c.account.not_like(f"{CLEARING}%"))
            .group_by(c.account, c.commodity)
            .order_by(c.account, c.commodity)
        ).all()
        self._connection.execute(to.insert().from_select(names, select(table).where(between)))
        self._connection.execute(delete(table).where(between))
        self._add_to_balances([(row[0], row[1], int(row[2])) for row in sums], goes_out, books)

    def _add_to_balances(
        self, sums: list[tuple[str, str, int]], goes_out: bool, books: Table
    ) -> None:
        if not sums:
            return
        balances = self._tables.balances
        rows = [
            {
                "station": self._station,
                "account": account,
                "commodity": commodity,
                "amount": -amount if goes_out else amount,
            }
            for account, commodity, amount in sums
        ]
        self._connection.execute(self._store.upsert(balances, adds=("amount",)), rows)
        for account, commodity, _ in sums if goes_out else ():
            # An account on which nothing is posted has no balance, not one of zero.
            is_used = exists().where(
                books.c.station == self._station,
                books.c.account == account,
                books.c.commodity == commodity,
            )
            self._connection.execute(
                delete(balances).where(
                    balances.c.station == self._station,
                    balances.c.account == account,
                    balances.c.commodity == commodity,
                    balances.c.amount == 0,
                    ~is_used,
                )
            )
