"""Stories of parcels, written down by hand: bags, trouble, what is paid for, what is sent."""

from station_app.services.clearing.facts import CourierPaid, CourierPaymentReturned
from station_app.services.parcels.facts import (
    BagOpened,
    BagReceived,
    HandoverCorrected,
    ParcelBroughtBack,
    ParcelCodCorrected,
    ParcelCompensated,
    ParcelDamaged,
    ParcelForwarded,
    ParcelFound,
    ParcelHandedOver,
    ParcelHandedOverOnRun,
    ParcelLost,
    ParcelReleased,
    ParcelReturned,
    ParcelShelved,
    ParcelTakenOnRun,
)
from station_app.services.parcels.load_facts import LoadedPiece, VillageLoadLeft
from station_app.services.sending.facts import (
    SendingAccepted,
    SendingCancelled,
    SendingHandedToCourier,
)
from tests.ledger.sayings import Tale, refund
from tests.ledger.village import Village, given, say, taken


def shelved(v: Village, letter: str, **more: str) -> str:
    return v.found(letter, say(ParcelShelved, courier="ZTO", **more))


def parcels_in_trouble(v: Village) -> Tale:
    """A bag with a piece too few; parcels lost, found, forwarded, on a run, corrected, paid for."""
    g = v.found("G", say(BagReceived, code="VB1", pieces=5))
    shelved(v, "A", bag=g)
    v.act(say(BagOpened, g, pieces=4, missing=1))
    b = shelved(v, "B")
    money = {"courier": "ZTO", "cod_fen": 2_000, "freight_fen": 500}
    first = v.act(say(ParcelHandedOver, b, **money), taken(2_500))[0].identity
    wrong = {"cod_change_fen": 200, "freight_change_fen": -100}
    v.act(say(ParcelCodCorrected, b, courier="ZTO", handover=first, **wrong), taken(100))
    c, d, e, f = (shelved(v, letter) for letter in "CDEF")
    v.act(say(ParcelLost, c, courier="ZTO", compensation_fen=3_000, payee="receiver"))
    v.act(say(ParcelFound, c, shelf="B", layer=1, serial=2))
    v.act(say(ParcelLost, d, courier="ZTO", compensation_fen=1_200, payee="courier"))
    v.act(say(ParcelForwarded, e, courier="ZTO", station="NX0602"))
    v.act(say(ParcelReturned, f, courier="ZTO", reason="overdue"))
    h, i, j = (shelved(v, letter) for letter in "HIJ")
    v.act(say(ParcelTakenOnRun, h, run=1), say(ParcelTakenOnRun, i, run=1))
    at_the_door = {"courier": "ZTO", "cod_fen": 700, "freight_fen": 100}
    v.act(
        say(ParcelHandedOverOnRun, h, **at_the_door),
        say(ParcelBroughtBack, i, reason="not_home"),
        taken(800),
    )
    handed = v.act(say(ParcelHandedOver, j, courier="ZTO", freight_fen=300), taken(300))[0]
    corrected = {"handover": handed.identity, "courier": "ZTO", "freight_fen": 300}
    v.act(say(HandoverCorrected, j, **corrected), given(300))
    load = (
        LoadedPiece(courier="ZTO", waybill="1", bag=g),
        LoadedPiece(courier="SF", waybill="2"),
    )
    v.act(say(VillageLoadLeft, number=1, station="NX0602", code="VB2", pieces=load))
    yield """all
        own 258.00
        Assets:Drawer:D1 334.00
        Liabilities:Held:COD:ZTO:Here -41.00
        Liabilities:Held:Freight:ZTO:Here -5.00
        Liabilities:RefundDue:C -30.00
        Expenses:Compensation 42.00
        Equity:Pieces:Courier:SF -1 PCS
        Equity:Pieces:Courier:ZTO -8 PCS
        Equity:Pieces:Shelf 4 PCS
        Equity:Pieces:Villager 2 PCS
        Equity:Pieces:Lost 1 PCS
        Equity:Pieces:Transit -1 PCS
        Equity:Pieces:Returned 1 PCS
        Equity:Pieces:Bag 2 PCS"""
    paid = {"cod_fen": 4_100, "freight_fen": 500, "fee_fen": 300, "fine_fen": 200}
    v.act(say(CourierPaid, courier="ZTO", number=1, **paid), given(4_500))
    yield """
        own 259.00
        Assets:Drawer:D1 289.00
        Liabilities:Held 0.00
        Income:Fee:Parcel -3.00
        Expenses:Compensation 44.00"""


def parcels_paid_for_later(v: Village) -> Tale:
    """One is lost and paid for afterwards, twice; a broken one is; one is gone unrecorded."""
    c, d, e = (shelved(v, letter) for letter in "CDE")
    v.act(say(ParcelLost, c, courier="ZTO"))
    v.act(say(ParcelCompensated, c, courier="ZTO", compensation_fen=3_000, payee="receiver"))
    v.act(say(ParcelCompensated, c, courier="ZTO", compensation_fen=500, payee="receiver"))
    v.act(say(ParcelDamaged, d))
    v.act(say(ParcelCompensated, d, courier="ZTO", compensation_fen=1_200, payee="courier"))
    v.act(say(ParcelReleased, e, courier="ZTO", reason="receiver_has_it"))
    yield """all
        own 253.00
        Liabilities:RefundDue:C -35.00
        Liabilities:Held:COD:ZTO:Here -12.00
        Expenses:Compensation 47.00
        Equity:Pieces:Courier:ZTO -3 PCS
        Equity:Pieces:Shelf 1 PCS
        Equity:Pieces:Villager 1 PCS
        Equity:Pieces:Lost 1 PCS"""


def sent_parcel(v: Village) -> Tale:
    """A parcel is sent, its courier paid; another payment to a courier was a mistake."""
    s = v.found(
        "S",
        say(SendingAccepted, courier="SF", courier_fen=1_000, fee_fen=200),
        taken(1_200, way="wechat"),
    )
    yield """all
        own 302.00
        Assets:WeChat 12.00
        Income:Fee:Sending -2.00
        Liabilities:Held:Sending:SF:Here -10.00
        Equity:Pieces:Villager -1 PCS
        Equity:Pieces:Shelf 1 PCS"""
    v.act(say(SendingHandedToCourier, s, courier="SF"))
    v.act(say(CourierPaid, courier="SF", number=1, sending_fen=1_000), given(1_000, way="alipay"))
    sums = {"cod_fen": 500, "freight_fen": 400, "sending_fen": 300, "fee_fen": 200, "fine_fen": 100}
    paid = v.act(say(CourierPaid, courier="ZTO", number=2, **sums), given(1_100))[0].identity
    yield """all
        Assets:Drawer:D1 289.00
        Assets:WeChat 12.00
        Assets:Alipay -10.00
        Income:Fee:Sending -2.00
        Income:Fee:Parcel -2.00
        Expenses:Compensation 1.00
        Liabilities:Held:COD:ZTO:Here 5.00
        Liabilities:Held:Freight:ZTO:Here 4.00
        Liabilities:Held:Sending:ZTO:Here 3.00
        Equity:Pieces:Villager -1 PCS
        Equity:Pieces:Courier:SF 1 PCS"""
    v.act(say(CourierPaymentReturned, paid, courier="ZTO", **sums), taken(1_100))
    yield """all
        own 302.00
        Assets:WeChat 12.00
        Assets:Alipay -10.00
        Income:Fee:Sending -2.00
        Equity:Pieces:Villager -1 PCS
        Equity:Pieces:Courier:SF 1 PCS"""


def parcel_not_sent_after_all(v: Village) -> Tale:
    """The sender wants hers back: what she paid is owed to her, then paid out, once."""
    sums = {"courier": "SF", "courier_fen": 1_000, "fee_fen": 200}
    s = v.found("S", say(SendingAccepted, **sums), taken(1_200))
    v.act(say(SendingCancelled, s, **sums))
    yield """all
        own 300.00
        Assets:Drawer:D1 312.00
        Liabilities:RefundDue:S -12.00"""
    v.act(*refund(s, 1_200))
    yield """all
        own 300.00"""


TALES_OF_PARCELS = (
    parcels_in_trouble,
    parcels_paid_for_later,
    sent_parcel,
    parcel_not_sent_after_all,
)
