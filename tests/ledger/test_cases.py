"""What two PCs, or the station and the county, say otherwise of one thing is a case at both ends.

Each line of a table is a few acts, said where the others are not heard, and the cases that must be
open afterwards on both PCs and in the county's store; the last act settles some of them again.
"""

from collections.abc import Callable

import pytest

from station_app.journal.fact import Body
from station_app.ledger.balances import Books, Standing
from station_app.services.bills.facts import BillFailed, BillPaid, BillTaken
from station_app.services.consignment.facts import (
    ContractAgreed,
    ContractDrawn,
    LotAccepted,
    LotDrawn,
    LotSold,
    SettlementMade,
    SettlementPaid,
)
from station_app.services.farm_pickups.facts import (
    FarmPickupAsked,
    FarmPickupCalledOff,
    FarmPickupFailed,
    FarmPickupFetched,
    FarmPickupJoinedRun,
)
from station_app.services.parcels.facts import (
    BagOpened,
    BagReceived,
    HandoverCorrected,
    ParcelHandedOver,
    ParcelShelved,
)
from station_app.services.purchasing.facts import (
    ClaimSettled,
    OrderCancellationAgreed,
    OrderCancellationAsked,
    OrderCancelled,
    OrderPickedUp,
    OrderPlaced,
    OrderReturned,
    OrderReturnRefused,
)
from station_app.services.sales.facts import SaleMade, SaleReturned, SaleSettled
from station_app.services.sending.facts import (
    SendingAccepted,
    SendingCancelled,
    SendingHandedToCourier,
)
from station_app.vocabulary import VOCABULARY
from tests.journal.notebook import Notebook
from tests.ledger.sayings import share, sold
from tests.ledger.village import P, Village, given, nobody, say, taken

NOBODY = nobody("an entity that is not here")


def open_cases(village: Village) -> set[str]:
    """Return the kinds of open cases, having made sure that all three have the same."""
    village.share()
    village.to_county()
    sql = "SELECT kind, entity, members FROM cases ORDER BY kind, entity"
    with village.store.read() as connection:
        there = [tuple(row) for row in connection.exec_driver_sql(sql).all()]
    for node in (village.one, village.two):
        assert [tuple(row) for row in node.connection.execute(sql).fetchall()] == there
    assert all(len(row[2]) > 2 for row in there), "every case names facts"
    return {row[0] for row in there}


def apart(village: Village, *acts: tuple[Notebook, str, type[Body], dict[str, int]]) -> None:
    """Say each thing where it is said, without hearing of the others."""
    for node, entity, struct, fields in acts:
        node.say(say(struct, entity, **fields))


def order(v: Village) -> str:
    o = v.found("O", say(OrderPlaced, goods_fen=5_000, prepaid_fen=5_000), taken(5_000))
    v.share()
    return o


def fetched_and_cancelled(v: Village) -> None:
    o, whole = order(v), {"from_here_fen": 5_000}
    apart(
        v,
        (v.one, o, OrderPickedUp, {"goods_fen": 5_000, **whole}),
        (v.two, o, OrderCancelled, whole),
    )


def fetched_with_money_left(v: Village) -> None:
    v.act(say(OrderPickedUp, order(v), goods_fen=4_000, from_here_fen=4_000))


def cost_nobody_agreed_to(v: Village) -> None:
    o = order(v)
    v.act(say(OrderCancellationAsked, o))
    v.decides(say(OrderCancellationAgreed, o, cost_fen=100, from_here_fen=5_000))


def claim_refused(v: Village) -> None:
    o = order(v)
    v.act(say(OrderPickedUp, o, goods_fen=5_000, from_here_fen=5_000))
    v.act(say(OrderReturned, o, refund_fen=500, claim_fen=500))
    v.decides(say(OrderReturnRefused, o))


def claim_settled(v: Village) -> None:
    claim_refused(v)
    (o,) = (identity for identity, letter in v.letters.items() if letter == "O")
    entity = next(f.identity for f in v.facts() if f.kind == "order.placed" and o)
    v.act(say(ClaimSettled, entity, bearer="station", amount_fen=500))


def bill_paid_and_failed(v: Village) -> None:
    b = v.found("B", say(BillTaken, amount_fen=5_000, fee_fen=100), taken(5_100))
    sums = {"amount_fen": 5_000, "fee_fen": 100}
    v.decides(say(BillPaid, b, **sums))
    v.decides(say(BillFailed, b, **sums))


def bill_failed_twice(v: Village) -> None:
    b = v.found("B", say(BillTaken, amount_fen=5_000, fee_fen=100), taken(5_100))
    for _ in range(2):
        v.decides(say(BillFailed, b, amount_fen=5_000, fee_fen=100))


def sent_twice(v: Village) -> None:
    s = v.found("S", say(SendingAccepted, courier="SF"))
    v.share()
    for node in (v.one, v.two):
        node.say(say(SendingHandedToCourier, s, courier="SF"))


def given_back_on_both(v: Village) -> None:
    s = v.found("S", say(SendingAccepted, courier="SF"))
    v.share()
    for node in (v.one, v.two):
        node.say(say(SendingCancelled, s, courier="SF"))


def gone_and_given_back(v: Village) -> None:
    s = v.found("S", say(SendingAccepted, courier="SF"))
    v.share()
    v.one.say(say(SendingHandedToCourier, s, courier="SF"))
    v.two.say(say(SendingCancelled, s, courier="SF"))


def fetched_twice_by_two_vans(v: Village) -> None:
    p = v.found("F", say(FarmPickupAsked, produce="核桃", grams=9_000))
    v.share()
    for node in (v.one, v.two):
        node.say(say(FarmPickupJoinedRun, p, run=1))


def brought_and_not_brought(v: Village) -> None:
    p = v.found("F", say(FarmPickupAsked, produce="核桃", grams=9_000))
    v.one.say(say(FarmPickupJoinedRun, p, run=1))
    v.share()
    v.one.say(say(FarmPickupFetched, p, grams=9_000, packages=1))
    v.two.say(say(FarmPickupFailed, p, reason="not_home"))


def called_off_on_the_road(v: Village) -> None:
    p = v.found("F", say(FarmPickupAsked, produce="核桃", grams=9_000))
    v.share()
    v.one.say(say(FarmPickupJoinedRun, p, run=1))
    v.two.say(say(FarmPickupCalledOff, p))


def lot_of_three_kilograms(v: Village) -> str:
    whole = share(P, 3_000)
    lot = v.found("L", say(LotAccepted, unit="gram", quantity=3_000, share=whole))
    v.share()
    return lot


def same_kilogram_sold_twice(v: Village) -> None:
    lot = lot_of_three_kilograms(v)
    goods = (lot, LotSold, {"quantity": 2_000})
    apart(v, (v.one, *goods), (v.two, *goods))


def same_kilogram_sold_once(v: Village) -> None:
    lot = lot_of_three_kilograms(v)
    apart(
        v,
        (v.one, lot, LotSold, {"quantity": 2_000}),
        (v.two, lot, LotDrawn, {"quantity": 1_000}),
    )


def contract_drawn_twice(v: Village) -> None:
    agreed = say(ContractAgreed, code="C1", person=P, quantity=1_000, guaranteed_fen=800)
    contract = v.decides(agreed)[0].identity
    v.share()
    drawn = (contract, ContractDrawn, {"quantity": 600})
    apart(v, (v.one, *drawn), (v.two, *drawn))


def sale(v: Village) -> str:
    lot, whole = lot_of_three_kilograms(v), (share(P, 3_000),)
    made, goods = sold(lot, whole, 1_000, 500)
    identity = v.act(made, goods, taken(500))[0].identity
    v.share()
    return identity


def settled_on_both(v: Village) -> None:
    settled = (sale(v), SaleSettled, {"share": 1, "quantity": 1_000, "amount_fen": 500})
    for node in (v.one, v.two):
        entity, struct, fields = settled
        node.say(say(struct, entity, person=P, **fields))


def brought_back_on_both(v: Village) -> None:
    s = sale(v)
    for node in (v.one, v.two):
        back = say(SaleReturned, s, ownership="own", quantity=1_000, amount_fen=500)
        node.say(back, given(500))


def paid_more_than_settled(v: Village) -> None:
    made = say(SettlementMade, person=P, sold_fen=500, paid_here_fen=300)
    s = v.act(made, given(300))[0].identity
    v.share()
    for node in (v.one, v.two):
        node.say(say(SettlementPaid, s, person=P, paid_here_fen=200), given(200))


def corrected_on_both(v: Village) -> None:
    x = v.found("X", say(ParcelShelved, courier="ZTO", cod_fen=100))
    handed = v.act(say(ParcelHandedOver, x, courier="ZTO", cod_fen=100), taken(100))[0]
    v.share()
    for node in (v.one, v.two):
        terms = {"handover": handed.identity, "courier": "ZTO", "cod_fen": 100}
        node.say(say(HandoverCorrected, x, **terms), given(100))


def bag_on_both(v: Village) -> None:
    for node in (v.one, v.two):
        bag = node.say(say(BagReceived, code="VB1", manifest="7", pieces=3)).facts[0].identity
        node.say(say(BagOpened, bag, pieces=3))


def things_that_are_not_here(v: Village) -> None:
    strays: tuple[tuple[type[Body], dict[str, int | str]], ...] = (
        (OrderReturnRefused, {}),
        (BillFailed, {"amount_fen": 1}),
        (SendingHandedToCourier, {"courier": "SF"}),
        (FarmPickupFetched, {"grams": 1}),
        (LotSold, {"quantity": 1}),
        (SaleReturned, {"ownership": "own"}),
        (SettlementPaid, {"person": P}),
        (BagOpened, {}),
    )
    for number, (struct, fields) in enumerate(strays):
        stray = say(struct, nobody(str(number)), **fields)
        if struct.KIND in VOCABULARY.county_only:
            v.decides(stray)
        else:
            v.act(stray)


CASES: list[tuple[Callable[[Village], None], set[str]]] = [
    (fetched_and_cancelled, {"purchasing.closed_twice", "purchasing.held_left"}),
    (fetched_with_money_left, {"purchasing.held_left"}),
    (cost_nobody_agreed_to, {"purchasing.cost_without_consent"}),
    (claim_refused, {"purchasing.claim_left"}),
    (claim_settled, set()),
    (bill_paid_and_failed, {"bills.held_left"}),
    (bill_failed_twice, {"bills.held_left", "bills.owed_twice"}),
    (sent_twice, {"sending.gone_twice"}),
    (given_back_on_both, {"sending.cancelled_twice"}),
    (gone_and_given_back, {"sending.gone_and_cancelled"}),
    (fetched_twice_by_two_vans, {"farm_pickups.on_two_runs"}),
    (brought_and_not_brought, {"farm_pickups.ended_twice"}),
    (called_off_on_the_road, {"farm_pickups.off_and_on_run"}),
    (same_kilogram_sold_twice, {"consignment.lot_below_zero"}),
    (same_kilogram_sold_once, set()),
    (contract_drawn_twice, {"consignment.contract_exceeded"}),
    (settled_on_both, {"sales.settled_twice"}),
    (brought_back_on_both, {"sales.returned_too_much"}),
    (paid_more_than_settled, {"consignment.settlement_overpaid"}),
    (corrected_on_both, {"parcels.corrected_twice"}),
    (bag_on_both, {"parcels.bag_received_twice", "parcels.bag_opened_twice"}),
    (
        things_that_are_not_here,
        {
            "purchasing.founder_missing",
            "bills.founder_missing",
            "sending.founder_missing",
            "farm_pickups.founder_missing",
            "consignment.founder_missing",
            "sales.founder_missing",
            "consignment.settlement_missing",
            "parcels.bag_missing",
        },
    ),
]


@pytest.mark.parametrize(("story", "cases"), CASES, ids=lambda c: getattr(c, "__name__", ""))
def test_it_is_a_case_on_both_pcs_and_at_the_county(
    story: Callable[[Village], None], cases: set[str]
) -> None:
    village = Village()
    story(village)
    assert open_cases(village) == cases


def test_a_purse_in_debit_is_the_same_at_both_ends() -> None:
    """The case `debit` is a view of the balance, so the county sees it from its own."""
    village = Village()
    corrected_on_both(village)
    overdrawn = {
        whose: [
            (s.account, s.amount)
            for s in Books(tuple(Standing(a, u, n) for (a, u), n in sums.items())).overdrawn
        ]
        for whose, sums in village.books().items()
    }
    assert set(map(tuple, overdrawn.values())) == {(("Liabilities:Held:COD:ZTO:Here", 100),)}


def test_a_contract_belongs_to_its_code() -> None:
    """Registered twice, it is one contract, and the newer words hold."""
    village = Village()
    village.decides(say(ContractAgreed, code="C1", quantity=100))
    village.decides(say(ContractAgreed, code="C1", quantity=900))
    village.share()
    rows = village.one.connection.execute("SELECT code, quantity FROM contracts").fetchall()
    assert [tuple(row) for row in rows] == [("C1", 900)]


def test_a_sale_without_its_goods_is_no_case_of_the_sale() -> None:
    village = Village()
    made = say(SaleMade, ownership="shelf", product="6901", amount_fen=300, quantity=1)
    village.act(made, taken(300))
    assert open_cases(village) == set()
