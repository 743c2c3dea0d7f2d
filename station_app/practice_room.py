"""The room for practice: a data folder of its own, made anew each time, that knows no county.

What is practised is the program itself on a journal of its own. It lies beside the real one, its
keys are drawn for it and no county knows them, and whatever stood there before is thrown away: so
nothing practised can reach a book, and every lesson finds the same villagers.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from station_app.journal import migrations
from station_app.journal.fact import Body, Fact, Private, Saying
from station_app.journal.log import FactLog
from station_app.journal.one_process import OneProcess
from station_app.journal.recorder import Author, Recorder, new_ticket
from station_app.journal.states import table_statements
from station_app.journal.store import transaction
from station_app.premises import DATABASE, WRITERS, Enrolment, keep_enrolment, open_database
from station_app.reference.facts import DeviceEnrolled, StationDescribed
from station_app.resources_dir import resources
from station_app.security.database_key import database_key
from station_app.security.key_store import PlainFileStore
from station_app.services.parcels.records import PRACTICE
from station_app.shell.sense_settings import SenseSettings
from station_app.shell.sense_settings import keep as keep_senses
from station_app.values.clock import Chance
from station_app.vocabulary import VOCABULARY

ROOM = "practice"  # beside the real database, in the same data folder
KEYS = "keys"
DEVICE = "D1"
AT_ONCE = 50  # facts of one act
COUNTY_STREAM = "county.1/all"
LONG_BEFORE_MS = 86_400_000


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that the county has said. of: the code of the person whom it happens to."""

    kind: str
    v: int
    of: str
    body: dict[str, Any]
    private: dict[str, Any] | None


def make_room(
    data: Path, chance: Chance, now_ms: int, senses: SenseSettings
) -> tuple[Path, PlainFileStore]:
    """Make the room anew, below the data folder of a station; return its folder and its keys.

    senses: how the real counter hears and is heard. Raises OpenElsewhere if somebody practises.
    """
    folder = data / ROOM
    folder.mkdir(parents=True, exist_ok=True)
    OneProcess(folder).release()  # nobody is in it
    shutil.rmtree(folder)
    folder.mkdir()
    keys = PlainFileStore.create(folder / KEYS)
    key = database_key(keys, chance, database_exists=False)
    connection = open_database(folder, key)
    try:
        said = _county_facts(chance, now_ms - LONG_BEFORE_MS)
        recorder = Recorder(
            connection, VOCABULARY, Author(COUNTY_STREAM, ""), chance=chance, writers=WRITERS
        )
        with transaction(connection):
            keep_enrolment(connection, _enrolment())
            keep_senses(connection, senses)
            connection.execute("INSERT INTO local(name, value) VALUES (?, '')", (PRACTICE,))
            recorder.take(said)
    finally:
        connection.close()
    assert (folder / DATABASE).exists()
    return folder, keys


def _station() -> str:
    described = next(word for word in words() if word.kind == StationDescribed.KIND)
    return str(described.body["code"])


def _enrolment() -> Enrolment:
    """Return which PC this plays: of a county that is nowhere and can be sent nothing."""
    return Enrolment(
        station=_station(),
        device=DEVICE,
        slot=0,
        county="NX0000",
        county_url="",
        county_key="00" * 32,
    )


def words() -> list[Word]:
    """Return what the county has said: `resources/practice/make_words.py` wrote it down."""
    content = (resources() / "practice" / "words.json").read_bytes()
    return msgspec.json.decode(content, type=list[Word])


def _county_facts(chance: Chance, at: int) -> list[Fact]:
    """Return the county's stream, recorded as a county records it."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    tables = migrations.Migration("practice", table_statements(VOCABULARY.entities))
    migrations.migrate(connection, (*migrations.JOURNAL, tables))
    recorder = Recorder(connection, VOCABULARY, Author(COUNTY_STREAM, ""), chance=chance)
    founded: dict[str, str] = {}
    here = DeviceEnrolled(
        station=_station(), device=DEVICE, slot=0, public_key="00" * 32, day="2026-01-01"
    )
    try:
        with transaction(connection):
            for some in _in_acts([*_bodies(words()), ("", here, None)]):
                act = recorder.open_act(new_ticket(chance), by="", at=at)
                for of, body, private in some:
                    (told,) = act.say(Saying(body, private, founded[of] if of else ""))
                    if not of and (code := getattr(body, "code", "")):
                        founded[code] = told.identity
                act.close()
        return list(FactLog(connection).all_of(COUNTY_STREAM))
    finally:
        connection.close()


Spoken = tuple[str, Body, Private | None]


def _bodies(said: Sequence[Word]) -> Iterator[Spoken]:
    for word in said:
        kind = VOCABULARY.kinds[word.kind, word.v]
        private = None
        if word.private is not None:
            assert kind.PRIVATE is not None, word.kind
            private = msgspec.convert(word.private, kind.PRIVATE)
        yield word.of, msgspec.convert(word.body, kind), private


def _in_acts(said: Sequence[Spoken]) -> Iterator[Sequence[Spoken]]:
    for start in range(0, len(said), AT_ONCE):
        yield said[start : start + AT_ONCE]
