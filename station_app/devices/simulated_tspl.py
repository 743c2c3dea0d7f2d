"""Reads TSPL as a label printer does, and prints it on simulated labels."""

import re
from collections.abc import Callable

from station_app.devices.simulated_paper import Mechanism, Unreadable

ASK = b"\x1b!?"
DOTS = 8  # to the millimetre
COMMANDS_MAX = 256  # bytes of one command line, without the dots of a picture
SIZE = re.compile(rb"SIZE (\d+) mm,(\d+) mm")
GAP = re.compile(rb"GAP (\d+) mm,(\d+) mm")
DIRECTION = re.compile(rb"DIRECTION [01]")
PRINT = re.compile(rb"PRINT (\d+),(\d+)")
BURNT = bytes(value ^ 0xFF for value in range(256))
BITMAP = re.compile(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,")


class TsplReader:
    """Takes the bytes of any number of jobs, in pieces of any size."""

    def __init__(self, mechanism: Mechanism, answer: Callable[[bytes], None]) -> None:
        """Print with `mechanism`; `answer` sends bytes back to whoever asks."""
        self._mechanism = mechanism
        self._answer = answer
        self._held = bytearray()
        self._across = self._down = 0
        self._page: list[bytearray] = []

    def feed(self, more: bytes) -> None:
        """Carry out what is complete and hold the rest. Raises Unreadable."""
        self._held += more
        while (used := self._one()) > 0:
            del self._held[:used]

    def end(self) -> None:
        """The connection is closed: half a command is lost."""
        self._held.clear()

    def _one(self) -> int:
        held = self._held
        if held.startswith(b"\x1b"):
            if len(held) < len(ASK):
                return 0
            if not held.startswith(ASK):
                raise Unreadable(f"{bytes(held[:8])!r} is no question")
            self._answer(self._state())
            return len(ASK)
        picture = BITMAP.match(held)
        if picture:
            return self._picture(picture)
        end = held.find(b"\r\n")
        if end < 0:
            if len(held) > COMMANDS_MAX:
                raise Unreadable(f"{bytes(held[:40])!r} has no end")
            return 0
        self._command(bytes(held[:end]))
        return end + 2

    def _picture(self, match: re.Match[bytes]) -> int:
        """BITMAP x,y,bytes across,rows,mode,d… where a 0 burns."""
        x, y, across, down = map(int, match.groups())
        start = match.end()
        end = start + across * down
        if len(self._held) < end + 2:
            return 0
        if self._held[end : end + 2] != b"\r\n":
            raise Unreadable("a picture is longer or shorter than it says")
        for number in range(down):
            dots = self._held[start + number * across : start + (number + 1) * across]
            self._draw(x, y + number, dots)
        self._mechanism.commands.append("BITMAP")
        return end + 2

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
            self._print()
        elif not GAP.fullmatch(line) and not DIRECTION.fullmatch(line):
            raise Unreadable(f"{line[:40]!r} is no command")
        self._mechanism.commands.append(line.split(b" ")[0].decode("ascii"))

    def _print(self) -> None:
        for row in self._page:
            self._mechanism.burn(bytes(row))
        self._mechanism.part()

    def _state(self) -> bytes:
        mechanism = self._mechanism
        byte = 0x01 if mechanism.cover_open else 0
        byte |= 0x04 if mechanism.is_out_of_paper else 0
        byte |= 0x20 if mechanism.is_busy else 0
        return bytes((byte,))
