"""Paper read by eyes that know nothing of our type: Tesseract, line by line, on a printer's dots.

Each line of type is cut out of what came out of the printer, blurred as heat bleeds on the paper,
brought to one height and put under the others: so a label with letters of 14 mm and a list with
letters of 3 mm are read alike, and the order of columns plays no part.
"""

import difflib
import io
import shutil
import subprocess
from collections.abc import Sequence

from PIL import Image, ImageFilter, ImageOps

from station_app.devices.simulated_paper import Paper
from station_app.printing.stick import Layout, Words, baseline_of

HEIGHTS = (40, 48)  # dots of a line as Tesseract sees it, until it reads enough
HEIGHTS_ALONE = (40, 48, 64)
READ_LEAST = 0.95
WRONG_MAX = 1  # characters of a paper with fewer than twenty
BLEEDING = 0.7  # dots of heat run into each other on the paper
EDGE = 24


def picture_of(paper: Paper) -> Image.Image:
    """Return a paper in grey."""
    return Image.open(io.BytesIO(paper.png())).convert("L")


def chinese(text: str) -> str:
    """Return the Chinese characters of a text."""
    return "".join(char for char in text if "\u4e00" <= char <= "\u9fff")


def lines_of(layout: Layout) -> list[Words]:
    """Return the lines of type that hold Chinese, as they stand on the paper."""
    pieces = [piece for piece in layout.pieces if isinstance(piece, Words) and chinese(piece.text)]
    return sorted(pieces, key=lambda piece: (piece.baseline, piece.x))


def share_of(paper: Paper, lines: Sequence[Words], ends: Sequence[int]) -> float:
    """Return which part of the Chinese in these lines is read; ends: where each line ends."""
    wanted = "".join(chinese(line.text) for line in lines)
    best = 0.0
    for high in HEIGHTS:
        found = chinese(read(sheet_of(paper, lines, ends, high)))
        best = max(best, share_read(wanted, found))
        if is_enough(best, len(wanted)):
            return best
    return max(best, _share_alone(paper, lines, ends))


def _share_alone(paper: Paper, lines: Sequence[Words], ends: Sequence[int]) -> float:
    """Return which part is read when every line is held before the eyes by itself."""
    wanted = matched = 0
    for line, end in zip(lines, ends, strict=True):
        text = chinese(line.text)
        wanted += len(text)
        best = 0.0
        for high in HEIGHTS_ALONE:
            found = chinese(read(sheet_of(paper, [line], [end], high), way="7"))
            best = max(best, share_read(text, found))
            if best == 1:
                break
        matched += round(best * len(text))
    return matched / max(wanted, 1)


def is_enough(share: float, characters: int) -> bool:
    """Tell whether a paper was read: 95 % of it, or all but one character of a short one."""
    return share >= READ_LEAST or round((1 - share) * characters) <= WRONG_MAX


def sheet_of(paper: Paper, lines: Sequence[Words], ends: Sequence[int], high: int) -> Image.Image:
    """Return the lines under each other, all of one height, black on white."""
    whole = picture_of(paper)
    strips = []
    for line, end in zip(lines, ends, strict=True):
        top = line.baseline - baseline_of(line.size) - 1
        box = (max(line.x - 2, 0), max(top, 0), min(end + 2, whole.width), top + line.size + 4)
        strip = whole.crop(box)
        if line.inverse:
            strip = ImageOps.invert(strip)
        scale = high / strip.height
        strip = strip.filter(ImageFilter.GaussianBlur(BLEEDING))
        strips.append(strip.resize((max(round(strip.width * scale), 1), high)))
    width = max(strip.width for strip in strips) + 2 * EDGE
    sheet = Image.new("L", (width, len(strips) * (high + EDGE) + EDGE), 255)
    for number, strip in enumerate(strips):
        sheet.paste(strip, (EDGE, EDGE + number * (high + EDGE)))
    return sheet


def read(sheet: Image.Image, way: str = "6") -> str:
    """Return what Tesseract reads, without the white between. way: 6 a block, 7 one line."""
    assert shutil.which("tesseract"), "apt-get install tesseract-ocr tesseract-ocr-chi-sim"
    held = io.BytesIO()
    sheet.save(held, "PNG")
    done = subprocess.run(
        ["tesseract", "-", "-", "-l", "chi_sim", "--psm", way],
        input=held.getvalue(),
        capture_output=True,
        check=True,
        timeout=100,
    )
    return "".join(done.stdout.decode("utf-8").split())


def share_read(wanted: str, found: str) -> float:
    """Return which part of the characters was read, in order."""
    blocks = difflib.SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(wanted) if wanted else 1.0
