"""A county as a process of its own on loopback, started and stopped as an administrator does."""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from county_server.__main__ import main
from station_app.security.signing import Signer, fingerprint, verify
from station_app.sync import enrolment
from station_app.sync.exchange import County as PinnedCounty
from station_app.sync.exchange import Request
from station_app.sync.http_link import Answer, HttpLink
from station_app.sync.messages import EnrolAnswer
from station_app.sync.segment import COUNTY, KnownKey
from tests.sync.stand import Carry, Dice, Pc, Reply, SetClock, small_sheets

ROOT = Path(__file__).resolve().parents[2]
ENOUGH_SECONDS = 30


def line(data: Path, *words: object) -> list[str]:
    return [sys.executable, "-m", "county_server", "--data", str(data), *map(str, words)]


def command(data: Path, *words: object, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, in this process: a start of Python takes a second."""
    out, errors = io.StringIO(), io.StringIO()
    arguments = ["--data", str(data), *map(str, words)]
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        found = main(arguments)
    assert found == status, out.getvalue() + errors.getvalue()
    return subprocess.CompletedProcess(arguments, found, out.getvalue(), errors.getvalue())


def said(data: Path, *words: object, status: int = 0) -> Any:
    """Run one command and return its JSON."""
    return json.loads(command(data, *words, "--json", status=status).stdout)


class Server:
    """One run of `serve`. Its log goes to a file: a pipe that nobody reads would stop it."""

    def __init__(
        self,
        data: Path,
        *words: object,
        env: dict[str, str] | None = None,
        database: str = "",
    ) -> None:
        """Start, and return when it says where it listens. words: besides those every run has."""
        self.errors = b""
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        where = ("--database", database) if database else ()
        self.process = subprocess.Popen(
            line(data, *where, "--json", "serve", "--port", 0, *words),
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=os.environ | {"PYTHONUNBUFFERED": "1"} | (env or {}),
        )
        assert self.process.stdout is not None
        first = self.process.stdout.readline()
        assert first, self._logged().decode()
        self.url: str = json.loads(first)["url"]

    def _logged(self) -> bytes:
        """Wait for its end, and return what it has logged."""
        if not self._log.closed:
            self.process.communicate(timeout=ENOUGH_SECONDS)
            self._log.seek(0)
            self.errors = self._log.read()
            self._log.close()
        return self.errors

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, wait for the end, return the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        errors = self._logged()
        assert how == signal.SIGKILL or b"Traceback" not in errors, errors.decode()
        return self.process.returncode


def new_data(folder: Path) -> Path:
    """Make a county with two villages by commands."""
    data = folder / "county"
    command(data, "init")
    command(data, "import-master", small_sheets(folder / "sheets"))
    return data


def over(server: Server, link: HttpLink | None = None) -> Carry:
    """A real line to a server."""
    used = link or HttpLink(server.url)

    def carry(request: Request) -> Reply | str:
        answer = used.carry(
            request.method, request.path, request.headers, request.body, request.answer_bytes_max
        )
        if isinstance(answer, Answer):
            return answer.status, dict(answer.headers), answer.body, answer.is_whole
        return answer.cause

    return carry


def enrolled_over(server: Server, data: Path, folder: Path, *, seed: int, database: str = "") -> Pc:
    """Enrol a PC over the line with a code from the command."""
    where = ("--database", database) if database else ()
    code = said(data, *where, "enrol-code", "NX0601")["code"]
    parts = enrolment.read_payload(code[2:-1])
    assert parts is not None
    chance = Dice(seed)
    signer = Signer(chance.draw(32))
    asked = enrolment.ask(parts, signer.public_key, signer, chance)
    link = HttpLink(server.url)
    got = link.carry(asked.method, asked.path, asked.headers, asked.body, 100_000)
    link.close()
    assert isinstance(got, Answer), got
    answer = enrolment.read_answer(
        asked, got.status, got.headers, got.body, verify=verify, fingerprint=fingerprint
    )
    assert isinstance(answer, EnrolAnswer), answer
    key = KnownKey(COUNTY, bytes.fromhex(answer.county_key), verify)
    place = f"{answer.station}/{answer.device}"
    clock = SetClock()
    return Pc(folder, place, clock, chance, signer, PinnedCounty(answer.county, key))
