"""The first page of all: the one-time code that makes this PC a station's.

The code is judged here before the county is asked, so a slip of the pen costs nothing. The work
itself (keys, asking, receiving) is handed in as `Enrol` and runs off the screen's thread; every
way in which it can fail has a sentence that says what to do next.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station_app.overview.code_grid import CodeGrid
from station_app.overview.enrol_code import (
    ADDRESS_CHARACTERS_MAX,
    CodeVerdict,
    clean_address,
    judge_code,
    may_stand,
    read_paper,
)
from station_app.overview.first_run import FirstRunFrame, Thing, first_steps, things_grid
from station_app.overview.practice.practice_page import Practise
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan, Tone
from station_app.shell.page import Page
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.words import IconLabel, Words, hint, strong
from station_app.sync import causes
from station_app.sync.enrolment import (
    EXPIRED,
    FINGERPRINT_CHARACTERS,
    FULL,
    SECRET_CHARACTERS,
    UNKNOWN,
    USED,
    WRONG_COUNTY,
)
from station_app.values.texts import Texts

DONE = "done"
NO_ROOM, KEY_STORE, FAILED = "no_room", "key_store", "failed"
SIGNS = 2 + FINGERPRINT_CHARACTERS + SECRET_CHARACTERS + 1  # VE, payload, check character
ASKED = "asked"
STICK_OUTCOMES = (
    "no_stick", "full_stick", "gone", "read_only", "no_answer_yet", "other_station", "damaged",
    "no_code",
)  # fmt: skip
OWN_OUTCOMES = (
    *(USED, EXPIRED, UNKNOWN, FULL, WRONG_COUNTY, NO_ROOM, KEY_STORE, FAILED),
    *STICK_OUTCOMES,
)
"""How an enrolment may end besides DONE and the causes of `sync.causes`."""


@dataclass(frozen=True, slots=True)
class EnrolOutcome:
    """How it ended. state: DONE, one of OWN_OUTCOMES or a cause; station: code; name: its name."""

    state: str
    station: str = ""
    name: str = ""


Enrol = Callable[[str, str], EnrolOutcome]
"""(address, code) → outcome. Slow: it asks the county and receives what the station needs."""

Run = Callable[[Callable[[], EnrolOutcome], Callable[[EnrolOutcome], None]], object]
"""Runs work off the screen's thread, then tells its result: `Tasks.read`."""


def outcome_words(texts: Texts, state: str) -> str:
    """Return the sentence about an outcome that is not DONE."""
    key = f"overview.enrol.outcome.{state}"
    return texts.say(key if texts.has(key) else "overview.enrol.outcome.failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentWork:
    """What the page needs besides the counter.

    by_stick: enrols without a line: (address, code), each "" if it does not stand there yet; its
    state is ASKED once the request lies on the stick. None where there are no sticks. enrolled:
    called with the outcome once the PC belongs to a station; signs: how many a code has; address:
    of the county, as known from settings, may be empty. practise: opens the practice, which needs
    no county (`practice_page.Practise`); None where there is none. is_again: this PC has a journal
    already, and becomes another PC of its station with it.
    """

    enrol: Enrol
    run: Run
    enrolled: Callable[[EnrolOutcome], None]
    signs: int = SIGNS
    address: str = ""
    county_phone: str = ""
    by_stick: Enrol | None = None
    practise: Practise | None = None
    is_again: bool = False


class EnrolmentPage(Page):
    """Takes the code and the address, and has the PC enrolled."""

    def __init__(self, counter: Counter, key: str, work: EnrolmentWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._work = work
        self._signs = work.signs
        self._is_working = False
        self._build(work.address, work.county_phone)
        self._typed()

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self, address: str, county_phone: str) -> None:
        say = self.say
        steps = first_steps(self.counter.texts, "code")
        foot = say("overview.enrol.county_phone", phone=county_phone) if county_phone else ""
        rail = "overview.enrol.rail_again" if self._work.is_again else "overview.enrol.rail"
        title, line = say(f"{rail}_title"), say(f"{rail}_line")
        self._frame = FirstRunFrame(title, line, steps, foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._frame)
        content = self._frame.content
        content.addWidget(Words(say("overview.enrol.title"), theme.HEADING, bold=True))
        self._subtitle = Words(say("overview.enrol.subtitle"), theme.BODY, ink="ink2", wrap=True)
        content.addWidget(self._subtitle)
        content.addWidget(self._build_code(address))
        self._things = self._build_things()
        content.addWidget(self._things)
        content.addStretch(1)
        self._next = self._frame.add_primary(say("overview.enrol.next"), self.primary)
        if self._work.by_stick is not None:
            self._frame.add_secondary(say("overview.enrol.stick"), "Ctrl+U", self.by_stick)
        if self._work.practise is not None:
            self._frame.add_secondary(say("overview.enrol.practise"), "F10", self.practise)

    def _build_code(self, address: str) -> QWidget:
        panel = Panel("active", margins=(20, 14, 20, 14), spacing=10)
        head = QHBoxLayout()
        head.addWidget(strong(self.say("overview.enrol.code", count=self._signs)))
        head.addStretch(1)
        head.addWidget(hint(self.say("overview.enrol.code_hint")))
        self.boxes = CodeGrid(self._signs, may_stand)
        self.boxes.setAccessibleName(self.say("overview.enrol.code", count=self._signs))
        self.boxes.changed.connect(lambda _text: self._typed())
        self.boxes.refused.connect(lambda _sign: self._tell_wrong_scan())
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(self.boxes)
        row.addStretch(1)
        row.addWidget(_upright())
        row.addLayout(self._build_scan_hint())
        self.verdict = Banner("", "notice")
        self.address = TextField(self.counter.texts, limit=ADDRESS_CHARACTERS_MAX)
        self.address.line.setPlaceholderText(self.say("overview.enrol.address_hint"))
        self.address.line.setAccessibleName(self.say("overview.enrol.address"))
        self.address.set_text(address)
        self.address.changed.connect(lambda _text: self._show_state())
        panel.body.addLayout(head)
        panel.body.addLayout(row)
        panel.body.addWidget(self.verdict)
        where = QHBoxLayout()
        where.setSpacing(16)
        label = Words(self.say("overview.enrol.address"), theme.BODY, ink="ink2")
        where.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        label.setMinimumHeight(theme.FORM_HEIGHT)
        where.addWidget(self.address, 1)
        panel.body.addLayout(where)
        return panel

    def _build_scan_hint(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addStretch(1)
        column.addWidget(IconLabel("scan", "pressed", 48), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(hint(self.say("overview.enrol.scan")).centred())
        column.addWidget(hint(self.say("overview.enrol.scan_line", count=self._signs)).centred())
        column.addStretch(1)
        return column

    def _build_things(self) -> QWidget:
        icons = ("flag", "lock", "download", "undo")
        things = [
            Thing(
                icon,
                self.say(f"overview.enrol.thing_{number}"),
                self.say(f"overview.enrol.thing_{number}_line"),
            )
            for number, icon in enumerate(icons, 1)
        ]
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(strong(self.say("overview.enrol.things")))
        column.addWidget(things_grid(things))
        column.addWidget(hint(self.say("overview.enrol.promise"), ink="notice"))
        return widget

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.enrol.title")

    def first_focus(self) -> QWidget | None:
        """Type the code at once."""
        return self.boxes

    def on_compact(self, is_compact: bool) -> None:
        """Leave out in a low window what is only good to know."""
        self._frame.set_low(low=is_compact)
        self.boxes.set_low(low=is_compact)
        self._things.setVisible(not is_compact)

    # --- Half-typed ------------------------------------------------------------------------------

    def draft(self) -> Draft | None:
        """Keep the address, never the code: it is a secret on a paper that is at hand."""
        typed = self.address.text()
        return {"address": typed} if typed else None

    def resume(self, draft: Draft) -> str:
        """Put the address back."""
        self.address.set_text(str(draft.get("address", "")))
        self._show_state()
        return ""

    # --- Typing and scanning ---------------------------------------------------------------------

    def on_scan(self, scan: Scan) -> bool:
        """Take the county's paper: the code, and the address if it carries one."""
        if self._is_working:
            return True
        paper = read_paper(scan.raw)
        if paper is None or len(paper.code) != self._signs:
            self._tell_wrong_scan()
            return True
        if paper.address:
            self.address.set_text(paper.address)
        self.boxes.fill(paper.code)
        return True

    def practise(self) -> None:
        """Try the program out first: what is typed here stays."""
        assert self._work.practise is not None, "no key without it"
        self.verdict.tell(self.say("overview.practice.running"), "queued")
        self._work.practise(0, self._practised)

    def _practised(self, trouble: str) -> None:
        self._show_state()
        if trouble:
            self.verdict.tell(trouble, "warn")

    def _tell_wrong_scan(self) -> None:
        self.counter.sounds.play("warn")
        self.verdict.tell(self.say("overview.enrol.wrong_scan"), "warn")

    def _typed(self) -> None:
        self._show_state()
        self.touch_draft()

    def _show_state(self) -> None:
        if self._is_working:
            return
        code = judge_code(self.boxes.text(), self._signs)
        words, tone = self._verdict_words(code)
        self.verdict.tell(words, tone)
        self.boxes.mark_wrong(wrong=code.state in ("wrong", "foreign"))
        address = self.address.text()
        reason = ""
        if code.state == "right" and not address:
            reason = self.say("overview.enrol.address_needed")
        elif code.state == "short":
            reason = self.say("overview.enrol.left", count=code.missing)
        self._next.set_possible(possible=code.state == "right" and bool(address), reason=reason)

    def _verdict_words(self, code: CodeVerdict) -> tuple[str, Tone]:
        """Return sentence and tone about the code as it stands."""
        if code.state == "right":
            return self.say("overview.enrol.right"), "ok"
        if code.state == "foreign":
            return self.say("overview.enrol.foreign"), "warn"
        if code.suspects:
            places = "；".join(
                self.say(
                    "overview.enrol.place",
                    position=suspect.position,
                    guess=suspect.guess,
                    found=suspect.found,
                )
                for suspect in code.suspects
            )
            return self.say("overview.enrol.wrong", places=places), "warn"
        if code.state == "wrong":
            return self.say("overview.enrol.wrong_plain"), "warn"
        return self.say("overview.enrol.left", count=code.missing), "notice"

    # --- Asking the county -----------------------------------------------------------------------

    def primary(self) -> None:
        """Ask the county, once, with what stands here."""
        if self._is_working or not self._next.isEnabled():
            return
        address = clean_address(self.address.text())
        if address is None:
            self.address.say_fault("overview.enrol.address_bad")
            self.address.setFocus()
            self.counter.sounds.play("warn")
            return
        code = self.boxes.text()
        self._set_working(working=True)
        self.verdict.tell(self.say("overview.enrol.working"), "queued")
        self._work.run(lambda: self._work.enrol(address, code), self._ended)

    def by_stick(self) -> None:
        """Take the county's answer from the stick, or write the request on it."""
        enrol = self._work.by_stick
        if self._is_working or enrol is None:
            return
        code = self.boxes.text()
        code = code if judge_code(code, self._signs).state == "right" else ""
        address = clean_address(self.address.text()) or ""
        self._set_working(working=True)
        self.verdict.tell(self.say("overview.enrol.stick_working"), "queued")
        self._work.run(lambda: enrol(address, code), self._stick_ended)

    def _stick_ended(self, outcome: EnrolOutcome) -> None:
        if outcome.state != ASKED:
            self._ended(outcome, again="overview.enrol.next")
            return
        self._set_working(working=False)
        self._show_state()
        self.counter.sounds.play("ok")
        self.verdict.tell(self.say("overview.enrol.stick_asked"), "ok")

    def _set_working(self, *, working: bool) -> None:
        self._is_working = working
        for widget in (self.boxes, self.address):
            widget.setEnabled(not working)
        reason = self.say("overview.enrol.working") if working else ""
        self._next.set_possible(possible=not working, reason=reason)

    def wait_no_longer(self, words: str) -> None:
        """Asking stumbled: say so, and let it be asked again."""
        super().wait_no_longer(words)
        if self._is_working:
            self._set_working(working=False)
            self.verdict.tell(words, "stop")

    def _ended(self, outcome: EnrolOutcome, again: str = "overview.enrol.again") -> None:
        self._set_working(working=False)
        if outcome.state == DONE:
            self.boxes.clear()
            self.counter.sounds.play("ok")
            self._work.enrolled(outcome)
            return
        self.counter.sounds.play("warn")
        is_silent = outcome.state in (causes.NO_LINE, causes.NO_ANSWER)
        tone: Tone = "offline" if is_silent else "warn"
        self._show_state()
        self._next.set_label(self.say(again))
        self.verdict.tell(outcome_words(self.counter.texts, outcome.state), tone)
        self.boxes.setFocus()

    @property
    def outcomes(self) -> Sequence[str]:
        """Return every outcome that has a sentence of its own."""
        return (*OWN_OUTCOMES, *causes.CAUSES)


def _upright() -> QFrame:
    line = QFrame()
    line.setObjectName("rule")
    line.setFixedWidth(1)
    return line
