"""What a van takes along: on its way back to the hub, or from a township to its villages.

The pieces of a village are sorted by scan; which of them lie in which heap is no fact until the
heap leaves, in a closed bag with a list that both sides sign. Until then they stand in the books in
the bag that they came in. Nothing that left already is listed again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from station_app.journal.fact import Saying
from station_app.services.parcels.commands import LoadVan, SendToVillage
from station_app.services.parcels.load_facts import (
    LoadDriver,
    LoadedBag,
    LoadedGoods,
    LoadedPiece,
    VanLoadedWithBags,
    VillageLoadLeft,
)
from station_app.values.goods_out import GoodsOut
from station_app.values.now import Now
from station_app.values.refusal import Refusal

PIECES_MAX = 300
GOODS_MAX, BAGS_MAX = 100, 60
NAME_MAX, CODE_MAX, SEAL_MAX = 30, 40, 20

Decision = Sequence[Saying] | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """What is to leave for the hub and stands on no list: parcels given back, produce, bags."""

    number: int
    pieces: Sequence[LoadedPiece] = ()
    goods: Sequence[GoodsOut] = ()
    bags: Sequence[LoadedBag] = ()


def load_van(state: Loading, command: LoadVan, now: Now) -> Decision:
    """Write down what the van takes along on its way back."""
    if len(command.driver.strip()) > NAME_MAX:
        return Refusal("parcels.NAME_TOO_LONG", {"most": NAME_MAX})
    bags = tuple(one for one in state.bags if one.bag not in command.without)
    if not state.pieces and not state.goods and not bags:
        return Refusal("parcels.MANIFEST_EMPTY")
    if len(state.pieces) > PIECES_MAX or len(state.goods) > GOODS_MAX or len(bags) > BAGS_MAX:
        return Refusal("parcels.TOO_MANY", {"most": PIECES_MAX})
    goods = tuple(
        LoadedGoods(
            dispatch=one.dispatch, code=one.code, name=one.name, quantity=one.quantity,
            unit=one.unit, packages=one.packages,
        )
        for one in state.goods
    )  # fmt: skip
    body = VanLoadedWithBags(
        number=state.number, pieces=tuple(state.pieces), goods=goods, bags=bags, day=now.day
    )
    return (Saying(body, private=LoadDriver(name=command.driver.strip())),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What decides whether a village's load leaves.

    villages: names of the stations below this one, by code; bags: in which bag each piece came;
    made_code: of the tag that is printed, unless a tag is there; left: pieces that left
    already; codes: of bags that are on the road.
    """

    number: int
    made_code: str
    villages: Mapping[str, str]
    bags: Mapping[str, str]
    left: Collection[str] = ()
    codes: Collection[str] = ()


def send_to_village(state: Sending, command: SendToVillage, now: Now) -> Decision:
    """Let the sorted parcels of one village leave."""
    refusal = _why_not_send(state, command)
    if refusal is not None:
        return refusal
    pieces = tuple(
        LoadedPiece(courier=courier, waybill=waybill, bag=state.bags.get(waybill, ""))
        for waybill, courier in command.pieces
    )
    body = VillageLoadLeft(
        number=state.number,
        station=command.station,
        code=command.code.strip() or state.made_code,
        seal=command.seal.strip(),
        pieces=pieces,
        day=now.day,
    )
    return (Saying(body, private=LoadDriver(name=command.driver.strip())),)


def _why_not_send(state: Sending, command: SendToVillage) -> Refusal | None:
    if command.station not in state.villages:
        return Refusal("parcels.NO_SUCH_VILLAGE")
    if not command.pieces:
        return Refusal("parcels.MANIFEST_EMPTY")
    if len(command.pieces) > PIECES_MAX:
        return Refusal("parcels.TOO_MANY", {"most": PIECES_MAX})
    code = command.code.strip()
    if len(code) > CODE_MAX or len(command.seal.strip()) > SEAL_MAX:
        return Refusal("parcels.BAG_UNREADABLE")
    if code in state.codes:
        return Refusal("parcels.BAG_ON_ITS_WAY", {"code": code})
    if len(command.driver.strip()) > NAME_MAX:
        return Refusal("parcels.NAME_TOO_LONG", {"most": NAME_MAX})
    again = next((waybill for waybill, _ in command.pieces if waybill in state.left), "")
    if again:
        return Refusal("parcels.LEFT_ALREADY", {"waybill": again})
    return None
