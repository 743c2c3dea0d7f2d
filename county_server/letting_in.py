"""A station's operator is locked out and rings: eight digits are read out, eight go back.

Nothing travels but the two voices. The answer follows from the county's key and the PC's public
one, so it serves this PC and this challenge alone; that it was given is a fact.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from county_server.county import County
from county_server.cut_off import is_cut_off
from county_server.revoking import NotDecided
from station_app.journal.fact import Saying
from station_app.reference.facts import PinAnswered
from station_app.security.spoken_codes import DIGITS, is_challenge, question


@dataclass(frozen=True, slots=True)
class Call:
    """What was said by phone. challenge: as it was heard and typed; spaces do not matter."""

    station: str
    device: str
    challenge: str


def answer(county: County, connection: Connection, call: Call, day: str) -> tuple[str, Saying]:
    """Return the eight digits to read out, and what the county says of it; raises NotDecided."""
    station, device, challenge = call.station, call.device, "".join(call.challenge.split())
    if len(challenge) != DIGITS or not is_challenge(challenge):
        raise NotDecided("challenge")
    keys = county.store.tables.keys.c
    row = connection.execute(
        select(keys.public_key).where(keys.station == station, keys.device == device)
    ).first()
    if row is None:
        raise NotDecided("no_such_device")
    if is_cut_off(county.store, connection, station, device):
        raise NotDecided("revoked_already")
    asked = question(station, device, challenge)
    digits = county.keys.signer.spoken_answer(bytes.fromhex(row[0]), asked)
    body = PinAnswered(station=station, device=device, challenge=challenge, day=day)
    return digits, Saying(body)
