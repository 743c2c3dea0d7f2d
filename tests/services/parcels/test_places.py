"""Pickup codes: where a parcel goes, and that no two codes are ever the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from station_app.services.parcels.places import (
    LONG_BANDS,
    MARK,
    PHONE_BASE,
    SLOTS_MAX,
    TAIL_BASE,
    Code,
    Layer,
    Room,
    choose_serial,
    is_ours,
    parse_codes,
    parse_layer,
    practice_room,
    propose,
    rest_since,
    shelf_name,
)
from station_app.values.spoken import letters

A1, A2, B1, B2 = Layer("A", 1), Layer("A", 2), Layer("B", 1), Layer("B", 2)


@pytest.mark.parametrize(
    ("counts", "theirs", "place"),
    [
        ({}, {}, A1),
        ({A1: 1}, {}, A2),
        ({A1: 2, A2: 1, B1: 1, B2: 1}, {}, A2),  # the least filled, the first of several
        ({A1: 2, B2: 2}, {B2: 1}, B2),  # with her other parcel, although it is fuller
        ({B2: 2, A1: 2}, {B2: 1, A1: 2}, A1),  # where most of hers are
        ({B2: 3}, {B2: 1}, B1),  # her layer is full: the same shelf
        ({B2: 3, B1: 3}, {B2: 1}, A1),
        ({A1: 3, A2: 3, B1: 3, B2: 3}, {}, None),
        ({A1: 9, A2: 3, B1: 3, B2: 3}, {A1: 1}, None),
    ],
)
def test_the_place_that_is_proposed(
    counts: dict[Layer, int], theirs: dict[Layer, int], place: Layer | None
) -> None:
    assert propose(Room(2, 2, 3, counts), theirs) == place


def test_a_station_without_shelves_has_no_place() -> None:
    assert propose(Room(0, 3, 20), {}) is None


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ")]
)
def test_names_of_shelves(index: int, name: str) -> None:
    assert shelf_name(index) == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("b208", Code("B", 2, 8)),
        ("B-2-08", Code("B", 2, 8)),
        (" B2-112 ", Code("B", 2, 112)),
        ("6-b2-08", Code("B", 2, PHONE_BASE + 6 * MARK + 8)),
        ("6B208", Code("B", 2, PHONE_BASE + 6 * MARK + 8)),
        ("b20017c", Code("B", 2, TAIL_BASE + 3 * MARK + 17)),
        ("B-2-017C", None),
        ("B2", None),
        ("B08", None),
        ("B-0-08", None),
        ("208", None),
        ("B２08", None),
        ("", None),
    ],
)
def test_what_somebody_types_for_a_code(typed: str, code: Code | None) -> None:
    assert parse_codes(typed) == ((code,) if code else ())


def test_four_digits_may_be_a_serial_or_the_tail_of_a_waybill() -> None:
    assert parse_codes("AA91005") == (Code("AA", 9, 1005), Code("AA", 9, TAIL_BASE + 1005))


@given(st.sampled_from("ABZ"), st.integers(1, 9), st.integers(1, 9999))
def test_a_code_is_read_as_it_is_printed(shelf: str, layer: int, serial: int) -> None:
    for base in (0, TAIL_BASE, TAIL_BASE + 8 * MARK, PHONE_BASE, PHONE_BASE + 9 * MARK):
        code = Code(shelf, layer, base + serial)
        assert code in parse_codes(str(code))
        assert code in parse_codes(str(code).replace("-", ""))


def test_codes_rest_for_thirty_days() -> None:
    assert rest_since("2026-03-01") == "2026-01-30"


@given(
    taken=st.frozensets(st.integers(1, 1200), max_size=400),
    slot=st.integers(0, 7),
    slots=st.integers(1, 8),
    start=st.integers(0, 2**16),
)
def test_a_serial_is_free_and_of_this_pc(
    taken: frozenset[int], slot: int, slots: int, start: int
) -> None:
    serial = choose_serial(taken, slot=slot, slots=slots, start=start)
    assert serial
    assert serial not in taken
    assert is_ours(serial, slot=slot, slots=slots)
    if slots > 1:
        assert len(str(serial)) >= 3
        assert serial % SLOTS_MAX == slot


def test_two_digits_are_used_up_before_three() -> None:
    assert choose_serial(frozenset(range(1, 99)), slot=3, slots=1, start=50) == 99
    assert choose_serial(frozenset(range(1, 100)), slot=3, slots=1, start=0) == 107
    everything = frozenset(range(1, LONG_BANDS[-1][1] + 1))
    assert choose_serial(everything, slot=3, slots=1, start=0) == 0


class TwoPcs(RuleBasedStateMachine):
    """One PC, later a second, that hear of each other only now and then.

    Both put parcels on one layer and take them away. Whatever happened, no two parcels that are
    on hand at the station bear one code, and none bears a code used in the last thirty days.
    """

    def __init__(self) -> None:
        super().__init__()
        self.day = 0
        self.on_hand: list[set[int]] = [set(), set()]  # what each PC put there and is on hand
        self.used: list[dict[int, int]] = [{}, {}]  # serial -> last day, as each PC knows
        self.given: list[dict[int, int]] = [{}, {}]  # serial -> last day, by its own hand
        self.slots = [1, 1]
        self.starts = [0, 0]

    @initialize(start=st.integers(0, 999))
    def begin(self, start: int) -> None:
        self.starts = [start, start // 2]

    @rule()
    @precondition(lambda self: self.slots[1] == 1)
    def a_second_pc_comes(self) -> None:
        """It knows all facts of open parcels when it begins; the first may not know of it yet."""
        self.slots[1] = 2
        self.used[1] |= self.used[0]

    @rule()
    @precondition(lambda self: self.slots[1] == 2)
    def they_hear_of_each_other(self) -> None:
        self.slots[0] = 2
        known = {s: max(self.used[0].get(s, 0), self.used[1].get(s, 0))
                 for s in self.used[0] | self.used[1]}  # fmt: skip
        self.used = [dict(known), dict(known)]

    @rule(pc=st.integers(0, 1), times=st.integers(1, 60))
    def shelve(self, pc: int, times: int) -> None:
        if pc == 1 and self.slots[1] == 1:
            return
        resting = {s for s, day in self.used[pc].items() if day >= self.day - 30}
        taken = resting | self.on_hand[pc]
        for _ in range(times):
            serial = choose_serial(taken, slot=pc, slots=self.slots[pc], start=self.starts[pc])
            everywhere = self.on_hand[0] | self.on_hand[1]
            assert serial not in everywhere
            last = max(self.given[0].get(serial, -99), self.given[1].get(serial, -99))
            assert last < self.day - 30
            taken.add(serial)
            self.on_hand[pc].add(serial)
            self.used[pc][serial] = self.given[pc][serial] = self.day

    @rule(pc=st.integers(0, 1), share=st.integers(1, 4))
    def hand_over(self, pc: int, share: int) -> None:
        for serial in sorted(self.on_hand[pc])[::share]:
            self.on_hand[pc].remove(serial)
            self.used[pc][serial] = self.given[pc][serial] = self.day

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        self.day += days

    @rule(pc=st.integers(0, 1), start=st.integers(0, 2**16))
    def start_again(self, pc: int, start: int) -> None:
        self.starts[pc] = start

    @invariant()
    def no_code_twice(self) -> None:
        assert not self.on_hand[0] & self.on_hand[1]


TestTwoPcs = TwoPcs.TestCase


def test_parcels_of_a_practice_stand_where_no_station_has_a_shelf_and_are_found_there():
    room = practice_room({})
    assert room.all_layers() == (Layer("9", 9),)
    assert propose(room, {}) == Layer("9", 9)
    assert not room.has(Layer("A", 1))
    assert str(Code("9", 9, 8)) == "9-9-08"
    assert parse_codes("9-9-08") == (Code("9", 9, 8),)
    assert parse_codes("9908") == (), "four digits are the tail of a telephone"
    assert parse_layer("9-9") == Layer("9", 9)
    assert letters("9") == ("n9",), "the voice says it"
