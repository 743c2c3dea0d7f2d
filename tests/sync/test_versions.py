"""Two machines with one memory write one stream: what each said reaches everybody, and counts once
the county has said so, by line and by stick, on either database.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from county_server.county import County
from county_server.rebuilding import rebuild
from county_server.revoking import (
    NotDecided,
    Waiting,
    revocation,
    settlement,
    waiting,
    waiting_acts,
)
from county_server.scribe import Scribe
from county_server.store import Store
from county_server.verify import verify_county
from station_app.journal.fact import Fact, Saying, said_as
from station_app.journal.recorder import new_ticket
from station_app.journal.verify import verify
from station_app.security.sealed_file import TO_SIBLING, open_sealed
from station_app.sync.courier import Carried, Written
from station_app.sync.sibling import SiblingMail
from station_app.vocabulary import VOCABULARY
from tests.postgres import ON_BOTH_STORES, Cluster
from tests.sync.mail import sealed
from tests.sync.stand import (
    DAY,
    STATION,
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    new_county,
    reopened_county,
)
from tests.sync.test_exchange import copied


class Yard:
    """A county, a PC, its copy, and a sibling that wrote neither."""

    def __init__(self, folder: Path, cluster: Cluster | None) -> None:
        self.clock = SetClock()
        self.county: County = new_county(folder / "county", self.clock, cluster=cluster)
        self.pc = enrolled_pc(self.county, folder / "d1", self.clock)
        self.sibling = enrolled_pc(self.county, folder / "d2", self.clock, seed=200)
        self.pc.shelve(2)
        self.talk(self.pc, self.sibling)
        self.clone = copied(self.pc, folder / "clone", self.clock, 998)
        self.clone.acts = 500  # other parcels than those of the first
        self.clone.session.author = self.clone.session.recorder.author = self.pc.session.author

    @property
    def all(self) -> tuple[Pc, ...]:
        return (self.pc, self.clone, self.sibling)

    def talk(self, *pcs: Pc) -> None:
        for pc in pcs:
            self.clock.at += 60_000
            converse(pc, direct(self.county))

    def split(self) -> list[Fact]:
        """Each goes on by itself; the copy comes second, so that its version is found."""
        self.pc.shelve(3)
        other = self.clone.shelve(2)
        self.talk(self.pc, self.clone)
        return other

    def decide(self, upto: Fact, *, is_accepted: bool = True) -> None:
        store = self.county.store
        with store.read() as connection:
            found = waiting(store, connection, STATION)
            (one,) = [w for w in found if upto.identity in acts_of(store, connection, w)]
            sayings = settlement(
                store, connection, STATION, one.line,
                upto=upto.seq, is_accepted=is_accepted, remark="对过", day=DAY,
            )  # fmt: skip
        self._say(sayings)

    def cut_off(self) -> None:
        """The PC and its copy are one to the county."""
        store, device = self.county.store, self.pc.place.partition("/")[2]
        why = {"reason": "lost", "remark": "找不着了", "day": DAY}
        with store.read() as connection:
            sayings = revocation(store, connection, STATION, device, **why)
        self._say(sayings)

    def _say(self, sayings: list[Saying]) -> None:
        store = self.county.store
        with store.write() as connection:
            scribe = Scribe(store, connection, self.county.keys, self.county.chance)
            scribe.say(STATION, sayings, by="C01+F01", at=self.clock.at)
            scribe.seal()

    def check(self) -> None:
        """Everybody holds both versions, shows the same, and is sound; so when made anew."""
        there = folded_there(self.county, STATION)
        for pc in self.all:
            assert plain(folded_here(pc)) == plain(there), pc.place
            report = verify(pc.reader, VOCABULARY)
            assert report.is_sound, report.first_broken
            assert not pc.unconfirmed()
        assert not verify_county(self.county).findings
        rebuild(self.county.store)
        assert folded_there(self.county, STATION) == there

    def close(self) -> None:
        for pc in self.all:
            pc.close()
        self.county.close()


def acts_of(store: Store, connection: Connection, one: Waiting) -> set[str]:
    """The last fact of each act that waits in a line, by identity."""
    return {act.hash for act in waiting_acts(store, connection, one)}


def plain(tables: list[list[tuple[object, ...]]]) -> list[list[tuple[object, ...]]]:
    """Rows by the stream's own name: which version bears it depends on what came first."""
    return [
        sorted(
            (tuple(said_as(v) if isinstance(v, str) else v for v in row) for row in rows), key=repr
        )
        for rows in tables
    ]


@pytest.fixture
def yard(tmp_path: Path, store_in: Cluster | None) -> Iterator[Yard]:
    yard = Yard(tmp_path, store_in)
    yield yard
    yard.close()


def parcels(pc: Pc) -> int:
    count: int = pc.reader.execute("SELECT count(*) FROM parcels").fetchone()[0]
    return count


@ON_BOTH_STORES
def test_a_live_copy_writes_another_version_and_everybody_counts_it_once_accepted(
    yard: Yard,
) -> None:
    other = yard.split()
    yard.talk(yard.clone, *yard.all, *yard.all)
    assert all({f.identity for f in other} <= {f.identity for f in pc.facts()} for pc in yard.all)
    assert {parcels(pc) for pc in yard.all} == {5}
    yard.check()
    yard.decide(other[0])
    yard.talk(*yard.all)
    assert {parcels(pc) for pc in yard.all} == {6}
    yard.check()
    yard.decide(other[1])
    yard.talk(*yard.all)
    assert {parcels(pc) for pc in yard.all} == {7}
    yard.check()


@pytest.mark.parametrize("store_in", [None])
def test_a_copy_that_was_cut_off_and_lost_its_end_counts_what_it_has_of_what_was_accepted(
    yard: Yard, tmp_path: Path
) -> None:
    """It counted none of it until it was let in again: it might have been the other version."""
    yard.pc.shelve(3)
    yard.clone.shelve(2)
    author = yard.clone.session.author
    image = copied(yard.clone, tmp_path / "image", yard.clock, 997)
    yard.clone.session.author = yard.clone.session.recorder.author = author
    (last,) = yard.clone.shelve(1)
    yard.talk(yard.pc, yard.clone)
    yard.cut_off()
    yard.decide(last)
    yard.talk(yard.sibling, yard.clone, image)
    assert last.identity not in {fact.identity for fact in image.facts()}
    assert (parcels(yard.sibling), parcels(yard.clone), parcels(image)) == (8, 8, 4)
    assert verify(image.reader, VOCABULARY).is_sound
    image.close()


@pytest.mark.parametrize("store_in", [None])
def test_what_was_refused_is_kept_and_counts_nowhere(yard: Yard) -> None:
    other = yard.split()
    yard.decide(other[1], is_accepted=False)
    yard.talk(*yard.all, *yard.all)
    assert {parcels(pc) for pc in yard.all} == {5}
    yard.check()


@pytest.mark.parametrize("store_in", [None])
def test_the_copy_that_wrote_it_begins_a_new_stream(yard: Yard) -> None:
    """And hangs what it says then on its own version: both go on, neither is lost."""
    yard.split()
    live = yard.clone.session.author.stream
    assert live != yard.pc.session.author.stream
    later = yard.clone.shelve(1)
    yard.pc.shelve(1)
    yard.talk(*yard.all, *yard.all)
    assert {parcels(pc) for pc in yard.all} == {7}
    assert later[0].stream == live
    yard.check()


@pytest.mark.parametrize("store_in", [None])
def test_a_version_that_goes_on_from_one_that_waits_comes_after_it(yard: Yard) -> None:
    other = yard.split()
    yard.decide(other[0])
    store = yard.county.store
    with store.read() as connection:
        (one,) = waiting(store, connection, STATION)
        assert (one.facts, one.is_version) == (1, True)
        with pytest.raises(NotDecided, match="branch_upto"):
            settlement(
                store, connection, STATION, one.line,
                upto=one.last + 1, is_accepted=True, remark="对过", day=DAY,
            )  # fmt: skip


@pytest.mark.parametrize("store_in", [None])
def test_a_version_of_a_version_is_taken_in_after_the_one_it_goes_on_from(
    yard: Yard, tmp_path: Path
) -> None:
    author = yard.clone.session.author
    yard.pc.shelve(1)
    yard.clone.shelve(1)
    third = copied(yard.clone, tmp_path / "third", yard.clock, 997)
    for pc, acts in ((yard.clone, 600), (third, 700)):
        pc.acts = acts
        pc.session.author = pc.session.recorder.author = author
    (second,), (nested,) = yard.clone.shelve(1), third.shelve(1)
    yard.talk(yard.pc, yard.clone, third)
    with pytest.raises(NotDecided, match="branch_parent"):
        yard.decide(nested)
    yard.decide(second)
    yard.decide(nested)
    yard.talk(*yard.all, third, *yard.all)
    assert {parcels(pc) for pc in (*yard.all, third)} == {6}
    yard.check()
    third.close()


@pytest.mark.parametrize("store_in", [None])
def test_an_act_that_both_versions_undid_is_undone_once(yard: Yard) -> None:
    """Up to the act before the second undoing it may be taken in: that one would post it twice."""
    shared = yard.pc.shelve(1)
    yard.clone.session.write(lambda recorder: recorder.take(shared))
    for row in yard.pc.reader.execute("SELECT * FROM tickets WHERE ticket = ?", (shared[0].act,)):
        marks = ", ".join("?" * len(row))
        yard.clone.session.connection.execute(f"INSERT INTO tickets VALUES ({marks})", row)
    (before,) = yard.clone.shelve(1)
    undone = [undo(pc, shared[0].act) for pc in (yard.pc, yard.clone)]
    yard.talk(yard.pc, yard.clone)
    with pytest.raises(NotDecided, match="undone_twice"):
        yard.decide(undone[1])
    yard.decide(before)
    yard.talk(*yard.all, *yard.all)
    assert {parcels(pc) for pc in yard.all} == {3}
    yard.check()


@pytest.mark.parametrize("store_in", [None])
def test_a_version_that_comes_by_a_siblings_stick_waits_until_the_county_has_said(
    yard: Yard,
) -> None:
    """The sibling holds the one; the stick brings the other before the county knows of it."""
    yard.pc.shelve(3)
    yard.talk(yard.pc, yard.sibling)
    other = yard.clone.shelve(2)
    carried = by_stick(yard.clone, yard.sibling)
    assert (carried.trouble, carried.facts_down) == ("", 2)
    assert {f.identity for f in other} <= {f.identity for f in yard.sibling.facts()}
    assert parcels(yard.sibling) == 5
    yard.talk(yard.sibling, *yard.all, *yard.all)
    assert {parcels(pc) for pc in yard.all} == {5}
    yard.decide(other[1])
    yard.talk(*yard.all)
    assert {parcels(pc) for pc in yard.all} == {7}
    yard.check()


def by_stick(pc: Pc, to: Pc) -> Carried:
    """Carry a stick from one PC to another of its station."""
    pc.clock.at += 1_000
    content = sibling_mail(pc).bundle(to.place, pc.clock.at, Written())
    file = sealed(to.signer.public_key, TO_SIBLING, content)
    pieces = open_sealed(io.BytesIO(file), to.signer, TO_SIBLING)
    return sibling_mail(to).take(pieces, to.clock.at)


def sibling_mail(pc: Pc) -> SiblingMail:
    return SiblingMail(pc.port, pc.signer, pc.press, pc.county, pc.key_of, pc.asking)


def undo(pc: Pc, act: str) -> Fact:
    """Undo an act of the stream that is open; return the reversal."""
    pc.clock.at += 1_000
    batch = pc.session.write(
        lambda recorder: recorder.undo(
            act, ticket=new_ticket(pc.chance), by="operator", at=pc.clock.at, day=DAY
        )
    )
    (fact,) = batch.facts
    return fact


@pytest.mark.parametrize("store_in", [None])
def test_a_county_of_former_days_lets_its_branches_stand_as_versions(
    yard: Yard, tmp_path: Path
) -> None:
    """It kept them in a table of their own, from which nothing could come."""
    other = yard.split()
    header = (
        "stream, seq, act, at, kind, v, entity, by_, prev, digest, identity, body, private_digest"
    )
    with yard.county.store.write(behind=True) as connection:
        connection.execute(text("DROP TRIGGER facts_are_never_removed"))
        for fact in other:
            of = f"FROM facts WHERE identity = '{fact.identity}'"
            names = header.replace("stream", "", 1)
            connection.execute(
                text(
                    f"INSERT INTO branches (station, stream{names}) "
                    f"SELECT station, '{fact.stream}'{names} {of}"
                )
            )
            connection.execute(text(f"DELETE {of}"))
        connection.execute(
            text(
                "INSERT INTO branch_heads SELECT station, substr(stream, 1, instr(stream, '~') - 1)"
                ", to_seq, identity, key_id, signature FROM heads WHERE stream LIKE '%~%'"
            )
        )
        for table in ("heads", "streams", "runs"):
            connection.execute(text(f"DELETE FROM {table} WHERE stream LIKE '%~%'"))
        for table in ("versions", "refolds"):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    yard.county.close()
    yard.county = reopened_county(tmp_path / "county", yard.clock, seed=31)
    with yard.county.store.read() as connection:
        (one,) = waiting(yard.county.store, connection, STATION)
    assert (one.line.partition("~")[0], one.facts) == (other[0].stream, 2)
    yard.talk(*yard.all, *yard.all)
    yard.decide(other[1])
    yard.talk(*yard.all)
    assert {parcels(pc) for pc in yard.all} == {7}
    yard.check()
