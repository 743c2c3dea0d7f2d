"""What the hub says that it did with lots: sorted, packed, cooled, processed; what contracts add.

Inputs are drawn and packs are made in one act, of lots of one station: its books balance by it. The
other words of the hub (received, a difference, sold) stand in `facts`.
"""

from typing import ClassVar

from station_app.journal.fact import Body
from station_app.services.consignment.shares import GrowerAmount, LotPart, Share


class LotToppedUp(Body, frozen=True, kw_only=True):
    """What a support contract adds to a sale of the county (合同补差), said in the act of the sale.

    quantity: of the lot that was sold; amounts: what each grower gets besides her net.
    """

    KIND: ClassVar[str] = "lot.topped_up"
    quantity: int
    amounts: tuple[GrowerAmount, ...]
    day: str


class LotCountySaleReturned(Body, frozen=True, kw_only=True):
    """Some of what the county sold came back, or its buyer got the money back. answers: the sale.

    into: `hub`, where it lies as before, or `difference`, where `lot.difference_decided` says who
    bears it. gross_fen, both commissions, amounts (each grower's net), top_ups and own_fen (of an
    own lot) are the sale's, by the quantity; what of its costs is lost the county bears. came_down:
    how much of amounts and top-ups lies at the station already, of whom.
    """

    KIND: ClassVar[str] = "lot.county_sale_returned"
    answers: str
    ownership: str
    quantity: int
    into: str
    reason: str
    gross_fen: int
    station_commission_fen: int
    county_commission_fen: int
    amounts: tuple[GrowerAmount, ...]
    top_ups: tuple[GrowerAmount, ...]
    came_down: tuple[GrowerAmount, ...]
    own_fen: int
    cost_fen: int
    day: str


class LotProcessed(Body, frozen=True, kw_only=True):
    """The hub worked on what lay there of a lot: so much went into packs, so much was lost.

    step: `sort`, `pack`, `cool` or `process`; used: what the lots packed in the same act hold of
    it, drawn_fen: its cost, of an own lot. What was lost is a difference of the lot until
    `lot.difference_decided` says who bears it: whoever packs does not decide that.
    """

    KIND: ClassVar[str] = "lot.processed"
    step: str
    used: int
    drawn_fen: int
    lost: int
    day: str


class LotPacked(Body, frozen=True, kw_only=True):
    """A lot was made at the hub of what was processed in the same act, and lies there.

    It keeps shares or cost as a made lot does. step: as in `LotProcessed`; packages: how many.
    """

    KIND: ClassVar[str] = "lot.packed"
    code: str
    produce: str
    grade: str
    unit: str
    ownership: str
    quantity: int
    packages: int
    step: str
    parts: tuple[LotPart, ...]
    shares: tuple[Share, ...]
    cost_fen: int
    day: str


class LotUnpacked(Body, frozen=True, kw_only=True):
    """A pack went back, all of it, into what it was made of: in the act that takes the work back.

    Its labels are torn off; its trace code is nobody's any more.
    """

    KIND: ClassVar[str] = "lot.unpacked"
    quantity: int
    cost_fen: int
    day: str


class LotProcessingUndone(Body, frozen=True, kw_only=True):
    """What a work took of a lot, and lost of it, lies at the hub again. answers: `LotProcessed`."""

    KIND: ClassVar[str] = "lot.processing_undone"
    answers: str
    used: int
    drawn_fen: int
    lost: int
    day: str
