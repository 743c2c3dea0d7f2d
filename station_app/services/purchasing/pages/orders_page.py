"""Orders after they were placed (代购订单): their way, and what is to be done with each now.

What comes next is the green button: ask about a higher price, hand the goods out against the
balance, pay back what is owed. The rest stands beside it. An order that the county may have heard
of is not called off here any more, it is asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from station_app.journal.projection import StateChange
from station_app.ledger.accounts import part
from station_app.services.accounts.commands import PayRefund
from station_app.services.cash.commands import taking
from station_app.services.parcels.commands import CloseManifest, HandOverParcels
from station_app.services.pictures.commands import KeepPicture
from station_app.services.purchasing import records
from station_app.services.purchasing.commands import (
    AnswerQuote,
    AnswerSwap,
    AskCancellation,
    CancelOrder,
    ChooseDelivery,
    CompleteOrder,
    PickUpOrder,
    PlaceOrder,
    PrintOrderSlip,
    ReturnOrder,
    SendBackOrder,
    SettleClaim,
)
from station_app.services.purchasing.facts import CompletionGiven, OrderReturned
from station_app.services.purchasing.fates import is_fetchable, left_to_refund, may_cancel
from station_app.services.purchasing.outfit import Outfit
from station_app.services.purchasing.pages.orders_asking import OrdersAsking
from station_app.services.purchasing.pages.orders_view import Mode
from station_app.services.purchasing.placing import lines_in_exchange
from station_app.services.purchasing.rules import CANCELLED, HOME, PICKED_UP, PICKUP, balance_due
from station_app.services.purchasing.telling import ORDER_OF_SLIP, ORDER_PAGE
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.offers import Scan
from station_app.shell.page import Action
from station_app.values.money import say_yuan

OF_ORDERS = {"order", "completion", "parcel", "refund", "person"}  # kinds that the page shows
REFUNDS_PAGE = "accounts.refunds"  # where money that is owed back is paid out, once


class OrdersPage(OrdersAsking):
    """Lists orders and lets them go on."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit) -> None:
        """Make the page with what is under way."""
        super().__init__(counter, key, outfit)
        self.field.changed.connect(self._seek)
        self.list.current_changed.connect(self._choose)
        for panel in self.panels.values():
            panel.changed.connect(self.touch_actions)
        self.show_all()

    # --- What it says about itself ---------------------------------------------------------------

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done now."""
        if self.fate.order is None:
            return []
        if self.mode == "list":
            return [*self._asides(), *self._next()]
        if self.photo.is_open:
            return self.photo.actions()
        if self.mode == "photos":
            return [Action(self.say("shell.photo.back"), "Esc", self.leave)]
        back = Action(self.say("purchasing.orders.back"), "Esc", self.leave)
        missing = self._missing()
        asides = [back]
        if self.mode in ("back", "complete"):
            asides += self.photo.actions()
        if self.mode == "back" and self.back.may_be_exchanged():
            key = "to_refund" if self.back.is_exchange else "to_exchange"
            asides.append(Action(self.say(f"purchasing.back.{key}"), "F10", self.back.switch))
        return [
            *asides,
            Action(
                self._label(),
                "Enter",
                self._commits()[self.mode],
                kind="primary",
                is_enabled=not missing,
                reason=self._reason(missing),
            ),
        ]

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the order that is shown."""
        return {"entity": self.order, "title": self.title} if self.order else None

    def _asides(self) -> list[Action]:
        say, order = self.say, self.fate.order
        actions = [
            Action(say("purchasing.orders.again"), "Ctrl+N", self._again, icon="plus"),
            Action(say("purchasing.orders.print"), "Ctrl+P", self._print, icon="printer"),
        ]
        if order is None:
            return actions
        count = len(self.photos_of_order())
        if count:
            look = self.say("shell.photo.look", count=count)
            actions.append(Action(look, "F10", self.look, icon="image"))
        if order.status in (PICKED_UP, CANCELLED):
            actions.append(Action(say("purchasing.orders.story"), "Ctrl+L", self._print_story))
        if order.status == PICKED_UP and left_to_refund(order):
            actions.append(Action(say("purchasing.orders.bring_back"), "Ctrl+R", self.ask_back))
        elif order.status not in (PICKED_UP, CANCELLED):
            key = "to_pickup" if order.delivery == HOME else "to_home"
            actions.append(Action(say(f"purchasing.delivery.{key}"), "Ctrl+H", self._deliver))
            if may_cancel(self.fate):
                actions.append(Action(say("purchasing.orders.change"), "Ctrl+E", self._change))
            if not order.is_cancellation_asked:
                key = "cancel" if may_cancel(self.fate) else "ask_cancel"
                actions.append(Action(say(f"purchasing.orders.{key}"), "Ctrl+D", self.ask_cancel))
        if self.due_back_fen and order.person:
            actions.append(Action(say("purchasing.orders.set_off"), "Ctrl+B", self._set_off))
        if order.pieces_back > 0:
            actions.append(Action(say("purchasing.orders.send_back"), "F11", self.ask_leaving))
        return actions

    def _next(self) -> list[Action]:
        """Return the one next action, if there is one."""
        say, order = self.say, self.fate.order
        if order is None:
            return []
        if order.quote_fen and order.status not in (PICKED_UP, CANCELLED):
            label = say("purchasing.orders.quote", amount=say_yuan(order.quote_fen))
            return [Action(label, "Enter", self.ask_quote, kind="primary")]
        is_over = order.status in (PICKED_UP, CANCELLED)
        if order.swap.offer and not order.swap.answer and not is_over:
            return [Action(say("purchasing.orders.swap"), "Enter", self.ask_swap, kind="primary")]
        if self.fate.wanting is not None:
            label = say("purchasing.orders.complete")
            return [Action(label, "Enter", self.ask_completion, kind="primary")]
        if is_fetchable(self.fate):
            due_fen = balance_due(order)
            key = "fetch" if due_fen else "fetch_free"
            label = say(f"purchasing.orders.{key}", due=say_yuan(due_fen))
            return [Action(label, "Enter", self.ask_fetch, kind="primary")]
        if self.due_back_fen:
            label = say("purchasing.orders.refund", amount=say_yuan(self.due_back_fen))
            return [Action(label, "Enter", self._open_refund, kind="primary")]
        if order.refused_fen > 0 and order.answers:
            label = say("purchasing.orders.claim", amount=say_yuan(order.refused_fen))
            return [Action(label, "Enter", self.ask_claim, kind="primary")]
        return []

    def _label(self) -> str:
        say = self.say
        if self.mode == "quote":
            return say(f"purchasing.quote.primary_{self.quote.answer.value() or 'none'}")
        if self.mode == "swap":
            return say(f"purchasing.swap.primary_{self.swap.answer.value() or 'none'}")
        if self.mode == "complete":
            return say("purchasing.complete.primary")
        if self.mode == "claim":
            return say("purchasing.claim.primary", amount=say_yuan(self.claim.amount_fen))
        if self.mode == "leaving":
            return say("purchasing.leaving.primary", count=self.leaving.pieces)
        if self.mode == "cancel":
            return say(f"purchasing.cancel.primary_{'here' if may_cancel(self.fate) else 'asked'}")
        if self.mode == "fetch":
            fen = self.fetch.paying.to_pay_fen
            key = "primary" if fen else "primary_free"
            return say(f"purchasing.fetch.{key}", due=say_yuan(fen))
        advance = self.back.advance_fen
        if self.back.is_exchange:
            return say("purchasing.back.primary_exchange")
        key = "primary" if advance else "primary_later"
        return say(f"purchasing.back.{key}", amount=say_yuan(advance))

    def _missing(self) -> str:
        panels: Mapping[str, Callable[[], str]] = {
            "quote": self.quote.missing, "cancel": self.cancel.missing,
            "fetch": self.fetch.missing, "back": self.back.missing,
            "swap": self.swap.missing, "claim": self.claim.missing,
            "leaving": self.leaving.missing, "complete": self.complete.missing,
        }  # fmt: skip
        return panels[self.mode]()

    def _reason(self, missing: str) -> str:
        if not missing:
            return ""
        if self.mode == "fetch":
            return self.say(f"shell.paying.missing.{missing}")
        return self.say(f"purchasing.{self.mode}.missing_{missing}")

    def _commits(self) -> Mapping[Mode, Callable[[], None]]:
        return {
            "quote": self._answer, "cancel": self._cancel,
            "fetch": self._hand_out, "back": self._take_back,
            "swap": self._answer_swap, "claim": self._settle, "leaving": self._send_back,
            "complete": self._complete,
        }  # fmt: skip

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Show what came meanwhile."""
        self.show_all()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open one order."""
        order = subject.get("order") or ""
        if subject.get("act"):
            act = subject["act"]
            order = self.counter.desk.read(lambda c: records.placed_in(c, act))
        if order:
            self.field.set_text("")
            self.order = order
            self.turn_to("list")

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Show what changed; a question about an order that changed is asked anew."""
        if not changes or {c.kind.name for c in changes} & OF_ORDERS:
            before = self.fate
            self.show_all()
            if self.mode != "list" and self.fate != before:
                self.turn_to("list")

    def on_scan(self, scan: Scan) -> bool:
        """Open the order of a slip, or of a parcel's waybill."""
        order = ""
        if scan.meaning is not None and scan.meaning.kind == ORDER_OF_SLIP:
            order = scan.meaning.entity
        elif self.mode == "list":
            order = self.counter.desk.read(lambda c: records.order_of_waybill(c, scan.text))
        if order:
            self.open_with({"order": order})
        return bool(order)

    def on_digit(self, digit: int) -> bool:
        """Choose in the panel that asks."""
        panels: Mapping[str, Callable[[int], bool]] = {
            "quote": self.quote.take_digit, "cancel": self.cancel.take_digit,
            "fetch": self.fetch.take_digit, "back": self.back.take_digit,
            "swap": self.swap.take_digit, "claim": self.claim.take_digit,
            "leaving": self.leaving.take_digit,
        }  # fmt: skip
        return self.mode in panels and panels[self.mode](digit)

    def on_escape(self) -> bool:
        """Leave a question, or what was sought."""
        if self.photo.is_open:
            self.photo.leave()
        elif self.mode != "list":
            self.leave()
        elif self.field.text():
            self.field.set_text("")
            self._seek("")
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Bring a piece less back of the current line, by the space bar."""
        if event.key() == Qt.Key.Key_Space and self.mode == "back":
            self.back.goods.step(self.back.goods.table.current())
            return
        super().keyPressEvent(event)

    def deactivated(self) -> None:
        """Nothing is photographed behind another page."""
        self.photo.leave()

    def _seek(self, _typed: str) -> None:
        self.order = ""
        self.show_all()

    def _choose(self, order: str) -> None:
        if order and order != self.order:
            self.order = order
            self.leave()  # a question is about the order that it names

    # --- The acts --------------------------------------------------------------------------------

    def _answer(self) -> None:
        answer = self.quote.answer.value()
        command = AnswerQuote(order=self.order, answer=answer, way=self.quote.way.value())
        self.perform(command, done=self._did(f"quote_{answer}"))

    def _cancel(self) -> None:
        remark = self.cancel.remark.text()
        if may_cancel(self.fate):
            command: Any = CancelOrder(order=self.order, remark=remark)
            self.perform(command, done=self._did("cancelled"))
            return
        cost_fen = self.cancel.cost_fen
        command = AskCancellation(
            order=self.order,
            consent=self.cancel.way.value() if cost_fen else "",
            cost_fen_max=cost_fen,
            remark=remark,
        )
        self.perform(command, done=self._did("cancel_asked"))

    def _hand_out(self) -> None:
        """Give parcel and goods, and take what is due for both, in one act."""
        fate, paying = self.fate, self.fetch.paying
        if fate.order is None:
            return
        taken_by = self.fetch.who.value() or "self"
        commands: list[Any] = []
        if fate.parcel is not None and fate.parcel.is_on_hand:
            is_self = taken_by == "self"
            commands.append(
                HandOverParcels(
                    parcels=(fate.parcel.parcel,),
                    paid_fen=fate.parcel.due_fen,
                    taken_by=taken_by,
                    collector="" if is_self else self._collector(),
                    relation="" if is_self else self.say("purchasing.fetch.relation"),
                )
            )
        due_fen = balance_due(fate.order)
        commands.append(PickUpOrder(order=self.order, paid_fen=due_fen, taken_by=taken_by))
        if paying.due_fen:
            commands.append(taking(paying))
        if due_fen:
            commands.append(PrintOrderSlip(act=self.ticket))
        sound = "money" if paying.uses_cash() and paying.due_fen else "ok"
        self.perform(*commands, done=self._did("fetched", sound))

    def _collector(self) -> str:
        order, people = self.fate.order, self.outfit.people
        who = order.collector if order else ""
        person = self.counter.desk.read(lambda c: people.person(c, who)) if who else None
        return person.name if person else ""

    def _deliver(self) -> None:
        """Let the goods come home to her instead of waiting here, or the other way round."""
        order = self.fate.order
        if order is not None:
            way = PICKUP if order.delivery == HOME else HOME
            command = ChooseDelivery(order=self.order, way=way)
            self.perform(command, done=self._did(f"delivery_{way}"))

    def _answer_swap(self) -> None:
        answer = self.swap.answer.value()
        command = AnswerSwap(order=self.order, answer=answer, way=self.swap.way.value())
        self.perform(command, done=self._did(f"quote_{answer}"))

    def _complete(self) -> None:
        """Say what the county lacked; it hears of it with the next contact."""
        wanting, panel = self.fate.wanting, self.complete
        if wanting is None:
            return
        command = CompleteOrder(
            completion=wanting.completion,
            item=panel.item,
            link=panel.link,
            remark=panel.remark,
            has_photo=bool(self.photo.names),
        )
        self.perform(command, *self._pictures(), done=self._did("completed"))

    def _settle(self) -> None:
        command = SettleClaim(
            order=self.order,
            bearer=self.claim.bearer.value(),
            amount_fen=self.claim.amount_fen,
        )
        self.perform(command, done=self._did("settled"))

    def _exchange(self, back: ReturnOrder) -> None:
        """Take the goods back and order the same once more, paid with what she is owed for them."""
        order, order_id = self.fate.order, self.order
        if order is None:
            return
        lines = lines_in_exchange(order)
        items = self.counter.desk.read(lambda c: self.outfit.papers.words_of_lines(c, order_id))
        fen = order.goods_fen
        pay = PayRefund(
            document=part(order_id), amount_fen=fen, slip_taken=True,
            remark=self.say("purchasing.back.exchanged"),
        )  # fmt: skip
        place = PlaceOrder(
            person=order.person, collector=order.collector, lines=lines, items=items,
            goods_fen=fen, fee_fen=0, prepaid_fen=fen, replaces=order_id,
        )  # fmt: skip
        slip = PrintOrderSlip(act=self.ticket)
        self.perform(back, *self._pictures(), pay, place, slip, done=self._did("exchanged"))

    def _take_back(self) -> None:
        command = ReturnOrder(
            order=self.order,
            reason=self.back.reason.value(),
            refund_fen=self.back.refund_fen,
            claim_fen=self.back.advance_fen,
            remark=self.back.remark.text(),
            lines=self.back.goods.lines,
            was_seen=self.back.goods.is_found("seen"),
            is_whole=self.back.goods.is_found("whole"),
        )
        if self.back.is_exchange:
            self._exchange(command)
            return
        self.perform(command, *self._pictures(), done=self._did("brought_back"))

    def _pictures(self) -> Sequence[KeepPicture]:
        """Return what keeps the photos of goods that come back, or are wanted, with the act."""
        order, names = self.fate.order, self.photo.names
        if order is None or not names:
            return ()
        kind = CompletionGiven if self.mode == "complete" else OrderReturned
        return (KeepPicture(kind.KIND, names, whose=(order.person,)),)

    def _send_back(self) -> None:
        """Let all that came back leave with the van, in one act with the list that both sign."""
        returned = self.leaving.returned
        backs = [SendBackOrder(order=one.order, pieces=one.pieces) for one in returned]
        seen = tuple((one.number, one.product) for one in returned for _piece in range(one.pieces))
        by_list = CloseManifest(direction="orders", seen=seen, other=self.leaving.runner.text())
        self.perform(*backs, by_list, done=self._did("sent_back"))

    def _did(self, what: str, sound: str = "ok") -> Callable[[Done], None]:
        def tell(done: Done) -> None:
            self.photo.forget()
            self.turn_to("list")
            self.tell_done(self.say(f"purchasing.did.{what}"), done, sound=sound)

        return tell

    def _open_refund(self) -> None:
        self.counter.front.open_page(REFUNDS_PAGE, {"document": part(self.order)})

    def _again(self) -> None:
        self.counter.front.open_page(ORDER_PAGE, {"again": self.order})

    def _change(self) -> None:
        self.counter.front.open_page(ORDER_PAGE, {"change": self.order})

    def _set_off(self) -> None:
        self.counter.front.open_page(ORDER_PAGE, {"set_off": self.order})

    def _print_story(self) -> None:
        paper = self.story()
        if paper is not None:
            self.outfit.put_out(paper)
            self.counter.front.toast(Notice(self.say("purchasing.done.story"), "notice"))

    def _print(self) -> None:
        order = self.order
        act = self.counter.desk.read(lambda c: records.last_paper_act(c, order))
        paper = self.counter.desk.read(lambda c: self.outfit.papers.slip_again(c, act))
        if paper is not None:
            self.outfit.print_again(paper, act)
            self.counter.front.toast(Notice(self.say("purchasing.done.printed"), "notice"))
