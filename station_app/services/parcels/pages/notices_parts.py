"""The parts of the page of notices: figures, rows, what the loudspeaker says, the board."""

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.printing.raster import Raster
from station_app.services.parcels.message_records import (
    ASK_FIRST,
    NO_ANSWER,
    NOT_ARRIVED,
    ON_ITS_WAY,
    OTHERWISE,
    REACHED,
    SILENT,
    UNTOLD,
    WAITS,
    Waiter,
)
from station_app.services.parcels.messages import DELIVERED, NO_PHONE
from station_app.services.parcels.pages.handover_parts import RIGHT_WIDTH, RIGHT_WIDTH_COMPACT
from station_app.services.parcels.pages.intake_parts import PaperPlace
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.tone import Tone
from station_app.shell.widgets.cards import ReceiptPreview
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import IconLabel, Words, hint
from station_app.values.money import say_yuan

FIGURES = ("here", "arrived", "waiting", "no_answer", "no_phone")
_ICONS = {
    "here": "parcel", "arrived": "ok", "waiting": "queued", "no_answer": "warn",
    "no_phone": "megaphone",
}  # fmt: skip
TONES: Mapping[str, Tone] = {
    NO_ANSWER: "warn", NOT_ARRIVED: "warn", ASK_FIRST: "warn", SILENT: "warn", UNTOLD: "waiting",
    OTHERWISE: "waiting", WAITS: "queued", ON_ITS_WAY: "queued", REACHED: "ok",
}  # fmt: skip
FIGURE_HEIGHT, FIGURE_HEIGHT_COMPACT = 50, 40


def columns() -> tuple[Column, ...]:
    """Return the columns of the list."""
    return (Column("name", 150), Column("where"), Column("standing", 176, "right"))


def figures_of(found: Sequence[Waiter], today: str) -> dict[str, int]:
    """Return the figures of the page: parcels, then receivers by how it stands with them."""
    return {
        "here": sum(len(one.rows) for one in found),
        "arrived": sum(1 for w in found if w.message and w.message.status == DELIVERED),
        "waiting": sum(1 for w in found if w.standing(today) == WAITS),
        "no_answer": sum(1 for w in found if w.calls),
        "no_phone": sum(1 for w in found if w.why_not == NO_PHONE),
    }


def row_of(waiter: Waiter, counter: Counter, today: str, *, is_current: bool) -> Row:
    """Return the row of a receiver; the one in work shows the whole number, to be dialled."""
    say, privacy = counter.say, counter.privacy
    name = privacy.name(waiter.name) or say("parcels.label.no_name")
    phone = privacy.phone(waiter.phone) if is_current else ""
    tail = say("parcels.label.tail", tail=waiter.tail) if waiter.tail else ""
    number = phone or tail or say("parcels.calls.no_phone")
    where = "·".join(part for part in (number, waiter.hamlet) if part)
    age = waiter.age(today)
    waits = say("parcels.notices.days", count=age) if age else say("parcels.notices.today")
    small = say("parcels.notices.pieces", count=len(waiter.rows)) + waits
    if waiter.due_fen:
        small += say("parcels.notices.due", amount=say_yuan(waiter.due_fen))
    return Row(
        subject=waiter.subject,
        cells=(
            Text(name, theme.STRONG, bold=True),
            Text(where, theme.BODY, small=small),
            standing_pill(waiter, counter, today),
        ),
    )


def standing_pill(waiter: Waiter, counter: Counter, today: str) -> Pill:
    """Return in words how it stands with a receiver."""
    standing = waiter.standing(today)
    key = f"parcels.standing.{standing}"
    if standing == NOT_ARRIVED and waiter.message is not None:
        key = f"parcels.not_arrived.{waiter.message.reason}"
        key = key if counter.texts.has(key) else "parcels.not_arrived.other"
    if standing == ASK_FIRST:
        key = f"parcels.ask_first.{waiter.why_not}"
    return Pill(counter.say(key, count=waiter.calls), TONES[standing])


class Figures(QWidget):
    """The figures of the page, in one row."""

    def __init__(self, counter: Counter) -> None:
        """Show none yet."""
        super().__init__()
        self._counts: dict[str, Words] = {}
        self._panels: list[Panel] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        for name in FIGURES:
            panel = Panel(margins=(14, 4, 14, 4), spacing=0)
            panel.setFixedHeight(FIGURE_HEIGHT)
            line = QHBoxLayout()
            line.setSpacing(8)
            line.addWidget(IconLabel(_ICONS[name], "pressed"))
            self._counts[name] = Words("0", theme.HEADING, bold=True)
            line.addWidget(self._counts[name])
            line.addWidget(Words(counter.say(f"parcels.notices.{name}"), theme.HINT, ink="ink2"))
            line.addStretch(1)
            panel.body.addLayout(line)
            self._panels.append(panel)
            row.addWidget(panel, 1)

    def show_figures(self, figures: Mapping[str, int]) -> None:
        """Show how many there are of each."""
        for name, count in figures.items():
            self._counts[name].setText(str(count))

    def set_compact(self, *, compact: bool) -> None:
        """Become lower in a low window."""
        for panel in self._panels:
            panel.setFixedHeight(FIGURE_HEIGHT_COMPACT if compact else FIGURE_HEIGHT)


class OutcomeRow(QWidget):
    """What came of the call that is being made: a button and a digit for each."""

    def __init__(self, counter: Counter) -> None:
        """Make the buttons."""
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        say = counter.say
        self.not_reached = KeyButton(
            say("parcels.notices.not_reached"), "1", height=theme.INLINE_HEIGHT
        )
        self.note = KeyButton(say("parcels.notices.note"), "2", height=theme.INLINE_HEIGHT)
        self.refused = KeyButton(say("parcels.notices.refused"), "3", height=theme.INLINE_HEIGHT)
        for button in (self.not_reached, self.note, self.refused):
            row.addWidget(button)


class LoudspeakerPanel(Panel):
    """What to say over the loudspeaker: no names, no goods, no money."""

    def __init__(self, counter: Counter) -> None:
        """Say nothing yet."""
        super().__init__(margins=(18, 10, 18, 10), spacing=6)
        self._say = counter.say
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconLabel("megaphone", "pressed"))
        head.addWidget(Words(self._say("parcels.loudspeaker.title"), theme.STRONG, bold=True))
        head.addWidget(hint(self._say("parcels.loudspeaker.small")))
        head.addStretch(1)
        self.called = KeyButton(
            self._say("parcels.notices.called"), "Ctrl+K", height=theme.INLINE_HEIGHT
        )
        self.read = KeyButton(
            self._say("parcels.notices.read"), "F10", icon="speaker", height=theme.INLINE_HEIGHT
        )
        head.addWidget(self.read)
        head.addWidget(self.called)
        self._spoken = Words("", theme.BODY, wrap=True)
        self.body.addLayout(head)
        self.body.addWidget(self._spoken)

    def show_words(self, spoken: str) -> None:
        """Show the words, "" when everybody has been told."""
        self._spoken.setText(spoken or self._say("parcels.loudspeaker.nobody"))
        for button in (self.read, self.called):
            button.setVisible(bool(spoken))


class BoardPanel(Panel):
    """The list for the door as it would be printed now."""

    def __init__(self, counter: Counter) -> None:
        """Show no paper yet."""
        super().__init__(margins=(14, 12, 14, 12), spacing=8)
        say = counter.say
        head = QHBoxLayout()
        head.addWidget(Words(say("parcels.notices.board"), theme.BODY, bold=True))
        head.addStretch(1)
        head.addWidget(hint(say("parcels.notices.board_width")))
        self.preview = ReceiptPreview(say("parcels.lists.board"))
        self.print = KeyButton(
            say("parcels.notices.print_board"), "Ctrl+P", icon="printer", height=theme.FORM_HEIGHT
        )
        self.body.addLayout(head)
        self.body.addWidget(PaperPlace(self.preview), 1)
        self.body.addWidget(self.print)
        self.setFixedWidth(RIGHT_WIDTH)

    def show_raster(self, raster: Raster | None) -> None:
        """Show the paper, None when nobody would stand on it."""
        self.preview.show_raster(raster)
        self.print.setEnabled(raster is not None)

    def set_compact(self, *, compact: bool) -> None:
        """Become narrower in a low window."""
        self.setFixedWidth(RIGHT_WIDTH_COMPACT if compact else RIGHT_WIDTH)
