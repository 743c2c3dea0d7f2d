"""Pictures from outside, made small and harmless: what comes in may be anything, what is kept is a
plain JPEG that this program has drawn itself.

The kept one holds dots and nothing else: no place, no time, no maker, no comment, no profile, no
second picture behind the first. How many dots a file claims is looked at before one is unpacked.
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

LONG_EDGE = 1600  # px: a bank slip is readable, a villager across the room is not
KEPT_BYTES_MAX = 200 * 1024  # 25 s on a 64 kbit/s line
FILE_BYTES_MAX = 24 * 1024 * 1024  # the largest that telephones make
DOTS_MAX = {"JPEG": 65_000_000, "PNG": 30_000_000, "WEBP": 30_000_000}  # JPEG is unpacked smaller
EDGE_MAX = 20_000
QUALITIES = (85, 75, 65, 55)
SMALLER = 4, 5  # the edge, as long as even the lowest quality is too long
_EDGE_LEAST = 400
THUMB_EDGE, THUMB_BYTES_MAX = 96, 3_000  # it travels in a fact, with the goods that it shows
THUMB_QUALITIES = (80, 70, 60, 50, 40, 30, 20, 10)  # noise at the last of them fits

# Why a file is refused; each is the end of a text key.
NOT_A_PICTURE, TELEPHONE_FORMAT, FILE_TOO_LONG = "not_a_picture", "telephone_format", "too_long"
TOO_MANY_DOTS, DAMAGED = "too_many_dots", "damaged"

_SIGNATURES = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG"}
_HEIF = (b"ftypheic", b"ftypheix", b"ftypheif", b"ftypmif1", b"ftypmsf1", b"ftypavif")

# Pillow's own limit only warns, and is one for the whole process: ours is checked beside each file.
Image.MAX_IMAGE_PIXELS = None


class PictureRefused(ValueError):
    """This is not kept. reason: one of this module."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep why; detail: for the technician."""
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: a JPEG of width × height dots."""

    content: bytes
    width: int
    height: int


def format_of(content: bytes) -> str:
    """Return "JPEG", "PNG" or "WEBP" by the first bytes, "" for anything else."""
    for signature, name in _SIGNATURES.items():
        if content.startswith(signature):
            return name
    return "WEBP" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def cleaned(content: bytes) -> Picture:
    """Return a picture as it may be kept; raises PictureRefused."""
    if len(content) > FILE_BYTES_MAX:
        raise PictureRefused(FILE_TOO_LONG, str(len(content)))
    kind = format_of(content)
    if not kind:
        is_heif = content[4:12] in _HEIF
        raise PictureRefused(TELEPHONE_FORMAT if is_heif else NOT_A_PICTURE)
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as opened:
            _check_size(kind, *opened.size)
            drawn = _drawn(opened)
    except PictureRefused:
        raise
    except MemoryError as problem:
        raise PictureRefused(TOO_MANY_DOTS, str(problem)) from problem
    except Exception as problem:  # a decoder may raise anything on bytes that somebody made up
        raise PictureRefused(DAMAGED, f"{type(problem).__name__}: {problem}") from problem
    return _packed(drawn)


def thumbnail(content: bytes) -> bytes:
    """Return a square JPEG of few bytes, of the middle of a picture that was drawn here."""
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as opened:
        square = ImageOps.fit(opened.convert("RGB"), (THUMB_EDGE, THUMB_EDGE))
    for quality in THUMB_QUALITIES:
        out = io.BytesIO()
        square.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= THUMB_BYTES_MAX:
            break
    return out.getvalue()


def _check_size(kind: str, width: int, height: int) -> None:
    if width * height > DOTS_MAX[kind] or max(width, height) > EDGE_MAX:
        raise PictureRefused(TOO_MANY_DOTS, f"{width}x{height}")


def _drawn(opened: Image.Image) -> Image.Image:
    """Return the dots alone, upright, on white, no longer than the long edge."""
    opened.draft("RGB", (LONG_EDGE, LONG_EDGE))  # a JPEG is unpacked at a half, a quarter, …
    opened.load()
    upright = ImageOps.exif_transpose(opened)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        colours = upright.convert("RGBA")
        ground = Image.new("RGB", colours.size, "white")
        ground.paste(colours, mask=colours.getchannel("A"))
    else:
        ground = Image.new("RGB", upright.size)
        ground.paste(upright.convert("RGB"))
    ground.thumbnail((LONG_EDGE, LONG_EDGE), Image.Resampling.LANCZOS)
    return ground


def _packed(drawn: Image.Image) -> Picture:
    """Return the best JPEG that is short enough."""
    while True:
        for quality in QUALITIES:
            out = io.BytesIO()
            drawn.save(out, "JPEG", quality=quality, optimize=True)
            if out.tell() <= KEPT_BYTES_MAX:
                return Picture(out.getvalue(), *drawn.size)
        times, of = SMALLER
        edge = max(_EDGE_LEAST, max(drawn.size) * times // of)
        drawn = drawn.copy()
        drawn.thumbnail((edge, edge), Image.Resampling.LANCZOS)
