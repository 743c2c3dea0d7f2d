"""The queues of CUPS, over its own programs: `lp -o raw`, `lpstat`, `cancel`.

No library: those for CUPS want a compiler and its headers, and the programs are where CUPS is.
Their words are asked for in English (`LC_ALL=C`), and only fixed lists of arguments are run.
"""

import os
import re
import shutil
from collections.abc import Sequence

from station_app.devices.queue_printer import JobState, QueueState

ANSWER_SECONDS = 10.0
TITLE = "village-station"
_REQUEST = re.compile(rb"request id is (\S+-\d+)")
_NAME = re.compile(r"[^\s/#'\"\\-][^\s/#'\"\\]*")


class CupsQueues:
    """CUPS on this PC, or on `server` (a host, or the path of a socket). A `SystemQueues`."""

    def __init__(self, server: str = "") -> None:
        """Speak to the usual server unless one is named."""
        self._environment = {**os.environ, "LC_ALL": "C", "LANG": "C"}
        if server:
            self._environment["CUPS_SERVER"] = server

    def names(self) -> list[str]:
        """Return the queues that there are, none where CUPS is not."""
        if shutil.which("lpstat") is None:
            return []
        said = self._run(["lpstat", "-e"]).decode("utf-8", "replace")
        return [line.strip() for line in said.splitlines() if _NAME.fullmatch(line.strip())]

    def state(self, name: str) -> QueueState:
        """Return whether a queue is there and carries out what it gets."""
        if _NAME.fullmatch(name) is None:
            return QueueState(is_there=False)
        try:
            said = self._run(["lpstat", "-p", name])
        except _Refused:  # it says so, too, when nobody runs whom it could ask
            if b"is running" in self._run(["lpstat", "-r"]):
                return QueueState(is_there=False)
            raise
        return QueueState(is_stopped=b"disabled since" in said)

    def submit(self, name: str, job: bytes) -> str:
        """Hand a job over as raw bytes."""
        said = self._run(["lp", "-d", name, "-o", "raw", "-t", TITLE, "-"], job)
        found = _REQUEST.search(said)
        if found is None:
            raise OSError(f"lp said {said[:80]!r}")
        return found[1].decode("ascii")

    def job(self, name: str, number: str) -> JobState:
        """Return `waits` while the queue lists it; `failed` if it was stopped, else `done`."""
        if number.encode() in self._jobs(name, "not-completed"):
            return "waits"
        said = self._run(["lpstat", "-l", "-W", "completed", "-o", name])
        block = said.partition(number.encode() + b" ")[2].partition(b"\n" + name.encode())[0]
        bad = (b"job-aborted", b"job-canceled", b"aborted", b"canceled")
        return "failed" if any(word in block for word in bad) else "done"

    def cancel(self, name: str, number: str) -> None:
        """Take a job back; one that is finished already is left alone."""
        del name
        try:
            self._run(["cancel", number])
        except _Refused:
            return

    def _jobs(self, name: str, which: str) -> set[bytes]:
        said = self._run(["lpstat", "-W", which, "-o", name])
        return {line.split()[0] for line in said.splitlines() if line.split()}

    def _run(self, words: Sequence[str], given: bytes = b"") -> bytes:
        """Return what a program said. Raises OSError; _Refused when it says no."""
        import subprocess

        try:
            ran = subprocess.run(
                list(words),
                input=given,
                capture_output=True,
                env=self._environment,
                timeout=ANSWER_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as problem:
            raise OSError(f"{words[0]} does not answer") from problem
        if ran.returncode:
            raise _Refused(ran.stderr.decode("utf-8", "replace")[:200])
        return ran.stdout


class _Refused(OSError):
    """A program of CUPS ended with an error."""
