"""What a line costs that breaks every 200 kB: bytes with resets against bytes without, both ways.

    python -m tests.bench.resets

A PC sends a long history up, and a sibling fetches it, over a line that is counted byte by byte and
cut at each 200,000th, whichever way the bytes go just then. Each end keeps what came whole: so a
cut costs the frame under way and the words around it. Everything must be delivered.
"""

import random
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from county_server.county import County
from county_server.intake import Push, Refused
from station_app.journal.fact import Saying
from station_app.services.parcels.facts import Receiver
from station_app.sync import causes
from station_app.sync.exchange import Request
from tests.bench.report import Measured, tell
from tests.sync.stand import (
    Pc,
    Reply,
    SetClock,
    converse,
    enrolled_pc,
    new_county,
    once,
    post,
    shelved,
)

RESET_BYTES = 200_000
FACTS = 3_000
AN_ACT = 40
EXTRA_MAX = 1.05
ROUNDS_MAX = 400


@dataclass
class Metered:
    """A line that counts what it carries, and breaks at every so many bytes; 0: never."""

    county: County
    reset_bytes: int = 0
    carried: int = 0
    resets: int = 0

    def __call__(self, request: Request) -> Reply | str:
        up = self._room(len(request.body))
        if up < len(request.body):
            push = Push(self.county)
            try:
                push.feed(request.body[:up])
                push.break_off()
            except Refused:
                pass
            return causes.CUT_OFF
        status, headers, body, is_whole = post(self.county, request.body)
        down = self._room(len(body))
        return status, headers, body[:down], is_whole and down == len(body)

    def _room(self, size: int) -> int:
        """Carry what the line bears before it breaks; return how much that was."""
        left = self.reset_bytes - self.carried % self.reset_bytes if self.reset_bytes else size + 1
        if left > size:
            self.carried += size
            return size
        self.carried += left
        self.resets += 1
        return left


def measure(facts: int = FACTS) -> Sequence[Measured]:
    """Return `sync.resets_push` and `sync.resets_pull`: bytes over bytes without resets."""
    whole, broken = _carried(facts, 0), _carried(facts, RESET_BYTES)
    found = []
    for way, (without, _), (with_resets, resets) in zip(
        ("push", "pull"), whole, broken, strict=True
    ):
        sizes = {"facts": facts, "reset_bytes": RESET_BYTES, "resets": resets}
        name = f"sync.resets_{way}"
        found.append(Measured(name, with_resets, without, "bytes", 1, sizes))
    return found


def _carried(facts: int, reset_bytes: int) -> list[tuple[int, int]]:
    """Return bytes and resets of the way up and of the way down."""
    home = Path(tempfile.mkdtemp(prefix="resets-"))
    clock = SetClock()
    county = new_county(home / "county", clock)
    county.plans.whole_upto = 10 * facts  # the whole of it in one order: what is measured is cuts
    sender = enrolled_pc(county, home / "d1", clock)
    taker = enrolled_pc(county, home / "d2", clock, seed=200)
    try:
        settle = Metered(county)
        for pc in (sender, taker):
            converse(pc, settle)
        for first in range(0, facts, AN_ACT):
            sender.say(*_parcels(first))
        up, down = Metered(county, reset_bytes), Metered(county, reset_bytes)
        _until_done(sender, up)
        _until_done(taker, down)
        assert sender.unconfirmed() == 0, "all that was said has arrived"
        held = {fact.identity for fact in taker.facts()}
        assert held >= {fact.identity for fact in sender.facts()}, "and all of it came down"
    finally:
        sender.close()
        taker.close()
        county.close()
        shutil.rmtree(home, ignore_errors=True)
    return [(up.carried, up.resets), (down.carried, down.resets)]


def _parcels(first: int) -> list[Saying]:
    """Return parcels of which no two look alike: what is counted must not be packed to nothing."""
    dice = random.Random(first)
    return [
        Saying(
            shelved(f"75{dice.randrange(10**12):012}", 1 + number % 90).body,
            Receiver(name="".join(chr(dice.randrange(0x4E00, 0x9FA5)) for _ in range(96)), tail=""),
        )
        for number in range(first, first + AN_ACT)
    ]


def _until_done(pc: Pc, line: Metered) -> None:
    for _ in range(ROUNDS_MAX):
        outcome = once(pc, line)
        if outcome.what == "sent" and not outcome.again:
            return
    raise AssertionError(f"no end after {ROUNDS_MAX} trips")


if __name__ == "__main__":
    for measured in measure():
        tell(measured)
        assert measured.ratio <= EXTRA_MAX, f"{measured.name} is {measured.ratio:.3f}"
