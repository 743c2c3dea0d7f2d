"""Each system call of the real program fails once, or from then on: what does the operator hear?

A station (real store, desk, rules, SQLCipher) is forked, strace is laid on it, and lets the Nth
call of one name fail with one error. The station opens its journal and does a few acts; then the
disk heals, and everything that was not done is asked for again with the same ticket, as an operator
presses the key again. Looked at afterwards, from outside:

- what was called done is in the journal, whole and once; nothing is there in part;
- whatever was not done was said in a sentence of the catalogue, also when the start failed;
- after healing everything goes through; where the sentence said to open the program again, after
  that; and the journal verifies.

N runs from 1 until no call is left to fail. Then the same with a limit to the length of files, as a
quota or a full file system has it.

    python -m tests.proofs.failing_calls --runs 150 --seed 1     (spread over all)
    python -m tests.proofs.failing_calls                         (each of them)
"""

import argparse
import json
import os
import random
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from station_app.__main__ import _sentence_of
from station_app.journal.recorder import new_ticket
from station_app.journal.store import StoreTrouble, open_reader
from station_app.journal.verify import verify
from station_app.premises import Premises
from station_app.resources_dir import load_texts
from station_app.services.parcels.commands import ShelveParcel
from station_app.shell.desk import Desk, Done, Trouble
from station_app.vocabulary import VOCABULARY
from tests.proofs.kit import KEY, SeededChance, database, furnish, open_furnished

ACTS = 3
ENOUGH_SECONDS = 30
LIMITS = 1_000
LIMIT_BYTES_MAX = 260_000  # the acts of a run write about so much into the log
FAILURES: tuple[tuple[str, str], ...] = tuple(
    (call, error)
    for call, errors in (
        ("pwrite64", "EIO ENOSPC"),
        ("fsync", "EIO ENOSPC"),
        ("ftruncate", "EIO"),
        ("write", "EIO ENOSPC"),
        ("pread64", "EIO"),
        ("openat", "EMFILE ENOSPC EACCES EIO"),
        ("unlink", "EIO"),
        ("rename", "EIO"),
    )
    for error in errors.split()
)


@dataclass(frozen=True, slots=True)
class Failure:
    """Which call fails. lasting: all from the Nth on, until the disk heals."""

    call: str
    error: str
    number: int
    lasting: bool

    def __str__(self) -> str:
        """Return it as strace wants it."""
        return f"{self.call}:error={self.error}:when={self.number}{'+' if self.lasting else ''}"


@dataclass(slots=True)
class Tally:
    """What the failures have shown."""

    runs: int = 0
    met: int = 0  # runs in which a call did fail
    restarted: int = 0  # acts that went through only after the program was opened again
    heard: Counter[str] = field(default_factory=Counter)
    found: list[str] = field(default_factory=list)


def main() -> int:
    """Let calls fail and print one JSON object."""
    parser = argparse.ArgumentParser(description="Each system call fails once.")
    parser.add_argument("--runs", type=int, default=0, help="spread so many; default: each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lying", action="store_true", help="a desk that must be found out")
    options = parser.parse_args()
    if options.lying:
        setattr(Desk, "_written", _written_or_so)  # noqa: B010 - what must not pass
    began = time.monotonic()
    tally = run(options.runs, options.seed)
    told = {
        "runs": tally.runs,
        "met": tally.met,
        "restarted": tally.restarted,
        "heard": tally.heard,
        "found": tally.found[:20],
        "seconds": round(time.monotonic() - began, 1),
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    return 1 if tally.found else 0


def _written_or_so(desk: Any, ticket: str, work: Any, *, tries: int) -> Done:
    """Say done whatever the disk said; `tries` go unused."""
    try:
        told: Done = desk.session.write(work)
    except StoreTrouble:
        return Done(ticket)
    return told


def run(runs: int, seed: int) -> Tally:
    """Let `runs` calls fail, spread over all there are; 0: each of them."""
    place = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    home = Path(tempfile.mkdtemp(prefix="calls-", dir=place)).resolve()
    try:
        furnish(home / "pristine")
        _warm(home)
        trials = Trials(home, seed)
        for failure in _each(trials) if not runs else _some(trials, runs, seed):
            trials.one(failure)
        dice = random.Random(seed)
        for _ in range(runs // 4 if runs else LIMITS):
            trials.limited(dice.randrange(LIMIT_BYTES_MAX))
        return trials.tally
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _warm(home: Path) -> None:
    """Load what the program loads when it is first wanted, so that files of ours do not count."""
    shutil.copytree(home / "pristine", home / "warm")
    premises = open_furnished(home / "warm", seed=1)
    for number in range(2):
        premises.desk.settle(_command(90 + number), ticket=new_ticket(SeededChance(number)))
    premises.close()
    _sentence_of(ValueError(), home)
    for key in ("security.trouble.DISK_FAILED", "journal.NOT_IN_THIS_STREAM"):
        load_texts().has(key)


def _each(trials: "Trials") -> Iterator["Failure"]:
    """Yield every failure; a call is not made often enough when the last one was not met."""
    for call, error in FAILURES:
        for lasting in (False, True):
            number, before = 0, -1
            while trials.tally.met != before:
                number, before = number + 1, trials.tally.met
                yield Failure(call, error, number, lasting)


def _some(trials: "Trials", runs: int, seed: int) -> Iterator["Failure"]:
    """Yield failures drawn from all there are, each kind of call about as often."""
    dice = random.Random(seed)
    counts = trials.count()
    for number in range(runs):
        call, error = FAILURES[number % len(FAILURES)]
        yield Failure(call, error, dice.randint(1, max(1, counts[call])), dice.random() < 0.4)


# --- One run -------------------------------------------------------------------------------------


class Trials:
    """Runs with one failure each, on copies of one data folder."""

    def __init__(self, home: Path, seed: int) -> None:
        """Copy `home/pristine` for each."""
        self.tally = Tally()
        self._home = home
        self._seed = seed

    def count(self) -> Counter[str]:
        """Return how often each call is made when none fails."""
        names = sorted({call for call, _ in FAILURES})
        trace = self._play(["-e", f"trace={','.join(names)}"])[1]
        return Counter(line.split("(")[0] for line in trace.splitlines() if "(" in line)

    def one(self, failure: Failure) -> None:
        """Let one call fail, and look."""
        tally = self.tally
        tally.runs += 1
        watch = ["-e", f"trace={failure.call}", "-e", f"inject={failure}"]
        said, trace = self._play(watch)
        tally.met += "(INJECTED)" in trace
        tally.found += [f"{failure}: {finding}" for finding in self._look(said)]

    def _play(self, watch: list[str]) -> tuple[list[list[str]], str]:
        """Fork a station with strace on it; return what it said and what strace saw."""
        pid, ours = self._forked()
        trace = self._home / "trace"
        line = ["strace", "-p", str(pid), "-o", str(trace), *watch]
        with subprocess.Popen(line, stderr=subprocess.PIPE) as strace:
            assert strace.stderr is not None
            attached = strace.stderr.readline()
            assert b"attached" in attached, attached
            ours.send(b"go\n")
            said = _hear(ours)
            strace.terminate()
        seen = trace.read_text("utf-8", "replace")
        return self._healed(pid, ours, said), seen

    def limited(self, most: int) -> None:
        """Let no file grow beyond so many bytes until the disk heals, and look."""
        self.tally.runs += 1
        pid, ours = self._forked()
        former = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, former[1]))
        ours.send(b"go\n")
        said = _hear(ours)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, former)
        self.tally.met += any(what in ("open", "not") for what, *_ in said)
        said = self._healed(pid, ours, said)
        self.tally.found += [f"files of {most} bytes: {finding}" for finding in self._look(said)]

    def _forked(self) -> tuple[int, socket.socket]:
        """Fork a station that waits for a word, on a fresh copy of the folder."""
        self._folder = self._home / "data"
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copytree(self._home / "pristine", self._folder)
        ours, its = socket.socketpair()
        ours.settimeout(ENOUGH_SECONDS)
        pid = os.fork()
        if pid == 0:
            ours.close()
            _station(self._folder, its, self._seed)
        its.close()
        return pid, ours

    def _healed(self, pid: int, ours: socket.socket, said: list[list[str]]) -> list[list[str]]:
        """Let the station go on after its pause; return all that it said."""
        if said and said[-1][0] == "pause":
            ours.send(b"on\n")
            said = said + _hear(ours)
        ours.close()
        os.waitpid(pid, 0)
        return said

    def _look(self, said: list[list[str]]) -> list[str]:
        """Return what does not hold after a run."""
        if not said or said[-1][0] != "end":
            return [f"the program died after {said[-3:]}"]
        found = []
        for what, *words in said:
            if what in ("open", "not", "again"):
                self.tally.heard[words[-1]] += 1
                if not load_texts().has(words[-1]):
                    found.append(f"no sentence was said: {' '.join(words)}")
            if what == "bug":
                found.append(" ".join(words))
            if what == "again":
                self.tally.restarted += 1
                if words[-1] != "security.trouble.DISK_FAILED":  # it alone says: open it again
                    found.append(f"after healing: {' '.join(words)}")
            if what == "still":
                found.append(f"after healing: {' '.join(words)}")
        done = {words[0]: int(words[1]) for what, *words in said if what == "did"}
        reader = open_reader(database(self._folder), KEY)
        there = dict(reader.execute(_THERE).fetchall())
        found += [f"{t} was called done: {there.get(t, 0)} facts" for t in done if not there.get(t)]
        found += [f"{t} is there in part" for t, size in done.items() if size > there.get(t, 0) > 0]
        found += [f"{t} is there, and nobody asked" for t in there.keys() - done.keys()]
        report = verify(reader, VOCABULARY)
        reader.close()
        if not report.is_sound:
            found.append(f"not sound: {report.first_broken}")
        return found


_THERE = (
    "SELECT t.ticket, (SELECT count(*) FROM facts f WHERE f.stream = t.stream AND f.act = t.act) "
    "FROM tickets t"
)


def _hear(ours: socket.socket) -> list[list[str]]:
    """Return what the station says up to its pause or its end."""
    heard = b""
    while not heard.endswith((b"pause\n", b"end\n")):
        piece = ours.recv(65_536)
        if not piece:
            break
        heard += piece
    return [line.split() for line in heard.decode().splitlines()]


# --- The station ---------------------------------------------------------------------------------


def _command(number: int) -> ShelveParcel:
    return ShelveParcel(courier="ZTO", waybill=f"73{number:012}", tail="6001", cod_fen=100)


def _station(folder: Path, its: socket.socket, seed: int) -> None:
    """Wait for strace, work, let the disk heal, ask again for what was not done; never return."""

    def say(*words: object) -> None:
        its.send((" ".join(map(str, words)) + "\n").encode())

    its.recv(16)
    try:
        _work(folder, its, seed, say)
    except Exception as problem:  # noqa: BLE001 - whatever the desk lets through is a finding
        say("bug", type(problem).__name__, *str(problem).split()[:20])
    say("end")
    os._exit(0)


def _work(folder: Path, its: socket.socket, seed: int, say: Callable[..., None]) -> None:
    premises = _opened(folder, seed, say)
    tickets = [new_ticket(SeededChance(700 + number)) for number in range(ACTS + 1)]
    left = list(range(ACTS))
    if premises is not None:
        left = [n for n in left if not _did(premises, n, tickets[n], say, "not")]
    say("pause")
    its.recv(16)
    premises = premises or _opened(folder, seed + 1, say)
    if premises is None:
        say("still", "does not open")
        return
    left = [n for n in [*left, ACTS] if not _did(premises, n, tickets[n], say, "again")]
    if left:
        premises.close()
        premises = _opened(folder, seed + 2, say)
    for number in left:
        if premises is None or not _did(premises, number, tickets[number], say, "not"):
            say("still", tickets[number])


def _opened(folder: Path, seed: int, say: Callable[..., None]) -> Premises | None:
    """Open the premises; what the program would say instead is said."""
    try:
        return open_furnished(folder, seed=seed)
    except Exception as problem:
        if not _sentence_of(problem, folder):
            raise
        say("open", type(problem).__name__, getattr(problem, "text_key", "?"))
        return None


def _did(
    premises: Premises, number: int, ticket: str, say: Callable[..., None], otherwise: str
) -> bool:
    """Ask for an act and say what came of it."""
    outcome = premises.desk.settle(_command(number), ticket=ticket)
    if isinstance(outcome, Done):
        say("did", ticket, max(1, len(outcome.told)))
        return True
    key = outcome.text_key if isinstance(outcome, Trouble) else f"refused:{outcome}"
    say(otherwise, ticket, key)
    return False


if __name__ == "__main__":
    sys.exit(main())
