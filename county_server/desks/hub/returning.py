"""What comes back of an online sale: the sale's own shares, taken back to the fen. Pure.

Each grower gives back what she got of that much, and so do station and county of their fees; the
last of a sale takes what is left. Costs of the way there are lost: the county bears them. What has
gone down to the station is taken from what lies there, the rest off what has not gone yet.
"""

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass

from county_server.desks.hub.sold import Sold
from county_server.desks.hub.weighing import read_quantity
from county_server.desks.pen import Refused
from station_app.ledger.shares import taken_back
from station_app.services.consignment.facts import GrowerAmount, LotCountySaleReturned
from station_app.services.consignment.lots import CONSIGNED, DIFFERENCE

TO_HUB = "hub"
FATES = (TO_HUB, DIFFERENCE)
REASONS = ("quality", "damaged", "wrong", "refused", "regret", "other")
Waiting = MutableMapping[tuple[str, str], int]
"""What has not gone down to a station for a grower: (station, person) → fen."""


@dataclass(frozen=True, slots=True)
class Back:
    """What comes back of a sale, and what is said of it."""

    sold: Sold
    body: LotCountySaleReturned

    @property
    def net_fen(self) -> int:
        """Return what growers give back, with what contracts added, or the station of its own."""
        every = (*self.body.amounts, *self.body.top_ups)
        return self.body.own_fen + sum(one.amount_fen for one in every)

    @property
    def added_fen(self) -> int:
        """Return what goes back of what contracts added."""
        return sum(one.amount_fen for one in self.body.top_ups)

    @property
    def clawed_fen(self) -> int:
        """Return how much of it had gone down: it is taken off what growers get next."""
        return sum(one.amount_fen for one in self.body.came_down)

    @property
    def borne_fen(self) -> int:
        """Return what the county bears: its buyer got it back, and nobody gives it back to it."""
        fees_fen = self.body.station_commission_fen + self.body.county_commission_fen
        return self.body.gross_fen - fees_fen - (self.net_fen - self.added_fen)


def key_of(one: Sold) -> str:
    """Return the name of its field in the form."""
    return f"back_{one.fact}"


def read_backs(parts: Sequence[Sold], form: Mapping[str, str]) -> list[tuple[Sold, int]]:
    """Return how much comes back of which parts of an order. Raises Refused.

    Of what some came back before, somebody has to be sure that it is not the same once more.
    """
    found = []
    for one in parts:
        typed = form.get(key_of(one), "").strip()
        if not typed:
            continue
        quantity = read_quantity(typed, one.unit)
        if quantity is None or quantity <= 0:
            key = "hub_pieces" if one.unit == "piece" else "hub_weight"
            raise Refused(key, number=one.number)
        if quantity > one.left:
            raise Refused("return_above", number=one.number)
        if one.backs and not form.get("sure"):
            raise Refused("return_again", number=one.number, day=one.backs[-1].day)
        found.append((one, quantity))
    if not found:
        raise Refused("return_nothing")
    if form.get("into") not in FATES:
        raise Refused("return_fate")
    if form.get("reason") not in REASONS:
        raise Refused("return_reason")
    return found


def backs_of(
    wanted: Iterable[tuple[Sold, int]], form: Mapping[str, str], waiting: Waiting, day: str
) -> tuple[Back, ...]:
    """Return what is said of each part; what it takes of `waiting` is taken off there."""
    into, reason = form["into"], form["reason"]
    return tuple(
        Back(one, _returned(one, quantity, into, reason, waiting, day)) for one, quantity in wanted
    )


def _returned(  # noqa: PLR0913 - all of one fact
    one: Sold, quantity: int, into: str, reason: str, waiting: Waiting, day: str
) -> LotCountySaleReturned:
    said, backs = one.said, one.backs

    def part(total_fen: int, back_fen: Iterable[int]) -> int:
        before = (one.back_quantity, sum(back_fen))
        return taken_back(total_fen, quantity, one.quantity, before=before)

    def parts(
        given: Sequence[GrowerAmount], back: Sequence[GrowerAmount]
    ) -> tuple[GrowerAmount, ...]:
        found = [
            (a.person, part(a.amount_fen, (b.amount_fen for b in back if b.person == a.person)))
            for a in given
        ]
        return tuple(GrowerAmount(person=person, amount_fen=fen) for person, fen in found if fen)

    amounts = parts(said.amounts, [a for b in backs for a in b.amounts])
    top_ups = parts(one.top_ups, [a for b in backs for a in b.top_ups])
    is_own = said.ownership != CONSIGNED
    return LotCountySaleReturned(
        answers=one.fact,
        ownership=said.ownership,
        quantity=quantity,
        into=into,
        reason=reason,
        gross_fen=part(said.gross_fen, (b.gross_fen for b in backs)),
        station_commission_fen=part(
            said.station_commission_fen, (b.station_commission_fen for b in backs)
        ),
        county_commission_fen=part(
            said.county_commission_fen, (b.county_commission_fen for b in backs)
        ),
        amounts=amounts,
        top_ups=top_ups,
        came_down=_came_down(one.station, (*amounts, *top_ups), waiting),
        own_fen=part(said.net_fen, (b.own_fen for b in backs)) if is_own else 0,
        cost_fen=part(said.cost_fen, (b.cost_fen for b in backs)),
        day=day,
    )


def _came_down(
    station: str, given: Sequence[GrowerAmount], waiting: Waiting
) -> tuple[GrowerAmount, ...]:
    """Return how much of it is not with the county any more, grower by grower."""
    owed: dict[str, int] = {}
    for one in given:
        owed[one.person] = owed.get(one.person, 0) + one.amount_fen
    found = []
    for person, fen in sorted(owed.items()):
        there_fen = min(fen, waiting.get((station, person), 0))
        waiting[station, person] = waiting.get((station, person), 0) - there_fen
        if fen > there_fen:
            found.append(GrowerAmount(person=person, amount_fen=fen - there_fen))
    return tuple(found)
