"""Bringing master data in: the plan of a folder, said through the county's pen in one transaction.

Either everything that the folder has to say is said, or nothing is. What the county said before is
read from its own streams, so the same folder twice says nothing the second time.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection, select

from county_server.county import County
from county_server.journal import CountyJournal
from county_server.master import Known, Plan, Problems, carry_out, known_from, plan
from county_server.scribe import Scribe
from county_server.verify import stations_of
from station_app.journal.fact import Saying, Told, is_from_county
from station_app.journal.vocabulary import Unreadable
from station_app.services.people.rules import Person
from station_app.values.day import local_day

OFFICE = "county"  # who says it: the office, until its clerks have accounts


def import_master(county: County, folder: Path) -> Plan | Problems:
    """Say what is new in a folder of sheets; return what was said, or every bad row."""
    now = county.clock.now_ms()
    with county.store.write() as connection:
        known = known_at(county, connection)
        made = plan(folder, known, day=local_day(now), epoch=county.keys.epoch.number)
        if isinstance(made, Problems):
            return made
        scribe = Scribe(county.store, connection, county.keys, county.chance)

        def say(stream: str, sayings: Sequence[Saying]) -> list[str]:
            audience = stream.rpartition("/")[2]
            return [fact.identity for fact in scribe.say(audience, sayings, by=OFFICE, at=now)]

        carry_out(made, say)
        scribe.seal()
    return made


def known_at(county: County, connection: Connection) -> Known:
    """Return what the county has said so far, as the sheets are held against it."""
    return known_from(_said(county, connection), _present(county, connection))


def _said(county: County, connection: Connection) -> list[Told]:
    """Return what the county has said so far, in the order of the fold."""
    return sorted(_all_said(county, connection), key=lambda told: (told.at, told.identity))


def _all_said(county: County, connection: Connection) -> Iterator[Told]:
    journal = CountyJournal(county.store, connection)
    for station in stations_of(county.store, connection):
        for head in journal.streams(station):
            if not is_from_county(head.stream):
                continue
            for fact in journal.run(head.stream, 1, head.to):
                try:
                    yield county.store.vocabulary.read(fact)
                except Unreadable:
                    continue  # set aside when it was recorded; verify names it


def _present(county: County, connection: Connection) -> Callable[[str], Person | None]:
    """Return how a person stands now, with all that her station has said since."""
    states, roots = county.store.tables.states, county.store.tables.roots
    joined = connection.execute(select(roots.c.identity, roots.c.root))
    root_of: dict[str, str] = {row[0]: row[1] for row in joined}
    people = {
        entity: bytes(content)
        for entity, content in connection.execute(
            select(states.c.entity, states.c.data).where(states.c.kind == "person")
        )
    }

    def present(identity: str) -> Person | None:
        content = people.get(root_of.get(identity, identity))
        return None if content is None else msgspec.json.decode(content, type=Person)

    return present
