"""Lists that were closed (交接单存根): every round that came or went, looked at, printed, written.

Enter prints a list once more; Ctrl+S asks where it goes as A4 or as a workbook.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.printing.list_file import PDF, XLSX
from station_app.services.parcels import bag_records
from station_app.services.parcels.bag_records import ListRow
from station_app.services.parcels.list_sheets import sheet_of
from station_app.services.parcels.lists import Manifest, goods_words
from station_app.services.parcels.manifest_records import ManifestDesk
from station_app.services.parcels.meanings import MANIFEST_PAGE
from station_app.services.parcels.outfit import Outfit
from station_app.services.parcels.pages.two_columns import TwoColumns
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Paper
from station_app.shell.files import NotWritten
from station_app.shell.offers import Tone
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.shell.widgets.out_panel import OutPanel
from station_app.shell.widgets.panels import EmptyState, Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words
from station_app.values.day import add_days, local_time, say_day

LOOK_BACK_DAYS = 90
PIECES_SHOWN = 12  # at the side; the paper and the file have all of them


class ListsPage(Page):
    """Shows lists that were closed."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._desk = ManifestDesk(outfit.gatherer, outfit.texts)
        self._rows: tuple[ListRow, ...] = ()
        self._lay_out()

    def _lay_out(self) -> None:
        say = self.say
        empty = EmptyState("bag", say("parcels.stubs.empty"), say("parcels.stubs.empty_small"))
        self._panel = Panel(margins=(1, 12, 1, 4), spacing=0)
        columns = (
            Column("when", 150),
            Column("what"),
            Column("number", 130),
            Column("state", 300, "right"),
        )
        self.table = ListTable(columns, name=say("parcels.stubs.title"), row_height=56)
        self.table.current_changed.connect(lambda _list: self._show_side())
        self._panel.body.addWidget(self.table, 1)
        self.out = OutPanel(self.counter, self._outfit.files.places)
        self.out.changed.connect(self.touch_actions)
        self._side = Panel(margins=(22, 14, 22, 12), spacing=6)
        self._title = Words("", theme.TITLE, bold=True, wrap=True)
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        self._pieces = Words("", theme.BODY, wrap=True)
        for part in (self._title, self._small, self._pieces):
            self._side.body.addWidget(part)
        self._side.body.addStretch(1)
        wide = QWidget()
        left = QVBoxLayout(wide)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(theme.FULL.gap)
        left.addWidget(self.out)
        left.addWidget(self._panel, 1)
        self._columns = TwoColumns(self, empty, wide, self._side)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("parcels.stubs.title")

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the list on which the cursor stands."""
        row = self._current()
        return {"entity": row.entity, "title": self.title} if row is not None else None

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        if self.out.isVisible():
            place = self.out.place
            write = Action(
                say("ledger.out.write", place=place[0] if place else ""), "Enter", self._write,
                kind="primary", icon="download", is_enabled=place is not None,
                reason="" if place is not None else say("ledger.out.nowhere"),
            )  # fmt: skip
            return (Action(say("ledger.out.leave"), "Esc", self._leave), write)
        if not self._rows:
            return ()
        bags = Action(say("parcels.tab.manifest"), "F11", self._to_bags, icon="bag")
        save = Action(say("parcels.stubs.file"), "Ctrl+S", self._ask, icon="download")
        again = Action(say("parcels.stubs.again"), "Enter", self._print, kind="primary",
                       icon="printer")  # fmt: skip
        return (bags, save, again)

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at the lists as they are now."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act."""
        if not changes or any(change.kind.name == "manifest" for change in changes):
            self._load()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Show one list."""
        self._load()
        if subject.get("manifest"):
            self.table.choose(subject["manifest"])

    def on_digit(self, digit: int) -> bool:
        """Choose what and where."""
        return self.out.isVisible() and (
            self.out.what.take_digit(digit) or self.out.where.take_digit(digit)
        )

    def on_escape(self) -> bool:
        """Leave the question."""
        if not self.out.isVisible():
            return False
        self._leave()
        return True

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.set_compact(is_compact=is_compact)
        self.table.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        today = self.counter.desk.now().day
        since = add_days(today, -LOOK_BACK_DAYS)
        self._rows = self.counter.desk.read(lambda c: bag_records.all_lists(c, since))
        self._columns.show_rows(has_rows=bool(self._rows))
        self.table.show_rows([self._row(one, today) for one in self._rows])
        if not self.table.current() and self._rows:
            self.table.choose(self._rows[0].entity)
        self._show_side()

    def _row(self, row: ListRow, today: str) -> Row:
        said, say = row.state, self.say
        when = f"{say_day(said.day, today)} {local_time(said.at)}"
        count = sum(one.state != "missing" for one in said.pieces)
        odd = said.differing
        goods = sum(one.packages for one in said.goods)
        is_bare = not said.goods and not said.bags
        words = say("parcels.board.pieces", count=count) if count or is_bare else ""
        if goods:
            more = say("parcels.stubs.goods", count=goods)
            words = f"{words}  {more}".strip()
        key, tone = self._state(row)
        if said.bags:
            words = f"{words}  {say('parcels.stubs.bags', count=len(said.bags))}".strip()
        name = row.village or self.counter.privacy.name(said.other)
        return Row(
            row.entity,
            (
                Text(when),
                Text(say(f"parcels.manifest.title_{said.direction}"), bold=True, small=name),
                Text(row.number),
                Pill(f"{words}·{say(f'parcels.stubs.{key}', count=odd)}", tone),
            ),
        )

    def _state(self, row: ListRow) -> tuple[str, Tone]:
        """Return whether a list agrees; of what goes to the hub also whether it is there."""
        said = row.state
        odd = bool(said.differing)
        if said.came_day:
            return ("came_odd", "warn") if odd else ("came", "ok")
        if said.direction == "van" and said.has_parcels:
            return "on_the_way", "waiting"
        return ("odd", "warn") if odd else ("even", "ok")

    def _show_side(self) -> None:
        row = self._current()
        if row is not None:
            said = self._said(row)
            self._title.setText(self.say(f"parcels.manifest.title_{said.kind}"))
            self._small.setText(self.say("parcels.stubs.signed", number=row.number))
            self._pieces.setText("\n".join([*self._came(row), *self._lines(said)]))
        self.touch_actions()

    def _came(self, row: ListRow) -> list[str]:
        """Return what the hub did not find of a list, or found besides it."""
        said = row.state
        codes = [(one.state, one.waybill) for one in said.came]
        codes += [(one.state, one.code) for one in said.came_bags]
        odd = [one for one in codes if one[0] != "seen"][:PIECES_SHOWN]
        return [f"{self.say(f'parcels.manifest.state_{state}')}  {code}" for state, code in odd]

    def _lines(self, said: Manifest) -> list[str]:
        lines = []
        for one in said.pieces[:PIECES_SHOWN]:
            state = "" if one.state == "seen" else self.say(f"parcels.manifest.state_{one.state}")
            lines.append(f"{one.courier}  {one.waybill}  {state}".rstrip())
        lines += [f"{one.name}  {goods_words(one, self.counter.texts)}" for one in said.goods]
        lines += [f"{self.say('parcels.manifest.state_bag')}  {code}" for code in said.bags]
        more = len(said.pieces) - PIECES_SHOWN
        return [*lines, *([self.say("parcels.stubs.more", count=more)] if more > 0 else [])]

    def _said(self, row: ListRow) -> Manifest:
        return self.counter.desk.read(lambda c: self._desk.said(c, row.entity))

    def _current(self) -> ListRow | None:
        subject = self.table.current()
        return next((one for one in self._rows if one.entity == subject), None)

    # --- The acts --------------------------------------------------------------------------------

    def _print(self) -> None:
        row = self._current()
        if row is None:
            return
        again = self._desk.again
        document = self.counter.desk.read(lambda c: again(c, row.act, self.counter.texts))
        if document is not None:
            self._outfit.print_again(Paper("receipt", document), row.act)
            self.counter.front.toast(Notice(self.say("parcels.stubs.printed"), "notice"))

    def _to_bags(self) -> None:
        self.counter.front.open_page(MANIFEST_PAGE, {})

    def _ask(self) -> None:
        if self._current() is not None:
            self.out.ask(self.say("parcels.stubs.file"), (PDF, XLSX))
            self.touch_actions()

    def _leave(self) -> None:
        self.out.hide()
        self.touch_actions()

    def _write(self) -> None:
        row, place = self._current(), self.out.place
        if row is None or place is None:
            return
        words, folder = place
        sheet, what = sheet_of(self._said(row), self.counter.texts), self.out.what.value()

        def look(_connection: Any) -> tuple[str, str]:
            try:
                return "", self._outfit.files.write(sheet, what, folder)
            except NotWritten as problem:
                return problem.reason, ""

        def show(found: tuple[str, str]) -> None:
            reason, file = found
            self.counter.sounds.play("warn" if reason else "ok")
            key = f"ledger.out.{reason}" if reason else "ledger.out.done"
            said = self.say(key, folder=words, place=words, file=file)
            self.counter.front.toast(Notice(said, "stop" if reason else "notice"))
            if not reason:
                self._leave()

        self.counter.desk.look_up(look, show)
