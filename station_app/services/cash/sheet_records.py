"""Sheets of shifts: the figures of an X or Z slip, read at one cut.

A slip is made from the position that its shift stored, so X, Z, screen and reprint are one query
cut at one place. What arrives later, from this PC or another, changes none of them.
"""

from collections.abc import Iterable
from dataclasses import replace

import msgspec

from station_app.journal.cuts import Run, Tip, chain_back, reach, runs_since, tips_here
from station_app.journal.fact import device_of, is_from_county
from station_app.journal.log import Connection
from station_app.ledger.accounts import OVER_SHORT, drawer
from station_app.ledger.balances import Books, Standing, books
from station_app.ledger.posting import CNY, PCS, pays
from station_app.services.cash.facts import Position, ShiftClosed
from station_app.services.cash.records import journal_tail, shift_state
from station_app.services.cash.rules import Shift
from station_app.services.cash.sheet import Movements, Seen, Sheet

_closed_decoder = msgspec.json.Decoder(ShiftClosed)


def sheet_of_closed(connection: Connection, identity: str) -> Sheet | None:
    """Return the sheet of a closed shift, cut where the shift stored it; None if it is not closed.

    It comes out the same whenever it is asked for: this is what a reprint is made from.
    """
    state = shift_state(connection, identity)
    if state is None or not state.closings:
        return None
    row = connection.execute(
        "SELECT body, stream FROM facts WHERE identity = ?", (state.closings[-1],)
    ).fetchone()
    closed = _closed_decoder.decode(row[0])
    tips = tuple(Tip(p.stream, p.seq, p.identity) for p in closed.positions)
    sheet = _sheet(connection, (identity, state), tips, closed.tail)
    return replace(sheet, stream=row[1])


def sheet_now(connection: Connection, identity: str, *, at: int, by: str) -> Sheet | None:
    """Return the sheet of a shift that is open, as an X slip shows it."""
    state = shift_state(connection, identity)
    if state is None:
        return None
    asking = msgspec.structs.replace(state, closed_at=at, closed_by=by)
    return _sheet(connection, (identity, asking), tips_here(connection), journal_tail(connection))


def sheet_if_closed(connection: Connection, state: Shift, identity: str, live: str = "") -> Sheet:
    """Return the sheet that the shift would have if it were closed as `state` says.

    Closing it at once gives the same sheet, so the preview of a Z slip is its print. live: the
    stream that is written now; without it the mark of the number is that of the last fact.
    """
    tips, tail = tips_here(connection), journal_tail(connection)
    sheet = _sheet(connection, (identity, state), tips, tail)
    return replace(sheet, stream=live or sheet.stream)


def _sheet(
    connection: Connection, shift: tuple[str, Shift], tips: tuple[Tip, ...], tail: str
) -> Sheet:
    identity, state = shift
    cut = books(connection, reach(connection, tips))
    row = connection.execute("SELECT stream, seq FROM facts WHERE identity = ?", (tail,)).fetchone()
    stream, seq = (row[0], row[1]) if row else ("", 0)
    runs = runs_since(connection, identity, (stream, seq))
    last = sum(len(run) for run in chain_back(connection, stream, seq))
    return Sheet(
        shift=identity,
        state=state,
        at=state.closed_at,
        operator=state.closed_by,
        books=_with_difference(cut, state),
        movements=movements(connection, runs, drawer(state.device)),
        first=last - sum(len(run) for run in runs) + 1,
        last=last,
        tail=tail,
        stream=stream,
        seen=_seen(connection, tips, state.device),
    )


def not_mine_at(connection: Connection, positions: Iterable[Position]) -> int:
    """Return how much other people's money there was at a cut that a fact stored, in fen."""
    tips = tuple(Tip(p.stream, p.seq, p.identity) for p in positions)
    return books(connection, reach(connection, tips)).not_mine_fen


def _with_difference(cut: Books, state: Shift) -> Books:
    """Return the books with the difference of the count posted, as closing does."""
    from_count = pays(drawer(state.device), OVER_SHORT, state.difference_fen)
    sums = {s.account: s.amount for s in cut.standings}
    for line in from_count:
        sums[line.account] = sums.get(line.account, 0) + line.amount
    return Books(tuple(Standing(name, CNY, sums[name]) for name in sorted(sums) if sums[name]))


def _seen(connection: Connection, tips: Iterable[Tip], own_device: str) -> tuple[Seen, ...]:
    latest: dict[str, int] = {}
    for tip in tips:
        if not tip.stream or is_from_county(tip.stream) or device_of(tip.stream) == own_device:
            continue
        row = connection.execute(
            "SELECT at FROM facts WHERE identity = ?", (tip.identity,)
        ).fetchone()
        device = device_of(tip.stream)
        latest[device] = max(latest.get(device, 0), row[0] if row else 0)
    return tuple(Seen(device, at) for device, at in sorted(latest.items()))


def movements(connection: Connection, runs: Iterable[Run], till: str) -> Movements:
    """Add up what these runs did, from their postings; `till` is the drawer they work with."""
    tally = _Tally(till)
    for run in runs:
        undone = _undone(connection, run)
        rows = connection.execute(
            "SELECT f.act, f.kind, p.account, p.commodity, p.amount FROM facts f "
            "LEFT JOIN postings p ON p.stream = f.stream AND p.seq = f.seq "
            "WHERE f.stream = ? AND f.seq BETWEEN ? AND ? ORDER BY f.seq",
            (run.stream, run.first, run.last),
        )
        for act, kind, account, commodity, amount in rows:
            tally.add((run.stream, act), kind, undone=act in undone)
            if account is not None and act not in undone and kind not in _ENDS_OF_SHIFT:
                tally.post((run.stream, act), account, commodity, amount)
    return tally.movements()


_REVERSAL = "act.reversed"
_ENDS_OF_SHIFT = ("shift.opened", "shift.closed", _REVERSAL)


def _undone(connection: Connection, run: Run) -> set[str]:
    rows = connection.execute("SELECT act FROM reversals WHERE stream = ?", (run.stream,))
    return {row[0] for row in rows}


class _Tally:
    """Counts what the acts of a shift did."""

    def __init__(self, till: str) -> None:
        self._till = till
        self._acts: set[tuple[str, str]] = set()
        self._reversals: set[tuple[str, str]] = set()
        self._cash: dict[tuple[str, str], int] = {}
        self._pieces = {"Courier": 0, "Villager": 0, "Returned": 0}

    def add(self, act: tuple[str, str], kind: str, *, undone: bool) -> None:
        if kind == _REVERSAL:
            self._reversals.add(act)
        elif not undone and kind not in _ENDS_OF_SHIFT:
            self._acts.add(act)

    def post(self, act: tuple[str, str], account: str, commodity: str, amount: int) -> None:
        if account == self._till:
            self._cash[act] = self._cash.get(act, 0) + amount
        elif commodity == PCS and account.startswith("Equity:Pieces:"):
            place = account.split(":")[2]
            if place in self._pieces:
                self._pieces[place] += amount

    def movements(self) -> Movements:
        taken = [amount for amount in self._cash.values() if amount > 0]
        given = [-amount for amount in self._cash.values() if amount < 0]
        return Movements(
            acts=len(self._acts),
            reversals=len(self._reversals),
            cash_in=len(taken),
            cash_in_fen=sum(taken),
            cash_out=len(given),
            cash_out_fen=sum(given),
            shelved=-self._pieces["Courier"],
            handed_over=self._pieces["Villager"],
            returned=self._pieces["Returned"],
        )
