"""What comes in as a picture: made small, without place and time; or refused with a reason."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from station_app.resources_dir import load_texts
from station_app.security import pictures
from station_app.security.pictures import (
    DAMAGED,
    FILE_BYTES_MAX,
    FILE_TOO_LONG,
    KEPT_BYTES_MAX,
    LONG_EDGE,
    NOT_A_PICTURE,
    TELEPHONE_FORMAT,
    TOO_MANY_DOTS,
    PictureRefused,
    cleaned,
)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(width: int = 2400, height: int = 1800) -> Image.Image:
    """Something with as many details as a photo has."""
    return Image.effect_noise((width, height), 80).convert("RGB")


def claiming(width: int, height: int) -> bytes:
    """A PNG of some bytes that says it is so large."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    dots = b"IDAT" + zlib.compress(bytes(1 << 20))
    chunks = [
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
        for chunk in (head, dots, b"IEND")
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


ON_THE_SHELF = [pytest.param(kind, marks=pytest.mark.long) for kind in ("PNG", "WEBP")]


@pytest.mark.parametrize("kind", ["JPEG", *ON_THE_SHELF])
def test_a_large_photo_becomes_a_small_jpeg(kind: str) -> None:
    made = cleaned(saved(photo(), kind))
    with Image.open(io.BytesIO(made.content)) as kept:
        assert kept.format == "JPEG"
        assert kept.size == (made.width, made.height)
    assert max(made.width, made.height) <= LONG_EDGE
    assert len(made.content) <= KEPT_BYTES_MAX


def test_place_time_maker_and_comment_are_gone() -> None:
    image = photo(800, 600)
    exif = Image.Exif()
    exif[0x010F] = "HUAWEI-canary"
    exif[0x0132] = "2026:11:25 08:00:00"
    exif.get_ifd(0x8825)[2] = (33.0, 3.0, 7.0)
    raw = saved(image, "JPEG", exif=exif, comment=b"canary-comment", icc_profile=b"canary-icc")
    assert b"canary" in raw
    made = cleaned(raw).content
    assert b"canary" not in made
    assert b"Exif" not in made
    with Image.open(io.BytesIO(made)) as kept:
        assert not kept.getexif()
        assert "comment" not in kept.info
        assert "icc_profile" not in kept.info


def test_a_photo_that_was_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = cleaned(saved(Image.linear_gradient("L").resize((800, 600)), "JPEG", exif=exif))
    assert (made.width, made.height) == (600, 800)


def test_what_is_see_through_becomes_white() -> None:
    image = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    with Image.open(io.BytesIO(cleaned(saved(image, "PNG")).content)) as kept:
        assert kept.getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16", "LA"])
def test_every_sort_of_dots_is_drawn(mode: str) -> None:
    if mode == "CMYK":
        raw = saved(Image.new("CMYK", (40, 30)), "JPEG")
    else:
        raw = saved(Image.new(mode, (40, 30)), "PNG")
    assert (cleaned(raw).width, cleaned(raw).height) == (40, 30)


HOSTILE = {
    "empty": (b"", NOT_A_PICTURE),
    "words": (b"GET / HTTP/1.1\r\n" * 100, NOT_A_PICTURE),
    "program": (b"MZ" + bytes(1000), NOT_A_PICTURE),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", NOT_A_PICTURE),
    "gif": (b"GIF89a" + bytes(100), NOT_A_PICTURE),
    "heic": (b"\x00\x00\x00\x18ftypheic" + bytes(100), TELEPHONE_FORMAT),
    "only a head": (b"\xff\xd8\xff" + bytes(1000), DAMAGED),
    "png of nothing": (b"\x89PNG\r\n\x1a\n" + b"A" * 500, DAMAGED),
    "webp of nothing": (b"RIFF\x10\x00\x00\x00WEBP" + b"A" * 500, DAMAGED),
    "10,000 by 10,000": (claiming(10_000, 10_000), TOO_MANY_DOTS),
    "a bomb": (claiming(2**31 - 1, 2**31 - 1), TOO_MANY_DOTS),
    "a ribbon": (claiming(30_000, 1), TOO_MANY_DOTS),
    "too long": (b"\xff\xd8\xff" + bytes(FILE_BYTES_MAX), FILE_TOO_LONG),
    "short of dots": (claiming(4_000, 4_000), DAMAGED),
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_what_is_no_picture_or_a_dangerous_one_is_refused(name: str) -> None:
    content, reason = HOSTILE[name]
    with pytest.raises(PictureRefused) as refused:
        cleaned(content)
    assert refused.value.reason == reason
    assert load_texts().has(f"shell.photo.refused.{reason}")


def test_every_cut_and_every_changed_byte_is_a_picture_or_a_refusal() -> None:
    """Nothing that a decoder may stumble over comes out as anything else."""
    import random

    dice = random.Random(5)
    for raw in (saved(photo(60, 40), kind) for kind in ("JPEG", "PNG", "WEBP")):
        for _ in range(150):
            broken = bytearray(raw)
            for _ in range(dice.randint(1, 4)):
                broken[dice.randrange(len(broken))] = dice.randrange(256)
            try:
                made = cleaned(bytes(broken[: dice.randint(1, len(broken))]))
            except PictureRefused:
                continue
            assert made.content.startswith(b"\xff\xd8\xff")


def test_a_photo_of_sixty_million_dots_costs_little_memory(tmp_path: Path) -> None:
    """A telephone's largest JPEG is unpacked at an eighth, not at full size."""
    import subprocess
    import sys

    big = tmp_path / "big.jpg"
    Image.new("RGB", (9_000, 7_000), "gray").save(big, "JPEG")
    script = (
        "import re, sys, pathlib\n"
        "from station_app.security.pictures import cleaned\n"
        "made = cleaned(pathlib.Path(sys.argv[1]).read_bytes())\n"
        "status = pathlib.Path('/proc/self/status').read_text()\n"
        "print(re.search(r'VmHWM:\\s*(\\d+)', status).group(1))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(big)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 150_000, "kilobytes"


def test_the_limits_are_those_of_the_plan() -> None:
    assert pictures.KEPT_BYTES_MAX <= 200 * 1024
