"""Nobody can change, remove, swap or double a fact of a stream without being seen."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.journal.chain import Break, Head, first_break
from station_app.journal.fact import Fact, header_of, seal
from tests.journal.notebook import Notebook, found, lend

LENGTH = 9


def stream() -> list[Fact]:
    node = Notebook()
    toy = node.say(found("bear", "words")).facts[0].identity
    for times in range(1, LENGTH):
        node.say(lend(toy, times, "words"))
    return node.facts()


FACTS = stream()
NAME = FACTS[0].stream
START = Head(NAME, 0, "")


def test_an_honest_stream_has_no_break():
    assert first_break(FACTS, START) is None
    assert first_break([], START) is None


@given(st.integers(0, LENGTH - 1))
def test_a_stream_may_be_taken_up_anywhere(seq):
    head = Head(NAME, seq, FACTS[seq - 1].identity if seq else "")
    assert first_break(FACTS[seq:], head) is None


@given(st.integers(1, LENGTH), st.sampled_from([*header_of(FACTS[0]), "body", "private"]))
def test_a_changed_fact_is_named(seq, name):
    fact = FACTS[seq - 1]
    value = getattr(fact, name)
    longer = {int: 1, str: "x", bytes: b"x"}[type(value)]
    facts = list(FACTS)
    facts[seq - 1] = msgspec.structs.replace(fact, **{name: value + longer})
    found_break = first_break(facts, START)
    assert found_break is not None
    assert found_break.seq in (seq, seq + 1 if name == "seq" else seq)
    assert found_break.reason in ("altered", "hole", "wrong_stream")


@given(st.integers(1, LENGTH - 1))
def test_a_removed_fact_is_named(seq):
    assert first_break([f for f in FACTS if f.seq != seq], START) == Break(NAME, seq, "hole")


@given(st.integers(1, LENGTH - 1))
def test_swapped_facts_are_named(seq):
    facts = list(FACTS)
    facts[seq - 1], facts[seq] = facts[seq], facts[seq - 1]
    assert first_break(facts, START) == Break(NAME, seq, "hole")


@given(st.integers(1, LENGTH))
def test_a_doubled_fact_is_named(seq):
    facts = [*FACTS[:seq], *FACTS[seq - 1 :]]
    assert first_break(facts, START) == Break(NAME, seq + 1, "hole")


@given(st.integers(1, LENGTH))
def test_a_fact_forged_whole_breaks_the_next_one(seq):
    """Whoever seals a fact anew has to seal all that follow, and then the head differs."""
    fact = FACTS[seq - 1]
    header = {name: getattr(fact, name) for name in header_of(fact) if name != "digest"}
    forged = seal(b'{"times":99}', None, **header)
    facts = [*FACTS[: seq - 1], forged, *FACTS[seq:]]
    if seq == LENGTH:
        assert first_break(facts, START) is None
        assert forged.identity != FACTS[-1].identity
    else:
        assert first_break(facts, START) == Break(NAME, seq + 1, "wrong_before")


@pytest.mark.parametrize("to", [0, 1, 5])
def test_a_run_that_does_not_join_is_named(to):
    head = Head(NAME, to, "00" * 32)
    reason = "wrong_before" if to < LENGTH else "hole"
    assert first_break(FACTS[to:], head) == Break(NAME, to + 1, reason)


def test_a_fact_of_another_stream_is_named():
    assert first_break(FACTS, Head("NX0601/D2/00", 0, "")) == Break(NAME, 1, "wrong_stream")
