"""A county server that somebody else has taken over, and answers that went wrong on the line.

The county's key is in the hands of whoever wrote these answers, so every signature is right. What
only stations say must count for nothing when the county says it; and whatever else is done to an
answer, a station holds afterwards what the true answer brings, or part of it, or nothing.

    python -m tests.sync.test_wicked_county --examples 100000 --seed 1
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import pytest

from county_server.county import County
from county_server.scribe import Scribe
from station_app.journal.fact import Saying
from station_app.journal.kinds import KERNEL_BODIES
from station_app.journal.verify import verify
from station_app.sync.exchange import Request
from station_app.sync.messages import CONTENT_TYPE
from station_app.vocabulary import VOCABULARY
from tests.ledger.samples import sample
from tests.sync.stand import (
    STATION,
    Dice,
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    new_county,
    post,
)
from tests.sync.test_mutated_bundles import BYTEWISE

OURS = {"content-type": CONTENT_TYPE}
EXAMPLES = 1_000  # besides the thousand answers of test_mutated_bundles
SIBLINGS_FACTS = 40
ANSWERS_TO_ONE = 20  # request: what the county says to it stays the same
ANSWERS_EACH = 200  # then the station is looked at, and takes the true answer


def state_of(pc: Pc) -> dict[str, list[object]]:
    """Every table of the journal, by name."""
    tables = [name for (name,) in pc.reader.execute(_TABLES)]
    return {
        name: sorted(pc.reader.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
        for name in tables
    }


_ARRIVALS = "facts heads privates quarantine streams acknowledged folds sync_attempts"
_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name IN "
    "(SELECT name FROM pragma_table_list WHERE type = 'table') ORDER BY name"
)


def test_what_only_stations_say_counts_for_nothing_when_the_county_says_it(
    county: County, tmp_path: Path, clock: SetClock
) -> None:
    pc = enrolled_pc(county, tmp_path / "d1", clock)
    converse(pc, direct(county))
    pc.shelve(3)
    converse(pc, direct(county))
    bodies = {*VOCABULARY.kinds.values(), *KERNEL_BODIES}
    foreign = sorted(
        (body for body in bodies if body.KIND not in VOCABULARY.county_kinds),
        key=lambda body: (body.KIND, body.VERSION),
    )
    assert len(foreign) > 20
    before = state_of(pc)
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, Dice(9))
        for body in foreign:
            scribe.say(STATION, [Saying(sample(body))], by="office", at=clock.at)
        scribe.seal()
    converse(pc, direct(county))
    after = state_of(pc)
    for tables in (before, after):  # when the county was heard last is no consequence of its words
        tables["local"] = [row for row in tables["local"] if "county_heard" not in repr(row)]
    changed = {name for name in after if after[name] != before[name]}
    assert changed <= set(_ARRIVALS.split()), changed
    set_aside = pc.reader.execute("SELECT count(*) FROM quarantine").fetchone()[0]
    assert set_aside == len(foreign)
    assert verify(pc.reader, VOCABULARY).is_sound
    pc.close()


def spoiled_answers(folder: Path, examples: int, seed: int) -> Counter[str]:
    """Give a PC so many answers that went wrong; return what it made of them.

    Raises AssertionError where it holds what nobody said, or half an act, or does not recover.
    """
    clock = SetClock()
    county = new_county(folder / "county", clock)
    sibling = enrolled_pc(county, folder / "d1", clock)
    pc = enrolled_pc(county, folder / "d2", clock, seed=200)
    for one in (sibling, pc, sibling):
        converse(one, direct(county))
    dice = random.Random(seed)
    heard: Counter[str] = Counter()
    while sum(heard.values()) < examples:
        sibling.shelve(SIBLINGS_FACTS // 2)
        sibling.hand_over(sibling.shelve(1)[0].identity)
        converse(sibling, direct(county))
        pc.shelve(2)
        _one_round(pc, county, dice, heard, min(ANSWERS_EACH, examples - sum(heard.values())))
        converse(pc, direct(county))
        assert folded_here(pc) == folded_there(county, STATION)
    assert verify(pc.reader, VOCABULARY).is_sound
    pc.close()
    sibling.close()
    county.close()
    return heard


def _one_round(
    pc: Pc, county: County, dice: random.Random, heard: Counter[str], answers: int
) -> None:
    true = {fact.identity for fact in pc.facts()}
    for number in range(answers):
        if number % ANSWERS_TO_ONE == 0:
            pc.exchange.hurry()
            request = pc.exchange.next_request(pc.clock.at)
            assert isinstance(request, Request)
            status, _, body, _ = post(county, request.body)
            flight = pc.exchange._flight
        pc.exchange._flight = flight  # the same request is answered again
        spoiled = body
        while spoiled == body:
            spoiled = dice.choice(BYTEWISE)(dice, body)
        pc.clock.at += 200
        is_whole = dice.random() < 0.7
        outcome = pc.exchange.on_answer(status, OURS, spoiled, pc.clock.at, is_whole=is_whole)
        heard[outcome.cause or outcome.what] += 1
        assert outcome.what != "must_reopen"
    with county.store.read() as connection:
        said = {row[0] for row in connection.exec_driver_sql("SELECT identity FROM facts")}
    held = pc.facts()
    assert {fact.identity for fact in held} <= said | true
    ends = {fact.stream: fact for fact in held}  # the last of each stream
    for stream, last in ends.items():
        with county.store.read() as connection:
            rows = connection.exec_driver_sql(
                f"SELECT act FROM facts WHERE stream = '{stream}' AND seq = {last.seq + 1}"
            ).all()
        assert all(act != last.act for (act,) in rows), "an act was taken in part"


def test_a_thousand_answers_that_went_wrong_on_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heard = spoiled_answers(tmp_path, EXAMPLES, 1)
    with capsys.disabled():
        sys.stdout.write(f"\n  spoiled answers: {sum(heard.values())} {dict(heard)}\n")
    assert sum(heard.values()) >= EXAMPLES
    assert len(heard) > 2


def main() -> int:
    """Spoil many answers and print one JSON object."""
    parser = argparse.ArgumentParser(description="Answers that went wrong.")
    parser.add_argument("--examples", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="wicked-") as folder:
        heard = spoiled_answers(Path(folder), options.examples, options.seed)
    told = {"examples": sum(heard.values()), "heard": heard}
    told |= {"seconds": round(time.monotonic() - began, 1)}
    sys.stdout.write(json.dumps(told) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
