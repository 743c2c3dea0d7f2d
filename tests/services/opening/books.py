"""Sheets as people have them, written by the programs' own libraries."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook

PEOPLE = (
    ("姓名", "手机", "组", "身份证号", "备注"),
    *(
        (f"马示{chr(0x6811 + n)}", f"1540008{1000 + n}", f"{n % 3 + 1}组", "", "种红薯")
        for n in range(15)
    ),
)
DEBTS = (
    ("类别", "姓名", "手机", "快递公司", "金额", "备注"),
    *(("农户货款", f"马示{chr(0x6811 + n)}", f"{1000 + n}", "", 100 + n, "红薯") for n in range(6)),
    *(("乡亲欠站里", f"马示{chr(0x6811 + n)}", "", "", 20.5, "化肥") for n in range(6, 9)),
    ("代收货款", "", "", "中通", 286, ""),
    ("到付运费", "", "", "圆通速递", 12, ""),
    ("欠县里", "", "", "", 500, "十月缴款"),
)


def xlsx(rows: Sequence[Sequence[Any]], *, title: str = "") -> bytes:
    """Return a workbook; title: a merged line above the heading."""
    book = Workbook()
    leaf = book.active
    if title:
        leaf.append([title])
        leaf.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(rows[0]))
    for row in rows:
        leaf.append(list(row))
    return saved(book)


def saved(book: Any) -> bytes:
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def text(rows: Sequence[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Return a text file in an encoding."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue().encode(encoding)
