"""Train a dictionary for frames from invented days of a station: `python -m` this from the root.

    python3 resources/dictionaries/train.py 2 resources/dictionaries/2.zstd

A dictionary that was shipped is never made again: both ends must have the very same bytes under a
number. A later one, trained on the kinds of its time, gets the next number. The days are invented
and seeded, so nothing of anybody stands in it.
"""

import base64
import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import zstandard

from station_app.journal.fact import Body, Fact, Private, canonical, seal
from station_app.journal.kinds import ActReversed, CaseClosed, ReversedLine
from station_app.reference.facts import CourierPublished, DeviceEnrolled, StationDescribed
from station_app.services.cash.facts import (
    Balance,
    Count,
    PaymentGiven,
    PaymentTaken,
    Position,
    ShiftClosed,
    ShiftOpened,
    Tender,
)
from station_app.services.parcels.facts import (
    Collector,
    ParcelAnnounced,
    ParcelHandedOver,
    ParcelMoved,
    ParcelReassigned,
    ParcelReturned,
    ParcelShelved,
    ParcelTold,
    Receiver,
)
from station_app.services.people.facts import (
    ConsentRecorded,
    OperatorDetails,
    OperatorRegistered,
    PersonAmended,
    PersonDetails,
    PersonRegistered,
)
from station_app.sync import rows
from station_app.sync.segment import Segment, SignedHead

BYTES = 32 * 1024
DAYS = 700
COURIERS = ("ZTO", "YTO", "STO", "YUNDA", "JTSD", "SF", "JD", "EMS", "YZXB", "DBKD")
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "英兰秀华玉明桂珍凤梅芳霞志建国军强伟平红丽敏静杰勇艳涛超娜磊洋云根喜样例示"
Said = tuple[Body, Private | None, str]


class Day:
    """One invented day of one PC."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - the days must come out the same again
        at = 1_790_000_000_000 + self.chance.randrange(400) * 86_400_000
        self.at = at
        self.day = f"2026-{self.chance.randrange(1, 13):02}-{self.chance.randrange(1, 29):02}"
        self.stream = f"NX{self.chance.randrange(1, 1700):04}/D1/{self.hex(8)}"
        self.operator, self.shift = self.hex(32), self.hex(32)
        self.facts: list[Fact] = []

    def hex(self, count: int) -> str:
        return self.chance.randbytes(count).hex()

    def salt(self) -> str:
        return base64.b32encode(self.chance.randbytes(10)).decode()

    def name(self) -> str:
        pick = self.chance.choice
        return pick(FAMILY) + "".join(pick(GIVEN) for _ in range(self.chance.choice((1, 2, 2, 2))))

    def phone(self) -> str:
        return "1" + self.chance.choice("3578") + f"{self.chance.randrange(10**9):09}"

    def act(self, *said: Said) -> None:
        ticket = base64.b32encode(self.chance.randbytes(10)).decode()
        self.at += self.chance.randrange(2_000, 200_000)
        for body, private, entity in said:
            header = {"stream": self.stream, "seq": len(self.facts) + 1, "act": ticket}
            header |= {"kind": body.KIND, "v": body.VERSION, "entity": entity, "by": self.operator}
            prev = self.facts[-1].identity if self.facts else self.hex(32)
            part = canonical(private) if private is not None else None
            self.facts.append(seal(canonical(body), part, at=self.at, prev=prev, **header))

    # --- What happens ---

    def shelve(self) -> None:
        knows = self.chance.random() < 0.5
        body = ParcelShelved(
            courier=self.chance.choice(COURIERS),
            waybill=self.chance.choice(("73", "YT", "43", "77", "SF1", "JT0", "JDVA"))
            + f"{self.chance.randrange(10**12):012}",
            after="" if self.chance.random() < 0.95 else self.hex(32),
            shelf=self.chance.choice("ABCDEF"),
            layer=self.chance.randrange(1, 5),
            serial=self.chance.randrange(1, 41),
            size=self.chance.choice("SSSML"),
            cod_fen=0 if self.chance.random() < 0.93 else self.chance.randrange(1000, 30000),
            freight_fen=0 if self.chance.random() < 0.95 else self.chance.randrange(600, 2000),
            person=self.hex(32) if knows else "",
            day=self.day,
        )
        tail = f"{self.chance.randrange(10**4):04}"
        private = Receiver(salt=self.salt(), name="" if knows else self.name(), tail=tail)
        self.act((body, None if knows and self.chance.random() < 0.5 else private, ""))

    def parcel(self) -> str:
        mine = [fact.identity for fact in self.facts if fact.kind == "parcel.shelved"]
        old = not mine or self.chance.random() < 0.5
        return self.hex(32) if old else self.chance.choice(mine)

    def hand_over(self) -> None:
        said: list[Said] = []
        due = 0 if self.chance.random() < 0.8 else self.chance.randrange(1000, 20000)
        on_behalf = self.chance.random() < 0.2
        for number in range(self.chance.choice((1, 1, 1, 2, 3))):
            body = ParcelHandedOver(
                courier=self.chance.choice(COURIERS),
                taken_by="on_behalf" if on_behalf else "self",
                check=self.chance.choice(("phone_tail", "phone_tail", "known", "signature")),
                cod_fen=due if number == 0 else 0,
                freight_fen=0,
                slip=self.chance.randrange(1, 9000) if due else 0,
                day=self.day,
            )
            collector = Collector(salt=self.salt(), name=self.name(), relation="邻居")
            said.append((body, collector if on_behalf else None, self.parcel()))
        if due:
            way = self.chance.choice(("cash", "wechat", "alipay"))
            tender = Tender(way=way, amount_fen=due)
            taken = PaymentTaken(
                due_fen=due, tenders=(tender,), change_fen=0, round_off_fen=0, shift=self.shift,
                day=self.day,
            )  # fmt: skip
            said.append((taken, None, base64.b32encode(self.chance.randbytes(10)).decode()))
        self.act(*said)

    def tell(self) -> None:
        way = self.chance.choice(("phone", "phone", "in_person", "loudspeaker", "note"))
        outcome = self.chance.choice(("reached", "reached", "no_answer"))
        self.act((ParcelTold(way=way, outcome=outcome, day=self.day), None, self.parcel()))

    def person(self) -> None:
        details = PersonDetails(
            salt=self.salt(), name=self.name(), pinyin="wang xiao ming", initials="wxm",
            phone=self.phone(), hamlet=f"第{self.chance.randrange(1, 12)}村民小组",
            household=f"{self.chance.randrange(10**8):08}",
        )  # fmt: skip
        self.act((PersonRegistered(code="", day=self.day), details, ""))
        matter = self.chance.choice(("personal_data", "leave_at_station"))
        consent = ConsentRecorded(matter=matter, answer="yes", way="in_person", day=self.day)
        self.act((consent, None, self.facts[-1].identity))
        amended = PersonDetails(salt=self.salt(), name=self.name(), phone=self.phone())
        if self.chance.random() < 0.3:
            self.act((PersonAmended(day=self.day), amended, self.facts[-2].identity))

    def odd(self) -> None:
        pick, day = self.chance.choice, self.day
        reasons = ("overdue", "refused", "damaged", "misdirected")
        moved = ParcelMoved(shelf="C", layer=2, serial=self.chance.randrange(40), day=day)
        back = ParcelReturned(courier=pick(COURIERS), reason=pick(reasons), day=day)
        line = ReversedLine("Equity:Pieces:Shelf", "PCS", -1)
        ticket = base64.b32encode(self.chance.randbytes(10)).decode()
        undone = ActReversed(act=ticket, lines=(line,), day=day)
        closed = CaseClosed(
            case="parcel.shelved_twice", members=(self.hex(32), self.hex(32)), verdict="one",
            day=day,
        )  # fmt: skip
        who = OperatorRegistered(role="operator", day=day)
        given = PaymentGiven(
            due_fen=3000, tenders=(Tender(way="cash", amount_fen=3000),), shift=self.shift, day=day
        )
        details = OperatorDetails(salt=self.salt(), name=self.name(), pinyin="li gui fang")
        right = ParcelReassigned(person=self.hex(32), day=day)
        said: list[Said] = [
            (moved, None, self.parcel()),
            (back, None, self.parcel()),
            (undone, None, ""),
            (closed, None, self.parcel()),
            (who, details, ""),
            (given, None, ticket),
            (right, None, self.parcel()),
        ]
        self.act(pick(said))

    def shift_edge(self, *, opens: bool) -> None:
        faces = (10000, 5000, 2000, 1000, 500, 100, 50, 10)
        counts = tuple(Count(face, self.chance.randrange(20)) for face in faces)
        total = sum(count.face_fen * count.pieces for count in counts)
        if opens:
            opened = ShiftOpened(
                counts=counts, counted_fen=total, added_fen=0, reason="", as_last=1, day=self.day
            )
            self.act((opened, None, ""))
            return
        balances = tuple(
            Balance(account, "CNY", self.chance.randrange(-90000, 90000))
            for account in ("Assets:Drawer:D1", "Assets:WeChat", "Liabilities:Held:COD:ZTO:Here")
        )
        closed = ShiftClosed(
            number=self.chance.randrange(1, 900), counts=counts, counted_fen=total,
            expected_fen=total, difference_fen=0, recounts=0,
            positions=(Position(self.stream, len(self.facts), self.hex(32)),),
            balances=balances, facts=len(self.facts), tail=self.hex(32), fold_version=1,
            booked_late=0, day=self.day,
        )  # fmt: skip
        self.act((closed, None, self.shift))

    def segments(self) -> Iterator[bytes]:
        """Live the day, and yield what its pushes would hold before packing."""
        self.shift_edge(opens=True)
        doings = [self.shelve] * 40 + [self.hand_over] * 35 + [self.tell] * 12
        doings += [self.person] * 5 + [self.odd] * 6
        for _ in range(self.chance.randrange(20, 120)):
            self.chance.choice(doings)()
        self.shift_edge(opens=False)
        start = 0
        while start < len(self.facts):
            count = self.chance.choice((1, 2, 3, 5, 10, 20, 40, 80))
            yield raw(self.facts[start : start + count], self.chance)
            start += count


def county_words(seed: int) -> bytes:
    """Some of what a county says."""
    day = Day(seed)
    day.stream, day.operator = f"county.1/{day.chance.choice(('all', 'NX0601'))}", "county"
    for _ in range(day.chance.randrange(2, 9)):
        code = f"NX{day.chance.randrange(1, 1700):04}"
        described = StationDescribed(
            code=code, name="河村电商服务站", level="village", parent="NX0600", township="赤眉镇",
            village="河村", status="active", shelves=6, layers=4, places=40, day=day.day,
        )  # fmt: skip
        courier = CourierPublished(
            code=day.chance.choice(COURIERS), name="快递", initial="Z", pattern=r"^7[3-68]\d{12}$",
            example="73000000000017", priority=70, must_confirm=0, remind_days=3, call_days=5,
            return_days=7, day=day.day,
        )  # fmt: skip
        enrolled = DeviceEnrolled(
            station=code, device="D1", slot=0, public_key=day.hex(32), day=day.day
        )
        announced = ParcelAnnounced(
            courier="ZTO", waybill=f"73{day.chance.randrange(10**12):012}", station=code,
            person="", cod_fen=0, freight_fen=0, day=day.day,
        )  # fmt: skip
        receiver = Receiver(salt=day.salt(), name=day.name(), tail="1888")
        day.act(
            (described, None, ""), (courier, None, ""), (enrolled, None, ""),
            (announced, receiver, ""),
        )  # fmt: skip
    return raw(day.facts, day.chance)


def raw(facts: list[Fact], chance: random.Random) -> bytes:
    """Return the rows of a segment as they are before packing."""
    last = facts[-1]
    head = SignedHead(last.stream, last.seq, last.identity, "00" * 8, chance.randbytes(64))
    segment = Segment(last.stream, facts[0].seq, facts[0].prev, tuple(facts), head)
    return rows.write((segment,))


def main() -> None:
    """Train and write one dictionary."""
    number, to = int(sys.argv[1]), Path(sys.argv[2])
    samples = [sample for seed in range(DAYS) for sample in Day(number * 10**6 + seed).segments()]
    samples += [county_words(number * 10**6 + 500_000 + seed) for seed in range(DAYS // 4)]
    trained = zstandard.train_dictionary(BYTES, samples, level=19)
    to.write_bytes(trained.as_bytes())
    print(f"{to}: {len(trained.as_bytes())} bytes from {len(samples)} samples")


if __name__ == "__main__":
    main()
