"""A sheet is read in: choose the file, look at what stands in it, take what is good.

Reading and comparing go on off the screen's thread; taking goes in acts one after the other, so
that a scan at the counter never waits for ten thousand rows. What is wrong with a row stays on the
screen until the sheet is mended or the operator decides; the good rows do not wait for it.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.services.opening import records, sheet_work
from station_app.services.opening.columns import DEBTS, PEOPLE, assigned
from station_app.services.opening.commands import SettleStep, Witness
from station_app.services.opening.judging import GOOD, LEFT, REGISTER, Judged, details_of
from station_app.services.opening.outfit import Found, Outfit
from station_app.services.opening.pages.sheet_view import ColumnsPanel, FilesPanel, RowsPanel
from station_app.services.opening.pages.witness_panel import WitnessPanel
from station_app.services.opening.rules import OPEN
from station_app.services.opening.samples import sample, sample_name
from station_app.services.opening.sheet_work import SheetWork, spelled
from station_app.services.opening.sheets import Grid, read_sheet
from station_app.services.people.commands import RegisterPerson
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done, Outcome, Trouble
from station_app.shell.drafts import Draft
from station_app.shell.page import Action, Page
from station_app.values.refusal import Refusal


class Stage(Enum):
    """Where the work stands."""

    FILES = auto()
    COLUMNS = auto()
    ROWS = auto()


class SheetPage(Page):
    """Takes people, debts or parcels from a sheet."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit, back: str) -> None:
        """Make the page. back: key of the page of steps."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._back = back
        self.kind = PEOPLE
        self.stage = Stage.FILES
        self.work: SheetWork | None = None
        self._kept: Draft | None = None
        self._is_taking = False
        self._lay_out()

    def _lay_out(self) -> None:
        self.files = FilesPanel(self.counter)
        self.files.chosen.connect(self._choose)
        self.files.path.changed.connect(self._path_typed)
        self.columns = ColumnsPanel(self.counter)
        self.columns.assigned.connect(self._assign)
        self.rows = RowsPanel(self.counter)
        self.rows.decided.connect(self._decide)
        self.rows.table.current_changed.connect(lambda _row: self.touch_actions())
        self.witness = WitnessPanel(self.counter, self._outfit)
        self.witness.setContentsMargins(20, 0, 20, 0)
        self.witness.changed.connect(self.touch_actions)
        self.rows.body.addWidget(self.witness)
        self._stack = QStackedWidget()
        self._panels: Mapping[Stage, QWidget] = {
            Stage.FILES: self.files,
            Stage.COLUMNS: self.columns,
            Stage.ROWS: self.rows,
        }
        for panel in self._panels.values():
            self._stack.addWidget(panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say(f"opening.sheet.title_{self.kind}")

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done at this stage."""
        if self.stage is Stage.FILES:
            return self._file_actions()
        if self.stage is Stage.COLUMNS:
            return self._column_actions()
        return self._row_actions()

    def _file_actions(self) -> Sequence[Action]:
        say = self.say
        path = self.files.path.text()
        return (
            Action(say("opening.lines.back"), "Esc", self._leave),
            Action(say("opening.sheet.sample"), "F10", self._write_sample, icon="download"),
            Action(say("opening.sheet.look_again"), "F11", self._look, icon="redo"),
            Action(
                say("opening.sheet.read"),
                "Enter",
                self._read_typed,
                "primary",
                is_enabled=bool(path) or bool(self.files.table.current()),
                reason="" if path or self.files.files else say("opening.sheet.choose_first"),
            ),
        )

    def _column_actions(self) -> Sequence[Action]:
        is_ready = self.work is not None and self.work.is_readable
        return (
            Action(self.say("opening.sheet.other_file"), "Esc", self._begin_again),
            Action(
                self.say("opening.sheet.look_at_rows"),
                "Enter",
                self._judge,
                "primary",
                is_enabled=is_ready,
                reason="" if is_ready else self.say("opening.sheet.columns_first"),
            ),
        )

    def _row_actions(self) -> Sequence[Action]:
        say = self.say
        counts = self.work.counts() if self.work else {}
        good = counts.get(GOOD, 0)
        actions = [
            Action(say("opening.sheet.other_file"), "Esc", self._begin_again),
            Action(say("opening.sheet.columns"), "F10", self._show_columns),
            Action(say("opening.sheet.read_again"), "F11", self._read_again, icon="redo"),
        ]
        if not good:
            label = say("opening.sheet.step_done")
            return (*actions, Action(label, "Enter", self._settle, "primary"))
        missing = (
            ""
            if self.kind != DEBTS or self.witness.is_complete
            else say("opening.refusal.REASON_MISSING")
        )
        label = say(f"opening.sheet.take_{self.kind}", count=good)
        return (
            *actions,
            Action(
                label,
                "Enter",
                self._take,
                "primary",
                is_enabled=not missing and not self._is_taking,
                reason=missing or (say("opening.sheet.taking") if self._is_taking else ""),
            ),
        )

    # --- What the window tells it ----------------------------------------------------------------

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Begin with a kind of sheet; the same kind goes on where it was."""
        kind = subject.get("kind", self.kind)
        if kind != self.kind:
            self.kind = kind
            self._begin_again()
            self._show_kind()

    def activated(self) -> None:
        """Look for files, or at the rows as they are now."""
        self._show_kind()
        if self.stage is Stage.FILES:
            self._look()

    def _show_kind(self) -> None:
        """Show what belongs to this kind of sheet: only a debt is signed by a second person."""
        self.witness.offer(has_party=True)
        self.witness.setVisible(self.kind == DEBTS)
        self.files.title.setText(self.say(f"opening.sheet.choose_{self.kind}"))

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Somebody was registered meanwhile: judge anew."""
        kinds = {change.kind.name for change in changes}
        is_about = kinds & {"person", "opening_line", "parcel"}
        if self.stage is not Stage.ROWS or not is_about or self._is_taking:
            return
        if self.work is not None and any(change.after is None for change in changes):
            self.work.begin_anew(self.counter.tickets())  # an act was undone: it may be taken again
        self._judge()

    def on_digit(self, digit: int) -> bool:
        """Choose a file by its digit."""
        if self.stage is not Stage.FILES or not 1 <= digit <= len(self.files.files):
            return False
        self._choose(self.files.files[digit - 1].path)
        return True

    def on_escape(self) -> bool:
        """Go one stage back."""
        if self._is_taking:
            return True
        if self.stage is Stage.FILES:
            self._leave()
        else:
            self._begin_again()
        return True

    def draft(self) -> Draft | None:
        """Return how far the sheet is; nothing once nothing is left to decide."""
        if self.work is None or self.stage is Stage.FILES:
            return None
        return self.work.draft()

    def resume(self, draft: Draft) -> str:
        """Take the sheet up again: the file is read anew, what was decided holds."""
        self.kind = str(draft["kind"])
        self._show_kind()
        self._kept = draft
        self._choose(str(draft["path"]))
        return self.say("opening.sheet.resumed")

    def first_focus(self) -> QWidget | None:
        """Return nothing: digits choose."""
        return None

    # --- The file --------------------------------------------------------------------------------

    def _look(self) -> None:
        files, today = self._outfit.files, self.counter.desk.now().day

        def show(found: Sequence[Found]) -> None:
            about = self.say(f"opening.sheet.about_{self.kind}")
            self.files.show_files(found, today, about)
            self.touch_actions()

        self.counter.desk.look_up(lambda _connection: files.newest(), show)

    def _path_typed(self, text: str) -> None:
        """What is typed goes before what is listed."""
        self.files.table.set_owns_enter(owns=not text.strip())
        self.touch_actions()

    def _read_typed(self) -> None:
        path = self.files.path.text() or self.files.table.current()
        if path:
            self._choose(path.strip('"'))

    def _choose(self, path: str) -> None:
        """Read a file; a sentence stands above the list when it cannot be read."""
        kind, files = self.kind, self._outfit.files
        kept, session = self._kept, self.counter.tickets()
        self._kept = None

        def read(_connection: Any) -> SheetWork | Refusal:
            data = files.read(path)
            if isinstance(data, Refusal):
                return data
            grid = read_sheet(data)
            if isinstance(grid, Refusal):
                return grid
            assert isinstance(grid, Grid)
            work = sheet_work.begin(kind, path, session=session, data=data, grid=grid)
            if kept is not None:
                sheet_work.go_on(work, kept)
            return work

        self.counter.desk.look_up(read, self._have_read)

    def _have_read(self, work: SheetWork | Refusal) -> None:
        if isinstance(work, Refusal):
            self.counter.sounds.play("warn")
            self.files.object(self.say(work.text_key, **work.slots))
            self._go(Stage.FILES)
            return
        self.files.object("")
        self.work = work
        if work.is_readable:
            self._judge()
        else:
            self._show_columns()

    def _read_again(self) -> None:
        """Read the mended file; what is recorded already is recognised."""
        if self.work is not None:
            self._kept = self.work.draft()
            self._choose(self.work.path)

    def _begin_again(self) -> None:
        self.work = None
        self.files.path.set_text("")
        self._path_typed("")
        self.files.object("")
        self._go(Stage.FILES)
        self._look()
        self.keep_draft()

    # --- Columns and rows ------------------------------------------------------------------------

    def _show_columns(self) -> None:
        if self.work is not None:
            self.columns.show_work(self.work)
            self._go(Stage.COLUMNS)

    def _assign(self, column: int, name: str) -> None:
        if self.work is None:
            return
        is_taken_away = self.work.layout.columns.get(name) == column
        self.work.layout = assigned(self.work.layout, column, "" if is_taken_away else name)
        self.columns.show_work(self.work)
        self.columns.table.step(1)
        self.touch_actions()
        self.touch_draft()

    def _judge(self) -> None:
        """Compare the rows with what is known, off the screen's thread."""
        work, neighbours = self.work, self._outfit.gatherer.neighbours
        if work is None:
            return

        def judge(connection: Any) -> SheetWork:
            work.read()
            work.judge(records.known(connection, neighbours))
            return work

        def show(judged: SheetWork) -> None:
            if judged is self.work:
                self.rows.show_work(judged)
                self._go(Stage.ROWS)

        self.counter.desk.look_up(judge, show)

    def _decide(self, number: int, word: str) -> None:
        work, one = self.work, self.rows.current
        if work is None or one is None:
            return
        if word == REGISTER and one.state != LEFT:
            self._register(one)
            return
        work.decide(number, "" if word == REGISTER else word)
        self.touch_draft()
        self._judge()

    def _register(self, one: Judged) -> None:
        """Take whoever is not known yet into the register; her row is judged anew then."""
        details = spelled(details_of(one.row, ""))

        def done(outcome: Done) -> None:
            self.tell_done(self.say("opening.sheet.registered", name=details.name), outcome)
            if self.work is not None and outcome.told:
                self.work.decide(one.row.number, f"person:{outcome.told[0].subject}")
            self._judge()

        self.perform(RegisterPerson(details=details, is_another=True), done=done)

    # --- Taking ----------------------------------------------------------------------------------

    def _take(self) -> None:
        self._is_taking = True
        self._acts = 0
        self.touch_actions()
        self._take_next()

    def _take_next(self) -> None:
        """Take the next rows in one act, until none is left; then say what it came to."""
        work = self.work
        chunk = work.next_chunk() if work else []
        if work is None or not chunk:
            self._have_taken()
            return
        commands = work.commands(chunk, self._signer(), self.counter.desk.now().day)
        self.counter.desk.perform(
            *commands,
            ticket=work.ticket(chunk),
            then=lambda outcome: self._taken(work, chunk, outcome),
        )

    def _signer(self) -> Witness:
        return self.witness.witness()

    def _taken(self, work: SheetWork, chunk: list[Judged], outcome: Outcome) -> None:
        if isinstance(outcome, Done):
            self._last = outcome
            work.taken |= {one.row.number for one in chunk}
            self.counter.drafts.keep(self.key, work.draft())
        elif isinstance(outcome, Refusal) and len(chunk) > 1:
            self._single_out(work, chunk)
            return
        elif isinstance(outcome, Refusal):
            work.refused[chunk[0].row.number] = outcome
        else:
            self._stop(outcome)
            return
        self._mark(work, chunk, outcome)
        self._take_next()

    def _stop(self, trouble: Trouble) -> None:
        """The world failed: what is recorded stands, the rest can be taken when it is mended."""
        self._is_taking = False
        self.counter.sounds.play("stop")
        self.counter.front.say_refusal(trouble.text_key, trouble.slots)
        self._judge()

    def _mark(self, work: SheetWork, chunk: list[Judged], outcome: Outcome) -> None:
        """Show what became of these rows, without comparing all of them again."""
        done = {one.row.number for one in chunk}
        is_taken = isinstance(outcome, Done)
        why = outcome if isinstance(outcome, Refusal) else None
        work.judged = [
            one
            if one.row.number not in done
            else Judged(row=one.row, state="taken")
            if is_taken
            else Judged(row=one.row, state="bad", why=why, choices=("skip",))
            for one in work.judged
        ]

    def _single_out(self, work: SheetWork, chunk: list[Judged]) -> None:
        """One of these rows is refused: take them one by one, so that it is named."""
        rest = list(chunk)

        def next_one() -> None:
            if not rest:
                self._take_next()
                return
            one = rest.pop(0)
            commands = work.commands([one], self._signer(), self.counter.desk.now().day)
            self.counter.desk.perform(
                *commands, ticket=work.ticket([one]), then=lambda outcome: settle(one, outcome)
            )

        def settle(one: Judged, outcome: Outcome) -> None:
            if isinstance(outcome, Done):
                work.taken.add(one.row.number)
            elif isinstance(outcome, Refusal):
                work.refused[one.row.number] = outcome
            else:
                self._stop(outcome)
                return
            self._mark(work, [one], outcome)
            next_one()

        next_one()

    def _have_taken(self) -> None:
        self._is_taking = False
        work = self.work
        if work is None:
            return
        self.counter.sounds.play("ok")
        words = self.say(f"opening.sheet.taken_{self.kind}", count=len(work.taken))
        self.counter.front.toast(Notice(words))
        self._judge()
        self.keep_draft()
        self.touch_actions()

    def _settle(self) -> None:
        """The step is over; what is left of the sheet may be mended and read again."""
        now = self.counter.desk.now()
        opening = self.counter.desk.read(
            lambda connection: records.opening_state(connection, now.station)
        )
        outcome = opening.steps.get(self.kind, OPEN) if opening else OPEN
        if outcome != OPEN:
            self._finish()
            return
        self.perform(SettleStep(step=self.kind, outcome="done"), done=lambda _done: self._finish())

    def _finish(self) -> None:
        self._begin_again()
        self._leave()

    def _leave(self) -> None:
        self.counter.front.open_page(self._back)

    def _write_sample(self) -> None:
        kind, texts, files = self.kind, self.counter.texts, self._outfit.files

        def tell(written: str | Refusal) -> None:
            if isinstance(written, Refusal):
                self.counter.front.say_refusal(written.text_key, written.slots)
                return
            folder, name = written.replace("\\", "/").rsplit("/", 2)[-2:]
            words = self.say("opening.sheet.sample_written", name=name, place=folder)
            self.counter.front.toast(Notice(words))
            self._look()

        self.counter.desk.look_up(
            lambda _connection: files.write(sample_name(kind, texts), sample(kind, texts)), tell
        )

    def _go(self, stage: Stage) -> None:
        self.stage = stage
        self._stack.setCurrentWidget(self._panels[stage])
        self.setFocus()
        self.touch_actions()
        self.touch_draft()
