"""What opens behind a figure: the postings and facts that it is made of.

A figure of a slip is asked for by the shift and its key; any account by its name, now or as it
stood when a shift was closed. The list is the figure's own rows, so both come to one amount.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from station_app.journal.cuts import Tip, reach, runs_since
from station_app.journal.log import Connection
from station_app.ledger.accounts import drawer
from station_app.ledger.lines import PostedLine, posted_lines
from station_app.ledger.paid_acts import stream_of_act
from station_app.services.cash.figures import Figure, Names, all_figures, shown_before_count
from station_app.services.cash.movement_records import how_many, in_part, moved_in
from station_app.services.cash.records import closed_body, journal_tail, shift_state
from station_app.services.cash.sheet import Sheet
from station_app.services.cash.sheet_records import sheet_now, sheet_of_closed
from station_app.values.texts import Texts


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind a figure. amount: what it comes to; count: of all lines, also not listed."""

    lines: tuple[PostedLine, ...]
    amount: int
    count: int


def sheet_of(connection: Connection, shift: str) -> Sheet | None:
    """Return the sheet of a shift, closed or open."""
    closed = sheet_of_closed(connection, shift)
    return closed or sheet_now(connection, shift, at=0, by="")


def figures_of(
    connection: Connection, shift: str, names: Names, texts: Texts, *, is_counted: bool = False
) -> tuple[Figure, ...]:
    """Return the figures of a shift's slip; of an open one those that keep the count blind.

    is_counted: the open shift's drawer was counted and is being compared: nothing is secret.
    """
    sheet = sheet_of(connection, shift)
    if sheet is None:
        return ()
    if sheet.state.closings or is_counted:
        return all_figures(sheet, names, texts)
    return shown_before_count(sheet, names, texts)


def behind_figure(connection: Connection, shift: str, figure: Figure) -> Behind:
    """Return what a figure of a shift's slip is made of."""
    if figure.part:
        return _behind_part(connection, shift, figure)
    return behind_accounts(connection, figure.accounts, shift, sign=figure.sign)


def behind_accounts(
    connection: Connection, accounts: tuple[str, ...], shift: str = "", *, sign: int = 1
) -> Behind:
    """Return the postings to accounts, as they stood when `shift` was closed, or now."""
    found = posted_lines(connection, accounts, upto=cut_of(connection, shift))
    return Behind(found.lines, found.total * sign, found.count)


def facts_behind(connection: Connection, entities: Iterable[str], act: str = "") -> Behind:
    """Return the facts that made things what they are (a parcel, an order, a lot), latest first.

    act: instead of things, the facts of this act. Amounts stand in the words of acts: no account
    speaks of one thing alone.
    """
    facts = "SELECT f.stream, f.seq, f.act, f.at, f.kind FROM facts f "
    filed = (
        "JOIN folds o ON o.identity = f.identity "
        "WHERE o.root = coalesce((SELECT root FROM roots WHERE identity = ?1), ?1)"
    )
    of_act = "WHERE f.stream = ? AND f.act = ?"
    rows = [row for one in entities for row in connection.execute(facts + filed, (one,))]
    if act:
        its = (stream_of_act(connection, act), act)
        rows += connection.execute(facts + of_act, its).fetchall()
    found = {
        (stream, seq): PostedLine(stream, seq, its_act, at, kind, "", 0)
        for stream, seq, its_act, at, kind in rows
    }
    lines = sorted(found.values(), key=lambda one: (one.at, one.stream, one.seq), reverse=True)
    return Behind(tuple(lines), 0, len(lines))


def cut_of(connection: Connection, shift: str) -> Mapping[str, int] | None:
    """Return the cut of a closed shift, its own closing included; None for now."""
    closed = closed_body(connection, shift) if shift else None
    reached = _cut_before_close(connection, shift)
    if closed is None or reached is None:
        return None
    return {**reached, closed.stream: max(closed.seq, reached.get(closed.stream, 0))}


def _cut_before_close(connection: Connection, shift: str) -> Mapping[str, int] | None:
    """Return the cut that a closed shift stored: all before its closing; None for now."""
    closed = closed_body(connection, shift) if shift else None
    if closed is None:
        return None
    return reach(connection, (Tip(p.stream, p.seq, p.identity) for p in closed.body.positions))


def _behind_part(connection: Connection, shift: str, figure: Figure) -> Behind:
    state = shift_state(connection, shift)
    if state is None:
        return Behind((), 0, 0)
    if figure.part == "opening":
        return _behind_opening(connection, shift, figure)
    if figure.part == "expected":
        found = posted_lines(connection, figure.accounts, upto=_cut_before_close(connection, shift))
        return Behind(found.lines, found.total, found.count)
    closed = closed_body(connection, shift)
    tail = closed.body.tail if closed else journal_tail(connection)
    row = connection.execute("SELECT stream, seq FROM facts WHERE identity = ?", (tail,)).fetchone()
    runs = runs_since(connection, shift, (row[0], row[1])) if row else []
    reached = _cut_before_close(connection, shift)
    lines = in_part(moved_in(connection, runs, drawer(state.device), reached), figure.part)
    posted = tuple(
        PostedLine(m.stream, m.seq, m.act, m.at, m.kind, m.account, m.amount)
        for m in reversed(lines)
    )
    is_count = not figure.is_money and figure.part not in ("shelved", "handed_over", "returned")
    fen = sum(line.amount for line in posted) * figure.sign
    amount = how_many(lines, figure.part) if is_count else fen
    return Behind(posted, amount, len(posted))


def _behind_opening(connection: Connection, shift: str, figure: Figure) -> Behind:
    """Return how the drawer came to what was in it when the shift began."""
    at = "SELECT stream, seq FROM facts WHERE identity = ?"
    row = connection.execute(at, (shift,)).fetchone()
    if row is None:
        return Behind((), 0, 0)
    # Only this PC posts to its drawer, so its own chain is the whole cut.
    cut = reach(connection, (Tip(row[0], row[1], shift),))
    found = posted_lines(connection, figure.accounts, upto=cut)
    return Behind(found.lines, found.total, found.count)
