"""What a clerk uploads is decoded elsewhere: too large, too slow, deadly, it ends in a sentence."""

import io
import struct
import threading
import time
import zlib

import pytest
from PIL import Image

from county_server import pictures_apart
from county_server.pictures_apart import AT_ONCE, drawn_apart
from station_app.resources_dir import load_texts
from station_app.security.pictures import PictureRefused


def png(side: int) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((side, side)).save(out, "PNG")
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that claims to be side × side dots."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(64))), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_picture_comes_back_small_and_as_a_jpeg() -> None:
    kept = drawn_apart(png(1_800))
    assert kept.startswith(b"\xff\xd8\xff")
    with Image.open(io.BytesIO(kept)) as seen:
        assert max(seen.size) == 1_600


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (bomb(19_000), "too_many_dots"),
        (png(900)[:300], "damaged"),
        (b"<svg onload=alert(1)>", "not_a_picture"),
    ],
    ids=["bomb", "cut off", "no picture"],
)
def test_each_has_its_reason_and_the_reason_its_sentence(content: bytes, reason: str) -> None:
    with pytest.raises(PictureRefused) as refused:
        drawn_apart(content)
    assert refused.value.reason == reason
    assert load_texts().say(f"county.refusal.photo_{reason}")


def test_what_takes_too_long_is_given_up_and_leaves_its_place() -> None:
    for _ in range(AT_ONCE + 1):
        with pytest.raises(PictureRefused) as refused:
            drawn_apart(png(900), seconds=0.01)
        assert refused.value.reason == "too_slow"
    assert drawn_apart(png(90)).startswith(b"\xff\xd8\xff")


def test_a_third_waits_for_a_place_and_is_then_asked_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pictures_apart, "WAIT_SECONDS", 0.05)
    for _ in range(AT_ONCE):
        pictures_apart._places.acquire()
    try:
        with pytest.raises(PictureRefused) as refused:
            drawn_apart(png(90))
        assert refused.value.reason == "busy"
    finally:
        for _ in range(AT_ONCE):
            pictures_apart._places.release()


def test_others_go_on_while_a_picture_is_drawn() -> None:
    """The interpreter of the server is free: another thread is never held up for long."""
    longest = 0.0
    drawing = threading.Thread(target=lambda: drawn_apart(png(2_400)))
    drawing.start()
    before = time.monotonic()
    while drawing.is_alive():
        drawing.join(0.001)
        now = time.monotonic()
        longest, before = max(longest, now - before), now
    assert longest < 1.0
