"""The start check on the screen: what was found, what it means, one action each.

It comes only when something is wrong, and it bars the door only before a database that cannot be
read: everything else can be done later, and says so. Codes and details stand small, for whoever
is called to help.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station_app.overview.check_words import finding_words, fine_words
from station_app.overview.examination import Examination, Finding, Signs, examine
from station_app.overview.moments import part_of_day
from station_app.overview.pieces import Seal, empty, scrolling
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Tone
from station_app.shell.page import Page
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.pills import StatusPill
from station_app.shell.widgets.words import IconLabel, Words, hint

RAIL_WIDTH = 340
AGAIN_MS = 2_000  # a printer that was asked anew has answered by then, or it does not
BACK_UP_KEY, SHEET_KEY, LIST_KEY = "F5", "F8", "Ctrl+P"
_TONES: Mapping[str, Tone] = {"stop": "stop", "today": "warn", "later": "notice"}
_ICONS = {
    "damaged": "book",
    "cloned": "monitor",
    "cut_off": "monitor",
    "put_back": "undo",
    "put_back_unknown": "undo",
    "disk_full": "monitor",
    "disk_low": "monitor",
    "backup_old": "shield",
    "backup_none": "shield",
    "printer_trouble": "printer",
    "scale_trouble": "scale",
    "scale_due": "scale",
    "scale_overdue": "scale",
}
_CLOCK_ICON = "queued"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorWork:
    """What the page needs besides the counter.

    look: measures again; actions: what helps, by the name in `Finding.action`; one that is not
    there has no button. opened: the counter may be opened; now: UTC ms. back_up: makes a backup and
    then tells a sentence; print_sheet: prints the recovery sheet and returns a sentence;
    print_list: prints what was found.
    """

    look: Callable[[], Signs]
    actions: Mapping[str, Callable[[], None]]
    opened: Callable[[], None]
    now: Callable[[], int]
    county_phone: Callable[[], str] = str
    back_up: Callable[[Callable[[str], None]], None] | None = None
    print_sheet: Callable[[], str] | None = None
    print_list: Callable[[Signs], str] | None = None


class DoctorPage(Page):
    """Shows what the start check found."""

    def __init__(self, counter: Counter, key: str, work: DoctorWork) -> None:
        """Make the page; it looks when it comes to the front."""
        super().__init__(counter, key)
        self._work = work
        self._found = Examination((), ())
        self._signs: Signs
        self._buttons: list[KeyButton] = []
        self._again = QTimer(self, singleShot=True, interval=AGAIN_MS)
        self._again.timeout.connect(self.activated)
        self._build()

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._build_rail())
        right = QVBoxLayout()
        right.setContentsMargins(36, 32, 36, 24)
        right.setSpacing(12)
        self._heading = Words("", theme.HEADING, bold=True, wrap=True)
        self._line = Words("", theme.BODY, ink="ink2", wrap=True)
        cards = QWidget()
        self._cards = QVBoxLayout(cards)
        self._cards.setContentsMargins(0, 0, 0, 0)
        self._cards.setSpacing(12)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        self._phone, self._said = hint(""), hint("")
        self._skip = KeyButton(self.say("overview.doctor.skip"), "Esc")
        self._skip.clicked.connect(lambda _checked: self._work.opened())
        self._next = KeyButton("", "Enter", kind="primary")
        self._next.clicked.connect(lambda _checked: self.primary())
        bottom.addWidget(self._phone, 1)
        bottom.addWidget(self._skip)
        bottom.addWidget(self._next)
        right.addWidget(self._heading)
        right.addWidget(self._line)
        right.addWidget(scrolling(cards), 1)
        right.addLayout(self._build_tools())
        right.addLayout(bottom)
        self._right = right
        row.addLayout(right, 1)

    def _build_tools(self) -> QHBoxLayout:
        """Make what can always be done here: a backup, the recovery sheet, the list on paper."""
        work = self._work
        tools: Sequence[tuple[object, str, str, Callable[[], None]]] = (
            (work.back_up, "back_up", BACK_UP_KEY, self._back_up),
            (work.print_sheet, "print_sheet", SHEET_KEY, self._print_sheet),
            (work.print_list, "print_list", LIST_KEY, self._print_list),
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        for offered, words, key, run in tools:
            if offered is None:
                continue
            button = KeyButton(self.say(f"overview.doctor.{words}"), key, height=theme.FORM_HEIGHT)
            button.clicked.connect(lambda _checked, run=run: run())
            row.addWidget(button)
        row.addWidget(self._said, 1)
        return row

    def _build_rail(self) -> QFrame:
        rail = QFrame()
        rail.setObjectName("doctor_rail")
        rail.setFixedWidth(RAIL_WIDTH)
        rail.setStyleSheet(
            f"QFrame#doctor_rail {{ background: {theme.COLOURS.rail}; border: none; }}"
        )
        column = QVBoxLayout(rail)
        column.setContentsMargins(40, 40, 24, 28)
        column.setSpacing(8)
        column.addWidget(Words(self.say("shell.brand"), theme.TITLE, bold=True, ink="white"))
        column.addSpacing(24)
        title = Words(self.title, theme.HEADING_LARGE, bold=True, ink="white")
        self._summary = Words("", theme.BODY, ink="rail_text", wrap=True)
        column.addWidget(title)
        column.addWidget(self._summary)
        column.addSpacing(12)
        self._fine = QVBoxLayout()
        self._fine.setSpacing(10)
        column.addLayout(self._fine)
        column.addStretch(1)
        return rail

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.doctor.title")

    def on_compact(self, is_compact: bool) -> None:
        """Take less room in a low window."""
        self._right.setContentsMargins(*((24, 12, 24, 12) if is_compact else (36, 32, 36, 24)))

    def first_focus(self) -> QWidget | None:
        """Digits choose."""
        return self

    # --- What happens ----------------------------------------------------------------------------

    def activated(self) -> None:
        """Look again and show what is there."""
        self.show_signs(self._work.look())

    def show_signs(self, signs: Signs) -> None:
        """Judge these signs and show the result."""
        self._signs = signs
        phone = self._work.county_phone()
        self._phone.setText(self.say("overview.enrol.county_phone", phone=phone) if phone else "")
        self._found = examine(signs)
        self._show()

    def primary(self) -> None:
        """Do what is most urgent, or open the door when nothing can be done here."""
        first = self._first_with_action()
        if first is not None:
            self._act(first)
        elif self._found.may_open:
            self._work.opened()

    def on_digit(self, digit: int) -> bool:
        """Do what helps against the finding of this number."""
        if digit > len(self._found.findings):
            return False
        finding = self._found.findings[digit - 1]
        if finding.action in self._work.actions:
            self._act(finding)
        return True

    def on_escape(self) -> bool:
        """Open the door and see to it later, unless that would harm the books."""
        if self._found.may_open:
            self._work.opened()
        return True

    def _back_up(self) -> None:
        assert self._work.back_up is not None
        self._said.setText(self.say("overview.doctor.backing_up"))
        self._work.back_up(self._backed_up)

    def _backed_up(self, sentence: str) -> None:
        self.activated()
        self._said.setText(sentence)

    def _print_sheet(self) -> None:
        assert self._work.print_sheet is not None
        self._said.setText(self._work.print_sheet())

    def _print_list(self) -> None:
        assert self._work.print_list is not None
        self._said.setText(self._work.print_list(self._signs))

    @property
    def said(self) -> str:
        """Return what it says beside the buttons."""
        return self._said.text()

    def _first_with_action(self) -> Finding | None:
        return next((f for f in self._found.findings if f.action in self._work.actions), None)

    def _act(self, finding: Finding) -> None:
        self._work.actions[finding.action]()
        self.activated()
        self._again.start()

    def left(self) -> None:
        """Somebody works elsewhere now."""
        self._again.stop()

    # --- Showing ---------------------------------------------------------------------------------

    def _show(self) -> None:
        found, texts, now = self._found, self.counter.texts, self._work.now()
        bad, fine = len(found.findings), len(found.fine)
        summary = "overview.doctor.summary" if bad else "overview.doctor.summary_good"
        self._summary.setText(self.say(summary, all=bad + fine, fine=fine, count=bad))
        empty(self._fine)
        for finding in found.fine:
            self._fine.addLayout(_ticked(fine_words(texts, finding, now)))
        self._heading.setText(self._heading_words())
        self._line.setText(self.say(f"overview.doctor.{self._line_key()}"))
        empty(self._cards)
        for number, finding in enumerate(found.findings, 1):
            self._cards.addWidget(self._card(number, finding))
        self._cards.addStretch(1)
        self._skip.setVisible(found.may_open and self._first_with_action() is not None)
        self._show_next()

    def _heading_words(self) -> str:
        found = self._found
        if not found.may_open:
            return self.say("overview.doctor.stopped")
        if not found.findings:
            return self.say("overview.doctor.all_good")
        hello = self.say(f"overview.hello.{part_of_day(self._work.now())}")
        return self.say("overview.doctor.greeting", hello=hello, count=len(found.findings))

    def _line_key(self) -> str:
        if not self._found.may_open:
            return "line_stopped" if self._first_with_action() else "line_stopped_call"
        if not self._found.findings:
            return "line_good"
        has_stop = any(finding.urgency == "stop" for finding in self._found.findings)
        return "line" if has_stop else "line_calm"

    def _show_next(self) -> None:
        first = self._first_with_action()
        if first is not None:
            action = finding_words(self.counter.texts, first, self._work.now())["action"]
            self._next.set_label(self.say("overview.doctor.first", action=action))
        else:
            self._next.set_label(self.say("overview.doctor.open"))
        self._next.setVisible(first is not None or self._found.may_open)

    def _card(self, number: int, finding: Finding) -> Panel:
        words = finding_words(self.counter.texts, finding, self._work.now())
        tone = _TONES[finding.urgency]
        is_stop = finding.urgency == "stop"
        card = Panel(
            "stop" if is_stop else "plain", margins=(20, 16, 18, 16), spacing=16, horizontal=True
        )
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(StatusPill(self.say(f"overview.doctor.urgency.{finding.urgency}"), tone))
        title = Words(words["title"], theme.TITLE, bold=True, ink="stop" if is_stop else "ink")
        head.addWidget(title.elided(), 1)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addStretch(1)
        texts.addLayout(head)
        texts.addWidget(Words(words["line"], theme.BODY, wrap=True))
        texts.addWidget(hint(words["more"], wrap=True))
        detail = str(finding.slots.get("detail", ""))
        if detail:
            technician = self.say("overview.doctor.technician")
            texts.addWidget(hint(f"{technician}：{detail}").elided())
        texts.addStretch(1)
        card.body.addWidget(
            Seal(_ICONS.get(finding.name, _CLOCK_ICON), tone, 72), 0, Qt.AlignmentFlag.AlignVCenter
        )
        card.body.addLayout(texts, 1)
        if finding.action in self._work.actions:
            button = KeyButton(words["action"], str(number))
            button.clicked.connect(lambda _checked, which=finding: self._act(which))
            card.body.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        card.setMinimumHeight(118)
        card.setAccessibleName(" ".join(words[part] for part in ("title", "line", "more")))
        return card


def _ticked(words: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(10)
    row.addWidget(IconLabel("ok", "edge"))
    row.addWidget(Words(words, theme.BODY, ink="rail_text", wrap=True), 1)
    return row
