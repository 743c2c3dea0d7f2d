"""The timing machine: what is a scan, what is typing, whose Enter it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.devices.scanner import (
    ENTER,
    GAP_MS_CAP,
    SIGNS_MAX,
    TAB,
    Outcome,
    Scanner,
    Timing,
    fault_of,
)


def feed_all(scanner, text, start=1_000, gap=8):
    outcomes = [scanner.feed(sign, start + gap * n) for n, sign in enumerate(text)]
    return outcomes, start + gap * (len(text) - 1)


@pytest.mark.parametrize(("suffix", "ended"), [(ENTER, "enter"), (TAB, "tab")])
def test_a_burst_with_a_suffix_is_a_scan(suffix, ended):
    scanner = Scanner()
    outcomes, last = feed_all(scanner, "73000000000017")
    assert all(o == Outcome(is_held=True) for o in outcomes)
    done = scanner.feed(suffix, last + 8)
    assert (done.burst, done.ended, done.is_swallowed) == ("73000000000017", ended, True)
    assert done.slowest_gap_ms == 8
    assert not scanner.is_holding


def test_a_burst_without_suffix_ends_by_silence():
    scanner = Scanner()
    _, last = feed_all(scanner, "4603771")
    assert scanner.due_ms == last + 100
    assert scanner.tick(last + 100) == Outcome()
    assert scanner.tick(last + 101).burst == "4603771"


def test_slow_typing_passes_one_by_one():
    scanner = Scanner()
    typed: list = []
    for number, sign in enumerate("73000000000017"):
        typed += scanner.feed(sign, 1_000 + 51 * number).typed
    typed += scanner.tick(1_000 + 51 * 14).typed
    assert "".join(typed) == "73000000000017"


def test_a_single_sign_waits_one_gap_and_not_longer():
    scanner = Scanner()
    assert scanner.feed("7", 1_000).is_held
    assert scanner.due_ms == 1_050
    assert scanner.tick(1_050).typed == ()
    assert scanner.tick(1_051).typed == ("7",)
    assert scanner.due_ms is None


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_short_burst_is_typing_and_its_enter_is_a_persons(count):
    scanner = Scanner()
    _, last = feed_all(scanner, "123"[:count])
    done = scanner.feed(ENTER, last + 8)
    assert (done.typed, done.burst, done.is_swallowed) == (tuple("123"[:count]), None, False)


def test_an_enter_alone_is_a_persons():
    assert Scanner().feed(ENTER, 1_000) == Outcome()


@pytest.mark.parametrize(("after", "is_scanners"), [(1, True), (300, True), (301, False)])
def test_an_enter_after_a_burst_belongs_to_the_scanner_for_300_ms(after, is_scanners):
    scanner = Scanner()
    _, last = feed_all(scanner, "4603")
    assert scanner.tick(last + 101).burst == "4603"
    assert scanner.feed(ENTER, last + after).is_swallowed is is_scanners


def test_cr_and_lf_are_both_the_scanners():
    scanner = Scanner()
    _, last = feed_all(scanner, "4603")
    assert scanner.feed(ENTER, last + 5).is_swallowed
    assert scanner.feed(ENTER, last + 10).is_swallowed
    assert scanner.feed(ENTER, last + 305).is_swallowed  # 295 ms after the second
    assert not scanner.feed(ENTER, last + 700).is_swallowed


def test_an_enter_long_after_an_unticked_burst_is_a_persons_but_the_scan_counts():
    scanner = Scanner()
    _, last = feed_all(scanner, "46037")
    done = scanner.feed(ENTER, last + 400)
    assert (done.burst, done.ended, done.is_swallowed) == ("46037", "silence", False)


def test_a_stumble_inside_a_burst_does_not_cut_it():
    scanner = Scanner()
    _, last = feed_all(scanner, "73000000")
    assert scanner.feed("0", last + 90).is_held
    _, last = feed_all(scanner, "00017", start=last + 98)
    assert scanner.feed(ENTER, last + 8).burst == "73000000000017"


def test_two_scans_one_after_the_other():
    scanner = Scanner()
    _, last = feed_all(scanner, "46037714")
    outcome = scanner.feed("7", last + 150)
    assert (outcome.burst, outcome.is_held) == ("46037714", True)
    _, last = feed_all(scanner, "3000", start=last + 158)
    assert scanner.feed(ENTER, last + 8).burst == "73000"


def test_typing_then_a_scan():
    scanner = Scanner()
    scanner.feed("王", 1_000)
    outcome = scanner.feed("7", 1_400)
    assert (outcome.typed, outcome.is_held) == (("王",), True)
    _, last = feed_all(scanner, "3000", start=1_408)
    done = scanner.feed(ENTER, last + 8)
    assert (done.burst, done.is_broken) == ("73000", False)


def test_a_burst_on_the_heels_of_typing_is_the_rest_of_a_scan():
    """The PC stalled after two signs: they were passed on, and what follows is no whole number."""
    scanner = Scanner()
    feed_all(scanner, "73", start=1_000)
    assert scanner.tick(1_070).typed == ("7", "3")
    _, last = feed_all(scanner, "000000000017", start=1_200)
    done = scanner.feed(ENTER, last + 8)
    assert (done.burst, done.is_broken, done.is_swallowed) == ("000000000017", True, True)
    _, last = feed_all(scanner, "73000000000017", start=2_000)
    assert not scanner.feed(ENTER, last + 8).is_broken


def test_a_scan_right_after_somebody_typed_is_whole():
    scanner = Scanner()
    for number, sign in enumerate("6021"):
        scanner.feed(sign, 1_000 + 90 * number)
    _, last = feed_all(scanner, "73000000000017", start=1_330)
    done = scanner.feed(ENTER, last + 8)
    assert (done.burst, done.is_broken) == ("73000000000017", False)


WHOLE, AGAIN = False, True


@pytest.mark.parametrize(
    ("typed", "pause", "gap", "is_broken"),
    [
        # What was typed: (sign, ms after the one before); then the pause and the scanner's gap.
        pytest.param([("6", 0), ("0", 90), ("2", 90), ("1", 90)], 60, 8, WHOLE, id="brisk"),
        pytest.param([("6", 0), ("0", 290), ("2", 310), ("1", 420)], 299, 8, WHOLE, id="slow"),
        pytest.param([("6", 0), ("0", 700), ("2", 950), ("1", 990)], 120, 8, WHOLE, id="busy PC"),
        pytest.param([("6", 0), ("0", 30), ("2", 340), ("1", 28)], 200, 8, WHOLE, id="rolled"),
        pytest.param([("6", 0), ("0", 0), ("2", 60), ("1", 60)], 60, 8, WHOLE, id="queued"),
        pytest.param([("6", 0), ("0", 400)], 250, 8, WHOLE, id="two signs"),
        pytest.param([("2", 0), ("1", 45)], 250, 8, WHOLE, id="two rolled"),
        pytest.param([("7", 0)], 301, 8, WHOLE, id="one sign, long before"),
        pytest.param([("7", 0)], 200, 8, AGAIN, id="one sign: nobody can tell"),
        pytest.param([("7", 0), ("3", 8)], 130, 8, AGAIN, id="lost beginning"),
        pytest.param([("7", 0), ("3", 8), ("0", 8)], 300, 8, AGAIN, id="lost beginning of three"),
        pytest.param([("7", 0), ("3", 40), ("0", 40)], 90, 40, AGAIN, id="of a slow scanner"),
        pytest.param([("1", 0), ("7", 800), ("3", 8)], 130, 8, AGAIN, id="lost, after a choice"),
        pytest.param([("1", 0), ("7", 1_001)], 130, 8, AGAIN, id="one lost, long after a choice"),
    ],
)
@pytest.mark.parametrize("suffix", [ENTER, TAB])
def test_what_was_typed_before_a_scan(typed, pause, gap, is_broken, suffix):
    """Whole or to be scanned again: but its Enter never reaches the page, late as it may be."""
    for late in (gap, 299):
        scanner, at = Scanner(), 10_000
        out: list[str] = []
        for sign, after in typed:
            at += after
            out += scanner.feed(sign, at).typed
        outcomes, last = feed_all(scanner, "73000000000017", start=at + pause, gap=gap)
        out += [sign for outcome in outcomes for sign in outcome.typed]
        done = scanner.feed(suffix, last + late)
        assert "".join(out) == "".join(sign for sign, _ in typed)
        assert (done.burst, done.is_broken) == ("73000000000017", is_broken)
        assert done.is_swallowed
        assert scanner.feed(suffix, last + 300).is_swallowed
        assert not scanner.feed(suffix, last + 601).is_swallowed


def test_typing_before_the_scan_before_says_nothing_of_this_one():
    scanner = Scanner()
    scanner.feed("7", 1_000)
    _, last = feed_all(scanner, "4603", start=1_100, gap=8)
    assert scanner.feed(ENTER, last + 8).is_broken
    _, last = feed_all(scanner, "73000000000017", start=last + 60)
    assert not scanner.feed(ENTER, last + 8).is_broken


def test_a_scanner_with_a_suffix_may_stall_in_the_middle():
    scanner = Scanner()
    _, last = feed_all(scanner, "73000000000017")
    scanner.feed(ENTER, last + 8)
    _, last = feed_all(scanner, "7300000", start=5_000)
    assert scanner.due_ms == last + 300
    assert scanner.tick(last + 250) == Outcome()
    _, last = feed_all(scanner, "0000024", start=last + 280)
    assert scanner.feed(ENTER, last + 8).burst == "73000000000024"
    _, last = feed_all(scanner, "7300000", start=9_000)  # this time its end is lost
    assert scanner.tick(last + 301).burst == "7300000"
    _, last = feed_all(scanner, "7300001", start=12_000)
    assert scanner.due_ms == last + 100


def test_a_committed_word_is_one_unit():
    scanner = Scanner()
    assert scanner.feed("张三丰收", 1_000).is_held
    assert not scanner.is_burst
    assert scanner.tick(1_051).typed == ("张三丰收",)


def test_flush_decides_at_once():
    scanner = Scanner()
    scanner.feed("1", 1_000)
    assert scanner.flush().typed == ("1",)
    feed_all(scanner, "4603")
    assert scanner.flush().burst == "4603"
    assert scanner.flush() == Outcome()


def test_a_clock_that_jumps_back_keeps_a_scan_whole():
    scanner = Scanner()
    _, _ = feed_all(scanner, "7300", start=4_294_967_290)
    _, last = feed_all(scanner, "0017", start=5)  # the window system's clock began anew
    assert scanner.feed(ENTER, last + 8).burst == "73000017"


def test_ten_thousand_signs_stay_bounded():
    scanner = Scanner()
    _, last = feed_all(scanner, "7" * 10_000, gap=1)
    done = scanner.feed(ENTER, last + 1)
    assert done.burst == "7" * SIGNS_MAX


def test_a_measured_scanner_gets_twice_its_slowest_gap():
    assert Timing.measured(10) == Timing()
    assert Timing.measured(40).gap_ms == 80
    assert Timing.measured(40).silence_ms == 120
    assert Timing.measured(500).gap_ms == GAP_MS_CAP
    slow = Scanner(Timing.measured(45))
    _, last = feed_all(slow, "7300000", gap=70)
    assert slow.feed(ENTER, last + 70).burst == "7300000"


@given(
    st.lists(st.tuples(st.sampled_from("0123456789ABC"), st.integers(0, 400)), max_size=40),
    st.sampled_from([ENTER, TAB, ""]),
)
def test_nothing_is_lost_and_nothing_comes_twice(keys, suffix):
    """Whatever the pauses: typed and scanned signs together are what was fed, in order."""
    scanner, at, out = Scanner(), 1_000, []

    def take(outcome):
        out.extend(outcome.typed)
        if outcome.burst is not None:
            assert len(outcome.burst) >= scanner.timing.least
            out.append(outcome.burst)

    for sign, gap in keys:
        at += gap
        take(scanner.feed(sign, at))
    if suffix:
        take(scanner.feed(suffix, at + 10))
    take(scanner.tick(at + 1_000))
    assert "".join(out) == "".join(sign for sign, _ in keys)
    assert not scanner.is_holding


@given(st.lists(st.integers(51, 2_000), max_size=40))
def test_nobody_who_types_slower_than_the_gap_is_ever_taken_for_a_scanner(gaps):
    scanner, at = Scanner(), 1_000
    signs = [str(place % 10) for place in range(len(gaps))]
    typed: list = []
    for sign, gap in zip(signs, gaps, strict=True):
        at += gap
        outcome = scanner.feed(sign, at)
        assert outcome.burst is None
        typed += outcome.typed
    last = scanner.feed(ENTER, at + 60)
    assert last.burst is None
    assert not last.is_swallowed
    assert [*typed, *last.typed] == signs


@pytest.mark.parametrize(
    ("received", "fault"),
    [
        ("Code-128", ""),
        ("cODE-128", "caps_flipped"),
        ("CCooddee--112288", "doubled"),
        ("Code-128Code-128", "doubled"),
        ("Code-1", "truncated"),
        ("de-128", "truncated"),
        ("67111100101454950" + "56", "alt_codes"),
        ("00670111010001010045004900500056", "alt_codes"),
        ("", "other"),
        ("Code_128", "other"),
    ],
)
def test_the_wizard_names_what_is_wrong(received, fault):
    assert fault_of("Code-128", received) == fault
