"""What can be asked about money between the station, the county and the couriers.

Where money moves, `GivePayment` or `TakePayment` of the drawer stands in the same act.
"""

import msgspec

from station_app.services.clearing.facts import Portion


class SendRemittance(msgspec.Struct, frozen=True, kw_only=True):
    """Send money to the county.

    way: `carrier`, `bank` or `wechat`; portions: what it passes on, each at most what is open;
    carrier: who takes it; photo: hash of a photo, "" for none. may_exceed: the operator has said
    yes to sending more than is owed: own money then stands with the county.
    """

    way: str
    portions: tuple[Portion, ...]
    carrier: str = ""
    photo: str = ""
    may_exceed: bool = False


class AskRemittanceBack(msgspec.Struct, frozen=True, kw_only=True):
    """Ask the county to cancel a remittance that it has heard of already."""

    remittance: str
    remark: str = ""


class TakeRemittanceBack(msgspec.Struct, frozen=True, kw_only=True):
    """Take the money of a cancelled remittance in again."""

    remittance: str


class ReceiveCountyMoney(msgspec.Struct, frozen=True, kw_only=True):
    """Take in money that the county sent.

    money: the county's fact, "" when it has not come yet; number, way, amount_fen: of the paper
    that came with the money, and what was counted. Where the county's fact says another sum, the
    counted one is booked and the two are a case.
    """

    money: str = ""
    number: str = ""
    way: str = ""
    amount_fen: int = 0


class AllotCountyMoney(msgspec.Struct, frozen=True, kw_only=True):
    """Move the purses that money covers which was received before the county's fact came."""

    money: str


class ReturnCountyMoney(msgspec.Struct, frozen=True, kw_only=True):
    """Give out again what was taken in by mistake."""

    money: str


class PayCourier(msgspec.Struct, frozen=True, kw_only=True):
    """Pay a courier for these pieces: identities of the facts that hold money for it.

    fee_fen: the station's own fee, set off; fine_fen: what the station pays on top; runner: who
    takes the money.
    """

    courier: str
    pieces: tuple[str, ...]
    fee_fen: int = 0
    fine_fen: int = 0
    runner: str = ""


class ReturnCourierPayment(msgspec.Struct, frozen=True, kw_only=True):
    """Take back a payment to a courier that was a mistake."""

    payment: str


class AnswerStatement(msgspec.Struct, frozen=True, kw_only=True):
    """Answer a statement with what the comparison found.

    accepted: numbers of the charges and subsidies that the station agrees to; the others are
    declined.
    """

    statement: str
    accepted: tuple[int, ...] = ()
