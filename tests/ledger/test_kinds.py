"""Every kind of fact that can be said: what it posts balances, is legal, and hides nothing."""

import re
import typing
from typing import Any

import msgspec
import pytest

from station_app.journal.fact import Body, Fact, Private, Saying, blake, canonical, seal
from station_app.journal.recorder import Author
from station_app.journal.verify import verify
from station_app.ledger.accounts import counter, is_legal, part
from station_app.ledger.balances import Purse, balance, books
from station_app.ledger.export import beancount
from station_app.ledger.posting import CNY, PCS, Entry, imbalance
from station_app.services.cash.facts import (
    Count,
    PaymentGiven,
    PaymentTaken,
    ShiftClosed,
    ShiftOpened,
    Tender,
)
from station_app.services.parcels.facts import ParcelHandedOver, ParcelReturned, ParcelShelved
from station_app.vocabulary import VOCABULARY
from tests.journal.notebook import Notebook
from tests.ledger.samples import ACT, DAY, IDENTITY, filled, sample
from tests.ledger.test_export import accepted


def fact_of(body: Body, private: Private | None = None) -> Fact:
    return seal(
        canonical(body),
        canonical(private) if private else None,
        stream="county.1/NX0601"
        if body.KIND in VOCABULARY.county_only
        else "NX0601/D1/00112233aabbccdd",
        seq=1,
        act=ACT,
        at=1_795_564_800_000,
        kind=body.KIND,
        v=body.VERSION,
        entity="",
        by=IDENTITY,
        prev="",
    )


COMMODITY = re.compile(r"LOT-[A-Z2-7]{16}")  # legal in Beancount: at most 24 characters
KINDS = sorted(VOCABULARY.kinds.items())


def entry_of(body: Body) -> Entry:
    return VOCABULARY.post(VOCABULARY.read(fact_of(body)))


@pytest.mark.parametrize(("key", "body"), KINDS, ids=str)
def test_every_kind_balances_in_legal_accounts(key, body):
    entry = entry_of(sample(body))
    assert imbalance(entry) == {}
    assert all(is_legal(line.account) for line in entry)
    assert all(line.amount for line in entry)
    units = {line.commodity for line in entry} - {CNY, PCS}
    assert all(COMMODITY.fullmatch(unit) for unit in units)


def floats_in(form: Any, seen: set[str]) -> list[str]:
    """Return where a form of data, or what it holds, has room for a number with a point."""
    if isinstance(form, (msgspec.inspect.FloatType, msgspec.inspect.DecimalType)):
        return [type(form).__name__]
    if isinstance(form, (msgspec.inspect.AnyType, msgspec.inspect.RawType)):
        return ["anything"]
    if isinstance(form, msgspec.inspect.StructType):
        if form.cls.__name__ in seen:
            return []
        seen.add(form.cls.__name__)
        return [
            f"{form.cls.__name__}.{field.name}: {found}"
            for field in form.fields
            for found in floats_in(field.type, seen)
        ]
    parts = [getattr(form, name, ()) for name in ("types", "item_types")]
    inside = [part for several in parts for part in several]
    inside += [
        part for name in ("item_type", "key_type", "value_type") if (part := getattr(form, name, 0))
    ]
    return [found for part in inside for found in floats_in(part, seen)]


class HasRoom(msgspec.Struct):
    """A form that must be found."""

    rows: tuple[dict[str, float], ...]
    anything: Any


@pytest.mark.parametrize(("key", "body"), KINDS, ids=str)
def test_no_fact_and_no_posting_has_room_for_a_float(key, body):
    assert len(floats_in(msgspec.inspect.type_info(HasRoom), set())) == 2
    for form in (body, body.PRIVATE):
        if form is not None:
            assert floats_in(msgspec.inspect.type_info(form), set()) == []
    assert {type(line.amount) for line in entry_of(sample(body))} <= {int}


@pytest.mark.parametrize(("key", "body"), KINDS, ids=str)
def test_no_amount_depends_on_anything_private(key, body):
    if body.PRIVATE is None:
        return
    private = typing.cast(Private, filled(body.PRIVATE))
    told = VOCABULARY.read(fact_of(sample(body), private))
    assert told.private == private
    erased = msgspec.structs.replace(told, private=None)
    assert VOCABULARY.post(told) == VOCABULARY.post(erased)


def test_one_fact_of_every_kind_is_accepted_by_beancount(tmp_path):
    node, county = Notebook(vocabulary=VOCABULARY), Notebook(vocabulary=VOCABULARY, seed=2)
    county.recorder.author = Author("county.1/NX0601", "")
    for _, body in KINDS:
        said = sample(body)
        entry = entry_of(said)
        open_fen = sum(line.amount for line in entry if line.account == counter(ACT))
        sayings = [Saying(said)]
        if open_fen:
            sayings.append(Saying(settling(open_fen)))
        pen = county if said.KIND in VOCABULARY.county_only else node
        pen.say(*sayings, ticket=part(blake(f"{body.KIND} {body.VERSION}".encode()).hex()))
    node.recorder.take(county.facts())
    text = "\n".join(beancount(node.connection, "NX0601")) + "\n"
    posting = {kind for (kind, _), body in KINDS if entry_of(sample(body))}
    assert posting <= {line.split('"')[1] for line in text.splitlines() if ' * "' in line}
    assert accepted(text, tmp_path) == ""


def settling(open_fen: int) -> PaymentTaken | PaymentGiven:
    """Return the payment that clears an act in which so much stands open."""
    tenders = (Tender(way="cash", amount_fen=abs(open_fen)),)
    rest: dict[str, Any] = {"shift": IDENTITY, "day": DAY, "tenders": tenders}
    if open_fen > 0:
        return PaymentTaken(due_fen=open_fen, change_fen=0, round_off_fen=0, **rest)
    return PaymentGiven(due_fen=-open_fen, **rest)


# --- A day of real facts, with its balances written by hand --------------------------------------


def parcel(cod_fen: int, freight_fen: int = 0) -> ParcelShelved:
    return ParcelShelved(
        courier="JTSD",
        waybill="",
        after="",
        shelf="B",
        layer=2,
        serial=8,
        size="M",
        cod_fen=cod_fen,
        freight_fen=freight_fen,
        person="",
        day=DAY,
    )


def handed_over(cod_fen: int, freight_fen: int = 0) -> ParcelHandedOver:
    return ParcelHandedOver(
        courier="JTSD",
        taken_by="self",
        check="phone_tail",
        cod_fen=cod_fen,
        freight_fen=freight_fen,
        slip=1,
        day=DAY,
    )


def paid(due_fen: int, change_fen: int = 0, round_off_fen: int = 0) -> PaymentTaken:
    handed = due_fen + change_fen - round_off_fen
    return PaymentTaken(
        due_fen=due_fen,
        tenders=(Tender(way="cash", amount_fen=handed),),
        change_fen=change_fen,
        round_off_fen=round_off_fen,
        shift=IDENTITY,
        day=DAY,
    )


def test_a_day_of_parcels_by_hand():
    """COD 286 and freight 12.07 rounded off to 298.00; one comes back; the drawer is 12 short."""
    node = Notebook(vocabulary=VOCABULARY)
    shift = node.say(
        Saying(
            ShiftOpened(
                counts=(Count(10_000, 3),),
                counted_fen=30_000,
                added_fen=30_000,
                reason="float",
                as_last=0,
                day=DAY,
            )
        )
    ).facts[0]
    first, second, third = (
        node.say(Saying(parcel(*money))).facts[0].identity
        for money in ((28_600, 1_207), (0,), (0,))
    )
    node.say(
        Saying(handed_over(28_600, 1_207), entity=first),
        Saying(handed_over(0), entity=second),
        Saying(paid(29_807, change_fen=200, round_off_fen=7)),
    )
    node.say(Saying(ParcelReturned(courier="JTSD", reason="overdue", day=DAY), entity=third))
    now = books(node.connection)
    assert now.expected_fen("D1") == 59_800
    assert now.purses == (Purse("COD", "JTSD", 28_600), Purse("Freight", "JTSD", 1_207))
    assert (now.not_mine_fen, now.own_fen) == (29_807, 29_993)
    assert balance(node.connection, "Equity:Pieces:Shelf", PCS) == 0
    assert balance(node.connection, "Equity:Pieces:Villager", PCS) == 2
    assert balance(node.connection, "Equity:Pieces:Returned", PCS) == 1
    assert balance(node.connection, "Equity:Pieces:Courier:JTSD", PCS) == -3
    node.say(Saying(closed(58_600, 59_800), entity=shift.identity))
    after = books(node.connection)
    assert (after.expected_fen("D1"), after.over_short_fen, after.own_fen) == (
        58_600,
        -1_200,
        28_793,
    )
    assert after.earned_fen == -7
    report = verify(node.connection, VOCABULARY)
    assert report.is_sound
    assert report.books == after
    assert report.pieces == {"Courier:JTSD": -3, "Returned": 1, "Villager": 2}


def closed(counted_fen: int, expected_fen: int) -> ShiftClosed:
    return ShiftClosed(
        number=1,
        counts=(),
        counted_fen=counted_fen,
        expected_fen=expected_fen,
        difference_fen=counted_fen - expected_fen,
        recounts=0,
        positions=(),
        balances=(),
        facts=1,
        tail=IDENTITY,
        fold_version=1,
        booked_late=0,
        day=DAY,
    )


def test_a_hand_over_that_is_undone_leaves_nothing():
    node = Notebook(vocabulary=VOCABULARY)
    waiting = node.say(Saying(parcel(28_600))).facts[0].identity
    before = books(node.connection)
    act = node.say(Saying(handed_over(28_600), entity=waiting), Saying(paid(28_600))).facts[0].act
    assert books(node.connection).not_mine_fen == 28_600
    node.undo(act)
    assert books(node.connection) == before
    assert balance(node.connection, "Equity:Pieces:Shelf", PCS) == 1
    assert verify(node.connection, VOCABULARY).is_sound
