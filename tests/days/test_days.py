"""Working days at the counter, played on the real window by keys and scans.

A day says itself what stands on the screen; the tests here say what must be true afterwards, in
the station's database, on the papers that came out and at the county.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import zxingcpp
from PIL import Image

from station_app.journal.fact import Saying
from station_app.services.parcels.facts import ParcelAnnounced
from station_app.tour.script import parse
from tests.county_server.serving import command
from tests.independent import grower
from tests.stage import DAY_SECONDS, DAYS, Stage, say_at_the_county, stage

ELSEWHERE = "73000000000900"  # of forty_waybills.day: announced for the neighbours
GARBLED = "73000000000901"
PLACES = 20  # on one layer, as the county describes the demo stations


@pytest.fixture
def station(pristine: Path, tmp_path: Path) -> Iterator[Stage]:
    with stage(pristine, tmp_path, _announce) as made:
        yield made


def _announce(county: Path) -> None:
    """A parcel is on its way to the neighbours; every station hears of it."""
    announced = ParcelAnnounced(
        courier="ZTO",
        waybill=ELSEWHERE,
        station="NX0602",
        person="",
        cod_fen=0,
        freight_fen=0,
        day="2026-11-23",
    )
    say_at_the_county(county, [Saying(announced)])


def played(station: Stage, name: str, seconds: int = DAY_SECONDS) -> dict[str, Any]:
    summary = station.play(DAYS / name, seconds)
    assert summary["failed"] == ""
    assert summary["papers_unlike_preview"] == []
    assert summary["verify"]["sound"]
    assert summary["acts_without_key_press"] == []
    assert summary["acts"] == summary["acts_in_journal"]
    assert summary["ok"]
    return summary


def _kinds(station: Stage) -> Counter[str]:
    rows = station.ask(
        "SELECT kind FROM facts WHERE stream LIKE ? AND kind NOT LIKE 'operator%'", "NX0601/%"
    )
    return Counter(kind for (kind,) in rows)


def _scanned(name: str) -> list[str]:
    """Return the numbers that a day scans, each once, in order."""
    steps = parse((DAYS / name).read_text("utf-8"))
    numbers = [step.words for step in steps if step.verb == "scan"]
    return list(dict.fromkeys(numbers))


# --- Forty waybills in one go --------------------------------------------------------------------


def test_forty_waybills_in_one_go(station: Stage) -> None:
    summary = played(station, "forty_waybills.day")
    expected = [n for n in _scanned("forty_waybills.day") if n.isascii() and n != ELSEWHERE]
    assert len(expected) == 38, "with the neighbours' and the garbled one: forty"

    shelved = station.ask(
        "SELECT waybill, shelf, layer, serial, status FROM parcels ORDER BY at_in"
    )
    assert [row[0] for row in shelved] == expected
    assert {row[4] for row in shelved} == {"on_hand"}
    codes = [row[1:4] for row in shelved]
    assert len(set(codes)) == len(codes), "a pickup code is somebody else's too"

    assert station.labels() == expected
    assert summary["papers"] == len(expected)

    pieces = summary["verify"]["pieces"]
    assert pieces["Shelf"] == len(expected)
    assert sum(pieces.values()) == 0
    assert _kinds(station)["parcel.shelved"] == len(expected)
    assert ELSEWHERE not in [row[0] for row in shelved]
    assert not any(GARBLED in row[0] for row in shelved)
    _each_act_follows_its_key(summary)
    _places_and_couriers_are_as_said(station)


def _each_act_follows_its_key(summary: dict[str, Any]) -> None:
    steps = {step.line: step for step in parse((DAYS / "forty_waybills.day").read_text("utf-8"))}
    lines = [line for line, _act in summary["acts_by_line"]]
    assert len(set(lines)) == len(lines), "one key, one act"
    # A parcel is recorded by Enter or by the scan of the next one, never by typing.
    assert {steps[line].verb for line in lines} == {"scan", "press"}
    assert {steps[line].words for line in lines if steps[line].verb == "press"} == {"Enter"}


def _places_and_couriers_are_as_said(station: Stage) -> None:
    layers = Counter(station.ask("SELECT shelf, layer FROM parcels"))
    assert max(layers.values()) == PLACES, "the full layer takes no more, the others less"
    remembered = dict(station.ask("SELECT waybill, courier FROM parcels WHERE waybill LIKE '43%'"))
    assert len(remembered) == 2
    assert len(set(remembered.values())) == 1, "asked once, remembered for the second"


# --- A day without a line ------------------------------------------------------------------------


def test_a_day_without_a_line_arrives_once(station: Stage) -> None:
    before = station.county_verify()
    summary = played(station, "offline_day.day")

    own = station.stream()
    assert [seq for seq, _ in own] == list(range(1, len(own) + 1))
    assert station.county_stream() == own
    report = station.county_verify()
    assert report["findings"] == []
    assert report["facts"] - before["facts"] == len(own), "nothing twice, nothing else"
    assert summary["county_has_upto"] == len(own) == summary["stream_length"]
    assert summary["waiting"] == 0
    assert len(summary["receipt"]) == 8

    kinds = _kinds(station)
    assert kinds["parcel.shelved"] == 4
    assert kinds["parcel.handed_over"] == 2
    assert kinds["shift.closed"] == 1
    assert summary["verify"]["purses"] == [{"kind": "COD", "owner": "YTO", "amount_fen": 8600}]
    assert summary["verify"]["pieces"]["Shelf"] == 1
    _stands_nowhere(station, "陈样林", "陈*林", "chen yang lin")

    for _ in range(2):
        again = station.run("sync")
        assert again["complete"]
        assert (again["facts_up"], again["facts_down"], again["waiting"]) == (0, 0, 0)
    assert station.county_verify() == report
    assert station.stream() == own


def _stands_nowhere(station: Stage, *words: str) -> None:
    """Nothing of an erased villager is in a table of the station or a file of either side."""
    tables = station.ask("SELECT name FROM sqlite_master WHERE type = 'table'")
    held = repr([station.ask(f'SELECT * FROM "{name}"') for (name,) in tables])
    files = [file for data in (station.data, station.county) for file in data.rglob("*")]
    contents = b"".join(file.read_bytes() for file in files if file.is_file())
    assert b"SQLite format" in contents, "the county's, which is no secret to who runs it"
    for word in words:
        assert word not in held
        assert repr(word.encode())[2:-1] not in held
        assert word.encode() not in contents


# --- The daily loop ------------------------------------------------------------------------------

FEW_KEYS = {"Enter", "Esc", "F2", "F3", "F4", "F5", "F6", "F8"}


def test_the_daily_loop_takes_scans_digits_and_few_keys_without_a_line(station: Stage) -> None:
    steps = parse((DAYS / "few_keys.day").read_text("utf-8"))
    first = next(number for number, step in enumerate(steps) if step.words == "F8")
    work = [step for step in steps[first:] if step.is_key]
    assert {step.words for step in work if step.verb == "press"} == FEW_KEYS
    assert all(step.words.isdigit() for step in work if step.verb == "type")
    assert {step.verb for step in work} == {"press", "type", "scan"}

    summary = played(station, "few_keys.day")
    kinds = _kinds(station)
    loop = (
        "shift.opened", "parcel.shelved", "parcel.handed_over", "order.placed", "lot.accepted",
        "sale.made", "shift.closed",
    )  # fmt: skip
    assert {kind: kinds[kind] for kind in loop} == dict.fromkeys(loop, 1)
    (purse,) = summary["verify"]["purses"]
    assert (purse["kind"], purse["amount_fen"]) == ("Prepayment", 3_300)
    assert station.county_stream() == station.stream()
    assert station.county_verify()["findings"] == []


@pytest.mark.long
def test_parcels_are_sent_undone_and_given_to_their_courier_without_a_line(station: Stage) -> None:
    block = ("--prefix", "NX0601", "--first", "261123000001", "--count", "5")
    command(station.county, "waybills", "give", "NX0601", "D1", "--courier", "NXGP", *block)
    summary = played(station, "sending.day")
    kinds = _kinds(station)
    assert (kinds["sending.accepted"], kinds["sending.handed_to_courier"]) == (2, 1)
    assert (kinds["act.reversed"], kinds["manifest.closed"]) == (1, 1)
    labels = sorted(station.out.glob("papers/*-waybill.png"))
    read = {code.text for code in zxingcpp.read_barcodes(Image.open(labels[0]))}
    assert "NX0601261123000001" in read, "the label is read as its number"
    assert len(labels) == 2
    assert summary["acts"] == 6
    assert station.county_stream() == station.stream()
    assert station.county_verify()["findings"] == []


# --- The end of a day ----------------------------------------------------------------------------


def test_a_day_ends_with_one_person_and_without_a_line(station: Stage) -> None:
    summary = played(station, "end_of_day.day")
    kinds = _kinds(station)
    assert (kinds["cash.put_in"], kinds["cash.taken_out"], kinds["drawer.opened"]) == (1, 2, 1)
    assert (kinds["shift.opened"], kinds["shift.closed"]) == (2, 1)
    vouchers = station.ask("SELECT number, reason, amount_fen, alone FROM vouchers ORDER BY number")
    assert vouchers == [(1, "own", 3_050, 0), (2, "petty", 1_250, 0), (3, "bank", 150_000, 1)]
    (closed,) = station.ask(
        "SELECT number, counted_fen, difference_fen FROM shifts WHERE number > 0"
    )
    assert closed == (1, 61_800, 0)
    assert summary["waiting"] <= 1, "all but the second shift's opening is at the county"
    assert summary["verify"]["not_mine_fen"] == 0
    assert station.county_verify()["findings"] == []


# --- Wrong input ---------------------------------------------------------------------------------


def test_wrong_input_gets_its_sentence_and_records_nothing(station: Stage) -> None:
    summary = played(station, "bad_input.day")
    kinds = _kinds(station)
    # Where its key is kept, the program says by itself at its first start.
    assert kinds == {"parcel.shelved": 1, "shift.opened": 1, "shift.closed": 1, "key.kept": 1}
    assert station.ask("SELECT waybill, cod_fen, status FROM parcels") == [
        ("73000000000017", 1250, "on_hand")
    ]
    assert summary["verify"]["not_mine_fen"] == 0, "no money was taken"
    assert station.ask("SELECT counted_fen, difference_fen FROM shifts") == [(50_000, 0)]
    assert summary["verify"]["own_fen"] == 50_000
    assert summary["papers"] == 2, "the label and the slip of the one close"
    assert station.labels() == ["73000000000017"]


# --- The clock of this PC ------------------------------------------------------------------------


def test_a_clock_three_hours_fast_is_told_once_the_county_was_heard(station: Stage) -> None:
    summary = played(station, "wrong_clock.day")
    assert summary["papers"] == 2, "a label, and the list of the start check"


# --- A day of produce ----------------------------------------------------------------------------


@pytest.mark.long
def test_produce_is_weighed_labelled_sold_by_a_scales_label_and_paid_to_the_fen(
    station: Stage,
) -> None:
    summary = played(station, "produce.day")
    (lot, code, *kept), (_, eggs, *pieces) = station.ask(
        "SELECT entity, code, on_shelf, sold, bound_for FROM lots ORDER BY unit"
    )
    assert kept == [11_210, 1_250, ""]
    assert pieces == [60, 0, "hub"], "ten were sold with consent, put aside before, and came back"
    # Nothing of what was typed or weighed wrong: each act is one that the day means.
    kinds = _kinds(station)
    wanted = {"lot.accepted": 2, "lot.weighed": 1, "sale.made": 2, "sale.returned": 1,
              "basket.held": 1, "basket.taken_up": 1}  # fmt: skip
    assert {kind: kinds[kind] for kind in wanted} == wanted
    ((body,),) = station.ask("SELECT body FROM facts WHERE kind = 'lot.weighed'")
    frames = {one["of"]: bytes.fromhex(one["frame"]) for one in json.loads(body)["frames"]}
    assert frames["tare"].strip() == b"ST,GS,+  0.800kg"
    assert frames["gross"].strip() == b"ST,GS,+ 13.260kg"
    assert station.labels() == [f"https://trace.example.com/t/{one}" for one in (code, eggs)]
    # What the label's code says is opened at the county by whoever bought it.
    (read, _) = station.labels()
    page = requests.get(station.url + read.removeprefix("https://trace.example.com"), timeout=10)
    assert page.status_code == 200
    for words in ("猕猴桃", "曾*兰", "12.460 公斤", "站里过秤定级"):
        assert words in page.text, words
    assert "曾示兰" not in page.text
    assert summary["papers"] == 10, "2 intakes, 2 labels, 2 sales, 1 back, promise, 2 of money"

    counted = grower.Season().read(station.export("facts"))
    assert counted.problems == []
    ((person, hers),) = [one for one in counted.growers.items() if one[1].paid]
    # 1.250 kg at 9.00 are 11.25; 8 % of it are 0.90
    assert (hers.paid, hers.kept, hers.lots) == (1_035, 0, [lot])
    settled = [json.loads(row[0]) for row in station.ask(
        "SELECT body FROM facts WHERE kind = 'settlement.made'")]  # fmt: skip
    assert [(one["person"], one["paid_here_fen"]) for one in settled] == [(person, 1_035)]
    assert station.county_verify()["findings"] == []
