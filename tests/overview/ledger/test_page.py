"""账本 by keys: days, accounts, trial balance, people, papers, day reports, files."""

import pytest

from station_app.shell.widgets.cells import spoken
from station_app.values.money import say_yuan
from tests.conftest import ROOT
from tests.overview.ledger.worked import dressed_up, two_days
from tests.overview.quarrels import county_says, cut_off, quarrel
from tests.overview.seen import PACKED_QUICKLY
from tests.proofs.kit import DAY
from tests.shell.measure import faults

PICTURES = ROOT / "build" / "pictures" / "ledger"
SIZES = ((1366, 768), (1366, 690))
VIEWS = ("day", "account", "trial", "person", "paper", "report")


def rows(station):
    """What the list says, row by row, headings left out."""
    table = station.page.view.table
    return [[spoken(c) for c in row.cells] for row in table.rows_model.rows if not row.heading]


@pytest.fixture
def opened(station, tmp_path):
    """The page, two days worked, with a folder and a stick for files."""

    def make(size=SIZES[0], *, short_fen=0):
        shift = two_days(station, short_fen=short_fen)
        station.premises.signed_in.go()
        for name in ("docs", "stick"):
            (tmp_path / name).mkdir(exist_ok=True)
        places = (("文档/村站", tmp_path / "docs"), ("U 盘 KINGSTON", tmp_path / "stick" / "村站"))
        dressed_up(station, lambda: places)
        station.show_unlocked(size)
        station.press("F8")
        tabs = [tab.key for tab in station.window.book.tabs_of("overview.ledger")]
        station.press(f"Ctrl+{tabs.index('overview.ledger') + 1}")
        assert station.page.key == "overview.ledger"
        return shift

    return make


@pytest.mark.long
def test_every_view_fits(station, opened):
    opened(SIZES[0], short_fen=1_200)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(VIEWS, 1):
        station.press(str(number))
        station.hand.settle()
        photograph(station, name)
    station.press("2", "Down", "Enter")
    photograph(station, "account_lines")
    station.press("4", "Enter")
    photograph(station, "person_lines")
    station.press("3", "F10")
    photograph(station, "files")


def photograph(station, name):
    window = station.window
    for size in SIZES:
        window.resize(*size)
        station.hand.settle()
        assert (window.width(), window.height()) == size
        file = str(PICTURES / f"{name}_{window.height()}.png")
        assert window.grab().save(file, None, PACKED_QUICKLY)
        found = faults(window)
        assert not found, "\n".join([f"{name} {size}", *found])
    window.resize(*SIZES[0])
    station.hand.settle()


def turn(station, key):
    station.press(key)
    station.hand.settle()


# --- Days ----------------------------------------------------------------------------------------


def test_a_day_is_turned_and_its_acts_open(station, opened):
    opened()
    assert station.page.view.title.text() == "2026年11月24日 日记账"
    assert "借 ¥" in station.page.view.small.text()
    turn(station, "Left")
    assert station.page.view.title.text() == "2026年11月23日 日记账"
    listed = rows(station)
    assert [row[1] for row in listed].count("钱箱 1 号电脑") >= 3
    assert not any("柜台过账" in row[1] for row in listed)
    turn(station, "Right")
    assert station.page.view.title.text() == "2026年11月24日 日记账"
    station.press("Enter")
    assert station.page.key == "overview.acts"
    assert station.page._current().row.kinds[0] == "shift.opened"


def test_an_entry_opens_its_account(station, opened):
    opened()
    station.press("Down", "Down", "Enter")
    assert station.page.view.NAME == "account"
    assert station.page.view.asked.account == "Equity:Float"
    station.press("Esc")
    assert station.page.view.asked is None


def test_a_day_is_searched_by_amount_and_name(station, opened):
    opened()
    turn(station, "Left")
    station.press("Ctrl+F")
    station.type("86")
    station.qtbot.waitUntil(lambda: "1 笔" in station.page.view.small.text())
    assert rows(station)[0][2] == "¥86.00"
    station.press("Esc")
    assert station.page.view.search.text() == ""
    assert "1 笔，" not in station.page.view.small.text()


def test_a_technician_sees_english_names(station, opened):
    opened()
    station.press("2")
    assert not any("Liabilities" in row[1] for row in rows(station))
    station.press("F11")
    assert any("Liabilities:Held:COD:ZTO:Here" in row[1] for row in rows(station))


def test_what_a_cut_off_pc_did_is_listed_with_its_sum_and_moves_nothing(station, opened):
    opened()
    quarrel(station, cod_fen=8_600)
    station.page.open_with({"view": "day", "day": DAY})
    station.hand.settle()
    before = station.page.view.small.text()
    county_says(station, cut_off("D2"))
    station.page.open_with({"view": "day", "day": DAY})
    station.hand.settle()
    out = [row for row in rows(station) if row[4] == "没算进来"]
    assert [row[2] for row in out] == ["¥86.00"]
    assert station.page.view.small.text() != before
    entries = [row for row in rows(station) if row[1] == "钱箱 2 号电脑"]
    assert entries == [], "nothing of it stands in an account"
    debit = sum(said.act.debit_fen for said in station.page.view._shown.acts)
    assert f"借 {say_yuan(debit)} " in station.page.view.small.text()


# --- The drawer stays secret until it is counted -------------------------------------------------


def test_nothing_tells_what_an_open_drawer_should_hold(station, opened):
    opened()
    station.press("2", "Enter")
    assert station.page.view.asked.account == "Assets:Drawer:D1"
    assert station.page.view.amount.text() == "钱箱还没数，结余先不说"
    listed = rows(station)
    assert [row[4] for row in listed[:2]] == ["", ""]
    assert listed[2][4] == "借 ¥659.00"  # the last line before the close, counted
    station.press("3")
    trial = rows(station)
    assert trial[0][2:] == ["没数", "没数", "相等，差 0"]
    assert next(row for row in trial if row[1] == "钱箱 1 号电脑")[2] == "没数"


def test_the_trial_balance_at_a_closed_shift_says_everything(station, opened):
    opened(short_fen=1_200)
    station.press("3")
    turn(station, "Left")
    trial = rows(station)
    assert f"第 {station.printed('1')} 号日结" in station.page.view.title.text()
    assert next(row for row in trial if row[1] == "钱箱 1 号电脑")[2] == "¥647.00"
    assert next(row for row in trial if row[1] == "代收货款 中通")[3] == "¥259.00"
    assert next(row for row in trial if row[1] == "长短款")[2] == "¥12.00"
    assert trial[0][2] == trial[0][3] != ""
    place = next(n for n, row in enumerate(trial) if row[1] == "代收货款 中通")
    station.press(*["Down"] * place, "Enter")
    assert station.page.view.amount.text() == "结余 贷 ¥259.00"
    station.press("Esc")
    assert station.page.view.NAME == "trial"
    station.press("Ctrl+A")
    assert "看到现在" in station.page.view.title.text()


# --- People --------------------------------------------------------------------------------------


def test_a_person_has_a_book_of_her_own(station, opened):
    opened()
    station.press("4")
    ((name, _, owes, held, due),) = rows(station)
    assert (name, owes, held, due) == ("王示关", "¥50.00", "", "")
    station.press("Enter")
    assert station.page.view.amount.text() == "欠站里 ¥50.00　存着 ¥0.00　该退 ¥0.00"
    ((_, words, owes, _, _),) = rows(station)
    assert "赊账 王示关" in words
    assert owes == "¥50.00"
    station.press("Enter")
    assert station.page.key == "overview.acts"


def test_blanked_names_are_blanked_here_too(station, opened):
    opened()
    station.press("4", "Ctrl+B")
    assert rows(station)[0][0] == "王*关"


# --- Files ---------------------------------------------------------------------------------------


def test_a_workbook_goes_to_the_stick_with_a_sentence(station, opened, tmp_path):
    opened()
    station.press("F10", "Enter")
    station.hand.settle()
    (file,) = (tmp_path / "stick" / "村站").iterdir()
    assert file.name == "账本 NX0601 2026-11-24.xlsx"
    assert station.toasts()[-1] == f"导好了：U 盘 KINGSTON 里的 {file.name}"
    assert not station.page.out.isVisible()


def test_the_ledger_for_beancount_goes_to_the_folder(station, opened, tmp_path):
    from tests.ledger.test_export import accepted

    opened()
    station.press("F10", "2", "3", "Enter")
    station.hand.settle()
    (file,) = (tmp_path / "docs").iterdir()
    text = file.read_text("utf-8")
    assert accepted(text, tmp_path) == ""
    assert "balance Assets:Drawer" not in text
    assert "balance Liabilities:Held:COD:ZTO:Here" in text


def test_a_pulled_stick_is_a_sentence_and_nothing_half(station, opened, tmp_path):
    opened()
    station.press("F10")
    (tmp_path / "stick").rmdir()
    station.press("Enter")
    station.hand.settle()
    assert station.toasts()[-1].startswith("U 盘 KINGSTON 不在了")
    assert not (tmp_path / "stick").exists()
    assert station.page.out.isVisible()
    station.press("Esc")
    assert not station.page.out.isVisible()


def test_a_day_report_is_saved_by_keys(station, opened, tmp_path):
    opened(short_fen=1_200)
    station.press("6", "Enter", "1", "Enter")
    station.hand.settle()
    (file,) = (tmp_path / "docs").iterdir()
    assert file.name == f"日报 2026-11-23 第{station.printed('1')}号.pdf"
    assert file.read_bytes().startswith(b"%PDF")


def test_without_a_closed_shift_there_is_no_report(station):
    station.sign_in()
    dressed_up(station)
    station.premises.signed_in.go()
    station.show_unlocked()
    station.window.open_page("overview.ledger", {"view": "report"})
    station.hand.settle()
    assert not station.page.action_bar()[-1].is_enabled
