"""How long the suite takes: what each whole run records, and how it is judged, by that run itself.

A run that had the machine for itself takes a third of the time of one that shared it with two
others; neither says anything about our tests. So what others had of the processors meanwhile is
read from the system over the whole run, and seconds count for as much less. The judgement comes at
the end of the run that it is about. It is said in every run, and fails one only where somebody
holds the machine to it (`SUITE_BUDGET=hold`): the seconds of one machine are no proof on another.

A plugin of pytest (`-p tests.pace`); tests/conftest.py brings it in. What is held against what
stands in pyproject.toml (`[tool.village.budgets]`), what was found in build/durations.json.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import house_tree

ENDED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)  # not interrupted, not stopped early
OTHERS_MOST = 0.9  # of the machine: beyond that a judgement would be a guess
STAT = Path("/proc/stat")
_IDLE, _WAITS_FOR_DISK, _GUESTS = 3, 4, 8  # of its columns; guests are counted as users, too


def pytest_configure(config: pytest.Config) -> None:
    """Keep the record where all reports come together: not in a worker."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(DurationRecord(config))


class DurationRecord:
    """Adds up what each package of tests took, and judges a run of the whole suite.

    One entry per folder below tests/ (seconds over all workers), the seconds from start to end,
    and how much longer that was for what others did on the machine.
    """

    def __init__(self, config: pytest.Config) -> None:
        """Begin at nothing."""
        self._began = Moment.now()
        self._is_whole = is_whole_suite(config)
        self._root = config.rootpath
        self._seconds: dict[str, float] = {}
        self._findings: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add one phase of one test."""
        package = package_of(report.nodeid)
        self._seconds[package] = self._seconds.get(package, 0.0) + report.duration

    @pytest.hookimpl(trylast=True)  # the workers have ended by then, and tell what they used
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Keep and judge a whole run; a part of the suite says nothing about budgets."""
        if not self._is_whole or session.exitstatus not in ENDED:
            return
        taken = Moment.now()
        packages = {name: round(seconds, 2) for name, seconds in sorted(self._seconds.items())}
        whole = round(taken.at - self._began.at, 2)
        record = {"packages": packages, "whole": whole, "load": round(self._began.load(taken), 2)}
        file = self._root / "build" / "durations.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(record, indent=1) + "\n", "utf-8")
        budgets = house_tree.read_settings(self._root)["tool"]["village"]["budgets"]
        self._findings = list(over_budget(record, budgets))
        if self._findings and os.environ.get("SUITE_BUDGET") == "hold":
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what took longer than it may."""
        if self._findings:
            terminalreporter.section("the suite is over its budget", red=True)
            for finding in self._findings:
                terminalreporter.line(finding)


class Moment:
    """A moment of a run. at: s; ours, all: s that processors were busy, for us and for all."""

    def __init__(self, at: float, ours: float, all_: float) -> None:
        """Take the three clocks as they stand."""
        self.at, self.ours, self.all = at, ours, all_

    @staticmethod
    def now() -> "Moment":
        """Look at the clocks; ours counts children once they have ended."""
        used = os.times()
        ours = used.user + used.system + used.children_user + used.children_system
        return Moment(time.monotonic(), ours, _busy_seconds() or ours)

    def load(self, later: "Moment", processors: int = 0) -> float:
        """Return how many times longer it took until `later` for what others did meanwhile."""
        room = (later.at - self.at) * (processors or os.cpu_count() or 1)
        others = (later.all - self.all) - (later.ours - self.ours)
        if room <= 0:
            return 1.0
        return 1 / (1 - min(max(0.0, others / room), OTHERS_MOST))


def _busy_seconds() -> float:
    """Return how long the processors have been busy since the start; 0 where nobody counts."""
    if not STAT.exists():
        return 0.0
    columns = [int(word) for word in STAT.read_text("ascii").splitlines()[0].split()[1:]]
    busy = sum(columns[:_GUESTS]) - columns[_IDLE] - columns[_WAITS_FOR_DISK]
    return float(busy / os.sysconf("SC_CLK_TCK"))


def package_of(nodeid: str) -> str:
    """Return the folder below tests/ that holds the test, "." for tests/ itself."""
    parts = nodeid.split("::", maxsplit=1)[0].split("/")
    return parts[1] if len(parts) > 2 else "."


def is_whole_suite(config: pytest.Config) -> bool:
    """Whether this run has neither paths nor filters, and does not stop early."""
    option = config.option
    names = ("keyword", "markexpr", "collectonly", "lf", "deselect", "ignore", "maxfail", "shelf")
    has_filters = getattr(option, "shelf", False) or any(
        getattr(option, name, None) for name in names
    )
    return config.args_source is not pytest.Config.ArgsSource.ARGS and not has_filters


def over_budget(recorded: Mapping[str, Any], budgets: Mapping[str, float]) -> Iterator[str]:
    """Each package of tests, and the whole suite, keeps within its seconds.

    Other people's work on the machine is no slowness of ours.
    """
    load = recorded["load"]
    for package, seconds in recorded["packages"].items():
        if package not in budgets:
            yield f"pyproject.toml:1: no budget for tests/{package}"
        elif seconds / load > budgets[package]:
            took = f"{seconds} s at load {load}"
            yield f"tests/{package}:1: took {took}, budget {budgets[package]} s"
    if recorded["whole"] / load > budgets["whole"]:
        took = f"{recorded['whole']} s at load {load}"
        yield f"tests:1: the suite took {took}, budget {budgets['whole']} s"
