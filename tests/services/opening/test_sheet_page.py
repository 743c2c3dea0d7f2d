"""Sheets by keys on the real window: good rows go in, bad ones stay named; parcels too."""

import pytest

from station_app.services.opening import records
from station_app.services.opening.commands import Witness
from station_app.shell.desk import Done
from tests.overview.stations import settle
from tests.services.opening.books import PEOPLE, text, xlsx
from tests.services.opening.hands import (
    SHEET,
    STEPS,
    counts,
    open_page,
    people,
    read_sheet,
)

# --- People --------------------------------------------------------------------------------------


def test_good_rows_are_taken_while_bad_ones_stay_named(first):
    bad = (
        ("王示兰", "15400006000", "1组", ""),
        ("", "15400005555"),
        ("李示", "", "", "110101199003077777"),
    )
    first.put("村民.xlsx", xlsx((*PEOPLE, *bad), title="柳荫洼村村民名单"))
    first.show_unlocked()
    was = people(first)
    read_sheet(first, "people", "村民.xlsx")
    assert counts(first) == {"bad": 2, "double": 1, "good": 15}
    why = {row.row.number: first.page.rows.why(row) for row in first.page.work.judged}
    assert why[19] == "没写姓名，补上"
    assert "王示兰" in why[18]
    first.press("Enter")
    assert people(first) == was + 15
    assert counts(first) == {"bad": 2, "double": 1, "taken": 15}
    first.page.rows.table.choose("18")
    settle()
    first.press("2")  # it is another one
    first.page.rows.table.choose("20")
    settle()
    first.press("1")  # without her ID number
    first.press("Enter")
    assert people(first) == was + 17
    assert counts(first) == {"bad": 1, "taken": 17}
    assert "记下了 17 位乡亲" in first.toasts()


def test_the_same_sheet_again_takes_nobody_twice(first):
    first.put("村民.csv", text(PEOPLE, "gb18030"))
    first.show_unlocked()
    read_sheet(first, "people", "村民.csv")
    first.press("Enter")
    was = people(first)
    first.press("Esc")
    read_sheet(first, "people", "村民.csv")
    assert counts(first) == {"double": 15}
    assert people(first) == was


def test_an_import_that_was_undone_can_be_taken_again(first):
    first.put("村民.csv", text(PEOPLE))
    first.show_unlocked()
    was = people(first)
    read_sheet(first, "people", "村民.csv")
    first.press("Enter")
    assert people(first) == was + 15
    act = first.connection.execute(
        "SELECT act FROM facts WHERE kind = 'person.registered' ORDER BY at DESC LIMIT 1"
    ).fetchone()[0]
    first.desk.undo(act, ticket="UNDO", then=lambda outcome: None)
    settle()
    assert people(first) == was
    assert counts(first) == {"good": 15}
    first.press("Enter")
    assert people(first) == was + 15


def test_a_power_cut_in_the_middle_costs_nothing_and_doubles_nothing(first):
    rows = (PEOPLE[0], *((f"周示{n}号", f"1541{n:07}", "", "", "") for n in range(450)))
    first.put("村民.csv", text(rows))
    first.show_unlocked()
    was = people(first)
    read_sheet(first, "people", "村民.csv")
    page = first.page
    chunk = page.work.next_chunk()
    commands = page.work.commands(chunk, Witness(), "2026-11-23")
    page.keep_draft()
    # The power goes after the commit and before the page has heard of it.
    ticket = page.work.ticket(chunk)
    assert isinstance(first.desk.settle(*commands, ticket=ticket), Done)
    assert people(first) == was + 200
    first.restart()
    first.show_unlocked()
    first.window.resume_drafts()
    settle()
    assert first.page.key == SHEET
    assert first.page.work.ticket(chunk) == ticket, "the same rows ask with the same ticket"
    again = first.desk.settle(*commands, ticket=ticket)
    assert isinstance(again, Done)
    assert again.already
    # What was committed is recognised by who it is; the rest is still good.
    assert counts(first) == {"double": 200, "good": 250}
    first.press("Enter")
    assert people(first) == was + 450
    assert first.facts("person.registered") == was + 450


def test_many_rows_go_in_acts_of_a_bearable_size(first):
    rows = [("姓名", "手机"), *((f"郑示{n}号", f"1542{n:07}") for n in range(600))]
    first.put("大.csv", text(rows))
    first.show_unlocked()
    read_sheet(first, "people", "大.csv")
    first.press("Enter")
    sizes = first.connection.execute(
        "SELECT count(*) FROM facts WHERE kind = 'person.registered' AND stream LIKE 'NX0601/%' "
        "GROUP BY act"
    ).fetchall()
    assert [size for (size,) in sizes] == [200] * 3


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"", "空的"),
        ("a.xlsx", xlsx(PEOPLE)[:1500], "没拷完整"),
        ("a.xls", b"\xd0\xcf\x11\xe0xx", "另存为 .xlsx"),
        ("a.csv", bytes(range(256)), "文字认不出来"),
    ],
)
def test_a_file_that_cannot_be_read_gets_its_sentence(first, name, data, words):
    first.put(name, data)
    first.show_unlocked()
    read_sheet(first, "people", name)
    assert words in first.page.files.fault.words
    assert first.page.work is None


def test_a_file_that_disappears_is_named(first):
    path = first.put("村民.csv", text(PEOPLE))
    first.show_unlocked()
    open_page(first, SHEET, kind="people")
    path.unlink()
    first.press("1")
    assert "村民.csv 不在了" in first.page.files.fault.words


def test_a_sheet_on_a_stick_is_found_and_one_behind_a_path_too(first, tmp_path):
    stick = tmp_path / "STICK"
    stick.mkdir()
    (stick / "stick.csv").write_bytes(text(PEOPLE))
    first.sticks.append(stick)
    hidden = tmp_path / "elsewhere.csv"
    hidden.write_bytes(text(PEOPLE))
    first.show_unlocked()
    open_page(first, SHEET, kind="people")
    assert [(f.name, f.place) for f in first.page.files.files] == [("stick.csv", "STICK")]
    first.page.files.path.setFocus()
    first.type(str(hidden))
    first.press("Enter")
    assert first.page.work.name == "elsewhere.csv"


def test_columns_without_a_heading_are_named_by_the_operator(first):
    first.put("无头.csv", text([row[:2] for row in PEOPLE[1:4]]))
    first.show_unlocked()
    read_sheet(first, "people", "无头.csv")
    assert first.page.stage.name == "COLUMNS"
    first.press("Enter")
    assert first.page.stage.name == "COLUMNS", "nothing goes on without the name"
    first.press("1", "2", "Enter")
    assert counts(first) == {"good": 3}


# --- Shelves and parcels -------------------------------------------------------------------------


def test_shelves_as_counted_hold_for_the_next_label(first):
    first.show_unlocked()
    open_page(first, "opening.shelves")
    first.type("2")
    first.press("Tab")
    first.type("3")
    first.press("Tab")
    first.type("9")
    first.press("Enter")
    room = first.gatherer.neighbours.room(first.connection, first.desk.now())
    assert (room.shelves, room.layers, room.places) == (2, 3, 9)
    opening = records.opening_state(first.connection, "NX0601")
    assert opening is not None
    assert opening.steps == {"shelves": "done"}


def test_a_shelf_that_holds_parcels_is_not_counted_away(first):
    first.show_unlocked()
    first.shelve(1, shelf="F", layer=4)
    open_page(first, "opening.shelves")
    first.type("2")
    first.press("Enter")
    assert "F 架 4 层上还有 1 件" in first.page.fields["shelves"].fault


def test_parcels_that_were_here_are_told_to_nobody_again(first):
    first.show_unlocked()
    open_page(first, STEPS)
    first.press("3")
    for number in (1, 2):
        first.scan(f"7300000000{number:04}")
        first.type(f"600{number}")
    first.press("Enter")
    rows = first.connection.execute(
        "SELECT told_count, told_day, status FROM parcels ORDER BY waybill"
    ).fetchall()
    assert [tuple(row) for row in rows] == [(1, "2026-11-23", "on_hand")] * 2
    assert first.balance("Equity:Pieces:Shelf", "PCS") == 2
    first.press("Esc", "Esc")
    assert first.page.key == STEPS
    open_page(first, "parcels.intake")
    first.scan("73000000000099")
    first.type("6001")
    first.press("Enter")
    untold = first.connection.execute("SELECT count(*) FROM parcels WHERE told_count = 0")
    assert untold.fetchone()[0] == 1, "what comes in afterwards is told as always"


def test_parcels_from_a_sheet_keep_their_day(first):
    rows = (
        ("运单号", "收件人", "手机", "代收货款", "到站日期"),
        ("73000000000017", "王示兰", "15400006000", 12.5, "2026-11-20"),
        ("73000000000018", "", "6001", "", ""),
        ("73000000000018", "", "6001", "", ""),
    )
    first.put("件.xlsx", xlsx(rows))
    first.show_unlocked()
    read_sheet(first, "parcels", "件.xlsx")
    assert counts(first) == {"bad": 1, "good": 2}
    first.press("Enter")
    found = first.connection.execute(
        "SELECT waybill, cod_fen, day_in, told_count FROM parcels ORDER BY waybill"
    ).fetchall()
    assert [tuple(row) for row in found] == [
        ("73000000000017", 1250, "2026-11-20", 1),
        ("73000000000018", 0, "2026-11-23", 1),
    ]
    labels = first.connection.execute("SELECT count(*) FROM print_jobs WHERE role = 'label'")
    assert labels.fetchone()[0] == 2


def test_a_row_that_a_rule_refuses_is_named_and_the_others_go_in(first):
    rows = (
        ("运单号", "手机", "货架"),
        ("73000000000017", "6000", "A-1"),
        ("73000000000018", "6001", "Z-9"),
        ("73000000000019", "6002", "A-2"),
    )
    first.put("件.csv", text(rows))
    first.show_unlocked()
    read_sheet(first, "parcels", "件.csv")
    first.press("Enter")
    assert counts(first) == {"bad": 1, "taken": 2}
    (bad,) = [one for one in first.page.work.judged if one.state == "bad"]
    assert (bad.row.number, bad.why.reason) == (3, "parcels.NO_SUCH_LAYER")
    assert first.facts("parcel.shelved") == 2


def test_a_full_disk_between_rows_stops_and_the_rest_can_be_taken_later(first):
    """One row had been refused; then the disk was full, and nobody said so: the sheet was done."""
    rows = [(f"7300000000{n:04}", "6000", "A-1") for n in range(1, 25)]
    rows[0] = (rows[0][0], "6000", "Z-9")
    first.put("件.csv", text((("运单号", "手机", "货架"), *rows)))
    first.show_unlocked()
    read_sheet(first, "parcels", "件.csv")
    connection = first.connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    first.press("Enter")
    found = counts(first)
    assert (found["bad"], found["good"] > 0) == (1, True)
    assert [words for words in first.toasts() if "盘满了" in words] == first.toasts()
    connection.execute("PRAGMA max_page_count = 1000000")
    first.press("Enter")
    assert counts(first) == {"bad": 1, "taken": 23}
    assert first.facts("parcel.shelved") == 23


def test_the_page_is_about_one_kind_of_sheet_at_a_time(first):
    """The sheet that is called so stands chosen; only a debt asks for a second signature."""
    for name in ("村民.csv", "欠账 九月.csv", "清单.csv"):
        first.put(name, text(PEOPLE))
    first.show_unlocked()
    for kind, title, name, is_signed in (
        ("debts", "选欠账表", "欠账 九月.csv", True),
        ("people", "选村民表", "村民.csv", False),
    ):
        open_page(first, SHEET, kind=kind)
        assert first.page.files.title.text() == title
        assert first.page.files.table.current().endswith(name)
        assert first.page.witness.isHidden() is not is_signed, kind
