"""TSPL in text mode: type, codes and bars that the label printer makes itself.

`TSS24.BF2` is the printer's own Chinese of 24 dots. A text stands between quotes, so one that
holds a quote or the byte of a backslash (116 Chinese characters end in it) is drawn instead. What
is drawn goes to the printer first, and each piece at its own place: nothing lies over anything.
"""

from station_app.printing.compose import Composer
from station_app.printing.grid import in_charset, times
from station_app.printing.native import Cluster, apart, clusters, drawn, word_top
from station_app.printing.profiles import Profile
from station_app.printing.raster import cropped, inked_bands
from station_app.printing.stick import Cells, Ink, Layout, Piece, Stripes, Words
from station_app.printing.tspl import END, bitmap, head

FONT = b"TSS24.BF2"
QUOTED = b'"\\'  # what a text between quotes must not hold


def encode(layout: Layout, profile: Profile, composer: Composer) -> bytes:
    """Return the job that prints this label in text mode, laid out on the printer's grid."""
    commands: list[bytes] = []
    to_draw: list[Cluster] = []
    for cluster in clusters(layout):
        command = _command(cluster)
        if command:
            commands += [command, END]
        else:
            to_draw.append(cluster)
    pictures = [part for c in apart(to_draw) for part in _pictures(c, layout, composer)]
    high = profile.height or layout.height
    return b"".join([head(profile, high), *pictures, *commands, b"PRINT 1,1\r\n"])


def _command(cluster: Cluster) -> bytes:
    """Return what makes a cluster, nothing if it must be drawn."""
    pieces = cluster.pieces
    if len(pieces) == 2 and isinstance(pieces[0], Ink) and isinstance(pieces[1], Words):
        return _turned_over(pieces[0], pieces[1])
    piece: Piece | None = cluster.native
    if piece is None and len(pieces) == 1 and isinstance(pieces[0], Ink):
        piece = pieces[0]
    if isinstance(piece, Words):
        return _text(piece)
    if isinstance(piece, Ink):
        return b"BAR %d,%d,%d,%d" % (piece.x, piece.y, piece.width, piece.height)
    if not isinstance(piece, Stripes | Cells) or _has_quotes(piece.text.encode("ascii")):
        return b""
    data = piece.text.encode("ascii")
    if isinstance(piece, Cells):
        return b'QRCODE %d,%d,M,%d,A,0,"%s"' % (piece.x, piece.y, piece.module, data)
    place = (piece.x, piece.y, piece.height, piece.module, piece.module, data)
    return b'BARCODE %d,%d,"128",%d,0,0,%d,%d,"%s"' % place


def _turned_over(ground: Ink, words: Words) -> bytes:
    """Return white words on black: black ones on white, and the whole ground turned over."""
    text = _text(words) if words.inverse else b""
    if not text:
        return b""
    place = (ground.x, ground.y, ground.width, ground.height)
    return text + END + b"REVERSE %d,%d,%d,%d" % place


def _text(piece: Words) -> bytes:
    sent = in_charset(piece.text)
    if sent is None or _has_quotes(sent):
        return b""
    enlarged = times(piece.size)
    place = (piece.x, word_top(piece), FONT, enlarged, enlarged, sent)
    return b'TEXT %d,%d,"%s",0,%d,%d,"%s"' % place


def _has_quotes(sent: bytes) -> bool:
    return any(sign in sent for sign in QUOTED)


def _pictures(cluster: Cluster, layout: Layout, composer: Composer) -> list[bytes]:
    """Return a cluster in dots, as it is drawn within its own place."""
    sheet = drawn(cluster.pieces, layout, composer)
    parts: list[bytes] = []
    for first, end in inked_bands(sheet, sheet.height):
        parts += bitmap(cropped(sheet, first, end))
    return parts
