"""The table of print jobs: what waits, what came out, and what may have come out.

A job is written in the transaction of the act that it belongs to, so there is no paper without its
fact and no fact without its paper, whatever happens to the power. `spool.py` carries the jobs out.
Only `execute` is asked of a connection, for every driver that the journal runs on.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NotRequired, TypedDict, Unpack

import msgspec

from station_app.journal.log import Connection
from station_app.printing.document import Document, to_json

State = Literal["queued", "sending", "sent", "uncertain", "failed", "cancelled"]

SHREDDED_AT_ONCE = 2_000  # jobs: some tenths of a second on a slow disk
QUEUE_MAX = 500  # jobs listed on a page; more means that the printer has been off for days
DRAWER = "drawer"  # the role of jobs that open the cash drawer

SCHEMA: tuple[str, ...] = (
    """
    CREATE TABLE print_jobs(
        job INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        act TEXT NOT NULL,
        role TEXT NOT NULL,
        document TEXT NOT NULL,
        copy_number INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN
            ('queued', 'sending', 'sent', 'uncertain', 'failed', 'cancelled')),
        attempts INTEGER NOT NULL DEFAULT 0,
        printer TEXT NOT NULL DEFAULT '',
        persons TEXT NOT NULL DEFAULT '[]',
        error TEXT NOT NULL DEFAULT ''
    )
    """,
    "CREATE INDEX print_queue ON print_jobs(state) WHERE state NOT IN ('sent', 'cancelled')",
    "CREATE INDEX print_copies ON print_jobs(act) WHERE copy_number > 0",
)
_JOBS = "SELECT job, at, act, role, copy_number, state, attempts, printer, error FROM print_jobs "


class NewJob(TypedDict):
    """What is to be printed.

    at: UTC ms; act: ticket of the act it belongs to; role: which of the station's printers
    ("label", "receipt"); persons: identities of whom it speaks; copy: 0 for the original; printer:
    the only one that may take it, "" for whichever has the role.
    """

    at: int
    act: str
    role: str
    document: Document
    persons: NotRequired[Iterable[str]]
    copy: NotRequired[int]
    printer: NotRequired[str]


class Job(msgspec.Struct, frozen=True):
    """A row of the queue, without its document. error: a reason of the catalogue, or ""."""

    job: int
    at: int
    act: str
    role: str
    copy_number: int
    state: State
    attempts: int
    printer: str
    error: str


class Due(msgspec.Struct, frozen=True):
    """A job that is to be printed now. document: as JSON."""

    job: int
    at: int
    role: str
    copy_number: int
    document: str


class NothingToReprint(ValueError):
    """The job is not there, or what it said has been erased."""


def enqueue(connection: Connection, **new: Unpack[NewJob]) -> int:
    """Add a job inside the transaction of its act, and return its number."""
    ((job,),) = connection.execute(
        "INSERT INTO print_jobs(at, act, role, document, copy_number, persons, printer) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING job",
        (
            new["at"],
            new["act"],
            new["role"],
            to_json(new["document"]),
            new.get("copy", 0),
            msgspec.json.encode(list(new.get("persons", ()))).decode(),
            new.get("printer", ""),
        ),
    ).fetchall()
    return int(job)


def queue(connection: Connection) -> list[Job]:
    """Return what is not finished, oldest first: waiting, on its way, uncertain or failed."""
    rows = connection.execute(
        _JOBS + "INDEXED BY print_queue "
        "WHERE state NOT IN ('sent', 'cancelled') ORDER BY job LIMIT ?",
        (QUEUE_MAX,),
    )
    return [Job(*row) for row in rows]


def find(connection: Connection, job: int) -> Job | None:
    """Return one job, finished or not."""
    row = connection.execute(_JOBS + "WHERE job = ?", (job,)).fetchone()
    return Job(*row) if row else None


def document_of(connection: Connection, job: int) -> str:
    """Return the document of a job as JSON, "" when it has been erased or is not there."""
    row = connection.execute("SELECT document FROM print_jobs WHERE job = ?", (job,)).fetchone()
    return str(row[0]) if row else ""


def reprint(connection: Connection, job: int, *, at: int, printer: str | None = None) -> int:
    """Queue the same paper once more, as the next copy of it, and return the new job's number.

    printer: another one than it was on. A job that was uncertain or had failed is thereby settled.
    Raises NothingToReprint.
    """
    row = connection.execute(
        "SELECT act, role, document, persons, printer FROM print_jobs WHERE job = ?", (job,)
    ).fetchone()
    if row is None or not row[2]:
        raise NothingToReprint(str(job))
    act, role, document, persons, was_on = row
    on = was_on if printer is None else printer
    ((number,),) = connection.execute(
        "INSERT INTO print_jobs(at, act, role, document, copy_number, persons, printer) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING job",
        (at, act, role, document, _next_copy(connection, act, role, document), persons, on),
    ).fetchall()
    connection.execute(
        "UPDATE print_jobs SET state = 'cancelled' "
        "WHERE job = ? AND state IN ('uncertain', 'failed')",
        (job,),
    )
    return int(number)


def enqueue_copy(connection: Connection, **new: Unpack[NewJob]) -> int:
    """Queue a paper that was made anew from its act, as the next copy of it.

    For a paper whose job is not at hand any more; `copy` is found, whatever is given.
    """
    document = to_json(new["document"])
    new["copy"] = _next_copy(connection, new["act"], new["role"], document)
    return enqueue(connection, **new)


def _next_copy(connection: Connection, act: str, role: str, document: str) -> int:
    """Return the number of the next copy of a paper of an act: 1 when there is none yet.

    A paper that is in no job as it stands now (its words have changed since, or its original was
    shredded) may be a copy of any of this role: a number is left out rather than given twice.
    """
    (is_known, same, last) = connection.execute(
        "SELECT coalesce(max(document = ?3), 0), coalesce(max(copy_number) FILTER "
        "(WHERE document = ?3), 0), coalesce(max(copy_number), 0) FROM print_jobs "
        "WHERE act = ?1 AND role = ?2",
        (act, role, document),
    ).fetchone()
    return int(same if is_known else last) + 1


def came_out(connection: Connection, job: int) -> bool:
    """The operator has the paper of an uncertain job in hand. Return whether it was uncertain."""
    return _change(connection, job, "sent", ("uncertain",))


def cancel(connection: Connection, job: int) -> bool:
    """Drop a job that is not being sent; return whether there was anything to drop."""
    return _change(connection, job, "cancelled", ("queued", "uncertain", "failed"))


def withdraw(connection: Connection, acts: Sequence[str]) -> int:
    """Drop the papers of acts that were undone, as far as they still wait; return how many."""
    changed = connection.execute(
        "UPDATE print_jobs INDEXED BY print_queue SET state = 'cancelled', error = '' "
        "WHERE state IN ('queued', 'failed') AND state NOT IN ('sent', 'cancelled') "
        "AND act IN (SELECT value FROM json_each(?)) RETURNING job",
        (msgspec.json.encode(list(acts)).decode(),),
    )
    return _count(changed)


def redirect(connection: Connection, job: int, printer: str) -> bool:
    """Give a waiting or failed job to another printer; return whether it could be given."""
    changed = connection.execute(
        "UPDATE print_jobs SET printer = ?, state = 'queued', error = '' "
        "WHERE job = ? AND state IN ('queued', 'failed') RETURNING job",
        (printer, job),
    )
    return _count(changed) > 0


def release(connection: Connection, printers: Sequence[str]) -> int:
    """Let waiting jobs of printers that are no more go to whichever has their role; how many."""
    changed = connection.execute(
        "UPDATE print_jobs SET printer = '' WHERE state = 'queued' AND printer != '' "
        "AND printer NOT IN (SELECT value FROM json_each(?)) RETURNING job",
        (msgspec.json.encode(list(printers)).decode(),),
    )
    return _count(changed)


def recover(connection: Connection) -> int:
    """At the start of the program: what was being sent may have come out. Return how many.

    A drawer that was about to open is left alone: nobody stands before it any more.
    """
    changed = connection.execute(
        "UPDATE print_jobs SET state = CASE role WHEN ? THEN 'cancelled' ELSE 'uncertain' END "
        "WHERE state = 'sending' AND state NOT IN ('sent', 'cancelled') RETURNING job",
        (DRAWER,),
    )
    return _count(changed)


def forget(connection: Connection, persons: Sequence[str]) -> int:
    """Erase what the queue says of these persons; return how many papers were blanked."""
    changed = connection.execute(
        "UPDATE print_jobs SET document = '', persons = '[]', state = CASE "
        "WHEN state IN ('queued', 'uncertain', 'failed') THEN 'cancelled' ELSE state END "
        "WHERE persons != '[]' AND EXISTS (SELECT 1 FROM json_each(persons) AS said "
        "JOIN json_each(?) AS erased ON said.value = erased.value) RETURNING job",
        (msgspec.json.encode(list(persons)).decode(),),
    )
    return _count(changed)


def shred(connection: Connection, *, before: int) -> int:
    """Delete finished jobs older than `before` (UTC ms); return how many.

    Their papers are made anew from the facts. Copies stay, so that no number of one comes twice.
    Not all at once: a start that has years before it does a part each time.
    """
    changed = connection.execute(
        "DELETE FROM print_jobs WHERE job IN (SELECT job FROM print_jobs WHERE job < ? "
        "AND at < ? AND copy_number = 0 AND state IN ('sent', 'cancelled') ORDER BY job LIMIT ?) "
        "RETURNING job",
        (_first_since(connection, before), before, SHREDDED_AT_ONCE),
    )
    return _count(changed)


def _first_since(connection: Connection, moment: int) -> int:
    """Return the first job that is not older, by halves: their numbers go up with the time.

    Without reading every paper that was ever printed: a start waits for this.
    """
    low, high = connection.execute(
        "SELECT coalesce(min(job), 0), coalesce(max(job), 0) + 1 FROM print_jobs"
    ).fetchone()
    while low < high:
        middle = (low + high) // 2
        found = connection.execute(
            "SELECT job, at FROM print_jobs WHERE job >= ? ORDER BY job LIMIT 1", (middle,)
        ).fetchone()
        if found is None or found[1] >= moment:
            high = middle
        else:
            low = int(found[0]) + 1
    return int(low)


def oldest_for(connection: Connection, printer: str, roles: Sequence[str]) -> Due | None:
    """Return the oldest waiting job that a printer with these roles is to print."""
    row = connection.execute(
        "SELECT job, at, role, copy_number, document FROM print_jobs INDEXED BY print_queue "
        "WHERE state = 'queued' AND state NOT IN ('sent', 'cancelled') AND (printer = ? "
        "OR printer = '' AND role IN (SELECT value FROM json_each(?))) ORDER BY job LIMIT 1",
        (printer, msgspec.json.encode(list(roles)).decode()),
    ).fetchone()
    return Due(*row) if row else None


def begin(connection: Connection, job: int, printer: str) -> bool:
    """Mark a waiting job as being sent; return whether it was still waiting.

    It must be durable before the first byte leaves.
    """
    changed = connection.execute(
        "UPDATE print_jobs SET state = 'sending', attempts = attempts + 1, printer = ?, error = '' "
        "WHERE job = ? AND state = 'queued' RETURNING job",
        (printer, job),
    )
    return _count(changed) > 0


def settle(
    connection: Connection,
    job: int,
    state: State,
    error: str = "",
    *,
    held: Sequence[State] = ("queued", "sending"),
) -> None:
    """Write down how a job ended. error: a reason of the catalogue.

    held: what it must be now; what somebody has withdrawn or dropped meanwhile stays so. A paper
    that was erased while it was on its way is over, however it ended.
    """
    connection.execute(
        "UPDATE print_jobs SET error = ?1, state = CASE WHEN document = '' AND ?2 != 'sent' "
        "THEN 'cancelled' ELSE ?2 END "
        "WHERE job = ?3 AND state IN (SELECT value FROM json_each(?4))",
        (error, state, job, msgspec.json.encode(list(held)).decode()),
    )


def _change(connection: Connection, job: int, state: State, held: Sequence[State]) -> bool:
    changed = connection.execute(
        "UPDATE print_jobs SET state = ?, error = '' WHERE job = ? "
        "AND state IN (SELECT value FROM json_each(?)) RETURNING job",
        (state, job, msgspec.json.encode(list(held)).decode()),
    )
    return _count(changed) > 0


def _count(changed: Any) -> int:
    return len(changed.fetchall())
