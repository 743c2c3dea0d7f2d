"""What the hub says of what came: typed weights become facts, and a difference gets its bearer.

All of it is pure. A weight is never taken for a number of pieces, nor the other way round; what was
left empty has not come yet and stays on the road.
"""

from dataclasses import dataclass

from county_server.desks.hub.arrivals import Differing, Sent
from county_server.desks.pen import Refused
from station_app.ledger.rounding import PIECE, line_fen
from station_app.services.consignment.facts import LotDifferenceDecided, LotReceivedBecause
from station_app.services.consignment.lots import OWN
from station_app.services.consignment.rules import (
    BY_COUNTY,
    BY_GROWER,
    BY_STATION,
    amounts_for,
    cost_of,
)
from station_app.values.money import parse_yuan
from station_app.values.weight import KILOGRAM, parse_weight

REASONS = ("damaged", "short", "scale", "other")
BEARERS = (BY_COUNTY, BY_STATION, BY_GROWER)
ALLOWED_PERMILLE, ALLOWED_LEAST = 5, 200  # half a per cent; below 200 g nobody weighs twice
MUCH_PERCENT = 50  # of what was sent: that is a slipped key, or the wrong package
QUANTITY_MAX = 10_000_000
GRADE_MAX = 20
PRICE_MAX = 10_000_000  # fen a kilogram or piece


@dataclass(frozen=True, slots=True)
class Weighed:
    """A line of what came, as it was typed. got: in grams or pieces; reason: of REASONS, or ""."""

    sent: Sent
    got: int
    grade: str = ""
    reason: str = ""

    @property
    def difference(self) -> int:
        """Return what did not come; below 0: more came."""
        return self.sent.quantity - self.got


def read_quantity(text: str, unit: str) -> int | None:
    """Return kilograms that were typed in grams, or pieces; None for what is neither."""
    if unit == PIECE:
        bare = text.strip()
        return int(bare) if bare.isascii() and bare.isdigit() and len(bare) <= 7 else None
    return parse_weight(text, KILOGRAM)


def weighed(sent: Sent, text: str, grade: str, *, is_sure: bool, reason: str = "") -> Weighed:
    """Return what was typed of a line. is_sure: much less or more is so. Raises Refused."""
    got = read_quantity(text, sent.unit)
    if got is None or not 0 <= got <= QUANTITY_MAX:
        key = "hub_pieces" if sent.unit == PIECE else "hub_weight"
        raise Refused(key, number=sent.number)
    if len(grade) > GRADE_MAX:
        raise Refused("hub_grade", most=GRADE_MAX)
    much = abs(sent.quantity - got) * 100 > sent.quantity * MUCH_PERCENT
    if much and not is_sure:
        raise Refused("hub_much", number=sent.number)
    why = reason if reason in REASONS and got != sent.quantity else ""
    return Weighed(sent, got, "" if grade == sent.state.grade else grade, why)


def is_allowed(difference: int, sent: int) -> bool:
    """Tell whether a difference is what the road and two scales explain."""
    return abs(difference) <= allowed_of(sent)


def allowed_of(sent: int) -> int:
    """Return how much that is."""
    return max(ALLOWED_LEAST, sent * ALLOWED_PERMILLE // 1000)


def received(line: Weighed, day: str) -> LotReceivedBecause:
    """Return what is said of a line."""
    return LotReceivedBecause(
        answers=line.sent.fact,
        quantity=line.got,
        difference=line.difference,
        grade=line.grade,
        day=day,
        reason=line.reason,
    )


def decided(one: Differing, bearer: str, price: str, day: str) -> LotDifferenceDecided:
    """Return where a difference went. price: yuan a kilogram or piece, for what growers get.

    More than was sent is put down to the scales: it counts as the station said. Raises Refused.
    """
    state, lost = one.state, one.state.difference
    if lost < 0:
        return LotDifferenceDecided(
            answers=one.received, found=lost, lost=0, bearer=BY_STATION, amounts=(),
            cost_fen=0, person="", day=day,
        )  # fmt: skip
    if bearer not in BEARERS:
        raise Refused("hub_bearer")
    is_own = state.ownership == OWN
    if is_own and bearer == BY_GROWER and not state.seller:
        raise Refused("hub_seller")
    worth_fen = 0
    if not is_own and bearer != BY_GROWER:
        fen = parse_yuan(price)
        if fen is None or not 0 < fen <= PRICE_MAX:
            raise Refused("hub_price")
        worth_fen = line_fen(lost, fen, one.unit)
    return LotDifferenceDecided(
        answers=one.received,
        found=0,
        lost=lost,
        bearer=bearer,
        amounts=amounts_for(state, worth_fen) if worth_fen else (),
        cost_fen=cost_of(state, lost) if is_own else 0,
        person=state.seller if is_own and bearer == BY_GROWER else "",
        day=day,
    )
