"""Eight named places between the key press and the paper, and a kill at each of them.

For every place a writer is started, does one act with a label, and kills itself with SIGKILL just
there. Then the oracle, outside of it, opens the data folder and the "printer" (a file of bytes,
read by the simulated printer's interpreter) and writes down what is left: the fact, the job, the
paper. Last it restarts the program, asks the same act again with the same ticket, and prints what
waits: the act must then be there exactly once, and no paper may have come out twice by itself.

    python -m tests.proofs.cut_points --kills 6 FOLDER
"""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from station_app.devices.printer import Delivery
from station_app.devices.printer import Status as PortStatus
from station_app.devices.simulated_paper import Mechanism
from station_app.devices.simulated_readers import READERS
from station_app.journal.recorder import new_ticket
from station_app.journal.store import transaction
from station_app.premises import Premises, open_database, open_premises
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.printing.spool import Printer, Spool, Surroundings
from station_app.resources_dir import resources
from station_app.services.parcels.commands import ShelveParcel
from station_app.shell.desk import Done
from tests.proofs.kit import KEY, SeededChance, SetClock, furnish

LABEL_WIDTH = 480
POINTS = (
    "key_pressed",
    "rules_decided",
    "half_recorded",
    "before_commit",
    "committed_not_shown",
    "job_claimed",
    "half_printed",
    "printed_not_noted",
)
RECORDED_FROM = POINTS.index("committed_not_shown")


@dataclass(frozen=True, slots=True)
class Left:
    """What is left after one kill, and after the restart that follows.

    fact, job, papers: right after; shown: whether the operator had been told; acts, papers_in_all:
    after the same act was asked again and everything that waited was printed.
    """

    point: str
    shown: bool
    fact: bool
    job: str
    papers: int
    acts: int
    papers_in_all: int


def die() -> None:
    """Pull the plug of this process."""
    os.kill(os.getpid(), signal.SIGKILL)


class Cutting:
    """A connection that dies at a chosen statement of the act."""

    def __init__(self, connection: Any, point: str) -> None:
        self._connection = connection
        self._point = point
        self.is_armed = False

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        if self.is_armed:
            if self._point == "rules_decided" and sql.startswith("INSERT INTO facts"):
                die()
            if self._point == "before_commit" and sql == "COMMIT":
                die()
        answer = self._connection.execute(sql, parameters)
        if self.is_armed:
            if self._point == "half_recorded" and sql.startswith("INSERT INTO facts"):
                die()
            if self._point == "committed_not_shown" and sql == "COMMIT":
                die()
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class FilePort:
    """A printer that is a file of bytes, and may lose its program in the middle of a job."""

    def __init__(self, paper: Path, point: str) -> None:
        self._paper = paper
        self._point = point

    def status(self) -> PortStatus:
        return PortStatus("unknown")

    def deliver(self, job: bytes) -> Delivery:
        if self._point == "job_claimed":
            die()
        handle = os.open(self._paper, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        half = len(job) // 2 if self._point == "half_printed" else len(job)
        os.write(handle, job[:half])
        if self._point in ("half_printed", "printed_not_noted"):
            die()
        os.close(handle)
        return Delivery("sent", "", PortStatus("unknown"))


def open_at(folder: Path, seed: int, point: str = "") -> tuple[Premises, list[Cutting]]:
    """Open the premises, with a connection that dies at `point`."""
    made: list[Cutting] = []

    def opener() -> Any:
        made.append(Cutting(open_database(folder, KEY), point))
        return made[-1]

    here = open_premises(folder, KEY, clock=SetClock(), chance=SeededChance(seed), opener=opener)
    return here, made


def spool_of(here: Premises, paper: Path, point: str = "") -> Spool:
    """Return the real spool on the file printer, stepped by hand."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication

    from station_app.printing.paint import TypeCase

    QGuiApplication.instance() or QGuiApplication([])
    profiles = load_profiles((resources() / "printers.toml").read_text("utf-8"))
    connection = here.session.connection

    def write(work: Callable[[Any], Any]) -> Any:
        with transaction(connection):
            return work(connection)

    return Spool(
        [Printer("label", profiles["label_60x40"], FilePort(paper, point), ("label",))],
        Surroundings(
            render=Press(TypeCase(resources() / "fonts")).render_bytes,
            mark=lambda number: f"补打 {number}" if number else "",
            write=write,
            read=lambda work: work(connection),
            now_ms=here.clock.now_ms,
        ),
    )


def command(number: int) -> ShelveParcel:
    """Return the parcel of one kill."""
    return ShelveParcel(courier="ZTO", waybill=f"73{number:012}", tail="6001")


def writer(folder: Path, number: int, point: str, said_by: int) -> None:
    """Do one act and print its label; die at `point`."""
    here, made = open_at(folder, 100 + number, point)
    if point == "key_pressed":
        die()
    made[-1].is_armed = True
    outcome = here.desk.settle(command(number), ticket=ticket_of(number))
    if not isinstance(outcome, Done):
        raise TypeError(str(outcome))
    os.write(said_by, b"done\n")
    spool_of(here, folder / "paper", point).step("label")
    raise RuntimeError(f"{point} was not met")


def ticket_of(number: int) -> str:
    """Return the ticket that the screen of this act keeps."""
    return new_ticket(SeededChance(9000 + number))


def one_kill(folder: Path, number: int, point: str) -> Left:
    """Kill a writer at `point`, look, restart, ask again, print, look again."""
    heard_by, said_by = os.pipe()
    before = papers_on(folder)
    pid = os.fork()
    if pid == 0:
        writer(folder, number, point, said_by)
        os._exit(1)
    os.close(said_by)
    _, status = os.waitpid(pid, 0)
    shown = os.read(heard_by, 16) == b"done\n"
    os.close(heard_by)
    if not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL):
        raise RuntimeError(f"{point}: the writer was not killed ({status})")
    papers = papers_on(folder) - before
    in_a_fork(lambda: after_restart(folder, number))
    found = json.loads((folder / "found.json").read_text("utf-8"))
    return Left(
        point=point,
        shown=shown,
        fact=found["fact"],
        job=found["job"],
        papers=papers,
        acts=found["acts"],
        papers_in_all=papers_on(folder) - before,
    )


def in_a_fork(work: Callable[[], None]) -> None:
    """Run work that needs Qt in a process of its own, so that this one can go on forking."""
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    if status:
        raise RuntimeError(f"the restart failed: {status}")


def after_restart(folder: Path, number: int) -> None:
    """Look at what is left, then go on as the program and the operator would."""
    here, _ = open_at(folder, 5000 + number)
    connection = here.session.connection
    ticket = ticket_of(number)
    fact = _count(connection, "SELECT count(*) FROM facts WHERE act = ?", ticket) == 1
    spool = spool_of(here, folder / "paper")
    with transaction(connection):
        from station_app.printing.spool import recover

        recover(connection)
    row = connection.execute("SELECT state FROM print_jobs WHERE act = ?", (ticket,)).fetchone()
    outcome = here.desk.settle(command(number), ticket=ticket)
    if not isinstance(outcome, Done) or outcome.already != fact:
        raise RuntimeError(f"asked again: {outcome}")
    while spool.step("label"):
        pass
    found = {
        "fact": fact,
        "job": row[0] if row else "none",
        "acts": _count(connection, "SELECT count(*) FROM facts WHERE act = ?", ticket),
    }
    here.close()
    (folder / "found.json").write_text(json.dumps(found), "utf-8")


def papers_on(folder: Path) -> int:
    """Count the labels that a printer fed with the file would have put out."""
    paper = folder / "paper"
    if not paper.exists():
        return 0
    mechanism = Mechanism(LABEL_WIDTH)
    reader = READERS["tspl"](mechanism, lambda _answer: None)
    for job in paper.read_bytes().split(b"SIZE ")[1:]:
        reader = READERS["tspl"](mechanism, lambda _answer: None)
        reader.feed(b"SIZE " + job)
        reader.end()
    return sum(1 for out in mechanism.papers if not out.torn)


def _count(connection: Any, sql: str, *parameters: Any) -> int:
    count: int = connection.execute(sql, parameters).fetchone()[0]
    return count


def run(folder: Path, kills: int) -> list[Left]:
    """Kill `kills` writers at each point."""
    import_module("station_app.printing.paint")  # with Qt: loaded once for all forks
    furnish(folder)
    return [
        one_kill(folder, place * kills + turn, point)
        for place, point in enumerate(POINTS)
        for turn in range(kills)
    ]


def table(left: list[Left]) -> str:
    """Return the result as lines: what the operator had seen, what is there, what follows."""
    head = f"{'point':<20} kills shown fact job        papers acts papers_in_all"
    lines = [head]
    for point in POINTS:
        rows = [row for row in left if row.point == point]
        kinds = sorted({(r.shown, r.fact, r.job, r.papers, r.acts, r.papers_in_all) for r in rows})
        for shown, fact, job, papers, acts, in_all in kinds:
            same = sum(
                (r.shown, r.fact, r.job, r.papers, r.acts, r.papers_in_all)
                == (shown, fact, job, papers, acts, in_all)
                for r in rows
            )
            lines.append(
                f"{point:<20} {same:>5} {shown!s:<5} {fact!s:<4} {job:<10} {papers:>6} "
                f"{acts:>4} {in_all:>13}"
            )
    return "\n".join(lines)


def main() -> int:
    """Run and print the table, then the rows as JSON."""
    parser = argparse.ArgumentParser(description="Kill a writer between key press and paper.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=6)
    options = parser.parse_args()
    left = run(options.folder, options.kills)
    sys.stderr.write(table(left) + "\n")
    sys.stdout.write(json.dumps([asdict(row) for row in left]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
