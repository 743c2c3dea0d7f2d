"""Reads ZPL as a label printer does, and prints it on simulated labels.

Only what a printer must know of it to print pictures: `^GF` in hexadecimal, with counts of repeats,
and as `:Z64:`. Anything else is rubbish on paper.
"""

import base64
import re
import zlib
from collections.abc import Callable

from station_app.devices.simulated_paper import Mechanism, Unreadable

ASK = b"~HS"
LABEL = re.compile(rb"\^XA(.*?)\^XZ", re.S)
JOB_BYTES_MAX = 4_000_000
PLACE = re.compile(rb"(\d+),(\d+)")
GRAPHIC = re.compile(rb"A,(\d+),(\d+),(\d+),(.*)", re.S)
PACKED = re.compile(rb":Z64:([A-Za-z0-9+/=]+):([0-9A-Fa-f]{4})")
COUNT = {chr(ord("G") + step): step + 1 for step in range(19)}
COUNT |= {chr(ord("g") + step): 20 * (step + 1) for step in range(20)}


class ZplReader:
    """Takes the bytes of any number of jobs, in pieces of any size."""

    def __init__(self, mechanism: Mechanism, answer: Callable[[bytes], None]) -> None:
        """Print with `mechanism`; `answer` sends bytes back to whoever asks."""
        self._mechanism = mechanism
        self._answer = answer
        self._held = bytearray()

    def feed(self, more: bytes) -> None:
        """Carry out what is complete and hold the rest. Raises Unreadable."""
        self._held += more
        while True:
            del self._held[: len(self._held) - len(self._held.lstrip(b"\r\n"))]
            if self._held.startswith(ASK):
                del self._held[: len(ASK)]
                self._answer(self._state())
                continue
            label = LABEL.match(self._held)
            if not label:
                break
            body = bytes(label[1])
            del self._held[: label.end()]
            self._print(body)
        if len(self._held) > JOB_BYTES_MAX or not self._may_begin():
            raise Unreadable(f"{bytes(self._held[:40])!r} is no label")

    def end(self) -> None:
        """The connection is closed: half a label is lost."""
        self._held.clear()

    def _may_begin(self) -> bool:
        """Tell whether what is held may become a label or a question."""
        head = bytes(self._held[:3])
        return any(whole.startswith(head) for whole in (b"^XA", ASK))

    def _print(self, body: bytes) -> None:
        width = down = 0
        page: list[bytearray] = []
        at = (0, 0)
        for command in body.replace(b"\r\n", b"").split(b"^")[1:]:
            name, given = command[:2].decode("ascii", "replace"), command[2:]
            if name == "PW":
                width = int(given)
            elif name == "LL":
                down = int(given)
                page = [bytearray(width // 8) for _ in range(down)]
            elif name == "FO" and (place := PLACE.fullmatch(given)):
                at = (int(place[1]), int(place[2]))
            elif name == "GF":
                self._draw(page, at, given)
            elif (name, given) not in (("FS", b""), ("LH", b"0,0")):
                raise Unreadable(f"^{command[:40]!r} is no command")
            self._mechanism.commands.append(name)
        for row in page:
            self._mechanism.burn(bytes(row))
        self._mechanism.part()

    def _draw(self, page: list[bytearray], at: tuple[int, int], given: bytes) -> None:
        graphic = GRAPHIC.fullmatch(given)
        if not graphic:
            raise Unreadable(f"^GF{given[:40]!r} is no picture")
        across, dots = int(graphic[3]), _dots(graphic[4], int(graphic[3]))
        if len(dots) != int(graphic[2]) or at[0] % 8:
            raise Unreadable(f"a picture of {len(dots)} bytes at {at}")
        for number in range(0, len(dots), across):
            y, x = at[1] + number // across, at[0] // 8
            if y >= len(page) or x + across > len(page[y]):
                raise Unreadable(f"a picture at {at} leaves the label")
            row = page[y]
            for place, byte in enumerate(dots[number : number + across]):
                row[x + place] |= byte

    def _state(self) -> bytes:
        mechanism = self._mechanism
        paper, head = int(mechanism.is_out_of_paper), int(mechanism.cover_open)
        first = f"030,{paper},0,0320,000,0,0,0,000,0,0,0"
        second = f"000,0,{head},0,0,2,0,0,00000000,1,000"
        lines = (first, second, "1234,0")
        return b"".join(b"\x02%s\x03\r\n" % line.encode("ascii") for line in lines)


def _dots(written: bytes, across: int) -> bytes:
    packed = PACKED.fullmatch(written)
    if packed:
        if _crc(packed[1]) != int(packed[2], 16):
            raise Unreadable("the sum of a packed picture is wrong")
        return zlib.decompress(base64.b64decode(packed[1], validate=True))
    if written.startswith(b":Z64"):
        raise Unreadable("half a packed picture")
    return bytes.fromhex(_unfolded(written.decode("ascii"), across * 2))


def _unfolded(written: str, wide: int) -> str:
    """Return the digits of all rows, each so many, with counts and shorthands written out."""
    whole, row, count = "", "", 0
    for sign in written:
        if sign in COUNT:
            count += COUNT[sign]
            continue
        if sign in ",!":
            row += {",": "0", "!": "F"}[sign] * (wide - len(row))
        elif sign == ":":
            if row or not whole:
                raise Unreadable("a row that repeats begins in the middle of one")
            row = whole[-wide:]
        else:
            row += sign * (count or 1)
        count = 0
        while len(row) >= wide:
            whole, row = whole + row[:wide], row[wide:]
    if row:
        raise Unreadable("half a row")
    return whole


def _crc(signs: bytes) -> int:
    """CRC-16-CCITT, polynomial 0x1021, from zero, bit by bit."""
    crc = 0
    for sign in signs:
        for place in range(7, -1, -1):
            top = crc >> 15 ^ sign >> place & 1
            crc = crc << 1 & 0xFFFF ^ (0x1021 if top else 0)
    return crc
