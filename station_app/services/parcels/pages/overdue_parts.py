"""The parts of the overdue page: the rows, and whom to call about the current one."""

from collections.abc import Mapping

from station_app.journal.log import Connection
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.pages.handover_parts import RIGHT_WIDTH, RIGHT_WIDTH_COMPACT
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.records import Overdue, ParcelRow, parcel_state
from station_app.services.parcels.rules import TELLING_WAYS
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Tone
from station_app.shell.widgets.cells import ChipText, Column, Pill, Row, Text, Tick
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint, rule

TONES: Mapping[str, Tone] = {"clock": "stop", "return": "stop", "call": "warn", "remind": "notice"}


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    return (
        Column("tick", 58),
        Column("code", 156),
        Column("waybill"),
        Column("told", 104),
        Column("due", 150, "right"),
        Column("stage", 172, "right"),
    )


def row_of(
    one: Overdue,
    shown: Shown,
    connection: Connection,
    couriers: Mapping[str, str],
    is_ticked: bool,
) -> Row:
    """Return the row of a parcel. couriers: short names by code."""
    row = one.row
    receiver = shown.receiver(connection, row)
    return Row(
        subject=row.parcel,
        cells=(
            Tick(is_ticked),
            Text(str(row.code), theme.STRONG, bold=True, small=receiver.name or receiver.tail),
            ChipText(couriers.get(row.courier, row.courier), shown.waybill_end(row)),
            Text(shown.told(row), theme.HINT, ink="ink2" if row.told_count else "warn"),
            shown.due(row),
            Pill(shown.stage(one), TONES.get(one.stage, "waiting")),
        ),
    )


class CallPanel(Panel):
    """Whom to tell about the current parcel: the whole number, to be dialled."""

    def __init__(self, counter: Counter, shown: Shown) -> None:
        """Make an empty panel."""
        super().__init__(margins=(24, 18, 24, 18), spacing=8)
        self._counter = counter
        self._shown = shown
        say = counter.say
        self._name = Words("", theme.HEADING, bold=True).elided()
        self._place = Words("", theme.BODY, ink="ink2").elided()
        self._phone = Words("", theme.HEADING_LARGE, bold=True).elided()
        self._code = Words("", theme.STRONG).elided()
        self._since = Words("", theme.BODY, ink="ink2").elided()
        self._told = Words("", theme.BODY, ink="ink2").elided()
        self.body.addWidget(self._name)
        self.body.addWidget(self._place)
        self.body.addSpacing(6)
        self.body.addWidget(hint(say("parcels.overdue.phone")))
        self.body.addWidget(self._phone)
        self.body.addWidget(rule())
        for widget in (self._code, self._since, self._told):
            self.body.addWidget(widget)
        self.body.addSpacing(8)
        self.body.addWidget(hint(say("parcels.overdue.how_told")))
        ways = [Choice(way, say(f"parcels.overdue.way_{way}")) for way in TELLING_WAYS]
        self.ways = ChoiceRow(ways, columns=2, height=theme.FORM_HEIGHT)
        self.ways.set_value("phone")
        self.body.addWidget(self.ways)
        self.body.addStretch(1)
        self.setFixedWidth(RIGHT_WIDTH)

    def show_row(
        self, row: ParcelRow, gatherer: Gatherer, connection: Connection, today: str
    ) -> None:
        """Show the receiver of a parcel."""
        receiver = self._shown.receiver(connection, row)
        say, privacy = self._counter.say, self._counter.privacy
        phone = _phone(row, gatherer, connection)
        tail = say("parcels.label.tail", tail=receiver.tail) if receiver.tail else ""
        self._name.setText(receiver.name or tail or say("parcels.label.no_name"))
        self._place.setText(receiver.hamlet)
        self._phone.setText(privacy.phone(phone) or tail or say("parcels.overdue.no_phone"))
        due = self._shown.due(row)
        self._code.setText("　".join([str(row.code), due.words if due else ""]).strip())
        self._since.setText(self._shown.arrived(row, today))
        self._told.setText(self._shown.told(row))

    def set_compact(self, *, compact: bool) -> None:
        """Become narrower in a low window."""
        self.setFixedWidth(RIGHT_WIDTH_COMPACT if compact else RIGHT_WIDTH)


def _phone(row: ParcelRow, gatherer: Gatherer, connection: Connection) -> str:
    """Return the whole phone: of the villager, otherwise as it stands on the label."""
    if row.person:
        person = gatherer.people.person(connection, row.person)
        return person.phone if person else ""
    parcel = parcel_state(connection, row.parcel)
    return parcel.phone if parcel else ""
