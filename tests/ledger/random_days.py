"""Days as they come: two PCs that do not always hear of each other, a county that answers late.

Each step is a few numbers; what they mean depends on what that PC knows just then, and every
amount comes from the rules that the pages will use. Two PCs may do the same thing twice: that is
what the cases are for.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from station_app.journal.fact import Saying
from station_app.journal.kinds import PrivateErased
from station_app.journal.log import FactLog
from station_app.journal.projection import EntityKind
from station_app.ledger.accounts import part
from station_app.ledger.balances import REFUND_DUE, books, standings
from station_app.ledger.posting import CNY
from station_app.ledger.rounding import line_fen
from station_app.services.accounts.facts import AccountRepaid, RefundPaid
from station_app.services.bills.facts import BillFailed, BillPaid, BillReversed, BillTaken
from station_app.services.bills.rules import BILL
from station_app.services.cash.facts import CashPutIn, CashTakenOut
from station_app.services.clearing.facts import (
    CountyMoneyReceived,
    CourierPaid,
    Portion,
    RemittanceSent,
)
from station_app.services.consignment import rules as consignment
from station_app.services.consignment.facts import (
    LotAccepted,
    LotBought,
    LotDispatched,
    LotDrawn,
    LotMade,
    LotReceived,
    LotSold,
    LotSoldByCounty,
    LotSpoiled,
    LotTakenBack,
    SettlementMade,
)
from station_app.services.consignment.lots import CONSIGNED, LOT, Lot
from station_app.services.parcels.facts import (
    HandoverCorrected,
    ParcelCodCorrected,
    ParcelHandedOver,
    ParcelLost,
    ParcelShelved,
    Receiver,
)
from station_app.services.parcels.visits import PARCEL
from station_app.services.purchasing import rules as purchasing
from station_app.services.purchasing.facts import (
    OrderCancelled,
    OrderPickedUp,
    OrderPlaced,
    OrderPriceFell,
    OrderReturned,
    PrepaymentPassedOn,
)
from station_app.services.sales import rules as sales
from station_app.services.sales.facts import SaleMade
from tests.journal.notebook import Notebook
from tests.ledger.sayings import came_back, share
from tests.ledger.village import DAY, P, Q, R, Village, given, make, say, taken

PEOPLE = (P, Q, R)
WAYS = ("cash", "cash", "wechat", "alipay")
Step = tuple[int, int, int, int]


@dataclass
class RandomDay:
    """A village in which steps are taken; `hidden` steps are those that did not apply."""

    village: Village = field(default_factory=Village)
    last: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """Take one step: (which, PC and choice, amount, more)."""
        which, choice, amount, more = step
        node = self.village.two if choice % 3 == 0 else self.village.one
        name = OFTEN[which % len(OFTEN)]
        if STEPS[name](self, node, choice, amount, more):
            self.done.append(name)

    def act(self, node: Notebook, *sayings: Saying) -> bool:
        """Say an act where it happens, without hearing of the other PC first."""
        told = node.say(*sayings).told
        self.last[node.place] = told[0].act
        return True

    def known(self, node: Notebook, kind: EntityKind[Any]) -> list[tuple[str, Any]]:
        """Return what a PC knows of a kind, by identity."""
        rows = node.connection.execute(
            "SELECT entity, data FROM states WHERE kind = ? ORDER BY entity", (kind.name,)
        ).fetchall()
        return [(row[0], msgspec.json.decode(row[1], type=kind.state)) for row in rows]

    def pick(
        self, node: Notebook, kind: EntityKind[Any], choice: int, fits: Callable[[Any], bool]
    ) -> tuple[str, Any] | None:
        found = [(entity, state) for entity, state in self.known(node, kind) if fits(state)]
        return found[choice % len(found)] if found else None


def _shelve(day: RandomDay, node: Notebook, choice: int, amount: int, more: int) -> bool:
    money = {"cod_fen": amount if choice % 2 else 0, "freight_fen": more}
    body = make(ParcelShelved, courier="ZTO", **money)
    who = Receiver(name="王例兰", whose=(PEOPLE[choice % 3],))
    return day.act(node, Saying(body, private=who))


def _hand_over(day: RandomDay, node: Notebook, choice: int, _amount: int, more: int) -> bool:
    found = day.pick(node, PARCEL, choice, lambda p: p.status == "on_hand")
    if found is None:
        return False
    entity, parcel = found
    money = {"cod_fen": parcel.cod_fen, "freight_fen": parcel.freight_fen}
    handed = say(ParcelHandedOver, entity, courier=parcel.courier, **money)
    paid = (taken(parcel.due_fen, way=WAYS[more % 4]),) if parcel.due_fen else ()
    return day.act(node, handed, *paid)


def _correct(day: RandomDay, node: Notebook, choice: int, amount: int, more: int) -> bool:
    found = day.pick(node, PARCEL, choice, lambda p: p.status == "handed_over")
    if found is None:
        return False
    entity, parcel = found
    if more % 3 == 0:
        of_it = {"courier": parcel.courier, "handover": parcel.closed_by}
        body = say(ParcelCodCorrected, entity, cod_change_fen=amount, **of_it)
        return day.act(node, body, taken(amount))
    money = {"cod_fen": parcel.cod_fen, "freight_fen": parcel.freight_fen}
    body = say(
        HandoverCorrected, entity, handover=parcel.closed_by, courier=parcel.courier, **money
    )
    return day.act(node, body, *((given(parcel.due_fen),) if parcel.due_fen else ()))


def _lose(day: RandomDay, node: Notebook, choice: int, amount: int, more: int) -> bool:
    found = day.pick(node, PARCEL, choice, lambda p: p.status == "on_hand")
    if found is None:
        return False
    payee = ("receiver", "courier")[more % 2]
    lost = {"compensation_fen": amount, "payee": payee}
    return day.act(node, say(ParcelLost, found[0], courier=found[1].courier, **lost))


def _pay_courier(day: RandomDay, node: Notebook, _choice: int, _amount: int, more: int) -> bool:
    now = books(node.connection)
    cod_fen = max(0, -now.amount("Liabilities:Held:COD:ZTO:Here"))
    freight_fen = max(0, -now.amount("Liabilities:Held:Freight:ZTO:Here"))
    due_fen = cod_fen + freight_fen
    fee_fen = min(due_fen, more)
    if not due_fen:
        return False
    sums = {"cod_fen": cod_fen, "freight_fen": freight_fen, "fee_fen": fee_fen}
    pays = (given(due_fen - fee_fen),) if due_fen > fee_fen else ()
    return day.act(node, say(CourierPaid, courier="ZTO", **sums), *pays)


def _order(day: RandomDay, node: Notebook, choice: int, amount: int, more: int) -> bool:
    way, who = (("account", PEOPLE[choice % 3]), (WAYS[more % 4], ""))[choice % 5 > 0]
    fields = {"goods_fen": amount + more, "fee_fen": more % 7, "prepaid_fen": amount}
    return day.act(node, say(OrderPlaced, **fields), taken(amount, way=way, who=who))


def _pass_on(day: RandomDay, node: Notebook, choice: int, amount: int, _more: int) -> bool:
    found = day.pick(node, purchasing.ORDER, choice, lambda o: o.held_here_fen > 0)
    if found is None:
        return False
    amount_fen = min(amount, found[1].held_here_fen)
    return day.act(node, say(PrepaymentPassedOn, found[0], amount_fen=amount_fen),
                   given(amount_fen))  # fmt: skip


def _price_falls(day: RandomDay, _node: Notebook, choice: int, amount: int, _more: int) -> bool:
    node = day.village.one
    found = day.pick(node, purchasing.ORDER, choice, lambda o: o.held_fen > 0)
    if found is None:
        return False
    entity, order = found
    goods_fen = min(order.goods_fen, amount)
    out = purchasing.beyond(order, goods_fen)
    sums = {"from_here_fen": out.here_fen, "from_county_fen": out.county_fen}
    body = say(OrderPriceFell, entity, answers=entity, goods_fen=goods_fen, **sums)
    return day.act(day.village.county, body)


def _end_order(day: RandomDay, node: Notebook, choice: int, _amount: int, more: int) -> bool:
    found = day.pick(node, purchasing.ORDER, choice, lambda o: o.founder and not o.closings)
    if found is None:
        return False
    entity, order = found
    balance_fen = 0 if more % 3 == 0 else purchasing.balance_due(order)
    held = purchasing.all_held(order, paid_now_fen=balance_fen)
    sums = {"from_here_fen": held.here_fen, "from_county_fen": held.county_fen}
    if more % 3 == 0:
        return day.act(node, say(OrderCancelled, entity, **sums))
    price = {"goods_fen": order.goods_fen, "fee_fen": order.fee_fen, "balance_fen": balance_fen}
    paid = (taken(balance_fen),) if balance_fen else ()
    return day.act(node, say(OrderPickedUp, entity, **price, **sums), *paid)


def _return_order(day: RandomDay, node: Notebook, choice: int, amount: int, _more: int) -> bool:
    found = day.pick(node, purchasing.ORDER, choice, lambda o: o.status == "picked_up")
    if found is None:
        return False
    sums = {"refund_fen": amount, "claim_fen": amount, "pieces": 1}
    return day.act(node, say(OrderReturned, found[0], **sums))


def _refund(day: RandomDay, node: Notebook, choice: int, _amount: int, more: int) -> bool:
    due = [s for s in standings(node.connection, REFUND_DUE, commodity=CNY) if s.amount < 0]
    if not due:
        return False
    owed = due[choice % len(due)]
    document = owed.account.rpartition(":")[2]
    pays = given(-owed.amount, way=WAYS[more % 4])
    return day.act(node, say(RefundPaid, document=document, amount_fen=-owed.amount), pays)


def _bill(day: RandomDay, node: Notebook, _choice: int, amount: int, more: int) -> bool:
    fee_fen = more % 300
    return day.act(
        node, say(BillTaken, amount_fen=amount, fee_fen=fee_fen), taken(amount + fee_fen)
    )


def _answer_bill(day: RandomDay, _node: Notebook, choice: int, _amount: int, more: int) -> bool:
    answer = (BillPaid, BillFailed, BillReversed)[more % 3]
    wanted = "paid" if answer is BillReversed else "queued"
    found = day.pick(day.village.one, BILL, choice, lambda b: b.status == wanted)
    if found is None:
        return False
    entity, bill = found
    sums = {"amount_fen": bill.amount_fen, "fee_fen": bill.fee_fen}
    return day.act(day.village.county, say(answer, entity, answers=entity, **sums))


def _take_lot(day: RandomDay, node: Notebook, choice: int, amount: int, more: int) -> bool:
    person = PEOPLE[choice % 3]
    if more % 3 == 0:
        price = {"paid_fen": amount, "owed_fen": more}
        bought = say(LotBought, unit="gram", quantity=5_000, person=person, **price)
        return day.act(node, bought, given(amount))
    whole = share(person, 5_000, commission_bp=more % 2_000, guaranteed_fen=choice % 900)
    return day.act(node, say(LotAccepted, unit="gram", quantity=5_000, share=whole))


def _merge(day: RandomDay, node: Notebook, choice: int, amount: int, _more: int) -> bool:
    lots = [(e, s) for e, s in day.known(node, LOT) if s.on_shelf > 0 and s.unit == "gram"]
    if len(lots) < 2:
        return False
    (a, one), (b, two) = lots[choice % len(lots)], lots[(choice + 1) % len(lots)]
    if a == b or one.ownership != two.ownership:
        return False
    takes = [(a, one, min(amount, one.on_shelf)), (b, two, two.on_shelf)]
    costs = [consignment.cost_of(lot, quantity) for _, lot, quantity in takes]
    drawn = [
        say(LotDrawn, entity, quantity=quantity, cost_fen=cost_fen, purpose="merge")
        for (entity, _, quantity), cost_fen in zip(takes, costs, strict=True)
    ]
    parts = [s for _, lot, q in takes for s in consignment.drawn_shares(lot.shares, q)]
    made = say(
        LotMade,
        unit="gram",
        ownership=one.ownership,
        quantity=sum(quantity for _, _, quantity in takes),
        shares=consignment.merged_shares(parts) if one.ownership == CONSIGNED else (),
        cost_fen=sum(costs),
    )
    return day.act(node, *drawn, made)


def _sell(day: RandomDay, node: Notebook, choice: int, amount: int, more: int) -> bool:
    found = day.pick(node, LOT, choice, lambda lot: lot.founder and lot.on_shelf > 0)
    if found is None:
        return False
    entity, lot = found
    quantity = min(lot.on_shelf, 1 + amount % 3_000)
    amount_fen = line_fen(quantity, 100 + more, "gram")
    discount_fen = min(amount_fen, more % 50)
    round_off_fen = (amount_fen - discount_fen) % 10
    due_fen = amount_fen - discount_fen
    is_own = lot.ownership != CONSIGNED
    made = say(
        SaleMade,
        ownership=lot.ownership,
        lot=entity,
        unit="gram",
        quantity=quantity,
        price_fen=100 + more,
        amount_fen=amount_fen,
        discount_fen=discount_fen,
        round_off_fen=round_off_fen,
        shares=() if is_own else sales.shares_of(amount_fen, quantity, lot.shares),
    )
    goods = {"quantity": quantity, "cost_fen": consignment.cost_of(lot, quantity)}
    paid = (taken(due_fen, change_fen=more, round_off_fen=round_off_fen),) if due_fen else ()
    return day.act(node, made, say(LotSold, entity, **goods), *paid)


def _bring_back(day: RandomDay, node: Notebook, choice: int, amount: int, more: int) -> bool:
    def is_open(sale: sales.Sale) -> bool:
        return bool(sale.founder) and sale.back_quantity < sale.quantity

    found = day.pick(node, sales.SALE, choice, is_open)
    if found is None:
        return False
    entity, sale = found
    left = sale.quantity - sale.back_quantity
    back = sales.return_of(sale, left if more % 2 else min(left, 1 + amount))
    into = ("shelf", "spoiled")[more % 2]
    goods = say(LotTakenBack, sale.lot, quantity=back.quantity, into=into)
    pays = (given(back.paid_fen),) if back.paid_fen > 0 else ()
    if back.paid_fen < 0:
        return False
    return day.act(node, came_back(back, entity, sale.ownership), goods, *pays)


def _settle(day: RandomDay, node: Notebook, choice: int, amount: int, _more: int) -> bool:
    person = PEOPLE[choice % 3]
    lines = [
        (entity, sales.settlement_of(sale, number, DAY))
        for entity, sale in day.known(node, sales.SALE)
        for number, part_ in enumerate(sale.shares, 1)
        if part_.person == person and not part_.times_settled
    ]
    if not lines:
        return False
    now = books(node.connection)
    here = f"Liabilities:Held:Grower:{part(person)}:Here"
    there = f"Liabilities:Held:Grower:{part(person)}:County"
    charged = sum(body.commission_fen for _, body in lines)
    topped = sum(body.top_up_fen for _, body in lines)
    paid = consignment.payout(-now.amount(here) - charged, topped - now.amount(there), amount)
    sums = {"paid_here_fen": paid[0], "paid_county_fen": paid[1]}
    pays = (given(sum(paid)),) if sum(paid) else ()
    settled = [Saying(body, entity=entity) for entity, body in lines]
    return day.act(node, *settled, say(SettlementMade, person=person, **sums), *pays)


def _spoil(day: RandomDay, node: Notebook, choice: int, amount: int, more: int) -> bool:
    found = day.pick(node, LOT, choice, lambda lot: lot.founder and lot.on_shelf > 0)
    if found is None:
        return False
    entity, lot = found
    quantity = min(lot.on_shelf, 1 + amount % 900)
    bearer = ("station", "county")[more % 2]
    is_own = lot.ownership != CONSIGNED
    lost = {"quantity": quantity, "cost_fen": consignment.cost_of(lot, quantity)}
    amounts = () if is_own else consignment.amounts_for(lot, more)
    return day.act(node, say(LotSpoiled, entity, bearer=bearer, amounts=amounts, **lost))


def _dispatch(day: RandomDay, node: Notebook, choice: int, amount: int, _more: int) -> bool:
    found = day.pick(node, LOT, choice, lambda lot: lot.founder and lot.on_shelf > 0)
    if found is None:
        return False
    quantity = min(found[1].on_shelf, 1 + amount % 2_000)
    return day.act(node, say(LotDispatched, found[0], quantity=quantity))


def _hub(day: RandomDay, _node: Notebook, choice: int, amount: int, more: int) -> bool:
    def waits(lot: Lot) -> bool:
        return lot.ownership == CONSIGNED and (lot.in_transit > 0 or lot.at_hub > 0)

    found = day.pick(day.village.one, LOT, choice, waits)
    if found is None:
        return False
    entity, lot = found
    if lot.in_transit > 0:
        short = min(lot.in_transit, more % 100)
        got = {"quantity": lot.in_transit - short, "difference": short}
        return day.act(day.village.county, say(LotReceived, entity, **got))
    net_fen = 1 + amount
    body = say(
        LotSoldByCounty,
        entity,
        ownership=CONSIGNED,
        quantity=lot.at_hub,
        gross_fen=net_fen + more + 30,
        station_commission_fen=more,
        county_commission_fen=30,
        amounts=consignment.amounts_for(lot, net_fen),
    )
    return day.act(day.village.county, body)


def _county_money(day: RandomDay, node: Notebook, choice: int, amount: int, more: int) -> bool:
    person = PEOPLE[choice % 3]
    open_fen = -books(node.connection).amount(f"Liabilities:Held:Grower:{part(person)}:County")
    allotted = min(max(0, open_fen), amount)
    portion = make(Portion, purse="Grower", owner=part(person), amount_fen=allotted)
    if more % 2:
        current = make(Portion, amount_fen=amount)
        sent = say(RemittanceSent, amount_fen=amount, portions=(current,))
        return day.act(node, sent, given(amount))
    allot = (portion,) if allotted else ()
    number = f"{len(day.done)}-{node.place[-2:]}"
    got = say(CountyMoneyReceived, number=number, amount_fen=amount, allotted=allot)
    return day.act(node, got, taken(amount, way="bank"))


def _repay(day: RandomDay, node: Notebook, choice: int, amount: int, _more: int) -> bool:
    person = PEOPLE[choice % 3]
    return day.act(node, say(AccountRepaid, person=person, amount_fen=amount), taken(amount))


def _voucher(day: RandomDay, node: Notebook, choice: int, amount: int, more: int) -> bool:
    place = ("drawer", "wechat", "safe")[more % 3]
    if choice % 2:
        return day.act(node, say(CashPutIn, place=place, reason="own", amount_fen=amount))
    reason = ("bank", "petty", "drawings")[more % 3]
    return day.act(node, say(CashTakenOut, place=place, reason=reason, amount_fen=amount))


def _undo(day: RandomDay, node: Notebook, _choice: int, _amount: int, _more: int) -> bool:
    """Undo the last act of this PC, once, if this very start of the program made it."""
    last = day.last.pop(node.place, "")
    if not last or not FactLog(node.connection).act(node.author.stream, last):
        return False
    node.undo(last)
    return True


def _restart(_day: RandomDay, node: Notebook, _choice: int, _amount: int, _more: int) -> bool:
    node.restart()
    return True


def _hear(day: RandomDay, _node: Notebook, _choice: int, _amount: int, _more: int) -> bool:
    day.village.share()
    return True


def _erase(day: RandomDay, node: Notebook, choice: int, _amount: int, _more: int) -> bool:
    body = PrivateErased(persons=(PEOPLE[choice % 3],), day=DAY)
    return day.act(node, Saying(body)) and day.last.pop(node.place) is not None


ALL = (
    *(_shelve, _hand_over, _correct, _lose, _pay_courier),
    *(_order, _pass_on, _price_falls, _end_order, _return_order, _refund),
    *(_bill, _answer_bill, _take_lot, _merge, _sell, _bring_back, _settle, _spoil),
    *(_dispatch, _hub, _county_money, _repay, _voucher),
    *(_undo, _restart, _hear, _hear, _erase),
)
STEPS: dict[str, Callable[[RandomDay, Notebook, int, int, int], bool]] = {
    step.__name__.lstrip("_"): step for step in ALL
}

# What needs something else before it is tried more often, and a day has few odd hours.
OFTEN = (
    *STEPS,
    *("hand_over", "sell", "sell", "settle", "settle", "bring_back", "bring_back", "merge"),
    *("end_order", "return_order", "refund", "answer_bill", "correct", "hub", "take_lot"),
)
