"""Seven days of parcels: the hub, a township that sorts, three villages; counted after every act.

Twelve couriers bring them to the hub; its clerk announces a sheet and fills a bag by scan on her
page. The township counts the bag and sends each village its own; these shelve, hand over, take COD,
give back, lose and find, run to people's doors, undo. Every day one piece stays behind at the hub
and comes a day late, and one is in the bag that is on no list. After every act three accounts of
the same pieces must agree: what was really carried where, the facts as an independent count reads
them (`tests.independent.pieces`), and the books.

    python -m tests.village.week --parcels 500 --seed 1
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from county_server.county import County, open_county
from county_server.keys import make_keys
from county_server.master_import import import_master
from county_server.pages import routes
from county_server.staff import roles
from county_server.staff.roles import Member
from county_server.verify import verify_county
from station_app.journal.verify import verify
from station_app.ledger.posting import PCS
from station_app.resources_dir import load_texts, resources
from station_app.security.signing import Signer
from station_app.services.cash.commands import OpenShift, TakePayment
from station_app.services.cash.facts import Count, Tender
from station_app.services.parcels import records
from station_app.services.parcels.bag_records import announced_bag
from station_app.services.parcels.commands import (
    BringBack,
    CloseManifest,
    DeliverOnRun,
    FindParcel,
    HandOverParcels,
    LoseParcel,
    ReceiveBag,
    ReturnParcels,
    SendToVillage,
    ShelveParcel,
    TakeOnRun,
)
from station_app.services.parcels.runs import FAILURES
from station_app.shell.desk import Done
from station_app.sync.dictionary import Press
from station_app.vocabulary import VOCABULARY
from tests.county_server.browser import Browser, give_account
from tests.county_server.finance_story import post
from tests.independent.pieces import Pieces
from tests.sync.stand import MORNING_MS, Dice
from tests.village.beginning import empty_image, enrolled, quick_folder
from tests.village.disk import Disk
from tests.village.line import Line
from tests.village.pc import Pc, VillageClock, WrongClock

TOWNSHIP, VILLAGES = "NX0600", ("NX0601", "NX0602", "NX0603")
DAYS, DAY_MS, MINUTE_MS = 7, 86_400_000, 60_000
PARCELS = 500
LOOSE, COD = 0.1, 0.2  # shares that a courier brings himself; that are paid at the counter
HUB = Member("H01", "彭示霞", (roles.HUB_CLERK,))
# How the waybills of the twelve begin, and how many digits follow.
COURIERS = {
    "SF": ("SF1", 12), "JD": ("JDVA", 11), "JTSD": ("JT", 13), "YTO": ("YT", 13),
    "DBL": ("DPK", 12), "POSTB": ("98", 11), "ZTO": ("73", 12), "STO": ("77", 13),
    "YUNDA": ("46", 13), "CAINIAO": ("621", 12), "NXGP": ("NX", 16), "SUNING": ("SN", 12),
}  # fmt: skip


class Week:
    """Plays a week. really: where each piece is; done: how often each thing was granted."""

    def __init__(self, home: Path, *, seed: int, parcels: int) -> None:
        self.dice = random.Random(f"week {seed}")
        self.world = VillageClock(MORNING_MS)
        folder = home / "county"
        make_keys(folder, Dice(seed))
        self.county: County = open_county(
            folder, VOCABULARY, Press(), clock=self.world, chance=Dice(seed + 1)
        )
        import_master(self.county, resources() / "demo")
        give_account(self.county.store, HUB)
        self._app = Starlette(routes=list(routes(self.county, load_texts())))
        self.pcs = {code: self._pc(home, code) for code in (TOWNSHIP, *VILLAGES)}
        self.count, self.done = Pieces(), Counter[str]()
        self.problems: list[str] = []
        self.really: dict[str, tuple[str, str]] = {}
        self.pieces = [self._piece(number) for number in range(parcels)]
        self._read: dict[str, int] = {}
        self._late: list[tuple[str, str, str]] = []

    def _pc(self, home: Path, station: str) -> Pc:
        luck = (TOWNSHIP, *VILLAGES).index(station)
        place, seed, pin, here = enrolled(self.county, station, 0, luck=luck)
        line = Line(lambda: self.county, self.dice)
        line.badness = 0
        made = Pc(
            place, Signer(seed), pin, self.world, random.Random(luck), home / station,
            Disk(empty_image(here)), line, WrongClock(self.world),
        )  # fmt: skip
        made.start()
        made.converse()
        return made

    def _piece(self, number: int) -> tuple[str, str, str]:
        """Return courier, waybill and village of a piece."""
        courier = tuple(COURIERS)[number % len(COURIERS)]
        begin, digits = COURIERS[courier]
        return courier, f"{begin}{number + 1:0{digits}}", self.dice.choice(VILLAGES)

    def play(self) -> None:
        """Play the days; the last ends with nothing on a shelf that somebody would fetch."""
        for day in range(DAYS):
            self.world.at = MORNING_MS + day * DAY_MS
            fresh = self.pieces[day::DAYS]
            loose = [one for one in fresh if self.dice.random() < LOOSE]
            brought = [one for one in fresh if one not in loose]
            tag, carried = self._hub(day, brought)
            for station in VILLAGES:
                self.pcs[station].converse()
                if not day:
                    counts = (Count(10_000, 3),)
                    today = self.pcs[station].open.desk.now().day
                    self._do(station, OpenShift(counts=counts, reason="float", day=today))
            for courier, waybill, village in loose:
                self._shelve(village, courier, waybill)
            self._sort(tag, carried)
            for station in VILLAGES:
                self._work(station, is_last=day == DAYS - 1)
        for pc in self.pcs.values():
            pc.converse()
            report = verify(pc.connection, VOCABULARY, pc.known_keys().is_signed)
            if not report.is_sound:
                self.problems.append(f"{pc.place}: not sound: {report.first_broken}")
        self.problems += [str(one) for one in verify_county(self.county).findings]
        self._all_together()

    # --- The hub ---------------------------------------------------------------------------------

    def _hub(self, day: int, brought: Sequence[tuple[str, str, str]]) -> tuple[str, list[str]]:
        """Announce the sheet and the bag on the page; return its tag and what is really in it."""
        hub = Browser(self._app).sign_in(HUB.code)  # a session ends with its day
        rows = [
            f"{waybill},{courier},{village},王示明,1540000{6000 + n:04},{self._cod()}"
            for n, (courier, waybill, village) in enumerate(brought)
        ]
        sheet = "\n".join(("运单号,快递,村站,收件人,电话,代收货款", *rows))
        answer = hub.ask(
            "POST", "/bags/advice", data={"token": hub.token("/bags")},
            files={"file": ("parcels.csv", sheet.encode(), "text/csv")},
        )  # fmt: skip
        assert answer.headers["location"] == f"/bags?put={len(brought)}", answer.text
        listed = [*self._late, *brought]
        unlisted, behind = listed.pop(), listed[len(self._late)]  # one slips in, one stays lying
        tag = f"NXB0600{day + 1:06}0001"
        post(
            hub, "/bags", "/bags",
            {"to": TOWNSHIP, "code": tag, "seal": "", "courier": "", "act": "send",
             "pieces": "\n".join(waybill for _, waybill, _ in listed)},
        )  # fmt: skip
        carried = [*(one for one in listed if one != behind or day == DAYS - 1), unlisted]
        self._late = [] if day == DAYS - 1 else [behind]
        for _, waybill, _ in carried:
            self.really[waybill] = ("road", TOWNSHIP)
        return tag, [waybill for _, waybill, _ in carried]

    def _cod(self) -> str:
        return f"{self.dice.randint(100, 9_999) / 100:.2f}" if self.dice.random() < COD else ""

    # --- The township ----------------------------------------------------------------------------

    def _sort(self, tag: str, carried: Sequence[str]) -> None:
        pc = self.pcs[TOWNSHIP]
        pc.converse()
        couriers = {waybill: courier for courier, waybill, _ in self.pieces}
        bag = self._do(TOWNSHIP, ReceiveBag(code=tag)).told[0].identity
        seen = tuple((waybill, couriers[waybill]) for waybill in carried)
        for _, waybill in enumerate(carried):
            self.really[waybill] = ("Bag", TOWNSHIP)
        self._do(TOWNSHIP, CloseManifest(direction="in", bag=bag, seen=seen, other="任例福"))
        for village in VILLAGES:
            said = {
                waybill: records.announcement(pc.connection, waybill, TOWNSHIP)
                for waybill in carried
            }
            mine = [w for w, one in said.items() if one is not None and one.station == village]
            if mine:
                for waybill in mine:
                    self.really[waybill] = ("road", village)
                load = tuple((waybill, couriers[waybill]) for waybill in mine)
                self._do(TOWNSHIP, SendToVillage(station=village, pieces=load, driver="任例福"))
        pc.converse()

    # --- The villages ----------------------------------------------------------------------------

    def _work(self, station: str, *, is_last: bool) -> None:
        pc = self.pcs[station]
        pc.converse()
        row = pc.connection.execute(
            "SELECT code FROM announced_bags a WHERE NOT EXISTS "
            "(SELECT 1 FROM bags b WHERE b.code = a.code AND b.manifest = a.manifest)"
        ).fetchone()
        if row is not None:
            self._unpack(station, str(row[0]))
        self._hand_over(station, 1.0 if is_last else 0.6)
        if not is_last:
            self._troubles(station)
        pc.converse()

    def _unpack(self, station: str, code: str) -> None:
        pc = self.pcs[station]
        bag = self._do(station, ReceiveBag(code=code)).told[0].identity
        announced = announced_bag(pc.connection, code)
        assert announced is not None
        there = [w for w, place in self.really.items() if place == ("road", station)]
        couriers = {waybill: courier for courier, waybill, _ in self.pieces}
        for waybill in there:
            self.really[waybill] = ("Bag", station)
        seen = tuple((waybill, couriers[waybill]) for waybill in there)
        self._do(station, CloseManifest(direction="in", bag=bag, seen=seen, other="任例福"))
        for waybill in there:
            self._shelve(station, couriers[waybill], waybill)

    def _shelve(self, station: str, courier: str, waybill: str) -> None:
        said = records.announcement(self.pcs[station].connection, waybill, station)
        self.really[waybill] = ("Shelf", station)
        self._do(
            station,
            ShelveParcel(
                courier=courier, waybill=waybill, name=said.name if said else "李示样",
                tail=said.tail if said else "6021", cod_fen=said.cod_fen if said else 0,
                may_crowd=True,
            ),
        )  # fmt: skip

    def _on_shelf(self, station: str) -> list[tuple[str, str, int]]:
        """Return identity, waybill and what is due of the parcels on hand."""
        rows = self.pcs[station].connection.execute(
            "SELECT s.entity, s.data FROM parcels p JOIN states s ON s.kind = 'parcel' "
            "AND s.entity = p.entity WHERE p.status = 'on_hand' ORDER BY p.at_in, p.entity"
        )
        states = [(str(entity), json.loads(data)) for entity, data in rows]
        return [(entity, one["waybill"], one.get("cod_fen", 0)) for entity, one in states]

    def _hand_over(self, station: str, share: float) -> None:
        for parcel, waybill, due in self._on_shelf(station):
            if self.dice.random() >= share:
                continue
            self.really[waybill] = ("Villager", station)
            done = self._do(station, HandOverParcels(parcels=(parcel,), paid_fen=due), *_paid(due))
            if self.dice.random() < 0.03:
                self.really[waybill] = ("Shelf", station)
                self._undo(station, done.act)

    def _troubles(self, station: str) -> None:
        """One goes back, one is lost, looked for and found, two go to people's doors."""
        here = self._on_shelf(station)
        self.dice.shuffle(here)
        if here:
            parcel, waybill, _ = here.pop()
            self.really[waybill] = ("Returned", station)
            self._do(station, ReturnParcels(parcels=(parcel,), reason="refused"))
        if here:
            parcel, waybill, _ = here.pop()
            self.really[waybill] = ("Lost", station)
            self._do(station, LoseParcel(parcel=parcel))
            if self.dice.random() < 0.7:
                self.really[waybill] = ("Shelf", station)
                self._do(station, FindParcel(parcel=parcel, shelf="A", layer=1))
        run = here[:2]
        if run:
            for _, waybill, _ in run:
                self.really[waybill] = ("Run", station)
            self._do(station, TakeOnRun(parcels=tuple(p for p, _, _ in run), runner="马示成"))
            parcel, waybill, due = run[0]
            self.really[waybill] = ("Villager", station)
            self._do(station, DeliverOnRun(parcels=(parcel,), paid_fen=due), *_paid(due))
            for parcel, waybill, _ in run[1:]:
                self.really[waybill] = ("Shelf", station)
                self._do(station, BringBack(parcel=parcel, reason=FAILURES[0]))

    # --- After every act -------------------------------------------------------------------------

    def _do(self, station: str, *commands: Any) -> Done:
        self.world.at += MINUTE_MS // 6
        outcome = self.pcs[station].perform(*commands)
        assert isinstance(outcome, Done), (commands, outcome)
        self.done[type(commands[0]).__name__] += 1
        self._compare(station)
        return outcome

    def _undo(self, station: str, act: str) -> None:
        outcome = self.pcs[station].undo(act)
        assert isinstance(outcome, Done), outcome
        self.done["undo"] += 1
        self._compare(station)

    def _compare(self, station: str) -> None:
        """Hold what was carried, the facts and the books against each other."""
        self.done["compared"] += 1
        connection = self.pcs[station].connection
        self.count.read(self._fresh(station, connection))
        said = {w: p for w, p in self.count.places.items() if p[1] == station}
        true = {w: p for w, p in self.really.items() if p[1] == station}
        for waybill, place in true.items():
            if place[0] != "road" and said.get(waybill) != place:
                self.problems.append(f"{waybill}: really {place}, by the facts {said.get(waybill)}")
        rows = connection.execute(
            "SELECT account, SUM(amount) FROM postings WHERE commodity = ? GROUP BY account", (PCS,)
        )
        books = {account.removeprefix("Equity:Pieces:"): n for account, n in rows if n}
        if books != self.count.books(station):
            self.problems.append(f"{station}: books {books}, counted {self.count.books(station)}")
        if sum(books.values()):
            self.problems.append(f"{station}: {sum(books.values())} pieces came from nowhere")

    def _fresh(self, station: str, connection: Any) -> list[dict[str, Any]]:
        """Return what this station said since it was asked last."""
        rows = connection.execute(
            "SELECT kind, act, entity, identity, stream, body, seq FROM facts "
            "WHERE stream LIKE ? AND seq > ? ORDER BY seq",
            (f"{station}/%", self._read.get(station, 0)),
        ).fetchall()
        if rows:
            self._read[station] = rows[-1][6]
        names = ("kind", "act", "entity", "identity", "stream")
        return [{**dict(zip(names, row, strict=False)), "body": json.loads(row[5])} for row in rows]

    def _all_together(self) -> None:
        """Every piece is somewhere, once; the county folds what its stations do."""
        self.problems += self.count.problems
        for _, waybill, _ in self.pieces:
            if waybill not in self.really:
                self.problems.append(f"{waybill} is nowhere")
        for station in VILLAGES:
            held = (
                self.pcs[station]
                .connection.execute(
                    "SELECT -COALESCE(SUM(amount), 0) FROM postings "
                    "WHERE account LIKE 'Liabilities:Held:COD:%'"
                )
                .fetchone()[0]
            )
            if held != self.count.collected[station]:
                self.problems.append(f"{station}: {held} fen of COD, {self.count.collected}")

    def close(self) -> None:
        """Leave the stage."""
        for pc in self.pcs.values():
            if pc.premises is not None:
                pc.stop()
        self.county.close()


def _paid(due: int) -> tuple[Any, ...]:
    if not due:
        return ()
    return (TakePayment(due_fen=due, tenders=(Tender(way="cash", amount_fen=due),)),)


def played(home: Path, *, seed: int, parcels: int) -> Week:
    """Play a week and return it, closed."""
    week = Week(home, seed=seed, parcels=parcels)
    try:
        week.play()
    finally:
        week.close()
    return week


def main() -> int:
    """Play a week and print what was done, and what did not agree."""
    parser = argparse.ArgumentParser(description="A week of parcels, counted after every act.")
    parser.add_argument("--parcels", type=int, default=PARCELS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="week-", dir=quick_folder()))
    try:
        week = played(home, seed=options.seed, parcels=options.parcels)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    places = Counter(place for place, _ in week.really.values())
    told = {"parcels": options.parcels, "couriers": len(COURIERS), "seed": options.seed}
    told |= {"done": dict(week.done), "places": dict(places), "problems": week.problems[:20]}
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 1 if week.problems else 0


if __name__ == "__main__":
    sys.exit(main())
