"""What a station has used of a licence's quota, and when two PCs together went beyond it. Pure.

A PC judges by what it knows, so two that have not heard of each other may each be right and both
together too many. Nothing is refused afterwards: the labels are on the boxes. It is a case, at the
station and at the county, with the lot that was the last within the quota and those beyond it.
"""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.consignment.brand_facts import BrandQuotaDrawn

OVER_QUOTA = "consignment.mark_over_quota"


class Drawing(msgspec.Struct, frozen=True, kw_only=True):
    """One lot's labels. fact: that said so."""

    fact: str
    quantity: int


class BrandUse(msgspec.Struct, frozen=True, kw_only=True):
    """What is used of a licence here. quota: as it was known last; drawings: in their order."""

    licence: str = ""
    mark: str = ""
    unit: str = ""
    quota: int = 0
    drawings: tuple[Drawing, ...] = ()

    @property
    def used(self) -> int:
        """Return how much bears the mark."""
        return sum(one.quantity for one in self.drawings)


def fold_use(state: BrandUse | None, told: Told) -> BrandUse:
    """Add what a lot's labels use."""
    body: BrandQuotaDrawn = told.body
    before = state.drawings if state else ()
    drawing = Drawing(fact=told.identity, quantity=body.quantity)
    return BrandUse(
        licence=body.licence, mark=body.mark, unit=body.unit, quota=body.quota,
        drawings=(*before, drawing),
    )  # fmt: skip


def use_cases(state: BrandUse) -> Cases:
    """Return that the quota is exceeded, with both sides: the last one within it, those beyond."""
    used = 0
    for number, one in enumerate(state.drawings):
        used += one.quantity
        if used > state.quota:
            return {OVER_QUOTA: tuple(d.fact for d in state.drawings[max(0, number - 1) :])}
    return {}


BRAND_USE = EntityKind(
    name="brand_use",
    state=BrandUse,
    facts=(BrandQuotaDrawn,),
    fold=fold_use,
    natural_key={BrandQuotaDrawn: lambda told: str(told.body.licence)},
    cases=use_cases,
    columns=Columns(
        table="brand_uses",
        fields=(("licence", "TEXT"), ("used", "INTEGER"), ("quota", "INTEGER")),
        row=lambda one: (one.licence, one.used, one.quota),
        indexes=(("licence",),),
    ),
)
