"""What a printer is told in text mode, read back by code that shares nothing with the encoders.

Each reader returns the deeds of a job in order: `("text", x, y, times, words)`, `("code", text)`,
`("picture", x, y, rows)` and words like `cut`. What is no command of the language is rubbish on
paper, and raises Rubbish.
"""

import re
from collections.abc import Iterator

Deed = tuple[object, ...]
CODE_B, CODE_C = b"{B", b"{C"


class Rubbish(ValueError):
    """The bytes are no commands of this language."""


def escpos_deeds(job: bytes) -> list[Deed]:
    """Return what an ESC/POS printer does with a job in text mode."""
    printer = _EscPos()
    at = 0
    while at < len(job):
        at += printer.take(job, at)
    return printer.deeds


# Command → how many bytes follow it, and what it sets.
_SETTINGS = {
    b"\x1b3": (1, "pitch"),
    b"\x1b$": (2, "x"),
    b"\x1d!": (1, "enlarged"),
    b"\x1c!": (1, "chinese"),
    b"\x1bE": (1, ""),
    b"\x1ba": (1, ""),
    b"\x1dh": (1, ""),
    b"\x1dw": (1, ""),
    b"\x1dH": (1, ""),
}
_DEEDS = {b"\x1b@": "reset", b"\x1c&": "chinese", b"\x1dVB\x00": "cut"}


class _EscPos:
    """A printer that stands at a dot, with its letters enlarged so many times."""

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self._y = 0
        self._set = {"x": 0, "pitch": 30, "enlarged": 0, "chinese": 0}

    def take(self, job: bytes, at: int) -> int:
        """Carry out what stands at `at`; return how many bytes it took."""
        two = job[at : at + 2]
        if job[at] >= 0x20:
            return self._words(job, at)
        if job[at] == 0x0A:
            self._set["x"], self._y = 0, self._y + self._set["pitch"]
            return 1
        if two in _SETTINGS:
            count, name = _SETTINGS[two]
            self._set[name] = int.from_bytes(job[at + 2 : at + 2 + count], "little")
            return 2 + count
        for command, deed in _DEEDS.items():
            if job.startswith(command, at):
                self.deeds.append((deed,))
                return len(command)
        if two in (b"\x1bJ", b"\x1bd"):
            self._y += job[at + 2] * (1 if two == b"\x1bJ" else self._set["pitch"])
            return 3
        return self._code(job, at) or self._picture(job, at)

    def _words(self, job: bytes, at: int) -> int:
        end = at
        while end < len(job) and job[end] >= 0x20:
            end += 1
        across, down = self._set["enlarged"] >> 4, self._set["enlarged"] & 7
        if across != down or bool(across) != bool(self._set["chinese"]):
            raise Rubbish("letters of two sizes at once")
        words = job[at:end].decode("gb18030")
        self.deeds.append(("text", self._set["x"], self._y, down + 1, words))
        return end - at

    def _code(self, job: bytes, at: int) -> int:
        if job.startswith(b"\x1dk\x49", at):
            count = job[at + 3]
            self.deeds.append(("code", _code128(job[at + 4 : at + 4 + count])))
            return 4 + count
        if not job.startswith(b"\x1d(k", at):
            return 0
        count = job[at + 3] + 256 * job[at + 4]
        body = job[at + 5 : at + 5 + count]
        if body.startswith(b"1P0"):
            self.deeds.append(("code", body[3:].decode("utf-8")))
        return 5 + count

    def _picture(self, job: bytes, at: int) -> int:
        if not job.startswith(b"\x1dv0\x00", at):
            raise Rubbish(f"{job[at : at + 8]!r} at {at}")
        across = job[at + 4] + 256 * job[at + 5]
        down = job[at + 6] + 256 * job[at + 7]
        end = at + 8 + across * down
        rows = tuple(job[n : n + across] for n in range(at + 8, end, across))
        self.deeds.append(("picture", 0, self._y, rows))
        self._y += down
        return end - at


def _code128(data: bytes) -> str:
    """Return what the bars of `GS k` 73 say: sets are chosen by {B and {C."""
    text, code, at = "", b"", 0
    while at < len(data):
        if data[at : at + 2] in (CODE_B, CODE_C):
            code, at = data[at : at + 2], at + 2
        elif code == CODE_C:
            text, at = text + f"{data[at]:02d}", at + 1
        elif data[at : at + 2] == b"{{":
            text, at = text + "{", at + 2
        else:
            text, at = text + chr(data[at]), at + 1
    return text


_SIMPLE = re.compile(rb"(SIZE|GAP|DIRECTION|CLS|PRINT)\b[ \w,]*\Z")
_TEXT = re.compile(rb'TEXT (\d+),(\d+),"TSS24\.BF2",0,(\d),(\d),"([^"\\]*)"\Z')
_BAR = re.compile(rb"BAR (\d+),(\d+),(\d+),(\d+)\Z")
_REVERSE = re.compile(rb"REVERSE (\d+),(\d+),(\d+),(\d+)\Z")
_BARCODE = re.compile(rb'BARCODE (\d+),(\d+),"128",(\d+),0,0,(\d),(\d),"([^"\\]*)"\Z')
_QR = re.compile(rb'QRCODE (\d+),(\d+),M,(\d+),A,0,"([^"\\]*)"\Z')
_BITMAP = re.compile(rb"BITMAP (\d+),(\d+),(\d+),(\d+),0,")


def tspl_deeds(job: bytes) -> list[Deed]:
    """Return what a TSPL printer does with a job in text mode."""
    return list(_tspl(job))


def _tspl(job: bytes) -> Iterator[Deed]:
    at = 0
    while at < len(job):
        picture = _BITMAP.match(job, at)
        if picture:
            x, y, across, down = map(int, picture.groups())
            start = picture.end()
            rows = tuple(
                bytes(255 - dot for dot in job[n : n + across])
                for n in range(start, start + across * down, across)
            )
            yield ("picture", x, y, rows)
            at = start + across * down
            if job[at : at + 2] != b"\r\n":
                raise Rubbish("a picture of another length")
            at += 2
            continue
        end = job.index(b"\r\n", at)
        line, at = job[at:end], end + 2
        if text := _TEXT.match(line):
            if text[3] != text[4]:
                raise Rubbish("letters of two sizes at once")
            words = text[5].decode("gb18030")
            yield ("text", int(text[1]), int(text[2]), int(text[3]), words)
        elif code := _BARCODE.match(line) or _QR.match(line):
            yield ("code", code.groups()[-1].decode("ascii"))
        elif _BAR.match(line) or _REVERSE.match(line):
            yield ("black",)
        elif simple := _SIMPLE.match(line):
            yield (simple[1].decode("ascii"),)
        else:
            raise Rubbish(repr(line[:60]))
