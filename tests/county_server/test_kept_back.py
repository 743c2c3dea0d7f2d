"""The county counts what its stations count, whatever was cut off, and whichever came first."""

import random
from collections import defaultdict

import pytest

from county_server.journal import CountyJournal
from county_server.recording import Recording
from county_server.store import Store
from station_app.journal.chain import Head
from tests.journal.notebook import FOLDED, TOYS, folded
from tests.journal.test_rulings import Quarrel, played

NOT_KEPT_THERE = ("FROM roots", "FROM privates")  # of another shape, and compared elsewhere
COMPARED = [n for n, sql in enumerate(FOLDED) if not any(no in sql for no in NOT_KEPT_THERE)]


def at_county(quarrel: Quarrel, dice: random.Random) -> list[list[tuple[object, ...]]]:
    """Let a county take it all, some acts in one transaction; return what follows there."""
    store = Store("sqlite://", TOYS)
    store.make()
    ends: dict[str, Head] = {}
    acts = list(quarrel.in_order(dice))
    while acts:
        with store.write() as connection:
            recording = Recording(store, connection)
            for act in acts[: dice.randint(1, 6)]:
                stream = act[0].stream
                recording.enter(act, ends.get(stream, Head(stream, 0, "")))
                ends[stream] = Head(stream, act[-1].seq, act[-1].identity)
                acts = acts[1:]
            recording.flush()
    with store.read() as connection:
        assert len(CountyJournal(store, connection).streams("NX0601")) == len(ends)
        found = [connection.exec_driver_sql(FOLDED[n]).all() for n in COMPARED]
    store.close()
    plain = [
        [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows]
        for rows in found
    ]
    return [
        [row for row in rows if "FROM balances" not in FOLDED[n] or row[-1]]
        for n, rows in zip(COMPARED, plain, strict=True)
    ]


@pytest.mark.parametrize("chunk", range(2))
def test_the_county_shows_what_a_station_shows(chunk: int) -> None:
    kinds: dict[str, int] = defaultdict(int)
    for seed in range(100 + chunk * 25, 100 + chunk * 25 + 25):
        dice = random.Random(seed)
        quarrel = played(dice)
        for acts in quarrel.acts.values():
            for act in acts:
                kinds[act[0].kind] += 1
        here = folded(quarrel.node(dice).connection)
        mine = [
            [row for row in here[n] if "FROM balances" not in FOLDED[n] or row[-1]]
            for n in COMPARED
        ]
        for n, ours, theirs in zip(COMPARED, mine, at_county(quarrel, dice), strict=True):
            assert ours == theirs, (seed, FOLDED[n])
    assert min(kinds[kind] for kind in ("device.revoked", "branch.accepted", "act.reversed")) > 3
