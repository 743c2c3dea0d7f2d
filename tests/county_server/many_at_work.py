"""Eight processes of the server over one PostgreSQL, pullers beside them, each a real process.

`python -m tests.county_server.many_at_work FOLDER URL`: reads FOLDER/jobs, forks everybody before
anything is opened, and prints what the pullers got. Every run is sent twice, by two processes, in
an order drawn by lot: many do not join on at first, and are sent again until they do.
"""

import json
import os
import pickle
import random
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from county_server.county import County, open_county
from county_server.intake import Push
from station_app.security.signing import Signer
from station_app.sync.dictionary import Press
from station_app.sync.frame import unpack
from station_app.sync.messages import BodyReader, Opening, Receipt, open_request, read_receipt
from station_app.sync.segment import Rejected
from station_app.vocabulary import VOCABULARY
from tests.sync.stand import Dice, SetClock

WORKERS = 8
AHEAD = 300  # facts: so far before its turn a run may be sent
GIVE_UP_SECONDS = 100


@dataclass(frozen=True, slots=True)
class Job:
    """A frame of one run, and who sends it; the key is drawn from the seed."""

    device: str
    seed: int
    first: int
    frame: bytes


def opening(device: str, epoch: str, counter: int, cursor: int = 0) -> Opening:
    return Opening(
        device=device,
        epoch=epoch,
        counter=counter,
        county_epoch=1,
        cursor=cursor,
        room=60_000,
        clock=0,
        fold_version=1,
    )


def work(folder: Path, url: str, number: int, jobs: list[Job]) -> None:
    """Send all jobs of this process until each is taken; every other process is a busy one."""
    county = opened(folder, url, number)
    county.is_busy = number % 2 == 0
    epoch = f"{number + 1:016x}"
    counters: dict[str, int] = {}
    end = time.monotonic() + GIVE_UP_SECONDS
    while jobs and time.monotonic() < end:
        job = jobs.pop(0)
        counters[job.device] = counter = counters.get(job.device, 0) + 1
        push = Push(county)
        said = opening(job.device, epoch, counter)
        push.feed(open_request(said, Signer(Dice(job.seed).draw(32))) + job.frame)
        status, _ = push.finish()
        if status != 200:
            jobs.insert(1, job)  # after the next one: by then somebody may have sent what lacks
    county.close()
    os._exit(1 if jobs else 0)


def pull(folder: Path, url: str, number: int, device: str, seed: int) -> None:
    """Follow the feed of a station by cursor alone until told to stop; write what came."""
    county = opened(folder, url, number)
    signer, got = Signer(Dice(seed).draw(32)), list[str]()
    cursor = counter = 0
    stop = folder / "stop"
    is_last = False
    while not is_last:
        is_last = stop.exists()  # one more round after it
        has_more = True
        while has_more:
            counter += 1
            push = Push(county)
            push.feed(open_request(opening(device, "f" * 16, counter, cursor), signer))
            _, body = push.finish()
            receipt, frames = read(county, body)
            for frame, upto in zip(frames, receipt.cursors, strict=True):
                with county.store.read(behind=True) as connection:
                    ring = county.ring(connection, device.partition("/")[0])
                segments = unpack(frame, ring, county.press, county=county.id)
                assert not isinstance(segments, Rejected), segments
                cursor = upto
                got += [
                    fact.identity
                    for segment in segments
                    if not segment.stream.startswith("county")
                    for fact in segment.facts
                ]
            has_more = bool(receipt.more)
    (folder / f"pulled-{number}").write_text(json.dumps(got), "utf-8")
    county.close()
    os._exit(0)


def read(county: County, body: bytes) -> tuple[Receipt, list[bytes]]:
    reader = BodyReader()
    frames = list(reader.feed(body))
    assert reader.block is not None
    receipt = read_receipt(reader.block, county.key)
    assert isinstance(receipt, Receipt)
    return receipt, frames


def opened(folder: Path, url: str, number: int) -> County:
    clock, chance = SetClock(), Dice(1_000 + number)
    return open_county(folder, VOCABULARY, Press(), clock=clock, chance=chance, url=url)


def forked(run: Callable[[], None]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        run()
    except BaseException:  # noqa: BLE001 - a process ends here, whatever it was
        traceback.print_exc()
    os._exit(2)


def main() -> int:
    folder, url = Path(sys.argv[1]), sys.argv[2]
    jobs, pullers = pickle.loads((folder / "jobs").read_bytes())
    dice = random.Random(20_261_126)
    shares: list[list[Job]] = [[] for _ in range(WORKERS)]
    jobs.sort(key=lambda job: job.first + dice.randrange(AHEAD))
    for job in jobs:
        for place in dice.sample(range(WORKERS), 2):
            shares[place].append(job)
    watchers = [
        forked(lambda n=n, who=who: pull(folder, url, 100 + n, *who))  # type: ignore[misc]
        for n, who in enumerate(pullers)
    ]
    workers = [
        forked(lambda n=n, mine=mine: work(folder, url, n, mine))  # type: ignore[misc]
        for n, mine in enumerate(shares)
    ]
    failed = [pid for pid in workers if os.waitpid(pid, 0)[1]]
    (folder / "stop").touch()
    failed += [pid for pid in watchers if os.waitpid(pid, 0)[1]]
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
