"""A PC that was cut off, a second version, what was accepted: which facts count, on every node."""

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from station_app.journal.fact import Fact, Saying, blake
from station_app.journal.kinds import (
    ActReversed,
    BranchAccepted,
    BranchFound,
    BranchRefused,
    CaseClosed,
    DeviceRevoked,
    PrivateErased,
    StreamEnd,
)
from station_app.journal.rebuild import rebuild
from station_app.journal.recorder import ActRefused, Author
from station_app.journal.rulings import (
    ACCEPTED,
    END,
    FOUND,
    REFUSED,
    REVOKED,
    WHOLE,
    Ruling,
    line_of_version,
    reach_of,
)
from station_app.journal.verify import verify
from station_app.journal.vocabulary import Unreadable
from tests.journal.notebook import TOYS, Notebook, folded, found, lend, sell

OF = "NX0601/D2/aa"
VERSION = f"{OF}~{'b3' * 8}"
DAY = "2026-11-26"
OFF = Ruling(REVOKED, "NX0601/D2")
WAITED = (Ruling(FOUND, OF, 3, "a3"), Ruling(ACCEPTED, OF, 5, "a5"))


def at(line: str, seq: int) -> str:
    """Line `OF` holds a1..a9; of the version only b3..b5 stand beside it."""
    if line == OF and seq <= 9:
        return f"a{seq}"
    return f"b{seq}" if line == VERSION and 3 <= seq <= 5 else ""


@pytest.mark.parametrize(
    ("line", "rulings", "reach"),
    [
        (OF, (), WHOLE),
        (OF, (OFF,), 0),
        ("NX0601/D2/zz", (OFF, Ruling(END, OF, 4, "a4")), 0),
        (OF, (OFF, Ruling(END, OF, 4, "a4")), 4),
        (OF, (OFF, Ruling(END, OF, 12, "a12")), 12),
        (OF, (OFF, Ruling(END, OF, 4, "b4")), 0),
        (OF, (OFF, Ruling(END, OF, 4, "a4"), Ruling(ACCEPTED, OF, 6, "a6")), 6),
        (OF, (OFF, Ruling(END, OF, 4, "a4"), Ruling(ACCEPTED, OF, 6, "b6")), 4),
        (
            OF,
            (OFF, Ruling(END, OF, 4, "a4"), Ruling(ACCEPTED, OF, 12, "a12")),
            12,
        ),  # it goes on from all
        (OF, (OFF, Ruling(FOUND, OF, 3, "b3"), Ruling(ACCEPTED, OF, 12, "b12")), 0),
        (OF, (OFF, Ruling(FOUND, OF, 3, "a3"), Ruling(ACCEPTED, OF, 12, "a12")), 0),
        (OF, (OFF, *WAITED, Ruling(ACCEPTED, OF, 12, "c12")), 5),  # c: what stands beside it there
        (OF, (OFF, Ruling(END, OF, 4, "a4"), Ruling(REFUSED, OF, 6, "a6")), 4),
        (OF, (Ruling(FOUND, OF, 3, "b3"),), WHOLE),
        (OF, (Ruling(FOUND, OF, 3, "a3"),), 2),
        (VERSION, (Ruling(FOUND, OF, 3, "b3"),), 2),
        (VERSION, (Ruling(FOUND, OF, 3, "a3"),), WHOLE),
        (VERSION, (Ruling(FOUND, OF, 3, "b3"), Ruling(ACCEPTED, OF, 4, "b4")), 4),
        (VERSION, (OFF, Ruling(END, OF, 4, "a4")), 0),
        (VERSION, (OFF, Ruling(END, OF, 8, "a8")), 0),
    ],
)
def test_how_far_a_line_counts(line: str, rulings: tuple[Ruling, ...], reach: int) -> None:
    assert reach_of(line, rulings, at) == reach
    assert reach_of(line, rulings[::-1], at) == reach


def test_a_copy_that_knew_of_no_other_version_counted_its_own_up_to_the_end_that_it_never_got() -> (
    None
):
    """Its closing was doubted: within the cut its version stands alone, and the end is not here."""
    known = (OFF, Ruling(END, OF, 8, "a8"))
    parents = {VERSION: (OF, 2)}

    def within(line: str, seq: int) -> str:
        return at(line, seq) if line == VERSION or seq <= 2 else ""

    assert reach_of(VERSION, known, within, parents, {VERSION}) == 8
    assert reach_of(OF, known, within, parents, {VERSION}) == 2
    assert reach_of(VERSION, known, at, parents) == 0  # where both stand the end says which


def test_a_second_version_is_named_by_its_first_fact() -> None:
    assert line_of_version(OF, "b3" * 32) == VERSION


# --- On a node -----------------------------------------------------------------------------------


class Quarrel:
    """Two PCs of one station and their county; what each of them said, act by act."""

    def __init__(self) -> None:
        self.kept = Notebook("NX0601/D1", seed=1)
        self.stolen = Notebook("NX0601/D2", seed=2)
        self.county = Notebook("county.1", seed=3)
        self.county.author = self.county.recorder.author = Author("county.1/NX0601", "")
        self.acts: dict[str, list[list[Fact]]] = defaultdict(list)

    def said(self, book: Notebook, *sayings: Saying) -> list[Fact]:
        return self.note(book.say(*sayings).facts)

    def note(self, facts: list[Fact]) -> list[Fact]:
        self.acts[facts[0].stream].append(facts)
        return facts

    def revoke(self, *ends: Fact) -> None:
        named = tuple(StreamEnd(f.stream, f.seq, f.identity) for f in ends)
        body = DeviceRevoked(station="NX0601", device="D2", reason="stolen", ends=named, day=DAY)
        self.said(self.county, Saying(body))

    def accept(self, fact: Fact) -> None:
        body = BranchAccepted(stream=fact.stream, to=fact.seq, hash=fact.identity, day=DAY)
        self.said(self.county, Saying(body))

    def node(self, dice: random.Random | None = None, *, first: str = "") -> Notebook:
        """A new node that takes everything: by streams, or act by act in an order of its own."""
        node = Notebook("NX0601/D9", seed=9)
        for act in self.in_order(dice, first=first):
            node.recorder.take(act)
        return node

    def in_order(self, dice: random.Random | None, *, first: str = "") -> Iterator[list[Fact]]:
        """All acts: stream by stream, those that begin so first, or in an order by lot."""
        if dice is None:
            for stream in sorted(self.acts, key=lambda s: (not s.startswith(first or "~"), s)):
                yield from self.acts[stream]
            return
        waiting = {stream: list(acts) for stream, acts in sorted(self.acts.items())}
        while waiting:
            stream = dice.choice(sorted(waiting))
            yield waiting[stream].pop(0)
            if not waiting[stream]:
                del waiting[stream]


def money(node: Notebook) -> int:
    sql = "SELECT coalesce(sum(amount), 0) FROM balances WHERE account = 'Assets:Box'"
    amount: int = node.connection.execute(sql).fetchone()[0]
    return amount


def states(node: Notebook) -> dict[str, Any]:
    rows = node.connection.execute("SELECT entity, data FROM states WHERE kind = 'toy'").fetchall()
    return {entity: msgspec.json.decode(data) for entity, data in rows}


@pytest.fixture
def quarrel() -> Quarrel:
    return Quarrel()


def test_what_a_stolen_pc_goes_on_to_say_counts_nowhere(quarrel: Quarrel) -> None:
    (ball,) = quarrel.said(quarrel.kept, found("ball"))
    (last,) = quarrel.said(quarrel.stolen, sell(ball.identity, 100))
    quarrel.revoke(last)
    quarrel.said(quarrel.stolen, sell(ball.identity, 700))
    quarrel.stolen.restart()
    quarrel.said(quarrel.stolen, sell(ball.identity, 4_000))
    before, after = quarrel.node(first="county"), quarrel.node(first="NX")
    assert folded(before.connection) == folded(after.connection)
    assert money(before) == 100
    assert states(before)[ball.identity]["sales"] == [last.identity]
    assert len(before.facts()) == 5


def test_an_acceptance_lifts_up_to_its_fact_and_no_further(quarrel: Quarrel) -> None:
    (ball,) = quarrel.said(quarrel.kept, found("ball"))
    quarrel.revoke()
    quarrel.said(quarrel.stolen, sell(ball.identity, 10))
    (upto,) = quarrel.said(quarrel.stolen, sell(ball.identity, 200))
    quarrel.said(quarrel.stolen, sell(ball.identity, 3_000))
    quarrel.accept(upto)
    for first in ("county", "NX0601/D2", "NX0601/D1"):
        assert money(quarrel.node(first=first)) == 210


def test_a_refusal_leaves_it_out(quarrel: Quarrel) -> None:
    (ball,) = quarrel.said(quarrel.kept, found("ball"))
    quarrel.revoke()
    (sold,) = quarrel.said(quarrel.stolen, sell(ball.identity, 10))
    body = BranchRefused(stream=sold.stream, to=sold.seq, hash=sold.identity, day=DAY)
    quarrel.said(quarrel.county, Saying(body))
    assert money(quarrel.node(first="county")) == money(quarrel.node(first="NX")) == 0


def test_what_is_undone_beyond_a_cut_is_not_undone(quarrel: Quarrel) -> None:
    (ball,) = quarrel.said(quarrel.kept, found("ball"))
    (sold,) = quarrel.said(quarrel.stolen, sell(ball.identity, 100))
    quarrel.revoke(sold)
    (undone,) = quarrel.note(quarrel.stolen.undo(sold.act).facts)
    assert undone.kind == ActReversed.KIND
    for first in ("county", "NX"):
        node = quarrel.node(first=first)
        assert money(node) == 100
        assert states(node)[ball.identity]["sales"] == [sold.identity]
    quarrel.accept(undone)
    for first in ("county", "NX"):
        node = quarrel.node(first=first)
        assert money(node) == 0
        assert states(node)[ball.identity]["sales"] == []


def test_a_pc_that_was_cut_off_undid_one_act_twice(quarrel: Quarrel) -> None:
    (ball,) = quarrel.said(quarrel.stolen, found("ball"))
    (sold,) = quarrel.said(quarrel.stolen, sell(ball.identity, 100))
    quarrel.revoke(sold)
    for act in quarrel.acts[quarrel.county.author.stream]:
        quarrel.stolen.recorder.take(act)
    quarrel.note(quarrel.stolen.undo(sold.act).facts)
    assert money(quarrel.stolen) == 100
    with pytest.raises(ActRefused, match="UNDONE_ALREADY"):
        quarrel.stolen.undo(sold.act)


def test_a_founder_beyond_a_cut_still_lends_its_key(quarrel: Quarrel) -> None:
    quarrel.revoke()
    (out,) = quarrel.said(quarrel.stolen, found("ball"))
    (ball,) = quarrel.said(quarrel.kept, found("ball"))
    quarrel.said(quarrel.kept, lend(out.identity))
    for first in ("county", "NX0601/D1", "NX0601/D2"):
        node = quarrel.node(first=first)
        found_there = states(node)
        assert list(found_there) == [min(out.identity, ball.identity)]
        (toy,) = found_there.values()
        assert toy["labels"] == ["ball"]
        assert toy["lent"] == 1


def test_an_erasure_is_obeyed_beyond_a_cut(quarrel: Quarrel) -> None:
    (ball,) = quarrel.said(quarrel.kept, found("ball", "Aunt Wang", ("5e" * 32,)))
    quarrel.revoke()
    quarrel.said(quarrel.stolen, lend(ball.identity, words="Wang again", whose=("5e" * 32,)))
    erased = PrivateErased(persons=("5e" * 32,), day=DAY)
    quarrel.said(quarrel.stolen, Saying(erased))
    for first in ("county", "NX0601/D1", "NX0601/D2"):
        node = quarrel.node(first=first)
        assert node.connection.execute("SELECT count(*) FROM privates").fetchone() == (0,)
        assert states(node)[ball.identity]["words"] == []


def test_a_case_closed_by_a_stolen_pc_stays_open(quarrel: Quarrel) -> None:
    (ball,) = quarrel.said(quarrel.kept, found("ball"))
    sales = [quarrel.said(quarrel.kept, sell(ball.identity, 5))[0].identity for _ in range(2)]
    quarrel.revoke()
    closed = CaseClosed(case="toy.sold_twice", members=tuple(sales), verdict="settled", day=DAY)
    quarrel.said(quarrel.stolen, Saying(closed, entity=ball.identity))
    for first in ("county", "NX"):
        rows = quarrel.node(first=first).connection.execute("SELECT kind FROM cases").fetchall()
        assert rows == [("toy.sold_twice",)]


def test_a_decided_case_opens_again_when_a_side_of_it_is_cut_off(quarrel: Quarrel) -> None:
    (ball,) = quarrel.said(quarrel.kept, found("ball"))
    sales = [quarrel.said(quarrel.kept, sell(ball.identity, 5))[0].identity for _ in range(2)]
    sales += [quarrel.said(quarrel.stolen, sell(ball.identity, 7))[0].identity]
    members = tuple(sorted(sales))
    closed = CaseClosed(case="toy.sold_twice", members=members, verdict="settled", day=DAY)
    quarrel.said(quarrel.kept, Saying(closed, entity=ball.identity))
    assert quarrel.node().connection.execute("SELECT * FROM cases").fetchall() == []
    quarrel.revoke()
    for first in ("county", "NX"):
        (row,) = quarrel.node(first=first).connection.execute("SELECT members FROM cases")
        assert msgspec.json.decode(row[0]) == sorted(sales[:2])


def test_the_pc_itself_counts_what_it_says_as_little(quarrel: Quarrel) -> None:
    (ball,) = quarrel.said(quarrel.stolen, found("ball"))
    quarrel.said(quarrel.stolen, sell(ball.identity, 100))
    quarrel.revoke(ball)
    for act in quarrel.acts[quarrel.county.author.stream]:
        quarrel.stolen.recorder.take(act)
    assert money(quarrel.stolen) == 0
    quarrel.said(quarrel.stolen, sell(ball.identity, 3))
    quarrel.stolen.restart()
    quarrel.said(quarrel.stolen, sell(ball.identity, 4))
    assert money(quarrel.stolen) == 0
    assert states(quarrel.stolen)[ball.identity]["sales"] == []
    assert verify(quarrel.stolen.connection, TOYS).is_sound


def test_only_the_county_decides_what_counts(quarrel: Quarrel) -> None:
    (ball,) = quarrel.said(quarrel.stolen, found("ball"))
    body = DeviceRevoked(station="NX0601", device="D2", reason="stolen", ends=(), day=DAY)
    (forged,) = quarrel.said(quarrel.kept, Saying(body))
    with pytest.raises(Unreadable, match="only the county"):
        TOYS.read(forged)
    assert ball.identity in states(quarrel.node())


def test_of_two_versions_the_one_that_was_found_waits(quarrel: Quarrel) -> None:
    (ball,) = quarrel.said(quarrel.kept, found("ball"))
    (sold,) = quarrel.said(quarrel.stolen, sell(ball.identity, 100))
    body = BranchFound(stream=sold.stream, seq=1, hash=sold.identity, day=DAY)
    quarrel.said(quarrel.county, Saying(body))
    assert money(quarrel.node()) == 0
    quarrel.accept(sold)
    assert money(quarrel.node(first="county")) == money(quarrel.node(first="NX")) == 100


# --- At random -----------------------------------------------------------------------------------


def played(dice: random.Random) -> Quarrel:
    quarrel = Quarrel()
    toys, of_stolen = ["5e" * 32], list[Fact]()
    for _ in range(dice.randint(4, 22)):
        book = dice.choice((quarrel.kept, quarrel.stolen, quarrel.stolen))
        step = dice.choice("found lend sell sell restart undo erase revoke accept refuse".split())
        if step == "restart":
            book.restart()
        elif step == "revoke":
            quarrel.revoke(*dice.sample(of_stolen, min(len(of_stolen), dice.randint(0, 2))))
        elif step in ("accept", "refuse") and of_stolen:
            fact = dice.choice(of_stolen)
            kind = BranchAccepted if step == "accept" else BranchRefused
            body = kind(stream=fact.stream, to=fact.seq, hash=fact.identity, day=DAY)
            quarrel.said(quarrel.county, Saying(body))
        elif step == "undo":
            acts = [acts for acts in quarrel.acts[book.author.stream] if len(acts[0].entity)]
            for act in acts[-1:]:
                if not book.recorder._store.is_reversed(book.author.stream, act[0].act):
                    quarrel.note(book.undo(act[0].act).facts)
        elif step == "erase":
            quarrel.said(book, Saying(PrivateErased(persons=(dice.choice(toys),), day=DAY)))
        else:
            saying = {
                "found": found(dice.choice("abc"), "words"),
                "lend": lend(dice.choice(toys), 2, "words"),
                "sell": sell(dice.choice(toys), dice.randint(1, 99)),
            }.get(step)
            if saying is not None:
                facts = quarrel.said(book, saying)
                toys += [fact.identity for fact in facts if fact.kind == "toy.founded"]
                of_stolen += [fact for fact in facts if book is quarrel.stolen]
    quarrel.acts = {stream: acts for stream, acts in quarrel.acts.items() if acts}
    return quarrel


@pytest.mark.parametrize("chunk", range(3))
def test_whatever_comes_first_every_node_shows_the_same(chunk: int) -> None:
    for seed in range(chunk * 20, chunk * 20 + 20):
        dice = random.Random(seed)
        quarrel = played(dice)
        nodes = [quarrel.node(dice) for _ in range(3)]
        wanted = folded(nodes[0].connection)
        for node in nodes:
            assert folded(node.connection) == wanted, seed
            report = verify(node.connection, TOYS)
            assert report.is_sound, (seed, report.first_broken)
        rebuild(nodes[0].connection, TOYS)
        assert folded(nodes[0].connection) == wanted, seed


def test_a_digest_of_nothing_is_not_a_place() -> None:
    """The mark of a version is a part of an identity: two of them do not meet by chance."""
    names = {line_of_version(OF, blake(bytes([n])).hex()) for n in range(256)}
    assert len(names) == 256
