"""The line: one command's sending, and the thread that goes on whatever happens in it."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from station_app import chores
from station_app.journal.recorder import new_ticket
from station_app.line import LineThread, sync_once
from station_app.machine import SystemChance, SystemClock
from station_app.premises import Premises, open_premises
from station_app.security.key_store import DEVICE_SEED, PlainFileStore
from station_app.services.parcels.commands import ShelveParcel
from station_app.shell.desk import Done
from station_app.shell.tasks import PerThread, Tasks
from station_app.sync.causes import NO_LINE, OWN_FAULT
from station_app.sync.pacing import GAP_MS
from station_app.sync.progress import HELD_UP, SyncStatus
from tests.proofs.kit import KEY, SeededChance, furnish
from tests.stage import Stage, stage


def opened(played: Stage, folder: Path) -> Premises:
    key = chores.key_of(played.data, played.key_file)
    return open_premises(folder, key, clock=SystemClock(), chance=SystemChance())


def shelve(here: Premises, waybill: str) -> None:
    command = ShelveParcel(courier="ZTO", waybill=waybill, name="王示兰", tail="6021")
    done = here.desk.settle(command, ticket=new_ticket(here.chance))
    assert isinstance(done, Done), done


def held(here: Premises) -> list[tuple[str, int]]:
    rows = here.session.connection.execute(
        "SELECT stream, max(seq) FROM facts GROUP BY stream ORDER BY stream"
    )
    return [tuple(row) for row in rows.fetchall()]


def confirmed(line: LineThread) -> int:
    """Return up to which fact of this start's stream the county has confirmed."""
    status = line.status()
    return status.receipt.upto if status and status.receipt else 0


# --- One command ---------------------------------------------------------------------------------


def test_a_disk_that_lied_is_opened_anew_and_the_command_goes_on(
    pristine: Path, tmp_path: Path
) -> None:
    """The last acts reached the county and not the disk: they come back within one command."""
    with stage(pristine, tmp_path) as played:
        keys = PlainFileStore(played.key_file)
        here = opened(played, played.data)
        shelve(here, "73000000000017")
        assert sync_once(here, keys).is_complete
        here.session.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copytree(played.data, tmp_path / "disk")
        shelve(here, "73000000000024")
        assert sync_once(here, keys).is_complete
        live, before = here.session.author, held(here)
        here.close()
        back = opened(played, tmp_path / "disk")
        back.session.author = back.session.recorder.author = live
        assert held(back) != before
        result = sync_once(back, keys)
        assert (result.cause, result.detail) == ("", "")
        assert result.is_complete
        assert result.facts_down == 1
        assert held(back) == before
        assert back.session.author.stream != live.stream
        back.close()


class ForwardClock(SystemClock):
    """The real clock, some way ahead: nobody waits for what is due in a while."""

    ahead_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.ahead_ms


def test_what_is_recorded_leaves_without_a_key(pristine: Path, tmp_path: Path, qtbot: Any) -> None:
    """Nobody presses anything: the county has it, and the page is told."""
    clock = ForwardClock()
    with stage(pristine, tmp_path) as played:
        tasks = Tasks()
        told: list[bool] = []
        here = open_premises(
            played.data,
            chores.key_of(played.data, played.key_file),
            clock=clock,
            chance=SystemChance(),
            threads=tasks,
            per_thread=PerThread,
        )
        line = LineThread(here, PlainFileStore(played.key_file), tasks, told.append)
        line.start()
        try:
            qtbot.waitUntil(lambda: bool(told), timeout=20_000)
            before = confirmed(line)
            tasks.write(lambda: shelve(here, "73000000000017"), lambda _nothing: line.wake())
            clock.ahead_ms = GAP_MS
            qtbot.waitUntil(lambda: confirmed(line) > before, timeout=30_000)
            assert played.county_stream() == played.stream() != []
        finally:
            line.stop()
            tasks.close()
            here.close()
        assert played.county_verify()["findings"] == []


# --- The thread ----------------------------------------------------------------------------------


class Stumbling(SeededChance):
    """Chance that raises the first times that the line asks for it."""

    def __init__(self, times: int) -> None:
        super().__init__(7)
        self.times = times
        self.is_armed = False

    def draw(self, count: int) -> bytes:
        if self.is_armed and self.times:
            self.times -= 1
            raise LookupError("no luck left")
        return super().draw(count)


class Runner:
    """A furnished station with the thread of its line; its county cannot be reached."""

    def __init__(self, folder: Path, qtbot: Any, chance: SeededChance) -> None:
        furnish(folder / "data")
        self.keys = PlainFileStore.create(folder / "key")
        self.keys.put(DEVICE_SEED, bytes(range(32)))
        self.tasks = Tasks()
        self.premises = open_premises(
            folder / "data",
            KEY,
            clock=SystemClock(),
            chance=chance,
            threads=self.tasks,
            per_thread=PerThread,
        )
        self.told: list[bool] = []
        self.line = LineThread(self.premises, self.keys, self.tasks, self.told.append)
        self._qtbot = qtbot

    def wait(self, wanted: str) -> SyncStatus:
        """Wait until the page would show this cause."""

        def shown() -> bool:
            status = self.line.status()
            return status is not None and status.cause == wanted and bool(self.told)

        self._qtbot.waitUntil(shown, timeout=10_000)
        status = self.line.status()
        assert status is not None
        return status

    def close(self) -> None:
        self.line.stop()
        self.tasks.close()
        self.premises.close()


@pytest.fixture
def runner(tmp_path: Path, qtbot: Any) -> Iterator[Any]:
    made: list[Runner] = []

    def make(chance: SeededChance) -> Runner:
        made.append(Runner(tmp_path, qtbot, chance))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_bug_in_a_step_is_logged_and_said_and_the_line_goes_on(
    runner: Any, caplog: pytest.LogCaptureFixture
) -> None:
    chance = Stumbling(1)
    station = runner(chance)
    chance.is_armed = True
    with caplog.at_level(logging.ERROR):
        station.line.start()
        status = station.wait(OWN_FAULT)
    assert status.line == HELD_UP
    assert status.detail == "LookupError: no luck left"
    assert status.attempts[0].outcome == OWN_FAULT
    assert "the line stumbled" in caplog.text
    station.line.hurry()
    assert station.wait(NO_LINE).attempts[0].outcome == NO_LINE
    assert station.line.is_alive


def test_a_bug_that_also_hits_the_saying_does_not_end_the_line(
    runner: Any, caplog: pytest.LogCaptureFixture
) -> None:
    chance = Stumbling(3)
    station = runner(chance)
    chance.is_armed = True
    with caplog.at_level(logging.ERROR):
        station.line.start()
        station._qtbot.waitUntil(lambda: chance.times < 2, timeout=10_000)
        while chance.times:
            station.line.hurry()
            station._qtbot.wait(20)
        station.line.hurry()
        station.wait(NO_LINE)
    assert "could not say" in caplog.text
    assert station.line.is_alive


def test_keys_that_cannot_be_read_yet_are_asked_for_again(runner: Any, tmp_path: Path) -> None:
    station = runner(SeededChance(7))
    place, away = tmp_path / "key", tmp_path / "away"
    place.rename(away)
    station.line.start()
    station._qtbot.wait(50)
    assert station.line.status() is None
    assert station.line.is_alive
    away.rename(place)
    station.line.wake()
    station.wait(NO_LINE)


def test_a_line_that_was_stopped_does_not_begin(runner: Any) -> None:
    station = runner(SeededChance(7))
    station.line.stop()
    station.line.start()
    assert not station.line.is_alive
    assert station.line.status() is None
