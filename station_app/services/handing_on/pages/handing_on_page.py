"""A station passes into other hands (交站): why, who takes it, which keys; what is open goes along.

On the left stands what is open now, and the handings on that there were; on the right it is asked.
Enter writes it down and prints the paper twice. An operator who leaves is taken off the list in the
same act; when the station is merged, what stands on its shelves is sent on in the same act.
"""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.services.handing_on import records, rules
from station_app.services.handing_on.commands import HandOn
from station_app.services.handing_on.outfit import Outfit
from station_app.services.handing_on.papers import page_words
from station_app.services.handing_on.rules import CLOSES, KEYS, LEAVES, MERGES, MOVES, REASONS
from station_app.services.parcels.commands import ForwardParcel
from station_app.services.people.commands import RemoveOperator
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import CountField, TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint
from station_app.values.day import say_day
from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal
from station_app.values.staff import Coworker

WIDTH, WIDTH_COMPACT = 470, 440
FIRST_PERSON = 5  # digits 1 to 4 are the reasons
PEOPLE_MAX = 5
FORWARDED_MAX = 200


class HandingOnPage(Page):
    """Hands a station on."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._work: tuple[tuple[str, int], ...] = ()
        self._parcels: tuple[str, ...] = ()
        self._standing: rules.Standing | None = None
        self._station = ""
        self._staff: tuple[Coworker, ...] = ()
        self._lay_out()

    def _lay_out(self) -> None:
        say, texts = self.say, self.counter.texts
        self._panel = Panel(margins=(1, 12, 1, 4), spacing=0)
        columns = (Column("what"), Column("count", 150, "right"))
        self.table = ListTable(columns, name=say("handing_on.list"), row_height=48)
        self._panel.body.addWidget(self.table, 1)
        self._side = Panel("active", margins=(20, 10, 20, 10), spacing=6)
        self.reasons = ChoiceRow(
            [Choice(one, say(f"handing_on.reason.{one}")) for one in REASONS],
            columns=2, height=theme.WORD_HEIGHT,
        )  # fmt: skip
        self.leaving = ChoiceRow(columns=2, first=FIRST_PERSON, height=theme.WORD_HEIGHT)
        self._who = hint(say("handing_on.form.leaving"))
        self._to = hint("")
        self.takers = ChoiceRow(columns=2, first=FIRST_PERSON, height=theme.WORD_HEIGHT)
        self.station = TextField(texts, say("handing_on.form.station"), chinese=True)
        self._found = Words("", theme.BODY, ink="ink2", wrap=True)
        self.taker = TextField(
            texts, say("handing_on.form.taker_name"), limit=rules.NAME_MAX, chinese=True
        )
        self.place = TextField(
            texts, say("handing_on.form.place"), limit=rules.PLACE_MAX, chinese=True
        )
        self.keys = {one: CountField(texts, say(f"handing_on.key.{one}"), digits=2) for one in KEYS}
        self._float = Words("", theme.STRONG, bold=True)
        self.reasons.chosen.connect(lambda _value: self._begin())
        self.leaving.chosen.connect(lambda _value: self._ask_taker())
        self.takers.chosen.connect(lambda _value: self._show())
        for field in (self.station, self.taker, self.place, *self.keys.values()):
            field.changed.connect(lambda _text: self._show())
        for part in (
            self.reasons, self._who, self.leaving, self._to, self.takers, self.station,
            self._found, self.taker, self.place,
        ):  # fmt: skip
            self._side.body.addWidget(part)
        row = QHBoxLayout()
        row.setSpacing(8)
        for field in self.keys.values():
            row.addWidget(field)
        self._side.body.addLayout(row)
        self._side.body.addWidget(self._float)
        self._side.body.addStretch(1)
        self._side.setFixedWidth(WIDTH)
        self._columns = QHBoxLayout()
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(self._panel, 1)
        self._columns.addWidget(self._side)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addLayout(self._columns)

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("handing_on.tab")

    def first_focus(self) -> QWidget | None:
        """Leave digits to the reasons."""
        return self.table

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        missing = self._missing()
        key = self.reasons.value() or "none"
        words = self.say(f"handing_on.action.{key}", count=len(self._parcels))
        hand = Action(words, "Enter", self._hand_on, kind="primary", is_enabled=not missing,
                      reason=missing)  # fmt: skip
        return (hand,)

    def _missing(self) -> str:
        if self._standing is None:
            return ""
        decided = rules.hand_on(self._standing, self._command(), self.counter.desk.now())
        return self.say(decided.text_key, **decided.slots) if isinstance(decided, Refusal) else ""

    def _command(self) -> HandOn:
        reason = self.reasons.value()
        return HandOn(
            reason=reason,
            leaving=self.leaving.value() if reason == LEAVES else "",
            taker=self.takers.value() if reason == LEAVES else "",
            to_station=self._station if reason == MERGES else "",
            taker_name=self.taker.text() if reason in (MERGES, CLOSES) else "",
            place=self.place.text() if reason == MOVES else "",
            keys=tuple((kind, field.count() or 0) for kind, field in self.keys.items()),
            work=self._work,
            forwarded=len(self._parcels) if reason == MERGES else 0,
        )

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at what is open now."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act."""
        self._load()

    def on_digit(self, digit: int) -> bool:
        """Choose why, and who."""
        rows = (self.reasons, self.leaving, self.takers)
        return any(row.take_digit(digit) for row in rows)

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._columns.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self._side.setFixedWidth(WIDTH_COMPACT if is_compact else WIDTH)
        self._side.body.setSpacing(2 if is_compact else 6)
        self.table.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def _load(self) -> None:
        now = self.counter.desk.now()

        def load(connection: Any) -> list[Row]:
            self._work = tuple(self._outfit.work(connection, now))
            self._parcels = tuple(self._outfit.parcels(connection))[:FORWARDED_MAX]
            self._standing = self._outfit.gatherer.look(connection, now)
            staff = self._outfit.people.coworkers(connection)[:PEOPLE_MAX]
            self.leaving.show_choices([Choice(one.identity, one.name) for one in staff])
            self._staff = tuple(staff)
            rows = [Row("", (), heading=self.say("handing_on.open_now"))]
            rows += [
                Row(page, (Text(page_words(page, self.counter.texts)), Text(str(count))))
                for page, count in self._work
            ]
            found = records.listed(connection)
            if found:
                rows.append(Row("", (), heading=self.say("handing_on.earlier")))
            for one in found:
                words = self.say(f"handing_on.reason.{one.state.reason}")
                small = self._outfit.papers.taker(connection, one) or one.state.place
                when = say_day(one.state.day, now.day)
                rows.append(Row(one.entity, (Text(words, bold=True, small=small), Text(when))))
            return rows

        self.table.show_rows(self.counter.desk.read(load))
        self._show()

    def _show(self) -> None:
        reason = self.reasons.value()
        shown = {
            LEAVES: (self._who, self.leaving, self._to, self.takers),
            MOVES: (self.place,),
            MERGES: (self.station, self._found, self.taker),
            CLOSES: (self.taker,),
        }
        everything = {part for parts in shown.values() for part in parts}
        if self.leaving.value():  # who leaves is said in words, and the digits are the takers'
            shown[LEAVES] = (self._to, self.takers)
        for part in everything:
            part.setVisible(part in shown.get(reason, ()))
        self._find_station()
        fen = self._standing.float_fen if self._standing else 0
        is_open = bool(self.counter.desk.now().shift)
        words = "" if is_open else self.say("handing_on.form.float", amount=say_yuan(fen))
        self._float.setText(words)
        self.touch_actions()

    def _begin(self) -> None:
        """Ask anew who leaves."""
        for choices in (self.leaving, self.takers):
            choices.set_value("")
        self._show()

    def _ask_taker(self) -> None:
        others = [one for one in self._staff if one.identity != self.leaving.value()]
        leaving = next((one for one in self._staff if one.identity == self.leaving.value()), None)
        name = leaving.name if leaving else ""
        self._to.setText(self.say("handing_on.form.taker", name=name))
        self.takers.show_choices([Choice(one.identity, one.name) for one in others])
        self.table.setFocus()  # before her button goes: digits choose, and are not typed
        self._show()

    def _find_station(self) -> None:
        typed = self.station.text().strip()
        stations = self._standing.stations if self._standing else {}
        found = [code for code, name in stations.items() if typed in name or typed.upper() == code]
        self._station = found[0] if typed and found else ""
        key = "found" if self._station else "not_found" if typed else "type"
        name = stations.get(self._station, "")
        self._found.setText(self.say(f"handing_on.form.{key}", name=name))

    # --- The act ---------------------------------------------------------------------------------

    def _hand_on(self) -> None:
        command = self._command()
        commands: list[Any] = [command]
        if command.reason == LEAVES:
            commands.append(RemoveOperator(operator=command.leaving))
        if command.reason == MERGES:
            commands += [
                ForwardParcel(parcel=one, station=command.to_station) for one in self._parcels
            ]

        def done(outcome: Done) -> None:
            self.tell_done(self.say(f"handing_on.done.{command.reason}"), outcome)
            self.reasons.set_value("")
            for field in (self.station, self.taker, self.place, *self.keys.values()):
                field.set_text("")
            self._load()

        self.perform(*commands, done=done)
