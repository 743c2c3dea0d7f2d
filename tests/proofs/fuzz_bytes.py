"""Coverage-guided noise for what reads bytes first: frames, blocks, bodies, bundles.

atheris changes true messages and keeps what reaches new code. Nothing but our own words for "no"
may come back. It is wanted for long runs only, so it is installed for them alone:

    python3 dev long bytes          (installs tests/long/atheris.txt beside the environment)
    python -m tests.proofs.fuzz_bytes --runs 1000000 --seed 1
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module, invalidate_caches
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from county_server.county import KeyRing
from station_app.sync.dictionary import Press
from station_app.sync.frame import unpack
from station_app.sync.messages import BODY_BYTES_MAX, Block, BodyReader, read_opening
from station_app.sync.segment import Rejected
from tests.sync.stand import Pc, Reply, SetClock, converse, enrolled_pc, new_county, post

LENGTH_MAX = 20_000
ROOT = Path(__file__).resolve().parents[2]
BESIDE = ROOT / "build" / "atheris"  # apart from .venv: nothing else may come to need it


@dataclass(frozen=True, slots=True)
class Sample:
    """True messages of a PC and who may have signed them. block: the opening of one request."""

    county: str
    ring: KeyRing
    press: Press
    block: bytes
    frames: tuple[bytes, ...]


def sample_of(folder: Path) -> Sample:
    """Let a PC talk, and keep what it sends."""
    clock = SetClock()
    county = new_county(folder / "county", clock)
    pc: Pc = enrolled_pc(county, folder / "pc", clock)
    sent: list[bytes] = []

    def carry(request: object) -> Reply:
        body: bytes = request.body  # type: ignore[attr-defined]
        sent.append(body)
        return post(county, body)

    for count in (1, 40, 3):
        pc.hand_over(pc.shelve(count)[0].identity)
        pc.restart()
    converse(pc, carry)
    frames: list[bytes] = []
    block = b""
    for body in sent:
        reader = BodyReader(BODY_BYTES_MAX)
        found = list(reader.feed(body))
        frames += found
        block = body[: len(body) - sum(map(len, found))]
    with county.store.read() as connection:
        ring = county.ring(connection, pc.station)
    made = Sample(county.id, ring, county.press, block, tuple(frames))
    pc.close()
    county.close()
    assert made.frames
    return made


def reader_of(sample: Sample) -> Callable[[bytes], None]:
    """Return what reads any bytes in every way that a county reads them first."""

    def read(data: bytes) -> None:
        for message in (data, sample.block + data):
            reader = BodyReader(BODY_BYTES_MAX)
            for frame in reader.feed(message):
                unpack(frame, sample.ring, sample.press, county=sample.county)
            if isinstance(reader.block, Block):
                for key in sample.ring.keys.values():
                    read_opening(reader.block, key)
        got = unpack(data, sample.ring, sample.press, county=sample.county)
        if not isinstance(got, Rejected) and data not in sample.frames:
            raise AssertionError("a frame that nobody signed was believed")

    return read


def main() -> int:
    """Run atheris and print one JSON object."""
    parser = argparse.ArgumentParser(description="Coverage-guided noise.")
    parser.add_argument("--runs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    _have_atheris()
    atheris: Any = import_module("atheris")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bytes-") as place:
        folder = Path(place)
        sample = sample_of(folder)
        corpus = folder / "corpus"
        corpus.mkdir()
        for number, message in enumerate((sample.block, *sample.frames)):
            (corpus / str(number)).write_bytes(message)
        for name in ("frame", "segment", "messages", "columns", "rows"):
            room = f"station_app.sync.{name}"
            for made in vars(import_module(room)).values():
                if callable(made) and getattr(made, "__module__", "") == room:
                    _instrument(atheris, made)
        words = [sys.argv[0], f"-runs={options.runs}", f"-seed={options.seed}"]
        words += [f"-max_len={LENGTH_MAX}", "-verbosity=0", str(corpus)]
        read = reader_of(sample)
        atheris.Setup(words, read)
        told = {"runs": options.runs, "seed": options.seed}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
        atheris.Fuzz()  # ends the process: 0 when nothing was found
    sys.stdout.write(f"{time.monotonic() - began:.0f} s\n")
    return 0


def _have_atheris() -> None:
    """Find atheris, or install it beside the environment, as pinned."""
    sys.path.append(str(BESIDE))
    if find_spec("atheris") is not None:
        return
    pinned = ["--require-hashes", "--only-binary", ":all:", "-r", "tests/long/atheris.txt"]
    words = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(BESIDE), *pinned]
    subprocess.run(words, cwd=ROOT, check=True)
    invalidate_caches()


def _instrument(atheris: Any, made: object) -> None:
    try:
        atheris.instrument_func(made)
    except (AttributeError, TypeError, ValueError):
        return


if __name__ == "__main__":
    sys.exit(main())
