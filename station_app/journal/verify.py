"""Verify: whether the journal is what was written, and the tables are what follows from it.

Every check starts from the facts alone: their chains, the heads that their authors signed, their
postings and their fold are computed again and held against what the tables say. The order of the
checks is the order of trust, so the first finding names where the trouble begins. Nothing here
stops at damage: a report of a broken journal is exactly what it is for.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from station_app.journal.fact import said_as
from station_app.journal.findings import Findings, Report
from station_app.journal.islands import Islands, floor_of
from station_app.journal.log import Connection
from station_app.journal.put_back import lacking
from station_app.journal.verify_blobs import BlobCheck
from station_app.journal.verify_chains import ChainCheck
from station_app.journal.verify_folds import FoldCheck
from station_app.journal.verify_postings import PostingCheck
from station_app.journal.vocabulary import Unreadable, Vocabulary


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head as its author signed it."""

    stream: str
    to: int
    identity: str
    key_id: str
    signature: bytes


HeadProof = Callable[[SignedHead], bool]


def verify(
    connection: Connection, vocabulary: Vocabulary, is_signed: HeadProof | None = None
) -> Report:
    """Check the whole journal; reads only, in one snapshot, and never raises for damage.

    is_signed: whether a head bears its author's signature, by the keys that the caller holds;
    without it only the place and identity of heads are checked.
    """
    findings = Findings()
    with _snapshot(connection):
        chains = ChainCheck(connection, findings)
        postings = PostingCheck(connection, findings)
        folds = FoldCheck(connection, vocabulary, findings)
        islands = Islands(connection)
        for stream in chains.streams():
            postings.begin(stream)
            aside = islands.aside_of(stream)
            for fact in chains.facts(stream):
                if fact.seq in aside:
                    continue  # it waits until nothing lacks any more
                try:
                    told = vocabulary.read(fact)
                    entry = vocabulary.post(told)
                except Unreadable as problem:
                    folds.expect_quarantine(fact, str(problem))
                    postings.expect(fact, None, vocabulary.post_unread(fact))
                else:
                    folds.expect(told)
                    postings.expect(fact, told, entry)
            postings.end()
        chains.check_tables(_by_row(is_signed) if is_signed else None)
        postings.check_tables()
        folds.check_tables(chains.damaged)
        photos = BlobCheck(connection, findings).check()
        floor, lost = floor_of(connection), lacking(connection)
    return Report(
        facts=chains.count,
        streams=chains.stream_count,
        acts=postings.acts,
        quarantined=folds.quarantined,
        entities=folds.entities,
        sums=postings.sums,
        findings=tuple(findings),
        found=findings.count,
        floor=floor,
        lacking=tuple(lost),
        photos=photos,
    )


def _by_row(is_signed: HeadProof) -> Callable[[Any], bool]:
    return lambda row: (
        isinstance(row[4], bytes) and is_signed(SignedHead(said_as(str(row[0])), *row[1:]))
    )


@contextmanager
def _snapshot(connection: Any) -> Iterator[None]:
    """Read everything from one state of the database, whatever is written meanwhile."""
    is_nested = connection.in_transaction
    if not is_nested:
        connection.execute("BEGIN")
    try:
        yield
    finally:
        if not is_nested:
            connection.execute("ROLLBACK")
