"""Signing in: the first operator, PINs, guessing, locking and changing over, by keys alone."""

from types import SimpleNamespace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from station_app.journal.fact import Saying
from station_app.journal.log import FactLog
from station_app.journal.session import Session
from station_app.journal.troubles import DiskFull
from station_app.overview.sign_in import colleagues
from station_app.printing.document import Qr, to_json
from station_app.services.people.facts import OperatorDetails, OperatorRegistered
from station_app.shell.desk import Done
from station_app.values.codes import OPERATOR, identity_payload, make_code
from tests.overview.journals import TestJournal
from tests.overview.seen import words
from tests.overview.stations import MINUTE, PIN
from tests.proofs.kit import DAY
from tests.shell.quick_bot import let_happen


def in_front(station):
    return station.page.key


def sentence(station):
    return station.page.sentence


def test_it_begins_locked_and_a_right_pin_opens_the_page_of_today(station):
    identity = station.hire()
    window = station.show()
    assert in_front(station) == "overview.lock"
    assert window.is_locked()
    station.type(PIN)
    assert in_front(station) == "overview.today"
    assert station.premises.signed_in.operator == identity
    assert station.premises.signed_in.is_manager
    assert "当班 李示芳" in window.top_bar._moment.text()


def test_the_very_first_start_asks_for_the_manager_and_a_pin(station):
    station.show()
    assert in_front(station) == "overview.setup"
    station.compose("李示芳")
    station.press("Enter")
    station.type("123456")
    assert "太好猜" in station.page._fault.text()
    station.type(PIN)
    station.type("314159")
    station.press("Enter")
    assert "两遍不一样" in station.page._fault.text()
    station.type(PIN)
    station.press("Enter")
    assert in_front(station) == "overview.today"
    (one,) = station.desk.read(colleagues)
    assert (one.name, one.is_manager, one.has_pin) == ("李示芳", True, True)
    assert station.premises.signed_in.operator == one.identity


def test_who_works_here_comes_from_the_other_pc_while_the_first_name_is_typed(station):
    """Her name was refused (这一步要站长来办) and nothing but a new start led on."""
    station.show()
    station.compose("周小满")
    folder = station.folder.parent / "other"
    folder.mkdir()
    other = TestJournal(folder, "D2")
    other.say(Saying(OperatorRegistered(role="manager", day=DAY), OperatorDetails(name="李示芳")))
    facts = list(FactLog(other.connection).all_of(other.stream))
    done = station.premises.session.write(lambda recorder: recorder.take(facts))
    other.session.close()
    station.desk.tell(Done("", (), done.changes))
    assert "李示芳在这台电脑上还没有密码" in station.page._line.text()
    station.type(PIN)
    station.type(PIN)
    station.press("Enter")
    assert in_front(station) == "overview.today"
    (one,) = station.desk.read(colleagues)
    assert station.premises.signed_in.operator == one.identity


def test_after_a_full_disk_the_first_manager_tries_again(station, monkeypatch):
    """The key stayed dead (正在保存) until the program was started anew."""
    station.show()
    station.compose("李示芳")
    station.press("Enter")
    station.type(PIN)
    station.type(PIN)

    def full(*_args):
        raise DiskFull("no room")

    with monkeypatch.context() as disk:
        disk.setattr(Session, "write", full)
        station.press("Enter")
    assert in_front(station) == "overview.setup"
    station.press("Enter")
    assert in_front(station) == "overview.today"


def test_where_the_county_allows_four_digits_enter_ends_them_and_six_still_open(station):
    station.pin_digits_least = 4
    station.show()
    station.compose("李示芳")
    station.press("Enter")
    station.type("481")
    station.press("Enter")
    assert in_front(station) == "overview.setup"
    station.type("5")
    station.press("Enter")
    station.type("4815")
    station.press("Enter")
    assert in_front(station) == "overview.today"
    station.press("F12")
    assert "不满 6 位按回车" in sentence(station)
    station.type("4816")
    station.press("Enter")
    assert "还能试 4 次" in sentence(station)
    station.type("4815")
    assert in_front(station) == "overview.lock", "it may be the beginning of six"
    station.click(station.page._card.enter)
    assert in_front(station) == "overview.today"


def test_a_pin_of_six_needs_no_enter_where_four_are_allowed(station):
    station.pin_digits_least = 4
    station.hire()
    station.show()
    station.type(PIN)
    assert in_front(station) == "overview.today"


def test_a_short_pin_still_opens_after_the_county_asks_for_six(station):
    station.hire(pin="4815")
    station.show()
    assert not station.page._card.enter.isVisible()
    station.type("48")
    station.press("Enter")
    assert "还能试" not in sentence(station), "an Enter too early is no try"
    station.type("15")
    station.press("Enter")
    assert in_front(station) == "overview.today"


def test_a_pin_that_was_lost_between_name_and_pin_is_asked_for_again(station):
    identity = station.hire()
    station.connection.execute("DELETE FROM pins")
    station.show()
    assert in_front(station) == "overview.setup"
    assert station.page.name.isHidden()
    station.type(PIN)
    station.type(PIN)
    station.press("Enter")
    assert in_front(station) == "overview.today"
    assert station.premises.signed_in.operator == identity


def test_somebody_without_a_pin_on_this_pc_needs_the_manager_first(station):
    station.hire()
    other = station.hire("张示东", "operator")
    station.connection.execute("DELETE FROM pins WHERE operator = ?", (other,))
    station.show()
    station.press("Alt+2")
    assert sentence(station) == "这位在这台还没设密码，让站长先登一下"
    station.press("Alt+1")
    station.type(PIN)
    assert in_front(station) == "overview.today"


def test_five_wrong_pins_lock_for_a_minute_that_is_counted_down(station):
    station.hire()
    station.show()
    for left in (4, 3, 2, 1):
        station.type("999111")
        assert sentence(station) == f"密码不对，还能试 {left} 次"
    station.type("999111")
    assert sentence(station) == "错太多次了，1 分后再试"
    assert not station.page.boxes.isEnabled()
    station.type(PIN)
    assert in_front(station) == "overview.lock"
    station.clock.at_ms += 20_000
    station.page._second_passed()
    assert sentence(station) == "错太多次了，40 秒后再试"
    station.clock.at_ms += MINUTE
    station.uptime += MINUTE
    station.page._second_passed()
    station.type(PIN)
    assert in_front(station) == "overview.today"


def test_a_lock_is_there_again_after_a_restart(station):
    station.hire()
    station.show()
    for _ in range(5):
        station.type("999111")
    station.restart()
    station.show()
    assert sentence(station).startswith("错太多次了")


def test_names_are_masked_where_anybody_may_look(station):
    station.hire()
    station.hire("欧阳示文", "operator")
    station.show()
    assert station.page.shown == ["李*芳", "欧**文"]


def test_f12_locks_and_the_work_stands_as_it_was_left(station):
    station.show_unlocked()
    station.press("F2")
    station.scan("73000000000017")
    page = station.page
    assert page.key == "parcels.intake"
    before = page.draft()
    station.press("F12")
    assert in_front(station) == "overview.lock"
    assert station.premises.signed_in.operator == ""
    for key in ("F2", "F3", "F9", "F1", "Ctrl+Z"):
        station.press(key)
        assert in_front(station) == "overview.lock", key
    station.type(PIN)
    assert station.page is page
    assert page.draft() == before


def test_colleagues_change_over_quickly(station):
    station.hire()
    other = station.hire("张示东", "operator")
    station.show()
    station.type(PIN)
    station.press("F12", "Alt+2")
    station.type(PIN)
    assert station.premises.signed_in.operator == other
    assert not station.premises.signed_in.is_manager


def test_whoever_was_here_last_is_proposed(station):
    station.hire()
    other = station.hire("张示东", "operator")
    station.show()
    station.press("Alt+2")
    station.type(PIN)
    station.press("F12")
    assert station.page._chosen.identity == other


def test_nobody_is_proposed_who_has_no_pin_on_this_pc(station):
    manager = station.hire()
    other = station.hire("张示东", "operator")
    station.connection.execute("DELETE FROM pins WHERE operator = ?", (manager,))
    station.show()
    assert station.page._chosen.identity == other
    station.type(PIN)
    assert in_front(station) == "overview.today"


def test_a_card_says_who_it_is_and_the_pin_is_still_asked(station):
    station.hire()
    other = station.hire("张示东", "operator")
    card = make_code(OPERATOR, identity_payload(other))
    station.show()
    station.scan("73000000000017")
    assert sentence(station) == "锁着屏，输了密码再扫"
    station.scan(make_code(OPERATOR, identity_payload("f" * 64)))
    assert sentence(station) == "这张卡不是这个站的"
    station.scan(card)
    assert station.page._chosen.identity == other
    assert in_front(station) == "overview.lock"
    station.type(PIN)
    assert station.premises.signed_in.operator == other
    station.clock.at_ms += MINUTE
    station.scan(card)
    assert in_front(station) == "overview.lock"


def test_a_manager_adds_a_colleague(station):
    station.show_unlocked()
    station.press("F1", "Ctrl+4")
    assert in_front(station) == "overview.setup"
    station.compose("张示东")
    station.press("Enter")
    station.type(PIN)
    station.type(PIN)
    station.press("Enter")
    assert not station.window.is_locked()
    names = [(one.name, one.is_manager) for one in station.desk.read(colleagues)]
    assert names == [("李示芳", True), ("张示东", False)]


def test_a_manager_gives_a_new_pin_to_a_colleague_who_forgot_it_and_lifts_her_lock(station):
    station.hire()
    other = station.hire("张示东", "operator")
    papers = []
    station.more["put_out"] = lambda paper, act: papers.append((paper, act))
    station.show()
    station.press("Alt+2")
    for _try in range(5):
        station.type("135791")
    assert "错太多次了" in sentence(station)
    station.press("Alt+1")
    station.type(PIN)
    station.press("F1", "Ctrl+4", "Alt+4")
    assert "给张示东换一个密码" in words(station)
    assert station.page.name.isHidden()
    station.type("314159")
    station.type("314159")
    station.press("Enter")
    assert in_front(station) != "overview.setup"
    assert papers == [], "her card still holds"
    station.press("F12", "Alt+2")
    station.type("314159")
    assert station.premises.signed_in.operator == other
    assert len(station.desk.read(colleagues)) == 2


def test_who_is_no_manager_gives_nobody_a_pin(station):
    station.hire()
    other = station.hire("张示东", "operator")
    station.show()
    station.press("Alt+2")
    station.type(PIN)
    assert station.premises.signed_in.operator == other
    station.press("F1", "Ctrl+4")
    assert not station.page.who.isVisible()


def test_a_colleague_gets_a_card_and_an_old_one_is_printed_again(station):
    papers = []
    station.more["put_out"] = lambda paper, act: papers.append((paper, act))
    station.show_unlocked()
    station.press("F1", "Ctrl+4")
    station.compose("张示东")
    station.press("Enter")
    station.type(PIN)
    station.type(PIN)
    station.press("Enter")
    assert station.toasts()[-1] == "张示东的上岗卡打着"
    station.press("F1", "Ctrl+4", "F10")
    assert not station.window.is_locked()
    known = {one.name: one.identity for one in station.desk.read(colleagues)}
    for (paper, act), name in zip(papers, ("张示东", "李示芳"), strict=True):
        assert act == ""
        assert name not in to_json(paper), "masked, like on every paper"
        (code,) = [block for block in paper.blocks if isinstance(block, Qr)]
        assert code.text == make_code(OPERATOR, identity_payload(known[name]))
    station.press("F12")
    station.scan(make_code(OPERATOR, identity_payload(known["张示东"])))
    assert station.page._chosen.name == "张示东"


def test_only_a_manager_adds_colleagues_and_the_input_stays(station):
    station.show_unlocked()
    station.premises.signed_in.is_manager = False
    station.press("F1", "Ctrl+4")
    station.compose("张示东")
    station.press("Enter")
    station.type(PIN)
    station.type(PIN)
    station.press("Enter")
    assert in_front(station) == "overview.setup"
    assert station.page.name.fault
    assert station.page.name.text() == "张示东"
    station.press("Esc")
    assert not station.window.is_locked()


def test_a_name_that_is_too_long_or_odd_gets_a_sentence(station):
    station.show()
    QApplication.clipboard().setText("字" * 10_000)
    station.press("Ctrl+V")
    assert station.page.name.fault
    QApplication.clipboard().setText("李\x00示芳")
    station.press("Ctrl+V")
    assert station.page.name.fault
    assert station.page.name.text() == ""
    QApplication.clipboard().clear()


def test_the_screen_locks_itself_when_nobody_touches_anything(station, qtbot):
    station.more["idle_ms"] = 60_000
    window = station.show_unlocked()  # may take longer than 400 ms on a busy machine
    assert window._idle.isActive()
    assert window._idle.interval() == 60_000
    window._idle.setInterval(400)
    qtbot.waitUntil(window.is_locked, timeout=5_000)
    assert station.premises.signed_in.operator == ""


def test_every_touch_begins_the_idle_time_anew(station):
    station.more["idle_ms"] = 60_000
    window = station.show_unlocked()
    begun = window._idle.timerId()  # another one with each beginning
    let_happen()
    assert window._idle.timerId() == begun
    station.press("Tab")
    assert window._idle.timerId() != begun


def test_the_screen_locks_itself_again_after_it_was_unlocked(station, qtbot):
    station.more["idle_ms"] = 60_000
    window = station.show_unlocked()
    window._idle.setInterval(400)
    qtbot.waitUntil(window.is_locked, timeout=5_000)
    window._idle.setInterval(60_000)
    station.type(PIN)
    assert not window.is_locked()
    window._idle.setInterval(400)
    qtbot.waitUntil(window.is_locked, timeout=5_000)


def test_a_start_check_left_open_is_locked_as_well(station, qtbot):
    station.more["idle_ms"] = 60_000
    window = station.show_unlocked()
    window.open_page("overview.doctor")
    window._idle.setInterval(400)
    qtbot.waitUntil(lambda: in_front(station) == "overview.lock", timeout=5_000)
    assert station.premises.signed_in.operator == ""


def test_a_scanner_that_is_no_keyboard_is_somebody_too(station):
    station.more["idle_ms"] = 60_000
    window = station.show_unlocked()
    begun = window._idle.timerId()
    window.scan_filter.take_code("73000000000017")
    assert window._idle.timerId() != begun


def test_the_pin_is_taken_also_after_a_click_beside_the_boxes(station):
    window = station.show_unlocked()
    station.press("F12")
    QTest.mouseClick(station.page, Qt.MouseButton.LeftButton, pos=QPoint(60, 300))
    station.type(PIN)
    assert not window.is_locked()


def test_a_try_that_stumbled_is_said_and_another_one_is_taken(station):
    window = station.show_unlocked()
    station.press("F12")
    page = station.page
    asked = []
    page._door = SimpleNamespace(try_pin=lambda *what: asked.append(what))
    station.type(PIN)
    assert len(asked) == 1
    window.last_resort.tell(KeyError("a bug"))
    let_happen()
    assert page.sentence == window.say("shell.trouble.unexpected")
    station.type(PIN)
    assert len(asked) == 2
