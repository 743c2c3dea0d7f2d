"""`sync.*`: sizes and times of sending the pinned day, each against what any program would need.

`sync.bytes_1000`, `sync.bytes_20`: the bodies of the requests that carry so many facts of the
pinned day (everything after the HTTP head: opening, tips, frames, signatures) against the floor,
computed on the same facts in the same run (`tests.bench.floor` says what that is and leaves out).

`sync.2g_1000`, `sync.2g_20`: the same with the real line of the station, over real sockets through
a line of 64 kbit/s and 300 ms, to a real county server in a process of its own. The limit is the
time that the bytes which the line carried need, HTTP heads and answers too, and one round trip;
the station begins with no connection.

Times of packing and unpacking are beside the sizes: what is short must also be cheap.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module, util
from pathlib import Path

from station_app.journal.fact import Fact
from station_app.sync import columns, rows
from station_app.sync.exchange import Outcome, Request
from station_app.sync.frame import COLUMNS, format_of
from station_app.sync.http_link import Answer, HttpLink
from station_app.sync.messages import BodyReader
from station_app.sync.segment import Segment, SignedHead
from tests.bench.floor import SIGNATURE_BYTES, SIGNATURES, Floor, floor_of
from tests.bench.mixed_day import FACTS, MixedDay
from tests.bench.report import Measured, tell
from tests.bench.thin_line import ThinLine
from tests.county_server.serving import Server
from tests.sync.stand import post

FEW = 20
LIMITS = {"bytes_1000": 1.4, "bytes_20": 1.6, "2g_1000": 1.3}  # ratios to keep
BITS_PER_SECOND = 64_000
LATENCY_S = 0.3
TIMES = 5
ROUNDS_MAX = 50
BESIDES = ("loopback", "resets")  # benches of others that belong to the same run


@dataclass(slots=True)
class Sent:
    """What sending took. bodies: bytes of requests; opening: those of them before the frames."""

    requests: int = 0
    bodies: int = 0
    frames: int = 0
    opening: int = 0
    facts: int = 0


@contextmanager
def lived(facts: int) -> Iterator[MixedDay]:
    """Live the day up to so many facts that the county has not."""
    folder = Path(tempfile.mkdtemp(prefix="bench-sync-"))
    day = MixedDay(folder)
    try:
        day.live(facts)
        yield day
    finally:
        day.close()
        day.county.close()
        shutil.rmtree(folder, ignore_errors=True)


def floor_here(day: MixedDay) -> Floor:
    """Return the floor of the day's facts: its own, or one block of the program's columns."""
    held = day.port.places
    found = floor_of(day.facts, held)
    plain, noise = columns.write((segment_of(day.facts),), held)
    press = day.press
    own = min(len(press.pack(plain, dictionary=number, level=19)) for number in press.numbers)
    other = Floor(own, len(noise) + (SIGNATURES - 1) * SIGNATURE_BYTES)  # one is in the noise
    return min(found, other, key=lambda floor: floor.size)


def segment_of(facts: Sequence[Fact]) -> Segment:
    """Return facts as a segment under a head of zeros, for what needs no signature."""
    last = facts[-1]
    head = SignedHead(last.stream, last.seq, last.identity, "00" * 8, bytes(64))
    return Segment(last.stream, facts[0].seq, facts[0].prev, tuple(facts), head)


def send_here(day: MixedDay) -> Sent:
    """Send all there is to the county in this process; count what the requests hold."""
    sent = Sent()

    def carry(request: Request) -> Outcome:
        reader = BodyReader()
        frames = list(reader.feed(request.body))
        assert all(format_of(frame) == COLUMNS for frame in frames), "the day travels as columns"
        sent.requests += 1
        sent.bodies += len(request.body)
        sent.frames += len(frames)
        sent.opening += len(request.body) - sum(map(len, frames))
        status, headers, body, is_whole = post(day.county, request.body)
        return day.exchange.on_answer(status, headers, body, day.clock.at, is_whole=is_whole)

    sent.facts = _send(day, carry)
    return sent


def _send(day: MixedDay, carry: Callable[[Request], Outcome]) -> int:
    """Go on until everything is confirmed; return how many facts were."""
    confirmed = 0
    for _ in range(ROUNDS_MAX):
        day.exchange.hurry()
        request = day.exchange.next_request(day.clock.at)
        assert isinstance(request, Request), request
        outcome = carry(request)
        assert outcome.what == "sent", outcome
        confirmed += outcome.facts_up
        if day.port.backlog().facts == 0:
            return confirmed
    raise AssertionError(f"{day.port.backlog()} is left after {ROUNDS_MAX} requests")


def sizes(facts: int, name: str) -> Measured:
    """Measure the bodies that carry the day's first facts, against the floor."""
    with lived(facts) as day:
        floor = floor_here(day)
        times = microseconds(day)
        sent = send_here(day)
        assert sent.facts == len(day.facts), "all of the day's facts were confirmed, and no others"
    count = len(day.facts)
    return Measured(
        name=f"sync.{name}",
        ours=sent.bodies,
        limit=floor.size,
        unit="bytes",
        runs=1,
        sizes={
            "facts": count,
            "requests": sent.requests,
            "frames": sent.frames,
            "opening": sent.opening,
            "floor_packed": floor.packed,
            "floor_random": floor.random,
        },
        notes={
            "must": LIMITS[name],
            "bytes_a_fact": round(sent.bodies / count, 1),
            "floor_a_fact": round(floor.size / count, 1),
            **times,
        },
    )


def microseconds(day: MixedDay) -> dict[str, float]:
    """Return CPU microseconds a fact of writing and reading both formats, without compressor."""
    whole, held = (segment_of(day.facts),), day.port.places
    plain, noise = columns.write(whole, held)
    raw = rows.write(whole)
    works: dict[str, Callable[[], object]] = {
        "write_columns_us": lambda: columns.write(whole, held),
        "read_columns_us": lambda: columns.read(plain, noise, held),
        "write_rows_us": lambda: rows.write(whole),
        "read_rows_us": lambda: rows.read(raw),
    }
    return {name: round(_best(work) * 1e6 / len(day.facts), 1) for name, work in works.items()}


def _best(work: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took)


def slow_line(facts: int, name: str) -> Measured:
    """Send the day's first facts over 64 kbit/s with 300 ms."""
    with lived(facts) as day:
        server = Server(day.county_folder)
        line = ThinLine(server.url, bits_per_second=BITS_PER_SECOND, latency_s=LATENCY_S)
        link = HttpLink(line.url)
        requests = 0

        def carry(request: Request) -> Outcome:
            nonlocal requests
            requests += 1
            began = time.perf_counter()
            got = link.carry(
                request.method,
                request.path,
                request.headers,
                request.body,
                request.answer_bytes_max,
            )
            day.clock.at += int((time.perf_counter() - began) * 1000)
            assert isinstance(got, Answer), got
            return day.exchange.on_answer(
                got.status, got.headers, got.body, day.clock.at, is_whole=got.is_whole
            )

        try:
            began = time.perf_counter()
            confirmed = _send(day, carry)
            took = time.perf_counter() - began
        finally:
            link.close()
            line.close()
            server.stop()
        assert confirmed == len(day.facts)
        carried = line.carried
    needed = (carried.up + carried.down) * 8 / BITS_PER_SECOND + LATENCY_S
    return Measured(
        name=f"sync.{name}",
        ours=took,
        limit=needed,
        unit="s",
        runs=1,
        sizes={
            "facts": confirmed,
            "requests": requests,
            "connections": carried.connections,
            "bytes_up": carried.up,
            "bytes_down": carried.down,
        },
        notes={"must": LIMITS[name]} if name in LIMITS else {"must_requests": 1},
    )


def measure() -> Iterator[Measured]:
    """Yield all measurements of sizes and of the slow line."""
    yield sizes(FACTS, "bytes_1000")
    yield sizes(FEW, "bytes_20")
    yield slow_line(FACTS, "2g_1000")
    yield slow_line(FEW, "2g_20")


def main() -> None:
    """Measure and print, with what other benches of sync there are."""
    for measured in measure():
        tell(measured)
    for name in BESIDES:
        if util.find_spec(f"tests.bench.{name}") is not None:
            found = import_module(f"tests.bench.{name}").measure()
            for measured in [found] if isinstance(found, Measured) else found:
                tell(measured)


if __name__ == "__main__":
    main()
