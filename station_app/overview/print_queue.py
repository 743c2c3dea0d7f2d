"""The page of papers that are not finished, and of the printers they wait for.

Most of it mends itself: a printer that was mended prints on by itself. What needs a human is a
paper that may have come out, and one that its printer cannot take.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.overview.moments import when
from station_app.overview.papers import (
    TONES,
    copy_number_of,
    mend_words,
    reason_words,
    role_words,
    state_words,
)
from station_app.overview.pieces import QuietEmpty, empty, yielding
from station_app.printing.jobs import DRAWER, Job, NothingToReprint
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.offers import Tone
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Icon, Pill, Row, Text
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.pills import StatusPill
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule, strong

LOOK_MS = 1_000  # the printers' threads change the queue; nobody is told of each step
RIGHT_WIDTH = 400
COLUMNS = (
    Column("icon", 52),
    Column("what"),
    Column("when", 150, "right"),
    Column("state", 170, "right"),
)
DOUBTFUL = ("uncertain",)
REDIRECT_KEYS = ("F10", "Ctrl+R")
MENDABLE = ("queued", "failed")
_PRINTER_TONES: Mapping[str, Tone] = {"ok": "ok", "fault": "warn", "none": "waiting"}


class PrinterLike(Protocol):
    """How a printer is: `ok`, `fault` or `unknown`, and why."""

    @property
    def state(self) -> str:
        """One of the three."""
        ...

    @property
    def reason(self) -> str:
        """A reason of the catalogue `printing.reason`, or nothing."""
        ...


class SpoolLike(Protocol):
    """What the pages need of `station_app.printing.spool.Spool`."""

    def states(self) -> Mapping[str, PrinterLike]:
        """Return how each printer is, by name."""
        ...

    def queue(self) -> list[Job]:
        """Return the jobs that are not finished, oldest first."""
        ...

    def reprint(self, job: int, printer: str | None = None) -> int:
        """Print a paper once more, as a copy; printer: another one than it was on."""
        ...

    def redirect(self, job: int, printer: str) -> bool:
        """Give a waiting or failed job to another printer."""
        ...

    def cancel(self, job: int) -> bool:
        """Drop a job that is not being sent."""
        ...

    def came_out(self, job: int) -> bool:
        """The paper of an uncertain job is there."""
        ...

    def retry(self, name: str) -> None:
        """A printer was mended: try at once."""
        ...

    def wake(self) -> None:
        """There is something new in the table."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueWork:
    """What the page needs besides the counter.

    names: words for each printer that was set up; now: UTC ms; pictures: those of them that are
    none yet, their papers become pictures; counted: told whenever there are more or fewer papers.
    """

    spool: SpoolLike
    names: Mapping[str, str]
    now: Callable[[], int]
    pictures: Callable[[], frozenset[str]] = frozenset
    counted: Callable[[], None] = lambda: None


class QueuePage(Page):
    """Lists the papers that are not finished."""

    def __init__(self, counter: Counter, key: str, work: QueueWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._work = work
        self._jobs: tuple[Job, ...] = ()
        self._seen: object = None
        self._build()
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._read)

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        left = Panel(margins=(1, 14, 1, 8), spacing=8)
        self._heading = strong("")
        self._heading.setContentsMargins(16, 0, 16, 0)
        self.list = ListTable(COLUMNS, name=self.title)
        self.list.current_changed.connect(lambda _subject: self.touch_actions())
        none, none_hint = self.say("overview.queue.none"), self.say("overview.queue.none_hint")
        self._none = QuietEmpty("printer", none, none_hint)
        left.body.addWidget(self._heading)
        left.body.addWidget(rule())
        left.body.addWidget(yielding(self.list), 1)
        left.body.addWidget(self._none, 1)
        row.addWidget(left, 1)
        row.addWidget(self._build_printers())

    def _build_printers(self) -> QWidget:
        panel = Panel(margins=(20, 14, 20, 14), spacing=10)
        panel.setFixedWidth(RIGHT_WIDTH)
        panel.body.addWidget(strong(self.say("overview.queue.printers")))
        self._printers = QVBoxLayout()
        self._printers.setSpacing(10)
        panel.body.addLayout(self._printers)
        panel.body.addStretch(1)
        return panel

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.queue.title")

    def first_focus(self) -> QWidget | None:
        """Move in the list."""
        return self.list

    def action_bar(self) -> Sequence[Action]:
        """Offer what helps with the chosen paper."""
        job = self._current()
        if job is None:
            return ()
        actions: list[Action] = []
        actions += self._elsewhere(job)
        if job.state != "sending":
            cancel = self.say("overview.queue.cancel")
            actions.append(Action(cancel, "Del", lambda: self._cancel(job), kind="danger"))
        if job.state in DOUBTFUL:
            came = self.say("overview.queue.came_out")
            actions.append(Action(came, "F11", lambda: self._came_out(job), icon="check"))
        return (*actions, self._primary_for(job))

    def _elsewhere(self, job: Job) -> list[Action]:
        """Offer the other printers: a waiting paper goes there, a doubtful one as a copy."""
        actions = []
        for name, key in zip(self._other_printers(job), REDIRECT_KEYS, strict=False):
            printer = self._name(name)
            if job.state in MENDABLE:
                words = self.say("overview.queue.redirect_to", printer=printer)
                run = partial(self._redirect, job, name)
            elif job.state in DOUBTFUL:
                words = self.say("overview.queue.again_on", printer=printer)
                run = partial(self._reprint, job, name)
            else:
                continue
            actions.append(Action(words, key, run, icon="swap"))
        return actions

    def _primary_for(self, job: Job) -> Action:
        key = "again" if job.state in DOUBTFUL else "reprint"
        can = job.state in (*DOUBTFUL, "failed")
        waits = "sending" if job.state == "sending" else "waits"
        return Action(
            self.say(f"overview.queue.{key}"),
            "Enter",
            lambda: self._reprint(job),
            kind="primary",
            icon="printer",
            is_enabled=can,
            reason="" if can else self.say(f"overview.queue.{waits}"),
        )

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look, and go on looking while somebody does."""
        self._seen = None
        self._read()
        self._look.start()

    def left(self) -> None:
        """Stop looking."""
        self._look.stop()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """An act may have brought a paper."""
        self._read()

    # --- Reading and showing ---------------------------------------------------------------------

    def _read(self) -> None:
        """Read the queue and the printers; show them only if something is different."""
        jobs = tuple(job for job in self._work.spool.queue() if job.role != DRAWER)
        drawn, states = self._work.pictures(), self._work.spool.states()
        printers = {
            name: ("none", "") if name in drawn else (state.state, state.reason)
            for name, state in states.items()
            if name in self._work.names  # else pictures stand in: nobody set one up
        }
        if (jobs, printers) == self._seen:
            return
        self._seen = (jobs, printers)
        self._jobs = jobs
        self._heading.setText(self.say("overview.queue.waiting", count=len(jobs)))
        self.list.show_rows([self._row(job) for job in jobs])
        self.list.setVisible(bool(jobs))
        self._none.setVisible(not jobs)
        if jobs and self._current() is None:
            first = next((job for job in jobs if job.state in DOUBTFUL), jobs[0])
            self.list.choose(str(first.job))
        self._show_printers(printers)
        self.touch_actions()
        self._work.counted()

    def _row(self, job: Job) -> Row:
        texts = self.counter.texts
        name = role_words(texts, job.role)
        copy = self.say("overview.documents.copy_mark", number=job.copy_number)
        reason = reason_words(texts, job.error) if job.error else ""
        if job.state in DOUBTFUL:
            key = "asked_why" if reason else "asked"
            reason = self.say(f"overview.queue.{key}", reason=reason)
        cells = (
            Icon("receipt" if job.role == "receipt" else "tag", name, "ink2"),
            Text(f"{name}  {copy}" if job.copy_number else name, bold=True, small=reason),
            Text(when(texts, job.at, self._work.now()), theme.HINT, ink="ink2"),
            Pill(state_words(texts, job.state), TONES[job.state]),
        )
        return Row(str(job.job), cells, tone="warn" if job.state in DOUBTFUL else "plain")

    def _show_printers(self, printers: Mapping[str, tuple[str, str]]) -> None:
        empty(self._printers)
        for name, (state, reason) in printers.items():
            self._printers.addWidget(self._printer_card(name, state, reason))
        if not printers:
            none = self.say("overview.queue.printers_none")
            self._printers.addWidget(Words(none, theme.BODY, ink="ink2", wrap=True))

    def _printer_card(self, name: str, state: str, reason: str) -> Panel:
        texts = self.counter.texts
        card = Panel("box", margins=(14, 10, 14, 10), spacing=6)
        head = QHBoxLayout()
        head.addWidget(Words(self._name(name), theme.BODY, bold=True).elided(), 1)
        key = {"none": "overview.devices.state.none", "unknown": "printing.state.unknown"}
        words = texts.say(key.get(state, "printing.state.ok"))
        if reason:
            words = reason_words(texts, reason)
        head.addWidget(StatusPill(words, _PRINTER_TONES.get(state, "plain")))
        card.body.addLayout(head)
        if state == "fault":
            card.body.addWidget(hint(mend_words(texts, reason), wrap=True))
            retry = KeyButton(self.say("overview.queue.retry"), height=theme.WORD_HEIGHT)
            retry.clicked.connect(lambda _checked: self._work.spool.retry(name))
            card.body.addWidget(retry)
        return card

    def _name(self, printer: str) -> str:
        return self._work.names.get(printer, printer)

    def _current(self) -> Job | None:
        subject = self.list.current()
        return next((job for job in self._jobs if str(job.job) == subject), None)

    def _other_printers(self, job: Job) -> Sequence[str]:
        """Return where it could come out instead, the same kind of printer first.

        A trigger of a drawer prints nothing, and pictures are no paper.
        """
        here, none = job.printer or job.role, self._work.pictures()
        names = [
            name
            for name in self._work.spool.states()
            if name in self._work.names and name != here and name not in none
        ]
        there = [name for name in names if not name.startswith(DRAWER)]
        return sorted(there, key=lambda name: not name.startswith(job.role))

    # --- What can be done ------------------------------------------------------------------------

    def _reprint(self, job: Job, printer: str | None = None) -> None:
        try:
            new = self._work.spool.reprint(job.job, printer)
        except NothingToReprint:
            self._tell("overview.documents.gone_erased", "warn")
        else:
            number = self.counter.desk.read(lambda c: copy_number_of(c, new))
            self._tell("overview.documents.reprinted", "ok", number=number)

    def _cancel(self, job: Job) -> None:
        if self._work.spool.cancel(job.job):
            self._tell("overview.queue.cancelled", "notice")

    def _came_out(self, job: Job) -> None:
        if self._work.spool.came_out(job.job):
            self._tell("overview.queue.marked", "ok")

    def _redirect(self, job: Job, printer: str) -> None:
        if self._work.spool.redirect(job.job, printer):
            self._tell("overview.queue.redirected", "ok", printer=self._name(printer))

    def _tell(self, key: str, tone: str, **slots: object) -> None:
        self.counter.sounds.play("warn" if tone == "warn" else "ok")
        words = self.say(key, **slots)
        self.counter.front.toast(Notice(words, "warn" if tone == "warn" else "ok"))
        self._read()
