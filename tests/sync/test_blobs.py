"""Photos between station and county: after their fact, piece by piece, gone when erased."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from county_server.blob_calls import BlobCall
from county_server.blobs import CountyBlobs
from county_server.county import County
from county_server.scribe import Scribe
from county_server.verify import rebuild_county, verify_county
from station_app.journal import blobs
from station_app.journal.blob import BLOB_BYTES_MAX, GONE, WHOLE, blob_name
from station_app.journal.fact import Saying
from station_app.journal.kinds import PrivateErased
from station_app.sync import causes
from station_app.sync.blobs import BlobTalk
from station_app.sync.exchange import Request, Wait
from station_app.sync.judging import Nonce
from tests.postgres import ON_BOTH_STORES
from tests.sync.slips import SLIP, at_county, attach, bytes_at_county, erase, remit, state
from tests.sync.stand import (
    DAY,
    STATION,
    Pc,
    Reply,
    SetClock,
    answered,
    converse,
    direct,
    enrolled_pc,
    once,
    reopened_county,
)

# --- Up ------------------------------------------------------------------------------------------


@ON_BOTH_STORES
def test_a_photo_follows_its_fact_and_is_acknowledged(pc: Pc, county: County) -> None:
    remit(pc)
    asked: list[str] = []

    def carry(request: Request) -> Reply:
        asked.append(request.method)
        return answered(county, request)

    converse(pc, carry)
    assert asked[0] == "POST", "the fact goes first"
    assert set(asked[asked.index("PUT") :]) == {"PUT"}, "photos go last"
    assert bytes_at_county(county) == SLIP
    assert state(pc) == WHOLE
    assert verify_county(county).findings == ()
    pc.exchange.hurry()
    converse(pc, carry)
    assert asked[-1] == "POST", "what is acknowledged is not sent again"


def test_a_photo_waits_while_its_fact_is_not_confirmed(pc: Pc, county: County) -> None:
    converse(pc, direct(county))
    remit(pc)
    assert blobs.waiting(pc.reader, pc.port.county_epoch(), limit=9) == []
    assert blobs.waiting_count(pc.reader, pc.port.county_epoch()) == 1
    converse(pc, direct(county))
    assert blobs.waiting_count(pc.reader, pc.port.county_epoch()) == 0


@ON_BOTH_STORES
def test_a_broken_line_costs_only_the_rest_of_the_photo(pc: Pc, county: County) -> None:
    """Each third request breaks off halfway; nothing that came is sent twice."""
    remit(pc)
    came = 0
    trips = 0

    def carry(request: Request) -> Reply | str:
        nonlocal came, trips
        pc.clock.at += 2_000  # a slow line: small pieces
        trips += request.method == "PUT"
        if request.method == "PUT" and trips % 3 == 0:
            half = request.body[: len(request.body) // 2]
            cut = replace(request, body=half)
            came += len(half)
            assert _broken_off(county, cut)
            return causes.CUT_OFF
        came += len(request.body) if request.method == "PUT" else 0
        return answered(county, request)

    for number in range(40):
        outcome = once(pc, carry, hurry=number == 0)
        pc.clock.at += 0 if outcome.again else 1_000_000
        if state(pc) == WHOLE:
            break
    assert bytes_at_county(county) == SLIP
    assert came <= len(SLIP) * 2, "a piece whose answer was lost may go once more, not the photo"


def _broken_off(county: County, request: Request) -> bool:
    call = BlobCall(county, request.method, request.path, request.headers["authorization"])
    return call.put(request.body, is_whole=False).status == 200


def test_a_photo_goes_on_after_a_restart_of_the_pc(pc: Pc, county: County) -> None:
    remit(pc)
    sent: list[int] = []

    def carry(request: Request) -> Reply:
        pc.clock.at += 2_000  # a slow line: small pieces
        if request.method == "PUT":
            sent.append(len(request.body))
        return answered(county, request)

    once(pc, carry)
    once(pc, carry, hurry=False)
    assert 0 < sum(sent) < len(SLIP)
    pc.restart()
    converse(pc, carry)
    assert sum(sent) == len(SLIP)
    assert bytes_at_county(county) == SLIP


def test_bytes_that_are_not_what_the_name_says_are_refused_and_sent_anew(
    pc: Pc, county: County
) -> None:
    remit(pc)
    with county.store.write() as connection:  # the first half of something else is there
        connection.execute(
            county.store.tables.blob_parts.insert(),
            [
                {
                    "station": STATION,
                    "hash": blob_name(SLIP),
                    "first": 0,
                    "size": len(SLIP),
                    "length": 100,
                    "content": bytes(100),
                }
            ],
        )
    converse(pc, direct(county))
    assert bytes_at_county(county) == SLIP


def test_a_piece_that_was_changed_on_the_way_is_not_taken(pc: Pc, county: County) -> None:
    remit(pc)
    converse(pc, lambda r: causes.NO_ANSWER if r.method == "PUT" else answered(county, r))
    pc.clock.at += 3_600_000

    def changed(request: Request) -> Reply:
        if request.method == "PUT":
            flipped = bytes([request.body[0] ^ 1]) + request.body[1:]
            return answered(county, replace(request, body=flipped))
        return answered(county, request)

    outcomes = converse(pc, changed)
    assert outcomes[-1].cause == causes.GARBLED
    assert at_county(county) == "part"
    assert bytes_at_county(county) is None


@pytest.mark.parametrize("status", [200, 201, 404, 409, 410])
def test_a_login_page_ends_no_photo(pc: Pc, county: County, status: int) -> None:
    remit(pc)
    page = (status, {"content-type": "text/html"}, b"<html>", True)
    converse(pc, lambda r: page if r.method == "PUT" else answered(county, r))
    assert state(pc) == ""
    pc.clock.at += 3_600_000
    converse(pc, direct(county))
    assert state(pc) == WHOLE


def test_an_answer_to_another_request_ends_no_photo(pc: Pc, county: County) -> None:
    remit(pc)
    other = SLIP + b"2"
    remit(pc, other, 2)
    first: list[Reply] = []

    def carry(request: Request) -> Reply:
        reply = answered(county, request)
        if request.method == "PUT":
            first.append(reply)
            return first[0]  # what was said of the first piece is said for ever
        return reply

    outcomes = converse(pc, carry)
    assert outcomes[-1].cause == causes.REPLAYED


def test_a_county_that_was_put_back_gets_its_photos_again(
    tmp_path: Path, pc: Pc, county: County, clock: SetClock
) -> None:
    remit(pc)
    converse(pc, direct(county))
    with county.store.write() as connection:
        connection.execute(county.store.tables.blobs.delete())
    county.keys.begin_epoch()
    county.close()
    again = reopened_county(tmp_path / "county", clock)
    try:
        asked: list[int] = []

        def carry(request: Request) -> Reply:
            if request.method == "PUT":
                asked.append(len(request.body))
            return answered(again, request)

        converse(pc, carry)
        assert asked[0] == 0, "it is asked first whether it has it still"
        assert bytes_at_county(again) == SLIP
    finally:
        again.close()


def test_a_photo_that_could_not_be_placed_goes_when_the_county_has_taken_more(
    pc: Pc, county: County
) -> None:
    """Found by the village: a county that was put back lacked the fact when the photo came."""
    remit(pc)
    converse(pc, lambda r: causes.NO_ANSWER if r.method == "PUT" else answered(county, r))
    names = county.store.tables.blob_names
    with county.store.write() as connection:
        kept = [row._asdict() for row in connection.execute(names.select())]
        connection.execute(names.delete())
    pc.clock.at += 3_600_000
    converse(pc, direct(county))
    assert state(pc) == ""
    with county.store.write() as connection:
        connection.execute(names.insert(), kept)
    pc.shelve()
    converse(pc, direct(county))
    assert state(pc) == WHOLE


# --- Who may see ---------------------------------------------------------------------------------


@ON_BOTH_STORES
def test_a_sibling_fetches_a_photo_and_a_stranger_does_not(
    tmp_path: Path, pc: Pc, county: County, clock: SetClock
) -> None:
    remit(pc)
    converse(pc, direct(county))
    sibling = enrolled_pc(county, tmp_path / "sibling", clock, seed=101)
    stranger = enrolled_pc(county, tmp_path / "far", clock, station="NX0602", seed=102)
    for one in (sibling, stranger):
        converse(one, direct(county))
        one.session.write(lambda r: blobs.want(r.connection, blob_name(SLIP), at=1))
        converse(one, direct(county))
    assert blobs.get(sibling.reader, blob_name(SLIP)) == SLIP
    assert blobs.wanted(sibling.reader, limit=9) == []
    assert blobs.get(stranger.reader, blob_name(SLIP)) is None, "nothing there names it"
    request = _get(stranger, blob_name(SLIP))
    status, _, body, _ = answered(county, request)
    assert status == 409
    assert SLIP[:32] not in body, "nor is it handed out to who asks all the same"
    for one in (sibling, stranger):
        one.close()


def _get(pc: Pc, name: str) -> Request:
    class Wanting:
        def county_epoch(self) -> int:
            return 1

        def waiting_blobs(self, limit: int) -> list[Any]:
            return []

        def wanted_blobs(self, limit: int) -> list[str]:
            return [name]

    talk = BlobTalk(Wanting(), pc.signer, pc.county.id, pc.county.speaker)  # type: ignore[arg-type]
    device, epoch = pc.port.live.rsplit("/", 1)
    asked = talk.next_request(Nonce(device, epoch, 900), 1 << 20)
    assert asked is not None
    return Request(asked.method, asked.path, asked.headers, asked.body, 1 << 20)


def test_a_request_is_good_once_and_for_its_own_path(pc: Pc, county: County) -> None:
    remit(pc)
    converse(pc, direct(county))
    request = _get(pc, blob_name(SLIP))
    assert answered(county, request)[0] == 200
    assert answered(county, request)[0] == 409, "the nonce was used"
    other = replace(request, path="/v1/blobs/" + "ab" * 32)
    assert answered(county, other)[0] == 401
    assert answered(county, replace(request, method="PUT"))[0] == 401
    bad = replace(request, headers={"authorization": "VillageStation AAAA"})
    assert answered(county, bad)[0] == 400


def test_what_no_fact_names_and_what_is_too_long_is_not_taken(pc: Pc, county: County) -> None:
    remit(pc, bytes(BLOB_BYTES_MAX))
    converse(pc, direct(county))
    assert at_county(county, bytes(BLOB_BYTES_MAX)) == WHOLE
    with county.store.write() as connection:
        mine = CountyBlobs(county.store, connection, STATION)
        assert mine.take(blob_name(SLIP), len(SLIP), 0, SLIP, 1).state == "unnamed"
        name = blob_name(bytes(BLOB_BYTES_MAX))
        theirs = CountyBlobs(county.store, connection, "NX0602")
        assert theirs.take(name, 9, 0, b"123456789", 1).state == "unnamed"


# --- Gone ----------------------------------------------------------------------------------------


@ON_BOTH_STORES
def test_an_erasure_removes_the_photo_everywhere_and_it_is_not_taken_again(
    tmp_path: Path, pc: Pc, county: County, clock: SetClock
) -> None:
    fact = remit(pc)
    converse(pc, direct(county))
    sibling = enrolled_pc(county, tmp_path / "sibling", clock, seed=101)
    converse(sibling, direct(county))
    sibling.session.write(lambda r: blobs.want(r.connection, blob_name(SLIP), at=1))
    converse(sibling, direct(county))
    assert blobs.get(sibling.reader, blob_name(SLIP)) == SLIP
    erase(pc, fact)
    assert blobs.get(pc.reader, blob_name(SLIP)) is None
    converse(pc, direct(county))
    converse(sibling, direct(county))
    assert bytes_at_county(county) is None
    assert at_county(county) == GONE
    assert blobs.get(sibling.reader, blob_name(SLIP)) is None
    assert verify_county(county).findings == ()
    assert answered(county, _get(sibling, blob_name(SLIP)))[0] == 410
    sibling.close()


def test_who_offers_a_photo_after_its_erasure_is_told_that_it_is_gone(
    tmp_path: Path, pc: Pc, county: County, clock: SetClock
) -> None:
    """The fact is at the county; the erasure comes from another PC before the photo does."""
    fact = remit(pc)
    converse(pc, lambda r: causes.NO_ANSWER if r.method == "PUT" else answered(county, r))
    sibling = enrolled_pc(county, tmp_path / "sibling", clock, seed=101)
    converse(sibling, direct(county))
    erase(sibling, fact)
    converse(sibling, direct(county))
    pc.clock.at += 3_600_000
    statuses: list[int] = []

    def carry(request: Request) -> Reply:
        if request.method == "POST":  # news of the erasure are slower than the photo
            return 502, {"content-type": "text/html"}, b"", True
        reply = answered(county, request)
        statuses.append(reply[0])
        return reply

    request = pc.exchange._depart_blob(pc.clock.at)
    assert request is not None
    status, headers, body, _ = carry(request)
    pc.exchange.on_answer(status, headers, body, pc.clock.at)
    assert statuses == [410]
    assert state(pc) == GONE
    converse(pc, direct(county))
    assert blobs.get(pc.reader, blob_name(SLIP)) is None, "and the erasure itself came after"
    sibling.close()


def test_a_photo_of_a_fact_that_comes_after_its_erasure_is_gone_from_the_first(
    pc: Pc, county: County
) -> None:
    fact = remit(pc)
    with county.store.write() as connection:
        county_erases(county, connection, fact)
    converse(pc, lambda r: causes.NO_ANSWER if r.method == "PUT" else answered(county, r))
    assert at_county(county) == GONE


def county_erases(county: County, connection: Any, fact: str) -> None:
    scribe = Scribe(county.store, connection, county.keys, county.chance)
    body = PrivateErased(persons=(), facts=(fact,), day=DAY)
    scribe.say(STATION, [Saying(body)], by="clerk", at=county.clock.now_ms())
    scribe.seal()


def test_an_erased_photo_and_name_are_not_even_in_the_log_of_the_countys_database(
    tmp_path: Path, pc: Pc, county: County
) -> None:
    """While the server runs: a log of SQLite keeps old pages until they are written over."""
    fact = remit(pc)
    converse(pc, direct(county))
    folder = county.keys.folder.parent

    def at_rest() -> bytes:
        return b"".join(file.read_bytes() for file in sorted(folder.glob("county.db*")))

    assert SLIP[500:532] in at_rest()
    assert "任示福".encode() in at_rest()
    erase(pc, fact)
    converse(pc, direct(county))
    assert SLIP[500:532] not in at_rest()
    assert "任示福".encode() not in at_rest()


def test_a_photo_that_another_fact_still_names_stays(pc: Pc, county: County) -> None:
    first = remit(pc)
    remit(pc, SLIP, 2)
    converse(pc, direct(county))
    erase(pc, first)
    converse(pc, direct(county))
    assert blobs.get(pc.reader, blob_name(SLIP)) == SLIP
    assert bytes_at_county(county) == SLIP


@ON_BOTH_STORES
def test_names_are_made_anew_from_the_facts(pc: Pc, county: County) -> None:
    remit(pc)
    converse(pc, direct(county))
    before = pc.reader.execute("SELECT * FROM blob_names").fetchall()
    pc.session.write(lambda r: blobs.rebuild_names(r.connection))
    assert pc.reader.execute("SELECT * FROM blob_names").fetchall() == before != []
    rebuild_county(county)
    assert verify_county(county).findings == ()
    assert bytes_at_county(county) == SLIP


def test_verify_names_a_photo_that_is_not_what_its_name_says(pc: Pc, county: County) -> None:
    remit(pc)
    converse(pc, direct(county))
    with county.store.write() as connection:
        connection.exec_driver_sql("UPDATE blobs SET content = x'00'")
    (finding,) = verify_county(county).findings
    assert (finding.check, finding.station) == ("blob", STATION)


# --- At the station ------------------------------------------------------------------------------


def test_old_photos_make_room_once_the_county_has_them(
    pc: Pc, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blobs, "KEPT_BYTES", 300_000)
    contents = [SLIP + bytes([n]) for n in range(4)]
    for number, content in enumerate(contents):
        remit(pc, content, number + 1)
        pc.clock.at += 60_000
    assert all(blobs.get(pc.reader, blob_name(c)) for c in contents), "none is let go unsent"
    converse(pc, direct(county))
    here = [blobs.get(pc.reader, blob_name(c)) is not None for c in contents]
    assert here == [False, False, True, True]
    pc.session.write(lambda r: blobs.want(r.connection, blob_name(contents[0]), at=9))
    converse(pc, direct(county))
    assert blobs.get(pc.reader, blob_name(contents[0])) == contents[0]


def test_a_photo_that_no_act_took_goes_after_a_week(pc: Pc) -> None:
    names = [attach(pc, SLIP + bytes([n])) for n in range(2)]
    remit(pc)
    later = pc.clock.at + blobs.LOOSE_MS + 1
    swept = pc.session.write(lambda r: blobs.sweep(r.connection, in_use=[names[1]], now_ms=later))
    assert swept == 1
    assert blobs.get(pc.reader, names[0]) is None
    assert blobs.get(pc.reader, names[1]) is not None, "a half-filled form has it still"
    assert blobs.get(pc.reader, blob_name(SLIP)) is not None


def test_nothing_waits_when_there_is_nothing_to_do(pc: Pc, county: County) -> None:
    converse(pc, direct(county))
    assert isinstance(pc.exchange.next_request(pc.clock.at), Wait)
