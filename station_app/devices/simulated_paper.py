"""What comes out of a simulated printer: papers in dots, and a picture file of each.

It shares no code with the printing room: it is the other witness. What it draws from a printer's
bytes must equal the preview dot by dot, and a slip in both would hide in shared code.
"""

import struct
import zlib
from dataclasses import dataclass, field
from typing import Final, Protocol

_WHITE_IS_1: Final = bytes(byte ^ 0xFF for byte in range(256))  # a PNG's other way round


@dataclass(frozen=True, slots=True)
class Paper:
    """One piece of paper. lines: rows of dots from the top, 1 is black; torn: it ended too soon."""

    width: int
    lines: tuple[bytes, ...]
    torn: bool = False

    def png(self) -> bytes:
        """Return the paper as a PNG of one bit a dot, black on white."""
        raw = b"".join(b"\0" + line.translate(_WHITE_IS_1) for line in self.lines)
        head = struct.pack(">IIBBBBB", self.width, len(self.lines), 1, 0, 0, 0, 0)
        parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in parts
        )


class Unreadable(ValueError):
    """The bytes are no commands of this language: a real printer would print them as rubbish."""


@dataclass(slots=True)
class Mechanism:
    """The inside of a printer: its paper, its cover, its knife, and the plug of the drawer.

    rows_left: rows of dots until the paper ends, None for a roll without end; is_busy: says that
    it is still printing; papers: what came
    out; kicks: how often the drawer was opened; commands: the words of all commands carried out.
    """

    width: int
    rows_left: int | None = None
    cover_open: bool = False
    is_busy: bool = False
    papers: list[Paper] = field(default_factory=list)
    kicks: int = 0
    commands: list[str] = field(default_factory=list)
    _rows: list[bytes] = field(default_factory=list)

    @property
    def is_out_of_paper(self) -> bool:
        """Tell whether not one more row can be printed."""
        return self.rows_left is not None and self.rows_left <= 0

    @property
    def can_print(self) -> bool:
        """Tell whether there is paper under a closed cover."""
        return not self.cover_open and not self.is_out_of_paper

    def burn(self, row: bytes) -> None:
        """Print one row of dots; where nothing can be printed, it is lost."""
        if not self.can_print:
            return
        self._rows.append(row[: self.width // 8].ljust(self.width // 8, b"\0"))
        if self.rows_left is not None:
            self.rows_left -= 1
            if self.rows_left == 0:
                self.part(torn=True)

    def part(self, *, torn: bool = False) -> None:
        """End this paper, by the knife, by the gap after a label, or because it ran out."""
        if self._rows:
            self.papers.append(Paper(self.width, tuple(self._rows), torn))
            self._rows = []


class Reader(Protocol):
    """Reads one language and prints it on a mechanism."""

    def feed(self, more: bytes) -> None:
        """Carry out what is complete and hold the rest. Raises Unreadable."""
        ...

    def end(self) -> None:
        """The connection is closed."""
        ...
