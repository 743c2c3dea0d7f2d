"""Rows of a sheet as what they mean: a person, a debt, a parcel, or what is wrong with them.

Each fault names what it is and what to do, so that the sheet can be mended or the row be decided
on the screen. A row is never changed to something that does not stand in it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from station_app.services.opening.columns import DEBTS, PARCELS, PEOPLE, Layout
from station_app.services.opening.purses import OF_COURIER, OF_PERSON
from station_app.services.opening.sheets import FORMULA, Grid
from station_app.values.day import is_day
from station_app.values.money import FULL_WIDTH, parse_yuan
from station_app.values.refusal import Refusal

NAME_CHARACTERS_MAX = 30
PHONE_DIGITS_MAX = 15
TAIL_DIGITS = 4
AMOUNT_SHOWN = 12  # characters of what stands in a cell, in a sentence about it

_ROUNDED = re.compile(r"([0-9])(?:\.([0-9]+))?[Ee]\+?([0-9]{1,2})")
_BETWEEN = re.compile(r"[\s\-–—()（）·.]")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?.*")
_SHELF = re.compile(r"([A-Za-z]{1,2})\s*架?[-\s]*([1-9])?.*")

# What the cell 类别 may say, the telling word first: 快递欠站里 is no 欠站里.
KIND_WORDS: tuple[tuple[str, str], ...] = (
    ("快递欠", "courier_owes"), ("县里欠", "county_owes"), ("县欠", "county_owes"),
    ("代收", "cod"), ("COD", "cod"), ("到付", "freight"), ("运费", "freight"),
    ("欠县", "owed_county"), ("交县", "owed_county"), ("缴县", "owed_county"),
    ("农户货款", "owed_grower"), ("该付", "owed_grower"), ("应付", "owed_grower"),
    ("卖货款", "owed_grower"), ("未结", "owed_grower"), ("货款", "owed_grower"),
    ("站里欠", "owed_person"), ("该退", "owed_person"), ("退款", "owed_person"),
    ("欠乡亲", "owed_person"), ("预付", "owed_person"),
    ("欠站", "person_owes"), ("赊", "person_owes"), ("应收", "person_owes"),
    ("记账", "person_owes"), ("乡亲欠", "person_owes"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A row. number: as the sheet counts it; cells: by field, tidied; fault: what is wrong, if so.

    purse, amount_fen: of a debt; cod_fen, freight_fen, day, shelf, layer: of a parcel; hint: what
    looks odd and is allowed.
    """

    number: int
    cells: Mapping[str, str]
    fault: Refusal | None = None
    hint: str = ""
    purse: str = ""
    amount_fen: int = 0
    cod_fen: int = 0
    freight_fen: int = 0
    day: str = ""
    shelf: str = ""
    layer: int = 0

    def cell(self, name: str) -> str:
        """Return a cell, "" when the sheet has no such column."""
        return self.cells.get(name, "")

    @property
    def tail(self) -> str:
        """Return the last four digits of the phone, "" when it has fewer."""
        phone = self.cell("phone")
        return phone[-TAIL_DIGITS:] if len(phone) >= TAIL_DIGITS else ""


@dataclass(slots=True)
class _Reader:
    """Reads the cells of one row; the first fault stays."""

    number: int
    raw: Mapping[str, str]
    fault: Refusal | None = None
    hint: str = ""
    cells: dict[str, str] = field(default_factory=dict)

    def object(self, reason: str, **slots: str | int) -> None:
        self.fault = self.fault or Refusal(f"opening.{reason}", slots)

    def words(self, name: str) -> str:
        text = self.raw.get(name, "")
        if text.startswith(FORMULA):
            self.object("CELL_IS_FORMULA", column=name)
        self.cells[name] = text
        return text

    def name(self) -> str:
        text = self.words("name").replace(" ", "")
        if len(text) > NAME_CHARACTERS_MAX:
            self.object("ROW_NAME_TOO_LONG", most=NAME_CHARACTERS_MAX)
        elif text and not any(sign.isalpha() for sign in text):
            self.object("ROW_NAME_IS_NUMBER", text=text[:AMOUNT_SHOWN])
        self.cells["name"] = text
        return text

    def phone(self) -> str:
        found = digits_of(self.words("phone"))
        if found is None:
            self.object("PHONE_ROUNDED")
            found = ""
        elif len(found) > PHONE_DIGITS_MAX or (self.raw.get("phone") and not found.isdigit()):
            self.object("PHONE_UNREADABLE", text=self.raw.get("phone", "")[:20])
        self.cells["phone"] = found
        return found

    def fen(self, name: str, *, is_needed: bool) -> int:
        text = self.words(name).translate(FULL_WIDTH).strip()
        bare = text.removesuffix("元").removesuffix("块").strip()
        if not bare:
            if is_needed:
                self.object("ROW_AMOUNT_MISSING")
            return 0
        amount = parse_yuan(bare)
        if amount is None and bare[:1] in "-−－(（" and parse_yuan(bare[1:].rstrip(")）")):
            self.object("ROW_AMOUNT_NEGATIVE", text=text[:AMOUNT_SHOWN])
        elif amount is None:
            self.object("ROW_AMOUNT_UNREADABLE", text=text[:AMOUNT_SHOWN])
        elif amount == 0 and is_needed:
            self.object("ROW_AMOUNT_ZERO")
        return amount or 0


def digits_of(text: str) -> str | None:
    """Return the digits of a phone or number; other signs stay. None when digits were lost.

    "138 0000 1234", "+86-13800001234", "1.38E+10" and full-width digits are what people have.
    """
    bare = _BETWEEN.sub("", text.translate(FULL_WIDTH)) if not _ROUNDED.fullmatch(text) else text
    rounded = _ROUNDED.fullmatch(text.translate(FULL_WIDTH))
    if rounded:
        whole, rest, power = rounded[1], rounded[2] or "", int(rounded[3])
        return whole + rest if len(rest) == power else None
    bare = bare.removeprefix("+86") if bare.startswith("+86") else bare
    return bare[2:] if len(bare) == 13 and bare.startswith("861") else bare


def read_rows(grid: Grid, layout: Layout, kind: str) -> tuple[SheetRow, ...]:
    """Return every row below the heading, with what is wrong with it."""
    read = {PEOPLE: _person, DEBTS: _debt, PARCELS: _parcel}[kind]
    rows = []
    for number, cells in grid.rows[layout.skip :]:
        raw = {
            name: cells[column] if column < len(cells) else ""
            for name, column in layout.columns.items()
        }
        if any(raw.values()):
            rows.append(read(_Reader(number, raw)))
    return _without_twins(rows, kind)


def _row(reader: _Reader, **known: object) -> SheetRow:
    row = SheetRow(number=reader.number, cells=reader.cells, fault=reader.fault, hint=reader.hint)
    return replace(row, **known)  # type: ignore[arg-type]


def _person(reader: _Reader) -> SheetRow:
    if not reader.name():
        reader.object("ROW_NAME_MISSING")
    reader.phone()
    for name in ("hamlet", "household", "nickname", "remark"):
        reader.words(name)
    bare = re.sub(r"\s", "", reader.words("id_number").translate(FULL_WIDTH)).upper()
    if _ROUNDED.fullmatch(bare):
        reader.object("ID_ROUNDED")
    reader.cells["id_number"] = bare
    return _row(reader)


def _debt(reader: _Reader) -> SheetRow:
    kind = reader.words("kind")
    purse = next((purse for word, purse in KIND_WORDS if word in kind.upper()), "")
    if not kind:
        reader.object("ROW_KIND_MISSING")
    elif not purse:
        reader.object("ROW_KIND_UNKNOWN", text=kind[:AMOUNT_SHOWN])
    name = reader.name()
    reader.phone()
    courier = reader.words("courier")
    if purse in OF_PERSON and not name:
        reader.object("ROW_NAME_MISSING")
    if purse in OF_COURIER and not (courier or name):
        reader.object("ROW_COURIER_MISSING")
    if purse in OF_COURIER and not courier:
        reader.cells["courier"] = name
    amount = reader.fen("amount", is_needed=True)
    reader.words("remark")
    return _row(reader, purse=purse, amount_fen=amount)


def _parcel(reader: _Reader) -> SheetRow:
    waybill = re.sub(r"\s", "", reader.words("waybill").translate(FULL_WIDTH)).upper()
    if not waybill:
        reader.object("ROW_WAYBILL_MISSING")
    elif _ROUNDED.fullmatch(waybill):
        reader.object("WAYBILL_ROUNDED")
    reader.cells["waybill"] = waybill
    reader.name()
    if not reader.phone() and not reader.cells["name"]:
        reader.object("ROW_RECEIVER_MISSING")
    reader.words("courier")
    cod, freight = reader.fen("cod", is_needed=False), reader.fen("freight", is_needed=False)
    day = _day(reader)
    shelf, layer = _shelf(reader)
    return _row(reader, cod_fen=cod, freight_fen=freight, day=day, shelf=shelf, layer=layer)


def _day(reader: _Reader) -> str:
    text = reader.words("day").translate(FULL_WIDTH)
    found = _DATE.fullmatch(text)
    day = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else ""
    if text and not is_day(day):
        reader.object("ROW_DAY_UNREADABLE", text=text[:AMOUNT_SHOWN])
        return ""
    return day


def _shelf(reader: _Reader) -> tuple[str, int]:
    """Return shelf and layer; without a layer the rule chooses the place itself."""
    found = _SHELF.fullmatch(reader.words("shelf").translate(FULL_WIDTH))
    return (found[1].upper(), int(found[2])) if found and found[2] else ("", 0)


def _without_twins(rows: Sequence[SheetRow], kind: str) -> tuple[SheetRow, ...]:
    """Mark every row that says what an earlier one has said."""
    first: dict[tuple[str, ...], int] = {}
    found: list[SheetRow] = []
    for row in rows:
        keys = _keys(row, kind)
        earlier = next((first[key] for key in keys if key in first), 0)
        if earlier and row.fault is None:
            row = replace(row, fault=Refusal("opening.TWICE_IN_SHEET", {"row": earlier}))
        for key in keys:
            first.setdefault(key, row.number)
        found.append(row)
    return tuple(found)


def _keys(row: SheetRow, kind: str) -> list[tuple[str, ...]]:
    if kind == PARCELS:
        return [("waybill", row.cell("waybill"))] if row.cell("waybill") else []
    if kind == DEBTS:
        who = (row.cell("name"), row.cell("phone"), row.cell("courier"))
        return [(row.purse, *who, str(row.amount_fen), row.cell("remark"))]
    keys: list[tuple[str, ...]] = []
    if row.cell("name"):
        keys.append(("name", row.cell("name"), row.cell("phone"), row.cell("hamlet")))
    if row.cell("name") and row.cell("phone"):
        keys.append(("phone", row.cell("name"), row.cell("phone")))
    if row.cell("id_number"):
        keys.append(("id", row.cell("id_number")))
    return keys
