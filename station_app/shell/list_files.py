"""Who writes lists as files, and where they may go: lent to pages by the composition root."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from station_app.printing.list_file import ListFile


@dataclass(frozen=True, slots=True)
class ListFiles:
    """Writes lists. places: folder of documents and sticks, with their words.

    write: (list, PDF or XLSX, folder) → the file's name; raises `files.NotWritten`.
    """

    places: Callable[[], Sequence[tuple[str, Path]]]
    write: Callable[[ListFile, str, Path], str]
