"""The window: one Enter cap, keys and their places, pages, undo, drafts, the low window."""

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout

from station_app.shell import theme
from station_app.shell.counter import Notice
from station_app.shell.help_page import HelpPage
from station_app.shell.offers import Offer, PageOffer
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Row
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Banner
from station_app.shell.widgets.tables import ListTable
from station_app.values.refusal import Refusal
from tests.shell.shop import ROUTE, SOURCE, STRAY, FoundToy, offer_of


class ToyPage(Page):
    """A page that records toys: a field, choices, an alert, a list, actions."""

    def __init__(self, counter, key="toys.shelf"):
        super().__init__(counter, key)
        self.field = TextField(counter.texts, "玩具", chinese=True)
        self.field.changed.connect(lambda _text: self.touch_draft())
        self.choices = ChoiceRow([Choice("a", "大"), Choice("b", "小")])
        self.alert = Banner("拿错了", "stop")
        self.known = self.alert.add_button("知道了", "Enter", self.alert.hide)
        self.alert.hide()
        self.list = ListTable((Column("what"),), name="玩具")
        self.list.show_rows([Row(str(n), (f"第 {n} 个",)) for n in range(3)])
        self.done: list = []
        self.scans: list = []
        self.opened: list = []
        self.is_ready, self.dropped, self.words_under_way = True, 0, ""
        self.list.opened.connect(self.opened.append)
        column = QVBoxLayout(self)
        for widget in (self.alert, self.field, self.choices, self.list):
            column.addWidget(widget)

    @property
    def title(self):
        return "玩具"

    def action_bar(self):
        return (
            Action("去掉", "Del", self._drop),
            Action(
                "记下玩具",
                "Enter",
                self._record,
                kind="primary",
                is_enabled=self.is_ready,
                reason="还没写名字",
            ),
        )

    def _drop(self):
        self.dropped += 1

    def _record(self):
        self.perform(FoundToy(self.field.text()), done=self._recorded)

    def _recorded(self, done):
        self.done.append(done)
        self.tell_done(f"{self.field.text()} 记下了", done)
        self.field.set_text("")

    def on_scan(self, scan):
        self.scans.append(scan)
        return scan.meaning is not None

    def draft(self):
        return {"label": self.field.text()} if self.field.text() else None

    def resume(self, draft):
        self.field.set_text(draft["label"])
        return f"刚才断电了。{draft['label']}没记完"

    def open_with(self, subject):
        self.opened.append(dict(subject))

    def under_way(self):
        return self.words_under_way


class LockPage(ToyPage):
    """A page that fills the window and has no bars."""

    def action_bar(self):
        return ()


OTHER = PageOffer("toys.other", "toys.other", "cart", "F2", lambda c: ToyPage(c, "toys.other"))
LOCK = PageOffer(
    "toys.lock", "shell.rail.lock", "lock", "F12", lambda c: LockPage(c, "toys.lock"), is_bare=True
)
ALL = Offer(pages=(OTHER, LOCK), scan_routes=(ROUTE,), search_sources=(SOURCE,), strays=(STRAY,))


@pytest.fixture
def at_shelf(shop, shown):
    window = shop.window(offer_of(ToyPage), ALL)
    hand = shown(window)
    return hand, window.deck.current


def enter_caps(window):
    buttons = [b for b in window.findChildren(KeyButton) if b.isVisible() and b.cap == "Enter"]
    tables = [
        t for t in window.findChildren(ListTable) if t.isVisible() and t.owns_enter and t.current()
    ]
    return len(buttons) + len(tables)


# --- Whose Enter it is ---------------------------------------------------------------------------


def test_the_primary_owns_enter_when_nothing_else_does(at_shelf):
    hand, page = at_shelf
    page.field.set_text("球")
    assert hand.window.action_bar.primary_button.cap == "Enter"
    assert enter_caps(hand.window) == 1
    hand.press("Enter")
    assert len(page.done) == 1


def test_an_alert_takes_enter_and_the_primary_shows_plus(at_shelf):
    hand, page = at_shelf
    page.field.set_text("球")
    page.alert.show()
    hand.settle()
    primary = hand.window.action_bar.primary_button
    assert (page.known.cap, primary.cap, enter_caps(hand.window)) == ("Enter", "+", 1)
    hand.press("Enter")
    assert (page.done, page.alert.isVisible(), primary.cap) == ([], False, "Enter")
    hand.press("+")
    assert len(page.done) == 1


def test_a_list_that_owns_enter_opens_its_row(at_shelf):
    hand, page = at_shelf
    page.list.set_owns_enter(owns=True)
    page.list.choose("1")
    hand.settle()
    assert hand.window.action_bar.primary_button.cap == "+"
    hand.press("Enter")
    assert (page.opened, page.done) == (["1"], [])


def test_enter_right_after_an_alert_appeared_is_the_alerts(at_shelf):
    hand, page = at_shelf
    page.field.set_text("球")
    page.alert.show()
    hand.at += 400
    hand.key(Qt.Key.Key_Return, text="\r")
    assert page.done == []
    assert not page.alert.isVisible()


def test_a_disabled_primary_shows_its_reason_and_no_key(at_shelf):
    hand, page = at_shelf
    page.is_ready = False
    page.touch_actions()
    hand.settle()
    assert enter_caps(hand.window) == 0
    words = [w.text() for w in hand.window.action_bar.findChildren(QLabel) if w.isVisible()]
    assert "还没写名字" in words
    hand.press("Enter")
    hand.press("+")
    assert page.done == []
    assert hand.window.action_bar.primary_button.accessibleDescription() == "还没写名字"


# --- Keys ----------------------------------------------------------------------------------------


def test_bare_keys_show_alt_while_a_field_has_the_focus_and_back(at_shelf):
    hand, page = at_shelf
    (drop,) = hand.window.action_bar.buttons
    assert [b.cap for b in page.choices.buttons] == ["1", "2"]
    assert drop.cap == "Del"
    page.field.setFocus()
    assert [b.cap for b in page.choices.buttons] == ["Alt+1", "Alt+2"]
    assert drop.cap == "Alt+Del"
    hand.type("ab")
    hand.press("Delete")
    assert (page.dropped, page.field.text()) == (0, "ab")
    hand.press("Alt+Delete")
    assert page.dropped == 1
    page.setFocus()
    hand.press("Delete")
    assert page.dropped == 2
    assert [b.cap for b in page.choices.buttons] == ["1", "2"]


def test_alt_digits_of_the_number_block_never_choose(at_shelf):
    """A scanner that types character codes holds Alt and uses that block."""
    hand, page = at_shelf
    modifiers = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.KeypadModifier
    hand.at += 400
    hand.key(Qt.Key.Key_1, modifiers, "")
    hand.settle()
    assert page.choices.value() == ""


def test_f_keys_and_alt_letters_and_the_mouse_go_to_pages(at_shelf):
    hand, _ = at_shelf
    window = hand.window
    hand.press("F2")
    assert window.deck.current.key == "toys.other"
    assert window.rail.buttons["F2"].isChecked()
    hand.press("Home")
    assert window.deck.current.key == "toys.shelf"
    hand.press("Alt+R")
    assert window.deck.current.key == "toys.other"
    QTest.mouseClick(window.rail.buttons["Home"], Qt.MouseButton.LeftButton)
    assert window.deck.current.key == "toys.shelf"
    hand.press("F5")
    assert window.deck.current.key == "toys.shelf"
    assert set(window.rail.buttons) == {"Home", "F2", "F12"}


def test_home_moves_the_cursor_in_a_field(at_shelf):
    hand, page = at_shelf
    hand.press("F2")
    page = hand.window.deck.current
    page.field.setFocus()
    hand.type("ab")
    hand.press("Home")
    assert (hand.window.deck.current, page.field.line.cursorPosition()) == (page, 0)


def test_arrows_move_in_the_list_from_anywhere_in_the_page(at_shelf):
    hand, page = at_shelf
    page.field.setFocus()
    hand.press("Down")
    hand.press("Down")
    assert page.list.current() == "1"
    hand.press("Up")
    assert page.list.current() == "0"


def test_escape_goes_home_from_a_page_that_has_nothing_to_close(at_shelf):
    hand, _ = at_shelf
    hand.press("F2")
    hand.press("Esc")
    assert hand.window.deck.current.key == "toys.shelf"


def test_help_lists_the_keys_of_the_page_before_and_leads_back(at_shelf):
    hand, page = at_shelf
    hand.press("F1")
    help_page = hand.window.deck.current
    assert isinstance(help_page, HelpPage)
    words = {label.text() for label in help_page.findChildren(QLabel)}
    assert {"记下玩具", "去掉", "玩具", "有人看着，遮住姓名"} <= words
    hand.press("Esc")
    assert hand.window.deck.current is page


def test_ctrl_b_masks_names_and_pages_are_told(at_shelf, shop):
    hand, _ = at_shelf
    privacy = hand.window.privacy
    assert privacy.name("王小明") == "王小明"
    hand.press("Ctrl+B")
    assert (privacy.name("王小明"), privacy.phone("15412341001")) == ("王*明", "154****1001")
    hand.press("Ctrl+B")
    assert privacy.name("王小明") == "王小明"


def test_alt_enter_fills_the_screen(at_shelf):
    hand, _ = at_shelf
    hand.press("Alt+Enter")
    assert hand.window.isFullScreen()
    hand.press("Alt+Enter")
    assert not hand.window.isFullScreen()


def test_a_bare_page_leaves_no_way_around_it(at_shelf):
    hand, page = at_shelf
    hand.window.toast(Notice("王秀兰 记下了", act="A"))
    hand.press("F12")
    lock = hand.window.deck.current
    assert lock.key == "toys.lock"
    assert hand.window.toasts.toasts == ()
    for key in "F2", "Alt+R", "Home", "Esc", "+", "Enter", "F1":
        hand.press(key)
        assert hand.window.deck.current is lock
    assert page.done == []
    hand.window.go_back()
    assert hand.window.deck.current is page


# --- Acts ----------------------------------------------------------------------------------------


def record(hand, page, label="球"):
    page.field.set_text(label)
    hand.press("Enter")


def test_an_act_beeps_says_what_was_done_and_can_be_undone_by_key(at_shelf, shop):
    hand, page = at_shelf
    record(hand, page)
    assert shop.toys() == ["球"]
    assert shop.sounds.played == ["ok"]
    (toast,) = hand.window.toasts.toasts
    assert toast.notice.words == "球 记下了"
    hand.press("Ctrl+Z")
    assert shop.toys() == []
    (toast,) = hand.window.toasts.toasts
    assert toast.notice.words == shop.texts.say("shell.toast.undone")


def test_a_refusal_is_said_calmly_and_keeps_the_input(at_shelf, shop):
    hand, page = at_shelf
    record(hand, page)
    record(hand, page)
    assert page.field.text() == "球"
    assert shop.sounds.played == ["ok", "warn"]
    assert hand.window.toasts.toasts[-1].notice.words == "这个玩具有了：球"


def test_a_refusal_may_stand_beside_its_field(at_shelf):
    hand, page = at_shelf
    record(hand, page)
    refusals: list = []
    page.perform(FoundToy("球"), done=page.done.append, refused=refusals.append)
    assert refusals == [Refusal("shell.KNOWN", {"label": "球"})]


def test_each_act_has_a_fresh_ticket(at_shelf):
    hand, page = at_shelf
    before = page.ticket
    record(hand, page)
    record(hand, page, "车")
    assert len({before, page.ticket, page.done[0].act, page.done[1].act}) == 3


def test_undo_by_way_of_a_page(shop, shown):
    window = shop.window(
        offer_of(ToyPage), ALL, undo_route=lambda act: ("toys.other", {"undo": act})
    )
    hand = shown(window)
    page = window.deck.current
    record(hand, page)
    hand.press("Ctrl+Z")
    assert window.deck.current.key == "toys.other"
    assert window.deck.current.opened == [{"undo": page.done[0].act}]
    assert shop.toys() == ["球"]


# --- Scans and searches --------------------------------------------------------------------------


def test_a_known_thing_opens_its_page_from_anywhere(at_shelf):
    hand, page = at_shelf
    record(hand, page, "7300001")
    hand.press("F2")
    other = hand.window.deck.current
    other.on_scan = lambda scan: False
    hand.burst("7300001")
    hand.settle()
    assert hand.window.deck.current is page
    assert page.scans[-1].meaning.kind == "toy.known"


def test_unfinished_work_is_parked_and_ctrl_z_leads_back(at_shelf):
    hand, page = at_shelf
    record(hand, page, "7300001")
    hand.press("F2")
    other = hand.window.deck.current
    other.on_scan = lambda scan: False
    other.words_under_way = "代购单（张建国）"
    other.field.set_text("半个")
    hand.burst("7300001")
    hand.settle()
    assert hand.window.deck.current is page
    assert hand.window.toasts.toasts[-1].notice.words == "已挂起代购单（张建国）"
    assert hand.window.counter.drafts.find("toys.other") == {"label": "半个"}
    hand.press("Ctrl+Z")
    assert hand.window.deck.current is other
    assert other.field.text() == "半个"


def test_an_unknown_scan_asks_and_posts_nothing(at_shelf, shop):
    hand, page = at_shelf
    hand.burst("9988776655")
    hand.settle()
    sheet = hand.window.sheet
    assert sheet.is_open
    assert "9988776655" in sheet.accessibleName()
    hand.press("Enter")
    assert sheet.is_open
    hand.press("2")  # a digit that the sheet does not show chooses nothing below it either
    assert (sheet.is_open, page.choices.value()) == (True, "")
    hand.press("1")
    assert not sheet.is_open
    assert page.scans[-1].meaning.kind == "toy.new"
    assert shop.toys() == []


def test_an_unknown_scan_can_be_forgotten(at_shelf):
    hand, page = at_shelf
    hand.burst("9988776655")
    hand.settle()
    hand.press("Esc")
    assert not hand.window.sheet.is_open
    assert not hand.window.veil.isVisible()
    assert hand.window.deck.current is page


def test_searching_shows_hits_and_enter_opens_the_current_one(at_shelf):
    hand, page = at_shelf
    for label in "甲球", "乙球", "车":
        record(hand, page, label)
    hand.window.focus_scan_box()
    hand.compose("球")
    hand.settle()
    assert hand.window.search.is_open
    assert enter_caps(hand.window) == 1
    assert hand.window.action_bar.primary_button.cap == ""
    hand.press("Down")
    hand.press("Enter")
    assert not hand.window.search.is_open
    assert "toy" in page.opened[-1]


def test_enter_in_the_box_never_takes_the_primary(at_shelf):
    hand, page = at_shelf
    page.field.set_text("球")
    hand.window.focus_scan_box()
    hand.type("nothing")
    hand.press("Enter")
    assert page.done == []
    hand.press("Esc")
    assert (hand.window.search.is_open, hand.window.top_bar.scan_box.text()) == (False, "")


def test_a_number_that_is_typed_and_sent_is_followed_like_a_scan(at_shelf):
    hand, page = at_shelf
    hand.window.focus_scan_box()
    hand.type("73000000000017")
    hand.press("Enter")
    assert page.scans[-1].text == "73000000000017"
    assert page.scans[-1].is_typed
    assert hand.window.sheet.is_open
    assert not hand.window.search.is_open


def test_what_was_not_found_goes_to_intake_with_f2(at_shelf):
    hand, _ = at_shelf
    hand.window.focus_scan_box()
    hand.type("6021")
    assert hand.window.search.is_open
    hand.press("F2")
    assert hand.window.deck.current.opened == [{"typed": "6021"}]


def test_a_paste_that_is_too_long_gets_a_sentence(at_shelf):
    hand, _ = at_shelf
    QApplication.clipboard().setText("7" * 10_000)
    hand.window.focus_scan_box()
    hand.press("Ctrl+V")
    assert hand.window.top_bar.scan_box.text() == ""
    assert "10000" in hand.window.toasts.toasts[-1].notice.words


# --- Drafts and the low window -------------------------------------------------------------------


def test_a_draft_is_kept_after_a_pause_and_taken_up_again(at_shelf, shop, shown, qtbot):
    hand, page = at_shelf
    page.field.setFocus()
    hand.type("ban")
    qtbot.waitUntil(lambda: shop.drafts.find("toys.shelf") == {"label": "ban"})
    window = shop.window(offer_of(ToyPage), ALL)
    again = shown(window)
    window.resume_drafts()
    assert window.deck.current.field.text() == "ban"
    assert "没记完" in window.toasts.toasts[-1].notice.words
    again.press("+")
    assert shop.drafts.pages() == []


def test_a_low_window_uses_the_compact_grid_and_back(at_shelf, qtbot):
    hand, page = at_shelf
    window = hand.window
    told: list = []
    page.on_compact = told.append
    window.resize(1366, 690)
    hand.settle()
    assert window.metrics is theme.COMPACT
    assert [window.top_bar.height(), window.action_bar.height(), window.strip.height()] == [
        65,
        60,
        32,
    ]
    assert {button.height() for button in window.rail.buttons.values()} == {58}
    window.resize(1366, 768)
    hand.settle()
    assert [window.top_bar.height(), window.action_bar.height(), window.strip.height()] == [
        73,
        73,
        40,
    ]
    assert {button.height() for button in window.rail.buttons.values()} == {66}
    assert told == [True, False]


def test_tabs_of_a_section_by_key_and_mouse(shop, shown):
    tabs = Offer(
        pages=tuple(
            PageOffer(
                f"toys.{number}",
                "toys.rail",
                "parcel",
                "F2",
                partial(ToyPage, key=f"toys.{number}"),
                tab="toys.other",
                tab_order=number,
                count=lambda connection, now: 3,
            )
            for number in range(3)
        )
    )
    window = shop.window(offer_of(ToyPage), tabs)
    hand = shown(window)
    hand.press("F2")
    assert window.content.tabs.isVisible()
    hand.press("Ctrl+3")
    assert window.deck.current.key == "toys.2"
    QTest.mouseClick(window.content.tabs.buttons[1], Qt.MouseButton.LeftButton)
    assert window.deck.current.key == "toys.1"
    assert "3" in window.content.tabs.buttons[0].accessibleName()
    hand.press("Home")
    assert not window.content.tabs.isVisible()


def test_only_the_window_itself_is_a_top_level_window(at_shelf):
    hand, _ = at_shelf
    for key in "F1", "F2", "F12":
        hand.press(key)
    shown = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert shown == [hand.window]
