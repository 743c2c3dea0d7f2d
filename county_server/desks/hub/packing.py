"""What the hub makes of lots: sorted, packed, cooled, processed (加工改装). Pure.

Some of each input goes in; packs come out, and what is missing was lost. A pack holds of every
input by what that put in, and the loss is of all alike: so no grower's kilograms become the better
grade because they lay on top. Grams and pieces are conserved to the last, and so are fen of an own
lot. Inputs are of one station: its books balance by the act, and its growers stay its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from county_server.desks.hub.arrivals import Stock
from county_server.desks.hub.weighing import GRADE_MAX, read_quantity
from county_server.desks.pen import Refused
from station_app.journal.fact import Saying
from station_app.ledger.shares import shared
from station_app.services.consignment.facts import LotPacked, LotPart, LotProcessed
from station_app.services.consignment.lots import OWN
from station_app.services.consignment.rules import cost_of, drawn_shares, merged_shares

SORT, PACK, COOL, PROCESS = "sort", "pack", "cool", "process"
STEPS = (SORT, PACK, COOL, PROCESS)
PACKS = 4  # lines of the form: as many grades as a sort has
PACKAGES_MAX = 999
LOST_PERCENT = 10  # beyond it somebody says that it is so: drying loses more, a slipped key too


@dataclass(frozen=True, slots=True)
class Pack:
    """A line of what came out. packages: how many, each with a label."""

    grade: str
    quantity: int
    packages: int


@dataclass(frozen=True, slots=True)
class Work:
    """What was typed. uses: how much of which lot went in; is_sure: so much loss is right."""

    step: str
    uses: tuple[tuple[Stock, int], ...]
    packs: tuple[Pack, ...]
    is_sure: bool = False

    @property
    def taken(self) -> int:
        """Return how much went in."""
        return sum(quantity for _, quantity in self.uses)

    @property
    def packed(self) -> int:
        """Return how much came out."""
        return sum(pack.quantity for pack in self.packs)

    @property
    def lost(self) -> int:
        """Return what went in and did not come out."""
        return self.taken - self.packed

    @property
    def unit(self) -> str:
        """Return `gram` or `piece`."""
        return self.uses[0][0].unit

    @property
    def station(self) -> str:
        """Return of which station the lots are."""
        return self.uses[0][0].station


def read_work(uses: Sequence[tuple[Stock, int]], form: Mapping[str, str]) -> Work:
    """Return the work as it was typed. Raises Refused, with what does not go together."""
    step = form.get("step", "")
    if step not in STEPS:
        raise Refused("packing_step")
    _look_at(uses)
    unit = uses[0][0].unit
    packs = [pack for line in range(PACKS) if (pack := _pack(form, line, unit)) is not None]
    if not packs:
        raise Refused("packing_nothing")
    work = Work(step, tuple(uses), tuple(packs), bool(form.get("sure")))
    if work.lost < 0:
        raise Refused(f"packing_more_{unit}", more=read_as(-work.lost, unit))
    if work.lost * 100 > work.taken * LOST_PERCENT and not work.is_sure:
        raise Refused(f"packing_much_{unit}", lost=read_as(work.lost, unit))
    return work


def read_as(quantity: int, unit: str) -> str:
    """Return a quantity as it is typed: kilograms, or pieces."""
    if unit == "piece":
        return str(quantity)
    return f"{quantity // 1000}.{quantity % 1000:03}".rstrip("0").rstrip(".")


def _look_at(uses: Sequence[tuple[Stock, int]]) -> None:
    """Refuse lots that may not lie in one pack."""
    for stock, _ in uses:
        if stock.state.is_blocked:
            why = stock.state.recalled or stock.state.failed
            raise Refused("sale_stopped", number=stock.number, why=why)
    alike = {
        (
            one.station,
            one.state.produce,
            one.unit,
            one.state.ownership,
            tuple(sorted({share.contract for share in one.state.shares})),
        )
        for one, _ in uses
    }
    if len(alike) > 1:
        raise Refused("packing_alike")


def _pack(form: Mapping[str, str], line: int, unit: str) -> Pack | None:
    typed = form.get(f"out_{line}", "").strip()
    if not typed:
        return None
    quantity = read_quantity(typed, unit)
    if quantity is None or quantity <= 0:
        raise Refused("packing_piece" if unit == "piece" else "packing_weight", line=line + 1)
    count = form.get(f"packages_{line}", "").strip() or "1"
    is_number = count.isascii() and count.isdigit() and len(count) <= len(str(PACKAGES_MAX))
    if not is_number or not 0 < int(count) <= PACKAGES_MAX:
        raise Refused("packing_packages", line=line + 1, most=PACKAGES_MAX)
    grade = form.get(f"grade_{line}", "").strip()
    if len(grade) > GRADE_MAX:
        raise Refused("hub_grade", most=GRADE_MAX)
    return Pack(grade, quantity, int(count))


def sayings_of(work: Work, codes: Sequence[str], day: str) -> list[Saying]:
    """Return what is said of a work: each input, then each pack. codes: one for each pack."""
    lost = shared(work.lost, ((stock.lot, quantity) for stock, quantity in work.uses))
    left = {stock.lot: quantity - lost[stock.lot] for stock, quantity in work.uses}
    used, parts = dict(left), list[dict[str, int]]()
    for pack in work.packs:
        of_pack = shared(pack.quantity, left.items())
        parts.append(of_pack)
        left = {lot: quantity - of_pack[lot] for lot, quantity in left.items()}
    drawn, costs = {}, [0] * len(work.packs)
    for stock, _ in work.uses:
        is_own = stock.state.ownership == OWN
        drawn[stock.lot] = cost_of(stock.state, used[stock.lot]) if is_own else 0
        weights = [(f"{n:02}", part[stock.lot]) for n, part in enumerate(parts)]
        for key, fen in shared(drawn[stock.lot], weights).items():
            costs[int(key)] += fen
    said = [
        Saying(
            LotProcessed(
                step=work.step, used=used[stock.lot], drawn_fen=drawn[stock.lot],
                lost=lost[stock.lot], day=day,
            ),
            entity=stock.lot,
        )
        for stock, _ in work.uses
    ]  # fmt: skip
    lots = {stock.lot: stock.state for stock, _ in work.uses}
    first = work.uses[0][0].state
    for pack, code, of_pack, cost_fen in zip(work.packs, codes, parts, costs, strict=True):
        shares = [s for lot, q in of_pack.items() for s in drawn_shares(lots[lot].shares, q)]
        said.append(
            Saying(
                LotPacked(
                    code=code, produce=first.produce, grade=pack.grade, unit=work.unit,
                    ownership=first.ownership, quantity=pack.quantity, packages=pack.packages,
                    step=work.step,
                    parts=tuple(LotPart(lot=lot, quantity=q) for lot, q in of_pack.items() if q),
                    shares=merged_shares(shares), cost_fen=cost_fen, day=day,
                )
            )
        )  # fmt: skip
    return said
