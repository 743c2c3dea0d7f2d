"""The tour: one working day on the real window, against a real county, through simulated printers.

Nothing here is acted: the keys go to the window's handle, the printers are TCP printers that
interpret what they get, the line is a line that can be cut, and every number of the summary is
counted from the journal, the papers or the county's receipt. A step that does not hold ends the
tour with a word on which line of the script it was.
"""

import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PySide6.QtTest import QTest

from station_app import chores
from station_app.app import Program, ProgramEdges, make_application
from station_app.devices.printer_setting import PrinterSetting
from station_app.devices.scale_reader import ScaleSetting
from station_app.devices.simulated_paper import Paper
from station_app.devices.simulated_printer import SimulatedPrinter
from station_app.journal.kinds import KeyKept
from station_app.journal.verify import verify
from station_app.overview.sign_in import colleagues
from station_app.premises import Premises, SystemChance, SystemClock
from station_app.printers import profiles
from station_app.printing.document import DrawerKick, from_json
from station_app.resources_dir import load_texts, resources
from station_app.shell.desk import Done
from station_app.sync.journal_port import StationJournal
from station_app.tour.album import Album, PaperOut, codes_on
from station_app.tour.player import Played, Player, Stage, StepFailed
from station_app.tour.script import Step, parse
from station_app.tour.wire import Wire
from station_app.values.money import say_yuan
from station_app.vocabulary import VOCABULARY

if TYPE_CHECKING:
    from station_app.devices.simulated_scale import SimulatedScale

FIRST, AGAIN = "tour.day", "tour-again.day"  # for a new station, and for one with operators
SIZE = (1366, 768)
SCALE = "head"  # the maker whose frames a day's scale sends
MINUTE_MS = 60_000
SHANGHAI = timezone(timedelta(hours=8))
PRINTERS = {"label": "label_60x40", "receipt": "receipt_80", "waybill": "label_100x150"}


ALBUM = {  # what a tour leaves, and `dev run` beside it
    "county.json",
    "failed.png",
    "index.html",
    "ledger.beancount",
    "papers",
    "screens",
    "summary.json",
}


class NotAnAlbum(ValueError):
    """The folder for pictures and papers holds somebody's files; they are not cleared away."""


class TourClock:
    """This machine's clock, put forward by the script: a day passes in a minute."""

    def __init__(self) -> None:
        """Begin now: the county has just spoken, and no fact may lie before its words."""
        self._clock = SystemClock()
        self._ahead_ms = 0

    def put(self, words: str) -> None:
        """Put it forward by so many minutes, "90", or to a moment, "2026-11-23 07:50"."""
        if words.isdigit():
            self._ahead_ms += int(words) * MINUTE_MS
            return
        moment = datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
        self._ahead_ms = int(moment.timestamp() * 1000) - self._clock.now_ms()

    def now_ms(self) -> int:
        """Return UTC milliseconds."""
        return self._clock.now_ms() + self._ahead_ms


@dataclass(frozen=True, slots=True)
class Set:
    """Where the day is played: the open program and what stands around it.

    printed_before: print jobs that came out before this day, and belong to others.
    """

    program: Program
    printers: dict[str, SimulatedPrinter]
    wire: Wire | None
    clock: TourClock
    printed_before: frozenset[int]


def play(
    data: Path, key_file: Path | None, *, county_url: str, out: Path, script: Path | None = None
) -> dict[str, Any]:
    """Play a day on an enrolled data folder; return the summary that is also written to `out`.

    county_url: "" plays without a line. script: the day, if not one of those that are shipped. A
    station may be new or have worked before; what it printed then is none of this day's papers.
    Raises NotAnAlbum where `out` holds anything but the album of a former tour.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    given = parse(script.read_text("utf-8")) if script else ()  # a bad script opens nothing
    _clear(out)
    (out / "papers").mkdir(parents=True)
    application = make_application()
    with ExitStack() as stack:
        weighs = any(step.verb == "weight" for step in given)
        scale = stack.enter_context(_scale()) if weighs else None
        scene = _set_up(stack, data, key_file, county_url, scale)
        failed = ""
        player = Player(_stage(scene, scale), out / "screens")
        scene.program.premises.desk.listen(lambda done: _note(player, done))
        try:
            player.play(given or _shipped(scene))
        except StepFailed as problem:
            failed = str(problem)
            scene.program.window.grab().save(str(out / "failed.png"))
        application.processEvents()
        return _collect(scene, player.played, out, failed)


def _clear(out: Path) -> None:
    """Make room for an album; only the album of a former tour may go."""
    if not out.exists():
        return
    if any(out.iterdir()) and {one.name for one in out.iterdir()} - ALBUM:
        raise NotAnAlbum(str(out))
    shutil.rmtree(out)


def _shipped(scene: Set) -> tuple[Step, ...]:
    """Return the day that fits this station: who is the first operator is asked only once."""
    known = scene.program.premises.desk.read(colleagues)
    return parse((resources() / "demo" / (AGAIN if known else FIRST)).read_text("utf-8"))


def in_words(summary: dict[str, Any], folder: Path) -> str:
    """Return the summary as a sentence for the terminal."""
    texts = load_texts()
    if not summary["ok"]:
        return texts.say("command.said.tour_broken", reason=summary["failed"] or "papers")
    return texts.say(
        "command.said.tour",
        acts=summary["acts"],
        papers=summary["papers"],
        pictures=summary["pictures"],
        folder=folder / "index.html",
    )


def _note(player: Player, done: Done) -> None:
    if done.act and not done.already:
        player.note_act(done.act)


def _set_up(
    stack: ExitStack,
    data: Path,
    key_file: Path | None,
    county_url: str,
    scale: "SimulatedScale | None",
) -> Set:
    known = profiles()
    printers = {
        role: stack.enter_context(SimulatedPrinter(known[name].language, known[name].width))
        for role, name in PRINTERS.items()
    }
    wire = None
    if county_url:
        place = urlsplit(county_url)
        wire = stack.enter_context(Wire(place.hostname or "127.0.0.1", place.port or 80))
    clock = TourClock()
    program = Program.open(
        data,
        chores.keys(key_file, data),
        ProgramEdges(
            clock=clock,
            chance=SystemChance(),
            is_silent=True,
            county_url=wire.address if wire else "http://127.0.0.1:9",
            printers=tuple(
                PrinterSetting(role=role, profile=PRINTERS[role], port=f"tcp:127.0.0.1:{p.port}")
                for role, p in printers.items()
            ),
        ),
    )
    stack.callback(program.close)
    printed_before = _sent(program)
    if scale is not None:  # before the devices start: they begin with the scale that is kept
        setting = ScaleSetting(place=scale.name, profile=SCALE)
        program.devices.keep_scale(setting, lambda: None)
    program.window.resize(*SIZE)
    program.start()
    program.window.show()
    program.window.activateWindow()
    QTest.qWaitForWindowActive(program.window)
    return Set(program, printers, wire, clock, printed_before)


def _sent(program: Program) -> frozenset[int]:
    rows = program.premises.session.connection.execute(
        "SELECT job FROM print_jobs WHERE state = 'sent'"
    )
    return frozenset(job for (job,) in rows.fetchall())


def _scale() -> "SimulatedScale":
    """Return a scale on a line of its own; not every system has such lines."""
    from station_app.devices.simulated_scale import SimulatedScale

    return SimulatedScale(SCALE)


def _stage(scene: Set, scale: "SimulatedScale | None") -> Stage:
    program = scene.program

    def line(is_up: bool) -> None:
        if scene.wire is not None:
            (scene.wire.mend if is_up else scene.wire.cut)()

    def weight(grams: int | None, is_stable: bool) -> None:
        if scale is not None:
            scale.is_garbled = grams is None
            scale.put(grams or 0, stable=is_stable)

    return Stage(
        window=program.window,
        is_quiet=program.is_quiet,
        set_clock=scene.clock.put,
        line=line,
        printed=lambda: program.is_quiet() and not program.spool.queue(),
        synced=program.has_synced,
        weight=weight,
        pass_pause=program.window.scan_filter.flush,
    )


def _collect(scene: Set, played: Played, out: Path, failed: str) -> dict[str, Any]:
    """Gather papers and figures; write everything."""
    premises = scene.program.premises
    line = scene.program.line
    standing = line.status() if line else None
    if line:
        line.stop()  # what is read below is read over the connection that its thread writes on
    papers = _papers(scene, out / "papers")
    report = verify(premises.session.connection, VOCABULARY)
    lines = chores.exported(premises, "beancount")
    (out / "ledger.beancount").write_text("".join(lines), "utf-8")
    acts = _acts_here(premises)
    caused = {act for act, _ in played.acts}
    shown = report.as_json(premises.texts)
    summary = {
        "ok": not failed and report.is_sound and all(p.is_as_previewed for p in papers),
        "failed": failed,
        "acts": len(played.acts),
        "acts_in_journal": len(acts),
        "acts_without_key_press": sorted(acts - caused),
        "acts_by_line": [[line, act] for act, line in played.acts],
        "pictures": len(played.pictures),
        "papers": len(papers),
        "papers_unlike_preview": [p.file for p in papers if not p.is_as_previewed],
        "codes_read": sum(len(p.codes) for p in papers),
        "keys": played.keys,
        "scans": played.scans,
        "verify": shown,
        "waiting": _waiting(premises),
        "county_has_upto": standing.receipt.upto if standing and standing.receipt else 0,
        "receipt": standing.receipt.shown if standing and standing.receipt else "",
        "stream": premises.session.author.stream,
        "stream_length": _length(premises),
        "figures": {
            "办理次数": len(played.acts),
            "按键 / 扫码": f"{played.keys} / {played.scans}",
            "打出的纸": len(papers),
            "流水笔数": report.facts,
            "不是自己的钱": say_yuan(report.books.not_mine_fen),
        },
    }
    album = Album(premises.texts.say("shell.brand"), played.pictures, papers, summary)
    album.write(out)
    return summary


def _acts_here(premises: Premises) -> set[str]:
    """Return what somebody did; where the key is kept, the program says by itself."""
    rows = premises.session.connection.execute(
        "SELECT DISTINCT act FROM facts WHERE stream = ? AND kind <> ?",
        (premises.session.author.stream, KeyKept.KIND),
    )
    return {row[0] for row in rows.fetchall()}


def _waiting(premises: Premises) -> int:
    """Count in the journal what the county has not confirmed; the line may not have tried yet."""
    session = premises.session
    journal = StationJournal(session.connection, session.write, lambda: session.author.stream)
    return journal.backlog().facts


def _length(premises: Premises) -> int:
    row = premises.session.connection.execute(
        "SELECT length FROM streams WHERE stream = ?", (premises.session.author.stream,)
    ).fetchone()
    return row[0] if row else 0


def _papers(scene: Set, folder: Path) -> list[PaperOut]:
    """Keep every paper as the printers read it, and hold it against the preview's dots."""
    came: dict[str, list[Paper]] = {role: list(p.papers) for role, p in scene.printers.items()}
    kept: list[PaperOut] = []
    connection = scene.program.premises.session.connection
    rows = connection.execute(
        "SELECT job, role, copy_number, document FROM print_jobs WHERE state = 'sent' ORDER BY job"
    ).fetchall()
    for job, role, copy_number, document in rows:
        if job in scene.printed_before:
            continue
        if not document:  # it told of somebody who has been erased since
            came[role].pop(0)
            continue
        paper_of = from_json(document)
        if isinstance(paper_of, DrawerKick):
            continue
        paper = came[role].pop(0)
        file = f"{job:03}-{role}.png"
        (folder / file).write_bytes(paper.png())
        same = _is_as_previewed(scene, role, paper_of, copy_number, paper)
        kept.append(PaperOut(file, role, same))
    found = codes_on([folder / paper.file for paper in kept])
    return [PaperOut(p.file, p.printer, p.is_as_previewed, found.get(p.file, ())) for p in kept]


def _is_as_previewed(scene: Set, role: str, document: Any, copy_number: int, out: Paper) -> bool:
    """Hold the dots that came out against those of the preview; below them all must be white."""
    mark = scene.program.copy_mark(copy_number)
    preview = scene.program.press.raster(document, profiles()[PRINTERS[role]], mark)
    expected = [preview.row(n).ljust(out.width // 8, b"\0") for n in range(preview.height)]
    rest = b"".join(out.lines[preview.height :])
    return list(out.lines[: preview.height]) == expected and not any(rest)
