"""What can be said about produce: lots and where they are, contracts, settlements (农产品代销).

A lot is founded when it is weighed in (`lot.accepted`, `lot.bought`) or made of parts of others
(`lot.made`; at the hub `lot.packed`). Its quantity is in grams or pieces, as `unit` says. Whoever
holds the goods writes their fate: the station until they are dispatched, the county afterwards.
"""

from typing import ClassVar

import msgspec

from station_app.journal.fact import Body, Private
from station_app.services.consignment.brand_facts import BrandQuotaDrawn as BrandQuotaDrawn
from station_app.services.consignment.hub_facts import (
    LotCountySaleReturned as LotCountySaleReturned,
)
from station_app.services.consignment.hub_facts import LotPacked as LotPacked
from station_app.services.consignment.hub_facts import LotProcessed as LotProcessed
from station_app.services.consignment.hub_facts import LotProcessingUndone as LotProcessingUndone
from station_app.services.consignment.hub_facts import LotToppedUp as LotToppedUp
from station_app.services.consignment.hub_facts import LotUnpacked as LotUnpacked
from station_app.services.consignment.shares import Cost as Cost
from station_app.services.consignment.shares import GrowerAmount as GrowerAmount
from station_app.services.consignment.shares import LotPart as LotPart
from station_app.services.consignment.shares import Share as Share


class Weighing(msgspec.Struct, frozen=True, kw_only=True):
    """How a quantity was found. frame: the scale's stable frame in hex, "" when typed in.

    deducted_grams: 扣杂, said to the grower; net = gross - tare - deducted for lots in grams.
    """

    gross_grams: int
    tare_grams: int
    deducted_grams: int
    frame: str


class LotRemark(Private, frozen=True, kw_only=True):
    """Why, in somebody's words; photos: hashes."""

    remark: str = ""
    photos: tuple[str, ...] = ()


class LotAccepted(Body, frozen=True, kw_only=True):
    """A grower left produce to be sold for her. produce: code; code: the trace code.

    `share` holds the grower, the whole quantity and her terms.
    """

    KIND: ClassVar[str] = "lot.accepted"
    PRIVATE: ClassVar[type[Private] | None] = LotRemark
    code: str
    produce: str
    grade: str
    unit: str
    quantity: int
    weighing: Weighing
    share: Share
    harvest_day: str
    slip: int
    day: str


class LotBought(Body, frozen=True, kw_only=True):
    """The station bought produce: its cost is what was paid now, plus what is owed to the grower.

    opening_fen: cost of what the station had before the books began.
    """

    KIND: ClassVar[str] = "lot.bought"
    PRIVATE: ClassVar[type[Private] | None] = LotRemark
    code: str
    produce: str
    grade: str
    unit: str
    quantity: int
    weighing: Weighing
    person: str
    price_fen: int
    paid_fen: int
    owed_fen: int
    opening_fen: int
    harvest_day: str
    slip: int
    day: str


class FieldInput(msgspec.Struct, frozen=True, kw_only=True):
    """What was sprayed or spread, when, and for how many days nothing may be picked."""

    name: str
    day: str
    interval_days: int


class LotDescribed(Body, frozen=True, kw_only=True):
    """What was seen and said beside the scale when a lot came in, in the same act.

    inputs: what was put on the field; promise: its certificate (合格证): `given`, `missing`,
    `declined` by a household, `exempt` where none is wanted; promise_number: on it; document: 1 if
    the paper that the sort needs was shown; baskets: how
    many; packages: labels; passed: examinations that warned and were passed over.
    """

    KIND: ClassVar[str] = "lot.described"
    CARRIES_NOTHING: ClassVar[bool] = True
    inputs: tuple[FieldInput, ...]
    promise: str
    promise_number: str
    document: int
    baskets: int
    packages: int
    passed: tuple[str, ...]
    day: str


class ScaleFrame(msgspec.Struct, frozen=True, kw_only=True):
    """A stable frame of the scale. of: `gross` or `tare`; frame: in hex; at: UTC ms."""

    of: str
    grams: int
    frame: str
    at: int


class LotWeighed(Body, frozen=True, kw_only=True):
    """What the scale said while a lot was weighed in, gross and tare, in the same act."""

    KIND: ClassVar[str] = "lot.weighed"
    CARRIES_NOTHING: ClassVar[bool] = True
    frames: tuple[ScaleFrame, ...]
    day: str


class LotEarmarked(Body, frozen=True, kw_only=True):
    """Said at intake: it is not for this counter but waits for the van. place: `hub`."""

    KIND: ClassVar[str] = "lot.earmarked"
    CARRIES_NOTHING: ClassVar[bool] = True
    place: str
    day: str


class LotBranded(Body, frozen=True, kw_only=True):
    """Its labels bear a common mark under a licence, said in the act of the intake.

    licence: its code; quantity: what it uses of the quota; price_fen: on the label; until_day: of
    the licence.
    """

    KIND: ClassVar[str] = "lot.branded"
    CARRIES_NOTHING: ClassVar[bool] = True
    licence: str
    mark: str
    quantity: int
    price_fen: int
    until_day: str
    day: str


class LotReweighed(Body, frozen=True, kw_only=True):
    """A wrong weight or number was put right (改正): so much it was, so much it is.

    person: the grower; cost_fen: by how much the cost of an own lot changes, paid to her or by her
    in the same act.
    """

    KIND: ClassVar[str] = "lot.reweighed"
    PRIVATE: ClassVar[type[Private] | None] = LotRemark
    person: str
    was_quantity: int
    quantity: int
    weighing: Weighing
    cost_fen: int
    slip: int
    day: str


class LotDrawn(Body, frozen=True, kw_only=True):
    """Part of a lot, or all of it, goes into another one of the same act, at its cost.

    purpose: `split` or `merge`.
    """

    KIND: ClassVar[str] = "lot.drawn"
    quantity: int
    cost_fen: int
    purpose: str
    day: str


class LotMade(Body, frozen=True, kw_only=True):
    """A lot was made of parts drawn in the same act; it keeps their shares, or their cost.

    ownership: `consigned` or `own`.
    """

    KIND: ClassVar[str] = "lot.made"
    code: str
    produce: str
    grade: str
    unit: str
    ownership: str
    quantity: int
    parts: tuple[LotPart, ...]
    shares: tuple[Share, ...]
    cost_fen: int
    day: str


class LotSold(Body, frozen=True, kw_only=True):
    """Part of a lot was sold at the counter; the money is said by the sale of the same act."""

    KIND: ClassVar[str] = "lot.sold"
    CARRIES_NOTHING: ClassVar[bool] = True
    quantity: int
    cost_fen: int
    day: str


class LotTakenBack(Body, frozen=True, kw_only=True):
    """What was sold came back: onto the shelf (`shelf`), or it cannot be sold again (`spoiled`)."""

    KIND: ClassVar[str] = "lot.taken_back"
    quantity: int
    cost_fen: int
    into: str
    day: str


class LotSpoiled(Body, frozen=True, kw_only=True):
    """Part of a lot spoiled, and who bears it: `grower`, `station` or `county`.

    amounts: what the growers of a consigned lot get for it (nothing if they bear it themselves);
    cost_fen: of an own lot; person: the grower who bears the cost of an own lot, else "".
    """

    KIND: ClassVar[str] = "lot.spoiled"
    PRIVATE: ClassVar[type[Private] | None] = LotRemark
    quantity: int
    reason: str
    bearer: str
    amounts: tuple[GrowerAmount, ...]
    cost_fen: int
    person: str
    day: str


class LotReturned(Body, frozen=True, kw_only=True):
    """It went back to the grower. Of an own lot: `grower` pays its cost back, or the `station`."""

    KIND: ClassVar[str] = "lot.returned"
    quantity: int
    bearer: str
    cost_fen: int
    person: str
    day: str


class LotSampled(Body, frozen=True, kw_only=True):
    """Part of it was taken as a sample; bearer as for a return."""

    KIND: ClassVar[str] = "lot.sampled"
    quantity: int
    bearer: str
    cost_fen: int
    person: str
    day: str


class LotDispatched(Body, frozen=True, kw_only=True):
    """Part of it left for the hub, in so many packages."""

    KIND: ClassVar[str] = "lot.dispatched"
    quantity: int
    packages: int
    day: str


class LotReceived(Body, frozen=True, kw_only=True):
    """The hub has it: quantity of what was sent, difference of what did not come (or more came)."""

    KIND: ClassVar[str] = "lot.received"
    answers: str
    quantity: int
    difference: int
    grade: str
    day: str


class LotReceivedBecause(LotReceived, frozen=True, kw_only=True):
    """The same, with what the hub makes of a difference; that decides nothing.

    reason: `damaged`, `short`, `scale`, `other`, or "" where nothing differs or nobody knows.
    """

    VERSION: ClassVar[int] = 2
    reason: str = ""


class LotDifferenceDecided(Body, frozen=True, kw_only=True):
    """Where a difference went: found at the hub, or lost, and then who bears it (as spoilage)."""

    KIND: ClassVar[str] = "lot.difference_decided"
    answers: str
    found: int
    lost: int
    bearer: str
    amounts: tuple[GrowerAmount, ...]
    cost_fen: int
    person: str
    day: str


class LotSoldByCounty(Body, frozen=True, kw_only=True):
    """The county sold what lay at the hub.

    gross_fen less every cost and both commissions is the sum of `amounts` for a consigned lot
    (each grower's net), or the station's proceeds of an own lot.
    """

    KIND: ClassVar[str] = "lot.sold_by_county"
    answers: str
    ownership: str
    quantity: int
    gross_fen: int
    costs: tuple[Cost, ...]
    station_commission_fen: int
    county_commission_fen: int
    amounts: tuple[GrowerAmount, ...]
    cost_fen: int
    day: str


class LotSoldByOrder(LotSoldByCounty, frozen=True, kw_only=True):
    """The same, with the shop and the order number that the platform gave: what it is told by."""

    VERSION: ClassVar[int] = 2
    shop: str
    order: str


class LotDisputed(Body, frozen=True, kw_only=True):
    """A grower does not agree with what she is told of a lot (有争议): till then it is not settled.

    reason: `quantity_wrong`, `price_wrong`, `deducted_wrong` or `other`; her words are private. The
    matter ends when its case is closed, at the station or by the county.
    """

    KIND: ClassVar[str] = "lot.disputed"
    PRIVATE: ClassVar[type[Private] | None] = LotRemark
    CARRIES_NOTHING: ClassVar[bool] = True
    lot: str
    person: str
    reason: str
    day: str


class ContractAgreed(Body, frozen=True, kw_only=True):
    """A support contract with a grower (帮扶购销合同), as the county registers it. Key: `code`.

    guaranteed_fen: per kilogram or piece; quantity: how much of it is promised; payer: who pays
    the difference, cleared through the county; is_net: 1 if the promise is after commission.
    """

    KIND: ClassVar[str] = "contract.agreed"
    code: str
    person: str
    produce: str
    unit: str
    quantity: int
    guaranteed_fen: int
    is_net: int
    commission_bp: int
    payer: str
    until_day: str
    day: str


class ContractDrawn(Body, frozen=True, kw_only=True):
    """A lot of the same act uses up so much of a contract."""

    KIND: ClassVar[str] = "contract.drawn"
    quantity: int
    day: str


class SettlementMade(Body, frozen=True, kw_only=True):
    """A grower was settled with (货款结算): its sales are said one by one in the same act.

    lines: identities of the sales, returns and county sales that it covers; sold_fen,
    commission_fen, top_up_fen: their sums, for the paper. service: the station's charges, passed
    on: those for the county; both are deducted. paid_here_fen, paid_county_fen: paid now, out of
    what lies here and as an advance on what has not come down; set_off_fen: against her debt.
    """

    KIND: ClassVar[str] = "settlement.made"
    person: str
    lines: tuple[str, ...]
    sold_fen: int
    commission_fen: int
    top_up_fen: int
    service: tuple[Cost, ...]
    passed_on: tuple[Cost, ...]
    paid_here_fen: int
    paid_county_fen: int
    set_off_fen: int
    slip: int
    day: str


class SettlementPaid(Body, frozen=True, kw_only=True):
    """More of a settlement was paid, later.

    Journals have it and it is read for ever; what is paid later now is one more settlement without
    lines (`docs/decisions/0162-a-grower-with-two-names.md`).
    """

    KIND: ClassVar[str] = "settlement.paid"
    person: str
    paid_here_fen: int
    paid_county_fen: int
    set_off_fen: int
    slip: int
    day: str


class RecallTold(Body, frozen=True, kw_only=True):
    """Somebody was told of a stopped lot, or it was tried. lot: identity.

    sale: what was sold of it, "" when a grower is told; person: buyer or grower, "" for whoever
    reads the notice; way: `phone`, `in_person` or `board` (停售告示); outcome: `reached` or
    `no_answer`.
    """

    KIND: ClassVar[str] = "recall.told"
    CARRIES_NOTHING: ClassVar[bool] = True
    lot: str
    sale: str
    person: str
    way: str
    outcome: str
    day: str


FACTS: tuple[type[Body], ...] = (
    LotAccepted,
    LotBought,
    LotDescribed,
    LotWeighed,
    LotEarmarked,
    LotBranded,
    BrandQuotaDrawn,
    LotReweighed,
    LotDrawn,
    LotMade,
    LotSold,
    LotTakenBack,
    LotSpoiled,
    LotReturned,
    LotSampled,
    LotDispatched,
    LotReceived,
    LotReceivedBecause,
    LotDifferenceDecided,
    LotSoldByCounty,
    LotSoldByOrder,
    LotCountySaleReturned,
    LotProcessed,
    LotPacked,
    LotUnpacked,
    LotProcessingUndone,
    LotToppedUp,
    LotDisputed,
    ContractAgreed,
    ContractDrawn,
    SettlementMade,
    SettlementPaid,
    RecallTold,
)
FROM_COUNTY: tuple[type[Body], ...] = (
    LotReceived,
    LotReceivedBecause,
    LotDifferenceDecided,
    LotSoldByCounty,
    LotSoldByOrder,
    LotCountySaleReturned,
    LotProcessed,
    LotPacked,
    LotUnpacked,
    LotProcessingUndone,
    LotToppedUp,
    ContractAgreed,
)
