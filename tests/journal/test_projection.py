"""The same facts give the same states, in whatever order and however often they arrive."""

import random
from dataclasses import dataclass, field
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.journal.fact import Body, Fact, Saying
from station_app.journal.kinds import CaseClosed, PrivateErased
from station_app.journal.projection import EntityKind
from station_app.journal.vocabulary import Vocabulary
from tests.journal.notebook import (
    TOY,
    TOYS,
    BoxClosed,
    Notebook,
    Toy,
    ToyBroken,
    ToyFounded,
    ToyWords,
    folded,
    found,
    lend,
    sell,
)


class ToyPainted(Body, frozen=True, kw_only=True):
    """A kind of a newer program, which the one under test does not know."""

    KIND: ClassVar[str] = "toy.painted"
    colour: str


NEWER = Vocabulary(
    entities=(
        EntityKind(
            name="toy",
            state=Toy,
            facts=(*TOY.facts, ToyPainted),
            fold=TOY.fold,
            natural_key=TOY.natural_key,
            cases=TOY.cases,
            columns=TOY.columns,
        ),
        *[kind for kind in TOYS.entities if kind is not TOY],
    ),
    postings=TOYS._postings,
)

STRANGER = "5e" * 32  # an entity whose founder never arrives


@dataclass
class World:
    """What two PCs said, as it would lie on a stick: whole acts, stream by stream."""

    authors: list[Notebook]
    toys: list[str] = field(default_factory=lambda: [STRANGER])
    acts: dict[str, list[list[Fact]]] = field(default_factory=dict)
    sales: dict[str, list[str]] = field(default_factory=dict)

    def keep(self, facts: list[Fact]) -> None:
        self.acts.setdefault(facts[0].stream, []).append(facts)
        for fact in facts:
            if fact.kind == "toy.founded":
                self.toys.append(fact.identity)
            if fact.kind == "toy.sold":
                self.sales.setdefault(fact.entity, []).append(fact.identity)


STEP = st.tuples(
    st.integers(0, 1),
    st.sampled_from(
        "found found lend lend sell sell bag undo erase close paint count restart break".split()
    ),
    st.integers(0, 9),
    st.integers(0, 6),
)


def play(steps: list[tuple[int, str, int, int]]) -> World:
    authors = [Notebook(f"NX0601/D{n}", vocabulary=NEWER, seed=n) for n in (1, 2)]
    world = World(authors)
    for who, verb, which, when in steps:
        author = authors[who]
        toy = world.toys[which % len(world.toys)]
        at = author.at + when * 1_000 - 3_000  # clocks go back, and stand still
        if verb == "restart":
            author.restart()
        elif verb == "undo":
            mine = [a for a in world.acts.get(author.author.stream, []) if undoable(author, a)]
            if mine:
                world.keep(author.undo(mine[which % len(mine)][0].act).facts)
        else:
            sayings = say(world, verb, (toy, which, when))
            world.keep(author.say(*sayings, at=at).facts)
    return world


def say(world: World, verb: str, about: tuple[str, int, int]) -> list[Saying]:
    toy, which, when = about
    sayings: dict[str, list[Saying]] = {
        "found": [found(f"label {which % 3}", f"words {which}", (toy,))],
        "lend": [lend(toy, which, f"lent {which}" if when else "")],
        "sell": [sell(toy, which * 100)],
        "bag": [found(""), lend(toy, 2), sell(toy, 50)],
        "erase": [Saying(PrivateErased(persons=(toy,), day="2026-11-25"))],
        "close": [closing(toy, world.sales.get(toy, [])[: which + 1])],
        "paint": [Saying(ToyPainted(colour="red"), entity=toy)],
        "count": [Saying(BoxClosed(counted_fen=which))],
        "break": [Saying(ToyBroken(account="Equity:X", debit=5, credit=5))],
    }
    return sayings[verb]


def undoable(author: Notebook, act: list[Fact]) -> bool:
    done = author.connection.execute(
        "SELECT 1 FROM reversals WHERE act = ?", (act[0].act,)
    ).fetchone()
    never = ("box.closed", "act.reversed", "private.erased")
    return not done and all(fact.kind not in never for fact in act)


def closing(toy: str, members: list[str]) -> Saying:
    body = CaseClosed(case="toy.sold_twice", members=tuple(members), verdict="one", day="d")
    return Saying(body, entity=toy)


def receive(world: World, luck: random.Random, *, drop_erased: bool = False) -> Notebook:
    """Take everything in one of the many orders in which it may come, some of it twice."""
    node = Notebook("NX0601/D9", seed=9)
    left = {stream: list(acts) for stream, acts in world.acts.items()}
    while left:
        stream = luck.choice(sorted(left))
        count = luck.randint(1, len(left[stream]))
        run = [fact for act in left[stream][:count] for fact in act]
        del left[stream][:count]
        if not left[stream]:
            del left[stream]
        if drop_erased:
            run = [without_erased(node, fact) for fact in run]
        node.recorder.take(run)
        if luck.random() < 0.3:
            taken = [fact for act in world.acts[stream] for fact in act if fact.seq <= run[-1].seq]
            node.recorder.take(taken[luck.randrange(len(taken)) :])
    return node


def without_erased(node: Notebook, fact: Fact) -> Fact:
    known = node.connection.execute("SELECT count(*) FROM erased").fetchone()[0]
    return msgspec.structs.replace(fact, private=None) if known and fact.seq % 2 else fact


@settings(max_examples=60)
@given(st.lists(STEP, min_size=3, max_size=24), st.integers(0, 2**32))
def test_every_order_of_arrival_gives_the_same_states(steps, seed):
    world = play(steps)
    luck = random.Random(seed)
    first = folded(receive(world, luck).connection)
    assert folded(receive(world, luck).connection) == first
    assert folded(receive(world, luck).connection) == first


@settings(max_examples=30)
@given(st.lists(STEP, min_size=3, max_size=20), st.integers(0, 2**32))
def test_the_author_and_its_sibling_agree(steps, seed):
    """The author wrote one fact after the other and folded each at once; the sibling took runs."""
    readable = [step for step in steps if step[1] != "paint"]
    world = play(readable)
    one, two = world.authors
    for other, mine in ((two, one), (one, two)):
        for stream, acts in sorted(world.acts.items()):
            if stream.startswith(mine.place):
                other.recorder.take([fact for act in acts for fact in act])
    sibling = receive(world, random.Random(seed))
    assert folded(one.connection) == folded(sibling.connection)
    assert folded(two.connection) == folded(sibling.connection)


@settings(max_examples=30)
@given(st.lists(STEP, min_size=3, max_size=20), st.integers(0, 2**32))
def test_no_amount_depends_on_anything_erased(steps, seed):
    world = play(steps)
    whole = receive(world, random.Random(seed))
    bare = Notebook("NX0601/D8", seed=8)
    for acts in world.acts.values():
        bare.recorder.take([msgspec.structs.replace(f, private=None) for act in acts for f in act])
    for sql in (
        "SELECT stream, seq, line, account, commodity, amount FROM postings ORDER BY 1, 2, 3",
        "SELECT account, commodity, amount FROM balances ORDER BY 1, 2",
        "SELECT entity, labels, lent, sales FROM toys ORDER BY entity",
        "SELECT kind, entity, members FROM cases ORDER BY 1, 2",
    ):
        assert bare.connection.execute(sql).fetchall() == whole.connection.execute(sql).fetchall()


# --- One thing at a time -------------------------------------------------------------------------


def state_of(node: Notebook, toy: str) -> Toy:
    row = node.connection.execute("SELECT data FROM states WHERE entity = ?", (toy,)).fetchone()
    return msgspec.json.decode(row[0], type=Toy)


def cases_of(node: Notebook) -> dict[tuple[str, str], list[str]]:
    rows = node.connection.execute("SELECT kind, entity, members FROM cases").fetchall()
    return {(kind, entity): msgspec.json.decode(members) for kind, entity, members in rows}


@pytest.mark.parametrize(
    "order", [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
)
def test_founders_of_one_key_are_one_thing_in_every_order(order):
    one, two, three = (Notebook(f"NX0601/D{n}", seed=n) for n in (1, 2, 3))
    first = one.say(found("bear", "brown")).facts[0]
    second = two.say(found("bear", "black"), at=one.at + 1).facts[0]
    parts = [[first], [second, two.say(lend(second.identity, 5)).facts[0]]]
    parts.append([three.say(lend(first.identity, 7), at=one.at + 5_000).facts[0]])
    node = Notebook("NX0601/D9", seed=9)
    for number in order:
        node.recorder.take(parts[number])
    root = min(first.identity, second.identity)
    rows = node.connection.execute("SELECT entity FROM toys").fetchall()
    assert [row[0] for row in rows] == [root]
    assert state_of(node, root).labels == ("bear", "bear")
    assert state_of(node, root).lent == 5 * 3 + 7


def test_joining_says_what_became_of_the_thing_that_went_into_another():
    node = Notebook()
    one = node.say(found("bear")).facts[0].identity
    batch = node.say(found("bear"))
    two = batch.facts[0].identity
    root, gone = min(one, two), max(one, two)
    told = {change.entity: change.after for change in batch.changes}
    assert told[root].labels == ("bear", "bear")
    assert (gone in told) == (gone == one)  # the new one was never shown to anybody
    assert told.get(gone) is None


def test_an_undone_founder_still_lends_its_key():
    node = Notebook()
    first = node.say(found("bear")).facts[0]
    lent = node.say(lend(first.identity, 4)).facts[0]
    node.undo(first.act)
    again = node.say(found("bear")).facts[0]
    root = min(first.identity, again.identity)
    assert state_of(node, root).labels == ("bear",)
    assert state_of(node, root).lent == 4
    assert lent.entity == first.identity


def test_an_entity_without_a_live_fact_has_no_state_and_no_row():
    node = Notebook()
    fact = node.say(found("bear")).facts[0]
    change = node.undo(fact.act).changes[0]
    assert change.before is not None
    assert change.after is None
    assert node.connection.execute("SELECT count(*) FROM states").fetchone()[0] == 0
    assert node.connection.execute("SELECT count(*) FROM toys").fetchone()[0] == 0


def test_an_unknown_kind_stops_only_its_own_entity():
    author = Notebook("NX0601/D1", vocabulary=NEWER)
    bear = author.say(found("bear")).facts[0].identity
    hare = author.say(found("hare")).facts[0].identity
    author.say(lend(bear, 1))
    painted = author.say(Saying(ToyPainted(colour="red"), entity=bear)).facts[0]
    author.say(lend(bear, 1))
    author.say(lend(hare, 1))
    node = Notebook("NX0601/D9", seed=9)
    batch = node.recorder.take(author.facts())
    assert len(batch.facts) == 6
    assert [told.kind for told in batch.told].count("toy.painted") == 0
    assert state_of(node, bear).lent == 1
    assert state_of(node, hare).lent == 1
    row = node.connection.execute("SELECT identity, reason FROM quarantine").fetchone()
    assert row[0] == painted.identity
    assert "toy.painted" in row[1]


def test_an_unknown_founder_leaves_its_entity_without_a_state():
    author = Notebook("NX0601/D1", vocabulary=NEWER)
    painted = author.say(Saying(ToyPainted(colour="red"))).facts[0].identity
    author.say(lend(painted, 1))
    node = Notebook("NX0601/D9", seed=9)
    node.recorder.take(author.facts())
    assert node.connection.execute("SELECT count(*) FROM states").fetchone()[0] == 0


def test_a_body_that_cannot_be_posted_is_set_aside_and_the_rest_goes_on():
    class Careless(Vocabulary):
        def post(self, told: Any) -> Any:
            return ()

    author = Notebook("NX0601/D1", vocabulary=Careless(entities=TOYS.entities, postings={}))
    bear = author.say(found("bear")).facts[0].identity
    unbalanced = ToyBroken(account="Equity:X", debit=5, credit=4)
    illegal = ToyBroken(account="Equity:小熊", debit=5, credit=5)
    author.say(Saying(unbalanced, entity=bear))
    author.say(Saying(illegal))
    author.say(found("hare"))
    node = Notebook("NX0601/D9", seed=9)
    node.recorder.take(author.facts())
    reasons = [row[0] for row in node.connection.execute("SELECT reason FROM quarantine")]
    assert len(reasons) == 2
    assert node.connection.execute("SELECT count(*) FROM toys").fetchone()[0] == 2
    total = node.connection.execute("SELECT sum(amount) FROM postings").fetchone()[0]
    assert total == 0


def test_the_county_says_only_what_it_may():
    author = Notebook("county.1/NX0601")
    author.author = type(author.author)("county.1/NX0601", "")
    author.recorder.author = author.author
    author.say(found("bear"))
    author.say(lend(STRANGER, 1))
    node = Notebook("NX0601/D9", seed=9)
    node.recorder.take(author.facts())
    kinds = [row[0] for row in node.connection.execute("SELECT reason FROM quarantine")]
    assert kinds == ["the county may not say toy.lent"]


def sold_twice() -> tuple[Notebook, str, list[Fact]]:
    node = Notebook()
    toy = node.say(found("bear")).facts[0].identity
    sales = [node.say(sell(toy, 100)).facts[0], node.say(sell(toy, 200)).facts[0]]
    return node, toy, sales


def test_a_closed_case_stays_closed_while_nothing_changes():
    node, toy, sales = sold_twice()
    members = sorted(sale.identity for sale in sales)
    assert cases_of(node) == {("toy.sold_twice", toy): members}
    node.say(closing(toy, members))
    assert cases_of(node) == {}
    node.say(lend(toy, 1))
    assert cases_of(node) == {}


def test_a_member_that_comes_opens_a_closed_case_again():
    node, toy, sales = sold_twice()
    members = sorted(sale.identity for sale in sales)
    node.say(closing(toy, members))
    third = node.say(sell(toy, 300)).facts[0].identity
    assert cases_of(node) == {("toy.sold_twice", toy): sorted([*members, third])}


def test_a_member_that_goes_opens_a_closed_case_again():
    node, toy, sales = sold_twice()
    third = node.say(sell(toy, 300)).facts[0]
    members = sorted([sale.identity for sale in sales] + [third.identity])
    node.say(closing(toy, members))
    assert cases_of(node) == {}
    node.undo(third.act)
    assert cases_of(node) == {("toy.sold_twice", toy): sorted(s.identity for s in sales)}


def test_a_second_closing_opens_the_case_again():
    node, toy, sales = sold_twice()
    members = sorted(sale.identity for sale in sales)
    closings = [node.say(closing(toy, members)).facts[0].identity for _ in range(2)]
    assert cases_of(node) == {("toy.sold_twice", toy): sorted([*members, *closings])}
    node.undo(node.facts()[-1].act)
    assert cases_of(node) == {}


def test_a_closing_that_comes_before_what_it_closes():
    node, toy, sales = sold_twice()
    sibling = Notebook("NX0601/D2", seed=2)
    sibling.recorder.take(node.facts())
    closed = sibling.say(closing(toy, sorted(sale.identity for sale in sales))).facts
    other = Notebook("NX0601/D9", seed=9)
    other.recorder.take(closed)
    other.recorder.take(node.facts())
    assert cases_of(other) == cases_of(sibling) == {}


def test_an_erasure_covers_facts_that_come_after_it():
    author, eraser = Notebook("NX0601/D1"), Notebook("NX0601/D2", seed=2)
    person = author.say(found("bear", "a name")).facts[0].identity
    author.say(lend("77" * 32, 1, "speaks of her", whose=(person,)))
    author.say(lend("77" * 32, 1, "speaks of nobody"))
    erasure = eraser.say(Saying(PrivateErased(persons=(person,), day="2026-11-25"))).facts
    node = Notebook("NX0601/D9", seed=9)
    node.recorder.take(erasure)
    node.recorder.take(author.facts())
    kept = [bytes(row[0]) for row in node.connection.execute("SELECT part FROM privates")]
    assert len(kept) == 1
    assert b"speaks of nobody" in kept[0]
    assert state_of(node, person).words == ()


def test_an_erasure_is_no_wider_than_its_list():
    node = Notebook()
    one = node.say(found("bear", "first")).facts[0].identity
    two = node.say(found("bear", "second")).facts[0].identity
    node.say(Saying(PrivateErased(persons=(one,), day="2026-11-25")))
    assert state_of(node, min(one, two)).words == ("second",)


def test_founding_body_may_not_say_more_than_its_struct():
    author = Notebook("NX0601/D1", vocabulary=NEWER)
    fact = author.say(found("bear")).facts[0]
    wordy = msgspec.structs.replace(fact, body=b'{"label":"bear","more":1,"price_fen":0}')
    with pytest.raises(ValueError, match=r"toy\.founded"):
        TOYS.read(wordy)
    assert ToyFounded.PRIVATE is ToyWords
