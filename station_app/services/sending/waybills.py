"""Waybill numbers that the county has given to a PC beforehand, so that sending needs no line.

A block belongs to one PC for ever: no other ever gives a number of it, so two PCs of a station that
do not hear of each other still never label two parcels alike. How far a block is used is a series
of the PC (`journal.series`), which the mark outside the database remembers: a journal that was put
back goes on behind the numbers that are out on parcels already.
"""

from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Told, device_of, station_of
from station_app.journal.projection import EntityKind
from station_app.services.sending.facts import STOCK_FACTS, WaybillsAsked, WaybillsGranted

LOW_PERCENT = 20  # of the newest block: so much is left when more is asked for
BLOCK_MAX, WIDTH_MAX, PREFIX_MAX = 10_000, 14, 8
BLOCKS_MAX = 50  # kept of one PC and courier: the older ones were used up years ago


class Block(msgspec.Struct, frozen=True, array_like=True):
    """A block of numbers. identity: of the county's fact."""

    identity: str
    prefix: str
    first: int
    count: int
    width: int

    @property
    def series(self) -> str:
        """Return the series that tells how far it is used."""
        return f"sending.waybills/{self.identity[:16]}"

    def waybill(self, place: int) -> str:
        """Return the waybill number at a place, from 1."""
        return f"{self.prefix}{self.first + place - 1:0{self.width}}"


class WaybillStock(msgspec.Struct, frozen=True, kw_only=True):
    """The blocks of a PC and a courier, as given, and whether it has asked for more since."""

    device: str = ""
    courier: str = ""
    blocks: tuple[Block, ...] = ()
    asked_day: str = ""
    asked_left: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a stock. next_waybill: "" when it is used up; size: of the newest block."""

    next_waybill: str = ""
    left: int = 0
    size: int = 0
    is_asked: bool = False

    @property
    def is_low(self) -> bool:
        """Tell whether it is time to ask for more."""
        return self.left * 100 <= self.size * LOW_PERCENT


def stock_key(told: Told) -> str:
    """Return whose numbers a fact speaks of: station, PC and courier."""
    body: WaybillsGranted | WaybillsAsked = told.body
    device = body.device if isinstance(body, WaybillsGranted) else device_of(told.stream)
    return f"{station_of(told.stream)}/{device}|{body.courier}"


def fold_stock(state: WaybillStock | None, told: Told) -> WaybillStock:
    """Add a block, or remember that more were asked for."""
    known = state or WaybillStock()
    body: WaybillsGranted | WaybillsAsked = told.body
    if isinstance(body, WaybillsAsked):
        return msgspec.structs.replace(
            known,
            device=device_of(told.stream),
            courier=body.courier,
            asked_day=body.day,
            asked_left=body.left,
        )
    block = Block(told.identity, body.prefix, body.first, body.count, body.width)
    return msgspec.structs.replace(
        known,
        device=body.device,
        courier=body.courier,
        blocks=(*known.blocks, block)[-BLOCKS_MAX:],
        asked_day="",
        asked_left=0,
    )


WAYBILL_STOCK = EntityKind(
    name="waybill_stock",
    state=WaybillStock,
    facts=STOCK_FACTS,
    fold=fold_stock,
    natural_key={WaybillsGranted: stock_key, WaybillsAsked: stock_key},
)
