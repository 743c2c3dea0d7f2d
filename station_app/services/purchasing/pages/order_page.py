"""A new order (代购下单): for whom, what, how much beforehand, one key.

Nothing is recorded before it is placed: the cart is a draft that outlives a power cut. It is placed
without a network like everything else; the county hears of it when the line is back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from station_app.journal.projection import StateChange
from station_app.ledger import paid_acts
from station_app.reference import goods_records as goods
from station_app.services.purchasing import records
from station_app.services.purchasing.cart import PAY, Cart, Item, with_item, without
from station_app.services.purchasing.outfit import Outfit
from station_app.services.purchasing.pages.order_view import OrderView
from station_app.services.purchasing.pages.seeker import small_of
from station_app.services.purchasing.rules import HOME
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action
from station_app.values.codes import Barcode
from station_app.values.money import say_yuan
from station_app.values.paying import CASH, Paying
from station_app.values.paying_draft import taken_up
from station_app.values.refusal import Refusal

PARKED_MAX = 9  # more villagers do not stand at a counter; all of them fit into a draft


class OrderPage(OrderView):
    """Puts an order together and places it."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with an empty cart."""
        super().__init__(counter, key, outfit)
        self._act = ""
        self.seeker.person_chosen.connect(self._take_person)
        self.seeker.goods_chosen.connect(self.take_goods)
        self.seeker.barred.connect(lambda name, why: self._warn("BLOCKED", name=name, why=why))
        self.seeker.free_form_wanted.connect(self._ask_free)
        self.seeker.photo_wanted.connect(self._ask_photo)
        self.seeker.other_changed.connect(self.touch_actions)
        self.seeker.field.changed.connect(lambda _text: self.touch_actions())
        self.line.changed.connect(self.touch_actions)
        self.prepaid.amount_changed.connect(self._type_prepaid)
        self.money.changed.connect(self._pay)
        self.list.opened.connect(lambda _row: self._edit())
        self.begin()

    # --- What it says about itself ---------------------------------------------------------------

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        say = self.say
        if self.mode == "done":
            return [
                Action(say("purchasing.done.undo"), "Ctrl+Z", self._undo, icon="undo"),
                Action(say("purchasing.done.print"), "Ctrl+P", self._print, icon="printer"),
                Action(say("purchasing.done.next"), "Enter", self.begin, kind="primary"),
            ]
        if self.mode == "line":
            return self._line_actions()
        if not self.cart.person:
            return self._to_take_up()
        actions = [Action(say("purchasing.cart.other_person"), "Ctrl+P", self._other_person)]
        way = "to_pickup" if self.cart.is_for_home else "to_home"
        if not self.cart.items:
            actions.append(Action(say("purchasing.cart.again"), "Ctrl+N", self._again))
        else:
            actions += [
                Action(say("purchasing.cart.change"), "F11", self._edit),
                Action(say("purchasing.cart.drop"), "Ctrl+D", self._drop),
                Action(say(f"purchasing.delivery.{way}"), "Ctrl+H", self._deliver),
                Action(say("purchasing.cart.park"), "Ctrl+S", self._park),
            ]
        actions.append(Action(say("purchasing.cart.fetched_by"), "F10", self._ask_collector))
        return [*actions, self._primary()]

    def _to_take_up(self) -> list[Action]:
        if not self.parked:
            return []
        label = self.say("purchasing.cart.take_up", count=len(self.parked))
        return [Action(label, "Ctrl+S", self._take_up)]

    def _line_actions(self) -> list[Action]:
        if self.photo.is_open:
            return self.photo.actions()
        missing = self.line.missing()
        return [
            Action(self.say("purchasing.line.back"), "Esc", self._back),
            *(self.photo.actions() if self.line.is_free else ()),
            Action(
                self.say("purchasing.line.add"),
                "Enter",
                self._add_line,
                kind="primary",
                is_enabled=not missing,
                reason=self.say(f"purchasing.line.missing.{missing}") if missing else "",
            ),
        ]

    def _primary(self) -> Action:
        if self.seeker.described:
            return Action(
                self.say("purchasing.seek.free_next"), "Enter", self._ask_free, kind="primary"
            )
        cart = self.cart
        missing = cart.missing(has_shift=bool(self.counter.desk.now().shift))
        reason = ""
        if missing.startswith(PAY):
            reason = self.say(f"shell.paying.missing.{missing.removeprefix(PAY)}")
        elif missing:
            reason = self.say(f"purchasing.missing.{missing}")
        return Action(
            self.primary_words(),
            "Enter",
            self._commit,
            kind="primary",
            is_enabled=not missing,
            reason=reason,
        )

    def resume(self, draft: Draft) -> str:
        """Lay the cart on the counter again; no money was taken for it."""
        self.parked = list(draft.get("parked", ()))
        if not draft["person"]:
            self.show_all()
            return ""
        self._take_person(draft["person"])
        if not self.cart.person:
            return ""
        self._take_collector(draft["collector"])
        items = tuple(Item(**kept) for kept in draft["items"])
        paid = taken_up(self.cart.paid, draft["paying"])
        home = bool(draft.get("is_for_home"))
        typed: int | None = draft["typed_fen"]
        changes, changed, credit_fen = draft.get("changes", ("", "", 0))
        self.cart = replace(
            self.cart, items=items, typed_fen=typed, paid=paid, is_for_home=home,
            changes=changes, changed=changed, credit_fen=credit_fen,
            sets_off=draft.get("sets_off", ""),
        )  # fmt: skip
        self.turn_to("seeking")
        if not items:
            return ""
        return self.say("purchasing.cart.resumed", name=self.cart.name, count=len(items))

    # --- Several at once -------------------------------------------------------------------------

    def _park(self) -> None:
        """Let this order wait, nothing of it recorded, and begin with the next villager."""
        kept = self.kept()
        if kept is None:
            return
        if len(self.parked) >= PARKED_MAX:
            self._warn("PARKED_ENOUGH", max=PARKED_MAX)
            return
        self.parked.append(kept)
        name = self.cart.name
        self.begin()
        self.counter.front.toast(Notice(self.say("purchasing.cart.parked", name=name), "notice"))

    def _is_cleared(self) -> bool:
        """Let what lies here wait, and begin anew; tell whether there was room for that."""
        if self.under_way():
            self._park()
        is_clear = not self.under_way()
        if is_clear:
            self.begin()
        return is_clear

    def _take_up(self) -> None:
        """Go on with the order that has waited longest."""
        first, *rest = self.parked
        self.resume({**first, "parked": rest})
        self.keep_draft()

    # --- What the window tells it ----------------------------------------------------------------

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Begin for a person, with goods, or with the goods of another order."""
        if self.mode == "done":
            self.begin()
        if subject.get("person"):
            self._take_person(subject["person"])
        if subject.get("product"):
            self.take_goods(subject["product"])
        if subject.get("again"):
            self._order_again(subject["again"])
        if subject.get("change"):
            self._change(subject["change"])
        if subject.get("set_off"):
            self._set_off(subject["set_off"])

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Take the terms and prices as they are now; an order undone elsewhere is over."""
        kinds = {change.kind.name for change in changes}
        if self.cart.items and (not changes or kinds & {"product", "order_terms"}):
            self.cart = self._at_todays_prices()
        if self.mode == "done" and self._act:
            act = self._act
            if self.counter.desk.read(lambda c: paid_acts.is_undone(c, act)):
                self._act = ""
                self.begin()
                return
        self.show_all()

    def on_scan(self, scan: Scan) -> bool:
        """Take goods by their barcode; while a payment number is wanted, take that."""
        if isinstance(scan.code, Barcode) and self.cart.person and self.mode == "seeking":
            number = scan.code.number
            row = self.counter.desk.read(lambda c: goods.product_of_barcode(c, number))
            if row is not None:
                self.take_goods(row.code)
                return True
        return self.mode == "seeking" and self.money.take_scan(scan.text)

    def on_digit(self, digit: int) -> bool:
        """Choose a way of paying."""
        return self.mode == "seeking" and self.money.take_digit(digit)

    def on_escape(self) -> bool:
        """Leave a question; a cart with goods is left where it is, by going elsewhere."""
        if self.photo.is_open:
            self.photo.leave()
        elif self.mode == "done":
            self.begin()
        elif self.mode == "line" or self.seeker.asks == "collector":
            self._back()
        elif self.seeker.field.text() or self.seeker.described:
            self.seeker.ask(self.seeker.asks)
            self.turn_to("seeking")
        elif self.cart.person and not self.cart.items:
            self.begin()
        else:
            return False
        return True

    def left(self) -> None:
        """Nothing is photographed behind another page."""
        self.photo.leave()

    # --- For whom --------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin with nobody and nothing."""
        self._act = ""
        day = self.counter.desk.now().day
        self.cart = Cart(terms=self.counter.desk.read(lambda c: goods.order_terms(c, day)))
        self.money.clear()
        self.seeker.ask("person")
        self.turn_to("seeking")
        self.keep_draft()

    def _take_person(self, identity: str) -> None:
        people = self.outfit.people
        person = self.counter.desk.read(lambda c: people.person(c, identity))
        if person is None or person.is_erased:
            return
        if self.seeker.asks == "collector":
            self._take_collector(identity)
            self._back()
            return
        credit = self.counter.desk.read(lambda c: people.credit(c, identity))
        paid = replace(self.cart.paid, person=person.identity, credit=credit)
        self.cart = replace(
            self.cart,
            person=person.identity,
            name=person.name,
            small=small_of(self.say, person),
            paid=paid,
        )
        self.seeker.ask("goods")
        self.turn_to("seeking")
        self.touch_draft()

    def _take_collector(self, identity: str) -> None:
        people = self.outfit.people
        person = self.counter.desk.read(lambda c: people.person(c, identity)) if identity else None
        is_other = person is not None and person.identity != self.cart.person
        self.cart = replace(
            self.cart,
            collector=person.identity if person and is_other else "",
            collector_name=person.name if person and is_other else "",
        )

    def _other_person(self) -> None:
        self.seeker.ask("person")
        self.turn_to("seeking")

    def _deliver(self) -> None:
        """Let the goods be brought to her door, or wait for her here."""
        self.cart = replace(self.cart, is_for_home=not self.cart.is_for_home)
        self.turn_to("seeking")
        self.touch_draft()

    def _ask_collector(self) -> None:
        self.seeker.ask("collector")
        self.turn_to("seeking")

    def _back(self) -> None:
        self.seeker.ask("goods" if self.cart.person else "person")
        self.turn_to("seeking")

    # --- What goes in ----------------------------------------------------------------------------

    def take_goods(self, code: str) -> None:
        """Put one piece of goods of the catalogue into the cart."""
        row = self.counter.desk.read(lambda c: goods.product(c, code))
        if row is None:
            return
        if not row.may_be_sold:
            self._warn("BLOCKED", name=row.name, why=row.remark)
            return
        self._put(records.item_of(row, self.cart.terms, self.counter.desk.now().day))

    def _put(self, item: Item, place: int | None = None) -> None:
        self.counter.sounds.play("ok")
        self.cart = with_item(self.cart, item, place)
        self.list.choose(str(len(self.cart.items) - 1 if place is None else place))
        self._back()
        self.touch_draft()

    def _ask_free(self) -> None:
        described = self.seeker.described
        self.photo.forget()
        self.line.ask(self.cart.terms)
        self.line.take_described(described)
        self.turn_to("line")

    def _ask_photo(self) -> None:
        """Ask for what no catalogue has, the photo first."""
        self._ask_free()
        self.photo.open()

    def _edit(self) -> None:
        row = self.list.current()
        if row and self.mode == "seeking":
            self.photo.forget()
            self.line.ask(self.cart.terms, self.cart.items[int(row)], int(row))
            self.turn_to("line")

    def _add_line(self) -> None:
        item = self.line.item()
        if item is not None:
            photo = next(iter(self.photo.names), item.photo)
            self._put(replace(item, photo=photo), self.line.place)

    def _drop(self) -> None:
        row = self.list.current()
        if row:
            self.cart = without(self.cart, int(row))
            self.turn_to("seeking")
            self.keep_draft()

    def _again(self) -> None:
        """Order what she ordered last time."""
        people, person = self.outfit.people, self.cart.person

        def last(connection: Any) -> str:
            found = records.orders_of(connection, people.names_of(connection, person), 1)
            return found[0].order if found else ""

        order = self.counter.desk.read(last)
        if order:
            self._order_again(order)
        else:
            self._warn("NEVER_ORDERED", name=self.cart.name)

    def _order_again(self, order: str) -> None:
        terms = self.cart.terms
        state = self.counter.desk.read(lambda c: records.order_state(c, order))
        day = self.counter.desk.now().day
        items = self.counter.desk.read(lambda c: records.items_of(c, order, terms, day))
        if state is None:
            return
        if not self.cart.person:
            self._take_person(state.person)
        self.cart = replace(self.cart, items=items)
        if len(items) < len(state.lines):
            self._warn("NOT_ALL_AGAIN", count=len(state.lines) - len(items))
        self._back()
        self.touch_draft()

    def _change(self, order: str) -> None:
        """Take an order up again that nobody has heard of: placed anew, the former one is off."""
        row = self.counter.desk.read(lambda c: records.order_row(c, order))
        state = self.counter.desk.read(lambda c: records.order_state(c, order))
        if row is None or state is None:
            return
        if not self._is_cleared():
            return
        self._take_person(state.person)
        if not self.cart.person:
            return
        self._take_collector(state.collector)
        self.cart = replace(
            self.cart,
            is_for_home=state.delivery == HOME,
            changes=order,
            changed=row.number,
            credit_fen=state.held_fen,
        )
        self._order_again(order)

    def _set_off(self, order: str) -> None:
        """Begin an order that is paid with what is owed back of another, as far as that goes."""
        row = self.counter.desk.read(lambda c: records.order_row(c, order))
        owed_fen = self.counter.desk.read(lambda c: records.owed_back_fen(c, order))
        if row is None or owed_fen <= 0 or not self._is_cleared():
            return
        self._take_person(row.person)
        self.cart = replace(self.cart, sets_off=order, changed=row.number, credit_fen=owed_fen)
        self.show_all()

    def _at_todays_prices(self) -> Cart:
        cart, day = self.cart, self.counter.desk.now().day
        return self.counter.desk.read(lambda c: records.priced_anew(c, cart, day))

    # --- Money -----------------------------------------------------------------------------------

    def _type_prepaid(self, fen: int | None) -> None:
        typed = None if fen == self.cart.asked_fen else fen
        self.cart = replace(self.cart, typed_fen=typed)
        self.show_all()
        self.touch_draft()

    def _pay(self, paying: Paying) -> None:
        self.cart = replace(self.cart, paid=paying)
        self.show_all()
        self.touch_draft()

    # --- The acts --------------------------------------------------------------------------------

    def _commit(self) -> None:
        if self.cart.missing(has_shift=bool(self.counter.desk.now().shift)):
            return
        why = self.say("purchasing.cart.changed_why") if self.cart.changes else ""
        commands = self.cart.placing(self.ticket, why)
        self.perform(*commands, done=self._is_placed, refused=self._refused)

    def _is_placed(self, done: Done) -> None:
        self._act = done.act
        cart = self.placed = self.cart
        paying = cart.paying
        words, change = "", ""
        if cart.due_fen and paying.change_fen:
            words, change = self.say("purchasing.done.give_change"), say_yuan(paying.change_fen)
        title = self.done_words(cart)
        left = say_yuan(cart.total_fen - cart.prepaid_fen)
        small = self.say("purchasing.done.small", name=cart.name, left=left)
        self.done.show_done(title, words, change, small)
        self.money.clear()
        self.cart = Cart(terms=cart.terms)
        self.turn_to("done")
        is_cash = bool(cart.due_fen) and paying.way == CASH
        toast = self.say("purchasing.done.toast", name=cart.name)
        self.tell_done(toast, done, sound="money" if is_cash else "ok")

    def _refused(self, refusal: Refusal) -> None:
        """Show the sentence; prices are read again, since they are what may have changed."""
        self.cart = self._at_todays_prices()
        self.turn_to("seeking")
        self.counter.front.say_refusal(refusal.text_key, refusal.slots)

    def _undo(self) -> None:
        self.counter.front.undo(self._act)

    def _print(self) -> None:
        act = self._act
        paper = self.counter.desk.read(lambda c: self.outfit.papers.slip_again(c, act))
        if paper is not None:
            self.outfit.print_again(paper, act)
            self.counter.front.toast(Notice(self.say("purchasing.done.printed"), "notice"))

    def _warn(self, reason: str, /, **slots: object) -> None:
        self.counter.sounds.play("warn")
        self.counter.front.toast(Notice(self.say(f"purchasing.refusal.{reason}", **slots), "warn"))
