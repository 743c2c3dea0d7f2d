"""The pinned day: what a busy station does on a market day, from a seed, through the real desk.

    python -m tests.bench.mixed_day        # what the day consists of

Sizes on the wire are counted on this day and on no other. It is made by the commands of the pages,
decided by the rules, recorded by the real recorder in an encrypted journal: nothing here writes a
fact. Evening before: parcels come in, some are handed over, the county hears of it. Then the
program is started anew, and the day goes on until it has `FACTS` facts that the county has not.
What is drawn by lot (who comes, with what, how long it takes) comes from the seed alone, so the
same seed gives the same bytes; other seeds are other days, on which a dictionary may be trained.

Measure of the mix: 300 facts are a station's ordinary day, a market day has three times as many. Of
ten facts four are parcels shelved, three handed over (one act for all that somebody fetches, on
behalf in one of six, with cash on delivery in one of ten), one is a call; the rest are people
registered and asked, payments, vouchers, debts, corrections, returns, undoings, and the shift.
"""

import csv
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from station_app.journal.fact import Fact
from station_app.journal.log import FactLog
from station_app.journal.recorder import new_ticket
from station_app.resources_dir import resources
from station_app.services.accounts.commands import PrintAccountSlip, RepayAccount
from station_app.services.cash.commands import (
    CloseShift,
    CorrectPayment,
    GivePayment,
    OpenDrawer,
    OpenShift,
    PrintCorrection,
    PutIn,
    TakeOut,
    TakePayment,
)
from station_app.services.cash.facts import Count, Tender
from station_app.services.clearing import records as clearing
from station_app.services.clearing.commands import PayCourier
from station_app.services.parcels.commands import (
    HandOverParcels,
    MoveParcel,
    PrintSlip,
    ReassignParcel,
    ReturnParcels,
    ShelveParcel,
    TellReceiver,
)
from station_app.services.people.commands import (
    AmendPerson,
    Details,
    LimitCredit,
    RecordConsent,
    RegisterOperator,
    RegisterPerson,
)
from station_app.shell.desk import Done, Outcome
from station_app.values.spelling import spell
from tests.bench.enrolled import STATION, Enrolled

SEED = 20_261_125  # the pinned day; every other number is another day
FACTS = 1_000
EVENING_PARCELS = 160
MORNING_MS = 1_795_563_000_000  # 2026-11-25 07:30
VILLAGERS = 420  # in a village of 1,300 people those who get parcels
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "例样示兰秀英华玉明桂珍凤梅芳霞志建国军强伟平红丽敏静杰勇艳涛超娜磊洋云根喜长河满仓"
RELATIONS = ("邻居", "儿媳", "老伴", "孙子", "同村")
FACES = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10)
COURIERS = {"ZTO": 26, "YTO": 18, "YUNDA": 16, "STO": 12, "JTSD": 14, "POSTB": 8, "SF": 3, "JD": 3}


@dataclass(slots=True)
class Villager:
    """Somebody who gets parcels. person: identity in the register, "" for one who is not in it."""

    name: str
    phone: str
    person: str = ""


class MixedDay(Enrolled):
    """The station's people, and its day."""

    def __init__(self, folder: Path, seed: int = SEED) -> None:
        """Make the place; nothing has happened yet."""
        super().__init__(folder, seed)
        self.dice = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._last_acts: list[str] = []
        self.villagers = self._population()

    def _population(self) -> list[Villager]:
        with (resources() / "demo" / "people.csv").open(encoding="utf-8") as sheet:
            rows = [row for row in csv.DictReader(sheet) if row["station_code"] == STATION]
        known = [Villager(row["name"], row["phone_demo"]) for row in rows]
        while len(known) < VILLAGERS:
            given = "".join(self.dice.choice(GIVEN) for _ in range(self.dice.choice((1, 2, 2, 2))))
            phone = f"1{self.dice.choice('3578')}{self.dice.randrange(10**9):09}"
            known.append(Villager(self.dice.choice(FAMILY) + given, phone))
        self.dice.shuffle(known)
        return known

    # --- Living ----------------------------------------------------------------------------------

    def live(self, facts: int = FACTS) -> None:
        """Live the evening before, tell the county, and live the day up to so many facts."""
        self.open()
        self.converse()
        self._learn_who_is_registered()
        self._begin_work()
        for _ in range(EVENING_PARCELS):
            self._shelve()
        for _ in range(30):
            self._hand_over()
        self._close_shift()
        self.converse()
        self.close()
        self.clock.at = MORNING_MS
        self.open()
        self._sign_in()
        self._live_day(facts)

    def _live_day(self, facts: int) -> None:
        self._open_shift()
        rounds = {0, 300, 620}  # the couriers' vans: at so many facts a new one stands outside
        arriving = 0
        while (said := self._said()) < facts:
            if rounds and said >= min(rounds):
                rounds.remove(min(rounds))
                arriving = 120 + self.dice.randrange(30)
            if arriving and self.dice.random() < 0.75:
                arriving -= 1
                self._shelve()
            else:
                self._one_of(self._works)
            if said > 850:
                self._one_of(self._evening_works)

    def _said(self) -> int:
        stream = self.premises.session.author.stream
        return FactLog(self.premises.session.connection).head(stream).to

    def _one_of(self, works: Sequence[tuple[int, Callable[[], Any]]]) -> None:
        (work,) = self.dice.choices([work for _, work in works], [often for often, _ in works])
        work()

    @property
    def _works(self) -> Sequence[tuple[int, Callable[[], Any]]]:
        return (
            (100, self._hand_over),
            (40, self._tell),
            (8, self._register),
            (9, self._consent),
            (5, self._amend),
            (6, self._move),
            (5, self._reassign),
            (6, self._return),
            (4, self._undo),
            (4, self._limit_credit),
            (4, self._repay),
            (3, self._correct_payment),
            (3, self._voucher),
            (3, self._open_drawer),
        )

    @property
    def _evening_works(self) -> Sequence[tuple[int, Callable[[], Any]]]:
        return ((96, lambda: None), (3, self._pay_courier), (1, self._next_shift))

    def _perform(self, *commands: Any, seconds: tuple[int, int], ticket: str = "") -> Outcome:
        """Let the operator ask for it after she took so long over it."""
        self.clock.at += self.dice.randrange(seconds[0] * 1000, seconds[1] * 1000)
        ticket = ticket or new_ticket(self.chance)
        outcome = self.premises.desk.settle(*commands, ticket=ticket)
        name = type(commands[0]).__name__
        if isinstance(outcome, Done):
            self.done[name] += 1
            self._last_acts.append(ticket)
        else:
            self.refused[f"{name}: {outcome}"] += 1
        return outcome

    def _rows(self, sql: str) -> list[Any]:
        return list(self.premises.session.connection.execute(sql).fetchall())

    # --- Who and what ----------------------------------------------------------------------------

    def _learn_who_is_registered(self) -> None:
        by_phone = {row[1]: row[0] for row in self._rows("SELECT entity, phone FROM persons")}
        for villager in self.villagers:
            villager.person = by_phone.get(villager.phone, "")

    def _villager(self) -> Villager:
        """Draw somebody: a few get most of the parcels."""
        return self.villagers[int(len(self.villagers) * self.dice.random() ** 2)]

    def _on_hand(self) -> list[tuple[str, int, str]]:
        rows = self._rows(
            "SELECT entity, cod_fen + freight_fen, person FROM parcels WHERE status = 'on_hand' "
            "ORDER BY entity"
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def _waybill(self, courier: str) -> str:
        drawn = self.dice.randrange
        shapes = {
            "ZTO": lambda: f"7{self.dice.choice('3568')}{drawn(10**12):012}",
            "YTO": lambda: f"YT{drawn(10**13):013}",
            "YUNDA": lambda: f"4{self.dice.choice('36')}{drawn(10**13):013}",
            "STO": lambda: f"77{drawn(10**13):013}",
            "JTSD": lambda: f"JT{drawn(10**13):013}",
            "POSTB": lambda: f"98{drawn(10**11):011}",
            "SF": lambda: f"SF1{drawn(10**12):012}",
            "JD": lambda: f"JDVA{drawn(10**11):011}",
        }
        return shapes[courier]()

    def _tender(self, fen: int) -> Tender:
        way = self.dice.choice(("cash", "cash", "wechat", "wechat", "alipay"))
        reference = "" if way == "cash" else f"{self.dice.randrange(10**6):06}"
        return Tender(way=way, amount_fen=fen, reference=reference)

    def _taken(self, fen: int) -> TakePayment:
        """Take an amount: to the fen, or with a note that is too big and change."""
        if self.dice.random() < 0.4:
            note = next((n for n in (1_000, 2_000, 5_000, 10_000) if n >= fen), fen)
            return TakePayment(due_fen=fen, tenders=(Tender(way="cash", amount_fen=note),))
        return TakePayment(due_fen=fen, tenders=(self._tender(fen),))

    # --- The counter -----------------------------------------------------------------------------

    def _begin_work(self) -> None:
        for name, role in (("示站长", "manager"), ("示店员", "operator")):
            self.premises.signed_in.come("", is_manager=True)
            command = RegisterOperator(name=name, role=role)
            self._perform(command, seconds=(20, 40))
        self._sign_in()
        self._open_shift()

    def _sign_in(self) -> None:
        managers = self._rows("SELECT entity FROM operators WHERE role = 'manager' ORDER BY entity")
        self.premises.signed_in.come(managers[0][0], is_manager=True)

    def _counts(self) -> tuple[Count, ...]:
        return tuple(Count(face, self.dice.randrange(1, 25)) for face in FACES)

    def _open_shift(self) -> None:
        command = OpenShift(counts=self._counts(), reason="float", remark="备用金")
        self._perform(command, seconds=(40, 90))

    def _close_shift(self) -> None:
        command = CloseShift(counts=self._counts(), remark="零钱没数清")
        self._perform(command, seconds=(120, 300))

    def _next_shift(self) -> None:
        self._close_shift()
        self._open_shift()

    def _shelve(self) -> None:
        courier = self.dice.choices(list(COURIERS), list(COURIERS.values()))[0]
        villager = self._villager()
        drawn = self.dice.random()
        self._perform(
            ShelveParcel(
                courier=courier,
                waybill=self._waybill(courier),
                person=villager.person,
                name="" if villager.person else villager.name,
                tail="" if villager.person else villager.phone[-4:],
                size=self.dice.choices("SML", (60, 32, 8))[0],
                cod_fen=self.dice.randrange(19, 260) * 100 - 10 if drawn < 0.06 else 0,
                freight_fen=self.dice.choice((600, 800, 1_000, 1_200)) if drawn > 0.97 else 0,
                may_crowd=True,
            ),
            seconds=(5, 16),
        )

    def _hand_over(self) -> None:
        found = self._on_hand()
        if not found:
            return
        first = self.dice.choice(found)
        hers = [row for row in found if row[2] and row[2] == first[2]][:4] or [first]
        due = sum(fen for _, fen, _ in hers)
        drawn = self.dice.random()
        on_behalf = drawn < 0.16
        villager = self._villager()
        asked: list[Any] = [
            HandOverParcels(
                parcels=tuple(parcel for parcel, _, _ in hers),
                paid_fen=due,
                taken_by="on_behalf" if on_behalf else "self",
                check=self.dice.choice(("phone_tail", "phone_tail", "phone_tail", "known")),
                collector=villager.name if on_behalf else "",
                relation=self.dice.choice(RELATIONS) if on_behalf else "",
            )
        ]
        if due:
            asked.append(self._taken(due))
        ticket = new_ticket(self.chance)
        if due or drawn > 0.9:
            asked.append(PrintSlip(act=ticket))
        self._perform(*asked, seconds=(15, 120), ticket=ticket)

    def _tell(self) -> None:
        found = self._on_hand()
        if found:
            parcel = self.dice.choice(found)[0]
            way = self.dice.choice(("phone", "phone", "phone", "in_person", "loudspeaker"))
            outcome = "no_answer" if way == "phone" and self.dice.random() < 0.3 else "reached"
            command = TellReceiver(parcels=(parcel,), way=way, outcome=outcome)
            self._perform(command, seconds=(20, 70))

    def _move(self) -> None:
        found = self._on_hand()
        if found:
            shelf, layer = self.dice.choice("ABC"), self.dice.randint(1, 4)
            parcel = self.dice.choice(found)[0]
            command = MoveParcel(parcel=parcel, shelf=shelf, layer=layer, may_crowd=True)
            self._perform(command, seconds=(20, 60))

    def _reassign(self) -> None:
        found, villager = self._on_hand(), self._villager()
        if found and villager.person:
            command = ReassignParcel(parcel=self.dice.choice(found)[0], person=villager.person)
            self._perform(command, seconds=(20, 60))

    def _return(self) -> None:
        found = [row for row in self._on_hand() if not row[1]]
        parcels = tuple(r[0] for r in self.dice.sample(found, min(len(found), 3)))
        reason = self.dice.choice(("overdue", "overdue", "refused", "damaged"))
        if parcels:
            self._perform(ReturnParcels(parcels=parcels, reason=reason), seconds=(30, 90))

    def _undo(self) -> None:
        if self._last_acts:
            self.clock.at += self.dice.randrange(4_000, 12_000)
            ticket = new_ticket(self.chance)
            outcome = self.premises.desk.settle_undo(self._last_acts.pop(), ticket=ticket)
            self.done["undo"] += isinstance(outcome, Done)

    # --- People and debts ------------------------------------------------------------------------

    def _details(self, villager: Villager) -> Details:
        spelled = spell(villager.name)
        return Details(
            name=villager.name,
            pinyin=spelled.pinyin,
            initials=spelled.initials,
            phone=villager.phone,
            hamlet=f"第{self.dice.randrange(1, 9)}村民小组",
            household=f"0601{self.dice.randrange(10**5):05}",
        )

    def _register(self) -> None:
        strangers = [villager for villager in self.villagers if not villager.person]
        if not strangers:
            return
        villager = self.dice.choice(strangers)
        command = RegisterPerson(details=self._details(villager), is_another=True)
        outcome = self._perform(command, seconds=(40, 150))
        if isinstance(outcome, Done):
            villager.person = outcome.told[0].identity
            self._consent(villager)

    def _consent(self, villager: Villager | None = None) -> None:
        person = (villager or self._villager()).person
        if person:
            matter = self.dice.choice(("personal_data", "leave_at_station"))
            answer = self.dice.choice(("yes", "yes", "yes", "no"))
            command = RecordConsent(person=person, matter=matter, answer=answer)
            self._perform(command, seconds=(8, 20))

    def _amend(self) -> None:
        villager = self._villager()
        if villager.person:
            command = AmendPerson(person=villager.person, details=self._details(villager))
            self._perform(command, seconds=(40, 100))

    def _limit_credit(self) -> None:
        villager = self._villager()
        if villager.person:
            limit = self.dice.choice((10_000, 20_000, 50_000))
            command = LimitCredit(person=villager.person, limit_fen=limit)
            self._perform(command, seconds=(30, 60))

    def _repay(self) -> None:
        rows = self._rows(
            "SELECT entity FROM persons WHERE erased = 0 AND credit_limit_fen > 0 ORDER BY entity"
        )
        found = [row for row in self._on_hand() if row[1]]
        if not rows or not found:
            return
        person, (parcel, due, _) = self.dice.choice(rows)[0], self.dice.choice(found)
        owed = Tender(way="account", amount_fen=due, person=person)
        handed = HandOverParcels(parcels=(parcel,), paid_fen=due)
        outcome = self._perform(handed, TakePayment(due_fen=due, tenders=(owed,)), seconds=(30, 90))
        if isinstance(outcome, Done):
            ticket = new_ticket(self.chance)
            repaid = RepayAccount(person=person, amount_fen=due)
            slip = PrintAccountSlip(act=ticket)
            self._perform(repaid, self._taken(due), slip, seconds=(60, 600), ticket=ticket)

    # --- Money -----------------------------------------------------------------------------------

    def _correct_payment(self) -> None:
        rows = self._rows("SELECT entity, due_fen FROM payments ORDER BY entity")
        if rows:
            payment, fen = self.dice.choice(rows)
            ticket = new_ticket(self.chance)
            corrected = CorrectPayment(payment=payment, tenders=(self._tender(abs(fen)),))
            slip = PrintCorrection(act=ticket)
            self._perform(corrected, slip, seconds=(30, 90), ticket=ticket)

    def _voucher(self) -> None:
        fen = self.dice.randrange(5, 60) * 1_000
        if self.dice.random() < 0.5:
            put = PutIn(place="drawer", reason="own", amount_fen=fen, remark="换零钱")
            self._perform(put, seconds=(40, 90))
        else:
            taken = TakeOut(
                place="drawer", reason="petty", amount_fen=fen // 10, remark="买打印纸",
                alone_reason="只有我一个人",
            )  # fmt: skip
            self._perform(taken, seconds=(40, 90))

    def _open_drawer(self) -> None:
        self._perform(OpenDrawer(reason=self.dice.choice(("change", "look"))), seconds=(5, 20))

    def _pay_courier(self) -> None:
        held = sorted(clearing.couriers_held(self.premises.session.connection))
        if not held:
            return
        courier = self.dice.choice(held)
        pieces = clearing.payable(self.premises.session.connection, courier)
        paid = PayCourier(
            courier=courier, pieces=tuple(piece.fact for piece in pieces), runner="小马"
        )
        fen = sum(piece.fen for piece in pieces)
        tenders = (Tender(way="cash", amount_fen=fen),) if fen > 0 else ()
        given = GivePayment(due_fen=fen, tenders=tenders, remark="说好的")
        self._perform(paid, given, seconds=(60, 240))


def first_acts(facts: Sequence[Fact], count: int) -> tuple[Fact, ...]:
    """Return the first facts of a run, at least so many, up to the end of an act."""
    end = count
    while end < len(facts) and facts[end].act == facts[end - 1].act:
        end += 1
    return tuple(facts[:end])


def main() -> None:
    """Live the day in a folder of its own and say what it consists of."""
    folder = Path(tempfile.mkdtemp(prefix="mixed-day-"))
    try:
        day = MixedDay(folder)
        day.live()
        kinds = Counter(fact.kind for fact in day.facts)
        for kind, count in kinds.most_common():
            sys.stdout.write(f"{count:5} {kind}\n")
        acts = len({fact.act for fact in day.facts})
        raw = sum(len(fact.body) + len(fact.private or b"") for fact in day.facts)
        sys.stdout.write(f"{len(day.facts)} facts, {acts} acts, {raw} bytes of bodies and parts\n")
        for words, count in day.refused.most_common(12):
            sys.stdout.write(f"refused {count}: {words[:150]}\n")
        sys.stdout.write(f"last identity {day.facts[-1].identity}\n")
        day.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
