"""More stories, written down by hand: lots of the station's own, and the ends of consignment."""

from station_app.ledger.accounts import part
from station_app.ledger.rounding import line_fen
from station_app.services.clearing.facts import CountyMoneyReceived, Portion
from station_app.services.consignment import rules as consignment
from station_app.services.consignment.facts import (
    Cost,
    GrowerAmount,
    LotBought,
    LotCountySaleReturned,
    LotDifferenceDecided,
    LotDispatched,
    LotDrawn,
    LotMade,
    LotPacked,
    LotProcessed,
    LotProcessingUndone,
    LotReceived,
    LotReturned,
    LotReweighed,
    LotSampled,
    LotSold,
    LotSoldByCounty,
    LotSpoiled,
    LotTakenBack,
    LotToppedUp,
    LotUnpacked,
    SettlementMade,
    SettlementPaid,
)
from station_app.services.sales.facts import SaleMade
from tests.ledger.sayings import (
    Tale,
    accepted,
    came_back,
    lot_of,
    returned,
    settled,
    share,
    sold,
)
from tests.ledger.village import P, Village, given, make, say, taken


def cost(v: Village, lot: str, quantity: int) -> dict[str, int]:
    """Return a quantity of an own lot with what it cost."""
    v.share()
    return {"quantity": quantity, "cost_fen": consignment.cost_of(lot_of(v, lot), quantity)}


def own_lot(v: Village) -> Tale:
    """10 kg bought for 60.00 are divided, sold, brought back, spoiled, given back, sampled."""
    bought = {"paid_fen": 3_000, "owed_fen": 2_000, "opening_fen": 1_000}
    lot = v.found(
        "L", say(LotBought, unit="gram", quantity=10_000, person=P, **bought), given(3_000)
    )
    part = cost(v, lot, 2_000)
    made = say(LotMade, unit="gram", ownership="own", **part)
    v.call("M", v.act(say(LotDrawn, lot, purpose="split", **part), made)[1].identity)
    yield """all
        own 250.00
        Assets:Drawer:D1 270.00
        Assets:Inventory:LOT-L 48.00
        Assets:Inventory:LOT-M 12.00
        Liabilities:Held:Grower:P:Here -20.00
        Equity:Opening -10.00
        Equity:Goods:Grower:P -10000 LOT-L
        Equity:Goods:Shelf 8000 LOT-L
        Equity:Goods:Merge 2000 LOT-L
        Equity:Goods:Merge -2000 LOT-M
        Equity:Goods:Shelf 2000 LOT-M"""
    terms = {"ownership": "own", "lot": lot, "unit": "gram"}
    sale = v.act(
        say(SaleMade, quantity=1_000, price_fen=1_000, amount_fen=1_000, discount_fen=100, **terms),
        say(LotSold, lot, **cost(v, lot, 1_000)),
        taken(900),
    )[0].identity
    for quantity, cost_fen, into in ((400, 240, "shelf"), (100, 60, "spoiled")):
        back = returned(v, sale, quantity)
        goods = say(LotTakenBack, lot, quantity=quantity, cost_fen=cost_fen, into=into)
        v.act(came_back(back, sale, "own"), goods, given(back.paid_fen))
    yield """
        own 254.50
        Assets:Drawer:D1 274.50
        Assets:Inventory:LOT-L 44.40
        Income:Sales -5.00
        Expenses:Discount 0.50
        Expenses:Goods 3.00
        Expenses:Spoilage 0.60
        Equity:Goods:Shelf 7400 LOT-L
        Equity:Goods:Sold 500 LOT-L
        Equity:Goods:Spoiled 100 LOT-L"""
    for bearer, quantity in (("station", 500), ("county", 400), ("grower", 300)):
        v.act(say(LotSpoiled, lot, bearer=bearer, person=P, **cost(v, lot, quantity)))
    for bearer, quantity in (("station", 100), ("grower", 200), ("county", 50)):
        v.act(say(LotReturned, lot, bearer=bearer, person=P, **cost(v, lot, quantity)))
    for bearer, quantity in (("station", 10), ("grower", 20), ("county", 30)):
        v.act(say(LotSampled, lot, bearer=bearer, person=P, **cost(v, lot, quantity)))
    yield """
        Assets:Inventory:LOT-L 34.74
        Expenses:Spoilage 4.26
        Liabilities:County 2.88
        Liabilities:Held:Grower:P:Here -16.88
        Equity:Goods:Shelf 5790 LOT-L"""
    yield from _at_the_hub(v, lot)


def a_wrong_weight(v: Village) -> Tale:
    """10 kg bought for 60.00 were 9.5, and then 9.8 after all: money follows at the same moment."""
    lot = v.found(
        "L", say(LotBought, unit="gram", quantity=10_000, person=P, paid_fen=6_000), given(6_000)
    )
    v.act(
        say(LotReweighed, lot, person=P, was_quantity=10_000, quantity=9_500, cost_fen=-300),
        taken(300),
    )
    yield """all
        own 243.00
        Assets:Drawer:D1 243.00
        Assets:Inventory:LOT-L 57.00
        Equity:Goods:Grower:P -9500 LOT-L
        Equity:Goods:Shelf 9500 LOT-L"""
    v.act(
        say(LotReweighed, lot, person=P, was_quantity=9_500, quantity=9_800, cost_fen=180),
        given(180),
    )
    yield """all
        own 241.20
        Assets:Drawer:D1 241.20
        Assets:Inventory:LOT-L 58.80
        Equity:Goods:Grower:P -9800 LOT-L
        Equity:Goods:Shelf 9800 LOT-L"""


def _at_the_hub(v: Village, lot: str) -> Tale:
    v.act(say(LotDispatched, lot, quantity=5_000))
    v.decides(say(LotReceived, lot, quantity=4_900, difference=100))
    for bearer, found in (("station", 40), ("county", 0), ("grower", 0)):
        lost = {"lost": 20, "cost_fen": 12, "bearer": bearer, "person": P}
        v.decides(say(LotDifferenceDecided, lot, found=found, **lost))
    v.decides(
        say(
            LotSoldByCounty,
            lot,
            ownership="own",
            gross_fen=6_000,
            costs=(Cost(name="freight", amount_fen=500),),
            county_commission_fen=200,
            quantity=4_940,
            cost_fen=2_964,
        )
    )
    yield """all
        own 257.74
        Assets:Drawer:D1 274.50
        Assets:Inventory:LOT-L 4.74
        Assets:Inventory:LOT-M 12.00
        Income:Sales -58.00
        Expenses:Discount 0.50
        Expenses:Goods 32.64
        Expenses:Spoilage 4.38
        Liabilities:County 56.00
        Liabilities:Held:Grower:P:Here -16.76
        Equity:Opening -10.00
        Equity:Goods:Grower:P -10000 LOT-L
        Equity:Goods:Shelf 790 LOT-L
        Equity:Goods:Merge 2000 LOT-L
        Equity:Goods:Sold 5440 LOT-L
        Equity:Goods:Spoiled 1360 LOT-L
        Equity:Goods:Returned 350 LOT-L
        Equity:Goods:Sampled 60 LOT-L
        Equity:Goods:Merge -2000 LOT-M
        Equity:Goods:Shelf 2000 LOT-M"""


def consignment_to_the_end(v: Village) -> Tale:
    """Sold here and by the county, with a discount, charges, a debt set off and an advance."""
    whole = share(P, 10_000, commission_bp=1_000)
    lot = accepted(v, "L", whole)
    made, goods = sold(lot, (whole,), 2_000, 500, discount_fen=50)
    one = v.act(made, goods, taken(950))[0].identity
    made, goods = sold(lot, (whole,), 1_000, 500)
    two = v.act(made, goods, taken(500, way="account", who=P))[0].identity
    v.act(say(LotDispatched, lot, quantity=6_000))
    v.decides(say(LotReceived, lot, quantity=5_900, difference=100))
    value = (GrowerAmount(person=P, amount_fen=line_fen(30, 1_000, "gram")),)
    v.decides(say(LotDifferenceDecided, lot, lost=30, bearer="station", amounts=value))
    v.decides(say(LotDifferenceDecided, lot, lost=70, bearer="grower"))
    v.decides(
        say(
            LotSoldByCounty,
            lot,
            ownership="consigned",
            quantity=5_900,
            gross_fen=6_000,
            costs=(Cost(name="freight", amount_fen=400),),
            station_commission_fen=150,
            county_commission_fen=250,
            amounts=consignment.amounts_for(lot_of(v, lot), 5_200),
        )
    )
    made_out = {"paid_here_fen": 640, "paid_county_fen": 2_000, "set_off_fen": 500}
    ended = v.act(
        *settled(v, one),
        *settled(v, two),
        say(
            SettlementMade,
            person=P,
            lines=(one, two),
            service=(Cost(name="packing", amount_fen=80),),
            passed_on=(Cost(name="freight", amount_fen=60),),
            **made_out,
        ),
        given(2_640),
    )
    more = {"paid_here_fen": 40, "paid_county_fen": 200, "set_off_fen": 10}
    v.act(say(SettlementPaid, ended[2].identity, person=P, **more), given(240))
    yield """all
        own 280.20
        not_mine 0.50
        Assets:Drawer:D1 280.70
        Assets:Receivable:P -0.10
        Expenses:Discount 0.50
        Expenses:Spoilage 0.30
        Income:Commission -3.00
        Income:Service -0.80
        Liabilities:County 52.90
        Liabilities:Held:Grower:P:Here -0.50
        Liabilities:Held:Grower:P:County -30.00
        Equity:Goods:Grower:P -10000 LOT-L
        Equity:Goods:Shelf 1000 LOT-L
        Equity:Goods:Sold 8900 LOT-L
        Equity:Goods:Spoiled 100 LOT-L"""


def processed_own(v: Village) -> Tale:
    """10 kg bought for 60.00 are sorted into two lots at the hub; the county bears what is lost."""
    bought = say(LotBought, unit="gram", quantity=10_000, person=P, paid_fen=6_000)
    lot = _at_hub(v, v.found("L", bought, given(6_000)))
    worked = v.decides(
        say(LotProcessed, lot, used=9_000, drawn_fen=5_400, lost=200),
        say(LotPacked, unit="gram", ownership="own", quantity=7_000, cost_fen=4_200),
        say(LotPacked, unit="gram", ownership="own", quantity=2_000, cost_fen=1_200),
    )
    v.call("M", worked[1].identity)
    v.call("N", worked[2].identity)
    yield """all
        own 240.00
        Assets:Drawer:D1 240.00
        Assets:Inventory:LOT-L 6.00
        Assets:Inventory:LOT-M 42.00
        Assets:Inventory:LOT-N 12.00
        Equity:Goods:Grower:P -10000 LOT-L
        Equity:Goods:Hub 800 LOT-L
        Equity:Goods:Merge 9000 LOT-L
        Equity:Goods:Difference 200 LOT-L
        Equity:Goods:Merge -7000 LOT-M
        Equity:Goods:Hub 7000 LOT-M
        Equity:Goods:Merge -2000 LOT-N
        Equity:Goods:Hub 2000 LOT-N"""
    v.decides(say(LotDifferenceDecided, lot, lost=200, bearer="county", cost_fen=120))
    yield """
        own 240.00
        Assets:Inventory:LOT-L 4.80
        Liabilities:County 1.20
        Equity:Goods:Spoiled 200 LOT-L"""


def unpacked_own(v: Village) -> Tale:
    """The same work taken back: 10 kg for 60.00 lie at the hub as before, and nothing was lost."""
    bought = say(LotBought, unit="gram", quantity=10_000, person=P, paid_fen=6_000)
    lot = _at_hub(v, v.found("L", bought, given(6_000)))
    worked = v.decides(
        say(LotProcessed, lot, used=9_000, drawn_fen=5_400, lost=200),
        say(LotPacked, unit="gram", ownership="own", quantity=9_000, cost_fen=5_400),
    )
    pack = v.call("M", worked[1].identity)
    v.decides(
        say(LotUnpacked, pack, quantity=9_000, cost_fen=5_400),
        say(LotProcessingUndone, lot, used=9_000, drawn_fen=5_400, lost=200),
    )
    yield """all
        own 240.00
        Assets:Drawer:D1 240.00
        Assets:Inventory:LOT-L 60.00
        Equity:Goods:Grower:P -10000 LOT-L
        Equity:Goods:Hub 10000 LOT-L"""


def processed_consigned(v: Village) -> Tale:
    """10 kg of a grower are packed as 9, which the county sells; what is lost is paid at 9.00."""
    whole = share(P, 10_000)
    lot = _at_hub(v, accepted(v, "L", whole))
    worked = v.decides(
        say(LotProcessed, lot, used=9_000, lost=300),
        say(LotPacked, unit="gram", ownership="consigned", quantity=9_000,
            shares=consignment.drawn_shares((whole,), 9_000)),
    )  # fmt: skip
    pack = v.call("M", worked[1].identity)
    amounts = (GrowerAmount(person=P, amount_fen=line_fen(300, 900, "gram")),)
    v.decides(say(LotDifferenceDecided, lot, lost=300, bearer="county", amounts=amounts))
    v.decides(
        say(LotSoldByCounty, pack, ownership="consigned", quantity=9_000, gross_fen=10_000,
            costs=(Cost(name="freight", amount_fen=500),), station_commission_fen=475,
            county_commission_fen=285, amounts=consignment.amounts_for(lot_of(v, pack), 8_740))
    )  # fmt: skip
    yield """all
        own 300.00
        Income:Commission -4.75
        Liabilities:County 94.85
        Liabilities:Held:Grower:P:County -90.10
        Equity:Goods:Grower:P -10000 LOT-L
        Equity:Goods:Hub 700 LOT-L
        Equity:Goods:Merge 9000 LOT-L
        Equity:Goods:Spoiled 300 LOT-L
        Equity:Goods:Merge -9000 LOT-M
        Equity:Goods:Sold 9000 LOT-M"""


def topped_up_by_county(v: Village) -> Tale:
    """A contract promises 8.00; the county sells 10 kg at 6.50, 8 % off: 15.00 are added."""
    whole = share(P, 10_000, guaranteed_fen=800)
    lot = _at_hub(v, accepted(v, "L", whole))
    v.decides(
        say(LotSoldByCounty, lot, ownership="consigned", quantity=10_000, gross_fen=6_500,
            station_commission_fen=325, county_commission_fen=195,
            amounts=consignment.amounts_for(lot_of(v, lot), 5_980)),
        say(LotToppedUp, lot, quantity=10_000, amounts=(GrowerAmount(person=P, amount_fen=1_500),)),
    )  # fmt: skip
    yield """all
        own 300.00
        Income:Commission -3.25
        Liabilities:County 78.05
        Liabilities:Held:Grower:P:County -74.80
        Equity:Goods:Grower:P -10000 LOT-L
        Equity:Goods:Sold 10000 LOT-L"""


def returned_to_county(v: Village) -> Tale:
    """Sold 10 kg at 6.50 with 15.00 added; 4 kg come back before, 6 kg after she was paid."""
    whole = share(P, 10_000, guaranteed_fen=800)
    lot = _at_hub(v, accepted(v, "L", whole))
    sold_there = v.decides(
        say(LotSoldByCounty, lot, ownership="consigned", quantity=10_000, gross_fen=6_500,
            station_commission_fen=325, county_commission_fen=195,
            amounts=consignment.amounts_for(lot_of(v, lot), 5_980)),
        say(LotToppedUp, lot, quantity=10_000, amounts=(GrowerAmount(person=P, amount_fen=1_500),)),
    )[0].identity  # fmt: skip
    v.decides(
        say(LotCountySaleReturned, lot, answers=sold_there, ownership="consigned", quantity=4_000,
            into="hub", gross_fen=2_600, station_commission_fen=130, county_commission_fen=78,
            amounts=(GrowerAmount(person=P, amount_fen=2_392),),
            top_ups=(GrowerAmount(person=P, amount_fen=600),))
    )  # fmt: skip
    yield """all
        own 300.00
        Income:Commission -1.95
        Liabilities:County 46.83
        Liabilities:Held:Grower:P:County -44.88
        Equity:Goods:Grower:P -10000 LOT-L
        Equity:Goods:Hub 4000 LOT-L
        Equity:Goods:Sold 6000 LOT-L"""
    portion = make(Portion, purse="Grower", owner=part(P), amount_fen=4_488)
    v.act(say(CountyMoneyReceived, number="1", amount_fen=4_683, allotted=(portion,)), taken(4_683))
    v.act(say(SettlementMade, person=P, paid_here_fen=4_488), given(4_488))
    v.decides(
        say(LotCountySaleReturned, lot, answers=sold_there, ownership="consigned", quantity=6_000,
            into="difference", gross_fen=3_900, station_commission_fen=195,
            county_commission_fen=117, amounts=(GrowerAmount(person=P, amount_fen=3_588),),
            top_ups=(GrowerAmount(person=P, amount_fen=900),),
            came_down=(GrowerAmount(person=P, amount_fen=4_488),))
    )  # fmt: skip
    yield """all
        own 255.12
        not_mine 46.83
        Assets:Drawer:D1 301.95
        Liabilities:County -46.83
        Liabilities:Held:Grower:P:Here 44.88
        Equity:Goods:Grower:P -10000 LOT-L
        Equity:Goods:Hub 4000 LOT-L
        Equity:Goods:Difference 6000 LOT-L"""


def returned_own(v: Village) -> Tale:
    """An own lot of 60.00, sold for 78.00 net of 80.00: 4 kg lie there again at their cost."""
    bought = say(LotBought, unit="gram", quantity=10_000, person=P, paid_fen=6_000)
    lot = _at_hub(v, v.found("L", bought, given(6_000)))
    one = v.decides(
        say(LotSoldByCounty, lot, ownership="own", quantity=10_000, gross_fen=8_000,
            county_commission_fen=200, cost_fen=6_000)
    )[0].identity  # fmt: skip
    v.decides(
        say(LotCountySaleReturned, lot, answers=one, ownership="own", quantity=4_000, into="hub",
            gross_fen=3_200, county_commission_fen=80, own_fen=3_120, cost_fen=2_400)
    )  # fmt: skip
    yield """all
        own 240.00
        Assets:Drawer:D1 240.00
        Assets:Inventory:LOT-L 24.00
        Income:Sales -46.80
        Expenses:Goods 36.00
        Liabilities:County 46.80
        Equity:Goods:Grower:P -10000 LOT-L
        Equity:Goods:Hub 4000 LOT-L
        Equity:Goods:Sold 6000 LOT-L"""


def _at_hub(v: Village, lot: str) -> str:
    """Send all of a lot of 10 kg to the hub, where it arrives whole."""
    v.act(say(LotDispatched, lot, quantity=10_000, packages=2))
    v.decides(say(LotReceived, lot, quantity=10_000))
    return lot


TALES_OF_GOODS = (
    own_lot, a_wrong_weight, consignment_to_the_end, processed_own, unpacked_own,
    processed_consigned,
    topped_up_by_county, returned_to_county, returned_own,
)  # fmt: skip
