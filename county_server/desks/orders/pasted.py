"""Waybills pasted as a block: number of the platform's order, courier, waybill, a line each.

Every line is judged by itself. Good ones are said, bad ones stay in the field with their reason,
so that nothing has to be typed twice.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from county_server.desks.orders.queue import NUMBERS, WAY, Line
from station_app.reference.couriers import CourierRules

ROWS_MAX = 200
_PARTS = re.compile(r"[\s,，;；\t]+")
_WAYBILL = re.compile(r"[0-9A-Z-]{6,30}")


@dataclass(frozen=True, slots=True)
class Pasted:
    """One line that was pasted. fault: end of a text key, "" for a good one; line: its order.

    likely: the couriers that it may be of, where several are.
    """

    number: int
    text: str
    fault: str = ""
    line: Line | None = None
    courier: str = ""
    waybill: str = ""
    likely: tuple[str, ...] = ()


def read_block(text: str, lines: Iterable[Line], couriers: Sequence[CourierRules]) -> list[Pasted]:
    """Judge a block line by line."""
    by_number: dict[str, Line] = {}
    for line in lines:
        if line.tab in (NUMBERS, WAY) and line.state.number:
            by_number[line.state.number] = line
    rows = [row.strip() for row in text.splitlines() if row.strip()][:ROWS_MAX]
    seen: set[str] = set()
    return [_judge(n, row, by_number, couriers, seen) for n, row in enumerate(rows, 1)]


def _judge(
    number: int,
    row: str,
    by_number: Mapping[str, Line],
    couriers: Sequence[CourierRules],
    seen: set[str],
) -> Pasted:
    parts = _PARTS.split(row)
    if len(parts) not in (2, 3):
        return Pasted(number, row, "parts")
    waybill = parts[-1].upper()
    line = by_number.get(parts[0])
    if line is None:
        return Pasted(number, row, "no_order")
    if not _WAYBILL.fullmatch(waybill):
        return Pasted(number, row, "waybill", line)
    fitting = [one for one in couriers if re.search(one.pattern, waybill) and one.code != "OTHER"]
    if len(parts) == 3:
        named = [one for one in couriers if parts[1] in (one.code, one.name, one.name[:2])]
        if not named:
            return Pasted(number, row, "courier", line)
        if named[0] not in fitting:
            return Pasted(number, row, "not_its", line)
        fitting = named
    if len(fitting) != 1:
        names = tuple(one.name for one in fitting)
        return Pasted(number, row, "which" if names else "nobodys", line, likely=names)
    if waybill in seen:
        return Pasted(number, row, "twice", line)
    seen.add(waybill)
    return Pasted(number, row, "", line, fitting[0].code, waybill)
