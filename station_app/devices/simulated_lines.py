"""What simulated printers share whose commands are lines, with pictures of bare dots in between."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable

from station_app.devices.simulated_paper import Mechanism, Unreadable

COMMANDS_MAX = 256  # bytes of one command line, without the dots of a picture


class LineReader(ABC):
    """Takes the bytes of any number of jobs, in pieces of any size.

    PICTURE: how a command begins that the dots of a picture follow.
    """

    PICTURE: re.Pattern[bytes]

    def __init__(self, mechanism: Mechanism, answer: Callable[[bytes], None]) -> None:
        """Print with `mechanism`; `answer` sends bytes back to whoever asks."""
        self._mechanism = mechanism
        self._answer = answer
        self._held = bytearray()
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
        """Carry out what the held bytes begin with; return how many that were, 0 for too few."""
        asked = self._question()
        if asked is not None:
            return asked
        held = self._held
        picture = self.PICTURE.match(held)
        if picture:
            return self._picture(picture)
        end = held.find(b"\r\n")
        if end < 0:
            if len(held) > COMMANDS_MAX:
                raise Unreadable(f"{bytes(held[:40])!r} has no end")
            return 0
        line = bytes(held[:end])
        self._command(line)
        self._mechanism.commands.append(line.split(b" ")[0].decode("ascii"))
        return end + 2

    def _picture(self, match: re.Match[bytes]) -> int:
        """Draw rows of dots: after each command come as many bytes as it says, and a line's end."""
        x, y, across, down = self._place(match)
        start, end = match.end(), match.end() + across * down
        if len(self._held) < end + 2:
            return 0
        if self._held[end : end + 2] != b"\r\n":
            raise Unreadable("a picture is longer or shorter than it says")
        for number in range(down):
            at = start + number * across
            self._draw(x, y + number, self._held[at : at + across])
        self._mechanism.commands.append(match[0].split(b" ")[0].decode("ascii"))
        return end + 2

    def _burn_page(self) -> None:
        for row in self._page:
            self._mechanism.burn(bytes(row))
        self._mechanism.part()

    @abstractmethod
    def _question(self) -> int | None:
        """Answer a question; return how many bytes it had, 0 for half of one, None for none."""

    @abstractmethod
    def _place(self, match: re.Match[bytes]) -> tuple[int, int, int, int]:
        """Return dots from the left, rows from the top, bytes across, rows of a picture."""

    @abstractmethod
    def _draw(self, x: int, y: int, dots: bytearray) -> None:
        """Put a row of a picture on the page. Raises Unreadable outside of it."""

    @abstractmethod
    def _command(self, line: bytes) -> None:
        """Carry out a line. Raises Unreadable."""
