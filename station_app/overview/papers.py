"""Papers as the print table holds them: of an act, and what is not finished.

Every paper can be printed again. As long as its job is kept, the very same document is taken;
later it is made anew from the act by the slice that offers it. Either way the copy says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.journal.store import transaction
from station_app.printing import jobs
from station_app.shell.offers import DocumentOffer, Tone
from station_app.values.texts import Texts

RECENT_JOBS = 2_000  # some ten days of a busy counter; older ones cost a look at the whole table
_COLUMNS = "job, at, act, role, copy_number, state, attempts, printer, error, document = ''"

TONES: dict[str, Tone] = {
    "queued": "queued",
    "sending": "notice",
    "sent": "ok",
    "uncertain": "warn",
    "failed": "warn",
    "cancelled": "plain",
}
"""How each state of a job is painted; its word is `printing.job.<state>`."""


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A paper of an act. is_erased: what it said was removed, so it cannot be printed again."""

    job: int
    at: int
    act: str
    role: str
    copy_number: int
    state: str
    printer: str
    error: str
    is_erased: bool


def papers_of(connection: Connection, act: str) -> tuple[PaperRow, ...]:
    """Return the papers of an act, originals and copies, oldest first; the drawer is no paper."""
    (last,) = connection.execute("SELECT coalesce(max(job), 0) FROM print_jobs").fetchone()
    recent = _papers(connection, act, last - RECENT_JOBS)
    return recent or _papers(connection, act, 0)


def _papers(connection: Connection, act: str, after: int) -> tuple[PaperRow, ...]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM print_jobs "  # noqa: S608 - a constant list of columns
        "WHERE job > ? AND act = ? AND role != ? ORDER BY job",
        (after, act, jobs.DRAWER),
    ).fetchall()
    return tuple(
        PaperRow(job, at, act_, role, copy, state, printer, error, bool(is_erased))
        for job, at, act_, role, copy, state, _, printer, error, is_erased in rows
    )


def makeable(
    connection: Connection,
    offers: Sequence[DocumentOffer],
    texts: Texts,
    act: str,
    roles: Sequence[str],
) -> tuple[DocumentOffer, ...]:
    """Return the papers that can be made anew from an act; `roles` are at hand already."""
    return tuple(
        offer
        for offer in offers
        if offer.role not in roles and offer.rebuild(connection, act, texts) is not None
    )


def print_anew(
    connection: Connection, offer: DocumentOffer, texts: Texts, *, act: str, at: int
) -> int | None:
    """Queue a paper made anew, as a copy; return the new job, None if it cannot be made."""
    document = offer.rebuild(connection, act, texts)
    if document is None:
        return None
    with transaction(connection):
        return jobs.enqueue_copy(connection, at=at, act=act, role=offer.role, document=document)


def count_queue(connection: Connection) -> int:
    """Return how many papers are not finished: for the tab."""
    return sum(job.role != jobs.DRAWER for job in jobs.queue(connection))


def copy_number_of(connection: Connection, job: int) -> int:
    """Return which copy a job is, for the sentence that says so."""
    found = jobs.find(connection, job)
    return found.copy_number if found is not None else 1


def state_words(texts: Texts, state: str) -> str:
    """Return the word for a state of a job."""
    return texts.say(f"printing.job.{state}")


def reason_words(texts: Texts, reason: str) -> str:
    """Return why a printer or a paper did not do, also for a reason that nobody foresaw."""
    key = f"printing.reason.{reason}"
    return texts.say(key if texts.has(key) else "printing.reason.OTHER")


def mend_words(texts: Texts, reason: str) -> str:
    """Return what helps against it."""
    key = f"printing.mend.{reason}"
    return texts.say(key if texts.has(key) else "printing.mend.OTHER")


def role_words(texts: Texts, role: str) -> str:
    """Return what kind of paper it is: 小票, 标签."""
    key = f"overview.documents.role.{role}"
    return texts.say(key if texts.has(key) else "overview.documents.role.paper")
