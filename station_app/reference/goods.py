"""Goods as the county publishes them: catalogue, sorts of produce, and what scale labels say.

The latest publication of a code holds, whichever came first, and its prices from their day on.
A product has the unit and the price
of one piece; produce is priced by the kilogram or by the piece.
"""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import (
    DatedProducePublished,
    GoodsPublished,
    ProducePublished,
    ProductPublished,
    ScaleLabelPublished,
)
from station_app.reference.versions import begun, with_new

WEIGHT, PRICE, PIECES = "weight", "price", "pieces"


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """Goods of the catalogue; see `facts.ProductPublished` and `facts.GoodsPublished`.

    since: of which day the price is; next_fen holds from next_day on, "" for none that is known.
    """

    code: str
    barcode: str
    name: str
    initials: str
    category: str
    spec: str
    unit: str
    price_fen: int
    policy: str
    remark: str
    since: str
    platform: str = ""
    ship_fee_fen: int = 0
    eta_days: int = 0
    prepayment_bp: int = 0
    return_days: int = 0
    exchange_days: int = 0
    next_fen: int = 0
    next_day: str = ""
    picture: str = ""

    def priced_on(self, day: str) -> tuple[int, str]:
        """Return the price of a day, and since when it holds."""
        has_begun = bool(self.next_day) and self.next_day <= day
        return (self.next_fen, self.next_day) if has_begun else (self.price_fen, self.since)


class ProducePrices(msgspec.Struct, frozen=True, kw_only=True):
    """What is usual for a sort from `from_day` on; see `facts.ProducePublished`."""

    floor_fen: int = 0
    price_fen: int = 0
    commission_bp: int = 0
    keeps_days: int = 0
    from_day: str = ""


class Produce(msgspec.Struct, frozen=True, kw_only=True):
    """A sort of produce with every version that still matters, by the day of each."""

    code: str
    name: str
    initials: str
    unit: str
    word: str
    versions: tuple[ProducePrices, ...]

    def on(self, day: str) -> ProducePrices:
        """Return what is usual on a day; the first of all is it before its day, too."""
        return begun(self.versions, day) or self.versions[0]


class ScaleLabel(msgspec.Struct, frozen=True, kw_only=True):
    """What labels with a prefix hold."""

    prefix: str
    holds: str
    divisor: int
    since: str


def fold_product(state: Product | None, told: Told) -> Product:
    """Take the newer publication whole; until a price begins, the one of that day holds."""
    body: ProductPublished = told.body
    from_day = getattr(body, "from_day", "")
    price_fen, since, next_fen, next_day = body.price_fen, body.day, 0, ""
    if from_day > body.day and state is not None:
        price_fen, since = state.priced_on(body.day)
        next_fen, next_day = body.price_fen, from_day
    return Product(
        code=body.code,
        barcode=body.barcode,
        name=body.name,
        initials=body.initials,
        category=body.category,
        spec=body.spec,
        unit=body.unit,
        price_fen=price_fen,
        policy=body.policy,
        remark=body.remark,
        since=since,
        platform=body.platform,
        ship_fee_fen=body.ship_fee_fen,
        eta_days=body.eta_days,
        prepayment_bp=body.prepayment_bp,
        return_days=body.return_days,
        exchange_days=body.exchange_days,
        next_fen=next_fen,
        next_day=next_day,
        picture=getattr(body, "picture", ""),
    )


def fold_produce(state: Produce | None, told: Told) -> Produce:
    """Take the newer name and unit; put the prices among the others by their day."""
    body: ProducePublished = told.body
    prices = ProducePrices(
        floor_fen=body.floor_fen,
        price_fen=body.price_fen,
        commission_bp=body.commission_bp,
        keeps_days=body.keeps_days,
        from_day=getattr(body, "from_day", "") or body.day,
    )
    return Produce(
        code=body.code,
        name=body.name,
        initials=body.initials,
        unit=body.unit,
        word=body.word,
        versions=with_new(state.versions if state else (), prices, body.day),
    )


def fold_scale_label(_state: ScaleLabel | None, told: Told) -> ScaleLabel:
    """Take the newer publication whole."""
    body: ScaleLabelPublished = told.body
    return ScaleLabel(prefix=body.prefix, holds=body.holds, divisor=body.divisor, since=body.day)


PRODUCT = EntityKind(
    name="product",
    state=Product,
    facts=(ProductPublished, GoodsPublished),
    fold=fold_product,
    natural_key={
        ProductPublished: lambda told: str(told.body.code),
        GoodsPublished: lambda told: str(told.body.code),
    },
    columns=Columns(
        table="products",
        fields=(
            ("code", "TEXT"),
            ("barcode", "TEXT"),
            ("name", "TEXT"),
            ("initials", "TEXT"),
            ("spec", "TEXT"),
            ("unit", "TEXT"),
            ("price_fen", "INTEGER"),
            ("policy", "TEXT"),
            ("remark", "TEXT"),
            ("since", "TEXT"),
            ("platform", "TEXT"),
            ("ship_fee_fen", "INTEGER"),
            ("eta_days", "INTEGER"),
            ("prepayment_bp", "INTEGER"),
            ("return_days", "INTEGER"),
            ("exchange_days", "INTEGER"),
            ("next_fen", "INTEGER"),
            ("next_day", "TEXT"),
        ),
        row=lambda p: (
            p.code,
            p.barcode,
            p.name,
            p.initials,
            p.spec,
            p.unit,
            p.price_fen,
            p.policy,
            p.remark,
            p.since,
            p.platform,
            p.ship_fee_fen,
            p.eta_days,
            p.prepayment_bp,
            p.return_days,
            p.exchange_days,
            p.next_fen,
            p.next_day,
        ),
        indexes=(("code",), ("barcode",)),
    ),
)

PRODUCE = EntityKind(
    name="produce",
    state=Produce,
    facts=(ProducePublished, DatedProducePublished),
    fold=fold_produce,
    natural_key={
        ProducePublished: lambda told: str(told.body.code),
        DatedProducePublished: lambda told: str(told.body.code),
    },
    columns=Columns(
        table="produce",
        fields=(
            ("code", "TEXT"),
            ("name", "TEXT"),
            ("initials", "TEXT"),
            ("unit", "TEXT"),
            ("word", "TEXT"),
        ),
        row=lambda p: (
            p.code,
            p.name,
            p.initials,
            p.unit,
            p.word,
        ),
        indexes=(("code",), ("name",)),
    ),
)

SCALE_LABEL = EntityKind(
    name="scale_label",
    state=ScaleLabel,
    facts=(ScaleLabelPublished,),
    fold=fold_scale_label,
    natural_key={ScaleLabelPublished: lambda told: str(told.body.prefix)},
    columns=Columns(
        table="scale_labels",
        fields=(("prefix", "TEXT"), ("holds", "TEXT"), ("divisor", "INTEGER")),
        row=lambda label: (label.prefix, label.holds, label.divisor),
    ),
)
