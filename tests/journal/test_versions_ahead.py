"""A new PC is filled while a stream has two versions: what lies beyond a hole may be of either."""

import contextlib
import random

import pytest

from station_app.journal.fact import Fact
from station_app.journal.islands import NOTHING_ASIDE, gaps
from station_app.journal.rebuild import rebuild
from station_app.journal.recorder import Author, Broken
from station_app.journal.store import transaction
from station_app.journal.verify import verify
from tests.journal.notebook import TOYS, Notebook, found, lend, sell
from tests.journal.test_rulings import money, states
from tests.journal.test_versions import Twins, same


def forked(twins: Twins) -> tuple[list[list[Fact]], list[list[Fact]]]:
    """Two that were copied before their first word: acts of the one that counts, of the other."""
    copy = twins.split(77)
    copy.author = copy.recorder.author = Author(twins.stolen.author.stream, "")
    mine = [twins.said(twins.stolen, found("ball"), found("top"))]
    (ball, _) = mine[0]
    mine.append(twins.said(twins.stolen, sell(ball.identity, 100)))
    mine.append(twins.note(twins.stolen.undo(mine[1][0].act).facts))
    mine.append(twins.said(twins.stolen, sell(ball.identity, 4_000)))
    other = [twins.said(copy, found("kite"))]
    (kite,) = other[0]
    other.append(twins.said(copy, sell(kite.identity, 20_000)))
    return mine, other


def all_of(acts: list[list[Fact]]) -> list[Fact]:
    return [fact for act in acts for fact in act]


def test_a_new_pc_that_heard_the_other_version_first_files_what_lay_beyond_the_hole_with_its_own():
    """Village seed 9101208: it asked for ever for what lay between, and never folded anything."""
    twins = Twins()
    mine, other = forked(twins)
    twins.find(other[0][0])
    twins.accept(other[1][0])
    (decisions,) = [acts for stream, acts in twins.acts.items() if stream.startswith("county")]
    node = Notebook("NX0601/D9", seed=9)
    node.recorder.take_ahead(all_of(other), NOTHING_ASIDE)
    node.recorder.take_ahead(mine[3], NOTHING_ASIDE)
    for act in decisions:
        node.recorder.take(act)
    below = all_of(mine[:3])
    node.recorder.take_ahead(below, {fact.seq for fact in below})
    assert gaps(node.connection) == []
    assert node.connection.execute("SELECT count(*) FROM islands").fetchone()[0] == 0
    while node.recorder.fold_aside(10):
        pass
    assert money(node) == 24_000
    assert same(node) == same(twins.shown(twins.orders(random.Random(1))))
    assert verify(node.connection, TOYS).is_sound


def test_a_new_pc_that_waits_for_what_it_holds_already_is_put_right_when_that_comes_again():
    """A PC of before this was known: the island still bears the name of the other version."""
    twins = Twins()
    mine, other = forked(twins)
    twins.find(other[0][0])
    node = Notebook("NX0601/D9", seed=9)
    for act in twins.acts[twins.county.author.stream]:
        node.recorder.take(act)
    node.recorder.take_ahead(all_of(other), NOTHING_ASIDE)
    node.recorder.take_ahead(all_of(mine[:3]), NOTHING_ASIDE)
    (last,) = mine[3]
    node.recorder._log.append(last)
    node.recorder._consequences.of_fact(last)
    node.connection.execute("INSERT INTO islands VALUES (?, 5, 5)", (last.stream,))
    assert gaps(node.connection)
    node.recorder.take_ahead(mine[2], NOTHING_ASIDE)
    assert gaps(node.connection) == []
    assert same(node) == same(twins.shown(twins.orders(random.Random(1))))
    assert verify(node.connection, TOYS).is_sound


@pytest.mark.parametrize("seed", range(24))
def test_in_whatever_order_two_versions_fill_a_new_pc_it_comes_to_hold_the_same(seed: int) -> None:
    dice, twins = random.Random(seed), Twins()
    (ball,) = twins.said(twins.stolen, found("ball"))
    writers = [twins.stolen, twins.split(77)]
    for number in range(dice.randint(4, 12)):
        writer = dice.choice(writers)
        what = dice.choice(
            [found(f"toy {number}"), sell(ball.identity, 10**number), lend(ball.identity)]
        )
        (said, *_) = twins.said(writer, *([what] * dice.randint(1, 2)))
        if dice.random() < 0.3:
            twins.note(writer.undo(said.act).facts)
        if number == 3 and dice.random() < 0.5:
            writers.append(twins.split(78, of=dice.choice(writers)))
    children: dict[tuple[int, str], list[Fact]] = {}
    for fact in all_of(twins.acts[twins.stolen.author.stream]):
        children.setdefault((fact.seq, fact.prev), []).append(fact)
    for fact in [one for several in children.values() for one in several[1:]]:
        twins.find(fact)
    reference = twins.shown(twins.orders(random.Random(seed)))
    acts = [act for acts in twins.acts.values() for act in acts]
    node = Notebook("NX0601/D9", seed=9)
    dice.shuffle(acts)
    for _ in range(3 * len(acts)):
        for act in acts:
            aside = {fact.seq for fact in act if dice.random() < 0.5}
            with contextlib.suppress(Broken), transaction(node.connection):
                node.recorder.take_ahead(act, aside)  # if broken it comes again, as over the line
    assert gaps(node.connection) == []
    while node.recorder.fold_aside(10):
        pass
    assert states(node) == states(reference)
    assert money(node) == money(reference)
    assert verify(node.connection, TOYS).is_sound
    before = same(node)
    rebuild(node.connection, TOYS)
    assert same(node) == before
