"""The window: it joins frame, pages, keys, scans and toasts, and is the `Front` of all pages.

It knows no service: everything that it shows comes from offers.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from station_app.devices.customer_display import IDLE
from station_app.shell.counter import Counter, Notice, Privacy
from station_app.shell.deck import Deck
from station_app.shell.desk import Done
from station_app.shell.follow import Follower, Knowledge, Way
from station_app.shell.frame import Frame
from station_app.shell.full_screen import fill_screen
from station_app.shell.help_page import HELP_PAGE, HelpPage
from station_app.shell.icons import window_icon
from station_app.shell.key_table import (
    FULLSCREEN_KEY,
    HELP_KEY,
    HELP_LETTER,
    MASK_KEY,
    PLUS,
    KeyTable,
)
from station_app.shell.last_resort import LastResort
from station_app.shell.offers import Hit, Meaning, Offer, PageOffer, Scan, Tone
from station_app.shell.page import Page
from station_app.shell.page_book import PageBook
from station_app.shell.rail import TURN
from station_app.shell.rail_faces import INTAKE_PLACE, RailFaces
from station_app.shell.routing import Unusable, is_for_search, read_scan
from station_app.shell.scaling import LEAST_HEIGHT, LEAST_WIDTH
from station_app.shell.scan_filter import ScanFilter
from station_app.shell.search import Search
from station_app.shell.surroundings import Surroundings as Surroundings
from station_app.shell.taking_back import TakingBack
from station_app.shell.wall_sheet import wall_sheet
from station_app.shell.widgets.focus import application, takes_text
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.strip import StatusItem
from station_app.shell.window_keys import WindowKeys

HEADING_MS = 5_000  # how often the clock of the top bar is looked at


class MainWindow(Frame):
    """The window of the station."""

    def __init__(self, offers: Sequence[Offer], around: Surroundings) -> None:
        """Make the window with the pages of all offers; `start` shows the first."""
        texts = around.texts
        own = PageOffer(
            HELP_PAGE, "shell.help.tab", "help", "F1", HelpPage, "shell.help.tab", tab_order=-1
        )
        self.book = PageBook.of(offers, [own])
        super().__init__(texts, self.book.rail_labels(texts))
        self._around = around
        self.privacy = around.privacy or Privacy()
        self.counter = Counter(
            desk=around.desk,
            texts=texts,
            sounds=around.sounds,
            drafts=around.drafts,
            front=self,
            privacy=self.privacy,
            tickets=around.tickets,
            pages_offered=lambda: tuple(self.book.offers),
            place_of=self.book.place_of,
            voice=around.voice,
            scale=around.weighing,
        )
        self.deck = Deck(self, self.book, lambda: self.counter, self._show_actions_of)
        sources = [source for offer in offers for source in offer.search_sources]
        self.faces = RailFaces(self.book, self.deck, self.search_list, around.is_township)
        self.search = Search(around.desk, texts, sources, around.couriers, self.search_list)
        knowledge = Knowledge(
            routes=[route for offer in offers for route in offer.scan_routes],
            strays=[stray for offer in offers for stray in offer.strays],
            couriers=around.couriers,
        )
        self.follower = Follower(self, knowledge, self.counter)
        self._taking_back = TakingBack(self.counter, self.toasts, around.undo_route)
        self.keys = WindowKeys(self, self.deck, self.search)
        self.keys.box_enter = self._send_box
        self.key_table = KeyTable(self.keys, self._commands())
        self.scan_filter = ScanFilter(self.key_table.act, around.timing)
        self.last_resort = LastResort(self, self.deck.made, texts)
        for part in (self.deck, self.search, self.scan_filter, self.last_resort):
            part.setParent(self)  # Qt ends them with the window
        self._shift = ""
        self._heading_clock = QTimer(self, interval=HEADING_MS)
        self._join()

    def _commands(self) -> dict[str, Callable[[], None]]:
        return {
            HELP_KEY: self.show_help,
            HELP_LETTER: self.show_help,
            MASK_KEY: self._switch_privacy,
            FULLSCREEN_KEY: self.switch_fullscreen,
            "Ctrl+Z": self._undo_last,
        }

    def _join(self) -> None:
        self.setWindowIcon(window_icon())
        self.setWindowTitle(self.say("shell.brand"))
        self.setMinimumSize(LEAST_WIDTH, LEAST_HEIGHT)
        self.rail.wanted.connect(self._go_to_place)
        self.content.tab_wanted.connect(self.deck.bring_tab)
        self.action_bar.primary_wanted.connect(self._do_primary)
        self.toasts.undo_wanted.connect(self.undo)
        self.strip.help_wanted.connect(self.show_help)
        self.deck.switched.connect(self._page_switched)
        self.scan_filter.scanned.connect(self.follower.take_burst)
        box = self.top_bar.scan_box
        box.sought.connect(self.search.seek)
        box.refused.connect(self._say_paste)
        box.line.textChanged.connect(lambda _text: self.review_keys())
        self.search.opened.connect(self._overlay_opened)
        self.search.closed.connect(self._overlay_closed)
        self.search.chosen.connect(self._open_hit)
        self.veil.pressed.connect(self.keys.take_escape)
        self.metrics_changed.connect(lambda is_low: self.deck.set_compact(compact=is_low))
        self._heading_clock.timeout.connect(self.show_heading)
        self.pad.typed.connect(self._type_sign)
        self.pad.pressed.connect(self._press_named)
        self._around.desk.listen(self._act_done)
        self.privacy.listen(lambda: self.deck.refresh(()))
        application().focusChanged.connect(self._focus_moved)

    # --- Life ------------------------------------------------------------------------------------

    def start(self, first: str = "") -> None:
        """Show the first page, that of today unless another one is named, and begin to listen."""
        self.show_heading()
        self._heading_clock.start()
        self.faces.look()
        self.deck.bring(first or self.book.home())

    def resume_drafts(self) -> None:
        """Take up what was half done when the power went: open its page, say so."""
        drafts = self._around.drafts
        kept = [(key, drafts.find(key)) for key in drafts.pages()]
        said: list[tuple[str, str]] = []
        for key, draft in kept:
            page = self.deck.page(key)
            words = page.resume(draft) if page is not None and draft is not None else ""
            if words:
                said.append((key, words))
        for key, _words in said:  # only now: a page that is left keeps its draft anew
            self.deck.bring(key)
        for _key, words in said:
            self.toast(Notice(words, "notice"))

    def showEvent(self, event: QShowEvent) -> None:
        """Listen to the window's keys from now on."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            self.scan_filter.watch(handle)
        if self._around.scale is not None:
            self._around.scale.remember(self.screen())
        self.place_overlays()
        self.review_keys()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what is half done, with what was typed last."""
        self.scan_filter.flush()
        for page in self.deck.made():
            page.keep_draft()
        self._heading_clock.stop()
        super().closeEvent(event)

    def say(self, key: str, /, **slots: object) -> str:
        """Return a sentence of the catalogue."""
        return self._around.texts.say(key, **slots)

    # --- Front: what pages may ask ---------------------------------------------------------------

    def open_page(self, key: str, subject: Mapping[str, str] | None = None) -> None:
        """Show a page; `subject` goes to its `open_with`."""
        if self.deck.bring(key, subject) is None:
            self.toast(Notice(self.say("shell.rail.not_here"), "notice"))

    def go_home(self) -> None:
        """Show the page of today."""
        self.deck.bring(self.book.home())

    def go_back(self) -> None:
        """Show the page that was in front before this one."""
        self.deck.go_back()

    def toast(self, notice: Notice) -> None:
        """Show a toast. Behind the lock no act is offered to be undone: another may come."""
        if not (notice.act and self.deck.is_bare):
            self.toasts.show_notice(notice)
            self.review_keys()

    def show_note(self, words: str) -> None:
        """Show small words left of the primary."""
        self.action_bar.show_note(words)

    def focus_scan_box(self) -> None:
        """Put the cursor into the universal box, emptied: an Enter must not send the last scan."""
        self.top_bar.scan_box.show_text("")
        self.top_bar.scan_box.line.setFocus()

    def follow(self, scan: Scan) -> None:
        """Treat a scan as if it came from the scanner just now."""
        self.follower.follow(scan)

    def say_refusal(self, reason_key: str, slots: Mapping[str, str | int]) -> None:
        """Show the sentence of a refusal or trouble as a toast that stays."""
        self.toast(Notice(self.say(reason_key, **slots), "stop"))

    def _say_paste(self, key: str, slots: Mapping[str, str | int]) -> None:
        """Say why a paste was not taken. Nothing happened: the sentence goes with the next act."""
        self.toast(Notice(self.say(key, **slots), "warn"))

    # --- Stage: what the follower of scans asks --------------------------------------------------

    def front_page(self) -> Page | None:
        """Return the page in front."""
        return self.deck.current

    def bring(self, key: str) -> Page | None:
        """Bring a page to the front; None if this station does not offer it."""
        return self.deck.bring(key)

    def page_for(self, meaning: Meaning) -> str:
        """Return the key of the page that deals with this, as the rail is turned."""
        return self.faces.page_for(meaning)

    def show_scanned(self, text: str) -> None:
        """Show in the box what was scanned."""
        self._put_away()
        self.top_bar.scan_box.show_text(text)

    def ask_about_scan(self, title: str, small: str, ways: Sequence[Way]) -> None:
        """Open the sheet for a scan that is not clear."""
        self._put_away()
        closing = [(words, self._closing(run)) for words, run in ways]
        self.show_veil(shown=True)
        self.sheet.ask(title, small, closing, back=QApplication.focusWidget())
        self.review_keys()

    def _closing(self, run: Callable[[], None]) -> Callable[[], None]:
        def close_and_run() -> None:
            self._overlay_closed()
            run()

        return close_and_run

    def is_locked(self) -> bool:
        """Tell whether a bare page is in front."""
        return self.deck.is_bare

    # --- What the composition root shows ---------------------------------------------------------

    def show_status(self, items: Sequence[StatusItem]) -> None:
        """Show the states of line and devices in the strip."""
        self.strip.show_items(items)

    def show_scanner(self, words: str, tone: Tone) -> None:
        """Show what the scanner is doing."""
        self.top_bar.show_scanner(words, tone)

    def show_heading(self) -> None:
        """Show station, day and operator."""
        self.top_bar.show_place(*self._around.heading())

    @property
    def is_quiet(self) -> bool:
        """Tell whether no key is held, no search is under way, no page waits for an act."""
        page = self.deck.current
        is_busy = page is not None and page.is_busy
        box = self.top_bar.scan_box
        waits = self.scan_filter.is_holding or box.is_searching or self.search.is_waiting
        return not is_busy and not waits

    # --- Keys and pages --------------------------------------------------------------------------

    def review_keys(self) -> None:
        """Something was shown, hidden or enabled: look whose Enter it is."""
        if hasattr(self, "keys"):
            self.keys.enter_rule.review_soon()

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        box = self.top_bar.scan_box.line
        if new is not None and new is not box and self.search.is_open:
            self.search.close()
        self.toasts.look_again()
        self.review_keys()

    def _go_to_place(self, place: str) -> None:
        if place == TURN.key:
            self.faces.turn()
            return
        key = self.book.first_of(place)
        typed = self.top_bar.scan_box.text() if self.search.is_open else ""
        self.search.close()
        is_taken_in = bool(typed) and place == INTAKE_PLACE
        if key:
            self.deck.bring(key, {"typed": typed} if is_taken_in else None)

    def _page_switched(self, page: Page) -> None:
        self._put_away()
        self.faces.show_what_is_taken_in()
        self.setWindowTitle(f"{page.title}  {self.say('shell.brand')}".strip())
        if self.deck.is_bare:
            self.toasts.clear()
        else:
            self.show_heading()  # somebody else may stand here now
        self.toasts.page_switched()
        self.follower.page_switched()
        self.toasts.look_again()
        if page.key == HELP_PAGE and isinstance(page, HelpPage):
            self._fill_help(page)
        self._show_actions()
        self._place_focus(page)

    def _show_actions_of(self, page: Page) -> None:
        if page is self.deck.current:
            self._show_actions()

    def _show_actions(self) -> None:
        page = self.deck.current
        is_shut = page is None or self.deck.is_bare
        self._around.customer.show(IDLE if page is None or is_shut else page.customer_view())
        if page is None or is_shut:
            return
        busy = self.say("shell.action.busy") if page.is_busy else ""
        actions = page.action_bar()
        self.action_bar.show_actions(actions, busy=busy)
        self.action_bar.setVisible(bool(actions))
        self.content.offer_facts(are_there=self.deck.facts() is not None)
        self.toasts.look_again()
        self.review_keys()

    def _place_focus(self, page: Page) -> None:
        focus = page.first_focus()
        if page.is_empty() and not self.deck.is_bare:
            self.focus_scan_box()
        elif focus is not None:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _do_primary(self) -> None:
        if self.deck.current is not None:
            self.deck.current.primary()

    def show_help(self) -> None:
        """Show which key does what."""
        if not self.deck.is_bare:
            self.deck.bring(HELP_PAGE)

    def _fill_help(self, page: HelpPage) -> None:
        rail = {key: button.text() for key, button in self.rail.buttons.items()}
        before = self.deck.before()
        here: list[tuple[str, str]] = []
        if before is not None:
            here = [(a.key, a.label) for a in before.action_bar() if a.key]
            here += [
                (button.key, button.text())
                for button in before.findChildren(KeyButton)
                if button.key and button.text() and button.isVisibleTo(before)
            ]
        page.show_keys(rail, here[:8])
        if self._around.put_out is not None:
            page.offer_wall_sheet(partial(self._print_wall_sheet, rail))
        if self._around.scale is not None:
            page.offer_scales(self._around.scale.choice, self._keep_scale)

    def _print_wall_sheet(self, rail: Mapping[str, str]) -> None:
        if self._around.put_out is not None:
            self._around.put_out(wall_sheet(rail, self._around.texts), "")
            self.toast(Notice(self.say("shell.wall.printed")))

    def _keep_scale(self, word: str) -> None:
        if self._around.scale is not None:
            is_kept = self._around.scale.keep(word)
            words = self.say("shell.scale.kept" if is_kept else "shell.scale.not_kept")
            self.toast(Notice(words, "notice" if is_kept else "warn"))

    def switch_fullscreen(self) -> None:
        """Fill the screen, or stand in a window."""
        if self.isFullScreen():
            self.showMaximized()
        else:
            fill_screen(self)

    def _switch_privacy(self) -> None:
        self.privacy.switch()
        key = "shell.privacy.masked" if self.privacy.is_masked else "shell.privacy.shown"
        self.toast(Notice(self.say(key), "notice"))

    # --- Keys on the screen ----------------------------------------------------------------------

    def _type_sign(self, sign: str) -> None:
        key = ord(sign.upper())
        focus = QApplication.focusWidget()
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, sign)
        if not self.key_table.act(event, focus, has_text_focus=takes_text(focus) and sign != PLUS):
            self.scan_filter.pass_on(event)

    def _press_named(self, name: str) -> None:
        plain = Qt.KeyboardModifier.NoModifier
        if name != "Tab":
            self.scan_filter.pass_on(QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Backspace, plain))
        elif self.top_bar.scan_box.is_typed_in:
            self._send_box()  # next is what a number leads to: nothing else on screen is an Enter
        else:
            self.focusNextPrevChild(True)  # noqa: FBT003 - forward

    # --- Scan box --------------------------------------------------------------------------------

    def _send_box(self) -> None:
        """Enter in the box: open the current hit, or follow a number that was typed."""
        box = self.top_bar.scan_box
        text = box.text()
        was_searching = box.is_searching or self.search.is_waiting
        box.stop_waiting()
        if self.search.is_open and not was_searching and self.search.list.take_enter():
            return
        scan = read_scan(text, 0, self._around.couriers(), is_typed=True)
        if isinstance(scan, Unusable) or is_for_search(scan):
            self.search.seek(text)
        else:
            self.search.close()
            self.follower.take_text(text, is_typed=True)

    def _open_hit(self, hit: Hit) -> None:
        self.top_bar.scan_box.show_text("")
        self.open_page(hit.page, hit.subject)

    def _overlay_opened(self) -> None:
        self.show_veil(shown=True)
        self.review_keys()

    def _overlay_closed(self) -> None:
        self.show_veil(shown=False)
        self.review_keys()

    def _put_away(self) -> None:
        """Close whatever lies over the page: it was about what stood there before."""
        self.search.close()
        self.top_bar.scan_box.stop_waiting()
        if self.sheet.is_open:
            self.sheet.close_it()
            self._overlay_closed()

    # --- Acts ------------------------------------------------------------------------------------

    def _act_done(self, done: Done) -> None:
        if done.act:  # news of the county are no act of hers
            self.toasts.act_done(but=done.act)
        shift = self._around.desk.now().shift
        if self._shift and shift != self._shift:  # a closed shift's figures stand
            self.toasts.forget_acts(but=done.act)
        self._shift = shift
        if any(change.kind.name == "station" for change in done.changes):
            self.faces.look()
        self.deck.refresh(done.changes)
        self._show_actions()

    def _undo_last(self) -> None:
        self._taking_back.last()

    def undo(self, act: str) -> None:
        """Take an act back: at once, or by way of the page that says what to give back."""
        self._taking_back.take(act)
