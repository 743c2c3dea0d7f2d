"""The Z slips of shifts that are closed: look at them, print one again."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.services.cash import records
from station_app.services.cash.pages.compare_panels import difference_on_screen
from station_app.services.cash.pages.edges import Edges
from station_app.services.cash.pages.paper_view import PaperView
from station_app.services.cash.papers import PaperMaker
from station_app.services.cash.records import ClosedShift
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.values.day import say_moment
from station_app.values.money import say_yuan

PREVIEW_WIDTH = 400
COLUMNS = (
    Column("number", 130),
    Column("day", 220),
    Column("device", 110),
    Column("counted", 140, "right"),
    Column("difference"),
)


class ClosedPage(Page):
    """Lists closed shifts; the slip of the current one stands beside."""

    def __init__(self, counter: Counter, key: str, papers: PaperMaker, edges: Edges) -> None:
        """Make the page. papers: makes slips; edges: printer."""
        super().__init__(counter, key)
        self._papers = papers
        self._edges = edges
        self._shifts: tuple[ClosedShift, ...] = ()
        self._sought = ""  # the shift that was asked for: it is listed, however old it is
        self.table = ListTable(COLUMNS, name=counter.say("cash.closed.title"))
        self.paper = PaperView(edges, counter.say("cash.day.slip"))
        self._empty = EmptyState("document", counter.say("cash.closed.none"))
        self._lay_out()
        self.table.current_changed.connect(self._show_slip)

    def _lay_out(self) -> None:
        listed = Panel(margins=(8, 12, 8, 12), spacing=8)
        listed.head(self.counter.say("cash.closed.title"))
        listed.body.addWidget(self.table, 1)
        paper = Panel("sunk", margins=(16, 12, 16, 12))
        paper.body.addWidget(self.paper, 1)
        paper.setFixedWidth(PREVIEW_WIDTH)
        work = QWidget()
        row = QHBoxLayout(work)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        row.addWidget(listed, 1)
        row.addWidget(paper)
        self._work = work
        self._stack = QStackedWidget()
        self._stack.addWidget(work)
        self._stack.addWidget(self._empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("cash.closed.title")

    def first_focus(self) -> QWidget | None:
        """Return the list."""
        return self.table

    def activated(self) -> None:
        """Show what is there now."""
        self._show_list()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Show a shift that was closed meanwhile."""
        self._show_list()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Show the slip of a certain shift, also of one that is older than those listed."""
        self._sought = subject.get("shift", "")
        self._show_list()
        self.table.choose(self._sought)

    def on_scan(self, scan: Scan) -> bool:
        """Show the slip whose code was scanned."""
        if scan.meaning is None or scan.meaning.kind != "shift.closed":
            return False
        self.open_with({"shift": scan.meaning.entity})
        return self.table.current() == scan.meaning.entity

    def on_compact(self, is_compact: bool) -> None:
        """Use lower rows in a low window."""
        self.table.set_compact(compact=is_compact)

    def action_bar(self) -> Sequence[Action]:
        """Return printing again, and the way back."""
        may_print = bool(self.table.current())
        figures = Action(self.say("cash.figure.title"), "F11", self._open_figures, icon="list")
        return (
            *((figures,) if may_print else ()),
            Action(
                self.say("cash.closed.primary"),
                "Ctrl+P",
                self._print_again,
                "secondary",
                icon="printer",
                is_enabled=may_print,
            ),
            Action(self.say("cash.closed.back"), "Esc", self.counter.front.go_back),
        )

    def _show_list(self) -> None:
        self._shifts = self.counter.desk.read(lambda c: records.closed_shifts(c, also=self._sought))
        self._stack.setCurrentWidget(self._work if self._shifts else self._empty)
        self.table.show_rows([self._row(shift) for shift in self._shifts])
        if self._shifts and not self.table.current():
            self.table.choose(self._shifts[0].identity)
        self.touch_actions()

    def _row(self, shift: ClosedShift) -> Row:
        say = self.say
        words = difference_on_screen(shift.difference_fen, self.counter.texts)
        today = self.counter.desk.now().day
        return Row(
            shift.identity,
            (
                Text(say("cash.closed.number", number=shift.number), bold=True),
                Text(say_moment(shift.closed_at, shift.day, today)),
                Text(say("cash.closed.device", device=shift.device.lstrip("D")), ink="ink2"),
                Text(say_yuan(shift.counted_fen)),
                Pill(words, "warn" if shift.difference_fen else "ok"),
            ),
        )

    def _show_slip(self, shift: str) -> None:
        station = self.counter.desk.now().station
        self.paper.show_slip(self.counter.desk.read(lambda c: self._papers.z(c, shift, station)))
        self.touch_actions()

    def _open_figures(self) -> None:
        """Open what is behind each figure of the slip, cut where the slip was."""
        subject = {"shift": self.table.current(), "counted": "1"}
        self.counter.front.open_page("cash.figure", subject)

    def _print_again(self) -> None:
        shift, station = self.table.current(), self.counter.desk.now().station
        slip = self.counter.desk.read(lambda c: self._papers.z(c, shift, station))
        act = self.counter.desk.read(lambda c: records.act_of_closing(c, shift))
        if slip is not None:
            self._edges.put_out(slip, act)
            self.counter.front.toast(Notice(self.say("cash.closed.printed"), "notice"))
