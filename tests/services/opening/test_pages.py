"""The first day worked by keys on the real window: lines, lots, steps, the end."""

import msgspec
import pytest

from station_app.ledger.accounts import refund_due
from station_app.ledger.balances import imbalances, trial_balance
from station_app.overview.ledger import people_book
from station_app.overview.ledger.account_words import AccountWords
from station_app.printing.document import from_json, to_json
from station_app.services.cash.commands import OpenShift
from station_app.services.cash.facts import Count
from station_app.services.opening import records
from station_app.services.opening.commands import CorrectOpening, EnterOpening, Witness
from station_app.services.opening.papers import PaperMaker
from station_app.shell.desk import Done
from tests.long_shelf import WINDOWS
from tests.overview.stations import settle
from tests.services.opening.books import DEBTS, text
from tests.services.opening.hands import (
    LINES,
    SHEET,
    STEPS,
    caps,
    counts,
    open_page,
    read_sheet,
    take_people,
)

# --- Debts ---------------------------------------------------------------------------------------


def test_each_debt_has_its_line_its_purse_and_a_slip_to_sign(first):
    first.put("欠账.csv", text(DEBTS, "gb18030"))
    first.show_unlocked()
    take_people(first)
    read_sheet(first, "debts", "欠账.csv")
    assert counts(first) == {"good": 12}
    first.press("Enter")
    assert first.balance("Liabilities:Held:Grower:%:Here") == -61_500
    assert first.balance("Assets:Receivable:%") == 3 * 2050
    assert first.balance("Liabilities:Held:COD:ZTO:Here") == -28600
    assert first.balance("Liabilities:Held:Freight:YTO:Here") == -1200
    assert first.balance("Liabilities:County") == -50000
    assert not imbalances(trial_balance(first.connection))
    slips = first.slips()
    assert len(slips) == 12
    assert all('["经手人：","对方："]' in slip for slip in slips)
    assert not any("马示" in slip for slip in slips), "names are masked on paper"


def test_an_unknown_debtor_is_registered_on_the_way(first):
    first.put("欠账.csv", text((DEBTS[0], ("赊账", "没示人", "15400009999", "", 5, ""))))
    first.show_unlocked()
    read_sheet(first, "debts", "欠账.csv")
    assert counts(first) == {"ask": 1}
    first.press("1")
    assert counts(first) == {"good": 1}
    first.press("Enter")
    assert first.balance("Assets:Receivable:%") == 500


def test_one_person_alone_writes_why(first):
    first.put("欠账.csv", text((DEBTS[0], ("欠县里", "", "", "", 5, ""))))
    first.show_unlocked()
    read_sheet(first, "debts", "欠账.csv")
    first.press("Ctrl+W")
    first.press("Enter")
    assert first.facts("opening.entered") == 0
    first.compose("站里只有我")
    first.press("Enter")
    (slip,) = first.slips()
    assert "一人办理" in slip
    assert "站里只有我" in slip


def test_a_slip_is_made_again_from_its_facts_and_nothing_else_has_one(first):
    """The page of what was done today asks this of every act."""
    first.put("欠账.csv", text(DEBTS, "gb18030"))
    first.show_unlocked()
    take_people(first)
    read_sheet(first, "debts", "欠账.csv")
    first.press("Enter")
    papers = PaperMaker(first.gatherer.neighbours, first.texts)
    acts = first.connection.execute("SELECT DISTINCT act, kind FROM facts").fetchall()
    again = [papers.again(first.connection, act, first.texts) for act, _ in acts]
    made = [to_json(paper) for paper in again if paper is not None]
    assert made
    assert len(made) == sum(kind == "opening.entered" for _, kind in acts)
    assert set(made) <= set(first.slips())


def test_a_line_typed_by_keys_alone_and_put_right_later(first):
    first.show_unlocked()
    open_page(first, LINES, group="debts")
    first.press("1")
    first.type("6003")
    first.press("Enter")
    first.type("120.5")
    assert len(caps(first)) == 1
    first.press("Enter")
    assert first.balance("Liabilities:Held:Grower:%:Here") == -12050
    first.type("6003")
    first.press("Enter")
    first.type("9")
    first.press("Enter")
    assert first.facts("opening.entered") == 1, "asked about: a line of hers stands already"
    assert "已经记过一笔 ¥120.50" in first.page.form.amount.fault
    first.press("Ctrl+G")
    assert first.balance("Liabilities:Held:Grower:%:Here") == -12950
    first.page.table.choose(records.lines(first.connection)[1].line)
    settle()
    first.press("Ctrl+E")
    first.press("Backspace", "Backspace")
    first.page.form.amount.line.selectAll()
    first.type("100")
    first.press("Enter")
    assert first.balance("Liabilities:Held:Grower:%:Here") == -10900
    assert first.facts("opening.corrected") == 1


def test_a_half_written_line_survives_a_power_cut(first):
    first.show_unlocked()
    open_page(first, LINES, group="debts")
    first.press("1")
    first.type("6003")
    first.press("Enter")
    first.type("77")
    first.page.keep_draft()
    first.restart()
    first.show_unlocked()
    first.window.resume_drafts()
    settle()
    assert first.page.key == LINES
    first.press("Enter")
    assert first.balance("Liabilities:Held:Grower:%:Here") == -7700


def test_a_half_written_lot_survives_a_power_cut(first):
    first.show_unlocked()
    open_page(first, "opening.lots")
    first.type("6003")
    first.press("Enter")
    first.page.produce.set_text("红薯")
    first.page.quantity.setFocus()
    first.type("25")
    first.page.keep_draft()
    first.restart()
    first.show_unlocked()
    first.window.resume_drafts()
    settle()
    assert first.page.key == "opening.lots"
    first.press("Enter")
    row = first.connection.execute("SELECT produce, on_shelf FROM lots").fetchone()
    assert tuple(row) == ("红薯", 12_500)


def test_the_drawer_is_written_down_once_either_here_or_by_the_shift(first):
    first.show_unlocked()
    safe = EnterOpening(
        purse="drawer", amount_fen=30_000, witness=Witness(kind="alone", reason="x")
    )
    assert isinstance(first.do(safe), Done)
    counted = OpenShift(counts=(Count(10_000, 3),), day="2026-11-23")
    done = first.do(counted)
    assert isinstance(done, Done)
    assert done.told[0].body.added_fen == 0, "what was written down is what is counted"
    assert first.balance("Equity:Opening") == -30_000
    again = first.do(safe)
    assert getattr(again, "reason", "") == "opening.DRAWER_COUNTED_ALREADY"


def test_after_a_shift_has_counted_the_drawer_is_not_asked_for(first):
    first.show_unlocked()
    first.open_shift()
    outcome = first.do(
        EnterOpening(purse="drawer", amount_fen=5, witness=Witness(kind="alone", reason="x"))
    )
    assert getattr(outcome, "reason", "") == "opening.DRAWER_COUNTED_ALREADY"


def test_a_drawer_that_was_counted_since_is_not_put_right_behind_its_count(first):
    """The shift had counted what was there; the line was corrected, and the drawer lacked it."""
    first.show_unlocked()
    alone = Witness(kind="alone", reason="x")
    done = first.do(EnterOpening(purse="drawer", amount_fen=300_000, witness=alone))
    assert isinstance(done, Done)
    right = CorrectOpening(line=done.told[0].identity, amount_fen=30_000, witness=alone)
    first.do(OpenShift(counts=(Count(10_000, 3),), day="2026-11-23", reason="float"))
    assert first.balance("Assets:Drawer:%") == 30_000
    assert getattr(first.do(right), "reason", "") == "opening.DRAWER_COUNTED_ALREADY"
    assert first.balance("Assets:Drawer:%") == 30_000


def test_what_she_was_owed_before_the_first_day_stands_in_her_book(first):
    """The list of everybody said it; her own page, once opened, said nothing."""
    first.show_unlocked()
    alone = Witness(kind="alone", reason="x")
    person = first.connection.execute("SELECT entity FROM persons LIMIT 1").fetchone()[0]
    first.do(EnterOpening(purse="owed_person", person=person, amount_fen=5_000, witness=alone))
    listed = people_book.everybody(first.connection, AccountWords(first.texts))
    assert [(book.person, book.due_fen) for book in listed] == [(person, 5_000)]
    assert people_book.book_of(first.connection, person).due_fen == 5_000


def test_a_debt_that_was_paid_twice_is_not_taken_off_a_second_time(first):
    """Its account stood the other way round, and that was taken for what is still owed."""
    first.show_unlocked()
    alone = Witness(kind="alone", reason="x")
    person = first.connection.execute("SELECT entity FROM persons LIMIT 1").fetchone()[0]
    done = first.do(
        EnterOpening(purse="owed_person", person=person, amount_fen=5_000, witness=alone)
    )
    assert isinstance(done, Done)
    line = done.told[0].identity
    first.connection.execute(
        "UPDATE balances SET amount = 5000 WHERE account = ?", (refund_due(line),)
    )
    state = records.line_state(first.connection, line)
    assert state is not None
    assert records.left_of(first.connection, line, state) == 0


# --- Lots ----------------------------------------------------------------------------------------


def test_a_lot_is_written_down_by_keys(first):
    first.show_unlocked()
    open_page(first, "opening.lots")
    first.type("6002")
    first.press("Enter")
    first.compose("红薯")
    first.press("Tab")
    first.compose("25斤")
    first.press("Enter")
    row = first.connection.execute("SELECT produce, unit, on_shelf, ownership FROM lots").fetchone()
    assert tuple(row) == ("红薯", "g", 12_500, "consigned")
    assert not imbalances(trial_balance(first.connection))
    (slip,) = first.slips()
    assert "红薯" in slip


# --- The whole -----------------------------------------------------------------------------------


def settle_all(first) -> None:
    open_page(first, STEPS)
    for _ in range(6):
        first.press("Del")


def test_the_end_is_signed_printed_and_balanced(first):
    first.show_unlocked()
    safe = EnterOpening(purse="safe", amount_fen=70_000, witness=Witness(kind="alone", reason="x"))
    owed = EnterOpening(purse="cod", amount_fen=20_000, courier="ZTO")
    assert isinstance(first.do(safe), Done)
    assert isinstance(first.do(owed), Done)
    settle_all(first)
    first.press("Enter")
    assert first.page.key == "opening.finish"
    assert "账是平的" in first.page.balance.words
    first.press("Enter")
    assert first.facts("opening.finished") == 0, "somebody has to sign"
    first.page.witness.reason.setFocus()
    first.compose("站里只有我")
    first.press("Enter")
    assert first.facts("opening.finished") == 1
    sheet = from_json(first.slips()[-1])
    words = msgspec.json.encode(sheet).decode()
    assert "开账总单" in words
    assert "￥700.00" in words
    assert "￥500.00" in words, "700 in the safe, 200 of it the courier's"
    assert telling_line(first) is None
    first.restart()
    first.show_unlocked()
    open_page(first, STEPS)
    assert "开账完成了" in first.page.banner.words
    assert not any(action.key == "Enter" for action in first.page.action_bar())


def telling_line(first):
    lines = first.set_up(first.connection)
    return lines[0] if lines else None


def test_today_speaks_of_it_until_it_is_done_or_dismissed_and_there_is_a_way_back(first):
    first.show_unlocked()
    assert telling_line(first).words == "开账还没完：办了 0 步，共 6 步"
    first.press("Home")
    names = [row.cells[1].words for row in first.page.attention.rows_model.rows]
    assert "开账还没完：办了 0 步，共 6 步" in names
    open_page(first, STEPS)
    first.press("Ctrl+D")
    assert telling_line(first) is None
    assert "按 Ctrl+G" in first.page.banner.words
    first.press("Ctrl+G")
    assert telling_line(first) is not None
    settle_all(first)
    assert telling_line(first).words == "开账就差签字"


def test_work_begins_at_once_and_no_step_waits_for_another(first):
    first.show_unlocked()
    first.hand_over(1)
    open_page(first, STEPS)
    first.page.table.choose("money")
    settle()
    first.press("Del")
    opening = records.opening_state(first.connection, "NX0601")
    assert opening is not None
    assert opening.steps == {"money": "none"}
    first.hand_over(2)
    assert first.facts("parcel.handed_over") == 2


def test_a_step_that_was_settled_by_mistake_is_undone_or_opened_again(first):
    first.show_unlocked()
    open_page(first, STEPS)
    first.press("F11")
    assert "村民 办完了" in first.toasts()
    first.press("Ctrl+Z")
    assert records.opening_state(first.connection, "NX0601") is None
    first.page.table.choose("people")
    settle()
    first.press("F11")
    first.page.table.choose("people")
    settle()
    first.press("F11")
    opening = records.opening_state(first.connection, "NX0601")
    assert opening is not None
    assert opening.steps == {"people": "open"}


def test_samples_are_written_and_can_be_read_in(first):
    first.show_unlocked()
    open_page(first, STEPS)
    first.press("F10")
    written = sorted(path.name for path in (first.home / "Desktop").iterdir())
    assert written == ["包裹模板.xlsx", "村民模板.xlsx", "欠账模板.xlsx"]
    read_sheet(first, "people", "村民模板.xlsx")
    assert first.page.stage.name == "ROWS"
    assert first.page.work.judged == []
    first.press("Esc", "Esc")
    open_page(first, STEPS)
    first.press("F10")
    assert (first.home / "Desktop" / "村民模板-2.xlsx").exists(), "nothing is overwritten"


PAGES: tuple[tuple[str, dict[str, str]], ...] = (
    (STEPS, {}),
    (SHEET, {"kind": "people"}),
    (LINES, {"group": "debts"}),
    (LINES, {"group": "money"}),
    ("opening.shelves", {}),
    ("opening.lots", {}),
    ("opening.finish", {}),
)


@pytest.mark.parametrize("size", WINDOWS)
def test_every_page_fits(first, size):
    first.show_unlocked(size)
    for page, subject in PAGES:
        open_page(first, page, **subject)
        shown = first.page
        view = shown.parentWidget()
        least = shown.minimumSizeHint()
        assert least.height() <= view.height(), f"{page}: {least.height()} > {view.height()}"
        assert least.width() <= view.width(), f"{page}: {least.width()} > {view.width()}"
        assert len(caps(first)) <= 1


def test_whoever_types_its_name_is_led_to_it(first):
    first.show_unlocked()
    first.press("Home")
    first.type("kaizhang")
    first.press("Enter")
    assert first.page.key == STEPS
