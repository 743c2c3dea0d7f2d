"""What the pages see of the stick: looked at, written and taken in a thread that is not theirs."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from county_server.bundles import read_bundle
from county_server.county import County
from county_server.enrol import make_enrolment_code
from station_app.journal.recorder import Recorder, new_ticket
from station_app.overview.sync_words import strip_line
from station_app.own_key import note_renewed
from station_app.premises import Premises, SystemChance, SystemClock, open_premises
from station_app.security.database_key import database_key
from station_app.security.key_store import PlainFileStore
from station_app.sending_view import SendingView
from station_app.shell.tasks import PerThread, Tasks
from station_app.stick_enrol import enrol_by_stick
from station_app.sync.journal_port import StationJournal
from station_app.sync.progress import SENT, Attempt
from tests.sync.stand import SetClock, new_county, shelved


class Desk:
    """A station that was enrolled by stick, with its view of sending; no line."""

    def __init__(self, folder: Path, county: County, qtbot: Any) -> None:
        from county_server.bundles import read_enrolment

        self.stick, data = folder / "stick", folder / "data"
        self.stick.mkdir()
        self.county, self._qtbot = county, qtbot
        keys = PlainFileStore.create(folder / "keys")
        code = make_enrolment_code(county, "NX0601").code
        enrol_by_stick(data, keys, [self.stick], "", code)
        (request,) = self.stick.glob("*.enrol")
        with request.open("rb") as file, request.with_suffix(".answer").open("wb") as out:
            read_enrolment(county, file).seal(out)
        enrol_by_stick(data, keys, [self.stick], "", "")
        self.tasks = Tasks()
        self.premises: Premises = open_premises(
            data,
            database_key(keys, SystemChance(), database_exists=True),
            clock=SystemClock(),
            chance=SystemChance(),
            threads=self.tasks,
            per_thread=PerThread,
        )
        self.came = 0
        self.told: list[tuple[str, bool]] = []
        self.heard_in: set[threading.Thread] = set()
        self.sticks: tuple[Path, ...] = (self.stick,)
        self.view = SendingView(
            premises=self.premises,
            keys=keys,
            threads=self.tasks,
            line=lambda: None,
            reading=PerThread(self.premises.open_reader),
            came=self._came,
            mounted=lambda: self.sticks,
        )
        self.view.listen(lambda: self.heard_in.add(threading.current_thread()))

    def _came(self) -> None:
        self.came += 1

    def ended(self, words: str, is_done: bool) -> None:
        self.told.append((words, is_done))

    def write(self) -> tuple[str, bool]:
        return self._ask(self.view.write_stick)

    def take(self) -> tuple[str, bool]:
        return self._ask(self.view.take_stick)

    def _ask(self, ask: Any) -> tuple[str, bool]:
        before = len(self.told)
        ask(self.ended)
        self._qtbot.waitUntil(lambda: len(self.told) > before, timeout=10_000)
        return self.told[-1]

    def look(self) -> None:
        self.view.look_for_stick()
        self._qtbot.waitUntil(lambda: not self.view._pending, timeout=10_000)

    def answer(self) -> None:
        """The county reads the bundle and puts its answer beside it."""
        (bundle,) = self.stick.glob("*.bundle")
        answer = read_bundle(self.county, io.BytesIO(bundle.read_bytes()))
        with bundle.with_suffix(".answer").open("wb") as out:
            answer.seal(out)

    def close(self) -> None:
        self.view.stop()
        self.tasks.close()
        self.premises.close()


@pytest.fixture
def desk(tmp_path: Path, qtbot: Any) -> Iterator[Desk]:
    county = new_county(tmp_path / "county", SetClock())
    desk = Desk(tmp_path, county, qtbot)
    yield desk
    desk.close()
    county.close()


def test_before_the_line_has_begun_nothing_is_said_to_be_off_since_1970(desk: Desk) -> None:
    texts, now = desk.premises.texts, desk.premises.clock.now_ms()
    words = strip_line(texts, desk.view.standing(), now).words
    assert "没连过县里" in words
    session = desk.premises.session
    journal = StationJournal(session.connection, session.write, lambda: "")
    journal.note(Attempt(at=now - 3 * 3_600_000, outcome=SENT))
    words = strip_line(texts, desk.view.standing(), now).words
    assert "断网 3 小时" in words


def test_out_and_back_with_a_sentence_each(desk: Desk) -> None:
    desk.look()
    assert (desk.view.stick().is_there, desk.view.stick().has_answer) == (True, False)
    words, is_done = desk.write()
    assert is_done
    assert "写好在 U 盘上了" in words
    desk.look()
    assert not desk.view.stick().has_answer
    desk.answer()
    desk.look()
    assert desk.view.stick().has_answer
    assert desk.heard_in == {threading.main_thread()}
    words, is_done = desk.take()
    assert is_done
    assert words.startswith("县里的回执收好了")
    assert desk.came == 1
    standing = desk.view.standing()
    assert standing.receipt is not None
    assert [a.outcome for a in standing.attempts][:2] == ["stick_in", "stick_out"]
    desk.look()
    assert not desk.view.stick().has_answer  # it lies there still, and is not offered again


def test_a_key_that_was_renewed_elsewhere_is_told_to_the_page(desk: Desk) -> None:
    desk.write()
    desk.answer()
    desk.take()
    (before,) = desk.view.standing().pcs
    assert (before.is_here, before.is_renewed_elsewhere) == (True, False)
    write = desk.premises.session.write
    write(lambda recorder: note_renewed(recorder.connection, "ab" * 32))
    (after,) = desk.view.standing().pcs
    assert after.is_renewed_elsewhere
    write(lambda recorder: note_renewed(recorder.connection, ""))
    (again,) = desk.view.standing().pcs
    assert not again.is_renewed_elsewhere


def test_without_a_stick_or_an_answer_a_sentence_says_what_next(desk: Desk) -> None:
    assert desk.take() == ("U 盘上没有县里的回执。先让县里读一下这个 U 盘", False)
    desk.sticks = ()
    assert desk.write() == ("没看到 U 盘。插好，等几秒再按", False)
    desk.look()
    assert not desk.view.stick().is_there
    desk.sticks = (desk.stick / "pulled",)
    assert desk.write() == ("U 盘中途拔了，没写全，不算数。插好再按一次", False)


def test_a_damaged_answer_is_said_and_an_older_good_one_is_taken(desk: Desk) -> None:
    desk.write()
    desk.answer()
    (good,) = desk.stick.glob("*D1.answer")
    bad = good.with_name("newer.answer")
    bad.write_bytes(good.read_bytes()[:-9])
    assert desk.take()[1]
    good.unlink()
    words, is_done = desk.take()
    assert (words, is_done) == ("U 盘上的回执坏了，坏的没收。让县里重写一份", False)


def test_a_stick_that_stumbles_is_said_and_the_next_one_works(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    mounted = desk.view.mounted

    def broken() -> tuple[Path, ...]:
        raise RuntimeError("the bus is on fire")

    desk.view.mounted = broken
    assert desk.write() == ("没办成，账没动。再按一次，还不行打县里电话", False)
    desk.view.mounted = mounted
    assert desk.write()[1]


def test_what_a_sibling_brought_is_told_like_what_the_county_brought(
    tmp_path: Path, qtbot: Any
) -> None:
    """Pages show it, and a name that was erased there is wiped here: no receipt comes with it."""
    county = new_county(tmp_path / "county", SetClock())
    desks = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        desks.append(Desk(tmp_path / name, county, qtbot))
    one, two = desks
    one.write()
    one.answer()
    one.take()  # it has heard of the other one

    def work(recorder: Recorder) -> None:
        act = recorder.open_act(new_ticket(SystemChance()), by="", at=SystemClock().now_ms())
        act.say(shelved("73000000000017", 1))
        act.close()

    one.tasks.write(lambda: one.premises.session.write(work), lambda _nothing: None)
    assert one.write()[1]
    two.sticks = (one.stick,)
    assert two.take()[1]
    parcels = two.view.reading().execute("SELECT count(*) FROM parcels").fetchone()
    assert (parcels, two.came) == ((1,), 1)
    for desk in desks:
        desk.close()
    county.close()
