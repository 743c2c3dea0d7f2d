"""What the composition root lends to the pages of the first day."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from station_app.printing.document import Receipt
from station_app.printing.raster import Raster
from station_app.services.opening.papers import PaperMaker
from station_app.services.opening.records import Gatherer
from station_app.values.refusal import Refusal


class Found(Protocol):
    """A sheet that was found."""

    @property
    def path(self) -> str:
        """Return where it lies."""
        ...

    @property
    def name(self) -> str:
        """Return its name."""
        ...

    @property
    def place(self) -> str:
        """Return the name of its folder, or of the stick."""
        ...

    @property
    def at(self) -> int:
        """Return when it was written, UTC ms."""
        ...

    @property
    def size(self) -> int:
        """Return how many bytes it has."""
        ...


class Files(Protocol):
    """Sheets on this PC and on sticks; asked off the screen's thread."""

    def newest(self) -> Sequence[Found]:
        """Return those that were written last, nine at most."""
        ...

    def read(self, path: str, /) -> bytes | Refusal:
        """Return all of a file, or why it cannot be had."""
        ...

    def write(self, name: str, data: bytes, /) -> str | Refusal:
        """Put a file where the operator finds it; returns its path."""
        ...


@dataclass(frozen=True, slots=True)
class Outfit:
    """Files, paper, and the keys of the pages of others that do a step.

    intake_page: takes `here_since`, register_page: the villagers.
    """

    gatherer: Gatherer
    papers: PaperMaker
    files: Files
    preview: Callable[[Receipt], Raster]
    intake_page: str = "parcels.intake"
    register_page: str = "people.register"
