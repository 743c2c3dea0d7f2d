"""A county's evening: all its stations, each with a day's facts packed and signed beforehand.

One station's pinned mixed day is lived through the real desk; its first facts are then said anew
by every station in a stream of its own, so that every chain, hash, signature and reference is
real and no two stations send the same bytes.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from county_server.county import County, open_county
from county_server.enrol import enrol, make_enrolment_code
from county_server.journal import CountyJournal
from county_server.keys import make_keys
from county_server.master_import import import_master
from station_app.journal.chain import Head
from station_app.journal.fact import Fact, header_of, seal
from station_app.resources_dir import resources
from station_app.security.signing import Signer, fingerprint, verify
from station_app.sync import enrolment
from station_app.sync.dictionary import Press, load_press
from station_app.sync.frame import pack
from station_app.sync.messages import CONTENT_TYPE, EnrolAnswer, Opening, Tip, open_request
from station_app.sync.packing import LEVEL_QUICK, by_acts, frames_of
from station_app.sync.segment import sign_head
from station_app.vocabulary import VOCABULARY
from tests.bench.mixed_day import MixedDay, first_acts
from tests.sync.stand import Dice, SetClock

STATIONS = 289
FACTS = 300
_NAME = re.compile(rb"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Push:
    """One station's request body, and where its stream ends with it."""

    station: str
    stream: str
    facts: int
    last: str
    body: bytes
    frames: tuple[bytes, ...]
    signer: Signer


def lived_day(folder: Path, count: int = FACTS) -> tuple[Fact, ...]:
    """Return the first facts of the pinned day, whole acts."""
    day = MixedDay(folder)
    try:
        day.live(count)
        return first_acts(day.facts, count)
    finally:
        day.close()
        shutil.rmtree(folder, ignore_errors=True)


def said_by(facts: Sequence[Fact], stream: str) -> tuple[Fact, ...]:
    """Return the same facts as another stream says them: only the names of facts differ."""
    names: dict[bytes, bytes] = {}
    said: list[Fact] = []
    prev = ""

    def renamed(content: bytes) -> bytes:
        return _NAME.sub(lambda found: names.get(found[0], found[0]), content)

    for fact in facts:
        header = header_of(fact)
        del header["digest"]
        entity = renamed(fact.entity.encode()).decode()
        header |= {"stream": stream, "seq": len(said) + 1, "prev": prev, "entity": entity}
        private = None if fact.private is None else renamed(fact.private)
        made = seal(renamed(fact.body), private, **header)
        names[fact.identity.encode()] = made.identity.encode()
        said.append(made)
        prev = made.identity
    return tuple(said)


def founded(folder: Path, url: str = "", stations: int = STATIONS) -> tuple[County, list[str]]:
    """Make a county of the demo's sheets; return it with the codes of so many of its stations."""
    folder.mkdir(parents=True)
    make_keys(folder, Dice(1))
    county = opened(folder, url)
    import_master(county, resources() / "demo")
    table = county.store.tables.read["station"]
    with county.store.read() as connection:
        query = table.select().where(table.c.status != "closed").order_by(table.c.code)
        codes = [row.code for row in connection.execute(query) if row.level != "county"]
    assert len(codes) >= stations, f"the demo has {len(codes)} stations"
    return county, codes[:stations]


def opened(folder: Path, url: str = "") -> County:
    """Open the county again."""
    press = load_press(resources() / "dictionaries")
    return open_county(folder, VOCABULARY, press, clock=SetClock(), chance=Dice(2), url=url)


def enrolled(county: County, station: str, seed: int) -> tuple[str, Signer]:
    """Enrol a PC of a station; return its name and its key."""
    chance = Dice(seed)
    signer = Signer(chance.draw(32))
    parts = enrolment.read_payload(make_enrolment_code(county, station).code[2:-1])
    assert parts is not None
    asked = enrolment.ask(parts, signer.public_key, signer, chance)
    headers = {"content-type": CONTENT_TYPE}
    answer = enrolment.read_answer(
        asked, 200, headers, enrol(county, asked.body), verify=verify, fingerprint=fingerprint
    )
    assert isinstance(answer, EnrolAnswer), answer
    return f"{answer.station}/{answer.device}", signer


def packed_push(
    county: County, press: Press, place: str, signer: Signer, day: Sequence[Fact], number: int
) -> Push:
    """Return what one PC sends in the evening: one request, a day's facts."""
    epoch, station = f"{number:016x}", place.partition("/")[0]
    with county.store.read(behind=True) as connection:
        ends = CountyJournal(county.store, connection).tips(station)
    heard = [Tip(end.stream, end.to, end.identity[:16]) for end in ends]  # what it has of today
    stream = f"{place}/{epoch}"
    facts = said_by(day, stream)
    frames = tuple(
        frame.packed
        for frame in frames_of(
            by_acts(facts),
            lambda fact: sign_head(Head(stream, fact.seq, fact.identity), county.id, signer),
            lambda segments: pack(segments, signer, press, level=LEVEL_QUICK),
        )
    )
    last = facts[-1].identity
    opening = Opening(
        device=place, epoch=epoch, counter=1, county_epoch=1, cursor=0, room=4096,
        clock=county.clock.now_ms(), fold_version=1, dictionary=press.newest, waiting=len(facts),
        tips=(Tip(stream, facts[-1].seq, last[:16]), *heard),
    )  # fmt: skip
    body = b"".join((open_request(opening, signer), *frames))
    return Push(station, stream, len(facts), last, body, frames, signer)


def crowd(county: County, stations: Sequence[str], day: Sequence[Fact]) -> list[Push]:
    """Enrol a PC in each station and pack its evening."""
    press = county.press
    made = []
    for number, station in enumerate(stations, 1):
        place, signer = enrolled(county, station, 1000 + number)
        made.append(packed_push(county, press, place, signer, day, number))
    return made
