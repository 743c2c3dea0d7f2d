"""Messages as the county looks at them: which wait, to whom they go, what they say.

Everything is read from the folded facts of the stations. A number is looked up at the moment in
which a message is handed on and is kept nowhere beside the register: who was erased, has changed
her mind or has fetched her parcels gets none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select

from county_server.asking import ask
from county_server.schema import EVERYWHERE, Tables
from county_server.store import Store
from station_app.services.parcels.messages import (
    DELIVERED,
    ERASED,
    FETCHED,
    QUEUED,
    REFUSED,
    SENT,
    STALE,
    Addressee,
    Message,
    why_not_message,
)
from station_app.services.parcels.places import Code
from station_app.services.parcels.visits import ON_HAND, Parcel
from station_app.services.people.merging import MERGE
from station_app.services.people.rules import Person
from station_app.values.day import days_between
from station_app.values.masks import mask_name, mask_phone
from station_app.values.texts import Texts

KIND = "message"
STALE_AFTER_DAYS = 7  # asked for so long ago, by a station that was not in touch: she was rung
CODES_MAX = 3  # in one message; then "and more"
WAITING, UNDER_WAY, NOT_ARRIVED, ARRIVED = "waiting", "sent", "refused", "delivered"
TABS = {WAITING: QUEUED, UNDER_WAY: SENT, NOT_ARRIVED: REFUSED, ARRIVED: DELIVERED}
_message = msgspec.json.Decoder(Message).decode
_parcel = msgspec.json.Decoder(Parcel).decode
_person = msgspec.json.Decoder(Person).decode


@dataclass(frozen=True, slots=True)
class Line:
    """A message of one station."""

    station: str
    entity: str
    state: Message


@dataclass(frozen=True, slots=True)
class Letter:
    """A message with all that it needs. why_not: why it goes to nobody, "" when it goes."""

    line: Line
    name: str
    phone: str
    parcels: tuple[Parcel, ...]
    why_not: str

    @property
    def masked(self) -> tuple[str, str]:
        """Return name and number as a page may show them."""
        return mask_name(self.name), mask_phone(self.phone)


def read_messages(
    store: Store, connection: Connection, status: str, *, since: str = "", most: int = 0
) -> list[Line]:
    """Return the messages of every station that stand so, those asked for first in front."""
    table, states = store.tables.read[KIND], store.tables.states
    query = (
        select(states.c.station, states.c.entity, states.c.data)
        .join(table, (table.c.station == states.c.station) & (table.c.entity == states.c.entity))
        .where(states.c.kind == KIND, table.c.status == status, table.c.day >= since)
        .order_by(table.c.day, states.c.station, states.c.entity)
    )
    rows = connection.execute(query.limit(most) if most else query)
    return [Line(row[0], row[1], _message(bytes(row[2]))) for row in rows]


def find(store: Store, connection: Connection, station: str, entity: str) -> Message | None:
    """Return one message; None if it is not here."""
    data = _state(store, connection, (station,), KIND, entity)
    return None if data is None else _message(data)


def letter_of(store: Store, connection: Connection, line: Line, today: str) -> Letter:
    """Return a message with her name, her number and what is still here for her."""
    state = line.state
    found = [_parcel_of(store, connection, line.station, one) for one in state.parcels]
    here = tuple(one for one in found if one is not None and one.status == ON_HAND)
    name = phone = ""
    leave = personal = "unknown"
    is_erased = False
    if state.person:
        person = _person_of(store, connection, line.station, state.person)
        is_erased = person is None or bool(person.is_erased)
        if person is not None:
            name, phone = person.name, person.phone
            leave, personal = person.consent_leave, person.consent_personal
    elif here:
        name, phone = here[0].name, here[0].phone
    if not here:
        why_not = FETCHED
    elif is_erased:
        why_not = ERASED
    elif days_between(state.day, today) > STALE_AFTER_DAYS:
        why_not = STALE
    else:
        why_not = why_not_message(
            Addressee(
                person=state.person,
                phone=phone,
                consent_leave=leave,
                consent_personal=personal,
                parcels=state.parcels,
            )
        )
    return Letter(line, name, phone, here, why_not)


def text_of(letter: Letter, station: str, texts: Texts) -> str:
    """Return what a message says: the station, half a name, how many and where, no goods.

    Who has never been asked whether her parcels may stay here is asked by it.
    """
    state = letter.line.state
    is_asking = state.consent != "yes"
    key = "again" if state.purpose == "again" else "asking" if is_asking else "arrived"
    codes = [str(Code(one.shelf, one.layer, one.serial)) for one in letter.parcels]
    shown = "、".join(codes[:CODES_MAX])
    say = texts.say
    return say(
        f"parcels.message.{key}",
        station=station,
        who=say("parcels.message.who", name=mask_name(letter.name)) if letter.name else "",
        count=len(codes),
        codes=say("parcels.message.more", codes=shown) if len(codes) > CODES_MAX else shown,
        due=say("parcels.message.due") if any(_due(one) for one in letter.parcels) else "",
    )


def counts(store: Store, connection: Connection, since: str) -> dict[str, int]:
    """Return how many messages stand how, by tab."""
    found = {}
    for tab, status in TABS.items():
        found[tab] = len(read_messages(store, connection, status, since=since))
    return found


def _due(parcel: Parcel) -> int:
    return parcel.cod_fen + parcel.freight_fen


def _parcel_of(store: Store, connection: Connection, station: str, identity: str) -> Parcel | None:
    data = _state(store, connection, (station,), "parcel", identity)
    return None if data is None else _parcel(data)


def _person_of(store: Store, connection: Connection, station: str, identity: str) -> Person | None:
    stands = _standing(store, connection, station, identity)
    data = _state(store, connection, (station, EVERYWHERE), "person", stands)
    return None if data is None else _person(data)


def _standing(store: Store, connection: Connection, station: str, identity: str) -> str:
    """Return the record that stands for one that the station has merged, itself when none does."""
    question = _questions(store.tables).kept
    passed: list[str] = []
    while identity not in passed:
        passed.append(identity)
        rows = ask(connection, question, {"at": station, "named": identity})
        if not rows:
            return identity
        identity = rows[0][0]
    return min(passed[passed.index(identity) :])


def _state(
    store: Store, connection: Connection, stations: Sequence[str], kind: str, identity: str
) -> bytes | None:
    asked = _questions(store.tables)
    which: dict[str, Any] = {"here": list(stations), "kind": kind, "named": identity}
    joined = ask(connection, asked.root, which)
    if joined:
        which["named"] = joined[0][0]
    rows = ask(connection, asked.state, which)
    return bytes(rows[0][0]) if rows else None


@dataclass(frozen=True, slots=True)
class _Questions:
    """What is asked of each message again. kept, root, state: see who asks them."""

    kept: Any
    root: Any
    state: Any


@cache
def _questions(tables: Tables) -> _Questions:
    """Write the questions once: a round asks them of hundreds of messages."""
    states, roots, merges = tables.states.c, tables.roots.c, tables.read[MERGE.name].c
    named: Any = bindparam("named")
    here: Any = bindparam("here", expanding=True)
    return _Questions(
        kept=select(merges.kept)
        .where(merges.station == bindparam("at"), merges.other == named, merges.kept != "")
        .order_by(merges.kept),
        root=select(roots.root).where(roots.station.in_(here), roots.identity == named),
        state=select(states.data).where(
            states.station.in_(here), states.kind == bindparam("kind"), states.entity == named
        ),
    )


def stations_of(lines: Iterable[Line]) -> list[str]:
    """Return which stations these are from."""
    return sorted({line.station for line in lines})
