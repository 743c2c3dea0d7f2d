"""TSPL, the language of label printers: a raster becomes the bytes of one label job.

The whole label is a picture, so nothing that stands on it can be a command. Only rows and columns
that carry ink are sent, in a `BITMAP` each (bit 0 burns): 12 of 19 kB of a parcel label, and a
serial printer takes a second for each of them.
"""

from station_app.printing.document import DOTS_PER_MM
from station_app.printing.profiles import Profile
from station_app.printing.raster import Raster, inked_bands

_BURN = bytes(255 - value for value in range(256))
_END = b"\r\n"


def encode(raster: Raster, profile: Profile) -> bytes:
    """Return the job that prints one copy of this raster."""
    high = profile.height or raster.height
    parts = [
        b"SIZE %d mm,%d mm\r\nGAP %d mm,0 mm\r\nDIRECTION %d\r\nCLS\r\n"
        % (_mm(profile.width), _mm(high), profile.gap_mm, profile.direction)
    ]
    for first, end in inked_bands(raster, raster.height):
        parts += _bitmap(raster, first, end)
    parts.append(b"PRINT 1,1\r\n")
    return b"".join(parts)


def _bitmap(raster: Raster, first: int, end: int) -> tuple[bytes, bytes, bytes]:
    """Return one picture command: its head, its dots turned over, its end."""
    stride, height = raster.stride, end - first
    block = raster.rows[first * stride : end * stride]
    left, right = _margins(block, stride, height)
    if left or right:
        after = stride - right
        block = b"".join(
            [block[at + left : at + after] for at in range(0, height * stride, stride)]
        )
    head = b"BITMAP %d,%d,%d,%d,0," % (left * 8, first, stride - left - right, height)
    return head, block.translate(_BURN), _END


def _margins(block: bytes, stride: int, height: int) -> tuple[int, int]:
    """Return how many whole bytes are white in every row, at the left and at the right.

    All rows are laid over each other by halves, which takes seven steps for a hundred rows.
    """
    bits = int.from_bytes(block, "big")
    row = stride * 8
    while height > 1:
        lower = height - height // 2
        bits = bits >> lower * row | bits & (1 << lower * row) - 1
        height = lower
    return (row - bits.bit_length()) // 8, ((bits & -bits).bit_length() - 1) // 8


def _mm(dots: int) -> int:
    return -(-dots // DOTS_PER_MM)
