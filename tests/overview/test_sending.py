"""The pages of F9: sending and cases, by keys; the strip and the banner follow by themselves."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QLabel

from station_app.overview.case_list import count_cases
from station_app.overview.sync_view import Standing, StickSign
from station_app.sync.progress import Attempt, LastReceipt
from tests.overview.quarrels import quarrel
from tests.overview.test_pictures import HERE, LIVE, NOW, OFFLINE

HOUR_MS = 3_600_000


def strip(station):
    return [item.words for item in station.window.strip.items]


def words_of(table):
    return [[getattr(cell, "words", cell) for cell in row.cells] for row in table.rows_model.rows]


def test_the_page_says_what_waits_in_groups_with_count_age_and_size(station):
    station.line.now = OFFLINE
    station.show_unlocked()
    station.press("F9")
    page = station.page
    assert page._words.text() == "断网 3 小时 12 分，照常办业务就行"
    first = page._waiting.rows_model.rows[0].cells
    assert [first[1].words, first[3].words, first[4].words, first[5].words] == [
        "包裹进出", "31 笔", "最早 04:50", "41 KB",
    ]  # fmt: skip
    assert page._total.text() == "共 47 笔，85 KB"
    assert page._held.text() == "县里收到本机 12165 笔"
    assert page._receipt.text() == "回执 7f3a… 04:38"
    assert words_of(page._recent)[2][2] == "传了 12 笔，收了 214 条"


def test_enter_asks_for_a_try_at_once(station):
    station.line.now = OFFLINE
    station.show_unlocked()
    station.press("F9", "Enter")
    assert station.line.tries == 1
    assert station.window.action_bar._note.text() == "好，马上试"
    assert station.toasts() == [], "a toast would lie over the rows"


def test_while_sending_the_key_waits_and_says_why(station):
    station.line.now = replace(OFFLINE, line="busy", sent=12, to_send=47)
    station.show_unlocked()
    station.press("F9", "Enter")
    assert station.line.tries == 0
    button = station.window.action_bar.primary_button
    assert button.reason == "正在传，等一下"
    assert station.page._words.text() == "正在传，第 12 笔，共 47 笔"


def test_the_page_follows_the_line_by_itself(station):
    station.line.now = OFFLINE
    station.show_unlocked()
    station.press("F9")
    station.line.become(
        Standing(
            "online",
            NOW,
            last_success_at=NOW,
            attempts=(Attempt(NOW, "sent", 47),),
            receipt=LastReceipt(0, "a91c", NOW),
            pcs=HERE,
            marks={LIVE: 12_212},
        )
    )
    page = station.page
    assert page._words.text() == "都传完了"
    assert page._nothing.isVisible()
    assert page._held.text() == "县里收到本机 12212 笔"
    assert strip(station)[0] == "已同步 今天 07:50"


def test_hours_without_news_turn_the_strip_amber_while_nobody_touches_anything(station, qtbot):
    waits = OFFLINE.waiting[:1]
    station.line.now = Standing("online", NOW, waiting=waits, last_success_at=NOW)
    station.show_unlocked()
    assert station.window.strip.items[0].tone == "queued"
    station.clock.at_ms += 4 * HOUR_MS
    station.window._strip_clock.setInterval(20)
    qtbot.waitUntil(lambda: station.window.strip.items[0].tone == "warn", timeout=4_000)


def test_the_countdown_runs_while_somebody_looks(station, qtbot):
    station.line.now = OFFLINE
    station.show_unlocked()
    station.press("F9")
    station.clock.at_ms += 30_000
    qtbot.waitUntil(lambda: "50 秒后" in station.page._small.text(), timeout=4_000)


def test_the_banner_of_today_comes_and_goes_with_the_line(station):
    window = station.show_unlocked()
    page = station.page
    assert not page.banner.isVisible()
    station.line.become(OFFLINE)
    assert page.banner.isVisible()
    assert page.banner.words == "没网也能照常办。47 笔先存在本机，来网自动传。"
    assert strip(station)[0] == "断网 3 小时 12 分·可照常办·47 笔待传"
    window.strip.item_pressed.emit("line")
    assert station.page.key == "overview.sync"
    station.line.become(Standing("online", NOW, last_success_at=NOW))
    station.press("Home")
    assert not page.banner.isVisible()


def test_the_strip_never_says_well_of_a_silent_printer(station):
    station.papers.printers["label"] = ("unknown", "")
    station.papers.printers["receipt"] = ("ok", "PAPER_LOW")
    station.show_unlocked()
    assert strip(station)[1:] == ["小票机纸快完了", "标签机 未知（不会报状态）"]
    station.window.strip.item_pressed.emit("label")
    assert station.page.key == "overview.queue"


def test_facts_that_cannot_be_read_are_named_and_stop_nothing(station):
    station.line.now = replace(OFFLINE, quarantined=2)
    station.show_unlocked()
    station.press("F9")
    assert words_of(station.page._notes)[0][1] == "2 条看不懂的记录先放一边"
    station.line.become(replace(OFFLINE, quarantined=0))
    assert not station.page._notes_panel.isVisible()


def test_a_case_is_opened_with_1_read_on_both_sides_and_closed_with_a_sentence(station):
    quarrel(station)
    station.show_unlocked()
    station.press("F9", "1")
    page = station.page
    assert page.key == "overview.cases"
    assert page.remark.line.hasFocus()
    shown = page.current().accounts  # facts of one moment stand in the order of their identities
    told = {field for account in shown for field in account.fields if field[0] == "交给"}
    assert told == {("交给", "本人", True), ("交给", "代取", True)}
    (code,) = {field[1:] for account in shown for field in account.fields if field[0] == "包裹"}
    assert code == ("A-1-38 中通 …0099", False)
    station.press("Enter")
    assert count_cases(station.connection) == 1
    station.compose("2 号电脑点错人")
    station.press("Alt+3")
    button = station.window.action_bar.primary_button
    assert (button.text(), button.cap) == ("都是真的，写进账", "Enter")
    station.press("Enter")
    assert count_cases(station.connection) == 0
    assert page._none.isVisible()
    assert "办完了，写进账了" in station.toasts()
    stream = station.premises.session.author.stream
    kind, by = station.connection.execute(
        "SELECT kind, by_ FROM facts WHERE stream = ? ORDER BY seq DESC LIMIT 1", (stream,)
    ).fetchone()
    assert (kind, by) == ("case.closed", station.premises.signed_in.operator)


def test_a_case_that_grew_meanwhile_is_shown_anew_and_the_reason_stays(station):
    quarrel(station)
    station.show_unlocked()
    station.press("F9", "1")
    station.compose("看过了")
    page = station.page
    case = page.current()
    grown = (replace(case, members=case.members[:1]),)
    page.column.known = replace(page.column.known, cases=grown)
    station.press("Enter")
    assert page.remark.fault == "又来了新情况，现在有 2 条。看一眼再办"
    assert page.remark.text() == "看过了"
    station.press("Enter")
    assert count_cases(station.connection) == 0


def test_a_half_written_reason_survives_a_power_cut(station):
    quarrel(station)
    station.show_unlocked()
    station.press("F9", "1")
    station.compose("2 号电脑")
    station.page.keep_draft()
    station.restart()
    station.show_unlocked()
    assert station.page.key == "overview.cases"
    assert station.page.remark.text() == "2 号电脑"
    assert "刚才断电了。接着办" in station.toasts()


def test_a_case_is_left_for_later(station):
    quarrel(station)
    station.show_unlocked()
    station.press("F9", "1", "Ctrl+S")
    assert station.page.key == "overview.sync"
    assert count_cases(station.connection) == 1


# --- The stick -----------------------------------------------------------------------------------


def caps(station):
    return {button.label: button.key for button in station.window.action_bar.buttons}


def test_one_key_writes_the_stick_and_says_what_next(station):
    station.line.now = OFFLINE
    station.line.ends = ("47 笔写好在 U 盘上了", True)
    station.show_unlocked()
    station.press("F9")
    assert station.page._stick_words.text() == "U 盘没插"
    station.press("Ctrl+U")
    assert station.line.asked == ["write"]
    assert station.page._stick_words.text() == "47 笔写好在 U 盘上了"
    assert "47 笔写好在 U 盘上了" in station.toasts()


def test_a_stick_with_an_answer_is_noticed_and_the_same_key_takes_it(station, qtbot):
    station.line.now = OFFLINE
    station.show_unlocked()
    station.press("F9")
    station.line.become(OFFLINE, StickSign(is_there=True, has_answer=True))
    assert station.page._stick_words.text() == "U 盘上有回执，按 Ctrl+U 收"
    qtbot.wait(1)  # the bar is laid out anew
    station.press("Ctrl+U")
    assert station.line.asked == ["take"]
    station.line.become(OFFLINE, StickSign(is_there=True))
    qtbot.wait(1)
    station.press("Ctrl+U")
    assert station.line.asked == ["take", "write"]


def test_an_answer_can_be_asked_for_although_none_was_noticed(station):
    station.line.now = OFFLINE
    station.line.ends = ("U 盘上没有县里的回执。先让县里读一下这个 U 盘", False)
    station.show_unlocked()
    station.press("F9", "F10")
    assert station.line.asked == ["take"]
    assert station.page._stick_words.text().startswith("U 盘上没有县里的回执")


@pytest.mark.long
def test_the_sticks_are_looked_at_while_somebody_looks(station, qtbot):
    station.line.now = OFFLINE
    station.show_unlocked()
    station.press("F9")
    before = station.line.looks
    qtbot.waitUntil(lambda: station.line.looks > before, timeout=4_000)
    station.press("Home")
    seen = station.line.looks
    qtbot.wait(1_200)
    assert station.line.looks == seen


def test_the_tab_says_how_many_wait_and_follows_the_line_from_the_page_beside(station):
    quarrel(station)
    station.line.now = OFFLINE
    station.show_unlocked()
    station.press("F9", "Ctrl+2")
    tab = station.window.content.tabs.buttons[0]
    assert "47" in tab.accessibleName().split()
    station.line.become(Standing("online", NOW, last_success_at=NOW))
    assert "47" not in tab.accessibleName().split()


def test_the_card_of_cases_says_whom_to_ring(station):
    quarrel(station)
    station.line.now = OFFLINE
    station.show_unlocked()
    station.press("F9")
    said = [label.text() for label in station.page._cases.findChildren(QLabel)]
    assert "说不清就打县里电话 0377-6533 0000" in said
