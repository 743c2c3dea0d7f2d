"""Prices that rise: above five percent somebody says why, before two publish it.

The reason stands in the audit beside who published it: a villager or an office that asks why goods
became dearer gets an answer months later. A few rises have a reason each; a whole sheet has one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from county_server.goods_sheets import code_of
from county_server.master import Known, Plan
from county_server.web.forms import Form
from station_app.journal.fact import Body
from station_app.reference.facts import ProductPublished, SendingZonePublished
from station_app.values.money import yuan_plain

PERMILLE_MAX = 50  # a price may rise by so much without a word
EACH_MAX = 10  # of rises that have a field each
WHY_CHARACTERS_MAX = 100
PRICES: Mapping[type[Body], str] = {  # what villagers pay
    ProductPublished: "price_fen",
    SendingZonePublished: "first_fen",
}
WHY, WHY_ALL = "why_", "why_all"  # names of the fields


@dataclass(frozen=True, slots=True)
class Move:
    """How a price moves. permille: above 0 it rises."""

    code: str
    name: str
    was_fen: int
    now_fen: int

    @property
    def permille(self) -> int:
        """Return by how much it moves, of a thousand, rounded."""
        difference = abs(self.now_fen - self.was_fen)
        parts = (difference * 1000 + self.was_fen // 2) // self.was_fen
        return parts if self.now_fen > self.was_fen else -parts

    @property
    def percent(self) -> str:
        """Return "9.5": by how much, without which way."""
        whole, tenth = divmod(abs(self.permille), 10)
        return f"{whole}.{tenth}"

    @property
    def needs_why(self) -> bool:
        """Tell whether somebody has to say why."""
        return (self.now_fen - self.was_fen) * 1000 > self.was_fen * PERMILLE_MAX

    def told(self, why: str) -> str:
        """Return the line of the audit."""
        prices = f"{yuan_plain(self.was_fen)} → {yuan_plain(self.now_fen)}"
        return f"{self.code} {prices} +{self.percent}% {why}"


def move_of(body: Body, before: Body | None) -> Move | None:
    """Return how the price of a publication moves, None for one that has none or had none."""
    field = next((name for kind, name in PRICES.items() if isinstance(body, kind)), "")
    if not field or before is None:
        return None
    now, was = msgspec.structs.asdict(body), msgspec.structs.asdict(before)
    if not was[field] or was[field] == now[field]:
        return None
    return Move(code_of(body)[1], str(now["name"]), was[field], now[field])


def rises(made: Plan, known: Known) -> list[Move]:
    """Return the prices of a plan that somebody has to say a word about."""
    moves = (move_of(step.body, known.goods.get(code_of(step.body))) for step in made.steps)
    return [one for one in moves if one is not None and one.needs_why]


def reasons(found: Sequence[Move], form: Form) -> dict[str, str]:
    """Return what the form says about each rise, by code; "" where it says nothing."""
    for_all = form.get(WHY_ALL)
    said = {one.code: form.get(f"{WHY}{one.code}") or for_all for one in found}
    return {code: why[:WHY_CHARACTERS_MAX] for code, why in said.items()}
