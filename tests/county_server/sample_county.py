"""A county for the pages' tests: 289 stations of the demo folder with a week of plausible work.

Everything is folded by the product's own folds and laid into the county's own tables, so a column
that is renamed anywhere shows here. The week is drawn from a seed; what tests and pictures need is
put in by hand: a township whose line is broken, a silent station, a drawer that is far off.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from county_server.dashboard.rows import Contact
from county_server.master import Known, plan
from county_server.schema import EVERYWHERE, column_name
from county_server.store import Store
from station_app.journal.fact import Body, Private, Told, canonical
from station_app.journal.projection import EntityKind, fold_facts
from station_app.reference.couriers import COURIER
from station_app.reference.rules import STATION
from station_app.services.cash.facts import ShiftClosed, ShiftOpened
from station_app.services.cash.rules import SHIFT
from station_app.services.cash.vouchers import VOUCHER
from station_app.services.parcels.facts import ParcelHandedOver, ParcelReturned, ParcelShelved
from station_app.services.parcels.visits import PARCEL
from station_app.services.people.facts import OperatorDetails, OperatorRegistered
from station_app.services.people.rules import OPERATOR
from station_app.values.day import add_days, local_day, local_midnight
from station_app.vocabulary import VOCABULARY
from tests.county_server.master_folders import DEMO

MINUTE = 60_000
HOUR = 60 * MINUTE
NOW = local_midnight("2026-11-23") + 9 * HOUR + 42 * MINUTE
TODAY = local_day(NOW)
BROKEN_LINE = "板场乡"
SILENT_STATION = "NX1601"
FAR_OFF_STATION = "NX0407"
DEMO_STATION = "NX0601"
COURIERS = ("ZTO", "YTO", "STO", "YUNDA", "JTSD", "POSTB", "SF", "JD")
WEIGHTS = (24, 18, 14, 16, 12, 8, 3, 5)


@dataclass
class SampleCounty:
    """Facts by entity, and the PCs that were heard. `lay` puts them into a database."""

    seed: int = 1
    work: int = 12  # parcels of a day at a middling station
    contacts: list[Contact] = field(default_factory=list)
    facts: list[tuple[EntityKind[Any], str, list[Told]]] = field(default_factory=list)
    told: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    # --- Saying things ---------------------------------------------------------------------------

    def tell(
        self, stream: str, at: int, body: Body, private: Private | None = None, entity: str = ""
    ) -> Told:
        self.told += 1
        return Told(
            identity=f"{self.told:064x}",
            stream=stream,
            seq=self.told,
            act="A" * 16,
            at=at,
            kind=body.KIND,
            by="",
            entity=entity,
            body=body,
            private=private,
        )

    def add(self, kind: EntityKind[Any], station: str, facts: Iterable[Told]) -> None:
        self.facts.append((kind, station, list(facts)))

    def parcel(
        self,
        station: str,
        came_at: int,
        *,
        courier: str = "ZTO",
        left_at: int = 0,
        cod_fen: int = 0,
    ) -> None:
        """A parcel that came, and left again or not."""
        stream = f"{station}/D1/{'0' * 16}"
        came = self.tell(
            stream,
            came_at,
            ParcelShelved(
                courier=courier, waybill=f"7{self.told:014}", after="", shelf="A", layer=1,
                serial=self.told % 99 + 1, size="S", cod_fen=cod_fen, freight_fen=0, person="",
                day=local_day(came_at),
            ),
        )  # fmt: skip
        facts = [came]
        if left_at:
            day = local_day(left_at)
            is_returned = left_at - came_at > 6 * 24 * HOUR
            left: Body = (
                ParcelReturned(courier=courier, reason="overdue", day=day)
                if is_returned
                else ParcelHandedOver(
                    courier=courier, taken_by="self", check="phone_tail", cod_fen=cod_fen,
                    freight_fen=0, slip=1, day=day,
                )
            )  # fmt: skip
            facts.append(self.tell(stream, left_at, left, entity=came.identity))
        self.add(PARCEL, station, facts)

    def shift(
        self, station: str, day: str, *, closed: bool = True, difference_fen: int = 0,
        number: int = 511, device: str = "D1", heard_until: int = NOW,
    ) -> None:  # fmt: skip
        """A shift of a drawer, as far as it was heard of."""
        stream = f"{station}/{device}/{'0' * 16}"
        opened_at = local_midnight(day) + 8 * HOUR + self.dice.randrange(40) * MINUTE
        if opened_at > heard_until:
            return
        opened = self.tell(
            stream,
            opened_at,
            ShiftOpened(counts=(), counted_fen=20_000, added_fen=0, reason="", as_last=0, day=day),
        )
        facts = [opened]
        closed_at = local_midnight(day) + 18 * HOUR + self.dice.randrange(50) * MINUTE
        if closed and closed_at <= heard_until:
            body = ShiftClosed(
                number=number, counts=(), counted_fen=20_000 + difference_fen, expected_fen=20_000,
                difference_fen=difference_fen, recounts=0, positions=(), balances=(), facts=0,
                tail="", fold_version=1, booked_late=0, day=day,
            )  # fmt: skip
            started_anew = f"{station}/{device}/{'5' * 16}"  # a paper of this start bears KV
            facts.append(self.tell(started_anew, closed_at, body, entity=opened.identity))
        self.add(SHIFT, station, facts)

    def heard(
        self, station: str, at: int, waiting: int = 0, device: str = "D1", held: int = 0
    ) -> None:
        self.contacts.append(Contact(station, device, at, waiting, held))

    # --- The demo county -------------------------------------------------------------------------

    def found(self) -> "list[str]":
        """Describe stations and couriers; return the codes of the open village stations."""
        made = plan(DEMO, Known(), day="2026-11-01")
        codes = []
        for step in made.steps:  # type: ignore[union-attr]
            kind = VOCABULARY.entity_kind(type(step.body))
            if kind in (STATION, COURIER):
                self.add(kind, EVERYWHERE, [self.tell(step.stream, NOW, step.body)])
                body: Any = step.body
                if kind is STATION and body.level == "village" and body.status != "closed":
                    codes.append((body.code, body.township))
        self.townships = dict(codes)
        return list(self.townships)

    def fill(self) -> "SampleCounty":
        """Let every station work for a week, as far as it was heard."""
        for code in self.found():
            heard_at = self._heard_at(code)
            waiting = self.dice.choice((0, 0, 0, 0, 2, 4, 9)) if NOW - heard_at < 4 * HOUR else 0
            if NOW - heard_at > 24 * HOUR:
                waiting = self.dice.randrange(40, 120)
            waiting = {SILENT_STATION: 212}.get(code, waiting)
            self.heard(code, heard_at, waiting, held=self.dice.randrange(9_000, 20_000))
            self._week(code, heard_at)
        return self

    def _heard_at(self, code: str) -> int:
        if code == SILENT_STATION:
            return NOW - 76 * HOUR - 12 * MINUTE
        if code in (FAR_OFF_STATION, DEMO_STATION):
            return NOW - 4 * MINUTE
        if self.townships[code] == BROKEN_LINE and code[-1] in "2357":
            return NOW - 27 * HOUR - 32 * MINUTE + self.dice.randrange(20) * MINUTE
        draw = self.dice.random()
        if draw < 0.88:
            return NOW - self.dice.randrange(1, 110) * MINUTE
        if draw < 0.97:
            return NOW - self.dice.randrange(5 * 60, 20 * 60) * MINUTE
        return NOW - self.dice.randrange(25 * 60, 60 * 60) * MINUTE

    def _week(self, code: str, heard_until: int) -> None:
        size = self.dice.choice((0.5, 0.7, 1, 1, 1.3, 1.9))
        number = self.dice.randrange(300, 600)
        for back in range(10, -1, -1):
            day = add_days(TODAY, -back)
            if back < 7:
                self._shift_of(code, day, number - back, heard_until)
            share = 0.55 if back == 0 else 1
            for _ in range(round(self.work * size * share * self.dice.uniform(0.7, 1.3))):
                self._parcel_of(code, local_midnight(day), heard_until)
        name = self.dice.choice("王李张郭秦曹任闫") + self.dice.choice(("示兰", "样林", "例凤"))
        operator = OperatorRegistered(role="manager", day="2026-03-01")
        stream = f"{code}/D1/{'0' * 16}"
        self.add(OPERATOR, code, [self.tell(stream, NOW, operator, OperatorDetails(name=name))])

    def _shift_of(self, code: str, day: str, number: int, heard_until: int) -> None:
        difference_fen = self.dice.choice((0,) * 30 + (-50, 100, -120))
        if day == add_days(TODAY, -1) and code == FAR_OFF_STATION:
            difference_fen = -12_00
        if self.dice.random() > 0.03 or code == FAR_OFF_STATION:
            self.shift(
                code, day, closed=day != TODAY, difference_fen=difference_fen, number=number,
                heard_until=heard_until,
            )  # fmt: skip

    def _parcel_of(self, code: str, midnight: int, heard_until: int) -> None:
        hours = 95 if midnight == local_midnight(TODAY) else 600
        came_at = midnight + 8 * HOUR + self.dice.randrange(hours) * MINUTE
        if came_at > heard_until:
            return
        draw = self.dice.random()
        wait = self.dice.expovariate(1 / 18) * HOUR if draw < 0.993 else 40 * 24 * HOUR
        left_at = came_at + HOUR // 2 + int(wait)
        if 180 * HOUR < left_at - came_at < 30 * 24 * HOUR:
            left_at = came_at + 180 * HOUR
        self.parcel(
            code,
            came_at,
            courier=self.dice.choices(COURIERS, WEIGHTS)[0],
            left_at=left_at if left_at <= heard_until else 0,
            cod_fen=self.dice.choice((0,) * 19 + (38_00,)),
        )

    # --- The database ----------------------------------------------------------------------------

    def lay(self, folder: Path) -> Store:
        """Fold everything and write the read tables of a new database."""
        store = Store(f"sqlite:///{folder / 'county.db'}", VOCABULARY)
        store.make()
        rows: dict[str, list[dict[str, Any]]] = {}
        for name, row in self.rows():
            rows.setdefault(name, []).append(row)
        with store.write() as connection:
            for name, found in rows.items():
                connection.execute(store.tables.read[name].insert(), found)
            if states := list(self.states()):
                connection.execute(store.tables.states.insert(), states)
            if folded := list(self.folded()):
                connection.execute(store.tables.folds.insert(), folded)
        return store

    def states(self) -> Iterator[dict[str, Any]]:
        """Yield the states of couriers: what holds of one on a day stands there alone."""
        for kind, station, facts in self.facts:
            folded = fold_facts(kind, facts) if kind is COURIER else None
            if folded is not None:
                yield {
                    "station": station, "kind": kind.name, "entity": facts[0].subject,
                    "at": folded.last.at, "identity": folded.last.identity,
                    "data": canonical(folded.state),
                }  # fmt: skip

    def folded(self) -> Iterator[dict[str, Any]]:
        """Yield which facts were folded into each shift and voucher."""
        for kind, station, facts in self.facts:
            for told in facts if kind in (SHIFT, VOUCHER) else ():
                yield {
                    "station": station, "root": facts[0].identity, "at": told.at,
                    "identity": told.identity, "stream": told.stream, "seq": told.seq,
                }  # fmt: skip

    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield every row of the read tables, with the name of its kind."""
        for kind, station, facts in self.facts:
            folded = fold_facts(kind, sorted(facts, key=lambda told: (told.at, told.identity)))
            assert folded is not None
            assert kind.columns is not None
            names = (column_name(name) for name, _ in kind.columns.fields)
            cells = dict(zip(names, kind.columns.row(folded.state), strict=True))
            yield kind.name, {"station": station, "entity": facts[0].subject, **cells}
