"""The pages of the drawer, worked at the counter: keys alone, mouse alone, in a low window too."""

import pytest
from PySide6.QtCore import Qt

from station_app.services.cash.pages.compare_panels import suspects
from station_app.services.cash.pages.day_page import Step
from station_app.services.cash.pages.edges import Unsent
from station_app.shell.drafts import DraftsInMemory
from station_app.values.paying import FACES
from station_app.values.spoken import short
from tests.long_shelf import WINDOWS
from tests.services.cash.hands import button, check_place, type_count, visible_words
from tests.services.cash.test_shifts import DAY_MS, a_day
from tests.services.cash.till import Till, cash_of, words_of

EXPECTED = 58_600  # of `a_day`, in the drawer
# --- Counting and closing ------------------------------------------------------------------------


def test_the_whole_close_by_keys(at_the_day):
    counter, hand = at_the_day()
    shift = counter.till.shift
    type_count(hand, 57_400)
    hand.press("Enter")
    assert counter.step() is Step.COMPARING
    hand.compose("找零多给")
    hand.press("Enter")
    assert counter.step() is Step.ASKING
    assert counter.till.shift == shift
    hand.press("Enter")
    assert counter.step() is Step.DONE
    state = counter.shift(shift)
    assert (state.counted_fen, state.difference_fen, state.remark) == (57_400, -1_200, "找零多给")
    assert counter.till.shift == ""
    assert "结好了，第 1-" in " ".join(visible_words(counter.window))
    assert "少 ¥12.00" in visible_words(counter.window)


def test_a_drawer_is_counted_by_digits_and_enter_alone(at_the_day):
    """Enter goes to the next face and, on the last, compares; nothing is compared by one Enter."""
    counter, hand = at_the_day()
    count, primary = counter.page.count, counter.window.action_bar.primary_button
    for face, pieces in zip(FACES, "51020000", strict=True):
        hand.type(pieces)
        is_last = face == FACES[-1]
        assert count.fields[face].line.hasFocus()
        assert (count.following.isVisible(), primary.cap) == (
            not is_last,
            "Enter" if is_last else "+",
        )
        assert counter.step() is Step.COUNTING
        hand.press("Enter")
    assert counter.step() is Step.COMPARING
    assert count.total_fen == 5 * 10_000 + 5_000 + 2 * 1_000


def test_plus_is_the_primary_at_every_step(at_the_day):
    counter, hand = at_the_day()
    type_count(hand, EXPECTED)
    for step in (Step.COMPARING, Step.ASKING, Step.DONE, Step.OPENING):
        hand.press("+")
        assert counter.step() is step


def test_an_exact_count_needs_no_reason(at_the_day):
    counter, hand = at_the_day()
    type_count(hand, EXPECTED)
    hand.press("Enter")
    assert "账实相符" in visible_words(counter.window)
    assert not counter.page.closing.compare.reason.isVisible()
    hand.press("Enter")
    hand.press("Enter")
    assert counter.step() is Step.DONE


def test_nothing_says_what_should_be_there_before_the_count(at_the_day):
    counter, hand = at_the_day()
    hand.type("5")
    assert counter.step() is Step.COUNTING
    said = " ".join(visible_words(counter.window))
    for secret in ("586.00", "300.00", "336.00", "656.00", "账上"):
        assert secret not in said.replace("不显示账上的数", "")
    for panel in ("compare", "unsent", "paper", "done"):
        assert not getattr(counter.page.closing, panel).isVisible()


def test_an_untouched_count_is_no_count(at_the_day):
    counter, hand = at_the_day()
    primary = counter.window.action_bar.primary_button
    assert not primary.isEnabled()
    assert primary.reason == "还没数"
    for _ in range(len(FACES) + 1):
        hand.press("Enter")
    assert counter.step() is Step.COUNTING
    hand.type("0")
    assert primary.isEnabled()
    hand.press("Enter")
    assert "少 ¥586.00" in visible_words(counter.window)


def test_a_difference_waits_for_its_reason(at_the_day):
    counter, hand = at_the_day()
    type_count(hand, EXPECTED + 2_700)
    hand.press("Enter")
    primary = counter.window.action_bar.primary_button
    assert (primary.isEnabled(), primary.reason) == (False, "写一句原因")
    assert "再数一遍 ¥20、¥5、¥1，或写原因" in visible_words(counter.window)
    hand.press("Enter")
    assert counter.step() is Step.COMPARING


def test_one_recount(at_the_day):
    counter, hand = at_the_day()
    shift = counter.till.shift
    type_count(hand, 57_400)
    hand.press("Enter")
    assert counter.world.spoken == [("state", short(1_200))]
    hand.press("Ctrl+Z")
    assert counter.step() is Step.COUNTING
    assert counter.page.count.total_fen == 57_400
    assert "586.00" not in " ".join(visible_words(counter.window))
    counter.page.count.fields[2_000].line.setFocus()
    hand.press("Ctrl+A")
    hand.type("0")
    hand.press("+")
    assert counter.step() is Step.COMPARING
    again = button(counter.window, "重数")
    assert not again.isEnabled()
    assert len(counter.world.spoken) == 1, "nobody is asked to count a third time"
    hand.press("Ctrl+Z")
    assert counter.step() is Step.COMPARING
    hand.compose("找零多给")
    hand.press("Enter")
    hand.press("Enter")
    assert counter.shift(shift).recounts == 1


def test_the_question_can_be_taken_back(at_the_day):
    counter, hand = at_the_day()
    type_count(hand, EXPECTED)
    hand.press("Enter")
    hand.press("Enter")
    hand.press("Esc")
    assert counter.step() is Step.COMPARING
    assert counter.till.shift
    assert counter.page.closing.unsent.isVisible()


@pytest.mark.parametrize("size", WINDOWS)
def test_what_was_just_printed_does_not_hide_the_question(at_the_day, size):
    counter, hand = at_the_day(size=size)
    hand.press("Ctrl+P")
    type_count(hand, 57_400)
    hand.press("Enter")
    hand.compose("找零多给")
    hand.press("Enter")
    assert counter.step() is Step.ASKING
    toasts = counter.window.toasts
    assert [one.notice.words for one in toasts.toasts] == ["班中报表在打了"]
    assert not toasts.isVisible()
    hand.press("Esc")
    assert toasts.isVisible()


def test_the_preview_shows_the_bits_of_the_print(at_the_day, press):
    counter, hand = at_the_day()
    type_count(hand, EXPECTED)
    hand.press("Enter")
    counter.till.at += 60_000 - counter.till.at % 60_000
    counter.page.refresh(())
    before = counter.page.closing.paper.preview._image.copy()
    hand.press("Enter")
    hand.press("Enter")
    assert counter.step() is Step.DONE
    assert counter.page.closing.paper.preview._image == before
    assert "日结单 第 1-" in " ".join(words_of(counter.till.papers_printed()[-1]))


def test_money_that_comes_meanwhile_is_compared_too(at_the_day):
    counter, hand = at_the_day()
    type_count(hand, EXPECTED)
    hand.press("Enter")
    counter.till.settle("ZTO", 1_000)
    counter.page.refresh(())
    assert "少 ¥10.00" in visible_words(counter.window)


def test_what_is_not_sent_is_said_and_holds_nothing_up(at_the_day):
    counter, hand = at_the_day()
    type_count(hand, EXPECTED)
    hand.press("Enter")
    said = visible_words(counter.window)
    assert "47 笔存在本机，最早 06:30" in said
    assert "没网也能日结。来网后自动传，不会丢。" in said
    assert counter.window.action_bar.primary_button.isEnabled()


def close_by_keys(hand):
    type_count(hand, EXPECTED)
    hand.press("Enter")
    hand.press("Enter")
    hand.press("Enter")


@pytest.mark.parametrize("size", WINDOWS)
def test_after_closing_without_a_line_the_stick_is_one_key(at_the_day, size):
    counter, hand = at_the_day(size=size)
    close_by_keys(hand)
    assert counter.step() is Step.DONE
    assert "存在本机，47 笔待传，来网自动传" in visible_words(counter.window)
    hand.press("Ctrl+U")
    assert counter.world.sticks == 1
    assert "47 笔写好在 U 盘上了" in visible_words(counter.window)
    counter.world.stick_ends = ("没看到 U 盘。插好，等几秒再按", False)
    hand.press("Ctrl+U")
    assert "没看到 U 盘。插好，等几秒再按" in visible_words(counter.window)
    check_place(counter.window)


def test_with_a_line_or_nothing_to_send_no_stick_is_offered(at_the_day):
    counter, hand = at_the_day()
    counter.world.unsent = Unsent(47, 1_795_559_400_000, is_offline=False)
    close_by_keys(hand)
    assert counter.step() is Step.DONE
    hand.press("Ctrl+U")
    assert counter.world.sticks == 0
    counter.world.unsent = Unsent(0, 0, is_offline=True)
    for listener in counter.world.listeners:
        listener()
    hand.settle()
    hand.press("Ctrl+U")
    assert counter.world.sticks == 0


@pytest.mark.parametrize("size", WINDOWS)
def test_half_a_note_gets_its_sentence_beside_the_field_and_the_total_stays(at_the_day, size):
    """Under the narrow field it took four lines, and pushed the total out of the window."""
    counter, hand = at_the_day(None, size)
    panel = counter.page.count
    low = panel.fields[FACES[-1]].mapTo(panel, panel.fields[FACES[-1]].rect().bottomLeft()).y()
    hand.type("4.5")
    assert panel.fields[FACES[0]].fault == "只填整数。按退格，重填"
    check_place(counter.window)
    last = panel.fields[FACES[-1]]
    assert last.mapTo(panel, last.rect().bottomLeft()).y() <= low + 12


def test_a_scan_is_never_typed_into_a_count(at_the_day):
    counter, hand = at_the_day()
    hand.burst("7310000000123")
    hand.settle()
    assert counter.page.count.written() == {}
    assert counter.step() is Step.COUNTING


def test_by_mouse_alone(at_the_day, qtbot):
    counter, hand = at_the_day()
    shift = counter.till.shift

    def click(widget):
        qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
        hand.settle()

    for _ in range(5):
        click(counter.page.count.steppers[10_000][1])
    click(counter.page.count.steppers[10_000][0])
    click(counter.window.action_bar.primary_button)
    click(button(counter.window, "说不清"))
    click(counter.window.action_bar.primary_button)
    click(button(counter.window, "就现在结"))
    state = counter.shift(shift)
    assert (state.counted_fen, state.remark) == (40_000, "说不清")
    click(counter.window.action_bar.primary_button)
    click(button(counter.window, "和昨晚一样"))
    assert counter.till.shift


def test_a_count_survives_a_power_cut(at_the_day):
    drafts = DraftsInMemory()
    counter, hand = at_the_day(drafts=drafts)
    hand.type("12")
    counter.page.keep_draft()
    draft = drafts.find("cash.day")
    counter.page._begin_count()
    assert counter.page.resume(draft) == "刚才断电了。钱数到一半，接着数"
    assert counter.page.count.total_fen == 120_000
    assert counter.step() is Step.COUNTING


def test_after_a_power_cut_a_count_that_was_compared_is_not_counted_freely_again(at_the_day):
    drafts = DraftsInMemory()
    counter, hand = at_the_day(drafts=drafts)
    type_count(hand, 58_000)
    hand.press("Enter")
    draft = drafts.find("cash.day")
    counter.page._begin_count()
    assert counter.page.resume(draft) == "刚才断电了。钱数好对过账了，接着日结"
    hand.settle()
    assert counter.step() is Step.COMPARING
    assert counter.page.count.total_fen == 58_000
    hand.press("Ctrl+Z")
    assert counter.step() is Step.COUNTING
    type_count(hand, 58_100)
    assert counter.page.count.total_fen == 58_100, "typed over what was counted before"
    hand.press("Enter")
    counter.page._begin_count()
    assert counter.page.resume(drafts.find("cash.day")).startswith("刚才断电了")
    hand.settle()
    hand.press("Ctrl+Z")
    assert counter.step() is Step.COMPARING, "one recount, whatever happens to the power"


def test_a_count_of_another_shift_is_forgotten(at_the_day):
    counter, _hand = at_the_day()
    assert counter.page.resume({"shift": "another", "counts": {"100": "5"}}) == ""
    assert not counter.page.count.is_touched


@pytest.mark.parametrize(
    ("difference", "faces"),
    [(-1_200, (1_000, 100)), (2_700, (2_000, 500, 100)), (10, (10,)), (0, ()), (5, ())],
)
def test_which_faces_to_count_again(difference, faces):
    assert suspects(difference) == faces


# --- Opening -------------------------------------------------------------------------------------


def test_the_first_shift_by_keys(at_the_day):
    counter, hand = at_the_day(Till())
    assert counter.step() is Step.OPENING
    assert "和昨晚一样" not in visible_words(counter.window)
    type_count(hand, 30_000)
    assert "备用金 ¥300.00，开班" in visible_words(counter.window)
    hand.press("Enter")
    state = counter.shift()
    assert (state.float_fen, state.added_reason) == (30_000, "float")


def test_a_first_float_of_a_hundred_thousand_is_pointed_at_and_bars_nothing(at_the_day):
    counter, hand = at_the_day(Till())
    type_count(hand, 10_465_000)
    assert "备用金 ¥104,650.00，这么多？" in visible_words(counter.window)
    check_place(counter.window)
    hand.press("Enter")
    assert counter.shift().float_fen == 10_465_000


def closed_yesterday() -> Till:
    till = a_day()
    till.close(EXPECTED)
    till.at += DAY_MS
    return till


def test_as_last_night_by_one_key(at_the_day):
    counter, hand = at_the_day(closed_yesterday())
    assert "586.00" not in " ".join(visible_words(counter.window))
    hand.press("F10")
    state = counter.shift()
    assert (state.float_fen, state.as_last, state.day) == (EXPECTED, 1, "2026-11-26")


def test_a_float_that_differs_is_asked_about(at_the_day):
    counter, hand = at_the_day(closed_yesterday())
    type_count(hand, 50_000)
    hand.press("Enter")
    assert counter.till.shift == ""
    said = " ".join(visible_words(counter.window))
    assert "和账上对不上" in said
    assert "86.00" not in said
    hand.press("4")
    hand.press("Enter")
    state = counter.shift()
    assert (state.added_fen, state.added_reason) == (50_000 - EXPECTED, "float")


def test_a_float_half_counted_stands_there_after_a_look_elsewhere(at_the_day):
    counter, hand = at_the_day(closed_yesterday())
    hand.type("5")
    counter.window.open_page("cash.drawer")
    counter.window.open_page("cash.day")
    assert counter.page.count.total_fen == 50_000
    hand.press("+")
    assert "和账上对不上" in " ".join(visible_words(counter.window))
    counter.window.open_page("cash.drawer")
    counter.window.open_page("cash.day")
    assert "和账上对不上" in " ".join(visible_words(counter.window)), "the question stays too"


def test_a_float_nobody_can_explain_needs_words(at_the_day):
    counter, hand = at_the_day(closed_yesterday())
    type_count(hand, 50_000)
    hand.press("Enter")
    hand.press("5")
    primary = counter.window.action_bar.primary_button
    assert primary.reason == "写一句原因"
    hand.compose("昨晚少数一张")
    hand.press("Enter")
    state = counter.shift()
    assert (state.added_reason, state.added_remark) == ("over_short", "昨晚少数一张")


def test_a_clock_that_went_back_is_asked_about_once(at_the_day):
    till = closed_yesterday()
    till.at -= 6 * DAY_MS
    counter, hand = at_the_day(till)
    assert "电脑上是 2026年11月20日，可 2026年11月25日 已经日结过" in visible_words(counter.window)
    type_count(hand, EXPECTED)
    assert counter.window.action_bar.primary_button.reason == "先选今天是哪天"
    hand.press("Alt+2")
    hand.press("Enter")
    state = counter.shift()
    assert state.day == "2026-11-25"


def test_a_broken_clock_takes_a_date_by_hand(at_the_day):
    till = closed_yesterday()
    till.at = 1_262_304_000_000
    counter, hand = at_the_day(till)
    assert "电脑的钟坏了，看不出今天是哪天" in visible_words(counter.window)
    type_count(hand, EXPECTED)
    hand.press("Alt+2")
    hand.type("2026-11-2")
    assert counter.window.action_bar.primary_button.reason == "日期写成 2026-11-25 这样"
    hand.type("6")
    hand.press("Enter")
    state = counter.shift()
    assert state.day == "2026-11-26"


def test_after_the_close_the_next_shift_can_be_opened(at_the_day):
    counter, hand = at_the_day()
    type_count(hand, EXPECTED)
    for _ in range(4):
        hand.press("Enter")
    assert counter.step() is Step.OPENING
    hand.press("F10")
    assert counter.till.shift
    hand.press("F8")
    assert counter.step() is Step.COUNTING
    assert not counter.page.count.is_touched


# --- Papers --------------------------------------------------------------------------------------


def test_a_reading_in_the_middle_of_the_shift(at_the_day):
    counter, hand = at_the_day()
    hand.press("Ctrl+P")
    ((slip, act),) = counter.world.printed
    assert act == ""
    assert "班中报表" in words_of(slip)
    assert "班中报表在打了" in " ".join(visible_words(counter.window))


# --- Nothing is cut ------------------------------------------------------------------------------


@pytest.mark.parametrize("size", WINDOWS)
def test_every_step_fits(at_the_day, size):
    till = Till()
    till.open(9_999_900)
    till.settle("JTSD", 99_999_990, cash_of(99_999_990))
    counter, hand = at_the_day(till, size)
    check_place(counter.window)
    for face in FACES:
        hand.type("9999")
        hand.press("Tab")
        assert face
    check_place(counter.window)
    hand.press("Enter")
    check_place(counter.window)
    hand.compose("说不清" * 20)
    hand.press("Enter")
    check_place(counter.window)
    hand.press("Enter")
    assert counter.step() is Step.DONE
    check_place(counter.window)
    till.at -= 9 * DAY_MS
    hand.press("Enter")
    hand.type("5")
    hand.press("Alt+1")
    hand.press("+")
    hand.press("5")
    assert counter.page.opening.remark.isVisible()
    assert counter.page.opening.days.isVisible()
    check_place(counter.window)
    hand.press("Ctrl+L")
    check_place(counter.window)
