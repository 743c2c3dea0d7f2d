"""A photo of the bank's slip, from the stick to the fact: by keys, and after a power cut."""

import io
import os
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QGuiApplication, QImage

from station_app.devices.camera import Camera, NoPicture
from station_app.journal import blobs
from station_app.journal.recorder import new_ticket
from station_app.photo_desk import StationPhotos, sweep
from station_app.services.clearing import offer, records
from station_app.services.people import records as people
from station_app.shell.desk import Threads
from station_app.shell.drafts import DraftsInMemory
from station_app.shell.window import MainWindow, Surroundings
from tests.proofs.kit import SeededChance, furnish, open_furnished
from tests.shell.conftest import Sounds

PICTURES = Path(__file__).resolve().parents[3] / "build" / "pictures"


def slip(shade: int, size: tuple[int, int] = (900, 600)) -> bytes:
    image = Image.linear_gradient("L").resize(size).point(lambda dot: (dot + shade) % 256)
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", comment=b"canary of a maker")
    return out.getvalue()


class Bench:
    """A furnished station with its window, its sticks and its photos."""

    def __init__(self, folder: Path, shown: Any) -> None:
        furnish(folder / "data")
        self.here = open_furnished(folder / "data", seed=5)
        self.stick = folder / "USB"
        (self.stick / "DCIM" / "Camera").mkdir(parents=True)
        self.free = 1 << 40
        self.woken = 0
        self.cameras: list[Camera] = []
        self.before_it: list[bytes] = []  # what the camera sees, one after the other
        self.photos = StationPhotos(
            self.here,
            Threads(),
            lambda: self.here.session.connection,
            self._wake,
            mounted=lambda: (self.stick,) if self.stick.exists() else (),
            free=lambda _folder: self.free,
            cameras=lambda: self.cameras,
            take_picture=self._take_picture,
        )
        self.drafts = DraftsInMemory()
        self._shown = shown
        self.hand, self.page = self.open_window()

    def _take_picture(self, path: Path) -> bytes:
        if not self.before_it:
            raise NoPicture(str(path))
        return self.before_it.pop(0)

    def _wake(self) -> None:
        self.woken += 1

    def open_window(self) -> tuple[Any, Any]:
        chance = SeededChance(9)
        around = Surroundings(
            desk=self.here.desk,
            texts=self.here.texts,
            sounds=Sounds(),
            drafts=self.drafts,
            tickets=lambda: new_ticket(chance),
            heading=lambda: ("马山口镇 柳沟村站", "11月25日 周三  18:10"),
        )
        offered = offer.offer(self.here.texts, people.operator_name, people.coworkers, self.photos)
        self.window = MainWindow([offered], around)
        hand = self._shown(self.window, 1366, 768)
        hand.press("F8")
        return hand, self.window.deck.current

    @property
    def view(self) -> Any:
        return self.page.view

    @property
    def picker(self) -> Any:
        return self.view.photo.picker

    @property
    def connection(self) -> Any:
        return self.here.session.connection

    def put(self, name: str, content: bytes, at: int) -> None:
        path = self.stick / "DCIM" / "Camera" / name
        path.write_bytes(content)
        os.utime(path, (at, at))

    def send(self) -> str:
        """Type an amount, send it by bank, return the fact."""
        self.view.way.set_way("bank")
        self.view.current.line.setFocus()
        self.hand.press("Ctrl+A")
        self.hand.type("20")
        self.view.lending.field.line.setFocus()  # its own money does not reach: why all the same
        self.hand.type("县里催")
        self.hand.press("Enter")
        self.hand.press("Enter")  # more than is owed: asked once
        ((identity, _state), *_) = records.remittances(self.connection)
        return identity


@pytest.fixture
def bench(tmp_path: Path, shown: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("user_pictures_path", "user_downloads_path"):
        monkeypatch.setattr(f"platformdirs.{name}", lambda: tmp_path / "nothing")
    QGuiApplication.clipboard().clear()
    made = Bench(tmp_path, shown)
    yield made
    QGuiApplication.clipboard().clear()
    made.here.close()


def test_the_newest_photo_of_the_stick_goes_with_the_money(bench: Bench) -> None:
    bench.put("old.jpg", slip(9), 1_795_000_000)
    bench.put("new.jpg", slip(80), 1_795_300_000)
    (bench.stick / "notes.txt").write_text("no picture")
    bench.hand.press("F11")
    assert bench.picker.view.has_photo
    bench.hand.settle()
    PICTURES.mkdir(parents=True, exist_ok=True)
    assert bench.window.grab().save(str(PICTURES / "photo_picker.png"))
    bench.hand.press("Enter")
    assert bench.view.photo.line.text() == "附了 1 张照片"
    identity = bench.send()
    (name,) = blobs.names_of(bench.connection, identity)
    content = blobs.get(bench.connection, name)
    assert content is not None
    assert b"canary" not in content
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.size == (900, 600)
        shade = kept.convert("L").tobytes()[900 * 5 + 450]
    assert abs(shade - 83) < 12, "the newest, not the first by name"
    assert bench.view.photo.name == "", "the next slip begins without one"
    assert bench.view.photo.view.has_photo, "it stands on the card of what went"
    assert "等着传" in bench.view.photo.words.text()
    bench.hand.settle()
    assert bench.window.grab().save(str(PICTURES / "photo_card.png"))


def test_arrows_choose_another_one_and_esc_none(bench: Bench) -> None:
    bench.put("a.jpg", slip(9), 1_795_000_000)
    bench.put("b.png", b"no picture at all", 1_795_300_000)
    bench.hand.press("F11")
    assert "不是照片" in bench.picker.words.text()
    assert not bench.page.action_bar()[-1].is_enabled
    bench.hand.press("Down")
    assert bench.picker.view.has_photo
    assert "Esc" in [action.key for action in bench.page.action_bar()], "the way out is seen"
    bench.hand.press("Esc")
    assert not bench.view.photo.is_picking
    assert bench.view.photo.name == ""
    assert bench.connection.execute("SELECT count(*) FROM blobs").fetchone() == (0,)


def test_a_copied_picture_is_the_first_of_the_list(bench: Bench) -> None:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(0xFFAA0000)
    QGuiApplication.clipboard().setImage(image)
    bench.put("a.jpg", slip(9), 1_795_000_000)
    bench.hand.press("F11")
    assert bench.picker.table.current() == "clipboard"
    bench.hand.press("Enter")
    content = blobs.get(bench.connection, bench.view.photo.name)
    assert content is not None
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.size == (300, 200)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x00\x00\x18ftypheic" + bytes(50), "苹果手机"),
        (b"\xff\xd8\xff" + bytes(50), "坏了"),
        (b"MZ" + bytes(50), "不是照片"),
    ],
    ids=["heic", "damaged", "program"],
)
def test_what_is_no_photo_is_said_in_words_and_nothing_is_kept(
    bench: Bench, content: bytes, words: str
) -> None:
    bench.put("slip.jpg", content, 1_795_000_000)
    bench.hand.press("F11")
    assert words in bench.picker.words.text()
    bench.hand.press("Enter")
    assert bench.connection.execute("SELECT count(*) FROM blobs").fetchone() == (0,)


def test_a_stick_that_was_pulled_is_said(bench: Bench) -> None:
    bench.put("a.jpg", slip(9), 1_795_000_000)
    bench.put("b.jpg", slip(9), 1_795_000_001)
    bench.hand.press("F11")
    (bench.stick / "DCIM" / "Camera" / "a.jpg").unlink()
    bench.hand.press("Down")
    assert "U盘" in bench.picker.words.text()


def test_without_any_photo_it_says_what_to_do(bench: Bench) -> None:
    bench.hand.press("F11")
    assert "插上 U盘" in bench.picker.words.text()
    bench.hand.press("Enter")
    assert bench.view.photo.is_picking


def test_without_any_photo_the_telephone_is_waited_for_at_once(bench: Bench) -> None:
    """Its row stood there unchosen, and no code was seen before Down was pressed."""
    bench.photos.address = lambda: "127.0.0.1"
    bench.hand.press("F11")
    assert bench.picker.table.current() == "phone"
    assert door_of(bench) is not None
    assert bench.picker.view.has_photo, "the code"
    words = bench.picker.words.text()
    assert "没找到照片" in words
    assert "扫这个码" in words
    bench.hand.settle()
    assert bench.window.grab().save(str(PICTURES / "photo_phone_alone.png"))
    bench.hand.press("Esc")
    assert door_of(bench) is None


def test_a_full_disk_takes_no_photo_and_the_money_goes_all_the_same(bench: Bench) -> None:
    bench.put("a.jpg", slip(9), 1_795_000_000)
    bench.free = 50 * 1024 * 1024
    bench.hand.press("F11")
    bench.hand.press("Enter")
    assert bench.view.photo.name == ""
    identity = bench.send()
    assert blobs.names_of(bench.connection, identity) == ()


def test_an_attached_photo_outlives_a_power_cut(bench: Bench) -> None:
    bench.put("a.jpg", slip(9), 1_795_000_000)
    bench.hand.press("F11")
    bench.hand.press("Enter")
    name = bench.view.photo.name
    bench.page.keep_draft()
    bench.connection.execute(
        "INSERT INTO drafts(page, body) VALUES ('x', ?)", (f'{{"ticked": ["photo:{name}"]}}',)
    )
    sweep(bench.here.session.recorder, 1 << 50)  # weeks later, but a draft names it
    bench.window.close()
    bench.hand, bench.page = bench.open_window()
    bench.window.resume_drafts()
    bench.hand.settle()
    assert bench.view.photo.name == name
    assert bench.view.photo.line.text() == "附了 1 张照片"
    assert blobs.get(bench.connection, name) is not None


def test_a_photo_of_another_pc_is_asked_for_and_covered_when_names_are(bench: Bench) -> None:
    bench.put("a.jpg", slip(9), 1_795_000_000)
    bench.hand.press("F11")
    bench.hand.press("Enter")
    identity = bench.send()
    (name,) = blobs.names_of(bench.connection, identity)
    content = blobs.get(bench.connection, name)
    bench.connection.execute("DELETE FROM blobs")
    bench.view.load()
    assert "另一台电脑" in bench.view.photo.words.text()
    assert blobs.wanted(bench.connection, limit=3) == [name]
    assert bench.woken
    blobs.put(bench.connection, content or b"", at=1)
    bench.view.load()
    assert bench.view.photo.view.has_photo
    bench.hand.press("Ctrl+B")
    assert not bench.view.photo.view.has_photo


def door_of(bench: Bench) -> Any:
    return bench.photos._door


def test_a_telephone_sends_the_photo_and_the_port_is_open_no_longer_than_it_waits(
    bench: Bench, qtbot: Any
) -> None:
    bench.photos.address = lambda: "127.0.0.1"
    bench.put("old.jpg", slip(9), 1_795_000_000)
    bench.hand.press("F11")
    assert door_of(bench) is None, "nobody asked for a telephone"
    bench.hand.press("Down")
    door = door_of(bench)
    assert door is not None
    assert "扫这个码" in bench.picker.words.text()
    shown = bench.picker.view.grab().toImage()
    held = QBuffer()
    held.open(QBuffer.OpenModeFlag.WriteOnly)
    assert shown.save(held, "png")
    with Image.open(io.BytesIO(bytes(held.data().data()))) as picture:
        (code,) = zxingcpp.read_barcodes(picture.convert("L"))
    assert code.text == door.url
    assert bench.window.grab().save(str(PICTURES / "photo_phone.png"))

    body = b'--x\r\nContent-Disposition: form-data; name="p"; filename="a"\r\n\r\n'
    sent = urllib.request.Request(
        door.url,
        data=body + slip(80) + b"\r\n--x--",
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    with urllib.request.urlopen(sent, timeout=5) as answer:
        assert answer.status == 200
    qtbot.waitUntil(lambda: bench.picker.made is not None)
    assert door_of(bench) is None
    bench.hand.press("Enter")
    content = blobs.get(bench.connection, bench.view.photo.name)
    assert content is not None
    assert b"canary" not in content

    bench.hand.press("F11")  # take that one off again
    bench.hand.press("F11")
    bench.hand.press("Down")
    assert door_of(bench) is not None
    bench.hand.press("Esc")
    assert door_of(bench) is None, "nobody looks: nobody may come in"


def test_without_a_network_a_telephone_is_told_another_way(bench: Bench) -> None:
    bench.photos.address = str
    bench.hand.press("F11")
    assert "没找到照片" in bench.picker.words.text()
    assert "没连 WiFi" in bench.picker.words.text()


def test_the_camera_takes_it_when_it_is_asked_for_and_anew(bench: Bench) -> None:
    bench.put("old.jpg", slip(9), 1_795_000_000)
    bench.cameras = [Camera(Path("/dev/video0"), "USB 摄像头")]
    bench.before_it = [slip(0), slip(80)]
    bench.hand.press("F11")
    assert len(bench.before_it) == 2, "nobody asked the camera yet"
    bench.hand.press("Down")
    assert len(bench.before_it) == 1
    assert bench.picker.view.has_photo
    bench.hand.settle()
    assert bench.window.grab().save(str(PICTURES / "photo_camera.png"))
    bench.hand.press("F11")  # 再拍一张
    bench.hand.press("Enter")
    content = blobs.get(bench.connection, bench.view.photo.name)
    assert content is not None
    with Image.open(io.BytesIO(content)) as kept:
        shade = kept.convert("L").tobytes()[900 * 5 + 450]
    assert abs(shade - 83) < 12, "the second one"


def test_a_camera_that_another_program_holds_is_said(bench: Bench) -> None:
    bench.cameras = [Camera(Path("/dev/video0"), "USB 摄像头")]
    bench.hand.press("F11")
    assert "没拍成" in bench.picker.words.text()
    bench.hand.press("Enter")
    assert bench.view.photo.is_picking, "there is nothing to attach"
    bench.before_it = [slip(80)]
    bench.hand.press("F11")
    assert bench.picker.made is not None
