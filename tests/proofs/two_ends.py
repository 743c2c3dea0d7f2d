"""Real stations and a real county as processes of their own, with a faulty proxy between them.

Two stations with two PCs each work and send, each in a process that is killed now and then; the
county server is the served program, which is killed, too. What the desks called done is heard
through pipes and kept outside. In the end the line holds: each PC runs `sync` as the operator's
machine does, and then every act that was ever called done must be at the county once, both ends
must verify, and all must show the same.

    python -m tests.proofs.two_ends --attempts 400 --seed 1 [--postgresql] FOLDER
"""

import argparse
import contextlib
import functools
import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine

from county_server.county import database_url
from station_app import chores, line
from station_app.journal.recorder import new_ticket
from station_app.journal.store import open_reader
from station_app.machine import DATABASE, SystemChance, SystemClock
from station_app.premises import Premises, open_premises
from station_app.services.parcels.commands import ReturnParcels, ShelveParcel
from station_app.shell.desk import Done
from station_app.sync import http_link
from tests.awaited import a_moment
from tests.county_server.serving import ROOT, command, said
from tests.postgres import HASTY, cluster
from tests.sync.stand import FOLDED, joining, small_sheets

STATIONS = ("NX0601", "NX0602")
PCS_EACH = 2
SILENCE_SECONDS = 0.4  # a patient station would make the proof long, not better
ACTS_MAX = 2  # between two attempts
BREATH_SECONDS = 0.05  # after an attempt that failed; the program itself waits far longer
KILLS_OF_PCS = 0.08  # of attempts, those after which the PC is killed
ATTEMPTS_A_COUNTY_KILL = 130
READY_SECONDS = 60


@dataclass
class Ends:
    """All that stands around the proxy. acts: ticket → identities, as the desks said."""

    folder: Path
    database: str
    port: int
    acts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)

    @property
    def county(self) -> Path:
        """Return the county's data folder."""
        return self.folder / "county"

    @property
    def url(self) -> str:
        """Return where the county answers without the proxy."""
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words: object) -> None:
        """Run a command of the county in this process."""
        command(self.county, "--database", self.database, *words)

    def serve(self) -> "subprocess.Popen[bytes]":
        """Start the county as its administrator does, and wait until it says that it answers."""
        log = self.folder / "county.log"
        words = ["--json", "--data", self.county, "--database", self.database]
        words += ["serve", "--port", self.port]
        with log.open("ab") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "county_server", *map(str, words)],
                cwd=ROOT,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        assert process.stdout is not None
        if process.stdout.readline():
            return process
        said_last = log.read_text("utf-8", "replace")[-600:]
        raise RuntimeError(f"the county does not start: status {process.wait()}, {said_last}")


@contextlib.contextmanager
def kept_port() -> Iterator[int]:
    """Keep a port for a county that is killed and started again.

    A port that is only looked up is anybody's while the county is down, and on a busy machine
    somebody takes it. This one is held by a socket that never listens: the county may listen at it,
    and nobody else gets it.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        yield int(holder.getsockname()[1])


class Pc:
    """One PC: a data folder, and a process that is killed and started again."""

    def __init__(self, ends: Ends, number: int) -> None:
        """Enrol it."""
        self._ends = ends
        self.station = STATIONS[number % len(STATIONS)]
        self.data = ends.folder / f"pc{number}"
        self.key_file = ends.folder / f"pc{number}.key"
        self.number = number
        self.lives = 0
        self._pid = self.heard_by = 0
        self._heard = self._came = b""
        words = ("--database", ends.database, "enrol-code", self.station)
        code = said(ends.county, *words)["code"]
        done = line.enrol(self.data, chores.keys(self.key_file), ends.url, code)
        assert done.state == line.ENROLLED, done

    def start(self, address: str) -> None:
        """Let it work and send until it is killed."""
        self.lives += 1
        self.heard_by, said_by = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            try:
                _work(self, address, said_by)
            except BaseException as problem:  # noqa: BLE001 - the parent must hear of it
                os.write(said_by, f"died {type(problem).__name__}: {problem}\n".encode())
            os._exit(1)
        os.close(said_by)

    def hear(self) -> int:
        """Take what it says; return how many attempts it told of."""
        self._came = os.read(self.heard_by, 65_536)
        self._heard += self._came
        *lines, self._heard = self._heard.split(b"\n")
        attempts = 0
        for said_line in lines:
            what, _, rest = said_line.decode().partition(" ")
            if what == "died":
                raise RuntimeError(f"pc{self.number}: {rest}")
            if what == "tried":
                attempts += 1
                self._ends.outcomes[rest or "done"] += 1
            else:
                ticket, *identities = rest.split()
                self._ends.acts[ticket] = tuple(identities)
        return attempts

    def kill(self) -> None:
        """Kill it, and hear what it had said by then."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        self.drain()
        os.close(self.heard_by)
        self._heard = b""

    def drain(self) -> None:
        """Hear all that was said so far."""
        while select.select([self.heard_by], [], [], 0)[0]:
            if not self.hear() and not self._came:
                return

    def run(self, *words: str) -> dict[str, Any]:
        """Run a command of the station in a process of its own; return its JSON."""
        where = ["--data", str(self.data), "--key-file", str(self.key_file), "--json"]
        ran = subprocess.run(
            [sys.executable, "-m", "station_app", *where, *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if not ran.stdout:
            raise RuntimeError(ran.stderr)
        answer: dict[str, Any] = json.loads(ran.stdout)
        return answer


# --- What a PC does ------------------------------------------------------------------------------


def _work(pc: Pc, address: str, said_by: int) -> None:
    """Work and send, and say each act once it is done, each attempt once it is over."""
    patient = functools.partial(http_link.HttpLink, silence_seconds=SILENCE_SECONDS)
    setattr(http_link, "HttpLink", patient)  # noqa: B010 - the line makes its own
    keys = chores.keys(pc.key_file)
    key = chores.key_of(pc.data, pc.key_file)
    premises = open_premises(pc.data, key, clock=SystemClock(), chance=SystemChance())
    dice = random.Random(pc.number * 1_000 + pc.lives)
    number = 0
    while True:
        for _ in range(dice.randint(0, ACTS_MAX)):
            number += 1
            for told in _errand(premises, dice, f"73{pc.number}{pc.lives:05}{number:06}"):
                os.write(said_by, f"did {told}\n".encode())
        result = line.sync_once(premises, keys, address=address)
        os.write(said_by, f"tried {result.cause}\n".encode())
        if result.cause:
            select.select([], [], [], BREATH_SECONDS)


def _errand(premises: Premises, dice: random.Random, waybill: str) -> list[str]:
    ticket = new_ticket(premises.chance)
    shelve = ShelveParcel(courier="ZTO", waybill=waybill, name="王示兰", tail="6001")
    outcome = premises.desk.settle(shelve, ticket=ticket)
    if not isinstance(outcome, Done):
        raise TypeError(f"refused: {outcome}")
    said_acts = [" ".join([ticket, *(told.identity for told in outcome.told)])]
    if dice.random() < 0.9:  # the shelves must not fill up
        back = new_ticket(premises.chance)
        command_back = ReturnParcels(parcels=(outcome.told[0].identity,), reason="refused")
        returned = premises.desk.settle(command_back, ticket=back)
        if isinstance(returned, Done):
            said_acts.append(" ".join([back, *(told.identity for told in returned.told)]))
    return said_acts


# --- The play ------------------------------------------------------------------------------------


def run(folder: Path, attempts: int, seed: int, database: str = "") -> dict[str, Any]:
    """Play, heal, look; return what was found."""
    folder.mkdir(parents=True, exist_ok=True)
    with kept_port() as port:
        return _run(folder, attempts, seed, (port, database))


def _run(folder: Path, attempts: int, seed: int, where: tuple[int, str]) -> dict[str, Any]:
    port, database = where
    ends = Ends(folder, database_url(folder / "county", database), port)
    ends.command("init")
    ends.command("import-master", small_sheets(folder / "sheets"))
    server = ends.serve()
    proxy = _proxy(port, seed)
    try:
        pcs = [Pc(ends, number) for number in range(len(STATIONS) * PCS_EACH)]
        assert proxy.stdout is not None
        address = f"http://127.0.0.1:{int(proxy.stdout.readline())}"
        tried, kills, server = _play(ends, pcs, server, (attempts, seed, address))
        proxy.send_signal(signal.SIGTERM)
        faults = json.loads(proxy.communicate(timeout=READY_SECONDS)[0])
        found = _heal(pcs, ends.url)
    finally:
        proxy.kill()
        server.kill()
        server.wait()
    found += _look(ends, pcs)
    return {
        "attempts": tried,
        "seed": seed,
        "store": ends.database.partition(":")[0],
        "acts": len(ends.acts),
        "kills": kills,
        "outcomes": ends.outcomes,
        "faults": faults,
        "found": found,
    }


def _proxy(port: int, seed: int) -> "subprocess.Popen[bytes]":
    words = ["-m", "tests.proofs.faulty_proxy", "--to", str(port), "--seed", str(seed)]
    return subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE)


def _play(
    ends: Ends, pcs: list[Pc], server: "subprocess.Popen[bytes]", how: tuple[int, int, str]
) -> tuple[int, dict[str, int], "subprocess.Popen[bytes]"]:
    attempts, seed, address = how
    dice = random.Random(seed)
    tried, kills = 0, {"pcs": 0, "county": 0}
    for pc in pcs:
        pc.start(address)
    while tried < attempts:
        heard = {pc.heard_by: pc for pc in pcs}
        for one in select.select(list(heard), [], [], READY_SECONDS)[0]:
            pc = heard[one]
            came = pc.hear()
            tried += came
            if came and dice.random() < KILLS_OF_PCS:
                a_moment(dice.random() * 0.03)
                pc.kill()
                pc.start(address)
                kills["pcs"] += 1
        if tried // ATTEMPTS_A_COUNTY_KILL > kills["county"]:
            server.kill()
            server.wait()
            server = ends.serve()
            kills["county"] += 1
            for pc in pcs:
                pc.drain()  # what was tried while nobody answered does not count
    for pc in pcs:
        pc.kill()
    return tried, kills, server


def _heal(pcs: list[Pc], url: str) -> list[str]:
    """Let everybody talk over a line that holds, the second time by the program's command."""
    for pc in pcs:
        with chores.opened(pc.data, pc.key_file) as premises:
            line.sync_once(premises, chores.keys(pc.key_file), address=url)
    last = {pc.number: pc.run("sync", "--county", url) for pc in pcs}
    return [
        f"pc{number}: not complete: {told}" for number, told in last.items() if not told["complete"]
    ]


def _look(ends: Ends, pcs: list[Pc]) -> list[str]:
    """Return everything that does not hold."""
    found: list[str] = []
    try:
        ends.command("verify")
    except AssertionError as problem:
        found.append(f"county: {str(problem)[:300]}")
    log = (ends.folder / "county.log").read_text("utf-8", "replace")
    if "Traceback" in log:
        found.append(f"county: {log[log.index('Traceback') :][-600:]}")
    engine = create_engine(ends.database)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT identity FROM facts").all()
        beside = connection.exec_driver_sql("SELECT count(*) FROM branches").scalar_one()
        there = Counter(str(row[0]) for row in rows)
        for ticket, identities in ends.acts.items():
            counts = {there[identity] for identity in identities}
            if counts != {1}:
                found.append(f"act {ticket} stands at the county {sorted(counts)} times")
        if beside:
            found.append(f"{beside} facts stand on a branch, and nobody had two memories")
        for pc in pcs:
            found += _compare(pc, connection)
    engine.dispose()
    return found


def _compare(pc: Pc, county: Any) -> list[str]:
    report, _ = chores.verify(pc.data, pc.key_file)
    found = [] if report.is_sound else [f"pc{pc.number}: {report.first_broken}"]
    reader = open_reader(pc.data / DATABASE, chores.key_of(pc.data, pc.key_file))
    for asked in FOLDED:
        where = f" {joining(asked)} station IN ('{pc.station}', 'county') ORDER"
        here = _plain(reader.execute(asked).fetchall())
        there = _plain(county.exec_driver_sql(asked.replace(" ORDER", where, 1)).all())
        if sorted(here, key=repr) != sorted(there, key=repr):
            found.append(f"pc{pc.number}: another answer than the county's to: {asked}")
    reader.close()
    return found


def _plain(rows: Any) -> list[tuple[Any, ...]]:
    return [
        tuple(bytes(v).decode() if isinstance(v, bytes | memoryview) else v for v in row)
        for row in rows
    ]


def main() -> int:
    """Play and print one JSON object."""
    parser = argparse.ArgumentParser(description="Two ends, and a line that breaks in every way.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--attempts", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgresql", action="store_true", help="the county on PostgreSQL")
    options = parser.parse_args()
    began = time.monotonic()
    if options.postgresql:
        with cluster(HASTY) as running:
            database = running.new_database()
            told = run(options.folder, options.attempts, options.seed, database)
    else:
        told = run(options.folder, options.attempts, options.seed)
    told["seconds"] = round(time.monotonic() - began, 1)
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 1 if told["found"] else 0


if __name__ == "__main__":
    sys.exit(main())
