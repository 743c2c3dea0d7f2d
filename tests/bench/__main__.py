"""`python -m tests.bench [NAME …]`: one JSON line per measurement; without names all of them."""

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

BENCHES = ("scan", "search", "startup", "sync", "herd", "papers", "devices", "trace")


def main(names: Sequence[str]) -> int:
    """Run the named benches, by their module or by the name of a measurement in it."""
    wanted = [name.split(".", 1)[0] for name in names] or list(BENCHES)
    unknown = [name for name in wanted if name not in BENCHES]
    if unknown:
        sys.stderr.write(f"bench: {', '.join(unknown)} is none of {', '.join(BENCHES)}\n")
        return 2
    for name in wanted:
        run: Callable[[], None] = import_module(f"tests.bench.{name}").main
        run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
