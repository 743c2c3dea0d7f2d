"""ESC/POS, the language of receipt printers: a raster becomes the bytes of one slip.

The slip is a picture too (`GS v 0`, in bands that the printer's buffer holds), and no band is wider
than its ink. White rows are sent as a band one byte wide: a feed command would move by the
printer's own unit, which differs.
"""

from station_app.printing.profiles import Profile
from station_app.printing.raster import Raster, cropped, inked_bands

RESET = b"\x1b@"
FEED = b"\x1bd%c"
CUT = b"\x1dVB\x00"  # feed to the knife, leave one point
KICK = b"\x1bp\x00\x19\xfa"  # pin 2 for 50 ms


def encode(raster: Raster, profile: Profile) -> bytes:
    """Return the job that prints this raster, and cuts it off where there is a knife."""
    parts = [RESET, *pictures(raster, profile.band_rows)]
    if profile.feed_lines:
        parts.append(FEED % profile.feed_lines)
    if profile.cutter:
        parts.append(CUT)
    return b"".join(parts)


def pictures(raster: Raster, band_rows: int) -> list[bytes]:
    """Return the commands that print a raster in bands, each at most so many rows."""
    parts: list[bytes] = []
    row = 0
    for first, end in inked_bands(raster, band_rows):
        parts += _white(first - row, band_rows)
        patch = cropped(raster, first, end, from_edge=True)
        parts += (_head(patch.stride, patch.height), patch.rows)
        row = end
    return parts + _white(raster.height - row, band_rows)


def kick(profile: Profile) -> bytes:
    """Return what opens the cash drawer, nothing if none hangs on this printer."""
    return KICK if profile.drawer else b""


def _head(wide: int, high: int) -> bytes:
    return b"\x1dv0\x00" + wide.to_bytes(2, "little") + high.to_bytes(2, "little")


def _white(rows: int, band_rows: int) -> list[bytes]:
    """Return commands for empty paper, one byte wide."""
    parts = []
    while rows > 0:
        high = min(rows, band_rows)
        parts.append(_head(1, high) + bytes(high))
        rows -= high
    return parts
