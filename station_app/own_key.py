"""The key that this PC signs with, and how it renews it.

The new key is made and kept first, then offered by a fact that the old one signs, and taken once
the county has said that it speaks for this PC. Which of the two it is, is read off the county's
word each time; so a power cut between any two steps leaves a PC that signs with the right one.

The old key stays: it opens what was sealed to it and comes late.
"""

from dataclasses import dataclass
from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.kinds import DeviceKeyOffered
from station_app.journal.recorder import Recorder, new_ticket
from station_app.premises import Enrolment, Premises
from station_app.reference import records as reference
from station_app.security.database_key import device_seed
from station_app.security.key_store import (
    DEVICE_SEED,
    DEVICE_SEED_FORMER,
    DEVICE_SEED_NEXT,
    KeyStore,
)
from station_app.security.signing import DEVICE_KEY, SEED_BYTES, Signer
from station_app.sync.enrolment import offer_message
from station_app.values.clock import Chance

# How this PC's key stands with the county.
SPEAKS, OFFERED, RENEWED_ELSEWHERE = "speaks", "offered", "renewed_elsewhere"
RENEWED = "key_renewed"  # in `local`: the key that speaks for this PC, where that is not its own


@dataclass(slots=True)
class OwnKey:
    """Signs as this PC; after `settle` with the key that the county has confirmed."""

    keys: KeyStore
    chance: Chance
    connection: Any
    here: Enrolment
    _signer: Signer | None = None

    @property
    def signer(self) -> Signer:
        """Return the key that signs now."""
        if self._signer is None:
            kept = self.keys.get(seed_of(self.here))
            self._signer = Signer(kept or device_seed(self.keys, self.chance))
            self.settle()
        assert self._signer is not None
        return self._signer

    @property
    def key_id(self) -> str:
        """Return the name of the key: 16 hex digits."""
        return self.signer.key_id

    @property
    def public_key(self) -> bytes:
        """Return the public half."""
        return self.signer.public_key

    def sign(self, label: str, message: bytes) -> bytes:
        """Return the signature (64 bytes) of a message for one use."""
        return self.signer.sign(label, message)

    def openers(self) -> dict[str, Signer]:
        """Return every key that opens what was sealed to this PC, by id."""
        seeds = (self.keys.get(name) for name in (DEVICE_SEED_FORMER, DEVICE_SEED_NEXT))
        signers = [self.signer, *(Signer(seed) for seed in seeds if seed)]
        return {signer.key_id: signer for signer in reversed(signers)}

    def settle(self, said: str = "") -> bool:
        """Take the new key if the county has confirmed it; tell whether that was so.

        said: the key that speaks for this PC by the county's receipt, if it said so; else what the
        journal holds of the county's words counts.
        """
        before = self._signer or self.signer
        known = said or registered_key(self.connection, self.here)
        registered = known or self.here.public_key  # of a PC that has not heard anything yet
        if not registered or registered == before.public_key.hex():
            return False
        seed = self.keys.get(DEVICE_SEED_NEXT)
        if seed is None or seed == self.keys.get(DEVICE_SEED):
            return False
        if Signer(seed).public_key.hex() != registered:
            return False  # somebody else has renewed it: this PC is a copy, or an old image
        old = self.keys.get(DEVICE_SEED)
        if old is not None:
            self.keys.put(DEVICE_SEED_FORMER, old)
        self.keys.put(DEVICE_SEED, seed)
        self._signer = Signer(seed)
        if self.keys.get(seed_of(self.here)) is not None:
            self.keys.put(seed_of(self.here), seed)
        return True

    def keep_for_images(self) -> None:
        """Keep the key under this PC's name: it is about to become another one.

        A disk of before may be put back; then it speaks as the PC that it was, and hears of it.
        """
        mine = (self.keys.get(seed_of(self.here)), self.keys.get(DEVICE_SEED))
        for seed in mine:
            if seed is not None and Signer(seed).public_key == self.public_key:
                self.keys.put(seed_of(self.here), seed)
                return

    def next_key(self) -> Signer:
        """Return the key that is to follow, made and kept if there is none yet."""
        seed = self.keys.get(DEVICE_SEED_NEXT)
        if seed is None or seed == self.keys.get(DEVICE_SEED):
            seed = self.chance.draw(SEED_BYTES)
            self.keys.put(DEVICE_SEED_NEXT, seed)
        return Signer(seed)

    def standing(self) -> str:
        """Return how this PC's key stands with the county, as far as is known here."""
        mine = self.signer.public_key.hex()
        if is_renewed_elsewhere(self.connection):
            return RENEWED_ELSEWHERE
        seed = self.keys.get(DEVICE_SEED_NEXT)
        is_offered = seed is not None and Signer(seed).public_key.hex() != mine
        return OFFERED if is_offered else SPEAKS


def seed_of(here: Enrolment) -> str:
    """Return under what name the key is kept with which this machine was that PC."""
    return f"{DEVICE_SEED}-{here.device}"


def note_renewed(connection: Any, public_key: str) -> None:
    """Keep that another key than this PC's speaks for it, "" that it does; in a transaction."""
    connection.execute(
        "INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)", (RENEWED, public_key)
    )


def keep_standing(own: OwnKey, renewed: str, write: Any) -> None:
    """Keep what an answer says of this PC's key. renewed: the key that speaks for it, "" its own.

    What was kept stands until the county answers to this PC's key again.
    """
    if renewed or is_renewed_elsewhere(own.connection):
        write(lambda recorder: note_renewed(recorder.connection, renewed))


def is_renewed_elsewhere(connection: Any) -> bool:
    """Tell whether the county has said that another key speaks for this PC."""
    row = connection.execute("SELECT value FROM local WHERE name = ?", (RENEWED,)).fetchone()
    return row is not None and bool(row[0])


def registered_key(connection: Any, here: Enrolment) -> str:
    """Return the key that speaks for this PC by the county's word, "" before the first one."""
    rows = reference.devices(connection, here.station)
    return next((row.public_key for row in rows if row.device == here.device), "")


def is_asked_for(connection: Any, here: Enrolment) -> bool:
    """Tell whether the county asks this PC to renew its key."""
    found = reference.keys_of_devices(connection, here.station)
    return any(one.device == here.device and bool(one.asked_on) for one in found)


def offer(premises: Premises, own: OwnKey, *, by: str, write: Any = None) -> bool:
    """Offer a new key to the county; False if the very same one was offered before.

    write: where the journal is written, this thread if None.
    """
    following = own.next_key()
    place = f"{own.here.station}/{own.here.device}"
    if is_offered(own.connection, following.public_key.hex()):
        return False
    message = offer_message(place, own.public_key, following.public_key)
    body = DeviceKeyOffered(
        device=own.here.device,
        public_key=following.public_key.hex(),
        proof=following.sign(DEVICE_KEY, message).hex(),
        day=premises.desk.now().day,
    )
    at = premises.clock.now_ms()

    def work(recorder: Recorder) -> None:
        act = recorder.open_act(new_ticket(premises.chance), by=by, at=at)
        act.say(Saying(body))
        act.close()

    (write or premises.session.write)(work)
    return True


def is_offered(connection: Any, public_key: str) -> bool:
    """Tell whether a key was offered to the county by a fact that is held here."""
    row = connection.execute(
        "SELECT 1 FROM facts WHERE kind = ? AND instr(CAST(body AS TEXT), ?) > 0 LIMIT 1",
        (DeviceKeyOffered.KIND, public_key),
    ).fetchone()
    return row is not None
