"""A sheet that was brought in and is not published yet, and what it would change.

A draft lies in the county's database, one per sheet, until it is published by two or another takes
its place. It is judged anew each time it is looked at: what the county says meanwhile counts.
"""

import csv
import io
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from county_server import brand_sheet, contract_sheet
from county_server.brand_sheet import BRANDS
from county_server.contract_sheet import CONTRACTS
from county_server.county import County
from county_server.desks.master.rises import Move, move_of
from county_server.goods_sheets import CODES, PRODUCE, PRODUCE_RULES, SCALE_LABELS, UNITS, code_of
from county_server.master import COURIERS, Known, Plan, Problems, plan
from county_server.setting_sheet import SETTINGS_SHEET
from county_server.sheets import FILE_BYTES_MAX
from county_server.staff import roles
from county_server.store import Store
from county_server.zone_sheet import ZONES
from station_app.journal.fact import Body
from station_app.reference.facts import (
    BillerPublished,
    BrandLicencePublished,
    CourierPublished,
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
from station_app.services.consignment.facts import ContractAgreed
from station_app.values.masks import mask_name
from station_app.values.money import yuan_plain
from station_app.values.weight import say_kg

PRICE_JUMP = 5  # a price so many times the former one is asked about: fen for yuan, most often
PRICES: Mapping[type[Body], str] = {  # which field of a publication is its price
    SendingZonePublished: "first_fen",
    ContractAgreed: "guaranteed_fen",
    BrandLicencePublished: "least_fen",
}
ROWS_MAX = 200  # of changes that are shown
WEIGHTS = ("quantity", "quota")  # fields that are grams where the unit says so
UNSAID = ("day", "picture", "person")  # of a change: what no sheet says, or not so
SHEETS = (
    "products.csv", PRODUCE, COURIERS, "billers.csv", "order_terms.csv", "platforms.csv", ZONES,
    PRODUCE_RULES, SCALE_LABELS, SETTINGS_SHEET, CONTRACTS, BRANDS,
)  # fmt: skip
KEYS: Mapping[str, Sequence[str]] = {  # the columns that make the key of a publication
    **CODES, COURIERS: ("courier_code",), CONTRACTS: ("contract_code",),
}  # fmt: skip
KINDS: Mapping[str, type[Body]] = {
    "products.csv": ProductPublished,
    "order_terms.csv": OrderTermsPublished,
    "billers.csv": BillerPublished,
    "platforms.csv": PlatformPublished,
    ZONES: SendingZonePublished,
    COURIERS: CourierPublished,
    PRODUCE: ProducePublished,
    PRODUCE_RULES: ProduceRulePublished,
    SCALE_LABELS: ScaleLabelPublished,
    SETTINGS_SHEET: SettingPublished,
    CONTRACTS: ContractAgreed,
    BRANDS: BrandLicencePublished,
}


def sheets_for(member: roles.Member) -> tuple[str, ...]:
    """Return the sheets that somebody may see: who has a contract is not for everybody."""
    may_see = member.right(roles.CONTRACTS)
    return tuple(sheet for sheet in SHEETS if sheet != CONTRACTS or may_see)


@dataclass(frozen=True, slots=True)
class Draft:
    """A sheet as it was brought in. by, at: by whom, and when."""

    sheet: str
    content: bytes
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class Change:
    """One publication that a sheet would make. parts: (field, before, now); is_odd: look twice.

    move: of its price; cells: what may be typed anew beside it, by column: price and day.
    """

    code: str
    name: str
    is_new: bool
    parts: tuple[tuple[str, object, object], ...]
    is_odd: bool = False
    move: Move | None = None
    cells: tuple[tuple[str, str], ...] = ()

    @property
    def needs_why(self) -> bool:
        """Tell whether somebody has to say why its price rises."""
        return self.move is not None and self.move.needs_why


def find_draft(store: Store, connection: Connection, sheet: str) -> Draft | None:
    """Return the draft of a sheet, None for none."""
    table = store.tables.master_drafts
    row = connection.execute(
        select(table.c.content, table.c.by_, table.c.at).where(table.c.sheet == sheet)
    ).one_or_none()
    return Draft(sheet, bytes(row[0]), str(row[1]), int(row[2])) if row else None


def keep_draft(store: Store, connection: Connection, draft: Draft) -> None:
    """Keep a draft in the place of the one before."""
    drop_draft(store, connection, draft.sheet)
    connection.execute(
        store.tables.master_drafts.insert().values(
            sheet=draft.sheet, content=draft.content, by_=draft.by, at=draft.at
        )
    )


def drop_draft(store: Store, connection: Connection, sheet: str) -> None:
    """Forget the draft of a sheet."""
    table = store.tables.master_drafts
    connection.execute(table.delete().where(table.c.sheet == sheet))


def judge(draft: Draft, known: Known, day: str, county: County) -> Plan | Problems:
    """Return what a draft would say, or every bad place in it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / draft.sheet).write_bytes(draft.content[: FILE_BYTES_MAX + 1])
        return plan(Path(folder), known, day=day, epoch=county.keys.epoch.number)


def chosen(made: Plan, codes: Collection[str]) -> Plan:
    """Return what a plan says of these codes."""
    steps = tuple(step for step in made.steps if code_of(step.body)[1] in codes)
    return Plan(steps, made.rows)


def changes(made: Plan, known: Known) -> list[Change]:
    """Return what a plan changes, first the odd ones and those that rise."""
    found = [_change(step.body, known.goods.get(code_of(step.body)), known) for step in made.steps]
    return sorted(found, key=lambda one: (not one.is_odd, not one.needs_why, one.is_new, one.code))


def _cells(body: Body) -> tuple[tuple[str, str], ...]:
    """Return what of a publication may be typed anew beside it: price and day, by column."""
    now = msgspec.structs.asdict(body)
    fields = (PRICES.get(type(body), "price_fen"), "from_day")
    names = next((_CELLS[sheet] for sheet, kind in KINDS.items() if kind.KIND == body.KIND
                  and sheet in _CELLS), {})  # fmt: skip
    return tuple(
        (column, yuan_plain(now[name]) if name.endswith("_fen") else str(now.get(name, "")))
        for column, name in names.items()
        if name in fields and (name in now or name == "from_day")
    )


def _name_of(body: Body, code: str, known: Known) -> str:
    """Return what a publication is called: of a contract, with whom it is, masked."""
    if not isinstance(body, ContractAgreed):
        return str(getattr(body, "name", code))
    found = ((place, who) for (place, _), who in known.people.items() if who.entity == body.person)
    return next((f"{place} {mask_name(who.said.name)}" for place, who in found), code)


def _change(body: Body, before: Body | None, known: Known) -> Change:
    now = msgspec.structs.asdict(body)
    was = msgspec.structs.asdict(before) if before is not None else {}
    parts = tuple(
        (name, _shown(was.get(name, ""), name, was), _shown(value, name, now))
        for name, value in now.items()
        if name not in UNSAID and was.get(name, "") != value and (was or value not in ("", 0))
    )
    _, code = code_of(body)
    price = PRICES.get(type(body), "price_fen")
    old_fen, new_fen = was.get(price, 0), now.get(price, 0)
    is_odd = bool(old_fen) and not old_fen <= new_fen * PRICE_JUMP <= old_fen * PRICE_JUMP**2
    name = _name_of(body, code, known)
    move, cells = move_of(body, before), _cells(body)
    return Change(code, name, before is None, parts, is_odd, move, cells)


def _shown(value: object, name: str, of: Mapping[str, object]) -> object:
    """Return a value of a publication as a sheet writes it; a weight as it is said."""
    if name in WEIGHTS and of.get("unit") == "gram" and isinstance(value, int):
        return say_kg(value)
    if not isinstance(value, tuple):
        return value
    words = (
        f"{one.name} {one.percent} %" if isinstance(one, GradeTerm) else str(one) for one in value
    )
    return "|".join(words)


# --- One row -------------------------------------------------------------------------------------

_PRODUCT = {
    "sku": "code", "barcode": "barcode", "name": "name", "pinyin_initials": "initials",
    "category": "category", "spec": "spec", "unit": "unit", "price_fen": "price_fen",
    "weight_g": "weight_grams", "platform": "platform", "ship_fee_fen": "ship_fee_fen",
    "eta_days": "eta_days", "prepayment_bp": "prepayment_bp", "exchange_days": "exchange_days",
    "sale_policy": "policy", "remark": "remark", "from_day": "from_day",
}  # fmt: skip
_BILLER = {
    "biller_code": "code", "name": "name", "short": "short", "category": "category",
    "account_label": "label", "account_regex": "pattern", "example_account": "example",
    "amount_mode": "mode", "min_fen": "min_fen", "max_fen": "max_fen",
    "service_fee_fen": "fee_fen", "offline_policy": "policy", "counter_note": "remark",
    "answer_days": "answer_days", "float_limit_fen": "limit_fen", "from_day": "from_day",
}  # fmt: skip
_TERMS = {
    name: name
    for name in (
        "code", "fee_bp", "fee_min_fen", "fee_max_fen", "prepayment_bp", "quote_bp", "from_day",
    )
}  # fmt: skip
_ZONE = {
    "courier_code": "courier", "zone_code": "zone", "name": "name", "first_g": "first_grams",
    "first_fen": "first_fen", "further_g": "further_grams", "further_fen": "further_fen",
    "station_fee_fen": "fee_fen", "days": "days", "provinces": "provinces",
    "max_g": "most_grams", "route": "route", "is_open": "is_open", "from_day": "from_day",
}  # fmt: skip
_CELLS: Mapping[str, Mapping[str, str]] = {
    "products.csv": _PRODUCT,
    "billers.csv": _BILLER,
    "order_terms.csv": _TERMS,
    "platforms.csv": {"name": "name", "cutoff": "cutoff", "from_day": "from_day"},
    ZONES: _ZONE,
    COURIERS: {
        "courier_code": "code", "name": "name", "initial": "initial", "waybill_regex": "pattern",
        "example_waybill": "example", "match_priority": "priority",
        "operator_must_confirm": "must_confirm", "remind_days": "remind_days",
        "call_days": "call_days", "return_days": "return_days", "from_day": "from_day",
    },
    PRODUCE: {
        "plu": "code", "name": "name", "typical_price_fen_per_unit": "price_fen",
        "floor_price_fen_per_unit": "floor_fen", "commission_bp": "commission_bp",
        "pinyin_initials": "initials", "category": "category", "unit": "unit",
        "counter_unit": "word", "shelf_life_days": "keeps_days", "from_day": "from_day",
    },
    PRODUCE_RULES: {"name": "name", "value": "value", "from_day": "from_day"},
    SCALE_LABELS: {"prefix": "prefix", "holds": "holds", "divisor": "divisor"},
    SETTINGS_SHEET: {
        "name": "name", "station": "station", "value": "value", "from_day": "from_day",
    },
}  # fmt: skip
_KG = next(iter(UNITS))  # how the sheet calls what is counted in grams


def cells_of(sheet: str, body: Body | None, known: Known | None = None) -> dict[str, str]:
    """Return the row that gives a publication, by column; empty cells for a new one.

    known: where the second publication of a row is found, which produce has.
    """
    if sheet == CONTRACTS:
        agreed = body if isinstance(body, ContractAgreed) else None
        return contract_sheet.cells_of(agreed, known.people if known is not None else {})
    if sheet == BRANDS:
        licence = body if isinstance(body, BrandLicencePublished) else None
        return brand_sheet.cells_of(licence, _unit_of(licence, known))
    values = msgspec.structs.asdict(body) if body is not None else {}
    cells = {column: str(values.get(name, "")) for column, name in _CELLS[sheet].items()}
    if sheet == ZONES:
        cells["provinces"] = "|".join(values.get("provinces", ()))
    if sheet == PRODUCE:
        _add_terms(cells, body, known)
    if sheet == "products.csv":
        cells["seven_day_return"] = str(int(values.get("return_days", 0) >= 7))
    if sheet == "billers.csv":
        cells["quick_amounts_fen"] = "|".join(map(str, values.get("quick_fen", ())))
        least, most = values.get("receipt_least", 0), values.get("receipt_most", 0)
        digits = str(least) if least == most else f"{least}-{most}"
        cells["receipt_digits"] = digits if least else ""
    return cells


def _unit_of(licence: BrandLicencePublished | None, known: Known | None) -> str:
    key = (ProducePublished.KIND, licence.produce if licence is not None else "")
    found = known.goods.get(key) if known is not None else None
    return found.unit if isinstance(found, ProducePublished) else "gram"


def _add_terms(cells: dict[str, str], body: Body | None, known: Known | None) -> None:
    """Add on which terms a sort of produce is taken in; its unit is that of the sheet."""
    if cells["unit"] == UNITS[_KG]:
        cells["unit"] = _KG
    key = (ProduceTermsPublished.KIND, code_of(body)[1] if body is not None else "")
    found = known.goods.get(key) if known is not None else None
    terms = found if isinstance(found, ProduceTermsPublished) else None
    grades, months = (terms.grades, terms.months) if terms is not None else ((), ())
    cells |= {
        "grades": "|".join(one.name for one in grades),
        "grade_price_pct": "|".join(str(one.percent) for one in grades),
        "season_months": "|".join(map(str, months)),
        "promise_cert_required_category": str(terms.promise) if terms is not None else "",
        "cert_or_document": terms.document if terms is not None else "",
    }


def sheet_of(cells: Mapping[str, str], *, place: int = 1) -> bytes:
    """Return a sheet of one row; place: its row, since the order of billers is theirs."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(cells)
    text.write("\r\n" * (place - 1))  # a blank line is none, but counts
    writer.writerow(cells.values())
    return text.getvalue().encode()


def bodies_of(known: Known, sheet: str) -> Sequence[Body]:
    """Return what holds now of a sheet, by code."""
    kind = KINDS[sheet]
    found = [body for body in known.goods.values() if isinstance(body, kind)]
    return sorted(found, key=lambda body: code_of(body)[1])
