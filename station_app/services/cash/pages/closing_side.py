"""The right side of the day's end: comparison, what waits to be sent, the slip, the last question.

It knows the books; so it is shown only after a count was confirmed.
"""

from dataclasses import dataclass

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from station_app.journal.series import printed_number
from station_app.ledger.accounts import drawer
from station_app.ledger.balances import balance
from station_app.services.cash import records
from station_app.services.cash.counting import RECOUNTS_MAX, counted
from station_app.services.cash.facts import Count
from station_app.services.cash.pages.compare_panels import (
    AskPanel,
    ComparePanel,
    DonePanel,
    UnsentPanel,
    column,
    difference_on_screen,
)
from station_app.services.cash.pages.edges import Edges
from station_app.services.cash.pages.paper_view import PaperView
from station_app.services.cash.papers import PaperMaker
from station_app.services.cash.rules import Shift
from station_app.services.cash.sheet_records import sheet_if_closed
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.panels import Panel, Places, StepBadge

PREVIEW_WIDTH = 360
FIGURE_PAGE = "cash.figure"


@dataclass(frozen=True, slots=True)
class Counted:
    """A confirmed count."""

    counts: tuple[Count, ...]
    recounts: int


class ClosingSide(QWidget):
    """Three panels. Signals: confirmed, taken_back (of the question); reason_changed.

    A line of the comparison opens what is behind it.
    """

    confirmed = Signal()
    taken_back = Signal()
    reason_changed = Signal()

    def __init__(self, counter: Counter, papers: PaperMaker, edges: Edges) -> None:
        """Make it empty."""
        super().__init__()
        self._counter = counter
        self._papers = papers
        self._edges = edges
        self.compare = ComparePanel(counter)
        self.done = DonePanel(counter)
        self.unsent = UnsentPanel(counter, send=self._send)
        self.ask = AskPanel(counter, yes=self.confirmed.emit, no=self.taken_back.emit)
        self.paper = PaperView(edges, counter.say("cash.day.slip"))
        self.compare.reason.changed.connect(lambda _text: self.reason_changed.emit())
        self.compare.opened.connect(self._open_figure)
        self._lay_out()

    def _lay_out(self) -> None:
        self._upper, self._lower = Places(), QStackedWidget()
        self._upper.addWidget(self.compare)
        self._upper.addWidget(self.done)
        self._lower.addWidget(self.unsent)
        self._lower.addWidget(self.ask)
        self._middle = column(self._upper, self._lower)
        paper = Panel("sunk", margins=(16, 12, 16, 12), spacing=8)
        paper.body.addWidget(StepBadge(4, self._counter.say("cash.day.slip")))
        paper.body.addWidget(self.paper, 1)
        paper.setFixedWidth(PREVIEW_WIDTH)
        self._paper_panel = paper
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        row.addWidget(self._middle, 1)
        row.addWidget(paper)

    def set_compact(self, *, compact: bool) -> None:
        """Keep less distance in a low window."""
        self.compare.set_compact(compact=compact)
        gap = theme.COMPACT.gap if compact else theme.FULL.gap
        for place in (self._middle, self):
            layout = place.layout()
            assert layout is not None
            layout.setSpacing(gap)

    # --- What it says ----------------------------------------------------------------------------

    @property
    def reason(self) -> str:
        """Return why the drawer differs, in the operator's words."""
        return self.compare.reason.text()

    @property
    def is_explained(self) -> bool:
        """Tell whether there is no difference, or a reason for it."""
        return self.compare.reason.isHidden() or bool(self.reason)

    # --- What it shows ---------------------------------------------------------------------------

    def show_comparison(self, count: Counted) -> None:
        """Compare a count with the books as they are now."""
        now, read = self._counter.desk.now(), self._counter.desk.read
        state = self._as_closed(count)
        live = self._edges.live()
        sheet = read(lambda c: sheet_if_closed(c, state, now.shift, live))
        self.compare.show_sheet(sheet, may_recount=count.recounts < RECOUNTS_MAX)
        slip = read(lambda c: self._papers.z_of(c, sheet, now.station))
        self.paper.show_slip(slip)
        self._upper.setCurrentWidget(self.compare)

    def set_handing(self, *, is_handing: bool) -> None:
        """Show no Z slip while the drawer only changes hands."""
        self._paper_panel.setVisible(not is_handing)

    def _as_closed(self, count: Counted) -> Shift:
        """Return the shift as it would be if it were closed with this count."""
        now = self._counter.desk.now()
        state, expected_fen, number = self._counter.desk.read(
            lambda c: (
                records.shift_state(c, now.shift),
                balance(c, drawer(now.device)),
                records.next_z_number(c, now.device),
            )
        )
        assert state is not None
        counted_fen = counted(count.counts)
        return msgspec.structs.replace(
            state,
            number=number,
            counts=count.counts,
            counted_fen=counted_fen,
            expected_fen=expected_fen,
            difference_fen=counted_fen - expected_fen,
            remark=self.reason,
            recounts=count.recounts,
            closed_at=now.at,
            closed_by=now.operator,
        )

    def show_question(self, *, is_asked: bool) -> None:
        """Ask whether to close now, or do not."""
        self.compare.set_asked(is_asked=is_asked)
        self._lower.setCurrentWidget(self.ask if is_asked else self.unsent)

    def show_closed(self, shift: str) -> None:
        """Show that a shift is closed, with the slip that is being printed."""
        station, read = self._counter.desk.now().station, self._counter.desk.read
        slip = read(lambda c: self._papers.z(c, shift, station))
        state, stream = read(
            lambda c: (records.shift_state(c, shift), records.stream_of_closing(c, shift))
        )
        if state is not None and stream:
            words = difference_on_screen(state.difference_fen, self._counter.texts)
            self.done.show_closed(printed_number(state.number, stream), words)
        self.paper.show_slip(slip)
        self._upper.setCurrentWidget(self.done)
        self.show_question(is_asked=False)

    def show_unsent(self) -> None:
        """Show how much waits to be sent, and how sending goes."""
        self.done.show_sending(self._edges.sending(), self._edges.unsent())
        self.unsent.show_unsent(self._edges.unsent(), self._counter.desk.now().day)

    def write_stick(self) -> None:
        """Put what waits on a USB stick, and say how that went."""
        self.done.show_stick(self._counter.say("cash.done.stick_writing"))
        self._edges.write_stick(self._stick_ended)

    def _stick_ended(self, words: str, is_done: bool) -> None:
        self.done.show_stick(words, "pressed" if is_done else "warn")
        self._counter.sounds.play("ok" if is_done else "warn")

    def _open_figure(self, figure: str) -> None:
        """Open what is behind a figure: the drawer is counted, so nothing is secret any more."""
        shift = self._counter.desk.now().shift
        subject = {"shift": shift, "figure": figure, "counted": "1"}
        self._counter.front.open_page(FIGURE_PAGE, subject)

    def _send(self) -> None:
        if self._edges.sync_page:
            self._counter.front.open_page(self._edges.sync_page)
