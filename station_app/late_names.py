"""Names that come after their erasure: found by blind tags, and erased by an ordinary order.

A PC without a line may have written a label with the name and phone tail of a villager whom
another PC erased meanwhile. It names no person, so no list can name it. Every PC of the station
compares what was read off labels with the tags of recent erasures, a little at a time, where
reading is allowed: the hash is slow. What it finds it erases as anybody does, so all nodes follow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from station_app.journal.fact import Saying, Told
from station_app.journal.kinds import PrivateErased
from station_app.journal.log import Connection
from station_app.journal.recorder import Recorder, new_ticket
from station_app.journal.watches import living, not_compared, note_compared
from station_app.premises import Premises
from station_app.security.blind_tags import plain_name, plain_tail, tag_of
from station_app.services.farm_pickups.facts import FarmPickupAsked
from station_app.services.parcels.facts import ParcelAnnounced, ParcelReassigned, ParcelShelved
from station_app.services.people.records import by_tail
from station_app.services.sending.facts import SendingAccepted
from station_app.shell.desk import Done
from station_app.vocabulary import VOCABULARY

AT_ONCE = 400  # facts of one round, every ten minutes
SLOW_AT_ONCE = 25  # names of one round: a second, on a weak PC, of a thread that only reads


@dataclass(frozen=True, slots=True)
class Found:
    """A fact that was read off somebody who was erased."""

    fact: str
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What a round has compared, as (watch, fact), and what it found."""

    compared: tuple[tuple[str, str], ...] = ()
    found: tuple[Found, ...] = ()


def _on_label(private: Any) -> tuple[str, str]:
    return private.name, private.tail or private.phone


NAMED: Mapping[str, Callable[[Any], tuple[str, str]]] = {
    ParcelShelved.KIND: _on_label,
    ParcelReassigned.KIND: _on_label,
    ParcelAnnounced.KIND: _on_label,
    FarmPickupAsked.KIND: lambda private: (private.name, private.phone),
    SendingAccepted.KIND: lambda private: (private.sender, private.phone),
}
"""Facts that bear a name and a phone of somebody who may be in no register, and how to read them.

The payer of a bill has no phone there, whoever fetches for another none either: a name alone is
nobody's. To whom a parcel is sent is a matter of its sender, who may still ask for it.
"""


def look(connection: Connection) -> Looked:
    """Compare some facts with the tags of recent erasures; slow, and it only reads."""
    compared: list[tuple[str, str]] = []
    found: list[Found] = []
    hashed = 0
    for watch in living(connection, VOCABULARY):
        tags: dict[tuple[str, str], str] = {}
        for told in not_compared(connection, watch, NAMED, VOCABULARY):
            if len(compared) >= AT_ONCE:
                return Looked(tuple(compared), tuple(found))
            name, phone = NAMED[told.kind](told.private)
            plain = plain_name(name), plain_tail(phone)
            if not all(plain) or not _is_nobodys(told) or not watch.is_after(told):
                compared.append((watch.identity, told.identity))
                continue
            if plain not in tags:
                if hashed >= SLOW_AT_ONCE:
                    return Looked(tuple(compared), tuple(found))
                hashed += 1
                tags[plain] = tag_of(*plain, watch.told.private.tag_salt)
            compared.append((watch.identity, told.identity))
            if tags[plain] and tags[plain] in watch.told.private.tags:
                found.append(Found(told.identity, name, phone))
    return Looked(tuple(compared), tuple(found))


def _is_nobodys(told: Told) -> bool:
    """Tell whether a fact names no person: whom it names she goes by, or stays."""
    return not told.body.person and not told.private.whose


def erase(premises: Premises, looked: Looked) -> Done | None:
    """Order the removal of what a round has found, in the writing thread; None when nothing is."""
    ticket = new_ticket(premises.chance)
    at, day = premises.clock.now_ms(), premises.desk.now().day
    return premises.session.write(
        lambda recorder: order(recorder, looked, ticket=ticket, at=at, day=day)
    )


def order(recorder: Recorder, looked: Looked, *, ticket: str, at: int, day: str) -> Done | None:
    """Say the erasure of what was found and note what was compared, in one transaction.

    Both or neither: a PC that dies between finding and saying finds it again.
    """
    connection = recorder.connection
    note_compared(connection, looked.compared)
    facts = {one.fact for one in looked.found if not _is_somebody_here(connection, one)}
    doomed = {also for fact in facts for also in _of_same_parcel(connection, fact, facts)}
    if not doomed:
        return None
    act = recorder.open_act(ticket, by="", at=at)
    act.say(Saying(PrivateErased(persons=(), facts=tuple(sorted(doomed)), day=day)))
    batch = act.close()
    return Done(ticket, tuple(batch.told), tuple(batch.changes))


def _is_somebody_here(connection: Connection, found: Found) -> bool:
    """Tell whether a villager who is in the register bears this name and tail: then it is hers."""
    alike = by_tail(connection, plain_tail(found.phone))
    return any(plain_name(one.name) == plain_name(found.name) for one in alike)


def _of_same_parcel(connection: Connection, fact: str, found: set[str]) -> set[str]:
    """Return a label, if it is still here, with who took that parcel and how it was signed for.

    Only the label where the parcel is filed under somebody, or has a label that is not hers.
    """
    rows = connection.execute(
        "SELECT v.identity, f.kind, COALESCE(p.person, '') FROM folds o "
        "JOIN folds d ON d.root = o.root JOIN privates v ON v.identity = d.identity "
        "JOIN facts f ON f.identity = v.identity LEFT JOIN parcels p ON p.entity = o.root "
        "WHERE o.identity = ?",
        (fact,),
    ).fetchall()
    is_anothers = any(
        person or (kind in NAMED and identity not in found) for identity, kind, person in rows
    )
    held = connection.execute("SELECT identity FROM privates WHERE identity = ?", (fact,))
    own = {str(identity) for (identity,) in held.fetchall()}
    return own if is_anothers else own | {str(row[0]) for row in rows}
