"""Slots: two living PCs never share one, and that of a lost PC rests."""

from pathlib import Path

from county_server.county import County
from county_server.revoking import revocation
from county_server.scribe import Scribe
from station_app.reference import records as reference
from station_app.values.day import DAY_MS
from tests.sync.stand import DAY, STATION, Pc, SetClock, converse, direct, enrolled_pc


def enrolled(county: County, folder: Path, clock: SetClock, number: int) -> Pc:
    return enrolled_pc(county, folder / f"d{number}", clock, seed=100 + number)


def cut_off(county: County, clock: SetClock, device: str) -> None:
    with county.store.write() as connection:
        sayings = revocation(
            county.store, connection, STATION, device, reason="lost", remark="丢了", day=DAY
        )
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say(STATION, sayings, by="clerk", at=clock.now_ms())
        scribe.seal()


def slots(pc: Pc, county: County, *, living: bool = False) -> dict[str, int]:
    converse(pc, direct(county))
    ask = reference.living_devices if living else reference.devices
    return {row.device: row.slot for row in ask(pc.reader, STATION)}


def test_the_slot_of_a_lost_pc_rests_for_sixty_days(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    first, lost = (enrolled(county, tmp_path, clock, n) for n in (1, 2))
    cut_off(county, clock, "D2")
    clock.at += 59 * DAY_MS
    third = enrolled(county, tmp_path, clock, 3)
    assert slots(first, county) == {"D1": 0, "D2": 1, "D3": 2}
    assert slots(first, county, living=True) == {"D1": 0, "D3": 2}
    clock.at += 2 * DAY_MS
    fourth = enrolled(county, tmp_path, clock, 4)
    assert slots(first, county, living=True) == {"D1": 0, "D3": 2, "D4": 1}
    for pc in (first, lost, third, fourth):
        pc.close()


def test_a_station_whose_second_pc_is_gone_gives_short_codes_again(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    first, lost = (enrolled(county, tmp_path, clock, n) for n in (1, 2))
    assert len(slots(first, county, living=True)) == 2
    cut_off(county, clock, "D2")
    assert slots(first, county, living=True) == {"D1": 0}
    for pc in (first, lost):
        pc.close()
