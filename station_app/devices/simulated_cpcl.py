"""Reads CPCL as a portable printer does, and prints it on simulated paper."""

import re
from collections.abc import Callable

from station_app.devices.simulated_lines import LineReader
from station_app.devices.simulated_paper import Mechanism, Unreadable

ASK = b"\x1bh"  # the state in one byte
BEGIN = re.compile(rb"! 0 20[03] 20[03] (\d+) 1")
WIDE = re.compile(rb"PAGE-WIDTH (\d+)")


class CpclReader(LineReader):
    """Takes the bytes of any number of jobs, in pieces of any size."""

    PICTURE = re.compile(rb"CG (\d+) (\d+) (\d+) (\d+) ")

    def __init__(self, mechanism: Mechanism, answer: Callable[[bytes], None]) -> None:
        """Print with `mechanism`; `answer` sends bytes back to whoever asks."""
        super().__init__(mechanism, answer)
        self._down = -1  # rows of the session, −1 outside of one

    def end(self) -> None:
        """The connection is closed: half a command is lost, and the session."""
        super().end()
        self._down = -1

    def _question(self) -> int | None:
        if not self._held.startswith(ASK):
            return None
        self._answer(self._state())
        return len(ASK)

    def _place(self, match: re.Match[bytes]) -> tuple[int, int, int, int]:
        """CG bytes across, rows, x, y, d… where a 1 burns."""
        across, down, x, y = map(int, match.groups())
        return x, y, across, down

    def _draw(self, x: int, y: int, dots: bytearray) -> None:
        if x % 8 or y >= len(self._page) or x // 8 + len(dots) > len(self._page[0]):
            raise Unreadable(f"a picture at {x},{y} leaves the paper")
        self._page[y][x // 8 : x // 8 + len(dots)] = dots

    def _command(self, line: bytes) -> None:
        begin, wide = BEGIN.fullmatch(line), WIDE.fullmatch(line)
        if self._down < 0:
            if not begin:
                raise Unreadable(f"{line[:40]!r} begins no session")
            self._down = int(begin[1])
        elif wide:
            self._page = [bytearray(int(wide[1]) // 8) for _ in range(self._down)]
        elif line == b"PRINT":
            self._burn_page()
            self._down = -1
        elif line != b"FORM":
            raise Unreadable(f"{line[:40]!r} is no command")

    def _state(self) -> bytes:
        """Bit 0 prints, 1 no paper, 2 cover open, 3 battery low."""
        mechanism = self._mechanism
        byte = 0x01 if mechanism.is_busy else 0
        byte |= 0x02 if mechanism.is_out_of_paper else 0
        byte |= 0x04 if mechanism.cover_open else 0
        return bytes((byte,))
