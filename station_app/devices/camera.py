"""A camera on the PC, under Linux: one photo of it, when the operator asks for one.

V4L2, the kernel's own interface: every USB camera speaks it and no package is needed (`linuxpy` is
GPL and cannot come along). The numbers below are those of `linux/videodev2.h` for 64-bit kernels.
The kernel is handed in. Cameras give motion JPEG or, the cheapest, bare YUYV; both are taken.
"""

import io
import os
import struct
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

DEVICES: Final = Path("/dev")
WIDTH, HEIGHT = 1600, 1200  # px asked for: the driver answers with the nearest that it has
FRAMES_DARK: Final = 8  # at first the exposure is still being measured
FRAMES_MAX: Final = 24  # after so many broken ones it is no camera
FRAME_WAIT_S: Final = 1.5  # of one frame; a dark room makes them slow
BUFFERS: Final = 3
LEAST_BYTES: Final = 512  # no picture is shorter

QUERYCAP, ENUM_FMT, S_FMT = 0x8068_5600, 0xC040_5602, 0xC0D0_5605
REQBUFS, QUERYBUF, QBUF, DQBUF = 0xC014_5608, 0xC058_5609, 0xC058_560F, 0xC058_5611
STREAMON, STREAMOFF = 0x4004_5612, 0x4004_5613
CAPABILITY: Final = struct.Struct("=16s32s32sIII12x")
FORMAT_NAME: Final = struct.Struct("=III32s4s16x")
FORMAT: Final = struct.Struct("=I4xII4sIII176x")  # width, height, format, field, line, size
REQUEST: Final = struct.Struct("=IIIII")
BUFFER: Final = struct.Struct("=IIIII36xIII4xI12x")  # …, sequence, memory, offset, length
_CAPTURE_TYPE, _MMAP = 1, 1
_CAN_CAPTURE, _CAN_STREAM, _HAS_DEVICE_CAPS = 0x1, 0x0400_0000, 0x8000_0000
_FRAME_IS_BROKEN: Final = 0x40
_JPEGS, _YUYV = (b"MJPG", b"JPEG"), b"YUYV"


class NoPicture(OSError):
    """The camera gave none: pulled out, in use by another program, or of a kind not known."""


class Kernel(Protocol):
    """What is asked of the kernel; everything raises OSError."""

    def open(self, path: Path) -> int:
        """Open a device for reading and writing, without waiting."""
        ...

    def ioctl(self, handle: int, request: int, held: bytearray) -> None:
        """Ask; the answer stands in `held`."""
        ...

    def map(self, handle: int, length: int, offset: int) -> Any:
        """Return a buffer of the driver's, to be sliced, with `close()`."""
        ...

    def wait(self, handle: int, seconds: float) -> bool:
        """Tell whether a frame came within some time."""
        ...

    def close(self, handle: int) -> None:
        """Close the device."""
        ...


class LinuxKernel:
    """The kernel of this PC."""

    def open(self, path: Path) -> int:
        """Open a device."""
        return os.open(path, os.O_RDWR | getattr(os, "O_NONBLOCK", 0))

    def ioctl(self, handle: int, request: int, held: bytearray) -> None:
        """Ask; the answer stands in `held`."""
        import fcntl  # not under Windows

        fcntl.ioctl(handle, request, held, True)  # noqa: FBT003 - by position only

    def map(self, handle: int, length: int, offset: int) -> Any:
        """Return a buffer of the driver's."""
        import mmap

        return mmap.mmap(handle, length, access=mmap.ACCESS_READ, offset=offset)

    def wait(self, handle: int, seconds: float) -> bool:
        """Tell whether a frame came."""
        import select

        return bool(select.select([handle], [], [], seconds)[0])

    def close(self, handle: int) -> None:
        """Close the device."""
        os.close(handle)


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera of this PC. name: as it calls itself."""

    path: Path
    name: str


def cameras(kernel: Kernel | None = None, devices: Path = DEVICES) -> Sequence[Camera]:
    """Return the cameras that hang on this PC; none where there is no V4L2."""
    if kernel is None and sys.platform != "linux":
        return ()
    kernel = kernel or LinuxKernel()
    found = []
    for path in sorted(devices.glob("video*"), key=lambda path: (len(path.name), path.name)):
        try:
            with _opened(kernel, path) as handle:
                name = _name_of(kernel, handle)
                if name is not None and _format_of(kernel, handle):
                    found.append(Camera(path, name))
        except OSError:
            continue  # in use, pulled out, or not ours to open
    return found


def take_picture(path: Path, kernel: Kernel | None = None) -> bytes:
    """Return one photo of a camera, as a JPEG. Waits some seconds; raises OSError, NoPicture."""
    kernel = kernel or LinuxKernel()
    with _opened(kernel, path) as handle:
        kind = _format_of(kernel, handle)
        if not kind:
            raise NoPicture(f"{path}: no kind of picture that is known")
        held = bytearray(FORMAT.pack(_CAPTURE_TYPE, WIDTH, HEIGHT, kind, 0, 0, 0))
        kernel.ioctl(handle, S_FMT, held)
        _type, width, height, given, _field, line, _size = FORMAT.unpack(held)
        if given != kind or not 0 < width <= 8192 or not 0 < height <= 8192:
            raise NoPicture(f"{path}: asked for {kind!r}, got {given!r} {width}x{height}")
        frame = _frame(kernel, handle, lambda raw: _is_whole(raw, kind, line * height))
    return frame if kind in _JPEGS else _from_yuyv(frame, width, height, line)


def _is_whole(raw: bytes, kind: bytes, size: int) -> bool:
    if kind in _JPEGS:
        return len(raw) >= LEAST_BYTES and raw.startswith(b"\xff\xd8\xff")
    return bool(size) and len(raw) >= size


@contextmanager
def _opened(kernel: Kernel, path: Path) -> Iterator[int]:
    handle = kernel.open(path)
    try:
        yield handle
    finally:
        kernel.close(handle)


def _name_of(kernel: Kernel, handle: int) -> str | None:
    """Return what a camera calls itself, None for a device that takes no pictures."""
    held = bytearray(CAPABILITY.size)
    kernel.ioctl(handle, QUERYCAP, held)
    _driver, card, _bus, _version, can, device_can = CAPABILITY.unpack(held)
    can = device_can if can & _HAS_DEVICE_CAPS else can
    if not (can & _CAN_CAPTURE and can & _CAN_STREAM):
        return None  # the second device of a camera gives times only
    return "".join(c for c in card.split(b"\0")[0].decode("utf-8", "ignore") if c.isprintable())


def _format_of(kernel: Kernel, handle: int) -> bytes:
    """Return the best kind of picture that a camera gives, b"" for none that is known."""
    given = []
    for index in range(32):
        held = bytearray(FORMAT_NAME.pack(index, _CAPTURE_TYPE, 0, b"", b""))
        try:
            kernel.ioctl(handle, ENUM_FMT, held)
        except OSError:
            break  # that was the last
        given.append(FORMAT_NAME.unpack(held)[4])
    return next((kind for kind in (*_JPEGS, _YUYV) if kind in given), b"")


def _frame(kernel: Kernel, handle: int, is_whole: Callable[[bytes], bool]) -> bytes:
    """Let the camera run, return the first whole frame after the dark ones."""
    held = bytearray(REQUEST.pack(BUFFERS, _CAPTURE_TYPE, _MMAP, 0, 0))
    kernel.ioctl(handle, REQBUFS, held)
    maps: list[Any] = []
    try:
        for index in range(REQUEST.unpack(held)[0]):
            asked = _buffer(index)
            kernel.ioctl(handle, QUERYBUF, asked)
            offset, length = BUFFER.unpack(asked)[7:]
            maps.append(kernel.map(handle, length, offset))
            kernel.ioctl(handle, QBUF, _buffer(index))
        kernel.ioctl(handle, STREAMON, bytearray(struct.pack("=I", _CAPTURE_TYPE)))
        try:
            return _after_dark(kernel, handle, maps, is_whole)
        finally:
            kernel.ioctl(handle, STREAMOFF, bytearray(struct.pack("=I", _CAPTURE_TYPE)))
    finally:
        for one in maps:
            one.close()


def _after_dark(
    kernel: Kernel, handle: int, maps: Sequence[Any], is_whole: Callable[[bytes], bool]
) -> bytes:
    for number in range(FRAMES_MAX):
        if not kernel.wait(handle, FRAME_WAIT_S):
            raise NoPicture("no frame came")
        came = _buffer(0)
        kernel.ioctl(handle, DQBUF, came)
        index, _type, used, flags = BUFFER.unpack(came)[:4]
        if number >= FRAMES_DARK and not flags & _FRAME_IS_BROKEN:
            raw = bytes(maps[index][:used])
            if is_whole(raw):
                return raw
        kernel.ioctl(handle, QBUF, _buffer(index))
    raise NoPicture("every frame was broken")


def _buffer(index: int) -> bytearray:
    return bytearray(BUFFER.pack(index, _CAPTURE_TYPE, 0, 0, 0, 0, _MMAP, 0, 0))


def _from_yuyv(raw: bytes, width: int, height: int, line: int) -> bytes:
    """Return a JPEG of bare dots: two of brightness share their colour."""
    from PIL import Image  # loaded with the first photo

    if width % 2 or line < 2 * width:
        raise NoPicture(f"lines of {line} bytes for {width} dots")
    rows = b"".join(raw[y * line : y * line + 2 * width] for y in range(height))
    bright = Image.frombytes("L", (width, height), rows[0::2])
    half = (width // 2, height)
    blue, red = (
        Image.frombytes("L", half, rows[first::4]).resize((width, height)) for first in (1, 3)
    )
    out = io.BytesIO()
    Image.merge("YCbCr", (bright, blue, red)).save(out, "JPEG", quality=92)
    return out.getvalue()
