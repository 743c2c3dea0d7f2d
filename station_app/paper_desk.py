"""The desk of papers: queues what is printed outside an act, and wakes the printers."""

from collections.abc import Callable
from typing import Any

from station_app.printing.document import Document, Label, Receipt
from station_app.printing.jobs import enqueue, enqueue_copy
from station_app.shell.desk import Paper


class PaperDesk:
    """Queues copies, readings and tags."""

    def __init__(
        self,
        write: Callable[[Callable[[Any], None], Callable[[], None]], None],
        now_ms: Callable[[], int],
        wake: Callable[[], None],
    ) -> None:
        """Queue by `write`, which runs work in the writing thread and then its second argument.

        The screen does not wait for it: an answer of the county that is being taken in may keep
        the writer for seconds. wake: tells the spool that there is something to print.
        """
        self._write = write
        self._now_ms = now_ms
        self._wake = wake

    def print_again(self, paper: Paper, act: str) -> None:
        """Queue a paper of an act once more, as a copy."""
        self._queue(paper.role, paper.document, act, paper.persons)

    def print_first(self, paper: Paper, act: str) -> None:
        """Queue a paper of an act for the first time, where the act itself printed nothing here."""

        def work(connection: Any) -> None:
            enqueue(
                connection,
                at=self._now_ms(),
                act=act,
                role=paper.role,
                document=paper.document,
                persons=paper.persons,
            )

        self._write(work, self._wake)

    def put_up(self, paper: Paper) -> None:
        """Queue a list that belongs to no act; an erasure of those on it reaches it."""
        self._queue(paper.role, paper.document, "", paper.persons)

    def put_out(self, paper: Receipt | Label, act: str = "") -> None:
        """Queue a slip or a label: a copy of an act's, or one that belongs to none."""
        self._queue("label" if isinstance(paper, Label) else "receipt", paper, act, ())

    def _queue(self, role: str, document: Document, act: str, persons: tuple[str, ...]) -> None:
        at = self._now_ms()
        put = enqueue_copy if act else enqueue

        def work(connection: Any) -> None:
            put(connection, at=at, act=act, role=role, document=document, persons=persons)

        self._write(work, self._wake)
