"""Forgotten PIN, no network: the number to read out by phone, and the number that comes back.

It covers the work like the lock and shows nothing of what is behind it. The right answer lets this
one operator set a new PIN, and lifts her lock; it is a fact here, and one at the county.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.overview.first_run import FirstRunFrame
from station_app.overview.sign_in import Colleague, PinDoor, colleagues
from station_app.security.readmission import Right, Wrong
from station_app.security.spoken_codes import DIGITS
from station_app.services.people.commands import ReadmitOperator
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import PageOffer
from station_app.shell.page import Page
from station_app.shell.widgets.boxes import CodeBoxes
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint
from station_app.values.masks import mask_name

BOX = QSize(48, 56)
LOCK = "overview.lock"  # where it comes from and goes back to


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmissionWork:
    """What the page needs besides the counter. set_up: lets her set a PIN; phone: the county's."""

    door: PinDoor
    set_up: Callable[[str], None]
    phone: Callable[[], str] = str


def readmission_offer(
    key: str, door: PinDoor, set_up: Callable[[str], None], phone: Callable[[], str]
) -> PageOffer:
    """Return the page for the window."""
    work = ReadmissionWork(door=door, set_up=set_up, phone=phone)
    return PageOffer(
        key, "", "key", "", lambda counter: ReadmissionPage(counter, key, work), is_bare=True
    )


class ReadmissionPage(Page):
    """Reads a challenge out and takes the answer."""

    def __init__(self, counter: Counter, key: str, work: ReadmissionWork) -> None:
        """Make the page for nobody."""
        super().__init__(counter, key)
        self._work = work
        self._whose: Colleague | None = None
        self._build()

    def _build(self) -> None:
        say = self.say
        rail = (say("overview.readmit.rail"), say("overview.readmit.rail_line"))
        self._frame = FirstRunFrame(*rail, ())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._frame)
        content = self._frame.content
        content.addWidget(Words(self.title, theme.HEADING, bold=True))
        self._line = Words("", theme.BODY, ink="ink2", wrap=True)
        content.addWidget(self._line)
        asks = Panel("tint", margins=(20, 12, 20, 12), spacing=4)
        asks.body.addWidget(hint(say("overview.readmit.read_out")))
        self._place = Words("", theme.TITLE, bold=True)
        self.challenge = Words("", theme.COUNT, bold=True, ink="pressed")
        asks.body.addWidget(self._place)
        asks.body.addWidget(self.challenge)
        content.addWidget(asks)
        answers = Panel("active", margins=(20, 12, 20, 12), spacing=8)
        answers.body.addWidget(hint(say("overview.readmit.type_in")))
        self.boxes = CodeBoxes((4, 4), box=BOX)
        self.boxes.setAccessibleName(say("overview.readmit.type_in"))
        self.boxes.changed.connect(lambda _text: self._calm())
        self.boxes.completed.connect(lambda _text: self.primary())
        self._verdict = Words("", theme.BODY, bold=True, wrap=True)
        answers.body.addWidget(self.boxes)
        answers.body.addWidget(self._verdict)
        content.addWidget(answers)
        content.addStretch(1)
        self._frame.add_secondary(say("shell.page.go_back"), "Esc", self._leave)
        self._send = self._frame.add_primary(say("overview.readmit.primary"), self.primary)
        self._calm()

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.readmit.title")

    @property
    def verdict(self) -> str:
        """Return what it says about the answer now."""
        return self._verdict.text()

    def first_focus(self) -> QWidget | None:
        """Type the answer at once."""
        return self.boxes

    def on_compact(self, is_compact: bool) -> None:
        """Take less room in a low window."""
        self._frame.set_low(low=is_compact)

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Ask for one operator."""
        known = self.counter.desk.read(colleagues)
        wanted = subject.get("operator", "")
        self._whose = next((one for one in known if one.identity == wanted), None)
        self.boxes.clear()
        self.challenge.setText("")
        if self._whose is None:
            return
        name = mask_name(self._whose.name)
        phone = self._work.phone()
        key = "line" if phone else "line_plain"
        self._line.setText(self.say(f"overview.readmit.{key}", name=name, phone=phone))
        now = self.counter.desk.now()
        number = now.device.removeprefix("D")
        place = self.say("overview.readmit.place", station=now.station, number=number)
        self._place.setText(place)
        self._draw()
        self._calm()

    def _draw(self) -> None:
        if self._whose is not None:
            self._work.door.challenge(self._whose.identity, self._show_challenge)

    def _show_challenge(self, digits: str) -> None:
        self.challenge.setText(f"{digits[: DIGITS // 2]} {digits[DIGITS // 2 :]}")

    def _calm(self) -> None:
        self._verdict.setText("")
        self._show_state()

    def _show_state(self) -> None:
        missing = "" if self.boxes.is_complete() else "missing"
        reason = self.say(f"overview.readmit.{missing}") if missing else ""
        self._send.set_possible(possible=not missing, reason=reason)

    def on_escape(self) -> bool:
        """Go back to the lock."""
        self._leave()
        return True

    def _leave(self) -> None:
        self.boxes.clear()
        self.counter.front.open_page(LOCK)

    # --- The answer ------------------------------------------------------------------------------

    def primary(self) -> None:
        """Look at the answer."""
        if self._whose is None or not self.boxes.is_complete() or self.is_busy:
            return
        whose = self._whose
        self._work.door.readmit(
            whose.identity, self.boxes.text(), lambda found: self._answered(whose, found)
        )

    def _answered(self, whose: Colleague, found: Right | Wrong) -> None:
        self.boxes.clear()
        if isinstance(found, Right):
            command = ReadmitOperator(operator=whose.identity, challenge=found.challenge)
            self.perform(command, done=lambda _done: self._let_in(whose))
            return
        self.counter.sounds.play("warn")
        self.boxes.mark_wrong()
        key = "wrong" if found.tries_left else "used_up"
        if not found.tries_left:
            self._draw()
        self._verdict.setText(self.say(f"overview.readmit.{key}", left=found.tries_left))
        self._verdict.set_ink("stop")
        self._show_state()

    def _let_in(self, whose: Colleague) -> None:
        self.counter.sounds.play("ok")
        self._work.set_up(whose.identity)
