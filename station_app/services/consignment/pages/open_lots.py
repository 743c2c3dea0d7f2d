"""A grower's open sales by lot, as the settlement lists them: what came, what was sold of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from station_app.journal.log import Connection
from station_app.ledger.rounding import PIECE
from station_app.reference.goods_records import produce_named
from station_app.services.consignment import records
from station_app.services.consignment.moving import unit_of
from station_app.services.consignment.pages.settlement_view import LotLine
from station_app.services.consignment.paying_out import CountyLine, OpenLine, Settling
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
    made = [_lot_line(connection, say, person, lines) for lines in by_lot.values()]
    by_county: dict[str, list[CountyLine]] = {}
    for sold in state.county_lines:
        by_county.setdefault(sold.lot, []).append(sold)
    made += [_county_line(connection, say, person, lines) for lines in by_county.values()]
    return tuple(
        replace(one, left=say("consignment.settle.disputed"), is_disputed=True)
        if one.lot in state.disputed
        else one
        for one in made
    )


def _lot_line(connection: Connection, say: Say, person: str, lines: Sequence[OpenLine]) -> LotLine:
    known = _Known(connection, lines[0].lot, person)
    state = known.state
    left = state.on_shelf if state else 0
    is_stopped = state is not None and state.is_blocked
    key = "stopped" if is_stopped else "selling" if left > 0 else "sold_out"
    return LotLine(
        lot=lines[0].lot,
        name=known.name,
        number=known.number,
        came=known.came,
        sold=known.said(sum(line.settled.quantity for line in lines)),
        amount_fen=sum(line.settled.amount_fen for line in lines),
        sales=tuple(dict.fromkeys(line.sale for line in lines)),
        left=say(f"consignment.settle.{key}", left=known.said(left)),
        is_stopped=is_stopped,
    )


def _county_line(
    connection: Connection, say: Say, person: str, lines: Sequence[CountyLine]
) -> LotLine:
    known = _Known(connection, lines[0].lot, person)
    shop = next((line.shop for line in lines if line.shop), "")
    back = sum(line.back for line in lines)
    key = "sold_by_county_back" if back else "sold_by_county"
    where = shop or (say("consignment.settle.sold_by_county") if back else "")
    return LotLine(
        lot=lines[0].lot,
        name=known.name,
        number=f"{known.number}·{where}" if where else known.number,
        came=known.came,
        sold=known.said(sum(line.quantity for line in lines)),
        amount_fen=sum(line.amount_fen for line in lines),
        sales=(),
        left=say(f"consignment.settle.{key}", back=known.said(back)),
        is_by_county=True,
    )


class _Known:
    """A lot as its lines name it: its name, its number, what she brought of it."""

    def __init__(self, connection: Connection, lot: str, person: str) -> None:
        self.state = state = records.lot_state(connection, lot)
        sort = produce_named(connection, state.produce) if state else None
        name = sort.name if sort else state.produce if state else ""
        self.name = f"{name} {state.grade if state else ''}".strip()
        self.number = lot_number(state.code if state else "", lot)
        self._word = sort.word if sort else ""
        self._is_piece = state is not None and unit_of(state) == PIECE
        shares = state.shares if state else ()
        self.came = self.said(sum(share.quantity for share in shares if share.person == person))

    def said(self, count: int) -> str:
        """Return a quantity as it is said at the counter."""
        return f"{count} {self._word}" if self._is_piece else say_jin(count)
