"""Whom to tell and how far that has come: what stands on the shelves, by receiver, with messages.

Nothing here is a state. A receiver is somebody of the register, else a label as it stands; the
messages that matter are those since the oldest parcel on hand came, so no query grows with the
years.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.reference import records as reference
from station_app.reference.settings import MESSAGES_BY
from station_app.services.parcels import records
from station_app.services.parcels.commands import QueueMessages
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.messages import (
    DELIVERED,
    NO_PHONE,
    QUEUED,
    REFUSED,
    SILENT_AFTER_DAYS,
    Addressee,
    why_not_message,
)
from station_app.services.parcels.receivers import KnownPerson
from station_app.services.parcels.records import ParcelRow, parcel_state
from station_app.values.day import days_between
from station_app.values.now import Now

AGAIN_AFTER_DAYS = 3  # who was told and has not come for so long is reminded
UNKNOWN = "unknown"

# How it stands with one receiver, the most pressing first.
NO_ANSWER, ASK_FIRST, NOT_ARRIVED, SILENT = "no_answer", "ask_first", "not_arrived", "silent"
OTHERWISE, UNTOLD, WAITS, ON_ITS_WAY, REACHED = "otherwise", "untold", "waits", "on_its_way", "told"
STANDINGS = (
    NO_ANSWER, NOT_ARRIVED, ASK_FIRST, SILENT, UNTOLD, OTHERWISE, WAITS, ON_ITS_WAY, REACHED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message in a list; see `messages.Message`."""

    message: str
    status: str
    way: str
    purpose: str
    parcels: tuple[str, ...]
    person: str
    reason: str
    day: str
    answered_day: str


@dataclass(frozen=True, slots=True)
class Waiter:
    """A receiver with what she has here. message: the newest about all of it, None for none.

    why_not: why she can get no message, "" when she can.
    """

    person: str
    name: str
    tail: str
    phone: str
    hamlet: str
    why_not: str
    rows: tuple[ParcelRow, ...]
    message: MessageRow | None

    @property
    def subject(self) -> str:
        """Return what tells this one from the others."""
        return self.person or self.rows[0].parcel

    @property
    def parcels(self) -> tuple[str, ...]:
        """Return the identities of what is here for her."""
        return tuple(row.parcel for row in self.rows)

    @property
    def due_fen(self) -> int:
        """Return what is to be collected from her."""
        return sum(row.due_fen for row in self.rows)

    @property
    def calls(self) -> int:
        """Return how often she did not answer, 0 when somebody has reached her since."""
        unheard = [row.told_count for row in self.rows if row.told_outcome == "no_answer"]
        return max(unheard, default=0)

    def age(self, today: str) -> int:
        """Return for how many days the oldest has been here."""
        return max(0, *(days_between(row.day_in, today) for row in self.rows))

    def told_day(self) -> str:
        """Return the day on which she last knew of all of it, "" when she does not."""
        if all(row.told_outcome == "reached" for row in self.rows):
            return max(row.told_day for row in self.rows)
        if self.message is not None and self.message.status == DELIVERED:
            return self.message.answered_day
        return ""

    def standing(self, today: str) -> str:
        """Return how it stands with her: one of `STANDINGS`."""
        if self.told_day():
            return REACHED
        if self.calls:
            return NO_ANSWER
        message = self.message
        if message is None:
            if self.why_not:
                return OTHERWISE if self.why_not == NO_PHONE else ASK_FIRST
            return UNTOLD
        if message.status == REFUSED:
            return NOT_ARRIVED
        if message.status == QUEUED:
            return WAITS
        is_silent = days_between(message.answered_day, today) >= SILENT_AFTER_DAYS
        return SILENT if is_silent else ON_ITS_WAY


def waiters(connection: Connection, gatherer: Gatherer) -> list[Waiter]:
    """Return everybody who has something here, whoever waits longest first."""
    rows = records.on_hand(connection)
    known = _known(connection, gatherer, rows)
    together: dict[tuple[str, ...], list[ParcelRow]] = {}
    for row in rows:
        together.setdefault(_key(row, known), []).append(row)
    sent = messages_about(connection, rows)
    found = [
        _waiter(connection, same, known.get(same[0].person), sent) for same in together.values()
    ]
    return sorted(found, key=lambda w: (min(row.day_in for row in w.rows), w.hamlet, w.subject))


def messages_about(connection: Connection, rows: Sequence[ParcelRow]) -> dict[str, MessageRow]:
    """Return the newest message about each of these parcels that has one."""
    since = min((row.day_in for row in rows), default="")
    if not since:
        return {}
    found = connection.execute(
        "SELECT m.entity, m.status, m.way, m.purpose, m.parcels, m.person, m.reason, m.day, "
        "m.answered_day FROM messages m JOIN facts f ON f.identity = m.entity "
        "WHERE m.day >= ? ORDER BY f.at, m.entity",
        (since,),
    ).fetchall()
    by_parcel: dict[str, MessageRow] = {}
    for entity, status, way, purpose, parcels, *rest in found:
        message = MessageRow(entity, status, way, purpose, tuple(parcels.split()), *rest)
        by_parcel.update(dict.fromkeys(message.parcels, message))
    return by_parcel


def told_by_message(connection: Connection, rows: Sequence[ParcelRow]) -> frozenset[str]:
    """Return those of these parcels of which a message has arrived."""
    about = messages_about(connection, rows)
    return frozenset(parcel for parcel, one in about.items() if one.status == DELIVERED)


def to_message(found: Iterable[Waiter], today: str) -> list[Waiter]:
    """Return whom a first message may go to."""
    return [w for w in found if not w.why_not and not w.told_day() and _is_open(w, today)]


def to_remind(found: Iterable[Waiter], today: str) -> list[Waiter]:
    """Return whom a reminder may go to: told some days ago, and her parcels are still here."""
    return [
        w
        for w in found
        if not w.why_not
        and (day := w.told_day())
        and days_between(day, today) >= AGAIN_AFTER_DAYS
        and (w.message is None or days_between(w.message.day, today) >= AGAIN_AFTER_DAYS)
    ]


def _is_open(waiter: Waiter, today: str) -> bool:
    """Tell whether nothing is under way for her; one that failed is not tried the same day."""
    message = waiter.message
    return message is None or (message.status == REFUSED and message.answered_day < today)


class MessageDesk:
    """Reads what the rule about messages needs."""

    def __init__(self, gatherer: Gatherer) -> None:
        """Know people by the register of `gatherer`."""
        self._gatherer = gatherer

    def queuing(self, connection: Connection, command: QueueMessages, now: Now) -> list[Addressee]:
        """Return the receivers of these parcels for whom nothing is under way."""
        asked = set(command.parcels)
        found = [w for w in waiters(connection, self._gatherer) if asked & set(w.parcels)]
        is_again = command.purpose == "again"
        fitting = to_remind(found, now.day) if is_again else to_message(found, now.day)
        return [_addressee(connection, self._gatherer, waiter) for waiter in fitting]


def way_of(connection: Connection, now: Now) -> str:
    """Return by what the county sends messages: `sms`, `wechat` or `none`."""
    return reference.read_setting(connection, MESSAGES_BY, now.station, now.day)


def _addressee(connection: Connection, gatherer: Gatherer, waiter: Waiter) -> Addressee:
    person = gatherer.people.person(connection, waiter.person) if waiter.person else None
    return Addressee(
        person=waiter.person,
        phone=waiter.phone,
        consent_leave=person.consent_leave if person else UNKNOWN,
        consent_personal=person.consent_personal if person else UNKNOWN,
        parcels=waiter.parcels,
    )


def _waiter(
    connection: Connection,
    rows: list[ParcelRow],
    person: KnownPerson | None,
    sent: Mapping[str, MessageRow],
) -> Waiter:
    first = rows[0]
    newest = [sent[row.parcel] for row in rows if row.parcel in sent]
    message = newest[-1] if len(newest) == len(rows) else None
    if person is None:
        state = parcel_state(connection, first.parcel)
        phone = state.phone if state else ""
        told = ("", first.name, first.tail, phone, "")
        consents = (UNKNOWN, UNKNOWN)
    else:
        told = (person.identity, person.name, person.tail, person.phone, person.hamlet)
        consents = (person.consent_leave, person.consent_personal)
    why_not = why_not_message(
        Addressee(
            person=told[0],
            phone=told[3],
            consent_leave=consents[0],
            consent_personal=consents[1],
            parcels=(),
        )
    )
    return Waiter(*told, why_not, tuple(rows), message)


def _known(
    connection: Connection, gatherer: Gatherer, rows: Iterable[ParcelRow]
) -> dict[str, KnownPerson | None]:
    persons = dict.fromkeys(row.person for row in rows if row.person)
    return {person: gatherer.people.person(connection, person) for person in persons}


def _key(row: ParcelRow, known: Mapping[str, KnownPerson | None]) -> tuple[str, ...]:
    """Return what tells receivers apart: who she is, else the label, else the parcel alone."""
    person = known.get(row.person) if row.person else None
    if person is not None:
        return ("person", person.identity)
    if row.tail or row.name:
        return ("label", row.tail, row.name)
    return ("parcel", row.parcel)
