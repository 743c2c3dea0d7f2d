"""`sync.lan_10000`: 10,000 facts of one PC over loopback, against one gzip POST of the same facts.

Ours is the real thing from end to end: read from the encrypted journal, packed, unpacked and
compared, signed, sent by `HttpLink`, verified and committed by the real server, answered, and the
receipt believed, until nothing waits at the PC. The floor has the facts in memory, sends them as
one gzip body of JSON to a server that puts them into one table in one transaction, and believes
everything. Both servers are processes of their own; both take turns.
"""

import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import requests

from station_app.journal.fact import Saying
from station_app.services.parcels.facts import ParcelTold
from station_app.sync.http_link import HttpLink
from tests.bench.report import Measured, tell
from tests.county_server.serving import Server, enrolled_over, new_data, over
from tests.sync.stand import DAY, Pc, converse, handed_over, shelved

FACTS = 10_000
RUNS = 3
GATE = 4.0
ROUNDS_MAX = 200
ROOT = Path(__file__).resolve().parents[2]


def fill(pc: Pc, count: int) -> None:
    """Let a PC work, ten parcels at a time: shelved in one act, four called, six handed over."""
    for start in range(0, count // 2, 10):
        numbers = range(start + 1, start + 11)
        act = pc.say(*(shelved(f"7399{n:010}", 1 + n % 40) for n in numbers)).facts
        called = ParcelTold(way="phone", outcome="reached", day=DAY)
        pc.say(*(Saying(called, entity=fact.identity) for fact in act[:4]))
        pc.say(*(Saying(handed_over(), entity=fact.identity) for fact in act[:6]))


def ours(folder: Path, count: int) -> tuple[float, list[list[Any]]]:
    """Return the seconds from the first byte until all is acknowledged, and the facts as rows."""
    data = new_data(folder)
    server = Server(data)
    pc = enrolled_over(server, data, folder / "d1", seed=1)
    link = HttpLink(server.url)
    try:
        converse(pc, over(server, link), rounds=ROUNDS_MAX)  # the county's own words
        fill(pc, count)
        began = time.perf_counter()
        converse(pc, over(server, link), rounds=ROUNDS_MAX)
        took = time.perf_counter() - began
        if pc.unconfirmed():
            raise RuntimeError(f"{pc.unconfirmed()} facts were not acknowledged")
        mine = [fact for fact in pc.facts() if fact.stream.startswith(pc.place)]
        rows = [
            [
                *(f.stream, f.seq, f.act, f.at, f.kind, f.v, f.entity, f.by, f.prev, f.digest),
                *(f.identity, f.body.decode(), f.private_digest, (f.private or b"").decode()),
            ]
            for f in mine
        ]
        return took, rows
    finally:
        link.close()
        pc.close()
        server.stop()


def floor(folder: Path, rows: list[list[Any]]) -> float:
    """Return the seconds of one gzip POST of these rows into one transaction."""
    line = [sys.executable, "-m", "tests.bench.plain_post", str(folder / "plain.db")]
    server = subprocess.Popen(line, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8")
    assert server.stdout is not None
    try:
        address = server.stdout.readline().strip()
        with requests.Session() as session:
            session.trust_env = False
            session.get(address, timeout=30)  # the connection is there, as it is for ours
            began = time.perf_counter()
            body = gzip.compress(json.dumps(rows, ensure_ascii=False).encode())
            kept = session.post(address, data=body, timeout=60)
            took = time.perf_counter() - began
        if kept.text != str(len(rows)):
            raise RuntimeError(f"the plain server kept {kept.text}")
        return took
    finally:
        server.terminate()
        server.wait(30)


def measure(runs: int = RUNS, count: int = FACTS) -> Measured:
    """Measure both and return the medians in seconds."""
    mine, theirs, sent = [], [], 0
    for _ in range(runs):
        with tempfile.TemporaryDirectory(prefix="bench-loopback-") as place:
            folder = Path(place)
            took, rows = ours(folder, count)
            mine.append(took)
            theirs.append(floor(folder, rows))
            sent = len(rows)
    return Measured(
        name="sync.lan_10000",
        ours=statistics.median(mine),
        limit=statistics.median(theirs),
        unit="s",
        runs=runs,
        sizes={"facts": sent},
        notes={"gate": GATE},
    )


def main() -> None:
    """Measure and print."""
    tell(measure())
