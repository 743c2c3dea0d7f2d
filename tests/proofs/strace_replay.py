"""What a power cut may leave of the real, unmodified program: its own system calls, replayed.

A station works under strace (`tests.proofs.steady_writer`: real store, real rules, SQLCipher, real
files). What it wrote, cut, synced and removed is played again on the disk of `tests.village.disk`;
at each call the power is cut in several ways: what was not synced is lost, kept up to some moment
with the last write torn, or kept in any part, sector by sector. Each state is opened by the real
store, and every act that the desk had called done by then must be in it, whole. Acts are heard
through a file that the trace shows, too, so that "by then" is the order of the calls.

The same with synchronous = NORMAL must lose acts: a proof in which it passes would prove nothing.

    python -m tests.proofs.strace_replay --states 3000 --seed 1 [--normal]
"""

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from station_app.journal.store import open_reader, open_writer
from station_app.journal.troubles import StoreTrouble
from station_app.journal.verify import verify
from station_app.vocabulary import VOCABULARY
from tests.proofs.kit import KEY, database, furnish
from tests.village.disk import Disk

ROOT = Path(__file__).resolve().parents[2]
CALLS = "pwrite64,write,ftruncate,fsync,fdatasync,unlink"
LONGEST = 300_000  # bytes of one write that strace shows; SQLite's are of a page
ACTS = 30
STATES_OF_ONE = 5_000  # then another history is recorded
VERIFY_EVERY = 100  # states that are opened for writing and verified, not only asked
_THERE = (
    "SELECT t.ticket, (SELECT count(*) FROM facts f WHERE f.stream = t.stream AND f.act = t.act) "
    "FROM tickets t"
)
_CALL = re.compile(rb"^\d+ +(\w+)\((.*)\) += (-?\d+)")
_FILE = re.compile(rb"^\d+<((?:\\x[0-9a-f]{2})+)>(?:, |$)")
_DATA = re.compile(rb'^"((?:\\x[0-9a-f]{2})*)"(?:, )?')


@dataclass(frozen=True, slots=True)
class Call:
    """One system call that worked. data: what was written; number: offset or size."""

    name: str
    path: str
    data: bytes = b""
    number: int = 0


@dataclass(slots=True)
class Tally:
    """What the states have shown."""

    states: int = 0
    calls: int = 0
    acts: int = 0
    verified: int = 0
    lost: list[str] = field(default_factory=list)
    in_part: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count another history in."""
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


# --- Recording -----------------------------------------------------------------------------------


def record(home: Path, acts: int, seed: int, *, normal: bool) -> list[Call]:
    """Let a station work under strace in `home/data`; return what it asked the system for."""
    words = [sys.executable, "-m", "tests.proofs.steady_writer", str(home / "data")]
    words += [str(home / "said"), "--acts", str(acts), "--seed", str(seed)]
    trace = home / "trace"
    watch = ["strace", "-f", "--seccomp-bpf", "-qq", "-y", "-xx", "-s", str(LONGEST)]
    subprocess.run(
        [*watch, "-e", f"trace={CALLS}", "-o", str(trace), *words, *(["--normal"] * normal)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return list(read_trace(trace))


def read_trace(trace: Path) -> Iterator[Call]:
    """Yield the calls of a trace that was written with -y -xx."""
    with trace.open("rb") as lines:
        for line in lines:
            if b"unfinished" in line or b"resumed" in line:
                raise ValueError("two threads wrote at once: their order is not known")
            found = _CALL.match(line)
            if found is None or int(found[3]) < 0:
                continue
            name, words = found[1].decode(), found[2]
            if name == "unlink":
                data = _DATA.match(words)
                assert data is not None, line[:200]
                yield Call(name, _bytes(data[1]).decode())
                continue
            file = _FILE.match(words)
            if file is None:
                continue  # a pipe or a terminal
            path, rest = _bytes(file[1]).decode("utf-8", "replace"), words[file.end() :]
            if name in ("write", "pwrite64"):
                data = _DATA.match(rest)
                assert data is not None, line[:200]
                size, _, offset = rest[data.end() :].partition(b", ")
                whole = _bytes(data[1])
                assert len(whole) == int(size) == int(found[3]), line[:200]
                yield Call(name, path, whole, int(offset or 0))
            else:
                yield Call(name, path, number=int(rest or 0))


def _bytes(shown: bytes) -> bytes:
    return bytes.fromhex(shown.replace(b"\\x", b"").decode())


# --- Replaying -----------------------------------------------------------------------------------


class Replay:
    """The calls of one history, with a power cut at each of them."""

    def __init__(self, home: Path, files: dict[str, bytes], seed: int) -> None:
        """Begin with the files that were there before; all of them are safe."""
        self.tally = Tally()
        self._disk = Disk(files)
        self._dice = random.Random(seed)
        self._folder = str(home / "data")
        self._said = str(home / "said")
        self._state = home / "state"
        self._state.mkdir()
        self._done: dict[str, int] = {}

    def run(self, calls: list[Call], states: int) -> Tally:
        """Play the calls and spread so many states over them."""
        ours = [call for call in calls if self._is_ours(call)]
        self.tally.calls = len(ours)
        for number, call in enumerate(ours, 1):
            self._play(call)
            while self.tally.states < states * number // len(ours):
                self._cut(f"call {number}")
        self.tally.acts = len(self._done)
        return self.tally

    def _is_ours(self, call: Call) -> bool:
        folder, _, name = call.path.rpartition("/")
        is_database = folder == self._folder and name in ("station.db", "station.db-wal")
        return is_database or call.path in (self._said, self._folder)

    def _play(self, call: Call) -> None:
        disk, name = self._disk, call.path.rpartition("/")[2]
        if call.path == self._said:
            for line in call.data.decode().splitlines():
                what, ticket, size = line.split()
                if what == "did":
                    self._done[ticket] = int(size)
        elif call.path == self._folder:
            for node in disk.nodes.values():  # the folder is synced: its names are safe
                node.is_name_safe = True
        elif call.name == "unlink":
            disk.remove(name, is_folder_synced=False)
        elif call.name == "ftruncate":
            disk.truncate(disk.create(name), call.number)
        elif call.name in ("fsync", "fdatasync"):
            node = disk.create(name)
            was_safe = node.is_name_safe
            disk.sync(node)
            node.is_name_safe = was_safe  # only the folder's own sync says so here
        else:
            disk.write(disk.create(name), call.number, call.data)

    def _cut(self, where: str) -> None:
        self.tally.states += 1
        files = self._disk.after_power_cut(self._dice)
        for path in self._state.iterdir():
            path.unlink()
        for name, data in files.items():
            (self._state / name).write_bytes(data)
        try:
            self._look(where)
        except StoreTrouble as trouble:
            self.tally.unsound.append(f"{where}: {type(trouble).__name__}: {trouble}")

    def _look(self, where: str) -> None:
        tally = self.tally
        is_whole = tally.states % VERIFY_EVERY == 0
        opened = open_writer if is_whole else open_reader
        connection = opened(database(self._state), KEY)
        try:
            there = dict(connection.execute(_THERE).fetchall())
            tally.lost += [f"{where}: {t}" for t in self._done if t not in there]
            tally.in_part += [
                f"{where}: {t}" for t, size in self._done.items() if there.get(t, size) != size
            ]
            if is_whole:
                tally.verified += 1
                report = verify(connection, VOCABULARY)
                if not report.is_sound:
                    tally.unsound.append(f"{where}: {report.first_broken}")
        finally:
            connection.close()


def run(states: int, seed: int, *, acts: int = ACTS, normal: bool = False) -> Tally:
    """Record a history and look at so many states of it."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    home = Path(tempfile.mkdtemp(prefix="strace-", dir=place)).resolve()
    try:
        furnish(home / "data")
        kept = [path for path in (home / "data").iterdir() if path.name.startswith("station.db")]
        before = {path.name: path.read_bytes() for path in kept}
        before.pop("station.db-shm", None)
        calls = record(home, acts, seed, normal=normal)
        return Replay(home, before, seed).run(calls, states)
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(home)


def main() -> int:
    """Record histories until all states are looked at; print one JSON object."""
    parser = argparse.ArgumentParser(description="Power cuts over the program's own system calls.")
    parser.add_argument("--states", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--acts", type=int, default=ACTS)
    parser.add_argument("--normal", action="store_true", help="a setting that must lose")
    options = parser.parse_args()
    began = time.monotonic()
    tally, seed = Tally(), options.seed
    while tally.states < options.states:
        more = min(STATES_OF_ONE, options.states - tally.states)
        tally.add(run(more, seed, acts=options.acts, normal=options.normal))
        seed += 1
    told = {
        "settings": "wal normal" if options.normal else "as shipped",
        "states": tally.states,
        "calls": tally.calls,
        "acts": tally.acts,
        "verified": tally.verified,
        "lost": len(tally.lost),
        "in_part": len(tally.in_part),
        "unsound": len(tally.unsound),
        "first": (tally.lost + tally.in_part + tally.unsound)[:3],
        "seconds": round(time.monotonic() - began, 1),
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 1 if told["first"] and not options.normal else 0


if __name__ == "__main__":
    sys.exit(main())
