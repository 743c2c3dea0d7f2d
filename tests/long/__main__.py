"""`python -m tests.long`: the proofs of the suite with their release figures.

Each proof prints one JSON line with its counts; nothing is thinned silently. The exit status is 1
if any of them found something.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KILLS = 10_000
KILLS_AT_EACH_POINT = 100
POWER_CUTS = 1_000_000
ATTEMPTS = 20_000
STATES = 50_000
EXAMPLES = 100_000
SEASONS = 20  # of 30 growers and 300 lots each
WEEK_PARCELS = 500  # of twelve couriers, at three villages below one township


def main() -> int:
    """Run all proofs, or those that were named."""
    parser = argparse.ArgumentParser(description="The proofs with release figures.")
    parser.add_argument("names", nargs="*", choices=tuple(PROOFS), help="default: all")
    parser.add_argument("--seed", type=int, default=1)
    options, more = parser.parse_known_args()  # the rest is for a proof that was named alone
    if more and len(options.names) != 1:
        parser.error("options of a proof need its name, alone")
    failed = False
    for name in options.names or PROOFS:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="long-") as place:
            run = subprocess.run(
                [sys.executable, *PROOFS[name](Path(place) / "data", options.seed), *more],
                check=False,
            )
        failed = failed or run.returncode != 0
        told = {"proof": name, "status": run.returncode, "seconds": round(time.monotonic() - began)}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()
    return 1 if failed else 0


def _kills(folder: Path, seed: int) -> list[str]:
    return [
        "-m",
        "tests.proofs.kill_loop",
        "--kills",
        str(KILLS),
        "--seed",
        str(seed),
        str(folder),
    ]


def _cuts(folder: Path, _seed: int) -> list[str]:
    return ["-m", "tests.proofs.cut_points", "--kills", str(KILLS_AT_EACH_POINT), str(folder)]


def _power(_folder: Path, seed: int) -> list[str]:
    return ["-m", "tests.village.power", "--points", str(POWER_CUTS), "--seed", str(seed)]


def _strace(_folder: Path, seed: int) -> list[str]:
    return ["-m", "tests.proofs.strace_replay", "--states", str(STATES), "--seed", str(seed)]


def _syscalls(_folder: Path, seed: int) -> list[str]:
    return ["-m", "tests.proofs.failing_calls", "--seed", str(seed)]


def _proxy(folder: Path, seed: int) -> list[str]:
    words = ["--attempts", str(ATTEMPTS), "--seed", str(seed)]
    return ["-m", "tests.proofs.two_ends", *words, str(folder)]


def _proxy_postgresql(folder: Path, seed: int) -> list[str]:
    return [*_proxy(folder, seed), "--postgresql"]


def _answers(_folder: Path, seed: int) -> list[str]:
    words = ["--examples", str(EXAMPLES), "--seed", str(seed)]
    return ["-m", "tests.sync.test_wicked_county", *words]


def _fuzz(folder: Path, seed: int) -> list[str]:
    words = ["--examples", str(EXAMPLES), "--seed", str(seed)]
    return ["-m", "tests.proofs.fuzz_county", *words, str(folder)]


def _bytes(_folder: Path, seed: int) -> list[str]:
    return ["-m", "tests.proofs.fuzz_bytes", "--seed", str(seed)]


def _village(_folder: Path, _seed: int) -> list[str]:
    return ["-m", "tests.village.keep_playing"]


def _season(_folder: Path, seed: int) -> list[str]:
    return ["-m", "tests.village.season", "--seasons", str(SEASONS), "--seed", str(seed)]


def _week(_folder: Path, seed: int) -> list[str]:
    return ["-m", "tests.village.week", "--parcels", str(WEEK_PARCELS), "--seed", str(seed)]


def _properties(_folder: Path, seed: int) -> list[str]:
    return [
        "-m",
        "pytest",
        "-q",
        "--no-header",
        "--hypothesis-profile=long",
        f"--hypothesis-seed={seed}",
        "tests/journal",
        "tests/ledger",
        "tests/values",
        "tests/sync",
        "tests/services",
    ]


def _papers(_folder: Path, seed: int) -> list[str]:
    return ["-m", "tests.printing.fuzz", "--strings", str(EXAMPLES), "--seed", str(seed)]


def _shelf(_folder: Path, _seed: int) -> list[str]:
    return ["-m", "pytest", "-q", "--no-header", "-n", "3", "--shelf"]


PROOFS = {
    "shelf": _shelf,
    "kills": _kills,
    "cuts": _cuts,
    "power": _power,
    "strace": _strace,
    "syscalls": _syscalls,
    "proxy": _proxy,
    "proxy-postgresql": _proxy_postgresql,
    "fuzz": _fuzz,
    "bytes": _bytes,
    "answers": _answers,
    "village": _village,
    "season": _season,
    "week": _week,
    "properties": _properties,
    "papers": _papers,
}


if __name__ == "__main__":
    sys.exit(main())
