"""Four languages, one picture: any dots at all come out of each as they went in."""

import binascii
import re

import msgspec
import pytest
import zplkit
from hypothesis import given, settings
from hypothesis import strategies as st

from station_app.printing import cpcl, escpos, tspl, zpl
from station_app.printing.profiles import BadProfile, Profile, load_profiles, named
from station_app.printing.raster import Raster
from tests.printing.papers import PARCEL, SENDING
from tests.printing.witness import printed

ENCODERS = {"escpos": escpos.encode, "tspl": tspl.encode, "zpl": zpl.encode, "cpcl": cpcl.encode}
STRIDE = 6
ROWS = st.lists(
    st.one_of(
        st.just(bytes(STRIDE)),
        st.just(b"\xff" * STRIDE),
        st.binary(min_size=STRIDE, max_size=STRIDE),
        st.sampled_from(
            [b"^XZ~HS", b"\r\nPRIN", b"\x1bp\x00\x19\xfa\x10", b"\x00\x00\xf0\xf0\x00\x00"]
        ),
    ),
    max_size=40,
)
KINDS = [
    Profile(language="escpos", width=STRIDE * 8),
    Profile(language="tspl", width=STRIDE * 8),
    Profile(language="zpl", width=STRIDE * 8),
    Profile(language="cpcl", width=STRIDE * 8),
    Profile(language="zpl", width=STRIDE * 8, graphic="hex"),
    Profile(language="zpl", width=STRIDE * 8, graphic="z64"),
    Profile(language="cpcl", width=STRIDE * 8, band_rows=7),
    Profile(language="escpos", width=STRIDE * 8, band_rows=3),
]


def dots_of(job: bytes, profile: Profile) -> bytes:
    papers = printed(job, profile).papers
    return b"".join(papers[0].lines) if papers else b""


@settings(max_examples=60, database=None)
@given(ROWS)
def test_dots_come_out_as_they_went_in(rows):
    raster = Raster(STRIDE * 8, len(rows), b"".join(rows))
    for profile in KINDS:
        out = dots_of(ENCODERS[profile.language](raster, profile), profile)
        assert out[: len(raster.rows)] == raster.rows, profile
        assert not any(out[len(raster.rows) :]), "a label is whole millimetres long"


def test_zpl_counts_as_zebras_manual_does():
    # ^GF data of the manual: G…Y count 1…19, g…z count 20…400, "," ends a row white, ":" repeats.
    row = b"\xa8" * 12 + bytes(38)
    job = zpl.encode(Raster(400, 3, row * 2 + bytes(50)), Profile(language="zpl", width=400))
    assert b"^GFA,24,24,12,A8A8A8A8A8A8A8A8A8A8A8A8:^FS" in job
    solid = Raster(416, 1, b"\xff" * 25 + b"\x01" + b"\xff" * 26)  # 50 F, 01, then F to the end
    assert b"^GFA,52,52,52,hPF01!^FS" in zpl.encode(solid, Profile(language="zpl", width=416))


def test_zpl_packs_with_the_sum_that_its_makers_name():
    # CRC-16-CCITT from zero, over the signs of base64: "123456789" has 31C3.
    assert binascii.crc_hqx(b"123456789", 0) == 0x31C3
    job = zpl.encode(Raster(16, 1, b"\xf0\x0f"), Profile(language="zpl", width=16, graphic="z64"))
    packed = re.search(rb":Z64:([^:]+):([0-9A-F]{4})\^FS", job)
    assert packed
    signs, told = packed.groups()
    crc = 0
    for sign in signs:
        crc ^= sign << 8
        for _ in range(8):
            crc = (crc << 1 ^ 0x1021 if crc & 0x8000 else crc << 1) & 0xFFFF
    assert f"{crc:04X}".encode() == told


@pytest.mark.parametrize("name", ["zebra_60x40", "zebra_60x40_z64", "zebra_60x40_hex"])
def test_a_foreign_interpreter_of_zpl_prints_the_preview(name, press, profiles):
    profile = profiles[name]
    drawn = press.raster(PARCEL, profile)
    document = zplkit.render(press.render_bytes(PARCEL, profile), zplkit.Options(dpi=203))
    (label,) = document.labels
    assert not document.warnings
    page = label.rasterize()
    assert (page.width, page.height) == (480, 320)
    assert black_of(page) == bits_of(drawn)


def black_of(page: zplkit._native.Raster) -> list[bool]:
    """Return which dots of a foreign picture are black, whatever its pixels are made of."""
    each = len(page.pixels) // (page.width * page.height)
    return [value < 128 for value in page.pixels[::each]]


def bits_of(raster: Raster) -> list[bool]:
    return [bool(byte >> 7 - place & 1) for byte in raster.rows for place in range(8)]


BYTES = [  # what docs/PRINTING.md §2 found for a 60×40 label, as the most that we may send
    ("label_60x40", 19_321),
    ("zebra_60x40_hex", 38_458),
    ("zebra_60x40", 9_304),
    ("zebra_60x40_z64", 3_512),
    ("portable_60x40", 19_321),
]


@pytest.mark.parametrize(("name", "most"), BYTES)
def test_a_label_takes_fewer_bytes_than_its_bare_picture(name, most, press, profiles):
    assert len(press.render_bytes(PARCEL, profiles[name])) < most * 3 // 4


def test_a_large_label_is_one_job_in_every_language(press, profiles):
    for name in ("label_100x150", "zebra_100x150", "portable_100x150"):
        done = printed(press.render_bytes(SENDING, profiles[name]), profiles[name])
        assert len(done.papers) == 1


WRONG = [
    ('language = "escpos"\nwidth = 570', "no whole number of bytes"),
    ('language = "escpos"\nwidth = 1600', "wider than any head"),
    ('language = "epl"\nwidth = 384', "Invalid enum value"),
    ('language = "escpos"', "width"),
    ('language = "escpos"\nwidth = "80"', "Expected `int`"),
    ('language = "escpos"\nwidth = 384\ncuter = true', "cuter"),
    ('language = "escpos"\nwidth = 384\nband_rows = 300', "band_rows 300"),
    ('language = "escpos"\nwidth = 384\nbaud = 9800', "baud 9800"),
    ('language = "escpos"\nwidth = 384\ngraphic = "z64"', "zpl only"),
    ('language = "tspl"\nwidth = 480\nheight = 320\ncutter = true', "escpos"),
    ('language = "tspl"\nwidth = 480\ngap_mm = 2', "no labels between gaps"),
    ('language = "tspl"\nwidth = 480\nheight = 320\ngap_mm = 200', "gap_mm 200"),
    ('language = "tspl"\nwidth = 480\ndirection = 2', "direction 2"),
    ('language = "zpl"\nwidth = 480\ntext_mode = true', "no text mode in zpl"),
    ('language = "escpos"\nwidth = 384\nfeed_lines = -1', "feed_lines -1"),
]


@pytest.mark.parametrize(("table", "said"), WRONG)
def test_a_profile_that_cannot_be_right_is_refused_by_name(table, said):
    with pytest.raises(BadProfile) as refused:
        load_profiles(f"[front_desk]\n{table}\n")
    assert "front_desk" in str(refused.value)
    assert said in str(refused.value)


def test_a_file_of_profiles_that_is_no_table_is_refused():
    for text in (
        "width = 5",
        "[a.b]\nwidth = 1",
        '["two words"]\nlanguage = "zpl"\nwidth = 8',
        "[[",
    ):
        with pytest.raises(BadProfile):
            load_profiles(text)


def test_text_mode_is_asked_for_behind_the_name(profiles):
    plain = profiles["receipt_58_serial"]
    assert named(profiles, "receipt_58_serial") is plain
    assert named(profiles, "receipt_58_serial+text") == msgspec.structs.replace(
        plain, text_mode=True
    )
    with pytest.raises(BadProfile):
        named(profiles, "zebra_60x40+text")
    with pytest.raises(KeyError):
        named(profiles, "no_such+text")
