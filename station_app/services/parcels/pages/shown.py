"""How parcels are shown in lists: the same words on every page of this slice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.printing.document import grouped
from station_app.reference import records as reference
from station_app.services.parcels.facts import ListedPiece
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.meanings import NEW
from station_app.services.parcels.records import Overdue, ParcelRow, announcement
from station_app.shell.counter import Counter
from station_app.shell.offers import Scan
from station_app.shell.widgets.cells import Pill
from station_app.values.day import days_between, local_time, say_day
from station_app.values.money import say_yuan

REFERENCE_DIGITS_MIN = 10  # what a payment number on a phone has at least


def is_payment_number(scan: Scan) -> bool:
    """Tell whether a scan may be the number of a payment: long, digits, of nothing known here."""
    is_number = scan.text.isdigit() and len(scan.text) >= REFERENCE_DIGITS_MIN
    return is_number and (scan.meaning is None or scan.meaning.kind == NEW)


@dataclass(frozen=True, slots=True)
class Receiver:
    """For whom a parcel is, for a list. is_known: a villager of the register."""

    name: str
    tail: str
    hamlet: str
    is_known: bool


class Shown:
    """Words for rows, on a reading connection; names as the screen may show them now."""

    def __init__(self, counter: Counter, gatherer: Gatherer) -> None:
        """Speak in the words of `counter`."""
        self._counter = counter
        self._gatherer = gatherer

    def couriers(self, connection: Connection) -> Mapping[str, str]:
        """Return the short names of all couriers by code."""
        return {row.code: row.short_name for row in reference.couriers(connection)}

    def receiver(self, connection: Connection, row: ParcelRow) -> Receiver:
        """Return for whom a parcel is."""
        privacy = self._counter.privacy
        if row.person:
            person = self._gatherer.people.person(connection, row.person)
            if person is not None and person.name:
                name = privacy.name(person.name)
                return Receiver(name, person.tail, person.hamlet, is_known=True)
        return Receiver(privacy.name(row.name), row.tail, "", is_known=False)

    def due(self, row: ParcelRow) -> Pill | None:
        """Return the pill that says what is to be collected, None for nothing."""
        if row.cod_fen and row.freight_fen:
            return Pill(self._say("parcels.shown.both", amount=say_yuan(row.due_fen)), "money")
        if row.cod_fen:
            return Pill(self._say("parcels.shown.cod", amount=say_yuan(row.cod_fen)), "money")
        if row.freight_fen:
            amount = say_yuan(row.freight_fen)
            return Pill(self._say("parcels.shown.freight", amount=amount), "money")
        return None

    def arrived(self, row: ParcelRow, today: str) -> str:
        """Return since when a parcel has been here: 今天刚到, 11月21日到·放了 2 天."""
        age = days_between(row.day_in, today)
        if age <= 0:
            return self._say("parcels.shown.today")
        return self._say("parcels.shown.arrived", day=say_day(row.day_in, today), age=age)

    def told(self, row: ParcelRow) -> str:
        """Return how the receiver was told, or that nobody has told her yet."""
        if not row.told_count:
            return self._say("parcels.told.nobody")
        if row.told_outcome == "no_answer":
            return self._say("parcels.told.no_answer_times", count=row.told_count)
        return self._say(f"parcels.told.{row.told_way}")

    def stage(self, one: Overdue) -> str:
        """Return for how long a parcel has been here, and what that asks for."""
        if not one.stage:
            key = "parcels.overdue.age" if one.age > 0 else "parcels.overdue.today"
            return self._say(key, age=one.age)
        day = say_day(one.last_day, self._counter.desk.now().day) if one.last_day else ""
        return self._say(f"parcels.overdue.{one.stage}", age=one.age, day=day)

    def waybill(self, row: ParcelRow) -> str:
        """Return a waybill in groups of four, or words for a parcel that has none."""
        return grouped(row.waybill) if row.waybill else self._say("parcels.shown.no_waybill")

    def waybill_end(self, row: ParcelRow) -> str:
        """Return the end of a waybill, by which a label is found among others."""
        if not row.waybill:
            return self._say("parcels.shown.no_waybill")
        return self._say("parcels.shown.waybill_end", tail=row.waybill[-4:])

    def time(self, row: ParcelRow) -> str:
        """Return at what time it was shelved."""
        return local_time(row.at_in)

    def _say(self, key: str, /, **slots: object) -> str:
        return self._counter.texts.say(key, **slots)

    def waited_for(self, connection: Connection, pieces: Sequence[ListedPiece]) -> dict[str, str]:
        """Return for whom the pieces of a list are that differ: whoever waits can be told."""
        station = self._counter.desk.now().station
        found: dict[str, str] = {}
        for piece in pieces:
            said = announcement(connection, piece.waybill, station)
            if piece.state == "seen" or said is None:
                continue
            tail = self._say("parcels.label.tail", tail=said.tail) if said.tail else ""
            words = f"{self._counter.privacy.name(said.name)} {tail}".strip()
            found |= {piece.waybill: words} if words else {}
        return found
