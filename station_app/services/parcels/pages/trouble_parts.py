"""The parts of the page of parcels in trouble: the list, and what is said of the current one."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from station_app.journal.log import Connection
from station_app.reference.records import StationRow
from station_app.services.parcels.pages.handover_parts import RIGHT_WIDTH, RIGHT_WIDTH_COMPACT
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.records import ParcelRow
from station_app.services.parcels.trouble import PAYEES, RELEASE_REASONS, WORDS_MAX
from station_app.services.parcels.trouble_records import Trouble
from station_app.services.parcels.troubling import CONFIRMED, Form
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Tone
from station_app.shell.widgets.cells import ChipText, Column, Pill, Row, Text
from station_app.shell.widgets.choices import CHOICES_MAX, Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.money import say_yuan

TONES: Mapping[str, Tone] = {
    "lost": "stop",
    "damaged": "warn",
    "missed": "warn",
    "doubted": "warn",
    "in_hand": "notice",
}
MARGINS, MARGINS_COMPACT = (22, 14, 22, 12), (16, 6, 16, 6)


class TroubleList(Panel):
    """Parcels that something is wrong with, and the one in hand."""

    def __init__(self, counter: Counter, shown: Shown) -> None:
        """Make an empty list."""
        super().__init__(margins=(1, 14, 1, 4), spacing=0)
        self._counter = counter
        self._shown = shown
        self._title = strong()
        self._title.setContentsMargins(20, 0, 20, 8)
        self.body.addWidget(self._title)
        columns = (
            Column("code", 170),
            Column("waybill"),
            Column("paid", 140, "right"),
            Column("what", 172, "right"),
        )
        name = counter.say("parcels.trouble.list_name")
        self.table = ListTable(columns, name=name, row_height=66)
        self.body.addWidget(self.table, 1)

    def show_troubles(self, connection: Connection, found: Sequence[Trouble]) -> None:
        """Show these parcels."""
        couriers = self._shown.couriers(connection)
        self.table.show_rows([self._row(connection, one, couriers) for one in found])
        count = sum(one.what != "in_hand" for one in found)  # of that one nothing is said yet
        key = "parcels.trouble.list" if count else "parcels.trouble.what_in_hand"
        self._title.setText(self._counter.say(key, count=count))

    def _row(self, connection: Connection, one: Trouble, couriers: Mapping[str, str]) -> Row:
        row, say = one.row, self._counter.say
        receiver = self._shown.receiver(connection, row)
        paid = (
            Pill(
                say("parcels.trouble.paid", amount=say_yuan(one.compensation_fen)),
                "money",
            )
            if one.compensation_fen
            else None
        )
        return Row(
            row.parcel,
            (
                Text(str(row.code), theme.STRONG, bold=True, small=receiver.name or receiver.tail),
                ChipText(couriers.get(row.courier, row.courier), self._shown.waybill_end(row)),
                paid,
                Pill(say(f"parcels.trouble.what_{one.what}"), TONES[one.what]),
            ),
        )


class DeedPanel(Panel):
    """What happened, then what belongs to it.

    Signals: deed_chosen(str), station_chosen(str), reason_chosen(str), payee_chosen(str);
    typed(): one of the fields changed.
    """

    deed_chosen = Signal(str)
    station_chosen = Signal(str)
    reason_chosen = Signal(str)
    payee_chosen = Signal(str)
    typed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it without a parcel."""
        super().__init__(margins=MARGINS, spacing=8)
        self._counter = counter
        say = counter.say
        self._title = Words("", theme.TITLE, bold=True).elided()
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        self._ask = hint("", wrap=True)
        self.deeds = ChoiceRow(columns=1, height=theme.WORD_HEIGHT)
        self.stations = ChoiceRow(columns=2, height=theme.FORM_HEIGHT)
        reasons = [Choice(one, say(f"parcels.trouble.reason_{one}")) for one in RELEASE_REASONS]
        self.reasons = ChoiceRow(reasons, columns=1, height=theme.FORM_HEIGHT)
        payees = [Choice(one, say(f"parcels.trouble.payee_{one}")) for one in PAYEES]
        self.payees = ChoiceRow(payees, columns=2, height=theme.FORM_HEIGHT)
        texts = counter.texts
        self.place = TextField(texts, say("parcels.trouble.station"), limit=20, chinese=True)
        self.layer = TextField(texts, say("parcels.trouble.layer"), limit=4)
        self.amount = MoneyField(texts, say("parcels.trouble.amount"))
        self.words = TextField(texts, " ", limit=WORDS_MAX, chinese=True)
        self.photo = hint("", wrap=True)
        self._confirm = Words("", theme.BODY, wrap=True)
        for part in (
            self._title, self._small, self._ask, self.deeds, self.place, self.stations,
            self.layer, self.amount, self.payees, self.reasons, self.words, self.photo,
            self._confirm,
        ):  # fmt: skip
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.setFixedWidth(RIGHT_WIDTH)
        self.deeds.chosen.connect(self.deed_chosen)
        self.stations.chosen.connect(self.station_chosen)
        self.reasons.chosen.connect(self.reason_chosen)
        self.payees.chosen.connect(self.payee_chosen)
        for field in (self.place, self.layer, self.amount, self.words):
            field.changed.connect(lambda _text: self.typed.emit())

    def show_parcel(self, row: ParcelRow, name: str, small: str, deeds: Sequence[str]) -> None:
        """Show of which parcel it is said, and what can be said of it."""
        self._title.setText(f"{row.code}　{name}".strip())
        self._small.setText(small)
        self._small.setVisible(bool(small))
        say = self._counter.say
        self.deeds.show_choices([Choice(one, say(f"parcels.trouble.deed_{one}")) for one in deeds])

    def show_form(self, form: Form, *, photo: str = "") -> None:
        """Show what belongs to the deed. photo: words about a picture, "" where none can be."""
        deed, say = form.deed, self._counter.say
        self._ask.setText(say(f"parcels.trouble.ask_{deed or 'deed'}"))
        shown: tuple[tuple[QWidget, bool], ...] = (
            (self.deeds, not deed),
            (self.place, deed == "forward"),
            (self.stations, deed == "forward"),
            (self.layer, deed == "find"),
            (self.amount, deed == "pay"),
            (self.payees, deed == "pay"),
            (self.reasons, deed == "release"),
            (self.words, deed in ("damage", "release")),
            (self.photo, deed == "damage" and bool(photo)),
            (self._confirm, deed in CONFIRMED),
        )
        for part, is_shown in shown:
            part.setVisible(is_shown)
        self.photo.setText(photo)
        self.words.set_label(say(f"parcels.trouble.words_{deed}") if deed in _WORDED else "")
        self._confirm.setText(say(f"parcels.trouble.about_{deed}") if deed in CONFIRMED else "")
        self.deeds.set_value(deed)
        self.stations.set_value(form.station)
        self.reasons.set_value(form.reason)
        self.payees.set_value(form.payee)

    def show_stations(self, stations: Sequence[StationRow]) -> None:
        """Offer these stations, each with its digit."""
        choices = [Choice(one.code, one.name) for one in stations[:CHOICES_MAX]]
        self.stations.show_choices(choices)

    def first_field(self, deed: str) -> QWidget | None:
        """Return what is typed first; None where a digit is enough."""
        fields: Mapping[str, QWidget] = {
            "damage": self.words,
            "find": self.layer,
            "pay": self.amount,
        }
        return fields.get(deed)

    def clear(self, layer: str) -> None:
        """Empty the fields; layer: proposed for one that is found."""
        for field in (self.place, self.amount, self.words):
            field.set_text("")
        self.layer.set_text(layer)

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self.setFixedWidth(RIGHT_WIDTH_COMPACT if compact else RIGHT_WIDTH)
        self.body.setContentsMargins(*(MARGINS_COMPACT if compact else MARGINS))
        self.body.setSpacing(4 if compact else 8)


_WORDED = ("damage", "release")
