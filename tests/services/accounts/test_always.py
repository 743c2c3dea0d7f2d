"""What is always true of paying, whatever keys are pressed in whatever order."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.journal.fact import Told
from station_app.ledger.accounts import counter
from station_app.ledger.balances import Books, Standing
from station_app.ledger.lending import books_after, lending
from station_app.ledger.posting import CNY, Line, imbalance, total
from station_app.services.accounts.commands import PayRefund
from station_app.services.accounts.rules import RefundStanding, pay_refund
from station_app.services.cash.commands import giving, taking
from station_app.services.cash.payments import (
    Taking,
    give_payment,
    post_payment_given,
    post_payment_taken,
    take_payment,
)
from station_app.values.now import Now
from station_app.values.paying import (
    WAYS,
    Credit,
    Paying,
    handy_notes,
    laid_aside,
    rounded_off,
    taken_back,
)
from station_app.values.refusal import Refusal

NOW = Now(at=1, day="2026-11-25", operator="op", device="D1", station="NX0601", shift="5f" * 32)
PERSON = "ab" * 32
ACT = "ABCDEFGHIJKLMN23"

amounts = st.integers(min_value=1, max_value=2_000_000)
keys = st.one_of(
    st.tuples(st.just("way"), st.sampled_from(WAYS)),
    st.tuples(st.just("type"), st.one_of(st.none(), amounts)),
    st.tuples(st.just("reference"), st.sampled_from(("", " ", "4200001"))),
    st.tuples(st.sampled_from(("aside", "back", "round")), st.none()),
)


def pressed(paying: Paying, key: str, value: object) -> Paying:
    if key == "way":
        return replace(paying, way=value, reference="")  # type: ignore[arg-type]
    if key == "type":
        return replace(paying, typed_fen=value)  # type: ignore[arg-type]
    if key == "reference":
        return replace(paying, reference=value)  # type: ignore[arg-type]
    if key == "round" and paying.gives:
        return paying
    return {"aside": laid_aside, "back": taken_back, "round": rounded_off}[key](paying)


def told(body: object) -> Told:
    return Told(
        identity="1" * 64, stream="NX0601/D1/00", seq=1, act=ACT, at=1, kind="", by="", entity="",
        body=body,
    )  # fmt: skip


@given(due=amounts, steps=st.lists(keys, max_size=12), limit=st.integers(0, 3_000_000))
@settings(max_examples=400)
def test_what_the_panel_lets_through_the_rule_takes_and_it_adds_up(due, steps, limit):
    credit = Credit(limit_fen=limit, owes_fen=1_000)
    paying = Paying(due_fen=due, person=PERSON, credit=credit)
    for key, value in steps:
        paying = pressed(paying, key, value)
    if paying.missing(has_shift=True):
        return
    decision = take_payment(Taking({PERSON: credit}), taking(paying), NOW)
    assert not isinstance(decision, Refusal), (decision, paying)
    (saying,) = decision
    body: Any = saying.body
    handed = sum(tender.amount_fen for tender in body.tenders)
    assert handed - body.change_fen + body.round_off_fen == due
    assert body.change_fen == paying.change_fen
    entry = post_payment_taken(told(body))
    assert imbalance(entry) == {}
    assert total(entry, counter(ACT)) == -due
    assert total(entry, "Expenses:RoundOff") == body.round_off_fen >= 0


@given(due=amounts, steps=st.lists(keys, max_size=12))
@settings(max_examples=300)
def test_what_goes_out_is_exactly_what_is_due(due, steps):
    paying = Paying(due_fen=due, gives=True, person=PERSON, credit=Credit(limit_fen=10**7))
    for key, value in steps:
        paying = pressed(paying, key, value)
    if paying.missing(has_shift=True):
        return
    decision = give_payment(None, giving(paying), NOW)
    assert not isinstance(decision, Refusal), decision
    body: Any = decision[0].body
    assert sum(tender.amount_fen for tender in body.tenders) == due
    assert total(post_payment_given(told(body)), counter(ACT)) == due


@given(st.lists(st.integers(-500, 3_000), max_size=20), st.integers(1, 10_000))
def test_a_refund_is_never_paid_beyond_what_is_due(wanted, due):
    left, paid = due, 0
    for fen in wanted:
        state = RefundStanding(due_fen=left, home="D1")
        decision = pay_refund(state, PayRefund(document="A" * 16, amount_fen=fen), NOW)
        if isinstance(decision, Refusal):
            assert fen <= 0 or fen > left
        else:
            body: Any = decision[0].body
            left -= body.amount_fen
            paid += body.amount_fen
    assert paid + left == due
    assert left >= 0


places = st.sampled_from(("Assets:Drawer:D1", "Assets:Safe", "Assets:WeChat"))
purses = st.sampled_from(
    (
        "Liabilities:RefundDue:AAAAAAAAAAAAAAAA",
        "Liabilities:Held:COD:ZTO:Here",
        "Liabilities:Held:Grower:AAAAAAAAAAAAAAAA:Here",
        "Liabilities:County",
    )
)
held = st.dictionaries(st.one_of(places, purses), st.integers(-50_000, 50_000), max_size=7)


@given(held, places, st.integers(0, 60_000))
def test_what_is_said_beforehand_is_what_the_books_say_afterwards(sums, place, fen):
    books = Books(tuple(Standing(name, CNY, sums[name]) for name in sorted(sums) if sums[name]))
    said = lending(books, [Line(place, CNY, -fen)])
    after = books_after(books, [Line(place, CNY, -fen)])
    assert after.own_fen == books.own_fen - fen
    assert said.asks == (after.own_fen < 0 and fen > 0)
    assert said.lent_fen == (max(0, -after.own_fen) if fen else 0)
    if said.asks and after.money_fen >= 0:
        assert sum(amount for _, amount in said.lent_by) == said.lent_fen


@given(amounts)
def test_handy_notes_are_more_than_what_is_due(due):
    notes = handy_notes(due)
    assert all(note > due and note % 1_000 == 0 for note in notes)
    assert list(notes) == sorted(set(notes))
