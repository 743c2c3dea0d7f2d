"""A dead PC's home is passed on: another PC of its station answers for the money it was home of.

Whoever asks has made sure that the PC is dead: while both live, two PCs could pay the same money
without hearing each other. What the dead one never sent stays a `debit` case, should it come.
"""

from sqlalchemy import Connection, select

from county_server.county import County
from county_server.scribe import Scribe
from station_app.journal.fact import Saying
from station_app.services.accounts.facts import HomePassedOn
from station_app.sync.segment import COUNTY
from station_app.values.day import local_day


class NotPassed(ValueError):
    """It cannot be passed on; the sentence says why."""


def pass_home(county: County, station: str, *, from_device: str, to_device: str) -> None:
    """Say to a station that one of its PCs answers for another; raises NotPassed."""
    now = county.clock.now_ms()
    with county.store.write() as connection:
        _check(county, connection, station, from_device, to_device)
        body = HomePassedOn(from_device=from_device, to_device=to_device, day=local_day(now))
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say(station, [Saying(body)], by=COUNTY, at=now)
        scribe.seal()


def _check(
    county: County, connection: Connection, station: str, from_device: str, to_device: str
) -> None:
    keys = county.store.tables.keys
    rows = connection.execute(select(keys.c.device).where(keys.c.station == station)).all()
    known = {row[0] for row in rows}
    for device in (from_device, to_device):
        if device not in known:
            raise NotPassed(f"the county knows no PC {device} of {station}")
    if from_device == to_device:
        raise NotPassed("a PC is its own home already")
    homes = county.store.tables.read["home"]
    passed = connection.execute(
        select(homes.c.from_device, homes.c.to_device).where(homes.c.station == station)
    ).all()
    if any(row[0] == to_device for row in passed):
        raise NotPassed(f"{to_device} was passed on itself")
    if (from_device, to_device) in {(row[0], row[1]) for row in passed}:
        raise NotPassed(f"{from_device} was passed on to {to_device} already")
