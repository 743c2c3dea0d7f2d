"""Farm pickups as rules: what may be written down, what is on the road, what came of it."""

from typing import Any

import pytest

from station_app.journal.fact import Told
from station_app.services.farm_pickups import rules
from station_app.services.farm_pickups.commands import (
    AskFarmPickup,
    CallFarmPickupOff,
    EndFarmPickup,
    JoinVanRun,
)
from station_app.services.farm_pickups.facts import (
    FarmPickupAsked,
    FarmPickupCalledOff,
    FarmPickupDetails,
    FarmPickupFailed,
    FarmPickupFetched,
    FarmPickupJoinedRun,
)
from station_app.services.farm_pickups.rules import FarmPickup, farm_pickup_cases, fold_farm_pickup
from station_app.values.now import Now
from station_app.values.refusal import Refusal

NOW = Now(at=1, day="2026-11-25", operator="W", device="D1", station="NX0601")
GOOD: dict[str, Any] = {
    "name": "张根喜", "phone": "15400001001", "place": "第3组 水塔西", "produce": "核桃",
    "grams": 100_000, "wanted_day": "2026-11-26",
}  # fmt: skip
ASKED = FarmPickupAsked(
    person="", produce="核桃", grams=100_000, wanted_day="2026-11-26", day="2026-11-25"
)
JOINED = FarmPickupJoinedRun(run=3, run_stream="", day="2026-11-26")
FETCHED = FarmPickupFetched(grams=98_500, packages=4, day="2026-11-26")
NOT_HOME = FarmPickupFailed(reason="not_home", again_day="2026-11-27", day="2026-11-26")
NO_MORE = FarmPickupFailed(reason="not_as_said", again_day="", day="2026-11-26")
OFF = FarmPickupCalledOff(day="2026-11-26")


def told(*bodies):
    state = None
    for number, body in enumerate(bodies):
        private = FarmPickupDetails(name="张根喜") if isinstance(body, FarmPickupAsked) else None
        said = Told(
            identity=f"{number:02}", stream="NX0601/D1/4a4b", seq=number, act="T", at=number,
            kind=body.KIND, by="W", entity="", body=body, private=private,
        )  # fmt: skip
        state = fold_farm_pickup(state, said)
    assert state is not None
    return state


def reason(decision):
    return decision.reason.partition(".")[2] if isinstance(decision, Refusal) else ""


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, ""),
        ({"name": " "}, "NAME_MISSING"),
        ({"name": "", "person": "P"}, ""),
        ({"place": ""}, "PLACE_MISSING"),
        ({"produce": ""}, "PRODUCE_MISSING"),
        ({"grams": 0}, "WEIGHT_MISSING"),
        ({"grams": 5_000_001}, "TOO_HEAVY"),
        ({"wanted_day": ""}, "DAY_MISSING"),
        ({"wanted_day": "2026-11-24"}, "DAY_WRONG"),
        ({"wanted_day": "2027-01-25"}, "DAY_WRONG"),
        ({"wanted_day": "2026-11-25"}, ""),
        ({"remark": "x" * 41}, "TOO_LONG"),
    ],
)
def test_what_is_asked_names_who_where_what_how_much_and_when(more, why):
    assert reason(rules.ask(rules.Asking(), AskFarmPickup(**{**GOOD, **more}), NOW)) == why


def test_the_same_of_the_same_grower_is_not_asked_twice():
    decided = rules.ask(rules.Asking(same=told(ASKED)), AskFarmPickup(**GOOD), NOW)
    assert reason(decided) == "ASKED_ALREADY"


@pytest.mark.parametrize(
    ("bodies", "status", "cases"),
    [
        ((ASKED,), "waiting", set()),
        ((ASKED, JOINED), "on_run", set()),
        ((ASKED, JOINED, FETCHED), "fetched", set()),
        ((ASKED, JOINED, NO_MORE), "failed", set()),
        ((ASKED, JOINED, NOT_HOME), "waiting", set()),
        ((ASKED, JOINED, NOT_HOME, JOINED), "on_run", set()),
        ((ASKED, JOINED, NOT_HOME, JOINED, FETCHED), "fetched", set()),
        ((ASKED, OFF), "off", set()),
        ((ASKED, JOINED, JOINED), "on_run", {"on_two_runs"}),
        ((ASKED, JOINED, FETCHED, NO_MORE), "fetched", {"ended_twice"}),
        ((ASKED, OFF, JOINED), "on_run", {"off_and_on_run"}),
        ((JOINED, FETCHED), "fetched", {"founder_missing"}),
        ((JOINED, ASKED), "on_run", set()),
    ],
)
def test_how_a_place_stands_and_what_disagrees(bodies, status, cases):
    state = told(*bodies)
    assert state.status == status
    assert {case.partition(".")[2] for case in farm_pickup_cases(state)} == cases


def test_one_that_failed_waits_for_its_new_day_and_says_why():
    state = told(ASKED, JOINED, NOT_HOME)
    assert (state.wanted_day, state.reason, state.times) == ("2026-11-27", "not_home", 1)


@pytest.mark.parametrize(
    ("bodies", "command", "why"),
    [
        ((ASKED,), EndFarmPickup(pickup="00", grams=1), "NOT_ON_RUN"),
        ((ASKED, JOINED), EndFarmPickup(pickup="00", grams=98_500, packages=4), ""),
        ((ASKED, JOINED), EndFarmPickup(pickup="00"), "WEIGHT_MISSING"),
        ((ASKED, JOINED), EndFarmPickup(pickup="00", grams=1, packages=0), "PACKAGES_WRONG"),
        ((ASKED, JOINED), EndFarmPickup(pickup="00", reason="tired"), "REASON_MISSING"),
        ((ASKED, JOINED), EndFarmPickup(pickup="00", reason="no_room"), ""),
        (
            (ASKED, JOINED),
            EndFarmPickup(pickup="00", reason="no_room", again_day="2026-11-24"),
            "DAY_WRONG",
        ),
        ((ASKED, JOINED, FETCHED), EndFarmPickup(pickup="00", grams=1), "NOT_ON_RUN"),
    ],
)
def test_only_what_is_on_the_road_comes_to_an_end(bodies, command, why):
    assert reason(rules.end(told(*bodies), command, NOW)) == why


@pytest.mark.parametrize(
    ("bodies", "why"),
    [((ASKED,), ""), ((ASKED, JOINED), "WAITS_NO_MORE"), ((ASKED, OFF), "WAITS_NO_MORE")],
)
def test_what_is_on_the_road_is_neither_sent_again_nor_called_off(bodies, why):
    state = told(*bodies)
    chosen = rules.Joining(chosen=[state], run=4)
    assert reason(rules.join_run(chosen, JoinVanRun(pickups=("00",)), NOW)) == why
    assert reason(rules.call_off(state, CallFarmPickupOff(pickup="00"), NOW)) == why


def test_an_empty_or_an_endless_run_is_none():
    nothing = rules.Joining(chosen=[], run=1)
    assert reason(rules.join_run(nothing, JoinVanRun(pickups=()), NOW)) == "NOTHING_CHOSEN"
    many = JoinVanRun(pickups=tuple(str(n) for n in range(61)))
    assert reason(rules.join_run(nothing, many, NOW)) == "TOO_MANY"


def test_a_state_before_its_founder_is_nobody_s():
    assert FarmPickup().status == ""
