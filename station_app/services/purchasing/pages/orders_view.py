"""How the orders look: the list at the left, the way of one in the middle, its money right."""

from typing import Literal

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.journal.fact import station_of
from station_app.journal.log import Connection
from station_app.printing.document import Receipt
from station_app.reference import records as reference
from station_app.services.purchasing import completion_records, records, timeline_records
from station_app.services.purchasing.documents import OrderStory, order_story
from station_app.services.purchasing.fates import Fate
from station_app.services.purchasing.outfit import Outfit
from station_app.services.purchasing.pages.back_panel import BackPanel
from station_app.services.purchasing.pages.complete_panel import CompletePanel
from station_app.services.purchasing.pages.fate_panels import (
    CancelPanel,
    ClaimPanel,
    FatePanel,
    FetchPanel,
    QuotePanel,
    SwapPanel,
)
from station_app.services.purchasing.pages.leaving_panel import LeavingPanel
from station_app.services.purchasing.pages.step_bar import StepBar, steps_of
from station_app.services.purchasing.pages.told import Told
from station_app.services.purchasing.rules import CANCELLED, HOME, PICKED_UP, balance_due
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.page import Page
from station_app.shell.widgets.cells import Column, Icon, Pill, Row, Text
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Panel, Places
from station_app.shell.widgets.photographing import KEY, AttachedPhoto
from station_app.shell.widgets.shown_photos import ShownPhotos
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule
from station_app.values.day import local_day, say_day, say_moment
from station_app.values.money import say_yuan

Mode = Literal[
    "list", "quote", "swap", "cancel", "fetch", "back", "claim", "leaving", "photos", "complete"
]  # fmt: skip
LEFT_WIDTH, RIGHT_WIDTH, RIGHT_WIDTH_COMPACT = 340, 400, 390
ROW_HEIGHT, ENTRY_HEIGHT = 66, 62
PHOTOS_MAX = 4  # of goods that come back
SUMS = ("paid", "refunded", "price", "held", "claim")


class OrdersView(Page):
    """The looks of the page."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Lay the page out with nothing chosen."""
        super().__init__(counter, key)
        self.outfit = outfit
        self.mode: Mode = "list"
        self.order = ""
        self.fate = Fate(order=None)
        self.due_back_fen = 0
        self.told = Told(counter)
        self.seen = ShownPhotos(self, outfit.photos)
        self.field = TextField(counter.texts, limit=40, chinese=True)
        self.field.line.setPlaceholderText(self.say("purchasing.orders.seek"))
        self.field.line.setAccessibleName(self.say("purchasing.orders.seek"))
        self.list = ListTable(
            (Column("what"), Column("state", 138, "right")),
            name=self.say("purchasing.tab.orders"),
            row_height=ROW_HEIGHT,
        )
        self.entries = ListTable(
            (Column("when", 112), Column("icon", 44), Column("what")),
            name=self.say("purchasing.orders.way"),
            row_height=ENTRY_HEIGHT,
        )
        self.entries.is_arrow_driven = False
        self.quote, self.cancel = QuotePanel(counter), CancelPanel(counter)
        self.fetch, self.back = FetchPanel(counter), BackPanel(counter)
        self.swap, self.claim = SwapPanel(counter), ClaimPanel(counter)
        self.leaving, self.complete = LeavingPanel(counter), CompletePanel(counter)
        self.photo = AttachedPhoto(self, outfit.photos, KEY, self._photo_turned, most=PHOTOS_MAX)
        self.panels: dict[str, FatePanel] = {
            "quote": self.quote, "cancel": self.cancel, "fetch": self.fetch, "back": self.back,
            "swap": self.swap, "claim": self.claim, "leaving": self.leaving,
            "complete": self.complete,
        }  # fmt: skip
        self._lay_out()
        counter.privacy.listen(self.show_all)

    def _lay_out(self) -> None:
        left = Panel(margins=(1, 12, 1, 8), spacing=8)
        top = QHBoxLayout()
        top.setContentsMargins(12, 0, 12, 0)
        top.addWidget(self.field)
        left.body.addLayout(top)
        left.body.addWidget(self.list, 1)
        self._count = hint("")
        self._count.setContentsMargins(16, 0, 16, 0)
        left.body.addWidget(self._count)
        left.setFixedWidth(LEFT_WIDTH)
        middle = Panel(margins=(1, 12, 1, 8), spacing=6)
        self._title = Words("", theme.STRONG, bold=True).elided()
        self._small = hint("").elided()
        head = QVBoxLayout()
        head.setContentsMargins(18, 0, 18, 0)
        head.addWidget(self._title)
        head.addWidget(self._small)
        middle.body.addLayout(head)
        middle.body.addWidget(rule())
        middle.body.addWidget(self.entries, 1)
        self._right = Places()
        self._money = self._money_panel()
        self._right.addWidget(self._money)
        for panel in self.panels.values():
            self._right.addWidget(panel)
        self._right.addWidget(self.seen.view)
        self._right.setFixedWidth(RIGHT_WIDTH)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(left)
        self._middle, self._way = Places(), middle
        for widget in (middle, self.back.goods, self.photo.panel):
            if widget is not None:
                self._middle.addWidget(widget)
        self.bar = StepBar()
        self._work = QVBoxLayout()
        both = QHBoxLayout()
        both.setSpacing(theme.FULL.gap)
        both.addWidget(self._middle, 1)
        both.addWidget(self._right)
        self._both = both
        self._work.addWidget(self.bar)
        self._work.addLayout(both, 1)
        self._columns.addLayout(self._work, 1)

    def _money_panel(self) -> Panel:
        panel = Panel(margins=(20, 14, 20, 14), spacing=8)
        panel.body.addWidget(Words(self.say("purchasing.orders.money"), theme.TITLE, bold=True))
        self._sums: dict[str, tuple[Words, Words]] = {}
        for key in SUMS:
            words, amount = hint(""), Words("", theme.BODY, bold=True).right()
            row = QHBoxLayout()
            row.addWidget(words, 1)
            row.addWidget(amount)
            panel.body.addLayout(row)
            self._sums[key] = (words, amount)
        panel.body.addStretch(1)
        panel.body.addWidget(rule())
        self._due_words = Words("", theme.STRONG, bold=True)
        self._due = Words("", theme.TOTAL_LARGE, bold=True).right()
        panel.body.addWidget(self._due_words)
        panel.body.addWidget(self._due)
        self._where = hint("", wrap=True)
        panel.body.addWidget(self._where)
        return panel

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("purchasing.tab.orders")

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        for layout in (self._columns, self._both, self._work):
            layout.setSpacing(theme.COMPACT.gap if is_compact else theme.FULL.gap)
        self.bar.set_compact(compact=is_compact)
        self._right.setFixedWidth(RIGHT_WIDTH_COMPACT if is_compact else RIGHT_WIDTH)
        for panel in self.panels.values():
            panel.body.setSpacing(4 if is_compact else 8)
            panel.body.setContentsMargins(*((16, 6, 16, 6) if is_compact else (20, 12, 20, 12)))
        self.fetch.money.set_compact(compact=is_compact)
        self.list.set_compact(compact=is_compact)
        self.entries.set_compact(compact=is_compact)
        self.back.goods.table.set_compact(compact=is_compact)

    # --- Showing ---------------------------------------------------------------------------------

    def turn_to(self, mode: Mode) -> None:
        """Show another state."""
        self.mode = mode
        self.show_all()
        if self.isVisible():
            (self.first_focus() or self).setFocus()

    def first_focus(self) -> QWidget | None:
        """Return what is typed into first."""
        if self.mode == "back":
            return self.back.goods.table
        typed = {
            "list": self.field, "cancel": self.cancel.remark, "leaving": self.leaving.runner,
            "complete": self.complete.paste,
        }  # fmt: skip
        return typed.get(self.mode)

    def show_all(self) -> None:
        """Show the state as it is now."""
        self._show_list()
        self._show_order()
        is_back = self.mode == "back"
        self.list.is_arrow_driven = not is_back
        photo = self.photo.panel if self.photo.is_open else None
        self._middle.setCurrentWidget(photo or (self.back.goods if is_back else self._way))
        self.bar.setVisible(self.mode == "list" and self.fate.order is not None)
        aside = self.seen.view if self.mode == "photos" else self._money
        self._right.setCurrentWidget(self.panels.get(self.mode, aside))
        self.touch_actions()

    def photos_of_order(self) -> tuple[str, ...]:
        """Return the photos of the order that is shown, and of what was completed of it."""
        order = self.order
        things = self.counter.desk.read(lambda c: completion_records.of_order(c, order))
        names = (name for one in (*things[::-1], order) for name in self.seen.names_of(one))
        return tuple(dict.fromkeys(names))

    def _photo_turned(self) -> None:
        """A photo of goods that come back was chosen, or is."""
        if self.mode == "back":
            self.back.goods.show_photos(len(self.photo.names))
        self.complete.show_photos(len(self.photo.names))
        self.show_all()
        if not self.photo.is_open and self.isVisible():
            (self.first_focus() or self).setFocus()

    def rows(self) -> tuple[records.OrderRow, ...]:
        """Return the orders that are listed: open ones, or those of whoever was typed."""
        typed, people = self.field.text().strip(), self.outfit.people
        desk = self.counter.desk
        if not typed:
            return desk.read(lambda c: records.find_orders(c, (), is_open=True))
        by_number = desk.read(lambda c: records.orders_of_number(c, typed))
        if by_number:
            return by_number

        def find(connection: Connection) -> tuple[records.OrderRow, ...]:
            names = [
                name
                for person in people.find(connection, typed)[: records.PEOPLE_MAX]
                for name in people.names_of(connection, person.identity)
            ]
            return records.orders_of(connection, names) if names else ()

        return desk.read(find)

    def _show_list(self) -> None:
        rows = self.rows()
        self.order = self.order or (rows[0].order if rows else "")
        was_blocked = self.list.blockSignals(True)  # noqa: FBT003 - Qt's own signature
        self.list.show_rows([self._row(row) for row in rows])
        self.list.choose(self.order)
        self.list.blockSignals(was_blocked)
        key = "found" if self.field.text().strip() else "open"
        self._count.setText(self.say(f"purchasing.orders.{key}", count=len(rows)))

    def _row(self, row: records.OrderRow) -> Row:
        people = self.outfit.people
        person = self.counter.desk.read(lambda c: people.person(c, row.person))
        name = self.counter.privacy.name(person.name) if person else ""
        fate = self.counter.desk.read(lambda c: timeline_records.fate_of(c, row.order))
        words = self.counter.desk.read(lambda c: self.outfit.papers.first_item(c, row.order))
        small = "·".join(part for part in (words, say_day(row.day, self.today)) if part)
        tone, state = self._state(fate)
        return Row(
            row.order,
            (Text(name or row.number, theme.STRONG, bold=True, small=small), Pill(state, tone)),
        )

    @property
    def today(self) -> str:
        """Return the business day."""
        return self.counter.desk.now().day

    def _state(self, fate: Fate) -> tuple[Literal["ok", "warn", "waiting", "plain"], str]:
        say, order = self.say, fate.order
        if order is None:
            return "plain", say("purchasing.state.gone")
        if order.quote_fen:
            return "warn", say("purchasing.state.quoted")
        is_over = order.status in (PICKED_UP, CANCELLED)
        if order.swap.offer and not order.swap.answer and not is_over:
            return "warn", say("purchasing.state.swap")
        if is_over:
            return "plain", say(f"purchasing.state.{order.status}")
        if fate.wanting is not None:
            return "warn", say("purchasing.state.wanting")
        if fate.parcel is not None and fate.parcel.is_on_hand:
            return "ok", say("purchasing.state.arrived")
        if order.is_cancellation_asked:
            return "waiting", say("purchasing.state.cancel_asked")
        return "waiting", say(f"purchasing.state.{order.status or 'gone'}")

    def _show_order(self) -> None:
        order_id = self.order
        self.fate = self.counter.desk.read(lambda c: timeline_records.fate_of(c, order_id))
        order = self.fate.order
        if order is None:
            self.entries.show_rows([])
            for words in (self._title, self._small, self._due_words, self._due, self._where):
                words.setText("")
            self._title.setText(self.say("purchasing.orders.none"))
            return
        self.due_back_fen = self.counter.desk.read(lambda c: records.owed_back_fen(c, order_id))
        people = self.outfit.people
        person = self.counter.desk.read(lambda c: people.person(c, order.person))
        row = self.counter.desk.read(lambda c: records.order_row(c, order_id))
        name = self.counter.privacy.name(person.name) if person else ""
        number = row.number if row else ""
        self._title.setText(self.say("purchasing.orders.title", name=name, number=number))
        items = self.counter.desk.read(lambda c: self.outfit.papers.all_items(c, order_id))
        self._small.setText("，".join(items))
        found = self.counter.desk.read(lambda c: timeline_records.entries_of(c, order_id))
        self.entries.show_rows([self._entry(entry) for entry in found])
        self.bar.show_steps(steps_of(self.counter, self.fate, found, self.due_back_fen))
        self._show_sums()

    def _entry(self, entry: timeline_records.Entry) -> Row:
        line, small = self.told.line(entry)
        icon = Icon("warn", ink="warn") if self.told.is_warning(entry) else Icon("ok")
        late = self.told.late(entry)
        small = "，".join(part for part in (late, small) if part)
        ink = "notice" if late else "ink2"
        return Row(
            entry.identity,
            (
                Text(self.told.when(entry), ink="ink2"),
                icon,
                Text(line, theme.BODY, bold=True, small=small, small_ink=ink),
            ),
        )

    def story(self) -> Receipt | None:
        """Return the whole way of the order on paper; None without one."""
        order_id, order, desk = self.order, self.fate.order, self.counter.desk
        row = desk.read(lambda c: records.order_row(c, order_id))
        if order is None or row is None:
            return None
        person = desk.read(lambda c: self.outfit.people.person(c, order.person))
        station, texts, now = station_of(row.stream), self.counter.texts, desk.now()
        head = desk.read(lambda c: reference.letterhead(c, station, texts))
        entries = desk.read(lambda c: timeline_records.entries_of(c, order_id))
        refunded_fen = desk.read(lambda c: records.refunded_fen(c, order_id))
        return order_story(
            OrderStory(
                station=head.station,
                address=head.address,
                number=row.number,
                printed=self.say(
                    "purchasing.slip.story_printed", moment=say_moment(now.at, now.day)
                ),
                items=desk.read(lambda c: self.outfit.papers.all_items(c, order_id)),
                steps=tuple(
                    (say_moment(entry.at, local_day(entry.at)), *self.told.line(entry))
                    for entry in reversed(entries)
                ),
                sums=(
                    (self.say("purchasing.sum.paid"), order.paid_fen),
                    (self.say("purchasing.sum.refunded"), refunded_fen),
                    (self.say("purchasing.slip.goods"), order.goods_fen + order.fee_fen),
                ),
                name=person.name if person else "",
            ),
            texts,
        )

    def _show_sums(self) -> None:
        order, order_id, say = self.fate.order, self.order, self.say
        if order is None:
            return
        back_fen = self.counter.desk.read(lambda c: records.refunded_fen(c, order_id))
        amounts = {
            "paid": order.paid_fen,
            "refunded": back_fen,
            "price": order.goods_fen + order.fee_fen,
            "held": order.held_fen,
            "claim": order.claim_fen,
        }
        fee = say_yuan(order.fee_fen)
        for key, (words, amount) in self._sums.items():
            words.setText(say(f"purchasing.sum.{key}", goods=say_yuan(order.goods_fen), fee=fee))
            amount.setText(say_yuan(amounts[key]))
            for widget in (words, amount):
                widget.setVisible(key in ("paid", "price", "refunded") or bool(amounts[key]))
        is_over = order.status in (PICKED_UP, CANCELLED)
        due_fen = 0 if is_over else balance_due(order)
        key = "back" if self.due_back_fen else "over" if is_over else "balance"
        self._due_words.setText(say(f"purchasing.due.{key}"))
        self._due.setText("" if key == "over" else say_yuan(self.due_back_fen or due_fen))
        parcel = self.fate.parcel
        parts = []
        if parcel and parcel.is_on_hand:
            parts.append(say("purchasing.fetch.at", code=parcel.code))
        if self.fate.platform_last_day and not is_over:
            day = say_day(self.fate.platform_last_day, self.today)
            parts.append(say("purchasing.back.platform", last=day))
        if order.delivery == HOME and not is_over:
            parts.append(say("purchasing.delivery.home"))
        self._where.setText("。".join(parts))
