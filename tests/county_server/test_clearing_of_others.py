"""Couriers and contracts on the finance desk: what is held, what was paid, who owes a top-up."""

from county_server.desks.pen import writing
from station_app.journal.fact import Saying
from station_app.services.cash.facts import PaymentGiven, PaymentTaken, Tender
from station_app.services.clearing.facts import CourierPaid
from station_app.services.consignment.facts import ContractAgreed, SettlementMade
from station_app.services.parcels.facts import ParcelHandedOver, ParcelShelved, Receiver
from tests.county_server.finance_story import MONTH, Office, Till, seen
from tests.sync.stand import DAY, STATION, registered

UNTIL = "2027-06-30"


def collect(till: Till, fen: int) -> None:
    """Hand a parcel over and collect what its sender asks."""
    shelved = till.pc.say(
        Saying(
            ParcelShelved(
                courier="ZTO", waybill=f"7300000000{fen:05}", after="", shelf="A", layer=1,
                serial=1, size="S", cod_fen=fen, freight_fen=0, person="", day=DAY,
            ),
            Receiver(name="曾示兰", tail="1006"),
        )
    ).facts[0]  # fmt: skip
    handed = ParcelHandedOver(
        courier="ZTO", taken_by="self", check="phone_tail", cod_fen=fen, freight_fen=0, slip=1,
        day=DAY,
    )  # fmt: skip
    taken = PaymentTaken(
        due_fen=fen, tenders=(Tender(way="cash", amount_fen=fen),), change_fen=0, round_off_fen=0,
        shift="", day=DAY,
    )  # fmt: skip
    till.pc.say(Saying(handed, entity=shelved.identity), Saying(taken))


def test_what_is_held_for_a_courier_and_what_it_got(office: Office, till: Till) -> None:
    collect(till, 286_00)
    collect(till, 50_00)
    paid = CourierPaid(
        courier="ZTO", number=1, cod_fen=286_00, freight_fen=0, sending_fen=0, fee_fen=3_00,
        fine_fen=1_00, pieces=(), day=DAY,
    )  # fmt: skip
    tender = Tender(way="cash", amount_fen=284_00)
    till.pc.say(
        Saying(paid), Saying(PaymentGiven(due_fen=284_00, tenders=(tender,), shift="", day=DAY))
    )
    till.send()
    page = seen(office["F01"].page(f"/finance/couriers?month={MONTH}&courier=ZTO"))
    assert "中通快递 ¥50.00 — — ¥50.00 ¥284.00 1 次 ¥3.00 ¥1.00" in page
    assert "柳荫洼村站 ¥50.00" in page
    other = seen(office["F01"].page("/finance/couriers?month=2026-10"))
    assert "中通快递 ¥50.00 — — ¥50.00 — — —" in other


def test_top_ups_are_listed_by_who_has_to_pay_them(office: Office, till: Till) -> None:
    growers = [till.pc.say(registered(name)).facts[0].identity for name in ("甲示", "乙示")]
    county = office.county
    with writing(county, STATION, by="F01", now=county.clock.now_ms()) as pen:
        for code, person, payer in (
            ("HT1", growers[0], "县粮贸公司"),
            ("HT2", growers[1], "县粮贸公司"),
            ("HT3", growers[1], "帮扶超市"),
        ):
            body = ContractAgreed(
                code=code, person=person, produce="honey", unit="g", quantity=10_000,
                guaranteed_fen=800, is_net=0, commission_bp=500, payer=payer, until_day=UNTIL,
                day=DAY,
            )  # fmt: skip
            pen.say([Saying(body)])
    for person, fen in ((growers[0], 15_00), (growers[1], 7_00)):
        settled = SettlementMade(
            person=person, lines=(), sold_fen=0, commission_fen=0, top_up_fen=fen, service=(),
            passed_on=(), paid_here_fen=0, paid_county_fen=0, set_off_fen=0, slip=1, day=DAY,
        )  # fmt: skip
        till.pc.say(Saying(settled))
    till.send()
    page = seen(office["F01"].page(f"/finance/couriers?month={MONTH}"))
    assert "县粮贸公司 2 — 1 ¥15.00 柳荫洼村站 ¥15.00" in page
    assert "付款方不止一个，要看 — — 1 ¥7.00" in page
    assert "帮扶超市 1 — — — " in page
    assert "甲示" not in page
