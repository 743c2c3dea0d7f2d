"""What can be asked about money that is owed. Each goes with a payment in the same act."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RepayAccount:
    """Take what a villager owes, or a part of it; `TakePayment` follows in the act."""

    person: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnOverpaid:
    """Give a villager back what she repaid too much; `GivePayment` follows in the act."""

    person: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRefund:
    """Pay a refund out against its document; `GivePayment` follows in the act.

    document: the 16 characters of its account; slip_taken: the villager's slip is in hand;
    remark: why, when another PC's money is paid without having heard of it.
    """

    document: str
    amount_fen: int
    slip_taken: bool = False
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleDebit:
    """Say what becomes of money that was paid twice; see `facts.DebitSettled`.

    With `brought_back` a `TakePayment` follows in the act.
    """

    account: str
    how: str
    amount_fen: int
    person: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintAccountSlip:
    """Print the slip of this very act, asked last in it, when the money is known too.

    act: the ticket.
    """

    act: str
