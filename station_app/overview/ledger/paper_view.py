"""单据: every paper of the station, found by day, number, person or amount; printed again.

The preview is made anew from the facts, in the very bits of the printer; so is the copy, when the
job of the first print is gone.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.overview.ledger.account_book import days_of_month
from station_app.overview.ledger.account_words import kinds_in_words
from station_app.overview.ledger.day_index import day_beside, last_day
from station_app.overview.ledger.papers_book import (
    PRINTED,
    PaperFact,
    papers_about,
    papers_numbered,
    papers_of_day,
    papers_worth,
)
from station_app.overview.ledger.people_book import things_of
from station_app.overview.ledger.view import BookView, LedgerWork
from station_app.overview.papers import copy_number_of, papers_of, print_anew
from station_app.printing.document import Document, Label, Receipt
from station_app.printing.jobs import NothingToReprint
from station_app.services.people import records as people
from station_app.shell import theme
from station_app.shell.counter import Notice
from station_app.shell.offers import DocumentOffer
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cards import ReceiptPreview
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.panels import Panel
from station_app.values.day import local_time, say_day
from station_app.values.money import parse_yuan

PREVIEW_WIDTH = 400
PEOPLE_LOOKED_AT = 5


@dataclass(frozen=True, slots=True)
class _Found:
    day: str
    before: str
    after: str
    papers: tuple[tuple[PaperFact, str, str], ...]


class PaperView(BookView):
    """The papers of a day, or those that were looked for."""

    NAME = "paper"
    ICON = "printer"
    IS_OPENED_BY_ENTER = False
    HAS_ACCOUNTS = False
    COLUMNS = (
        Column("when", 130),
        Column("what", 170),
        Column("words"),
        Column("number", 110, "right"),
    )

    def __init__(self, page: Page, work: LedgerWork) -> None:
        """Make it; it opens at the present day."""
        super().__init__(page, work)
        self.day = ""
        self._found = _Found("", "", "", ())
        self._made: tuple[DocumentOffer, Document] | None = None

    def build_side(self) -> QWidget:
        """Return the preview."""
        side = Panel("sunk", margins=(14, 12, 14, 12), spacing=8)
        side.head(self.say("ledger.paper.preview"))
        self.preview = ReceiptPreview(self.say("ledger.paper.preview"))
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidget(self.preview)
        side.body.addWidget(self._scroll, 1)
        side.setFixedWidth(PREVIEW_WIDTH)
        return side

    # --- Turning and looking ---------------------------------------------------------------------

    def turners(self) -> tuple[str, str]:
        """Return the words for the day before and after."""
        return (
            self.say("ledger.turn.day_before") if self._found.before else "",
            self.say("ledger.turn.day_after") if self._found.after else "",
        )

    def turn(self, step: int) -> bool:
        """Show the papers of the day before or after."""
        day = self._found.before if step < 0 else self._found.after
        if day:
            self.day = day
            self.load()
        return True

    def load(self) -> None:
        """Read the papers."""
        wanted, today = self.day, self.counter.desk.now().day
        typed = unicodedata.normalize("NFKC", self.search.text())

        def look(connection: Connection) -> _Found:
            day = wanted or min(today, last_day(connection) or today)
            if typed:
                found, beside = self._sought(connection, typed, day), ("", "")
            else:
                found = papers_of_day(connection, day)
                beside = (day_beside(connection, day, -1), day_beside(connection, day, 1))
            said = []
            for paper in found:
                kind = kinds_in_words(self.counter.texts, (paper.kind,))
                act = self.work.act_words(connection, paper.stream, paper.act)
                said.append((paper, kind, act))
            return _Found(day, *beside, tuple(said))

        self.ask(look, self._show)

    def _sought(self, connection: Connection, typed: str, day: str) -> tuple[PaperFact, ...]:
        """Look for a number, an amount of the month, or a person: all that it may mean."""
        found: dict[tuple[str, int], PaperFact] = {}
        papers: list[PaperFact] = []
        if PRINTED.fullmatch(typed.strip().upper()):
            papers += papers_numbered(connection, typed)
        fen = parse_yuan(typed)
        if fen:
            papers += papers_worth(connection, fen, days=days_of_month(day[:7]))
        for one in people.find(connection, typed, PEOPLE_LOOKED_AT):
            papers += papers_about(connection, things_of(connection, one.identity))
        kinds = self.counter.texts
        papers += [
            paper
            for paper in papers_of_day(connection, day)
            if typed in kinds_in_words(kinds, (paper.kind,))
        ]
        for paper in papers:
            found.setdefault((paper.stream, paper.seq), paper)
        return tuple(sorted(found.values(), key=lambda p: (p.at, p.stream, p.seq), reverse=True))

    def _show(self, found: _Found) -> None:
        self._found = found
        self.day = found.day
        typed = self.search.text()
        count = len(found.papers)
        key = "ledger.paper.found" if typed else "ledger.paper.title"
        self.title.setText(self.say(key, day=say_day(found.day), typed=typed))
        self.small.setText(self.say("ledger.paper.count", count=count))
        today = self.counter.desk.now().day
        rows = []
        for number, (paper, kind, act) in enumerate(found.papers):
            day = "" if paper.day == found.day else f"{say_day(paper.day, today)} "
            cells = (
                Text(f"{day}{local_time(paper.at)}", theme.HINT, ink="ink2"),
                Text(kind, bold=True),
                Text(act, ink="ink2"),
                Text(paper.number),
            )
            rows.append(Row(str(number), cells))
        nothing = "ledger.nothing.found" if typed else "ledger.nothing.paper"
        self.show_rows(rows, self.say(nothing), keep=False)
        if not rows:
            self._made = None
            self.preview.show_raster(None)

    # --- The paper -------------------------------------------------------------------------------

    def current(self) -> PaperFact | None:
        """Return the paper that the list stands on."""
        subject = self.table.current()
        if not subject or int(subject) >= len(self._found.papers):
            return None
        return self._found.papers[int(subject)][0]

    def moved(self, _subject: str) -> None:
        """Make the paper anew and show it."""
        paper = self.current()
        if paper is None:
            return
        texts = self.counter.texts
        wanted = [o for o in self.work.documents if (o.role == "label") == paper.is_label]

        def look(connection: Connection) -> tuple[DocumentOffer, Document] | None:
            for offer in wanted:
                document = offer.rebuild(connection, paper.act, texts)
                if document is not None:
                    return offer, document
            return None

        def show(made: tuple[DocumentOffer, Document] | None) -> None:
            self._made = made
            document = made[1] if made else None
            is_paper = isinstance(document, Label | Receipt)
            self.preview.show_raster(self.work.preview(document) if is_paper else None)
            width = PREVIEW_WIDTH - 48
            whole = self.preview.sizeHint()
            height = whole.height() * width // max(whole.width(), width, 1)
            self.preview.setFixedSize(width, max(height, 60))
            self.preview.setVisible(self.preview.stays_in_sight)
            self._scroll.verticalScrollBar().setValue(0)

        self.ask(look, show)

    def possible(self) -> Sequence[Action]:
        """Return printing again, and the facts behind it."""
        paper = self.current()
        if paper is None:
            return ()
        facts = Action(self.say("ledger.paper.facts"), "Ctrl+E", self._facts, icon="list")
        is_here = bool(device_of(paper.stream)) and self._made is not None
        again = Action(
            self.say("ledger.paper.reprint"),
            "Enter",
            self.reprint,
            "primary",
            icon="printer",
            is_enabled=is_here,
            reason="" if is_here else self.say("ledger.paper.not_here"),
        )
        return (facts, again)

    def _facts(self) -> None:
        paper = self.current()
        if paper is not None:
            self.open_act(paper.stream, paper.act)

    def reprint(self) -> None:
        """Print it once more, marked as a copy with its number."""
        paper, made = self.current(), self._made
        if paper is None or made is None:
            return
        offer = made[0]
        jobs = self.counter.desk.read(lambda c: papers_of(c, paper.act))
        job = next((j for j in jobs if j.role == offer.role and not j.is_erased), None)
        if job is not None:
            try:
                self._queued(self.work.reprint(job.job))
            except NothingToReprint:
                self._anew(offer, paper.act)
        else:
            self._anew(offer, paper.act)

    def _anew(self, offer: DocumentOffer, act: str) -> None:
        texts, at = self.counter.texts, self.counter.desk.now().at

        def made(job: int | None) -> None:
            self.work.wake()
            if job is not None:
                self._queued(job)

        self.work.write(lambda c: print_anew(c, offer, texts, act=act, at=at), made)

    def _queued(self, job: int) -> None:
        number = self.counter.desk.read(lambda c: copy_number_of(c, job))
        self.counter.sounds.play("ok")
        self.counter.front.toast(Notice(self.say("overview.documents.reprinted", number=number)))
