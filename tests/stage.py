"""A stage for working days: a county of its own, an enrolled station, and the player on top.

Nothing here stands in for anything: the county is the served program in a process of its own, the
day is played in another, the station enrols by its command, the window gets keys, the printers are
TCP printers. What a test asks afterwards it reads from the two databases, never from the program
that wrote them.
"""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zxingcpp
from PIL import Image

from county_server.county import County, open_county
from county_server.journal import CountyJournal
from county_server.master_import import OFFICE
from county_server.scribe import EVERYBODY, Scribe
from station_app import chores
from station_app.__main__ import main
from station_app.journal.fact import Saying
from station_app.journal.store import open_reader
from station_app.premises import DATABASE, SystemChance, SystemClock
from station_app.resources_dir import resources
from station_app.sync.dictionary import load_press
from station_app.vocabulary import VOCABULARY
from tests.county_server.serving import ROOT, Server, command, said

STATION = "NX0601"
DAYS = Path(__file__).resolve().parent / "days"
DAY_SECONDS = 100  # alone on two cores a day takes 10 to 30
PLAYING = """
import gc
import sys
gc.disable()  # while it is loaded, as the program does (station_app/opening.py)
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from station_app.tour.tour import play
gc.freeze()
gc.enable()
data, key_file, url, out, script = sys.argv[1:]
day = Path(script) if script else None
play(Path(data), Path(key_file), county_url=url, out=Path(out), script=day)
QCoreApplication.processEvents()  # what is still under way when all is closed must not hurt
"""


def make_county(folder: Path) -> Path:
    """Make a county that has said everything of the demo folder; return its data folder."""
    data = folder / "county"
    command(data, "init")
    command(data, "import-master", resources() / "demo")
    return data


@dataclass(frozen=True, slots=True)
class Stage:
    """Where one day is played. county: data folder; url: where it is served."""

    folder: Path
    county: Path
    url: str

    @property
    def data(self) -> Path:
        """Return the station's data folder."""
        return self.folder / "station"

    @property
    def key_file(self) -> Path:
        """Return the file with the station's keys."""
        return self.folder / "key"

    @property
    def out(self) -> Path:
        """Return the folder of what the last day left: pictures, papers, summary."""
        return self.folder / "out"

    # --- The station -----------------------------------------------------------------------------

    def run(self, *words: str, status: int = 0) -> dict[str, Any]:
        """Run a command of the station; return its JSON."""
        answer: dict[str, Any] = json.loads(self._told("--json", *words, status=status))
        return answer

    def export(self, what: str) -> list[str]:
        """Return the lines of an export: `facts` or `beancount`."""
        return self._told("export", what).splitlines()

    def _told(self, *words: str, status: int = 0) -> str:
        """Run a command to its end, in this process: a start of Python takes a second."""
        out, errors = io.StringIO(), io.StringIO()
        where = ("--data", str(self.data), "--key-file", str(self.key_file))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            found = main([*where, *words])
        assert found == status, out.getvalue() + errors.getvalue()
        return out.getvalue()

    def beside(self, folder: Path) -> "Stage":
        """Enrol another PC of the same station with the same county."""
        made = Stage(folder, self.county, self.url)
        folder.mkdir()
        code = said(self.county, "enrol-code", STATION)["code"]
        made.run("enrol", "--county", self.url, "--code", code)
        return made

    def play(self, script: Path | None = None, seconds: int = DAY_SECONDS) -> dict[str, Any]:
        """Play a day on the real window, in a process of its own; return the tour's summary.

        script: the day, if not the one that the tour chooses for this station. seconds: how long
        it may take, on a machine that has other things to do. A program that raised anywhere, also
        in its last moments, has failed.
        """
        words = (self.data, self.key_file, self.url, self.out, script or "")
        done = subprocess.run(
            [sys.executable, "-c", PLAYING, *map(str, words)],
            check=False,
            cwd=ROOT,
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        summary: dict[str, Any] = json.loads((self.out / "summary.json").read_text("utf-8"))
        return summary

    def ask(self, query: str, *params: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query to the station's database."""
        connection = open_reader(self.data / DATABASE, chores.key_of(self.data, self.key_file))
        try:
            return [tuple(row) for row in connection.execute(query, params).fetchall()]
        finally:
            connection.close()

    def stream(self) -> list[tuple[int, str]]:
        """Return (number, identity) of every fact that the station recorded itself."""
        return [
            (seq, identity)
            for seq, identity in self.ask(
                "SELECT seq, identity FROM facts WHERE stream LIKE ? ORDER BY stream, seq",
                f"{STATION}/%",
            )
        ]

    def labels(self) -> list[str]:
        """Return what a reader finds on each label that came out, in order; one code each."""
        return [self._code_on(paper) for paper in sorted(self.out.glob("papers/*-label.png"))]

    def _code_on(self, paper: Path) -> str:
        with Image.open(paper) as image:
            read = zxingcpp.read_barcodes(image.convert("L"))
        assert len(read) == 1, f"{paper.name} bears {[code.text for code in read]}"
        return str(read[0].text)

    # --- The county ------------------------------------------------------------------------------

    def county_verify(self) -> dict[str, Any]:
        """Let the county look at everything it holds; return its report."""
        report: dict[str, Any] = said(self.county, "verify")
        return report

    def county_stream(self) -> list[tuple[int, str]]:
        """Return (number, identity) of every fact that the county holds of the station's own."""
        with opened_county(self.county) as county, county.store.read() as connection:
            journal = CountyJournal(county.store, connection)
            return [
                (fact.seq, fact.identity)
                for head in journal.streams(STATION)
                if head.stream.startswith(f"{STATION}/")
                for fact in journal.run(head.stream, 1, head.to)
            ]


@contextlib.contextmanager
def opened_county(data: Path) -> Iterator[County]:
    """Open a county's database as its own commands do."""
    county = open_county(
        data,
        VOCABULARY,
        load_press(resources() / "dictionaries", VOCABULARY.kinds),
        clock=SystemClock(),
        chance=SystemChance(),
    )
    try:
        yield county
    finally:
        county.close()


def say_at_the_county(data: Path, sayings: Sequence[Saying]) -> None:
    """Let the county say something to all stations, with its own pen."""
    with opened_county(data) as county, county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say(EVERYBODY, sayings, by=OFFICE, at=county.clock.now_ms())
        scribe.seal()


@contextlib.contextmanager
def stage(
    pristine: Path, folder: Path, before: Callable[[Path], None] | None = None
) -> Iterator[Stage]:
    """Serve a copy of a pristine county and enrol a station with it.

    before: called with the county's data folder before anybody has heard it.
    """
    county = folder / "county"
    shutil.copytree(pristine, county)
    if before is not None:
        before(county)
    code = said(county, "enrol-code", STATION)["code"]
    server = Server(county)
    try:
        made = Stage(folder, county, server.url)
        made.run("enrol", "--county", server.url, "--code", code)
        yield made
    finally:
        server.stop()
