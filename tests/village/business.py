"""What operators do, and what the county says: drawn by lot, told to the real desks.

What has a command is asked for with it, so the rules decide. Kinds of facts that no command at
the counter makes yet are recorded as they are, through the same door: whatever the product can
ever say travels through the village.
"""

import json
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from county_server.county import County
from county_server.put_back import PaymentsStopped
from county_server.scribe import EVERYBODY, Scribe
from station_app.journal import kinds as kernel
from station_app.journal.fact import Body, Saying
from station_app.journal.recorder import ActRefused, new_ticket
from station_app.ledger.accounts import counter
from station_app.overview.commands import CloseCase
from station_app.resources_dir import load_texts
from station_app.services.cash.commands import CloseShift, OpenShift, TakePayment
from station_app.services.cash.facts import (
    Count,
    PaymentGiven,
    PaymentTaken,
    ShiftClosed,
    ShiftOpened,
    Tender,
)
from station_app.services.parcels.case_telling import CaseTelling
from station_app.services.parcels.commands import (
    ArrangeShelves,
    CloseManifest,
    CompensateParcel,
    CountLayer,
    FindParcel,
    ForwardParcel,
    HandOverParcels,
    LoseParcel,
    MarkValuable,
    MoveParcel,
    PrintSlip,
    ReassignParcel,
    ReceiveBag,
    ReleaseParcel,
    ReportDamage,
    ReturnParcels,
    ShelveParcel,
    TellReceiver,
)
from station_app.services.parcels.facts import (
    EndingTakenBack,
    ParcelAnnounced,
    Receiver,
    ShelvingTakenBack,
)
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.message_facts import FACTS as MESSAGE_FACTS
from station_app.services.parcels.places import Layer
from station_app.services.parcels.records import on_layer
from station_app.services.people import records as people_records
from station_app.services.people.commands import (
    AmendPerson,
    Details,
    ErasePerson,
    RecordConsent,
    RegisterOperator,
    RegisterPerson,
    RemoveOperator,
)
from station_app.services.people.facts import (
    MergeTakenBack,
    PersonDetails,
    PersonMerged,
    PersonRegistered,
)
from station_app.shell.desk import Done
from station_app.vocabulary import VOCABULARY
from tests.ledger.samples import sample
from tests.village.bagging import SAID_HERE, Bagging
from tests.village.billing import Billing
from tests.village.choosing import Choosing
from tests.village.delivering import Delivering
from tests.village.fetching import OF_FETCHING, Fetching
from tests.village.finance import Finance
from tests.village.growing import Growing
from tests.village.inquiring import OF_INQUIRIES, Inquiring
from tests.village.loading import OF_LOADS, Loading
from tests.village.merging import Merging
from tests.village.messaging import Messaging
from tests.village.money import Money
from tests.village.ordering import Ordering
from tests.village.pc import Pc
from tests.village.planning import Planning, first_versions
from tests.village.selling import Selling
from tests.village.sending import OF_SENDING, Sending
from tests.village.vouching import BY_COMMAND, SELDOM, Vouching

DAY = "2026-11-25"
NAMES = "曾示兰 王示明 李示芳 张根喜 赵秀英 陈桂兰 刘长河 周小满".split()
# Said by the program itself when it starts, or by the kernel's own verbs: never drawn from samples.
_VERBS: tuple[type[Body], ...] = (
    kernel.ActReversed, kernel.PrivateErased, kernel.ErasureWatched, kernel.CaseClosed,
)  # fmt: skip
_MONEY: tuple[type[Body], ...] = (ShiftOpened, ShiftClosed, PaymentTaken, PaymentGiven)
# Said by operators who close a case of one piece, which is rare, and besides now and then.
_OF_CASES: tuple[type[Body], ...] = (EndingTakenBack, ShelvingTakenBack)
# Asked for by commands in the villages that have a gateway, which says the rest.
_OF_MESSAGES = frozenset(body.KIND for body in MESSAGE_FACTS)
_OF_MERGES = frozenset(body.KIND for body in (PersonMerged, MergeTakenBack))
BY_ITSELF = (
    SAID_HERE | OF_SENDING | OF_FETCHING | OF_LOADS | OF_INQUIRIES | BY_COMMAND | _OF_MESSAGES
    | _OF_MERGES | {body.KIND for body in (*_VERBS, *_MONEY, *_OF_CASES)}
)  # fmt: skip
"""By their own commands, in villages of their own, or as is said above."""

_TEXTS = load_texts()
_TELLING = CaseTelling(Gatherer(people_records, start=0))
CASES_EVERY = 4  # acts, and in turn with each other: it spends no luck of anybody's
SAID_AT_ONCE = 4  # kinds without a command are many, and each must come round in fifty seeds
STEP = 4  # kinds between the beginnings of two lives: a chunk's begin all along the hundred


class Business:
    """One lot-drawing operator for all PCs, and the county's clerk."""

    def __init__(self, dice: random.Random, seed: int) -> None:
        """Draw from `dice`; kinds without a command go round, from another place in each seed."""
        self._dice = dice
        self._turns = {"station": seed * STEP, "county": seed * 3}
        self._waybills = self._acts = 0
        self._money = Money(dice)
        self._selling = Selling(dice, self._money)
        self._billing = Billing(dice, self._money)
        self._finance = Finance(dice)
        self._ordering, self._choosing = Ordering(seed), Choosing(seed)
        self._delivering = Delivering(seed)
        self._bagging = Bagging(seed)
        self._messaging = Messaging(seed)
        self._merging = Merging(seed)
        self._vouching = Vouching(seed)
        self._growing = Growing(seed, vouches=self._vouching.is_done)
        self._sending = Sending(seed)
        self._fetching = Fetching(seed)
        self._loading = Loading(seed)
        self._inquiring, self._planning = Inquiring(), Planning(seed)

    # --- At the counter --------------------------------------------------------------------------

    def act(self, pc: Pc) -> None:
        """Let the operator of a PC do something."""
        self._acts += 1
        if not pc.open.signed_in.operator:
            self._sign_in(pc)
        if not pc.open.desk.now().shift and self._dice.random() < 0.5:
            self._shift(pc)
        works: Sequence[tuple[int, Callable[[Pc], Any]]] = (
            (30, self._shelve),
            (16, self._hand_over),
            (6, self._return),
            (6, self._tell),
            (5, self._move),
            (3, self._count),
            (1, self._lose),
            (4, self._trouble),
            (2, self._bag),
            (5, self._reassign),
            (8, self._register),
            (4, self._amend),
            (4, self._consent),
            (8, self._shift),
            (7, self._undo),
            (3, self._close_case),
            (3, self._erase),
            (2, self._arrange),
            (2, self._remove_operator),
            (22, self._say_anything),
            *self._money.works,
            *self._selling.works,
            *self._billing.works,
        )
        (work,) = self._dice.choices([w for _, w in works], [n for n, _ in works])
        work(pc)
        self._ordering.act(pc)
        self._choosing.act(pc)
        self._growing.act(pc)
        self._delivering.act(pc)
        self._bagging.act(pc)
        self._messaging.act(pc)
        self._merging.act(pc)
        self._vouching.act(pc)
        if self._vouching.is_done and self._acts % CASES_EVERY == 1:
            for body in SELDOM:
                self._say_one(pc, body)
        self._sending.act(pc)
        self._fetching.act(pc)
        self._loading.act(pc, self._say_one)
        self._inquiring.act(pc)

    def _sign_in(self, pc: Pc) -> None:
        found = self._pick(pc, "SELECT entity FROM operators WHERE has_left = 0")
        if found is None:
            outcome = pc.perform(RegisterOperator(name="李示芳", role="manager"))
            found = outcome.told[0].identity if isinstance(outcome, Done) else "nobody"
        pc.open.signed_in.come(found, is_manager=True)

    def _pick(self, pc: Pc, sql: str) -> str | None:
        rows = pc.connection.execute(f"{sql} ORDER BY entity LIMIT 40").fetchall()
        return str(self._dice.choice(rows)[0]) if rows else None

    def _on_hand(self, pc: Pc) -> list[tuple[str, int]]:
        rows = pc.connection.execute(
            "SELECT entity, cod_fen + freight_fen FROM parcels WHERE status = 'on_hand' "
            "ORDER BY entity LIMIT 40"
        ).fetchall()
        return [(str(row[0]), int(row[1])) for row in rows]

    def _parcel(self, pc: Pc) -> str | None:
        found = self._on_hand(pc)
        return self._dice.choice(found)[0] if found else None

    def _person(self, pc: Pc) -> str | None:
        return self._pick(pc, "SELECT entity FROM persons WHERE erased = 0")

    def _shelve(self, pc: Pc) -> None:
        # Few numbers for both PCs of a station: the same waybill is shelved twice now and then.
        self._waybills += 1
        number = self._dice.randint(1, 40) if self._dice.random() < 0.3 else self._waybills
        person = self._person(pc) if self._dice.random() < 0.5 else None
        pc.perform(
            ShelveParcel(
                courier="ZTO",
                waybill=f"73{number:012}",
                person=person or "",
                name="" if person else self._dice.choice(NAMES),
                tail="" if person else f"{self._dice.randrange(10_000):04}",
                cod_fen=self._dice.choice((0, 0, 0, 8_600, 12_345)),
                freight_fen=self._dice.choice((0, 0, 0, 700)),
                again=self._dice.random() < 0.3,
            )
        )

    def _hand_over(self, pc: Pc) -> None:
        found = self._on_hand(pc)
        chosen = self._dice.sample(found, min(len(found), self._dice.randint(1, 4)))
        due = sum(fen for _, fen in chosen)
        parcels = tuple(identity for identity, _ in chosen)
        if not parcels:
            return
        ticket = pc.ticket()
        commands: list[Any] = [HandOverParcels(parcels=parcels, paid_fen=due)]
        if due:
            tender = self._money.tender(due)
            person = self._money.debtor(pc) if self._dice.random() < 0.4 else ""
            if person:
                tender = Tender(way="account", amount_fen=due, person=person)
            commands.append(TakePayment(due_fen=due, tenders=(tender,)))
        if self._dice.random() < 0.5:
            commands.append(PrintSlip(act=ticket))
        pc.perform(*commands, ticket=ticket)

    def _arrange(self, pc: Pc) -> None:
        pc.perform(ArrangeShelves(shelves=self._dice.randint(3, 9), layers=4, places=30))

    def _remove_operator(self, pc: Pc) -> None:
        if self._dice.random() < 0.5:
            pc.perform(RegisterOperator(name=self._dice.choice(NAMES), role="operator"))
            return
        found = self._pick(pc, "SELECT entity FROM operators WHERE has_left = 0")
        if found and found != pc.open.signed_in.operator:
            pc.perform(RemoveOperator(operator=found))

    def _return(self, pc: Pc) -> None:
        parcel = self._parcel(pc)
        if parcel:
            pc.perform(ReturnParcels(parcels=(parcel,), reason="overdue"))

    def _tell(self, pc: Pc) -> None:
        parcel = self._parcel(pc)
        if parcel:
            pc.perform(TellReceiver(parcels=(parcel,), way="phone"))

    def _move(self, pc: Pc) -> None:
        parcel = self._parcel(pc)
        if parcel:
            shelf, layer = self._dice.choice("ABC"), self._dice.randint(1, 3)
            pc.perform(MoveParcel(parcel=parcel, shelf=shelf, layer=layer, may_crowd=True))

    def _count(self, pc: Pc) -> None:
        shelf, layer = self._dice.choice("ABC"), self._dice.randint(1, 3)
        here = on_layer(pc.connection, Layer(shelf, layer))
        seen = [row.parcel for row in here if self._dice.random() < 0.7]
        strangers = [parcel for parcel in (self._parcel(pc),) if parcel]
        pc.perform(CountLayer(shelf=shelf, layer=layer, seen=(*seen, *strangers)))
        for parcel in strangers:
            pc.perform(FindParcel(parcel=parcel, shelf=shelf, layer=layer))

    def _lose(self, pc: Pc) -> None:
        parcel = self._parcel(pc)
        if parcel:
            pc.perform(LoseParcel(parcel=parcel))

    def _bag(self, pc: Pc) -> None:
        self._waybills += 1
        outcome = pc.perform(ReceiveBag(code=f"B{self._waybills}", pieces=2))
        if isinstance(outcome, Done):
            seen = tuple((f"9{self._waybills:010}{n}", "ZTO") for n in range(1, 4))
            bag = outcome.told[0].identity
            pc.perform(CloseManifest(direction="in", bag=bag, seen=seen, other="任例福"))
        pc.perform(CloseManifest(direction="returns"))

    def _trouble(self, pc: Pc) -> None:
        parcel = self._parcel(pc)
        if parcel is None:
            return
        payee = self._dice.choice(("receiver", "courier"))
        asked = (
            ReportDamage(parcel=parcel, words="角上破了"),
            MarkValuable(parcel=parcel),
            LoseParcel(parcel=parcel),
            ForwardParcel(parcel=parcel, station="NX0602"),
            ReleaseParcel(parcel=parcel, reason="receiver_has_it"),
        )
        pc.perform(self._dice.choice(asked))
        amount_fen = self._dice.randint(1, 9_000)
        pc.perform(CompensateParcel(parcel=parcel, amount_fen=amount_fen, payee=payee))

    def _reassign(self, pc: Pc) -> None:
        parcel, person = self._parcel(pc), self._person(pc)
        if parcel and person:
            pc.perform(ReassignParcel(parcel=parcel, person=person))

    def _details(self) -> Details:
        return Details(
            name=self._dice.choice(NAMES) + self._dice.choice("甲乙丙丁戊"),
            phone=f"154{self._dice.randrange(10**8):08}",
        )

    def _register(self, pc: Pc) -> None:
        pc.perform(RegisterPerson(details=self._details(), is_another=True))

    def _amend(self, pc: Pc) -> None:
        person = self._person(pc)
        if person:
            pc.perform(AmendPerson(person=person, details=self._details()))

    def _consent(self, pc: Pc) -> None:
        person = self._person(pc)
        if person:
            answer = self._dice.choice(("yes", "no"))
            pc.perform(RecordConsent(person=person, matter="leave_at_station", answer=answer))

    def _shift(self, pc: Pc) -> None:
        now = pc.open.desk.now()
        counts = (Count(10_000, self._dice.randint(0, 9)), Count(100, self._dice.randint(0, 50)))
        if now.shift:
            pc.perform(CloseShift(counts=counts, remark="数的"))
        else:
            day = now.day if self._dice.random() < 0.8 else ""
            pc.perform(OpenShift(counts=counts, reason="float", day=day))

    def _undo(self, pc: Pc) -> None:
        stream = pc.open.session.author.stream
        here = [told.act for told in pc.told[-6:] if told.stream == stream]
        if here:
            pc.undo(self._dice.choice(here))

    def _close_case(self, pc: Pc) -> None:
        rows = pc.connection.execute(
            "SELECT kind, entity, members FROM cases ORDER BY kind, entity LIMIT 9"
        ).fetchall()
        if rows:
            self._close(pc, *self._dice.choice(rows))

    def _close(self, pc: Pc, kind: str, entity: str, members: str) -> None:
        named = tuple(json.loads(members))
        holds = random.Random(entity).choice((*named, "explained"))
        close = CloseCase(case=kind, entity=entity, members=named, verdict=holds, remark="看过了")
        follows = _TELLING.decide(pc.connection, kind, named, holds, _TEXTS)
        pc.perform(close, *(follows.commands if follows and holds in named else ()))

    def _erase(self, pc: Pc) -> None:
        person = self._person(pc)
        if person:
            pc.perform(ErasePerson(person=person))

    # --- Kinds without a command -----------------------------------------------------------------

    def _say_anything(self, pc: Pc) -> None:
        kinds = [
            body
            for (_, _), body in sorted(VOCABULARY.kinds.items())
            if body.KIND not in BY_ITSELF and body.KIND not in VOCABULARY.county_kinds
        ]
        for _ in range(SAID_AT_ONCE):
            self._say_one(pc, self._next(kinds, "station"))
        if self._acts % CASES_EVERY == 0:
            self._say_one(pc, _OF_CASES[self._acts // CASES_EVERY % len(_OF_CASES)])

    def _say_one(self, pc: Pc, body: type[Body]) -> None:
        ticket = new_ticket(pc.open.chance)

        def work(recorder: Any) -> None:
            act = recorder.open_act(ticket, by="operator", at=pc.clock.now_ms())
            said = act.say(Saying(sample(body)))
            entry = recorder.vocabulary.post(said[0])
            account = counter(ticket)
            due = sum(line.amount for line in entry if line.account == account)
            if due:
                act.say(Saying(_settles(due)))
            act.close()

        try:
            pc.open.session.write(work)
        except ActRefused:
            return
        pc.note(ticket)

    def _next(self, kinds: Sequence[type[Body]], whose: str) -> type[Body]:
        self._turns[whose] += 1
        return kinds[self._turns[whose] % len(kinds)]

    # --- At the county ---------------------------------------------------------------------------

    def county_says(self, county: County, stations: Sequence[str]) -> None:
        """Let the county announce a parcel, register somebody, or say anything it may."""
        station = self._dice.choice(stations)
        self._ordering.county_says(county, station)
        self._messaging.county_says(county)
        called = map(Saying, self._vouching.called())
        for saying in (*called, *self._inquiring.questions(county, station)):
            self._county_says(county, station, saying)
        held = self._ordering.held(county, station)
        self._choosing.county_says(county, station, held)
        self._sending.county_says(county, station)
        drawn = self._dice.random()
        if drawn < 0.2:
            with suppress(PaymentsStopped):  # as a clerk is told: nothing of it was said
                if self._finance.say(county, station):
                    return
        if drawn < 0.4:
            self._waybills += 1
            body: Body = ParcelAnnounced(
                courier="ZTO",
                waybill=f"73{self._waybills:012}",
                station=station,
                person="",
                cod_fen=0,
                freight_fen=0,
                day=DAY,
            )
            saying = Saying(body, Receiver(name=self._dice.choice(NAMES), tail="1006"))
        elif drawn < 0.55:
            details = PersonDetails(name=self._dice.choice(NAMES), phone="15400001006")
            code = f"V{self._dice.randrange(90_000):05}"
            saying = Saying(PersonRegistered(code=code, day=DAY), details)
        else:
            kinds = [b for _, b in sorted(VOCABULARY.kinds.items()) if b.KIND in _sayable_down()]
            said = [self._next(first_versions(kinds), "county") for _ in range(SAID_AT_ONCE)]
            *before, saying = self._planning.sayings(said)
            for one in before:
                self._county_says(county, station, one)
        self._county_says(county, station, saying)

    def _county_says(self, county: County, station: str, saying: Saying) -> None:
        body = type(saying.body)
        is_for_all = body.KIND in VOCABULARY.kinds_for_everybody
        if is_for_all and self._dice.random() >= 0.5:
            # What is one thing by its key, goods or a courier, is described to all or to nobody.
            kind = VOCABULARY.entity_kind(body)
            is_for_all = kind is not None and body in kind.natural_key
        audience = EVERYBODY if is_for_all else station
        with suppress(PaymentsStopped), county.store.write() as connection:
            scribe = Scribe(county.store, connection, county.keys, county.chance)
            scribe.say(audience, [saying], by="clerk", at=county.clock.now_ms())
            scribe.seal()


# Said at the start (a sample would give a PC a key of zeros); keys have a keeper of their own.
_NOT_DRAWN = frozenset(
    "device.enrolled station.described courier.published county_key.announced "
    "county_key.taken_up device_key.asked".split()
)


def _sayable_down() -> frozenset[str]:
    kept = _NOT_DRAWN | _OF_MESSAGES | OF_SENDING | OF_INQUIRIES | BY_COMMAND
    return VOCABULARY.county_kinds - kept - {body.KIND for body in kernel.KERNEL_BODIES}


def _settles(due: int) -> Body:
    """Return the payment that brings an act's clearing to zero; due: debit positive."""
    tender = Tender(way="bank", amount_fen=abs(due))
    if due > 0:
        return PaymentTaken(
            due_fen=due, tenders=(tender,), change_fen=0, round_off_fen=0, shift="", day=DAY
        )
    return PaymentGiven(due_fen=-due, tenders=(tender,), shift="", day=DAY)
