"""TSPL, the language of label printers: a raster becomes the bytes of one label job.

The whole label is a picture, so nothing that stands on it can be a command. Only rows and columns
that carry ink are sent, in a `BITMAP` each (bit 0 burns): 12 of 19 kB of a parcel label, and a
serial printer takes a second for each of them.
"""

from station_app.printing.document import DOTS_PER_MM
from station_app.printing.profiles import Profile
from station_app.printing.raster import Patch, Raster, cropped, inked_bands

_BURN = bytes(255 - value for value in range(256))
END = b"\r\n"


def encode(raster: Raster, profile: Profile) -> bytes:
    """Return the job that prints one copy of this raster."""
    parts = [head(profile, profile.height or raster.height)]
    for first, end in inked_bands(raster, raster.height):
        parts += bitmap(cropped(raster, first, end))
    parts.append(b"PRINT 1,1\r\n")
    return b"".join(parts)


def head(profile: Profile, high: int) -> bytes:
    """Return what a job begins with: the size of the label, `high` rows, and a clean sheet."""
    return b"SIZE %d mm,%d mm\r\nGAP %d mm,0 mm\r\nDIRECTION %d\r\nCLS\r\n" % (
        _mm(profile.width),
        _mm(high),
        profile.gap_mm,
        profile.direction,
    )


def bitmap(patch: Patch) -> tuple[bytes, bytes, bytes]:
    """Return one picture command: its head, its dots turned over, its end."""
    command = b"BITMAP %d,%d,%d,%d,0," % (patch.left * 8, patch.top, patch.stride, patch.height)
    return command, patch.rows.translate(_BURN), END


def _mm(dots: int) -> int:
    return -(-dots // DOTS_PER_MM)
