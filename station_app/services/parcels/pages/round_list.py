"""The round so far: what came in since the operator took up the scanner, the newest on top."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from station_app.journal.log import Connection
from station_app.services.parcels.entering import tally
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.records import ParcelRow
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cells import ChipText, Column, Icon, Link, Row, Text
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import hint, strong

COLUMNS = (
    Column("icon", 44),
    Column("code", 104),
    Column("waybill"),
    Column("name", 92),
    Column("tail", 94),
    Column("due", 146, "right"),
    Column("time", 64, "right"),
)


class RoundList(Panel):
    """Signals: name_wanted(parcel): 补名字 was clicked; row_chosen(parcel): another is current."""

    name_wanted = Signal(str)
    row_chosen = Signal(str)

    def __init__(self, counter: Counter, shown: Shown) -> None:
        """Make an empty list."""
        super().__init__(margins=(1, 12, 1, 4), spacing=0)
        self._counter = counter
        self._shown = shown
        self.rows: Sequence[ParcelRow] = ()
        self._title, self._aside = strong(), hint()
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 6)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._aside)
        self.body.addLayout(head)
        self.table = ListTable(COLUMNS, name=counter.say("parcels.intake.round_name"))
        self.table.acted.connect(lambda parcel, _column: self.name_wanted.emit(parcel))
        self.table.current_changed.connect(self.row_chosen)
        self.body.addWidget(self.table, 1)

    def show_round(
        self, connection: Connection, rows: Sequence[ParcelRow], couriers: Mapping[str, str]
    ) -> None:
        """Show these parcels. couriers: short names by code."""
        self.rows = rows
        self.table.show_rows([self._row(connection, row, couriers) for row in rows])
        found = tally(rows)
        self._title.setText(self._counter.say("parcels.intake.round", count=found.total))
        parts = [f"{couriers.get(code, code)} {count}" for code, count in found.by_courier]
        self._aside.setText("　".join(parts[:6]))

    def _row(self, connection: Connection, row: ParcelRow, couriers: Mapping[str, str]) -> Row:
        receiver = self._shown.receiver(connection, row)
        say = self._counter.say
        is_named = receiver.is_known or bool(receiver.name)
        name = receiver.name or say("parcels.intake.not_matched")
        tail = say("parcels.label.tail", tail=receiver.tail) if receiver.tail else ""
        due = self._shown.due(row)
        icon = Icon("ok", say("parcels.intake.shelved"))
        if not is_named:
            icon = Icon("warn", say("parcels.intake.not_matched"), "warn")
        elif row.told_count:
            icon = Icon("phone", self._shown.told(row))
        return Row(
            subject=row.parcel,
            cells=(
                icon,
                Text(str(row.code), theme.STRONG, bold=True),
                ChipText(couriers.get(row.courier, row.courier), self._shown.waybill(row)),
                Text(name, bold=True),
                Text(tail, ink="ink2"),
                due or (None if is_named else Link(say("parcels.intake.add_name"))),
                Text(self._shown.time(row), theme.HINT, ink="ink2"),
            ),
            tone="plain",
        )

    def current(self) -> ParcelRow | None:
        """Return the current row."""
        subject = self.table.current()
        return next((row for row in self.rows if row.parcel == subject), None)
