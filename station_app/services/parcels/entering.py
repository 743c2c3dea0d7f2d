"""A parcel that is being entered: what is known of it so far, and what is still missing.

Plain values and look-ups, no screen: the page shows an `Entry`, and each key makes another one of
it. Who it is for is never guessed among several: all whose phone ends so are listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from station_app.journal.log import Connection
from station_app.services.parcels import records
from station_app.services.parcels.commands import ShelveParcel
from station_app.services.parcels.gathering import Gatherer, Guess, Proposal
from station_app.services.parcels.places import Layer
from station_app.services.parcels.receivers import KnownPerson
from station_app.services.parcels.rules import clean_waybill, shelve
from station_app.values.now import Now
from station_app.values.refusal import Refusal

NO_GUESS = Guess("", "")
CANDIDATES_MAX = 8  # a digit for each, and the ninth for "none of these"
TAIL_DIGITS = 4

# Refusals that depend on the waybill alone: said when it is scanned, not when Enter is pressed.
AT_SCAN = frozenset(
    f"parcels.{reason}"
    for reason in (
        "UNREADABLE_WAYBILL",
        "ON_HAND_ALREADY",
        "ON_RUN_SINCE",
        "HANDED_OVER_ALREADY",
        "EXPECTED_ELSEWHERE",
    )
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody for whom a parcel may be. person: identity, "" when known by a label only.

    waiting: how many of her parcels are on hand; consent: to leaving parcels here.
    """

    person: str
    name: str
    tail: str
    hamlet: str = ""
    waiting: int = 0
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is known of the parcel in hand.

    chosen: for whom it is; is_nobody: the operator says that it is none of the candidates, or
    there are none. typed: what stands in the boxes of the tail, perhaps half.
    """

    waybill: str = ""
    guess: Guess = NO_GUESS
    courier: str = ""
    typed: str = ""
    name: str = ""
    phone: str = ""
    candidates: tuple[Candidate, ...] = ()
    chosen: Candidate | None = None
    is_nobody: bool = False
    size: str = "M"
    cod_fen: int = 0
    freight_fen: int = 0
    is_announced: bool = False
    layer: Layer | None = None
    may_crowd: bool = False
    again: bool = False
    stays_here: bool = False
    here_since: str = ""

    @property
    def tail(self) -> str:
        """Return the whole tail, "" while it is half typed."""
        return self.typed if len(self.typed) == TAIL_DIGITS else ""

    @property
    def missing(self) -> str:
        """Return what is still to be said: `courier`, `choice`, `tail`, `digits` or ""."""
        if not self.courier:
            return "courier"
        if self.chosen is not None:
            return ""
        if self.candidates and not self.is_nobody:
            return "choice"
        if self.typed and not self.tail:
            return "digits"
        return "" if self.tail or self.name.strip() else "tail"

    def command(self, serial: int = 0) -> ShelveParcel:
        """Return what is asked of the desk. serial: the one that the screen has shown."""
        chosen = self.chosen
        is_person = chosen is not None and bool(chosen.person)
        return ShelveParcel(
            courier=self.courier,
            waybill=self.waybill,
            person=chosen.person if chosen is not None else "",
            name="" if is_person else (chosen.name if chosen else self.name.strip()),
            tail="" if is_person else (chosen.tail if chosen else self.tail),
            phone="" if chosen is not None else self.phone,
            shelf=self.layer.shelf if self.layer else "",
            layer=self.layer.number if self.layer else 0,
            serial=serial,
            size=self.size,
            cod_fen=self.cod_fen,
            freight_fen=self.freight_fen,
            may_crowd=self.may_crowd,
            again=self.again,
            stays_here=self.stays_here,
            here_since=self.here_since,
        )


class Entering:
    """Begins entries and answers the questions that they raise, on a reading connection."""

    def __init__(self, gatherer: Gatherer) -> None:
        """Look things up through `gatherer`."""
        self._gatherer = gatherer

    def begin(self, connection: Connection, scanned: str, now: Now) -> tuple[Entry, Refusal | None]:
        """Return the entry for a scanned number, and what speaks against it, if anything.

        Several pieces of one shipment share a number; each is filed with its piece.
        """
        waybill = filed_number(scanned)
        guess = self._gatherer.guess(connection, waybill, now)
        entry = Entry(waybill=waybill, guess=guess, courier=guess.courier)
        announced = records.announcement(connection, waybill, now.station)
        if announced is not None and announced.station == now.station:
            entry = replace(
                entry,
                cod_fen=announced.cod_fen,
                freight_fen=announced.freight_fen,
                is_announced=True,
                name=announced.name,
                phone=announced.phone,
            )
            person = (
                self._gatherer.people.person(connection, announced.person)
                if announced.person
                else None
            )
            if person is not None and not person.is_erased:
                chosen = self._candidate(connection, person)
                entry = replace(entry, chosen=chosen, typed=chosen.tail)
            elif announced.tail:
                entry = self.with_tail(connection, entry, announced.tail)
        if entry.chosen is None and not entry.candidates:
            entry = self._of_order(connection, entry)
        return entry, self.objection(connection, entry, now)

    def _of_order(self, connection: Connection, entry: Entry) -> Entry:
        """Return the entry for whoever ordered what comes under this waybill, if anybody did."""
        who = self._gatherer.orders.person(connection, entry.waybill)
        person = self._gatherer.people.person(connection, who) if who else None
        if person is None or person.is_erased:
            return entry
        chosen = self._candidate(connection, person)
        return replace(entry, chosen=chosen, typed=chosen.tail)

    def objection(self, connection: Connection, entry: Entry, now: Now) -> Refusal | None:
        """Return why this waybill cannot come in as it is, or None."""
        command = entry.command()
        decision = shelve(self._gatherer.shelving(connection, command, now), command, now)
        if isinstance(decision, Refusal) and decision.reason in AT_SCAN:
            return decision
        return None

    def with_tail(self, connection: Connection, entry: Entry, typed: str) -> Entry:
        """Return the entry with these digits in its boxes; four of them look for people."""
        entry = replace(entry, typed=typed, chosen=None, candidates=(), is_nobody=False)
        if len(typed) < TAIL_DIGITS:
            return entry
        if not entry.phone.endswith(typed):
            entry = replace(entry, phone="")  # of another label than the one in hand
        return _offering(entry, self.by_tail(connection, typed))

    def with_name(self, connection: Connection, entry: Entry, name: str) -> Entry:
        """Return the entry with a name typed; people who fit are offered, none is taken."""
        entry = replace(entry, name=name, chosen=None, is_nobody=True, candidates=())
        if not name.strip():
            return replace(entry, is_nobody=False)
        found = [
            self._candidate(connection, person)
            for person in self._gatherer.people.find(connection, name)[:CANDIDATES_MAX]
        ]
        return replace(entry, candidates=tuple(found))

    def by_tail(self, connection: Connection, tail: str) -> tuple[Candidate, ...]:
        """Return all to whom a tail belongs: villagers, then names on labels that wait here."""
        people = [
            self._candidate(connection, person)
            for person in self._gatherer.people.by_tail(connection, tail)
        ]
        named = {person.name for person in people}
        labels: dict[str, int] = {}
        for row in records.on_hand_for_label(connection, tail):
            if row.name and row.name not in named:
                labels[row.name] = labels.get(row.name, 0) + 1
        known = [Candidate("", name, tail, waiting=count) for name, count in sorted(labels.items())]
        return (*people, *known)

    def propose(self, connection: Connection, entry: Entry, now: Now) -> Proposal:
        """Return the pickup code that the entry would get now."""
        return self._gatherer.propose(connection, entry.command(), now)

    def _candidate(self, connection: Connection, person: KnownPerson) -> Candidate:
        waiting = records.on_hand_of(
            connection, self._gatherer.people.names_of(connection, person.identity)
        )
        return Candidate(
            person=person.identity,
            name=person.name,
            tail=person.tail,
            hamlet=person.hamlet,
            waiting=len(waiting),
            consent=person.consent_leave,
        )


def _offering(entry: Entry, found: Sequence[Candidate]) -> Entry:
    """Offer people; one alone is taken, of several none."""
    if len(found) == 1:
        return replace(entry, candidates=tuple(found), chosen=found[0])
    return replace(entry, candidates=tuple(found), is_nobody=not found)


def choose(entry: Entry, number: int) -> Entry:
    """Return the entry for the candidate of this number, from 0; past the last is nobody."""
    if number < len(entry.candidates):
        return replace(entry, chosen=entry.candidates[number], is_nobody=False)
    return replace(entry, chosen=None, is_nobody=True)


def filed_number(scanned: str) -> str:
    """Return the number under which a scan is filed: with the piece of a shipment, if any."""
    return clean_waybill(scanned).rstrip("-")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many parcels a round has, by courier, the largest first; nameless: without a person."""

    total: int = 0
    by_courier: tuple[tuple[str, int], ...] = ()
    nameless: int = 0
    due_fen: int = 0


def tally(rows: Sequence[records.ParcelRow]) -> Tally:
    """Return the figures of a round."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.courier] = counts.get(row.courier, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Tally(
        total=len(rows),
        by_courier=tuple(ordered),
        nameless=sum(1 for row in rows if not row.person),
        due_fen=sum(row.due_fen for row in rows),
    )


def entry_as_draft(entry: Entry) -> dict[str, Any]:
    """Return an entry as a draft keeps it: what was scanned and typed."""
    return {
        "waybill": entry.waybill,
        "courier": entry.courier,
        "typed": entry.typed,
        "name": entry.name,
        "phone": entry.phone,
        "size": entry.size,
        "cod_fen": entry.cod_fen,
        "freight_fen": entry.freight_fen,
    }
