"""The second check: the books are what the facts say, line by line."""

from typing import Any

from station_app.journal.fact import VERSION_MARK, Fact, Told
from station_app.journal.findings import Findings
from station_app.journal.kept_back import KeptBack, way_here
from station_app.journal.kinds import ActReversed
from station_app.journal.log import Connection
from station_app.ledger.balances import CLEARING
from station_app.ledger.posting import Entry

Sums = dict[tuple[str, str], int]
_Row = tuple[Any, Any, Any, Any, Any]  # the first: 1 for a line set aside


class PostingCheck:
    """Holds the stored lines against the entries computed anew, stream by stream."""

    def __init__(self, connection: Connection, findings: Findings) -> None:
        """Read from `connection`, report to `findings`."""
        self._connection = connection
        self._findings = findings
        self.sums: Sums = {}
        self.acts = 0
        self._stream = ""
        self._reach = 0
        self._walked: set[Any] = set()
        self._stored: dict[int, list[_Row]] = {}
        self._of_act: dict[str, Sums] = {}
        self._places: dict[str, tuple[str, int, str]] = {}
        self._never: set[str] = set()
        self._undone: set[str] = set()

    def begin(self, stream: Any) -> None:
        """Begin a stream: read its stored lines."""
        self._stream = str(stream)
        self._reach = KeptBack(self._connection).reach(stream)
        self._walked.add(stream)
        self._stored, self._of_act, self._places = {}, {}, {}
        self._never, self._undone = set(), set()
        rows = self._connection.execute(
            "SELECT seq, 0, line, account, commodity, amount FROM postings WHERE stream = ?1 "
            "UNION ALL SELECT seq, 1, line, account, commodity, amount FROM postings_aside "
            "WHERE stream = ?1 ORDER BY 1, 2, 3",
            (stream,),
        )
        for seq, *line in rows:
            number = seq if isinstance(seq, int) else 0
            self._stored.setdefault(number, []).append(tuple(line))

    def expect(self, fact: Fact, told: Told | None, entry: Entry) -> None:
        """Check one fact; told is None for one that cannot be read."""
        place = (fact.stream, fact.seq, fact.kind)
        stored = self._stored.pop(fact.seq, [])
        is_aside = int(fact.seq > self._reach)
        computed = [
            (is_aside, n, line.account, line.commodity, line.amount) for n, line in enumerate(entry)
        ]
        if stored != computed:
            what = f"stored {stored[:4]}, by its body {computed[:4]}"
            self._findings.add("POSTING_DIFFERS", place, what)
        self._places.setdefault(fact.act, place)
        of_act = self._of_act.setdefault(fact.act, {})
        for line in entry:
            key = (line.account, line.commodity)
            if not is_aside:
                self.sums[key] = self.sums.get(key, 0) + line.amount
            of_act[key] = of_act.get(key, 0) + line.amount
        if told is None:
            return
        if not told.body.REVERSIBLE:
            self._never.add(fact.act)
        if isinstance(told.body, ActReversed):
            self._check_reversal(told.body, place)

    def _check_reversal(self, reversal: ActReversed, place: tuple[str, int, str]) -> None:
        """A reversal takes back exactly what its act posted, once, and only what may be undone."""
        undone = self._of_act.get(reversal.act)
        undone = self._before_the_fork(reversal.act) if undone is None else undone
        if undone is None or reversal.act in self._never or reversal.act in self._undone:
            why = "is not here" if undone is None else "may not be undone (again)"
            self._findings.add("REVERSAL_WRONG", place, f"act {reversal.act} {why}")
            return
        self._undone.add(reversal.act)
        total = dict(undone)
        for line in reversal.lines:
            key = (line.account, line.commodity)
            total[key] = total.get(key, 0) + line.amount
        left = {key: amount for key, amount in total.items() if amount}
        if left:
            self._findings.add("REVERSAL_WRONG", place, f"leaves {left}")

    def _before_the_fork(self, act: str) -> Sums | None:
        """Return what an act came to that a version shares with what it goes on from."""
        if VERSION_MARK not in self._stream:
            return None
        for line in list(way_here(self._connection, self._stream))[1:]:
            rows = self._connection.execute(
                "SELECT p.account, p.commodity, sum(p.amount) FROM facts f LEFT JOIN "
                "(SELECT * FROM postings UNION ALL SELECT * FROM postings_aside) p "
                "ON p.stream = f.stream AND p.seq = f.seq WHERE f.stream = ? AND f.act = ? "
                "GROUP BY 1, 2",
                (line, act),
            ).fetchall()
            if rows:
                return {
                    (account, commodity): amount for account, commodity, amount in rows if account
                }
        return None

    def end(self) -> None:
        """End a stream: nothing may be stored besides, and every act has cleared."""
        for seq in self._stored:
            self._findings.add("POSTING_LOOSE", (self._stream, seq, ""), "lines of no fact")
        for act, sums in self._of_act.items():
            self.acts += 1
            open_ = {k: n for k, n in sums.items() if k[0].startswith(CLEARING) and n}
            if open_:
                self._findings.add("ACT_DOES_NOT_CLEAR", self._places[act], f"{act}: {open_}")

    def check_tables(self) -> None:
        """Hold the table of balances against the sums, and look for lines of no stream at all."""
        rows = self._connection.execute(
            "SELECT DISTINCT stream FROM postings UNION SELECT DISTINCT stream FROM postings_aside"
        ).fetchall()
        for (stream,) in rows:
            if stream not in self._walked:
                self._findings.add("POSTING_LOOSE", (str(stream), 0, ""), "lines of no stream")
        rows = self._connection.execute("SELECT account, commodity, amount FROM balances")
        kept = {(row[0], row[1]): row[2] for row in rows}
        wanted = {key: n for key, n in self.sums.items() if not key[0].startswith(CLEARING)}
        for key in sorted({*kept, *wanted}, key=str):
            if kept.get(key) != wanted.get(key):
                what = f"{key[0]} {key[1]}: {kept.get(key)} kept, {wanted.get(key)} by the facts"
                self._findings.add("BALANCE_DIFFERS", ("", 0, ""), what)
        self._check_conserved()

    def _check_conserved(self) -> None:
        """Nothing comes from nowhere: each commodity sums to zero over all accounts."""
        totals: dict[str, int] = {}
        for (_account, commodity), amount in self.sums.items():
            totals[commodity] = totals.get(commodity, 0) + amount
        for commodity, amount in sorted(totals.items()):
            if amount:
                self._findings.add("NOT_CONSERVED", ("", 0, ""), f"{amount} {commodity} too much")
