"""The passphrase, asked at every start of a PC that keeps its key under one.

Like the lock it tells nothing of what is behind it. A wrong one is counted before it is looked at;
each fifth makes one wait, over restarts too.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.overview.first_run import FirstRunFrame
from station_app.overview.moments import countdown
from station_app.overview.secret_field import PagePad, SecretField
from station_app.security.pins import Locked, WrongPin
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint

SHOW_KEY, PAD_KEY, FORGOTTEN_KEY = "F2", "F3", "F8"
TICK_MS = 1_000
Tried = WrongPin | Locked | str | None
"""How a try ended: not this one, wait first, a sentence about a failure, or None: it is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PassphraseWork:
    """What the page needs besides the counter.

    attempt: tries a passphrase, slow; waiting: ms that a lock still lasts; run: off the screen's
    thread; opened: called once it is right; forgotten: the way back by the county; now: UTC ms.
    """

    attempt: Callable[[str], Tried]
    waiting: Callable[[], int]
    run: Callable[[Callable[[], Tried], Callable[[Tried], None]], object]
    opened: Callable[[], None]
    forgotten: Callable[[], None]
    now: Callable[[], int]


class PassphrasePage(Page):
    """Asks for the passphrase."""

    def __init__(self, counter: Counter, key: str, work: PassphraseWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._work = work
        self._is_checking = False
        self._wait_until = 0
        self._build()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._second_passed)

    def _build(self) -> None:
        say = self.say
        self._frame = FirstRunFrame(say("shell.brand"), say("overview.key.rail_ask"), ())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._frame)
        content = self._frame.content
        content.addStretch(1)
        content.addWidget(Words(self.title, theme.HEADING, bold=True))
        content.addWidget(Words(say("overview.key.ask_line"), theme.BODY, ink="ink2", wrap=True))
        panel = Panel("active", margins=(20, 16, 20, 16), spacing=10)
        self.secret = SecretField(self.counter.texts, say("overview.key.passphrase"))
        self.secret.changed.connect(lambda _text: self._calm())
        self._verdict = Words("", theme.BODY, bold=True, wrap=True)
        panel.body.addWidget(self.secret)
        panel.body.addWidget(self._verdict)
        panel.body.addWidget(hint(say("overview.key.forgotten_hint"), wrap=True))
        content.addWidget(panel)
        self.pad = PagePad(self.counter.texts, self)
        content.addWidget(self.pad)
        content.addStretch(2)
        self._frame.add_secondary(say("overview.key.forgotten"), FORGOTTEN_KEY, self.forget)
        self._reveal = self._frame.add_secondary(
            say("overview.key.show"), SHOW_KEY, self._switch_reveal
        )
        self._frame.add_secondary(
            say("shell.pad.tool"), PAD_KEY, lambda: self.pad.setVisible(self.pad.isHidden())
        )
        self._next = self._frame.add_primary(say("overview.key.open"), self.primary)
        self._calm()

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.key.ask")

    @property
    def verdict(self) -> str:
        """Return what it says about the passphrase now."""
        return self._verdict.text()

    def first_focus(self) -> QWidget | None:
        """Type at once."""
        return self.secret

    def activated(self) -> None:
        """A lock of the last start still counts."""
        self._tick.start()
        self._found_wait(self._work.waiting())

    def left(self) -> None:
        """Stop the clock, leave nothing in the field."""
        self._tick.stop()
        self.secret.set_text("")

    def on_compact(self, is_compact: bool) -> None:
        """Take less room in a low window."""
        self._frame.set_low(low=is_compact)

    def on_escape(self) -> bool:
        """Put the keys on the screen away, else empty the field."""
        if self.pad.isVisible():
            self.pad.hide()
        else:
            self.secret.set_text("")
            self._calm()
        return True

    # --- Trying ----------------------------------------------------------------------------------

    def primary(self) -> None:
        """Try what stands there, once."""
        if self._is_checking or not self._next.isEnabled():
            return
        typed = self.secret.secret()
        self._is_checking = True
        self._set_open(is_open=False)
        self._tell(self.say("overview.key.checking"), "ink2")
        self._work.run(lambda: self._work.attempt(typed), self._ended)

    def forget(self) -> None:
        """Go the way by the county: the passphrase is forgotten."""
        self._work.forgotten()

    def _ended(self, tried: Tried) -> None:
        self._is_checking = False
        if tried is None:
            self.counter.sounds.play("ok")
            self.secret.set_text("")
            self._work.opened()
            return
        self.counter.sounds.play("warn")
        self._set_open(is_open=True)
        self.secret.setFocus()
        if isinstance(tried, Locked):
            self._found_wait(tried.wait_ms)
        elif isinstance(tried, WrongPin):
            self.secret.line.selectAll()
            self._tell(self.say("overview.key.wrong", left=tried.tries_left), "stop")
        else:
            self._tell(tried, "stop")

    def _found_wait(self, wait_ms: int) -> None:
        if wait_ms:
            self.secret.set_text("")
            self._wait_until = self._work.now() + wait_ms
            self._set_open(is_open=False)
            self._show_wait()

    def _show_wait(self) -> None:
        span = countdown(self.counter.texts, self._wait_until - self._work.now())
        self._tell(self.say("overview.key.wait", span=span), "stop")

    def _second_passed(self) -> None:
        if not self._wait_until:
            return
        if self._work.now() < self._wait_until and self._work.waiting():
            self._show_wait()
            return
        self._wait_until = 0
        self._set_open(is_open=True)
        self.secret.setFocus()
        self._calm()

    def _set_open(self, *, is_open: bool) -> None:
        self.secret.line.setEnabled(is_open)
        self._next.set_possible(possible=is_open and bool(self.secret.secret()))

    def _switch_reveal(self) -> None:
        shown = not self.secret.is_revealed
        self.secret.reveal(shown=shown)
        self._reveal.set_label(self.say("overview.key.hide" if shown else "overview.key.show"))

    def _calm(self) -> None:
        if not self._wait_until and not self._is_checking:
            self._tell("", "ink2")
            self._next.set_possible(possible=bool(self.secret.secret()))

    def _tell(self, words: str, ink: str) -> None:
        self._verdict.setText(words)
        self._verdict.set_ink(ink)
