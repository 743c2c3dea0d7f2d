"""What was done today, act by act: opened to its facts, its papers printed again, undone.

Every number on a screen or slip leads here: to the act, and to the facts behind it as they stand
in the journal.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.log import Connection
from station_app.journal.projection import StateChange
from station_app.journal.vocabulary import Vocabulary
from station_app.overview.act_words import ActReader, ShownAct
from station_app.overview.acts import ActRow, act_by_id, acts_of_day, facts_of
from station_app.overview.fact_words import FactWords, Lines
from station_app.overview.papers import (
    TONES,
    PaperRow,
    copy_number_of,
    makeable,
    papers_of,
    print_anew,
    role_words,
    state_words,
)
from station_app.overview.pieces import QuietEmpty, empty, scrolling, yielding
from station_app.overview.sign_in import Write
from station_app.printing.jobs import NothingToReprint
from station_app.services.pictures.records import pictures_of_act
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.offers import DocumentOffer, Offer, Scan
from station_app.shell.page import Action, Page
from station_app.shell.photos import PhotoDesk
from station_app.shell.widgets.cells import Cell, Column, Icon, Link, Pill, Row, Text
from station_app.shell.widgets.panels import Panel, Places
from station_app.shell.widgets.shown_photos import ShownPhotos
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule, strong
from station_app.values.day import local_day, local_time

RIGHT_WIDTH = 500
PAPER_HEIGHT = 48
PAPERS_SHOWN = 5
CORRECTION_KEYS = ("Ctrl+E", "Ctrl+R")  # no act has more to put right than money and weight
ACT_COLUMNS = (
    Column("time", 76),
    Column("icon", 44),
    Column("words"),
    Column("amount", 170, "right"),
    Column("state", 110, "right"),
)
PAPER_COLUMNS = (Column("icon", 48), Column("what"), Column("state", 150), Column("again", 116))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperWork:
    """What the page needs besides the counter.

    live: the stream of this start; undo: takes an act back, by way of a page if money moved;
    write: for papers made anew; reprint: a job of the print table, once more, may raise
    NothingToReprint; wake: tells the printers that something is new; photos: shows those of an act.
    """

    offers: Sequence[Offer]
    vocabulary: Vocabulary
    live: Callable[[], str]
    undo: Callable[[str], None]
    write: Write
    reprint: Callable[[int], int]
    wake: Callable[[], None]
    photos: PhotoDesk | None = None


@dataclass(frozen=True, slots=True)
class _Opened:
    """An act with everything that stands behind it. facts: (number, what, lines) in words.

    pictures: hashes of photos and signatures that its facts name.
    """

    who: str = ""
    facts: tuple[tuple[int, str, Lines], ...] = ()
    papers: tuple[PaperRow, ...] = ()
    makeable: tuple[DocumentOffer, ...] = ()
    pictures: tuple[str, ...] = ()


class ActsPage(Page):
    """Lists the acts of the day; the chosen one is open at the right."""

    def __init__(self, counter: Counter, key: str, work: PaperWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._work = work
        self._words = FactWords(counter.texts, work.vocabulary, counter.privacy)
        self._reader = ActReader(work.offers, self._words, work.live)
        self._corrections = [one for offer in work.offers for one in offer.corrections]
        self._paper_offers = [paper for offer in work.offers for paper in offer.documents]
        self._acts: tuple[ShownAct, ...] = ()
        self._other: ActRow | None = None
        self._opened = _Opened()
        self._asked = 0
        self.seen = ShownPhotos(self, work.photos)
        self._build()

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        left = Panel(margins=(1, 14, 1, 8), spacing=8)
        self._heading = strong("")
        self._heading.setContentsMargins(16, 0, 16, 0)
        self.list = ListTable(ACT_COLUMNS, name=self.title)
        self.list.current_changed.connect(lambda _subject: self._chosen())
        self._none = QuietEmpty(
            "clipboard",
            self.say("overview.documents.acts_none"),
            self.say("overview.documents.acts_none_hint"),
        )
        left.body.addWidget(self._heading)
        left.body.addWidget(rule())
        left.body.addWidget(yielding(self.list), 1)
        left.body.addWidget(self._none, 1)
        self._listed, self._left = left, Places()
        self._left.addWidget(left)
        self._left.addWidget(self.seen.view)
        row.addWidget(self._left, 1)
        row.addWidget(self._build_right())

    def _build_right(self) -> QWidget:
        self._right = Panel(margins=(1, 14, 1, 12), spacing=6)
        self._right.setFixedWidth(RIGHT_WIDTH)
        self._title = Words("", theme.STRONG, bold=True, wrap=True)
        self._who = hint("")
        for words in (self._title, self._who):
            words.setContentsMargins(18, 0, 18, 0)
        self._papers_head = strong(self.say("overview.documents.papers"), theme.BODY)
        self._papers_head.setContentsMargins(18, 6, 18, 0)
        name = self.say("overview.documents.papers")
        self.papers = ListTable(PAPER_COLUMNS, name=name, row_height=PAPER_HEIGHT)
        self.papers.is_arrow_driven = False
        self.papers.acted.connect(self._paper_acted)
        self._no_papers = hint(self.say("overview.documents.papers_none"))
        self._no_papers.setContentsMargins(18, 0, 18, 0)
        self._facts_head = strong("", theme.BODY)
        self._facts_head.setContentsMargins(18, 6, 18, 0)
        inside = QWidget()
        self._facts = QVBoxLayout(inside)
        self._facts.setContentsMargins(18, 0, 18, 0)
        self._facts.setSpacing(8)
        body = self._right.body
        for widget in (self._title, self._who, rule(), self._papers_head, self.papers):
            body.addWidget(widget)
        body.addWidget(self._no_papers)
        body.addWidget(self._facts_head)
        body.addWidget(scrolling(inside), 1)
        return self._right

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.documents.title")

    def first_focus(self) -> QWidget | None:
        """Move in the list."""
        return self.list

    def is_empty(self) -> bool:
        """Tell whether nothing was done today."""
        return not self._acts

    def action_bar(self) -> Sequence[Action]:
        """Go to the slice's page, undo, or print again."""
        shown = self._current()
        if shown is None:
            return ()
        if self.seen.is_open:
            return [Action(self.say("shell.photo.back"), "Esc", self._close_pictures)]
        actions: list[Action] = []
        if self._opened.pictures and self._work.photos is not None:
            look = self.say("shell.photo.look", count=len(self._opened.pictures))
            actions.append(Action(look, "F11", self._open_pictures, icon="image"))
        if shown.words.page and shown.words.page in self.counter.pages_offered():
            actions.append(Action(self.say("overview.documents.open_page"), "F10", self._go))
        actions += self._corrections_of(shown)
        if shown.may_undo:
            undo = Action(self.say("overview.documents.undo"), "Ctrl+Z", self._undo, icon="undo")
            actions.append(undo)
        paper = self._first_paper()
        if paper is not None:
            words = role_words(self.counter.texts, paper.role)
            actions.append(
                Action(
                    self.say("overview.documents.reprint", paper=words),
                    "Enter",
                    lambda: self._reprint(paper),
                    kind="primary",
                    icon="printer",
                )
            )
        return actions

    def _corrections_of(self, shown: ShownAct) -> list[Action]:
        """Return the ways to put this act right (改正): of bought goods the money or the weight."""
        pages = self.counter.pages_offered()
        found = [
            offer
            for offer in self._corrections
            if not shown.row.is_undone
            and set(offer.kinds).intersection(shown.row.kinds)
            and offer.page in pages
        ]
        correct = "overview.documents.correct"
        return [
            Action(
                self.say(offer.words if len(found) > 1 else correct),
                key,
                partial(self._correct, offer.page),
                icon="pencil",
            )
            for offer, key in zip(found, CORRECTION_KEYS, strict=False)
        ]

    def _correct(self, page: str) -> None:
        shown = self._current()
        if shown is not None:
            self.counter.front.open_page(page, {"act": shown.row.act})

    def _open_pictures(self) -> None:
        self.seen.open(self._opened.pictures)
        self._left.setCurrentWidget(self.seen.view)
        self.touch_actions()

    def _close_pictures(self) -> None:
        self.seen.close()
        self._left.setCurrentWidget(self._listed)
        self.touch_actions()

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Read anew."""
        self._read()

    def left(self) -> None:
        """Forget the act of another day that was looked at, and its photos."""
        self._other = None
        self._close_pictures()

    def on_escape(self) -> bool:
        """Leave the photos."""
        was_open = self.seen.is_open
        self._close_pictures()
        return was_open

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew."""
        self._read()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open a certain act, also of another day or start."""
        act = subject.get("act", "")
        self._read()
        if self.list.choose(act):
            return
        stream = subject.get("stream", "")
        self._other = self.counter.desk.read(lambda connection: act_by_id(connection, act, stream))
        self._read()
        self.list.choose(act)

    def on_scan(self, scan: Scan) -> bool:
        """A slip opens its act."""
        if scan.meaning is None or scan.meaning.kind != "act":
            return False
        self.open_with({"act": scan.meaning.entity})
        return True

    # --- Reading and showing ---------------------------------------------------------------------

    def _read(self) -> None:
        day = self.counter.desk.now().day
        self._acts = self.counter.desk.read(lambda connection: self._find(connection, day))
        today = sum(1 for shown in self._acts if shown.row is not self._other)
        self._heading.setText(self.say("overview.documents.acts", count=today))
        self.list.show_rows([self._row(shown) for shown in self._acts])
        self.list.setVisible(bool(self._acts))
        self._none.setVisible(not self._acts)
        self._right.setVisible(bool(self._acts))
        if self._acts and self._current() is None:
            self.list.choose(self._acts[0].row.act)
        self._chosen()

    def _find(self, connection: Connection, day: str) -> tuple[ShownAct, ...]:
        rows = acts_of_day(connection, day)
        other = (self._other,) if self._other is not None else ()
        return self._reader.shown(connection, (*other, *rows))

    def _row(self, shown: ShownAct) -> Row:
        row, words = shown.row, shown.words
        is_today = local_day(row.at) == local_day(self.counter.desk.now().at)
        moment = local_time(row.at) if is_today else local_day(row.at)[5:]
        state = Pill(self.say("overview.documents.undone"), "plain") if row.is_undone else None
        cells: tuple[Cell, ...] = (
            Text(moment, theme.HINT, ink="ink2"),
            Icon(words.icon, "", "ink2"),
            Text(words.words, ink="placeholder" if row.is_undone else "ink"),
            Text(words.amount, bold=True),
            state,
        )
        return Row(row.act, cells)

    def _current(self) -> ShownAct | None:
        act = self.list.current()
        return next((shown for shown in self._acts if shown.row.act == act), None)

    def _chosen(self) -> None:
        """Open the chosen act, off the screen's thread; only the last question is answered."""
        self._close_pictures()
        shown = self._current()
        self._asked += 1
        if shown is None:
            self.touch_actions()
            return
        number, row = self._asked, shown.row
        offers, texts, words = self._paper_offers, self.counter.texts, self._words

        def look(connection: Connection) -> _Opened:
            papers = papers_of(connection, row.act)
            roles = [paper.role for paper in papers]
            facts = tuple(
                (fact.seq, words.kind(fact.kind), words.lines(connection, fact.kind, fact.body))
                for fact in facts_of(connection, row)
            )
            who = words.operator(connection, row.by)
            made = makeable(connection, offers, texts, row.act, roles)
            pictures = pictures_of_act(connection, row.stream, row.act)
            return _Opened(who, facts, papers, made, pictures)

        def show(opened: _Opened) -> None:
            if number == self._asked:
                self._opened = opened
                self._show(shown)

        self.counter.desk.look_up(look, show)

    def _show(self, shown: ShownAct) -> None:
        words = shown.words
        self._title.setText(f"{words.words}  {words.amount}".strip())
        self._who.setText(f"{local_time(shown.row.at)}·{self._opened.who}")
        self._show_papers()
        self._show_facts()
        self.touch_actions()

    def _show_papers(self) -> None:
        texts = self.counter.texts
        rows = []
        for paper in self._opened.papers[-PAPERS_SHOWN:]:
            copy = self.say("overview.documents.copy_mark", number=paper.copy_number)
            mark = copy if paper.copy_number else self.say("overview.documents.original")
            again = Link(self.say("overview.documents.reprint_one"), framed=True)
            cells: tuple[Cell, ...] = (
                Icon("receipt" if paper.role == "receipt" else "tag", "", "ink2"),
                Text(role_words(texts, paper.role), bold=True, small=mark),
                Pill(state_words(texts, paper.state), TONES[paper.state]),
                None if paper.is_erased else again,
            )
            rows.append(Row(str(paper.job), cells))
        for offer in self._opened.makeable:
            make = Link(self.say("overview.documents.make"), framed=True)
            words = Text(texts.say(offer.title), bold=True)
            rows.append(
                Row(f"make {offer.role}", (Icon("document", "", "ink2"), words, None, make))
            )
        self.papers.show_rows(rows)
        self.papers.setFixedHeight(len(rows) * PAPER_HEIGHT)
        self.papers.setVisible(bool(rows))
        self._no_papers.setVisible(not rows)

    def _show_facts(self) -> None:
        count = len(self._opened.facts)
        self._facts_head.setText(self.say("overview.documents.facts", count=count))
        empty(self._facts)
        for seq, what, lines in self._opened.facts:
            head = QHBoxLayout()
            head.addWidget(Words(what, theme.BODY, bold=True))
            head.addStretch(1)
            head.addWidget(hint(self.say("overview.today.fact_number", number=seq)))
            self._facts.addLayout(head)
            self._facts.addLayout(_lines(lines))
        self._facts.addStretch(1)

    # --- What can be done ------------------------------------------------------------------------

    def _first_paper(self) -> PaperRow | None:
        """Return the paper that Enter prints again: the first that still says something."""
        return next((paper for paper in self._opened.papers if not paper.is_erased), None)

    def _paper_acted(self, subject: str, _column: str) -> None:
        if subject.startswith("make "):
            self._make(subject.removeprefix("make "))
            return
        paper = next((p for p in self._opened.papers if str(p.job) == subject), None)
        if paper is not None:
            self._reprint(paper)

    def _reprint(self, paper: PaperRow) -> None:
        try:
            new = self._work.reprint(paper.job)
        except NothingToReprint:
            words = self.say("overview.documents.gone_erased")
            self.counter.sounds.play("warn")
            self.counter.front.toast(Notice(words, "warn"))
        else:
            self._tell_queued(self.counter.desk.read(lambda c: copy_number_of(c, new)))
        self._chosen()

    def _make(self, role: str) -> None:
        shown = self._current()
        offer = next((o for o in self._opened.makeable if o.role == role), None)
        if shown is None or offer is None:
            return
        texts, act, at = self.counter.texts, shown.row.act, self.counter.desk.now().at

        def made(_job: int | None) -> None:
            self._work.wake()
            self._tell_queued(1)
            self._chosen()

        self._work.write(lambda c: print_anew(c, offer, texts, act=act, at=at), made)

    def _tell_queued(self, number: int) -> None:
        self.counter.sounds.play("ok")
        words = self.say("overview.documents.reprinted", number=number)
        self.counter.front.toast(Notice(words))

    def _undo(self) -> None:
        shown = self._current()
        if shown is not None:
            self._work.undo(shown.row.act)

    def _go(self) -> None:
        shown = self._current()
        if shown is not None:
            self.counter.front.open_page(shown.words.page, shown.words.subject)


def _lines(lines: Lines) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(1)
    grid.setColumnStretch(1, 1)
    for row, (word, value) in enumerate(lines):
        grid.addWidget(hint(word), row, 0)
        grid.addWidget(Words(value, theme.HINT).elided(), row, 1)
    return grid
