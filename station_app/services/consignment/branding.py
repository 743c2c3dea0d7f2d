"""A common mark on labels (统一标识): only while a licence holds, within quota and prices. Pure.

What was printed while the licence held may leave after it has ended: then somebody says that the
mark is off the labels, and before that it does not leave. What two PCs used of a quota without
hearing of each other stands in `brand_quotas`.
"""

from dataclasses import dataclass

from station_app.journal.fact import Saying
from station_app.ledger.rounding import GRAM
from station_app.reference.brands import BrandLicence
from station_app.reference.produce import Sort
from station_app.services.consignment.facts import BrandQuotaDrawn, LotBranded
from station_app.services.consignment.lots import Lot
from station_app.values.day import say_day
from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal
from station_app.values.weight import say_jin


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking:
    """A lot whose labels would bear a mark. used: of the quota, before it."""

    licence: BrandLicence
    used: int
    sort: Sort
    grade: str
    quantity: int

    def why_not(self, day: str) -> Refusal | None:
        """Return why its labels may not bear the mark; None where they may."""
        licence, mark = self.licence, self.licence.mark
        if not licence.holds_on(day):
            is_early = bool(licence.is_open) and day < licence.from_day
            key = "MARK_NOT_YET" if is_early else "MARK_ENDED"
            said = licence.from_day if is_early else min(licence.until_day, day)
            return Refusal(f"consignment.{key}", {"mark": mark, "day": say_day(said, day)})
        if not licence.least_fen <= self.sort.price_of(self.grade) <= licence.most_fen:
            band = {"least": say_yuan(licence.least_fen), "most": say_yuan(licence.most_fen)}
            return Refusal("consignment.MARK_PRICE", {"mark": mark, **band})
        left = max(0, licence.quota - self.used)
        if self.quantity > left:
            words = say_jin(left) if self.sort.unit == GRAM else str(left)
            return Refusal("consignment.MARK_QUOTA", {"mark": mark, "left": words})
        return None

    def said_of(self, lot: str, day: str) -> tuple[Saying, ...]:
        """Return what is said of the lot, and of the quota."""
        body = LotBranded(
            licence=self.licence.code, mark=self.licence.mark, quantity=self.quantity,
            price_fen=self.sort.price_of(self.grade), until_day=self.licence.until_day, day=day,
        )  # fmt: skip
        used = BrandQuotaDrawn(
            licence=self.licence.code, mark=self.licence.mark, lot=lot, quantity=self.quantity,
            quota=self.licence.quota, unit=self.sort.unit, day=day,
        )  # fmt: skip
        return Saying(body, entity=lot), Saying(used)


def why_marked(lot: Lot, *, is_unmarked: bool, day: str) -> Refusal | None:
    """Return why a lot does not leave: its mark holds no longer, and nobody took it off."""
    if not lot.mark or lot.mark_until >= day or is_unmarked:
        return None
    slots = {"mark": lot.mark, "day": say_day(lot.mark_until, day)}
    return Refusal("consignment.MARK_RUN_OUT", slots)
