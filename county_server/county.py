"""The open county: database, keys, dictionaries, clock and chance in one place, handed around.

Nothing in here asks the world for anything by itself; `__main__` and `app` put the real clock and
the real chance in, tests put theirs.
"""

from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection

from county_server.asking import ask, ask_one
from county_server.buckets import Buckets
from county_server.bulk import put_rows
from county_server.catching_up import catch_up
from county_server.early import Plans
from county_server.issuing import issue_again, say_keys
from county_server.journal import CountyJournal
from county_server.keys import CountyKeys, Given, is_put_back, open_keys
from county_server.rebuilding import rebuild
from county_server.store import Store
from station_app.journal.vocabulary import Vocabulary
from station_app.security.signing import Signer, key_id, verify
from station_app.sync.dictionary import Press
from station_app.sync.frame import FORMATS
from station_app.sync.segment import COUNTY, Key, KnownKey
from station_app.values.clock import Chance, Clock

DATABASE = "county.db"
SCHEMA_VERSION = "1"
_COUNTY, _SCHEMA, _EPOCH = "county", "schema", "epoch"


class NotThisCounty(RuntimeError):
    """The database belongs to another county, or to a newer program, than the keys."""


@dataclass(slots=True)
class County:
    """Everything that the calls work on."""

    store: Store
    keys: CountyKeys
    press: Press
    clock: Clock
    chance: Chance
    buckets: Buckets = field(default_factory=Buckets)
    plans: Plans = field(default_factory=Plans)
    is_busy: bool = False  # so many wait that folds are left for later
    formats: tuple[int, ...] = FORMATS  # of frames that it reads and writes

    @property
    def id(self) -> str:
        """Return the county's id."""
        return self.keys.county

    @property
    def key(self) -> KnownKey:
        """Return the county's public key."""
        return KnownKey(COUNTY, self.keys.signer.public_key, verify)

    def spread_s(self) -> int:
        """Return 0 to 15 seconds, by lot: whoever is sent away together comes back apart."""
        return self.chance.draw(1)[0] % 16

    def ring(self, connection: Connection, station: str) -> "KeyRing":
        """Return the keys that may speak for one station: its devices' and the county's."""
        rows = ask(connection, self.store.questions.ring, {"at": station})
        known: dict[str, Key] = {
            row[0]: KnownKey(f"{station}/{row[1]}", bytes.fromhex(row[2]), verify) for row in rows
        }
        for public_key in map(bytes.fromhex, self.keys.signing.known().public_keys):
            known[key_id(public_key)] = KnownKey(COUNTY, public_key, verify)
        return KeyRing(known)

    def device_of(self, connection: Connection, name: str) -> KnownKey | None:
        """Return the device that a key was registered for, or None: from the key, never else.

        is_former of it: the device has renewed this key since.
        """
        row = ask_one(connection, self.store.questions.device_of, {"named": name})
        if row is not None:
            return KnownKey(f"{row[0]}/{row[1]}", bytes.fromhex(row[2]), verify)
        asked = self.store.questions.former_device_of
        row = ask_one(connection, asked, {"named": name})
        if row is None:
            return None
        return KnownKey(f"{row[0]}/{row[1]}", bytes.fromhex(row[2]), verify, is_former=True)

    def signer_for(self, connection: Connection, station: str, holder: str) -> Signer:
        """Return the key that a PC ("NX0601", "D1") or the holder of a code believes.

        That is the one in use, unless he has not heard of it yet.
        """
        named = self.trusted_by(connection, station, last_named(holder))
        trusted = named or self.trusted_by(connection, station, holder)
        return self.keys.signing.speaking_to(trusted)

    def trusted_by(self, connection: Connection, station: str, holder: str) -> str:
        """Return the county's key that a PC was enrolled with, or was last heard to believe.

        holder: "D1" for the one, `last_named("D1")` for the other. "" stands for the first key.
        """
        asked = {"at": station, "named": holder}
        row = ask_one(connection, self.store.questions.trusted, asked)
        return row[0] if row else ""

    def note_trust(self, connection: Connection, station: str, holder: str, trusted: str) -> None:
        """Keep that a PC or the holder of a code believes the county's keys up to this one."""
        rows = [{"station": station, "holder": holder, "key_id": trusted}]
        put_rows(connection, self.store.upsert(self.store.tables.trusted_keys), rows)

    def key_of_device(self, connection: Connection, station: str, device: str) -> KnownKey | None:
        """Return the key that is registered for a PC ("NX0601", "D1"), or None."""
        asked = {"at": station, "named": device}
        row = ask_one(connection, self.store.questions.key_of_device, asked)
        return KnownKey(f"{station}/{device}", bytes.fromhex(row[0]), verify) if row else None

    def close(self) -> None:
        """Close the database."""
        self.store.close()


def last_named(device: str) -> str:
    """Return under which name stands which of the county's keys a PC last said it believes."""
    return f"{device} now"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Keys by id; calling it finds one."""

    keys: dict[str, Key]

    def __call__(self, key_id: str) -> Key | None:
        """Return the key of this id, or None."""
        return self.keys.get(key_id)


def database_url(data: Path, url: str = "") -> str:
    """Return where the database is: by default a file in the data folder."""
    return url or f"sqlite:///{data / DATABASE}"


def open_county(  # noqa: PLR0913 - the edges of the program are handed in
    data: Path, vocabulary: Vocabulary, press: Press, *, clock: Clock, chance: Chance, url: str = ""
) -> County:
    """Open a county that was made; raises NoCounty, NotThisCounty, TooNew or UnsafeDatabase.

    A database that lacks what was given out was put back: then a new county epoch begins here.
    """
    keys = open_keys(data)
    store = Store(database_url(data, url), vocabulary)
    county = County(store, keys, press, clock, chance)
    try:
        is_to_fold_anew = store.make()
        store.catch_up = catch_up
        _claim(county)
        if is_to_fold_anew:
            rebuild(store)
        _begin_epoch_if_put_back(county)
        say_keys(store, keys, chance, clock.now_ms())
    except BaseException:
        county.close()
        raise
    return county


def _begin_epoch_if_put_back(county: County) -> None:
    store, keys = county.store, county.keys
    with store.write() as connection:
        is_older = _is_put_back(county, connection)
        if is_older:  # or somebody is about to commit what he has just given out: wait for him
            store.lock_facts(connection)
            is_older = _is_put_back(county, connection)
        if is_older:
            keys.begin_epoch()
            _set(county, connection, _EPOCH, str(keys.epoch.number))
            issue_again(store, connection, keys, county.chance, county.clock.now_ms())


def _is_put_back(county: County, connection: Connection) -> bool:
    """Tell whether the database lacks what was given out, whoever of the county gave it."""
    county.keys.look_again()
    epoch, journal = county.keys.epoch, CountyJournal(county.store, connection)
    held = {
        stream: Given(given.seq, journal.identity_at(stream, given.seq))
        for stream, given in epoch.given.items()
    }
    return is_put_back(epoch, int(_setting(county, connection, _EPOCH)), held)


def _claim(county: County) -> None:
    """Make sure that database and keys belong together."""
    fresh = {_COUNTY: county.id, _SCHEMA: SCHEMA_VERSION, _EPOCH: str(county.keys.epoch.number)}
    with county.store.write() as connection:
        for name, value in fresh.items():
            if not _setting(county, connection, name):
                _set(county, connection, name, value)
        for name in (_COUNTY, _SCHEMA):
            found = _setting(county, connection, name)
            if found != fresh[name]:
                raise NotThisCounty(f"{name} is {found}, not {fresh[name]}")


def _setting(county: County, connection: Connection, name: str) -> str:
    row = ask_one(connection, county.store.questions.setting, {"named": name})
    return row[0] if row else ""


def _set(county: County, connection: Connection, name: str, value: str) -> None:
    upsert = county.store.upsert(county.store.tables.settings)
    connection.execute(upsert, [{"name": name, "value": value}])
