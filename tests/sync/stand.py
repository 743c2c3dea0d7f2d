"""Stations and a county for the tests of sync: real encrypted journals, a real county, no sockets.

A `Pc` is what a village has: a journal on disk that begins a new stream at each start, a key, and
a conversation with the county. `converse` carries requests by hand, so a test can put anything
between the two.
"""

import atexit
import random
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from county_server.blob_calls import BlobCall
from county_server.county import County, open_county
from county_server.enrol import enrol, make_enrolment_code
from county_server.intake import Push, Refused
from county_server.keys import make_keys
from county_server.master_import import import_master
from station_app.journal import blobs
from station_app.journal.fact import Fact, Saying
from station_app.journal.log import FactLog
from station_app.journal.migrations import JOURNAL, Migration, migrate
from station_app.journal.recorder import Batch, Recorder, new_ticket
from station_app.journal.session import Session
from station_app.journal.states import table_statements
from station_app.journal.store import open_reader, open_writer
from station_app.known_keys import KnownKeys
from station_app.premises import Enrolment
from station_app.security.signing import Signer, fingerprint, key_id, verify
from station_app.services.parcels.facts import ParcelHandedOver, ParcelShelved, ParcelTold, Receiver
from station_app.services.people.facts import PersonDetails, PersonRegistered
from station_app.sync import enrolment, journal_port
from station_app.sync.blob_port import StationBlobs
from station_app.sync.blobs import BLOBS_PATH, PUT
from station_app.sync.dictionary import Press
from station_app.sync.exchange import County as PinnedCounty
from station_app.sync.exchange import Exchange, Outcome, Request
from station_app.sync.journal_port import StationJournal
from station_app.sync.messages import CONTENT_TYPE, PROBLEM_TYPE, EnrolAnswer
from station_app.sync.segment import COUNTY, Key, KnownKey
from station_app.vocabulary import VOCABULARY
from tests.postgres import Cluster

DAY = "2026-11-25"
MORNING_MS = 1_795_564_800_000  # 2026-11-25 08:00 in Shanghai
KEY = bytes(range(32))
STATION = "NX0601"
DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo"
SCHEMA = (
    *JOURNAL,
    Migration("tables.read", table_statements(VOCABULARY.entities)),
    Migration("sync.attempts", journal_port.SCHEMA),
    Migration("journal.blobs", blobs.SCHEMA),
)
Reply = tuple[int, dict[str, str], bytes, bool]


class SetClock:
    """A clock that stands where a test puts it."""

    def __init__(self, at: int = MORNING_MS) -> None:
        self.at = at

    def now_ms(self) -> int:
        return self.at


class Dice:
    """Chance from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def draw(self, count: int) -> bytes:
        return self._random.randbytes(count)


# --- The county ----------------------------------------------------------------------------------


def new_county(
    folder: Path, clock: SetClock, *, seed: int = 7, cluster: Cluster | None = None
) -> County:
    """Make a county with two villages and a courier: a copy of one that was made once.

    cluster: the PostgreSQL that gets its database; without one it is a file in the folder.
    """
    image, name = _image(seed, cluster)
    shutil.copytree(image, folder, dirs_exist_ok=True)
    url = cluster.new_database(name) if cluster else ""
    return reopened_county(folder, clock, seed=seed + 2, url=url)


@cache
def _image(seed: int, cluster: Cluster | None) -> tuple[Path, str]:
    kept = tempfile.TemporaryDirectory(prefix="county-")
    atexit.register(kept.cleanup)
    folder, name = Path(kept.name), f"image_{seed}"
    make_keys(folder, Dice(seed))
    if cluster:
        cluster.make_database(name)
    url = cluster.url(name) if cluster else ""
    county = reopened_county(folder, SetClock(), seed=seed + 1, url=url)
    import_master(county, small_sheets(folder / "sheets"))
    county.close()
    return folder, name


def reopened_county(folder: Path, clock: SetClock, *, seed: int = 8, url: str = "") -> County:
    return open_county(folder, VOCABULARY, Press(), clock=clock, chance=Dice(seed), url=url)


def small_sheets(folder: Path) -> Path:
    """Write master data: a county, a township, two villages, one courier, two people."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stations.csv").write_text(
        "station_code,level,parent_code,township_name,village_name,station_name,"
        "shelf_count,status\n"
        "NX0000,county,,内乡县,,县中心,0,active\n"
        "NX0600,township,NX0000,赤眉镇,,赤眉镇站,8,active\n"
        "NX0601,village,NX0600,赤眉镇,柳荫洼村,柳荫洼村站,6,active\n"
        "NX0602,village,NX0600,赤眉镇,石板村,石板村站,6,active\n",
        "utf-8",
    )
    (folder / "couriers.csv").write_text(
        "courier_code,name,initial,waybill_regex,example_waybill,match_priority,"
        "operator_must_confirm\n"
        r"ZTO,中通快递,Z,^7[3-68]\d{12}$,73000000000017,70,0" + "\n",
        "utf-8",
    )
    (folder / "people.csv").write_text(
        "person_code,name,pinyin,pinyin_initials,phone,station_code,group_name,household_no,"
        "consent_privacy,consent_leave_at_station\n"
        "V00001,曾示兰,zeng shi lan,zsl,15400001006,NX0601,第5组,0601,1,0\n"
        "V00002,王示明,wang shi ming,wsm,15400001007,NX0602,第1组,0602,1,1\n",
        "utf-8",
    )
    return folder


def post(county: County, body: bytes, *, pieces: int = 1 << 20) -> Reply:
    """Let the county answer a sync request; `pieces` bytes arrive at a time."""
    try:
        push = Push(county)
        for start in range(0, len(body), pieces):
            push.feed(body[start : start + pieces])
        status, content = push.finish()
    except Refused as refused:
        return problem(refused)
    return status, {"content-type": CONTENT_TYPE}, content, True


def answered(county: County, request: Request, *, pieces: int = 1 << 20) -> Reply:
    """Let the county answer any request, by its path."""
    if not request.path.startswith(BLOBS_PATH):
        return post(county, request.body, pieces=pieces)
    try:
        header = request.headers["authorization"]
        call = BlobCall(county, request.method, request.path, header)
        got = call.put(request.body) if request.method == PUT else call.get()
    except Refused as refused:
        return problem(refused)
    return got.status, {"content-type": CONTENT_TYPE}, got.body, True


def problem(refused: Refused) -> Reply:
    headers = {"content-type": PROBLEM_TYPE}
    if refused.retry_after_s:
        headers["retry-after"] = str(refused.retry_after_s)
    return refused.status, headers, msgspec.json.encode(refused.problem), True


# --- A PC ----------------------------------------------------------------------------------------


@cache
def _blank_database() -> bytes:
    """Return the database of a PC that has heard nothing."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "station.db"
        connection = open_writer(file, KEY)
        migrate(connection, SCHEMA)
        connection.close()
        return file.read_bytes()


@dataclass
class Pc:
    """One PC of a station, open for business. Its database begins as a copy of an empty one."""

    folder: Path
    place: str
    clock: SetClock
    chance: Dice
    signer: Any
    county: PinnedCounty
    press: Press = field(default_factory=Press)
    asking: frozenset[str] = frozenset()
    acts: int = 0

    def __post_init__(self) -> None:
        self.open()

    @property
    def station(self) -> str:
        return self.place.split("/")[0]

    def open(self) -> None:
        """Start the program: a new stream, a new conversation."""

        def opener() -> Any:
            file = self.folder / "station.db"
            if not file.exists():
                self.folder.mkdir(parents=True, exist_ok=True)
                file.write_bytes(_blank_database())
            connection = open_writer(file, KEY)
            migrate(connection, SCHEMA)
            return connection

        self.session = Session(
            opener,
            VOCABULARY,
            place=self.place,
            chance=self.chance,
            writers=(blobs.keep_names,),
        )
        self.reader = open_reader(self.folder / "station.db", KEY)
        self.talk()

    def talk(self) -> None:
        """Begin the conversation anew, as after a start."""
        self.port = StationJournal(
            self.reader, self.session.write, lambda: self.session.author.stream
        )
        self.exchange = Exchange(
            self.port,
            self.signer,
            self.press,
            county=self.known_keys().county(),
            key_of=self.key_of,
            chance=self.chance,
            asking=self.asking,
            blobs=StationBlobs(self.reader, self.session.write, self.port.county_epoch),
        )

    def known_keys(self) -> KnownKeys:
        """Whose keys it believes, as the program does."""
        station, _, device = self.place.partition("/")
        key = self.county.key
        assert isinstance(key, KnownKey)
        here = Enrolment(
            station=station,
            device=device,
            slot=0,
            county=self.county.id,
            county_url="",
            county_key=key.public_key.hex(),
        )
        return KnownKeys(self.reader, here)

    def key_of(self, key_id: str) -> Key | None:
        """Find the county's key, or that of a sibling as the county has told."""
        mine = KnownKey(self.place, self.signer.public_key, verify)
        return self.known_keys()(key_id) or (mine if id_of(mine) == key_id else None)

    def close(self) -> None:
        self.reader.close()
        self.session.close()

    def restart(self) -> None:
        self.close()
        self.open()

    # --- Business ---

    def say(self, *sayings: Saying, at: int | None = None, by: str = "operator") -> Batch:
        """Record one act, a second after the one before."""
        self.clock.at += 1_000

        def work(recorder: Recorder) -> Batch:
            act = recorder.open_act(new_ticket(self.chance), by=by, at=at or self.clock.at)
            act.say(*sayings)
            return act.close()

        return self.session.write(work)

    def shelve(self, count: int = 1) -> list[Fact]:
        """Shelve parcels, one act each."""
        facts: list[Fact] = []
        for _ in range(count):
            self.acts += 1
            number = f"73{self.place[-1]}{self.acts:011}"
            facts += self.say(shelved(number, 1 + self.acts % 40)).facts
        return facts

    def call(self, parcel: str, way: str = "phone") -> Batch:
        """Tell somebody that a parcel is here."""
        return self.say(Saying(ParcelTold(way=way, outcome="reached", day=DAY), entity=parcel))

    def hand_over(self, parcel: str) -> Batch:
        return self.say(Saying(handed_over(), entity=parcel))

    def facts(self) -> list[Fact]:
        log = FactLog(self.reader)
        return [fact for head in log.heads() for fact in log.all_of(head.stream)]

    def marks(self) -> dict[str, int]:
        return self.port.marks()

    def unconfirmed(self) -> int:
        return self.port.backlog().facts


def id_of(key: KnownKey) -> str:
    return key_id(key.public_key)


def shelved(waybill: str, serial: int) -> Saying:
    body = ParcelShelved(
        courier="ZTO",
        waybill=waybill,
        after="",
        shelf="B",
        layer=1 + serial % 4,
        serial=serial,
        size="S",
        cod_fen=0,
        freight_fen=0,
        person="",
        day=DAY,
    )
    return Saying(body, Receiver(name="曾示兰", tail="1006"))


def handed_over() -> ParcelHandedOver:
    return ParcelHandedOver(
        courier="ZTO",
        taken_by="self",
        check="phone_tail",
        cod_fen=0,
        freight_fen=0,
        slip=1,
        day=DAY,
    )


def registered(name: str) -> Saying:
    return Saying(PersonRegistered(code="", day=DAY), PersonDetails(name=name))


def pinned(county: County) -> PinnedCounty:
    return PinnedCounty(county.id, county.key)


def enrolled_pc(
    county: County,
    folder: Path,
    clock: SetClock,
    *,
    station: str = STATION,
    seed: int = 100,
    asking: frozenset[str] = frozenset(),
) -> Pc:
    """Enrol a new PC by a code, as the wizard does, and open it."""
    code = make_enrolment_code(county, station)
    parts = enrolment.read_payload(code.code[2:-1])
    assert parts is not None
    chance = Dice(seed)
    signer = Signer(chance.draw(32))
    asked = enrolment.ask(parts, signer.public_key, signer, chance)
    headers = {"content-type": CONTENT_TYPE}
    answer = enrolment.read_answer(
        asked, 200, headers, enrol(county, asked.body), verify=verify, fingerprint=fingerprint
    )
    assert isinstance(answer, EnrolAnswer), answer
    key = KnownKey(COUNTY, bytes.fromhex(answer.county_key), verify)
    pin = PinnedCounty(answer.county, key)
    place = f"{answer.station}/{answer.device}"
    return Pc(folder, place, clock, chance, signer, pin, asking=asking)


# --- The line ------------------------------------------------------------------------------------

Carry = Callable[[Request], Reply | str]


def direct(county: County) -> Carry:
    """A line on which nothing goes wrong."""
    return lambda request: answered(county, request)


def once(pc: Pc, carry: Carry, *, hurry: bool = True) -> Outcome:
    """One round trip. `carry` returns a reply, or the cause why there is none."""
    if hurry:
        pc.exchange.hurry()
    request = pc.exchange.next_request(pc.clock.at)
    assert isinstance(request, Request), request
    reply = carry(request)
    pc.clock.at += 200
    if isinstance(reply, str):
        return pc.exchange.on_failure(reply, pc.clock.at)
    status, headers, body, is_whole = reply
    return pc.exchange.on_answer(status, headers, body, pc.clock.at, is_whole=is_whole)


def converse(pc: Pc, carry: Carry, *, rounds: int = 50) -> list[Outcome]:
    """Go on until there is nothing more to do; opens the journal anew when asked to."""
    outcomes: list[Outcome] = []
    for _ in range(rounds):
        outcomes.append(once(pc, carry, hurry=not outcomes or not goes_on_by_itself(outcomes[-1])))
        if outcomes[-1].what == "must_reopen":
            pc.restart()
        if not outcomes[-1].again:
            return outcomes
    raise AssertionError(f"no end after {rounds} rounds: {outcomes[-3:]}")


def goes_on_by_itself(last: Outcome) -> bool:
    """Whether the conversation has more to do that moves no facts: who hurries it, begins anew."""
    return last.again and last.what == "sent" and not (last.facts_up or last.facts_down)


# --- Comparing -----------------------------------------------------------------------------------

FOLDED = (
    "SELECT kind, entity, at, identity, data FROM states ORDER BY kind, entity",
    "SELECT kind, entity, members FROM cases ORDER BY kind, entity",
    "SELECT kind, natural_key, identity FROM founders ORDER BY kind, natural_key, identity",
    "SELECT identity, reason FROM quarantine ORDER BY identity",
    "SELECT stream, act, identity FROM reversals ORDER BY stream, act, identity",
    "SELECT stream, seq, line, account, commodity, amount FROM postings ORDER BY stream, seq, line",
    "SELECT account, commodity, amount FROM balances WHERE amount != 0 ORDER BY account, commodity",
)


def folded_here(pc: Pc) -> list[list[tuple[Any, ...]]]:
    """Everything that follows from the facts at a PC."""
    rows = [pc.reader.execute(sql).fetchall() for sql in FOLDED]
    return [[tuple(_plain(row)) for row in found] for found in rows]


def folded_there(county: County, station: str) -> list[list[tuple[Any, ...]]]:
    """The same at the county: what is kept for one station, and for all of them."""
    with county.store.read() as connection:
        both = [
            sql.replace(" ORDER", f" {joining(sql)} station IN ('{station}', 'county') ORDER", 1)
            for sql in FOLDED
        ]
        rows = [connection.exec_driver_sql(sql).all() for sql in both]
    return [[tuple(_plain(row)) for row in found] for found in rows]


def joining(sql: str) -> str:
    return "AND" if " WHERE " in sql else "WHERE"


def _plain(row: Sequence[Any]) -> list[Any]:
    return [bytes(value) if isinstance(value, memoryview) else value for value in row]
