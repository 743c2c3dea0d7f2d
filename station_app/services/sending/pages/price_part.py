"""The right of the page of sending: the weight, what it costs, and who pays it.

What stands steady on the scale counts as long as nothing is typed; its frame goes into the fact.
"""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.reference.zones import ZoneTerms
from station_app.services.sending.waybills import Left
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel, StepBadge
from station_app.shell.widgets.weight import WeightPanel
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.money import say_yuan
from station_app.values.weight import kg_plain, parse_kg

NOW, COLLECT = "now", "collect"
TERMS_DIGIT = 3
TYPED_MAX = 12
TWO_LINES = 44  # px: the longest sentence about the numbers
WINDOW, WINDOW_COMPACT = (16, 4, 16, 4), (14, 0, 14, 0)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A weight that counts. frame: of the scale, "" when it was typed."""

    grams: int = 0
    frame: str = ""


class PricePart(QWidget):
    """4 过秤, 5 收多少. Signals: changed; courier_wanted: another one is to carry it."""

    changed = Signal()
    courier_wanted = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__()
        self._counter = counter
        self._kept: Weighed | None = None
        self.window_ = WeightPanel(counter)
        self.typed = TextField(counter.texts, self._say("weight"), limit=TYPED_MAX, chinese=True)
        self._counts = hint("", wrap=True)
        self.courier = KeyButton("", "Ctrl+K", kind="ghost", height=theme.INLINE_HEIGHT)
        self.courier.clicked.connect(lambda _=False: self.courier_wanted.emit())
        self._first, self._first_fen = hint("").elided(), hint("").right()
        self._further, self._further_fen = hint("").elided(), hint("").right()
        self._total = Words("", theme.TOTAL, bold=True).right()
        self.terms = ChoiceRow(
            [Choice(one, counter.say(f"sending.terms.{one}")) for one in (NOW, COLLECT)],
            first=TERMS_DIGIT,
            columns=1,
        )
        self.terms.set_value(NOW)
        self._price = Panel(margins=(16, 8, 16, 10), spacing=4)
        for label, amount in (
            (self._first, self._first_fen),
            (self._further, self._further_fen),
            (strong(self._say("total")), self._total),
        ):
            row = QHBoxLayout()
            row.addWidget(label, 1)
            row.addWidget(amount)
            self._price.body.addLayout(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._column = column
        self.window_.body.setContentsMargins(*WINDOW)
        column.addWidget(StepBadge(4, self._say("weigh")))
        column.addWidget(self.window_)
        typed = QHBoxLayout()
        typed.setSpacing(12)
        typed.addWidget(self.typed, 1)
        typed.addWidget(self._counts, 1, Qt.AlignmentFlag.AlignBottom)
        column.addLayout(typed)
        head = QHBoxLayout()
        head.addWidget(StepBadge(5, self._say("price")), 1)
        head.addWidget(self.courier)
        column.addLayout(head)
        column.addWidget(self._price)
        column.addStretch(1)
        self.window_.changed.connect(self.changed)
        self.typed.changed.connect(lambda _text: self.changed.emit())
        self.terms.chosen.connect(lambda _which: self.changed.emit())

    def _say(self, key: str, /, **slots: object) -> str:
        return self._counter.say(f"sending.form.{key}", **slots)

    # --- The weight ------------------------------------------------------------------------------

    def weighed(self) -> Weighed:
        """Return the weight that counts now: what was taken for paying, typed, or on the scale."""
        if self._kept is not None:
            return self._kept
        if self.typed.text():
            return Weighed(parse_kg(self.typed.text()) or 0)
        return Weighed(self.window_.shown.grams if self.window_.is_steady else 0)

    def take(self) -> bool:
        """Keep the weight that counts, with the frame that proves it; tell whether there is one."""
        if not self.typed.text() and self._kept is None:
            taken = self.window_.take()
            self._kept = Weighed(taken.gross_grams, taken.frame) if taken else None
        elif self._kept is None:
            self._kept = self.weighed()
        return self._kept is not None and self._kept.grams > 0

    def let_go(self) -> None:
        """Weigh anew."""
        self._kept = None

    def put_back(self, grams: int, frame: str) -> None:
        """Take up what was weighed before the power went."""
        self._kept = Weighed(grams, frame)

    @property
    def is_collect(self) -> bool:
        """Tell whether the receiver pays."""
        return self.terms.value() == COLLECT

    def clear(self) -> None:
        """Begin with nothing."""
        self.let_go()
        self.typed.set_text("")
        self.terms.set_value(NOW)

    # --- What it costs ---------------------------------------------------------------------------

    def show_price(self, terms: ZoneTerms | None) -> None:
        """Show how the price comes about."""
        weighed = self.weighed()
        typed = self.typed.text()
        self.window_.setVisible(self.window_.shown.state != "none")
        is_wrong = bool(typed) and not weighed.grams
        if is_wrong:
            self.typed.say_fault("sending.refusal.WEIGHT_MISSING")
        else:
            self.typed.clear_fault()
        known = terms is not None and weighed.grams > 0
        for label in (self._first, self._first_fen, self._further, self._further_fen):
            label.setVisible(known)
        self._counts.setText("")
        if terms is None or not known:
            self._total.setText("—")
            return
        grams, steps = weighed.grams, terms.steps(weighed.grams)
        key = "typed" if typed else "weighed"
        counts = self._say("charged", kg=kg_plain(terms.charged_grams(grams)))
        self._counts.setText(f"{self._say(key, kg=kg_plain(grams))}·{counts}")
        self._first.setText(self._say("first", kg=kg_plain(terms.first_grams), zone=terms.name))
        self._first_fen.setText(say_yuan(terms.first_fen))
        self._further.setText(self._say("further", steps=steps, amount=say_yuan(terms.further_fen)))
        self._further_fen.setText(say_yuan(steps * terms.further_fen))
        self._total.setText(say_yuan(terms.price_fen(grams)))

    def show_courier(self, name: str, *, can_change: bool) -> None:
        """Show by whom it goes."""
        self.courier.set_label(name or "—")
        self.courier.set_possible(possible=can_change)
        self.courier.setVisible(bool(name))

    def take_digit(self, digit: int) -> bool:
        """Choose who pays."""
        return self.terms.take_digit(digit)

    def hasHeightForWidth(self) -> bool:
        """Ask for no height of its own: a sentence below a field does not make the page scroll."""
        return False

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self._column.setSpacing(2 if compact else 6)
        self.window_.body.setContentsMargins(*(WINDOW_COMPACT if compact else WINDOW))
        self._price.body.setContentsMargins(*((12, 3, 12, 4) if compact else (16, 8, 16, 10)))
        self._price.body.setSpacing(1 if compact else 4)


class StockPart(Panel):
    """How many waybill numbers are left at this PC."""

    stays_in_sight = True  # no toast lies over it

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__("tint", margins=(12, 8, 12, 8), spacing=2)
        self._counter = counter
        self._figure = Words("", theme.BODY, bold=True)
        self._words = hint("", wrap=True)
        self._words.setMinimumHeight(TWO_LINES)
        self.body.addWidget(self._figure)
        self.body.addWidget(self._words)

    def hasHeightForWidth(self) -> bool:
        """Ask for no height of its own: a sentence below a field does not make the page scroll."""
        return False

    def show_left(self, left: Left) -> None:
        """Show what is left, and what happens when it runs out."""
        say = self._counter.say
        self._figure.setText(say("sending.stock.figure", left=left.left, size=left.size))
        key = "plenty"
        if not left.size:
            key = "never"
        elif not left.left:
            key = "none"
        elif left.is_low:
            key = "asked" if left.is_asked else "low"
        is_fine = key == "plenty"
        self.set_look("tint" if is_fine else "box" if left.left else "stop")
        self._figure.set_ink("ink" if is_fine else "warn" if left.left else "stop")
        self._words.set_ink("ink2" if is_fine else "warn" if left.left else "stop")
        self._words.setText(say(f"sending.stock.{key}"))
