"""Drives the conversation with the county: enrols this PC, and sends and fetches from then on.

The exchange is pure and the HTTP link is thin; what is left is here: whose keys are believed, on
which thread things happen, and how long to wait.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from station_app.enrol_anew import become, hindrance, new_key
from station_app.journal.recorder import Recorder
from station_app.journal.store import StoreTrouble, transaction
from station_app.known_keys import KnownKeys
from station_app.own_key import SPEAKS, OwnKey, is_asked_for, keep_standing, offer
from station_app.premises import (
    DATABASE,
    Enrolment,
    Premises,
    SystemChance,
    SystemClock,
    enrolment_of,
    keep_enrolment,
    open_database,
    open_premises,
)
from station_app.reference import records as reference
from station_app.resources_dir import resources
from station_app.security import signing
from station_app.security.database_key import database_key, device_seed
from station_app.security.key_store import KeyStore
from station_app.shell.desk import Threads
from station_app.sync.blob_port import StationBlobs
from station_app.sync.causes import NO_LINE, OWN_FAULT
from station_app.sync.dictionary import load_press
from station_app.sync.enrolment import UNKNOWN, ask, read_answer, read_payload
from station_app.sync.exchange import MUST_REOPEN, Exchange, Outcome, Wait
from station_app.sync.journal_port import StationJournal
from station_app.sync.judging import Unsent
from station_app.sync.progress import HELD_UP, SENT, SyncStatus
from station_app.values.codes import ENROLMENT, OwnCode, recognise
from station_app.values.texts import Texts
from station_app.vocabulary import ASKING, CLOSING, VOCABULARY

T = TypeVar("T")

ENROL_ANSWER_BYTES_MAX = 256 * 1024
log = logging.getLogger(__name__)

ROUNDS_MAX = 2_000  # of one command: ten years of facts over a slow line need fewer
IDLE_SECONDS = 3_600.0
TROUBLE_SECONDS = 30.0
STUMBLE_SECONDS_MAX = 900.0  # of the wait after a bug, which doubles
STUMBLES_COUNTED = 10
ENROLLED = "done"


# --- Enrolment -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How an enrolment ended. state: `done`, or a reason of `overview.enrol.outcome`."""

    state: str
    station: str = ""
    name: str = ""
    device: str = ""
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return {
            "state": self.state,
            "station": self.station,
            "name": self.name,
            "device": self.device,
            "detail": self.detail,
        }


def enrol(data: Path, keys: KeyStore, address: str, code: str, *, anew: bool = False) -> Enrolled:
    """Claim this PC for a station, and fetch what it needs to begin work.

    anew: it belongs to one and was cut off there: it becomes another PC and keeps its journal.
    It may be asked again after any failure: the same code with the same key is answered the same.
    """
    connection = _database(data, keys)
    try:
        known = enrolment_of(connection)
        if known is None or anew:
            answered = _answered(connection, keys, address, code, known)
            if isinstance(answered, Enrolled):
                return answered
            known = answered
    finally:
        connection.close()
    return _first_fetch(data, keys, known)


def _answered(
    connection: Any, keys: KeyStore, address: str, code: str, before: Enrolment | None
) -> Enrolment | Enrolled:
    """Ask the county and keep its answer."""
    chance = SystemChance()
    if before is None:
        signer = signing.Signer(device_seed(keys, chance))
        answered = _ask_county(signer, address, code)
        if isinstance(answered, Enrolment):
            with transaction(connection):
                keep_enrolment(connection, answered)
        return answered
    reason = hindrance(connection, before)
    if reason:
        return Enrolled(reason, before.station, device=before.device)
    own = OwnKey(keys, chance, connection, before)
    answered = _ask_county(new_key(connection, keys, chance), address, code)
    if isinstance(answered, Enrolment):
        with transaction(connection):
            reason = become(connection, own, answered)
        if reason:
            return Enrolled(reason, before.station, device=before.device)
    return answered


def _database(data: Path, keys: KeyStore) -> Any:
    key = database_key(keys, SystemChance(), database_exists=(data / DATABASE).exists())
    return open_database(data, key)


def _ask_county(signer: signing.Signer, address: str, code: str) -> Enrolment | Enrolled:
    recognised = recognise(code, ())
    parts = (
        read_payload(recognised.payload)
        if isinstance(recognised, OwnCode) and recognised.kind == ENROLMENT
        else None
    )
    if parts is None:
        return Enrolled(UNKNOWN, detail="this is no enrolment code")
    from station_app.sync.http_link import HttpLink, NoAnswer

    asking = ask(parts, signer.public_key, signer, SystemChance())
    link = HttpLink(address)
    try:
        came = link.carry(
            asking.method, asking.path, asking.headers, asking.body, ENROL_ANSWER_BYTES_MAX
        )
    finally:
        link.close()
    if isinstance(came, NoAnswer):
        return Enrolled(came.cause, detail=came.detail)
    answer = read_answer(
        asking,
        came.status,
        came.headers,
        came.body,
        verify=signing.verify,
        fingerprint=signing.fingerprint,
    )
    if isinstance(answer, Unsent):
        return Enrolled(answer.cause, detail=answer.detail)
    return Enrolment(
        station=answer.station,
        device=answer.device,
        slot=answer.slot,
        county=answer.county,
        county_url=address,
        county_key=answer.county_key,
        public_key=signer.public_key.hex(),
    )


def _first_fetch(data: Path, keys: KeyStore, known: Enrolment) -> Enrolled:
    key = database_key(keys, SystemChance(), database_exists=True)
    premises = open_premises(data, key, clock=SystemClock(), chance=SystemChance())
    try:
        result = sync_once(premises, keys)
        station = reference.station(premises.session.connection, known.station)
    finally:
        premises.close()
    name = station.name if station else known.station
    if result.cause and station is None:
        return Enrolled(result.cause, known.station, name, known.device, result.detail)
    return Enrolled(ENROLLED, known.station, name, known.device)


# --- Sending and fetching ------------------------------------------------------------------------


class Line:
    """One device's line to its county: carries what the exchange wants carried."""

    def __init__(
        self,
        premises: Premises,
        keys: KeyStore,
        *,
        connection: Any,
        write: Callable[[Callable[[Recorder], Any]], Any],
        address: str = "",
    ) -> None:
        """Read from `connection`, write through `write`; `address` replaces the enrolled one."""
        # Loaded in the line's own thread: the window does not wait for the HTTP library.
        from station_app.sync.http_link import HttpLink

        here = premises.enrolment
        self.own = signer = OwnKey(keys, premises.chance, connection, here)
        signer.settle()  # a keyring that is locked is told now, not in the middle of a request
        known_keys = KnownKeys(connection, here)
        self._write = write
        self._premises = premises
        self._address = address or here.county_url
        self._link = HttpLink(self._address)
        port = StationJournal(connection, write, lambda: premises.session.author.stream)
        self.exchange = Exchange(
            port,
            signer,
            load_press(resources() / "dictionaries", VOCABULARY.kinds),
            county=known_keys.county(),
            key_of=known_keys,
            chance=premises.chance,
            asking=ASKING,
            closing=CLOSING,
            blobs=StationBlobs(connection, write, port.county_epoch),
        )

    def step(self) -> Outcome | Wait:
        """Do one round trip if one is due; the thread of the caller waits for it."""
        from station_app.sync.http_link import NoAnswer

        now = self._premises.clock.now_ms
        asked = self.exchange.next_request(now())
        if isinstance(asked, Wait):
            return asked
        if not self._address:  # enrolled by stick: nobody has said yet where the county answers
            return self.exchange.on_failure(NO_LINE, now(), "no address")
        came = self._link.carry(
            asked.method, asked.path, asked.headers, asked.body, asked.answer_bytes_max
        )
        if isinstance(came, NoAnswer):
            return self.exchange.on_failure(came.cause, now(), came.detail)
        outcome = self.exchange.on_answer(
            came.status, came.headers, came.body, now(), is_whole=came.is_whole
        )
        return self._with_keys(outcome)

    def _with_keys(self, outcome: Outcome) -> Outcome:
        """Take a new key that the county has confirmed, or offer one if it asks for that.

        With a new key a new stream begins.
        """
        here, connection = self._premises.enrolment, self.own.connection
        has_news = bool(outcome.renewed or outcome.facts_down)
        if has_news and self.own.settle(outcome.renewed):
            return replace(outcome, what=MUST_REOPEN, again=True)
        if outcome.what == SENT:
            keep_standing(self.own, outcome.renewed, self._write)
        if not outcome.facts_down:
            return outcome
        if is_asked_for(connection, here) and self.own.standing() == SPEAKS:
            offer(self._premises, self.own, by="", write=self._write)
            return replace(outcome, again=True)
        return outcome

    def close(self) -> None:
        """Let the connection go."""
        self._link.close()


@dataclass(frozen=True, slots=True)
class Synced:
    """How one command's sending went. cause: "" or why it stopped before everything was there."""

    facts_up: int
    facts_down: int
    waiting: int
    upto: int
    receipt: str
    cause: str = ""
    detail: str = ""

    @property
    def is_complete(self) -> bool:
        """Tell whether the county has everything."""
        return not self.cause and self.waiting == 0

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-able values."""
        return {
            "complete": self.is_complete,
            "facts_up": self.facts_up,
            "facts_down": self.facts_down,
            "waiting": self.waiting,
            "upto": self.upto,
            "receipt": self.receipt,
            "cause": self.cause,
            "detail": self.detail,
        }

    def in_words(self, texts: Texts) -> str:
        """Return it as a sentence for the terminal."""
        if self.cause:
            key = f"overview.enrol.outcome.{self.cause}"
            return texts.say(key if texts.has(key) else "overview.enrol.outcome.failed")
        return texts.say(
            "command.said.synced", up=self.facts_up, down=self.facts_down, upto=self.upto
        )


def sync_once(premises: Premises, keys: KeyStore, *, address: str = "") -> Synced:
    """Send and fetch in this thread until nothing is left, or the line fails."""
    line = Line(
        premises,
        keys,
        connection=premises.open_reader(),  # outlives a journal that is opened anew
        write=premises.session.write,
        address=address,
    )
    line.exchange.hurry()
    up = down = 0
    cause = detail = ""
    try:
        for _ in range(ROUNDS_MAX):
            outcome = line.step()
            if isinstance(outcome, Wait):
                break
            up, down = up + outcome.facts_up, down + outcome.facts_down
            if outcome.what == MUST_REOPEN:
                premises.session.reopen()
                line.exchange.hurry()  # with a stream of its own it may go on at once
            elif outcome.what != SENT:
                cause, detail = outcome.cause, outcome.detail
                break
            elif not outcome.again:
                break
    finally:
        line.close()
    status = line.exchange.status()
    receipt = status.receipt
    return Synced(
        facts_up=up,
        facts_down=down,
        waiting=status.backlog.facts,
        upto=receipt.upto if receipt else 0,
        receipt=receipt.shown if receipt else "",
        cause=cause,
        detail=detail,
    )


# --- In the program ------------------------------------------------------------------------------


def on_the_writer(threads: Threads, work: Callable[[], T]) -> T:
    """Run `work` on the one thread that writes, and wait for its result. Not for that thread."""
    result: Future[T] = Future()

    def run() -> None:
        try:
            result.set_result(work())
        except BaseException as problem:  # noqa: BLE001 - raised again where it was asked for
            result.set_exception(problem)

    threads.write(run, lambda _nothing: None)
    return result.result()


@dataclass(slots=True)
class LineThread:
    """Sends and fetches for as long as the program runs, in a thread of its own.

    changed: called on the screen's thread after each try, with whether facts came in.
    """

    premises: Premises
    keys: KeyStore
    threads: Threads
    changed: Callable[[bool], None]
    address: str = ""
    _bell: threading.Event = field(default_factory=threading.Event)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _line: Line | None = None
    _connection: Any = None
    _stumbles: int = 0

    def start(self) -> None:
        """Begin, unless it was stopped before."""
        if self._stopping.is_set():
            return
        self._thread = threading.Thread(target=self._work, name="line", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Tell whether the thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def status(self) -> SyncStatus | None:
        """Return how things stand, from memory; None before the thread has begun."""
        if self._line is not None:
            return self._line.exchange.status()
        return SyncStatus(line=HELD_UP, since=0, cause=OWN_FAULT) if self._stumbles else None

    def hurry(self) -> None:
        """Try at once: somebody pressed the key, or there is something new."""
        if self._line is not None:
            self._line.exchange.hurry()
        self._bell.set()

    def wake(self) -> None:
        """There is something new to send; it goes when it is due."""
        self._bell.set()

    def stop(self) -> None:
        """End the thread; a request under way is given up."""
        self._stopping.set()
        self._bell.set()
        if self._line is not None:
            self._line.close()
        if self._thread is not None:
            self._thread.join(5.0)

    def _work(self) -> None:
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                wait = self._turn()
            except StoreTrouble:
                # A full disk must not end the line: the desk says so, and this tries again later.
                wait = TROUBLE_SECONDS
            except Exception as bug:  # noqa: BLE001 - logged, said, and the line goes on
                wait = self._stumble(bug)
            if wait:
                self._bell.wait(wait)

    def _turn(self) -> float:
        """Do what is due; return how many seconds nothing will be."""
        if self._line is None:
            self._line = self._make()
        outcome = self._line.step()
        if isinstance(outcome, Wait):
            wait = (outcome.until - self.premises.clock.now_ms()) / 1000
            return min(max(wait, 0.0), IDLE_SECONDS)
        if outcome.what == MUST_REOPEN:
            on_the_writer(self.threads, self.premises.session.reopen)
        self._stumbles = 0
        self._tell(came=outcome.facts_down > 0)
        return 0.0

    def _make(self) -> Line:
        if self._connection is None:
            self._connection = self.premises.open_reader()
        return Line(
            self.premises,
            self.keys,
            connection=self._connection,
            write=self._write,
            address=self.address,
        )

    def _stumble(self, bug: Exception) -> float:
        """Log a bug and say it on the page of sending; return the seconds to wait."""
        if self._stopping.is_set():
            return 0.0  # what it needs is being closed
        log.error("the line stumbled and goes on", exc_info=bug)
        self._stumbles += 1
        try:
            if self._line is not None:
                detail = f"{type(bug).__name__}: {bug}"
                self._line.exchange.on_own_fault(self.premises.clock.now_ms(), detail)
            self._tell(came=False)
        except Exception:
            log.exception("the line could not say that it stumbled")
        return min(2.0 ** min(self._stumbles, STUMBLES_COUNTED), STUMBLE_SECONDS_MAX)

    def _write(self, work: Callable[[Recorder], T]) -> T:
        return on_the_writer(self.threads, lambda: self.premises.session.write(work))

    def _tell(self, *, came: bool) -> None:
        self.threads.read(lambda: came, self.changed)
