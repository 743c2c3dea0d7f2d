"""A station's lost key, opened: the county's half of `station_app.sync.recovery`.

The county holds no keys of stations and keeps none of what it opens here. Whom it answers is
decided by a person: the eight digits were read out by phone from the station that is meant.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from county_server.county import County
from station_app.security.signing import NotForThisKey, seal
from station_app.sync.recovery import LETTER_CHARACTERS_MAX, NotALetter, Opened, answer_request


class NoRequest(ValueError):
    """The file holds no request, or one that was sealed to another county."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An opened request. is_known: the county has enrolled such a PC; name: of its station."""

    opened: Opened
    name: str
    is_known: bool


def recover_key(county: County, path: Path) -> Answered:
    """Open the request in a file and make the answer; raises NoRequest or OSError."""
    with path.open("r", encoding="ascii", errors="replace") as file:
        text = file.read(LETTER_CHARACTERS_MAX + 1).strip()
    try:
        opened = answer_request(text, open_sealed=county.keys.signing.open_sealed, seal=seal)
    except (NotALetter, NotForThisKey, ValueError) as problem:
        raise NoRequest(str(problem)) from problem
    tables = county.store.tables
    with county.store.write() as connection:
        keys, stations = tables.keys, tables.read["station"]
        known = connection.execute(
            select(keys.c.device).where(
                keys.c.station == opened.station, keys.c.device == opened.device
            )
        ).first()
        named = connection.execute(
            select(stations.c.name).where(stations.c.code == opened.station)
        ).first()
    return Answered(opened, named[0] if named else opened.station, known is not None)
