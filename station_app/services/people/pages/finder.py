"""The left side of the register: a field, and everybody who fits what was typed."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from station_app.services.people import records
from station_app.services.people.records import PersonRow
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint

WIDTH, WIDTH_COMPACT = 340, 320
ROW_HEIGHT = 64


class Finder(Panel):
    """Signals: chosen(person): another row is current; new_wanted(name): nobody fits."""

    chosen = Signal(str)
    new_wanted = Signal(str)

    def __init__(self, counter: Counter) -> None:
        """Make an empty list."""
        super().__init__(margins=(1, 14, 1, 12), spacing=8)
        self._counter = counter
        self._typed = ""
        self.field = TextField(counter.texts, limit=40, chinese=True)
        self.field.line.setPlaceholderText(counter.say("people.register.seek"))
        self.field.line.setAccessibleName(counter.say("people.register.seek"))
        self.field.changed.connect(self.seek)
        top = QHBoxLayout()
        top.setContentsMargins(14, 0, 14, 0)
        top.addWidget(self.field)
        self.body.addLayout(top)
        name = counter.say("people.register.list_name")
        self.table = ListTable((Column("name"),), name=name, row_height=ROW_HEIGHT)
        self.table.current_changed.connect(self.chosen)
        self.body.addWidget(self.table, 1)
        self._count = hint("")
        self.new = KeyButton(
            counter.say("people.register.new"), "Ctrl+N", icon="plus", height=theme.FORM_HEIGHT
        )
        self.new.clicked.connect(lambda _=False: self.new_wanted.emit(self._name_typed()))
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 14, 0)
        foot.addWidget(self._count, 1)
        foot.addWidget(self.new)
        self.body.addLayout(foot)
        self.setFixedWidth(WIDTH)

    def seek(self, typed: str) -> None:
        """List everybody who fits; nothing typed lists nobody, but says how many there are."""
        self._typed = typed.strip()
        desk, say = self._counter.desk, self._counter.say
        found = desk.read(lambda c: records.find(c, self._typed)) if self._typed else ()
        self.table.show_rows([self._row(person) for person in found])
        if self._typed:
            key = "found" if found else "nobody_found"
            self._count.setText(say(f"people.register.{key}", count=len(found)))
        else:
            count = desk.read(records.count_persons)
            self._count.setText(say("people.register.count", count=count))
        if len(found) == 1:
            self.table.choose(found[0].identity)

    def _row(self, person: PersonRow) -> Row:
        say = self._counter.say
        tail = say("people.register.tail", tail=person.tail) if person.tail else ""
        small = "·".join(p for p in (person.hamlet, tail) if p) or say("people.register.no_phone")
        name = self._counter.privacy.name(person.name)
        title = f"{name}  {person.initials}" if person.initials else name
        return Row(person.identity, (Text(title, theme.STRONG, bold=True, small=small),))

    def again(self) -> None:
        """Look once more for what stands in the field."""
        self.seek(self.field.text())

    def clear(self) -> None:
        """Empty the field."""
        self.field.set_text("")
        self.seek("")
        self.field.setFocus()

    def mark(self, person: str) -> None:
        """Make somebody's row current, if she is listed."""
        self.table.choose(person)

    def _name_typed(self) -> str:
        """Return what was typed if it is a name, so that it need not be typed again."""
        return "" if self._typed.isascii() else self._typed

    def set_compact(self, *, compact: bool) -> None:
        """Become narrower in a low window."""
        self.setFixedWidth(WIDTH_COMPACT if compact else WIDTH)
