"""ESC/POS in text mode: type and codes that the printer makes itself, a tenth of the bytes.

The paper is cut into bands by its white rows. A band that holds only lines of type is one line of
the printer: each text begins at its own dot. A bar code or QR code is a band of its own. Whatever
else there is in a band, it is drawn. What is sent as text was found to be in the charset, holds no
control character and no byte below a blank, so that no name can be a command.
"""

from collections.abc import Sequence

from station_app.printing import code128, escpos
from station_app.printing.compose import Composer
from station_app.printing.grid import CELL, in_charset, times
from station_app.printing.native import Cluster, clusters, drawn
from station_app.printing.profiles import Profile
from station_app.printing.raster import Raster
from station_app.printing.stick import Cells, Layout, Stripes, Words

CHINESE = b"\x1c&"
PITCH = b"\x1b3%c"  # of lines, in dots
FEED_DOTS = b"\x1bJ%c"
AT = b"\x1b$"
ENLARGED = b"\x1d!%c"
CHINESE_ENLARGED = b"\x1c!%c"  # many clones enlarge Chinese by this one only
BOLD = b"\x1bE%c"
ALIGN = b"\x1ba%c"
CENTRE, LEFT = 1, 0
DOTS_MAX = 255  # of one feed
BARS_HIGH_MAX = 255
QR_MODULE_MAX = 16
TWICE = 0x0C  # double width and height in FS !


def encode(layout: Layout, profile: Profile, composer: Composer) -> bytes:
    """Return the job that prints this paper in text mode, laid out on the printer's grid."""
    parts = [escpos.RESET, CHINESE]
    row = 0
    for top, bottom, band in _bands(layout):
        parts += _feed(top - row)
        parts += _band(band, layout, profile, composer)
        row = bottom
    parts += _feed(layout.height - row)
    if profile.feed_lines:
        parts.append(PITCH % CELL)
        parts.append(escpos.FEED % profile.feed_lines)
    if profile.cutter:
        parts.append(escpos.CUT)
    return b"".join(parts)


def _bands(layout: Layout) -> list[tuple[int, int, list[Cluster]]]:
    """Return the clusters by runs of rows that no white row parts."""
    bands: list[tuple[int, int, list[Cluster]]] = []
    for cluster in clusters(layout):
        place = cluster.place
        if bands and place.top < bands[-1][1]:
            top, bottom, held = bands[-1]
            bands[-1] = (top, max(bottom, place.bottom), [*held, cluster])
        else:
            bands.append((place.top, place.bottom, [cluster]))
    return bands


def _band(
    band: Sequence[Cluster], layout: Layout, profile: Profile, composer: Composer
) -> list[bytes]:
    natives = [cluster.native for cluster in band]
    if all(isinstance(piece, Words) for piece in natives):
        return _line([piece for piece in natives if isinstance(piece, Words)])
    if len(natives) == 1 and isinstance(natives[0], Stripes):
        return _bars(natives[0])
    if len(natives) == 1 and isinstance(natives[0], Cells):
        return _qr(natives[0])
    pieces = [piece for cluster in band for piece in cluster.pieces]
    top = min(cluster.place.top for cluster in band)
    bottom = max(cluster.place.bottom for cluster in band)
    sheet = drawn(pieces, layout, composer)
    rows = sheet.rows[top * sheet.stride : bottom * sheet.stride]
    picture = Raster(sheet.width, min(bottom, sheet.height) - top, rows)
    return escpos.pictures(picture, profile.band_rows)


def _line(words: Sequence[Words]) -> list[bytes]:
    """Return one line of the printer, as high as its largest type."""
    highest = max(times(piece.size) for piece in words)
    parts = [PITCH % min(highest * CELL, DOTS_MAX)]
    for piece in sorted(words, key=lambda one: one.x):
        sent = in_charset(piece.text)
        assert sent is not None
        enlarged = times(piece.size) - 1
        parts += (
            AT + piece.x.to_bytes(2, "little"),
            ENLARGED % (enlarged << 4 | enlarged),
            CHINESE_ENLARGED % (TWICE if enlarged else 0),
            BOLD % piece.bold,
            sent,
        )
    parts.append(b"\n")
    return parts


def _bars(piece: Stripes) -> list[bytes]:
    """Return a Code 128 without its text, in the sets that our own row of symbols takes."""
    data = _code_sets(code128.symbols(piece.text))
    return [
        ALIGN % CENTRE,
        b"\x1dh%c\x1dw%c\x1dH\x00" % (min(piece.height, BARS_HIGH_MAX), piece.module),
        b"\x1dk\x49%c" % len(data),
        data,
        ALIGN % LEFT,
    ]


def _code_sets(row: Sequence[int]) -> bytes:
    """Return the symbols as `GS k` takes them: {B and {C switch, pairs of digits are one byte."""
    in_c = row[0] == code128.START_C
    data = b"{C" if in_c else b"{B"
    for symbol in row[1:-2]:
        if symbol == (code128.TO_B if in_c else code128.TO_C):
            in_c = not in_c
            data += b"{C" if in_c else b"{B"
        elif in_c:
            data += bytes((symbol,))
        else:
            char = bytes((symbol + 32,))
            data += b"{{" if char == b"{" else char
    return data


def _qr(piece: Cells) -> list[bytes]:
    data = piece.text.encode("ascii")
    module = min(piece.module, QR_MODULE_MAX)
    return [
        ALIGN % CENTRE,
        b"\x1d(k\x04\x001A2\x00",  # model 2
        b"\x1d(k\x03\x001C%c" % module,
        b"\x1d(k\x03\x001E1",  # level M
        b"\x1d(k" + (len(data) + 3).to_bytes(2, "little") + b"1P0" + data,
        b"\x1d(k\x03\x001Q0",
        ALIGN % LEFT,
    ]


def _feed(rows: int) -> list[bytes]:
    parts = []
    while rows > 0:
        parts.append(FEED_DOTS % min(rows, DOTS_MAX))
        rows -= DOTS_MAX
    return parts
