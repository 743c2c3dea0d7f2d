"""A telephone sends one photo over the station's Wi-Fi: real HTTP, a real browser, no other way in.

The door is opened on the loopback address here; the browser is Chromium with a telephone's screen.
"""

import io
import socket
import urllib.error
import urllib.request

import pytest
from PIL import Image

from station_app.devices.own_address import own_address
from station_app.devices.phone_photos import (
    BODY_BYTES_MAX,
    PhoneDoor,
    PhoneWords,
    file_in,
)
from station_app.resources_dir import load_texts
from tests.county_server.browsing import browser
from tests.shell.shop import Dice

TEXTS = load_texts()
NAMES = ("title", "ask", "choose", "send", "came", "again")
WORDS = PhoneWords(*(TEXTS.say(f"shell.phone.{name}") for name in NAMES))


def jpeg(shade=90):
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 20, 30)).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def door():
    made = PhoneDoor("127.0.0.1", Dice(5), WORDS)
    yield made
    made.close()


def ask(url, body=None, kind="multipart/form-data; boundary=xx"):
    request = urllib.request.Request(url, data=body, headers={"Content-Type": kind})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode(), dict(refused.headers)


def form(content, name="a.jpg"):
    head = f'--xx\r\nContent-Disposition: form-data; name="photo"; filename="{name}"\r\n\r\n'
    return head.encode() + content + b"\r\n--xx--\r\n"


def test_a_telephones_browser_sends_one_photo_and_the_door_is_shut(door, tmp_path):
    photo = tmp_path / "IMG_1.jpg"
    photo.write_bytes(jpeg())
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 360, "height": 740}, is_mobile=True)
        page.goto(door.url)
        assert page.title() == "村站收照片"
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.set_input_files("input[type=file]", str(photo))
        page.click("button")
        assert page.inner_text("p") == "收到了，看柜台的屏幕"
        assert door.take() == jpeg()
        page.goto(door.url)
        assert page.query_selector("form") is None
    assert ask(door.url, form(jpeg(1)))[0] == 410
    assert door.take() == jpeg()


def test_only_the_address_that_was_drawn_is_anything_at_all(door):
    base = door.url.rpartition("/")[0]
    assert len(door.url.rpartition("/")[2]) == 32
    for path in ("/", "/favicon.ico", f"/{'0' * 32}", "/../etc/passwd", door.url[-32:] + "/x"):
        status, text, _ = ask(base + path if path.startswith("/") else f"{base}/{path}")
        assert (status, text) == (404, "")
        assert ask(base + "/" + path.lstrip("/"), form(jpeg()))[0] == 404
    assert door.take() == b""
    status, text, headers = ask(door.url)
    assert status == 200
    assert "<script" not in text
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data; boundary=xx"),
        (jpeg(), "image/jpeg"),
        (form(jpeg())[:-12], "multipart/form-data; boundary=xx"),
        (form(jpeg()), "multipart/form-data; boundary=yy"),
        (form(jpeg()), "multipart/form-data"),
        (b'--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\nz\r\n--xx--', "text/plain"),
    ],
)
def test_what_is_no_form_with_a_file_is_refused_and_the_door_stays_open(door, body, kind):
    assert ask(door.url, body, kind)[0] == 400
    assert ask(door.url, form(jpeg()))[0] == 200
    assert door.take() == jpeg()


def test_a_body_that_is_too_long_is_not_read(door):
    host, port = door.url.removeprefix("http://").split("/")[0].split(":")
    path = "/" + door.url.rpartition("/")[2]
    with socket.create_connection((host, int(port)), timeout=5) as line:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {BODY_BYTES_MAX + 1}\r\n\r\n"
        line.sendall(head.encode())
        assert line.recv(64).startswith(b"HTTP/1.0 400")
    assert door.take() == b""


def test_after_closing_nobody_answers(door):
    made = PhoneDoor("127.0.0.1", Dice(6), WORDS)
    made.close()
    with pytest.raises(OSError, match="refused"):
        urllib.request.urlopen(made.url, timeout=2)


def test_a_form_with_other_fields_gives_its_file():
    other = b'--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\nwords\r\n'
    found = file_in("multipart/form-data; boundary=xx", other + form(jpeg()))
    assert found == jpeg()


def test_the_address_that_a_telephone_is_told_is_none_of_the_pc_alone():
    assert not own_address().startswith(("127.", "0."))
