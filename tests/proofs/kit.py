"""A furnished station for the proofs: a real encrypted data folder that has heard the county."""

import atexit
import random
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from station_app.journal import migrations
from station_app.journal.fact import Body, Fact, Private, Saying
from station_app.journal.log import FactLog
from station_app.journal.recorder import Author, Recorder, new_ticket
from station_app.journal.states import table_statements
from station_app.journal.store import transaction
from station_app.premises import (
    DATABASE,
    WRITERS,
    Enrolment,
    Premises,
    keep_enrolment,
    open_database,
    open_premises,
)
from station_app.reference.facts import CourierPublished, DeviceEnrolled, StationDescribed
from station_app.services.people.facts import PersonDetails, PersonRegistered
from station_app.vocabulary import VOCABULARY

KEY = bytes(range(32))
DAY = "2026-11-23"
MORNING_MS = 1_795_391_400_000  # 2026-11-23 07:50 in Shanghai
STATION = "NX0601"


class SetClock:
    """A clock that stands where it was put, and moves a millisecond each time it is asked."""

    def __init__(self, at_ms: int = MORNING_MS) -> None:
        self.at_ms = at_ms

    def now_ms(self) -> int:
        self.at_ms += 1
        return self.at_ms


class SeededChance:
    """Chance that replays."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def draw(self, count: int) -> bytes:
        return self._random.randbytes(count)


def county_words(people: int = 12) -> tuple[tuple[Body, Private | None], ...]:
    """What a county says to a small station: itself, three couriers, a PC, some villagers."""
    said: list[tuple[Body, Private | None]] = [
        (
            StationDescribed(
                code=STATION,
                name="柳荫洼村电商服务站",
                level="village",
                parent="NX0600",
                township="赤眉镇",
                village="柳荫洼村",
                status="active",
                shelves=6,
                layers=4,
                places=40,
                day=DAY,
            ),
            None,
        ),
        (
            DeviceEnrolled(station=STATION, device="D1", slot=0, public_key="00" * 32, day=DAY),
            None,
        ),
    ]
    for priority, (code, name, pattern) in enumerate(
        (("ZTO", "中通快递", r"^7[3-68]\d{12}$"), ("YTO", "圆通速递", r"^YT\d{13}$"))
    ):
        said.append((_courier(code, name, pattern, priority), None))
    for number in range(people):
        details = PersonDetails(name=f"王示{chr(0x5170 + number)}", phone=f"1540000{6000 + number}")
        said.append((PersonRegistered(code=f"V{number:05}", day=DAY), details))
    return tuple(said)


def _courier(code: str, name: str, pattern: str, priority: int) -> CourierPublished:
    return CourierPublished(
        code=code,
        name=name,
        initial=code[0],
        pattern=pattern,
        example="73000000000017" if code == "ZTO" else "YT0000000000017",
        priority=priority,
        must_confirm=0,
        remind_days=3,
        call_days=5,
        return_days=7,
        day=DAY,
    )


def county_facts(people: int = 12) -> list[Fact]:
    """Return one county stream with `county_words`, as a county would have recorded it."""
    connection = dbapi2.connect(":memory:", isolation_level=None)
    steps = (*migrations.JOURNAL, migrations.Migration("t", table_statements(VOCABULARY.entities)))
    migrations.migrate(connection, steps)
    chance = SeededChance(7)
    recorder = Recorder(connection, VOCABULARY, Author("county.1/all", ""), chance=chance)
    with transaction(connection):
        act = recorder.open_act(new_ticket(chance), by="", at=MORNING_MS - 86_400_000)
        act.say(*(Saying(body, private) for body, private in county_words(people)))
        act.close()
    return list(FactLog(connection).all_of("county.1/all"))


def furnish(folder: Path, *, people: int = 12) -> None:
    """Make an enrolled data folder that has heard the county: a copy of one that was made once."""
    shutil.copytree(_furnished(people), folder, dirs_exist_ok=True)


@cache
def _furnished(people: int) -> Path:
    kept = tempfile.TemporaryDirectory(prefix="furnished-")
    atexit.register(kept.cleanup)
    folder = Path(kept.name)
    connection = open_database(folder, KEY)
    furnish_on(connection, people=people)
    connection.close()
    return folder


def furnish_on(connection: Any, *, people: int = 12) -> None:
    """Enrol an open, empty database of any driver, and let it hear the county."""
    chance = SeededChance(11)
    recorder = Recorder(
        connection, VOCABULARY, Author("county.1/all", ""), chance=chance, writers=WRITERS
    )
    with transaction(connection):
        keep_enrolment(
            connection,
            Enrolment(
                station=STATION,
                device="D1",
                slot=0,
                county="NX0000",
                county_url="http://127.0.0.1:1",
                county_key="00" * 32,
            ),
        )
        recorder.take(county_facts(people))


def open_furnished(folder: Path, *, seed: int, clock: SetClock | None = None) -> Premises:
    """Open it as the program would."""
    return open_premises(folder, KEY, clock=clock or SetClock(), chance=SeededChance(seed))


def database(folder: Path) -> Path:
    """Return the database file."""
    return folder / DATABASE
