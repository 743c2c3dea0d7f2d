"""What was there before the market day: two bills and an order taken the day before, and a lot.

They are recorded as they are, through the recorder that every page goes through: no clock of the
market day goes back to the day before. One bill failed at the county, so its money is owed back;
the other was paid, so its money is the county's; what was paid for the order waits to be passed on.
"""

from county_server.county import County
from county_server.scribe import Scribe
from station_app import chores
from station_app.journal.fact import Body, Saying, Told
from station_app.journal.recorder import Recorder, new_ticket
from station_app.ledger.accounts import part
from station_app.premises import Premises
from station_app.services.bills.facts import BillFailed, BillPaid, BillTaken
from station_app.services.cash.facts import PaymentTaken, Tender
from station_app.services.consignment.facts import LotAccepted, Share, Weighing
from station_app.services.people import records as people
from station_app.services.purchasing.facts import OrderPlaced
from station_app.values.day import add_days, local_day
from tests.stage import STATION, Stage, opened_county

CLERK = "C01"
GROWER_PHONE, KIWI_GRAMS = "15400001006", 20_000
PAID_FEN, FAILED_FEN, FEE_FEN, PREPAID_FEN = 18_640, 6_270, 100, 12_000


def the_eve(station: Stage) -> str:
    """Record what was there before, and let the county answer; return the key of what is due."""
    with chores.opened(station.data, station.key_file) as premises:
        day = add_days(local_day(premises.clock.now_ms()), -1)
        paid = _say(premises, _bill(PAID_FEN, day, 1), PAID_FEN + FEE_FEN)
        failed = _say(premises, _bill(FAILED_FEN, day, 2), FAILED_FEN + FEE_FEN)
        order = OrderPlaced(
            person="", collector="", lines=(), goods_fen=PREPAID_FEN, fee_fen=0,
            prepaid_fen=PREPAID_FEN, replaces="", slip=3, day=day,
        )  # fmt: skip
        _say(premises, order, PREPAID_FEN)
        _take_in(premises, _lot(premises, day))
    assert station.run("sync")["complete"]
    with opened_county(station.county) as county:
        _answer(county, day, paid, failed)
    return part(failed.identity)


def _bill(fen: int, day: str, slip: int) -> BillTaken:
    return BillTaken(
        biller="POWER", person="", policy="queue", amount_fen=fen, fee_fen=FEE_FEN, due_day="",
        slip=slip, day=day,
    )  # fmt: skip


def _lot(premises: Premises, day: str) -> LotAccepted:
    """Kiwis of a grower, as the code of their sort says."""
    grower = people.find(premises.session.connection, GROWER_PHONE)[0].identity
    share = Share(
        person=grower, quantity=KIWI_GRAMS, commission_bp=800, floor_fen=500, guaranteed_fen=0,
        is_net=0, contract="",
    )  # fmt: skip
    return LotAccepted(
        code="", produce="10018", grade="", unit="gram", quantity=KIWI_GRAMS,
        weighing=Weighing(
            gross_grams=KIWI_GRAMS, tare_grams=0, deducted_grams=0, frame=""
        ),
        share=share, harvest_day=day, slip=4, day=day,
    )  # fmt: skip


def _take_in(premises: Premises, body: Body) -> None:
    """Record goods, with which no money moves."""
    ticket = new_ticket(premises.chance)

    def work(recorder: Recorder) -> None:
        act = recorder.open_act(ticket, by="", at=premises.clock.now_ms())
        act.say(Saying(body))
        act.close()

    premises.session.write(work)


def _say(premises: Premises, body: Body, due_fen: int) -> Told:
    """Record one act that was paid into the bank: no drawer was open."""
    ticket = new_ticket(premises.chance)
    tender = Tender(way="bank", amount_fen=due_fen)
    payment = PaymentTaken(
        due_fen=due_fen, tenders=(tender,), change_fen=0, round_off_fen=0, shift="",
        day=str(getattr(body, "day")),  # noqa: B009 - every body of a business day has one
    )  # fmt: skip
    found: list[Told] = []

    def work(recorder: Recorder) -> None:
        act = recorder.open_act(ticket, by="", at=premises.clock.now_ms())
        found.extend(act.say(Saying(body), Saying(payment)))
        act.close()

    premises.session.write(work)
    return found[0]


def _answer(county: County, day: str, paid: Told, failed: Told) -> None:
    answers = (
        Saying(
            BillPaid(
                answers=paid.identity, amount_fen=PAID_FEN, fee_fen=FEE_FEN, number="0042", day=day
            ),
            entity=paid.identity,
        ),
        Saying(
            BillFailed(
                answers=failed.identity, amount_fen=FAILED_FEN, fee_fen=FEE_FEN,
                reason="ACCOUNT_CLOSED", day=day,
            ),
            entity=failed.identity,
        ),
    )  # fmt: skip
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say(STATION, answers, by=CLERK, at=county.clock.now_ms())
        scribe.seal()
