"""What happened in a shift, posting by posting: the figures of its slip, and what is behind them.

Each posting of the shift gets the part of the slip in which it is counted. A figure and the list
that opens behind it are made of the same lines, so one cannot say what the other does not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from station_app.journal.cuts import Run
from station_app.journal.log import Connection
from station_app.ledger.posting import PCS
from station_app.services.cash.sheet import Movements
from station_app.values.day import DAY_MS

REVERSAL = "act.reversed"
NO_WORK = ("shift.opened", "shift.closed", REVERSAL)  # acts that are not counted as done
_PIECES = {"Courier": "shelved", "Villager": "handed_over", "Returned": "returned"}
_OF_THE_COUNTER = {
    "sale.made": "sold",
    "sale.returned": "taken_back",
    "settlement.made": "growers_paid",
    "settlement.paid": "growers_paid",
    "lot.bought": "growers_paid",
}
_CONSIGNED = "consigned"
ON_THE_WAY_MAX_MS = 366 * DAY_MS
BY_FACT = ("ordered", "arrived", "lots")  # counted thing by thing, however many an act has
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
    `shelved`, `handed_over`, `returned` for pieces; `sold`, `taken_back` for what goods came to,
    `consigned` once more for that of growers' goods, `growers_paid` for what they got;
    `reversed`, `corrected`, `drawer_opened`, `alone`, `ordered`, `arrived`, `lots` for a fact; ""
    for what no slip counts by itself. is_undone: its act was reversed.
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


def moved_in(
    connection: Connection,
    runs: Iterable[Run],
    till: str,
    reached: Mapping[str, int] | None = None,
) -> list[Moved]:
    """Return the facts and postings of these runs; `till` is the drawer they work with.

    reached: how far the cut reaches into every stream, None for now: what was said later of a
    parcel that came in (whose order it brings) changes nothing that was counted.
    """
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
        found += _facts_counted(connection, run, undone)
        found += _arrived(connection, run, undone, reached)
    return found


def _part(kind: str, account: str, commodity: str, till: str) -> str:
    if kind == REVERSAL:
        return "reversed"
    if kind == "drawer.opened":
        return "drawer_opened"
    if account == till:
        return _DRAWER_PARTS.get(kind, "cash")
    if account.startswith("Equity:Counter:"):
        return _OF_THE_COUNTER.get(kind, "")
    if commodity == PCS and account.startswith("Equity:Pieces:"):
        return _PIECES.get(account.split(":")[2], "")
    return ""


def _facts_counted(connection: Connection, run: Run, undone: set[str]) -> list[Moved]:
    """Return what is counted by facts and by words in them, each as a line of its own."""
    rows = connection.execute(
        "SELECT seq, act, at, kind, 'alone', 0 FROM facts "
        "WHERE stream = ?1 AND seq BETWEEN ?2 AND ?3 "
        "AND json_extract(CAST(body AS TEXT), '$.alone') = 1 "
        "UNION ALL SELECT seq, act, at, kind, "
        "CASE kind WHEN 'order.placed' THEN 'ordered' WHEN 'lot.accepted' THEN 'lots' "
        "ELSE 'corrected' END, 0 FROM facts WHERE stream = ?1 AND seq BETWEEN ?2 AND ?3 "
        "AND kind IN ('order.placed', 'lot.accepted', 'payment.corrected', 'change.corrected', "
        "'handover.corrected', 'parcel.cod_corrected') "
        "UNION ALL SELECT f.seq, f.act, f.at, f.kind, ?4, p.amount FROM facts f "
        "JOIN postings p ON p.stream = f.stream AND p.seq = f.seq "
        "AND p.account LIKE 'Equity:Counter:%' "
        "WHERE f.stream = ?1 AND f.seq BETWEEN ?2 AND ?3 AND f.kind = 'sale.made' "
        "AND json_extract(CAST(f.body AS TEXT), '$.ownership') = ?4",
        (run.stream, run.first, run.last, _CONSIGNED),
    )
    return [
        Moved(run.stream, seq, act, at, kind, "", "", amount, part, act in undone)
        for seq, act, at, kind, part, amount in rows
    ]


def _arrived(
    connection: Connection, run: Run, undone: set[str], reached: Mapping[str, int] | None
) -> list[Moved]:
    """Return the parcels that came in with goods of an order, as far as the cut knows of it."""
    rows = connection.execute(
        "SELECT seq, act, at, kind, json_extract(CAST(body AS TEXT), '$.waybill') FROM facts "
        "WHERE stream = ? AND seq BETWEEN ? AND ? AND kind = 'parcel.shelved'",
        (run.stream, run.first, run.last),
    ).fetchall()
    came = [row[2] for row in rows if row[4]]
    shipped = _shipped(connection, min(came), reached) if came else set[str]()
    return [
        Moved(run.stream, seq, act, at, kind, "", "", 0, "arrived", act in undone)
        for seq, act, at, kind, waybill in rows
        if waybill in shipped
    ]


def _shipped(connection: Connection, since: int, reached: Mapping[str, int] | None) -> set[str]:
    """Return the waybills under which orders were said to travel, within a cut.

    since: when the first of the parcels came in; what was said long before it brings none of them.
    """
    rows = connection.execute(
        "SELECT f.stream, f.seq, json_extract(CAST(f.body AS TEXT), '$.waybill') FROM states s "
        "JOIN folds o ON o.root = s.entity AND o.at > ? JOIN facts f ON f.identity = o.identity "
        "WHERE s.kind = 'order' AND f.kind = 'order.shipped'",
        (since - ON_THE_WAY_MAX_MS,),
    )
    return {
        waybill
        for stream, seq, waybill in rows
        if waybill and (reached is None or seq <= reached.get(stream, 0))
    }


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
        return how_many(in_part(lines, part), part)

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
        corrected=count("corrected"),
        ordered=count("ordered"),
        arrived=count("arrived"),
        lots=count("lots"),
        consigned_fen=fen("consigned"),
        growers_paid=count("growers_paid"),
        growers_paid_fen=-fen("growers_paid"),
    )


def how_many(lines: Iterable[Moved], part: str) -> int:
    """Return how many acts these lines of a part are, or how many things where those count."""
    if part in BY_FACT:
        return len({(m.stream, m.seq) for m in lines})
    return len({(m.stream, m.act) for m in lines})


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
