"""CPCL, the language of portable printers (HPRT, Zebra): a raster becomes one print session.

The paper is a picture, a `CG` for each run of rows that carry ink, cut down to the columns that do:
portable printers hang on slow lines. `FORM` is sent only for labels, where it feeds to the gap.
"""

from station_app.printing.profiles import Profile
from station_app.printing.raster import Raster, cropped, inked_bands

DOTS_PER_INCH = 203


def encode(raster: Raster, profile: Profile) -> bytes:
    """Return the job that prints one copy of this raster."""
    high = profile.height or raster.height
    parts = [
        b"! 0 %d %d %d 1\r\nPAGE-WIDTH %d\r\n" % (DOTS_PER_INCH, DOTS_PER_INCH, high, profile.width)
    ]
    for first, end in inked_bands(raster, profile.band_rows):
        patch = cropped(raster, first, end)
        place = patch.stride, patch.height, patch.left * 8, patch.top
        parts += (b"CG %d %d %d %d " % place, patch.rows, b"\r\n")
    if profile.height:
        parts.append(b"FORM\r\n")
    parts.append(b"PRINT\r\n")
    return b"".join(parts)
