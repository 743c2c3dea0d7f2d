"""What can be asked about produce: take in, put a weight right, move a lot on, settle.

The money of an act is one payment beside these (`cash.commands`).
"""

from dataclasses import dataclass

from station_app.services.consignment.facts import Cost, FieldInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """How a quantity was found. pieces: of goods that are counted, 0 for weighed ones.

    frame, tare_frame: the scale's stable frames in hex, "" when typed; framed_at, tare_at: UTC ms.
    """

    gross_grams: int = 0
    tare_grams: int = 0
    deducted_grams: int = 0
    pieces: int = 0
    frame: str = ""
    baskets: int = 0
    tare_frame: str = ""
    framed_at: int = 0
    tare_at: int = 0

    @property
    def net_grams(self) -> int:
        """Return what counts."""
        return self.gross_grams - self.tare_grams - self.deducted_grams


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIn:
    """Take produce in: to be sold for its grower, or bought from her.

    produce: code of the sort; is_bought: the station buys it at `price_fen`, of which paid_fen
    goes out now; else price_fen is the floor below which it is not sold. contract: identity of the
    support contract that it goes on, "" for none. promise: as in `LotDescribed`; document: the
    paper that the sort needs was shown; packages: how many labels; is_for_hub: it waits for
    the van; is_branded: its labels bear the common mark.
    """

    person: str
    produce: str
    grade: str
    weighed: Weighed
    is_bought: bool = False
    price_fen: int = 0
    commission_bp: int = 0
    paid_fen: int = 0
    contract: str = ""
    harvest_day: str = ""
    inputs: tuple[FieldInput, ...] = ()
    promise: str = ""
    promise_number: str = ""
    document: bool = False
    packages: int = 1
    is_for_hub: bool = False
    is_branded: bool = False
    remark: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reweigh:
    """Put the weight or number of a lot right that was taken in here."""

    lot: str
    weighed: Weighed
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishIntake:
    """Write down what was said beside the scale, and print slip and labels of this very act.

    Asked last in it, with the same command that took it in. act: ticket.
    """

    act: str
    taken: TakeIn


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintLotPapers:
    """Print the papers of this very act, asked last in it: slip, or labels. act: ticket."""

    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveLot:
    """Part of a lot leaves the shelf: `spoil`, `return`, `sample` or `dispatch`; or it is counted.

    how `count`: quantity is what was found; what is missing to the books is spoilage. bearer: who
    bears it: `grower`, `station` or `county`; value_fen: per kilogram or piece, what the growers
    of a consigned lot get for it; packages: of a dispatch; is_unmarked: a mark that holds no longer
    is off its labels; photos: of what is lost.
    """

    lot: str
    how: str
    quantity: int
    reason: str = ""
    bearer: str = ""
    value_fen: int = 0
    packages: int = 0
    is_unmarked: bool = False
    remark: str = ""
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitLot:
    """Make a lot of its own of a part of one; it gets a label."""

    lot: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeLots:
    """Make one lot of all that is left of several on the shelf; it gets a label."""

    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleGrower:
    """Settle with a grower. sales: identities of those of which her part is settled.

    service, passed_on: charges as in `SettlementMade`; pay_fen: paid now; set_off_fen: against
    what she owes the station; may_advance: more than lies here may go out, as an advance on what
    the county has not sent down.
    """

    person: str
    sales: tuple[str, ...] = ()
    service: tuple[Cost, ...] = ()
    passed_on: tuple[Cost, ...] = ()
    pay_fen: int = 0
    set_off_fen: int = 0
    may_advance: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeLot:
    """A grower does not agree with what she is told of a lot: it is not settled (有争议).

    reason: as in `LotDisputed`; words: hers, "" for none.
    """

    lot: str
    person: str
    reason: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSettlement:
    """Print the slip of this very act, asked last in it. act: ticket."""

    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellOfRecall:
    """Write down who was told of a stopped lot, and how; by the `board` prints the notice.

    Fields as in `RecallTold`.
    """

    lot: str
    way: str
    sale: str = ""
    person: str = ""
    outcome: str = "reached"
