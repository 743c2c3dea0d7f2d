"""A paper as dots: one bit each, 1 burns black. What the screen previews and the printer gets.

Rows are whole bytes, the leftmost dot in the highest bit, since both printer languages and Qt's
Mono images want them so. Every paper width that exists is a multiple of 8 dots.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raster:
    """width and height in dots; rows: height × width/8 bytes from the top."""

    width: int
    height: int
    rows: bytes

    def __post_init__(self) -> None:
        if self.width % 8 or len(self.rows) != self.height * self.width // 8:
            raise ValueError(f"{len(self.rows)} bytes are no {self.width} × {self.height} dots")

    @property
    def stride(self) -> int:
        """Bytes of one row."""
        return self.width // 8

    def row(self, number: int) -> bytes:
        """Return one row of dots."""
        return self.rows[number * self.stride : (number + 1) * self.stride]


@dataclass(frozen=True, slots=True)
class Patch:
    """Rows cut out of a raster without their white margins.

    left: whole bytes from the left edge of the paper; top: row of the paper; stride: bytes a row.
    """

    left: int
    top: int
    stride: int
    height: int
    rows: bytes


def cropped(raster: Raster, first: int, end: int, *, from_edge: bool = False) -> Patch:
    """Return the rows from `first` up to `end` without the columns that are white in all of them.

    from_edge: keep what is white at the left, for a printer that cannot begin elsewhere. The patch
    has at least one column.
    """
    stride, height = raster.stride, end - first
    rows = raster.rows[first * stride : end * stride]
    left, right = _margins(rows, stride, height)
    if from_edge:
        left = 0
    if left or right:
        after = stride - right
        rows = b"".join([rows[at + left : at + after] for at in range(0, height * stride, stride)])
    return Patch(left, first, stride - left - right, height, rows)


def _margins(rows: bytes, stride: int, height: int) -> tuple[int, int]:
    """Return how many whole bytes are white in every row, at the left and at the right.

    All rows are laid over each other by halves, which takes seven steps for a hundred rows.
    """
    bits = int.from_bytes(rows, "big")
    row = stride * 8
    while height > 1:
        lower = height - height // 2
        bits = bits >> lower * row | bits & (1 << lower * row) - 1
        height = lower
    if not bits:
        return 0, stride - 1
    return (row - bits.bit_length()) // 8, ((bits & -bits).bit_length() - 1) // 8


def inked_bands(raster: Raster, rows_max: int) -> list[tuple[int, int]]:
    """Return the runs of rows that carry ink as (first, after last), each at most `rows_max`.

    Blank rows are found by searching the bytes, not by looking at each row: this runs at every
    scan.
    """
    stride, rows, total = raster.stride, raster.rows, len(raster.rows)
    bands: list[tuple[int, int]] = []
    end = 0
    while True:
        ink_on = total - len(rows[end * stride :].lstrip(b"\0"))
        if ink_on == total:
            return bands
        first = ink_on // stride
        end = _next_blank(raster, first)
        bands += [(at, min(at + rows_max, end)) for at in range(first, end, rows_max)]


def _next_blank(raster: Raster, row: int) -> int:
    """Return the first row from `row` on that carries no ink, or the height of the paper."""
    stride, rows = raster.stride, raster.rows
    blank = bytes(stride)
    while True:
        white = rows.find(blank, row * stride)
        if white < 0:
            return raster.height
        row = -(-white // stride)
        if rows.startswith(blank, row * stride):
            return row
        if row >= raster.height:
            return raster.height
