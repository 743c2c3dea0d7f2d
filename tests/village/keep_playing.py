"""Seeds without end: the village played until the time is up, going on where it stopped last time.

The counter and what was found lie in `build/village/`, so that a night may be cut in pieces. A
finding is printed with its seed, the commit, and the one command that plays it again; the first
line of what it says belongs into `found_seeds.txt` once it is mended.

    python3 dev long village --minutes 480
"""

import argparse
import json
import os
import subprocess
import sys
import time
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

from tests.engines import share_compiled_statements
from tests.village.mutants import played

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "village"
FIRST = 1_000_000  # far from the seeds of the suite
SEEDS = 20_000  # a night's worth; a release plays ten times as many
AT_ONCE = 20  # seeds that a worker plays before it reports
AGAIN = "python -m tests.village.simulate --seeds 1 --from {seed}"


def main() -> int:
    """Play, print one JSON object for each finding, and one at the end."""
    parser = argparse.ArgumentParser(description="The seeded village, for as long as there is.")
    parser.add_argument("--seeds", type=int, default=SEEDS, help="stop after so many")
    parser.add_argument("--minutes", type=int, default=120, help="stop after this time")
    parser.add_argument("--from", dest="first", type=int, help="begin here, not where it stopped")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    first = options.first if options.first is not None else next_seed()
    seed, found = first, 0
    with ProcessPoolExecutor(options.workers, initializer=share_compiled_statements) as pool:
        while seed < first + options.seeds and time.monotonic() - began < options.minutes * 60:
            last = min(first + options.seeds, seed + AT_ONCE * options.workers)
            found += _round(pool, seed, last)
            seed = last
            if options.first is None:
                (KEPT / "next_seed").write_text(f"{seed}\n", "utf-8")
    told = {
        "seeds": seed - first,
        "from": first,
        "found": found,
        "commit": commit(),
        "seconds": round(time.monotonic() - began),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return 1 if found else 0


def _round(pool: Executor, first: int, last: int) -> int:
    """Play some seeds on all workers, tell what they find, return how many found something."""
    found = 0
    for seed, findings in pool.map(_played, range(first, last), chunksize=AT_ONCE):
        if findings:
            found += 1
            line = json.dumps(
                {
                    "seed": seed,
                    "commit": commit(),
                    "again": AGAIN.format(seed=seed),
                    "findings": findings[:4],
                },
                ensure_ascii=False,
            )
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
            with (KEPT / "found").open("a", encoding="utf-8") as file:
                file.write(line + "\n")
    return found


def _played(seed: int) -> tuple[int, list[str]]:
    return seed, played(seed)


def next_seed() -> int:
    """Return where the last run stopped."""
    try:
        return int((KEPT / "next_seed").read_text("utf-8"))
    except (OSError, ValueError):
        return FIRST


def commit() -> str:
    """Return the commit that is played, "" outside a repository."""
    run = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
