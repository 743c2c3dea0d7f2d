"""单据: every paper is found, and made anew from the facts as it was printed first."""

import msgspec
import pytest

from station_app.overview.ledger import day_index
from station_app.overview.ledger.account_book import days_of_month
from station_app.overview.ledger.papers_book import (
    papers_about,
    papers_numbered,
    papers_of_day,
    papers_worth,
)
from station_app.overview.ledger.people_book import things_of
from station_app.printing.jobs import document_of
from station_app.services.clearing import offer as clearing
from tests.overview.ledger.test_page import opened, rows, turn  # noqa: F401 - a fixture
from tests.overview.ledger.worked import two_days
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
