"""Sheets of parcels that are on their way (预报): what couriers give the hub, row by row.

A sheet is a CSV file, a workbook, or rows copied out of one. A file with one bad row announces
nothing; of rows that were pasted the good ones are announced, and the bad ones stay.
A parcel is announced to its station with the receiver, to the township above it without: that one
sorts by it and needs no names. What was said already is not said again; a parcel that goes
elsewhere now is told to both stations.
"""

import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from county_server.desks.bags.posts import Post, above
from county_server.desks.bags.reading import waybill_of
from county_server.desks.pen import Refused
from county_server.sheets import Problem, Row, Sheet, read_sheet, sheet_of_rows
from county_server.store import Store
from station_app.journal.fact import Saying
from station_app.services.opening.sheets import read_sheet as read_grid
from station_app.services.parcels.announcements import ANNOUNCEMENT
from station_app.services.parcels.facts import ParcelAnnounced, Receiver
from station_app.values.refusal import Refusal
from station_app.values.texts import Texts
from station_app.values.waybills import CourierPattern

FILE, WORKBOOK, PASTED = "parcels.csv", "parcels.xlsx", "parcels"
_ZIP = b"PK\x03\x04"
COLUMNS = ("waybill", "courier", "station", "name", "phone", "cod", "freight")
ROWS_MAX = 2_000
NAME_MAX, TAIL = 30, 4
_AMOUNT = re.compile(r"(?:[0-9]{1,5}(?:\.[0-9]{1,2})?)?", re.ASCII)
_PHONE = re.compile(r"(?:[0-9+*-]{4,20})?", re.ASCII)

Advice = tuple[ParcelAnnounced, Receiver]


def column_names(texts: Texts) -> dict[str, str]:
    """Return what the columns of a sheet are called."""
    return {column: texts.say(f"county.bags.column_{column}") for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads rows against what the county knows. codes: of stations, also by their names."""

    couriers: Sequence[CourierPattern]
    codes: Mapping[str, str]
    names: Mapping[str, str]
    day: str

    def read(self, row: Row) -> Advice:
        """Return what a row announces; what is wrong with it is noted there."""
        names = self.names
        waybill, candidates = waybill_of(row.cell(names["waybill"]), self.couriers)
        if not waybill:
            found = row.cell(names["waybill"])
            row.note(names["waybill"], "NO_WAYBILL", "no number of a courier", found=found)
        station = self.codes.get(row.cell(names["station"]), "")
        if not station:
            found = row.cell(names["station"])
            row.note(names["station"], "NO_SUCH_STATION", "not in the county", found=found)
        phone = row.matching(names["phone"], _PHONE, "15400001006")
        digits = "".join(sign for sign in phone[-TAIL:] if sign.isdigit())
        body = ParcelAnnounced(
            courier=self._courier(row, waybill, candidates),
            waybill=waybill,
            station=station,
            person="",
            cod_fen=_fen(row, names["cod"]),
            freight_fen=_fen(row, names["freight"]),
            day=self.day,
        )
        is_whole = phone.isdigit() and len(phone) > TAIL
        return body, Receiver(
            name=row.text(names["name"], most=NAME_MAX, needed=False),
            tail=digits if len(digits) == TAIL else "",
            phone=phone if is_whole else "",
        )

    def _courier(self, row: Row, waybill: str, candidates: Sequence[str]) -> str:
        column = self.names["courier"]
        named = row.cell(column)
        mine = [c.code for c in self.couriers if named and named in (c.code, c.name, c.name[:2])]
        if named and not mine:
            row.note(column, "NO_SUCH_COURIER", "no courier is called so", found=named)
        elif waybill and not mine and len(candidates) != 1:
            row.note(column, "COURIER_UNCLEAR", "the number does not tell", found=waybill)
        return (mine or list(candidates) or [""])[0]


def read_advice(
    content: bytes,
    couriers: Sequence[CourierPattern],
    posts: Mapping[str, Post],
    day: str,
    texts: Texts,
) -> tuple[list[Advice], list[Problem]]:
    """Return what the good rows of a sheet announce, and everything that is wrong with the rest.

    Raises Refused for what is no sheet.
    """
    names = column_names(texts)
    sheet = _sheet_of(content, names, texts)
    if len(sheet.rows) > ROWS_MAX:
        sheet.note(sheet.rows[ROWS_MAX].line, "TOO_MANY_ROWS", "beyond the limit", most=ROWS_MAX)
    reader = Reader(couriers, _codes_of(posts), names, day)
    found: dict[str, Advice] = {}
    lines: dict[str, int] = {}
    for row in sheet.rows[:ROWS_MAX]:
        before = len(sheet.problems)
        one = reader.read(row)
        waybill = one[0].waybill
        if waybill in lines:
            first = lines[waybill]
            row.note(names["waybill"], "CODE_TWICE", "above too", code=waybill, first=first)
        elif waybill:
            lines[waybill] = row.line
        if len(sheet.problems) == before:
            found[waybill] = one
    return list(found.values()), sheet.problems


def _sheet_of(content: bytes, names: Mapping[str, str], texts: Texts) -> Sheet:
    """Return a sheet: a plain CSV read strictly, anything else as a spreadsheet shows it."""
    needed = (names["waybill"], names["station"])
    is_workbook = content.startswith(_ZIP)
    if not is_workbook and b"\t" not in content.partition(b"\n")[0]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / FILE
            path.write_bytes(content)
            return read_sheet(path, needed)
    grid = read_grid(content)
    if isinstance(grid, Refusal):
        raise Refused("bag_no_sheet", why=texts.say(grid.text_key, **grid.slots))
    return sheet_of_rows(WORKBOOK if is_workbook else PASTED, grid.rows, needed)


def with_header(pasted: str, texts: Texts) -> str:
    """Return pasted rows with a header: whoever copies rows seldom copies that one as well."""
    names = column_names(texts)
    first = pasted.lstrip("\n").partition("\n")[0]
    mark = "\t" if "\t" in first else ","
    if names["waybill"] in first.split(mark):
        return pasted
    width = len(first.split(mark))
    return mark.join(list(names.values())[:width]) + "\n" + pasted


def left_over(pasted: str, problems: Iterable[Problem]) -> str:
    """Return the header and the lines of pasted rows in which something is wrong."""
    lines, bad = pasted.splitlines(), {one.line for one in problems}
    kept = [line for number, line in enumerate(lines, 1) if number in bad and number > 1]
    return "\n".join([lines[0], *kept]) if kept else ""


def _codes_of(posts: Mapping[str, Post]) -> dict[str, str]:
    """Return stations by their code and, where only one is called so, by their name."""
    names = [post.name for post in posts.values()]
    by_name = {post.name: code for code, post in posts.items() if names.count(post.name) == 1}
    return {**by_name, **{code: code for code in posts}}


def _fen(row: Row, column: str) -> int:
    """Return an amount that was written in yuan."""
    yuan, _, part = row.matching(column, _AMOUNT, "128.50").partition(".")
    return int(yuan or 0) * 100 + int(part.ljust(2, "0")) if (yuan + part).isdigit() else 0


def sayings_of(
    advice: Iterable[Advice], known: Mapping[str, ParcelAnnounced], posts: Mapping[str, Post]
) -> dict[str, list[Saying]]:
    """Return what is said to whom. known: what stations were told last, by waybill."""
    found: dict[str, list[Saying]] = {}
    for body, receiver in advice:
        before = known.get(body.waybill)
        if before is not None and _is_same(before, body):
            continue
        found.setdefault(body.station, []).append(Saying(body, receiver))
        others = {above(posts, body.station)}
        if before is not None:
            others |= {before.station, above(posts, before.station)}
        for other in sorted(others - {"", body.station}):
            found.setdefault(other, []).append(Saying(body, Receiver()))
    return found


def _is_same(before: ParcelAnnounced, now: ParcelAnnounced) -> bool:
    amounts = (before.cod_fen, before.freight_fen) == (now.cod_fen, now.freight_fen)
    return before.station == now.station and before.courier == now.courier and amounts


def is_for(saying: Saying, station: str) -> bool:
    """Tell whether a station is told of a parcel of its own."""
    return isinstance(saying.body, ParcelAnnounced) and saying.body.station == station


def announced(
    store: Store, connection: Connection, waybills: Iterable[str]
) -> dict[str, ParcelAnnounced]:
    """Return what the stations that parcels are for were told last, by waybill."""
    table = store.tables.read[ANNOUNCEMENT.name].c
    wanted = sorted(set(waybills))
    found: dict[str, ParcelAnnounced] = {}
    for begin in range(0, len(wanted), 500):
        rows = connection.execute(
            select(
                table.courier, table.waybill, table.its_station, table.person, table.cod_fen,
                table.freight_fen, table.since,
            )
            .where(table.waybill.in_(wanted[begin : begin + 500]))
            .where(table.station == table.its_station)
            .order_by(table.since)
        )  # fmt: skip
        for row in rows:
            found[row[1]] = ParcelAnnounced(**dict(zip(_FIELDS, row, strict=True)))
    return found


_FIELDS = ("courier", "waybill", "station", "person", "cod_fen", "freight_fen", "day")
