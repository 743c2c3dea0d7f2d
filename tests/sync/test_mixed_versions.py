"""An older and a newer program at one station, and a county that was upgraded first."""

import copy
from pathlib import Path

import pytest

from county_server.county import County
from station_app import premises
from station_app.journal.log import FactLog
from station_app.journal.recorder import new_ticket
from station_app.journal.session import Session
from station_app.journal.upgrading import read_what_became_readable
from station_app.journal.verify import verify
from station_app.journal.vocabulary import Vocabulary
from station_app.services.parcels.commands import ReturnParcels, ShelveParcel
from station_app.services.parcels.facts import ParcelReturned, ParcelTold
from station_app.shell.desk import Done
from station_app.vocabulary import VOCABULARY
from tests.proofs.kit import SetClock as MorningClock
from tests.proofs.kit import furnish, open_furnished
from tests.sync import stand
from tests.sync.stand import (
    STATION,
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
)


def without(*kinds: str) -> Vocabulary:
    """The vocabulary of a program that is older than these kinds."""
    older = copy.copy(VOCABULARY)
    older._body_decoders = {
        key: decoder for key, decoder in VOCABULARY._body_decoders.items() if key[0] not in kinds
    }
    assert len(older._body_decoders) < len(VOCABULARY._body_decoders)
    return older


def set_aside(pc: Pc) -> int:
    count: int = pc.reader.execute("SELECT count(*) FROM quarantine").fetchone()[0]
    return count


def test_an_older_pc_works_on_beside_a_newer_one_and_catches_up_when_it_is_upgraded(
    county: County, tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = enrolled_pc(county, tmp_path / "newer", clock)
    older = enrolled_pc(county, tmp_path / "older", clock, seed=200)
    with monkeypatch.context() as patch:
        patch.setattr(stand, "VOCABULARY", without(ParcelTold.KIND))
        older.restart()
    first, second, third = newer.shelve(3)
    newer.call(first.identity)
    newer.hand_over(first.identity)  # stands behind what the older program cannot read
    for pc in (newer, older):
        converse(pc, direct(county))
    assert set_aside(older) == 1
    assert set_aside(newer) == 0
    older.hand_over(second.identity)  # every other parcel goes on
    older.shelve(1)
    for pc in (older, newer, older):
        converse(pc, direct(county))
    assert older.unconfirmed() == newer.unconfirmed() == 0
    assert {f.identity for f in older.facts()} == {f.identity for f in newer.facts()}
    assert folded_here(newer) == folded_there(county, STATION)
    assert folded_here(older) != folded_here(newer)
    assert state_of(older, second.identity) == state_of(newer, second.identity)
    assert state_of(older, third.identity) == state_of(newer, third.identity)
    older.restart()  # the upgrade
    assert read_what_became_readable(older.session.connection, VOCABULARY) == 1
    assert read_what_became_readable(older.session.connection, VOCABULARY) == 0
    assert folded_here(older) == folded_here(newer)
    assert verify(older.reader, VOCABULARY).is_sound
    older.close()
    newer.close()


def state_of(pc: Pc, parcel: str) -> list[tuple[str, bytes]]:
    rows = pc.reader.execute("SELECT kind, data FROM states WHERE entity = ?", (parcel,))
    return [(str(kind), bytes(data)) for kind, data in rows.fetchall()]


def test_a_start_of_the_newer_program_reads_what_the_older_one_had_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They stayed on the page of the upgraded PC until somebody ran `rebuild`."""
    for name in ("here", "sibling"):
        furnish(tmp_path / name)
    sibling = open_furnished(tmp_path / "sibling", seed=2, clock=MorningClock())
    shelved = sibling.desk.settle(
        ShelveParcel(courier="ZTO", waybill="73000000000017", tail="6001"),
        ticket=new_ticket(sibling.chance),
    )
    assert isinstance(shelved, Done)
    back = ReturnParcels(parcels=(shelved.told[0].identity,), reason="refused")
    assert isinstance(sibling.desk.settle(back, ticket=new_ticket(sibling.chance)), Done)
    facts = list(FactLog(sibling.session.connection).all_of(sibling.session.author.stream))
    sibling.close()
    with monkeypatch.context() as patch:
        patch.setattr(premises, "VOCABULARY", without(ParcelReturned.KIND))
        here = open_furnished(tmp_path / "here", seed=1)
        session: Session = here.session
        session.write(lambda recorder: recorder.take(facts))
        assert _count(here) == 1
        here.close()
    here = open_furnished(tmp_path / "here", seed=3)
    assert _count(here) == 0
    status = here.session.connection.execute("SELECT status FROM parcels").fetchall()
    assert status == [("returned",)]
    here.close()


def _count(here: premises.Premises) -> int:
    rows = here.session.connection.execute("SELECT count(*) FROM quarantine")
    count: int = rows.fetchone()[0]
    return count
