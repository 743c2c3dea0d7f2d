"""Enrolment: the code, what goes over the line, and who is believed."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from county_server.county import County
from county_server.enrol import CODE_MS, NoStation, enrol, make_enrolment_code
from county_server.intake import Refused
from station_app.reference import records as reference
from station_app.security.signing import Signer, fingerprint, verify
from station_app.sync import causes, enrolment
from station_app.sync.enrolment import EXPIRED, FULL, UNKNOWN, USED, WRONG_COUNTY, Asking, CodeParts
from station_app.sync.judging import Unsent
from station_app.sync.messages import (
    CONTENT_TYPE,
    BodyReader,
    EnrolAnswer,
    encode,
    request_message,
    seal_block,
)
from station_app.values.codes import BadCheck, OwnCode, recognise
from tests.postgres import ON_BOTH_STORES
from tests.sync.stand import (
    Dice,
    Reply,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    new_county,
    problem,
)

OURS = {"content-type": CONTENT_TYPE}


def parts_of(code: str) -> CodeParts:
    read = recognise(code, [])
    assert isinstance(read, OwnCode), read
    parts = enrolment.read_payload(read.payload)
    assert parts is not None
    return parts


def asking(code: str, seed: int = 1) -> Asking:
    chance = Dice(seed)
    signer = Signer(chance.draw(32))
    return enrolment.ask(parts_of(code), signer.public_key, signer, chance)


def answered(county: County, asked: Asking) -> Reply:
    try:
        return 200, OURS, enrol(county, asked.body), True
    except Refused as refused:
        return problem(refused)


def read(asked: Asking, reply: Reply) -> EnrolAnswer | Unsent:
    status, headers, body, _ = reply
    return enrolment.read_answer(
        asked, status, headers, body, verify=verify, fingerprint=fingerprint
    )


def cause(asked: Asking, reply: Reply) -> str:
    unsent = read(asked, reply)
    assert isinstance(unsent, Unsent), unsent
    return unsent.cause


@ON_BOTH_STORES
def test_a_code_is_one_of_ours_and_a_slip_in_it_is_seen_before_the_line(county: County) -> None:
    code = make_enrolment_code(county, "NX0601").code
    assert isinstance(recognise(code, []), OwnCode)
    assert isinstance(recognise(code.lower(), []), OwnCode)
    other = "A" if code[9] != "A" else "B"
    assert isinstance(recognise(code[:9] + other + code[10:], []), BadCheck)


@ON_BOTH_STORES
def test_a_code_makes_a_pc_of_its_station(county: County) -> None:
    asked = asking(make_enrolment_code(county, "NX0601").code)
    answer = read(asked, answered(county, asked))
    assert isinstance(answer, EnrolAnswer)
    assert (answer.station, answer.device, answer.slot, answer.slots) == ("NX0601", "D1", 0, 1)
    assert answer.county_key == county.keys.signer.public_key.hex()


@ON_BOTH_STORES
def test_the_next_pc_gets_the_next_name_and_slot(county: County) -> None:
    seen = []
    for seed in range(3):
        asked = asking(make_enrolment_code(county, "NX0601").code, seed)
        answer = read(asked, answered(county, asked))
        assert isinstance(answer, EnrolAnswer)
        seen.append((answer.device, answer.slot, answer.slots))
    assert seen == [("D1", 0, 1), ("D2", 1, 2), ("D3", 2, 3)]


def test_the_secret_of_a_code_never_travels(county: County) -> None:
    code = make_enrolment_code(county, "NX0601").code
    asked = asking(code)
    sent = asked.body + answered(county, asked)[2]
    assert parts_of(code).secret.encode() not in sent
    with county.store.read() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM codes").all()
    assert parts_of(code).secret not in repr(kept)


def test_an_answer_that_was_lost_is_given_again(county: County) -> None:
    asked = asking(make_enrolment_code(county, "NX0601").code)
    first, second = (read(asked, answered(county, asked)) for _ in range(2))
    assert isinstance(first, EnrolAnswer)
    assert first == second
    with county.store.read() as connection:
        said = connection.exec_driver_sql("SELECT * FROM facts WHERE kind = 'device.enrolled'")
        assert len(said.all()) == 1


def test_a_code_works_once(county: County) -> None:
    code = make_enrolment_code(county, "NX0601").code
    answered(county, asking(code, 1))
    asked = asking(code, 2)
    assert cause(asked, answered(county, asked)) == USED


def test_a_key_belongs_to_one_pc(county: County) -> None:
    answered(county, asking(make_enrolment_code(county, "NX0601").code, 1))
    asked = asking(make_enrolment_code(county, "NX0602").code, 1)
    assert cause(asked, answered(county, asked)) == USED


def test_a_code_does_not_live_for_ever(county: County, clock: SetClock) -> None:
    asked = asking(make_enrolment_code(county, "NX0601").code)
    clock.at += CODE_MS
    assert cause(asked, answered(county, asked)) == EXPIRED


def test_a_code_that_nobody_gave_is_unknown(county: County) -> None:
    real = parts_of(make_enrolment_code(county, "NX0601").code)
    chance = Dice(3)
    signer = Signer(chance.draw(32))
    guessed = CodeParts(real.fingerprint, "ABCDEFGHABCDEFGH")
    asked = enrolment.ask(guessed, signer.public_key, signer, chance)
    assert cause(asked, answered(county, asked)) == UNKNOWN


def test_who_reads_the_line_cannot_enrol_a_key_of_his_own(county: County) -> None:
    """Lookup and proof are seen; another key needs another proof."""
    asked = asking(make_enrolment_code(county, "NX0601").code)
    thief = Signer(b"t" * 32)
    reader = BodyReader()
    list(reader.feed(asked.body))
    assert reader.block is not None
    stolen = msgspec.json.decode(reader.block.content)
    content = msgspec.json.encode(stolen | {"public_key": thief.public_key.hex()}, order="sorted")
    signature = thief.sign("request", request_message("POST", "/v1/enrol", content))
    with pytest.raises(Refused) as refused:
        enrol(county, seal_block(content, signature, thief.key_id))
    assert refused.value.problem.reason == UNKNOWN


def test_a_key_must_be_held_by_whoever_enrols_it(county: County) -> None:
    asked = asking(make_enrolment_code(county, "NX0601").code)
    spoilt = bytearray(asked.body)
    spoilt[20] ^= 1
    with pytest.raises(Refused) as refused:
        enrol(county, bytes(spoilt))
    assert refused.value.problem.reason == "bad_signature"


def test_a_station_has_eight_places(county: County) -> None:
    for seed in range(8):
        asked = asking(make_enrolment_code(county, "NX0601").code, seed)
        assert isinstance(read(asked, answered(county, asked)), EnrolAnswer)
    asked = asking(make_enrolment_code(county, "NX0601").code, 9)
    assert cause(asked, answered(county, asked)) == FULL


def test_there_is_no_code_for_a_station_that_is_none(county: County) -> None:
    with pytest.raises(NoStation):
        make_enrolment_code(county, "NX9999")


def test_another_county_cannot_answer_for_the_code(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    asked = asking(make_enrolment_code(county, "NX0601").code)
    rogue = new_county(tmp_path / "rogue", clock, seed=666)
    own = asking(make_enrolment_code(rogue, "NX0601").code)
    assert cause(asked, answered(rogue, own)) == WRONG_COUNTY
    rogue.close()


def test_an_answer_that_was_changed_is_not_believed(county: County) -> None:
    asked = asking(make_enrolment_code(county, "NX0601").code)
    status, headers, body, whole = answered(county, asked)
    reader = BodyReader()
    list(reader.feed(body))
    assert reader.block is not None
    answer = msgspec.json.decode(reader.block.content, type=EnrolAnswer)
    other = encode(msgspec.structs.replace(answer, station="NX0602"))
    forged = seal_block(other, reader.block.signature, reader.block.key_id)
    assert cause(asked, (status, headers, forged, whole)) == WRONG_COUNTY


def test_an_answer_to_another_asking_is_not_believed(county: County) -> None:
    code = make_enrolment_code(county, "NX0601").code
    chance = Dice(1)
    signer = Signer(chance.draw(32))
    first, second = (
        enrolment.ask(parts_of(code), signer.public_key, signer, chance) for _ in range(2)
    )
    assert cause(second, answered(county, first)) == causes.REPLAYED


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ((200, {"content-type": "text/html"}, b"<html>", True), causes.CAPTIVE_PORTAL),
        ((302, {}, b"", True), causes.CAPTIVE_PORTAL),
        ((502, {}, b"", True), causes.PROXY_ERROR),
        ((200, OURS, b"VO", False), causes.CUT_OFF),
        ((200, OURS, b"xx", True), causes.GARBLED),
    ],
)
def test_the_line_has_its_own_causes(county: County, reply: Reply, why: str) -> None:
    assert cause(asking(make_enrolment_code(county, "NX0601").code), reply) == why


@pytest.mark.parametrize("noise", [b"", b"VO", b"{}", b"VF" * 200, bytes(300)])
def test_noise_is_no_enrolment(county: County, noise: bytes) -> None:
    with pytest.raises(Refused) as refused:
        enrol(county, noise)
    assert refused.value.status in (400, 401)


def test_the_station_is_told_of_its_pcs(county: County, tmp_path: Path, clock: SetClock) -> None:
    pcs = [enrolled_pc(county, tmp_path / f"d{n}", clock, seed=n) for n in (100, 200)]
    for pc in pcs:
        converse(pc, direct(county))
    told: list[Any] = [reference.devices(pc.reader, "NX0601") for pc in pcs]
    assert [row.device for row in told[0]] == ["D1", "D2"]
    assert told[0] == told[1]
    for pc in pcs:
        pc.close()
