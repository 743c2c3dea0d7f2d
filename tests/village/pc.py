"""A PC of the village: the real premises and the real exchange, on a disk that can lose its power.

A PC has a clock of its own, which may be wrong by decades, and a disk that may lie. It is started,
stopped, has its power cut, has an old image put back or is copied. What its operator was told is
kept apart, outside: that is what no fault may take away.
"""

import contextlib
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

from station_app.journal.fact import Fact
from station_app.journal.log import FactLog
from station_app.journal.recorder import Recorder, new_ticket
from station_app.known_keys import KnownKeys
from station_app.own_key import OwnKey
from station_app.premises import Premises, open_premises
from station_app.security.signing import verify
from station_app.shell.desk import Done, Outcome
from station_app.sync.blob_port import StationBlobs
from station_app.sync.dictionary import Press
from station_app.sync.exchange import MUST_REOPEN, County, Exchange, Wait
from station_app.sync.exchange import Outcome as Trip
from station_app.sync.frame import FORMATS
from station_app.sync.journal_port import StationJournal
from station_app.sync.segment import Key, KnownKey
from tests.proofs.kit import KEY
from tests.sync.stand import Dice
from tests.village.disk import Disk, NoPower, the_vfs
from tests.village.keys import Keyring, follow
from tests.village.line import BLACK_HOLE_MS, Line
from tests.village.power import opener_on

ROUNDS_MAX = 60
STEP_MS = 700


class VillageClock:
    """One world time for all, shown to each PC with its own error."""

    def __init__(self, at: int) -> None:
        """Begin at `at`, UTC ms."""
        self.at = at

    def now_ms(self) -> int:
        """Return the true time."""
        return self.at


class WrongClock:
    """What a PC's own clock says."""

    def __init__(self, world: VillageClock, ahead_ms: int = 0) -> None:
        """Show the world's time with an error."""
        self._world = world
        self.ahead_ms = ahead_ms

    def now_ms(self) -> int:
        """Return what this PC believes."""
        return max(0, self._world.at + self.ahead_ms)


@dataclass(frozen=True, slots=True)
class Told:
    """What an operator was told: this act, with so many facts, is done. stream: where it stands."""

    act: str
    stream: str
    identities: tuple[str, ...]


class _Present:
    """The connection that is open now: a session that must opens its database anew.

    The program reads through a connection of its own there, which stays.
    """

    def __init__(self, pc: "Pc") -> None:
        self._pc = pc

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        return self._pc.connection.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any) -> Any:
        return self._pc.connection.executemany(sql, parameters)


@dataclass
class Pc:
    """One PC. told: all that its operators were ever told was done, in order."""

    place: str
    signer: Any
    county: County
    world: VillageClock
    dice: random.Random
    beside: Path
    disk: Disk
    line: Line
    clock: WrongClock
    asking: frozenset[str] = frozenset()
    told: list[Told] = field(default_factory=list)
    images: list[tuple[dict[str, bytes], bool]] = field(default_factory=list)
    starts: int = 0
    first_image: dict[str, bytes] = field(default_factory=dict)  # of one that joined later
    base_image: dict[str, bytes] = field(default_factory=dict)  # of one that was let in again
    formats: Callable[[int], tuple[int, ...]] = lambda _start: FORMATS
    is_twin: bool = False
    was: set[str] = field(default_factory=set)  # every place it had: it may be let in again
    has_photos: bool = False
    excused: set[str] = field(default_factory=set)
    asked: dict[str, int] = field(default_factory=dict)  # by name of the command
    granted: dict[str, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    keyring: Keyring = field(default_factory=Keyring)
    own: OwnKey | None = None
    under_way: tuple[str, tuple[Any, ...]] | None = None
    _folder: str = ""
    premises: Premises | None = None

    # --- Starting and ending -------------------------------------------------------------------

    def start(self, luck: int | None = None) -> None:
        """Start the program. luck: where its chance begins; two machines may share it."""
        self.starts += 1
        self._folder = the_vfs().put_in(self.disk)
        self.beside.mkdir(parents=True, exist_ok=True)
        chance = Dice(self.dice.getrandbits(64) if luck is None else luck)
        self.premises = open_premises(
            self.beside, KEY, clock=self.clock, chance=chance, opener=opener_on(self._folder)
        )
        here = self.open.enrolment  # an image of before it was let in again is the former PC's
        self.place = f"{here.station}/{here.device}"
        self.was.add(self.place)
        self.port = StationJournal(
            _Present(self), self._write, lambda: self.open.session.author.stream
        )
        if self.keyring.kept:
            self.own = OwnKey(self.keyring, chance, _Present(self), self.open.enrolment)
            self.signer = self.own
        self.exchange = Exchange(
            self.port,
            self.signer,
            Press(),
            county=self.known_keys().county(),
            key_of=self.key_of,
            chance=chance,
            asking=self.asking,
            blobs=self._photos() if self.has_photos else None,
            formats=self.formats(self.starts),
        )

    def _photos(self) -> StationBlobs:
        return StationBlobs(_Present(self), self._write, self.port.county_epoch)

    @property
    def is_filled(self) -> bool:
        """Tell whether it joined in the middle, and so begins at the end of the feed."""
        return bool(self.first_image)

    @property
    def open(self) -> Premises:
        """Return the premises of the running program."""
        assert self.premises is not None
        return self.premises

    @property
    def connection(self) -> Any:
        """Return the database's connection."""
        return self.open.session.connection

    def _write(self, work: Callable[[Recorder], Any]) -> Any:
        return self.open.session.write(work)

    def stop(self) -> None:
        """End the program in good order."""
        self.open.close()
        self._leave()

    def _leave(self) -> None:
        self.premises = None
        the_vfs().take_out(self._folder)

    def cut_soon(self, changes: int) -> None:
        """Let the power go at the so-manieth change of the disk from now."""
        left = changes

        def count() -> None:
            nonlocal left
            left -= 1
            if left <= 0:
                self.disk.die()
                raise NoPower

        self.disk.on_change = count

    def cut_power(self, way: str = "") -> None:
        """Cut the power: the program is gone, the disk keeps what it keeps."""
        files = self.disk.after_power_cut(self.dice, way)
        self.abandon()
        self.disk = Disk(files, lies=self.disk.lies)

    def abandon(self) -> None:
        """Leave the program where it is: its disk is dead. Also after a start that failed."""
        self.disk.die()
        self.disk.is_forgotten = True
        premises = self.premises
        if premises is None:
            self._leave()
            return
        for connection in (premises.session.connection, *premises.readers):
            with contextlib.suppress(apsw.Error, NoPower):  # what a dead disk says is no matter
                connection.close()
        premises.lock.release()
        self._leave()

    def keep_image(self, dice: random.Random | None = None) -> None:
        """Copy the whole disk, as an imaging program does while nothing runs.

        dice: it runs; then what is copied is what a power cut would leave.
        """
        files = self.disk.image() if dice is None else self.disk.after_power_cut(dice)
        self.images.append((files, self.disk.had_lied))

    def put_image_back(self, *, with_mark: bool) -> None:
        """Put an old image back. with_mark: the mark beside the database goes back, too."""
        files, had_lied = self.dice.choice(self.images)
        self.disk = Disk(files, lies=self.disk.lies)
        self.disk.had_lied = self.disk.had_lied or had_lied
        if with_mark:
            shutil.rmtree(self.beside, ignore_errors=True)

    # --- Work ----------------------------------------------------------------------------------

    def ticket(self) -> str:
        """Return a fresh ticket, for acts that print themselves."""
        return new_ticket(self.open.chance)

    def perform(self, *commands: Any, ticket: str = "") -> Outcome:
        """Let an operator do something; keep what she was told, and what was granted."""
        ticket = ticket or self.ticket()
        self.under_way = (ticket, commands)
        outcome = self.open.desk.settle(*commands, ticket=ticket)
        self._keep(ticket, outcome)
        for command in commands:
            name = type(command).__name__
            self.asked[name] = self.asked.get(name, 0) + 1
            if isinstance(outcome, Done):
                self.granted[name] = self.granted.get(name, 0) + 1
        return outcome

    def press_again(self) -> None:
        """Ask once more, with the same ticket, for what was under way when the power went."""
        if self.under_way is not None:
            ticket, commands = self.under_way
            self.perform(*commands, ticket=ticket)

    def undo(self, act: str) -> Outcome:
        """Undo an act of this start."""
        ticket = new_ticket(self.open.chance)
        outcome = self.open.desk.settle_undo(act, ticket=ticket)
        self._keep(ticket, outcome)
        return outcome

    def _keep(self, ticket: str, outcome: Outcome) -> None:
        self.under_way = None
        if isinstance(outcome, Done):
            rows = self.connection.execute(
                "SELECT stream, identity FROM facts WHERE act = ? ORDER BY stream, seq", (ticket,)
            ).fetchall()
            if not rows and self.disk.had_lied:
                return  # pages are missing: only the doctor helps it
            if not rows:
                self.findings.append(f"{self.place}: act {ticket} was called done and is not here")
                return
            self.told.append(Told(ticket, rows[0][0], tuple(identity for _, identity in rows)))

    def note(self, ticket: str) -> None:
        """Keep an act that was recorded without a command."""
        self._keep(ticket, Done(ticket))

    # --- The line ------------------------------------------------------------------------------

    def key_of(self, wanted: str) -> Key | None:
        """Find the county's key, a sibling's, or this PC's own."""
        mine = KnownKey(self.place, self.signer.public_key, verify)
        return self.known_keys()(wanted) or (mine if self.signer.key_id == wanted else None)

    def known_keys(self) -> KnownKeys:
        """Return whose keys it believes, as the program does."""
        return KnownKeys(_Present(self), self.open.enrolment)

    def opener(self, key_id: str) -> Any:
        """Return the key of this PC that opens what is sealed to the one of this id."""
        return self.own.openers().get(key_id, self.own.signer) if self.own else self.signer

    def trip(self, *, hurry: bool) -> Trip | Wait:
        """Go to the county once, if it is time."""
        if hurry:
            self.exchange.hurry()
        asked = self.exchange.next_request(self.clock.now_ms())
        if isinstance(asked, Wait):
            return asked
        marks = self.port.marks()
        reply = self.line.carry(asked)
        self.world.at += BLACK_HOLE_MS if self.line.last == "black_hole" else STEP_MS
        if isinstance(reply, str):
            outcome = self.exchange.on_failure(reply, self.clock.now_ms())
        else:
            status, headers, body, is_whole = reply
            outcome = self.exchange.on_answer(
                status, headers, body, self.clock.now_ms(), is_whole=is_whole
            )
        if self.line.is_foreign and self.port.marks() != marks:
            self.findings.append(f"{self.place}: an answer to something else moved a mark")
        if outcome.what == MUST_REOPEN or follow(self, outcome):
            self.open.session.reopen()
        return outcome

    def converse(self) -> None:
        """Go on until nothing is left to do, over a line that holds."""
        is_moving = True
        for _ in range(ROUNDS_MAX):
            outcome = self.trip(hurry=is_moving)
            if self.has_photos and isinstance(outcome, Trip):
                is_moving = bool(outcome.facts_up or outcome.facts_down)  # photos wait for rest
            if isinstance(outcome, Wait) or not outcome.again:
                return
        raise AssertionError(f"{self.place}: no end after {ROUNDS_MAX} trips")

    def facts(self) -> list[Fact]:
        """Return every fact that is held here."""
        log = FactLog(self.connection)
        return [fact for head in log.heads() for fact in log.all_of(head.stream)]

    def identities(self) -> set[str]:
        """Return the identity of every fact that is held here."""
        return {str(row[0]) for row in self.connection.execute("SELECT identity FROM facts")}
