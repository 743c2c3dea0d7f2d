"""After the count: what the books say, what still waits to be sent, how the slip will look."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.cash.counting import REMARK_MAX
from station_app.services.cash.figures import drawer_figures
from station_app.services.cash.pages.edges import Sending, Unsent
from station_app.services.cash.sheet import Sheet
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.tone import Tone
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.figure import FigureLine
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Banner, Panel, StepBadge
from station_app.shell.widgets.words import IconLabel, Words, hint, rule
from station_app.values import spoken
from station_app.values.day import local_day, local_time, say_day
from station_app.values.money import MINUS, say_yuan
from station_app.values.paying import FACES
from station_app.values.texts import Texts

FACES_NAMED_MAX = 3


LINES = (
    "opening",
    "cash_in",
    "cash_out",
    "put_in",
    "taken_out",
    "hand_over",
    "expected",
    "counted",
)

RARE = ("put_in", "taken_out", "hand_over")  # lines that most shifts do not have


class ComparePanel(Panel):
    """Books against count, and the reason if they differ. Signal opened(figure): a line of it."""

    opened = Signal(str)

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(margins=(20, 8, 20, 8), spacing=1)
        self._counter = counter
        self._is_compact = self._is_asked = False
        self._small = ""
        self._tone: Tone = "ok"
        self._spoken_fen = 0  # the shortage that the voice has told
        say = counter.say
        self.body.addWidget(StepBadge(2, say("cash.compare.title")))
        self.lines: dict[str, FigureLine] = {}
        for name in LINES:
            line = FigureLine(name, bold=name in ("expected", "counted"))
            line.opened.connect(self.opened)
            self.lines[name] = line
            if name == "expected":
                self.body.addWidget(rule())
            self.body.addWidget(line)
            line.setVisible(name not in RARE)
        self._verdict = Banner()
        self.reason = TextField(counter.texts, "", limit=REMARK_MAX, chinese=True)
        self.reason.line.setPlaceholderText(say("cash.compare.reason_example"))
        self.reason.line.setAccessibleName(say("cash.compare.reason"))
        self.body.addSpacing(2)
        self.body.addWidget(self._verdict)
        self._unclear = unclear_button(counter, self.reason)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.reason, 1)
        row.addWidget(self._unclear, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)
        self.body.addStretch(1)

    def set_compact(self, *, compact: bool) -> None:
        """Leave the count out in a low window: it stands below the faces, too."""
        self._is_compact = compact
        self._make_room()

    def set_asked(self, *, is_asked: bool) -> None:
        """Make room for the question below: the reason is written, and the count stands beside."""
        self._is_asked = is_asked
        self._make_room()

    def _make_room(self) -> None:
        is_tight = self._is_compact or self._is_asked
        self.lines["counted"].setVisible(not is_tight)
        self._verdict.tell(
            self._verdict.words, self._tone, small="" if self._is_asked else self._small
        )

    def show_sheet(self, sheet: Sheet, *, may_recount: bool) -> None:
        """Show the figures of a shift as it would be closed."""
        say, state = self._counter.say, sheet.state
        figures = {f.key: f for f in drawer_figures(sheet, self._counter.texts)}
        for name, line in self.lines.items():
            figure = figures.get(name)
            line.setVisible(figure is not None or name == "expected")
            if figure is not None:
                line.show_figure(figure.label, _signed(figure.amount))
        self.lines["expected"].show_figure(say("cash.slip.expected"), say_yuan(state.expected_fen))
        self.lines["counted"].show_figure(say("cash.count.total"), say_yuan(state.counted_fen))
        self._show_verdict(state.difference_fen, may_recount=may_recount)
        self._speak_of_short(max(0, -state.difference_fen) if may_recount else 0)
        self.reason.setVisible(state.difference_fen != 0)
        self._unclear.setVisible(state.difference_fen != 0)
        self._make_room()

    def _speak_of_short(self, short_fen: int) -> None:
        """Say once what is short and may be counted again."""
        if short_fen and short_fen != self._spoken_fen:
            self._counter.voice.speak("state", spoken.short(short_fen))
        self._spoken_fen = short_fen

    def _show_verdict(self, difference_fen: int, *, may_recount: bool) -> None:
        say = self._counter.say
        words = difference_on_screen(difference_fen, self._counter.texts)
        self._tone, self._small = "warn" if difference_fen else "ok", ""
        self._verdict.tell(words, self._tone)
        if difference_fen == 0:
            return
        self._small = say("cash.compare.write_reason")
        if may_recount:
            faces = say("cash.compare.and").join(
                say(f"cash.face.{face}") for face in suspects(difference_fen)
            )
            if faces:
                self._small = say("cash.compare.count_again", faces=faces)


def _signed(amount_fen: int) -> str:
    return f"{MINUS} {say_yuan(-amount_fen)}" if amount_fen < 0 else say_yuan(amount_fen)


def unclear_button(counter: Counter, field: TextField) -> KeyButton:
    """Return the button that writes the reason nobody likes: for a hand on the mouse."""
    words = counter.say("cash.compare.unclear")
    button = KeyButton(words, "", height=theme.FORM_HEIGHT)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def write() -> None:
        field.set_text(words)
        field.changed.emit(words)

    button.clicked.connect(lambda _=False: write())
    return button


def suspects(difference_fen: int) -> tuple[int, ...]:
    """Return the faces that a difference is made of, the likeliest to have been miscounted."""
    left, faces = abs(difference_fen), []
    for face in FACES:
        if left >= face:
            left %= face
            faces.append(face)
    return tuple(faces[:FACES_NAMED_MAX])


class UnsentPanel(Panel):
    """What the county does not hold yet. Closing never waits for it."""

    def __init__(self, counter: Counter, *, send: Callable[[], None]) -> None:
        """Make it empty. send: opens the sending page."""
        super().__init__(margins=(20, 8, 20, 8), spacing=2)
        self._counter = counter
        say = counter.say
        self._send = KeyButton(say("cash.unsent.send"), "F9", icon="sync", height=theme.WORD_HEIGHT)
        self._send.clicked.connect(lambda _=False: send())
        head = QHBoxLayout()
        head.addWidget(StepBadge(3, say("cash.unsent.title")), 1)
        head.addWidget(self._send)
        self.body.addLayout(head)
        self._icon = IconLabel("ok", "pressed")
        self._words = Words("", theme.BODY, bold=True).elided()
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        self.body.addLayout(row)
        self._small = hint("").elided()
        self.body.addWidget(self._small)
        self.body.addStretch(1)

    def show_unsent(self, unsent: Unsent, day: str) -> None:
        """Show how much waits. day: today, for how the oldest is called."""
        say = self._counter.say
        waits = unsent.facts > 0
        icon = "offline" if unsent.is_offline else "queued"
        self._icon.show_icon(icon if waits else "ok", "notice" if waits else "pressed")
        words = (
            say("cash.unsent.waiting", count=unsent.facts, oldest=moment(unsent.oldest_at, day))
            if waits
            else say("cash.unsent.nothing")
        )
        self._words.setText(words)
        self._words.set_ink("notice" if waits else "ink")
        self._small.setText(say("cash.unsent.no_hurry" if waits else "cash.unsent.all_there"))


class AskPanel(Panel):
    """Asks once before the shift is closed: what follows cannot be undone."""

    keeps_toasts_away = True  # nothing lies over it, however little room there is

    def __init__(
        self, counter: Counter, *, yes: Callable[[], None], no: Callable[[], None]
    ) -> None:
        """Ask. yes, no: what the two buttons do."""
        super().__init__("stop", margins=(20, 8, 20, 8), spacing=2)
        say = counter.say
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconLabel("warn", "stop", 28))
        head.addWidget(Words(say("cash.ask.title"), theme.STRONG, bold=True, ink="stop"), 1)
        self.body.addLayout(head)
        self.body.addWidget(Words(say("cash.ask.small"), theme.BODY, wrap=True))
        self.body.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        back = KeyButton(say("cash.ask.no"), "Esc", height=theme.FORM_HEIGHT)
        go = KeyButton(say("cash.ask.yes"), "Enter", kind="danger", height=theme.FORM_HEIGHT)
        back.clicked.connect(lambda _=False: no())
        go.clicked.connect(lambda _=False: yes())
        buttons.addWidget(back, 1)
        buttons.addWidget(go, 2)
        self.body.addLayout(buttons)


class QuietPanel(Panel):
    """Stands at the right while the drawer is counted: nothing here says what should be in it."""

    def __init__(self, counter: Counter) -> None:
        """Say what to do."""
        super().__init__("sunk", margins=(40, 24, 40, 24), spacing=10)
        self.body.addStretch(2)
        self._mark = IconLabel("drawer", "pressed", 84)
        box = QHBoxLayout()
        box.addStretch(1)
        box.addWidget(self._mark)
        box.addStretch(1)
        self.body.addLayout(box)
        self.body.addSpacing(8)
        self._title = Words("", theme.HEADING, bold=True, wrap=True).centred()
        self._small = Words("", theme.BODY, ink="ink2", wrap=True).centred()
        self.body.addWidget(self._title)
        self.body.addWidget(self._small)
        self.body.addStretch(3)
        self._counter = counter

    def show_count(self, *, is_recount: bool, is_handing: bool = False) -> None:
        """Say how to count: the first or the second time, or two together for a hand-over."""
        say = self._counter.say
        key = "again" if is_recount else "both" if is_handing else "first"
        self._title.setText(say(f"cash.count.{key}"))
        self._small.setText(say(f"cash.count.{key}_small"))


class DonePanel(Panel):
    """The shift is closed: what came of it, and what happens by itself now."""

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(margins=(28, 24, 28, 24), spacing=8)
        self._counter = counter
        mark = QHBoxLayout()
        mark.addWidget(IconLabel("ok", "pressed", 64))
        mark.addStretch(1)
        self.body.addLayout(mark)
        self._title = Words("", theme.HEADING, bold=True, wrap=True)
        self._small = Words("", theme.BODY, wrap=True)
        self._paper = Words("", theme.BODY, ink="ink2", wrap=True)
        for words in (self._title, self._small, self._paper):
            self.body.addWidget(words)
        self.body.addWidget(rule())
        self._sending_icon = IconLabel("queued", "notice")
        self._sending = Words("", theme.BODY, bold=True, wrap=True)
        self._receipt = Words("", theme.HINT, ink="ink2", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._sending_icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._sending, 1)
        self.body.addLayout(row)
        self.body.addWidget(self._receipt)
        self._stick = Words("", theme.BODY, ink="ink2", wrap=True)
        self._stick.hide()
        self.body.addWidget(self._stick)
        self.body.addStretch(1)

    def show_stick(self, words: str, ink: str = "ink2") -> None:
        """Say how it goes with the USB stick."""
        self._stick.setText(words)
        self._stick.set_ink(ink)
        self._stick.setVisible(bool(words))

    def show_closed(self, number: str, difference: str) -> None:
        """Say that it is done."""
        say = self._counter.say
        self._title.setText(say("cash.done.title", number=number))
        self._small.setText(difference)
        self._paper.setText(say("cash.done.small"))
        self.show_stick("")

    def show_sending(self, sending: Sending, unsent: Unsent) -> None:
        """Say how far the county has it: under way, all there with its receipt, or kept here."""
        say = self._counter.say
        if sending.is_busy and sending.to_send:
            icon, ink = "sync", "notice"
            words = say("cash.done.busy", sent=sending.sent, all=sending.to_send)
        elif unsent.facts:
            icon, ink = ("offline" if unsent.is_offline else "queued"), "notice"
            words = say("cash.done.kept", count=unsent.facts)
        else:
            icon, ink = "ok", "pressed"
            words = sending.held or say("cash.unsent.nothing")
        self._sending_icon.show_icon(icon, ink)
        self._sending.setText(words)
        has_all = not unsent.facts and bool(sending.receipt)
        self._receipt.setText(sending.receipt if has_all else "")
        self._receipt.setVisible(has_all)


def difference_on_screen(difference_fen: int, texts: Texts) -> str:
    """Return how a count differs, in the words of the counter: 「少 ¥12.00」."""
    if difference_fen == 0:
        return texts.say("cash.slip.agrees")
    key = "cash.compare.short" if difference_fen < 0 else "cash.compare.over"
    return texts.say(key, amount=say_yuan(abs(difference_fen)))


def moment(at: int, day: str) -> str:
    """Return a moment as it is said on `day`: "06:30", or "11月23日 06:30" on another."""
    there = local_day(at)
    return local_time(at) if there == day else f"{say_day(there, day)} {local_time(at)}"


def column(*widgets: QWidget, spacing: int = theme.FULL.gap) -> QFrame:
    """Return widgets under each other, the last taking what is left."""
    frame = QFrame()
    box = QVBoxLayout(frame)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(spacing)
    for widget in widgets:
        box.addWidget(widget)
    return frame
