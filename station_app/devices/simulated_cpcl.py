"""Reads CPCL as a portable printer does, and prints it on simulated paper."""

import re
from collections.abc import Callable

from station_app.devices.simulated_paper import Mechanism, Unreadable

ASK = b"\x1bh"  # the state in one byte
COMMANDS_MAX = 256  # bytes of one command line, without the dots of a picture
BEGIN = re.compile(rb"! 0 20[03] 20[03] (\d+) 1")
WIDE = re.compile(rb"PAGE-WIDTH (\d+)")
PICTURE = re.compile(rb"CG (\d+) (\d+) (\d+) (\d+) ")


class CpclReader:
    """Takes the bytes of any number of jobs, in pieces of any size."""

    def __init__(self, mechanism: Mechanism, answer: Callable[[bytes], None]) -> None:
        """Print with `mechanism`; `answer` sends bytes back to whoever asks."""
        self._mechanism = mechanism
        self._answer = answer
        self._held = bytearray()
        self._down = -1  # rows of the session, −1 outside of one
        self._page: list[bytearray] = []

    def feed(self, more: bytes) -> None:
        """Carry out what is complete and hold the rest. Raises Unreadable."""
        self._held += more
        while (used := self._one()) > 0:
            del self._held[:used]

    def end(self) -> None:
        """The connection is closed: half a command is lost."""
        self._held.clear()
        self._down = -1

    def _one(self) -> int:
        held = self._held
        if held.startswith(ASK):
            self._answer(self._state())
            return len(ASK)
        picture = PICTURE.match(held)
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
        """CG bytes across, rows, x, y, d… where a 1 burns."""
        across, down, x, y = map(int, match.groups())
        start, end = match.end(), match.end() + across * down
        if len(self._held) < end + 2:
            return 0
        if self._held[end : end + 2] != b"\r\n":
            raise Unreadable("a picture is longer or shorter than it says")
        for number in range(down):
            if x % 8 or y + number >= len(self._page) or x // 8 + across > len(self._page[0]):
                raise Unreadable(f"a picture at {x},{y} leaves the paper")
            at = start + number * across
            self._page[y + number][x // 8 : x // 8 + across] = self._held[at : at + across]
        self._mechanism.commands.append("CG")
        return end + 2

    def _command(self, line: bytes) -> None:
        begin, wide = BEGIN.fullmatch(line), WIDE.fullmatch(line)
        if self._down < 0:
            if not begin:
                raise Unreadable(f"{line[:40]!r} begins no session")
            self._down = int(begin[1])
        elif wide:
            self._page = [bytearray(int(wide[1]) // 8) for _ in range(self._down)]
        elif line == b"PRINT":
            for row in self._page:
                self._mechanism.burn(bytes(row))
            self._mechanism.part()
            self._down = -1
        elif line != b"FORM":
            raise Unreadable(f"{line[:40]!r} is no command")
        self._mechanism.commands.append(line.split(b" ")[0].decode("ascii"))

    def _state(self) -> bytes:
        """Bit 0 prints, 1 no paper, 2 cover open, 3 battery low."""
        mechanism = self._mechanism
        byte = 0x01 if mechanism.is_busy else 0
        byte |= 0x02 if mechanism.is_out_of_paper else 0
        byte |= 0x04 if mechanism.cover_open else 0
        return bytes((byte,))
