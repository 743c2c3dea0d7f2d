"""What the four views of the page share: a list, what is done with its row, the facts behind it.

Every figure opens its facts: F10 shows, in place of the form, who recorded what and by how much
each fact moved the figure; Enter there opens the act.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.ledger.accounts import ALIPAY, BANK, WECHAT, drawer
from station_app.ledger.balances import books
from station_app.ledger.lending import Lending, lending
from station_app.ledger.posting import CNY, Line
from station_app.services.cash.facts import Tender
from station_app.services.clearing.records import Behind
from station_app.services.clearing.wording import kind_words
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Action, Page
from station_app.shell.photos import PhotoDesk
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import Field, TextField
from station_app.shell.widgets.lending import LendingPanel
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule, strong
from station_app.values.day import local_day, local_time, say_day
from station_app.values.money import say_yuan
from station_app.values.staff import Coworker, approval

RIGHT_WIDTH, RIGHT_WIDTH_COMPACT = 460, 430
ROW_HEIGHT = 58
WAYS_FIRST = 5  # the digits of the views come first
REFERENCE_MAX = 64
ACTS_PAGE = "overview.acts"  # shows an act with its facts and its papers
PLACES = {"bank": BANK, "wechat": WECHAT, "alipay": ALIPAY}


class Staff(Protocol):
    """Tells who works here now."""

    def __call__(self, connection: Connection, /) -> tuple[Coworker, ...]:
        """Return them."""
        ...


@dataclass(frozen=True, slots=True)
class Outfit:
    """What the views need besides the counter. staff: who works here; photos: None without any."""

    staff: Staff
    photos: PhotoDesk | None = None


class WayPart(QWidget):
    """How money goes or comes: a row of ways, and the payment number where one is wanted.

    Signal changed: chosen or typed. The ways are `carrier` or `cash`, `bank`, `wechat`.
    """

    changed = Signal()

    def __init__(self, counter: Counter, ways: Sequence[str], room: str) -> None:
        """Make it. room: where the words of the ways stand, "clearing.way"."""
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        choices = [Choice(way, counter.say(f"{room}.{way}")) for way in ways]
        self.ways = ChoiceRow(choices, first=WAYS_FIRST, stacked=True, height=60)
        self.ways.set_value(ways[0])
        self.ways.chosen.connect(self._chosen)
        self.reference = TextField(
            counter.texts, counter.say("clearing.page.reference"), limit=REFERENCE_MAX
        )
        self.reference.changed.connect(lambda _text: self.changed.emit())
        self.reference.hide()
        column.addWidget(self.ways)
        column.addWidget(self.reference)

    @property
    def way(self) -> str:
        """Return the way chosen."""
        return self.ways.value()

    def kept(self) -> list[str]:
        """Return the way and the payment number as a draft keeps them."""
        return [self.way, self.reference.text()]

    def take_kept(self, kept: Sequence[str]) -> None:
        """Put back what a draft kept."""
        self.set_way(kept[0])
        self.reference.set_text(kept[1])

    def set_way(self, way: str) -> None:
        """Choose a way, without telling anybody."""
        self.ways.set_value(way)
        self.reference.setVisible(self.way == "wechat")

    def tender(self, fen: int) -> tuple[Tender, ...]:
        """Return this amount in this way, nothing for nothing."""
        if fen <= 0:
            return ()
        way = self.way if self.way in PLACES else "cash"
        reference = self.reference.text() if way == "wechat" else ""
        return (Tender(way=way, amount_fen=fen, reference=reference),)

    def missing(self, *, has_shift: bool) -> str:
        """Return the end of a text key of what is still to be done, "" when nothing is."""
        if self.way not in PLACES and not has_shift:
            return "shift"
        return "reference" if self.way == "wechat" and not self.reference.text() else ""

    def clear(self) -> None:
        """Empty it for the next one."""
        self.reference.set_text("")

    def _chosen(self, _way: str) -> None:
        self.reference.setVisible(self.way == "wechat")
        if self.way == "wechat":
            self.reference.setFocus()
        self.changed.emit()


class FactsPanel(Panel):
    """The facts behind a figure, the latest first. Signal opened(act, stream): by Enter."""

    opened = Signal(str, str)

    def __init__(self, counter: Counter) -> None:
        """Make an empty panel."""
        super().__init__(margins=(1, 14, 1, 4), spacing=0)
        self._counter = counter
        self._title, self._sum = strong(), strong()
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 8)
        head.addWidget(self._title, 1)
        head.addWidget(self._sum)
        self.body.addLayout(head)
        self.body.addWidget(rule())
        columns = (Column("what"), Column("amount", 150, "right"))
        self.table = ListTable(
            columns, name=counter.say("clearing.page.facts"), row_height=ROW_HEIGHT
        )
        self.table.set_owns_enter(owns=True)
        self.table.opened.connect(self._open)
        self._facts: dict[str, Behind] = {}
        self.body.addWidget(self.table, 1)

    def _open(self, fact: str) -> None:
        if fact in self._facts:
            self.opened.emit(self._facts[fact].act, self._facts[fact].stream)

    def show_facts(self, title: str, facts: Sequence[Behind]) -> None:
        """Show these facts under a title."""
        self._title.setText(title)
        self._sum.setText(say_yuan(sum(fact.amount_fen for fact in facts)))
        self._facts = {fact.fact: fact for fact in facts if fact.fact}
        self.table.show_rows([self._row(fact) for fact in facts], keep=False)
        if self._facts:
            self.table.choose(next(iter(self._facts)))

    def _row(self, fact: Behind) -> Row:
        texts = self._counter.texts
        today = self._counter.desk.now().day
        who = device_of(fact.stream).lstrip("D")
        where = (
            texts.say("clearing.page.device", device=who)
            if who
            else texts.say("clearing.page.county")
        )
        when = f"{say_day(local_day(fact.at), today)} {local_time(fact.at)}"
        amount = Text(say_yuan(fact.amount_fen), bold=True, ink=ink_of(fact.amount_fen))
        if not fact.fact:
            return Row("earlier", (Text(texts.say("clearing.page.earlier")), amount))
        return Row(
            fact.fact,
            (
                Text(kind_words(fact.kind, texts), small=f"{where}·{when}"),
                amount,
            ),
        )


def ink_of(fen: int) -> str:
    """Return the colour of an amount: what goes the other way is told apart by its sign, too."""
    return "ink" if fen >= 0 else "notice"


class View(QWidget):
    """One view: a list at the left, the work or the facts at the right."""

    NAME = ""
    ICON = ""
    COLUMNS: tuple[Column, ...] = ()

    def __init__(self, page: Page, outfit: Outfit) -> None:
        """Make it; `build_side` of the view makes its right side."""
        super().__init__()
        self.page = page
        self.counter = page.counter
        self.outfit = outfit
        self._is_touched = False
        self.sought = ""  # the thing that was asked for: it is listed, however old it is
        self._plain: dict[str, Any] = {}
        self.columns = QHBoxLayout(self)
        self.columns.setContentsMargins(0, 0, 0, 0)
        self.columns.setSpacing(theme.FULL.gap)
        self.list = Panel(margins=(1, 4, 1, 4), spacing=0)
        self.table = ListTable(
            self.COLUMNS, name=self.say(f"clearing.page.view.{self.NAME}"), row_height=ROW_HEIGHT
        )
        self.list.body.addWidget(self.table, 1)
        nothing = self.say(f"clearing.page.empty.{self.NAME}")
        self.empty = EmptyState(self.ICON, nothing, look="bare")
        self.list.body.addWidget(self.empty, 1)
        self.right = QStackedWidget()
        self.side = self.build_side()
        self.facts = FactsPanel(self.counter)
        self.facts.opened.connect(self._open_act)
        self._work = scrolling(self.side)
        self.right.addWidget(self._work)
        self.right.addWidget(self.facts)
        self.right.setFixedWidth(RIGHT_WIDTH)
        self.columns.addWidget(self.list, 1)
        self.columns.addWidget(self.right)
        self.table.current_changed.connect(lambda _subject: self.moved())

    def say(self, key: str, /, **slots: object) -> str:
        """Return a sentence of the catalogue."""
        return self.counter.say(key, **slots)

    # --- What a view fills in --------------------------------------------------------------------

    def build_side(self) -> QWidget:
        """Return the right side."""
        raise NotImplementedError

    def rows(self, connection: Any) -> list[Row]:
        """Read what the list shows, and keep it."""
        raise NotImplementedError

    def show_current(self) -> None:
        """Show the current row at the right."""
        raise NotImplementedError

    def possible(self) -> list[Action]:
        """Return what can be done with the current row, the primary last."""
        raise NotImplementedError

    def behind(self, connection: Any, subject: str) -> tuple[str, Sequence[Behind]]:
        """Return a title and the facts behind a row."""
        raise NotImplementedError

    def subject_of(self, identity: str) -> str:
        """Return the subject of a thing's row."""
        raise NotImplementedError

    def typed_fields(self) -> dict[str, Field]:
        """Return the fields that a draft keeps, by a name of the view's own."""
        return {}

    def chosen_ways(self) -> dict[str, WayPart]:
        """Return the ways that a draft keeps."""
        return {}

    def ticked(self) -> list[str]:
        """Return what else a draft keeps: what is ticked or asked."""
        return []

    def tick(self, subjects: Sequence[str]) -> None:
        """Put back what `ticked` returned."""

    def stands(self) -> list[Any]:
        """Return what the work at the current row stands on: a draft of other ground is void."""
        raise NotImplementedError

    # --- What outlives a power cut ---------------------------------------------------------------

    def touch(self) -> None:
        """Say that the operator typed or chose something that no act has taken yet."""
        self._is_touched = True
        self.page.touch_draft()

    def forget(self) -> None:
        """Say that nothing is half done any more."""
        self._is_touched = False

    def kept(self) -> dict[str, Any] | None:
        """Return what is half typed as JSON-able values, None when nothing is."""
        written = self.written()
        if not self._is_touched or written == self._plain:
            return None
        return {"row": self.table.current(), "stands": self.stands(), **written}

    def empty_form(self) -> bool:
        """Put the form back as it was before anything was typed; returns False if it is so."""
        if self.kept() is None:
            return False
        self._put(self._plain)
        self.forget()
        self.load()
        return True

    def take_kept(self, kept: Mapping[str, Any]) -> bool:
        """Put back what was half typed; returns False when its ground is gone."""
        self.load()
        if kept["row"] and not self.table.choose(kept["row"]):
            return False
        if self.stands() != kept["stands"]:
            return False
        self._is_touched = True
        self._put(kept)
        self.load()
        return True

    def _put(self, written: Mapping[str, Any]) -> None:
        for name, field in self.typed_fields().items():
            field.set_text(written["fields"][name])
        for name, way in self.chosen_ways().items():
            way.take_kept(written["ways"][name])
        self.tick(written["ticked"])

    def written(self) -> dict[str, Any]:
        """Return what stands in the form as JSON-able values."""
        return {
            "fields": {name: field.text() for name, field in self.typed_fields().items()},
            "ways": {name: way.kept() for name, way in self.chosen_ways().items()},
            "ticked": self.ticked(),
        }

    # --- What all do -----------------------------------------------------------------------------

    def choose(self, identity: str) -> None:
        """Go to the row of a thing, by its identity; the lists hold the latest of many."""
        self.sought = identity
        self.load()
        self.table.choose(self.subject_of(identity))

    def load(self) -> None:
        """Look at everything anew."""
        rows = self.counter.desk.read(self.rows)
        self.table.show_rows(rows)
        subjects = [row.subject for row in rows if not row.heading]
        self.table.setVisible(bool(subjects))
        self.empty.setVisible(not subjects)
        if subjects and self.table.current() not in subjects:
            self.table.choose(subjects[0])
        self.moved()

    def moved(self) -> None:
        """Another row is current: show it, the facts go."""
        self.right.setCurrentWidget(self._work)
        self.show_current()
        if not self._is_touched:
            self._plain = self.written()
        self.page.touch_actions()

    @property
    def shows_facts(self) -> bool:
        """Tell whether the facts stand at the right."""
        return self.right.currentWidget() is self.facts

    def facts_action(self) -> Action:
        """Return the button that shows the facts, or hides them."""
        key = "hide_facts" if self.shows_facts else "show_facts"
        return Action(self.say(f"clearing.page.{key}"), "F10", self.switch_facts, icon="list")

    def switch_facts(self) -> None:
        """Show the facts behind the current row, or the work again."""
        subject = self.table.current()
        if self.shows_facts or not subject:
            self.right.setCurrentWidget(self._work)
        else:
            title, facts = self.counter.desk.read(lambda c: self.behind(c, subject))
            self.facts.show_facts(title, facts)
            self.right.setCurrentWidget(self.facts)
            self.facts.table.setFocus()
        self.page.touch_actions()

    def _open_act(self, act: str, stream: str) -> None:
        self.counter.front.open_page(ACTS_PAGE, {"act": act, "stream": stream})

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self.columns.setSpacing(theme.COMPACT.gap if compact else theme.FULL.gap)
        self.right.setFixedWidth(RIGHT_WIDTH_COMPACT if compact else RIGHT_WIDTH)
        self.table.set_compact(compact=compact)
        self.facts.table.set_compact(compact=compact)

    def has_shift(self) -> bool:
        """Tell whether notes may change hands now."""
        return bool(self.counter.desk.now().shift)

    def show_lending(
        self, panel: LendingPanel, tenders: Sequence[Tender], rest: Sequence[Line] = ()
    ) -> None:
        """Say before it goes out whether money would be other people's.

        rest: what the other facts of the act will post besides the payment.
        """
        now = self.counter.desk.now()

        def lent(connection: Any) -> tuple[Lending, int]:
            given = [
                Line(PLACES.get(t.way) or drawer(now.device), CNY, -t.amount_fen) for t in tenders
            ]
            return (
                lending(books(connection), (*rest, *given)),
                len(self.outfit.staff(connection)),
            )

        found, staff = self.counter.desk.read(lent)
        panel.show_lending(found, approval(staff, is_manager=now.is_manager))


def scrolling(widget: QWidget) -> QScrollArea:
    """Return an area in which a side scrolls when a low window has too little room for it."""
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.viewport().setAutoFillBackground(False)
    widget.setAutoFillBackground(False)
    return area


def field_row(label: str, words: Words) -> QHBoxLayout:
    """Return a line of a card: what it is, and how much or what."""
    row = QHBoxLayout()
    row.addWidget(hint(label))
    row.addStretch(1)
    row.addWidget(words)
    return row
