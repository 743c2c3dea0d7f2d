"""Keys that change in the middle of everything: the county's, and those of PCs.

The secrets of a PC lie in its keyring, which a disk that is put back leaves alone, and which goes
along when a machine is copied. So a copy that was made before its original renewed its key goes on
with the old one.
"""

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from county_server import put_back
from county_server.county import County
from county_server.cut_off import is_cut_off
from county_server.key_change import announce, ask_for_new_key, standing, take_up
from county_server.scribe import Scribe
from station_app.own_key import SPEAKS, is_asked_for, keep_standing, offer
from station_app.security.key_store import DEVICE_SEED
from station_app.sync.exchange import Outcome
from station_app.sync.progress import SENT

if TYPE_CHECKING:
    from tests.village.pc import Pc

DAY = "2026-11-26"
VILLAGES_WITH_NEW_KEYS = 0.4
COUNTY_RENEWS, PC_RENEWS, COUNTY_ASKS, RELEASES = 0.04, 0.09, 0.11, 0.16  # of the steps
RELEASES_AFTER = 0.6  # beyond it, where a county was put back: else no clerk comes that far


@dataclass
class Keyring:
    """A place for secrets that no power cut takes away."""

    kept: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, seed: bytes) -> "Keyring":
        """Return one that holds a PC's first seed."""
        return cls({DEVICE_SEED: seed})

    def copied(self) -> "Keyring":
        """Return a copy, as of a machine that is copied whole."""
        return Keyring(dict(self.kept))

    def get(self, name: str) -> bytes | None:
        """Return a secret."""
        return self.kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret."""
        self.kept[name] = secret


class KeyKeeper:
    """Draws from dice of its own, so that other histories stay as they were."""

    def __init__(self, dice: random.Random) -> None:
        """Draw from `dice`."""
        self._dice = dice
        self._is_at_work = dice.random() < VILLAGES_WITH_NEW_KEYS

    def act(self, county: County, pc: "Pc") -> str:
        """Change a key now and then; return what was done, "" for nothing."""
        drawn = self._dice.random()
        if drawn > RELEASES_AFTER and county.keys.epoch.number > 1:
            return self._release(county, pc.place.partition("/")[0])
        if not self._is_at_work or drawn > RELEASES:
            return ""
        if drawn < COUNTY_RENEWS:
            return self._renew_county(county)
        station, _, device = pc.place.partition("/")
        with county.store.read() as connection:
            off = is_cut_off(county.store, connection, station, device)
        if drawn < PC_RENEWS:
            return "" if off else self._renew(pc)
        if drawn < COUNTY_ASKS:
            if off:
                return ""
            ask_for_new_key(county, station, device)
            return "key_asked"
        return self._release(county, station)

    def _renew_county(self, county: County) -> str:
        known = standing(county)
        if known.in_use < known.newest:
            take_up(county)
            return "county_key_taken_up"
        announce(county)
        return "county_key_announced"

    def _renew(self, pc: "Pc") -> str:
        if pc.own is None or pc.own.standing() != SPEAKS:
            return ""
        return "key_offered" if offer(pc.open, pc.own, by="operator") else ""

    def _release(self, county: County, station: str) -> str:
        """Let a county that was put back pay again for a station."""
        try:
            with county.store.write() as connection:
                epoch = county.keys.epoch
                said = put_back.release(
                    county.store, connection, epoch, station, remark="打电话对过", day=DAY
                )
                scribe = Scribe(county.store, connection, county.keys, county.chance)
                scribe.say(station, said, by="clerk", at=county.clock.now_ms())
                scribe.seal()
        except put_back.NothingStopped:
            return ""
        return "payments_released"


def follow(pc: "Pc", outcome: Outcome) -> bool:
    """Do after an answer what the program does; tell whether a new stream must begin."""
    own = pc.own
    if own is None:
        return False
    if own.settle(outcome.renewed):
        return True
    if outcome.what == SENT:
        keep_standing(own, outcome.renewed, pc.open.session.write)
    if is_asked_for(own.connection, own.here) and own.standing() == SPEAKS:
        offer(pc.open, own, by="")
    return False


def is_renewed_elsewhere(county: County, pc: "Pc") -> bool:
    """Tell whether the county knows this PC by another key than the one it signs with."""
    keys = county.store.tables.keys.c
    station, _, device = pc.place.partition("/")
    with county.store.read() as connection:
        registered = connection.execute(
            select(keys.public_key).where(keys.station == station, keys.device == device)
        ).scalar_one()
    return pc.own is not None and registered != pc.own.public_key.hex()
