"""How the counter's sale looks, in each of its states.

empty: nothing lies on the counter; filling: the basket at the left, its money at the right; entry,
pick, buyer, hold and pin stand in the place of the money until they are answered; done: what was
just sold, with the change, until somebody goes on.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.devices.customer_display import CustomerView
from station_app.services.sales.basket import Filling, Goods, Item
from station_app.services.sales.outfit import Outfit
from station_app.services.sales.pages.buyer import BuyerPanel
from station_app.services.sales.pages.entry import EntryPanel
from station_app.services.sales.pages.on_display import seen_by_customer
from station_app.services.sales.pages.shown import Shown
from station_app.services.sales.selling import BARS, WORDS_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.page import Page
from station_app.shell.widgets.cells import Column, Row, Text
from station_app.shell.widgets.done import DonePanel
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import EmptyState, Panel, Places
from station_app.shell.widgets.payment import PaymentPanel
from station_app.shell.widgets.second_person import SecondPersonPanel
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.words import Words, hint, rule
from station_app.values.money import say_yuan
from station_app.values.spoken import SENTENCES

Mode = Literal["empty", "filling", "entry", "pick", "buyer", "hold", "pin", "done"]
RIGHT_WIDTH, RIGHT_WIDTH_COMPACT = 480, 470
ROW_HEIGHT = 72
COLUMNS = (
    Column("goods"),
    Column("quantity", 150, "right"),
    Column("price", 130, "right"),
    Column("sum", 140, "right"),
)


class BasketView(Page):
    """The looks of the page."""

    takes_repeats = True  # two equal bottles are scanned twice

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Lay the page out with an empty basket."""
        super().__init__(counter, key)
        self.outfit = outfit
        self.shown = Shown(counter)
        self.filling = Filling()
        self.sold = Filling()
        self.mode: Mode = "empty"
        self.found: tuple[Goods, ...] = ()
        self.list = ListTable(
            tuple(
                Column(c.key, c.width, c.align, self.say(f"sales.basket.{c.key}")) for c in COLUMNS
            ),
            name=self.say("sales.basket.list"),
            row_height=ROW_HEIGHT,
        )
        self.list.horizontalHeader().setVisible(True)
        self.money = PaymentPanel(counter.texts)
        self.money.stand_tall()
        self.entry = EntryPanel(counter, outfit.scale or counter.scale)
        self.buyer = BuyerPanel(counter, outfit.people)
        self.second = SecondPersonPanel(counter, outfit.try_pin)
        self.picks = ListTable(
            (Column("goods"), Column("price", 120, "right"), Column("cap", 76, "right")),
            name=self.say("sales.pick.title"),
            row_height=ROW_HEIGHT,
        )
        self.picks.set_owns_enter(owns=True)
        self.words = TextField(
            counter.texts, self.say("sales.hold.words"), limit=WORDS_MAX, chinese=True
        )
        self.done = DonePanel()
        self._lay_out()
        counter.privacy.listen(self.show_all)

    # --- What it is made of ----------------------------------------------------------------------

    def _lay_out(self) -> None:
        say = self.say
        self._empty = EmptyState("scale", say("sales.basket.empty"), say("sales.basket.how"))
        listed = Panel(margins=(1, 8, 1, 0), spacing=0)
        listed.body.addWidget(self.list, 1)
        self._foot = hint("")
        self._foot.setContentsMargins(20, 8, 20, 8)
        listed.body.addWidget(rule())
        listed.body.addWidget(self._foot)
        self._money_panel = Panel(margins=(22, 12, 22, 12))
        self._who = Words("", theme.BODY, bold=True, ink="pressed").elided()
        self._money_panel.body.addWidget(self._who)
        self._money_panel.body.addWidget(self.money, 1)
        self._right = Places()
        self._places: dict[str, QWidget] = {
            "filling": self._money_panel,
            "entry": self.entry,
            "pick": self._picking(),
            "buyer": self.buyer,
            "hold": self._holding(),
            "pin": self.second,
        }
        for widget in self._places.values():
            self._right.addWidget(widget)
        self._right.setFixedWidth(RIGHT_WIDTH)
        work = QWidget()
        self._columns = QHBoxLayout(work)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(theme.FULL.gap)
        self._columns.addWidget(listed, 1)
        self._columns.addWidget(self._right)
        self._work = work
        self._stack = Places()
        for widget in (self._empty, work, self.done):
            self._stack.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def _picking(self) -> QWidget:
        panel = Panel("active", margins=(1, 14, 1, 8), spacing=8)
        title = Words(self.say("sales.pick.title"), theme.TITLE, bold=True)
        title.setContentsMargins(20, 0, 20, 0)
        small = hint(self.say("sales.pick.small"))
        small.setContentsMargins(20, 0, 20, 0)
        panel.body.addWidget(title)
        panel.body.addWidget(small)
        panel.body.addWidget(self.picks, 1)
        return panel

    def _holding(self) -> QWidget:
        panel = Panel("active", margins=(22, 14, 22, 12), spacing=10)
        panel.body.addWidget(Words(self.say("sales.hold.title"), theme.TITLE, bold=True))
        panel.body.addWidget(self.words)
        panel.body.addWidget(hint(self.say("sales.hold.small"), wrap=True))
        panel.body.addStretch(1)
        return panel

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("sales.tab.basket")

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return what was sold in this shift: the tile of today leads here."""
        shift = self.counter.desk.now().shift
        return {"shift": shift, "figure": "sold", "title": self.title} if shift else None

    def is_empty(self) -> bool:
        """Tell whether nothing lies on the counter: then the scan box waits for a name or code."""
        return self.mode == "empty"

    def customer_view(self) -> CustomerView:
        """Return what the customer sees: her goods, the sum, what she gave and gets back."""
        now = self.sold if self.mode == "done" else self.filling
        return seen_by_customer(now, self.counter.texts, is_done=self.mode == "done")

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        gap = theme.COMPACT.gap if is_compact else theme.FULL.gap
        self._columns.setSpacing(gap)
        self._right.setFixedWidth(RIGHT_WIDTH_COMPACT if is_compact else RIGHT_WIDTH)
        self._money_panel.body.setContentsMargins(
            *((16, 6, 16, 6) if is_compact else (22, 12, 22, 12))
        )
        self.entry.body.setContentsMargins(*((18, 8, 18, 6) if is_compact else (22, 14, 22, 12)))
        self.entry.body.setSpacing(5 if is_compact else 8)
        self.list.set_compact(compact=is_compact)
        self.money.set_compact(compact=is_compact)

    def stop_selling(self, goods: Goods) -> None:
        """Say, aloud too, that what lies on the counter may not be sold and leaves the shelf."""
        self.counter.sounds.play("stop")
        self.counter.voice.speak("hindrance", SENTENCES["recall"])
        key = f"sales.refusal.{BARS[goods.blocked_by]}"
        words = self.say(key, name=goods.name, why=goods.blocked)
        self.counter.front.toast(Notice(words, "warn"))

    # --- Showing ---------------------------------------------------------------------------------

    def turn_to(self, mode: Mode) -> None:
        """Show another state; back to filling is empty again when nothing lies there."""
        if mode == "filling" and not self.filling.items:
            mode = "empty"
        self.mode = mode
        self.show_all()
        if self.isVisible():
            self._focus()

    def _focus(self) -> None:
        if self.mode == "empty":
            self.counter.front.focus_scan_box()
            return
        (self.first_focus() or self).setFocus()
        if self.mode == "entry":
            self.entry.quantity.line.selectAll()  # what is typed takes the place of a proposal

    def first_focus(self) -> QWidget | None:
        """Return what is typed into first; None: the page, where digits choose how it is paid."""
        if self.mode == "pin":
            return self.second.first_focus()
        places: dict[str, QWidget] = {
            "entry": self.entry.first_field(),
            "pick": self.picks,
            "buyer": self.buyer.who,
            "hold": self.words,
        }
        return places.get(self.mode)

    def show_all(self) -> None:
        """Show the state as it is now."""
        shown: QWidget = self._work
        if self.mode == "empty":
            shown = self._empty
        elif self.mode == "done":
            shown = self.done
        self._stack.setCurrentWidget(shown)
        self._right.setCurrentWidget(self._places.get(self.mode, self._money_panel))
        if shown is self._work:
            self._show_work()
        self.touch_actions()

    def _show_work(self) -> None:
        now = self.filling
        rows = [self._row(number, item) for number, item in enumerate(now.items)]
        self.list.show_rows(rows)
        if rows and not self.list.current():
            self.list.choose(rows[-1].subject)
        self._foot.setText(self._foot_words())
        has_shift = bool(self.counter.desk.now().shift)
        self.money.show_paying(now.paying, has_shift=has_shift)
        name = self.counter.privacy.name(now.buyer) if now.buyer else ""
        words = self.say("sales.basket.buyer", name=name) if name else ""
        held = self.say("sales.basket.held", words=now.words) if now.basket and now.words else ""
        self._who.setText("　".join(part for part in (words, held) if part))
        self._who.setVisible(bool(self._who.text()))

    def _foot_words(self) -> str:
        now = self.filling
        over = now.over
        if over is not None:
            left = self.shown.quantity(over.goods, max(0, over.goods.here or 0))
            return self.say("sales.basket.over", name=over.goods.name, left=left)
        if now.discount_fen:
            return self.say("sales.basket.sum_off", amount=say_yuan(now.discount_fen))
        return self.say("sales.basket.foot", count=len(now.items)) if now.items else ""

    def _row(self, number: int, item: Item) -> Row:
        goods = item.goods
        small = goods.small
        if item.weighed == "typed":
            small = f"{small}·{self.say('sales.basket.typed')}" if small else small
        marks = []
        if item.discount_fen:
            reason = self.say(f"sales.discount.{item.reason}")
            marks.append(
                self.say("sales.basket.off", amount=say_yuan(item.discount_fen), reason=reason)
            )
        if item.is_below_floor:
            marks.append(self.say(f"sales.consent.{item.consent or 'present'}"))
        over = self.filling.over
        return Row(
            str(number),
            (
                Text(goods.name, theme.STRONG, bold=True, small=small),
                Text(
                    self.shown.quantity(goods, item.quantity),
                    theme.STRONG,
                    small=self.shown.second(goods, item.quantity),
                ),
                Text(self.shown.price(goods, item.price_fen), ink="ink2"),
                Text(
                    say_yuan(item.due_fen),
                    theme.STRONG,
                    bold=True,
                    small="，".join(marks),
                    small_ink="warn",
                ),
            ),
            tone="warn" if over is not None and over.goods.key == goods.key else "plain",
        )

    def show_picks(self, found: Sequence[Goods]) -> None:
        """Ask which of these is meant."""
        self.found = tuple(found)
        rows = [
            Row(
                goods.key,
                (
                    Text(goods.name, theme.STRONG, bold=True, small=self.shown.goods_small(goods)),
                    Text(self.shown.price(goods, goods.first_price_fen), ink="ink2"),
                    None,
                ),
            )
            for goods in found
        ]
        self.picks.show_rows(rows, keep=False)
        if rows:
            self.picks.choose(rows[0].subject)
        self.turn_to("pick")
