"""The first day at a glance: six steps, each with what is there already and how to go on.

No step waits for another, and none keeps anybody from working. What is left stands as a line on
today until it is done, or until the operator says that it will not be done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from station_app.journal.projection import StateChange
from station_app.services.opening.columns import DEBTS, KINDS, PARCELS, PEOPLE
from station_app.services.opening.commands import DismissOpening, ReopenOpening, SettleStep
from station_app.services.opening.outfit import Outfit
from station_app.services.opening.purses import DEBTS as DEBT_PURSES
from station_app.services.opening.purses import PLACES
from station_app.services.opening.rules import (
    DISMISSED,
    FINISHED,
    OPEN,
    STEPS,
    Finishing,
    open_steps,
)
from station_app.services.opening.samples import sample, sample_name
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.offers import Tone
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Cell, Column, Icon, Pill, Row, Text
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint, rule, strong
from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal

SHEET_PAGE = "opening.sheet"
LINES_PAGE = "opening.lines"
SHELVES_PAGE = "opening.shelves"
LOTS_PAGE = "opening.lots"
FINISH_PAGE = "opening.finish"

ICONS = {
    "people": "people",
    "shelves": "shelf",
    "parcels": "parcel",
    "debts": "book",
    "lots": "leaf",
    "money": "yuan",
}
SHEET_OF_STEP = {"people": PEOPLE, "debts": DEBTS, "parcels": PARCELS}
TONES: Mapping[str, Tone] = {"done": "ok", "none": "plain", OPEN: "waiting"}
COLUMNS = (
    Column("digit", 56, "centre"),
    Column("icon", 52),
    Column("step"),
    Column("found", 420),
    Column("state", 150, "right"),
)
ROW_HEIGHT = 70


@dataclass(frozen=True, slots=True)
class _Picture:
    standing: Finishing
    shelves: str


class StepsPage(Page):
    """Lists the steps."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._picture: _Picture | None = None
        self._lay_out()
        self._load()

    def _lay_out(self) -> None:
        self.banner = Banner("", "notice")
        panel = Panel(margins=(1, 14, 1, 6), spacing=0)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 8)
        head.addWidget(strong(self.say("opening.steps.title")))
        head.addStretch(1)
        head.addWidget(hint(self.say("opening.steps.aside")))
        panel.body.addLayout(head)
        panel.body.addWidget(rule())
        name = self.say("opening.steps.title")
        self.table = ListTable(COLUMNS, name=name, row_height=ROW_HEIGHT)
        self.table.opened.connect(self._open_step)
        self.table.clicked.connect(lambda _index: self.touch_actions())
        self.table.current_changed.connect(lambda _step: self.touch_actions())
        panel.body.addWidget(self.table, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.banner)
        column.addWidget(panel, 1)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("opening.tab.opening")

    @property
    def _status(self) -> str:
        opening = self._picture.standing.opening if self._picture else None
        return opening.status if opening else OPEN

    def _outcome(self, step: str) -> str:
        opening = self._picture.standing.opening if self._picture else None
        return opening.steps.get(step, OPEN) if opening else OPEN

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done with the current step, and with the whole."""
        samples = Action(
            self.say("opening.steps.samples"), "F10", self._write_samples, icon="download"
        )
        if self._status != OPEN:
            key = "reopen_finished" if self._status == FINISHED else "reopen"
            reopen = Action(self.say(f"opening.steps.{key}"), "Ctrl+G", self._reopen, icon="redo")
            lines = Action(self.say("opening.steps.lines"), "Ctrl+L", self._open_lines)
            return (samples, lines, reopen)
        dismiss = Action(self.say("opening.steps.dismiss"), "Ctrl+D", self._dismiss)
        return (samples, dismiss, *self._actions_of_step(), self._primary())

    def _actions_of_step(self) -> list[Action]:
        step = self.table.current()
        if not step:
            return []
        actions: list[Action] = []
        if step in SHEET_OF_STEP:
            label = self.say("opening.steps.from_sheet")
            actions.append(Action(label, "Ctrl+O", self._open_sheet, icon="list"))
        if self._outcome(step) == OPEN:
            none = Action(self.say("opening.steps.none"), "Del", lambda: self._settle("none"))
            done = Action(self.say("opening.steps.done"), "F11", lambda: self._settle("done"))
            return [*actions, none, done]
        again = Action(self.say("opening.steps.again"), "F11", lambda: self._settle(OPEN))
        return [*actions, again]

    def _primary(self) -> Action:
        if not self._waiting():
            label = self.say("opening.steps.finish")
            return Action(label, "Enter", self._open_finish, "primary")
        step = self.table.current() or self._waiting()[0]
        label = self.say(f"opening.steps.go_{step}")
        return Action(label, "Enter", lambda: self._open_step(step), "primary")

    def _waiting(self) -> tuple[str, ...]:
        return open_steps(self._picture.standing.opening if self._picture else None)

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at what is there now, and stand on the first step that waits."""
        self._load()
        waiting = self._waiting()
        if waiting and self._outcome(self.table.current() or STEPS[0]) != OPEN:
            self.table.choose(waiting[0])

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act."""
        if self.isVisible():
            self._load()

    def on_digit(self, digit: int) -> bool:
        """Open a step by its digit."""
        if self._status != OPEN or not 1 <= digit <= len(STEPS):
            return False
        self.table.choose(STEPS[digit - 1])
        self._open_step(STEPS[digit - 1])
        return True

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        now = self.counter.desk.now()
        gatherer = self._outfit.gatherer

        def take(connection: Any) -> _Picture:
            room = gatherer.neighbours.room(connection, now)
            shelves = self.say(
                "opening.steps.room", shelves=room.shelves, layers=room.layers, places=room.places
            )
            return _Picture(gatherer.standing(connection, now), shelves)

        self._picture = self.counter.desk.read(take)
        rows = [self._row(number, step) for number, step in enumerate(STEPS, start=1)]
        self.table.show_rows(rows)
        if not self.table.current():
            self.table.choose((*self._waiting(), STEPS[0])[0])
        self._show_banner()
        self.touch_actions()

    def _row(self, number: int, step: str) -> Row:
        outcome = self._outcome(step)
        cells: tuple[Cell, ...] = (
            Text(str(number), bold=True, ink="ink2"),
            Icon(ICONS[step]),
            Text(
                self.say(f"opening.step.{step}"), bold=True, small=self.say(f"opening.how.{step}")
            ),
            Text(self._found(step)),
            Pill(self.say(f"opening.outcome.{outcome}"), TONES[outcome]),
        )
        return Row(step, cells)

    def _found(self, step: str) -> str:
        """Return what is there of a step already."""
        assert self._picture is not None
        standing = self._picture.standing
        if step == "people":
            return self.say("opening.found.people", count=standing.people)
        if step == "shelves":
            return self._picture.shelves
        if step == "parcels":
            return self.say("opening.found.parcels", count=standing.parcels)
        if step == "lots":
            return self.say("opening.found.lots", count=standing.lots)
        purses = PLACES if step == "money" else DEBT_PURSES
        sums = [s for s in standing.sums if s.purse in purses]
        count, amount = sum(s.lines for s in sums), sum(s.amount_fen for s in sums)
        key = "money" if step == "money" else "debts"
        return self.say(f"opening.found.{key}", count=count, amount=say_yuan(amount))

    def _show_banner(self) -> None:
        status = self._status
        self.banner.setVisible(status != OPEN)
        if status == DISMISSED:
            self.banner.tell(self.say("opening.steps.is_dismissed"), "notice")
        elif status == FINISHED:
            self.banner.tell(self.say("opening.steps.is_finished"), "ok")

    # --- Doing -----------------------------------------------------------------------------------

    def _open_step(self, step: str) -> None:
        front, day = self.counter.front, self.counter.desk.now().day
        if step == "people":
            front.open_page(SHEET_PAGE, {"kind": PEOPLE})
        elif step == "shelves":
            front.open_page(SHELVES_PAGE)
        elif step == "parcels":
            front.open_page(self._outfit.intake_page, {"here_since": day, "back": self.key})
        elif step == "lots":
            front.open_page(LOTS_PAGE)
        else:
            front.open_page(LINES_PAGE, {"group": step})

    def _open_sheet(self) -> None:
        kind = SHEET_OF_STEP.get(self.table.current(), "")
        if kind:
            self.counter.front.open_page(SHEET_PAGE, {"kind": kind})

    def _open_lines(self) -> None:
        self.counter.front.open_page(LINES_PAGE, {"group": "debts"})

    def _open_finish(self) -> None:
        self.counter.front.open_page(FINISH_PAGE)

    def _settle(self, outcome: str) -> None:
        step = self.table.current()

        def done(outcome_of: Done) -> None:
            words = self.say("opening.steps.settled", step=self.say(f"opening.step.{step}"))
            self.tell_done(words, outcome_of)
            self._load()
            waiting = self._waiting()
            if waiting and outcome != OPEN:
                self.table.choose(waiting[0])

        self.perform(SettleStep(step=step, outcome=outcome), done=done)

    def _dismiss(self) -> None:
        def done(outcome: Done) -> None:
            self.tell_done(self.say("opening.steps.dismissed"), outcome)
            self._load()

        self.perform(DismissOpening(), done=done)

    def _reopen(self) -> None:
        def done(outcome: Done) -> None:
            self.tell_done(self.say("opening.steps.reopened"), outcome)
            self._load()

        self.perform(ReopenOpening(), done=done)

    def _write_samples(self) -> None:
        """Write all sample sheets where the operator finds them."""
        texts, files = self.counter.texts, self._outfit.files

        def write(_connection: Any) -> list[str | Refusal]:
            return [files.write(sample_name(kind, texts), sample(kind, texts)) for kind in KINDS]

        def tell(written: list[str | Refusal]) -> None:
            refusal = next((one for one in written if isinstance(one, Refusal)), None)
            if refusal is not None:
                self.counter.front.say_refusal(refusal.text_key, refusal.slots)
                return
            paths = [one for one in written if isinstance(one, str)]
            folder = paths[0].replace("\\", "/").rsplit("/", 2)[-2]
            words = self.say("opening.steps.samples_written", count=len(paths), place=folder)
            self.counter.front.toast(Notice(words))

        self.counter.desk.look_up(write, tell)
