"""Reads the amounts off a printed slip, from its dots alone: rows, then Tesseract for the signs.

The paper comes as the PNG of one bit a dot that the simulated printer drew from the bytes it got.
A row with a wide gap is a label at the left and an amount at the right; the two columns are read
apart, the labels as Chinese, the amounts as digits, so that no 1 becomes an l.
"""

import re
import struct
import subprocess
import tempfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

Row = list[int]
"""The dots of a line: 1 is black."""

GAP = 30  # dots of white between a label and its amount at least
LOW, CLEAR, SCALE = 14, 24, 2  # a row of signs is higher; white around each; enlarged so often
BLOCK = "6"  # how Tesseract is to look at a picture
DIGITS = "0123456789.,-¥"
_AMOUNT = re.compile(r"([\d,]+\.\d\d)$")


@dataclass(frozen=True)
class Printed:
    """A row of a slip: label, amount in fen, first line of dots and the one behind the last."""

    label: str
    fen: int
    top: int
    bottom: int


def read_slip(paper: Path) -> list[tuple[str, int]]:
    """Return (label, fen) of every row that bears an amount, from top to bottom."""
    return [(row.label, row.fen) for row in read_rows(paper)]


def read_rows(paper: Path) -> list[Printed]:
    """Return every row that bears an amount."""
    return list(_read(paper.read_bytes()))


@lru_cache(maxsize=16)
def _read(png: bytes) -> tuple[Printed, ...]:
    """Read a paper; the same dots are read once, however many questions are asked about them."""
    bands = [(top, band, _columns(band)) for top, band in _bands(_dots(png))]
    bands = [(top, band, cells) for top, band, cells in bands if cells[1]]
    words = _signs([left for _, _, (left, _) in bands], "chi_sim")
    digits = _signs([right for _, _, (_, right) in bands], "eng", DIGITS)
    found = []
    for (top, band, (_, right)), label, amount in zip(bands, words, digits, strict=True):
        read = _AMOUNT.search(amount.replace("¥", ""))
        if read is not None:
            sign = -1 if _begins_with_a_minus(right) else 1
            fen = sign * int(re.sub(r"[,.]", "", read[1]))
            found.append(Printed(label, fen, top, top + len(band)))
    return tuple(found)


def _dots(png: bytes) -> list[Row]:
    """Return the dots of a PNG of one bit a dot without filters."""
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert (depth, colour) == (1, 0), "not a paper of the simulated printer"
    place, packed = 8, b""
    while place < len(png):
        size = struct.unpack(">I", png[place : place + 4])[0]
        if png[place + 4 : place + 8] == b"IDAT":
            packed += png[place + 8 : place + 8 + size]
        place += 12 + size
    raw, stride = zlib.decompress(packed), width // 8 + 1
    rows = []
    for number in range(height):
        line = raw[number * stride : (number + 1) * stride]
        assert line[0] == 0, "a filter"
        rows.append([1 - (byte >> (7 - bit) & 1) for byte in line[1:] for bit in range(8)])
    return rows


def _bands(rows: list[Row]) -> list[tuple[int, list[Row]]]:
    """Return the rows of signs and where each begins: what stands between white lines.

    A black band is turned white.
    """
    bands: list[tuple[int, list[Row]]] = []
    current: list[Row] = []
    for number, row in enumerate([*rows, [0]]):
        if any(row):
            current.append(row)
            continue
        if len(current) >= LOW:
            bands.append((number - len(current), _turned(current)))
        current = []
    return bands


def _turned(band: list[Row]) -> list[Row]:
    black = sum(map(sum, band)) * 2 > len(band) * len(band[0])
    return [[1 - dot for dot in row] for row in band] if black else band


def _columns(band: list[Row]) -> tuple[list[Row], list[Row]]:
    """Return the label and the amount of a band; no amount where there is no gap, or two."""
    inked = [any(row[at] for row in band) for at in range(len(band[0]))]
    first, last = inked.index(True), len(inked) - inked[::-1].index(True)
    gaps, start = [], first
    for at in range(first, last):
        if inked[at]:
            if at - start > GAP:
                gaps.append((start, at))
            start = at + 1
    if len(gaps) != 1:
        return band, []
    end, begin = gaps[0]
    return [row[first:end] for row in band], [row[begin:last] for row in band]


def _begins_with_a_minus(amount: list[Row]) -> bool:
    """Tell whether the first sign is a bar in the middle: wider than high, and nothing else."""
    width = next(
        (at for at in range(len(amount[0])) if not any(row[at] for row in amount)), len(amount[0])
    )
    inked = [number for number, row in enumerate(amount) if any(row[:width])]
    return (inked[-1] - inked[0]) * 2 < width


def _signs(cells: list[list[Row]], language: str, only: str = "") -> list[str]:
    """Return what Tesseract reads in each cell, "" where nothing; all are one picture, apart."""
    width = max(len(cell[0]) for cell in cells) + 2 * CLEAR
    tall = max(len(cell) for cell in cells) + 2 * CLEAR
    rows: list[Row] = []
    for cell in cells:
        framed = [[0] * CLEAR + row + [0] * (width - CLEAR - len(row)) for row in cell]
        above = (tall - len(cell)) // 2
        rows += [[0] * width] * above + framed + [[0] * width] * (tall - above - len(cell))
    large = [[dot for dot in row for _ in range(SCALE)] for row in rows for _ in range(SCALE)]
    pixels = b"".join(bytes(255 * (1 - dot) for dot in row) for row in large)
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "cells.pgm"
        picture.write_bytes(b"P5 %d %d 255\n" % (len(large[0]), len(large)) + pixels)
        told = subprocess.run(
            ["tesseract", picture, "-", "-l", language, "--psm", BLOCK, "--dpi", "300",
             *(["-c", f"tessedit_char_whitelist={only}"] if only else []), "tsv"],
            check=True, capture_output=True, encoding="utf-8", timeout=60,
        ).stdout  # fmt: skip
    found = [""] * len(cells)
    for line in told.splitlines()[1:]:
        cells_of_line = line.split("\t")
        if cells_of_line[0] != "5":
            continue
        top, height = int(cells_of_line[7]), int(cells_of_line[9])
        found[(top + height // 2) // (tall * SCALE)] += cells_of_line[11]
    return found
