"""A printer that is a folder: every paper becomes a picture file. For practice, tour and tests.

It reads the very bytes that a real printer would get, so what lies in the folder is what would have
come out.
"""

from pathlib import Path

from station_app.devices.printer import OK, Delivery, Status
from station_app.devices.simulated_paper import Mechanism
from station_app.devices.simulated_readers import READERS


class FolderPrinter:
    """The port of a folder. Implements `printer.Port`."""

    def __init__(self, folder: Path, *, language: str, width: int) -> None:
        """Write into `folder`, made when it is missing; width: dots of the paper."""
        self._folder = folder
        self._language = language
        self._width = width
        self._count = 0
        self.kicks = 0

    def status(self) -> Status:
        """A folder is always ready."""
        return OK

    def deliver(self, job: bytes) -> Delivery:
        """Write each paper of the job as `0001.png` and so on, after those that lie there."""
        mechanism = Mechanism(self._width)
        reader = READERS[self._language](mechanism, lambda answer: None)
        reader.feed(job)
        reader.end()
        self._folder.mkdir(parents=True, exist_ok=True)
        for paper in mechanism.papers:
            self._next().write_bytes(paper.png())
        self.kicks += mechanism.kicks
        return Delivery("sent", "", OK)

    def _next(self) -> Path:
        while True:
            self._count += 1
            path = self._folder / f"{self._count:04d}.png"
            if not path.exists():
                return path
