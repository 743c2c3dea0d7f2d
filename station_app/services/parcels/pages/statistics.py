"""Statistics (统计): parcels over a day, a week, a month, a year, three years; bars and a table.

It is read in the background: three years take longer than a key may.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from station_app.journal.projection import StateChange
from station_app.reference import records as reference
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.statistics_parts import (
    Bar,
    Bars,
    columns,
    dwell_words,
    row_of,
    share_words,
)
from station_app.services.parcels.statistics import DWELLS, SPANS, Statistics, span_of
from station_app.services.parcels.statistics_records import statistics
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.day import say_day

COURIERS_MAX = 12  # bars beside each other; the table has them all
LABELLED_HOURS = 3  # every third hour has its number below
TABLE_WIDTH = 560


class StatisticsPage(Page):
    """Shows what was done with parcels."""

    def __init__(self, counter: Counter, key: str, _outfit: Outfit) -> None:
        """Make the page, with a week."""
        super().__init__(counter, key)
        self.found: Statistics | None = None
        self._names: Mapping[str, str] = {}
        self._lay_out()
        self.spans.set_value("week")

    def _lay_out(self) -> None:
        say = self.counter.say
        choices = [Choice(name, say(f"parcels.statistics.span_{name}")) for name in SPANS]
        self.spans = ChoiceRow(choices, columns=len(choices), height=theme.FORM_HEIGHT)
        self.spans.chosen.connect(lambda _name: self._load())
        self._empty = EmptyState(
            "chart", say("parcels.statistics.empty"), say("parcels.statistics.empty_small")
        )
        self.by_courier, couriers, _ = self._chart("by_courier")
        self.by_dwell, dwells, _ = self._chart("by_dwell")
        small = say("parcels.statistics.by_hour_small")
        self.by_hour, hours, self._busiest = self._chart("by_hour", small)
        self._chart_panels = (couriers, dwells, hours)
        self._charts = QGridLayout()
        self._charts.addWidget(couriers, 0, 0, 1, 2)
        self._charts.addWidget(dwells, 1, 0)
        self._charts.addWidget(hours, 1, 1)
        self._charts.setColumnStretch(0, 2)
        self._charts.setColumnStretch(1, 3)
        self._panel = Panel(margins=(1, 12, 1, 4), spacing=4)
        self._title = strong()
        self._said = hint("")
        head = QVBoxLayout()
        head.setContentsMargins(18, 0, 18, 4)
        head.addWidget(self._title)
        head.addWidget(self._said)
        self._panel.body.addLayout(head)
        self.table = ListTable(
            columns(self.counter.texts), name=say("parcels.statistics.table"), row_height=40
        )
        self.table.horizontalHeader().setVisible(True)
        self._panel.body.addWidget(self.table, 1)
        self._panel.setFixedWidth(TABLE_WIDTH)
        self._row = QHBoxLayout()
        self._row.addLayout(self._charts, 1)
        self._row.addWidget(self._panel)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.spans)
        self._column.addWidget(self._empty, 1)
        self._column.addLayout(self._row, 1)
        self._space(theme.FULL.gap)

    def _chart(self, name: str, small: str = "") -> tuple[Bars, Panel, Words]:
        """Return bars, the panel around them, and its heading."""
        say = self.counter.say
        panel = Panel(margins=(16, 10, 16, 8), spacing=4)
        head = QHBoxLayout()
        title = Words(say(f"parcels.statistics.{name}"), theme.BODY, bold=True)
        head.addWidget(title)
        head.addStretch(1)
        if small:
            head.addWidget(hint(small))
        bars = Bars(say(f"parcels.statistics.{name}"))
        panel.body.addLayout(head)
        panel.body.addWidget(bars, 1)
        return bars, panel, title

    def _space(self, gap: int) -> None:
        self._charts.setSpacing(gap)
        self._row.setSpacing(gap)
        self._column.setSpacing(gap)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.tab.statistics")

    def activated(self) -> None:
        """Look at the books as they are now."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & {"parcel", "courier"}:
            self._load()

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._space(theme.COMPACT.gap if is_compact else theme.FULL.gap)

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        asked = self.spans.value() or "week"
        span = span_of(asked, self.counter.desk.now().day)

        def look(connection: Any) -> tuple[Statistics, dict[str, str]]:
            names = {row.code: row.short_name for row in reference.couriers(connection)}
            return statistics(connection, span), names

        def show(found: tuple[Statistics, dict[str, str]]) -> None:
            if self.spans.value() == asked:  # else another span has been asked for meanwhile
                self.found, self._names = found
                self._show(self.found)

        self.counter.desk.look_up(look, show)

    def _show(self, found: Statistics) -> None:
        say, texts = self.counter.say, self.counter.texts
        is_empty = found.whole.is_empty
        self._empty.setVisible(is_empty)
        self._panel.setVisible(not is_empty)
        for panel in self._chart_panels:
            panel.setVisible(not is_empty)
        today = found.span.today
        first, last = say_day(found.span.first, today), say_day(found.span.last, found.span.first)
        self._title.setText(first if first == last else f"{first} – {last}")
        whole = found.whole
        self._said.setText(
            say(
                "parcels.statistics.said",
                dwell=dwell_words(whole, texts),
                share=share_words(whole),
            )
        )
        rows = [row_of("", say("parcels.statistics.all"), whole, texts)]
        rows += [row_of(code, self._name(code), sums, texts) for code, sums in found.by_courier]
        self.table.show_rows(rows)
        self.by_courier.show_bars(
            [
                Bar(self._name(code), sums.came)
                for code, sums in found.by_courier[:COURIERS_MAX]
                if sums.came
            ]
        )
        self.by_dwell.show_bars(
            [Bar(words, whole.dwells[place]) for place, words in enumerate(self._dwells())]
        )
        self._show_hours(found)

    def _show_hours(self, found: Statistics) -> None:
        """Show the hours, and say which was the busiest: no number stands on so many bars."""
        both = [came + handed for came, handed in zip(found.came_at, found.handed_at, strict=True)]
        most = max(both)
        key = "busiest" if most else "by_hour"
        slots = {"hour": both.index(most), "count": most}
        self._busiest.setText(self.say(f"parcels.statistics.{key}", **slots))
        self.by_hour.show_bars(
            [
                Bar("" if hour % LABELLED_HOURS else str(hour), came, handed)
                for hour, (came, handed) in enumerate(
                    zip(found.came_at, found.handed_at, strict=True)
                )
            ]
        )

    def _name(self, courier: str) -> str:
        return self._names.get(courier) or courier or self.say("parcels.statistics.unnamed")

    def _dwells(self) -> list[str]:
        """Return what the bars of waiting are called: 当天, 1, 2, 3–4, … 7+."""
        said, before = [], -1
        for most in DWELLS:
            span = str(most) if most == before + 1 else f"{before + 1}–{most}"
            said.append(span if most else self.say("parcels.statistics.same_day"))
            before = most
        return [*said, f"{DWELLS[-1]}+"]
