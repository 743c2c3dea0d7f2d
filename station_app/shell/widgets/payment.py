"""The payment panel: how an amount is paid, the same on every page that takes or pays money.

It shows one `Paying` and gives back another; what is still due and what change to give are its
sums, never the widget's. Narrow, it stands beside a list and offers the quick ways; wide, it has
all of them, several one after the other, what is let go, and the change in 72 px.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QSizePolicy,
    QSpacerItem,
    QVBoxLayout,
    QWidget,
)

from station_app.shell import theme
from station_app.shell.widgets.cards import Amount
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint, rule
from station_app.values.money import say_yuan
from station_app.values.paying import (
    ALIPAY,
    AMOUNT_MAX,
    BANK,
    CASH,
    NUMBERED_WAYS,
    ON_ACCOUNT,
    WAYS,
    WECHAT,
    Paying,
    handy_notes,
    laid_aside,
    notes_of,
    rounded_off,
    taken_back,
)
from station_app.values.texts import Texts

QUICK_WAYS = (CASH, WECHAT, ALIPAY)
GIVING_WAYS = (CASH, WECHAT, ALIPAY, BANK)
STACKED_HEIGHT = 56  # a key below its words: so several ways fit beside each other
LABEL_WIDTH = 62
REFERENCE_MAX = 64
AMOUNT_WIDTH = 210
FACES_SAID_MAX = 4  # more of them are no help at a glance, and have no room
CHANGE_HEIGHT, CHANGE_HEIGHT_TALL, CHANGE_HEIGHT_COMPACT = 128, 112, 100
HOW_WIDTH_MAX = 860  # where nothing stands beside it, what belongs together stays together
CHANGE_SIGNS_MAX = 7  # ¥999.99: more of them are written smaller, never cut
KEY_ASIDE, KEY_BACK, KEY_ROUND = "F11", "Ctrl+D", "Ctrl+M"
IN_FIELD = ("too_big", "short", "over", "nothing", "no_limit", "above_limit", "person")


def missing_words(texts: Texts, paying: Paying, *, has_shift: bool) -> str:
    """Return what is still to be done before money may change hands, "" when nothing is."""
    missing = paying.missing(has_shift=has_shift)
    return texts.say(f"shell.paying.missing.{missing}") if missing else ""


def side(paying: Paying) -> str:
    """Return `take` or `give`, the end of a text key."""
    return "give" if paying.gives else "take"


def _stack(holder: QWidget, widgets: Sequence[QWidget]) -> QVBoxLayout:
    """Put widgets under each other; return their column."""
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(10)
    for widget in widgets:
        column.addWidget(widget)
    return column


class PaymentPanel(QWidget):
    """How an amount is paid. Signal changed(Paying): the operator chose or typed something.

    cash: the field of the amount; reference: that of the payment number; ways: the choices.
    """

    changed = Signal(object)

    def __init__(
        self,
        texts: Texts,
        *,
        is_wide: bool = True,
        first: int = 1,
        ways: Sequence[str] = (),
        labels: str = "",
    ) -> None:
        """Make a panel with nothing due. first: the digit of the first way.

        labels: `right` when it says how a payment really was, instead of taking or giving one.
        """
        super().__init__()
        self._texts = texts
        self._is_wide = is_wide
        self._is_tall = False
        self._labels = labels
        self._ways = tuple(ways) or (WAYS if is_wide else QUICK_WAYS)
        self._has_shift = True
        self.paying = Paying()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(10 if is_wide else 6)
        self._build_fields(first)
        if is_wide:
            self._build_wide()
        else:
            self._build_narrow()
        self.show_paying(self.paying)

    def _say(self, key: str, /, **slots: object) -> str:
        return self._texts.say(f"shell.paying.{key}", **slots)

    # --- What it is made of ----------------------------------------------------------------------

    def _build_fields(self, first: int) -> None:
        choices = [Choice(way, self._say(f"way.{way}")) for way in self._ways]
        self.ways = ChoiceRow(choices, first=first, height=STACKED_HEIGHT, stacked=True)
        self.ways.chosen.connect(self._choose_way)
        self.cash = MoneyField(self._texts)
        self.cash.amount_changed.connect(self._type_amount)
        self.reference = TextField(self._texts, limit=REFERENCE_MAX)
        self.reference.line.setAccessibleName(self._say("reference"))
        self.reference.line.setPlaceholderText(self._say("reference_hint"))
        self.reference.changed.connect(lambda text: self._set(reference=text))
        self._words = Words("", theme.STRONG, bold=True, ink="notice").elided()
        self._aside = Words("", theme.BODY, bold=True, ink="pressed", wrap=True)

    def _build_narrow(self) -> None:
        cash = QWidget()
        row = QHBoxLayout(cash)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.cash, 3)
        row.addWidget(self._words, 4)
        self._ways_row = self._labelled("how", self.ways)
        self._cash_row = self._labelled("received", cash)
        self._reference_row = self._labelled("reference", self.reference)
        for widget in (self._ways_row, self._aside, self._cash_row, self._reference_row):
            self._column.addWidget(widget)

    def _build_wide(self) -> None:
        self._total = Amount("", size=theme.TOTAL_LARGE)
        self._small = hint("")
        self._still = Amount("", size=theme.TOTAL)
        self._ways_row = self.ways
        self._amount_label = Words("", theme.STRONG, bold=True)
        self._cash_row = QWidget()
        row = QHBoxLayout(self._cash_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._amount_label)
        row.addStretch(1)
        self.cash.setFixedWidth(AMOUNT_WIDTH)
        self.cash.line.setPlaceholderText(self._say("just"))
        row.addWidget(self.cash)
        self._notes = QWidget()
        self._notes_row = QHBoxLayout(self._notes)
        self._notes_row.setContentsMargins(0, 0, 0, 0)
        self._notes_row.setSpacing(8)
        self._note_buttons: list[KeyButton] = []
        self._shown_notes: tuple[int, ...] = ()
        self._reference_row = self._labelled("reference", self.reference)
        self._build_change()
        self._build_tools()
        how, self._come_of_it = QWidget(), QWidget()
        how.setMaximumWidth(HOW_WIDTH_MAX)
        rows = (self._total, self._small, rule(), self.ways, self._cash_row, self._words)
        left = _stack(how, (*rows, self._notes, self._reference_row))
        right = _stack(self._come_of_it, (self._aside, self._still, self._change_box))
        self._tool_places = (left, right)
        left.addWidget(self._tools)
        for column in (left, right):
            column.addStretch(1)
        self._halves = QHBoxLayout()
        self._halves.setSpacing(28)
        self._halves.addWidget(how, 5)
        self._halves.addWidget(self._come_of_it, 4)
        expanding, least = QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum
        self._halves.addItem(QSpacerItem(0, 0, expanding, least))  # from the left, never centred
        self._column.addLayout(self._halves, 1)

    def _build_change(self) -> None:
        self._change_box = Panel("tint", margins=(20, 4, 22, 4), spacing=12, horizontal=True)
        self._change_box.setFixedHeight(CHANGE_HEIGHT)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(Words(self._say("change_label"), theme.TITLE, bold=True))
        self._give_out = hint("", wrap=True)
        words.addWidget(self._give_out)
        words.addStretch(1)
        self._change_box.body.addLayout(words, 1)
        self._change = Words("", theme.CHANGE, bold=True, ink="pressed").right()
        self._change_box.body.addWidget(self._change)

    def _build_tools(self) -> None:
        self._tools = QWidget()
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.aside = self._tool("lay_aside_take", KEY_ASIDE, lambda: self._become(laid_aside))
        self.back = self._tool("take_back", KEY_BACK, lambda: self._become(taken_back))
        self.round = self._tool("round_off", KEY_ROUND, lambda: self._become(rounded_off))
        for button in (self.aside, self.back, self.round):
            row.addWidget(button, 1)

    def _tool(self, key: str, cap: str, run: Any) -> KeyButton:
        button = KeyButton(self._say(key), cap, height=theme.FORM_HEIGHT)
        button.clicked.connect(lambda _=False: run())
        return button

    def _labelled(self, key: str, widget: QWidget) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        label = hint(self._say(key))
        label.setFixedWidth(LABEL_WIDTH)
        row.addWidget(label)
        row.addWidget(widget, 1)
        return holder

    def stand_tall(self) -> None:
        """Put what comes of it below, not beside: for a panel at the right of a list."""
        self._is_tall = True
        self._halves.setDirection(QBoxLayout.Direction.TopToBottom)
        self._halves.setStretch(0, 0)
        self._halves.setSpacing(8)
        self.set_compact(compact=False)

    # --- Showing ---------------------------------------------------------------------------------

    def show_paying(self, paying: Paying, *, has_shift: bool | None = None) -> None:
        """Show this payment; the fields are only touched where they say something else."""
        self.paying = paying
        self._has_shift = self._has_shift if has_shift is None else has_shift
        due = bool(paying.due_fen)
        self.ways.set_value(paying.way)
        if self.cash.fen() != paying.typed_fen:
            self.cash.set_fen(paying.typed_fen)
        if self.reference.text() != paying.reference.strip():
            self.reference.set_text(paying.reference)
        self._ways_row.setVisible(due)
        self._reference_row.setVisible(due and paying.way in NUMBERED_WAYS)
        self.cash.line.setAccessibleName(self._amount_name())
        self._show_parts()
        self._show_sentence()
        if self._is_wide:
            self._show_wide()
        else:
            is_plain = paying.way == CASH or paying.typed_fen is not None
            self._cash_row.setVisible(due and is_plain)

    def _amount_name(self) -> str:
        return self._say("given" if self.paying.gives else "received")

    def _show_parts(self) -> None:
        paying = self.paying
        parts = [
            self._say("part", way=self._say(f"way.{p.way}"), amount=say_yuan(p.amount_fen))
            for p in paying.parts
        ]
        if paying.way not in self._ways:
            parts.append(self._say("rest_by", way=self._say(f"way.{paying.way}")))
        if paying.round_off_fen and not self._is_wide:
            parts.append(self._say("let_go", amount=say_yuan(paying.round_off_fen)))
        self._aside.setText("  ".join(parts))
        self._aside.setVisible(bool(parts))

    def _show_sentence(self) -> None:
        """Say beside the amount what is wrong with it, or what comes of it."""
        paying, ink = self.paying, "notice"
        missing = paying.missing(has_shift=self._has_shift)
        if missing == "short":
            words, ink = self._say("short", amount=say_yuan(paying.still_due_fen)), "stop"
        elif missing in IN_FIELD:
            words, ink = self._sentence(missing), "stop"
        elif paying.way == ON_ACCOUNT:
            words = self._credit_words()
        elif self._is_wide:
            words = ""  # an empty field says 正好 itself, and the change stands in its own box
        elif paying.typed_fen is None:
            words, ink = self._say("exact"), "ink2"
        else:
            words = self._say("change", amount=say_yuan(paying.change_fen))
        self._words.setText(words)
        self._words.setVisible(bool(words) or not self._is_wide)
        self._words.set_ink(ink)
        self.setAccessibleDescription(words if missing else "")

    def _sentence(self, missing: str) -> str:
        credit = self.paying.credit
        return self._say(
            f"wrong.{missing}",
            most=say_yuan(AMOUNT_MAX),
            limit=say_yuan(credit.limit_fen),
            owes=say_yuan(credit.owes_fen),
            free=say_yuan(credit.free_fen),
        )

    def _credit_words(self) -> str:
        left = self.paying.credit.free_fen - self.paying.owed_fen()
        return self._say("credit_left", left=say_yuan(left))

    def _show_wide(self) -> None:
        paying = self.paying
        due = bool(paying.due_fen)
        what = self._labels or side(paying)
        self._total.words.setText(self._say(f"to_{what}"))
        self._total.show_amount(say_yuan(paying.to_pay_fen))
        let_go = self._say(
            "with_let_go", total=say_yuan(paying.due_fen), amount=say_yuan(paying.round_off_fen)
        )
        self._small.setText(let_go)
        self._small.setVisible(bool(paying.round_off_fen))
        self._still.words.setText(self._say("still"))
        self._still.show_amount(say_yuan(max(0, paying.rest_fen)), "notice")
        self._still.setVisible(bool(paying.parts))
        is_cash_in = due and paying.way == CASH and not paying.gives
        self._come_of_it.setVisible(is_cash_in or not self._aside.isHidden())
        self._place_tools(is_right=not self._come_of_it.isHidden())
        way = self._say(f"way.{paying.way}")
        is_owed = paying.way == ON_ACCOUNT and not self._labels
        self._amount_label.setText(way if is_owed else self._say(f"{what}_by", way=way))
        self._cash_row.setVisible(due)
        self._show_notes(handy_notes(paying.rest_fen) if is_cash_in else ())
        self._change_box.setVisible(is_cash_in)
        change = say_yuan(paying.change_fen)
        large = theme.CHANGE if len(change) <= CHANGE_SIGNS_MAX else theme.TOTAL_LARGE
        self._change.setFont(theme.font(large, bold=True))
        self._change.setText(change)
        self._give_out.setText(self._notes_words(paying.change_fen))
        self._give_out.setVisible(bool(self._give_out.text()))
        self._show_tools()

    def _notes_words(self, fen: int) -> str:
        """Return which notes are given: 给 20 + 10 + 1 + 1; "" where they would be too many."""
        faces = notes_of(fen)
        if not 0 < len(faces) <= FACES_SAID_MAX:
            return ""
        said = []
        for face, pieces in faces:
            one = f"{face // 100}" if face >= 100 else f"0.{face // 10}"
            said += [f"{one}×{pieces}"] if pieces > 2 else [one] * pieces
        return self._say("give_out", notes=" + ".join(said))

    def _place_tools(self, *, is_right: bool) -> None:
        """Stand under what comes of it, or under the fields where nothing comes of it."""
        place = self._tool_places[is_right]
        if place.indexOf(self._tools) < 0:
            self._tool_places[not is_right].removeWidget(self._tools)
            place.insertWidget(place.count() - 1, self._tools)

    def _show_tools(self) -> None:
        paying = self.paying
        possible = laid_aside(paying) != paying
        self.aside.set_label(self._say(f"lay_aside_{self._labels or side(paying)}"))
        self.aside.set_possible(possible=possible, reason=self._say("lay_aside_how"))
        self.back.setVisible(bool(paying.parts))
        can_round = not self._labels and not paying.gives
        self.round.setVisible(can_round and rounded_off(paying) != paying)
        self._tools.setVisible(bool(paying.due_fen))

    def _show_notes(self, notes: tuple[int, ...]) -> None:
        self._notes.setVisible(bool(notes))
        if notes == self._shown_notes:
            return
        self._shown_notes = notes
        for button in self._note_buttons:
            self._notes_row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._note_buttons = []
        for fen in (None, *notes) if notes else ():
            words = self._say("just") if fen is None else f"¥{fen // 100}"
            button = KeyButton(words, "", height=theme.WORD_HEIGHT)
            button.clicked.connect(lambda _=False, which=fen: self._take_note(which))
            self._notes_row.addWidget(button, 1)
            self._note_buttons.append(button)

    # --- What the operator does ------------------------------------------------------------------

    def _choose_way(self, way: str) -> None:
        self._set(way=way, reference="")
        if self.paying.has_reference:
            self.reference.setFocus()
        elif self._is_wide:
            self.cash.setFocus()
        else:
            self.cash.clearFocus()

    def _type_amount(self, fen: int | None) -> None:
        self._set(typed_fen=fen)

    def _take_note(self, fen: int | None) -> None:
        self.cash.set_fen(fen)
        self._set(typed_fen=fen)
        self.cash.setFocus()

    def _become(self, change: Any) -> None:
        self.show_paying(change(self.paying))
        self.changed.emit(self.paying)
        self.first_field().setFocus()

    def _set(self, **changed: Any) -> None:
        self.show_paying(replace(self.paying, **changed))
        self.changed.emit(self.paying)

    def take_scan(self, text: str) -> bool:
        """Take a scanned payment number, if one is wanted now; returns whether it was."""
        if not self.isVisible() or not self.paying.has_reference:
            return False
        self.reference.set_text(text)
        self._set(reference=text)
        return True

    def take_digit(self, digit: int) -> bool:
        """Choose a way by its digit."""
        return self.ways.take_digit(digit)

    def first_field(self) -> QWidget:
        """Return what to type into first."""
        return self.reference if self._needs_reference() else self.cash

    def _needs_reference(self) -> bool:
        return self.paying.has_reference and not self.paying.reference.strip()

    def clear(self) -> None:
        """Empty what was typed for the one before."""
        self.cash.set_fen(None)
        self.reference.set_text("")

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        if not self._is_wide:
            self._column.setSpacing(4 if compact else 6)
        else:
            if not self._is_tall:
                self._halves.setSpacing(16 if compact else 28)
            for column in self._tool_places:
                column.setSpacing(7 if compact or self._is_tall else 10)
            full = CHANGE_HEIGHT_TALL if self._is_tall else CHANGE_HEIGHT
            self._change_box.setFixedHeight(CHANGE_HEIGHT_COMPACT if compact else full)
