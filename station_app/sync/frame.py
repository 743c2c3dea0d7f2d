"""Frames: the one format of wire and stick, however the facts in them are written.

A *frame* is one or more segments packed as one block and signed as bytes by whoever packed them. It
says in which format its segments are written: rows (1) or columns (2), and with which dictionary
and level they are packed. On arrival the order is: size, signature, declared unpacked size,
unpacking, chain, author's head. Nothing is unpacked that was not signed by a known key, and nothing
is believed that does not hang together with a head of its author.

Everything here is pure. Keys, dictionaries and the places of facts held by both are passed in.
"""

import struct
from collections.abc import Collection, Sequence

from station_app.journal.fact import blake
from station_app.sync import columns, rows
from station_app.sync.column_codes import Malformed
from station_app.sync.column_reader import UnknownPlace
from station_app.sync.dictionary import Garbled, Press, TooBig
from station_app.sync.places import Nowhere, Places
from station_app.sync.segment import (
    SIGNATURE_BYTES,
    Key,
    KeyOf,
    Rejected,
    Segment,
    Signer,
    as_said,
    check_head,
    keys_announced,
)

ROWS, COLUMNS = 1, 2
FORMATS = (ROWS, COLUMNS)
FRAME_MAGIC = b"VF"
FRAME_LABEL = "frame"
PACKED_BYTES_MAX = 1024 * 1024  # one request's worth: an act of 512 KiB fits whatever it holds
UNPACKED_BYTES_MAX = 16 * 1024 * 1024  # what a village PC can hold twice without swapping

# magic, format, dictionary, level, packed length, key id; then the signature, then the block
_PREFIX = struct.Struct(">2sBBBI8s")
FRAME_HEAD_BYTES = _PREFIX.size + SIGNATURE_BYTES
_NOISE = struct.Struct(">I")  # columns: so many bytes that nothing can pack, then the packed ones


class _No(ValueError):
    """Carries a reason to the edge of this module."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.rejected = Rejected(reason, detail)


# --- Packing -------------------------------------------------------------------------------------


def pack(  # noqa: PLR0913 - how to pack is said by keyword
    segments: Sequence[Segment],
    signer: Signer,
    press: Press,
    *,
    level: int,
    dictionary: int | None = None,
    format_: int = ROWS,
    places: Places | None = None,
) -> bytes:
    """Return one frame, signed by `signer`.

    level: of the compressor, 1 to 19; dictionary: number, by default the newest known; places:
    facts that the reader holds, which columns may name. The frame is read back before it leaves:
    what does not come out equal must not travel. What columns cannot say goes as rows.
    """
    number = press.newest if dictionary is None else dictionary
    segments = [as_said(segment) for segment in segments]
    if format_ == COLUMNS:
        try:
            plain, noise = columns.write(segments, places or Nowhere(), press.knows_kind)
        except columns.DoesNotComeBack:
            format_ = ROWS
    if format_ == COLUMNS:
        assert len(plain) <= UNPACKED_BYTES_MAX, "a frame holds a bounded number of facts"
        packed = press.pack(plain, dictionary=number, level=level)
        block = _NOISE.pack(len(noise)) + noise + packed
    else:
        raw = rows.write(segments)
        assert len(raw) <= UNPACKED_BYTES_MAX, "a frame holds a bounded number of facts"
        assert rows.read(raw) == tuple(segments), "unpacks to other facts"
        block = press.pack(raw, dictionary=number, level=level)
    assert len(block) <= PACKED_BYTES_MAX, "a frame holds a bounded number of facts"
    key = bytes.fromhex(signer.key_id)
    prefix = _PREFIX.pack(FRAME_MAGIC, format_, number, level, len(block), key)
    return prefix + signer.sign(FRAME_LABEL, blake(prefix + block)) + block


# --- Unpacking -----------------------------------------------------------------------------------


def frame_length(start: bytes) -> int | None:
    """Return how long the frame is that begins so; None if its first bytes are no frame's.

    start: at least FRAME_HEAD_BYTES bytes. A frame over the limit is no frame.
    """
    magic, _, _, _, length, _ = _PREFIX.unpack_from(start)
    is_frame = magic == FRAME_MAGIC and length <= PACKED_BYTES_MAX
    return FRAME_HEAD_BYTES + length if is_frame else None


def packer_of(frame: bytes) -> str:
    """Return the id of the key that a frame says it was signed with; "" if it is too short."""
    return _PREFIX.unpack_from(frame)[5].hex() if len(frame) >= _PREFIX.size else ""


def format_of(frame: bytes) -> int:
    """Return the format that a frame says it is written in; 0 if it is too short."""
    return int(_PREFIX.unpack_from(frame)[1]) if len(frame) >= _PREFIX.size else 0


def unpack(  # noqa: PLR0913 - what is known here is said by keyword
    frame: bytes,
    key_of: KeyOf,
    press: Press,
    *,
    county: str,
    places: Places | None = None,
    formats: Collection[int] = FORMATS,
) -> tuple[Segment, ...] | Rejected:
    """Check a frame and return its segments, or why it is not taken.

    places: where the facts are found that it names and does not hold; formats: that are read here.
    Each segment that is returned hangs together and ends in a head that its author signed. That it
    continues what is held here is for the journal to say.
    """
    try:
        version, number, block = _checked(frame, key_of, press, formats)
        if version == COLUMNS:
            segments = _read_columns(block, number, press, places or Nowhere())
        else:
            segments = rows.read(_unpressed(block, number, press))
    except _No as no:
        return no.rejected
    except rows.NoRows as problem:
        return Rejected(problem.reason, str(problem))
    except UnknownPlace as problem:
        return Rejected("unknown_place", str(problem))
    except Malformed as problem:
        return Rejected("malformed", str(problem))
    announced: dict[str, Key] = {}

    def known(key_id: str) -> Key | None:
        return key_of(key_id) or announced.get(key_id)

    for segment in segments:
        no_head = check_head(segment.head, county, known)
        if no_head is not None:
            return no_head
        announced.update(keys_announced(segment, known(segment.head.key_id)))
    return segments


def _checked(
    frame: bytes, key_of: KeyOf, press: Press, formats: Collection[int]
) -> tuple[int, int, bytes]:
    """Return format, dictionary and block, once size and signature are right."""
    if len(frame) > FRAME_HEAD_BYTES + PACKED_BYTES_MAX:
        raise _No("too_big", f"{len(frame)} bytes packed")
    if len(frame) < FRAME_HEAD_BYTES:
        raise _No("cut_off")
    magic, version, dictionary, _level, length, key_id = _PREFIX.unpack_from(frame)
    if magic != FRAME_MAGIC:
        raise _No("malformed", "not a frame")
    prefix, block = frame[: _PREFIX.size], frame[FRAME_HEAD_BYTES:]
    if len(block) != length:
        raise _No("cut_off" if len(block) < length else "malformed")
    if version not in formats:
        raise _No("unknown_format", str(version))
    if not press.knows(dictionary):
        raise _No("unknown_dictionary", str(dictionary))
    key = key_of(key_id.hex())
    if key is None:
        raise _No("unknown_key", key_id.hex())
    signature = frame[_PREFIX.size : FRAME_HEAD_BYTES]
    if not key.verify(FRAME_LABEL, blake(prefix + block), signature):
        raise _No("bad_signature")
    return version, dictionary, block


def _unpressed(block: bytes, dictionary: int, press: Press) -> bytes:
    try:
        return press.unpack(block, dictionary=dictionary, limit=UNPACKED_BYTES_MAX)
    except TooBig as problem:
        raise _No("too_big", str(problem)) from problem
    except Garbled as problem:
        raise _No("malformed", str(problem)) from problem


def _read_columns(
    block: bytes, dictionary: int, press: Press, places: Places
) -> tuple[Segment, ...]:
    if len(block) < _NOISE.size:
        raise _No("malformed", "no columns")
    end = _NOISE.size + _NOISE.unpack_from(block)[0]
    plain = _unpressed(block[end:], dictionary, press)
    return columns.read(plain, block[_NOISE.size : end], places)
