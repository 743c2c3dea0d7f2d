"""The parts of the stocktake page: the layers, the one in hand, and what is odd about it."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout

from station_app.journal.log import Connection
from station_app.services.parcels.counting_records import CountRow
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.places import Layer, Room
from station_app.services.parcels.stocktaking import Finding, Odd, Standing, Work
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Tone
from station_app.shell.widgets.cells import Cell, ChipText, Column, Link, Pill, Row, Text
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.day import say_day

LAYERS_WIDTH, LAYERS_WIDTH_COMPACT = 312, 292
KEYS_MAX = 9  # rows that a digit reaches
TONES: Mapping[Finding, Tone] = {
    "handed_over": "stop",
    "left": "stop",
    "on_run": "warn",
    "lost": "warn",
    "misplaced": "warn",
    "unknown": "warn",
    "missing": "warn",
}
# What is done about each; a missing one is looked for first, and only then said to be lost.
DEEDS: Mapping[Finding, str] = {
    "handed_over": "look",
    "left": "look",
    "on_run": "look",
    "lost": "find",
    "misplaced": "move",
    "unknown": "shelve",
    "missing": "seek",
}


def layer_name(layer: Layer) -> str:
    """Return "B-2"."""
    return f"{layer.shelf}-{layer.number}"


def deed_of(one: Odd) -> str:
    """Return the end of the text key of what is done about a row next."""
    return "lose" if one.finding == "missing" and one.was_sought else DEEDS[one.finding]


class LayerList(Panel):
    """All layers of the station, with their latest counts."""

    def __init__(self, counter: Counter) -> None:
        """Make an empty list."""
        super().__init__(margins=(1, 12, 1, 4), spacing=0)
        self._counter = counter
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 6)
        head.addWidget(strong(counter.say("parcels.stocktake.shelves")))
        head.addStretch(1)
        head.addWidget(hint(counter.say("parcels.stocktake.scan_tag")))
        self.body.addLayout(head)
        columns = (Column("name", 72), Column("state"))
        name = counter.say("parcels.stocktake.shelves")
        self.table = ListTable(columns, name=name, row_height=60)
        self.body.addWidget(self.table, 1)
        self._left = Words("", theme.HINT, ink="ink2", wrap=True)
        self._left.setContentsMargins(16, 4, 16, 6)
        self.body.addWidget(self._left)
        self.setFixedWidth(LAYERS_WIDTH)

    def show_layers(
        self, room: Room, counts: Mapping[Layer, CountRow], work: Work | None, today: str
    ) -> None:
        """Show every layer; those of today say how they were, the others when that was."""
        say = self._counter.say
        rows, left = [], []
        for layer in room.all_layers():
            count = counts.get(layer)
            is_today = count is not None and count.day == today
            if not is_today and (work is None or layer != work.layer):
                left.append(layer_name(layer))
            in_hand = work is not None and layer == work.layer
            rows.append(self._row(layer, room, count, today, in_hand=in_hand))
        self.table.show_rows(rows)
        key = "parcels.stocktake.all_done" if not left else "parcels.stocktake.left"
        self._left.setText(say(key, layers="、".join(left[:6]), count=len(left)))

    def _row(
        self, layer: Layer, room: Room, count: CountRow | None, today: str, *, in_hand: bool
    ) -> Row:
        say = self._counter.say
        books = say("parcels.stocktake.books", count=room.count(layer))
        words, ink = say("parcels.stocktake.not_yet"), "ink2"
        if in_hand:
            words, ink = say("parcels.stocktake.in_hand"), "pressed"
        elif count is not None and count.day == today:
            key = "done" if count.is_even else "odd"
            words = say(f"parcels.stocktake.{key}")
            ink = "pressed" if count.is_even else "warn"
            books = say("parcels.stocktake.of", found=count.found, expected=count.expected)
        elif count is not None:
            words = say("parcels.stocktake.last", day=say_day(count.day, today))
        cells = (
            Text(layer_name(layer), theme.STRONG, bold=True),
            Text(words, bold=in_hand, ink=ink, small=books),
        )
        return Row(layer_name(layer), cells)

    def set_compact(self, *, compact: bool) -> None:
        """Become narrower in a low window."""
        self.setFixedWidth(LAYERS_WIDTH_COMPACT if compact else LAYERS_WIDTH)
        self.table.set_compact(compact=compact)


class LayerHead(Panel):
    """The layer in hand: its name in large letters, how far it is, what was scanned last."""

    def __init__(self, counter: Counter) -> None:
        """Make it without a layer."""
        super().__init__("active", margins=(24, 8, 24, 8), spacing=20, horizontal=True)
        self._counter = counter
        self._name = Words("", theme.SHELF, bold=True)
        self._words = Words("", theme.STRONG, bold=True).elided()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(10)
        self._last_label = hint(counter.say("parcels.stocktake.last_scan"))
        self._last = Words("", theme.TITLE, bold=True)
        middle = QVBoxLayout()
        middle.setSpacing(6)
        middle.addStretch(1)
        middle.addWidget(self._words)
        middle.addWidget(self._bar)
        middle.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._last_label)
        right.addWidget(self._last)
        self.body.addWidget(self._name)
        self.body.addLayout(middle, 1)
        self.body.addLayout(right)

    def show_layer(self, layer: Layer, standing: Standing, last: str) -> None:
        """Show how far the layer is. last: how the last scan is called, "" for none."""
        say = self._counter.say
        self._name.setText(layer_name(layer))
        self._words.setText(
            say(
                "parcels.stocktake.progress",
                shelf=layer.shelf,
                layer=layer.number,
                found=standing.found,
                expected=standing.expected,
            )
        )
        self._bar.setRange(0, max(standing.expected, 1))
        self._bar.setValue(standing.found if standing.expected else 1)
        self._last.setText(last)
        self._last_label.setVisible(bool(last))


class OddList(Panel):
    """What is odd about the layer, by kind, each row with what can be done about it."""

    def __init__(self, counter: Counter, shown: Shown) -> None:
        """Make an empty list."""
        super().__init__(margins=(1, 6, 1, 4), spacing=0)
        self._counter = counter
        self._shown = shown
        self.numbered: tuple[Odd, ...] = ()
        columns = (
            Column("digit", 44, "centre"),
            Column("code", 132),
            Column("waybill"),
            Column("state", 264, "right"),
            Column("deed", 150, "right"),
        )
        name = counter.say("parcels.stocktake.odd_name")
        self.table = ListTable(columns, name=name, row_height=56)
        self.body.addWidget(self.table, 1)

    def show_odd(
        self,
        connection: Connection,
        standing: Standing,
        layer: Layer,
        today: str,
    ) -> None:
        """Show the odd ones."""
        couriers = self._shown.couriers(connection)
        self.numbered = standing.odd[:KEYS_MAX]
        rows: list[Row] = []
        heading: Finding | None = None
        for number, one in enumerate(standing.odd, start=1):
            if one.finding != heading:
                heading = one.finding
                count = standing.count(one.finding)
                words = self._say(f"head_{heading}", count=count)
                rows.append(Row("", (), TONES[heading], heading=words))
            digit = str(number) if number <= KEYS_MAX else ""
            deed = Link(self._say(f"deed_{deed_of(one)}", layer=layer_name(layer)), framed=True)
            told = self._told(connection, one, couriers, today)
            rows.append(Row(one.subject, (Text(digit, ink="ink2"), *told, deed)))
        self.table.show_rows(rows)

    def _told(
        self, connection: Connection, one: Odd, couriers: Mapping[str, str], today: str
    ) -> tuple[Cell, ...]:
        """Return code, waybill with receiver, and what is odd about it."""
        row = one.row
        if row is None:
            pill = Pill(self._say("state_unknown"), "warn")
            return Text("—"), Text(one.subject), pill
        receiver = self._shown.receiver(connection, row)
        state = self._say(
            f"state_{one.finding}",
            code=str(row.code),
            place=layer_name(Layer(row.shelf, row.layer)),
            day=say_day(row.closed_day or row.day_in, today),
        )
        waybill = f"{self._shown.waybill_end(row)}  {receiver.name or receiver.tail}"
        return (
            Text(str(row.code), theme.STRONG, bold=True),
            ChipText(couriers.get(row.courier, row.courier), waybill),
            Pill(state, TONES[one.finding]),
        )

    def _say(self, key: str, **slots: object) -> str:
        return self._counter.say(f"parcels.stocktake.{key}", **slots)


def at(odd: Sequence[Odd], subject: str) -> Odd | None:
    """Return the odd one with this subject."""
    return next((one for one in odd if one.subject == subject), None)
