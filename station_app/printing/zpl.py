"""ZPL, the language of Zebra's label printers: a raster becomes the bytes of one label job.

The label is a `^GF` picture, in bands, cut down to the rows and columns that carry ink: no text is
ever sent as text, so no name can hold a command. Also, independent renderers push a native QR code
down by the height that a bar code before it had; dots stay where they are put.

How the dots are written is the profile's `graphic`: `rle` by default (hexadecimal with Zebra's
counts of repeats, which every ZPL printer reads), `hex` for a clone that does not, `z64` (zlib,
base64 and a CRC16-CCITT) a third as long for printers that are known to read it. Whether there are
gaps between the labels is the printer's own setting (`^MN`), found by its calibration: a job says
nothing about it.
"""

import base64
import binascii
import re
import zlib

from station_app.printing.profiles import Graphic, Profile
from station_app.printing.raster import Patch, Raster, cropped, inked_bands

_RUN = re.compile(r"([0-9A-F])\1+")
_TWENTIES = " ghijklmnopqrstuvwxyz"  # g = 20, h = 40 … z = 400
_ONES = " GHIJKLMNOPQRSTUVWXY"  # G = 1 … Y = 19
_RUN_LEAST = 3  # two signs for a run of two would save nothing
_TWENTY_MAX = 20
# Of one ^GF: its count has five digits, and 100 × 150 mm takes 120,000 bytes; some hold less.
FIELD_BYTES_MAX = 24_000


def encode(raster: Raster, profile: Profile) -> bytes:
    """Return the job that prints one copy of this raster."""
    high = profile.height or raster.height
    head = b"^XA\r\n^PW%d\r\n^LL%d\r\n^LH0,0\r\n" % (profile.width, high)
    fields = [_field(patch, profile.graphic) for patch in _patchs(raster, profile.graphic)]
    return b"".join([head, *fields, b"^XZ\r\n"])


def _patchs(raster: Raster, graphic: Graphic) -> list[Patch]:
    """Return the pictures to send: white rows go along where they cost next to nothing."""
    most = max(FIELD_BYTES_MAX // raster.stride, 1)
    bands = inked_bands(raster, most)
    if bands and graphic != "hex":
        top, bottom = bands[0][0], bands[-1][1]
        bands = [(at, min(at + most, bottom)) for at in range(top, bottom, most)]
    return [cropped(raster, first, end) for first, end in bands]


def _field(patch: Patch, graphic: Graphic) -> bytes:
    total = patch.stride * patch.height
    if graphic == "z64":
        dots = _z64(patch.rows)
    elif graphic == "hex":
        dots = patch.rows.hex().upper().encode("ascii")
    else:
        dots = _counted(patch)
    place = b"^FO%d,%d" % (patch.left * 8, patch.top)
    return b"%s^GFA,%d,%d,%d,%s^FS\r\n" % (place, total, total, patch.stride, dots)


def _z64(rows: bytes) -> bytes:
    packed = base64.b64encode(zlib.compress(rows, 9))
    return b":Z64:%s:%04X" % (packed, binascii.crc_hqx(packed, 0))


def _counted(patch: Patch) -> bytes:
    """Return rows as hexadecimal with counts; `,` and `!` end a row, `:` repeats the one above."""
    stride = patch.stride
    seen: dict[bytes, str] = {}
    parts, above = [], b""
    for at in range(0, len(patch.rows), stride):
        row = patch.rows[at : at + stride]
        if row == above:
            parts.append(":")
            continue
        if row not in seen:
            seen[row] = _row(row)
        parts.append(seen[row])
        above = row
    return "".join(parts).encode("ascii")


def _row(row: bytes) -> str:
    digits = row.hex().upper()
    for last, ending in (("0", ","), ("F", "!")):
        if digits.endswith(last):
            digits = digits.rstrip(last) + ending
            break
    return _RUN.sub(_run, digits)


def _run(match: re.Match[str]) -> str:
    """Return a run of one digit as count and digit."""
    length, digit = len(match[0]), match[1]
    if length < _RUN_LEAST:
        return match[0]
    signs = ""
    while length > _TWENTY_MAX * 20:
        signs += "z"
        length -= _TWENTY_MAX * 20
    twenties, ones = divmod(length, _TWENTY_MAX)
    return f"{signs}{_TWENTIES[twenties].strip()}{_ONES[ones].strip()}{digit}"
