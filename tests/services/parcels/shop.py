"""A counter without a screen: a real encrypted journal, the desk, and time that the test moves.

Two of these are two PCs of a station; `hears` lets one take what the other has written.
"""

import itertools
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from station_app.journal import blobs
from station_app.journal.fact import Body, Fact, Private, Saying, canonical, seal
from station_app.journal.log import FactLog
from station_app.journal.migrations import JOURNAL, Migration, migrate, named_by_content
from station_app.journal.recorder import Recorder
from station_app.journal.session import Session
from station_app.journal.states import table_statements
from station_app.journal.store import open_writer, transaction
from station_app.journal.vocabulary import Vocabulary
from station_app.printing import spool
from station_app.reference import facts as reference_facts
from station_app.reference import rules as reference_rules
from station_app.resources_dir import load_texts
from station_app.services.cash import rules as cash
from station_app.services.cash.commands import TakePayment
from station_app.services.cash.facts import Tender
from station_app.services.cash.payment_records import PaymentGatherer
from station_app.services.cash.payments import take_payment
from station_app.services.parcels import asking as parcels_asking
from station_app.services.parcels import facts as parcels_facts
from station_app.services.parcels import index as parcels_index
from station_app.services.parcels import rules as parcels
from station_app.services.parcels.commands import HandOverParcels, PrintSlip, ShelveParcel
from station_app.services.parcels.gathering import Gatherer
from station_app.services.people import asking as people_asking
from station_app.services.people import facts as people_facts
from station_app.services.people import records as people_records
from station_app.services.people import rules as people
from station_app.services.people.commands import Details, RegisterPerson
from station_app.services.pictures import asking as pictures_asking
from station_app.services.pictures import rules as pictures
from station_app.shell.desk import Desk, Done, Outcome, Rule
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from station_app.values.spelling import spell

TEXTS = load_texts()
STATION = "NX0601"
SHIFT = "5" * 64
DAY_MS = 86_400_000
FIRST_MS = 1_764_032_400_000  # 2025-11-25 09:00 in the village
COURIERS = {
    "SF": ("顺丰速运", r"^SF[0-9A-Z]\d{12}$", 10, 0),
    "JTSD": ("极兔速递", r"^JT\d{13}$", 30, 0),
    "ZTO": ("中通快递", r"^7[3-68]\d{12}$", 70, 0),
    "STO": ("申通快递", r"^77\d{13}$|^(77|43)\d{12,15}$", 80, 0),
    "YUNDA": ("韵达速递", r"^[34]\d{14}$|^5\d{12}$", 90, 0),
    "SUNING": ("苏宁物流", r"^SN\d{12,16}$", 110, 1),
    "OTHER": ("其他/无单号", r"^[0-9A-Z-]{6,30}$", 999, 1),
}

VOCABULARY = Vocabulary(
    entities=(
        *reference_rules.ENTITIES,
        *people.ENTITIES,
        *parcels.ENTITIES,
        *cash.ENTITIES,
        *pictures.ENTITIES,
    ),
    postings={**parcels.POSTINGS, **cash.POSTINGS},
    from_county=(
        *reference_facts.FROM_COUNTY,
        *parcels_facts.FROM_COUNTY,
    ),
    from_both=people_facts.FROM_BOTH,
)
MIGRATIONS = (
    *JOURNAL,
    Migration("journal.blobs", blobs.SCHEMA),
    named_by_content("tables", table_statements(VOCABULARY.entities)),
    named_by_content("people", people_records.SCHEMA),
    named_by_content("parcels", parcels_index.SCHEMA),
    named_by_content("spool", spool.SCHEMA),
)


class Dice:
    """Chance from a seed."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def draw(self, count: int) -> bytes:
        return self._random.randbytes(count)


class Shop:
    """One PC. now: what the next act sees; change it with `is_now`."""

    def __init__(self, device: str = "D1", *, folder: Path | None = None, slots: int = 1) -> None:
        self.dice = Dice(f"{device}")
        self.now = Now(
            at=FIRST_MS, day="2025-11-25", operator="", device=device, station=STATION,
            slot=int(device[1:]) - 1, slots=slots, shift=SHIFT,
        )  # fmt: skip
        self.gatherer = Gatherer(people_records, start=0)
        self._folder = folder
        self._start()
        self._tickets = itertools.count()
        self._county_seq = 0
        self._county_head = ""

    def _start(self) -> None:
        self.session = Session(
            self._open,
            VOCABULARY,
            place=f"{STATION}/{self.now.device}",
            chance=self.dice,
            writers=(people_records.keep_search, parcels_index.keep_parcels, blobs.keep_names),
        )
        self.desk = Desk(self.session, self.rules(), lambda _connection: self._tick())

    def restart(self) -> None:
        """Begin again on the same data folder: a new desk, a new stream."""
        self.session.close()
        self._start()

    def rules(self) -> tuple[Rule[Any, Any], ...]:
        return (
            *people_asking.desk_rules(self.dice),
            *pictures_asking.RULES,
            *parcels_asking.desk_rules(self.gatherer, TEXTS),
            Rule(TakePayment, PaymentGatherer(people_records).taking, take_payment),
        )

    def _open(self) -> Any:
        if self._folder is None:
            connection = dbapi2.connect(":memory:", isolation_level=None, check_same_thread=False)
        else:
            connection = open_writer(self._folder / "station.db", bytes(range(32)))
        migrate(connection, MIGRATIONS)
        return connection

    def _tick(self) -> Now:
        self.now = replace(self.now, at=self.now.at + 1000)
        return self.now

    def is_now(self, **changed: Any) -> None:
        self.now = replace(self.now, **changed)

    def close(self) -> None:
        self.session.close()

    @property
    def connection(self) -> Any:
        return self.session.connection

    # --- Acts ---

    def ticket(self) -> str:
        number = next(self._tickets)
        letters = ""
        for _ in range(14):
            number, rest = divmod(number, 26)
            letters = chr(ord("A") + rest) + letters
        return self.now.device[0] + chr(ord("A") + int(self.now.device[1:])) + letters

    def ask(self, *commands: Any, ticket: str = "") -> Outcome:
        return self.desk.settle(*commands, ticket=ticket or self.ticket())

    def do(self, *commands: Any, ticket: str = "") -> Done:
        outcome = self.ask(*commands, ticket=ticket)
        assert isinstance(outcome, Done), outcome
        return outcome

    def no(self, *commands: Any) -> Refusal:
        outcome = self.ask(*commands)
        assert isinstance(outcome, Refusal), outcome
        assert TEXTS.say(outcome.text_key, **outcome.slots)
        return outcome

    def villager(self, name: str, phone: str = "", **details: str) -> str:
        spelled = spell(name)
        wanted = Details(
            name=name, phone=phone, pinyin=spelled.pinyin, initials=spelled.initials, **details
        )
        return self.do(RegisterPerson(details=wanted)).told[0].identity

    def shelve(self, waybill: str = "", **changed: Any) -> str:
        wanted = {"courier": "" if waybill else "OTHER", "waybill": waybill, **changed}
        return self.do(ShelveParcel(**wanted)).told[0].identity

    def hand_over(
        self, *parcels: str, cash_fen: int = 0, round_off_fen: int = 0, **changed: Any
    ) -> Done:
        wanted = HandOverParcels(parcels=parcels, paid_fen=changed.pop("due_fen", 0), **changed)
        commands: list[Any] = [wanted]
        ticket = self.ticket()
        if wanted.paid_fen:
            tenders = (Tender(way="cash", amount_fen=cash_fen or wanted.paid_fen),)
            commands.append(
                TakePayment(due_fen=wanted.paid_fen, tenders=tenders, round_off_fen=round_off_fen)
            )
            commands.append(PrintSlip(act=ticket))
        return self.do(*commands, ticket=ticket)

    def say(self, *sayings: Saying) -> None:
        """Record an act as it is, without any command."""
        now = self._tick()

        def work(recorder: Recorder) -> None:
            act = recorder.open_act(self.ticket(), by="", at=now.at)
            act.say(*sayings)
            act.close()

        self.session.write(work)

    def undo(self, act: str) -> Outcome:
        return self.desk.settle_undo(act, ticket=self.ticket())

    # --- Facts of others ---

    def county(self, *said: Body | tuple[Body, Private], entity: str = "") -> None:
        """Let the county say something, of an entity that is there already, and take it."""
        facts: list[Fact] = []
        for one in said:
            body, private = one if isinstance(one, tuple) else (one, None)
            if private is not None:
                private = type(private)(**{**_fields(private), "salt": "A" * 16})
            self._county_seq += 1
            fact = seal(
                canonical(body),
                canonical(private) if private is not None else None,
                stream="county.1/all", seq=self._county_seq, act="COUNTYAAAAAAAAAA",
                at=FIRST_MS - DAY_MS + self._county_seq, kind=body.KIND, v=body.VERSION,
                entity=entity, by="",
                prev=self._county_head,
            )  # fmt: skip
            self._county_head = fact.identity
            facts.append(fact)
        with transaction(self.connection):
            self.session.recorder.take(facts)

    def is_described(self, *, shelves: int = 4, layers: int = 3, places: int = 12) -> None:
        """Let the county say who this station is, and which couriers there are."""
        self.county(
            *(
                reference_facts.CourierPublished(
                    code=code, name=name, initial=code[0], pattern=pattern, example="",
                    priority=priority, must_confirm=must_confirm, remind_days=3, call_days=5,
                    return_days=7, day="2025-11-01",
                )
                for code, (name, pattern, priority, must_confirm) in COURIERS.items()
            ),
            *(
                reference_facts.StationDescribed(
                    code=code, name=name, level="village", parent="NX0600", township="赤眉镇",
                    village="柳荫洼村", status="active", shelves=shelves, layers=layers,
                    places=places, day="2025-11-01",
                )
                for code, name in ((STATION, "柳荫洼村站"), ("NX0602", "碧水河村站"))
            ),
        )  # fmt: skip

    def hears(self, other: "Shop") -> None:
        """Take everything that another PC has written."""
        log = FactLog(other.connection)
        stream = other.session.author.stream
        with transaction(self.connection):
            self.session.recorder.take(list(log.all_of(stream)))

    def takes(self, facts: list[Fact]) -> None:
        with transaction(self.connection):
            self.session.recorder.take(facts)

    def own_facts(self) -> list[Fact]:
        return list(FactLog(self.connection).all_of(self.session.author.stream))

    # --- What it holds ---

    def dump(self, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
        return {
            table: self.connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3").fetchall()
            for table in tables
        }

    def balance(self, account: str, commodity: str = "CNY") -> int:
        row = self.connection.execute(
            "SELECT amount FROM balances WHERE account = ? AND commodity = ?", (account, commodity)
        ).fetchone()
        return row[0] if row else 0

    def jobs(self) -> list[tuple[str, str]]:
        rows = self.connection.execute("SELECT role, document FROM print_jobs ORDER BY job")
        return list(rows.fetchall())


def _fields(struct: Any) -> Mapping[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


@contextmanager
def shops(count: int) -> Iterator[list[Shop]]:
    """Open several PCs of one station that know the county's words."""
    opened = [Shop(f"D{number + 1}", slots=count) for number in range(count)]
    for shop in opened:
        shop.is_described()
    try:
        yield opened
    finally:
        for shop in opened:
            shop.close()
