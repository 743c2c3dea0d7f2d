"""A grower telephones (上门收货): who, what, how much, where it lies, from which day.

Growers and sorts are found beside the form as is typed; somebody who is in no register is written
down by name, and a sort of which the county knows nothing by its own word.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.reference import produce_records as reference
from station_app.reference.goods_records import produce_named
from station_app.services.farm_pickups import rules
from station_app.services.farm_pickups.commands import AskFarmPickup
from station_app.services.farm_pickups.outfit import Outfit
from station_app.services.farm_pickups.telling import PAGE
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.values.day import add_days, say_day, weekday
from station_app.values.refusal import Refusal
from station_app.values.weight import parse_jin, say_jin

FOUND_MAX, ROW_HEIGHT = 6, 60
DAYS_SHOWN = 6
NAMED_DAYS = ("today", "tomorrow", "after_tomorrow")


class AskPage(Page):
    """Writes down what is to be fetched."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the form, empty."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._person = ""
        self._produce = ""
        self._seeks: Literal["person", "produce"] = "person"
        self._lay_out()
        counter.privacy.listen(self._seek)
        self._show_days()

    def _lay_out(self) -> None:
        texts, say = self.counter.texts, self.say
        self.who = TextField(texts, say("farm_pickups.form.who"), chinese=True)
        self.phone = TextField(texts, say("farm_pickups.form.phone"), limit=rules.PHONE_MAX)
        self.what = TextField(texts, say("farm_pickups.form.what"), chinese=True)
        self.weight = TextField(texts, say("farm_pickups.form.weight"), limit=12)
        self.place = TextField(
            texts, say("farm_pickups.form.place"), limit=rules.PLACE_MAX, chinese=True
        )
        self.remark = TextField(
            texts, say("farm_pickups.form.remark"), limit=rules.REMARK_MAX, chinese=True
        )
        self.days = ChoiceRow(columns=3, height=theme.WORD_HEIGHT)
        self.days.chosen.connect(lambda _day: self._typed())
        self._form = Panel("active", margins=(20, 12, 20, 12), spacing=6)
        for pair in ((self.who, self.phone), (self.what, self.weight)):
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addWidget(pair[0], 3)
            row.addWidget(pair[1], 2)
            self._form.body.addLayout(row)
        for part in (self.place, self.remark, hint(say("farm_pickups.form.day")), self.days):
            self._form.body.addWidget(part)
        self._read_back = Words("", theme.BODY, ink="ink2", wrap=True)
        self._form.body.addWidget(self._read_back)
        self._form.body.addStretch(1)
        self.who.changed.connect(self._type_who)
        self.what.changed.connect(self._type_what)
        for field in (self.phone, self.weight, self.place, self.remark):
            field.changed.connect(lambda _text: self._typed())
        self._finder = Panel(margins=(1, 12, 1, 8), spacing=6)
        self._found = Words("", theme.TITLE, bold=True)
        self._found.setContentsMargins(20, 0, 20, 0)
        self._none = hint("", wrap=True)
        self._none.setContentsMargins(20, 0, 20, 0)
        columns = (Column("what"), Column("cap", 84, "right"))
        self.list = ListTable(columns, name=say("farm_pickups.find.person"), row_height=ROW_HEIGHT)
        self.list.opened.connect(self._choose)
        for widget in (self._found, self._none, self.list):
            self._finder.body.addWidget(widget)
        self._finder.body.setStretchFactor(self.list, 1)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(self._form, 3)
        self._columns.addWidget(self._finder, 2)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._columns)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("farm_pickups.form.title")

    def first_focus(self) -> QWidget | None:
        """Return what is asked first: whose it is."""
        return self.who if not self.who.text() else None

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        missing = self._missing()
        return (
            Action(self.say("farm_pickups.action.list"), "F10", self._to_list, icon="list"),
            Action(
                self.say("farm_pickups.action.keep"), "Enter", self._keep, kind="primary",
                is_enabled=not missing, reason=missing,
            ),
        )  # fmt: skip

    def _missing(self) -> str:
        """Return the first thing that is missing, as the rule would say it."""
        decided = rules.ask(rules.Asking(), self._command(), self.counter.desk.now())
        if not isinstance(decided, Refusal):
            return ""
        return self.say(decided.text_key, **decided.slots)

    def _command(self) -> AskFarmPickup:
        return AskFarmPickup(
            person=self._person,
            name=self.who.text(),
            phone=self.phone.text(),
            place=self.place.text(),
            produce=self._produce or self.what.text(),
            grams=int(parse_jin(self.weight.text()) or 0),
            wanted_day=self.days.value(),
            remark=self.remark.text(),
        )

    def draft(self) -> Draft | None:
        """Return what was typed."""
        typed = {name: field.text() for name, field in self._fields().items()}
        if not any(typed.values()):
            return None
        return {**typed, "person": self._person, "sort": self._produce, "day": self.days.value()}

    def resume(self, draft: Draft) -> str:
        """Take up what was typed when the power went."""
        for name, field in self._fields().items():
            field.set_text(str(draft[name]))
        self._person, self._produce = str(draft["person"]), str(draft["sort"])
        self.days.set_value(str(draft["day"]))
        self._typed()
        return self.say("farm_pickups.resumed")

    def _fields(self) -> dict[str, TextField]:
        return {
            "who": self.who, "phone": self.phone, "what": self.what, "weight": self.weight,
            "place": self.place, "remark": self.remark,
        }  # fmt: skip

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Show the days from today on."""
        self._show_days()
        self._seek()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Begin with a grower who was found elsewhere."""
        if subject.get("person"):
            self._take_person(subject["person"])

    def on_digit(self, digit: int) -> bool:
        """Choose the day."""
        return self.days.take_digit(digit)

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self._form.body.setSpacing(2 if is_compact else 6)
        self.list.set_compact(compact=is_compact)

    # --- Finding ---------------------------------------------------------------------------------

    def _show_days(self) -> None:
        today = self.counter.desk.now().day
        days = [add_days(today, count) for count in range(DAYS_SHOWN)]
        self.days.show_choices([Choice(day, self._day_words(day, today)) for day in days])
        if not self.days.value():
            self.days.set_value(days[1])

    def _day_words(self, day: str, today: str) -> str:
        for count, name in enumerate(NAMED_DAYS):
            if add_days(today, count) == day:
                return self.say(f"farm_pickups.day.{name}")
        week = self.say(f"overview.weekday.{weekday(day)}")
        return f"{say_day(day, today)} {week}"

    def _type_who(self, _text: str) -> None:
        self._person = ""
        self._seeks = "person"
        self._typed()
        self._seek()

    def _type_what(self, _text: str) -> None:
        self._produce = ""
        self._seeks = "produce"
        self._typed()
        self._seek()

    def _seek(self) -> None:
        typed = (self.who if self._seeks == "person" else self.what).text().strip()
        is_settled = bool(self._person if self._seeks == "person" else self._produce)
        rows: list[Row] = []
        if typed and not is_settled:
            rows = self._people(typed) if self._seeks == "person" else self._sorts(typed)
        say, which = self.say, self._seeks
        self._found.setText(say(f"farm_pickups.find.{which}"))
        key = "settled" if is_settled else f"none_{which}" if typed else f"type_{which}"
        self._none.setText("" if rows else say(f"farm_pickups.find.{key}"))
        self._none.setVisible(not rows)
        self.list.show_rows(rows, keep=False)
        if rows:
            self.list.choose(rows[0].subject)
        self.list.set_owns_enter(owns=bool(rows))

    def _people(self, typed: str) -> list[Row]:
        people = self._outfit.people
        found = self.counter.desk.read(lambda c: people.find(c, typed))[:FOUND_MAX]
        rows = []
        for one in found:
            tail = self.say("farm_pickups.paper.tail", tail=one.tail) if one.tail else ""
            small = "·".join(part for part in (one.hamlet, tail) if part)
            name = self.counter.privacy.name(one.name)
            rows.append(Row(one.identity, (Text(name, theme.STRONG, bold=True, small=small), None)))
        return rows

    def _sorts(self, typed: str) -> list[Row]:
        day = self.counter.desk.now().day
        found = self.counter.desk.read(lambda c: reference.find_sorts(c, typed, day))[:FOUND_MAX]
        return [Row(one.code, (Text(one.name, theme.STRONG, bold=True), None)) for one in found]

    def _choose(self, subject: str) -> None:
        if self._seeks == "person":
            self._take_person(subject)
            self.what.setFocus()
        else:
            sort = self.counter.desk.read(lambda c: produce_named(c, subject))
            self.what.set_text(sort.name if sort else subject)
            self._produce = subject
            self.weight.setFocus()
        self._typed()
        self._seek()

    def _take_person(self, identity: str) -> None:
        people = self._outfit.people
        found = self.counter.desk.read(lambda c: people.person(c, identity))
        if found is None:
            return
        self.who.set_text(found.name)
        self.phone.set_text(found.phone)
        self.place.set_text(found.hamlet)
        self._person = identity
        self._seeks = "person"
        self._typed()

    def _typed(self) -> None:
        command = self._command()
        words = ""
        if command.grams:
            words = self.say("farm_pickups.form.said", weight=say_jin(command.grams),
                             kg=f"{command.grams / 1_000:g}")  # fmt: skip
        self._read_back.setText(words)
        self.touch_draft()
        self.touch_actions()

    # --- The act ---------------------------------------------------------------------------------

    def _to_list(self) -> None:
        self.counter.front.open_page(PAGE, {})

    def _keep(self) -> None:
        self.perform(self._command(), done=self._kept)

    def _kept(self, outcome: Done) -> None:
        self._person = self._produce = ""
        for field in self._fields().values():
            field.set_text("")
        self._seeks = "person"
        self.keep_draft()
        self.tell_done(self.say("farm_pickups.done.asked"), outcome)
        self.counter.front.open_page(PAGE, {"pickup": outcome.told[0].subject})
