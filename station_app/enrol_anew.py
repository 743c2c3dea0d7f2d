"""A PC that was cut off, or whose key speaks no more, becomes another PC of the same station.

It asks with a code and a new key, like a new PC, and keeps its journal: what it said as the former
PC stays what that PC said, signed with its old key before that one is put away, so that whoever
holds it may pass it on. It gets a new name and slot; the old slot rests.

The new key is kept first; then name, key and signed heads are written in one transaction; which
key signs is read off that. So a power cut leaves either PC, whole.
"""

from typing import Any

import msgspec

from station_app.journal.log import FactLog
from station_app.own_key import OwnKey, is_offered, note_renewed
from station_app.premises import Enrolment, keep_enrolment
from station_app.security.key_store import DEVICE_SEED, DEVICE_SEED_NEXT, KeyStore
from station_app.security.signing import SEED_BYTES, Signer
from station_app.services.cash.records import open_shift_of
from station_app.sync.journal_port import keep_head
from station_app.sync.segment import author_of, sign_head
from station_app.values.clock import Chance

# Why a PC does not become another one: words of the enrolment page.
SHIFT_OPEN, OTHER_STATION, OTHER_COUNTY = "shift_open", "code_elsewhere", "wrong_county"


def new_key(connection: Any, keys: KeyStore, chance: Chance) -> Signer:
    """Return the key to ask with: the same one until it is answered."""
    seed = keys.get(DEVICE_SEED_NEXT)
    is_spent = seed is None or seed == keys.get(DEVICE_SEED)
    if seed is None or is_spent or is_offered(connection, Signer(seed).public_key.hex()):
        seed = chance.draw(SEED_BYTES)
        keys.put(DEVICE_SEED_NEXT, seed)
    return Signer(seed)


def hindrance(connection: Any, before: Enrolment) -> str:
    """Return why this PC cannot become another one now, "" if it can."""
    return SHIFT_OPEN if open_shift_of(connection, before.device) else ""


def become(connection: Any, own: OwnKey, now: Enrolment) -> str:
    """Let this PC be the one that the county has answered; return why not, "" if it is.

    own: the key that signed until now; inside a transaction, after which `own.settle` takes the
    new one.
    """
    before = own.here
    if now.station != before.station:
        return OTHER_STATION
    if now.county != before.county:
        return OTHER_COUNTY
    if now.device == before.device:
        return ""
    log = FactLog(connection)
    author = f"{before.station}/{before.device}"
    for head in log.heads():
        if author_of(head.stream) == author and head.to:
            keep_head(connection, sign_head(head, before.county, own.signer))
    own.keep_for_images()
    known = dict.fromkeys((*before.former_county_keys, before.county_key))
    keep_enrolment(connection, msgspec.structs.replace(now, former_county_keys=tuple(known)))
    note_renewed(connection, "")
    return ""
