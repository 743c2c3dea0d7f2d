"""What may come back: parts of a slip, each once, in the parts that the sale itself said.

A return is the sale negated: the grower gives back her share, settled or not, the discount and
what was let go go back with it, and the customer gets what she paid. What can be sold again goes
onto the shelf of its lot; what cannot is spoiled, an own lot at its cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from station_app.journal.fact import Saying
from station_app.ledger.shares import taken_back
from station_app.services.consignment.facts import LotTakenBack
from station_app.services.sales.commands import ReturnGoods
from station_app.services.sales.facts import SaleReturned
from station_app.services.sales.rules import Return, Sale, return_of
from station_app.services.sales.selling import Decision, said
from station_app.values.now import Now
from station_app.values.refusal import Refusal

QUALITY = "quality"
RETURN_REASONS = (QUALITY, "wrong_goods", "short_weight", "changed_mind")
SHELF, SPOILED = "shelf", "spoiled"
PLACES = (SHELF, SPOILED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoldLine:
    """A sale as it stands. cost_fen, cost_back_fen: of an own lot, when sold and since."""

    name: str
    sale: Sale
    cost_fen: int = 0
    cost_back_fen: int = 0

    @property
    def key(self) -> str:
        """Return by what its goods are known."""
        return self.sale.lot or self.sale.product

    @property
    def left(self) -> int:
        """Return how much of it may still come back."""
        return max(0, self.sale.quantity - self.sale.back_quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returning:
    """What a return needs to know. sold: by identity."""

    sold: Mapping[str, SoldLine] = field(default_factory=dict)
    slip: int = 0


def return_goods(state: Returning, command: ReturnGoods, now: Now) -> Decision:
    """Take goods back: money and goods of each line."""
    refusal = _why_not(state, command)
    if refusal is not None:
        return refusal
    facts: list[Saying] = []
    for asked in command.lines:
        known = state.sold[asked.sale]
        back = return_of(known.sale, asked.quantity)
        facts.append(
            Saying(_returned(known.sale, back, command, state.slip, now), entity=asked.sale)
        )
        if known.sale.lot:
            before = (known.sale.back_quantity, known.cost_back_fen)
            cost_fen = taken_back(
                known.cost_fen, asked.quantity, known.sale.quantity, before=before
            )
            body = LotTakenBack(
                quantity=asked.quantity, cost_fen=cost_fen, into=asked.into, day=now.day
            )
            facts.append(Saying(body, entity=known.sale.lot))
    return facts


def paid_back(state: Returning, command: ReturnGoods) -> int:
    """Return what the customer gets for these lines."""
    return sum(
        return_of(state.sold[line.sale].sale, line.quantity).paid_fen
        for line in command.lines
        if line.sale in state.sold and line.quantity <= state.sold[line.sale].left
    )


def _returned(sale: Sale, back: Return, command: ReturnGoods, slip: int, now: Now) -> SaleReturned:
    return SaleReturned(
        ownership=sale.ownership,
        quantity=back.quantity,
        amount_fen=back.amount_fen,
        discount_fen=back.discount_fen,
        round_off_fen=back.round_off_fen,
        reason=command.reason,
        shares=back.shares,
        slip=slip,
        day=now.day,
    )


def _why_not(state: Returning, command: ReturnGoods) -> Refusal | None:
    if not command.lines:
        return Refusal("sales.NOTHING_BACK")
    if command.reason not in RETURN_REASONS:
        return Refusal("sales.RETURN_REASON")
    seen: set[str] = set()
    for line in command.lines:
        known = state.sold.get(line.sale)
        assert line.into in PLACES
        if known is None or not known.sale.founder or line.sale in seen:
            return Refusal("sales.SALE_GONE")
        seen.add(line.sale)
        name = {"name": known.name}
        if not known.left:
            return Refusal("sales.BACK_ALREADY", name)
        if line.quantity <= 0:
            return Refusal("sales.QUANTITY_WRONG", name)
        if line.quantity > known.left:
            left = said(known.left, known.sale.unit)
            return Refusal("sales.MORE_THAN_SOLD", {**name, "left": left})
    return None
