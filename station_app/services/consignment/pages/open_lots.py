"""A grower's open sales by lot, as the settlement lists them: what came, what was sold of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from station_app.journal.log import Connection
from station_app.reference import produce_records as reference
from station_app.services.consignment import records
from station_app.services.consignment.pages.settlement_view import LotLine
from station_app.services.consignment.paying_out import OpenLine, Settling
from station_app.services.consignment.taking import lot_number
from station_app.values.weight import say_jin

Say = Callable[..., str]


def lot_lines(
    connection: Connection, say: Say, person: str, state: Settling
) -> tuple[LotLine, ...]:
    """Return a grower's lots of which something is not settled."""
    by_lot: dict[str, list[OpenLine]] = {}
    for line in state.lines:
        by_lot.setdefault(line.lot, []).append(line)
    made = (_lot_line(connection, say, person, lines) for lines in by_lot.values())
    return tuple(
        replace(one, left=say("consignment.settle.disputed"), is_disputed=True)
        if one.lot in state.disputed
        else one
        for one in made
    )


def _lot_line(connection: Connection, say: Say, person: str, lines: Sequence[OpenLine]) -> LotLine:
    lot = lines[0].lot
    state = records.lot_state(connection, lot)
    sort = reference.sort_of(connection, state.produce) if state else None
    name = f"{sort.name if sort else state.produce if state else ''} "
    quantity = sum(line.settled.quantity for line in lines)
    left = state.on_shelf if state else 0
    shares = state.shares if state else ()
    came = sum(share.quantity for share in shares if share.person == person)
    word = sort.word if sort else ""
    is_piece = lines[0].unit == "piece"

    def said(count: int) -> str:
        return f"{count} {word}" if is_piece else say_jin(count)

    is_stopped = state is not None and state.is_blocked
    key = "stopped" if is_stopped else "selling" if left > 0 else "sold_out"
    return LotLine(
        lot=lot,
        name=f"{name}{state.grade if state else ''}".strip(),
        number=lot_number(state.code if state else "", lot),
        came=said(came),
        sold=said(quantity),
        amount_fen=sum(line.settled.amount_fen for line in lines),
        sales=tuple(dict.fromkeys(line.sale for line in lines)),
        left=say(f"consignment.settle.{key}", left=said(left)),
        is_stopped=is_stopped,
    )
