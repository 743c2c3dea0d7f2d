"""How every village begins: a county and enrolled PCs, made once in a process and copied."""

import atexit
import gc
import os
import random
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from county_server.county import County, open_county
from county_server.enrol import enrol, make_enrolment_code
from county_server.keys import make_keys
from county_server.master_import import import_master
from station_app.journal.store import transaction
from station_app.premises import Enrolment, keep_enrolment
from station_app.security.signing import Signer, fingerprint, verify
from station_app.sync import enrolment
from station_app.sync.dictionary import Press
from station_app.sync.exchange import County as PinnedCounty
from station_app.sync.messages import CONTENT_TYPE, EnrolAnswer
from station_app.sync.segment import COUNTY, KnownKey
from station_app.vocabulary import VOCABULARY
from tests.sync.stand import MORNING_MS, Dice, small_sheets
from tests.village.disk import Disk, the_vfs
from tests.village.line import Line
from tests.village.pc import Pc, VillageClock, WrongClock
from tests.village.power import opener_on

STATIONS = ("NX0601", "NX0602")
PCS = 2  # of each station, in the image that every village begins with


@dataclass(frozen=True, slots=True)
class Settled:
    """A PC as it was enrolled: who it is, and its disk after the first contact."""

    place: str
    seed: bytes
    county: PinnedCounty
    files: dict[str, bytes]


@cache
def beginning() -> tuple[Path, tuple[Settled, ...]]:
    """Make the county and enrol its PCs once in a process; villages begin with copies."""
    home = Path(tempfile.mkdtemp(prefix="village-", dir=quick_folder()))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    folder = home / "county"
    make_keys(folder, Dice(7))
    world = VillageClock(MORNING_MS)
    county = open_county(folder, VOCABULARY, Press(), clock=world, chance=Dice(8))
    import_master(county, _with_goods(small_sheets(home / "sheets")))
    places = [enrolled(county, station, n) for station in STATIONS for n in range(PCS)]
    settled = []
    for place, seed, pin, device in places:
        files = _first_contact(
            county, world, home / place.replace("/", "-"), (place, seed, pin, device)
        )
        settled.append(Settled(place, seed, pin, files))
    county.close()
    gc.collect()
    gc.freeze()  # what stays to the end of the process is not gone through after every history
    return folder, tuple(settled)


def _with_goods(folder: Path) -> Path:
    """Add a small catalogue, a biller and two sorts of produce: work for every counter."""
    (folder / "products.csv").write_text(
        "sku,barcode,name,unit,price_fen,sale_policy\n"
        "P0001,9524113000012,大米,袋,3290,ok\nP0002,9524113000029,面粉,袋,4687,ok\n",
        "utf-8",
    )
    (folder / "billers.csv").write_text(
        "biller_code,name,category,account_label,account_regex,example_account,amount_mode,"
        "min_fen,max_fen,service_fee_fen,offline_policy,float_limit_fen,from_day\n"
        r"POWER,居民电费,electricity,户号,^\d{10}$,0000000017,free,100,100000,50,queue,400000,"
        "2026-01-01\n",
        "utf-8",
    )
    (folder / "produce.csv").write_text(
        "plu,name,unit,floor_price_fen_per_unit,typical_price_fen_per_unit,counter_unit\n"
        "10018,猕猴桃,kg,500,900,斤\n10010,土鸡蛋,piece,90,130,枚\n",
        "utf-8",
    )
    (folder / "produce_rules.csv").write_text("name,value\ntrace.region,411325\n", "utf-8")
    return folder


def quick_folder() -> str | None:
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def enrolled(
    county: County, station: str, number: int, *, luck: int | None = None
) -> tuple[str, bytes, PinnedCounty, Enrolment]:
    """Enrol a PC; luck: of its key, if not by the place of its station among the villages."""
    chance = Dice(100 * STATIONS.index(station) + number if luck is None else luck)
    seed = chance.draw(32)
    code = make_enrolment_code(county, station).code
    place, pin, here = claimed(county, code, Signer(seed), chance)
    return place, seed, pin, here


def claimed(
    county: County, code: str, signer: Signer, chance: Dice
) -> tuple[str, PinnedCounty, Enrolment]:
    """Return what the county answers to a code and a key; raises Refused."""
    parts = enrolment.read_payload(code[2:-1])
    assert parts is not None
    asked = enrolment.ask(parts, signer.public_key, signer, chance)
    answer = enrolment.read_answer(
        asked,
        200,
        {"content-type": CONTENT_TYPE},
        enrol(county, asked.body),
        verify=verify,
        fingerprint=fingerprint,
    )
    assert isinstance(answer, EnrolAnswer), answer
    key = KnownKey(COUNTY, bytes.fromhex(answer.county_key), verify)
    here = Enrolment(
        station=answer.station,
        device=answer.device,
        slot=answer.slot,
        county=answer.county,
        county_url="",
        county_key=answer.county_key,
        public_key=signer.public_key.hex(),
    )
    return f"{answer.station}/{answer.device}", PinnedCounty(answer.county, key), here


def empty_image(here: Enrolment) -> dict[str, bytes]:
    """Return the disk of a PC that was enrolled and has heard nothing yet."""
    disk = Disk()
    folder = the_vfs().put_in(disk)
    connection = opener_on(folder)()
    with transaction(connection):
        keep_enrolment(connection, here)
    connection.close()
    the_vfs().take_out(folder)
    return disk.image()


def _first_contact(
    county: County,
    world: VillageClock,
    beside: Path,
    who: tuple[str, bytes, PinnedCounty, Enrolment],
) -> dict[str, bytes]:
    place, seed, pin, here = who
    disk = Disk(empty_image(here))
    dice = random.Random(5)
    line = Line(lambda: county, dice)
    line.badness = 0
    pc = Pc(place, Signer(seed), pin, world, dice, beside, disk, line, WrongClock(world))
    pc.start()
    pc.converse()
    pc.stop()
    shutil.rmtree(beside, ignore_errors=True)
    return pc.disk.image()
