"""Who has something waiting here, by hamlet: from the shelves to the lists that are put up or read.

Nothing here is a state: each list is a view over what is on hand and whom nobody has reached yet.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from station_app.journal.fact import Told
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.printing.document import Document
from station_app.printing.tops import Top
from station_app.reference import records as reference
from station_app.services.parcels import lists, message_records, records
from station_app.services.parcels.commands import TakeOnRun
from station_app.services.parcels.facts import ParcelTakenOnRun
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.lists import Hamlet, Waiting
from station_app.services.parcels.receivers import KnownPerson
from station_app.services.parcels.records import ParcelRow
from station_app.shell.desk import Paper
from station_app.values.day import days_between, say_day
from station_app.values.now import Now
from station_app.values.spoken import Phrase, call
from station_app.values.texts import Texts

LISTS = ("board", "calls", "overdue")
_GROUP = re.compile(r"第?([0-9]{1,3})(?:村民小组|小组|组)")  # what the voice has a number for
_LAST = 10**9  # a hamlet without a number stands behind those that have one


@dataclass(frozen=True, slots=True)
class _Receiver:
    """One who waits, with her parcels. hamlet: "" when nobody wrote it down."""

    name: str
    tail: str
    hamlet: str
    has_phone: bool
    rows: tuple[ParcelRow, ...]


class NoticeMaker:
    """Makes the lists of who is to be told, as plain data for paper."""

    def __init__(self, gatherer: Gatherer, texts: Texts) -> None:
        """Name receivers by the register of `gatherer`, in the words of `texts`."""
        self._gatherer = gatherer
        self._texts = texts

    def paper(self, connection: Connection, which: str, now: Now) -> Paper | None:
        """Return one of `LISTS` as it is now; None when nobody would stand on it."""
        assert which in LISTS
        if which == "overdue":
            return self._overdue(connection, now)
        rows = records.on_hand(connection)
        if which == "calls":
            rows = _untold(connection, rows)
        if not rows:
            return None
        hamlets = self._hamlets(connection, rows, now)
        if which == "calls":
            return self._made(
                lists.call_list(self._top(connection, now), hamlets, self._texts), rows
            )
        heading = (self._station(connection, now), say_day(now.day, now.day))
        return self._made(lists.board(heading, hamlets, self._texts), rows)

    def spoken(self, connection: Connection, now: Now) -> str:
        """Return what is read out over the loudspeaker, "" when everybody has been told.

        It names hamlets and how many wait there: no names, no goods, no money.
        """
        hamlets = self._called(connection, now)
        if not hamlets:
            return ""
        named = [one.name for one in hamlets if one.name != self._nowhere]
        key = "text" if len(named) == len(hamlets) else "text_more" if named else "text_nowhere"
        return self._texts.say(
            f"parcels.loudspeaker.{key}",
            station=self._station(connection, now),
            hamlets="、".join(named),
            count=sum(len(one.waiting) for one in hamlets),
        )

    def called(self, connection: Connection, now: Now) -> Phrase:
        """Return the same for the voice, () when everybody has been told.

        It knows hamlets by their number; one that has a name is one of the others.
        """
        hamlets = self._called(connection, now)
        if not hamlets:
            return ()
        numbered = [found for one in hamlets if (found := _GROUP.fullmatch(one.name))]
        return call(
            [int(found[1]) for found in numbered],
            sum(len(one.waiting) for one in hamlets),
            has_others=len(numbered) < len(hamlets),
        )

    def _called(self, connection: Connection, now: Now) -> Sequence[Hamlet]:
        rows = _untold(connection, records.on_hand(connection))
        return self._hamlets(connection, rows, now) if rows else ()

    def doors(
        self, connection: Connection, rows: Iterable[ParcelRow]
    ) -> list[tuple[str, list[tuple[ParcelRow, ...]]]]:
        """Return what goes to each door, the doors by hamlet as a runner goes."""
        return [
            (hamlet, [one.rows for one in self._receivers(connection, same)])
            for hamlet, same in self.by_hamlet(connection, rows)
        ]

    def by_hamlet(
        self, connection: Connection, rows: Iterable[ParcelRow]
    ) -> list[tuple[str, list[ParcelRow]]]:
        """Return parcels by the hamlet of their receivers, as a runner goes."""
        places: dict[str, list[ParcelRow]] = {}
        for one in self._receivers(connection, rows):
            places.setdefault(one.hamlet or self._nowhere, []).extend(one.rows)
        return [(name, places[name]) for name in sorted(places, key=self._rank)]

    def run(
        self, connection: Connection, command: TakeOnRun, told: Sequence[Told], now: Now
    ) -> Sequence[Paper]:
        """Return the list that a runner takes along, by hamlet, with what to collect."""
        found = (records.parcel_row(connection, parcel) for parcel in command.parcels)
        rows = [row for row in found if row is not None]
        hamlets = [
            Hamlet(
                name=name,
                waiting=tuple(
                    Waiting(
                        name=one.name,
                        tail=one.tail,
                        pieces=len(one.rows),
                        days=0,
                        code="、".join(str(row.code) for row in one.rows),
                        cod_fen=sum(self._to_collect(connection, row) for row in one.rows),
                    )
                    for one in self._receivers(connection, same)
                ),
            )
            for name, same in self.by_hamlet(connection, rows)
        ]
        taken = next((one for one in told if isinstance(one.body, ParcelTakenOnRun)), None)
        number = printed_number(taken.body.run, taken.stream) if taken else ""
        top = replace(self._top(connection, now), number=number)
        document = lists.delivery_run(top, command.runner, hamlets, self._texts)
        return [self._made(document, rows)]

    def _to_collect(self, connection: Connection, row: ParcelRow) -> int:
        """Return what a runner asks for at the door: the courier's, and the rest of an order."""
        order = self._gatherer.orders.of_waybill(connection, row.waybill)
        return row.due_fen + (order.due_fen if order is not None else 0)

    def _overdue(self, connection: Connection, now: Now) -> Paper | None:
        found = records.overdue(
            connection,
            now.day,
            reference.courier_rules(connection, now.day),
            self._gatherer.orders.last_days(connection),
        )
        if not found:
            return None
        waiting = []
        for one in found:
            (receiver,) = self._receivers(connection, [one.row])
            day = say_day(one.last_day, now.day) if one.last_day else ""
            how = self._texts.say(f"parcels.overdue_list.{one.stage}", day=day)
            waiting.append(
                Waiting(
                    name=receiver.name,
                    tail=receiver.tail,
                    pieces=1,
                    days=one.age,
                    code=str(one.row.code),
                    how=how,
                )
            )
        document = lists.overdue_list(self._top(connection, now), waiting, self._texts)
        return self._made(document, [one.row for one in found])

    def _hamlets(
        self, connection: Connection, rows: Iterable[ParcelRow], now: Now
    ) -> tuple[Hamlet, ...]:
        """Return who waits, by hamlet; in each, who has waited longest comes first."""
        places: dict[str, list[Waiting]] = {}
        for one in self._receivers(connection, rows):
            waiting = Waiting(
                name=one.name,
                tail=one.tail,
                pieces=len(one.rows),
                days=max(0, *(days_between(row.day_in, now.day) for row in one.rows)),
                how=self._how(one),
            )
            places.setdefault(one.hamlet or self._nowhere, []).append(waiting)
        return tuple(
            Hamlet(
                name=name,
                waiting=tuple(sorted(places[name], key=lambda w: (-w.days, w.name, w.tail))),
            )
            for name in sorted(places, key=self._rank)
        )

    def _receivers(self, connection: Connection, rows: Iterable[ParcelRow]) -> list[_Receiver]:
        known: dict[str, KnownPerson | None] = {}
        together: dict[tuple[str, ...], list[ParcelRow]] = {}
        for row in rows:
            if row.person and row.person not in known:
                known[row.person] = self._gatherer.people.person(connection, row.person)
            together.setdefault(_key(row, known), []).append(row)
        return [_receiver(same, known.get(same[0].person)) for same in together.values()]

    def _how(self, one: _Receiver) -> str:
        calls = max(row.told_count for row in one.rows)
        if not one.has_phone:
            return self._texts.say("parcels.calls.no_phone")
        if calls and one.rows[0].told_outcome == "no_answer":
            return self._texts.say("parcels.told.no_answer_times", count=calls)
        return ""

    def _made(self, document: Document, rows: Iterable[ParcelRow]) -> Paper:
        whose = dict.fromkeys(row.person or row.parcel for row in rows)
        return Paper("receipt", document, tuple(whose))

    def _top(self, connection: Connection, now: Now) -> Top:
        head = reference.letterhead(connection, now.station, self._texts)
        return Top(
            station=head.station,
            address=head.address,
            act="",
            number="",
            day=now.day,
            at=now.at,
            operator=self._gatherer.people.operator_name(connection, now.operator),
        )

    def _station(self, connection: Connection, now: Now) -> str:
        row = reference.station(connection, now.station)
        return row.name if row else now.station

    @property
    def _nowhere(self) -> str:
        return self._texts.say("parcels.board.nowhere")

    def _rank(self, hamlet: str) -> tuple[bool, int, str]:
        """Order hamlets as they are counted: 第 2 组 before 第 10 组, unknown ones last."""
        number = re.search(r"\d+", hamlet)
        return (hamlet == self._nowhere, int(number[0]) if number else _LAST, hamlet)


def _untold(connection: Connection, rows: Sequence[ParcelRow]) -> list[ParcelRow]:
    """Return of which of these parcels nobody knows: not told, and no message has arrived."""
    arrived = message_records.told_by_message(connection, rows)
    return [
        row
        for row in rows
        if (not row.told_count or row.told_outcome == "no_answer") and row.parcel not in arrived
    ]


def _key(row: ParcelRow, known: Mapping[str, KnownPerson | None]) -> tuple[str, ...]:
    """Return what tells receivers apart: who she is, else the label, else the parcel alone."""
    person = known.get(row.person) if row.person else None
    if person is not None:
        return ("person", person.identity)
    if row.tail or row.name:
        return ("label", row.tail, row.name)
    return ("parcel", row.parcel)


def _receiver(rows: list[ParcelRow], person: KnownPerson | None) -> _Receiver:
    first = rows[0]
    if person is None:
        return _Receiver(first.name, first.tail, "", bool(first.tail), tuple(rows))
    return _Receiver(person.name, person.tail, person.hamlet, bool(person.phone), tuple(rows))
