"""Two versions of a stream: both are kept, one counts, the other when the county has said so."""

import random
from typing import Any

import pytest

from station_app.journal.cuts import Tip, reach, tips_here
from station_app.journal.fact import Fact, Saying, said_as
from station_app.journal.kinds import ActReversed, BranchAccepted, BranchFound, BranchRefused
from station_app.journal.rebuild import rebuild
from station_app.journal.recorder import Author, Broken
from station_app.journal.rulings import FOUND, WHOLE, Ruling, reach_of
from station_app.journal.verify import verify
from tests.journal.notebook import FOLDED, TOYS, Notebook, found, lend, sell
from tests.journal.test_rulings import DAY, OF, OFF, VERSION, Quarrel, at, money, states

NESTED = f"{OF}~{'c5' * 8}"
TREE = {VERSION: (OF, 2), NESTED: (VERSION, 4)}


def deeper(line: str, seq: int) -> str:
    """Beside what `at` says, a third version goes its own way from the second at 5."""
    return f"c{seq}" if line == NESTED and 5 <= seq <= 7 else at(line, seq)


@pytest.mark.parametrize(
    ("line", "rulings", "reach"),
    [
        (VERSION, (), 2),  # nobody has said which of them waits
        (VERSION, (Ruling(FOUND, OF, 3, "b3"),), 2),
        (VERSION, (Ruling(FOUND, OF, 3, "a3"),), WHOLE),
        (OF, (Ruling(FOUND, OF, 3, "b3"), Ruling("accepted", OF, 5, "b5")), WHOLE),
        (OF, (Ruling(FOUND, OF, 3, "a3"), Ruling("accepted", OF, 5, "b5")), 2),
        (NESTED, (Ruling(FOUND, OF, 3, "b3"), Ruling(FOUND, OF, 5, "c5")), 2),
        (NESTED, (Ruling(FOUND, OF, 3, "a3"), Ruling(FOUND, OF, 5, "b5")), WHOLE),
        (VERSION, (Ruling(FOUND, OF, 3, "b3"), Ruling("accepted", OF, 6, "c6")), 4),
        (
            NESTED,
            (
                Ruling(FOUND, OF, 3, "b3"),
                Ruling(FOUND, OF, 5, "c5"),
                Ruling("accepted", OF, 6, "c6"),
            ),
            6,
        ),
        (VERSION, (Ruling("revoked", "NX0601/D2"), Ruling("end", OF, 6, "c6")), 4),
        (OF, (Ruling("revoked", "NX0601/D2"), Ruling("end", OF, 6, "c6")), 2),
        # Its end is not here: whichever name they bear, the one that was found waits, and what
        # holds something else at that place is another version.
        (VERSION, (OFF, Ruling("end", OF, 8, "x8"), Ruling(FOUND, OF, 3, "a3")), 8),
        (OF, (OFF, Ruling("end", OF, 8, "x8"), Ruling(FOUND, OF, 3, "a3")), 2),
        (VERSION, (OFF, Ruling("end", OF, 12, "x12"), Ruling(FOUND, OF, 3, "a3")), 12),
        (OF, (OFF, Ruling("end", OF, 12, "x12"), Ruling(FOUND, OF, 3, "a3")), 2),
        (VERSION, (OFF, Ruling("end", OF, 12, "x12"), Ruling(FOUND, OF, 3, "b3")), 0),
        (OF, (OFF, Ruling("end", OF, 12, "x12"), Ruling(FOUND, OF, 3, "b3")), 12),
        (OF, (OFF, Ruling("end", OF, 12, "x12"), Ruling(FOUND, OF, 4, "a4")), 3),
        (VERSION, (OFF, Ruling("end", OF, 12, "x12"), Ruling(FOUND, OF, 4, "b4")), 0),
        (NESTED, (OFF, Ruling("end", OF, 4, "x4")), 0),
    ],
)
def test_a_decision_reaches_what_its_fact_goes_on_from(
    line: str, rulings: tuple[Ruling, ...], reach: int
) -> None:
    assert reach_of(line, rulings, deeper, TREE) == reach
    assert reach_of(line, rulings[::-1], deeper, TREE) == reach


# --- On a node -----------------------------------------------------------------------------------


class Twins(Quarrel):
    """One PC of a station was copied while it ran: both go on writing the same stream."""

    def __init__(self) -> None:
        super().__init__()
        self.twins: list[Notebook] = []

    def split(self, seed: int, of: Notebook | None = None) -> Notebook:
        """Copy the stolen PC, or one of its copies, as it stands."""
        former = of or self.stolen
        twin = Notebook("NX0601/D2", seed=seed)
        for stream in self.acts:
            if stream.startswith("NX0601/D2/"):
                for act in self.acts[stream]:
                    here = [f for f in act if former.recorder._log.by_identity(f.identity)]
                    if here:
                        twin.recorder.take(here)
        twin.author = twin.recorder.author = former.author
        for table in ("tickets", "local"):
            for row in former.connection.execute(f"SELECT * FROM {table}").fetchall():
                marks = ", ".join("?" * len(row))
                twin.connection.execute(f"INSERT INTO {table} VALUES ({marks})", row)
        twin.acts, twin.at = former.acts, former.at  # and draws the same tickets
        self.twins.append(twin)
        return twin

    def find(self, fact: Fact) -> None:
        body = BranchFound(stream=fact.stream, seq=fact.seq, hash=fact.identity, day=DAY)
        self.said(self.county, Saying(body))

    def orders(self, dice: random.Random) -> list[list[Fact]]:
        """All acts in an order by lot, none before the one that it continues."""
        waiting = [act for acts in self.acts.values() for act in acts]
        known, order = {""}, list[list[Fact]]()
        starts = {book.author.before for book in (self.kept, self.stolen, self.county)}
        while waiting:
            ready = [a for a in waiting if a[0].prev in known | starts or a[0].seq == 1]
            act = dice.choice(ready)
            waiting.remove(act)
            known.update(fact.identity for fact in act)
            order.append(act)
        return order

    def shown(self, order: list[list[Fact]]) -> Notebook:
        node = Notebook("NX0601/D9", seed=9)
        for act in order:
            node.recorder.take(act)
        return node


@pytest.fixture
def twins() -> Twins:
    return Twins()


def same(node: Notebook) -> list[list[tuple[Any, ...]]]:
    """All that follows from the facts, whichever version bears the stream's own name."""
    found = []
    for sql in FOLDED:
        if "kept_back" in sql:
            continue
        rows = node.connection.execute(sql).fetchall()
        plain = [tuple(said_as(v) if isinstance(v, str) else v for v in row) for row in rows]
        found.append(sorted(plain, key=repr))
    return found


def check(twins: Twins, *, seed: int = 0, tries: int = 6) -> Notebook:
    """Every order shows the same, is sound, and stays so when all is made anew."""
    nodes = [twins.shown(twins.orders(random.Random(seed + n))) for n in range(tries)]
    for node in nodes:
        assert same(node) == same(nodes[0])
        report = verify(node.connection, TOYS)
        assert report.is_sound, report.first_broken
        before = same(node)
        rebuild(node.connection, TOYS)
        assert same(node) == before
    return nodes[0]


def split_sale(twins: Twins) -> tuple[Fact, Fact, Fact]:
    """A ball, then each of the two sells it for another price: (ball, mine, other)."""
    (ball,) = twins.said(twins.stolen, found("ball"))
    twin = twins.split(77)
    (mine,) = twins.said(twins.stolen, sell(ball.identity, 100))
    (other,) = twins.said(twin, sell(ball.identity, 4_000))
    twins.find(other)
    return ball, mine, other


def test_the_version_that_was_found_is_kept_and_counts_nowhere(twins: Twins) -> None:
    ball, mine, other = split_sale(twins)
    node = check(twins)
    assert money(node) == 100
    assert states(node)[ball.identity]["sales"] == [mine.identity]
    assert {fact.identity for fact in (ball, mine, other)} <= {
        row[0] for row in node.connection.execute("SELECT identity FROM facts")
    }


def test_what_was_accepted_counts_in_whatever_order_it_came(twins: Twins) -> None:
    ball, mine, other = split_sale(twins)
    (more,) = twins.said(twins.twins[0], sell(ball.identity, 20_000))
    twins.accept(other)
    node = check(twins)
    assert money(node) == 4_100
    assert sorted(states(node)[ball.identity]["sales"]) == sorted((mine.identity, other.identity))
    twins.accept(more)
    assert money(check(twins)) == 24_100


def test_a_copy_that_is_cut_off_counts_on_what_it_holds_of_the_other_version(
    twins: Twins,
) -> None:
    """It is told of the cut, and not of the fact at which the county cut: that is not here."""
    (ball,) = twins.said(twins.stolen, found("ball"))
    copy = twins.split(77)
    (held,) = twins.said(twins.stolen, sell(ball.identity, 100))
    (last,) = twins.said(twins.stolen, sell(ball.identity, 4_000))
    (own,) = twins.said(copy, sell(ball.identity, 20_000))
    (more,) = twins.said(copy, sell(ball.identity, 300_000))
    copy.restart()
    copy.recorder.take([held])
    twins.find(own)
    twins.revoke(last)
    for act in twins.acts[twins.county.author.stream]:
        copy.recorder.take(act)
    assert money(copy) == 100
    assert verify(copy.connection, TOYS).is_sound
    copy.recorder.take([last])
    assert money(copy) == 4_100 == money(check(twins))
    twins.accept(more)
    assert money(check(twins)) == 324_100


def test_what_was_refused_stays_out(twins: Twins) -> None:
    _, _, other = split_sale(twins)
    body = BranchRefused(stream=other.stream, to=other.seq, hash=other.identity, day=DAY)
    twins.said(twins.county, Saying(body))
    assert money(check(twins)) == 100


def test_a_pc_that_wrote_the_version_learns_that_the_other_counts(twins: Twins) -> None:
    _, mine, other = split_sale(twins)
    author = twins.twins[0]
    assert money(author) == 4_000
    author.restart()  # it was shown a fact of its live stream that it does not hold
    author.recorder.take([mine])
    assert money(author) == 4_000  # nobody has said yet which of them waits
    author.recorder.take(twins.acts[twins.county.author.stream][0])
    assert money(author) == 100
    twins.accept(other)
    author.recorder.take(twins.acts[twins.county.author.stream][1])
    assert money(author) == 4_100
    assert verify(author.connection, TOYS).is_sound


def test_a_version_undoes_what_both_share_only_once_it_counts(twins: Twins) -> None:
    (ball,) = twins.said(twins.stolen, found("ball"))
    (sold,) = twins.said(twins.stolen, sell(ball.identity, 50))
    twin = twins.split(77)
    twins.said(twins.stolen, lend(ball.identity))
    (undone,) = twins.note(twin.undo(sold.act).facts)
    assert undone.kind == ActReversed.KIND
    twins.find(undone)
    assert money(check(twins)) == 50
    twins.accept(undone)
    assert money(check(twins)) == 0


def test_a_version_of_a_version_waits_for_itself(twins: Twins) -> None:
    (ball,) = twins.said(twins.stolen, found("ball"))
    second = twins.split(77)
    twins.said(twins.stolen, sell(ball.identity, 1))
    (b2,) = twins.said(second, sell(ball.identity, 10))
    third = twins.split(78, of=second)
    (b3,) = twins.said(second, sell(ball.identity, 100))
    (c3,) = twins.said(third, sell(ball.identity, 1_000))
    twins.find(b2)
    twins.find(c3)
    assert money(check(twins)) == 1
    twins.accept(b3)
    assert money(check(twins)) == 111
    twins.accept(c3)
    assert money(check(twins)) == 1_111


def test_a_clone_that_goes_on_in_streams_of_its_own_hangs_on_its_version(twins: Twins) -> None:
    _, mine, other = split_sale(twins)
    twin = twins.twins[0]
    twin.restart()
    twins.said(twin, found("top"))
    node = check(twins)
    assert {fact.identity for fact in (mine, other)} <= {row[2] for row in ends(node)} | {
        row[0] for row in node.connection.execute("SELECT first_prev FROM streams")
    }


def ends(node: Notebook) -> list[tuple[str, int, str]]:
    return [(tip.stream, tip.seq, tip.identity) for tip in tips_here(node.connection)]


def test_a_slip_names_each_version_by_what_its_author_said(twins: Twins) -> None:
    """So the same cut is made on every node, and what is accepted later stays outside."""
    ball, _, other = split_sale(twins)
    order = twins.orders(random.Random(1))
    one = twins.shown(order)
    cut = tips_here(one.connection)
    assert all("~" not in tip.stream for tip in cut)
    assert {tip.identity for tip in cut if tip.stream == other.stream} >= {other.identity}
    counted = {
        said_as(line): n for line, n in reach(one.connection, cut).items() if "~" not in line
    }
    twins.accept(other)
    for seed in range(4):
        later = twins.shown(twins.orders(random.Random(seed)))
        lines = reach(later.connection, [Tip(t.stream, t.seq, t.identity) for t in cut])
        total = sum(
            later.connection.execute(
                "SELECT coalesce(sum(amount), 0) FROM postings WHERE stream = ? AND seq <= ? "
                "AND account = 'Assets:Box'",
                (line, upto),
            ).fetchone()[0]
            for line, upto in lines.items()
        )
        assert total == 100, lines
    assert counted[ball.stream] in (1, 2)


def test_a_version_whose_beginning_is_not_here_is_left(twins: Twins) -> None:
    ball, _, other = split_sale(twins)
    (more,) = twins.said(twins.twins[0], sell(ball.identity, 1))
    node = Notebook("NX0601/D9", seed=9)
    for act in twins.acts[twins.stolen.author.stream][:2]:
        node.recorder.take(act)
    with pytest.raises(Broken, match="hole"):
        node.recorder.take([more])
    node.recorder.take([other, more])
    assert len(node.connection.execute("SELECT 1 FROM facts").fetchall()) == 4
    node.recorder.take([other, more])
    assert len(node.connection.execute("SELECT 1 FROM facts").fetchall()) == 4


def test_a_fork_at_the_first_fact_of_a_stream(twins: Twins) -> None:
    twin = twins.split(77)
    twin.author = twin.recorder.author = Author(twins.stolen.author.stream, "")
    (mine,) = twins.said(twins.stolen, found("ball"))
    (other,) = twins.said(twin, found("top"))
    twins.find(other)
    assert set(states(check(twins))) == {mine.identity}
    body = BranchAccepted(stream=other.stream, to=1, hash=other.identity, day=DAY)
    twins.said(twins.county, Saying(body))
    assert set(states(check(twins))) == {mine.identity, other.identity}


def test_whatever_forks_and_is_decided_every_node_shows_the_same() -> None:
    for seed in range(20):
        dice, twins = random.Random(seed), Twins()
        (ball,) = twins.said(twins.stolen, found("ball"))
        books, ends_of, firsts = [twins.stolen], list[Fact](), list[Fact]()
        for _ in range(dice.randint(4, 14)):
            step = dice.choice("sell sell sell lend split undo accept refuse".split())
            book = dice.choice(books)
            if step == "split" and len(books) < 4:
                books.append(twins.split(100 + len(books), of=book))
            elif step == "undo":
                own = [f for f in ends_of if book.recorder._log.by_identity(f.identity)]
                own = [f for f in own if f.kind != ActReversed.KIND]
                acts = [f for f in own if not book.recorder._is_undone(f.act)]
                if acts and book.recorder._log.act(book.author.stream, acts[-1].act):
                    ends_of += twins.note(book.undo(acts[-1].act).facts)
            elif step in ("accept", "refuse") and ends_of:
                fact = dice.choice(ends_of)
                kind = BranchAccepted if step == "accept" else BranchRefused
                body = kind(stream=fact.stream, to=fact.seq, hash=fact.identity, day=DAY)
                twins.said(twins.county, Saying(body))
            elif step in ("sell", "lend"):
                saying = sell(ball.identity, dice.randint(1, 99)) if step == "sell" else None
                ends_of += twins.said(book, saying or lend(ball.identity))
        children: dict[tuple[int, str], list[Fact]] = {}
        for act in twins.acts[twins.stolen.author.stream]:
            for fact in act:
                children.setdefault((fact.seq, fact.prev), []).append(fact)
        for several in children.values():
            firsts += several[1:]
        for fact in firsts:
            twins.find(fact)
        check(twins, seed=seed, tries=3)


def test_a_rebuild_counts_nothing_of_a_version_that_nobody_has_ruled_on(twins: Twins) -> None:
    """The stick brought it before the county had heard of it; then the program was upgraded."""
    (ball,) = twins.said(twins.stolen, found("ball"))
    twin = twins.split(77)
    twins.said(twins.stolen, sell(ball.identity, 100))
    twins.said(twin, sell(ball.identity, 4_000))
    node = twins.shown(twins.orders(random.Random(3)))
    before, counted = same(node), money(node)
    rebuild(node.connection, TOYS)
    assert money(node) == counted
    assert same(node) == before
    assert verify(node.connection, TOYS).is_sound
