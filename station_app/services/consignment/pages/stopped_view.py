"""How a stopped lot looks: the banner, where its grams are, who is to be told, where it grew."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.consignment.outfit import Outfit
from station_app.services.consignment.pages.stopped_rows import Origin, Whereabout
from station_app.services.consignment.stopped_records import Stopped
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.shell.widgets.panels import Banner, EmptyState, Panel, Places
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.tones import INKS
from station_app.shell.widgets.words import IconLabel, Words, hint, rule

FIGURES = ("came", "here", "sold", "away", "gone", "untold")
ROW_HEIGHT, RIGHT_WIDTH = 56, 480  # wide enough that toasts stand in its empty rest
ORIGINS_MAX = 6


class StoppedView(Page):
    """The looks of the page."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Lay the page out without a lot."""
        super().__init__(counter, key)
        self.outfit = outfit
        say = self.say
        self.list = ListTable(
            (Column("state", 150), Column("what"), Column("quantity", 150, "right")),
            name=say("consignment.stopped.where"),
            row_height=ROW_HEIGHT,
        )
        self._banner = Banner("", "stop")
        self._figures: dict[str, tuple[Panel, Words, Words]] = {}
        row = QHBoxLayout()
        row.setSpacing(theme.FULL.gap)
        for name in FIGURES:
            panel = Panel(margins=(14, 6, 14, 6), spacing=0)
            amount, words = Words("", theme.TITLE, bold=True), hint("")
            panel.body.addWidget(amount)
            panel.body.addWidget(words)
            self._figures[name] = (panel, amount, words)
            row.addWidget(panel, 1)
        work = QWidget()
        columns = QHBoxLayout()
        columns.setSpacing(theme.FULL.gap)
        columns.addWidget(self._listed(), 1)
        columns.addWidget(self._origin())
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.FULL.gap)
        column.addWidget(self._banner)
        column.addLayout(row)
        column.addLayout(columns, 1)
        self._column, self._columns = column, columns
        self._empty = EmptyState("ok", say("consignment.stopped.none"), "")
        self._work = work
        self._stack = Places()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(work)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _listed(self) -> Panel:
        listed = Panel(margins=(1, 8, 1, 4), spacing=4)
        head = QHBoxLayout()
        head.setContentsMargins(18, 0, 18, 0)
        head.setSpacing(14)
        head.addWidget(Words(self.say("consignment.stopped.where"), theme.STRONG, bold=True))
        self._left = Words("", theme.BODY, bold=True, ink="warn")
        head.addWidget(self._left)
        head.addStretch(1)
        head.addWidget(hint(self.say("consignment.stopped.no_names")))
        listed.body.addLayout(head)
        listed.body.addWidget(self.list, 1)
        return listed

    def _origin(self) -> Panel:
        panel = Panel(margins=(18, 8, 18, 8), spacing=4)
        panel.setFixedWidth(RIGHT_WIDTH)
        title = Words(self.say("consignment.stopped.from_where"), theme.STRONG, bold=True)
        panel.body.addWidget(title)
        self._origins: list[QWidget] = []
        self._origin_column = QVBoxLayout()
        self._origin_column.setSpacing(4)
        self._others = hint("", wrap=True)
        self._money = Words("", theme.BODY, bold=True, ink="notice", wrap=True)
        panel.body.addLayout(self._origin_column)
        panel.body.addWidget(rule())
        panel.body.addWidget(self._others)
        panel.body.addWidget(self._money)
        panel.body.addStretch(1)
        return panel

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("consignment.stopped.title")

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        gap = theme.COMPACT.gap if is_compact else theme.FULL.gap
        self._column.setSpacing(gap)
        self._columns.setSpacing(gap)
        self.list.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def show_banner(self, title: str, small: str) -> None:
        """Say what is stopped, and why."""
        self._banner.tell(title, "stop", small=small)

    def show_work(self, *, has_lot: bool) -> None:
        """Show the lot, or that none is stopped."""
        self._stack.setCurrentWidget(self._work if has_lot else self._empty)

    def show_figures(self, state: Stopped, said: Callable[[int], str]) -> None:
        """Show where its grams are; of what nobody can tell there must be none."""
        for figure, (panel, amount, words) in self._figures.items():
            count: int = getattr(state, figure)
            amount.setText(said(count))
            key = "here_open" if figure == "here" and not state.is_locked else figure
            words.setText(self.say(f"consignment.stopped.{key}"))
            is_bad = (figure == "here" and count > 0) or (figure == "untold" and count != 0)
            panel.set_look("stop" if is_bad else "plain")

    def show_rows(
        self, rows: Sequence[Whereabout], current: str, said: Callable[[int], str]
    ) -> None:
        """List where it went; the number to dial stands in the row in work only."""
        privacy, say, shown = self.counter.privacy, self.say, []
        for row in rows:
            small = row.small
            if row.person is not None:
                tail = say("consignment.find.tail", tail=row.person.tail) if row.person.tail else ""
                phone = privacy.phone(row.person.phone) if row.subject == current else tail
                small = f"{small}　{phone or say('consignment.stopped.no_phone')}"
            pill = Pill(say(f"consignment.stopped.{row.state}", count=row.count), row.tone)
            what = Text(row.words, theme.STRONG, bold=True, small=small.strip("　"))
            shown.append(Row(row.subject, (pill, what, Text(said(row.quantity), theme.STRONG))))
        self.list.show_rows(shown)
        count = sum(1 for row in rows if row.is_open)
        self._left.setText(say("consignment.stopped.left_open", count=count) if count else "")

    def show_origin(self, origins: Sequence[Origin], others: str, money: str) -> None:
        """Say where it comes from, what else of hers lies here, and that money waits."""
        for old in self._origins:
            self._origin_column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._origins = [_line(one) for one in origins[:ORIGINS_MAX]]
        for line in self._origins:
            self._origin_column.addWidget(line)
        for words, text in ((self._others, others), (self._money, money)):
            words.setText(text)
            words.setVisible(bool(text))


def _line(one: Origin) -> QWidget:
    """Return what happened, below it what was said of it, at the right when."""
    place = QWidget()
    row = QHBoxLayout(place)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(Words(one.words, theme.BODY, bold=True).elided())
    if one.small:
        words.addWidget(hint(one.small, wrap=True))
    icon = IconLabel("warn" if one.tone == "warn" else "ok", INKS[one.tone], 20)
    row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(words, 1)
    row.addWidget(hint(one.day), 0, Qt.AlignmentFlag.AlignTop)
    return place
