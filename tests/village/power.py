"""The power proof: the real desk writes on a disk whose power is cut at every single change.

A station works on the disk of `tests.village.disk`. Before each change that reaches the disk a cut
is played: what the next start would find is opened and asked for every act that had been called
done by then. Nothing may be missing, no act may be there in part. A disk that keeps nothing of what
was pending is the same disk at every change between two syncs: it is looked at once for them all,
and again as soon as more was called done. The same with settings that are known to lose (no sync,
WAL with NORMAL, a rollback journal with FULL) must lose something: a proof that they pass would
prove nothing.

    python -m tests.village.power --points 20000 --seed 1
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from station_app.journal import migrations
from station_app.journal.recorder import new_ticket
from station_app.journal.store import apply_settings, check_settings
from station_app.journal.verify import verify
from station_app.premises import MIGRATIONS, Premises, open_premises
from station_app.services.cash.commands import OpenShift
from station_app.services.cash.facts import Count
from station_app.services.parcels.commands import ReturnParcels, ShelveParcel
from station_app.shell.desk import Done
from station_app.vocabulary import VOCABULARY
from tests.proofs.kit import KEY, SeededChance, SetClock, furnish_on
from tests.village.disk import NOTHING, WAYS, Disk, connect, the_vfs

CHECKPOINT_PAGES = 120  # far below SQLite's 1000, so that the history holds many checkpoints
POINTS_OF_A_HISTORY = 50_000  # a longer one grows slow, and says nothing until its end
VERIFY_EVERY = 400  # points of which the whole journal is verified, not only asked
LIFE_ACTS = 40  # then the station is started anew: a new epoch

# What a connection is set to instead, to show that the proof can fail.
CONTROLS: dict[str, tuple[str, ...]] = {
    "wal off": ("PRAGMA synchronous = OFF",),
    "wal normal": ("PRAGMA synchronous = NORMAL",),
    # Exclusive locking would keep the journal file and only blank it.
    "delete full": (
        "PRAGMA journal_mode = DELETE",
        "PRAGMA synchronous = FULL",
        "PRAGMA locking_mode = NORMAL",
        "SELECT count(*) FROM sqlite_master",
    ),
}


@dataclass(slots=True)
class Tally:
    """What the cuts have shown. seen_before: left the very disk that another cut had left."""

    points: int = 0
    acts: int = 0
    lost: list[str] = field(default_factory=list)
    in_part: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)
    verified: int = 0
    seen_before: int = 0

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing was lost, torn or unsound."""
        return not (self.lost or self.in_part or self.unsound)


def opener_on(folder: str, instead: tuple[str, ...] = ()) -> Callable[[], Any]:
    """Return what opens the station's database on a disk, as the program sets it up."""

    def open_there() -> Any:
        connection = connect(folder)
        apply_settings(connection)
        check_settings(connection)
        connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
        for statement in instead:
            connection.execute(statement)
        migrations.migrate(connection, MIGRATIONS)
        return connection

    return open_there


class Trial:
    """One history of a station with a cut before each change of its disk."""

    def __init__(self, seed: int, points: int, instead: tuple[str, ...] = ()) -> None:
        """Play `points` cuts. instead: settings in place of the program's own."""
        self.tally = Tally()
        self._dice = random.Random(seed)
        self._points = points
        self._instead = instead
        self._sizes: dict[str, int] = {}  # facts of each act that was called done
        self._disk = Disk()
        self._serial = 0
        self._looked_at = (-1, 0)  # what was safe and called done when nothing else was kept

    def run(self) -> Tally:
        """Work until all cuts are played."""
        folder = the_vfs().put_in(self._disk)
        opener = opener_on(folder, self._instead)
        first = opener()
        furnish_on(first)
        first.close()
        with tempfile.TemporaryDirectory(prefix="power-") as beside:
            life = 0
            while self.tally.points < self._points:
                life += 1
                self._one_life(Path(beside), opener, life)
        the_vfs().take_out(folder)
        return self.tally

    def _one_life(self, beside: Path, opener: Callable[[], Any], life: int) -> None:
        clock = SetClock(SetClock().at_ms + life * 3_600_000)
        premises = open_premises(beside, KEY, clock=clock, chance=SeededChance(life), opener=opener)
        self._disk.on_change = self._cut
        try:
            for _ in range(LIFE_ACTS):
                if self.tally.points >= self._points:
                    return
                self._one_act(premises)
        finally:
            self._disk.on_change = None
            premises.close()

    def _one_act(self, premises: Premises) -> None:
        commands = self._something_to_do(premises)
        ticket = new_ticket(premises.chance)
        outcome = premises.desk.settle(*commands, ticket=ticket)
        if isinstance(outcome, Done):
            self._sizes[ticket] = len(outcome.told)
            self.tally.acts += 1

    def _something_to_do(self, premises: Premises) -> tuple[Any, ...]:
        connection = premises.session.connection
        on_hand = [
            row[0]
            for row in connection.execute(
                "SELECT entity FROM parcels WHERE status = 'on_hand' ORDER BY entity LIMIT 9"
            )
        ]
        if len(on_hand) >= 8 and self._dice.random() < 0.6:
            count = self._dice.randint(1, 6)
            return (ReturnParcels(parcels=tuple(on_hand[:count]), reason="overdue"),)
        if not premises.desk.now().shift and self._dice.random() < 0.1:
            return (OpenShift(counts=(Count(10_000, 3),), reason="float"),)
        self._serial += 1
        waybill = f"73{self._serial:012}"
        return (ShelveParcel(courier="ZTO", waybill=waybill, name="王示兰", tail="6000"),)

    # --- One cut ---------------------------------------------------------------------------------

    def _cut(self) -> None:
        if self.tally.points >= self._points:
            return
        self.tally.points += 1
        way = self._dice.choice(WAYS)
        if way == NOTHING and self._is_seen_before():
            return
        folder = the_vfs().put_in(Disk(self._disk.after_power_cut(self._dice, way)))
        try:
            self._look(folder)
        finally:
            the_vfs().take_out(folder)

    def _is_seen_before(self) -> bool:
        """Tell whether this disk was looked at already, with the same acts called done."""
        if not self._disk.is_settled:
            return False
        now = (self._disk.safe_moment, len(self._sizes))
        if now != self._looked_at:
            self._looked_at = now
            return False
        if self.tally.points % VERIFY_EVERY == 0:
            return False  # it is verified whole, too
        self.tally.seen_before += 1
        return True

    def _look(self, folder: str) -> None:
        connection = connect(folder)
        connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)  # nobody needs it whole
        where = f"change {self._disk.changes}"
        try:
            rows = connection.execute("SELECT act, count(*) FROM facts GROUP BY act")
            there = {act: count for act, count in rows}  # noqa: C416 - a row is typed as a tuple
            missing = [ticket for ticket in self._sizes if ticket not in there]
            self.tally.lost += [f"{where}: {ticket}" for ticket in missing]
            self.tally.in_part += [
                f"{where}: {ticket}"
                for ticket, size in self._sizes.items()
                if ticket in there and there[ticket] != size
            ]
            if self.tally.points % VERIFY_EVERY == 0 and not missing:
                self.tally.verified += 1
                report = verify(connection, VOCABULARY)
                if not report.is_sound:
                    self.tally.unsound.append(f"{where}: {report.first_broken}")
        except Exception as problem:  # noqa: BLE001 - a database that cannot be read is a finding
            self.tally.unsound.append(f"{where}: {type(problem).__name__}: {problem}")
        finally:
            connection.close()


def main() -> int:
    """Play the cuts, a history for so many of them, and print one JSON object each.

    Whoever ends it before all are played has what was played till then.
    """
    parser = argparse.ArgumentParser(description="Cut the power at every change of the disk.")
    parser.add_argument("--points", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--control", choices=tuple(CONTROLS), help="settings that must lose")
    options = parser.parse_args()
    is_clean = True
    for number, begun in enumerate(range(0, options.points, POINTS_OF_A_HISTORY)):
        points = min(POINTS_OF_A_HISTORY, options.points - begun)
        is_clean = _played(options.seed + number, points, options.control or "") and is_clean
    return 0 if is_clean or options.control else 1


def _played(seed: int, points: int, control: str) -> bool:
    """Play one history and say what came of it; return whether nothing was lost."""
    began = time.monotonic()
    tally = Trial(seed, points, CONTROLS.get(control, ())).run()
    told = {
        "settings": control or "as shipped",
        "seed": seed,
        "points": tally.points,
        "acts": tally.acts,
        "lost": len(tally.lost),
        "in_part": len(tally.in_part),
        "unsound": len(tally.unsound),
        "verified": tally.verified,
        "seen_before": tally.seen_before,
        "seconds": round(time.monotonic() - began, 1),
        "first": (tally.lost + tally.in_part + tally.unsound)[:3],
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    return tally.is_clean


if __name__ == "__main__":
    sys.exit(main())
