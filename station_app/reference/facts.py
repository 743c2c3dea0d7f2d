"""What the county says to its stations: who they are, which couriers, PCs and goods there are.

A station applies only kinds that its vocabulary lists as the county's, and shows with everything
that came down the day since which it holds.
"""

from typing import ClassVar

import msgspec

from station_app.journal.fact import Body, Private


class StationContact(Private, frozen=True, kw_only=True):
    """How to reach the station: a person's phone."""

    phone: str = ""


class StationDescribed(Body, frozen=True, kw_only=True):
    """A station as the county registers it. The latest description holds; key: `code`.

    level: county, hub, township or village; status: active, inactive_watch or closed.
    shelves: how many shelves it has (A, B, …), layers: per shelf, places: per layer.
    """

    KIND: ClassVar[str] = "station.described"
    PRIVATE: ClassVar[type[Private] | None] = StationContact
    code: str
    name: str
    level: str
    parent: str
    township: str
    village: str
    status: str
    shelves: int
    layers: int
    places: int
    day: str


class CourierPublished(Body, frozen=True, kw_only=True):
    """A courier company and how its waybills look. The latest version holds; key: `code`.

    pattern: regular expression for the whole waybill; example: one that it matches; priority:
    lower is asked first; must_confirm: 1 if the operator must name the company each time.
    remind_days, call_days, return_days: after how many days a parcel asks for each.
    """

    KIND: ClassVar[str] = "courier.published"
    code: str
    name: str
    initial: str
    pattern: str
    example: str
    priority: int
    must_confirm: int
    remind_days: int
    call_days: int
    return_days: int
    day: str


class DatedCourierPublished(CourierPublished, frozen=True, kw_only=True):
    """A courier whose form of waybills and days begin later; name and initial hold at once.

    from_day: since when they hold; until then the former ones do.
    """

    VERSION: ClassVar[int] = 2
    from_day: str = ""


class DeviceEnrolled(Body, frozen=True, kw_only=True):
    """A PC belongs to a station from now on: its key speaks for it.

    Said once more of the same PC with another key it means: that PC has renewed its key, and the
    former one speaks no more (what it signed before stays signed).

    device: "D1", …, unique in the station for ever; slot: 0-7, never two living PCs in one;
    public_key: Ed25519, 64 hex digits.
    """

    KIND: ClassVar[str] = "device.enrolled"
    REVERSIBLE: ClassVar[bool] = False
    station: str
    device: str
    slot: int
    public_key: str
    day: str


class PinAnswered(Body, frozen=True, kw_only=True):
    """Somebody at the county answered a PC whose operator was locked out, by phone.

    challenge: the eight digits that were read out there.
    """

    KIND: ClassVar[str] = "pin.answered"
    REVERSIBLE: ClassVar[bool] = False
    station: str
    device: str
    challenge: str
    day: str


PICTURE_CHARACTERS_MAX = 4_000  # a thumbnail of three thousand bytes: it travels with the goods


class ProductPublished(Body, frozen=True, kw_only=True):
    """Goods of the county's catalogue. The latest version holds; key: `code`.

    barcode: EAN-13 or EAN-8, "" for none; initials: of its pinyin; unit: the word of one piece
    (袋, 瓶); price_fen: of one; weight_grams: packed. platform, ship_fee_fen, eta_days,
    prepayment_bp: where it is bought when it is ordered, and on what terms. return_days: without a
    reason; exchange_days: when it is faulty. policy: `ok`, or `blocked` for what a station may
    not trade in; remark: why.
    """

    KIND: ClassVar[str] = "product.published"
    code: str
    barcode: str
    name: str
    initials: str
    category: str
    spec: str
    unit: str
    price_fen: int
    weight_grams: int
    platform: str
    ship_fee_fen: int
    eta_days: int
    prepayment_bp: int
    return_days: int
    exchange_days: int
    policy: str
    remark: str
    day: str


class GoodsPublished(ProductPublished, frozen=True, kw_only=True):
    """Goods of the catalogue, with a price that may begin later and a small picture.

    from_day: since when `price_fen` holds, "" for at once; until then the former price does, and
    everything else holds at once. picture: a JPEG of at most `PICTURE_CHARACTERS_MAX` characters
    in base64, "" for none.
    """

    VERSION: ClassVar[int] = 2
    from_day: str = ""
    picture: str = ""


class ProducePublished(Body, frozen=True, kw_only=True):
    """A sort of produce that growers bring. The latest version holds; key: `code`.

    code: the five digits that scales print (PLU); unit: `gram` or `piece`; word: how one piece is
    called at the counter; floor_fen, price_fen: usual, per kilogram or piece; commission_bp: the
    station's usual part; keeps_days: how long it keeps.
    """

    KIND: ClassVar[str] = "produce.published"
    code: str
    name: str
    initials: str
    category: str
    unit: str
    word: str
    floor_fen: int
    price_fen: int
    commission_bp: int
    keeps_days: int
    day: str


class DatedProducePublished(ProducePublished, frozen=True, kw_only=True):
    """A sort whose prices, part and keeping begin later; its name and unit hold at once.

    from_day: since when they hold; until then the former ones do.
    """

    VERSION: ClassVar[int] = 2
    from_day: str = ""


class GradeTerm(msgspec.Struct, frozen=True, kw_only=True):
    """A grade of a sort, and its price in per cent of the usual one."""

    name: str
    percent: int


class ProduceTermsPublished(Body, frozen=True, kw_only=True):
    """On which terms a sort of produce is taken in. The latest version holds; key: `code`.

    code: as in `ProducePublished`; grades: best first, none for what is not graded; months: in
    which it ripens, 1 to 12; promise: 1 where a certificate of promise (合格证) goes with it;
    document: the paper without which it may not be taken in (动物检疫证明), "" for none.
    """

    KIND: ClassVar[str] = "produce_terms.published"
    code: str
    grades: tuple[GradeTerm, ...]
    months: tuple[int, ...]
    promise: int
    document: str
    day: str


class DatedProduceTermsPublished(ProduceTermsPublished, frozen=True, kw_only=True):
    """Terms that begin later. from_day: since when they hold; until then the former ones do."""

    VERSION: ClassVar[int] = 2
    from_day: str = ""


class ProduceRulePublished(Body, frozen=True, kw_only=True):
    """A rule of the county for produce, by its name. The latest value holds; key: `name`.

    `check.…`: how strict an examination at intake is: `block`, `warn`, `info` or `off`;
    `trace.region`: the six digits with which trace codes begin; `trace.address`: of the public
    page; `settle.least_fen`: below which nothing is paid out; `settle.days`: days of the month on
    which is settled.
    """

    KIND: ClassVar[str] = "produce_rule.published"
    name: str
    value: str
    day: str


class DatedProduceRulePublished(ProduceRulePublished, frozen=True, kw_only=True):
    """A rule that begins later. from_day: since when it holds; until then the former value does."""

    VERSION: ClassVar[int] = 2
    from_day: str = ""


class ScaleLabelPublished(Body, frozen=True, kw_only=True):
    """What the EAN-13 of a shop scale says: a prefix, five digits of the sort, five of a value.

    prefix: 20 to 29; holds: `weight` (grams after `divisor`), `price` (fen after it) or `pieces`;
    divisor: by how much the printed value is divided. The latest version holds; key: `prefix`.
    """

    KIND: ClassVar[str] = "scale_label.published"
    prefix: str
    holds: str
    divisor: int
    day: str


class OrderTermsPublished(Body, frozen=True, kw_only=True):
    """On what terms stations order for villagers. The latest version holds; key: `code`.

    code: of whom it holds, `all`. fee_bp: the station's fee, of the goods; fee_min_fen,
    fee_max_fen: its bounds, both 0 for no fee at all. prepayment_bp: of what the catalogue does
    not have; quote_bp: how much dearer than offered it may become before the villager is asked.
    """

    KIND: ClassVar[str] = "order_terms.published"
    code: str
    fee_bp: int
    fee_min_fen: int
    fee_max_fen: int
    prepayment_bp: int
    quote_bp: int
    day: str


class DatedOrderTermsPublished(OrderTermsPublished, frozen=True, kw_only=True):
    """Terms that begin later. from_day: since when they hold; until then the former ones do."""

    VERSION: ClassVar[int] = 2
    from_day: str = ""


class BillerPublished(Body, frozen=True, kw_only=True):
    """Whose bills stations take in, by what rules, from a day on; key: `code`.

    short: at most four characters, for a button; place: where it stands among the others; category:
    its icon; label: how the account number is called; pattern, example: of one; mode: `free`,
    `choice` (only the quick amounts), `fixed` (only min_fen) or `bill` (what the bill says).
    fee_fen: the station's; policy: `queue` (taken also without a line, the county pays it in),
    `station` (settled once a month), `online_only` or `disabled`; limit_fen: the most that one
    station may hold unpaid, 0 for none; answer_days: until the villager hears how it went;
    receipt_least, receipt_most: characters of the biller's receipt number, 0 for no rule; from_day:
    from when on it holds, "" for the day of its publication.
    """

    KIND: ClassVar[str] = "biller.published"
    code: str
    name: str
    short: str
    place: int
    category: str
    label: str
    pattern: str
    example: str
    mode: str
    quick_fen: tuple[int, ...]
    min_fen: int
    max_fen: int
    fee_fen: int
    policy: str
    limit_fen: int
    answer_days: int
    receipt_least: int
    receipt_most: int
    from_day: str
    remark: str
    day: str


class PlatformPublished(Body, frozen=True, kw_only=True):
    """Until when the county buys at a platform on a day. The latest holds; key: `name`.

    cutoff: local time "11:00"; what comes later is bought the next day; "" for at any time.
    """

    KIND: ClassVar[str] = "platform.published"
    name: str
    cutoff: str
    day: str


class DatedPlatformPublished(PlatformPublished, frozen=True, kw_only=True):
    """A cut-off from `from_day` on; until then the former one holds."""

    VERSION: ClassVar[int] = 2
    from_day: str = ""


class PurchasingAccountFunded(Body, frozen=True, kw_only=True):
    """Money went into the account that the county buys with, or out of it.

    way: `put_in`, `given_back` by a platform, `taken_out`; reference: number of the transfer, ""
    for none; takes_back: identity of the fact of this kind that was a slip, "" for none: then this
    one moves the same amount the other way.
    """

    KIND: ClassVar[str] = "purchasing_account.funded"
    REVERSIBLE: ClassVar[bool] = False
    way: str
    amount_fen: int
    reference: str
    takes_back: str
    day: str


class PurchasingAccountCounted(Body, frozen=True, kw_only=True):
    """Somebody looked what the account that the county buys with holds; counting begins anew.

    shown_fen: what the bank or the platform shows; expected_fen: what the desk had made of it,
    equal to `shown_fen` at the first time.
    """

    KIND: ClassVar[str] = "purchasing_account.counted"
    REVERSIBLE: ClassVar[bool] = False
    shown_fen: int
    expected_fen: int
    day: str


class SendingZonePublished(Body, frozen=True, kw_only=True):
    """What a courier takes for a parcel that villagers send into a zone; key: `courier`, `zone`.

    zone: code; provinces: how addresses in it begin ("河南"), none for everywhere else; first_fen:
    for the first `first_grams`, further_fen: for each further `further_grams`, begun ones counted;
    fee_fen: the station's part of the price; most_grams: heavier ones are not taken; days: on the
    road; route: the sorting word in large type on the label, "" for none; is_open: 0 where the
    courier takes nothing any more; from_day: from when on it holds, "" for the day of its
    publication.
    """

    KIND: ClassVar[str] = "sending_zone.published"
    courier: str
    zone: str
    name: str
    provinces: tuple[str, ...]
    first_grams: int
    first_fen: int
    further_grams: int
    further_fen: int
    fee_fen: int
    most_grams: int
    days: int
    route: str
    is_open: int
    from_day: str
    day: str


class BrandLicencePublished(Body, frozen=True, kw_only=True):
    """Leave to print a common mark on labels of a sort (统一标识). The latest holds; key: `code`.

    mark: its words on the label; produce: code; station: code of the one that has leave, "" for
    every one; quota: how much each may mark, in grams or pieces; least_fen, most_fen: the price per
    kilogram or piece must lie between; is_open: 0 once it is taken back.
    """

    KIND: ClassVar[str] = "brand_licence.published"
    code: str
    mark: str
    produce: str
    station: str
    quota: int
    least_fen: int
    most_fen: int
    from_day: str
    until_day: str
    is_open: int
    day: str


class SettingPublished(Body, frozen=True, kw_only=True):
    """How something is done at the counters. The latest holds; key: `name` and `station`.

    name: of `reference.settings`; station: code of the one for which it holds, "" for all that
    have none of their own; value: as the setting writes it.
    """

    KIND: ClassVar[str] = "setting.published"
    name: str
    station: str
    value: str
    day: str


class DatedSettingPublished(SettingPublished, frozen=True, kw_only=True):
    """A setting from `from_day` on; until then the former one holds."""

    VERSION: ClassVar[int] = 2
    from_day: str = ""


class CountyKeyAnnounced(Body, frozen=True, kw_only=True):
    """The county has a signing key of this number, and may sign with it some day.

    Whoever believes the key that signed this believes that one, too. number: from 1, which is the
    key that the county was made with; public_key: Ed25519, 64 hex digits.
    """

    KIND: ClassVar[str] = "county_key.announced"
    REVERSIBLE: ClassVar[bool] = False
    number: int
    public_key: str
    day: str


class CountyKeyTakenUp(Body, frozen=True, kw_only=True):
    """From now on the county signs with the key of this number; lower ones sign nothing new."""

    KIND: ClassVar[str] = "county_key.taken_up"
    REVERSIBLE: ClassVar[bool] = False
    number: int
    day: str


class DeviceKeyAsked(Body, frozen=True, kw_only=True):
    """The county asks a PC of a station to renew its key, as soon as it hears of it."""

    KIND: ClassVar[str] = "device_key.asked"
    REVERSIBLE: ClassVar[bool] = False
    station: str
    device: str
    day: str


FROM_COUNTY: tuple[type[Body], ...] = (
    StationDescribed,
    CourierPublished,
    DeviceEnrolled,
    PinAnswered,
    ProductPublished,
    ProducePublished,
    ProduceTermsPublished,
    ProduceRulePublished,
    ScaleLabelPublished,
    OrderTermsPublished,
    BillerPublished,
    PlatformPublished,
    PurchasingAccountFunded,
    PurchasingAccountCounted,
    SendingZonePublished,
    BrandLicencePublished,
    SettingPublished,
    CountyKeyAnnounced,
    CountyKeyTakenUp,
    DeviceKeyAsked,
)
