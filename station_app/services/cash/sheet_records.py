"""Sheets of shifts: the figures of an X or Z slip, read at one cut.

A slip is made from the position that its shift stored, so X, Z, screen and reprint are one query
cut at one place. What arrives later, from this PC or another, changes none of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import msgspec

from station_app.journal.cuts import Tip, chain_back, reach, runs_since, tips_here
from station_app.journal.fact import device_of, is_from_county
from station_app.journal.log import Connection
from station_app.ledger.accounts import OVER_SHORT, drawer
from station_app.ledger.balances import Books, Standing, books
from station_app.ledger.posting import CNY, pays
from station_app.services.cash.facts import Position, ShiftClosed
from station_app.services.cash.movement_records import moved_in, movements_of
from station_app.services.cash.records import journal_tail, shift_state
from station_app.services.cash.rules import Shift
from station_app.services.cash.sheet import Compared, Seen, Sheet
from station_app.services.cash.vouchers import COMPARED, Comparison

_closed_decoder = msgspec.json.Decoder(ShiftClosed)
_comparison_decoder = msgspec.json.Decoder(Comparison)


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
    reached = reach(connection, tips)
    cut = books(connection, reached)
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
        movements=movements_of(moved_in(connection, runs, drawer(state.device), reached)),
        first=last - sum(len(run) for run in runs) + 1,
        last=last,
        tail=tail,
        stream=stream,
        seen=_seen(connection, tips, state.device),
        compared=compared_in(connection, identity, reached),
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


def compared_in(
    connection: Connection, shift: str, reached: Mapping[str, int]
) -> tuple[Compared, ...]:
    """Return the latest comparison of each place in a shift, as far as a cut reaches."""
    rows = connection.execute(
        "SELECT s.data, f.stream, f.seq FROM comparisons c "
        "JOIN states s ON s.kind = 'comparison' AND s.entity = c.entity "
        "JOIN facts f ON f.identity = c.entity WHERE c.shift = ? ORDER BY f.at, f.identity",
        (shift,),
    ).fetchall()
    latest: dict[str, Compared] = {}
    for data, stream, seq in rows:
        if seq <= reached.get(stream, 0):
            found = _comparison_decoder.decode(data)
            latest[found.place] = Compared(
                found.place,
                found.shown_fen,
                found.difference_fen,
                found.booked,
                found.remark,
            )
    return tuple(latest[place] for place in COMPARED if place in latest)
