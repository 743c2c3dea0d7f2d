"""A township's villages (各村): how each stands, and the lists by which its parcels left.

A piece stands in one column: announced and not here, here, left today. What nobody announced for a
village is in none of them, and is said above.
"""

from collections.abc import Sequence
from typing import Any

from station_app.journal.projection import StateChange
from station_app.services.parcels import bag_records, load_records
from station_app.services.parcels.bag_records import ListRow
from station_app.services.parcels.load_records import VillageTotals
from station_app.services.parcels.manifests import VILLAGE
from station_app.services.parcels.meanings import STUBS_PAGE
from station_app.services.parcels.pages.two_columns import TwoColumns
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words
from station_app.values.day import add_days, local_time, say_day

LOOK_BACK_DAYS = 30
LISTS_SHOWN = 8
FIGURES = ("coming", "here", "today", "week")


class VillagesPage(Page):
    """Shows how the villages of a township stand."""

    def __init__(self, counter: Counter, key: str) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._villages: tuple[VillageTotals, ...] = ()
        self._lists: tuple[ListRow, ...] = ()
        self._lay_out()

    def _lay_out(self) -> None:
        say = self.say
        empty = EmptyState(
            "split", say("parcels.sorting.no_village"), say("parcels.sorting.no_village_small")
        )
        self._panel = Panel(margins=(1, 12, 1, 4), spacing=0)
        self._total = Words("", theme.STRONG, bold=True, wrap=True)
        self._total.setContentsMargins(20, 0, 20, 6)
        columns = (Column("village"), *(Column(one, 118, "right") for one in FIGURES))
        self.table = ListTable(columns, name=say("parcels.villages.title"), row_height=48)
        self.table.current_changed.connect(lambda _village: self._show_side())
        self.table.opened.connect(lambda _village: self._open())
        self._panel.body.addWidget(self._total)
        self._panel.body.addWidget(self.table, 1)
        self._side = Panel(margins=(22, 14, 22, 12), spacing=6)
        self._title = Words("", theme.TITLE, bold=True, wrap=True)
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        self._rows = Words("", theme.BODY, wrap=True)
        for part in (self._title, self._small, self._rows):
            self._side.body.addWidget(part)
        self._side.body.addStretch(1)
        self._columns = TwoColumns(self, empty, self._panel, self._side)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.villages.title")

    def action_bar(self) -> Sequence[Action]:
        """Return where one goes from here."""
        say = self.say
        if not self._villages:
            return ()
        has_list = bool(self._of_current())
        reason = "" if has_list else say("parcels.villages.no_list")
        show = Action(say("parcels.villages.last_list"), "Enter", self._open, kind="primary",
                      icon="list", is_enabled=has_list, reason=reason)  # fmt: skip
        return (show,)

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at the villages as they stand now."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act, or after news."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & {"manifest", "bag", "station", "announcement"}:
            self._load()

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.set_compact(is_compact=is_compact)
        self.table.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        now = self.counter.desk.now()
        since = add_days(now.day, -LOOK_BACK_DAYS)

        def load(connection: Any) -> int:
            self._villages = load_records.village_totals(connection, now)
            found = bag_records.all_lists(connection, since)
            self._lists = tuple(one for one in found if one.state.direction == VILLAGE)
            return len(load_records.unsorted(connection, now.day))

        waiting = self.counter.desk.read(load)
        self._columns.show_rows(has_rows=bool(self._villages))
        sums = {name: sum(getattr(one, name) for one in self._villages) for name in FIGURES}
        words = self.say("parcels.villages.total", **sums)
        if unknown := max(waiting - sums["here"], 0):
            words += self.say("parcels.villages.unknown", count=unknown)
        self._total.setText(words)
        self.table.show_rows([self._row(one) for one in self._villages])
        if not self.table.current() and self._villages:
            self.table.choose(self._villages[0].code)
        self._show_side()

    def _row(self, one: VillageTotals) -> Row:
        figures = (
            Text(self.say(f"parcels.villages.{name}", count=getattr(one, name)))
            if getattr(one, name)
            else None
            for name in FIGURES
        )
        return Row(one.code, (Text(one.name, theme.STRONG, bold=True), *figures))

    def _of_current(self) -> list[ListRow]:
        village = self.table.current()
        return [one for one in self._lists if one.state.station == village]

    def _show_side(self) -> None:
        village = self.table.current()
        name = next((one.name for one in self._villages if one.code == village), "")
        lists, today = self._of_current(), self.counter.desk.now().day
        self._title.setText(name)
        self._small.setText(self.say("parcels.villages.lists", count=len(lists)))
        lines = [
            self.say(
                "parcels.villages.list",
                when=f"{say_day(one.state.day, today)} {local_time(one.state.at)}",
                number=one.number,
                count=len(one.state.pieces),
                seal=one.state.seal or "—",
            )
            for one in lists[:LISTS_SHOWN]
        ]
        self._rows.setText("\n".join(lines))
        self.touch_actions()

    # --- Where it leads --------------------------------------------------------------------------

    def _open(self) -> None:
        lists = self._of_current()
        if lists:
            self.counter.front.open_page(STUBS_PAGE, {"manifest": lists[0].entity})
