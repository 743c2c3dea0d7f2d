"""单据: every paper is found, and made anew from the facts as it was printed first."""

import msgspec
import pytest

from station_app.journal.fact import Saying
from station_app.journal.recorder import new_ticket
from station_app.ledger.accounts import part
from station_app.overview.ledger import day_index
from station_app.overview.ledger.account_book import days_of_month
from station_app.overview.ledger.papers_book import (
    papers_about,
    papers_numbered,
    papers_of_day,
    papers_worth,
)
from station_app.overview.ledger.people_book import things_of
from station_app.premises import neighbours_of
from station_app.printing.jobs import document_of
from station_app.services.accounts.commands import PayRefund, PrintAccountSlip, RepayAccount
from station_app.services.cash.commands import (
    CorrectPayment,
    GivePayment,
    HandOverShift,
    TakeOut,
    TakePayment,
)
from station_app.services.cash.facts import Count, Tender
from station_app.services.clearing import offer as clearing
from station_app.services.opening.commands import EnterOpening, Witness
from station_app.services.opening.papers import PaperMaker as OpeningPapers
from station_app.services.opening.records import Gatherer as OpeningGatherer
from station_app.services.parcels.facts import ParcelLost
from station_app.shell.offers import DocumentOffer
from tests.overview.ledger.test_page import opened, rows, turn  # noqa: F401 - a fixture
from tests.overview.ledger.worked import must, on_account, two_days
from tests.proofs.kit import DAY
from tests.services.clearing.busy import busy
from tests.services.clearing.office import STAFF, TEXTS, name_of


def originals(connection):
    """The papers that were printed with their acts: (job, act, role)."""
    return connection.execute(
        "SELECT job, act, role FROM print_jobs WHERE copy_number = 0 AND act != '' "
        "AND role IN ('label', 'receipt') ORDER BY job"
    ).fetchall()


def all_remade(connection, offers, texts):
    """Hold every printed paper against the one that is made from the facts; return the roles."""
    papers = [
        paper
        for run in day_index.runs_back(connection, before="~")
        for paper in papers_of_day(connection, run.day)
    ]
    listed = {(paper.act, paper.is_label) for paper in papers}
    kinds = set()
    for job, act, role in originals(connection):
        assert (act, role == "label") in listed, (act, role)
        made = [
            document
            for offer in offers
            if offer.role == role and (document := offer.rebuild(connection, act, texts))
        ]
        printed = msgspec.json.decode(document_of(connection, job))
        same = [msgspec.json.decode(msgspec.json.encode(document)) == printed for document in made]
        assert any(same), (role, act)
        kinds |= {paper.kind for paper in papers if paper.act == act}
    return kinds


def test_every_paper_of_the_station_is_made_anew_as_it_was(station):
    two_days(station, short_fen=1_200)
    offers = [paper for offer in station.offers() for paper in offer.documents]
    kinds = all_remade(station.connection, offers, station.texts)
    assert {"parcel.shelved", "shift.closed", "cash.put_in"} <= kinds


def test_every_paper_about_money_is_made_anew_as_it_was(station):
    """Taken out, handed over, repaid, paid back, put right, and what was there before the books."""
    manager = station.sign_in()
    station.open_shift()
    other = station.hire("王示成", role="operator")
    on_account(station, 3, 5_000)
    paid = station.hand_over(1, cod_fen=12_300)
    must(station.do(TakeOut(place="drawer", reason="safe", amount_fen=1_000, remark="存保险柜")))
    with_slip(
        station,
        RepayAccount(person=station.person(3), amount_fen=2_000),
        TakePayment(due_fen=2_000, tenders=(cash(2_000),)),
    )
    key = owed_back(station, 5, 700)
    with_slip(
        station,
        PayRefund(document=key, amount_fen=700, slip_taken=True),
        GivePayment(due_fen=700, tenders=(cash(700),), remark="先垫"),
    )
    payment = next(t.identity for t in paid.told if t.kind == "payment.taken")
    wechat = Tender(way="wechat", amount_fen=12_300, reference="4200001")
    must(station.do(CorrectPayment(payment=payment, tenders=(wechat,))))
    line = EnterOpening(
        purse="owed_grower",
        amount_fen=900,
        person=station.person(6),
        witness=Witness(kind="alone", reason="站里只有我"),
    )
    must(station.do(line))
    counts = (Count(100, 400 + 20 - 10 - 7),)
    must(station.do(HandOverShift(taken_over_by=other, counts=counts)))
    assert manager != other
    outfit = papers_outfit(station)
    offers = [paper for offer in station.offers() for paper in offer.documents]
    offers.append(DocumentOffer("receipt", "opening.slip.heading", outfit.again))
    kinds = all_remade(station.connection, offers, station.texts)
    assert kinds >= {
        "cash.taken_out", "account.repaid", "refund.paid", "payment.corrected", "opening.entered",
        "shift.handed_over",
    }  # fmt: skip


def cash(fen):
    return Tender(way="cash", amount_fen=fen)


def with_slip(station, *commands):
    ticket = new_ticket(station.premises.chance)
    return must(station.desk.settle(*commands, PrintAccountSlip(act=ticket), ticket=ticket))


def owed_back(station, number, fen):
    """A parcel is lost and the station pays for it; returns the key of the refund."""
    parcel = station.shelve(number).told[0].identity
    day = station.desk.now().day
    body = ParcelLost(courier="ZTO", compensation_fen=fen, payee="receiver", day=day)

    def say(recorder):
        ticket = new_ticket(station.premises.chance)
        act = recorder.open_act(ticket, by="", at=station.clock.at_ms)
        act.say(Saying(body, entity=parcel))
        act.close()

    station.premises.session.write(say)
    return part(parcel)


def papers_outfit(station):
    gatherer = OpeningGatherer(neighbours_of(station.premises.gatherer))
    return OpeningPapers(gatherer.neighbours, station.texts)


def test_every_paper_of_clearing_is_made_anew_as_it_was():
    office = busy()
    connection = office.connection
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'day_runs'").fetchone():
        for statement in day_index.MIGRATION.statements:
            connection.execute(statement)
    offers = clearing.offer(TEXTS, name_of, lambda _c: STAFF).documents
    kinds = all_remade(connection, offers, TEXTS)
    assert {"remittance.sent", "courier.paid", "statement.answered"} <= kinds


def test_papers_are_found_by_number_person_and_amount(station):
    two_days(station)
    connection = station.connection
    handed = [p for p in papers_of_day(connection, DAY) if p.kind == "parcel.handed_over"]
    assert len(handed) == 3
    first = handed[-1]
    same = papers_numbered(connection, first.number)  # each kind of paper counts for itself
    assert first.act in {p.act for p in same}
    assert {p.number for p in same} == {first.number}
    assert first.act in {p.act for p in papers_numbered(connection, first.number.split("-")[0])}
    assert papers_numbered(connection, "9999999") == ()
    assert papers_numbered(connection, "x") == ()
    hers = papers_about(connection, things_of(connection, station.person(1)))
    assert {p.act for p in hers} >= {first.act}
    assert not {p.act for p in hers} & {p.act for p in handed[:-1]}
    worth = papers_worth(connection, 12_300, days=days_of_month(DAY[:7]))
    assert {p.act for p in worth} == {first.act}
    assert papers_worth(connection, 12_300, days=days_of_month("2026-10")) == ()


def test_a_paper_whose_job_is_gone_is_printed_again_as_a_copy(station, opened):  # noqa: F811
    opened()
    station.connection.execute("DELETE FROM print_jobs")
    station.press("5")
    turn(station, "Left")
    listed = rows(station)
    place = next(n for n, row in enumerate(listed) if row[1] == "存入现金")
    station.press(*["Down"] * place)
    assert station.page.view.preview.stays_in_sight
    act = station.page.view.current().act
    station.press("Enter")
    station.hand.settle()
    ((role, copy, found),) = station.connection.execute(
        "SELECT role, copy_number, act FROM print_jobs"
    ).fetchall()
    assert (role, copy, found) == ("receipt", 1, act)
    assert "补打" in station.toasts()[-1]
    station.press("Enter")
    copies = station.connection.execute("SELECT copy_number FROM print_jobs ORDER BY 1").fetchall()
    assert [row[0] for row in copies] == [1, 2]


@pytest.mark.parametrize("typed", ["王示共", "123", "存入"])
def test_papers_are_looked_for_on_the_page(station, opened, typed):  # noqa: F811
    opened()
    station.press("5")
    turn(station, "Left")
    station.press("Ctrl+F")
    if typed.isdigit():
        station.type(typed)
    else:
        station.compose(typed)
    view = station.page.view
    station.qtbot.waitUntil(lambda: "找「" in view.title.text())
    words = " ".join(" ".join(row) for row in rows(station))
    assert {"王示共": "王示共", "123": "王示共", "存入": "存入现金"}[typed] in words
    assert len(rows(station)) < 9
