"""What of a laid-out paper a printer can set itself, and what must be drawn for it.

A piece is native when the printer has it: a line of type whose characters are all in its charset, a
bar code, a QR code, a black bar. Everything else is drawn, and so is whatever a drawn piece lies
upon: words on a black ground, words within a frame. Pure: it only sorts.
"""

from collections.abc import Sequence

import msgspec

from station_app.printing.compose import DASH_THICK, Composer
from station_app.printing.grid import CELL, cell_width, in_charset, times
from station_app.printing.raster import Raster
from station_app.printing.stick import (
    Cells,
    Dashes,
    Ink,
    Layout,
    Piece,
    Stripes,
    Words,
    baseline_of,
)


class Place(msgspec.Struct, frozen=True):
    """Where a piece lies: its upper left dot, and the first dot to the right of and below it."""

    left: int
    top: int
    right: int
    bottom: int

    def touches(self, other: "Place") -> bool:
        """Tell whether two places have a dot in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def around(self, other: "Place") -> "Place":
        """Return the smallest place that holds both."""
        return Place(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


class Cluster(msgspec.Struct, frozen=True):
    """Pieces that belong together: one native piece, or some that touch and are drawn as one."""

    place: Place
    pieces: tuple[Piece, ...]

    @property
    def native(self) -> Piece | None:
        """The piece that the printer makes itself."""
        return self.pieces[0] if len(self.pieces) == 1 and is_native(self.pieces[0]) else None


def is_native(piece: Piece) -> bool:
    """Tell whether a printer can make this piece from its text."""
    if isinstance(piece, Words):
        return not piece.inverse and in_charset(piece.text) is not None
    if isinstance(piece, Stripes | Cells):
        return bool(piece.text) and piece.text.isascii() and piece.text.isprintable()
    return False


def place_of(piece: Piece) -> Place:
    """Return where a piece lies; a line of type takes the cell of the printer's type."""
    if isinstance(piece, Words):
        top, high = word_top(piece), times(piece.size) * CELL
        wide = sum(cell_width(char) for char in piece.text) * times(piece.size)
        return Place(piece.x, top, piece.x + wide, top + high)
    if isinstance(piece, Cells):
        side = len(piece.rows) * piece.module
        return Place(piece.x, piece.y, piece.x + side, piece.y + side)
    high = DASH_THICK if isinstance(piece, Dashes) else piece.height
    return Place(piece.x, piece.y, piece.x + piece.width, piece.y + high)


def word_top(piece: Words) -> int:
    """Return the first row of a line's cell: the baselines of both types are the same."""
    return max(piece.baseline - baseline_of(times(piece.size) * CELL), 0)


def clusters(layout: Layout) -> list[Cluster]:
    """Return the pieces of a paper in clusters, from the top."""
    found: list[tuple[list[tuple[Place, Piece]], Place]] = []
    for piece in layout.pieces:
        place = place_of(piece)
        near, apart = [(place, piece)], []
        whole = place
        for held, around in found:
            if around.touches(place) and any(_meet(one, (place, piece)) for one in held):
                near = [*held, *near]
                whole = whole.around(around)
            else:
                apart.append((held, around))
        found = [*apart, (near, whole)]
    made = [Cluster(whole, tuple(piece for _, piece in held)) for held, whole in found]
    return sorted(made, key=lambda one: (one.place.top, one.place.left))


def _meet(one: tuple[Place, Piece], other: tuple[Place, Piece]) -> bool:
    """Tell whether two pieces must be made together; black upon black needs no care."""
    both_black = isinstance(one[1], Ink | Dashes) and isinstance(other[1], Ink | Dashes)
    return not both_black and one[0].touches(other[0])


def apart(found: Sequence[Cluster]) -> list[Cluster]:
    """Return drawn clusters so that no picture lies over another: those that would are merged."""
    kept: list[Cluster] = []
    for cluster in found:
        merged = cluster
        while near := [other for other in kept if other.place.touches(merged.place)]:
            kept = [other for other in kept if other not in near]
            for other in near:
                merged = Cluster(merged.place.around(other.place), (*other.pieces, *merged.pieces))
        kept.append(merged)
    return kept


def drawn(pieces: Sequence[Piece], layout: Layout, composer: Composer) -> Raster:
    """Return the dots of some pieces in the order of the layout, on a whole sheet of white."""
    chosen = tuple(piece for piece in layout.pieces if any(piece is one for one in pieces))
    return composer.compose(Layout(layout.width, layout.height, chosen))
