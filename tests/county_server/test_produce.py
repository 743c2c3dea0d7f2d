"""Produce at the county: totals in which nobody is seen, and what is sent to the hub."""

import os
from pathlib import Path

import pytest

from county_server.desks.produce.totals import LEAST, Total, read_year, shown_of
from county_server.scribe import Scribe
from station_app.journal.fact import Saying
from station_app.services.consignment.facts import (
    LotAccepted,
    LotDispatched,
    LotReceived,
    Share,
    Weighing,
)
from station_app.services.people.facts import PersonDetails, PersonMerged, PersonRegistered
from tests.county_server.finance_story import open_office, open_till
from tests.sync.stand import DAY, STATION

YEAR, SORT, FEW = DAY[:4], "10018", "10010"


def total(produce, homes, fen=100):
    return Total(produce, {(STATION, f"{produce}{home}") for home in range(homes)}, 1, 1, 0, fen)


@pytest.mark.parametrize(
    ("homes", "lines", "hidden"),
    [
        ({"A": 9}, [], 1),
        ({"A": 10}, ["A"], 0),
        ({"A": 12, "B": 9}, ["A"], 1),
        ({"A": 12, "B": 9, "C": 1}, ["A", ""], 0),
        ({"A": 12, "B": 5, "C": 4}, ["A"], 2),
    ],
)
def test_a_total_is_shown_from_ten_households_on_and_none_by_taking_two_apart(homes, lines, hidden):
    shown = shown_of(total(*one) for one in homes.items())
    assert [one.produce for one in shown.lines] == lines
    assert shown.hidden == hidden
    assert all(len(one.homes) >= LEAST for one in shown.lines)
    assert shown.whole.fen == sum(one.fen for one in shown.lines), "what is hidden is in no sum"


@pytest.fixture
def story(tmp_path):
    """Twelve records, two of one household, two of one person; another sort; one lot sent."""
    office = open_office(tmp_path)
    till = open_till(office, tmp_path / "pc")
    people = []
    for number in range(12):
        details = PersonDetails(name=f"王示{number}", household="7" if number < 2 else "")
        people.append(till.pc.say(Saying(PersonRegistered(code="", day=DAY), details)).facts[0])
    names = [fact.identity for fact in people]
    till.pc.say(Saying(PersonMerged(kept=names[10], other=names[11], day=DAY)))
    lots = [_accepted(till, one, SORT) for one in names]
    _accepted(till, names[0], FEW)
    till.pc.say(Saying(LotDispatched(quantity=2_000, packages=1, day=DAY), entity=lots[0]))
    received = LotReceived(answers="", quantity=1_840, difference=160, grade="", day=DAY)
    till.send()
    county = office.county
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say(STATION, [Saying(received, entity=lots[0])], by="H01", at=office.clock.at)
        scribe.seal()
    yield till
    office.county.close()


def _accepted(till, person, produce):
    share = Share(
        person=person, quantity=2_000, commission_bp=800, floor_fen=0, guaranteed_fen=0, is_net=0,
        contract="",
    )  # fmt: skip
    body = LotAccepted(
        code="", produce=produce, grade="", unit="gram", quantity=2_000,
        weighing=Weighing(gross_grams=2_000, tare_grams=0, deducted_grams=0, frame=""),
        share=share, harvest_day="", slip=1, day=DAY,
    )  # fmt: skip
    return till.pc.say(Saying(body)).facts[0].identity


def test_households_are_counted_once_whatever_names_and_records_they_have(story):
    with story.office.county.store.read() as connection:
        found = {one.produce: one for one in read_year(connection, YEAR)}
        assert read_year(connection, "2019") == []
    assert len(found[SORT].homes) == 10, "twelve records: two of one household, two of one person"
    assert (found[SORT].lots, found[SORT].grams) == (12, 24_000)
    assert len(found[FEW].homes) == 1


def test_the_page_names_no_grower_and_lists_what_is_on_the_road(story):
    page = story.office["C01"].get(f"/produce?year={YEAR}").text
    for said in ("24.000 公斤", "满 10 户才列", "还有 1 个品种不满 10 户"):
        assert said in page, said
    for said in ("1.840 公斤", "0.160 公斤"):
        assert said in page, said
    if os.environ.get("WEB_PICTURES"):
        Path(os.environ["WEB_PICTURES"]).write_text(page)
    assert "王示" not in page
    assert "王*" not in page
    assert story.office["T01"].get("/produce", 403)
