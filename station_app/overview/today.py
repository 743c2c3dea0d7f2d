"""The page of today: what there is to do, what was just done, what wants a look.

It never shows what should be in the drawer: whoever counts must not know it beforehand. The scan
box has the focus, so a scan or a name is all that it takes to begin.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.log import Connection
from station_app.journal.projection import StateChange
from station_app.journal.vocabulary import Vocabulary
from station_app.overview.act_words import ActReader, ShownAct
from station_app.overview.acts import acts_of_day
from station_app.overview.attention import (
    AttentionLine,
    Circumstances,
    Places,
    SetUpLine,
    attention_lines,
)
from station_app.overview.case_list import count_cases
from station_app.overview.fact_words import FactWords
from station_app.overview.moments import given_name, part_of_day
from station_app.overview.pieces import QuietEmpty, yielding
from station_app.overview.print_queue import DOUBTFUL, SpoolLike
from station_app.overview.sync_view import SyncView
from station_app.overview.sync_words import banner_words
from station_app.printing.jobs import DRAWER
from station_app.services.people.records import operator_name
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import CaseOffer, Figures, Offer, Tile
from station_app.shell.page import Page
from station_app.shell.widgets.cells import Cell, Column, Icon, Link, Pill, Row, Text
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.tiles import FigureTile, SlimTile, StatTile
from station_app.shell.widgets.tones import INKS, LOOKS
from station_app.shell.widgets.words import Words, rule, strong
from station_app.values.day import local_time
from station_app.values.now import Now

LOOK_MS = 5_000  # line, printers and the greeting change without an act
ACTS_SHOWN = 20
LARGE_TILES = 3  # the work that a station lives of; the rest stands below them, slim
ACT_HEIGHT, ATTENTION_HEIGHT = 49, 65
UNDO = "undo"
ACT_COLUMNS = (
    Column("time", 76),
    Column("icon", 44),
    Column("words"),
    Column("amount", 150, "right"),
    Column(UNDO, 116, "right"),
    Column("cap", 84, "right"),
)
ATTENTION_COLUMNS = (Column("icon", 56), Column("what"), Column("go", 48, "right"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayWork:
    """What the page needs besides the counter.

    live: the stream of this start; undo: takes an act back, by way of a page if money moved; now:
    UTC ms; names: words for printers; set_up: what is still to be done of the first day.
    """

    offers: Sequence[Offer]
    case_offers: Sequence[CaseOffer]
    vocabulary: Vocabulary
    live: Callable[[], str]
    undo: Callable[[str], None]
    now: Callable[[], int]
    sync: SyncView
    spool: SpoolLike
    names: Mapping[str, str]
    places: Places
    acts_page: str
    set_up: Callable[[Connection], Sequence[SetUpLine]]


@dataclass(frozen=True, slots=True)
class _Picture:
    """All that the page shows of the database, read in one go."""

    name: str
    figures: tuple[tuple[Tile, Figures], ...]
    acts: tuple[ShownAct, ...]
    acts_count: int
    cases: int
    set_up: tuple[SetUpLine, ...]


class TodayPage(Page):
    """The first page of the day."""

    def __init__(self, counter: Counter, key: str, work: TodayWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._work = work
        self._tiles = sorted(
            (tile for offer in work.offers for tile in offer.tiles), key=lambda tile: tile.order
        )
        self._words = FactWords(counter.texts, work.vocabulary, counter.privacy)
        self._reader = ActReader(work.offers, self._words, work.live)
        self._picture: _Picture | None = None
        self._lines: tuple[AttentionLine, ...] = ()
        self._asked = 0
        self._build()
        work.sync.listen(self._look_around)
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._look_around)

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.FULL.gap)
        self.banner = Banner("", "offline")
        self.banner.add_button(self.say("overview.today.see_sync"), "F9", self._open_sync)
        self.banner.hide()
        self.greeting = Words("", theme.TITLE, bold=True).elided()
        column.addWidget(self.banner)
        column.addWidget(self.greeting)
        column.addLayout(self._build_tiles())
        row = QHBoxLayout()
        row.setSpacing(theme.FULL.gap)
        row.addWidget(self._build_acts(), 2)
        row.addWidget(self._build_attention(), 1)
        column.addLayout(row, 1)
        self._column = column

    def _build_tiles(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(theme.FULL.gap)
        self.tiles: dict[str, FigureTile] = {}
        large, slim = self._tiles[:LARGE_TILES], self._tiles[LARGE_TILES:]
        for tiles, make in ((large, StatTile), (slim, SlimTile)):
            row = QHBoxLayout()
            row.setSpacing(theme.FULL.gap)
            for tile in tiles:
                row.addWidget(self._build_tile(tile, make), 1)
            rows.addLayout(row)
        return rows

    def _build_tile(self, tile: Tile, make: type[StatTile] | type[SlimTile]) -> FigureTile:
        shown = make(self.say(tile.title), tile.icon, self.counter.place_of(tile.page))
        shown.pressed.connect(lambda: self.counter.front.open_page(tile.page))
        self.tiles[tile.key] = shown
        return shown

    def _build_acts(self) -> QWidget:
        panel = Panel(margins=(1, 8, 1, 8), spacing=4)
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 12, 0)
        head.addWidget(strong(self.say("overview.today.done_lately")))
        head.addStretch(1)
        self.all_acts = KeyButton("", "F10", kind="ghost", height=theme.INLINE_HEIGHT)
        self.all_acts.clicked.connect(lambda _checked: self._open_acts())
        head.addWidget(self.all_acts)
        name = self.say("overview.today.done_lately")
        self.acts = ListTable(ACT_COLUMNS, name=name, row_height=ACT_HEIGHT)
        self.acts.acted.connect(lambda act, _column: self._work.undo(act))
        self.acts.opened.connect(self._open_act)
        self.acts.clicked.connect(self._act_clicked)
        self.acts.set_owns_enter(owns=True)
        self.no_acts = QuietEmpty(
            "scan", self.say("overview.today.empty"), self.say("overview.today.empty_hint")
        )
        panel.body.addLayout(head)
        panel.body.addWidget(rule())
        panel.body.addWidget(yielding(self.acts), 1)
        panel.body.addWidget(self.no_acts, 1)
        return panel

    def _build_attention(self) -> QWidget:
        panel = Panel(margins=(1, 8, 1, 8), spacing=4)
        heading = strong(self.say("overview.today.attention"))
        heading.setContentsMargins(20, 0, 20, 0)
        heading.setFixedHeight(theme.INLINE_HEIGHT)
        name = self.say("overview.today.attention")
        self.attention = ListTable(ATTENTION_COLUMNS, name=name, row_height=ATTENTION_HEIGHT)
        self.attention.is_arrow_driven = False
        self.attention.setMinimumHeight(ATTENTION_HEIGHT)
        self.attention.clicked.connect(lambda index: self._open_line(index.row()))
        self.attention.opened.connect(lambda subject: self._open_line(int(subject)))
        self.all_well = QuietEmpty("ok", self.say("overview.today.attention_none"))
        panel.body.addWidget(heading)
        panel.body.addWidget(rule())
        panel.body.addWidget(yielding(self.attention), 1)
        panel.body.addWidget(self.all_well, 1)
        return panel

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.today.title")

    def is_empty(self) -> bool:
        """The scan box has the focus here, always."""
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        gap = theme.COMPACT.gap if is_compact else theme.FULL.gap
        self._column.setSpacing(gap)

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look, and go on looking; where a tile leads to may have another key by now."""
        for tile in self._tiles:
            self.tiles[tile.key].button.set_key(self.counter.place_of(tile.page))
        self._read()
        self._look.start()

    def left(self) -> None:
        """Stop looking."""
        self._look.stop()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Something was done."""
        self._read()

    def _read(self) -> None:
        """Read everything off the screen's thread; only the last question is answered."""
        self._asked += 1
        number, now = self._asked, self.counter.desk.now()

        def show(picture: _Picture) -> None:
            if number == self._asked:
                self._picture = picture
                self._show(picture)

        self.counter.desk.look_up(lambda connection: self._take(connection, now), show)

    def _take(self, connection: Connection, now: Now) -> _Picture:
        texts, work = self.counter.texts, self._work
        rows = acts_of_day(connection, now.day)
        acts = self._reader.shown(connection, rows[:ACTS_SHOWN])
        return _Picture(
            name=operator_name(connection, now.operator),
            figures=tuple((tile, tile.figures(connection, now, texts)) for tile in self._tiles),
            acts=acts,
            acts_count=sum(not row.is_undone for row in rows),
            cases=count_cases(connection, work.case_offers),
            set_up=tuple(work.set_up(connection)),
        )

    # --- Showing ---------------------------------------------------------------------------------

    def _show(self, picture: _Picture) -> None:
        for tile, figures in picture.figures:
            self.tiles[tile.key].show_figures(figures)
        self.acts.show_rows([self._act_row(shown) for shown in picture.acts])
        self.acts.setVisible(bool(picture.acts))
        self.no_acts.setVisible(not picture.acts)
        words = self.say("overview.today.acts_today", count=picture.acts_count)
        self.all_acts.set_label(words)
        self.all_acts.setVisible(bool(picture.acts))
        self._look_around()

    def _look_around(self) -> None:
        """Show what changes without an act: the greeting, the line, the printers."""
        if self._picture is None or not self.isVisible():
            return
        picture, texts, now = self._picture, self.counter.texts, self._work.now()
        hello = self.say(f"overview.hello.{part_of_day(now)}")
        key = "greeting" if picture.name else "greeting_nobody"
        name = self.counter.privacy.name(given_name(picture.name))
        self.greeting.setText(self.say(f"overview.today.{key}", hello=hello, name=name))
        standing = self._work.sync.standing()
        words = banner_words(texts, standing)
        self.banner.tell(words, "offline")
        self.banner.setVisible(bool(words))
        self._show_attention(picture)

    def _show_attention(self, picture: _Picture) -> None:
        spool = self._work.spool
        papers = [job for job in spool.queue() if job.role != DRAWER]
        circumstances = Circumstances(
            now=self._work.now(),
            standing=self._work.sync.standing(),
            cases=picture.cases,
            doubtful=sum(job.state in DOUBTFUL for job in papers),
            waiting=sum(job.state == "queued" for job in papers),
            printers={name: (s.state, s.reason) for name, s in spool.states().items()},
            names=self._work.names,
            tiles=picture.figures,
            set_up=picture.set_up,
        )
        lines = attention_lines(self.counter.texts, circumstances, self._work.places)
        if lines == self._lines and self.attention.rows_model.rows:
            return
        self._lines = lines
        self.attention.show_rows([_line_row(n, line) for n, line in enumerate(lines)])
        self.attention.setVisible(bool(lines))
        self.all_well.setVisible(not lines)

    def _act_row(self, shown: ShownAct) -> Row:
        words, row = shown.words, shown.row
        undo: Cell = None
        if row.is_undone:
            undo = Pill(self.say("overview.today.undone"), "plain")
        elif shown.may_undo:
            undo = Link(self.say("overview.today.undo"), "undo", framed=True)
        cells: tuple[Cell, ...] = (
            Text(local_time(row.at), ink="ink2"),
            Icon(words.icon, "", "ink2"),
            Text(words.words, ink="placeholder" if row.is_undone else "ink"),
            Text(words.amount, bold=True, ink="placeholder" if row.is_undone else "ink"),
            undo,
            None,
        )
        return Row(row.act, cells)

    # --- What can be done ------------------------------------------------------------------------

    def _open_sync(self) -> None:
        self.counter.front.open_page(self._work.places.sync)

    def _open_acts(self) -> None:
        self.counter.front.open_page(self._work.acts_page)

    def _open_act(self, act: str) -> None:
        self.counter.front.open_page(self._work.acts_page, {"act": act})

    def _act_clicked(self, index: QModelIndex) -> None:
        row = self.acts.rows_model.rows[index.row()]
        is_undo = ACT_COLUMNS[index.column()].key == UNDO and isinstance(
            row.cells[index.column()], Link
        )
        if not is_undo:
            self._open_act(row.subject)

    def _open_line(self, number: int) -> None:
        line = self._lines[number]
        if line.page:
            self.counter.front.open_page(line.page, line.subject or None)


def _line_row(number: int, line: AttentionLine) -> Row:
    icon = Icon(LOOKS[line.tone].icon, line.words, INKS[line.tone])
    go = Icon("chevron-right", "", "ink2") if line.page else None
    return Row(str(number), (icon, Text(line.words, bold=True, small=line.small), go))
