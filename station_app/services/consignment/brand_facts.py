"""What is said of the quota of a common mark, beside the lot that bears it (`LotBranded`)."""

from typing import ClassVar

from station_app.journal.fact import Body


class BrandQuotaDrawn(Body, frozen=True, kw_only=True):
    """The labels of a lot use up so much of a licence's quota here. Key: `licence`, its code.

    lot: whose labels; quota: as it was known when they were printed; unit: `gram` or `piece`.
    """

    KIND: ClassVar[str] = "brand_quota.drawn"
    CARRIES_NOTHING: ClassVar[bool] = True
    licence: str
    mark: str
    lot: str
    quantity: int
    quota: int
    unit: str
    day: str
