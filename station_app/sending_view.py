"""What the pages see of sending: the line from memory, the stick looked at off the screen's thread.

A slow stick must hold up neither the counter nor a search. So whatever touches one happens in a
thread of its own, one thing at a time, and its result comes back like that of any task.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from station_app.devices import sticks
from station_app.journal import put_back
from station_app.journal.recorder import Recorder
from station_app.journal.troubles import StoreTrouble
from station_app.line import LineThread, on_the_writer
from station_app.overview.branches import outside
from station_app.overview.sync_view import (
    PcSign,
    Standing,
    StickSign,
    count_quarantined,
    signs_of,
    standing_of,
    waiting_facts,
    waiting_photos,
)
from station_app.own_key import is_renewed_elsewhere
from station_app.premises import Premises
from station_app.reference import records as reference
from station_app.security.key_store import KeyStore
from station_app.shell.desk import Threads
from station_app.stick_mail import FAILED, TAKEN, Mail, Stick
from station_app.sync.journal_port import StationJournal
from station_app.sync.progress import OFFLINE, ONLINE, Diary, LastReceipt, SyncStatus
from station_app.sync.usb_link import Found

T = TypeVar("T")
STOP_SECONDS = 5.0
_TAKEN = "stick_taken"  # which answer was taken last, so that it is not offered again
log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class SendingView:
    """How the pages look at sending; implements `overview.sync_view.SyncView`.

    line: None where there is none; reading: a connection of the calling thread; came: told on the
    screen's thread after an answer was taken; mounted: which sticks are there. is_practice: nothing
    is ever sent, and no page is to worry about it.
    """

    premises: Premises
    keys: KeyStore
    threads: Threads
    line: Callable[[], LineThread | None]
    reading: Callable[[], Any]
    came: Callable[[], None]
    mounted: Callable[[], tuple[Path, ...]] = sticks.for_mail
    is_practice: bool = False
    _listeners: list[Callable[[], None]] = field(default_factory=list)
    _sign: StickSign = field(default_factory=StickSign)
    _receipt: LastReceipt | None = None
    _connection: Any = None
    _pending: int = 0
    _is_stopped: bool = False
    _asked: "SimpleQueue[Callable[[], None] | None]" = field(default_factory=SimpleQueue)
    _thread: threading.Thread | None = None
    _stick: Stick | None = None

    # --- The line --------------------------------------------------------------------------------

    def is_offline(self) -> bool:
        """Tell whether the line is down, at once: after every act somebody may want to know."""
        line = None if self.is_practice else self.line()
        status = line.status() if line else None
        return status is not None and status.line == OFFLINE

    def standing(self) -> Standing:
        """Return how things stand now."""
        if self.is_practice:
            now = self.premises.clock.now_ms()
            return Standing(ONLINE, now, last_success_at=now)
        line = self.line()
        status = line.status() if line else None
        reading = self.reading()
        journal = StationJournal(reading, self._write, lambda: "")
        if status is None:  # the line has not begun: as the last start left it
            status = Diary(tuple(journal.attempts()), journal.backlog()).status
        marks = journal.marks()
        waiting = waiting_facts(reading, marks) + waiting_photos(reading, journal.county_epoch())
        standing = replace(
            standing_of(status, waiting, count_quarantined(reading)),
            pcs=self._pcs(journal, reading, status),
            signs=signs_of(reading),
            marks=marks,
        )
        if self._receipt is None:
            return standing
        by_line = standing.receipt
        newer = by_line if by_line and by_line.at >= self._receipt.at else self._receipt
        attempts = tuple(journal.attempts())
        return replace(standing, receipt=newer, attempts=attempts)

    def _pcs(self, journal: StationJournal, reading: Any, status: SyncStatus) -> tuple[PcSign, ...]:
        here = self.premises.enrolment
        heard = {contact.device: contact for contact in journal.heard()}
        found = []
        living = {row.device for row in reference.living_devices(reading, here.station)}
        every = reference.devices(reading, here.station)
        apart = outside(reading) if len(living) < len(every) else ()
        for row in every:
            contact = heard.get(row.device)
            is_here = row.device == here.device
            at = status.last_success_at if is_here else contact.at if contact else 0
            waiting = status.backlog.facts if is_here else contact.waiting if contact else 0
            acts = sum(one.acts for one in apart if one.device == row.device)
            is_cut = row.device not in living
            is_renewed = is_here and is_renewed_elsewhere(reading)
            found.append(PcSign(row.device, at, waiting, is_here, is_cut, acts, is_renewed))
        return tuple(found)

    def confirm_act(self, stream: str, act: str, then: Callable[[], None]) -> None:
        """The operator has looked at an asking act of a journal that was put back: it may leave."""
        self._change(lambda connection: put_back.confirm(connection, stream, act), then)

    def entered_again(self, lost: put_back.Lost, then: Callable[[], None]) -> None:
        """The operator has entered again what could be found of what nobody holds."""
        self._change(lambda connection: put_back.entered_again(connection, lost), then)

    def _change(self, work: Callable[[Any], None], then: Callable[[], None]) -> None:
        def done(_nothing: None) -> None:
            self.tell()
            then()

        session = self.premises.session
        self.threads.write(lambda: session.write(lambda r: work(r.connection)), done)

    def try_now(self) -> None:
        """Ask for a try at once."""
        line = self.line()
        if line is not None:
            line.hurry()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever something changed."""
        self._listeners.append(listener)

    def tell(self) -> None:
        """Tell all listeners."""
        for listener in self._listeners:
            listener()

    # --- The stick -------------------------------------------------------------------------------

    def stick(self) -> StickSign:
        """Return which stick was there at the last look."""
        return self._sign

    def look_for_stick(self) -> None:
        """Look at the sticks, off the screen's thread; listeners hear if something changed."""
        if not self._pending:
            self._in_a_thread(self._look, self._looked)

    def write_stick(self, then: Callable[[str, bool], None]) -> None:
        """Write a bundle; `then` gets the sentence, and whether it went well."""
        self._in_a_thread(lambda: self._made().write(self.mounted()), lambda m: self._end(m, then))

    def take_stick(self, then: Callable[[str, bool], None]) -> None:
        """Take the county's answer; `then` gets the sentence, and whether it went well."""
        self._in_a_thread(self._take, lambda mail: self._end(mail, then))

    def _made(self) -> Stick:
        """Return the correspondence; its reading connection belongs to the thread of the sticks."""
        if self._stick is None:
            self._connection = self.premises.open_reader()
            self._stick = Stick(
                self.premises,
                self.keys,
                connection=self._connection,
                write=self._write,
                reopen=lambda: on_the_writer(self.threads, self.premises.session.reopen),
            )
        return self._stick

    def _look(self) -> StickSign:
        folders = self.mounted()
        if not folders:
            return StickSign()
        found = self._made().answers(folders)
        is_new = bool(found) and _marks(found) != self._taken()
        return StickSign(is_there=True, has_answer=is_new)

    def _take(self) -> Mail:
        folders = self.mounted()
        stick = self._made()
        mail = stick.take(folders)
        if mail.is_done:
            mark = _marks(stick.answers(folders))
            self._write(lambda recorder: _put(recorder.connection, mark))
        return mail

    def _taken(self) -> str:
        row = self._connection.execute(
            "SELECT value FROM local WHERE name = ?", (_TAKEN,)
        ).fetchone()
        return str(row[0]) if row else ""

    def _looked(self, sign: StickSign | None) -> None:
        if sign is not None and sign != self._sign:
            self._sign = sign
            self.tell()

    def _end(self, mail: Mail | None, then: Callable[[str, bool], None]) -> None:
        mail = mail or Mail(FAILED)
        self._receipt = mail.receipt or self._receipt
        if mail.is_done:
            self._sign = replace(self._sign, has_answer=False)
        if mail.what == TAKEN or mail.down:
            self.came()
        self.tell()
        then(mail.in_words(self.premises.texts), mail.is_done)

    # --- Threads ---------------------------------------------------------------------------------

    def _in_a_thread(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Do one thing with the sticks, after what was asked before."""
        self._pending += 1

        def ended(result: Any) -> None:
            self._pending -= 1
            then(result)

        def run() -> None:
            result: Any = None
            try:
                result = work()
            except StoreTrouble as trouble:
                log.warning("the journal would not take it: %s", trouble.reason)
            except Exception:
                log.exception("the stick stumbled")
            if not self._is_stopped:
                self.threads.read(lambda: result, ended)

        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="stick", daemon=True)
            self._thread.start()
        self._asked.put(run)

    def _serve(self) -> None:
        while (run := self._asked.get()) is not None:
            run()

    def stop(self) -> None:
        """End the thread; a bundle that is being written is not finished."""
        self._is_stopped = True
        self._asked.put(None)
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _write(self, work: Callable[[Recorder], T]) -> T:
        return on_the_writer(self.threads, lambda: self.premises.session.write(work))


def _marks(found: Sequence[Found]) -> str:
    """Return what tells whether something on the sticks is new."""
    return "; ".join(_mark(one.path) for one in found)


def _mark(path: Path) -> str:
    try:
        there = path.stat()
    except OSError:
        return ""
    return f"{path.name} {there.st_size} {there.st_mtime_ns}"


def _put(connection: Any, mark: str) -> None:
    connection.execute("INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)", (_TAKEN, mark))
