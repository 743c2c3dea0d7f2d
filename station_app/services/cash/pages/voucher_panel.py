"""The form for money put in or taken out: where, why, how much, and words if they are needed."""

from PySide6.QtCore import Signal

from station_app.services.cash.commands import PutIn, TakeOut
from station_app.services.cash.vouchers import WORDS_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words
from station_app.values.money import say_yuan

PUT_IN, TAKE_OUT = "put_in", "take_out"
IN_PLACES, OUT_PLACES = ("drawer", "safe", "bank"), ("drawer", "safe", "wechat", "alipay")
IN_REASONS, OUT_REASONS = ("own", "safe", "bank"), ("own", "safe", "bank", "petty", "drawings")
COLUMNS = 3


class VoucherPanel(Panel):
    """One voucher on its way. Signal changed: something was typed or chosen."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__("active", margins=(24, 10, 24, 8), spacing=4)
        self._counter = counter
        self.way = PUT_IN
        say = counter.say
        self._title = Words("", theme.TITLE, bold=True)
        self._place_words = Words("", theme.BODY, ink="ink2")
        self._reason_words = Words("", theme.BODY, ink="ink2")
        self.places = ChoiceRow(columns=4, height=theme.FORM_HEIGHT)
        self.reasons = ChoiceRow(columns=COLUMNS, height=theme.FORM_HEIGHT)
        self.amount = MoneyField(counter.texts, say("cash.voucher.amount"))
        self.remark = TextField(counter.texts, limit=WORDS_MAX, chinese=True)
        self.remark.set_label(say("cash.voucher.remark"))
        for widget in (
            self._title,
            self._place_words,
            self.places,
            self._reason_words,
            self.reasons,
            self.amount,
            self.remark,
        ):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.places.chosen.connect(lambda _value: self._chosen())
        self.reasons.chosen.connect(lambda _value: self._chosen())
        self.amount.changed.connect(lambda _text: self.changed.emit())
        self.remark.changed.connect(lambda _text: self.changed.emit())

    def begin(self, way: str) -> None:
        """Begin a voucher. way: `put_in` or `take_out`."""
        self.way = way
        say = self._counter.say
        self._title.setText(say(f"cash.drawer.{way}"))
        self._place_words.setText(say(f"cash.voucher.{way}_place"))
        self._reason_words.setText(say(f"cash.voucher.{way}_reason"))
        self.places.set_value("")
        self.reasons.set_value("")
        places = IN_PLACES if way == PUT_IN else OUT_PLACES
        self.places.show_choices([Choice(p, say(f"cash.place.{p}")) for p in places])
        self.places.set_value("drawer")
        self._show_reasons()
        self.amount.set_fen(None)
        self.remark.set_text("")

    def _show_reasons(self) -> None:
        is_in = self.way == PUT_IN
        reasons = IN_REASONS if is_in else OUT_REASONS
        key = "in_reason" if is_in else "out_reason"
        first = len(IN_PLACES if is_in else OUT_PLACES) + 1
        place, say = self.places.value(), self._counter.say
        self.reasons.show_choices(
            [Choice(r, say(f"cash.{key}.{r}"), is_possible=r != place) for r in reasons],
            first=first,
        )
        if self.reasons.value() == place:
            self.reasons.set_value("")

    def take_digit(self, digit: int) -> bool:
        """Let a digit choose."""
        return self.places.take_digit(digit) or self.reasons.take_digit(digit)

    def what_is_missing(self) -> str:
        """Return why it cannot be done yet, "" when nothing is missing."""
        say = self._counter.say
        if not self.reasons.value():
            return say(f"cash.voucher.{self.way}_reason_first")
        if not self.amount.fen():
            if self.amount.fen() is None:
                return say("cash.voucher.amount_first")
            return say("cash.refusal.AMOUNT_NOT_POSITIVE")
        if self.reasons.value() == "petty" and not self.remark.text():
            return say("cash.refusal.PETTY_WORDS_MISSING")
        return ""

    def primary_words(self) -> str:
        """Return what will happen."""
        amount = self.amount.fen()
        said = say_yuan(amount) if amount else ""
        return self._counter.say(f"cash.voucher.{self.way}_primary", amount=said).rstrip()

    def command(self, *, confirmed_by: str = "", alone_reason: str = "") -> PutIn | TakeOut:
        """Return what is asked for."""
        fen = self.amount.fen() or 0
        place, reason, remark = self.places.value(), self.reasons.value(), self.remark.text()
        if self.way == PUT_IN:
            return PutIn(place=place, reason=reason, amount_fen=fen, remark=remark)
        return TakeOut(
            place=place,
            reason=reason,
            amount_fen=fen,
            remark=remark,
            confirmed_by=confirmed_by,
            alone_reason=alone_reason,
        )

    def written(self) -> dict[str, str]:
        """Return what stands in it, for a draft."""
        return {
            "way": self.way,
            "place": self.places.value(),
            "reason": self.reasons.value(),
            "amount": self.amount.text(),
            "remark": self.remark.text(),
        }

    def take(self, written: dict[str, str]) -> None:
        """Put a draft back."""
        self.begin(written.get("way", PUT_IN))
        self.places.set_value(written.get("place", "drawer"))
        self._show_reasons()
        self.reasons.set_value(written.get("reason", ""))
        self.amount.set_text(written.get("amount", ""))
        self.remark.set_text(written.get("remark", ""))

    @property
    def is_touched(self) -> bool:
        """Tell whether anything was typed."""
        return bool(self.amount.text() or self.remark.text())

    def _chosen(self) -> None:
        self._show_reasons()
        if self.reasons.value() and not self.amount.text():
            self.amount.setFocus()
        self.changed.emit()
