"""The village: real stations and a real county, in one thread, with every fault drawn from a seed.

Each PC is the real program without its screen (premises, desk, rules, exchange) on a disk that can
lose its power; the county is the real server without its sockets. A seed decides how many there
are, what their operators do, when power and line fail, which disk lies, which image is put back,
whose clock says 2099. In the end the line holds, everybody talks until there is nothing left to
say, and the invariants must hold (`tests.village.invariants`). The same seed is the same history.

    python -m tests.village.simulate --seeds 100 --from 1
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from sqlalchemy import event

from county_server.county import County, open_county
from station_app.journal import put_back
from station_app.journal.store import transaction
from station_app.security.signing import Signer
from station_app.sync.dictionary import Press
from station_app.vocabulary import VOCABULARY
from tests.engines import share_compiled_statements
from tests.sync.stand import MORNING_MS, Dice
from tests.village.beginning import (
    STATIONS,
    Settled,
    beginning,
    empty_image,
    enrolled,
    quick_folder,
)
from tests.village.business import Business
from tests.village.clerk import Clerk
from tests.village.disk import Disk, NoPower, the_vfs
from tests.village.formats import Formats
from tests.village.invariants import check_village, cursor_says_too_much, held_at_county
from tests.village.keys import KeyKeeper, Keyring
from tests.village.line import SPOILED, Line
from tests.village.losing import LOST_ITS_END, Losing
from tests.village.pc import Pc, VillageClock, WrongClock
from tests.village.readmitting import Readmitting
from tests.village.sticks import LATELY_DAYS, WHOLE_UPTO, Sticks, are_played

YEARS_MS = 365 * 24 * 3_600_000
BUSIEST = 70  # steps of the longest histories
HEAL_ROUNDS = 12
THOROUGH_EVERY = 10  # seeds whose county folds everything anew; its rows are compared in all
VILLAGES_WITH_COPIES, COPIED = 0.2, 0.06  # a machine is copied while it runs; of its steps
COUNTY_DIES = 0.6  # of the times that it goes down: within a trip, not in good order
COUNTY_CUT_WITHIN = 50  # statements: a push has about forty
CUT_WITHIN = 60  # changes of the disk: an act makes about twenty, a trip up to a hundred


def _look_at_what_is_doubted(pc: Pc) -> None:
    """Let the operator of a PC that was put back confirm what it had asked others for."""
    for act in put_back.doubted(pc.connection):
        with transaction(pc.connection):
            put_back.confirm(pc.connection, act.stream, act.act)


def die_within(county: County, statements: int) -> None:
    """Let a county's power go at a statement or a commit; what was not committed is gone then.

    That a committed transaction is safe is what the settings of its store are for; the stations'
    disk shows it for the same settings.
    """
    left = statements

    def count(*_event: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            raise NoPower

    event.listen(county.store.engine, "before_cursor_execute", count)
    event.listen(county.store.engine, "commit", count)


@dataclass
class Village:
    """One history. `run` plays it; what is found wrong stands in `findings`."""

    seed: int
    findings: list[str] = field(default_factory=list)
    happened: dict[str, int] = field(default_factory=dict)
    kinds_said: set[str] = field(default_factory=set)
    stops_before_healing: bool = False
    is_thorough: bool = False

    def __post_init__(self) -> None:
        """Set the stage."""
        self.is_thorough = self.is_thorough or self.seed % THOROUGH_EVERY == 0
        self.dice = random.Random(self.seed)
        self.world = VillageClock(MORNING_MS + 60_000)
        self.business = Business(self.dice, self.seed)
        self.losing = Losing(self.seed)
        clerks = random.Random(self.seed + 1_000_000)
        self.clerk = Clerk(clerks, is_strict=self.losing.is_played)
        self.keeper = KeyKeeper(random.Random(self.seed + 3_000_000))
        self.readmitting = Readmitting(random.Random(f"readmitting {self.seed}"))
        self.sticks = (
            Sticks(random.Random(self.seed + 2_000_000)) if are_played(self.seed) else None
        )
        self._copies = random.Random(self.seed + 3_000_000)
        self._is_copied = self._copies.random() < VILLAGES_WITH_COPIES
        image, settled = beginning()
        self.home = Path(tempfile.mkdtemp(prefix="village-", dir=quick_folder()))
        self.folder = self.home / "county"
        shutil.copytree(image, self.folder)
        self._county_chance = Dice(self.dice.getrandbits(32))
        self._backup: Path | None = None
        self.formats = Formats(self.seed)
        self.county: County | None = self._opened_county()
        count = self.dice.choice((1, 1, 2, 2, 2, 4))
        self.pcs = [self._pc(who) for who in settled[:count]]
        self.has_hardware_faults = self.dice.random() < 0.35
        self.twins: list[Pc] = []

    def _opened_county(self) -> County:
        county = open_county(
            self.folder, VOCABULARY, Press(), clock=self.world, chance=self._county_chance
        )
        if self.sticks is not None:
            county.plans.whole_upto, county.plans.lately_days = WHOLE_UPTO, LATELY_DAYS
        county.formats = self.formats.of_county()
        return county

    def _pc(self, who: Settled) -> Pc:
        line = Line(lambda: self.county, self.dice)
        line.badness = self.dice.choice((0, 300, 1_000, 1_000, 1_100))
        wrong = self.dice.choice((0, 0, 0, 0, 73 * YEARS_MS, -16 * YEARS_MS, 3 * 3_600_000))
        lies = self.dice.random() < 0.06
        beside = self.home / who.place.replace("/", "-")
        clock = WrongClock(self.world, wrong)
        disk = Disk(who.files, lies=lies)
        return Pc(
            who.place,
            Signer(who.seed),
            who.county,
            self.world,
            self.dice,
            beside,
            disk,
            line,
            clock,
            formats=partial(self.formats.of_pc, who.place),
            keyring=Keyring.of(who.seed),
        )

    # --- The history -----------------------------------------------------------------------------

    def run(self) -> list[str]:
        """Play, heal, check; return what does not hold."""
        try:
            for pc in self.pcs:
                pc.start()
            for _ in range(self.dice.randint(12, BUSIEST)):
                self._step()
            self._note_kinds()
            self.findings += [line for pc in self.all_pcs for line in pc.findings]
            if self.stops_before_healing:
                return self.findings
            self._heal()
            self.findings += check_village(self)
        finally:
            self._clear_up()
        return self.findings

    def _note_kinds(self) -> None:
        for pc in self.all_pcs:
            rows = pc.connection.execute("SELECT DISTINCT kind FROM facts").fetchall()
            self.kinds_said.update(str(row[0]) for row in rows)
        assert self.county is not None
        with self.county.store.read() as connection:
            rows = connection.exec_driver_sql("SELECT DISTINCT kind FROM facts").all()
        self.kinds_said.update(str(row[0]) for row in rows)

    def _step(self) -> None:
        self.world.at += self.dice.choice((500, 5_000, 60_000, 3_600_000))
        pc = self.dice.choice(self.all_pcs)
        events: list[tuple[float, str, Callable[[Pc], None]]] = [
            (46, "act", self.business.act),
            (24, "trip", self._trip),
            (3, "power_cut", self._cut_power),
            (6, "power_cut_within", self._cut_within),
            (2, "restart", self._restart),
            (6, "county_says", lambda _pc: self._county_says()),
            (2, "late", lambda pc: pc.line.deliver_late()),
            (1.5, "county_restart", self._restart_county),
            (2, "clock", self._jump),
        ]
        if self.has_hardware_faults:
            events += [
                (2, "image_kept", self._keep_image),
                (2, "image_back", self._put_back),
                (1, "twin", self._make_twin),
                (2.5, "backup", lambda _pc: self._back_up()),
                (2, "county_back", lambda _pc: self._restore_county()),
            ]
        self._clerk_acts(pc)
        self._sticks_act(pc)
        if self._is_copied and self._copies.random() < COPIED and not pc.disk.had_lied:
            self._make_twin(pc, with_memory=True)
        (chosen,) = self.dice.choices(events, [weight for weight, _, _ in events])
        self.happened[chosen[1]] = self.happened.get(chosen[1], 0) + 1
        try:
            chosen[2](pc)
        except Exception:  # what lacks pages may answer with anything
            if not pc.disk.had_lied:  # nothing but the doctor and a backup help such a disk
                raise
            self._reinstall(pc)

    @property
    def all_pcs(self) -> list[Pc]:
        """Return the PCs, the copied ones too."""
        return [*self.pcs, *self.twins]

    def _trip(self, pc: Pc) -> None:
        pc.trip(hurry=self.dice.random() < 0.8)
        if pc.line.last in SPOILED:
            self.findings += cursor_says_too_much(self, pc)

    def _cut_power(self, pc: Pc) -> None:
        pc.cut_power()
        pc.start()
        if pc.disk.had_lied:
            self._excuse()

    def _cut_within(self, pc: Pc) -> None:
        """Cut the power at some change of the disk, in an act or while the line is used."""
        work = self.dice.choice((self.business.act, self._trip, self._trip))
        pc.cut_soon(self.dice.randint(1, CUT_WITHIN))
        try:
            work(pc)
        except Exception:
            if not pc.disk.is_dead:
                raise
        pc.disk.on_change = None
        if pc.disk.is_dead:
            self._cut_power(pc)
            pc.press_again()
            self.findings += cursor_says_too_much(self, pc)

    def _reinstall(self, pc: Pc) -> None:
        """Put the first image on a new disk: the old one has lost pages that it said it kept."""
        pc.abandon()
        settled = [who.files for who in beginning()[1] if who.place == pc.place]
        pc.disk = Disk(settled[0] if settled else pc.base_image or pc.first_image)
        pc.start()
        self._excuse()

    def _excuse(self) -> None:
        """What nobody holds after a node has lost its memory cannot come back: see the README."""
        held = held_at_county(self).union(*(pc.identities() for pc in self.all_pcs))
        for pc in self.all_pcs:
            pc.excused.update(t.act for t in pc.told if not held.issuperset(t.identities))

    def _restart(self, pc: Pc) -> None:
        pc.stop()
        pc.start()

    def _jump(self, pc: Pc) -> None:
        pc.clock.ahead_ms = self.dice.choice((0, 0, 40_000, -90_000, 73 * YEARS_MS, -16 * YEARS_MS))

    def _keep_image(self, pc: Pc) -> None:
        if self.losing.is_played:  # of a machine that runs
            pc.keep_image(self.losing.dice)
            return
        pc.stop()
        pc.keep_image()
        pc.start()

    def _put_back(self, pc: Pc) -> None:
        if pc.images:
            pc.stop()
            pc.put_image_back(with_mark=self.dice.random() < 0.5)
            pc.start()
            self._excuse()

    def _make_twin(self, pc: Pc, *, with_memory: bool = False) -> None:
        """Copy a machine; with its memory both go on writing the same stream: it forks."""
        if len(self.twins) >= 1:
            return
        pc.stop()
        line = Line(lambda: self.county, self.dice)
        line.badness = pc.line.badness
        twin = Pc(
            pc.place,
            pc.signer,
            pc.county,
            self.world,
            self.dice,
            self.home / f"twin-{len(self.twins)}",
            Disk(pc.disk.image()),
            line,
            WrongClock(self.world, pc.clock.ahead_ms),
            keyring=pc.keyring.copied(),
        )
        twin.is_twin, twin.was = True, set(pc.was)
        twin.disk.had_lied = pc.disk.had_lied
        self.twins.append(twin)
        # A machine that was copied with its memory has the same luck: both draw the same epoch.
        luck = self.dice.getrandbits(64) if with_memory or self.dice.random() < 0.5 else None
        for one in (pc, twin):
            one.start(luck)
            for _ in range(4 if luck is not None else 0):  # both go on working
                self.business.act(one)
                self._trip(one)

    # --- The county ------------------------------------------------------------------------------

    def _county_says(self) -> None:
        if self.county is not None:
            self.business.county_says(self.county, STATIONS)

    def _sticks_act(self, pc: Pc) -> None:
        """Carry a stick, or let a new PC join in the middle of everything."""
        if self.sticks is None or pc.disk.had_lied:
            return
        station = pc.place.partition("/")[0]
        for done in (self.sticks.act(self, pc), self.sticks.join(self, station)):
            self.happened[done] = self.happened.get(done, 0) + bool(done)

    def enrol_now(self, station: str, number: int) -> Pc:
        """Return a new PC with nothing on its disk but who it is."""
        assert self.county is not None
        place, seed, pin, here = enrolled(self.county, station, number)
        image = empty_image(here)
        pc = self._pc(Settled(place, seed, pin, image))
        pc.disk.lies, pc.first_image = False, image
        return pc

    def _clerk_acts(self, pc: Pc) -> None:
        """Cut a PC off that goes on working, with its copies; or decide what waits."""
        assert self.county is not None
        for done in (
            self.clerk.act(self.county, pc.place),
            self.keeper.act(self.county, pc),
            self.readmitting.act(self, pc),
        ):
            if done:
                self.happened[done] = self.happened.get(done, 0) + 1

        if self.losing.act(self, pc, self._work_on):
            self.happened[LOST_ITS_END] = self.happened.get(LOST_ITS_END, 0) + 1
            self._excuse()

    def _work_on(self, pc: Pc) -> None:
        self.business.act(pc)
        self._trip(pc)

    def _restart_county(self, pc: Pc) -> None:
        """Stop the county in good order, or let its power go in the middle of a trip."""
        assert self.county is not None
        try:
            if self.dice.random() < COUNTY_DIES:
                self.happened["county_dies"] = self.happened.get("county_dies", 0) + 1
                die_within(self.county, self.dice.randint(1, COUNTY_CUT_WITHIN))
                pc.trip(hurry=True)
        finally:  # also where the PC stumbles over pages that its disk has lost
            self.county.close()
            self.county = self._opened_county()

    def _back_up(self) -> None:
        assert self.county is not None
        self.county.close()
        self._backup = self.home / "backup.db"
        shutil.copyfile(self.folder / "county.db", self._backup)
        self.county = self._opened_county()

    def _restore_county(self) -> None:
        if self._backup is None or self.county is None:
            return
        self.county.close()
        for name in ("county.db-wal", "county.db-shm"):
            (self.folder / name).unlink(missing_ok=True)
        shutil.copyfile(self._backup, self.folder / "county.db")
        self.county = self._opened_county()
        self._excuse()

    # --- The end ---------------------------------------------------------------------------------

    def _heal(self) -> None:
        """Let the line hold, and everybody talk until nothing moves any more."""
        for pc in self.all_pcs:
            pc.line.badness = 0
            pc.disk.lies = False
            if pc.disk.had_lied:
                self._reinstall(pc)
            pc.line.deliver_late()
        before: object = None
        for _ in range(HEAL_ROUNDS):
            self.world.at += 600_000
            for pc in self.all_pcs:
                _look_at_what_is_doubted(pc)
                self._talk_it_out(pc)
            now = (
                [pc.port.backlog() for pc in self.all_pcs],
                [len(pc.identities()) for pc in self.all_pcs],
            )
            if now == before:
                return
            before = now
        self.findings.append("no end: something still moves after the line has healed")

    def _talk_it_out(self, pc: Pc) -> None:
        try:
            pc.converse()
        except Exception:
            if not pc.disk.had_lied:
                raise
            self._reinstall(pc)

    def _clear_up(self) -> None:
        for pc in self.all_pcs:
            if pc.premises is not None:
                pc.premises.close()
            the_vfs().take_out(pc._folder)
        if self.county is not None:
            self.county.close()
        shutil.rmtree(self.home, ignore_errors=True)


def main() -> int:
    """Play seeds and print one JSON object."""
    parser = argparse.ArgumentParser(description="The seeded village.")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--from", dest="first", type=int, default=1)
    options = parser.parse_args()
    share_compiled_statements()
    began = time.monotonic()
    happened: dict[str, int] = {}
    found: dict[int, list[str]] = {}
    for seed in range(options.first, options.first + options.seeds):
        village = Village(seed)
        try:
            findings = village.run()
        except Exception as problem:  # noqa: BLE001 - a crash is a finding, with its seed
            findings = [f"{type(problem).__name__}: {problem}"]
        if findings:
            found[seed] = findings
        for name, count in village.happened.items():
            happened[name] = happened.get(name, 0) + count
    told = {
        "seeds": options.seeds,
        "from": options.first,
        "seconds": round(time.monotonic() - began, 1),
        "happened": happened,
        "found": {seed: findings[:4] for seed, findings in found.items()},
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
