"""The market day with both PCs, played once; its witnesses before and after a late fact."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.county_server.serving import ROOT, line
from tests.days.eve import the_eve
from tests.independent.county import fetch
from tests.independent.slip import read_slip
from tests.stage import DAYS, STATION, Stage, stage

ACCOUNT, PASSWORD = "F01", "一句很长很长的口令 9"
EXPORT = f"/exports/{STATION}/facts.jsonl"
DAY_SECONDS = 300  # a whole day of two people; alone on two cores it takes a minute


@dataclass(frozen=True)
class Books:
    """Three of the witnesses at one moment, as lines of text."""

    facts: list[str]
    beancount: list[str]
    county: list[str]


@dataclass(frozen=True)
class Market:
    """summary: of the first PC's day; evening, morning: before and after what came late.

    slip, again, reading: papers: the Z, its reprint, the reading of the next morning.
    """

    first: Stage
    second: Stage
    summary: dict[str, Any]
    evening: Books
    rebuilt: Books
    morning: Books
    elsewhere: Books
    slip: Path
    again: Path
    reading: Path


@contextmanager
def market_day(pristine: Path, folder: Path) -> Iterator[Market]:
    """Play the day of both PCs, the night and the next morning."""
    with stage(pristine, folder) as first:
        subprocess.run(
            line(first.county, "staff", "add", ACCOUNT, "郑示璐", "--role", "finance",
                 "--password-stdin"),
            check=True, cwd=ROOT, input=PASSWORD + "\n", encoding="utf-8", capture_output=True,
        )  # fmt: skip
        second = first.beside(folder / "second")
        the_eve(first)
        _played(second, "market_second.day", is_sent=False)
        summary = _played(first, "market_day.day")
        slip = _receipts(first)[-1]
        kept = folder / "z.png"
        kept.write_bytes(slip.read_bytes())
        evening = _books(first)
        first.run("rebuild")
        rebuilt = _books(first)
        for pc in (second, first):
            assert pc.run("sync")["complete"]
        _played(first, "market_again.day")
        again, reading, _sold = _receipts(first)
        assert second.run("sync")["complete"]
        yield Market(
            first, second, summary, evening, rebuilt, _books(first), _books(second), kept,
            again, reading,
        )  # fmt: skip


def _played(pc: Stage, name: str, *, is_sent: bool = True) -> dict[str, Any]:
    summary = pc.play(DAYS / name, seconds=DAY_SECONDS)
    assert not summary["failed"], summary["failed"]
    assert summary["ok"]
    assert summary["verify"]["findings"] == []
    assert summary["acts_without_key_press"] == []
    assert summary["acts"] == summary["acts_in_journal"]
    assert (summary["waiting"] == 0) == is_sent
    return summary


def _receipts(pc: Stage) -> list[Path]:
    return sorted(pc.out.glob("papers/*-receipt.png"))


def _books(pc: Stage) -> Books:
    return Books(
        pc.export("facts"),
        pc.export("beancount"),
        fetch(pc.url, ACCOUNT, PASSWORD, EXPORT),
    )


def amounts(paper: Path) -> dict[str, int]:
    """Return what is read off a paper; a label that comes twice keeps its first amount."""
    return dict(reversed(read_slip(paper)))


def told(lines: list[str], kind: str) -> list[tuple[int, dict[str, Any]]]:
    """Return (place, fact) of the facts of a kind in an export."""
    facts = [(place, json.loads(text)) for place, text in enumerate(lines)]
    return [(place, fact) for place, fact in facts if fact["kind"] == kind]
