"""What every test stands on: no screen, no luck that cannot be repeated, a record of durations."""

import gc
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests import pace
from tests.engines import share_compiled_statements
from tests.pace import package_of
from tests.postgres import HASTY, Cluster, cluster

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ROOT = Path(__file__).resolve().parents[1]
QUICK_BYTES = 4 << 30  # two database servers and what failed tests leave take less

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # Tesseract's threads wait for each other, busily
# An installed program has its bytecode; without it each of hundreds of processes under test would
# compile the program anew: a third of what its start costs.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Loading and collecting make much and drop nothing: looking for garbage was a fifth of it.
gc.set_threshold(200_000, 50, 1_000)


def keep_in_memory() -> None:
    """Let what tests write lie in memory, where there is room: what a disk does is not their luck.

    Thousands of stations and counties sync each commit, and on a disk the processors wait for it
    a fifth of the time. What is said about power cuts is shown on disks of our own making.
    """
    quick = Path("/dev/shm")
    if "TMPDIR" in os.environ or not os.access(quick, os.W_OK):
        return
    forbids_programs = os.statvfs(quick).f_flag & os.ST_NOEXEC
    if not forbids_programs and shutil.disk_usage(quick).free >= QUICK_BYTES:
        os.environ["TMPDIR"] = tempfile.tempdir = str(quick)


keep_in_memory()

# A slow machine is no failure, and the suite gives the same verdict each time; `dev long` seeks.
settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("suite")
share_compiled_statements()


LONG_FIRST = ("village", "proofs", "days")
SPREAD = "tests/village/test_village.py::test_nothing_is_lost_whatever_fails"  # for every worker


class ByModule(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Leaves a module with one worker: what it makes once for all its tests is made once."""

    def _split_scope(self, nodeid: str) -> str:
        return nodeid if nodeid.startswith(SPREAD) else nodeid.split("::", maxsplit=1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByModule:
    """Hand the tests out by modules, in the order of `pytest_collection_modifyitems`."""
    config.option.loadscopereorder = False
    return ByModule(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that both workers end with what takes moments."""
    items.sort(key=lambda item: package_of(item.nodeid) not in LONG_FIRST)


def pytest_collection_finish() -> None:
    """Leave what was loaded and collected out of each later search for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 40)  # a tenth of what windows cost, seen at 10,000


def pytest_configure(config: pytest.Config) -> None:
    """Let each whole run be judged by its budget."""
    pace.pytest_configure(config)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A real PostgreSQL, started by the first test of this process that asks for it."""
    with cluster(HASTY) as running:
        yield running


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county that nobody has enrolled with; copied, never served (`tests.stage`)."""
    from tests.stage import make_county

    return make_county(tmp_path_factory.mktemp("pristine"))


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> "QtBot":
    """Wait as pytest-qt does, but look each millisecond instead of each tenth."""
    from tests.shell.quick_bot import QuickBot

    return QuickBot(request)


@pytest.fixture
def store_in(request: pytest.FixtureRequest) -> Cluster | None:
    """Where the county's database goes: None for a file; tests marked ON_BOTH_STORES get both."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return None
    found: Cluster = request.getfixturevalue("postgres")
    return found
