"""What an opening says of itself and of keys, before and beside the facts that follow it."""

import re

from msgspec import UNSET, UnsetType
from sqlalchemy import Connection

from county_server.county import County, last_named
from station_app.journal.fact import INTEGER_MAX
from station_app.security.signing import Signer
from station_app.sync.messages import NAMED_STREAMS_MAX, Opening
from station_app.sync.segment import KEY_ID_BYTES, KnownKey

_SHORT_HASH = re.compile(r"[0-9a-f]{16}")


def is_sane(opening: Opening) -> bool:
    """Tell whether the numbers and lists of an opening are such as a device says."""
    numbers = [opening.counter, opening.cursor, opening.county_epoch, opening.room]
    numbers += [opening.waiting, opening.oldest_at, opening.fold_version, opening.dictionary]
    numbers += [opening.stage, opening.place]
    lists = (opening.tips, opening.wanted, opening.missing, opening.bare or ())
    seqs = [tip.seq for tip in opening.tips]
    seqs += [seq for wanted in opening.wanted for seq in (wanted.seq, wanted.upto)]
    return (
        _SHORT_HASH.fullmatch(opening.epoch) is not None
        and opening.counter > 0
        and all(0 <= number <= INTEGER_MAX for number in (*numbers, *seqs))
        and -INTEGER_MAX <= opening.clock <= INTEGER_MAX
        and (opening.county_key is UNSET or len(opening.county_key) == KEY_ID_BYTES * 2)
        and all(len(items) <= NAMED_STREAMS_MAX for items in lists)
        and all(_SHORT_HASH.fullmatch(mark) is not None for mark in opening.bare or ())
    )


def note_trust(county: County, connection: Connection, opening: Opening) -> None:
    """Keep which of the county's keys a PC names; who names none knows that of its code."""
    station, _, device = opening.device.rpartition("/")
    holder, named = last_named(device), opening.county_key or ""
    if county.trusted_by(connection, station, holder) != named:
        county.note_trust(connection, station, holder, named)


def speaks_now(
    county: County, connection: Connection, asked_with: KnownKey | None
) -> str | UnsetType:
    """Return the key that speaks for a PC, if it asked with one that it has renewed."""
    if asked_with is None or not asked_with.is_former:
        return UNSET
    key = county.key_of_device(connection, *asked_with.owner.split("/"))
    return key.public_key.hex() if key else UNSET


def signer_for(county: County, connection: Connection, opening: Opening) -> Signer:
    """Return the county's key that whoever said this believes."""
    station, _, device = opening.device.rpartition("/")
    trusted = opening.county_key or county.trusted_by(connection, station, device)
    return county.keys.signing.speaking_to(trusted)
