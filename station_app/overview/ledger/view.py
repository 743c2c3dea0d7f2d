"""What the views of the ledger share: a heading with its figure, a search line, one large list.

Arrows move in the list, Enter opens what stands there, ← and → turn to what came before or after.
Reading is done off the screen's thread; only the last question is answered.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.log import Connection
from station_app.overview.act_words import ActReader
from station_app.overview.acts import act_by_id
from station_app.overview.ledger.account_words import AccountWords
from station_app.overview.sign_in import Write
from station_app.printing.raster import Raster
from station_app.shell import theme
from station_app.shell.offers import DocumentOffer
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Row
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, strong

SEARCH_WIDTH = 330
SEARCH_PAUSE_MS = 250  # typing is faster; the look-up waits for its end
ROW_HEIGHT = 44
HEADED = (
    "debit",
    "credit",
    "balance",
    "owes",
    "held",
    "due",
)  # columns of figures that do not say what they are
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerWork:
    """What the page needs besides the counter.

    reader: acts in words; documents: papers that can be made anew; preview: draws one as its
    printer will; reprint, wake, write: as in `PaperWork`; places: folders and sticks for files,
    each with its words; acts_page: opens an act.
    """

    reader: ActReader
    documents: Sequence[DocumentOffer]
    write: Write
    reprint: Callable[[int], int]
    wake: Callable[[], None]
    acts_page: str
    preview: Callable[[Any], Raster | None]
    places: Callable[[], Sequence[tuple[str, Path]]]

    def act_words(self, connection: Connection, stream: str, act: str) -> str:
        """Return what an act was, in the words of its slice."""
        row = act_by_id(connection, act, stream)
        return self.reader.words(connection, row).words if row is not None else ""


class BookView(QWidget):
    """One view of the page; subclasses say what is listed and what can be done."""

    NAME = ""
    ICON = "book"
    COLUMNS: tuple[Column, ...] = ()
    IS_OPENED_BY_ENTER = True
    HAS_ACCOUNTS = True  # whose English names a technician may want to see

    def __init__(self, page: Page, work: LedgerWork) -> None:
        """Make it empty."""
        super().__init__()
        self.page = page
        self.counter = page.counter
        self.work = work
        self.is_technical = False  # English names of accounts beside the words
        self._asked = 0
        self.title, self.amount, self.small = strong(), Words("", theme.STRONG, bold=True), hint()
        self.search = TextField(
            self.counter.texts, chinese=True, placeholder=self.say(f"ledger.search.{self.NAME}")
        )
        self.search.line.setAccessibleName(self.say(f"ledger.search.{self.NAME}"))
        self.search.setFixedWidth(SEARCH_WIDTH)
        self._pause: QTimer = QTimer(self, singleShot=True, interval=SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self.searched)
        self.search.changed.connect(lambda _text: self._pause.start())
        name = self.say(f"ledger.view.{self.NAME}")
        columns = [self._headed(column) for column in self.COLUMNS]
        self.table = ListTable(columns, name=name, row_height=ROW_HEIGHT)
        self.table.set_owns_enter(owns=self.IS_OPENED_BY_ENTER)
        self.table.opened.connect(self.open)
        self.table.current_changed.connect(self.moved)
        self.table.horizontalHeader().setVisible(any(column.heading for column in columns))
        self.empty = EmptyState(self.ICON, "", look="bare")
        self._lay_out()

    def _headed(self, column: Column) -> Column:
        """Return a column with the word above it, if it is one of those that need one."""
        if column.key not in HEADED:
            return column
        return replace(column, heading=self.say(f"ledger.head.{column.key}"))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        panel = Panel(margins=(1, 12, 1, 6), spacing=6)
        head = QHBoxLayout()
        head.setContentsMargins(18, 0, 18, 0)
        head.setSpacing(14)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        words.addWidget(self.small)
        head.addLayout(words, 1)
        head.addWidget(self.amount)
        head.addWidget(self.search)
        panel.body.addLayout(head)
        panel.body.addWidget(self.table, 1)
        panel.body.addWidget(self.empty, 1)
        row.addWidget(panel, 1)
        side = self.build_side()
        if side is not None:
            row.addWidget(side)

    # --- What a view fills in --------------------------------------------------------------------

    def build_side(self) -> QWidget | None:
        """Return what stands at the right, None for nothing."""
        return None

    def load(self) -> None:
        """Read anew."""
        raise NotImplementedError

    def open(self, subject: str) -> None:
        """Open a row."""

    def moved(self, subject: str) -> None:
        """Another row is current."""

    def turn(self, step: int) -> bool:
        """Turn to what came before (-1) or after (1); returns whether this view has pages."""
        return False

    def turners(self) -> tuple[str, str]:
        """Return the words for turning back and on, "" when it cannot be turned."""
        return "", ""

    def possible(self) -> Sequence[Action]:
        """Return what can be done besides the page's own actions."""
        return ()

    def on_escape(self) -> bool:
        """Go one step back within the view; returns whether there was one."""
        return False

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open a certain thing."""

    def searched(self) -> None:
        """Something else is looked for."""
        self.load()

    # --- What they use ---------------------------------------------------------------------------

    def say(self, key: str, /, **slots: object) -> str:
        """Return a sentence of the catalogue."""
        return self.counter.say(key, **slots)

    def account_words(self) -> AccountWords:
        """Return a fresh namer of accounts, for one look-up."""
        return AccountWords(self.counter.texts, self.counter.privacy)

    def ask(self, look: Callable[[Connection], T], show: Callable[[T], None]) -> None:
        """Read off the screen's thread; an answer that came too late is dropped."""
        self._asked += 1
        number = self._asked

        def shown(found: T) -> None:
            if number == self._asked:
                show(found)
                self.page.touch_actions()

        self.counter.desk.look_up(look, shown)

    def show_rows(self, rows: Sequence[Row], nothing: str, *, keep: bool = True) -> None:
        """List rows, or say why there are none."""
        self.table.show_rows(rows, keep=keep)
        first = next((row.subject for row in rows if not row.heading), "")
        if first and not self.table.current():
            self.table.choose(first)
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self.empty.say(nothing)

    def open_act(self, stream: str, act: str) -> None:
        """Open an act, to its facts."""
        self.counter.front.open_page(self.work.acts_page, {"act": act, "stream": stream})

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self.table.set_compact(compact=compact)
