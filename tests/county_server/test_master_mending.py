"""A sheet with bad cells is put right on the page, or its bad rows are taken along."""

import csv
import io
import re

import pytest

from county_server.desks.master import mending
from county_server.desks.master.drafts import Draft
from county_server.goods_sheets import PRODUCE
from tests.county_server.finance_story import Office, post, seen
from tests.county_server.test_master_page import HEAD, URL, bring, demo, office, publish, published

__all__ = ["office"]
SHEET = "platforms.csv"
BAD = HEAD + '京东,11点\n\n"邮\n政",16:00\n苏宁,25:00\n自营,17:30\n'


def draft(text: str) -> Draft:
    return Draft(SHEET, text.encode(), "P01", 0)


@pytest.mark.parametrize(
    ("typed", "after"),
    [
        ({}, BAD),
        ({(2, "cutoff"): "11:00"}, BAD.replace("11点", "11:00")),
        ({(6, "cutoff"): "15:00", (2, "name"): "京,东"},
         BAD.replace("25:00", "15:00").replace("京东,", '"京,东",')),
        ({(3, "cutoff"): "9:00", (99, "name"): "没有这行", (2, "price"): "没有这列"}, BAD),
    ],
)  # fmt: skip
def test_only_the_cells_that_were_typed_are_other_ones_and_every_row_keeps_its_line(
    typed: dict[tuple[int, str], str], after: str
) -> None:
    def read(text: str) -> list[list[str]]:
        return [row for row in csv.reader(io.StringIO(text, newline="")) if row]

    made = mending.with_cells(draft(BAD), typed).decode()
    assert read(made) == read(after)
    assert made.count("\n") == BAD.count("\n"), "what is wrong goes on being named by its line"
    assert mending.with_cells(draft("\ufeff" + BAD), typed).decode() == made


def test_a_cell_that_a_short_row_lacks_is_added() -> None:
    short = draft(HEAD + "京东\n")
    assert mending.with_cells(short, {(2, "cutoff"): "11:00"}).decode() == (
        HEAD.strip() + "\r\n京东,11:00\r\n"
    )


def test_bad_cells_are_put_right_where_they_are_named_and_published_by_two(office: Office) -> None:
    there = office["P01"]
    bring(office, SHEET, (HEAD + "京东,11点\n邮政,16:00\n苏宁,25:00\n").encode())
    html = there.page(f"{URL}{SHEET}")
    assert re.findall(r'name="(cell_[^"]+)" value="([^"]*)"', html) == [
        ("cell_2_cutoff", "11点"), ("cell_4_cutoff", "25:00"),
    ]  # fmt: skip
    post(there, f"{URL}{SHEET}", "/master/cells", {"cell_2_cutoff": "11:00"})
    html = there.page(f"{URL}{SHEET}")
    assert re.findall(r'name="(cell_[^"]+)"', html) == ["cell_4_cutoff"], "one is still wrong"
    stale = post(there, f"{URL}{SHEET}", "/master/cells", {"mark": "x", "cell_4_cutoff": "1"}, 409)
    assert "别人刚改过" in seen(stale)
    post(there, f"{URL}{SHEET}", "/master/cells", {"cell_4_cutoff": "15:00"})
    assert "要变 3 行" in seen(there.page(f"{URL}{SHEET}"))
    publish(office, SHEET)
    assert published(office) == ["P01+C01"] * 3


def test_the_bad_rows_leave_as_a_file_with_what_is_wrong(office: Office) -> None:
    bring(office, SHEET, (HEAD + "京东,11点\n邮政,16:00\n=1+1,11:00\n").encode())
    answer = office["P01"].get(f"/master/bad?sheet={SHEET}")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["name", "cutoff", "错在哪，怎么改"]
    assert [row[0] for row in rows[1:]] == ["京东", "'=1+1"], "no spreadsheet runs it"
    assert "第 2 行" in rows[1][2]
    bring(office, SHEET, (HEAD + "京东,11:00\n").encode())
    assert office["P01"].get(f"/master/bad?sheet={SHEET}", 404).status_code == 404


def test_a_sheet_of_another_encoding_is_brought_in_anew_as_a_whole(office: Office) -> None:
    bring(office, SHEET, (HEAD + "京东,11:00\n").encode("gb18030"))
    there = office["P01"]
    page = there.page(f"{URL}{SHEET}")
    assert "/master/good" not in page
    token = re.findall(r'name="token" value="([0-9a-f]+)"', page)[0]
    assert there.post("/master/good", {"token": token, "sheet": SHEET}).status_code == 303
    assert there.get(f"/master/bad?sheet={SHEET}", 404).status_code == 404


def test_good_rows_are_put_right_in_place_in_yuan_and_with_a_day(office: Office) -> None:
    """As drawn: the new price and its day are fields; what is no price is named as its row."""
    there, sheet = office["P01"], "products.csv"
    bring(office, sheet, demo(sheet))
    publish(office, sheet)
    head, first, *rest = demo(sheet).decode("utf-8-sig").splitlines()
    dearer = first.replace(",3290,", ",3390,")
    bring(
        office,
        sheet,
        "\n".join((f"{head},from_day", f"{dearer},", *(f"{r}," for r in rest))).encode(),
    )
    page = there.page(f"{URL}{sheet}")
    assert 'name="yuan_2_price_fen" value="33.90"' in page
    typed = {"yuan_2_price_fen": "33.50", "cell_2_from_day": "2026-12-20"}
    post(there, f"{URL}{sheet}", "/master/cells", typed)
    page = seen(there.page(f"{URL}{sheet}"))
    assert "单价 ¥32.90 → ¥33.50" in page
    assert "从哪天起 → 2026-12-20" in page
    post(there, f"{URL}{sheet}", "/master/cells", {"yuan_2_price_fen": "三十三"})
    page = there.page(f"{URL}{sheet}")
    assert "「三十三」要写 0 到" in seen(page)
    assert 'name="cell_2_price_fen" value="三十三"' in page, "what was typed stays"
    post(there, f"{URL}{sheet}", "/master/cells", {"cell_2_price_fen": "33.5"})
    assert "「33.5」是元。这一列写分：3350" in seen(there.page(f"{URL}{sheet}"))
    post(
        there, f"{URL}{sheet}", "/master/cells", {"cell_2_price_fen": "3290", "cell_2_from_day": ""}
    )
    assert "没有要发的" in seen(there.page(f"{URL}{sheet}")), "it is what it was"


def test_a_price_has_one_field_where_the_terms_of_its_sort_change_too(office: Office) -> None:
    """Two fields of one cell: the untouched one behind won, and the new price was gone."""
    there = office["P01"]
    bring(office, PRODUCE, demo(PRODUCE))
    page = there.page(f"{URL}{PRODUCE}")
    assert page.count('name="yuan_2_typical_price_fen_per_unit"') == 1
    assert "等级 特级 100 %" in seen(page), "the terms are a change of their own"
