"""What can be said about a parcel that a villager sends (寄件)."""

from typing import ClassVar

from station_app.journal.fact import Body, Private


class SendingDetails(Private, frozen=True, kw_only=True):
    """Who sends, as her paper says, and to whom it goes."""

    sender: str = ""
    phone: str = ""
    document: str = ""
    tail: str = ""
    receiver: str = ""
    receiver_phone: str = ""
    address: str = ""
    contents: str = ""


class SendingAccepted(Body, frozen=True, kw_only=True):
    """A parcel was looked into, weighed and accepted for sending (揽收), and paid.

    person: identity of the sender; charged_grams: the weight that is charged; courier_fen: what
    is the courier's of the price, fee_fen: what is the station's.
    """

    KIND: ClassVar[str] = "sending.accepted"
    PRIVATE: ClassVar[type[Private] | None] = SendingDetails
    courier: str
    waybill: str
    person: str
    zone: str
    charged_grams: int
    courier_fen: int
    fee_fen: int
    slip: int
    day: str


class SendingHandedToCourier(Body, frozen=True, kw_only=True):
    """It left with the courier's runner or the van."""

    KIND: ClassVar[str] = "sending.handed_to_courier"
    courier: str
    day: str


class SendingExamined(Body, frozen=True, kw_only=True):
    """How it was looked into, in the act that accepted it: document seen, contents seen, weighed.

    document: the kind that was seen (its last four signs are private); grams: on the scale; frame:
    the scale's stable frame in hex, "" when the weight was typed; price_fen: what it costs;
    is_collect: 1 when the receiver pays it (到付): then nothing was taken here; zone_name, route:
    as the price table named them; days: on the road.
    """

    KIND: ClassVar[str] = "sending.examined"
    document: str
    grams: int
    frame: str
    price_fen: int
    is_collect: int
    zone_name: str
    route: str
    days: int
    day: str


class SendingCancelled(Body, frozen=True, kw_only=True):
    """The sender took it back before it left: what was paid is owed back to her.

    Its waybill number is never given again. reason: `changed_mind`, `not_allowed` or `wrong`.
    """

    KIND: ClassVar[str] = "sending.cancelled"
    courier: str
    courier_fen: int
    fee_fen: int
    reason: str
    day: str


class WaybillsGranted(Body, frozen=True, kw_only=True):
    """The county gives a PC a block of a courier's waybill numbers, which are its own for ever.

    Numbers run from `first`, `count` of them: the prefix, then the number in `width` digits.
    """

    KIND: ClassVar[str] = "waybills.granted"
    REVERSIBLE: ClassVar[bool] = False
    device: str
    courier: str
    prefix: str
    first: int
    count: int
    width: int
    day: str


class WaybillsAsked(Body, frozen=True, kw_only=True):
    """A PC has few numbers of a courier left and asks for more. left: how many."""

    KIND: ClassVar[str] = "waybills.asked"
    courier: str
    left: int
    day: str


FACTS: tuple[type[Body], ...] = (
    SendingAccepted,
    SendingHandedToCourier,
    SendingExamined,
    SendingCancelled,
)
STOCK_FACTS: tuple[type[Body], ...] = (WaybillsGranted, WaybillsAsked)
FROM_COUNTY: tuple[type[Body], ...] = (WaybillsGranted,)
