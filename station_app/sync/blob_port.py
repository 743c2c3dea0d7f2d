"""The photos of a station's database as the conversation with the county sees them."""

from collections.abc import Callable
from typing import Any

from station_app.journal import blobs
from station_app.journal.blob import WHOLE, Waiting, blob_name
from station_app.journal.log import Connection
from station_app.journal.recorder import Recorder

_PHOTOS_OF = "photos_of"  # in the table `local`, before the name of a sibling
Write = Callable[[Callable[[Recorder], Any]], Any]


class StationBlobs:
    """The `BlobPort` of a station's database."""

    def __init__(self, connection: Connection, write: Write, epoch: Callable[[], int]) -> None:
        """Read from `connection`, write through `write`; epoch: the county's highest known."""
        self._connection = connection
        self._write = write
        self._epoch = epoch

    def county_epoch(self) -> int:
        """Return the highest county epoch that a verified receipt named."""
        return self._epoch()

    def waiting_blobs(self, limit: int) -> list[Waiting]:
        """Return the blobs that are to go up, the oldest first."""
        return list(blobs.waiting(self._connection, self._epoch(), limit=limit))

    def unsent_blobs(self) -> list[str]:
        """Return all blobs that the county does not have."""
        return list(blobs.unsent(self._connection, self._epoch()))

    def wanted_blobs(self, limit: int) -> list[str]:
        """Return the blobs that a page waits for."""
        return list(blobs.wanted(self._connection, limit=limit))

    def blob(self, name: str) -> bytes | None:
        """Return the bytes of a blob; None when they are not here."""
        return blobs.get(self._connection, name)

    def mark_blob(self, name: str, county_epoch: int, *, state: str, held: int) -> None:
        """Keep what the county has said of a blob."""
        self._write(
            lambda recorder: blobs.mark(
                recorder.connection, name, county_epoch, state=state, held=held
            )
        )

    def keep_blob(self, content: bytes, county_epoch: int, *, at: int) -> None:
        """Keep a blob that was fetched, if it is still named here; the county has it whole."""

        def work(recorder: Recorder) -> None:
            if blobs.put_named(recorder.connection, content, at=at):
                blobs.mark(
                    recorder.connection,
                    blob_name(content),
                    county_epoch,
                    state=WHOLE,
                    held=len(content),
                )
            else:
                blobs.unwant(recorder.connection, blob_name(content))

        self._write(work)

    def take_blob(self, content: bytes, *, at: int) -> bool:
        """Keep a blob that a sibling brought, if it is named here and not held; tell whether.

        What the county has of it is not known by that: it is offered to it like one of our own.
        """

        def work(recorder: Recorder) -> bool:
            is_here = blobs.standing(recorder.connection, blob_name(content)).is_here
            return not is_here and blobs.put_named(recorder.connection, content, at=at)

        return bool(self._write(work))

    def note_of(self, sibling: str) -> bytes:
        """Return the last note of a sibling about its photos, b"" for none."""
        row = self._connection.execute(
            "SELECT value FROM local WHERE name = ?", (f"{_PHOTOS_OF} {sibling}",)
        ).fetchone()
        return bytes(row[0]) if row else b""

    def keep_note(self, sibling: str, note: bytes) -> None:
        """Keep what a sibling says of its photos."""
        row = (f"{_PHOTOS_OF} {sibling}", note)
        sql = "INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)"
        self._write(lambda recorder: recorder.connection.execute(sql, row) and None)

    def unwant_blob(self, name: str) -> None:
        """Wait for a blob no longer."""
        self._write(lambda recorder: blobs.unwant(recorder.connection, name))
