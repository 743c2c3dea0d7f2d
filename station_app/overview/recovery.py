"""The way back to a lost key: what goes to the county, and what comes back. No line is needed.

The request stands as a QR code for a phone's camera and can be put on a stick; the answer comes by
scan, by stick, or typed. The digits are read out by phone: the county answers only if they agree.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.overview.first_run import FirstRunFrame
from station_app.overview.secret_field import PagePad
from station_app.printing.stick import qr_rows
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Scan
from station_app.shell.page import Page
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.words import Words, hint, strong
from station_app.sync.recovery import ANSWER, COPY, LETTER_CHARACTERS_MAX

SAVE_KEY, READ_KEY, PAD_KEY = "F5", "F6", "F3"
QR_SIDE, QR_SIDE_LOW = 300, 240
_QUIET = 4  # modules of white around a QR code


@dataclass(frozen=True, slots=True)
class Shown:
    """The request, or the sentence why there is none (then letter and digits are "")."""

    letter: str
    digits: str
    failed: str = ""


Run = Callable[[Callable[[], Any], Callable[[Any], None]], object]
"""Runs work off the screen's thread, then tells its result: `Tasks.read`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryWork:
    """What the page needs besides the counter.

    ask: the request, with the letter of a printed sheet or ""; take: an answer's letter; returns
    the sentence about what is wrong, "" when the journal opens; save, read: by stick; each returns
    a sentence (save) or a letter and a sentence (read). taken: called when the key is back; run:
    does work off the screen's thread (a stick that is dying takes its time), then tells its result.
    """

    ask: Callable[[str], Shown]
    take: Callable[[str], str]
    save: Callable[[str], str]
    read: Callable[[], tuple[str, str]]
    taken: Callable[[], None]
    run: Run


class QrPicture(QWidget):
    """A QR code on the screen, dark on white, for a camera."""

    def __init__(self) -> None:
        """Show nothing yet."""
        super().__init__()
        self._rows: Sequence[int] = ()
        self.set_side(QR_SIDE)

    def show_text(self, text: str) -> None:
        """Show the code of a text, nothing for ""."""
        self._rows = qr_rows(text)
        self.setAccessibleName(text)
        self.update()

    def set_side(self, side: int) -> None:
        """Become larger or smaller, in px."""
        self.setFixedSize(QSize(side, side))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint whole modules, in the middle."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("white"))
        count = len(self._rows)
        if not count:
            return
        module = max(self.width() // (count + 2 * _QUIET), 1)
        start = (self.width() - module * count) // 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.black)
        for line, row in enumerate(self._rows):
            for place in range(count):
                if row >> (count - 1 - place) & 1:
                    x, y = start + place * module, start + line * module
                    painter.drawRect(QRectF(x, y, module, module))


class RecoveryPage(Page):
    """Asks the county for the key, and takes its answer."""

    def __init__(self, counter: Counter, key: str, work: RecoveryWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._work = work
        self._shown = Shown("", "")
        self._is_working = False
        self._build()

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self) -> None:
        say = self.say
        self._frame = FirstRunFrame(say("shell.brand"), say("overview.recovery.rail"), ())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._frame)
        content = self._frame.content
        content.addWidget(Words(self.title, theme.HEADING, bold=True))
        content.addWidget(Words(say("overview.recovery.line"), theme.BODY, ink="ink2", wrap=True))
        content.addWidget(self._build_request())
        content.addWidget(self._build_answer())
        self.verdict = Banner("", "notice")
        self.verdict.hide()
        content.addWidget(self.verdict)
        self.pad = PagePad(self.counter.texts, self)
        content.addWidget(self.pad)
        content.addStretch(1)
        self._save = self._frame.add_secondary(say("overview.recovery.save"), SAVE_KEY, self._put)
        self._take_up = self._frame.add_secondary(
            say("overview.recovery.read"), READ_KEY, self._read
        )
        self._frame.add_secondary(say("shell.pad.tool"), PAD_KEY, self._switch_pad)
        self._next = self._frame.add_primary(say("overview.recovery.open"), self.primary)

    def _build_request(self) -> QWidget:
        say = self.say
        self._request = Panel("active", margins=(20, 14, 20, 14), spacing=24, horizontal=True)
        self.code = QrPicture()
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(strong(say("overview.recovery.step_1")))
        words.addWidget(hint(say("overview.recovery.step_1_line"), wrap=True))
        words.addSpacing(8)
        words.addWidget(strong(say("overview.recovery.step_2")))
        self._digits = Words("", theme.HEADING_LARGE, bold=True)
        words.addWidget(self._digits)
        words.addWidget(hint(say("overview.recovery.step_2_line"), wrap=True))
        words.addStretch(1)
        self._request.body.addWidget(self.code)
        self._request.body.addLayout(words, 1)
        return self._request

    def _build_answer(self) -> QWidget:
        say = self.say
        panel = Panel("active", margins=(20, 14, 20, 14), spacing=6)
        head = QHBoxLayout()
        head.addWidget(strong(say("overview.recovery.step_3")))
        head.addStretch(1)
        head.addWidget(hint(say("overview.recovery.step_3_line")))
        self.answer = TextField(self.counter.texts, limit=LETTER_CHARACTERS_MAX)
        self.answer.line.setPlaceholderText(say("overview.recovery.answer_hint"))
        self.answer.line.setAccessibleName(say("overview.recovery.step_3"))
        self.answer.changed.connect(lambda _text: self._show_state())
        panel.body.addLayout(head)
        panel.body.addWidget(self.answer)
        return panel

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.recovery.title")

    @property
    def digits(self) -> str:
        """Return the digits that are to be read out."""
        return self._shown.digits

    def first_focus(self) -> QWidget | None:
        """Type the answer at once."""
        return self.answer

    def on_compact(self, is_compact: bool) -> None:
        """Take less room in a low window."""
        self._frame.set_low(low=is_compact)
        self.code.set_side(QR_SIDE_LOW if is_compact else QR_SIDE)

    def activated(self) -> None:
        """Show the request."""
        self._ask("")

    def on_escape(self) -> bool:
        """Put the keys on the screen away."""
        was_shown = self.pad.isVisible()
        self._show_pad(shown=False)
        return was_shown

    def on_scan(self, _scan: Scan) -> bool:
        """A short code is neither answer nor sheet."""
        self._tell(self.say("overview.recovery.other_scan"), is_bad=True)
        return True

    def on_long_scan(self, raw: str) -> bool:
        """Take the county's answer, or the sheet that was printed when all was well."""
        text = "".join(raw.split()).upper()
        if text.startswith(COPY):
            self._ask(text)
        elif text.startswith(ANSWER):
            self.answer.set_text(text)
            self._show_state()
            self.primary()
        else:
            self._tell(self.say("overview.recovery.other_scan"), is_bad=True)
        return True

    # --- What happens ----------------------------------------------------------------------------

    def _switch_pad(self) -> None:
        self._show_pad(shown=self.pad.isHidden())

    def _show_pad(self, *, shown: bool) -> None:
        """The keys stand in the place of the request: there is no room for both."""
        self.pad.setVisible(shown)
        self._request.setVisible(not shown)

    def _work_on(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do one thing at a time, off the screen's thread."""
        if self._is_working:
            return
        self._set_working(working=True)

        def ended(result: Any) -> None:
            self._set_working(working=False)
            then(result)

        self._work.run(work, ended)

    def _set_working(self, *, working: bool) -> None:
        self._is_working = working
        self._show_state()

    def wait_no_longer(self, words: str) -> None:
        """It stumbled: say so, and let it be tried again."""
        super().wait_no_longer(words)
        if self._is_working:
            self._set_working(working=False)
            self._tell(words, is_bad=True)

    def _ask(self, copy: str) -> None:
        self._work_on(lambda: self._work.ask(copy), self._asked)

    def _asked(self, shown: Shown) -> None:
        self._shown = shown
        self.code.show_text(shown.letter)
        self._digits.setText(shown.digits)
        if shown.failed:
            self._tell(shown.failed, is_bad=True)
        else:
            self.verdict.hide()
        self._show_state()

    def _show_state(self) -> None:
        self.answer.clear_fault()
        is_free = not self._is_working
        self._save.set_possible(possible=is_free and bool(self._shown.letter))
        self._take_up.set_possible(possible=is_free)
        reason = "" if self.answer.text() else self.say("overview.recovery.answer_first")
        if self._is_working:
            reason = self.say("overview.recovery.working")
        self._next.set_possible(possible=not reason, reason=reason)

    def _put(self) -> None:
        letter = self._shown.letter
        self._work_on(
            lambda: self._work.save(letter), lambda sentence: self._tell(sentence, is_bad=False)
        )

    def _read(self) -> None:
        self._work_on(self._work.read, self._was_read)

    def _was_read(self, found: tuple[str, str]) -> None:
        letter, sentence = found
        if letter:
            self.answer.set_text(letter)
            self._show_state()
            self.primary()
        else:
            self._tell(sentence, is_bad=True)

    def primary(self) -> None:
        """Open the journal with the answer."""
        if not self._next.isEnabled():
            return
        letter = self.answer.text()
        self._work_on(lambda: self._work.take(letter), self._was_taken)

    def _was_taken(self, failed: str) -> None:
        if failed:
            self.answer.show_fault(failed)
            self.counter.sounds.play("warn")
            return
        self.counter.sounds.play("ok")
        self._work.taken()

    def _tell(self, sentence: str, *, is_bad: bool) -> None:
        self.counter.sounds.play("warn" if is_bad else "ok")
        self.verdict.tell(sentence, "warn" if is_bad else "ok")
        self.verdict.show()
