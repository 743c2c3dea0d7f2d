"""The ten stories of docs/LEDGER.md §3, told in real facts, and written down by hand in yuan."""

from station_app.journal.fact import Saying
from station_app.ledger.accounts import part
from station_app.ledger.rounding import line_fen
from station_app.services.accounts.facts import AccountRepaid
from station_app.services.bills.facts import BillFailed, BillTaken
from station_app.services.cash.facts import CashTakenOut, ShiftClosed
from station_app.services.clearing.facts import (
    CountyMoneyReceived,
    CountyMoneySentDown,
    Portion,
    RemittanceSent,
)
from station_app.services.consignment import rules as consignment
from station_app.services.consignment.facts import (
    GrowerAmount,
    LotBought,
    LotDifferenceDecided,
    LotDispatched,
    LotDrawn,
    LotMade,
    LotReceived,
    LotSoldByCounty,
    LotSpoiled,
    LotTakenBack,
    SettlementMade,
)
from station_app.services.parcels.facts import HandoverCorrected, ParcelHandedOver, ParcelShelved
from station_app.services.purchasing import rules as purchasing
from station_app.services.purchasing.facts import (
    OrderPickedUp,
    OrderPlaced,
    OrderPriceFell,
    OrderReturned,
)
from tests.ledger.sayings import (
    Tale,
    accepted,
    came_back,
    lot_of,
    order_of,
    refund,
    returned,
    settled,
    share,
    sold,
)
from tests.ledger.village import P, Q, Village, given, make, say, taken


def price_falls(v: Village) -> Tale:
    """1: an order of 100 + 3 prepaid falls to 90, a neighbour fetches it; a refund beforehand."""
    o = v.found(
        "O",
        say(OrderPlaced, person=P, goods_fen=10_000, fee_fen=300, prepaid_fen=10_300),
        taken(10_300),
    )
    beyond = purchasing.beyond(order_of(v, o), 9_000)
    v.decides(
        say(
            OrderPriceFell,
            o,
            answers=o,
            goods_fen=9_000,
            from_here_fen=beyond.here_fen,
            from_county_fen=beyond.county_fen,
        )
    )
    v.share()
    held = purchasing.all_held(order_of(v, o))
    v.act(
        say(
            OrderPickedUp,
            o,
            goods_fen=9_000,
            fee_fen=300,
            from_here_fen=held.here_fen,
            from_county_fen=held.county_fen,
            taken_by="on_behalf",
        )
    )
    yield """all
        own 303.00
        not_mine 100.00
        Assets:Drawer:D1 403.00
        Liabilities:County -90.00
        Liabilities:RefundDue:O -10.00
        Income:Fee:Purchase -3.00"""
    v.act(*refund(o, 1_000))
    v.act(
        say(RemittanceSent, amount_fen=9_000, portions=(make(Portion, amount_fen=9_000),)),
        given(9_000),
    )
    yield """all
        own 303.00
        not_mine 0.00
        Assets:Drawer:D1 303.00
        Income:Fee:Purchase -3.00"""
    v.act(say(OrderReturned, o, refund_fen=3_000, claim_fen=3_000, pieces=1), *refund(o, 3_000))
    yield """all
        own 273.00
        Assets:Drawer:D1 273.00
        Assets:Claim:O 30.00
        Income:Fee:Purchase -3.00
        Equity:Pieces:Villager -1 PCS
        Equity:Pieces:Shelf 1 PCS"""


def refused_parcel(v: Village) -> Tale:
    """2: COD 286 was collected; the parcel is opened, refused and corrected on the other PC."""
    x = v.found("X", say(ParcelShelved, courier="JTSD", cod_fen=28_600))
    handed = v.act(say(ParcelHandedOver, x, courier="JTSD", cod_fen=28_600), taken(28_600))
    yield """all
        own 300.00
        not_mine 286.00
        Assets:Drawer:D1 586.00
        Liabilities:Held:COD:JTSD:Here -286.00
        Equity:Pieces:Courier:JTSD -1 PCS
        Equity:Pieces:Villager 1 PCS"""
    v.act(
        say(
            HandoverCorrected,
            x,
            handover=handed[0].identity,
            courier="JTSD",
            reason="opened_refused",
            cod_fen=28_600,
        ),
        given(28_600),
        at=v.two,
    )
    yield """all
        own 300.00
        not_mine 0.00
        Assets:Drawer:D1 586.00
        Assets:Drawer:D2 -286.00
        Equity:Pieces:Courier:JTSD -1 PCS
        Equity:Pieces:Shelf 1 PCS"""
    yield "Assets:Drawer 300.00"


def failed_bill(v: Village) -> Tale:
    """3: a bill of 126.50 + 1.00 fails and is paid back."""
    b = v.found("B", say(BillTaken, biller="POWER", amount_fen=12_650, fee_fen=100), taken(12_750))
    yield """all
        own 300.00
        not_mine 127.50
        Assets:Drawer:D1 427.50
        Liabilities:Held:Bill:B:Here -127.50"""
    v.decides(say(BillFailed, b, answers=b, amount_fen=12_650, fee_fen=100))
    yield """all
        own 300.00
        not_mine 127.50
        Assets:Drawer:D1 427.50
        Liabilities:RefundDue:B -127.50"""
    v.act(*refund(b, 12_750))
    yield """all
        own 300.00
        not_mine 0.00"""


def sale_settled_and_returned(v: Village) -> Tale:
    """4: a consigned sale of 32.37, rounded off, 8 %, settled and then returned."""
    whole = share(P, 5_000, commission_bp=800)
    lot = accepted(v, "L", whole)
    made, goods = sold(lot, (whole,), 3_237, 1_000, round_off_fen=7)
    sale = v.act(made, goods, taken(3_237, change_fen=770, round_off_fen=7))[0].identity
    yield """all
        own 299.93
        not_mine 32.37
        Assets:Drawer:D1 332.30
        Expenses:RoundOff 0.07
        Liabilities:Held:Grower:P:Here -32.37
        Equity:Goods:Grower:P -5000 LOT-L
        Equity:Goods:Shelf 1763 LOT-L
        Equity:Goods:Sold 3237 LOT-L"""
    v.act(
        *settled(v, sale),
        say(SettlementMade, person=P, lines=(sale,), paid_here_fen=2_978),
        given(2_978),
    )
    yield """
        own 302.52
        not_mine 0.00
        Income:Commission -2.59"""
    back = returned(v, sale, 3_237)
    v.act(
        came_back(back, sale),
        say(LotTakenBack, lot, quantity=3_237, into="shelf"),
        given(back.paid_fen),
    )
    yield """all
        own 270.22
        not_mine 0.00
        Assets:Drawer:D1 270.22
        Liabilities:Held:Grower:P:Here 29.78
        Equity:Goods:Grower:P -5000 LOT-L
        Equity:Goods:Shelf 5000 LOT-L"""


def guaranteed_price(v: Village) -> Tale:
    """5: 10 kg at 6.50, 8.00 guaranteed, 5 %; 2 kg come back after settling."""
    whole = share(P, 10_000, commission_bp=500, guaranteed_fen=800)
    lot = accepted(v, "L", whole)
    made, goods = sold(lot, (whole,), 10_000, 650)
    sale = v.act(made, goods, taken(6_500))[0].identity
    v.act(
        *settled(v, sale),
        say(SettlementMade, person=P, lines=(sale,), paid_here_fen=6_175, paid_county_fen=1_500),
        given(7_675),
    )
    yield """all
        own 288.25
        not_mine 0.00
        Assets:Drawer:D1 288.25
        Liabilities:County 15.00
        Income:Commission -3.25
        Equity:Goods:Grower:P -10000 LOT-L
        Equity:Goods:Sold 10000 LOT-L"""
    back = returned(v, sale, 2_000)
    v.act(
        came_back(back, sale),
        say(LotTakenBack, lot, quantity=2_000, into="spoiled"),
        given(back.paid_fen),
    )
    yield """all
        own 275.25
        Assets:Drawer:D1 275.25
        Liabilities:County 12.00
        Liabilities:Held:Grower:P:Here 12.35
        Liabilities:Held:Grower:P:County 3.00
        Income:Commission -2.60
        Equity:Goods:Grower:P -10000 LOT-L
        Equity:Goods:Spoiled 2000 LOT-L
        Equity:Goods:Sold 8000 LOT-L"""
    yield "Liabilities:Held:Grower:P 15.35"


def spoilage(v: Village) -> Tale:
    """6: spoilage of 9.20 borne by the station, then by the county; a tenth of an own lot."""
    lot = accepted(v, "L", share(P, 5_000))
    v.act(_spoils(lot, "station"))
    yield """all
        own 290.80
        Expenses:Spoilage 9.20
        Liabilities:Held:Grower:P:Here -9.20
        Equity:Goods:Grower:P -5000 LOT-L
        Equity:Goods:Shelf 4000 LOT-L
        Equity:Goods:Spoiled 1000 LOT-L"""
    v.act(_spoils(lot, "county"))
    yield """
        own 290.80
        Liabilities:County 9.20
        Liabilities:Held:Grower:P:County -9.20"""
    m = v.found(
        "M",
        say(LotBought, unit="gram", quantity=10_000, person=Q, price_fen=800, paid_fen=8_000),
        given(8_000),
    )
    cost_fen = consignment.cost_of(lot_of(v, m), 1_000)
    v.act(say(LotSpoiled, m, quantity=1_000, bearer="station", cost_fen=cost_fen))
    yield """all
        own 210.80
        Assets:Drawer:D1 220.00
        Assets:Inventory:LOT-M 72.00
        Expenses:Spoilage 17.20
        Liabilities:County 9.20
        Liabilities:Held:Grower:P:Here -9.20
        Liabilities:Held:Grower:P:County -9.20
        Equity:Goods:Grower:P -5000 LOT-L
        Equity:Goods:Shelf 3000 LOT-L
        Equity:Goods:Spoiled 2000 LOT-L
        Equity:Goods:Grower:Q -10000 LOT-M
        Equity:Goods:Shelf 9000 LOT-M
        Equity:Goods:Spoiled 1000 LOT-M"""


def _spoils(lot: str, bearer: str) -> Saying:
    amounts = (GrowerAmount(person=P, amount_fen=920),)
    return say(LotSpoiled, lot, quantity=1_000, bearer=bearer, amounts=amounts)


def dispatched(v: Village) -> Tale:
    """7: 20.00 kg leave, 19.86 arrive and are sold at 9.00 net; the county bears the rest."""
    lot = accepted(v, "L", share(P, 20_000))
    sent = v.act(say(LotDispatched, lot, quantity=20_000, packages=2))[0].identity
    got = v.decides(say(LotReceived, lot, answers=sent, quantity=19_860, difference=140))[0]
    amounts = (GrowerAmount(person=P, amount_fen=line_fen(19_860, 900, "gram")),)
    v.decides(
        say(
            LotSoldByCounty,
            lot,
            answers=sent,
            ownership="consigned",
            quantity=19_860,
            gross_fen=17_874,
            amounts=amounts,
        )
    )
    yield """all
        own 300.00
        not_mine 0.00
        Liabilities:County 178.74
        Liabilities:Held:Grower:P:County -178.74
        Equity:Goods:Grower:P -20000 LOT-L
        Equity:Goods:Difference 140 LOT-L
        Equity:Goods:Sold 19860 LOT-L"""
    lost = (GrowerAmount(person=P, amount_fen=line_fen(140, 900, "gram")),)
    v.decides(
        say(
            LotDifferenceDecided,
            lot,
            answers=got.identity,
            lost=140,
            bearer="county",
            amounts=lost,
        )
    )
    yield """
        not_mine 0.00
        own 300.00
        Liabilities:Held:Grower -180.00"""
    portion = make(Portion, purse="Grower", owner=part(P), amount_fen=18_000)
    down = v.decides(say(CountyMoneySentDown, number="1", amount_fen=18_000, covers=(portion,)))
    v.act(
        say(
            CountyMoneyReceived,
            down[0].identity,
            number="1",
            amount_fen=18_000,
            allotted=(portion,),
        ),
        taken(18_000, way="bank"),
    )
    yield """all
        own 300.00
        not_mine 180.00
        Assets:Bank 180.00
        Liabilities:Held:Grower:P:Here -180.00
        Equity:Goods:Grower:P -20000 LOT-L
        Equity:Goods:Spoiled 140 LOT-L
        Equity:Goods:Sold 19860 LOT-L"""


def merged(v: Village) -> Tale:
    """8: a lot merged of 6 and 4 kg keeps both shares: sold for 33.30, 19.98 and 13.32."""
    ps, qs = share(P, 6_000), share(Q, 4_000)
    a, b = accepted(v, "A", ps), accepted(v, "B", qs)
    both = consignment.merged_shares((ps, qs))
    acts = v.act(
        say(LotDrawn, a, quantity=6_000, purpose="merge"),
        say(LotDrawn, b, quantity=4_000, purpose="merge"),
        say(LotMade, unit="gram", ownership="consigned", quantity=10_000, shares=both),
    )
    m = v.call("M", acts[2].identity)
    made, goods = sold(m, both, 10_000, 333)
    v.act(made, goods, taken(3_330))
    yield """all
        own 300.00
        not_mine 33.30
        Assets:Drawer:D1 333.30
        Liabilities:Held:Grower:P:Here -19.98
        Liabilities:Held:Grower:Q:Here -13.32
        Equity:Goods:Grower:P -6000 LOT-A
        Equity:Goods:Merge 6000 LOT-A
        Equity:Goods:Grower:Q -4000 LOT-B
        Equity:Goods:Merge 4000 LOT-B
        Equity:Goods:Merge -10000 LOT-M
        Equity:Goods:Sold 10000 LOT-M"""


def on_account(v: Village) -> Tale:
    """9: 50.00 on account, repaid."""
    whole = share(Q, 5_000)
    lot = accepted(v, "L", whole)
    made, goods = sold(lot, (whole,), 5_000, 1_000)
    v.act(made, goods, taken(5_000, way="account", who=P))
    yield """
        own 250.00
        not_mine 50.00
        Assets:Receivable:P 50.00"""
    v.act(say(AccountRepaid, person=P, amount_fen=5_000), taken(5_000))
    yield """all
        own 300.00
        not_mine 50.00
        Assets:Drawer:D1 350.00
        Liabilities:Held:Grower:Q:Here -50.00
        Equity:Goods:Grower:Q -5000 LOT-L
        Equity:Goods:Sold 5000 LOT-L"""


def drawings(v: Village) -> Tale:
    """10: COD 200, the owner draws 295, the drawer is 12 short: 垫用 7.00."""
    x = v.found("X", say(ParcelShelved, courier="JTSD", cod_fen=20_000))
    v.act(say(ParcelHandedOver, x, courier="JTSD", cod_fen=20_000), taken(20_000))
    v.act(say(CashTakenOut, place="drawer", reason="drawings", amount_fen=29_500))
    yield "own 5.00"
    v.act(say(ShiftClosed, v.shift, counted_fen=19_300, difference_fen=-1_200))
    yield """all
        own -7.00
        not_mine 200.00
        Assets:Drawer:D1 193.00
        Equity:Drawings 295.00
        Expenses:OverShort 12.00
        Liabilities:Held:COD:JTSD:Here -200.00
        Equity:Pieces:Courier:JTSD -1 PCS
        Equity:Pieces:Villager 1 PCS"""


TALES = (
    price_falls,
    refused_parcel,
    failed_bill,
    sale_settled_and_returned,
    guaranteed_price,
    spoilage,
    dispatched,
    merged,
    on_account,
    drawings,
)
