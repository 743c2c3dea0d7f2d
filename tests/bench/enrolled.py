"""A county and one enrolled station for the benches of sync, the same bytes from one seed.

Both are real data folders: the county has said everything of the demo sheets, the station has
enrolled by a code. Keys, codes and epochs come from the seed, so what is measured comes out again.
"""

import random
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from county_server.county import County, open_county
from county_server.enrol import enrol, make_enrolment_code
from county_server.keys import make_keys
from county_server.master_import import import_master
from station_app.journal.fact import Fact
from station_app.journal.log import FactLog
from station_app.journal.store import transaction
from station_app.known_keys import KnownKeys
from station_app.premises import (
    Enrolment,
    keep_enrolment,
    open_database,
    open_premises,
)
from station_app.resources_dir import resources
from station_app.security.signing import Signer, fingerprint, verify
from station_app.sync import enrolment
from station_app.sync.dictionary import Press, load_press
from station_app.sync.exchange import County as PinnedCounty
from station_app.sync.exchange import Exchange
from station_app.sync.journal_port import StationJournal
from station_app.sync.messages import CONTENT_TYPE, EnrolAnswer
from station_app.sync.segment import COUNTY, KnownKey
from station_app.vocabulary import ASKING, VOCABULARY
from tests.sync.stand import Dice, SetClock, converse, direct

STATION = "NX0601"
KEY = bytes(range(32))
EVENING_MS = 1_795_507_200_000  # 2026-11-24 16:00 in Shanghai


@dataclass
class Enrolled:
    """One station of one county, enrolled and ready to be opened.

    folder: of the county (`county`) and the station (`station`); both are real data folders.
    """

    folder: Path
    seed: int
    clock: SetClock = field(default_factory=lambda: SetClock(EVENING_MS))

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        self.chance = Dice(self.seed + 1)
        self.signer = Signer(self.chance.draw(32))
        self.county = self._make_county()
        self.here, self.pin = self._enrol()

    # --- Making the place ------------------------------------------------------------------------

    @property
    def county_folder(self) -> Path:
        """Return the county's data folder."""
        return self.folder / "county"

    @property
    def station_folder(self) -> Path:
        """Return the station's data folder."""
        return self.folder / "station"

    @cached_property
    def press(self) -> Press:
        """Return the dictionaries that the program is shipped with."""
        return load_press(resources() / "dictionaries", VOCABULARY.kinds)

    def _make_county(self) -> County:
        make_keys(self.county_folder, Dice(self.seed + 2))
        county = open_county(
            self.county_folder, VOCABULARY, self.press, clock=self.clock, chance=Dice(self.seed + 3)
        )
        import_master(county, resources() / "demo")
        return county

    def _enrol(self) -> tuple[Enrolment, PinnedCounty]:
        code = make_enrolment_code(self.county, STATION)
        parts = enrolment.read_payload(code.code[2:-1])
        assert parts is not None
        asked = enrolment.ask(parts, self.signer.public_key, self.signer, self.chance)
        headers = {"content-type": CONTENT_TYPE}
        content = enrol(self.county, asked.body)
        answer = enrolment.read_answer(
            asked, 200, headers, content, verify=verify, fingerprint=fingerprint
        )
        assert isinstance(answer, EnrolAnswer), answer
        here = Enrolment(
            station=answer.station,
            device=answer.device,
            slot=answer.slot,
            county=answer.county,
            county_url="",
            county_key=answer.county_key,
        )
        connection = open_database(self.station_folder, KEY)
        with transaction(connection):
            keep_enrolment(connection, here)
        connection.close()
        key = KnownKey(COUNTY, bytes.fromhex(answer.county_key), verify)
        return here, PinnedCounty(here.county, key)

    # --- The program -----------------------------------------------------------------------------

    def open(self) -> None:
        """Start the program: a new stream."""
        self.premises = open_premises(
            self.station_folder, KEY, clock=self.clock, chance=self.chance
        )
        self.reader = self.premises.open_reader()
        self.talk()

    def talk(self) -> None:
        """Begin the conversation with the county anew, as after a start."""
        premises = self.premises
        self.port = StationJournal(
            self.reader, premises.session.write, lambda: premises.session.author.stream
        )
        self.exchange = Exchange(
            self.port,
            self.signer,
            self.press,
            county=self.pin,
            key_of=KnownKeys(self.reader, self.here),
            chance=self.chance,
            asking=ASKING,
        )

    def close(self) -> None:
        """End the program."""
        self.premises.close()

    def converse(self) -> None:
        """Send and fetch all there is, in this process."""
        converse(self, direct(self.county), rounds=400)  # type: ignore[arg-type]

    def restart(self) -> None:
        """End the program and start it again."""
        self.close()
        self.open()

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """Return the facts of the day, in their order, as far as the last whole act."""
        log = FactLog(self.reader)
        return tuple(log.all_of(self.premises.session.author.stream))
