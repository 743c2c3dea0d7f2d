"""Who is to be erased, and the tags by which a label that comes later is known to be hers."""

from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec

from station_app.journal.kinds import WatchedTags
from station_app.journal.log import Connection
from station_app.security.blind_tags import SALT_BYTES, tags_of
from station_app.services.people.commands import ErasePerson
from station_app.services.people.facts import PersonAmended, PersonDetails, PersonRegistered
from station_app.services.people.records import person_state
from station_app.services.people.rules import Erasing
from station_app.values.clock import Chance
from station_app.values.now import Now

TAGS_MAX = 24  # of one erasure: a quarter of a second; four names with six phones


def gatherer(chance: Chance) -> Callable[[Connection, ErasePerson, Now], Erasing]:
    """Return what reads whom an erasure is about. chance: for the salt of its tags."""

    def gather(connection: Connection, command: ErasePerson, now: Now) -> Erasing:
        person = person_state(connection, command.person)
        if person is None or person.is_erased or not now.is_manager:
            return Erasing(person)
        salt = chance.draw(SALT_BYTES).hex()
        described = _described(connection, (command.person, *command.names))
        tags = tags_of(described, salt, TAGS_MAX)
        return Erasing(person, WatchedTags(tag_salt=salt, tags=tags) if tags else None)

    return gather


def _described(connection: Connection, persons: Sequence[str]) -> list[tuple[str, str]]:
    """Return each name and phone that these records ever had, the newest first."""
    found: list[tuple[int, str, str, str]] = []
    for person in dict.fromkeys(persons):
        rows = connection.execute(
            "SELECT f.at, f.identity, p.part FROM folds o JOIN facts f ON f.identity = o.identity "
            "JOIN privates p ON p.identity = f.identity WHERE o.root = "
            "COALESCE((SELECT root FROM roots WHERE identity = ?1), ?1) AND f.kind IN (?2, ?3)",
            (person, PersonRegistered.KIND, PersonAmended.KIND),
        ).fetchall()
        for at, identity, part in rows:
            with suppress(msgspec.MsgspecError):  # of a program that is newer than this one
                details = msgspec.json.decode(bytes(part), type=PersonDetails)
                found.append((at, identity, details.name, details.phone))
    return [(name, phone) for _, _, name, phone in sorted(found, reverse=True)]
