"""A PC that was cut off and lost its disk's end knows by its acts what was accepted of it."""

import random

import pytest

from station_app.journal.fact import Fact, Saying
from station_app.journal.kinds import (
    ActEnd,
    BranchAccepted,
    BranchAcceptedByActs,
)
from station_app.journal.rebuild import rebuild
from station_app.journal.recorder import Broken
from station_app.journal.rulings import ACCEPTED, FOUND, TAKEN_IN, Ruling, reach_of
from station_app.journal.verify import verify
from tests.journal.notebook import TOYS, Notebook, found, lend, sell
from tests.journal.test_rulings import DAY, OF, OFF, VERSION, money
from tests.journal.test_versions import TREE, Twins, deeper, same


def by_acts(*ends: tuple[int, str]) -> tuple[Ruling, ...]:
    return tuple(Ruling(TAKEN_IN, OF, seq, identity) for seq, identity in ends)


@pytest.mark.parametrize(
    ("line", "rulings", "reach"),
    [
        # What it says up to 12 is accepted and not here: an act that is here tells which was meant.
        (OF, (OFF, Ruling(FOUND, OF, 3, "b3"), *by_acts((7, "a7"), (9, "a9"), (12, "a12"))), 9),
        (OF, (OFF, Ruling(FOUND, OF, 3, "b3"), *by_acts((4, "b4"), (12, "b12"))), 2),
        (VERSION, (OFF, Ruling(FOUND, OF, 3, "b3"), *by_acts((4, "b4"), (12, "b12"))), 4),
        (VERSION, (OFF, Ruling(FOUND, OF, 3, "b3"), *by_acts((7, "a7"), (12, "a12"))), 0),
        (OF, (OFF, *by_acts((9, "x9"), (12, "x12"))), 0),  # of a version that is not here at all
        (OF, (OFF, Ruling(FOUND, OF, 3, "b3"), Ruling(ACCEPTED, OF, 12, "a12")), 0),  # it may be b
        (OF, (Ruling(FOUND, OF, 3, "a3"), *by_acts((4, "a4"), (5, "a5"))), 5),
    ],
)
def test_an_act_that_is_here_tells_which_version_was_accepted(
    line: str, rulings: tuple[Ruling, ...], reach: int
) -> None:
    assert reach_of(line, rulings, deeper, {VERSION: TREE[VERSION]}) == reach
    assert reach_of(line, rulings[::-1], deeper, {VERSION: TREE[VERSION]}) == reach


def accept_by_acts(twins: Twins, fact: Fact) -> BranchAcceptedByActs:
    """Accept as the county does: the ends of all acts that lead there are named."""
    known = {one.identity: one for acts in twins.acts.values() for act in acts for one in act}
    ends = {act[-1].identity for acts in twins.acts.values() for act in acts}
    way = [fact]
    while way[0].seq > 1 and way[0].prev in known:
        way.insert(0, known[way[0].prev])
    acts = tuple(ActEnd(one.seq, one.identity) for one in way[:-1] if one.identity in ends)
    body = BranchAcceptedByActs(
        stream=fact.stream, to=fact.seq, hash=fact.identity, acts=acts, day=DAY
    )
    twins.said(twins.county, Saying(body))
    return body


def cut_off_with(twins: Twins, *acts: list[Fact]) -> Notebook:
    """The PC itself, out of an image that holds these acts: it hears the county alone."""
    node = Notebook("NX0601/D2", seed=9)
    for act in (*acts, *twins.acts[twins.county.author.stream]):
        node.recorder.take(act)
    return node


def test_a_copied_pc_that_was_cut_off_and_lost_its_end_counts_what_was_accepted_of_it() -> None:
    """It counted nothing of what it still held until it was let in again."""
    twins = Twins()
    toy = twins.said(twins.stolen, found("ball"))
    copy = twins.split(77)
    mine = [
        toy,
        *(twins.said(twins.stolen, sell(toy[0].identity, fen)) for fen in (100, 4_000, 20_000)),
    ]
    other = twins.said(copy, sell(toy[0].identity, 300_000))
    twins.find(other[0])
    twins.revoke(toy[0])
    former = BranchAccepted(stream=mine[3][0].stream, to=4, hash=mine[3][0].identity, day=DAY)
    twins.said(twins.county, Saying(former))
    assert money(cut_off_with(twins, *mine[:3])) == 0, "as it was said once: it may be the other"
    accept_by_acts(twins, mine[3][0])
    node = cut_off_with(twins, *mine[:3])
    assert money(node) == 4_100
    assert verify(node.connection, TOYS).is_sound
    rebuild(node.connection, TOYS)
    assert money(node) == 4_100
    assert money(cut_off_with(twins, toy, other)) == 0, "of the other version nothing was accepted"
    node.recorder.take(mine[3])
    whole = twins.shown(twins.orders(random.Random(1)))
    assert money(node) == money(whole) == 24_100


def counted(node: Notebook) -> set[str]:
    rows = node.connection.execute(
        "SELECT f.identity FROM facts f LEFT JOIN kept_back k ON k.stream = f.stream "
        "WHERE k.reach IS NULL OR f.seq <= k.reach"
    )
    return {str(row[0]) for row in rows}


def forked(dice: random.Random) -> Twins:
    """A PC and its copies that go their ways; all but one of each fork is found, then all cut."""
    twins = Twins()
    (ball,) = twins.said(twins.stolen, found("ball"))
    books = [twins.stolen]
    for _ in range(dice.randint(6, 16)):
        book = dice.choice(books)
        if len(books) < 4 and dice.random() < 0.3:
            books.append(twins.split(100 + len(books), of=book))
        else:
            what = [sell(ball.identity, dice.randint(1, 99)), lend(ball.identity)]
            twins.said(book, *what[: dice.randint(1, 2)])
    children: dict[tuple[int, str], list[Fact]] = {}
    for act in twins.acts[twins.stolen.author.stream]:
        children.setdefault((act[0].seq, act[0].prev), []).append(act[0])
    for several in children.values():
        for fact in several[1:]:
            twins.find(fact)
    twins.revoke()
    return twins


@pytest.mark.parametrize("chunk", range(2))
def test_whatever_of_it_is_left_it_counts_what_everybody_counts(chunk: int) -> None:
    for seed in range(chunk * 30, chunk * 30 + 30):
        dice = random.Random(seed)
        twins = forked(dice)
        said = list(twins.acts[twins.stolen.author.stream])
        for act in dice.sample(said, min(len(said), dice.randint(1, 3))):
            accept_by_acts(twins, act[-1])
        whole = twins.shown(twins.orders(dice))
        node = Notebook("NX0601/D2", seed=9)
        words = twins.acts[twins.county.author.stream]
        for act in [*words, *said] if dice.random() < 0.5 else [*said, *words]:
            if act in words or dice.random() < 0.6:
                try:
                    node.recorder.take(act)
                except Broken:
                    assert act not in words  # what it goes on from is not left either
        held = {row[0] for row in node.connection.execute("SELECT identity FROM facts")}
        assert counted(node) == counted(whole) & held, seed
        assert verify(node.connection, TOYS).is_sound, seed
        before = same(node)
        rebuild(node.connection, TOYS)
        assert same(node) == before, seed
