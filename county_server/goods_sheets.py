"""The sheets of what is published: goods, scale labels, order terms, billers, zones, settings.

One row is one publication. Goods that nobody may trade in stay in the sheet and are published as
blocked, so that a counter says why instead of not knowing them.
"""

import re
from collections.abc import Callable, Sequence

from stdnum import ean

from county_server import biller_sheets, brand_sheet, zone_sheet
from county_server.setting_sheet import COLUMNS as SETTING_COLUMNS
from county_server.setting_sheet import SETTINGS_SHEET, read_setting
from county_server.sheets import Row
from station_app.journal.fact import Body
from station_app.reference.facts import (
    BillerPublished,
    BrandLicencePublished,
    DatedOrderTermsPublished,
    DatedPlatformPublished,
    DatedProducePublished,
    DatedProduceRulePublished,
    DatedProduceTermsPublished,
    GoodsPublished,
    GradeTerm,
    OrderTermsPublished,
    PlatformPublished,
    ProducePublished,
    ProduceRulePublished,
    ProduceTermsPublished,
    ProductPublished,
    ScaleLabelPublished,
    SendingZonePublished,
    SettingPublished,
)

PRODUCTS, PRODUCE, SCALE_LABELS = "products.csv", "produce.csv", "scale_labels.csv"
ORDER_TERMS = "order_terms.csv"
PRODUCE_RULES, PLATFORMS = "produce_rules.csv", "platforms.csv"
COLUMNS = {
    PRODUCTS: ("sku", "barcode", "name", "unit", "price_fen", "sale_policy"),
    PRODUCE: ("plu", "name", "unit", "floor_price_fen_per_unit", "typical_price_fen_per_unit"),
    SCALE_LABELS: ("prefix", "holds", "divisor"),
    ORDER_TERMS: ("code", "fee_bp", "fee_min_fen", "fee_max_fen", "prepayment_bp", "quote_bp"),
    biller_sheets.BILLERS: biller_sheets.COLUMNS,
    zone_sheet.ZONES: zone_sheet.COLUMNS,
    brand_sheet.BRANDS: brand_sheet.COLUMNS,
    **SETTING_COLUMNS,
    PRODUCE_RULES: ("name", "value"),
    PLATFORMS: ("name", "cutoff"),
}
CODES = {
    PRODUCTS: ("sku",),
    PRODUCE: ("plu",),
    SCALE_LABELS: ("prefix",),
    ORDER_TERMS: ("code",),
    biller_sheets.BILLERS: ("biller_code",),
    zone_sheet.ZONES: ("courier_code", "zone_code"),
    brand_sheet.BRANDS: ("licence_code",),
    SETTINGS_SHEET: ("name", "station"),
    PRODUCE_RULES: ("name",),
    PLATFORMS: ("name",),
}
NAME_MAX = 40
WORDS_MAX = 120
PRICE_MAX = 99_999_999  # just below a million yuan: nothing on a shelf costs more
GRAMS_MAX = 9_999_999
DAYS_MAX = 3_650
WHOLE_BP = 10_000
PLATFORM_MAX = 12
CUTOFF = re.compile(r"(([01][0-9]|2[0-3]):[0-5][0-9])?", re.ASCII)
UNITS = {"kg": "gram", "head": "piece", "piece": "piece"}
_SKU = re.compile(r"[A-Z][A-Z0-9]{1,15}", re.ASCII)
_PLU = re.compile(r"[0-9]{5}", re.ASCII)
_PREFIX = re.compile(r"2[0-9]", re.ASCII)
_RULE = re.compile(r"[a-z]+(\.[a-z0-9_]+)+", re.ASCII)
RULE_MAX = 200  # a sentence and its promises, with bars between
_LEVEL = re.compile(r"block|warn|info|off", re.ASCII)
_GRADE_MAX, _GRADES_MAX, _PERCENT_MAX = 6, 4, 500  # signs of a label, digits of a row, five-fold
_BETWEEN, _SPAN = "|", "-"
_INITIALS = re.compile(r"[a-z0-9]{0,40}", re.ASCII)


def read_product(row: Row, day: str) -> GoodsPublished:
    """Return the publication that a row of the catalogue gives; its picture comes another way."""
    barcode = row.cell("barcode")
    if barcode and not ean.is_valid(barcode):
        detail = f"{barcode!r} is no EAN"
        row.note("barcode", "WRONG_FORM", detail, found=barcode, example="9524113000012")
    return GoodsPublished(
        code=row.matching("sku", _SKU, "P0001"),
        barcode=barcode,
        name=row.text("name", most=NAME_MAX),
        initials=row.matching("pinyin_initials", _INITIALS, "dbdm"),
        category=row.text("category", most=NAME_MAX, needed=False),
        spec=row.text("spec", most=NAME_MAX, needed=False),
        unit=row.text("unit", most=4),
        price_fen=row.number("price_fen", 0, PRICE_MAX),
        weight_grams=row.number("weight_g", 0, GRAMS_MAX, 0),
        platform=row.text("platform", most=NAME_MAX, needed=False),
        ship_fee_fen=row.number("ship_fee_fen", 0, PRICE_MAX, 0),
        eta_days=row.number("eta_days", 0, DAYS_MAX, 0),
        prepayment_bp=row.number("prepayment_bp", 0, WHOLE_BP, WHOLE_BP),
        return_days=7 * row.number("seven_day_return", 0, 1, 0),
        exchange_days=row.number("exchange_days", 0, DAYS_MAX, 0),
        policy=row.one_of("sale_policy", ("ok", "blocked")),
        remark=row.text("remark", most=WORDS_MAX, needed=False),
        from_day=row.from_day(),
        day=day,
    )


def read_produce(row: Row, day: str) -> ProducePublished:
    """Return the publication that a row of produce gives."""
    unit = row.one_of("unit", UNITS)
    said = ProducePublished(
        code=row.matching("plu", _PLU, "10001"),
        name=row.text("name", most=NAME_MAX),
        initials=row.matching("pinyin_initials", _INITIALS, "cmyt"),
        category=row.text("category", most=NAME_MAX, needed=False),
        unit=UNITS.get(unit, "gram"),
        word=row.text("counter_unit", most=4, needed=False),
        floor_fen=row.number("floor_price_fen_per_unit", 0, PRICE_MAX),
        price_fen=row.number("typical_price_fen_per_unit", 0, PRICE_MAX),
        commission_bp=row.number("commission_bp", 0, WHOLE_BP, 0),
        keeps_days=row.number("shelf_life_days", 0, DAYS_MAX, 0),
        day=day,
    )
    return row.dated(said, DatedProducePublished)


def read_terms(row: Row, day: str) -> ProduceTermsPublished:
    """Return on which terms a row of produce is taken in."""
    document = row.cell("cert_or_document")
    needs_promise = row.number("promise_cert_required_category", 0, 1, 0)
    said = ProduceTermsPublished(
        code=row.cell("plu"),
        grades=_grades(row),
        months=_months(row),
        promise=needs_promise,
        document="" if needs_promise else document[:WORDS_MAX],
        day=day,
    )
    return row.dated(said, DatedProduceTermsPublished)


def _grades(row: Row) -> tuple[GradeTerm, ...]:
    """Return the grades with their prices; both lists are of one length."""
    names = [part.strip() for part in row.cell("grades").split(_BETWEEN) if part.strip()]
    percents = [p.strip() for p in row.cell("grade_price_pct").split(_BETWEEN) if p.strip()]
    is_good = len(names) <= _GRADES_MAX and all(len(name) <= _GRADE_MAX for name in names)
    are_numbers = all(p.isascii() and p.isdigit() and int(p) <= _PERCENT_MAX for p in percents)
    if not is_good or not are_numbers or len(names) != len(percents):
        found = row.cell("grade_price_pct")
        detail = f"{names} do not go with {percents}"
        row.note("grade_price_pct", "WRONG_FORM", detail, found=found, example="100|85|65")
        return ()
    return tuple(
        GradeTerm(name=name, percent=int(percent))
        for name, percent in zip(names, percents, strict=True)
    )


def _months(row: Row) -> tuple[int, ...]:
    """Return the months of "5-6", "9-12|1" or "11-2"; none for what grows all the year."""
    found: list[int] = []
    text = row.cell("season_months")
    for part in filter(None, text.split(_BETWEEN)):
        first, _, last = part.partition(_SPAN)
        ends = (first.strip(), (last or first).strip())
        if not all(e.isascii() and e.isdigit() and 1 <= int(e) <= 12 for e in ends):
            row.note("season_months", "WRONG_FORM", f"{part!r}", found=text, example="9-12")
            return ()
        start, end = (int(e) for e in ends)
        found += [(month - 1) % 12 + 1 for month in range(start, end + 1 + 12 * (end < start))]
    return tuple(sorted(set(found)))


def read_rule(row: Row, day: str) -> ProduceRulePublished:
    """Return the publication that a row of rules gives."""
    name = row.matching("name", _RULE, "check.season")
    is_check = name.startswith("check.")
    value = row.matching("value", _LEVEL, "warn") if is_check else row.text("value", most=RULE_MAX)
    return row.dated(
        ProduceRulePublished(name=name, value=value, day=day), DatedProduceRulePublished
    )


def read_scale_label(row: Row, day: str) -> ScaleLabelPublished:
    """Return the publication that a row of scale labels gives."""
    return ScaleLabelPublished(
        prefix=row.matching("prefix", _PREFIX, "20"),
        holds=row.one_of("holds", ("weight", "price", "pieces")),
        divisor=row.number("divisor", 1, 1_000),
        day=day,
    )


def read_order_terms(row: Row, day: str) -> OrderTermsPublished:
    """Return the publication that a row of terms gives."""
    said = OrderTermsPublished(
        code=row.one_of("code", ("all",)),
        fee_bp=row.number("fee_bp", 0, WHOLE_BP),
        fee_min_fen=row.number("fee_min_fen", 0, PRICE_MAX),
        fee_max_fen=row.number("fee_max_fen", 0, PRICE_MAX),
        prepayment_bp=row.number("prepayment_bp", 0, WHOLE_BP),
        quote_bp=row.number("quote_bp", 0, WHOLE_BP),
        day=day,
    )
    return row.dated(said, DatedOrderTermsPublished)


def read_platform(row: Row, day: str) -> PlatformPublished:
    """Return the publication that a row of platforms gives."""
    said = PlatformPublished(
        name=row.text("name", most=PLATFORM_MAX),
        cutoff=row.matching("cutoff", CUTOFF, "11:00"),
        day=day,
    )
    return row.dated(said, DatedPlatformPublished)


READERS: Sequence[tuple[str, Callable[[Row, str], Body]]] = (
    (PRODUCTS, read_product),
    (PRODUCE, read_produce),
    (PRODUCE, read_terms),
    (SCALE_LABELS, read_scale_label),
    (ORDER_TERMS, read_order_terms),
    (biller_sheets.BILLERS, biller_sheets.read_biller),
    (zone_sheet.ZONES, zone_sheet.read_zone),
    (brand_sheet.BRANDS, brand_sheet.read_brand),
    (PRODUCE_RULES, read_rule),
    (PLATFORMS, read_platform),
    (SETTINGS_SHEET, read_setting),
)
GOODS = (
    ProductPublished,
    ProducePublished,
    ProduceTermsPublished,
    ProduceRulePublished,
    ScaleLabelPublished,
    OrderTermsPublished,
    BillerPublished,
    PlatformPublished,
    SendingZonePublished,
    BrandLicencePublished,
    SettingPublished,
)
_KEYS = {
    ScaleLabelPublished.KIND: "prefix",
    ProduceRulePublished.KIND: "name",
    PlatformPublished.KIND: "name",
}


def code_of(body: Body) -> tuple[str, str]:
    """Return the kind and the key of a publication."""
    if isinstance(body, SettingPublished):
        return body.KIND, f"{body.name}|{body.station}"
    if isinstance(body, SendingZonePublished):
        return body.KIND, f"{body.courier}|{body.zone}"
    return body.KIND, str(getattr(body, _KEYS.get(body.KIND, "code"), ""))
