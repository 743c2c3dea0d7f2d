"""The parts of the refund page: what is paid back and whether this PC may, and the settling."""

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.services.accounts.rules import SETTLEMENTS, RefundStanding, is_fresh
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import MoneyField, TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.payment import GIVING_WAYS, PaymentPanel
from station_app.shell.widgets.words import Words, hint, rule, strong
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.paying import CASH

REASON_MAX = 200
SLIP_KEY = "Ctrl+E"  # F10 is the pen's, here as everywhere
LEFT_WIDTH = 430
FIRST_WAY = 5


class PayingOut(QWidget):
    """One refund: what it is, whether this PC may pay it, and how it is paid. Signal changed."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__()
        self._counter = counter
        self.is_slip_taken = False
        self._needs_slip = self._needs_reason = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.FULL.gap)
        self._row.addWidget(self._build_what())
        self._row.addWidget(self._build_money(), 1)

    def _say(self, key: str, /, **slots: object) -> str:
        return self._counter.texts.say(key, **slots)

    def _build_what(self) -> QWidget:
        panel = Panel(margins=(22, 16, 22, 16), spacing=10)
        panel.setFixedWidth(LEFT_WIDTH)
        self._title = Words("", theme.TITLE, bold=True, wrap=True)
        self._place = Words("", theme.BODY, ink="ink2", wrap=True)
        self._home = Banner("", "notice")
        self.slip = KeyButton(
            self._say("accounts.refunds.slip"), SLIP_KEY, height=theme.FORM_HEIGHT
        )
        self.slip.clicked.connect(lambda _=False: self.take_slip(taken=not self.is_slip_taken))
        texts = self._counter.texts
        self.reason = TextField(
            texts, self._say("accounts.refunds.reason"), limit=REASON_MAX, chinese=True
        )
        self.reason.changed.connect(lambda _text: self.changed.emit())
        self._came = Words("", theme.BODY, ink="ink2", wrap=True)
        shown = (self._title, self._place, self._came, rule(), self._home, self.slip, self.reason)
        for widget in shown:
            panel.body.addWidget(widget)
        panel.body.addStretch(1)
        return panel

    def _build_money(self) -> QWidget:
        panel = Panel(margins=(24, 14, 24, 14), spacing=10)
        self.amount = MoneyField(self._counter.texts, self._say("accounts.refunds.how_much"))
        self.amount.line.setFixedWidth(220)
        self.amount.amount_changed.connect(lambda _fen: self.changed.emit())
        self._left = hint("")
        row = QHBoxLayout()
        row.addWidget(self.amount)
        row.addSpacing(16)
        row.addWidget(self._left, 1)
        panel.body.addLayout(row)
        panel.body.addWidget(rule())
        self.money = PaymentPanel(self._counter.texts, ways=GIVING_WAYS)
        self.money.changed.connect(lambda _paying: self.changed.emit())
        panel.body.addWidget(self.money, 1)
        self._short = Words(self._say("accounts.refunds.drawer_short"), theme.BODY, ink="warn")
        panel.body.addWidget(self._short)
        return panel

    def show_what(self, title: str, place: str) -> None:
        """Show what is paid back, and to whom."""
        self._title.setText(title)
        self._place.setText(place)

    def show_ways(self, ways: Collection[str]) -> str:
        """Show how the money came in; return the way on which it goes back the same way."""
        back = [way for way in GIVING_WAYS if way in ways]
        names = "、".join(self._say(f"shell.paying.way.{way}") for way in back)
        said = self._say("accounts.refunds.came", ways=names) if names else ""
        self._came.setText(said)
        self._came.setVisible(bool(said))
        return back[0] if len(back) == 1 else CASH

    def show_standing(self, standing: RefundStanding, now: Now) -> None:
        """Show whether this PC may pay, and what it lacks."""
        is_home = standing.home == now.device
        is_heard = bool(standing.home) and is_fresh(standing.heard_at, now.at)
        self._needs_slip = not is_home
        self._needs_reason = not is_home and not is_heard
        is_passed_on = is_home and standing.founded_on != standing.home
        key = "home" if is_home else "heard" if is_heard else "not_heard"
        key = "passed_on" if is_passed_on else key
        device = (standing.founded_on if is_passed_on else standing.home).lstrip("D") or "?"
        self._home.tell(
            self._say(f"accounts.refunds.{key}", device=device),
            "notice" if is_home or is_heard else "warn",
            small=self._say(f"accounts.refunds.{key}_small", device=device),
        )
        self.slip.setVisible(self._needs_slip)
        self.reason.setVisible(self._needs_reason)
        left = standing.due_fen - (self.amount.fen() or 0)
        key = "left" if left >= 0 else "too_much"
        self._left.setText(self._say(f"accounts.refunds.{key}", amount=say_yuan(abs(left))))
        self._left.set_ink("ink2" if left >= 0 else "stop")

    def show_drawer(self, *, is_short: bool) -> None:
        """Say that the drawer does not hold so much; never how much it holds."""
        self._short.setVisible(is_short)

    def take_slip(self, *, taken: bool) -> None:
        """Write down that the villager's slip is in hand."""
        self.is_slip_taken = taken
        self.slip.set_selected(selected=taken)
        self.slip.set_icon("check" if taken else "")
        self.changed.emit()

    def missing(self) -> str:
        """Return what still has to be done on the left side, "" for nothing."""
        if self._needs_slip and not self.is_slip_taken:
            return self._say("accounts.refunds.missing.slip")
        if self._needs_reason and not self.reason.text():
            return self._say("accounts.refunds.missing.reason")
        return ""

    def remark(self) -> str:
        """Return why another PC's money is paid here, "" where that needs no reason."""
        return self.reason.text() if self._needs_reason else ""

    def clear(self) -> None:
        """Empty it for the next one."""
        self.is_slip_taken = False
        self.slip.set_selected(selected=False)
        self.slip.set_icon("")
        self.reason.set_text("")
        self.money.clear()

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self._row.setSpacing(theme.COMPACT.gap if compact else theme.FULL.gap)
        self.money.set_compact(compact=compact)


class Settling(Panel):
    """What becomes of money that was paid twice. Signal changed."""

    changed = Signal()

    def __init__(self, counter: Counter) -> None:
        """Make it empty."""
        super().__init__(margins=(22, 14, 22, 14), spacing=24, horizontal=True)
        self._counter = counter
        say = counter.say
        self.banner = Banner("", "stop")
        self._sides = QVBoxLayout()
        self._labels: list[Words] = []
        self.how = ChoiceRow(
            [Choice(one, say(f"accounts.how.{one}")) for one in SETTLEMENTS],
            columns=1,
            height=theme.FORM_HEIGHT,
        )
        self.how.chosen.connect(lambda _value: self.changed.emit())
        self.reason = TextField(
            counter.texts, say("accounts.refunds.why"), limit=REASON_MAX, chinese=True
        )
        self.reason.changed.connect(lambda _text: self.changed.emit())
        self.money = PaymentPanel(counter.texts, first=FIRST_WAY, ways=GIVING_WAYS)
        self.money.changed.connect(lambda _paying: self.changed.emit())
        holder = QWidget()
        holder.setFixedWidth(LEFT_WIDTH)
        left = QVBoxLayout(holder)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(10)
        left.addWidget(self.banner)
        left.addLayout(self._sides)
        left.addWidget(strong(say("accounts.refunds.how_settled")))
        left.addWidget(self.how)
        left.addWidget(self.reason)
        left.addStretch(1)
        self.body.addWidget(holder)
        self.body.addWidget(self.money, 1)

    def show_sides(self, title: str, small: str, sides: list[str]) -> None:
        """Show what was paid twice, and each payout in words."""
        self.banner.tell(title, "stop", small=small)
        for label in self._labels:
            self._sides.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._labels = [Words(side, theme.BODY) for side in sides]
        for label in self._labels:
            self._sides.addWidget(label)

    def show_choice(self) -> None:
        """Show what the chosen way asks for."""
        is_money = self.how.value() == "brought_back"
        self.money.setVisible(is_money)
        self.reason.setVisible(bool(self.how.value()) and not is_money)
