"""The sheet of people: who lives where, how to reach them, what they agreed to.

Only what a counter needs is read. Names are spelled here unless the sheet does; a phone that looks
odd is refused, because a sheet is corrected at a desk, where somebody can ask.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import msgspec

from county_server.sheets import Row
from county_server.station_sheets import STATION_CODE
from station_app.reference.facts import StationDescribed
from station_app.reference.rules import Station
from station_app.services.people.facts import PersonDetails
from station_app.services.people.rules import (
    FIELD_CHARACTERS_MAX,
    NAME_CHARACTERS_MAX,
    Person,
    looks_like_phone,
)
from station_app.values.spelling import spell

COLUMNS = (
    "person_code",
    "name",
    "station_code",
    "group_name",
    "household_no",
    "consent_privacy",
    "consent_leave_at_station",
)
PHONE_COLUMNS = ("phone", "phone_demo")
ANSWERS = {"1": "yes", "0": "no", "": ""}  # nothing was asked: nothing is said
PERSONAL, LEAVE = "personal_data", "leave_at_station"
PERSON_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}", re.ASCII)
_PINYIN = re.compile(r"[a-z]+(?: [a-z]+)*", re.ASCII)
_INITIALS = re.compile(r"[a-z]{1,30}", re.ASCII)
_READ = ("name", "pinyin", "initials", "phone", "hamlet", "household")  # fields that rows give


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person whom the county has told a station about.

    entity: the identity that founded her in that station's stream; said: as the county described
    her last; present: as she stands now, with what stations have corrected since.
    """

    entity: str
    said: Person
    present: Person


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A row of the sheet. answers: by matter, `yes`, `no` or "" for not asked."""

    code: str
    station: str
    details: PersonDetails
    answers: Mapping[str, str]


def read_person(row: Row) -> PersonRow:
    """Return what a row says; what cannot be is noted in the row."""
    name = row.text("name", most=NAME_CHARACTERS_MAX)
    spelling = spell(name)
    pinyin, initials = row.cell("pinyin"), row.cell("pinyin_initials")
    if pinyin:
        row.matching("pinyin", _PINYIN, spelling.pinyin)
    if initials:
        row.matching("pinyin_initials", _INITIALS, spelling.initials)
    details = PersonDetails(
        name=name,
        pinyin=pinyin or spelling.pinyin,
        initials=initials or ("".join(w[0] for w in pinyin.split()) or spelling.initials),
        phone=_phone(row),
        hamlet=row.text("group_name", most=FIELD_CHARACTERS_MAX, needed=False),
        household=row.text("household_no", most=FIELD_CHARACTERS_MAX, needed=False),
    )
    return PersonRow(
        code=row.matching("person_code", PERSON_CODE, "V00001"),
        station=row.matching("station_code", STATION_CODE, "NX0601"),
        details=details,
        answers={
            PERSONAL: ANSWERS.get(row.one_of("consent_privacy", ANSWERS), ""),
            LEAVE: ANSWERS.get(row.one_of("consent_leave_at_station", ANSWERS), ""),
        },
    )


def _phone(row: Row) -> str:
    phone = re.sub(r"[\s()-]", "", row.cell(*PHONE_COLUMNS))
    if phone and not (phone.isascii() and looks_like_phone(phone)):
        column = next(name for name in PHONE_COLUMNS if name in row.cells)
        row.note(column, "PHONE_LOOKS_WRONG", f"{len(phone)} signs that are no phone")
    return phone


def judge_stations(
    rows: Mapping[str, Row], every: Mapping[str, StationDescribed | Station]
) -> None:
    """Note people who live at a station that nobody has described."""
    for row in rows.values():
        code = row.cell("station_code")
        if code not in every:
            row.note("station_code", "NO_SUCH_STATION", f"no station {code!r}", found=code)


def amended(person: KnownPerson, row: PersonRow) -> PersonDetails | None:
    """Return a person's new details, or None when the sheet says nothing new about her.

    Fields that the sheet has changed since the county spoke last are taken from it; all others
    stay as they are now.
    """
    changed = {
        name: getattr(row.details, name)
        for name in _READ
        if getattr(row.details, name) != getattr(person.said, name)
    }
    if all(getattr(person.present, name) == new for name, new in changed.items()):
        return None
    kept = {
        name: getattr(person.present, name) for name in (*_READ, "nickname", "id_number", "remark")
    }
    details = PersonDetails(**{**kept, **changed})
    return msgspec.structs.replace(details, whose=(person.entity,))


def new_answers(person: KnownPerson | None, row: PersonRow) -> Iterator[tuple[str, str]]:
    """Yield matter and answer of what the county has not said yet."""
    said = person.said if person else Person()
    before = {PERSONAL: said.consent_personal, LEAVE: said.consent_leave}
    for matter, answer in row.answers.items():
        if answer and answer != before[matter]:
            yield matter, answer
