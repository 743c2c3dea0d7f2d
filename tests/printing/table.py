"""The table of papers: every paper in every language on every width, as its printer prints it.

    python3 dev bench papers          (or: python -m tests.printing.table [NAME …])

For each paper and each profile of `resources/printers.toml` that has room for it: drawn, encoded,
carried out by an interpreter that shares no code with the encoder, and compared with the preview
dot by dot; every code read by zxing-cpp; the Chinese read by Tesseract; bytes and milliseconds. ZPL
is also carried out by `zplkit`. One JSON object a line, a summary at the end, exit status 1 if
anything differs. What a printer has no room for is said, not left out.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import zplkit
from zplkit.rendering import Limits

from station_app.devices.simulated_paper import Paper
from station_app.printing.document import Label, Receipt
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import Profile, load_profiles
from station_app.printing.raster import Raster
from station_app.printing.stick import Layout, TooLarge
from station_app.resources_dir import resources
from tests.printing import reading
from tests.printing.papers import CODES, PAPERS
from tests.printing.witness import codes, only_paper

RUNS = 5  # of which the median counts
ROLL = Limits(dimension=32_000, pixels=40_000_000)  # a slip is no label
NOT_READ = ("trial_slip", "trial_label")  # names that Tesseract has not in its dictionary
RASTERS = ("escpos", "tspl", "zpl", "cpcl")


@dataclass(frozen=True, slots=True)
class Line:
    """One paper on one printer. chinese: share of the characters read, −1 where none are."""

    paper: str
    profile: str
    language: str
    width: int
    bytes: int
    render_ms: float
    dots: bool
    codes: bool
    zplkit: bool | None
    chinese: float
    characters: int
    gave_way: int

    @property
    def is_good(self) -> bool:
        """Tell whether everything is as it must be."""
        is_read = self.chinese < 0 or reading.is_enough(self.chinese, self.characters)
        return self.dots and self.codes and is_read and self.zplkit is not False


class Reader:
    """Reads each paper once for each width: its dots are the same in every language."""

    def __init__(self, fount: TypeCase) -> None:
        self._fount = fount
        self._read: dict[tuple[str, int], float] = {}

    def share(self, name: str, paper: Paper, layout: Layout) -> float:
        """Return which part of the Chinese on it is read."""
        key = (name, layout.width)
        if key not in self._read:
            self._read[key] = -1.0 if name in NOT_READ else self._share(paper, layout)
        return self._read[key]

    def _share(self, paper: Paper, layout: Layout) -> float:
        lines = reading.lines_of(layout)
        if not lines:
            return -1.0
        ends = [
            line.x + sum(self._fount.advances(line.size, line.bold)[char] for char in line.text)
            for line in lines
        ]
        return reading.share_of(paper, lines, ends)


def is_same(preview: Raster, paper: Paper) -> bool:
    """Tell whether what came out is the preview, and nothing but white below it."""
    wide = paper.width // 8
    wanted = [preview.row(number).ljust(wide, b"\0") for number in range(preview.height)]
    below = b"".join(paper.lines[preview.height :])
    return list(paper.lines[: preview.height]) == wanted and not any(below) and not paper.torn


def zplkit_agrees(preview: Raster, job: bytes) -> bool:
    """Tell whether a foreign interpreter of ZPL prints the preview, too."""
    document = zplkit.render(job, zplkit.Options(dpi=203), limits=ROLL)
    (label,) = document.labels
    page = label.rasterize()
    each = len(page.pixels) // (page.width * page.height)
    black = bytes(value < 128 for value in page.pixels[::each])
    wanted = bytes(byte >> 7 - place & 1 for byte in preview.rows for place in range(8))
    stretch = page.width * preview.height
    return page.width == preview.width and black[:stretch] == wanted and not any(black[stretch:])


def measure(
    name: str, profile_name: str, profile: Profile, press: Press, reader: Reader | None
) -> Line | None:
    """Return the line of one paper on one printer; None if it has no room there."""
    document = PAPERS[name]
    try:
        layout = press.lay_out(document, profile)
    except TooLarge:
        return None
    took = []
    for _ in range(RUNS):
        began = time.perf_counter()
        job = press.render_bytes(document, profile)
        took.append((time.perf_counter() - began) * 1_000)
    preview = press.raster(document, profile)
    paper = only_paper(job, profile)
    return Line(
        paper=name,
        profile=profile_name,
        language=profile.language,
        width=profile.width,
        bytes=len(job),
        render_ms=round(statistics.median(took), 2),
        dots=is_same(preview, paper),
        codes=codes(paper) == CODES[name],
        zplkit=zplkit_agrees(preview, job) if profile.language == "zpl" else None,
        chinese=round(reader.share(name, paper, layout), 3) if reader else -1.0,
        characters=sum(len(reading.chinese(line.text)) for line in reading.lines_of(layout)),
        gave_way=len(layout.shortened),
    )


def suits(document: Receipt | Label, profile: Profile) -> bool:
    """Tell whether anybody would print this paper there: labels on their size, slips on rolls."""
    if isinstance(document, Label):
        return profile.width == document.width and profile.height in (0, document.height)
    return profile.height == 0


def lines(
    names: Sequence[str], profiles: Mapping[str, Profile], press: Press, reader: Reader | None
) -> Iterator[Line]:
    """Yield a line for each paper and printer that suit each other."""
    for name in names:
        for profile_name, profile in profiles.items():
            if not suits(PAPERS[name], profile):
                continue
            line = measure(name, profile_name, profile, press, reader)
            if line is not None:
                yield line


def main(arguments: Sequence[str] = ()) -> int:
    """Print the table; return the exit status."""
    names = list(arguments) or list(PAPERS)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    application = QGuiApplication([])
    fount = TypeCase(resources() / "fonts")
    profiles = load_profiles((resources() / "printers.toml").read_text("utf-8"))
    found = []
    for line in lines(names, profiles, Press(fount), Reader(fount)):
        found.append(line)
        sys.stdout.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")
        sys.stdout.flush()
    application.quit()
    bad = [f"{line.paper} on {line.profile}" for line in found if not line.is_good]
    told = {
        "papers": len(names),
        "lines": len(found),
        "languages": {language: _count(found, language) for language in RASTERS},
        "chinese_least": min((line.chinese for line in found if line.chinese >= 0), default=1.0),
        "render_ms_median": statistics.median(line.render_ms for line in found) if found else 0,
        "bad": bad,
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 1 if bad or not found else 0


def _count(found: Sequence[Line], language: str) -> int:
    return sum(line.language == language for line in found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
