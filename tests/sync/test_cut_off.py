"""A PC that was cut off: it hands in, hears that it was, and is told nothing about people."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from county_server.__main__ import main
from county_server.county import County
from county_server.scribe import Scribe
from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.journal.kinds import PrivateErased
from station_app.journal.log import FactLog
from station_app.journal.verify import verify
from station_app.sync.lending import ASK_AGAIN_MS
from station_app.vocabulary import VOCABULARY
from tests.sync import mail
from tests.sync.stand import (
    DAY,
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    registered,
    reopened_county,
)

SECRET = "欧阳不见"


@pytest.fixture
def kept(pc: Pc) -> Pc:
    return pc


@pytest.fixture
def stolen(sibling: Pc) -> Pc:
    return sibling


def ordered(tmp_path: Path, *words: object) -> Any:
    """Run a command at the server while the county is open, as an administrator does."""
    return main(["--data", str(tmp_path / "county"), *map(str, words)])


def revoke(tmp_path: Path) -> None:
    words = ("device", "revoke", "NX0601", "D2", "--reason", "stolen", "--remark", "夜里被偷")
    assert ordered(tmp_path, *words) == 0


def names_at(pc: Pc) -> str:
    rows = pc.reader.execute("SELECT part FROM privates").fetchall()
    return "".join(bytes(row[0]).decode() for row in rows)


def say_secret(county: County) -> None:
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say("NX0601", [registered(SECRET)], by="F01", at=county.clock.now_ms())
        scribe.seal()


def test_it_hands_in_and_is_told_no_name(
    kept: Pc, stolen: Pc, county: County, tmp_path: Path
) -> None:
    for pc in (kept, stolen, kept):
        converse(pc, direct(county))
    say_secret(county)
    kept.say(registered(SECRET))
    converse(kept, direct(county))
    revoke(tmp_path)
    stolen.shelve(3)
    converse(stolen, direct(county))
    assert stolen.unconfirmed() == 0
    assert SECRET not in names_at(stolen)
    assert SECRET in names_at(kept)
    assert verify(stolen.reader, VOCABULARY).is_sound
    kinds = {fact.kind for fact in stolen.facts()}
    assert "device.revoked" in kinds
    assert not any(fact.stream.startswith("NX0601/D1") for fact in stolen.facts())


def test_it_is_told_no_name_by_stick(kept: Pc, stolen: Pc, county: County, tmp_path: Path) -> None:
    converse(stolen, direct(county))
    kept.say(registered(SECRET))
    converse(kept, direct(county))
    revoke(tmp_path)
    say_secret(county)
    stolen.shelve(2)
    carried = mail.carry(stolen, county)
    assert (carried.trouble, carried.facts_up) == ("", 2)
    assert "device.revoked" in {fact.kind for fact in stolen.facts()}
    assert SECRET not in names_at(stolen)


def test_what_it_says_later_is_held_and_shown_and_counts_nowhere(
    kept: Pc, stolen: Pc, county: County, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stolen.shelve(2)
    converse(stolen, direct(county))
    revoke(tmp_path)
    late = stolen.shelve(3)
    converse(stolen, direct(county))
    converse(kept, direct(county))
    assert folded_here(kept) == folded_there(county, "NX0601")
    count = "SELECT count(*) FROM parcels"
    assert kept.reader.execute(count).fetchone()[0] == 2
    assert stolen.reader.execute(count).fetchone()[0] == 2
    capsys.readouterr()
    assert ordered(tmp_path, "--json", "device", "branches") == 0
    (waits,) = msgspec.json.decode(capsys.readouterr().out)
    assert (waits["stream"], waits["facts"], waits["is_cut"]) == (late[0].stream, 3, True)

    upto = ("--upto", late[1].seq, "--remark", "站长认得")
    assert ordered(tmp_path, "device", "accept", "NX0601", late[0].stream, *upto) == 0
    for pc in (kept, stolen):
        converse(pc, direct(county))
        assert pc.reader.execute(count).fetchone()[0] == 4
    assert folded_here(kept) == folded_there(county, "NX0601")
    refused = ordered(tmp_path, "device", "refuse", "NX0601", late[0].stream, "--remark", "不认")
    assert refused == 0
    assert verify_county(county).findings == ()
    assert kept.reader.execute(count).fetchone()[0] == 4


def test_a_new_start_of_it_counts_as_little(
    kept: Pc, stolen: Pc, county: County, tmp_path: Path
) -> None:
    revoke(tmp_path)
    stolen.restart()
    stolen.shelve(1)
    converse(stolen, direct(county))
    stolen.restart()
    stolen.shelve(1)
    converse(stolen, direct(county))
    converse(kept, direct(county))
    for pc in (kept, stolen):
        assert pc.reader.execute("SELECT count(*) FROM parcels").fetchone()[0] == 0
    assert folded_here(kept) == folded_there(county, "NX0601")


def test_a_county_put_back_says_the_cut_again(
    kept: Pc, stolen: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    stolen.shelve(1)
    converse(stolen, direct(county))
    county.close()
    image = (tmp_path / "county" / "county.db").read_bytes()
    revoke(tmp_path)
    newer = reopened_county(tmp_path / "county", clock)
    young = enrolled_pc(newer, tmp_path / "d3", clock, seed=300)
    converse(young, direct(newer))
    young.shelve(1)
    newer.close()
    for beside in ("county.db-wal", "county.db-shm"):
        (tmp_path / "county" / beside).unlink(missing_ok=True)
    (tmp_path / "county" / "county.db").write_bytes(image)
    again = reopened_county(tmp_path / "county", clock)
    assert again.keys.epoch.number == 2
    converse(young, direct(again))
    assert young.unconfirmed() == 0
    stolen.shelve(2)
    converse(stolen, direct(again))
    converse(kept, direct(again))
    assert kept.reader.execute("SELECT count(*) FROM parcels").fetchone()[0] == 2
    assert verify_county(again).findings == ()
    young.close()
    again.close()


def test_what_a_cut_off_pc_said_was_lost_when_the_county_was_put_back_unnoticed(
    kept: Pc, stolen: Pc, county: County, tmp_path: Path, clock: SetClock
) -> None:
    """Found by a village's seed: of its own chain it is asked for what lacks, and of no other."""
    for pc in (kept, stolen):
        converse(pc, direct(county))
    county.close()
    image = (tmp_path / "county" / "county.db").read_bytes()
    newer = reopened_county(tmp_path / "county", clock)
    for pc in (stolen, kept):
        pc.shelve(2)
        converse(pc, direct(newer))
        pc.restart()
    newer.close()
    for beside in ("county.db-wal", "county.db-shm"):
        (tmp_path / "county" / beside).unlink(missing_ok=True)
    (tmp_path / "county" / "county.db").write_bytes(image)
    revoke(tmp_path)
    again = reopened_county(tmp_path / "county", clock, seed=55)
    assert again.keys.epoch.number == 1
    for pc in (kept, stolen):
        pc.shelve(1)
    converse(stolen, direct(again))
    said = {fact.identity for fact in stolen.facts() if fact.stream.startswith("NX0601/D2")}
    with again.store.read() as connection:
        held = connection.exec_driver_sql("SELECT identity FROM facts").scalars()
        assert said <= set(held)
    again.close()


def test_a_pc_is_cut_off_once_and_only_one_that_there_is(
    stolen: Pc, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    revoke(tmp_path)
    words = ("--reason", "lost", "--remark", "again")
    assert ordered(tmp_path, "device", "revoke", "NX0601", "D2", *words) == 2
    assert "already" in capsys.readouterr().err
    assert ordered(tmp_path, "device", "revoke", "NX0601", "D7", *words) == 2
    assert "no such PC" in capsys.readouterr().err
    assert ordered(tmp_path, "device", "list") == 0
    assert "D2 slot 1 (cut off)" in capsys.readouterr().out


# --- Its words of the county, when the county has lost them ---------------------------------------


def names_there(county: County) -> str:
    with county.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT part FROM privates").all()
    return "".join(bytes(row[0]).decode() for row in rows)


def bare_there(county: County) -> list[str]:
    """The kinds of the facts whose private part the county lacks."""
    with county.store.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT f.kind FROM facts f LEFT JOIN privates p ON p.station = f.station "
            "AND p.identity = f.identity WHERE f.private_digest != '' AND p.part IS NULL"
        )
        return sorted(rows.scalars())


def put_back(tmp_path: Path, image: bytes, clock: SetClock) -> County:
    """Put the county's database back as an administrator does, and open it."""
    for beside in ("county.db-wal", "county.db-shm"):
        (tmp_path / "county" / beside).unlink(missing_ok=True)
    (tmp_path / "county" / "county.db").write_bytes(image)
    return reopened_county(tmp_path / "county", clock)


@pytest.fixture
def bare(kept: Pc, stolen: Pc, county: County, tmp_path: Path, clock: SetClock) -> Iterator[County]:
    """A county that was put back and heard words of its own from a PC that got them bare."""
    for pc in (kept, stolen):
        converse(pc, direct(county))
    county.close()
    image = (tmp_path / "county" / "county.db").read_bytes()
    newer = reopened_county(tmp_path / "county", clock)
    say_secret(newer)
    revoke(tmp_path)
    for pc in (kept, stolen):
        converse(pc, direct(newer))
    newer.close()
    again = put_back(tmp_path, image, clock)
    converse(stolen, direct(again))  # it hears of the new epoch, and gives back what lacks in it
    assert bare_there(again) == ["device.revoked", "person.registered"]
    assert SECRET not in names_there(again)
    yield again
    again.close()


def test_the_other_pc_gives_the_county_its_names_back(kept: Pc, stolen: Pc, bare: County) -> None:
    """Found by a village's seed: one PC showed a name that the county had lost for good."""
    converse(kept, direct(bare))
    assert SECRET in names_there(bare)
    assert folded_here(kept) == folded_there(bare, "NX0601")
    assert SECRET not in names_at(stolen)
    assert verify_county(bare).findings == ()
    assert len(converse(kept, direct(bare))) == 1


def test_a_stick_gives_the_county_its_names_back(kept: Pc, bare: County) -> None:
    for _ in range(2):  # it hears of the new epoch, and offers all again
        assert mail.carry(kept, bare).trouble == ""
    assert SECRET in names_there(bare)
    assert folded_here(kept) == folded_there(bare, "NX0601")


def test_names_that_were_erased_meanwhile_do_not_come_back(
    kept: Pc, bare: County, clock: SetClock
) -> None:
    (secret,) = [fact for fact in kept.facts() if fact.private and SECRET in fact.private.decode()]
    with bare.store.write() as connection:
        scribe = Scribe(bare.store, connection, bare.keys, bare.chance)
        erased = Saying(PrivateErased(persons=(secret.identity,), day=DAY))
        scribe.say("NX0601", [erased], by="F01", at=clock.now_ms())
        scribe.seal()
    for _ in range(2):
        converse(kept, direct(bare))
    assert SECRET not in names_there(bare)
    assert SECRET not in names_at(kept)
    assert folded_here(kept) == folded_there(bare, "NX0601")
    assert len(converse(kept, direct(bare))) == 1


def test_names_that_nobody_has_are_asked_for_without_end_and_without_a_loop(
    kept: Pc, stolen: Pc, bare: County
) -> None:
    assert len(converse(stolen, direct(bare))) == 1


# --- The names that a PC lacks -------------------------------------------------------------------


def become_again(stolen: Pc, county: County, tmp_path: Path) -> None:
    """The PC that was cut off is let in once more, as another one with its journal."""
    stolen.close()
    young = enrolled_pc(county, tmp_path / "unused", stolen.clock, seed=400)
    young.close()
    stolen.place, stolen.signer = young.place, young.signer
    stolen.open()


@pytest.fixture
def let_in(kept: Pc, stolen: Pc, county: County, tmp_path: Path) -> Pc:
    """A PC that was told of a name while it was cut off, and is one of the station again."""
    for pc in (kept, stolen):
        converse(pc, direct(county))
    say_secret(county)
    revoke(tmp_path)
    converse(stolen, direct(county))
    assert SECRET not in names_at(stolen)
    become_again(stolen, county, tmp_path)
    return stolen


def test_a_pc_that_is_let_in_again_is_told_the_names_that_it_was_not_told(
    kept: Pc, let_in: Pc, county: County
) -> None:
    assert len(let_in.port.bare()) == 2  # the name, and why it was cut off
    told = converse(let_in, direct(county))
    assert SECRET in names_at(let_in)
    assert not any(outcome.facts_up for outcome in told), "no mark has moved back"
    for pc in (kept, let_in):
        converse(pc, direct(county))
    assert let_in.port.bare() == ()
    assert folded_here(let_in) == folded_here(kept) == folded_there(county, "NX0601")
    assert let_in.marks() == {head.stream: head.to for head in FactLog(let_in.reader).heads()}
    assert verify(let_in.reader, VOCABULARY).is_sound
    assert len(converse(let_in, direct(county))) == 1


def test_it_is_told_them_by_stick(kept: Pc, let_in: Pc, county: County) -> None:
    assert mail.carry(let_in, county).trouble == ""
    assert SECRET in names_at(let_in)
    assert let_in.port.bare() == ()


def test_a_sibling_tells_it_them_by_stick(
    kept: Pc, let_in: Pc, county: County, tmp_path: Path
) -> None:
    converse(kept, direct(county))  # so each knows the other's key
    with county.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM privates")
    converse(let_in, direct(county))
    assert SECRET not in names_at(let_in)
    for one, other in ((let_in, kept), (kept, let_in)):
        assert mail.hand_on(one, other).trouble == ""
    assert SECRET in names_at(let_in)
    assert folded_here(let_in) == folded_here(kept)


def test_names_that_were_erased_while_the_stick_was_on_its_way_are_not_taken(
    kept: Pc, let_in: Pc, county: County
) -> None:
    converse(kept, direct(county))
    (secret,) = [f for f in kept.facts() if f.private and SECRET in f.private.decode()]
    _, answer = mail.read(county, mail.bundle(let_in))
    let_in.say(Saying(PrivateErased(persons=(secret.identity,), day=DAY)))
    assert mail.take(let_in, answer).trouble == ""
    assert SECRET not in names_at(let_in)
    converse(let_in, direct(county))
    converse(kept, direct(county))
    assert SECRET not in names_at(let_in) + names_at(kept)
    assert secret.identity[:16] not in let_in.port.bare()
    assert folded_here(let_in) == folded_here(kept) == folded_there(county, "NX0601")


def test_what_the_county_lacks_too_is_asked_for_once_a_day(let_in: Pc, county: County) -> None:
    with county.store.write() as connection:
        connection.exec_driver_sql("DELETE FROM privates")
    assert converse(let_in, direct(county))[-1].what == "sent"
    named = let_in.exchange._borrowing.named
    assert named(let_in.clock.at) == ()
    assert set(named(let_in.clock.at + ASK_AGAIN_MS)) == set(let_in.port.bare())
    let_in.talk()
    assert let_in.exchange._borrowing.named(let_in.clock.at)
