"""The parts of the register: who somebody is, her answers, what there is of her, and the form."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.people.commands import Details
from station_app.services.people.rules import (
    FIELD_CHARACTERS_MAX,
    MATTERS,
    NAME_CHARACTERS_MAX,
    REMARK_CHARACTERS_MAX,
    Person,
    warnings,
)
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Hit
from station_app.shell.widgets.cards import Avatar
from station_app.shell.widgets.cells import Column, Icon, Pill, Row, Text
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule, strong
from station_app.values.day import say_day
from station_app.values.masks import mask_account, mask_phone
from station_app.values.money import say_yuan
from station_app.values.paying import Credit
from station_app.values.spelling import spell

ASKING_WAYS = ("in_person", "phone", "paper")
FIRST_WAY = 5
LOOK_KEY, ASSIST_KEY = "Ctrl+L", "Ctrl+H"
ROW_HEIGHT = 46
TRACE_COLUMNS = (
    Column("icon", 48),
    Column("title"),
    Column("hint", 170),
    Column("pill", 200, "right"),
)


class PersonPanel(Panel):
    """One villager: name, phone, ID, where she lives. `whole` shows the whole phone.

    `look` asks for the whole ID number; `assist` is the manager's alone.
    """

    def __init__(self, counter: Counter) -> None:
        """Make an empty card."""
        super().__init__(margins=(20, 14, 20, 14), spacing=8)
        self._counter = counter
        self._avatar = Avatar()
        self._name = Words("", theme.HEADING, bold=True).elided()
        self._place = Words("", theme.BODY, ink="ink2").elided()
        self.edit = KeyButton(
            counter.say("people.register.edit"), "Ctrl+E", icon="pencil", height=theme.FORM_HEIGHT
        )
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._name)
        texts.addWidget(self._place)
        self._open = Words("", theme.BODY, bold=True).elided()
        self._credit = hint("")
        stands = QHBoxLayout()
        stands.setSpacing(14)
        stands.addWidget(self._open)
        stands.addWidget(self._credit, 1)
        texts.addLayout(stands)
        self.assist = KeyButton(
            counter.say("people.assist.look"), ASSIST_KEY, icon="key", height=theme.FORM_HEIGHT
        )
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._avatar)
        head.addLayout(texts, 1)
        head.addWidget(self.assist)
        head.addWidget(self.edit)
        self.body.addLayout(head)
        self.body.addWidget(rule())
        self._phone = Words("", theme.STRONG, bold=True).elided()
        self._id = Words("", theme.STRONG, bold=True).elided()
        self.whole = KeyButton(
            counter.say("people.register.whole"), "F10", icon="eye", height=theme.INLINE_HEIGHT
        )
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(hint(counter.say("people.register.phone")))
        row.addWidget(self._phone, 3)
        row.addWidget(self.whole)
        row.addSpacing(20)
        row.addWidget(hint(counter.say("people.register.id_number")))
        row.addWidget(self._id, 2)
        self.look = KeyButton(
            counter.say("people.id.look"), LOOK_KEY, icon="eye", height=theme.INLINE_HEIGHT
        )
        row.addWidget(self.look)
        self.body.addLayout(row)
        self._remark = hint("", wrap=True)
        self.body.addWidget(self._remark)

    def show_open(self, standings: Sequence[str]) -> None:
        """Say what stands open with her: parcels, orders, money of her goods."""
        self._open.setText("　".join(standings))
        self._open.setVisible(bool(standings))

    def show_credit(self, credit: Credit) -> None:
        """Say up to what she may owe, and what she owes."""
        say = self._counter.say
        limit = say("people.credit.none")
        if credit.limit_fen:
            limit = say("people.credit.up_to", amount=say_yuan(credit.limit_fen))
        owes = say("people.credit.owing", amount=say_yuan(credit.owes_fen))
        self._credit.setText(f"{limit}  {owes}" if credit.owes_fen else limit)

    def show_person(
        self, person: Person, *, family: int, is_whole: bool, may_look: bool = True
    ) -> None:
        """Show a villager. family: members of her household; is_whole: the whole phone.

        may_look: nothing else is asked just now, so what is kept closed may be opened.
        """
        privacy, say = self._counter.privacy, self._counter.say
        name = privacy.name(person.name) or say("people.register.erased")
        self._avatar.show_name(name)
        nickname = f"（{privacy.name(person.nickname)}）" if person.nickname else ""
        self._name.setText(name + nickname)
        parts = [person.hamlet] if person.hamlet else []
        if family > 1:
            parts.append(say("people.register.family", count=family))
        self._place.setText("·".join(parts) or say("people.register.no_hamlet"))
        phone = person.phone if is_whole else mask_phone(person.phone)
        self._phone.setText(privacy.phone(phone) if phone else say("people.register.no_phone"))
        self.whole.setVisible(bool(person.phone))
        key = "hide" if is_whole else "whole"
        self.whole.set_label(say(f"people.register.{key}"))
        self._id.setText(mask_account(person.id_number) or say("people.register.no_id"))
        self.look.setVisible(may_look and bool(person.id_number))
        self._remark.setText(person.remark)
        self._remark.setVisible(bool(person.remark))
        self.edit.setVisible(not person.is_erased)
        is_manager = self._counter.desk.now().is_manager
        self.assist.setVisible(may_look and is_manager and not person.is_erased)


class CreditPanel(Panel):
    """Up to what a villager may owe (赊账额度): asked of the manager. Signal changed."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make an empty question, hidden."""
        super().__init__(margins=(20, 14, 20, 14), spacing=8)
        self._counter = counter
        self._title = strong(counter.say("people.credit.title"))
        self._small = hint("", wrap=True)
        self.limit = MoneyField(counter.texts, counter.say("people.credit.limit"))
        self.limit.line.setFixedWidth(220)
        self.limit.amount_changed.connect(lambda _fen: self.changed.emit())
        for widget in (self._title, self._small, self.limit):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.hide()

    def ask(self, credit: Credit) -> None:
        """Ask for a limit; what she owes already stays owed."""
        owes = self._counter.say("people.credit.owes", amount=say_yuan(credit.owes_fen))
        self._small.setText(owes)
        self.limit.set_fen(credit.limit_fen or None)


class ConsentPanel(Panel):
    """What she was asked and what she said. Signal answered(matter, answer)."""

    answered = Signal(str, str)

    def __init__(self, counter: Counter) -> None:
        """Make the two questions."""
        super().__init__(margins=(20, 10, 20, 10), spacing=6)
        self._counter = counter
        self._said: dict[str, Words] = {}
        self._rows: dict[str, ChoiceRow] = {}
        say = counter.say
        for number, matter in enumerate(MATTERS):
            choices = [Choice(a, say(f"people.consent.{a}")) for a in ("yes", "no")]
            row = ChoiceRow(choices, first=1 + 2 * number, height=theme.INLINE_HEIGHT)
            row.chosen.connect(lambda answer, which=matter: self.answered.emit(which, answer))
            said = Words("", theme.BODY).elided()
            line = QHBoxLayout()
            line.setSpacing(12)
            label = hint(say(f"people.matter.{matter}"))
            label.setFixedWidth(70)
            line.addWidget(label)
            line.addWidget(said, 1)
            line.addWidget(row)
            self.body.addLayout(line)
            self._said[matter], self._rows[matter] = said, row
        ways = [Choice(way, say(f"people.consent_way.{way}")) for way in ASKING_WAYS]
        self.ways = ChoiceRow(ways, first=FIRST_WAY, height=theme.INLINE_HEIGHT)
        self.ways.set_value("in_person")
        line = QHBoxLayout()
        line.setSpacing(12)
        label = hint(say("people.register.asked_how"))
        label.setFixedWidth(70)
        line.addWidget(label)
        line.addStretch(1)
        line.addWidget(self.ways)
        self.body.addLayout(line)

    def show_person(self, person: Person, today: str) -> None:
        """Show her answers. today: business day."""
        answers = {
            "personal_data": (
                person.consent_personal,
                person.consent_personal_day,
                person.consent_personal_way,
            ),
            "leave_at_station": (
                person.consent_leave,
                person.consent_leave_day,
                person.consent_leave_way,
            ),
        }
        for matter, (answer, day, way) in answers.items():
            words = self._counter.say(f"people.consent.{answer}")
            if day:
                how = self._counter.say(f"people.consent_way.{way}")
                words += f"·{say_day(day, today)} {how}"
            self._said[matter].setText(words)
            self._said[matter].set_ink("warn" if answer == "no" else "ink")
            self._rows[matter].set_value(answer if answer != "unknown" else "")


class TracePanel(Panel):
    """What the other slices have of her. Signal opened(number): a line is to be opened."""

    opened = Signal(int)

    def __init__(self, counter: Counter) -> None:
        """Make an empty list."""
        super().__init__(margins=(1, 10, 1, 4), spacing=0)
        self._counter = counter
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 6)
        self._title = strong(counter.say("people.register.traces"))
        head.addWidget(self._title)
        head.addStretch(1)
        self.body.addLayout(head)
        name = counter.say("people.register.traces")
        self.table = ListTable(TRACE_COLUMNS, name=name, row_height=ROW_HEIGHT)
        self.table.is_arrow_driven = False
        self.table.opened.connect(lambda subject: self.opened.emit(int(subject)))
        self.body.addWidget(self.table, 1)
        self._none = hint(counter.say("people.register.no_traces"))
        self._none.setContentsMargins(20, 4, 20, 10)
        self.body.addWidget(self._none)

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """Show lines."""
        self.table.show_rows(
            [
                Row(
                    str(number),
                    (
                        Icon(hit.icon),
                        Text(hit.title),
                        Text(hit.hint, theme.HINT, ink="ink2"),
                        Pill(hit.pill[1], hit.pill[0]) if hit.pill else None,
                    ),
                )
                for number, hit in enumerate(hits)
            ],
            keep=False,
        )
        self.table.setVisible(bool(hits))
        self._none.setVisible(not hits)


class PersonForm(Panel):
    """What is known of a villager, to be typed. Signal changed(): anything was typed."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make an empty form."""
        super().__init__("active", margins=(24, 16, 24, 18), spacing=10)
        self._counter = counter
        self._is_spelled_by_hand = False
        self._kept_id = ""
        self._title = Words("", theme.TITLE, bold=True)
        self.body.addWidget(self._title)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self.name = self._field("name", 0, 0, limit=NAME_CHARACTERS_MAX, chinese=True)
        self.nickname = self._field("nickname", 0, 1, chinese=True)
        self.phone = self._field("phone_full", 1, 0)
        self.pinyin = self._field("pinyin", 1, 1)
        self.hamlet = self._field("hamlet", 2, 0, chinese=True)
        self.household = self._field("household", 2, 1)
        self.id_number = self._field("id_full", 3, 0, limit=20)
        self.remark = self._field("remark", 3, 1, limit=REMARK_CHARACTERS_MAX, chinese=True)
        self.body.addLayout(self._grid)
        self._warning = Words("", theme.BODY, ink="warn", wrap=True)
        self.body.addWidget(self._warning)
        self.body.addStretch(1)
        self.name.changed.connect(self._spell)
        self.pinyin.changed.connect(self._spelled)
        order = self.fields()
        for first, second in pairwise(order):
            self.setTabOrder(first.line, second.line)

    def _field(
        self,
        key: str,
        row: int,
        column: int,
        *,
        limit: int = FIELD_CHARACTERS_MAX,
        chinese: bool = False,
    ) -> TextField:
        label = self._counter.say(f"people.form.{key}")
        field = TextField(self._counter.texts, label, limit=limit, chinese=chinese)
        field.changed.connect(lambda _text: self._typed())
        self._grid.addWidget(field, row, column)
        return field

    def fields(self) -> tuple[TextField, ...]:
        """Return the fields in the order in which Tab goes."""
        return (
            self.name, self.phone, self.hamlet, self.nickname,
            self.pinyin, self.household, self.id_number, self.remark,
        )  # fmt: skip

    def fill(self, title: str, person: Person) -> None:
        """Show a villager, or an empty form; of an ID number only the end is shown."""
        self._title.setText(title)
        self._kept_id = person.id_number
        self._is_spelled_by_hand = person.pinyin not in ("", spell(person.name).pinyin)
        self.name.set_text(person.name)
        self.nickname.set_text(person.nickname)
        self.phone.set_text(person.phone)
        self.pinyin.set_text(person.pinyin)
        self.hamlet.set_text(person.hamlet)
        self.household.set_text(person.household)
        self.remark.set_text(person.remark)
        self.id_number.set_text("")
        kept = mask_account(person.id_number)
        words = self._counter.say("people.form.id_kept", number=kept) if kept else ""
        self.id_number.line.setPlaceholderText(words)
        self._typed()

    def details(self) -> Details:
        """Return what stands in the form; an ID that is not typed anew stays as it was."""
        name, pinyin = self.name.text(), self.pinyin.text()
        spelled = spell(name)
        return Details(
            name=name,
            pinyin=pinyin or spelled.pinyin,
            initials="".join(syllable[0] for syllable in (pinyin or spelled.pinyin).split()),
            nickname=self.nickname.text(),
            phone=self.phone.text(),
            hamlet=self.hamlet.text(),
            household=self.household.text(),
            id_number=self.id_number.text() or self._kept_id,
            remark=self.remark.text(),
        )

    def _spell(self, name: str) -> None:
        if not self._is_spelled_by_hand:
            self.pinyin.set_text(spell(name).pinyin)

    def _spelled(self, typed: str) -> None:
        self._is_spelled_by_hand = bool(typed.strip())

    def _typed(self) -> None:
        odd = warnings(self.details())
        self._warning.setText("\n".join(self._counter.say(key) for key in odd))
        self._warning.setVisible(bool(odd))
        self.changed.emit()

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self.body.setSpacing(4 if compact else 10)
        self._grid.setVerticalSpacing(4 if compact else 8)


def column_of(*widgets: QWidget, spacing: int) -> QVBoxLayout:
    """Return a column of widgets, the last of which takes the room that is left."""
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    for widget in widgets[:-1]:
        column.addWidget(widget)
    column.addWidget(widgets[-1], 1)
    return column
