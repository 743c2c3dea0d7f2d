"""What keeps the journal safe while the program runs: backups by night, the way back to a key.

The composition root starts it and asks it how things stand; nothing at the counter waits for it.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QTimer

from station_app import backups, late_names, recovery, retention
from station_app.devices import sticks
from station_app.journal import high_water
from station_app.journal.troubles import StoreTrouble
from station_app.line import sync_once
from station_app.overview.recovery_sheet import recovery_sheet
from station_app.premises import (
    RESTORED_FILE,
    Premises,
    SystemChance,
    SystemClock,
    open_premises,
)
from station_app.printing.document import Receipt
from station_app.reference import records as reference
from station_app.security.database_key import database_key
from station_app.security.key_store import HIGH_WATER, KeyStore
from station_app.shell.desk import Done, Threads
from station_app.sync.progress import ONLINE, SyncStatus

LOOK_MS = 10 * 60_000  # how often it looks whether the nightly backup is due


def second_mark(keys: KeyStore) -> high_water.Mark | None:
    """Return the high-water mark that is kept with the keys; None if there is none to read."""
    with suppress(StoreTrouble):
        kept = keys.get(HIGH_WATER)
        return high_water.from_bytes(kept) if kept else None
    return None


def first_catch_up(data: Path, keys: KeyStore, address: str = "") -> None:
    """Ask the county once before a backup that was put back opens for work: what it has erased.

    Without a line it opens all the same: the erasures that are listed here were obeyed, the others
    come with the first sending. A journal that was not put back is not kept waiting at all.
    """
    if not (data / RESTORED_FILE).exists():
        return
    key = database_key(keys, SystemChance(), database_exists=True)
    premises = open_premises(
        data, key, clock=SystemClock(), chance=SystemChance(), second_mark=second_mark(keys)
    )
    try:
        if sync_once(premises, keys, address=address).is_complete:
            premises.heard_county()
    finally:
        premises.close()


@dataclass(slots=True, weakref_slot=True)  # Qt looks whether a listener is still there
class Safekeeping:
    """Sees to it. kept_in: where the keys are."""

    premises: Premises
    keys: KeyStore
    kept_in: str
    threads: Threads
    _clock: QTimer | None = None
    _opened_at: int = 0
    _asking: list[Callable[[StoreTrouble | None], None]] = field(default_factory=list)

    def start(self) -> None:
        """Begin: provide for a lost key at once, look for the backup from time to time."""
        self._opened_at = self.premises.clock.now_ms()
        self.threads.write(
            lambda: recovery.provide(self.premises, self.keys, kept_in=self.kept_in),
            lambda _none: None,
        )
        self._clock = QTimer(interval=LOOK_MS)
        self._clock.timeout.connect(self.back_up_if_due)
        self._clock.timeout.connect(self.forget_if_due)
        self._clock.start()

    def stop(self) -> None:
        """End, and leave the mark where a copied data folder does not carry it along."""
        if self._clock is not None:
            self._clock.stop()
        mark = high_water.read(self.premises.folder)
        if isinstance(mark, high_water.Mark):
            with suppress(StoreTrouble):  # a keyring that was locked meanwhile: the file has it
                self.keys.put(HIGH_WATER, high_water.to_bytes(mark))

    # --- Backups ---------------------------------------------------------------------------------

    def last_ms(self) -> int:
        """Return when the newest backup of this PC was made, by its clock; 0 for never. UTC ms."""
        header = backups.newest(self.premises.folder, by=self.premises.clock.now_ms())
        return header.at if header else 0

    def back_up_if_due(self) -> None:
        """Make the nightly backup if it is time, in a thread that only reads."""
        if backups.is_due(self.premises.clock.now_ms(), self.last_ms()):
            self.back_up(lambda _trouble: None)

    def forget_if_due(self) -> None:
        """Let go what was kept long enough, and names that came late: a little of it each time."""

        def told(done: Done | None) -> None:
            if done is not None:
                self.premises.desk.tell(done)

        def looked(seen: late_names.Looked) -> None:
            if seen.compared:
                self.threads.write(lambda: late_names.erase(self.premises, seen), told)

        self.threads.write(lambda: retention.forget_if_due(self.premises), told)
        self.premises.desk.look_up(late_names.look, looked)

    def back_up_now(self) -> None:
        """Make a backup, whatever the time."""
        self.back_up(lambda _trouble: None)

    def back_up(self, then: Callable[[StoreTrouble | None], None]) -> None:
        """Make a backup now; `then` is told the trouble, or None.

        While one is made, another is not begun: whoever asks then is told of that one.
        """
        self._asking.append(then)
        if len(self._asking) > 1:
            return

        def work() -> StoreTrouble | None:
            try:
                self.back_up_here()
            except StoreTrouble as trouble:
                return trouble
            except BaseException:
                self._asking.clear()  # a bug must not be the last backup
                raise
            return None

        def ended(trouble: StoreTrouble | None) -> None:
            asking, self._asking[:] = tuple(self._asking), ()
            for tell in asking:
                tell(trouble)

        self.threads.read(work, ended)

    def back_up_here(self) -> None:
        """Make a backup in this thread; raises a StoreTrouble."""
        premises = self.premises
        source = backups.Source(premises.folder, premises.key, premises.enrolment)
        at = premises.clock.now_ms()
        backups.take_nightly(source, at=at, sticks=sticks.mounted())

    # --- What came back --------------------------------------------------------------------------

    def heard(self, status: SyncStatus | None) -> None:
        """The line has worked: a backup that was put back is whole again once all is exchanged."""
        if status is None or not self.premises.is_restored:
            return
        is_new = status.last_success_at >= self._opened_at
        if is_new and status.line == ONLINE and not status.backlog.facts:
            self.premises.heard_county()

    # --- The sheet -------------------------------------------------------------------------------

    def sheet(self) -> Receipt | None:
        """Return the sheet with the sealed copy of the key; None while there is no copy."""
        letter = recovery.copy_letter(self.premises.folder)
        if not letter:
            return None
        here = self.premises.enrolment
        station = self.premises.desk.read(lambda c: reference.station(c, here.station))
        name = station.name if station else here.station
        return recovery_sheet(self.premises.texts, name, here.device, letter)
