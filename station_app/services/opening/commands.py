"""What can be asked on the first day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Who signs besides the operator.

    kind: `party` (the other side signs the slip), `manager` (then `operator` is her identity) or
    `alone`, with a reason.
    """

    kind: str = "party"
    operator: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterOpening:
    """Write down one amount from before the books; purses as in `facts.OpeningEntered`.

    again: a line of this purse and owner is there already, and the operator says that this is
    another one.
    """

    purse: str
    amount_fen: int
    person: str = ""
    courier: str = ""
    remark: str = ""
    witness: Witness = Witness()
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectOpening:
    """Put a line right: what it really came to, 0 if it never was."""

    line: str
    amount_fen: int
    remark: str = ""
    witness: Witness = Witness()


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleStep:
    """Say that a step is over (`done`), that there is nothing of it (`none`), or `open` again."""

    step: str
    outcome: str


@dataclass(frozen=True, slots=True)
class DismissOpening:
    """Go on without the rest of the first day."""


@dataclass(frozen=True, slots=True)
class ReopenOpening:
    """Take the first day up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishOpening:
    """The first day is over: sign what the books begin with."""

    witness: Witness = Witness(kind="manager")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterLot:
    """Write down produce that lay here before the books began.

    unit: `g` or `piece`, and quantity in it; is_own: the station has bought it, for cost_fen; else
    it is consigned, and commission_bp is what the station keeps, in hundredths of a per cent.
    tare_grams, frame: of the scale that weighed it, frame "" when the quantity was typed.
    """

    person: str
    produce: str
    unit: str
    quantity: int
    is_own: bool = False
    cost_fen: int = 0
    commission_bp: int = 0
    remark: str = ""
    tare_grams: int = 0
    frame: str = ""
    witness: Witness = Witness()
