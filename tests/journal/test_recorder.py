"""The one door: whole acts or nothing, each with its consequences, and no act twice."""

from typing import Any

import msgspec
import pytest

from station_app.journal.chain import Head, first_break
from station_app.journal.fact import FACT_BYTES_MAX, Saying, is_intact
from station_app.journal.kinds import ActReversed, PrivateErased
from station_app.journal.log import FactLog
from station_app.journal.recorder import (
    ACT_BYTES_MAX,
    ACT_FACTS_MAX,
    ActRefused,
    Batch,
    Broken,
    new_ticket,
)
from station_app.journal.store import transaction
from tests.journal.notebook import (
    BoxClosed,
    Dice,
    Notebook,
    ToyBroken,
    ToyFounded,
    ToyLent,
    ToyOwed,
    ToyWords,
    folded,
    found,
    lend,
    sell,
)


def amounts(node: Notebook) -> dict[str, int]:
    rows = node.connection.execute("SELECT account, amount FROM balances WHERE amount != 0")
    return dict(rows.fetchall())


def refused(node: Notebook, *sayings: Saying, ticket: str = "") -> str:
    """Say this in a transaction of its own; return why it was refused, nothing being left."""
    before = folded(node.connection), len(node.facts())
    with pytest.raises(ActRefused) as no, transaction(node.connection):
        node.say(*sayings, ticket=ticket)
    assert (folded(node.connection), len(node.facts())) == before
    return no.value.reason


# --- Acts ----------------------------------------------------------------------------------------


def test_an_act_is_a_run_of_the_stream():
    node = Notebook()
    node.say(found("bear"))
    bag = node.say(found("hare"), found("fox"), ticket="T" * 16).facts
    assert [fact.act for fact in bag] == ["T" * 16] * 2
    assert [fact.seq for fact in bag] == [2, 3]
    facts = node.facts()
    assert first_break(facts, Head(bag[0].stream, 0, "")) is None
    assert all(is_intact(fact) for fact in facts)
    assert [f.prev for f in facts] == ["", facts[0].identity, facts[1].identity]
    assert FactLog(node.connection).head(bag[0].stream).identity == facts[2].identity


def test_each_start_continues_the_journal_on_a_stream_of_its_own():
    node = Notebook()
    last = node.say(found("bear")).facts[-1]
    node.restart()
    node.restart()
    first = node.say(found("hare")).facts[0]
    assert first.seq == 1
    assert first.stream != last.stream
    assert first.prev == last.identity


def test_a_ticket_is_answered_once():
    node = Notebook()
    node.say(found("bear"), ticket="T" * 16)
    assert node.recorder.is_done("T" * 16)
    assert refused(node, found("hare"), ticket="T" * 16) == "journal.ALREADY_DONE"
    node.restart()
    assert node.recorder.is_done("T" * 16)


def test_tickets_hold_eighty_bits():
    tickets = {new_ticket(Dice(seed)) for seed in range(100)}
    assert len(tickets) == 100
    assert all(len(ticket) == 16 and ticket.isalnum() for ticket in tickets)


def test_an_act_must_say_something():
    assert refused(Notebook()) == "journal.NOTHING_SAID"


def test_the_largest_act_and_one_fact_more():
    node = Notebook()
    assert len(node.say(*[found("")] * ACT_FACTS_MAX).facts) == ACT_FACTS_MAX
    assert refused(node, *[found("")] * (ACT_FACTS_MAX + 1)) == "journal.ACT_TOO_BIG"


def test_an_act_may_not_be_heavier_than_its_limit():
    word = "x" * 60_000
    count = ACT_BYTES_MAX // len(word)
    assert refused(Notebook(), *[found(word)] * (count + 1)) == "journal.ACT_TOO_BIG"
    assert len(Notebook().say(*[found(word)] * (count - 1)).facts) == count - 1


def test_the_largest_fact_and_one_byte_more():
    body = len(b'{"label":"","price_fen":0}')
    node = Notebook()
    full = Saying(ToyFounded(label="x" * (FACT_BYTES_MAX - body)))
    assert len(node.say(full).facts[0].body) == FACT_BYTES_MAX
    over = Saying(ToyFounded(label="x" * (FACT_BYTES_MAX - body + 1)))
    assert refused(node, over) == "journal.FACT_TOO_BIG"


def test_private_words_count_as_much_as_the_body():
    private = ToyWords(words="x" * FACT_BYTES_MAX)
    saying = Saying(ToyFounded(label="bear"), private=private)
    assert refused(Notebook(), saying) == "journal.FACT_TOO_BIG"


@pytest.mark.parametrize(
    "body",
    [
        ToyFounded(label="e\u0301"),
        ToyFounded(label="\ud800"),
        ToyFounded(label="x", price_fen=2**53),
        ToyLent(times=True),
    ],
)
def test_what_cannot_be_spelt_in_one_way_is_refused(body):
    assert refused(Notebook(), Saying(body)) == "journal.NOT_CANONICAL"


def test_an_act_whose_clearing_is_not_zero_is_refused():
    node = Notebook()
    assert refused(node, Saying(ToyOwed(due_fen=5))) == "journal.DOES_NOT_CLEAR"
    node.say(Saying(ToyOwed(due_fen=5)), Saying(ToyOwed(due_fen=-5)))
    assert amounts(node) == {}


@pytest.mark.parametrize(
    "body",
    [
        ToyBroken(account="Equity:X", debit=5, credit=4),
        ToyBroken(account="Equity:小熊", debit=5, credit=5),
        ToyBroken(account="Drawer", debit=5, credit=5),
    ],
)
def test_an_entry_that_has_no_place_in_the_books_is_refused(body):
    assert refused(Notebook(), Saying(body)) == "journal.DOES_NOT_BALANCE"


def test_time_never_runs_backwards_for_one_thing():
    node = Notebook()
    toy = node.say(found("bear"), at=1_000).facts[0].identity
    ats = [node.say(lend(toy), at=at).facts[0].at for at in (900, 900, 5_000, 10)]
    assert ats == [1_001, 1_002, 5_000, 5_001]
    assert node.say(found("hare"), at=10).facts[0].at == 10


def test_two_facts_of_one_thing_in_one_act_have_an_order():
    node = Notebook()
    toy = node.say(found("bear")).facts[0].identity
    facts = node.say(lend(toy, 1), lend(toy, 2)).facts
    assert facts[0].at < facts[1].at


def test_every_private_part_has_a_salt_of_its_own():
    node = Notebook()
    facts = node.say(found("", "same words"), found("", "same words")).facts
    salts = [msgspec.json.decode(fact.private or b"")["salt"] for fact in facts]
    assert len(set(salts)) == 2
    assert all(len(salt) == 16 for salt in salts)


def test_writers_see_the_whole_act_once_it_is_complete():
    seen: list[Batch] = []
    node = Notebook(writers=[lambda _connection, batch: seen.append(batch)])
    bag = node.say(found("bear"), found("hare"))
    assert seen == [bag]
    assert [told.kind for told in bag.told] == ["toy.founded"] * 2
    assert [change.after.labels for change in bag.changes] == [("bear",), ("hare",)]


def test_what_is_said_of_an_erased_person_loses_its_words_at_once():
    node = Notebook()
    person = node.say(found("", "a name")).facts[0].identity
    node.say(Saying(PrivateErased(persons=(person,), day="2026-11-25")))
    batch = node.say(lend(person, 1, "more about her"))
    assert batch.facts[0].private is None
    assert batch.told[0].private is None
    assert is_intact(batch.facts[0])
    assert node.connection.execute("SELECT count(*) FROM privates").fetchone()[0] == 0


# --- Undoing -------------------------------------------------------------------------------------


def test_undoing_takes_back_every_line_and_every_state():
    node = Notebook()
    toy = node.say(found("bear")).facts[0].identity
    before = folded(node.connection)[:3], amounts(node)
    act = node.say(lend(toy, 2), sell(toy, 1_250)).facts[0].act
    assert amounts(node)["Assets:Box"] == 1_250
    batch = node.undo(act)
    assert (folded(node.connection)[:3], amounts(node)) == before
    body: ActReversed = batch.told[0].body
    assert {line.account: line.amount for line in body.lines} == {
        "Assets:Box": -1_250,
        "Income:Toys": 1_250,
        "Equity:Toys:Shelf": 1,
        "Equity:Toys:World": -1,
    }


def test_undoing_the_largest_act_fits_into_one_fact():
    node = Notebook()
    act = node.say(*[found("")] * ACT_FACTS_MAX).facts[0].act
    node.undo(act)
    assert amounts(node) == {}
    assert node.connection.execute("SELECT count(*) FROM toys").fetchone()[0] == 0


def test_an_act_in_the_middle_is_undone_without_the_others():
    node = Notebook()
    toy = node.say(found("bear")).facts[0].identity
    acts = [node.say(lend(toy, times)).facts[0].act for times in (1, 2, 3)]
    node.undo(acts[1])
    row = node.connection.execute("SELECT lent FROM toys").fetchone()
    assert row[0] == 1 * 3 + 3


def why_not(node: Notebook, act: str) -> str:
    with pytest.raises(ActRefused) as no, transaction(node.connection):
        node.undo(act)
    return no.value.reason


def test_undo_has_its_limits():
    node = Notebook()
    bear = node.say(found("bear")).facts[0]
    assert why_not(node, "NOSUCHACT0000000") == "journal.NOT_IN_THIS_STREAM"
    reversal = node.undo(bear.act).facts[0]
    assert why_not(node, bear.act) == "journal.UNDONE_ALREADY"
    assert why_not(node, reversal.act) == "journal.NEVER_REVERSED"
    closed = node.say(found("hare"), Saying(BoxClosed(counted_fen=5))).facts[0]
    assert why_not(node, closed.act) == "journal.NEVER_REVERSED"
    node.restart()
    assert why_not(node, closed.act) == "journal.NOT_IN_THIS_STREAM"


# --- Taking what others wrote --------------------------------------------------------------------


def two_pcs() -> tuple[Notebook, Notebook]:
    author = Notebook("NX0601/D1")
    toy = author.say(found("bear", "words")).facts[0].identity
    for times in range(5):
        author.say(lend(toy, times))
    return author, Notebook("NX0601/D9", seed=9)


def test_a_run_may_come_in_pieces_and_twice():
    author, node = two_pcs()
    facts = author.facts()
    assert len(node.recorder.take(facts[:2]).facts) == 2
    assert len(node.recorder.take(facts[:4]).facts) == 2
    assert node.recorder.take(facts[1:3]).facts == []
    assert len(node.recorder.take(facts[2:]).facts) == 2
    assert node.recorder.take([]).facts == []
    assert folded(node.connection) == folded(author.connection)


def broken(node: Notebook, facts: list[Any]) -> tuple[int, str]:
    before = folded(node.connection), len(node.facts())
    with pytest.raises(Broken) as no, transaction(node.connection):
        node.recorder.take(facts)
    assert (folded(node.connection), len(node.facts())) == before
    return no.value.where.seq, no.value.where.reason


def test_a_run_that_does_not_continue_is_refused_whole():
    author, node = two_pcs()
    facts = author.facts()
    assert broken(node, facts[1:]) == (1, "hole")
    altered = [*facts[:3], msgspec.structs.replace(facts[3], body=b'{"times":9}'), *facts[4:]]
    assert broken(node, altered) == (4, "altered")
    assert broken(node, [*facts[:2], *facts[3:]]) == (3, "hole")


def test_another_version_of_what_is_held_stands_beside_it_and_counts_nowhere():
    author, node = two_pcs()
    node.recorder.take(author.facts()[:4])
    clone = Notebook("NX0601/D1")
    toy = clone.say(found("bear", "words")).facts[0].identity
    for times in range(7, 12):
        clone.say(lend(toy, times))
    assert clone.facts()[0].identity == author.facts()[0].identity
    stream, before = author.facts()[0].stream, folded(node.connection)[:3]
    for run in (clone.facts(), clone.facts()[1:], clone.facts()[1:3], clone.facts()[1:4]):
        with transaction(node.connection):
            node.recorder.take(run)
        assert FactLog(node.connection).head(stream).identity == author.facts()[3].identity
        assert folded(node.connection)[:3] == before


def test_postings_of_an_erased_fact_are_the_same():
    author, _ = two_pcs()
    for fact in author.facts():
        bare = msgspec.structs.replace(fact, private=None)
        vocabulary = author.vocabulary
        assert vocabulary.post(vocabulary.read(bare)) == vocabulary.post(vocabulary.read(fact))
