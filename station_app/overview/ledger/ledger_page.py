"""账本: the ledger from six sides: days, accounts, trial balance, people, papers, day reports.

A digit changes the view, ← → turn it, Enter opens what stands there, F10 writes files, F11 shows
the English names of the accounts.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from station_app.journal.log import Connection
from station_app.journal.projection import StateChange
from station_app.ledger.export import beancount
from station_app.overview.ledger.account_view import AccountView
from station_app.overview.ledger.day_view import DayView
from station_app.overview.ledger.paper_view import PaperView
from station_app.overview.ledger.person_view import PersonView
from station_app.overview.ledger.report_paper import write_report
from station_app.overview.ledger.report_view import ReportView
from station_app.overview.ledger.trial import open_drawers
from station_app.overview.ledger.trial_view import TrialView
from station_app.overview.ledger.view import BookView, LedgerWork
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.files import NotWritten, put_file
from station_app.shell.page import Action, Page
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.out_panel import OutPanel

WORKBOOK, BEANCOUNT, REPORT = "xlsx", "beancount", "report"


class LedgerPage(Page):
    """The six views, and the panel for files."""

    def __init__(self, counter: Counter, key: str, work: LedgerWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._work = work
        self._trial = TrialView(self, work, self.open_account)
        self._account = AccountView(self, work)
        self._report = ReportView(self, work)
        views: tuple[BookView, ...] = (
            DayView(self, work),
            self._account,
            self._trial,
            PersonView(self, work),
            PaperView(self, work),
            self._report,
        )
        self.views = {view.NAME: view for view in views}
        self.choice = ChoiceRow(
            [Choice(name, self.say(f"ledger.view.{name}")) for name in self.views],
            height=theme.FORM_HEIGHT,
        )
        self.choice.set_value("day")
        self.choice.chosen.connect(lambda name: self.open_with({"view": name}))
        self.out = OutPanel(counter, work.places)
        self.out.changed.connect(self.touch_actions)
        self._stack = QStackedWidget()
        for view in views:
            self._stack.addWidget(view)
        self._is_technical = False
        self._is_writing = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10)
        self._column.addWidget(self.choice)
        self._column.addWidget(self.out)
        self._column.addWidget(self._stack, 1)
        counter.privacy.listen(self._names_changed)

    @property
    def view(self) -> BookView:
        """Return the view in front."""
        found = self._stack.currentWidget()
        assert isinstance(found, BookView)
        return found

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("ledger.page.title")

    def first_focus(self) -> QWidget | None:
        """Move in the list."""
        return self.view.table

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Read anew."""
        self.view.load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew after an act, unless a list far back is being read."""
        if not self.out.isVisible():
            self.view.load()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open a view, or something in it. subject: `view`, and `account`, `person` or `day`."""
        name = subject.get("view", "")
        if name in self.views:
            self._leave_files()
            self.choice.set_value(name)
            self._stack.setCurrentWidget(self.views[name])
            rest = {key: value for key, value in subject.items() if key != "view"}
            if rest or name == "account":
                self.view.open_with(rest)
        self._show_technical()
        self.view.load()
        self._focus_list()

    def open_account(self, account: str, commodity: str) -> None:
        """Open an account at the cut of the trial balance; Esc leads back there."""
        self._account.open_at(self._trial.asked(account, commodity), self._trial.NAME)
        self.choice.set_value(self._account.NAME)
        self._stack.setCurrentWidget(self._account)
        self._show_technical()
        self._account.load()
        self._focus_list()

    def on_escape(self) -> bool:
        """Leave the panel, clear the search, or go one step back in the view."""
        if self.out.isVisible():
            self._leave_files()
            return True
        if self.view.search.text():
            self.view.search.set_text("")
            self.view.load()
            self._focus_list()
            return True
        return self.view.on_escape()

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._column.setSpacing(theme.COMPACT.gap if is_compact else 10)
        for view in self.views.values():
            view.set_compact(compact=is_compact)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn with ← and →."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self.view.turn(step):
            super().keyPressEvent(event)

    # --- What can be done ------------------------------------------------------------------------

    def action_bar(self) -> Sequence[Action]:
        """Return turning, searching, files; in the panel, writing the file."""
        if self.out.isVisible():
            return self._file_actions()
        view = self.view
        back, on = view.turners()
        actions = []
        if back:
            actions.append(Action(f"← {back}", "", lambda: self._turn(-1)))
        if on:
            actions.append(Action(f"{on} →", "", lambda: self._turn(1)))
        own = list(view.possible())
        primary = [action for action in own if action.kind == "primary"]
        actions += [action for action in own if action.kind != "primary"]
        if not view.search.isHidden():
            actions.append(Action(self.say("ledger.page.find"), "Ctrl+F", view.search.setFocus))
        key = "ledger.page.plain" if self._is_technical else "ledger.page.technical"
        if view.HAS_ACCOUNTS:
            actions.append(Action(self.say(key), "F11", self._switch_technical))
        if view is self._report:
            can = self._report.report is not None
            primary = [
                Action(
                    self.say("ledger.report.save"), "Enter", self._ask_report, "primary",
                    icon="download", is_enabled=can,
                    reason="" if can else self.say("ledger.nothing.report_yet"),
                )
            ]  # fmt: skip
        else:
            files = Action(self.say("ledger.page.files"), "F10", self._ask_files, icon="download")
            actions.append(files)
        return (*actions, *primary)

    def _turn(self, step: int) -> None:
        self.view.turn(step)
        self._focus_list()

    def _focus_list(self) -> None:
        if self.isVisible():
            self.view.table.setFocus()
        self.touch_actions()

    def _switch_technical(self) -> None:
        self._is_technical = not self._is_technical
        self._show_technical()
        self.view.load()
        self.touch_actions()

    def _show_technical(self) -> None:
        self.view.is_technical = self._is_technical

    def _names_changed(self) -> None:
        if self.isVisible():
            self.view.load()

    # --- Files -----------------------------------------------------------------------------------

    def _ask_files(self) -> None:
        self._ask(self.say("ledger.out.title"), (WORKBOOK, BEANCOUNT))

    def _ask_report(self) -> None:
        self._ask(self.say("ledger.out.title_report"), (REPORT,))

    def _ask(self, title: str, whats: Sequence[str]) -> None:
        self.choice.hide()
        self.view.table.set_owns_enter(owns=False)
        self.out.ask(title, whats)
        self.setFocus()
        self.touch_actions()

    def _leave_files(self) -> None:
        if self.out.isVisible():
            self.out.hide()
            self.choice.show()
            self.view.table.set_owns_enter(owns=self.view.IS_OPENED_BY_ENTER)
            self._focus_list()

    def _file_actions(self) -> Sequence[Action]:
        place = self.out.place
        words = place[0] if place else ""
        leave = Action(self.say("ledger.out.leave"), "Esc", self._leave_files)
        write = Action(
            self.say("ledger.out.write", place=words),
            "Enter",
            self._write,
            "primary",
            icon="download",
            is_enabled=place is not None and not self._is_writing,
            reason="" if place is not None else self.say("ledger.out.nowhere"),
        )
        return (leave, write)

    def _write(self) -> None:
        place, what = self.out.place, self.out.what.value()
        if place is None or self._is_writing:
            return
        words, folder = place
        self._is_writing = True
        self.touch_actions()
        make, name = self._maker(what)

        def look(connection: Connection) -> tuple[str, str]:
            try:
                target = put_file(folder, name, lambda path: make(connection, path))
            except NotWritten as problem:
                return problem.reason, problem.detail
            return "", target.name

        def show(found: tuple[str, str]) -> None:
            self._is_writing = False
            reason, file = found
            if reason:
                self.counter.sounds.play("warn")
                said = self.say(f"ledger.out.{reason}", folder=words)
                self.counter.front.toast(Notice(said, "stop"))
            else:
                self.counter.sounds.play("ok")
                said = self.say("ledger.out.done", place=words, file=file)
                self.counter.front.toast(Notice(said))
                self._leave_files()
            self.touch_actions()

        self.counter.desk.look_up(look, show)

    def _maker(self, what: str) -> tuple[Callable[[Connection, Path], object], str]:
        """Return what writes a file, and its name."""
        now, texts = self.counter.desk.now(), self.counter.texts
        name = self.say("ledger.out.name", station=now.station, day=now.day)
        report = self._report.report
        if what == REPORT and report is not None:
            return (lambda _c, path: write_report(report, texts, path)), f"{report.name}.pdf"
        if what == BEANCOUNT:
            return (lambda c, path: _write_beancount(c, now.station, path)), f"{name}.beancount"
        from station_app.overview.ledger.workbook import (  # not at every start
            Wanted,
            write_workbook,
        )

        wanted = Wanted(
            now.station,
            upto=self._trial.cut if self.view is self._trial else None,
            cut_words=self._trial.cut_words() if self.view is self._trial else "",
        )
        return (lambda c, path: write_workbook(c, texts, wanted, path)), f"{name}.xlsx"


def _write_beancount(connection: Connection, title: str, path: Path) -> None:
    """Write the ledger as Beancount; a drawer that is not counted yet has no balance there."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for line in beancount(connection, title, without=open_drawers(connection)):
            file.write(f"{line}\n")
