"""More stories, written down by hand in yuan: orders, bills, parcels, clearing, the drawer."""

from station_app.ledger.accounts import part
from station_app.services.accounts.facts import AccountRepaid, DebitSettled, RefundPaid
from station_app.services.bills.facts import BillPaid, BillReversed, BillTaken
from station_app.services.cash.facts import (
    CashPutIn,
    CashTakenOut,
    ChangeCorrected,
    PaymentCorrected,
    PlaceCompared,
    ShiftClosed,
    ShiftHandedOver,
    ShiftOpened,
    Tender,
)
from station_app.services.clearing.facts import (
    AcceptedCharge,
    CountyMoneyAllotted,
    CountyMoneyReceived,
    CountyMoneyReturned,
    Portion,
    RemittanceSent,
    RemittanceTakenBack,
    StatementAnswered,
)
from station_app.services.opening.facts import OpeningCorrected, OpeningEntered
from station_app.services.parcels.facts import (
    ParcelCodCorrected,
)
from station_app.services.purchasing import rules as purchasing
from station_app.services.purchasing.facts import (
    ClaimSettled,
    OrderCancellationAgreed,
    OrderCancellationAsked,
    OrderCancelled,
    OrderFellShort,
    OrderPickedUp,
    OrderPlaced,
    OrderPriceFell,
    OrderReturnAgreed,
    OrderReturned,
    OrderReturnRefused,
    OrderSentBack,
    OrderSwapped,
    PrepaymentPassedOn,
)
from tests.ledger.sayings import Tale, order_of
from tests.ledger.village import P, Q, Village, given, make, nobody, say, taken


def prepaid(v: Village, letter: str, paid_fen: int, passed_fen: int, fee_fen: int = 0) -> str:
    """An order is paid beforehand, and a part of that passed on to the county."""
    o = v.found(letter, say(OrderPlaced, fee_fen=fee_fen, prepaid_fen=paid_fen), taken(paid_fen))
    if passed_fen:
        v.act(say(PrepaymentPassedOn, o, amount_fen=passed_fen), given(passed_fen))
    return o


def out_of(v: Village, order: str, amount_fen: int) -> dict[str, int]:
    """Return where an amount is taken from: what lies here goes first."""
    v.share()
    found = purchasing.taken_from(order_of(v, order), amount_fen)
    return {"from_here_fen": found.here_fen, "from_county_fen": found.county_fen}


def ends_of_orders(v: Village) -> Tale:
    """Prepayments passed on, prices that fall, cancellations; what is held here goes first."""
    o = prepaid(v, "O", 5_000, 3_000, fee_fen=300)
    held = purchasing.all_held(order_of(v, o), paid_now_fen=4_300)
    v.act(
        say(
            OrderPickedUp,
            o,
            balance_fen=4_300,
            goods_fen=8_900,
            fee_fen=300,
            from_here_fen=held.here_fen,
            from_county_fen=held.county_fen,
        ),
        taken(4_300),
    )
    s = prepaid(v, "S", 6_000, 2_000)
    v.decides(say(OrderFellShort, s, goods_fen=1_000, **out_of(v, s, 5_000)))
    t = prepaid(v, "T", 6_000, 2_000)
    v.decides(say(OrderSwapped, t, goods_fen=1_000, **out_of(v, t, 5_000)))
    u = prepaid(v, "U", 6_000, 2_000)
    v.decides(say(OrderPriceFell, u, goods_fen=1_500, **out_of(v, u, 4_500)))
    x = prepaid(v, "X", 3_000, 1_000)
    v.act(say(OrderCancelled, x, **out_of(v, x, 3_000)))
    w = prepaid(v, "W", 7_000, 4_000)
    v.act(say(OrderCancellationAsked, w, consent="phone", cost_fen_max=1_500))
    v.decides(say(OrderCancellationAgreed, w, cost_fen=1_200, **out_of(v, w, 7_000)))
    yield """all
        own 299.00
        not_mine 234.00
        Assets:Drawer:D1 533.00
        Liabilities:County 39.00
        Income:Fee:Purchase -3.00
        Liabilities:RefundDue:O -1.00
        Liabilities:RefundDue:S -50.00
        Liabilities:RefundDue:T -50.00
        Liabilities:RefundDue:U -45.00
        Liabilities:RefundDue:X -30.00
        Liabilities:RefundDue:W -58.00
        Liabilities:Held:Prepayment:S:County -10.00
        Liabilities:Held:Prepayment:T:County -10.00
        Liabilities:Held:Prepayment:U:County -15.00"""


def fetched(v: Village, letter: str, paid_fen: int) -> str:
    o = prepaid(v, letter, paid_fen, 0)
    v.act(say(OrderPickedUp, o, goods_fen=paid_fen, from_here_fen=paid_fen))
    return o


def returned_orders(v: Village) -> Tale:
    """One return the county takes over, another it does not: she bears a part, and so do we."""
    o, n = fetched(v, "O", 10_000), fetched(v, "N", 5_000)
    v.act(say(OrderReturned, o, refund_fen=3_000, claim_fen=2_000, pieces=2))
    v.act(say(OrderSentBack, o, pieces=1))
    v.decides(say(OrderReturnAgreed, o, refund_fen=3_000, claim_fen=2_000))
    v.act(say(OrderReturned, n, refund_fen=1_500, claim_fen=1_500))
    v.decides(say(OrderReturnRefused, n, reason="used"))
    v.act(
        say(ClaimSettled, n, bearer="villager", person=P, amount_fen=900),
        say(ClaimSettled, n, bearer="station", amount_fen=600),
    )
    yield """all
        own 285.00
        Assets:Drawer:D1 450.00
        Assets:Receivable:P 9.00
        Expenses:Compensation 6.00
        Liabilities:County -120.00
        Liabilities:RefundDue:O -30.00
        Liabilities:RefundDue:N -15.00
        Equity:Pieces:Villager -2 PCS
        Equity:Pieces:Shelf 1 PCS
        Equity:Pieces:Transit 1 PCS"""


def bill_sent_back(v: Village) -> Tale:
    """A bill is paid, and the biller sends it back."""
    b = v.found("B", say(BillTaken, amount_fen=5_000, fee_fen=100), taken(5_100))
    v.decides(say(BillPaid, b, amount_fen=5_000, fee_fen=100))
    yield """all
        own 301.00
        not_mine 50.00
        Assets:Drawer:D1 351.00
        Liabilities:County -50.00
        Income:Fee:Bill -1.00"""
    v.decides(say(BillReversed, b, amount_fen=5_000, fee_fen=100))
    yield """all
        own 300.00
        Assets:Drawer:D1 351.00
        Liabilities:RefundDue:B -51.00"""


def _growers(amount_fen: int) -> Portion:
    return make(Portion, purse="Grower", owner=part(P), amount_fen=amount_fen)


def _current(amount_fen: int) -> Portion:
    return make(Portion, amount_fen=amount_fen)


def money_of_the_county(v: Village) -> Tale:
    """Money goes up and comes back, comes down and goes back; a statement brings a subsidy."""
    o = prepaid(v, "O", 1_000, 500)
    sent = v.act(
        say(RemittanceSent, amount_fen=5_000, portions=(_current(3_000), _growers(2_000))),
        given(5_000),
    )[0].identity
    yield """all
        Assets:Drawer:D1 255.00
        Liabilities:County 55.00
        Liabilities:Held:Prepayment:O:Here -5.00
        Liabilities:Held:Prepayment:O:County -5.00
        Liabilities:Held:Grower:P:Here 20.00
        Liabilities:Held:Grower:P:County -20.00"""
    back = (_current(3_500), _growers(1_500))
    v.act(say(RemittanceTakenBack, sent, amount_fen=5_000, portions=back), taken(5_000))
    down = {"amount_fen": 4_000, "allotted": (_growers(1_200),)}
    got = v.act(say(CountyMoneyReceived, number="7", **down), taken(4_000, way="bank"))
    of_order = make(Portion, purse="Prepayment", owner=part(o), amount_fen=400)
    v.act(
        say(CountyMoneyAllotted, got[0].identity, allotted=(of_order, _growers(300))),
        say(PrepaymentPassedOn, o, amount_fen=-400),
    )
    yield """all
        own 291.00
        not_mine 54.00
        Assets:Drawer:D1 305.00
        Assets:Bank 40.00
        Liabilities:County -35.00
        Liabilities:Held:Prepayment:O:Here -9.00
        Liabilities:Held:Prepayment:O:County -1.00
        Liabilities:Held:Grower:P:Here -10.00
        Liabilities:Held:Grower:P:County 10.00"""
    v.act(say(CountyMoneyReturned, got[0].identity, **down), given(4_000, way="bank"))
    accepted = (
        AcceptedCharge(number=1, account="Income:Subsidy", amount_fen=20_000),
        AcceptedCharge(number=2, account="Expenses:Charges", amount_fen=-1_500),
    )
    v.act(say(StatementAnswered, nobody("statement"), result="agreed", accepted=accepted))
    yield """all
        Assets:Drawer:D1 305.00
        Liabilities:County 190.00
        Income:Subsidy -200.00
        Expenses:Charges 15.00
        Liabilities:Held:Prepayment:O:Here -9.00
        Liabilities:Held:Prepayment:O:County -1.00
        Liabilities:Held:Grower:P:Here 2.00
        Liabilities:Held:Grower:P:County -2.00"""


def money_moves(v: Village) -> Tale:
    """Money between drawer, safe, bank and pocket; what phones show; counts that differ."""
    for place, reason, amount_fen in (
        ("drawer", "own", 1_000),
        ("wechat", "bank", 200),
        ("alipay", "own", 300),
        ("bank", "safe", 400),
        ("safe", "own", 5_000),
    ):
        v.act(say(CashPutIn, place=place, reason=reason, amount_fen=amount_fen))
    for place, reason, amount_fen in (
        ("drawer", "safe", 500),
        ("wechat", "own", 100),
        ("alipay", "bank", 100),
        ("bank", "petty", 50),
        ("safe", "drawings", 600),
    ):
        v.act(say(CashTakenOut, place=place, reason=reason, amount_fen=amount_fen))
    yield """all
        own 355.50
        Assets:Drawer:D1 305.00
        Assets:Safe 45.00
        Assets:WeChat 1.00
        Assets:Alipay 2.00
        Assets:Bank 2.50
        Equity:Float -362.00
        Expenses:Petty 0.50
        Equity:Drawings 6.00"""
    differences = (("wechat", -10), ("alipay", 20), ("bank", -30), ("safe", 40))
    for place, fen in differences:
        v.act(say(PlaceCompared, place=place, difference_fen=fen, booked=1))
    v.act(say(PlaceCompared, place="bank", difference_fen=77))
    v.act(say(ShiftHandedOver, v.shift, difference_fen=-100))
    v.act(say(ShiftOpened, added_fen=200, reason="over_short"), at=v.two)
    v.act(say(ShiftClosed, v.shift, difference_fen=50))
    yield """all
        Assets:Drawer:D1 304.50
        Assets:Drawer:D2 2.00
        Assets:Safe 45.40
        Assets:WeChat 0.90
        Assets:Alipay 2.20
        Assets:Bank 2.20
        Equity:Float -362.00
        Expenses:OverShort -1.70
        Expenses:Petty 0.50
        Equity:Drawings 6.00"""


def _tender(way: str, amount_fen: int, person: str = "") -> Tender:
    return Tender(way=way, amount_fen=amount_fen, person=person)


def corrected_payments(v: Village) -> Tale:
    """A payment was made in other ways than written down; wrong change; a wrong amount."""
    it = nobody("payment")
    split = (_tender("wechat", 400), _tender("account", 600, P))
    v.act(say(PaymentCorrected, it, direction="in", was=(_tender("cash", 1_000),), tenders=split))
    found = {"was": (_tender("cash", 300),), "tenders": (_tender("alipay", 300),)}
    v.act(say(PaymentCorrected, it, direction="in", counted=1, **found))
    out = {"was": (_tender("bank", 200),), "tenders": (_tender("alipay", 200),)}
    v.act(say(PaymentCorrected, it, direction="out", **out))
    v.act(say(ChangeCorrected, it, difference_fen=100, counted=1))
    v.act(say(ChangeCorrected, it, difference_fen=55))
    purse = "Liabilities:Held:COD:ZTO:Here"
    more = {"courier": "ZTO", "handover": nobody("handover"), "cod_change_fen": 200}
    v.act(say(ParcelCodCorrected, nobody("parcel"), **more), taken(200))
    v.act(say(DebitSettled, account=purse, how="brought_back", amount_fen=50), taken(50))
    v.act(say(DebitSettled, account=purse, how="owed", person=Q, amount_fen=70))
    v.act(say(DebitSettled, account=purse, how="borne", amount_fen=80))
    yield """all
        Assets:Drawer:D1 293.50
        Assets:WeChat 4.00
        Assets:Alipay 1.00
        Assets:Bank 2.00
        Assets:Receivable:P 6.00
        Assets:Receivable:Q 0.70
        Expenses:OverShort -4.00
        Expenses:Compensation 0.80
        Liabilities:Held:COD:ZTO:Here -4.00"""


def every_way(v: Village) -> Tale:
    """Repaid by Alipay, prepaid by WeChat, paid back by WeChat, bank and against her account."""
    v.act(say(AccountRepaid, person=P, amount_fen=500), taken(500, way="alipay"))
    o = v.found("O", say(OrderPlaced, prepaid_fen=400), taken(400, way="wechat"))
    v.act(say(OrderCancelled, o, from_here_fen=400))
    for way, who, amount_fen in (("wechat", "", 100), ("account", P, 200), ("bank", "", 50)):
        back = say(RefundPaid, document=part(o), amount_fen=amount_fen)
        v.act(back, given(amount_fen, way=way, who=who))
    yield """all
        Assets:WeChat 3.00
        Assets:Alipay 5.00
        Assets:Bank -0.50
        Assets:Receivable:P -7.00
        Liabilities:RefundDue:O -0.50"""


PURSES = {
    "drawer": 100,
    "safe": 200,
    "wechat": 300,
    "alipay": 400,
    "bank": 500,
    "owed_grower": 600,
    "person_owes": 700,
    "owed_person": 800,
    "cod": 900,
    "freight": 1_000,
    "courier_owes": 1_100,
    "owed_county": 1_200,
    "county_owes": 1_300,
}


def first_day(v: Village) -> Tale:
    """What was there before the books began, and what was entered wrong."""
    lines: dict[str, str] = {}
    for purse, fen in PURSES.items():
        who = {"person": Q if purse == "person_owes" else P, "courier": "ZTO", "device": "D1"}
        entered = v.act(say(OpeningEntered, purse=purse, amount_fen=fen, **who))
        lines[purse] = v.call({"owed_person": "D", "courier_owes": "C"}.get(purse, purse),
                              entered[0].identity)  # fmt: skip
    yield """all
        Assets:Drawer:D1 301.00
        Assets:Safe 2.00
        Assets:WeChat 3.00
        Assets:Alipay 4.00
        Assets:Bank 5.00
        Liabilities:Held:Grower:P:Here -6.00
        Assets:Receivable:Q 7.00
        Liabilities:RefundDue:D -8.00
        Liabilities:Held:COD:ZTO:Here -9.00
        Liabilities:Held:Freight:ZTO:Here -10.00
        Assets:Claim:C 11.00
        Liabilities:County 1.00
        Equity:Opening -1.00"""
    for purse, fen in PURSES.items():
        who = {"person": Q if purse == "person_owes" else P, "courier": "ZTO", "device": "D1"}
        more = 20 if purse == "county_owes" else 10
        right = {"was_fen": fen, "is_fen": fen + more}
        v.act(say(OpeningCorrected, lines[purse], purse=purse, **right, **who))
    yield """all
        Assets:Drawer:D1 301.10
        Assets:Safe 2.10
        Assets:WeChat 3.10
        Assets:Alipay 4.10
        Assets:Bank 5.10
        Liabilities:Held:Grower:P:Here -6.10
        Assets:Receivable:Q 7.10
        Liabilities:RefundDue:D -8.10
        Liabilities:Held:COD:ZTO:Here -9.10
        Liabilities:Held:Freight:ZTO:Here -10.10
        Assets:Claim:C 11.10
        Liabilities:County 1.10
        Equity:Opening -1.40"""


TALES_OF_MONEY = (
    ends_of_orders,
    returned_orders,
    bill_sent_back,
    money_of_the_county,
    money_moves,
    corrected_payments,
    every_way,
    first_day,
)
