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


FACTS: tuple[type[Body], ...] = (SendingAccepted, SendingHandedToCourier)
