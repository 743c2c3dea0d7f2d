"""What can be asked at the counter about orders.

The money of an act is one payment beside these (`cash.commands`): `PlaceOrder` and `TakePayment`;
the recorder refuses an act in which they do not agree.
"""

from dataclasses import dataclass

from station_app.services.purchasing.facts import OrderLine, ReturnedLine


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceOrder:
    """Order for a villager. prepaid_fen: what the payment of the act takes beforehand.

    goods_fen, fee_fen: as the page has said them; the rule finds the same or says no. collector:
    who else may fetch it; items: a text for each line, links, remark: of what the catalogue does
    not have; replaces: the order that is exchanged for this one, or called off for it, in the same
    act, "" for none.
    """

    person: str
    lines: tuple[OrderLine, ...]
    items: tuple[str, ...]
    goods_fen: int
    fee_fen: int
    prepaid_fen: int
    collector: str = ""
    link: str = ""
    remark: str = ""
    replaces: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOrderSlip:
    """Print the slip of this very act, asked last in it, when the money is known. act: ticket."""

    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrder:
    """Call an order off that nobody was asked to buy yet; all that is held is owed back."""

    order: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCancellation:
    """Ask the county to call an order off (申请取消).

    consent: how she agreed to bear a real cost (`in_person`, `phone`), "" if she did not;
    cost_fen_max: up to how much, 0 without consent.
    """

    order: str
    consent: str = ""
    cost_fen_max: int = 0
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuote:
    """Say what she answered to a higher price. answer: `yes` or `no`; way: how she was asked."""

    order: str
    answer: str
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PickUpOrder:
    """Give her the goods, looked at together. paid_fen: the balance that the act's payment takes.

    `HandOverParcels` beside it in the same act gives the parcel out; taken_by, check: as there.
    """

    order: str
    paid_fen: int
    taken_by: str = "self"
    check: str = "phone_tail"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOrder:
    """Take goods of an order back. refund_fen: what she is to get back; claim_fen: at once.

    pieces: how many parcels stand on the shelf with them; reason: one of `RETURN_REASONS`; lines:
    what of the order it is; was_seen, is_whole: how it was found.
    """

    order: str
    reason: str
    refund_fen: int
    claim_fen: int
    pieces: int = 1
    remark: str = ""
    lines: tuple[ReturnedLine, ...] = ()
    was_seen: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBackOrder:
    """Give returned goods to the van."""

    order: str
    pieces: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSwap:
    """Say what she answered to other goods. answer: `yes` or `no`; way: how she was asked."""

    order: str
    answer: str
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteOrder:
    """Say what the county asked to have completed. item: other words for the line, "" to keep them.

    link, remark: as of a new order; has_photo: a picture is kept for it in the same act.
    """

    completion: str
    item: str = ""
    link: str = ""
    remark: str = ""
    has_photo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseDelivery:
    """Say how the goods come to her. order: "" for the one placed in this very act."""

    order: str
    way: str
    act: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleClaim:
    """Say who bears what the county did not take over: bearer `villager` or `station`."""

    order: str
    bearer: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOwnOrder:
    """Note what a villager ordered on her own account. waybill: "" while it is not known."""

    person: str
    platform: str
    number: str
    amount_fen: int
    item: str = ""
    waybill: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOwnWaybill:
    """Say under which waybill something comes that a villager ordered herself."""

    order: str
    waybill: str
