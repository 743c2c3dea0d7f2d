"""What is known of a lot: where its grams or pieces are, whose it is, what it cost.

Goods are conserved: what a fact takes from one place it adds to another, and the same movements
are posted (`rules`). A place that falls below zero is a case: two PCs sold the same kilogram, or
something was weighed wrong.
"""

from collections.abc import Mapping

import msgspec

from station_app.journal.fact import Body, Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.consignment.facts import (
    FieldInput,
    LotAccepted,
    LotBought,
    LotBranded,
    LotDescribed,
    LotDifferenceDecided,
    LotDispatched,
    LotDrawn,
    LotEarmarked,
    LotMade,
    LotPart,
    LotReceived,
    LotReceivedBecause,
    LotReturned,
    LotReweighed,
    LotSampled,
    LotSold,
    LotSoldByCounty,
    LotSoldByOrder,
    LotSpoiled,
    LotTakenBack,
    LotWeighed,
    Share,
)
from station_app.services.consignment.hub_facts import (
    LotCountySaleReturned,
    LotPacked,
    LotProcessed,
    LotProcessingUndone,
    LotToppedUp,
    LotUnpacked,
)
from station_app.services.quality.facts import (
    LotCertified,
    LotEndorsed,
    LotRecalled,
    LotReleased,
    LotTested,
)

CONSIGNED = "consigned"
OWN = "own"

ON_SHELF = "on_shelf"
IN_TRANSIT = "in_transit"
AT_HUB = "at_hub"
DIFFERENCE = "difference"
SOLD = "sold"
SPOILED = "spoiled"
RETURNED = "returned"
SAMPLED = "sampled"
DRAWN = "drawn"
STOCK = (ON_SHELF, IN_TRANSIT, AT_HUB)  # places that cannot hold less than nothing

Movement = tuple[str, str, int]  # out of, into, quantity

SIMPLE: Mapping[type[Body], tuple[str, str]] = {
    LotDrawn: (ON_SHELF, DRAWN),
    LotSold: (ON_SHELF, SOLD),
    LotSpoiled: (ON_SHELF, SPOILED),
    LotReturned: (ON_SHELF, RETURNED),
    LotSampled: (ON_SHELF, SAMPLED),
    LotDispatched: (ON_SHELF, IN_TRANSIT),
    LotSoldByCounty: (AT_HUB, SOLD),
    LotSoldByOrder: (AT_HUB, SOLD),
    LotUnpacked: (AT_HUB, DRAWN),
}
FOUNDING = (LotAccepted, LotBought, LotMade, LotPacked)
LOT_FACTS: tuple[type[Body], ...] = (
    *FOUNDING,
    *SIMPLE,
    LotTakenBack,
    LotReceived,
    LotReceivedBecause,
    LotDifferenceDecided,
    LotCountySaleReturned,
    LotProcessed,
    LotProcessingUndone,
    LotToppedUp,
    LotDescribed,
    LotWeighed,
    LotEarmarked,
    LotBranded,
    LotReweighed,
    LotCertified,
    LotTested,
    LotEndorsed,
    LotRecalled,
    LotReleased,
)


class Lot(msgspec.Struct, frozen=True, kw_only=True):
    """A lot. Quantities in grams or pieces, as `unit` says; cost_fen: what an own lot stands at.

    founder: the fact that founded it; strays: what came while it was missing; takings: the facts
    after which a place was below zero. inputs, promise, labels: as described at intake; seller: of
    whom an own lot was bought; price_fen: at which. recalled: why the county has called it back, ""
    if it has not; failed: the item of a test that it failed, until the county lets it go;
    differing: facts of the hub: another weight came than was sent, or some was lost at its work;
    bound_for: `hub` while what lies here waits for the van. samples: numbers of sealed samples of
    it; step: the hub's work that made it, unpacked: how much went back into what it was made of.
    licence, mark, mark_until: of the common mark on its labels, marked: how much of the quota it
    uses.
    """

    code: str = ""
    produce: str = ""
    grade: str = ""
    unit: str = ""
    ownership: str = ""
    quantity: int = 0
    cost_fen: int = 0
    shares: tuple[Share, ...] = ()
    parts: tuple[LotPart, ...] = ()
    on_shelf: int = 0
    in_transit: int = 0
    at_hub: int = 0
    difference: int = 0
    sold: int = 0
    spoiled: int = 0
    returned: int = 0
    sampled: int = 0
    drawn: int = 0
    packages: int = 0
    harvest_day: str = ""
    slip: int = 0
    day: str = ""
    founder: str = ""
    strays: tuple[str, ...] = ()
    takings: tuple[str, ...] = ()
    inputs: tuple[FieldInput, ...] = ()
    promise: str = ""
    promise_number: str = ""
    labels: int = 0
    seller: str = ""
    price_fen: int = 0
    recalled: str = ""
    failed: str = ""
    differing: tuple[str, ...] = ()
    bound_for: str = ""
    licence: str = ""
    mark: str = ""
    marked: int = 0
    mark_until: str = ""
    samples: tuple[str, ...] = ()
    step: str = ""
    unpacked: int = 0

    @property
    def is_blocked(self) -> bool:
        """Tell whether nobody may sell it, send it off, divide or join it."""
        return bool(self.recalled or self.failed)

    @property
    def in_stock(self) -> int:
        """Return what is neither sold nor gone, wherever it lies."""
        return self.on_shelf + self.in_transit + self.at_hub + self.difference


def movements(body: Body) -> tuple[Movement, ...]:
    """Return where a fact moves the goods of its lot; those that found it bring them in."""
    simple = SIMPLE.get(type(body))
    if simple is not None:
        quantity: int = getattr(body, "quantity")  # noqa: B009 - every simple fact has one
        return ((*simple, quantity),)
    if isinstance(body, LotTakenBack):
        return ((SOLD, SPOILED if body.into == SPOILED else ON_SHELF, body.quantity),)
    if isinstance(body, LotReceived):
        return (
            (IN_TRANSIT, AT_HUB, body.quantity),
            (IN_TRANSIT, DIFFERENCE, body.difference),
        )
    if isinstance(body, LotCountySaleReturned):
        return ((SOLD, DIFFERENCE if body.into == DIFFERENCE else AT_HUB, body.quantity),)
    if isinstance(body, LotProcessed):
        return ((AT_HUB, DRAWN, body.used), (AT_HUB, DIFFERENCE, body.lost))
    if isinstance(body, LotProcessingUndone):
        return ((DRAWN, AT_HUB, body.used), (DIFFERENCE, AT_HUB, body.lost))
    if isinstance(body, LotDifferenceDecided):
        return ((DIFFERENCE, AT_HUB, body.found), (DIFFERENCE, SPOILED, body.lost))
    return ()


def cost_change(body: Body) -> int:
    """Return by how much a fact changes what its lot stands at, in fen."""
    if isinstance(body, LotBought):
        return body.paid_fen + body.owed_fen + body.opening_fen
    if isinstance(body, LotMade | LotPacked | LotReweighed | LotCountySaleReturned):
        return body.cost_fen
    if isinstance(body, LotProcessed):
        return -body.drawn_fen
    if isinstance(body, LotProcessingUndone):
        return body.drawn_fen
    if isinstance(body, LotTakenBack):
        return 0 if body.into == SPOILED else body.cost_fen
    return -int(getattr(body, "cost_fen", 0))


def fold_lot(state: Lot | None, told: Told) -> Lot:
    """Apply one fact; any of them may come first."""
    known = state or Lot()
    body = told.body
    if isinstance(body, FOUNDING):
        known = _founded(known, told, body)
    elif not known.founder:
        known = msgspec.structs.replace(known, strays=(*known.strays, told.identity))
    known = _judged(_put_right(known, body), body)
    if isinstance(body, LotDispatched | LotPacked):
        known = msgspec.structs.replace(known, packages=known.packages + body.packages)
    if isinstance(body, LotReceived) and body.grade:
        known = msgspec.structs.replace(known, grade=body.grade)
    if any(into == DIFFERENCE and quantity for _, into, quantity in movements(body)):
        known = msgspec.structs.replace(known, differing=(*known.differing, told.identity))
    known = _taken_back(known, body)
    places: dict[str, int] = {}
    for out_of, into, quantity in movements(body):
        places[out_of] = places.get(out_of, getattr(known, out_of)) - quantity
        places[into] = places.get(into, getattr(known, into)) + quantity
    known = msgspec.structs.replace(known, cost_fen=known.cost_fen + cost_change(body), **places)
    if is_below_zero(known):
        known = msgspec.structs.replace(known, takings=(*known.takings, told.identity))
    return known


def _taken_back(known: Lot, body: Body) -> Lot:
    """Take back work of the hub: of the pack, and of what went in."""
    if isinstance(body, LotUnpacked):
        return msgspec.structs.replace(known, unpacked=known.unpacked + body.quantity)
    if isinstance(body, LotProcessingUndone):
        differing = tuple(one for one in known.differing if one != body.answers)
        return msgspec.structs.replace(known, differing=differing)
    return known


def _put_right(known: Lot, body: Body) -> Lot:
    """Take what was said beside the scale, or another weight: it is all on the shelf."""
    if isinstance(body, LotDescribed):
        return msgspec.structs.replace(
            known,
            inputs=body.inputs,
            promise=body.promise,
            promise_number=body.promise_number,
            labels=body.packages,
        )
    if isinstance(body, LotBranded):
        return msgspec.structs.replace(
            known,
            licence=body.licence,
            mark=body.mark,
            marked=body.quantity,
            mark_until=body.until_day,
        )
    if isinstance(body, LotEarmarked):
        return msgspec.structs.replace(known, bound_for=body.place)
    if not isinstance(body, LotReweighed):
        return known
    more = body.quantity - body.was_quantity
    shares = known.shares
    if len(shares) == 1:
        whole = max(0, shares[0].quantity + more)
        shares = (msgspec.structs.replace(shares[0], quantity=whole),)
    return msgspec.structs.replace(
        known, quantity=known.quantity + more, on_shelf=known.on_shelf + more, shares=shares
    )


def _judged(known: Lot, body: Body) -> Lot:
    """Take what papers and tests say of it, and what the county does."""
    if isinstance(body, LotCertified):
        promise = "given" if body.reason == "collected" else "issued"
        return msgspec.structs.replace(known, promise=promise, promise_number=body.number)
    if isinstance(body, LotTested):
        samples = (*known.samples, body.sample) if body.sample else known.samples
        failed = known.failed if body.is_passed else body.item
        return msgspec.structs.replace(known, failed=failed, samples=samples)
    if isinstance(body, LotRecalled):
        return msgspec.structs.replace(known, recalled=body.reason)
    if isinstance(body, LotReleased):
        return msgspec.structs.replace(known, recalled="", failed="")
    return known


def _founded(known: Lot, told: Told, body: LotAccepted | LotBought | LotMade | LotPacked) -> Lot:
    shares: tuple[Share, ...] = ()
    if isinstance(body, LotAccepted):
        shares = (body.share,)
    elif isinstance(body, LotMade | LotPacked):
        shares = body.shares
    is_weighed = not isinstance(body, LotMade | LotPacked)
    lies = AT_HUB if isinstance(body, LotPacked) else ON_SHELF
    ownership = OWN if isinstance(body, LotBought) else CONSIGNED
    return msgspec.structs.replace(
        known,
        code=body.code,
        produce=body.produce,
        grade=known.grade or body.grade,
        unit=body.unit,
        ownership=getattr(body, "ownership", ownership),
        quantity=known.quantity + body.quantity,
        shares=shares,
        seller=body.person if isinstance(body, LotBought) else "",
        price_fen=body.price_fen if isinstance(body, LotBought) else 0,
        parts=() if is_weighed else getattr(body, "parts", ()),
        harvest_day=getattr(body, "harvest_day", ""),
        slip=getattr(body, "slip", 0),
        step=body.step if isinstance(body, LotPacked) else "",
        day=body.day,
        founder=told.identity,
        strays=(),
        **{lies: getattr(known, lies) + body.quantity},
    )


def is_below_zero(lot: Lot) -> bool:
    """Tell whether more was taken from a place than was there, or more cost than there was."""
    return any(getattr(lot, place) < 0 for place in STOCK) or lot.cost_fen < 0


def lot_cases(state: Lot) -> Cases:
    """Return in what the facts of a lot disagree, and what the hub and the station do not."""
    if not state.founder:
        return {"consignment.founder_missing": state.strays}
    found: Cases = {}
    if is_below_zero(state):
        found["consignment.lot_below_zero"] = state.takings
    if state.difference:
        found["consignment.hub_differs"] = state.differing
    return found


LOT = EntityKind(
    name="lot",
    state=Lot,
    facts=LOT_FACTS,
    fold=fold_lot,
    cases=lot_cases,
    columns=Columns(
        table="lots",
        fields=(
            ("code", "TEXT"),
            ("produce", "TEXT"),
            ("grade", "TEXT"),
            ("unit", "TEXT"),
            ("ownership", "TEXT"),
            ("growers", "TEXT"),
            ("quantity", "INTEGER"),
            ("on_shelf", "INTEGER"),
            ("in_transit", "INTEGER"),
            ("at_hub", "INTEGER"),
            ("difference", "INTEGER"),
            ("sold", "INTEGER"),
            ("cost_fen", "INTEGER"),
            ("day", "TEXT"),
            ("is_blocked", "INTEGER"),
            ("seller", "TEXT"),
            ("bound_for", "TEXT"),
            ("licence", "TEXT"),
            ("marked", "INTEGER"),
            ("sealed", "INTEGER"),
        ),
        row=lambda lot: (
            lot.code,
            lot.produce,
            lot.grade,
            lot.unit,
            lot.ownership,
            " ".join(sorted({share.person for share in lot.shares})),
            lot.quantity,
            lot.on_shelf,
            lot.in_transit,
            lot.at_hub,
            lot.difference,
            lot.sold,
            lot.cost_fen,
            lot.day,
            int(lot.is_blocked),
            lot.seller,
            lot.bound_for,
            lot.licence,
            lot.marked,
            len(lot.samples),
        ),
        indexes=(
            ("code",),
            ("produce", "grade", "on_shelf"),
            ("growers",),
            ("day",),
            ("is_blocked", "produce"),
            ("licence",),
            ("sealed",),
        ),
    ),
)
