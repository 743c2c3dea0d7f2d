"""The parts of the hand-over page: the parcels on the counter, the money, who takes them."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from station_app.journal.log import Connection
from station_app.services.parcels.handing import HandOver, Item
from station_app.services.parcels.pages.shown import Shown
from station_app.services.parcels.rules import CHECKS, RETURN_REASONS, TAKERS
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.cards import Amount
from station_app.shell.widgets.cells import ChipText, Column, Pill, Row, Text, Tick
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.payment import PaymentPanel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule, strong
from station_app.values.money import say_yuan

COLUMNS = (
    Column("tick", 58),
    Column("code", 232),
    Column("waybill"),
    Column("due", 160, "right"),
    Column("state", 92, "right"),
)
ROW_HEIGHT = 74
STACKED_HEIGHT = 56  # a key below its words: so three ways fit beside each other
RIGHT_WIDTH, RIGHT_WIDTH_COMPACT = 420, 392
FIRST_TAKER, FIRST_CHECK = 4, 6
LABEL_WIDTH = 62
MARGINS = (22, 12, 22, 10)
CHECKS_BY_DIGIT = tuple(check for check in CHECKS if check != "photo")
TAKER_ICONS = {"self": "person", "on_behalf": "people"}


class Counted(Panel):
    """The parcels on the counter, each with its tick. Signal switched(parcel): ticked by hand."""

    switched = Signal(str)

    def __init__(self, counter: Counter, shown: Shown) -> None:
        """Make an empty list."""
        super().__init__(margins=(1, 14, 1, 4), spacing=0)
        self._counter = counter
        self._shown = shown
        self._title, self._aside = strong(), hint()
        head = QHBoxLayout()
        head.setContentsMargins(20, 0, 20, 8)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._aside)
        self.body.addLayout(head)
        self.body.addWidget(rule())
        name = counter.say("parcels.handover.list_name")
        self.table = ListTable(COLUMNS, name=name, row_height=ROW_HEIGHT)
        self.table.acted.connect(lambda parcel, _column: self.switched.emit(parcel))
        self.table.opened.connect(self.switched)
        self.body.addWidget(self.table, 1)

    def show_items(
        self, connection: Connection, handing: HandOver, couriers: Mapping[str, str], today: str
    ) -> None:
        """Show the parcels. couriers: short names by code; today: business day."""
        say = self._counter.say
        total, open_ = len(handing.items), handing.unscanned
        key = "all_scanned" if not open_ else "scanned" if open_ < total else "on_shelf"
        key = key if total else "nothing_here"
        self._title.setText(say(f"parcels.handover.{key}", count=total, scanned=total - open_))
        self._aside.setText(say("parcels.handover.scan_each") if total else "")
        has_begun = open_ < total
        self.table.show_rows(
            [self._row(item, couriers, today, has_begun=has_begun) for item in handing.items]
        )

    def _row(self, item: Item, couriers: Mapping[str, str], today: str, *, has_begun: bool) -> Row:
        say = self._counter.say
        row = item.row
        small = self._shown.arrived(row, today)
        if item.of:
            name = self._counter.privacy.name(item.of)
            small = f"{say('parcels.handover.of', name=name)}·{small}"
        state = (
            Text(say("parcels.handover.is_scanned"), bold=True, ink="pressed")
            if item.is_scanned
            else Text(say("parcels.handover.not_scanned"), bold=True, ink="warn")
        )
        return Row(
            subject=row.parcel,
            cells=(
                Tick(item.is_scanned),
                Text(str(row.code), theme.TITLE, bold=True, small=small),
                ChipText(couriers.get(row.courier, row.courier), self._shown.waybill(row)),
                self._balance(item) or self._shown.due(row),
                state,
            ),
            tone="warn" if has_begun and not item.is_scanned else "plain",
        )

    def _balance(self, item: Item) -> Pill | None:
        """Return the pill of what is due for an order, with what the courier wants in it."""
        if not item.balance_fen:
            return None
        fen = item.balance_fen + item.row.due_fen
        return Pill(self._counter.say("parcels.shown.order", amount=say_yuan(fen)), "money")


class PayPanel(Panel):
    """What is to be collected, how it is paid, who takes the parcels, how that was checked.

    money: the quick ways of paying; more: the button to all of them. Signals: taker_chosen(str),
    check_chosen(str), collector_typed(str), relation_typed(str).
    """

    taker_chosen = Signal(str)
    check_chosen = Signal(str)
    collector_typed = Signal(str)
    relation_typed = Signal(str)

    def __init__(self, counter: Counter) -> None:
        """Make a panel with nothing to pay."""
        super().__init__(margins=MARGINS, spacing=6)
        self._counter = counter
        self._build_money()
        self.body.addSpacing(2)
        self._build_taker()
        self.body.addStretch(1)
        self.setTabOrder(self.collector.line, self.relation.line)
        self.setFixedWidth(RIGHT_WIDTH)

    def _say(self, key: str, /, **slots: object) -> str:
        return self._counter.texts.say(key, **slots)

    def _build_money(self) -> None:
        more = self._say("parcels.handover.more_ways")
        self.more = KeyButton(more, "F10", kind="ghost", height=theme.INLINE_HEIGHT)
        head = QHBoxLayout()
        head.addWidget(strong(self._say("parcels.handover.to_collect")))
        head.addStretch(1)
        head.addWidget(self.more)
        self.body.addLayout(head)
        self._cod = Amount("", size=theme.BODY)
        self._freight = Amount("", size=theme.BODY)
        self._line = rule()
        self._total = Amount(self._say("parcels.handover.total"))
        self._order = Amount("", size=theme.BODY)
        for widget in (self._cod, self._freight, self._order, self._line, self._total):
            self.body.addWidget(widget)
        self.money = PaymentPanel(self._counter.texts, is_wide=False)
        self.cash, self.reference = self.money.cash, self.money.reference
        self.ways = self.money.ways
        self.body.addWidget(self.money)
        self._nothing = Words(self._say("parcels.handover.nothing_due"), theme.BODY, ink="ink2")
        self.body.addWidget(self._nothing)

    def _build_taker(self) -> None:
        takers = [
            Choice(one, self._say(f"parcels.taken_by.{one}"), TAKER_ICONS[one]) for one in TAKERS
        ]
        self.takers = ChoiceRow(takers, first=FIRST_TAKER, height=theme.FORM_HEIGHT)
        self.takers.chosen.connect(self.taker_chosen)
        self.body.addWidget(self._labelled("parcels.handover.who_takes", self.takers))
        texts = self._counter.texts
        self.collector = TextField(texts, limit=30, chinese=True)
        self.relation = TextField(texts, limit=30, chinese=True)
        for field, key in ((self.collector, "collector"), (self.relation, "relation")):
            field.line.setPlaceholderText(self._say(f"parcels.handover.{key}"))
            field.line.setAccessibleName(self._say(f"parcels.handover.{key}"))
        self.collector.changed.connect(self.collector_typed)
        self.relation.changed.connect(self.relation_typed)
        fields = QWidget()
        row = QHBoxLayout(fields)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.collector, 3)
        row.addWidget(self.relation, 2)
        self._collector_row = self._labelled("parcels.handover.name", fields)
        self.body.addWidget(self._collector_row)
        checks = [Choice(one, self._say(f"parcels.check.{one}")) for one in CHECKS_BY_DIGIT]
        self.checks = ChoiceRow(checks, first=FIRST_CHECK, height=STACKED_HEIGHT, stacked=True)
        self.checks.chosen.connect(self.check_chosen)
        self.body.addWidget(self._labelled("parcels.handover.how_checked", self.checks))

    def _labelled(self, key: str, widget: QWidget) -> QWidget:
        """Return a widget with a few small words at its left."""
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        label = hint(self._say(key))
        label.setFixedWidth(LABEL_WIDTH)
        row.addWidget(label)
        row.addWidget(widget, 1)
        return holder

    def show_handing(self, handing: HandOver, *, has_shift: bool = True) -> None:
        """Show what is due and what has been chosen."""
        due = handing.due_fen
        self._show_line(self._cod, "cod_of", handing.cod_fen, _count(handing, "cod_fen"))
        self._show_line(
            self._freight, "freight_of", handing.freight_fen, _count(handing, "freight_fen")
        )
        orders = sum(1 for item in handing.items if item.balance_fen)
        self._show_line(self._order, "order_of", handing.balance_fen, orders)
        for widget in (self._line, self._total, self.more, self.money):
            widget.setVisible(bool(due))
        self._nothing.setVisible(not due)
        self._total.show_amount(say_yuan(due))
        self._collector_row.setVisible(handing.taken_by == "on_behalf")
        self.takers.set_value(handing.taken_by)
        is_photo = handing.check == "photo"  # taken where else she would sign
        self.checks.set_value("signature" if is_photo else handing.check)
        self.money.show_paying(handing.paying, has_shift=has_shift)

    def _show_line(self, line: Amount, key: str, amount_fen: int, count: int) -> None:
        line.setVisible(bool(amount_fen))
        line.words.setText(self._say(f"parcels.handover.{key}", count=count))
        line.show_amount(say_yuan(amount_fen))

    def clear(self) -> None:
        """Empty what was typed for the one before."""
        self.money.clear()
        for field in (self.collector, self.relation):
            field.set_text("")

    def set_compact(self, *, compact: bool) -> None:
        """Stand closer in a low window."""
        self.setFixedWidth(RIGHT_WIDTH_COMPACT if compact else RIGHT_WIDTH)
        self.body.setContentsMargins(*((16, 6, 16, 6) if compact else MARGINS))
        self.body.setSpacing(4 if compact else 6)
        self.money.set_compact(compact=compact)


class ReturnPanel(Panel):
    """Asked before a parcel goes back to its courier: which, and why. Signal reason_chosen(str)."""

    reason_chosen = Signal(str)

    def __init__(self, counter: Counter) -> None:
        """Make the question."""
        super().__init__(margins=(22, 16, 22, 16), spacing=12)
        self._counter = counter
        self._title = Words("", theme.TITLE, bold=True, wrap=True)
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        reasons = [Choice(one, counter.say(f"parcels.reason.{one}")) for one in RETURN_REASONS]
        self.reasons = ChoiceRow(reasons, columns=1)
        self.reasons.chosen.connect(self.reason_chosen)
        self.body.addWidget(self._title)
        self.body.addWidget(self._small)
        self.body.addWidget(hint(counter.say("parcels.handover.why_back")))
        self.body.addWidget(self.reasons)
        self.body.addStretch(1)
        self.setFixedWidth(RIGHT_WIDTH)

    def ask(self, codes: Sequence[str], reason: str) -> None:
        """Ask about these parcels."""
        say = self._counter.say
        self._title.setText(say("parcels.handover.back_title", count=len(codes)))
        self._small.setText(say("parcels.handover.back_small", codes="、".join(codes[:6])))
        self.reasons.set_value(reason)

    def set_compact(self, *, compact: bool) -> None:
        """Become narrower in a low window."""
        self.setFixedWidth(RIGHT_WIDTH_COMPACT if compact else RIGHT_WIDTH)


def plain_button(label: str, key: str) -> KeyButton:
    """Return a button without a frame for the person card."""
    return KeyButton(label, key, kind="ghost", height=theme.WORD_HEIGHT)


def _count(handing: HandOver, field: str) -> int:
    return sum(1 for item in handing.items if getattr(item.row, field))
