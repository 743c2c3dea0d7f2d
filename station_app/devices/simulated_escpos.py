"""Reads ESC/POS as a receipt printer does, byte by byte, and prints it on simulated paper."""

from collections.abc import Callable

from station_app.devices.simulated_paper import Mechanism, Unreadable

ESC, GS, DLE = 0x1B, 0x1D, 0x10
LINE_DOTS = 30  # one line feed
FIXED = 0b0001_0010  # bits that are always set in an answer to DLE EOT
# Command bytes → (word, how many bytes follow them).
KNOWN = {
    (ESC, 0x40): ("reset", 0),
    (ESC, 0x64): ("feed", 1),
    (ESC, 0x70): ("kick", 3),
    (GS, 0x56): ("cut", 1),
    (GS, 0x72): ("status", 1),
    (GS, 0x76): ("picture", 6),
    (DLE, 0x04): ("ask", 1),
}
FEED_AND_CUT = (65, 66)  # these cuts have one byte more: how far to feed


class EscPosReader:
    """Takes the bytes of any number of jobs, in pieces of any size."""

    def __init__(self, mechanism: Mechanism, answer: Callable[[bytes], None]) -> None:
        """Print with `mechanism`; `answer` sends bytes back to whoever asks."""
        self._mechanism = mechanism
        self._answer = answer
        self._held = bytearray()

    def feed(self, more: bytes) -> None:
        """Carry out what is complete and hold the rest. Raises Unreadable."""
        self._held += more
        while (used := self._one()) > 0:
            del self._held[:used]

    def end(self) -> None:
        """The connection is closed: the operator tears the paper off, half a command is lost."""
        self._held.clear()
        self._mechanism.part()

    def _one(self) -> int:
        """Carry out the first command; return how many bytes it took, 0 if it is incomplete."""
        held = self._held
        if len(held) < 2:
            return 0
        if (held[0], held[1]) not in KNOWN:
            raise Unreadable(f"{bytes(held[:8])!r} is no command")
        word, length = KNOWN[held[0], held[1]]
        if len(held) < 2 + length:
            return 0
        given = bytes(held[2 : 2 + length])
        if word == "picture":
            return self._picture(given)
        if word == "cut" and given[0] in FEED_AND_CUT:
            length += 1
            if len(held) < 2 + length:
                return 0
        self._do(word, given)
        return 2 + length

    def _do(self, word: str, given: bytes) -> None:
        mechanism = self._mechanism
        if word == "ask":
            self._answer(self._state(given[0]))
            return
        if word == "status":  # answered in its turn: never while something before it waits
            if mechanism.can_print:
                self._answer(b"\0")
            return
        mechanism.commands.append(word)
        if word == "feed":
            for _ in range(given[0] * LINE_DOTS):
                mechanism.burn(b"")
        elif word == "cut":
            mechanism.part()
        elif word == "kick":
            mechanism.kicks += 1

    def _picture(self, given: bytes) -> int:
        """GS v 0 m xL xH yL yH d…"""
        across = given[2] + 256 * given[3]
        down = given[4] + 256 * given[5]
        end = 8 + across * down
        if given[0] != ord("0") or given[1] != 0 or not across or not down:
            raise Unreadable(f"{given!r} is no picture that this printer knows")
        if len(self._held) < end:
            return 0
        self._mechanism.commands.append("picture")
        for start in range(8, end, across):
            self._mechanism.burn(bytes(self._held[start : start + across]))
        return end

    def _state(self, which: int) -> bytes:
        mechanism = self._mechanism
        byte = FIXED
        if which == 2:
            byte |= 0x04 if mechanism.cover_open else 0
            byte |= 0x20 if mechanism.is_out_of_paper else 0
        elif which == 4:
            byte |= 0x60 if mechanism.is_out_of_paper else 0
        elif which == 1:
            byte |= 0x00 if mechanism.can_print else 0x08
        return bytes((byte,))
