"""A small week of parcels in the suite; the whole one, of 500, is played by `dev long week`."""

from pathlib import Path

import pytest

from tests.independent.pieces import Pieces
from tests.village.week import TOWNSHIP, VILLAGES, Week, played

WORKS = (
    "ReceiveBag CloseManifest SendToVillage ShelveParcel HandOverParcels ReturnParcels LoseParcel "
    "FindParcel TakeOnRun DeliverOnRun undo"
).split()


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Week:
    return played(Path(tmp_path_factory.mktemp("week")), seed=1, parcels=60)


def test_no_piece_is_lost_or_doubled_between_hub_township_and_villages(week: Week) -> None:
    assert week.problems == []
    assert [work for work in WORKS if not week.done[work]] == []
    assert len(week.really) == len(week.pieces), "each is somewhere, once"
    assert week.count.count("Bag", TOWNSHIP) == 0, "the township keeps nothing"
    assert all(week.count.count("Villager", one) for one in VILLAGES)


def said(kind: str, identity: str = "a1", entity: str = "", **body: object) -> dict[str, object]:
    return {
        "kind": kind, "act": identity, "identity": identity, "entity": entity,
        "stream": "NX0601/D1/1~1", "body": body,
    }  # fmt: skip


SHELVED = said("parcel.shelved", waybill="W1", courier="ZTO", bag="")
GONE = said("parcel.handed_over", "a2", "a1", cod_fen=500)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ((SHELVED, GONE, {**GONE, "act": "a3"}), "not at ('Shelf', 'NX0601')"),
        ((SHELVED, {**SHELVED, "identity": "a3"}), "comes again"),
        ((said("parcel.shelved", waybill="W1", courier="ZTO", bag="b1"),), "not at ('Bag'"),
    ],
)
def test_the_count_sees_a_piece_that_is_twice_or_was_never_there(facts, words):
    count = Pieces()
    count.read(facts)
    assert any(words in problem for problem in count.problems), count.problems


def test_what_was_undone_is_where_it_was():
    count = Pieces()
    count.read((SHELVED, GONE, said("act.reversed", "a3", act="a2")))
    assert count.problems == []
    assert count.books("NX0601") == {"Shelf": 1, "Courier:ZTO": -1}
    assert count.collected["NX0601"] == 0
