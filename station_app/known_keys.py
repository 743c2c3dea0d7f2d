"""Whose keys this station believes: the county's, one after another, and those of its PCs.

The county renews its key by announcing the next one under the present one, so whoever has once
believed the key of the enrolment follows the chain however long he was away. What was signed long
ago is checked with the key of that time; something *new* may only be signed with a key that is not
behind the one that the county has taken up.
"""

from dataclasses import dataclass
from typing import Any

from station_app.journal.verify import SignedHead
from station_app.premises import Enrolment
from station_app.reference import records as reference
from station_app.security import signing
from station_app.sync.segment import COUNTY, Key, KnownKey, check_head
from station_app.sync.segment import SignedHead as Signed
from station_app.sync.taking import County


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """The keys that an enrolled PC believes, by what its journal holds at this moment.

    Calling it finds any key that ever spoke for the county or for a PC of the station; of a PC
    that has renewed its key the former one says `is_former`.
    """

    connection: Any
    here: Enrolment

    def __call__(self, key_id: str) -> Key | None:
        """Return whose key this is or was, of those that this station believes."""
        for public_key in (self.here.county_key, *self._announced()):
            if signing.key_id(bytes.fromhex(public_key)) == key_id:
                return known(COUNTY, public_key)
        for device in reference.keys_of_devices(self.connection, self.here.station):
            owner = f"{device.station}/{device.device}"
            for public_key in (device.public_key, *device.former):
                if signing.key_id(bytes.fromhex(public_key)) == key_id:
                    return known(owner, public_key, is_former=public_key != device.public_key)
        return None

    def speaking(self, key_id: str) -> Key | None:
        """Return the county's key of this id if it may sign something new."""
        for public_key in self._believed():
            if signing.key_id(bytes.fromhex(public_key)) == key_id:
                return known(COUNTY, public_key)
        return None

    def newest(self) -> str:
        """Return the id of the county's newest key, "" while only the enrolment's is known.

        Before the county's first word that one is named, too, and by a PC that was let in again
        with what it had heard as another one: a database that was put back may have forgotten by
        which of its keys this PC was enrolled.
        """
        is_anew = bool(self.here.former_county_keys) or not self._has_heard()
        is_named = self._announced() or is_anew
        return signing.key_id(bytes.fromhex(self._believed()[-1])) if is_named else ""

    def _has_heard(self) -> bool:
        row = self.connection.execute(
            "SELECT 1 FROM streams WHERE stream GLOB 'county.*' LIMIT 1"
        ).fetchone()
        return row is not None

    def to_seal_to(self) -> bytes:
        """Return the public key to which a stick or a copy for the county is sealed."""
        return bytes.fromhex(self._believed()[-1])

    def county(self) -> County:
        """Return the county as the conversation knows it."""
        first = known(COUNTY, self.here.county_key)
        return County(self.here.county, first, self.speaking, self.newest)

    def is_signed(self, head: SignedHead) -> bool:
        """Tell whether a head bears its author's signature, by the key of its time."""
        signed = Signed(head.stream, head.to, head.identity, head.key_id, head.signature)
        return check_head(signed, self.here.county, self._of_its_time) is None

    def _of_its_time(self, key_id: str) -> Key | None:
        """Return whose key this was, of what is held here; nothing more is taken by such a key."""
        found = self(key_id)
        if found is not None:
            return found
        former = {signing.key_id(bytes.fromhex(key)): key for key in self.here.former_county_keys}
        return known(COUNTY, former[key_id]) if key_id in former else None

    def _announced(self) -> list[str]:
        rows = reference.county_keys(self.connection)
        return [row.public_key for row in rows if row.public_key]

    def _believed(self) -> list[str]:
        """Return the county's keys that may sign something new, the newest last.

        A PC that was enrolled with a key which no announcement names was told in another way whom
        to believe (the county's seed was lost): then nothing that was announced holds.
        """
        rows = reference.county_keys(self.connection)
        pinned = self.here.county_key
        numbers = {row.public_key: row.number for row in rows if row.public_key}
        if pinned not in numbers:
            return [pinned]
        taken_up = max((row.number for row in rows if row.is_taken_up), default=1)
        first = max(taken_up, numbers[pinned])
        return [key for key, number in numbers.items() if number >= first] or [pinned]


def known(owner: str, public_key: str, *, is_former: bool = False) -> KnownKey:
    """Return a public key (hex) with its owner."""
    return KnownKey(owner, bytes.fromhex(public_key), signing.verify, is_former=is_former)
