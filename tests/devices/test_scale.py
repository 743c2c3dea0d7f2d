"""Scales: frames by position, what is a weight, real lines, and learning a new maker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.devices.scale import ScaleNow, WeightWatch
from station_app.devices.scale_learning import NotLearned, learn
from station_app.devices.scale_profiles import FrameCutter, Reading, load_scales
from station_app.devices.scale_reader import Sample, ScaleReader, ScaleSetting, ScaleStand, listen
from station_app.devices.serial_line import SerialPlace
from station_app.devices.simulated_scale import FRAMES, SimulatedScale, head_frame
from station_app.resources_dir import resources

PROFILES = load_scales((resources() / "scales.toml").read_text("utf-8"))

VECTORS = [  # docs/DOMAIN.md §2.7
    ("enq_dc1", "01 02 53 20 30 31 2e 32 35 30 6b 67 67 03 04", 1250, True),
    ("enq_dc1", "01 02 55 20 30 30 2e 37 33 35 6b 67 66 03 04", 735, False),
    ("enq_dc1", "01 02 53 2d 30 30 2e 30 30 35 6b 67 69 03 04", -5, True),
    ("cas_22", b"ST,GS,1\xc4,  01.250 kg\r\n".hex(), 1250, True),
    ("head", b"ST,GS,+  1.250kg\r\n".hex(), 1250, True),
    ("head", b"US,GS,-  0.005kg\r\n".hex(), -5, False),
    ("head", b"ST,GS,+   1.250 kg\r\n".hex(), 1250, True),
    ("head", b"ST,+0001.250 kg\r\n".hex(), 1250, True),
    ("bcd_6", "ff 43 50 12 00 00", 1250, True),
    ("bcd_6", "ff 63 05 00 00 00", -5, True),
    ("bcd_6_shifted", "ff 44 50 12 00 00", 1250, True),
    ("indicator_12", b"\x02+00125031E\x03".hex(), 1250, None),
]


@pytest.mark.parametrize(("profile", "frame", "grams", "is_stable"), VECTORS)
def test_frames_of_the_manuals(profile, frame, grams, is_stable):
    raw = bytes.fromhex(frame)
    readings = FrameCutter(PROFILES[profile]).feed(raw)
    assert readings == [Reading("weight", grams, is_stable, raw)]


@given(
    st.sampled_from(sorted(FRAMES)),
    st.lists(st.integers(-900_000, 900_000), min_size=1, max_size=6),
    st.integers(1, 30),
    st.integers(0, 5),
)
def test_frames_come_whole_however_the_line_cuts_them(profile, weights, size, lost):
    """The first frame may be cut off in the middle, and no other one is lost with it."""
    if profile in ("enq_dc1", "head", "cas_22"):
        weights = [grams % 9_999 for grams in weights]
    sent = b"".join(FRAMES[profile](grams, stable=True) for grams in [7, *weights])[lost:]
    cutter = FrameCutter(PROFILES[profile])
    got: list[Reading] = []
    for at in range(0, len(sent), size):
        got += cutter.feed(sent[at : at + size])
    assert [reading.grams for reading in got] == ([7, *weights] if not lost else weights)


@given(st.sampled_from(sorted(PROFILES)), st.binary(max_size=400))
def test_rubbish_is_dropped_and_never_held(profile, rubbish):
    cutter = FrameCutter(PROFILES[profile])
    cutter.feed(rubbish)
    assert len(cutter._held) <= 64


def test_a_wrong_checksum_or_unit_is_no_weight():
    frame = bytes.fromhex("01 02 53 20 30 31 2e 32 35 30 6b 67 68 03 04")
    assert FrameCutter(PROFILES["enq_dc1"]).feed(frame) == []
    assert FrameCutter(PROFILES["head"]).feed(b"ST,GS,+  1.250lb\r\n") == []
    assert (
        FrameCutter(PROFILES["toledo_18"]).feed(FRAMES["toledo_18"](1, stable=True)[:-1] + b"!")
        == []
    )


@pytest.mark.parametrize("profile", sorted(set(FRAMES) - {"indicator_12"}))
def test_too_much_on_the_pan_is_no_weight(profile):
    (reading,) = FrameCutter(PROFILES[profile]).feed(
        FRAMES[profile](15_000, stable=True, over=True)
    )
    assert (reading.state, reading.grams) == ("overload", 0)


# --- What may be taken ---------------------------------------------------------------------------

S, M, N = True, False, None  # the scale says still, moving, nothing
STEPS = [  # (ms, grams, what the scale says) …, then what stands there
    ([(0, 1250, S)], "moving"),
    ([(0, 1250, S), (400, 1250, S)], "moving"),
    ([(0, 1250, S), (500, 1250, S)], "steady"),
    ([(0, 1250, S), (300, 1249, S), (600, 1250, S)], "moving"),
    ([(0, 1250, S), (600, 1250, M)], "moving"),
    ([(0, 1250, M), (100, 1250, S), (550, 1250, S)], "moving"),
    ([(0, 1250, M), (100, 1250, S), (600, 1250, S)], "steady"),
    ([(0, 1250, N), (500, 1250, N)], "moving"),
    ([(0, 1250, N), (400, 1250, N), (800, 1250, N), (1_200, 1250, N)], "steady"),
    ([(0, 1250, S), (2_500, 1250, S)], "moving"),
    ([(0, 19, S), (600, 19, S)], "empty"),
    ([(0, 20, S), (600, 20, S)], "steady"),
    ([(0, -5, S), (600, -5, S)], "negative"),
]


@pytest.mark.parametrize(("frames", "state"), STEPS)
def test_when_a_weight_is_steady(frames, state):
    watch = WeightWatch()
    for at, grams, mark in frames:
        watch.feed(Reading("weight", grams, mark, b"raw"), at)
    assert watch.now(frames[-1][0]).state == state
    assert (watch.take(frames[-1][0]) is not None) == (state == "steady")


def put_on(watch, grams, at):
    for moment in (at, at + 600):
        watch.feed(Reading("weight", grams, True, b"\x01"), moment)
    return at + 600


def test_one_basket_is_never_weighed_in_twice():
    watch = WeightWatch()
    at = put_on(watch, 1250, 0)
    taken = watch.take(at)
    assert taken is not None
    assert (taken.grams, taken.frame) == (1250, "01")
    assert watch.take(at) is None
    at = put_on(watch, 2600, at + 100)  # another one put beside it
    assert watch.now(at).state == "return"
    assert watch.take(at) is None
    at = put_on(watch, 0, at + 100)
    at = put_on(watch, 1300, at + 100)
    assert watch.take(at) is not None


def test_a_scale_that_falls_silent_shows_nothing():
    watch = WeightWatch()
    assert watch.now(0) == ScaleNow("silent")
    at = put_on(watch, 1250, 0)
    assert watch.now(at + 2_001) == ScaleNow("silent")
    assert watch.take(at + 2_001) is None


# --- Over a real line ----------------------------------------------------------------------------


@pytest.mark.long
def test_a_stand_weighs_over_a_line_sees_it_pulled_and_takes_it_up_again(qtbot):
    with SimulatedScale("cas_22") as scale:
        stand = ScaleStand(lambda: dict(PROFILES))
        assert stand.now().state == "none"
        stand.put(ScaleSetting(place=str(SerialPlace(scale.name)), profile="cas_22"))
        scale.put(12_460)
        qtbot.waitUntil(lambda: stand.now() == ScaleNow("steady", 12_460), timeout=5_000)
        taken = stand.take()
        assert taken is not None
        assert bytes.fromhex(taken.frame) == b"ST,GS,1\xc4,  12.460 kg\r\n"
        qtbot.waitUntil(lambda: stand.now().state == "return", timeout=2_000)
        scale.is_over = True
        qtbot.waitUntil(lambda: stand.now().state == "overload", timeout=2_000)
        scale.is_garbled = True
        qtbot.waitUntil(lambda: stand.now().state == "garbled", timeout=10_000)
        scale.unplug()
        qtbot.waitUntil(lambda: stand.now().state == "gone", timeout=5_000)
        assert stand.now().reason == "UNREACHABLE"
    stand.put(None)
    assert stand.now().state == "none"


def test_a_line_that_has_just_been_opened_is_not_called_silent():
    """A station with a scale was stopped at the start check each morning."""
    at = [0]
    reader = ScaleReader(SerialPlace("/dev/none"), PROFILES["head"], clock_ms=lambda: at[0])
    assert reader.now() == ScaleNow("none")
    at[0] = 2_000
    assert reader.now() == ScaleNow("none")
    at[0] = 2_001
    assert reader.now() == ScaleNow("silent")


def test_a_scale_that_spoke_rubbish_and_was_switched_off_says_nothing_any_more():
    """Its sheet said to choose another kind, where somebody had to switch it on."""
    at = [0]
    reader = ScaleReader(SerialPlace("/dev/none"), PROFILES["head"], clock_ms=lambda: at[0])
    for second in range(3):
        at[0] = 2_000 + 1_000 * second
        reader._take_in(b"\x15\x80??\x00hello\x7f" * 5)
    assert reader.now() == ScaleNow("garbled")
    at[0] += 2_001
    assert reader.now() == ScaleNow("silent")


def shifted_frame(grams, **more):
    """As 友声, by a maker who counts decimals from one."""
    raw = FRAMES["bcd_6"](grams, **more)
    return raw[:1] + bytes((raw[1] + 1,)) + raw[2:]


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_each_kind_is_weighed_over_a_line_and_its_own_frame_is_kept(profile, qtbot):
    """One that must be asked is asked, one that says nothing of being still is watched."""
    frame = FRAMES.get(profile)
    with SimulatedScale(profile, frame=None if frame else shifted_frame) as scale:
        reader = ScaleReader(SerialPlace(scale.name), PROFILES[profile])
        reader.start()
        try:
            scale.put(735)
            qtbot.waitUntil(lambda: reader.now() == ScaleNow("steady", 735), timeout=10_000)
            taken = reader.take()
            assert taken is not None
            assert bytes.fromhex(taken.frame) == (frame or shifted_frame)(735, stable=True)
            scale.unplug()
            qtbot.waitUntil(lambda: reader.now().state == "gone", timeout=10_000)
        finally:
            reader.stop()


# --- An unknown maker ----------------------------------------------------------------------------


def backwards_frame(grams, **_more):
    """A maker of scales in the town: `=` and the digits from the last to the first."""
    return b"=" + f"{grams / 1000:07.3f}".encode()[::-1]


def jin_frame(grams, **_more):
    return b"W" + f"{grams / 500:08.3f}".encode() + b"J\r\n"


UNKNOWN = {
    **{name: FRAMES[name] for name in FRAMES},
    "backwards": backwards_frame,
    "jin": jin_frame,
}


def sample(frame, grams, *, from_byte=3):
    return Sample((frame(grams, stable=True) * 9)[from_byte:-2], grams)


@pytest.mark.parametrize("maker", sorted(UNKNOWN))
def test_a_scale_is_learned_from_an_empty_pan_and_two_loads(maker):
    frame = UNKNOWN[maker]
    profile = learn([sample(frame, 0), sample(frame, 1_250), sample(frame, 3_480, from_byte=5)])
    assert not isinstance(profile, NotLearned)
    for grams in (2_015, 9_870, 15_500, 40):
        readings = FrameCutter(profile).feed(frame(grams, stable=True) * 3)
        assert {reading.grams for reading in readings} == {grams}


NOT_LEARNED = [
    ([], "SILENT"),
    ([Sample(b"", 0), Sample(b"x", 100)], "SILENT"),
    ([sample(head_frame, 0), sample(head_frame, 1_250)], "TOO_ALIKE"),
    ([Sample(bytes(range(200)), 1_250), Sample(bytes(range(200)), 2_000)], "NO_RHYTHM"),
    (
        [sample(head_frame, 0), Sample(sample(head_frame, 1_250).raw, 99), sample(head_frame, 900)],
        "NO_WEIGHT",
    ),
]


@pytest.mark.parametrize(("samples", "trouble"), NOT_LEARNED)
def test_what_cannot_be_learned_is_said_and_not_guessed(samples, trouble):
    assert learn(samples) == NotLearned(trouble)


def test_a_sample_is_heard_from_the_line():
    with SimulatedScale("head") as scale:
        scale.put(1_250)
        raw = listen(SerialPlace(scale.name), 2.0, enough=60)
    assert raw.count(b"1.250kg\r\n") >= 2
