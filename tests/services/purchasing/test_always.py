"""Two hundred lives of orders, whatever counter and county do: no fen is lost, nothing is stuck."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from county_server.desks.orders.answers import ANSWERS
from county_server.desks.pen import Refused
from station_app.journal.fact import Told
from station_app.ledger.accounts import claim, drawer, held_prepayment, part, refund_due
from station_app.ledger.posting import CNY
from station_app.services.accounts.commands import SettleDebit
from station_app.services.cash.commands import TakePayment
from station_app.services.cash.facts import Tender
from station_app.services.purchasing import timeline_records
from station_app.services.purchasing.commands import (
    AnswerQuote,
    AnswerSwap,
    AskCancellation,
    CancelOrder,
    ChooseDelivery,
    CompleteOrder,
    PickUpOrder,
    ReturnOrder,
    SendBackOrder,
    SettleClaim,
)
from station_app.services.purchasing.facts import CompletionAsked
from station_app.services.purchasing.fates import left_to_refund
from station_app.services.purchasing.rules import PICKED_UP, Order, balance_due, fold_order
from station_app.services.purchasing.timeline_records import BODIES
from station_app.shell.desk import Done
from tests.services.accounts.pcs import Pc
from tests.services.purchasing.desk import RICE, SOAP, OrderDesk
from tests.services.sales.store import DAY

LIVES = 200
ENDING_STEPS_MAX = 40  # each return asks for three: sent, answered, paid back
FLOAT = 9_000_000
TYPED: Mapping[str, dict[str, str]] = {
    "accept": {},
    "quote": {"price": "88.88"},
    "buy": {"price": "25.80", "platform": "京东", "number": "7"},
    "buy_cheap": {"price": "20.00", "platform": "京东", "number": "7"},
    "buy_dear": {"price": "88.88", "platform": "京东", "number": "7"},
    "ship": {"waybill": "73000000004711", "courier": "ZTO"},
    "short": {"line": "1", "pieces": "1", "remedy": "refund"},
    "short_wait": {"line": "1", "pieces": "1", "remedy": "wait"},
    "swap": {"line": "1", "product": RICE, "swap": "19.90"},
    "cancel": {},
    "cancel_at_cost": {"cost": "1.00"},
    "keep": {"reason": "bought"},
    "agree": {"refund": "5.00"},
    "refuse": {"reason": "used"},
    "give_back": {},
}
ALIASES = {"buy_cheap": "buy", "buy_dear": "buy", "short_wait": "short", "cancel_at_cost": "cancel"}
HERE = (
    "yes", "no", "swap_yes", "swap_no", "call_off", "ask_back", "ask_at_cost", "fetch", "home",
    "complete", "bring_back", "bring_back_for_money", "send_back", "pay_back", "villager_bears",
    "look_away",
)  # fmt: skip
BEGINNINGS = (
    (),
    ("quote", "yes", "look_away"),
    ("give_back", "look_away", "complete"),
    ("swap", "swap_yes", "look_away", "buy_cheap"),
    ("buy", "fetch", "bring_back_for_money", "look_away", "refuse"),
    ("buy", "ship"),
    ("look_away", "buy"),
    ("buy_cheap", "fetch"),
    ("buy", "fetch", "bring_back_for_money"),
    ("buy", "fetch", "bring_back", "look_away"),
)  # so that most lives come far enough for something to go wrong


class Life:
    """One order from the counter to its end. heard: up to which row the county has heard of it."""

    def __init__(self, desk: OrderDesk, pieces: int, share: int) -> None:
        self.desk = desk
        self.cash = desk.pc.balance(drawer("D1"))
        line = desk.line(SOAP, pieces, ceiling_fen=2_709 * pieces)
        asking = desk.asking(line)
        total = asking.goods_fen + asking.fee_fen
        self.order = desk.order(line, prepaid_fen=total * share // 3)
        self.heard = 0
        self.look()

    @property
    def state(self) -> Order:
        return self.desk.state(self.order)

    def look(self) -> None:
        """The county hears what the station has said so far."""
        (self.heard,) = self.desk.connection.execute("SELECT max(rowid) FROM facts").fetchone()

    @property
    def seen(self) -> Order:
        """Return the order as the county folds it: what it has heard, and all its own words."""
        rows = self.desk.connection.execute(
            "SELECT f.identity, f.stream, f.seq, f.act, f.at, f.kind, f.body FROM facts f "
            "JOIN folds o ON o.identity = f.identity WHERE o.root = ? "
            "AND (f.rowid <= ? OR f.stream LIKE 'county%') ORDER BY o.at, o.identity",
            (self.order, self.heard),
        ).fetchall()
        state: Order | None = None
        for identity, stream, seq, act, at, kind, body in rows:
            told = Told(
                stream=stream, seq=seq, act=act, at=at, kind=kind, entity=self.order, by="",
                identity=identity, body=msgspec.json.decode(body, type=BODIES[kind]), private=None,
            )  # fmt: skip
            state = fold_order(state, told)
        assert state is not None
        return state

    def balance(self, account: Callable[[str], str]) -> int:
        return self.desk.pc.balance(account(self.order))

    def county(self, word: str) -> bool:
        """The county answers what it knows, which may be old; its desk may say no."""
        state, typed = self.seen, TYPED[word]
        if word == "give_back":
            self.desk.hear(CompletionAsked(order=self.order, line=1, reason="link", day=DAY))
            return True
        if word == "agree" and state.open_backs:
            back = state.open_backs[0]
            asked = f"{max(back.claim_fen, back.refund_fen // 2) / 100:.2f}"
            typed = {"refund": asked}
        to = state.open_backs[0].fact if word in ("agree", "refuse") and state.open_backs else ""
        try:
            bodies = ANSWERS[ALIASES.get(word, word)](state, typed, to or self.order, DAY)
        except Refused:
            return False
        self.desk.hear(*bodies, entity=self.order)
        return True

    def _complete(self) -> object:
        wanting = timeline_records.fate_of(self.desk.connection, self.order).wanting
        asked = wanting.completion if wanting else ""
        return self.desk.ask(CompleteOrder(completion=asked, item="蓝色的"))

    def here(self, what: str) -> object:
        """Do something at the counter; what its rules do not allow is refused."""
        order, state, ask = self.order, self.state, self.desk.ask
        if what in ("yes", "no"):
            return ask(AnswerQuote(order=order, answer=what, way="phone"))
        if what in ("swap_yes", "swap_no"):
            return ask(AnswerSwap(order=order, answer=what.removeprefix("swap_"), way="phone"))
        if what == "complete":
            return self._complete()
        plain = {
            "call_off": CancelOrder(order=order),
            "ask_back": AskCancellation(order=order),
            "ask_at_cost": AskCancellation(order=order, consent="phone", cost_fen_max=100),
            "home": ChooseDelivery(order=order, way="home"),
        }
        if what in plain:
            return ask(plain[what])
        if what == "fetch":
            return self._fetch(balance_due(state))
        if what.startswith("bring_back"):
            fen = max(1, left_to_refund(state) // 2)
            claimed = fen if what.endswith("money") else 0
            return ask(
                ReturnOrder(order=order, reason="damaged", refund_fen=fen, claim_fen=claimed)
            )
        if what == "send_back":
            return ask(SendBackOrder(order=order, pieces=1))
        if what == "villager_bears":
            most = max(1, state.refused_fen)
            return ask(SettleClaim(order=order, bearer="villager", amount_fen=most))
        if what == "pay_back":
            return self._pay_back()
        self.look()
        return None

    def _fetch(self, fen: int) -> object:
        tender = Tender(way="cash", amount_fen=fen)
        paid = [TakePayment(due_fen=fen, tenders=(tender,))] if fen else []
        return self.desk.ask(PickUpOrder(order=self.order, paid_fen=fen), *paid)

    def _pay_back(self) -> object:
        due = -self.balance(refund_due)
        more = self.desk.pc.pay_back(part(self.order), due + 1, lent_because="凭条退")
        assert not isinstance(more, Done), "never more than is owed"
        return self.desk.pc.pay_back(part(self.order), due, lent_because="凭条退") if due else None

    # --- To the end ------------------------------------------------------------------------------

    def goes_to_its_end(self) -> None:
        """Whatever it has come to, somebody can go on until nobody owes anybody."""
        for _ in range(ENDING_STEPS_MAX):
            if not self._goes_on():
                break
        state = self.state
        assert state.status in ("picked_up", "cancelled"), state.status
        accounts = (held_prepayment, refund_due, claim)
        assert [self.balance(account) for account in accounts] == [0, 0, 0]
        assert self.balance(lambda order: held_prepayment(order, "County")) == 0
        assert (state.claim_fen, state.open_backs, state.pieces_back) == (0, (), 0)

    def _goes_on(self) -> bool:
        state = self.state
        self.look()
        debit = self.balance(held_prepayment)
        if debit > 0:  # fetched here and called off there: she pays it in again, and gets it back
            brought = TakePayment(due_fen=debit, tenders=(Tender(way="cash", amount_fen=debit),))
            account = held_prepayment(self.order)
            settle = SettleDebit(
                account=account, how="brought_back", amount_fen=debit, remark="县里也退了"
            )
            return isinstance(self.desk.ask(settle, brought), Done)
        if self.balance(refund_due):
            return isinstance(self.here("pay_back"), Done)
        if state.status == PICKED_UP:
            return self._return_goes_on(state)
        if state.status in ("bought", "shipped"):
            if state.waybill and not timeline_records.parcel_of(
                self.desk.connection, state.waybill
            ):
                return self.county("cancel")
            return isinstance(self.here("fetch"), Done)
        return state.status != "cancelled" and self.county("cancel")

    def _return_goes_on(self, state: Order) -> bool:
        if state.pieces_back:
            return isinstance(self.here("send_back"), Done)
        if state.open_backs:
            return self.county("agree")
        if state.refused_fen:
            bears = SettleClaim(order=self.order, bearer="station", amount_fen=state.refused_fen)
            return isinstance(self.desk.ask(bears), Done)
        return False

    def kept_fen(self) -> int:
        """Return what stayed of her money in the drawer."""
        return self.desk.pc.balance(drawer("D1")) - self.cash


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OrderDesk]:
    folder: Path = tmp_path_factory.mktemp("always")
    pc = Pc(folder / "one", 1)
    pc.open_shift(FLOAT)
    made = OrderDesk(pc)
    made.catalogue()
    yield made
    pc.close()


def back_fen(desk: OrderDesk, order: str) -> int:
    """Return what she got back for goods that she had: agreed, or given and never taken over."""
    (fen,) = desk.connection.execute(
        "SELECT coalesce(sum(CASE kind WHEN 'order.returned' THEN json_extract(body, '$.claim_fen')"
        " ELSE json_extract(body, '$.refund_fen') - json_extract(body, '$.claim_fen') END), 0)"
        " FROM facts WHERE entity = ? AND kind IN ('order.returned', 'order.return_agreed')",
        (order,),
    ).fetchone()
    return int(fen)


def cost_fen(desk: OrderDesk, order: str) -> int:
    """Return what a cancellation really cost her."""
    (fen,) = desk.connection.execute(
        "SELECT coalesce(sum(json_extract(body, '$.cost_fen')), 0) FROM facts "
        "WHERE entity = ? AND kind = 'order.cancellation_agreed'",
        (order,),
    ).fetchone()
    return int(fen)


@settings(
    max_examples=LIVES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pieces=st.integers(min_value=1, max_value=3),
    share=st.integers(min_value=0, max_value=3),
    beginning=st.sampled_from(BEGINNINGS),
    life=st.lists(st.sampled_from((*TYPED, *HERE)), max_size=8),
)
def test_an_order_ends_with_its_price_paid_or_its_money_back(
    desk: OrderDesk, pieces: int, share: int, beginning: tuple[str, ...], life: list[str]
) -> None:
    one = Life(desk, pieces, share)
    for word in (*beginning, *life):
        if word in TYPED:
            one.county(word)
        else:
            one.here(word)
    one.goes_to_its_end()
    state = one.state
    fetched = state.goods_fen + state.fee_fen if PICKED_UP in _endings(desk, one.order) else 0
    assert one.kept_fen() == fetched - back_fen(desk, one.order) + cost_fen(desk, one.order)
    assert zero_sum(desk) == 0
    fate = timeline_records.fate_of(desk.connection, one.order)
    assert fate.wanting is None, "nobody has to complete what is over"


def _endings(desk: OrderDesk, order: str) -> set[str]:
    rows = desk.connection.execute("SELECT kind FROM facts WHERE entity = ?", (order,)).fetchall()
    return {kind.removeprefix("order.") for (kind,) in rows}


def zero_sum(desk: OrderDesk) -> int:
    (total,) = desk.connection.execute(
        "SELECT coalesce(sum(amount), 0) FROM balances WHERE commodity = ?", (CNY,)
    ).fetchone()
    return int(total)


def test_the_county_calls_off_while_the_station_hands_over(desk: OrderDesk) -> None:
    """Both have happened: the case says so, she pays for what she has, and the books are whole."""
    one = Life(desk, 2, 3)
    for word in ("accept", "buy"):
        assert one.county(word)
        one.here("look_away")
    assert isinstance(one.here("fetch"), Done)
    assert one.county("cancel"), "it has not heard of the hand-over"
    cases = {
        kind
        for (kind,) in desk.connection.execute(
            "SELECT kind FROM cases WHERE entity = ?", (one.order,)
        )
    }
    assert cases >= {"purchasing.closed_twice", "purchasing.held_left"}
    one.goes_to_its_end()
    assert one.kept_fen() == one.state.goods_fen + one.state.fee_fen
