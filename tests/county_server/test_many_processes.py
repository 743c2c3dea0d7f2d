"""Several processes serve one PostgreSQL: no hole, nothing twice, whoever comes to whom."""

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from county_server.county import County
from county_server.verify import verify_county
from station_app.journal.chain import Head
from station_app.journal.fact import Fact, canonical, seal
from station_app.security.signing import Signer
from station_app.services.parcels.facts import ParcelShelved
from station_app.sync.frame import pack
from station_app.sync.segment import Segment, sign_head
from tests.bench.crowd import enrolled
from tests.county_server.many_at_work import Job
from tests.county_server.serving import ROOT
from tests.postgres import Cluster
from tests.sync.stand import DAY, SetClock, new_county

FACTS = 10_000
RUN = 100
STATIONS = ("NX0601", "NX0602")
STREAMS = 2  # of each writing PC
EACH = FACTS // len(STATIONS) // STREAMS


def said_in(stream: str, mark: int) -> list[Fact]:
    """A stream of parcels, an act each."""
    made: list[Fact] = []
    for seq in range(1, EACH + 1):
        body = ParcelShelved(
            courier="ZTO", waybill=f"73{mark:03}{seq:09}", after="", shelf="B", layer=1,
            serial=seq % 90 + 1, size="S", cod_fen=0, freight_fen=0, person="", day=DAY,
        )  # fmt: skip
        header: dict[str, Any] = {
            "stream": stream,
            "seq": seq,
            "act": f"act-{seq}",
            "at": seq,
            "v": 1,
        }
        header |= {"kind": "parcel.shelved", "entity": "", "by": ""}
        prev = made[-1].identity if made else ""
        made.append(seal(canonical(body), None, prev=prev, **header))
    return made


def jobs_of(county: County, place: str, signer: Signer, seed: int, facts: list[Fact]) -> list[Job]:
    made = []
    for start in range(0, len(facts), RUN):
        run = tuple(facts[start : start + RUN])
        head = Head(run[-1].stream, run[-1].seq, run[-1].identity)
        signed = sign_head(head, county.id, signer)
        segment = Segment(run[0].stream, run[0].seq, run[0].prev, run, signed)
        frame = pack((segment,), signer, county.press, level=1)
        made.append(Job(place, seed, run[0].seq, frame))
    return made


@pytest.mark.timeout(240)
def test_eight_processes_and_pullers_lose_nothing_and_double_nothing(
    tmp_path: Path, postgres: Cluster
) -> None:
    folder = tmp_path / "county"
    county = new_county(folder, SetClock(), cluster=postgres)
    url = county.store.engine.url.render_as_string(hide_password=False)
    jobs: list[Job] = []
    pullers: list[tuple[str, int]] = []
    sent: dict[str, set[str]] = {station: set() for station in STATIONS}
    for number, station in enumerate(STATIONS):
        seed = 500 + 10 * number
        writer, signer = enrolled(county, station, seed)
        reader, _ = enrolled(county, station, seed + 1)
        pullers.append((reader, seed + 1))
        for place in range(STREAMS):
            mark = number * STREAMS + place + 1
            facts = said_in(f"{writer}/{mark:016x}", mark)
            sent[station] |= {fact.identity for fact in facts}
            jobs += jobs_of(county, writer, signer, seed, facts)
    (folder / "jobs").write_bytes(pickle.dumps((jobs, pullers)))
    county.store.engine.dispose()
    done = subprocess.run(
        [sys.executable, "-m", "tests.county_server.many_at_work", str(folder), url],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=220,
    )
    assert done.returncode == 0, done.stderr[-3_000:]

    report = verify_county(county)
    assert not report.findings
    assert sum(n for s, n in report.lengths.items() if not s.startswith("county")) == FACTS
    runs, tables = county.store.tables.runs, county.store.tables
    with county.store.read() as connection:
        for station in STATIONS:
            feeds = [
                row[0]
                for row in connection.execute(
                    select(runs.c.feed).where(runs.c.station == station).order_by(runs.c.feed)
                )
            ]
            assert feeds == list(range(1, len(feeds) + 1))
            newest = connection.execute(
                select(tables.feeds.c.newest).where(tables.feeds.c.station == station)
            ).scalar_one()
            assert newest == len(feeds)
    for number, station in enumerate(STATIONS):
        pulled = json.loads((folder / f"pulled-{100 + number}").read_text("utf-8"))
        assert len(pulled) == len(set(pulled))
        assert set(pulled) == sent[station]
    county.close()
