"""Beside the count: what was not finished today, and whether it is yesterday's shift that waits.

Held work is carried over by itself; whoever wants to finish it or give it up goes to its page.
Nothing here holds the close up.
"""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.services.cash.days import is_next_day
from station_app.services.cash.pages.compare_panels import QuietPanel
from station_app.services.cash.pages.edges import Edges
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import HeldWork
from station_app.shell.widgets.cells import Column, Icon, Link, Row, Text
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint
from station_app.values.day import local_day, say_day

COLUMNS = (Column("icon", 44), Column("words"), Column("go", 110), Column("cancel", 110))
ROWS_SHOWN, ROW_HEIGHT = 3, 48


class BeforeCount(QWidget):
    """How to count, what is unfinished, a forgotten shift. Signal cancelled(HeldWork)."""

    cancelled = Signal(object)

    def __init__(self, counter: Counter) -> None:
        """Make it with nothing unfinished."""
        super().__init__()
        self._counter = counter
        self._work: tuple[HeldWork, ...] = ()
        self.quiet = QuietPanel(counter)
        self.forgotten = Banner("", "warn")
        self._panel = Panel(margins=(8, 10, 8, 8), spacing=4)
        self._heading = self._panel.head("")
        self._heading.setContentsMargins(12, 0, 12, 0)
        self._small = hint(counter.say("cash.work.small"), wrap=True)
        self._small.setContentsMargins(12, 0, 12, 0)
        self.list = ListTable(COLUMNS, name=counter.say("cash.work.name"), row_height=ROW_HEIGHT)
        self.list.is_arrow_driven = False
        self._panel.body.addWidget(self._small)
        self._panel.body.addWidget(self.list)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(theme.FULL.gap)
        box.addWidget(self.forgotten)
        box.addWidget(self.quiet, 1)
        box.addWidget(self._panel)
        self.list.acted.connect(self._acted)
        self.list.opened.connect(lambda _subject: self.open_current())
        self.forgotten.hide()
        self._panel.hide()

    def look(self, edges: Edges, own_page: str) -> None:
        """Read what is unfinished, and whether it is an earlier day's shift that is counted.

        own_page: the key of the page whose own draft is no unfinished work.
        """
        counter, now = self._counter, self._counter.desk.now()
        drafts = [
            HeldWork(counter.say("cash.work.draft", page=words), key)
            for key in counter.drafts.pages()
            if key != own_page and (words := edges.page_words(key))
        ]
        self.show_work([*counter.desk.read(edges.held), *drafts])
        is_late = bool(now.shift) and is_next_day(now.day, now.at)
        self.show_forgotten(now.day if is_late else "", local_day(now.at))

    def show_work(self, work: Sequence[HeldWork]) -> None:
        """Show what was begun and not finished."""
        say = self._counter.say
        self._work = tuple(work)
        self._panel.setVisible(bool(work))
        self._heading.setText(say("cash.work.title", count=len(work)))
        rows = [
            Row(
                str(number),
                (
                    Icon("hourglass", "", "notice"),
                    Text(one.words),
                    Link(say("cash.work.go"), framed=True),
                    Link(say("cash.work.cancel"), framed=True) if one.cancel else None,
                ),
            )
            for number, one in enumerate(self._work)
        ]
        self.list.show_rows(rows)
        if rows and not self.list.current():
            self.list.choose("0")
        self.list.setFixedHeight(min(len(rows), ROWS_SHOWN) * ROW_HEIGHT)

    @property
    def current(self) -> HeldWork | None:
        """Return the work that a key would open, None when nothing is unfinished."""
        subject = self.list.current()
        return self._work[int(subject)] if subject and self._work else None

    def open_current(self) -> None:
        """Go to the page of the work that is chosen, to finish it or to give it up."""
        work = self.current
        if work is not None:
            self._counter.front.open_page(work.page, work.subject)

    def show_forgotten(self, day: str, today: str) -> None:
        """Say that it is an earlier day's shift that is counted now; day "" says nothing."""
        self.forgotten.setVisible(bool(day))
        if day:
            say = self._counter.say
            words = say("cash.forgotten.words", day=say_day(day, today))
            self.forgotten.tell(words, "warn", small=say("cash.forgotten.small"))

    def _acted(self, subject: str, column: str) -> None:
        work = self._work[int(subject)]
        if column == "go":
            self._counter.front.open_page(work.page, work.subject)
        elif column == "cancel" and work.cancel is not None:
            self.cancelled.emit(work)
