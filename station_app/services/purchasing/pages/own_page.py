"""What villagers ordered on their own accounts (自己下的单): noted at the counter, no money.

It counts for the rebate of the platform, and the parcel that comes under its waybill is hers.
"""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.services.purchasing import own_records
from station_app.services.purchasing.commands import NoteOwnOrder, TellOwnWaybill
from station_app.services.purchasing.outfit import Outfit
from station_app.services.purchasing.own_placing import NUMBER_MAX, PLATFORM_MAX
from station_app.services.purchasing.own_records import OwnRow
from station_app.services.purchasing.pages.seeker import Seeker, small_of
from station_app.services.purchasing.placing import ITEM_MAX, PRICE_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.offers import Tone
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.shell.widgets.fields import MoneyField, TextField, in_row
from station_app.shell.widgets.panels import Panel, Places
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule
from station_app.values.day import say_day
from station_app.values.money import say_yuan

WAYBILL_SIGNS, RIGHT_WIDTH, ROW_HEIGHT = 40, 560, 62


class OwnPage(Page):
    """Notes them, and lists those of this month. mode: `who`, `form` or `waybill`."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with nobody chosen."""
        super().__init__(counter, key)
        self._outfit = outfit
        self.mode = "who"
        self.person = ""
        self.seeker = Seeker(counter, outfit)
        self.seeker.person_chosen.connect(self._take_person)
        texts = counter.texts
        self.platform = TextField(texts, self._say("platform"), limit=PLATFORM_MAX, chinese=True)
        self.number = TextField(texts, self._say("number"), limit=NUMBER_MAX)
        self.amount = MoneyField(texts, self._say("amount"))
        self.item = TextField(texts, self._say("item"), limit=ITEM_MAX, chinese=True)
        self.waybill = TextField(texts, self._say("waybill"), limit=WAYBILL_SIGNS)
        self.late = TextField(texts, self._say("late_waybill"), limit=WAYBILL_SIGNS)
        self.list = ListTable(
            (Column("who"), Column("sum", 120, "right"), Column("state", 130, "right")),
            name=self._say("list"),
            row_height=ROW_HEIGHT,
        )
        self.list.current_changed.connect(lambda _row: self.touch_actions())
        for field in (self.platform, self.number, self.item, self.waybill, self.late):
            field.changed.connect(lambda _text: self.touch_actions())
        self.amount.amount_changed.connect(lambda _fen: self.touch_actions())
        self._rows: dict[str, OwnRow] = {}
        self._lay_out()
        counter.privacy.listen(self.show_all)
        self.seeker.ask("person")
        self.show_all()

    def _say(self, key: str, /, **slots: object) -> str:
        return self.say(f"purchasing.own.{key}", **slots)

    def _lay_out(self) -> None:
        form = Panel("active", margins=(22, 14, 22, 12), spacing=8)
        self._who = Words("", theme.TITLE, bold=True).elided()
        self._small = hint("").elided()
        numbers = QWidget()
        numbers.setLayout(in_row(self.number, self.amount))
        for widget in (
            self._who, self._small, self.platform, numbers, self.item, self.waybill,
            hint(self._say("no_money"), wrap=True),
        ):  # fmt: skip
            form.body.addWidget(widget)
        form.body.addStretch(1)
        late = Panel("active", margins=(22, 14, 22, 12), spacing=8)
        self._late_title = Words("", theme.TITLE, bold=True).elided()
        late.body.addWidget(self._late_title)
        late.body.addWidget(self.late)
        late.body.addStretch(1)
        self._left = Places()
        self._places: dict[str, QWidget] = {"who": self.seeker, "form": form, "waybill": late}
        for widget in self._places.values():
            self._left.addWidget(widget)
        right = Panel(margins=(1, 12, 1, 8), spacing=6)
        self._title = Words("", theme.STRONG, bold=True)
        self._title.setContentsMargins(18, 0, 18, 0)
        right.body.addWidget(self._title)
        right.body.addWidget(rule())
        right.body.addWidget(self.list, 1)
        right.setFixedWidth(RIGHT_WIDTH)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(self._left, 1)
        self._columns.addWidget(right)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("purchasing.tab.own")

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self.list.set_compact(compact=is_compact)
        self.seeker.list.set_compact(compact=is_compact)

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        if self.mode == "who":
            row = self._rows.get(self.list.current())
            if row is None or row.state.waybill:
                return []
            return [Action(self._say("tell"), "F11", self._ask_waybill)]
        missing = self._missing()
        label = "primary" if self.mode == "form" else "primary_waybill"
        return [
            Action(self._say("back"), "Esc", self.begin),
            Action(
                self._say(label),
                "Enter",
                self._note if self.mode == "form" else self._tell,
                kind="primary",
                is_enabled=not missing,
                reason=self._say(f"missing_{missing}") if missing else "",
            ),
        ]

    def _missing(self) -> str:
        if self.mode == "waybill":
            return "" if self.late.text().strip() else "waybill"
        steps = (
            ("platform", not self.platform.text().strip()),
            ("number", not self.number.text().strip()),
            ("amount", self.amount.is_wrong() or not 0 < (self.amount.fen() or 0) <= PRICE_MAX),
        )
        return next((step for step, is_open in steps if is_open), "")

    def on_escape(self) -> bool:
        """Leave what is typed."""
        if self.mode == "who":
            return False
        self.begin()
        return True

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Begin for a person."""
        if subject.get("person"):
            self._take_person(subject["person"])

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Show what changed."""
        if not changes or {c.kind.name for c in changes} & {"own_order", "parcel", "person"}:
            self.show_all()

    def first_focus(self) -> QWidget | None:
        """Return what is typed into first."""
        fields = {"who": self.seeker.field, "form": self.platform, "waybill": self.late}
        return fields[self.mode]

    def begin(self) -> None:
        """Begin with nobody."""
        self.person = ""
        for field in (self.platform, self.number, self.item, self.waybill, self.late):
            field.set_text("")
        self.amount.set_fen(None)
        self.seeker.ask("person")
        self._turn_to("who")

    def _turn_to(self, mode: str) -> None:
        self.mode = mode
        self.show_all()
        if self.isVisible():
            (self.first_focus() or self).setFocus()

    def _take_person(self, identity: str) -> None:
        people = self._outfit.people
        person = self.counter.desk.read(lambda c: people.person(c, identity))
        if person is None or person.is_erased:
            return
        self.person = person.identity
        self._who.setText(self.counter.privacy.name(person.name))
        self._small.setText(small_of(self.say, person))
        self._turn_to("form")

    def _ask_waybill(self) -> None:
        row = self._rows.get(self.list.current())
        if row is not None:
            self._late_title.setText(self._say("late_title", number=row.state.number))
            self._turn_to("waybill")

    def _note(self) -> None:
        command = NoteOwnOrder(
            person=self.person,
            platform=self.platform.text(),
            number=self.number.text(),
            amount_fen=self.amount.fen() or 0,
            item=self.item.text(),
            waybill=self.waybill.text(),
        )
        self.perform(command, done=self._did("noted"))

    def _tell(self) -> None:
        command = TellOwnWaybill(order=self.list.current(), waybill=self.late.text())
        self.perform(command, done=self._did("told"))

    def _did(self, what: str) -> Callable[[Done], None]:
        def tell(done: Done) -> None:
            self.begin()
            self.tell_done(self._say(what), done)

        return tell

    def show_all(self) -> None:
        """Show the state as it is now."""
        month = self.counter.desk.now().day[:7]
        found = self.counter.desk.read(lambda c: own_records.own_orders(c, month))
        count, fen = self.counter.desk.read(lambda c: own_records.own_figures(c, month))
        self._rows = {row.order: row for row in found}
        self.list.show_rows([self._row(row) for row in found])
        self._title.setText(self._say("month", count=count, amount=say_yuan(fen)))
        self._left.setCurrentWidget(self._places[self.mode])
        self.touch_actions()

    def _row(self, row: OwnRow) -> Row:
        people, state = self._outfit.people, row.state
        person = self.counter.desk.read(lambda c: people.person(c, state.person))
        name = self.counter.privacy.name(person.name) if person else ""
        today = self.counter.desk.now().day
        parts = (row.item, state.platform, state.number, say_day(state.day, today))
        key = row.parcel if row.parcel in ("on_hand", "handed_over") else ""
        key = key or ("waits" if state.waybill else "no_waybill")
        tone: Tone = "ok" if key == "on_hand" else "plain" if key == "handed_over" else "waiting"
        return Row(
            row.order,
            (
                Text(name or state.number, theme.STRONG, bold=True,
                     small="·".join(part for part in parts if part)),
                Text(say_yuan(state.amount_fen), theme.BODY, bold=True),
                Pill(self._say(f"state_{key}"), tone),
            ),
        )  # fmt: skip
