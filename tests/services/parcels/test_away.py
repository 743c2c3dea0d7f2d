"""A parcel that is away for a while: lost and found, on a run, corrected, forwarded."""

from typing import Any

import pytest

from station_app.journal.fact import Body
from station_app.resources_dir import load_texts
from station_app.services.parcels import rules
from station_app.services.parcels.commands import ReturnParcels
from station_app.services.parcels.facts import (
    HandoverCorrected,
    ParcelBroughtBack,
    ParcelCodCorrected,
    ParcelForwarded,
    ParcelFound,
    ParcelHandedOver,
    ParcelHandedOverOnRun,
    ParcelLost,
    ParcelShelved,
    ParcelTakenOnRun,
)
from station_app.services.parcels.visits import PARCEL, STATUSES, Parcel
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from tests.ledger.sayings import state
from tests.ledger.village import DAY, Village, given, say, taken

NOW = Now(at=1, day=DAY, operator="x", device="D1", station="NX0601")


def shelved(village: Village) -> str:
    body = say(ParcelShelved, courier="ZTO", cod_fen=100, shelf="B", layer=2, serial=8)
    return village.found("X", body)


def parcel(village: Village, entity: str) -> Parcel:
    village.share()
    found = state(village, PARCEL, entity)
    assert isinstance(found, Parcel)
    return found


WAYS: list[tuple[list[tuple[type[Body], dict[str, Any]]], str]] = [
    ([(ParcelLost, {"courier": "ZTO"})], "lost"),
    (
        [(ParcelLost, {"courier": "ZTO"}), (ParcelFound, {"shelf": "C", "layer": 1, "serial": 3})],
        "on_hand",
    ),
    ([(ParcelForwarded, {"courier": "ZTO", "station": "NX0602"})], "forwarded"),
    ([(ParcelTakenOnRun, {"run": 1})], "on_run"),
    ([(ParcelTakenOnRun, {}), (ParcelBroughtBack, {"reason": "not_home"})], "on_hand"),
    ([(ParcelTakenOnRun, {}), (ParcelHandedOverOnRun, {"courier": "ZTO"})], "handed_over"),
    ([(ParcelCodCorrected, {"courier": "ZTO", "cod_change_fen": 120})], "on_hand"),
]


@pytest.mark.parametrize(("facts", "status"), WAYS, ids=str)
def test_where_it_is_now(facts: list[tuple[type[Body], dict[str, Any]]], status: str) -> None:
    village = Village()
    entity = shelved(village)
    for struct, fields in facts:
        village.act(say(struct, entity, **fields))
    found = parcel(village, entity)
    assert found.status == status
    assert bool(found.closed_day) == (status != "on_hand"), "its code rests while it is away"


def test_a_found_parcel_has_its_new_place_and_the_right_amount_is_due() -> None:
    village = Village()
    entity = shelved(village)
    village.act(say(ParcelLost, entity, courier="ZTO"))
    village.act(say(ParcelFound, entity, shelf="C", layer=1, serial=3))
    village.act(say(ParcelCodCorrected, entity, courier="ZTO", cod_change_fen=120))
    found = parcel(village, entity)
    assert (str(found.code), found.due_fen) == ("C-1-03", 220)


def test_a_hand_over_taken_back_is_on_hand_again_and_may_be_handed_over() -> None:
    village = Village()
    entity = shelved(village)
    for _ in range(2):
        handed = village.act(
            say(ParcelHandedOver, entity, courier="ZTO", cod_fen=100, slip=7), taken(100)
        )[0]
        assert parcel(village, entity).status == "handed_over"
        terms = {"handover": handed.identity, "courier": "ZTO", "cod_fen": 100}
        village.act(say(HandoverCorrected, entity, **terms), given(100))
        found = parcel(village, entity)
        assert (found.status, found.closed_by, found.slip, found.closings) == ("on_hand", "", 0, ())


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("lost", "LOST_SINCE"),
        ("forwarded", "FORWARDED_ALREADY"),
        ("on_run", "ON_RUN_SINCE"),
        ("handed_over", "GONE_ALREADY"),
        ("returned", "RETURNED_ALREADY"),
    ],
)
def test_what_is_not_on_hand_says_where_it_is(status: str, reason: str) -> None:
    away = Parcel(status=status, closed_day=DAY, shelf="B", layer=2, serial=8)
    back = rules.give_back([("p", away)], ReturnParcels(parcels=("p",), reason="overdue"), NOW)
    assert isinstance(back, Refusal)
    assert back.reason == f"parcels.{reason}"
    assert {"code", "day"} <= set(back.slots)


def test_every_status_has_its_sentence() -> None:
    texts = load_texts()
    for status in STATUSES:
        if status != "on_hand":
            assert texts.has(f"parcels.search.{status}")
            assert texts.has(f"parcels.refusal.{rules.WHY_NOT_HERE[status]}")
