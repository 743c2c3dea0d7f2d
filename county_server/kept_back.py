"""How far each stream counts, at the county: the same rule as at the stations, on its tables.

A decision is kept with the station that it is about. Only lines that do not count whole have a row.
When a decision changes the place, the postings in between move between the books and those aside.
"""

from typing import Any

from sqlalchemy import Connection

from county_server.accounts import CLEARING
from county_server.asking import ask, ask_one, tell
from county_server.bulk import put_rows
from county_server.journal import CountyJournal
from county_server.questions import moving
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
        self._questions = store.questions
        self._connection = connection
        self._station = station
        self._journal = CountyJournal(store, connection)
        self._reaches: dict[str, int] | None = None

    def reach(self, line: str) -> int:
        """Return up to which seq a line counts."""
        return self._known().get(line, WHOLE)

    def _known(self) -> dict[str, int]:
        if self._reaches is None:
            asked = self._questions.kept_back
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
        put_rows(self._connection, self._store.upsert(self._tables.rulings, keeps=True), rows)
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
        known = self._known()
        if after == WHOLE:
            which = {"at": self._station, "stream": line}
            tell(self._connection, self._questions.count_whole, which)
            del known[line]
        else:
            row = {"station": self._station, "stream": line, "reach": after}
            put_rows(self._connection, self._store.upsert(self._tables.kept_back), [row])
            known[line] = after
        self._move_postings(line, before, after)
        return [(line, before, after)]

    def between(self, line: str, before: int, after: int) -> tuple[list[str], list[int]]:
        """Return the entities of the facts between two places, and the seqs of the reversals."""
        which = self._between(line, before, after)
        roots = ask(self._connection, self._questions.roots_between, which)
        which["kind"] = ActReversed.KIND
        reversals = ask(self._connection, self._questions.seqs_between, which)
        return [row[0] for row in roots], [row[0] for row in reversals]

    def _between(self, line: str, before: int, after: int) -> dict[str, Any]:
        """Return which facts lie beyond the one place and not beyond the other."""
        first, last = min(before, after) + 1, max(before, after)
        return {"at": self._station, "stream": line, "first": first, "last": last}

    def about(self, line: str) -> list[Ruling]:
        """Return every decision about a line's author and about the stream it is a version of."""
        names = [author_of(line), said_as(line)]
        which = {"at": self._station, "names": names}
        rows = ask(self._connection, self._questions.rulings_about, which)
        return [Ruling(*row) for row in rows]

    def _lines(self, name: str) -> list[str]:
        """Return the lines that a decision about a PC or a stream is about."""
        begins = f"{name}/" if name.count("/") == 1 else f"{name}{VERSION_MARK}"
        which = {"at": self._station, "stream": name, "begins": begins, "long": len(begins)}
        mine = ask(self._connection, self._questions.lines_of, which)
        return [row[0] for row in mine]

    def _identity_at(self, line: str, seq: int) -> str:
        which = {"at": self._station, "stream": line, "seq": seq}
        row = ask_one(self._connection, self._questions.identity_at, which)
        return row[0] if row else ""

    def _move_postings(self, line: str, before: int, after: int) -> None:
        goes_out = after < before
        books, aside = self._tables.postings, self._tables.postings_aside
        move = moving(books, aside) if goes_out else moving(aside, books)
        which = self._between(line, before, after)
        sums = ask(self._connection, move.sums, which | {"clearing": f"{CLEARING}%"})
        tell(self._connection, move.add, which)
        tell(self._connection, move.drop, which)
        self._add_to_balances([(row[0], row[1], int(row[2])) for row in sums], goes_out)

    def _add_to_balances(self, sums: list[tuple[str, str, int]], goes_out: bool) -> None:
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
        put_rows(self._connection, self._store.upsert(balances, adds=("amount",)), rows)
        for account, commodity, _ in sums if goes_out else ():
            # An account on which nothing is posted has no balance, not one of zero.
            which = {"at": self._station, "account": account, "commodity": commodity}
            tell(self._connection, self._questions.drop_unused_balance, which)
