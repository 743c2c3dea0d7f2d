"""A camera under Linux: the kernel's own structures, as its header lays them out, answer.

No kernel here has a camera. `Video` reads what is asked through `ctypes`, whose alignment is the
compiler's, so a field at a wrong place in `devices/camera.py` is a wrong photo or an error.
"""

import ctypes as c
import errno
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from station_app.devices import camera
from station_app.devices.camera import NoPicture, cameras, take_picture
from station_app.security.pictures import cleaned

SIZE = WIDTH, HEIGHT = 320, 240
RED, BLUE = (200, 30, 40), (20, 40, 210)


class Capability(c.Structure):
    _fields_ = (
        ("driver", c.c_char * 16),
        ("card", c.c_char * 32),
        ("bus_info", c.c_char * 32),
        ("version", c.c_uint32),
        ("capabilities", c.c_uint32),
        ("device_caps", c.c_uint32),
        ("reserved", c.c_uint32 * 3),
    )


class FormatName(c.Structure):
    _fields_ = (
        ("index", c.c_uint32),
        ("type", c.c_uint32),
        ("flags", c.c_uint32),
        ("description", c.c_char * 32),
        ("pixelformat", c.c_uint32),
        ("mbus_code", c.c_uint32),
        ("reserved", c.c_uint32 * 3),
    )


class Pix(c.Structure):
    _fields_ = tuple(
        (name, c.c_uint32)
        for name in "width height pixelformat field bytesperline sizeimage colorspace priv".split()
    )


class Shape(c.Union):
    _fields_ = (("pix", Pix), ("raw", c.c_uint8 * 200), ("window", c.c_void_p))


class Format(c.Structure):
    _fields_ = (("type", c.c_uint32), ("fmt", Shape))


class Request(c.Structure):
    _fields_ = tuple((name, c.c_uint32) for name in "count type memory capabilities flags".split())


class Place(c.Union):
    _fields_ = (("offset", c.c_uint32), ("userptr", c.c_ulong))


class Buffer(c.Structure):
    _fields_ = (
        ("index", c.c_uint32),
        ("type", c.c_uint32),
        ("bytesused", c.c_uint32),
        ("flags", c.c_uint32),
        ("field", c.c_uint32),
        ("timestamp", c.c_long * 2),
        ("timecode", c.c_uint32 * 4),
        ("sequence", c.c_uint32),
        ("memory", c.c_uint32),
        ("m", Place),
        ("length", c.c_uint32),
        ("reserved2", c.c_uint32),
        ("request_fd", c.c_int32),
    )


def code(kind: bytes) -> int:
    return int.from_bytes(kind, "little")


class Mapped(bytearray):
    def __init__(self, length: int, video: "Video") -> None:
        super().__init__(length)
        self._video = video

    def close(self) -> None:
        self._video.mapped -= 1


class Video:
    """A driver with one camera. frames: (bytes, flags) one after the other, the last for ever."""

    def __init__(self, kinds: Sequence[bytes], frames: Sequence[tuple[bytes, int]]) -> None:
        self.kinds, self.frames = kinds, list(frames)
        self.line_gap = 0
        self.capabilities, self.device_caps = 0x8420_0001, 0x0420_0001
        self.open_handles = self.mapped = 0
        self.is_streaming = self.is_pulled_out = False
        self._queued: list[int] = []
        self._buffers: dict[int, Mapped] = {}
        self._answers: dict[int, tuple[type[c.Structure], Any]] = {
            0x8068_5600: (Capability, self._capability),
            0xC040_5602: (FormatName, self._enum),
            0xC0D0_5605: (Format, self._format),
            0xC014_5608: (Request, self._request),
            0xC058_5609: (Buffer, self._query),
            0xC058_560F: (Buffer, self._queue),
            0xC058_5611: (Buffer, self._dequeue),
        }

    def open(self, path: Path) -> int:
        if path.name == "video9":
            raise PermissionError(errno.EACCES, "not ours")
        self.open_handles += 1
        return 7

    def close(self, handle: int) -> None:
        self.open_handles -= 1

    def wait(self, handle: int, seconds: float) -> bool:
        return bool(self.frames)

    def map(self, handle: int, length: int, offset: int) -> Mapped:
        assert length == 1 << 20
        self.mapped += 1
        self._buffers[offset >> 20] = Mapped(length, self)
        return self._buffers[offset >> 20]

    def ioctl(self, handle: int, request: int, held: bytearray) -> None:
        if request in (0x4004_5612, 0x4004_5613):
            assert bytes(held) == b"\x01\0\0\0"
            self.is_streaming = request == 0x4004_5612
            return
        shape, answer = self._answers[request]
        assert c.sizeof(shape) == len(held) == request >> 16 & 0x3FFF
        answer(shape.from_buffer(held))

    def _capability(self, it: Any) -> None:
        it.card = "USB 摄像头".encode()
        it.capabilities, it.device_caps = self.capabilities, self.device_caps

    def _enum(self, it: Any) -> None:
        if it.index >= len(self.kinds) or it.type != 1:
            raise OSError(errno.EINVAL, "no more")
        it.pixelformat = code(self.kinds[it.index])

    def _format(self, it: Any) -> None:
        assert (it.type, it.fmt.pix.width, it.fmt.pix.height) == (1, 1600, 1200)
        it.fmt.pix.width, it.fmt.pix.height = SIZE
        is_bare = it.fmt.pix.pixelformat == code(b"YUYV")
        it.fmt.pix.bytesperline = 2 * WIDTH + self.line_gap if is_bare else 0

    def _request(self, it: Any) -> None:
        assert (it.type, it.memory) == (1, 1)
        it.count = 2  # fewer than asked for

    def _query(self, it: Any) -> None:
        it.m.offset, it.length = it.index << 20, 1 << 20

    def _queue(self, it: Any) -> None:
        assert (it.type, it.memory) == (1, 1)
        self._queued.append(it.index)

    def _dequeue(self, it: Any) -> None:
        if self.is_pulled_out:
            raise OSError(errno.ENODEV, "No such device")
        assert self.is_streaming
        content, flags = self.frames[0] if len(self.frames) == 1 else self.frames.pop(0)
        it.index = self._queued.pop(0)
        it.bytesused, it.flags = len(content), flags
        self._buffers[it.index][: len(content)] = content


def scene(left: tuple[int, int, int] = RED, right: tuple[int, int, int] = BLUE) -> Image.Image:
    drawn = Image.new("RGB", SIZE, left)
    drawn.paste(right, (WIDTH // 2, 0, WIDTH, HEIGHT))
    return drawn


def motion_jpeg(drawn: Image.Image) -> bytes:
    """Return a frame as cameras send it: without its Huffman tables."""
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=90)
    whole, at, kept = out.getvalue(), 2, b"\xff\xd8"
    while whole[at + 1] != 0xDA:
        length = int.from_bytes(whole[at + 2 : at + 4], "big") + 2
        kept += b"" if whole[at + 1] == 0xC4 else whole[at : at + length]
        at += length
    assert b"\xff\xc4" not in kept
    return kept + whole[at:]


def yuyv(drawn: Image.Image, gap: int = 0) -> bytes:
    bright, blue, red = (part.tobytes() for part in drawn.convert("YCbCr").split())
    rows = []
    for y in range(HEIGHT):
        at, row = slice(y * WIDTH, (y + 1) * WIDTH), bytearray(2 * WIDTH)
        row[0::2] = bright[at]
        row[1::4] = blue[at][::2]
        row[3::4] = red[at][::2]
        rows.append(bytes(row) + bytes(gap))
    return b"".join(rows)


def colours(photo: bytes) -> list[tuple[int, ...]]:
    with Image.open(io.BytesIO(cleaned(photo).content)) as opened:
        assert opened.size == SIZE
        return [opened.getpixel((x, 120)) for x in (60, 260)]  # type: ignore[misc]


def is_near(one: Sequence[int], other: Sequence[int]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


DARK = scene((0, 0, 0), (0, 0, 0))
ALL_DARK = [(motion_jpeg(DARK), 0)] * 8


@pytest.mark.parametrize(
    ("kinds", "frames", "gap"),
    [
        ([b"YUYV", b"MJPG"], [*ALL_DARK, (motion_jpeg(scene()), 0)], 0),
        ([b"MJPG"], [*ALL_DARK, (motion_jpeg(DARK), 0x40), (motion_jpeg(scene()), 0)], 0),
        ([b"MJPG"], [*ALL_DARK, (b"\xff\xd8\xff", 0), (motion_jpeg(scene()), 0)], 0),
        ([b"H264", b"YUYV"], [(yuyv(DARK), 0)] * 8 + [(yuyv(scene()), 0)], 0),
        ([b"YUYV"], [(yuyv(DARK, 64), 0)] * 8 + [(yuyv(DARK)[:99], 0), (yuyv(scene(), 64), 0)], 64),
    ],
    ids=["motion JPEG", "a broken frame", "a short frame", "bare dots", "lines with a gap"],
)
def test_what_stands_before_the_camera_is_on_the_photo(
    kinds: Sequence[bytes], frames: Sequence[tuple[bytes, int]], gap: int
) -> None:
    video = Video(kinds, frames)
    video.line_gap = gap
    left, right = colours(take_picture(Path("/dev/video0"), video))
    assert is_near(left, RED)
    assert is_near(right, BLUE)
    assert (video.open_handles, video.mapped, video.is_streaming) == (0, 0, False)


def test_only_what_takes_pictures_is_a_camera(tmp_path: Path) -> None:
    for name in ("video10", "video2", "video9", "media0"):
        (tmp_path / name).touch()
    video = Video([b"MJPG"], ALL_DARK)
    found = cameras(video, tmp_path)
    assert [(one.path.name, one.name) for one in found] == [
        ("video2", "USB 摄像头"),
        ("video10", "USB 摄像头"),
    ]
    video.device_caps = 0x04A0_0000  # the second device of a USB camera: times only
    assert cameras(video, tmp_path) == []
    assert cameras(Video([b"H264"], ALL_DARK), tmp_path) == [], "no picture that anybody can read"
    assert video.open_handles == 0


def test_a_camera_that_gives_nothing_is_let_go(tmp_path: Path) -> None:
    pulled_out = Video([b"MJPG"], ALL_DARK)
    pulled_out.is_pulled_out = True
    for video in (pulled_out, Video([b"MJPG"], []), Video([b"MJPG"], [(b"rubbish" * 99, 0)])):
        with pytest.raises(OSError):
            take_picture(Path("/dev/video0"), video)
        assert (video.open_handles, video.mapped, video.is_streaming) == (0, 0, False)
    with pytest.raises(NoPicture):
        take_picture(Path("/dev/video0"), Video([b"H264"], ALL_DARK))


def test_a_pc_without_one_has_none(tmp_path: Path) -> None:
    assert list(cameras(devices=tmp_path)) == []
    (tmp_path / "video0").write_bytes(b"no device")
    assert list(cameras(devices=tmp_path)) == [], "the kernel itself says that this is none"
    with pytest.raises(OSError):
        camera.take_picture(tmp_path / "video0")
