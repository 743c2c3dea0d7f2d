"""Reads TSPL as a label printer does, and prints it on simulated labels."""

import re
from collections.abc import Callable

from station_app.devices.simulated_lines import LineReader
from station_app.devices.simulated_paper import Mechanism, Unreadable

ASK = b"\x1b!?"
DOTS = 8  # to the millimetre
SIZE = re.compile(rb"SIZE (\d+) mm,(\d+) mm")
GAP = re.compile(rb"GAP (\d+) mm,(\d+) mm")
DIRECTION = re.compile(rb"DIRECTION [01]")
PRINT = re.compile(rb"PRINT (\d+),(\d+)")
BURNT = bytes(value ^ 0xFF for value in range(256))


class TsplReader(LineReader):
    """Takes the bytes of any number of jobs, in pieces of any size."""

    PICTURE = re.compile(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,")

    def __init__(self, mechanism: Mechanism, answer: Callable[[bytes], None]) -> None:
        """Print with `mechanism`; `answer` sends bytes back to whoever asks."""
        super().__init__(mechanism, answer)
        self._across = self._down = 0

    def _question(self) -> int | None:
        held = self._held
        if not held.startswith(b"\x1b"):
            return None
        if len(held) < len(ASK):
            return 0
        if not held.startswith(ASK):
            raise Unreadable(f"{bytes(held[:8])!r} is no question")
        self._answer(self._state())
        return len(ASK)

    def _place(self, match: re.Match[bytes]) -> tuple[int, int, int, int]:
        """BITMAP x,y,bytes across,rows,mode,d… where a 0 burns."""
        x, y, across, down = map(int, match.groups())
        return x, y, across, down

    def _draw(self, x: int, y: int, dots: bytearray) -> None:
        if x % 8 or y >= self._down or x // 8 + len(dots) > self._across // 8:
            raise Unreadable(f"a picture at {x},{y} leaves the label")
        self._page[y][x // 8 : x // 8 + len(dots)] = dots.translate(BURNT)

    def _command(self, line: bytes) -> None:
        size = SIZE.fullmatch(line)
        if size:
            self._across, self._down = int(size[1]) * DOTS, int(size[2]) * DOTS
        elif line == b"CLS":
            self._page = [bytearray(self._across // 8) for _ in range(self._down)]
        elif PRINT.fullmatch(line):
            self._burn_page()
        elif not GAP.fullmatch(line) and not DIRECTION.fullmatch(line):
            raise Unreadable(f"{line[:40]!r} is no command")

    def _state(self) -> bytes:
        mechanism = self._mechanism
        byte = 0x01 if mechanism.cover_open else 0
        byte |= 0x04 if mechanism.is_out_of_paper else 0
        byte |= 0x20 if mechanism.is_busy else 0
        return bytes((byte,))
