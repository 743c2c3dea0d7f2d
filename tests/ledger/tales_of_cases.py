"""Stories of one piece that two PCs said something about, and what the books are once one holds."""

from station_app.services.parcels.facts import (
    BagReceived,
    EndingTakenBack,
    ParcelForwarded,
    ParcelHandedOver,
    ParcelHandedOverOnRun,
    ParcelReleased,
    ParcelReturned,
    ParcelShelved,
    ParcelTakenOnRun,
    ShelvingTakenBack,
)
from tests.ledger.sayings import Tale, refund
from tests.ledger.village import Village, say, taken


def collected_twice(v: Village) -> Tale:
    """COD 86 and freight 3 taken at both PCs; one holds, the other is owed back, and paid."""
    a = v.found("A", say(ParcelShelved, courier="ZTO", cod_fen=8_600, freight_fen=300))
    money = {"courier": "ZTO", "cod_fen": 8_600, "freight_fen": 300}
    first = v.act(say(ParcelHandedOver, a, **money), taken(8_900))[0].identity
    second = v.act(say(ParcelHandedOver, a, **money), taken(8_900), at=v.two)[0].identity
    v.call("S", second)
    back = {"ending": second, "left_by": "handed_over", "stands": first, "status": "handed_over"}
    v.act(say(EndingTakenBack, a, **back, **money))
    yield """all
        own 300.00
        Assets:Drawer:D1 389.00
        Assets:Drawer:D2 89.00
        Liabilities:Held:COD:ZTO:Here -86.00
        Liabilities:Held:Freight:ZTO:Here -3.00
        Liabilities:RefundDue:S -89.00
        Equity:Pieces:Courier:ZTO -1 PCS
        Equity:Pieces:Villager 1 PCS"""
    v.act(*refund(second, 8_900), at=v.two)
    yield """
        own 300.00
        Assets:Drawer:D2 0.00
        Liabilities:RefundDue 0.00"""


def one_piece_two_sides(v: Village) -> Tale:
    """Pieces that left in two ways, and pieces that came twice: one of each is no piece at all."""
    g = v.found("G", say(BagReceived, code="VB1", pieces=2))
    for letter, bag in (("A", ""), ("B", g)):
        it = v.found(letter, say(ParcelShelved, courier="ZTO", bag=bag))
        twice = v.act(say(ParcelShelved, courier="ZTO", bag=bag), at=v.two)[0].identity
        v.act(say(ShelvingTakenBack, it, shelving=twice, courier="ZTO", bag=bag))
    c = v.found("C", say(ParcelShelved, courier="ZTO"))
    d = v.found("D", say(ParcelShelved, courier="ZTO"))
    e = v.found("E", say(ParcelShelved, courier="ZTO"))
    v.act(say(ParcelTakenOnRun, c, run=1))
    v.act(say(ParcelHandedOver, c, courier="ZTO"), at=v.two)
    money = {"courier": "ZTO", "cod_fen": 1_500, "freight_fen": 0}
    run = v.act(say(ParcelHandedOverOnRun, c, **money), taken(1_500))[0].identity
    v.call("R", run)
    v.act(say(EndingTakenBack, c, ending=run, left_by="handed_over_on_run", **money))
    v.act(say(ParcelHandedOver, d, courier="ZTO"))
    v.act(say(ParcelReturned, d, courier="ZTO"), at=v.two)
    v.act(say(EndingTakenBack, d, ending=d, left_by="returned", courier="ZTO"))
    v.act(say(ParcelForwarded, e, courier="ZTO"))
    v.act(say(ParcelReturned, e, courier="ZTO"), at=v.two)
    v.act(say(EndingTakenBack, e, ending=e, left_by="forwarded", courier="ZTO"))
    f = v.found("F", say(ParcelShelved, courier="ZTO"))
    v.act(say(ParcelReleased, f, courier="ZTO"))
    v.act(say(ParcelReturned, f, courier="ZTO"), at=v.two)
    v.act(say(EndingTakenBack, f, ending=f, left_by="released", courier="ZTO"))
    yield """all
        own 300.00
        Assets:Drawer:D1 315.00
        Liabilities:RefundDue:R -15.00
        Equity:Pieces:Courier:ZTO -5 PCS
        Equity:Pieces:Transit -2 PCS
        Equity:Pieces:Bag 1 PCS
        Equity:Pieces:Shelf 2 PCS
        Equity:Pieces:Villager 2 PCS
        Equity:Pieces:Returned 2 PCS"""


TALES_OF_CASES = [collected_twice, one_piece_two_sides]
