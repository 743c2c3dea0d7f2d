"""A database with the table of print jobs, and printers around it: the spool's world in a test."""

import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from station_app.devices.printer import OK, Delivery, Status
from station_app.printing import spool
from station_app.printing.document import Note, Receipt
from station_app.printing.profiles import Profile
from station_app.printing.spool import Printer, Spool, Surroundings

PAPER = Receipt((Note("凭条"),))
PROFILE = Profile(language="escpos", width=384, drawer=True)
NOW = 1_795_570_000_000


class Database:
    """One connection; `write` is a transaction, one at a time, as the program's writer thread."""

    def __init__(self) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        for statement in spool.SCHEMA:
            self.connection.execute(statement)
        self._lock = threading.RLock()
        self.fail_at: set[int] = set()
        self.writes = 0

    def write(self, work: Callable[[Any], Any]) -> Any:
        with self._lock:
            self.writes += 1
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                answer = work(self.connection)
                if self.writes in self.fail_at:
                    raise OSError("the disk failed")
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")
            return answer

    def read(self, work: Callable[[Any], Any]) -> Any:
        with self._lock:
            return work(self.connection)

    def add(self, document=PAPER, **more: Any) -> int:
        job = {"at": NOW, "act": "ACT", "role": "receipt", "document": document} | more
        return self.write(lambda connection: spool.enqueue(connection, **job))

    def state(self, job: int) -> str:
        found = self.read(lambda connection: spool.find(connection, job))
        assert found is not None
        return found.state

    def error(self, job: int) -> str:
        found = self.read(lambda connection: spool.find(connection, job))
        assert found is not None
        return found.error


@dataclass
class ScriptedPort:
    """A printer that does what the script says, then prints: the simulated end of a port."""

    script: list[Delivery] = field(default_factory=list)
    says: Status = OK
    delivered: list[bytes] = field(default_factory=list)
    asked: int = 0

    def status(self) -> Status:
        self.asked += 1
        return self.says

    def deliver(self, job: bytes) -> Delivery:
        delivery = self.script.pop(0) if self.script else Delivery("sent", "", self.says)
        if delivery.outcome != "not_started":
            self.delivered.append(job)
        return delivery


def draw(document, profile, mark=""):
    """Return the words of a paper as bytes: what it says is what matters here."""
    if isinstance(document, Receipt):
        (note,) = document.blocks
        assert isinstance(note, Note)
        return f"{mark}|{note.text}".encode()
    return b"kick" if profile.drawer else b""


def spool_of(
    database: Database,
    port: Any,
    *,
    roles: Sequence[str] = ("receipt",),
    now: Callable[[], int] = lambda: NOW,
    **around: Any,
) -> Spool:
    """Return a spool with one printer called "front"."""
    surroundings = Surroundings(
        **(
            {
                "render": draw,
                "mark": lambda number: f"补打 {number}" if number else "",
                "write": database.write,
                "read": database.read,
                "now_ms": now,
            }
            | around
        )
    )
    return Spool([Printer("front", PROFILE, port, tuple(roles))], surroundings)
