"""The page: what every screen is made of.

A page shows one piece of work, has one next action, and never waits. The window gives it scans,
digits and Esc; it answers with what it did. It asks the desk with `perform`, which keeps the
ticket, so a key pressed twice is still one act. Its half-done work is kept as a draft.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from station_app.devices.customer_display import IDLE, CustomerView
from station_app.journal.projection import StateChange
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done, Outcome, Trouble
from station_app.shell.drafts import Draft, DraftTooLong
from station_app.shell.offers import Scan
from station_app.shell.widgets.fields import MoneyField
from station_app.values.refusal import Refusal

ActionKind = Literal["primary", "secondary", "ghost", "danger"]
FACTS_PAGE = "cash.figure"  # lists the facts behind a figure, where the drawer's slice is there
DRAFT_PAUSE_MS = 300  # after the last keystroke; a power cut costs at most this


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the action bar. label: the words, final; key: "Enter", "Ctrl+Z", "F10".

    A primary says what will happen (「收 ¥125.50，交 3 件」). When it is not enabled, `reason`
    stands beside it (「还差 1 件没扫」) and it shows no key.
    """

    label: str
    key: str
    run: Callable[[], None]
    kind: ActionKind = "secondary"
    icon: str = ""
    is_enabled: bool = True
    reason: str = ""


class Page(QWidget):
    """Base of all pages. Subclasses lay their widgets out in `self` without outer margins.

    Signals: actions_changed — the action bar is to be drawn again (`touch_actions`).
    """

    actions_changed = Signal()
    takes_repeats = False  # the same code twice within 3 s is meant (two equal goods)

    def __init__(self, counter: Counter, key: str) -> None:
        """Make an empty page. key: that of its `PageOffer`."""
        super().__init__()
        self.counter = counter
        self.key = key
        self.ticket = counter.tickets()
        self._is_busy = False
        self._is_too_long = False
        self._draft_pause = QTimer(self, singleShot=True, interval=DRAFT_PAUSE_MS)
        self._draft_pause.timeout.connect(self.keep_draft)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Go from the page itself to its first field: arrows move in its list all the same."""
        if is_next and self.hasFocus():
            fields = self.findChildren(QLineEdit)
            first = next((one for one in fields if one.isVisible() and one.isEnabled()), None)
            if first is not None and not first.isReadOnly():
                first.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().focusNextPrevChild(is_next)

    # --- What a page says about itself -----------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name for the window's title, the help page and readers."""
        return ""

    def action_bar(self) -> Sequence[Action]:
        """Return the buttons of the action bar, left to right; the primary stands right."""
        return ()

    def is_empty(self) -> bool:
        """Tell whether there is nothing to do yet: then the scan box gets the focus."""
        return False

    def first_focus(self) -> QWidget | None:
        """Return what gets the focus when the page opens; None: the page itself (digits choose)."""
        return None

    def customer_view(self) -> CustomerView:
        """Return what the customer's display shows of the work now; `IDLE` for nothing."""
        return IDLE

    def sound_of(self, _refusal: Refusal) -> str:
        """Return the tone of a calm no; a page that tells several apart by ear has its own."""
        return "warn"

    def draft(self) -> Draft | None:
        """Return the half-done work as JSON-able values, None when there is none."""
        return None

    # --- What the window tells a page ------------------------------------------------------------

    def activated(self) -> None:
        """Told whenever the page comes to the front."""

    def left(self) -> None:
        """Told when another page comes to the front."""

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open a certain thing: the subject of a hit, a case or another page."""

    def resume(self, draft: Draft) -> str:
        """Take up the work of a draft; returns a sentence for the banner, "" for none."""
        return ""

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Told after every act, with what changed: show it anew. Empty: anything may have."""

    def on_scan(self, scan: Scan) -> bool:
        """Take a scan; returns whether it belongs here. If not, the window follows its meaning."""
        return False

    def on_long_scan(self, raw: str) -> bool:
        """Take a scan that is longer than any code (a letter of a page's own); as `on_scan`."""
        return False

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return what `FACTS_PAGE` is opened with, None when no figure shown comes from facts.

        `account` or `entity` (names with blanks between) or `act`, and `title`. Where a list
        stands, these are the facts of the row on which the cursor is.
        """
        return None

    def under_way(self) -> str:
        """Return the name of unfinished work (代购单（张建国）), "" if leaving costs nothing.

        When a scan of something else comes, the window parks it with a toast that leads back.
        """
        return ""

    def on_digit(self, digit: int) -> bool:
        """Take a digit that no choice row wanted; returns whether it meant something."""
        return False

    def on_escape(self) -> bool:
        """Take Esc; returns whether something was closed or given up here."""
        return False

    def on_compact(self, is_compact: bool) -> None:
        """Told when the window is too low for the full layout (below 768 px)."""

    # --- What a page does ------------------------------------------------------------------------

    def primary(self) -> None:
        """Do the next action, if it may be done now."""
        for action in self.action_bar():
            if action.kind == "primary" and action.is_enabled and not self._is_busy:
                action.run()
                return

    @property
    def is_busy(self) -> bool:
        """Tell whether an act is under way: the primary waits for it."""
        return self._is_busy

    def touch_actions(self) -> None:
        """Say that `action_bar()` would answer otherwise now."""
        self.actions_changed.emit()

    def touch_draft(self) -> None:
        """Say that something was typed: it is kept after a pause."""
        self._draft_pause.start()

    def keep_draft(self) -> None:
        """Keep the draft now, or drop it if there is none. One too long is told, once."""
        self._draft_pause.stop()
        draft = self.draft()
        if draft is None:
            self.counter.drafts.drop(self.key)
            self._is_too_long = False
            return
        try:
            self.counter.drafts.keep(self.key, draft)
            self._is_too_long = False
        except DraftTooLong:
            if not self._is_too_long:
                words = self.counter.texts.say("shell.page.too_long")
                self.counter.front.toast(Notice(words, "warn"))
            self._is_too_long = True

    def perform(
        self,
        *commands: Any,
        done: Callable[[Done], None],
        refused: Callable[[Refusal], None] | None = None,
    ) -> None:
        """Ask the desk for one act.

        done: told when it is on disk. refused: shows the calm no beside its field; without it the
        sentence comes as a toast. Trouble is always shown as a toast that stays. While an act is
        under way a second call does nothing; while a field of the page holds what is no amount,
        that is said instead: 五十六块 must never count as nothing.
        """
        if self._is_busy or self._points_at_wrong_amount():
            return
        self._is_busy = True
        self.touch_actions()

        def settle(outcome: Outcome) -> None:
            self._is_busy = False
            if isinstance(outcome, Done):
                self.ticket = self.counter.tickets()
                done(outcome)
                self.keep_draft()
            elif isinstance(outcome, Trouble):
                self.counter.sounds.play("stop")
                self.counter.front.say_refusal(outcome.text_key, outcome.slots)
            elif refused is not None:
                self.counter.sounds.play(self.sound_of(outcome))
                refused(outcome)
            else:
                self.counter.sounds.play("warn")
                self.counter.front.say_refusal(outcome.text_key, outcome.slots)
            self.touch_actions()

        self.counter.desk.perform(*commands, ticket=self.ticket, then=settle)

    def wait_no_longer(self, _words: str) -> None:
        """Whatever is under way stumbled and will not answer; an act's next try has its ticket.

        A page that waits for something else, or that no toast reaches, says the words itself.
        """
        if self._is_busy:
            self._is_busy = False
            self.touch_actions()

    def _points_at_wrong_amount(self) -> bool:
        for field in self.findChildren(MoneyField):
            if field.is_wrong() and field.isVisibleTo(self):
                self.counter.sounds.play("warn")
                field.check()
                field.setFocus()
                return True
        return False

    def tell_done(self, words: str, outcome: Done, *, sound: str = "ok") -> None:
        """Beep, and show what was done, with its undo button; without a line, say it is kept."""
        self.counter.sounds.play(sound)
        self.counter.voice.say_saved()  # what the page itself has to say cuts it short
        self.counter.front.toast(Notice(words, act=outcome.act))

    def say(self, key: str, /, **slots: object) -> str:
        """Return a sentence of the catalogue."""
        return self.counter.texts.say(key, **slots)
