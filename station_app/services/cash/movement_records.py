"""What happened in a shift, posting by posting: the figures of its slip, and what is behind them.

Each posting of the shift gets the part of the slip in which it is counted. A figure and the list
that opens behind it are made of the same lines, so one cannot say what the other does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from station_app.journal.cuts import Run
from station_app.journal.log import Connection
from station_app.ledger.posting import PCS
from station_app.services.cash.sheet import Movements

REVERSAL = "act.reversed"
NO_WORK = ("shift.opened", "shift.closed", REVERSAL)  # acts that are not counted as done
_PIECES = {"Courier": "shelved", "Villager": "handed_over", "Returned": "returned"}
_GOODS = {"sale.made": "sold", "sale.returned": "taken_back"}
_DRAWER_PARTS = {
    "shift.opened": "opening",
    "shift.closed": "closing",
    "shift.handed_over": "hand_over",
    "cash.put_in": "put_in",
    "cash.taken_out": "taken_out",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One posting of a fact (or the fact as such, with account "") and where a slip counts it.

    part: `opening`, `cash`, `put_in`, `taken_out`, `hand_over`, `closing` for the drawer;
    `shelved`, `handed_over`, `returned` for pieces; `sold`, `taken_back` for what goods came to;
    `reversed`, `drawer_opened`, `alone` for a
    fact; "" for what no slip counts by itself. is_undone: its act was reversed.
    """

    stream: str
    seq: int
    act: str
    at: int
    kind: str
    account: str
    commodity: str
    amount: int
    part: str
    is_undone: bool


def moved_in(connection: Connection, runs: Iterable[Run], till: str) -> list[Moved]:
    """Return the facts and postings of these runs; `till` is the drawer they work with."""
    found: list[Moved] = []
    for run in runs:
        undone = {
            row[0]
            for row in connection.execute(
                "SELECT act FROM reversals WHERE stream = ?", (run.stream,)
            )
        }
        rows = connection.execute(
            "SELECT f.seq, f.act, f.at, f.kind, coalesce(p.account, ''), "
            "coalesce(p.commodity, ''), coalesce(p.amount, 0) FROM facts f "
            "LEFT JOIN postings p ON p.stream = f.stream AND p.seq = f.seq "
            "WHERE f.stream = ? AND f.seq BETWEEN ? AND ? ORDER BY f.seq, p.line",
            (run.stream, run.first, run.last),
        )
        for seq, act, at, kind, account, commodity, amount in rows:
            part = _part(kind, account, commodity, till)
            head = (run.stream, seq, act, at, kind)
            found.append(Moved(*head, account, commodity, amount, part, act in undone))
        found += _alone(connection, run, undone)
    return found


def _part(kind: str, account: str, commodity: str, till: str) -> str:
    if kind == REVERSAL:
        return "reversed"
    if kind == "drawer.opened":
        return "drawer_opened"
    if account == till:
        return _DRAWER_PARTS.get(kind, "cash")
    if account.startswith("Equity:Counter:"):
        return _GOODS.get(kind, "")
    if commodity == PCS and account.startswith("Equity:Pieces:"):
        return _PIECES.get(account.split(":")[2], "")
    return ""


def _alone(connection: Connection, run: Run, undone: set[str]) -> list[Moved]:
    rows = connection.execute(
        "SELECT seq, act, at, kind FROM facts WHERE stream = ? AND seq BETWEEN ? AND ? "
        "AND json_extract(CAST(body AS TEXT), '$.alone') = 1",
        (run.stream, run.first, run.last),
    )
    return [
        Moved(run.stream, seq, act, at, kind, "", "", 0, "alone", act in undone)
        for seq, act, at, kind in rows
    ]


def in_part(moved: Iterable[Moved], part: str) -> list[Moved]:
    """Return the lines that a figure of the slip is made of.

    part: as in `Moved`; besides `cash_in` and `cash_out`: acts with more cash in than out, or the
    other way; `acts`: one line for each act that was done.
    """
    if part == "acts":
        return _one_for_each_act(m for m in moved if not m.is_undone and m.kind not in NO_WORK)
    if part == "reversed":
        return _one_for_each_act(m for m in moved if m.part == part)
    lines = [m for m in moved if not m.is_undone]
    if part not in ("cash_in", "cash_out"):
        return [m for m in lines if m.part == part]
    sums = _cash_by_act(lines)
    sign = 1 if part == "cash_in" else -1
    return [m for m in lines if m.part == "cash" and sums[m.stream, m.act] * sign > 0]


def movements_of(moved: Iterable[Moved]) -> Movements:
    """Add up the lines of a shift as its slip counts them."""
    lines = list(moved)

    def fen(part: str) -> int:
        return sum(m.amount for m in in_part(lines, part))

    def count(part: str) -> int:
        return len(_one_for_each_act(in_part(lines, part)))

    return Movements(
        acts=count("acts"),
        reversals=count("reversed"),
        cash_in=count("cash_in"),
        cash_in_fen=fen("cash_in"),
        cash_out=count("cash_out"),
        cash_out_fen=-fen("cash_out"),
        put_in=count("put_in"),
        put_in_fen=fen("put_in"),
        taken_out=count("taken_out"),
        taken_out_fen=-fen("taken_out"),
        opened=count("drawer_opened"),
        alone=count("alone"),
        handed_fen=fen("hand_over"),
        shelved=-fen("shelved"),
        handed_over=fen("handed_over"),
        returned=fen("returned"),
        sold=count("sold"),
        sold_fen=fen("sold"),
        taken_back=count("taken_back"),
        taken_back_fen=-fen("taken_back"),
    )


def _cash_by_act(lines: Iterable[Moved]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for m in lines:
        if m.part == "cash":
            sums[m.stream, m.act] = sums.get((m.stream, m.act), 0) + m.amount
    return sums


def _one_for_each_act(lines: Iterable[Moved]) -> list[Moved]:
    found: dict[tuple[str, str], Moved] = {}
    for m in lines:
        found.setdefault((m.stream, m.act), m)
    return list(found.values())
