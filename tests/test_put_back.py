"""A PC whose disk was put back: what lacks is named by number, and what asks others waits."""

import shutil
from pathlib import Path

import msgspec
import pytest

from station_app.journal import put_back
from station_app.journal.fact import Body, Saying
from station_app.journal.recorder import Recorder, new_ticket
from station_app.journal.series import take_number
from station_app.journal.verify import verify
from station_app.premises import DATABASE, Premises
from station_app.security.signing import Signer
from station_app.services.cash.facts import DrawerOpened
from station_app.services.clearing.facts import RemittanceSent
from station_app.sync.dictionary import Press
from station_app.sync.journal_port import StationJournal
from station_app.sync.outgoing import HoldBack, Loader
from station_app.vocabulary import ASKING, VOCABULARY
from tests.ledger.samples import sample
from tests.proofs.kit import SeededChance, furnish, open_furnished


def record(premises: Premises, body: type[Body]) -> str:
    """Record an act of one fact, with a number of a series; return its act."""
    ticket = new_ticket(premises.chance)
    said = sample(body)
    if isinstance(said, RemittanceSent):  # without money it needs no payment to go with it
        said = msgspec.structs.replace(said, amount_fen=0, portions=())

    def work(recorder: Recorder) -> None:
        take_number(recorder.connection, "slip/D1")
        act = recorder.open_act(ticket, by="", at=premises.clock.now_ms())
        act.say(Saying(said))
        act.close()

    premises.session.write(work)
    return ticket


@pytest.fixture
def data(tmp_path: Path) -> Path:
    furnish(tmp_path / "station")
    return tmp_path / "station"


def put_back_after(data: Path, more: int) -> Premises:
    """Work, keep the database, work on, put the old database back; the mark stays."""
    premises = open_furnished(data, seed=1)
    record(premises, DrawerOpened)
    record(premises, RemittanceSent)
    stream = premises.session.author.stream
    premises.close()
    kept = data.parent / "kept.db"
    shutil.copyfile(data / DATABASE, kept)
    premises = open_furnished(data, seed=2)
    assert stream != premises.session.author.stream
    for _ in range(more):
        record(premises, DrawerOpened)
    premises.close()
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (data / name).unlink(missing_ok=True)
    shutil.copyfile(kept, data / DATABASE)
    return open_furnished(data, seed=3)


def units_of(premises: Premises) -> list[str]:
    """Return the acts that would leave with the next request, at once."""
    session = premises.session
    port = StationJournal(session.connection, session.write, lambda: session.author.stream)
    signer = Signer(SeededChance(9).draw(32))
    loader = Loader(port, signer, Press(), county="NX0000", hold=HoldBack(ASKING))
    load = loader.load(room=1 << 20, level=3, now_ms=premises.clock.now_ms(), at_once=True)
    return [f.act for frame in load.frames for segment in frame.segments for f in segment.facts]


def test_what_nobody_holds_is_listed_by_number_until_it_is_entered_again(data: Path) -> None:
    premises = put_back_after(data, more=3)
    connection = premises.session.connection
    (found,) = put_back.lacking(connection)
    assert (found.first, found.last, found.facts) == (1, 3, 3)
    assert found.lost.numbers == (put_back.Numbers("slip/D1", 3, 5),)
    report = verify(connection, VOCABULARY)
    assert report.lacking == (found,)
    assert report.as_json()["lost"][0]["numbers"] == [{"series": "slip/D1", "first": 3, "last": 5}]
    premises.close()
    premises = open_furnished(data, seed=4)
    assert put_back.lacking(premises.session.connection) == [found]
    premises.session.write(lambda r: put_back.entered_again(r.connection, found.lost))
    assert put_back.lacking(premises.session.connection) == []
    premises.close()


def test_an_asking_act_leaves_only_after_the_operator_has_looked(data: Path) -> None:
    premises = put_back_after(data, more=1)
    connection = premises.session.connection
    (asked,) = put_back.doubted(connection)
    assert asked.kind == RemittanceSent.KIND
    assert asked.act not in units_of(premises)
    premises.close()
    premises = open_furnished(data, seed=5)
    assert asked.act not in units_of(premises)
    premises.session.write(lambda r: put_back.confirm(r.connection, asked.stream, asked.act))
    assert asked.act in units_of(premises)
    premises.close()


def test_a_start_that_was_not_put_back_doubts_nothing(data: Path) -> None:
    premises = open_furnished(data, seed=1)
    record(premises, RemittanceSent)
    premises.close()
    premises = open_furnished(data, seed=2)
    assert put_back.doubted(premises.session.connection) == []
    assert put_back.lacking(premises.session.connection) == []
    premises.close()
