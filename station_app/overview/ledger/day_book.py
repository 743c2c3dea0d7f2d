"""The day book: every act of a business day with its entries, from all PCs of the station.

A day is read by its runs (`day_index`), so it costs what the day holds. Acts that post nothing are
listed, too, when they were done here; what the county only made known (prices, couriers) is not.
What does not count is listed and says so. At a cut that holds for what counted there: what a
decision has put out since is read from where it stands now.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from station_app.journal.cuts import Cut
from station_app.journal.fact import is_from_county
from station_app.journal.log import Connection
from station_app.ledger.balances import CLEARING
from station_app.ledger.posting import CNY
from station_app.overview.ledger.day_index import DayRun, clipped_all, runs_of_day
from station_app.overview.standing import COUNTS, standings_in

_FACTS = (
    "SELECT act, at, kind, by_, seq FROM facts "
    "WHERE stream = ? AND seq BETWEEN ? AND ? ORDER BY seq"
)
_ENTRIES = (
    "SELECT seq, line, account, commodity, amount FROM postings "
    "WHERE stream = ? AND seq BETWEEN ? AND ? ORDER BY seq, line"
)
_ENTRIES_ASIDE = _ENTRIES.replace("FROM postings ", "FROM postings_aside ")
_UNDONE = "SELECT act FROM reversals WHERE stream = ?"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an entry. seq, line: where it stands in the act's stream; a debit is positive."""

    seq: int
    line: int
    account: str
    commodity: str
    amount: int


@dataclass(frozen=True, slots=True)
class BookedAct:
    """An act in the day book. at: UTC ms of its first fact of the day; kinds: of its facts.

    standing: why it does not count (`overview.standing`), "" for one that does; aside_fen: what it
    would move then.
    """

    act: str
    stream: str
    at: int
    by: str
    kinds: tuple[str, ...]
    entries: tuple[Entry, ...] = ()
    is_undone: bool = False
    standing: str = COUNTS
    aside_fen: int = 0

    @property
    def debit_fen(self) -> int:
        """Return the money moved, as the sum of the debits; what only passed is not counted."""
        return debits(self.plain_entries)

    @property
    def plain_entries(self) -> tuple[Entry, ...]:
        """Return the entries without the clearing of the act, which comes to nothing."""
        return _plain(self.entries)


def acts_in_day(connection: Connection, day: str, upto: Cut | None = None) -> tuple[BookedAct, ...]:
    """Return the acts of a day in the order of time. upto: cut off behind these facts."""
    cut = None if upto is None else dict(upto)
    return acts_in_runs(connection, clipped_all(runs_of_day(connection, day), cut), cut)


def acts_in_runs(
    connection: Connection, runs: Iterable[DayRun], upto: Cut | None = None
) -> tuple[BookedAct, ...]:
    """Return the acts of these runs in the order of time. upto: the cut within which they lie."""
    found = [act for run in runs for act in _acts_of(connection, run, upto)]
    joined = _joined(found)
    kept = [act for act in joined if act.entries or not is_from_county(act.stream)]
    return tuple(sorted(kept, key=lambda act: (act.at, act.stream)))


def _acts_of(connection: Connection, run: DayRun, upto: Cut | None) -> list[BookedAct]:
    place = (run.stream, run.first, run.last)
    entries = _entries(connection, _ENTRIES, place)
    aside = _entries(connection, _ENTRIES_ASIDE, place)
    standings = standings_in(connection, *place)
    if upto is not None:
        counted = upto.get(run.stream, 0)
        entries |= {seq: lines for seq, lines in aside.items() if seq <= counted}
        standings = {seq: why for seq, why in standings.items() if seq > counted}
    if is_from_county(run.stream) and not entries:
        return []
    undone = {row[0] for row in connection.execute(_UNDONE, (run.stream,))}
    acts: list[BookedAct] = []
    for act, at, kind, by, seq in connection.execute(_FACTS, place):
        standing = standings.get(seq, COUNTS)
        acts.append(
            BookedAct(
                act,
                run.stream,
                at,
                by,
                (kind,),
                tuple(entries.get(seq, ())),
                is_undone=act in undone,
                standing=standing,
                aside_fen=debits(_plain(aside.get(seq, ()))) if standing else 0,
            )
        )
    return acts


def _entries(
    connection: Connection, query: str, place: tuple[str, int, int]
) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    for seq, line, account, commodity, amount in connection.execute(query, place):
        found.setdefault(seq, []).append(Entry(seq, line, account, commodity, amount))
    return found


def _plain(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(e for e in entries if not e.account.startswith(CLEARING))


def _joined(facts: Iterable[BookedAct]) -> list[BookedAct]:
    """Put the facts of an act together; a day may hold parts of one that began the day before."""
    acts: dict[tuple[str, str], BookedAct] = {}
    for fact in facts:
        key = (fact.stream, fact.act)
        known = acts.get(key)
        acts[key] = (
            fact
            if known is None
            else replace(
                known,
                kinds=(*known.kinds, *fact.kinds),
                entries=(*known.entries, *fact.entries),
                standing=known.standing or fact.standing,
                aside_fen=known.aside_fen + fact.aside_fen,
            )
        )
    return list(acts.values())


def debits(entries: Iterable[Entry]) -> int:
    """Return the sum of the debits in money, in fen."""
    return sum(e.amount for e in entries if e.commodity == CNY and e.amount > 0)


def credits_of(entries: Iterable[Entry]) -> int:
    """Return the sum of the credits in money, in fen, positive."""
    return -sum(e.amount for e in entries if e.commodity == CNY and e.amount < 0)
