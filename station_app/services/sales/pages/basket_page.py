"""The counter's sale (收银): scan, weigh, take the money, one key.

Whatever is scanned or found goes into the basket; what is not sure is asked in the place of the
money, and the basket stays in sight. Nothing is recorded before it is paid or put aside, so a line
is dropped by one key, and what was recorded is undone like any other act of the shift.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from station_app.journal.projection import StateChange
from station_app.ledger import paid_acts
from station_app.reference import goods_records as reference
from station_app.services.sales import records
from station_app.services.sales.basket import PAY, Filling, Goods, with_item, without
from station_app.services.sales.baskets import HELD
from station_app.services.sales.meanings import GOODS, HELD_PAGE, RETURN_PAGE, SCALE_LABEL
from station_app.services.sales.outfit import Outfit
from station_app.services.sales.pages.basket_view import BasketView
from station_app.services.sales.pages.drafted import kept_filling, taken_up_filling
from station_app.services.sales.pages.entry import from_label
from station_app.services.sales.selling import LINES_MAX
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action
from station_app.values.money import say_yuan
from station_app.values.paying import ON_ACCOUNT, Paying
from station_app.values.refusal import Refusal

UNDO_PAGE = "overview.undo"  # where money is given back before an act is undone
ASKING = ("entry", "pick", "buyer", "hold", "pin")
REFERENCE_DIGITS_MIN = 10  # what a payment number on a phone has at least


class BasketPage(BasketView):
    """Sells what is put on the counter."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with an empty basket."""
        super().__init__(counter, key, outfit)
        self._act = ""
        self._label: reference.Weighed | None = None
        self.money.changed.connect(self._pay)
        self.entry.changed.connect(self.touch_actions)
        self.buyer.chosen.connect(self._take_buyer)
        self.picks.opened.connect(self._picked)
        self.list.opened.connect(lambda _row: self._edit())
        self.second.confirmed.connect(lambda who: self._let(who, ""))
        self.second.alone.connect(lambda reason: self._let("", reason))
        self.show_all()

    # --- What it says about itself ---------------------------------------------------------------

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        if self.mode == "empty":
            return self._empty_actions()
        if self.mode == "done":
            return [
                Action(say("sales.done.undo"), "Ctrl+Z", self._undo, icon="undo"),
                Action(say("sales.done.print"), "Ctrl+P", self._print, icon="printer"),
                Action(say("sales.done.next"), "Enter", self.begin, kind="primary"),
            ]
        if self.mode in ASKING:
            key = "back" if self.mode == "entry" else "back_to_basket"
            back = Action(say(f"sales.entry.{key}"), "Esc", self._back)
            return [back, *self._asking_actions()]
        return [
            Action(say("sales.basket.hold"), "Ctrl+S", self._ask_hold),
            Action(say("sales.basket.change"), "*", self._edit),
            Action(say("sales.basket.drop"), "Del", self._drop),
            Action(say("sales.basket.account"), "F10", self._ask_buyer),
            self._primary(),
        ]

    def _empty_actions(self) -> list[Action]:
        say = self.say
        waiting = self.counter.desk.read(
            lambda c: records.count_held(c, self.counter.desk.now().device)
        )
        actions = [Action(say("sales.basket.back_goods"), "Ctrl+R", self._open_returns)]
        if waiting:
            label = say("sales.basket.take_up", count=waiting)
            actions.insert(0, Action(label, "Ctrl+S", self._open_held))
        if self._act:
            actions.append(Action(say("sales.basket.last"), "Ctrl+P", self._print, icon="printer"))
        return actions

    def _asking_actions(self) -> list[Action]:
        say = self.say
        if self.mode == "entry":
            missing = self.entry.missing()
            item = self.entry.item()
            label = say("sales.entry.add", amount=say_yuan(item.due_fen)) if item else ""
            actions = [
                Action(
                    label or say("sales.entry.add_bare"),
                    "Enter",
                    self._add,
                    kind="primary",
                    is_enabled=not missing,
                    reason=say(f"sales.entry.missing.{missing}") if missing else "",
                )
            ]
            if self.entry.goods is not None and self.entry.goods.is_weighed:
                actions.insert(0, Action(say("sales.entry.weigh"), "F11", self._weigh))
            return actions
        if self.mode == "hold":
            label = say("sales.hold.primary", amount=say_yuan(self.filling.due_fen))
            return [Action(label, "Enter", self._hold, kind="primary")]
        return []

    def _primary(self) -> Action:
        now = self.filling
        paying = now.paying
        missing = now.missing(has_shift=bool(self.counter.desk.now().shift))
        reason = ""
        if missing.startswith(PAY):
            reason = self.say(f"shell.paying.missing.{missing.removeprefix(PAY)}")
        elif missing:
            reason = self.say(f"sales.missing.{missing}")
        amount = say_yuan(paying.to_pay_fen)
        key = "primary_cash" if paying.uses_cash() else "primary"
        return Action(
            self.say(f"sales.basket.{key}", amount=amount),
            "Enter",
            self._commit,
            kind="primary",
            is_enabled=not missing,
            reason=reason,
        )

    def under_way(self) -> str:
        """Return what lies on the counter, "" for nothing."""
        if self.mode in ("empty", "done") or not self.filling.items:
            return ""
        count = len(self.filling.items)
        return self.say(
            "sales.basket.under_way", count=count, amount=say_yuan(self.filling.due_fen)
        )

    def draft(self) -> Draft | None:
        """Return the basket as it stands."""
        if self.mode == "done" or not self.filling.items:
            return None
        return kept_filling(self.filling)

    def resume(self, draft: Draft) -> str:
        """Lay the basket on the counter again; no money was taken for it."""
        shelf, people, day = self.outfit.shelf, self.outfit.people, self.counter.desk.now().day
        found = self.counter.desk.read(lambda c: taken_up_filling(draft, c, shelf, people, day))
        if not found.items:
            return ""
        self.filling = found
        self.turn_to("filling")
        return self.say("sales.basket.resumed", count=len(found.items))

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Count anew what waits."""
        self.touch_actions()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Take goods that were found, or take a basket up that waits."""
        if subject.get("goods"):
            self._take(subject["goods"])
        elif subject.get("basket"):
            self.take_up(subject["basket"])

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Read the goods again; another PC may have sold of them."""
        kinds = {change.kind.name for change in changes}
        if self.filling.basket and not self._still_waits(self.filling.basket):
            self.begin()  # it was given up, or its holding was undone: nobody wants it any more
        if self.filling.items and (not changes or kinds & {"lot", "price", "product"}):
            self.filling = self._again(self.filling)
        if self.mode == "done" and self._act:
            act = self._act
            if self.counter.desk.read(lambda c: paid_acts.is_undone(c, act)):
                self._act = ""
                self.begin()
                return
        self.show_all()

    def _still_waits(self, basket: str) -> bool:
        state = self.counter.desk.read(lambda c: records.basket_state(c, basket))
        return state is not None and state.status == HELD

    def on_scan(self, scan: Scan) -> bool:
        """Take goods; while a payment number is wanted, take that."""
        if self._is_payment_number(scan):
            return self.money.take_scan(scan.text)
        meaning = scan.meaning
        if meaning is None or meaning.kind not in (GOODS, SCALE_LABEL):
            return False
        if meaning.kind == GOODS:
            self._take(meaning.entity)
        else:
            self._take_label(meaning.entity)
        return True

    def _is_payment_number(self, scan: Scan) -> bool:
        is_wanted = self.mode == "filling" and self.money.paying.has_reference
        is_number = scan.text.isdigit() and len(scan.text) >= REFERENCE_DIGITS_MIN
        is_goods = scan.meaning is not None and scan.meaning.kind in (GOODS, SCALE_LABEL)
        return is_wanted and is_number and not is_goods and self.money.reference.line.isVisible()

    def on_digit(self, digit: int) -> bool:
        """Choose a way of paying, a reason, or a person."""
        if self.mode == "filling":
            return self.money.take_digit(digit)
        if self.mode == "entry":
            return self.entry.take_digit(digit)
        return self.mode == "pin" and self.second.take_digit(digit)

    def on_escape(self) -> bool:
        """Leave a question; what lies on the counter is dropped line by line or put aside."""
        if self.mode in ASKING:
            self._back()
        elif self.mode == "done":
            self.begin()
        else:
            return False
        return True

    # --- What goes in ----------------------------------------------------------------------------

    def _take(self, key: str) -> None:
        """Take goods: at once where nothing is open, else ask for the quantity or the price."""
        day = self.counter.desk.now().day
        goods = self.counter.desk.read(lambda c: self.outfit.shelf.goods(c, key, day))
        if goods is None or not self._may_take(goods):
            return
        left = self.filling.left_of(goods)
        self.entry.place = None
        self.entry.ask(goods, left)
        is_counted = not goods.is_weighed and not goods.lot
        is_weighed = goods.is_weighed and self.entry.measured() is not None
        if goods.price_fen and (is_counted or is_weighed) and not self.entry.missing():
            self._add()
            return
        self.counter.sounds.play("ok")
        self.turn_to("entry")

    def _may_take(self, goods: Goods) -> bool:
        """Begin anew after a sale, finish a line that is whole; refuse what may not be sold."""
        if self.mode == "done":
            self.begin()
        if self.mode == "entry" and not self.entry.missing():
            self._add()
        elif self.mode == "entry":
            self._warn("sales.entry.finish_first")
            return False
        if goods.blocked:
            self.stop_selling(goods)
            return False
        if len(self.filling.items) >= LINES_MAX:
            self._warn("sales.refusal.TOO_MANY_LINES", max=LINES_MAX)
            return False
        left = self.filling.left_of(goods)
        if left is not None and left <= 0:
            self._warn("sales.refusal.NOTHING_LEFT", name=goods.name, left="0")
            return False
        return True

    def _warn(self, key: str, /, **slots: object) -> None:
        self.counter.sounds.play("warn")
        self.counter.front.toast(Notice(self.say(key, **slots), "warn"))

    def _take_label(self, barcode: str) -> None:
        """Take what the label of a shop scale says, of the lot that is meant."""
        day = self.counter.desk.now().day

        def find(connection: Any) -> tuple[reference.Weighed | None, list[Goods]]:
            weighed = reference.read_scale_label(connection, barcode)
            lots = records.lots_of_sort(connection, weighed.code) if weighed else ()
            found = [self.outfit.shelf.goods(connection, lot, day) for lot in lots]
            return weighed, [goods for goods in found if goods is not None]

        weighed, found = self.counter.desk.read(find)
        if weighed is None or not found:
            self._warn("sales.basket.no_lot")
            return
        self._label = weighed
        if len(found) > 1:
            self.counter.sounds.play("ok")
            self.show_picks(found)
            return
        self._take_labelled(found[0])

    def _take_labelled(self, goods: Goods) -> None:
        weighed, self._label = self._label, None
        if weighed is None or not self._may_take(goods):
            return
        item = from_label(goods, weighed.holds, weighed.value)
        self.entry.place = None
        self.entry.ask(goods, self.filling.left_of(goods), item=item)
        if item is None and weighed.holds == "weight" and goods.is_weighed:
            self.entry.ask_amount(weighed.value, "label")
        if item is not None and goods.price_fen and not self.entry.missing():
            self._add()
            return
        self.turn_to("entry")

    def _picked(self, key: str) -> None:
        goods = next(one for one in self.found if one.key == key)
        self.mode = "filling"
        self._take_labelled(goods)

    def _weigh(self) -> None:
        if not self.entry.take_weight():
            self._warn("sales.entry.no_weight")
        self.entry.first_field().setFocus()

    def _add(self) -> None:
        """Put the line into the basket."""
        item = self.entry.item()
        if item is None or self.entry.missing():
            return
        self.counter.sounds.play("ok")
        place = self.entry.place
        self.filling = with_item(self.filling, item, place)
        self.filling = replace(self.filling, confirmed_by="", alone_reason="")
        self.turn_to("filling")
        last = len(self.filling.items) - 1 if place is None else place
        self.list.choose(str(last))
        self.touch_draft()

    def _edit(self) -> None:
        """Put the current line right."""
        row = self.list.current()
        if self.mode != "filling" or not row:
            return
        item = self.filling.items[int(row)]
        left = self.filling.left_of(item.goods)
        self.entry.place = int(row)
        self.entry.ask(item.goods, None if left is None else left + item.quantity, item=item)
        self.turn_to("entry")

    def _drop(self) -> None:
        row = self.list.current()
        if self.mode == "filling" and row:
            self.filling = without(self.filling, int(row))
            self._changed()

    def _changed(self) -> None:
        if not self.filling.items:
            # A basket that waited and was emptied here waits on: giving it up is said on its page.
            self.filling = Filling()
            self.money.clear()
        self.turn_to("filling")
        self.keep_draft()

    def _again(self, filling: Filling) -> Filling:
        """Return the basket with the goods as they are now."""
        shelf, day = self.outfit.shelf, self.counter.desk.now().day

        def read(connection: Any) -> Filling:
            items = tuple(
                replace(item, goods=shelf.goods(connection, item.goods.key, day) or item.goods)
                for item in filling.items
            )
            return replace(filling, items=items)

        return self.counter.desk.read(read)

    # --- How it is paid --------------------------------------------------------------------------

    def _pay(self, paying: Paying) -> None:
        self.filling = replace(self.filling, paid=paying)
        if paying.way == ON_ACCOUNT and not paying.person:
            self._ask_buyer()
            return
        self.show_all()
        self.touch_draft()

    def _ask_buyer(self) -> None:
        self.buyer.ask()
        self.turn_to("buyer")

    def _take_buyer(self, identity: str, name: str) -> None:
        people = self.outfit.people
        credit = self.counter.desk.read(lambda c: people.credit(c, identity))
        paid = replace(self.filling.paid, person=identity, credit=credit, way=ON_ACCOUNT)
        self.filling = replace(self.filling, paid=paid, buyer=name)
        self.turn_to("filling")
        self.touch_draft()

    def _back(self) -> None:
        """Leave a question; on account without anybody is cash again."""
        paid = self.filling.paid
        if paid.way == ON_ACCOUNT and not paid.person:
            self.filling = replace(self.filling, paid=replace(paid, way="cash"))
        self._label = None
        self.turn_to("filling")

    # --- The acts --------------------------------------------------------------------------------

    def _commit(self) -> None:
        now = self.counter.desk.now()
        if self.filling.missing(has_shift=bool(now.shift)):
            return
        if self.filling.asks_manager and not now.is_manager:
            self._ask_manager()
            return
        self.perform(*self.filling.selling(self.ticket), done=self._is_sold, refused=self._refused)

    def _ask_manager(self) -> None:
        staff = self.counter.desk.read(self.outfit.people.coworkers)
        managers = [one for one in staff if one.is_manager]
        names = "、".join(
            dict.fromkeys(i.goods.name for i in self.filling.items if i.changes_price)
        )
        title = self.say("sales.pin.title")
        self.second.ask(title, self.say("sales.pin.small", names=names), managers)
        self.turn_to("pin")

    def _let(self, who: str, reason: str) -> None:
        self.filling = replace(self.filling, confirmed_by=who, alone_reason=reason)
        self.turn_to("filling")
        self._commit()

    def _is_sold(self, done: Done) -> None:
        self._act = done.act
        self.sold, self.filling = self.filling, Filling()
        paying = self.sold.paying
        amount = say_yuan(paying.to_pay_fen)
        words, change = "", ""
        if paying.change_fen:
            words, change = self.say("sales.done.give_change"), say_yuan(paying.change_fen)
        title = self.say("sales.done.title", amount=amount)
        self.done.show_done(title, words, change, self.say("sales.done.slip"))
        self.money.clear()
        self.turn_to("done")
        self.tell_done(self.say("sales.done.toast", amount=amount), done, sound="money")

    def _refused(self, refusal: Refusal) -> None:
        """Show the sentence; the goods are read again, since they are what may have changed."""
        self.filling = self._again(self.filling)
        self.turn_to("filling")
        self.counter.front.say_refusal(refusal.text_key, refusal.slots)

    def begin(self) -> None:
        """Begin with an empty basket."""
        self.filling = Filling()
        self.money.clear()
        self.mode = "empty"
        self.turn_to("empty")
        self.keep_draft()

    def _undo(self) -> None:
        self.counter.front.open_page(UNDO_PAGE, {"act": self._act})

    def _print(self) -> None:
        act = self._act
        paper = self.counter.desk.read(lambda c: self.outfit.papers.slip_again(c, act))
        if paper is not None:
            self.outfit.print_again(paper, act)
            self.counter.front.toast(Notice(self.say("sales.done.printed"), "notice"))

    # --- Put aside, and taken up -----------------------------------------------------------------

    def _ask_hold(self) -> None:
        self.words.set_text(self.filling.words)
        self.turn_to("hold")

    def _hold(self) -> None:
        self.filling = replace(self.filling, words=self.words.text())
        self.perform(self.filling.holding(), done=self._is_held, refused=self._refused)

    def _is_held(self, done: Done) -> None:
        amount = say_yuan(self.filling.due_fen)
        self.begin()
        self.tell_done(self.say("sales.hold.done", amount=amount), done)

    def _open_held(self) -> None:
        self.counter.front.open_page(HELD_PAGE)

    def _open_returns(self) -> None:
        self.counter.front.open_page(RETURN_PAGE)

    def take_up(self, basket: str) -> None:
        """Lay a basket that waited on the counter; it waits on until it is paid."""
        if self.filling.items:
            self._warn("sales.held.busy")
            return
        state = self.counter.desk.read(lambda c: records.basket_state(c, basket))
        if state is None:
            return
        shelf, day = self.outfit.shelf, self.counter.desk.now().day
        self.filling = self.counter.desk.read(
            lambda c: shelf.filled(c, state.lines, day, basket=basket, words=state.words)
        )
        self.turn_to("filling")
        self.keep_draft()
