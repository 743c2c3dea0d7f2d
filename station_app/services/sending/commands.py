"""What can be asked at the counter about parcels that villagers send."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptSending:
    """Accept a parcel for sending; `TakePayment` and `FinishSending` follow in the act.

    courier: code; person: identity of the sender, "" for who is not in the register; sender, phone:
    as her paper says; document: kind of the paper, number: its number whole or the last four signs
    of it, of which only these are kept; is_looked_into: it was opened and nothing forbidden is in
    it; grams, frame: from the scale, frame "" when typed; is_collect: the receiver pays.
    """

    courier: str
    person: str = ""
    sender: str = ""
    phone: str = ""
    document: str = ""
    number: str = ""
    contents: str = ""
    is_looked_into: bool = False
    receiver: str = ""
    receiver_phone: str = ""
    address: str = ""
    grams: int = 0
    frame: str = ""
    is_collect: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishSending:
    """Write down how it was looked into, and print label and slip of this very act.

    Asked last in it, with the same command that accepted it. act: ticket.
    """

    act: str
    accepted: AcceptSending


@dataclass(frozen=True, slots=True, kw_only=True)
class HandSendingsOver:
    """Give parcels to a courier's runner or the van; `CloseManifest` follows in the act."""

    courier: str
    sendings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelSending:
    """Give a parcel back to its sender before it has left; what she paid is owed back."""

    sending: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWaybills:
    """Ask the county for more waybill numbers of a courier."""

    courier: str
