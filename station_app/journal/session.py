"""One opening of the journal: a connection, an epoch, and what to do when COMMIT fails.

Every start of the program, and every re-opening of its database, begins a stream of its own. A
restored image, a clone or a disk that lied always needs a start, so no two histories ever write
on one stream.

An error raised by COMMIT means *unknown*: the act may be on disk or not. The session closes the
database, opens it again (with a new epoch) and looks for the ticket. Only then does it answer.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from station_app.journal.recorder import Author, Recorder, Writer
from station_app.journal.store import CommitUnknown, transaction
from station_app.journal.troubles import DiskFull
from station_app.journal.vocabulary import Vocabulary
from station_app.values.clock import Chance

EPOCH_BYTES = 8

T = TypeVar("T")


class Session:
    """The journal, open for writing by this device."""

    def __init__(
        self,
        opener: Callable[[], Any],
        vocabulary: Vocabulary,
        *,
        place: str,
        chance: Chance,
        writers: Sequence[Writer] = (),
    ) -> None:
        """Open the journal.

        opener: returns a fresh writing connection with its schema in place.
        place: "NX0601/D1", the station and device whose streams are written here.
        """
        self._opener = opener
        self._vocabulary = vocabulary
        self._place = place
        self._chance = chance
        self._writers = tuple(writers)
        self._is_open = False
        self._open()

    def _open(self) -> None:
        self.connection = self._opener()
        epoch = self._chance.draw(EPOCH_BYTES).hex()
        try:
            row = self.connection.execute(
                "SELECT value FROM local WHERE name = 'last_identity'"
            ).fetchone()
        except BaseException:
            self.connection.close()
            raise
        self.author = Author(f"{self._place}/{epoch}", row[0] if row else "")
        self.recorder = Recorder(
            self.connection,
            self._vocabulary,
            self.author,
            chance=self._chance,
            writers=self._writers,
        )
        self._is_open = True

    def reopen(self) -> None:
        """Close the database and open it again, with a new epoch.

        Raises a StoreTrouble if the disk does not allow it; the next `write` then tries again.
        """
        self._is_open = False
        self.connection.close()
        self._open()

    def close(self) -> None:
        """Close the database; the stream of this start ends here."""
        self._is_open = False
        self.connection.close()

    def write(self, work: Callable[[Recorder], T]) -> T:
        """Run `work` in one transaction.

        A full disk costs the reserve, and the work is tried once more on the room that it made.
        Raises CommitUnknown, after re-opening, when the disk failed at COMMIT: the caller then
        looks the work up. Any other exception leaves nothing behind.
        """
        try:
            return self._write(work)
        except DiskFull:
            return self._write(work)

    def _write(self, work: Callable[[Recorder], T]) -> T:
        if not self._is_open:
            self._open()
        try:
            with transaction(self.connection):
                return work(self.recorder)
        except CommitUnknown:
            self.reopen()
            raise
