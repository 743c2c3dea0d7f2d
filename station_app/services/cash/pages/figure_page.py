"""What is behind a figure: first the figures of a slip, then the postings of one, then the act.

Whoever doubts a number opens it, line by line, down to the facts. Any account may be opened in the
same way, now or as a closed shift has it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.log import Connection
from station_app.journal.projection import StateChange
from station_app.ledger.lines import PostedLine
from station_app.services.cash.figure_records import (
    Behind,
    behind_accounts,
    behind_figure,
    facts_behind,
    figures_of,
)
from station_app.services.cash.figures import Figure
from station_app.services.cash.pages.edges import Edges
from station_app.services.cash.papers import PaperMaker
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.panels import EmptyState, Panel, Places
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.values.day import local_day, local_time, say_day
from station_app.values.money import say_yuan

FIGURE_COLUMNS = (Column("label"), Column("amount", 220, "right"))
LINE_COLUMNS = (
    Column("when", 150),
    Column("kind", 150),
    Column("words"),
    Column("amount", 190, "right"),
)
FIGURE_HEIGHT = 52
OWED = ("Liabilities:", "Income:", "Equity:")  # accounts whose sums the books hold as credits


class FigurePage(Page):
    """Lists figures, or the lines behind one."""

    def __init__(self, counter: Counter, key: str, papers: PaperMaker, edges: Edges) -> None:
        """Make the page. papers: knows the names on a slip; edges: opens acts."""
        super().__init__(counter, key)
        self._papers = papers
        self._edges = edges
        self._subject: Mapping[str, str] = {}
        self._figures: dict[str, Figure] = {}
        self._lines: dict[str, PostedLine] = {}
        self._is_deeper = False  # the lines were opened from the list of figures
        self._asked = 0
        self._sign = 1
        self._lay_out()

    def _lay_out(self) -> None:
        say = self.say
        panel = Panel(margins=(8, 14, 8, 10), spacing=8)
        self._heading = Words("", theme.TITLE, bold=True)
        self._amount = Words("", theme.TITLE, bold=True).right()
        self._small = hint("")
        head = QVBoxLayout()
        head.setContentsMargins(12, 0, 12, 0)
        top = QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._heading)
        row.addStretch(1)
        row.addWidget(self._amount)
        head.addWidget(top)
        head.addWidget(self._small)
        panel.body.addLayout(head)
        self.figures = ListTable(
            FIGURE_COLUMNS, name=say("cash.figure.title"), row_height=FIGURE_HEIGHT
        )
        self.lines = ListTable(LINE_COLUMNS, name=say("cash.figure.lines"))
        self._empty = EmptyState("list", say("cash.figure.none"))
        self._stack = Places()
        for widget in (self.figures, self.lines, self._empty):
            self._stack.addWidget(widget)
        panel.body.addWidget(self._stack, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panel)
        for table in (self.figures, self.lines):
            table.set_owns_enter(owns=True)
        self.figures.opened.connect(self._open_figure)
        self.lines.opened.connect(self._open_line)

    # --- What the window asks --------------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("cash.figure.title")

    def first_focus(self) -> QWidget | None:
        """Return the list that is shown."""
        return self.figures if self._stack.currentWidget() is self.figures else self.lines

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open figures, a figure or an account.

        subject: `shift` alone lists the figures of its slip; with `figure`, its key, what is behind
        it; `counted` if the drawer was counted, so that nothing is secret. `account` (names with
        blanks between, or the beginning of names) and `title`: accounts, as `shift` has them if it
        is closed. `entity` (identities with blanks between) or `act`, and `title`: the facts
        of things, or of an act.
        """
        self._subject = dict(subject)
        self._is_deeper = False
        self._show()

    def activated(self) -> None:
        """Read anew."""
        self._show()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read anew: an open shift goes on."""
        self._show()

    def on_escape(self) -> bool:
        """Go back from the lines to the figures."""
        if not self._is_deeper:
            return False
        keep = ("shift", "counted")
        self.open_with({key: self._subject[key] for key in keep if key in self._subject})
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Use lower rows in a low window."""
        for table in (self.figures, self.lines):
            table.set_compact(compact=is_compact)

    def action_bar(self) -> Sequence[Action]:
        """Return the way back; opening is Enter in the list."""
        return (Action(self.say("cash.figure.back"), "Esc", self._back),)

    def _back(self) -> None:
        if not self.on_escape():
            self.counter.front.go_back()

    # --- Reading and showing ---------------------------------------------------------------------

    def _show(self) -> None:
        shift, key = self._subject.get("shift", ""), self._subject.get("figure", "")
        if self._subject.get("entity") or self._subject.get("act"):
            entities, act = self._subject.get("entity", "").split(), self._subject.get("act", "")
            self._ask(lambda c: facts_behind(c, entities, act), self._subject.get("title", ""))
            return
        if self._subject.get("account"):
            accounts = tuple(self._subject["account"].split())
            sign = -1 if all(account.startswith(OWED) for account in accounts) else 1
            self._ask(
                lambda c: behind_accounts(c, accounts, shift, sign=sign),
                self._subject.get("title", accounts[0]),
                sign,
            )
            return
        self._figures = {figure.key: figure for figure in self._read_figures(shift)}
        if key not in self._figures:
            self._show_figures()
            return
        figure = self._figures[key]
        if figure.is_sum and not figure.accounts:
            self._show_figures()
            return
        self._ask(lambda c: behind_figure(c, shift, figure), figure.label)

    def _read_figures(self, shift: str) -> tuple[Figure, ...]:
        now, texts = self.counter.desk.now(), self.counter.texts
        is_counted = bool(self._subject.get("counted"))

        def look(connection: Connection) -> tuple[Figure, ...]:
            names = self._papers.names_for(connection, now.operator, now.station)
            return figures_of(connection, shift, names, texts, is_counted=is_counted)

        return self.counter.desk.read(look)

    def _show_figures(self) -> None:
        self._heading.setText(self.say("cash.figure.title"))
        self._amount.setText("")
        self._small.setText(self.say("cash.figure.how"))
        rows = [
            Row(
                figure.key,
                (
                    Text(
                        figure.label if figure.is_sum else f"　{figure.label}", bold=figure.is_sum
                    ),
                    Text(self._said(figure.amount, figure.is_money), bold=True),
                ),
            )
            for figure in self._figures.values()
        ]
        self.figures.show_rows(rows)
        if rows and not self.figures.current():
            self.figures.choose(rows[0].subject)
        self._stack.setCurrentWidget(self.figures if rows else self._empty)
        self.touch_actions()

    def _said(self, amount: int, is_money: bool) -> str:
        return say_yuan(amount) if is_money else str(amount)

    def _ask(self, look: Any, title: str, sign: int = 1) -> None:
        """Read the lines off the screen's thread; only the last question is answered.

        sign: of lines of accounts: what is owed to somebody is shown as they see it.
        """
        self._asked += 1
        self._sign = sign
        number, words = self._asked, self._edges.act_words
        is_money = self._is_money()

        def read(connection: Connection) -> tuple[Behind, dict[tuple[str, str], str]]:
            behind = look(connection)
            acts = dict.fromkeys((line.stream, line.act) for line in behind.lines)
            return behind, {key: words(connection, *key) for key in acts}

        def show(found: tuple[Behind, dict[tuple[str, str], str]]) -> None:
            if number == self._asked:
                self._show_lines(title, found[0], found[1], is_money=is_money)

        self.counter.desk.look_up(read, show)

    def _is_money(self) -> bool:
        figure = self._figures.get(self._subject.get("figure", ""))
        return figure is None or figure.is_money

    def _show_lines(
        self,
        title: str,
        behind: Behind,
        words: Mapping[tuple[str, str], str],
        *,
        is_money: bool,
    ) -> None:
        self._heading.setText(title)
        is_sum = not (self._subject.get("entity") or self._subject.get("act"))
        self._amount.setText(self._said(behind.amount, is_money) if is_sum else "")
        shown = len(behind.lines)
        key = "cash.figure.some" if shown < behind.count else "cash.figure.all"
        self._small.setText(self.say(key, count=behind.count, shown=shown))
        self._lines = {f"{n}": line for n, line in enumerate(behind.lines)}
        today = self.counter.desk.now().day
        self.lines.show_rows(
            [
                Row(
                    number,
                    (
                        Text(_moment(line.at, today), theme.HINT, ink="ink2"),
                        Text(self._kind(line.kind), ink="ink2"),
                        Text(words.get((line.stream, line.act), "")),
                        Text(self._amount_of(line, is_money), bold=True),
                    ),
                )
                for number, line in self._lines.items()
            ],
            keep=False,
        )
        if self._lines:
            self.lines.choose("0")
        self._stack.setCurrentWidget(self.lines if self._lines else self._empty)
        focus = self.first_focus()
        if focus is not None and self.isVisible():
            focus.setFocus()
        self.touch_actions()

    def _kind(self, kind: str) -> str:
        key = f"overview.kind.{kind}"
        return self.counter.texts.say(key) if self.counter.texts.has(key) else kind

    def _amount_of(self, line: PostedLine, is_money: bool) -> str:
        if not line.account:
            return ""
        figure = self._figures.get(self._subject.get("figure", ""))
        sign = figure.sign if figure is not None else self._sign
        return self._said(line.amount * sign, is_money)

    # --- Opening ---------------------------------------------------------------------------------

    def _open_figure(self, key: str) -> None:
        figure = self._figures.get(key)
        if figure is None or (figure.is_sum and not figure.accounts):
            return
        self._subject = {**self._subject, "figure": key}
        self._is_deeper = True
        self._show()

    def _open_line(self, number: str) -> None:
        line = self._lines.get(number)
        if line is not None and self._edges.acts_page:
            self.counter.front.open_page(
                self._edges.acts_page, {"act": line.act, "stream": line.stream}
            )


def _moment(at: int, today: str) -> str:
    day = local_day(at)
    return local_time(at) if day == today else f"{say_day(day, today)} {local_time(at)}"
