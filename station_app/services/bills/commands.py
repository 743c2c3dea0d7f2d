"""What can be asked at the counter about bills; the money is a payment in the same act."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBill:
    """Take a bill in for a villager; `TakePayment` follows in the act.

    biller: code; account_no: as typed; person: identity, "" for a passer-by, then holder is the
    name that was given, if any. is_meant: the operator was asked about the same bill of today and
    says that it is another one.
    """

    biller: str
    account_no: str
    amount_fen: int
    person: str = ""
    holder: str = ""
    is_meant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskBillCancellation:
    """Ask the county not to pay a bill that it was handed already (申请取消)."""

    bill: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintBillSlip:
    """Print the slip of this very act, asked last in it, when the money is known. act: ticket."""

    act: str
