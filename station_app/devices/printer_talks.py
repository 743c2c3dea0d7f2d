"""How printers of each language are asked for their state, and what their answers mean.

Only bytes that the manuals promise are believed; silence and rubbish are `unknown`. A question is
sent before a job or behind it, never inside one: within a picture it would be dots.
"""

import re
from itertools import pairwise

from station_app.devices.printer import (
    COVER_OPEN,
    JAM,
    NO_PAPER,
    NO_RIBBON,
    OK,
    OTHER,
    PAPER_LOW,
    PAUSED,
    UNKNOWN,
    Heard,
    Status,
    Talk,
)


class EscPosTalk:
    """ESC/POS: `DLE EOT` at any time, `GS r` in its turn. The two answers differ in bit 4."""

    question = b"\x10\x04\x02\x10\x04\x04"
    last_word = b"\x1dr\x01"

    def hear(self, answer: bytes) -> Heard:
        """Read the bytes of cause (n = 2) and paper (n = 4), in the order in which we asked."""
        told = [byte for byte in answer if byte & 0x93 == 0x12]
        is_done = any(byte & 0x90 == 0 for byte in answer)
        if len(told) < 2:
            return Heard(UNKNOWN, is_done)
        cause, paper = told[-2:]
        if cause & 0x04:
            return Heard(Status("fault", COVER_OPEN))
        if cause & 0x20 or paper & 0x60:
            return Heard(Status("fault", NO_PAPER))
        if cause & 0x40:
            return Heard(Status("fault", OTHER))
        return Heard(Status("ok", PAPER_LOW if paper & 0x0C else ""), is_done)


class TsplTalk:
    """TSPL: `ESC ! ?` answers one byte, whose bits combine."""

    question = b"\x1b!?"
    last_word = b""
    _faults = (
        (0x01, COVER_OPEN),
        (0x04, NO_PAPER),
        (0x02, JAM),
        (0x08, NO_RIBBON),
        (0x10, PAUSED),
        (0x80, OTHER),
    )
    _printing = 0x20

    def hear(self, answer: bytes) -> Heard:
        """Read the newest byte."""
        if not answer or answer[-1] & 0x40:
            return Heard(UNKNOWN)
        for bit, reason in self._faults:
            if answer[-1] & bit:
                return Heard(Status("fault", reason))
        return Heard(OK, is_done=not answer[-1] & self._printing)


class ZplTalk:
    """ZPL: `~HS` answers three lines between STX and ETX, their fields parted by commas.

    First line: 2nd field paper out, 3rd pause, 5th formats that wait, 10th to 12th memory lost, too
    cold, too hot. Second line: 3rd field head up, 4th ribbon out, 9th labels still to be printed.
    """

    question = b"~HS"
    last_word = b""
    _line = re.compile(rb"\x02([0-9,]{5,120})\x03")
    _first_fields, _second_fields = 12, 11

    def hear(self, answer: bytes) -> Heard:
        """Read the newest whole answer: a line of twelve fields and the line of eleven after it."""
        lines = [found.split(b",") for found in self._line.findall(answer)]
        pairs = [
            (first, second)
            for first, second in pairwise(lines)
            if len(first) == self._first_fields and len(second) == self._second_fields
        ]
        if not pairs:
            return Heard(UNKNOWN)
        first, second = pairs[-1]
        faults = (
            (second[2], COVER_OPEN),
            (first[1], NO_PAPER),
            (second[3], NO_RIBBON),
            (first[9], OTHER),
            (first[11], OTHER),
            (first[2], PAUSED),
        )
        for flag, reason in faults:
            if flag == b"1":
                return Heard(Status("fault", reason))
        return Heard(OK, is_done=not int(first[4] or b"0") and not int(second[8] or b"0"))


class SilentTalk:
    """A language in which nothing is asked: CPCL's answer differs from maker to maker."""

    question = b""
    last_word = b""

    def hear(self, answer: bytes) -> Heard:
        """Nothing was asked, so nothing is believed."""
        del answer
        return Heard(UNKNOWN)


TALKS: dict[str, Talk] = {
    "escpos": EscPosTalk(),
    "tspl": TsplTalk(),
    "zpl": ZplTalk(),
    "cpcl": SilentTalk(),
}
