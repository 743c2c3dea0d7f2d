"""A sealed file: what travels on a stick, so that whoever finds the stick reads nothing.

A fresh key is sealed to the one who may read (a sealed box of libsodium, to the Ed25519 key that is
registered anyway), and the content follows in pieces under that key (libsodium's secretstream). So
a file of any length is written and read in a few hundred KiB of memory, a piece that was changed,
moved or left out is noticed, and so is the end that is missing.

In the clear stand a magic, the use, and the short name of the key that opens it: enough to say
"this is for another station", nothing about anybody. What is believed stands inside, signed.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from nacl.bindings import (
    crypto_secretstream_xchacha20poly1305_ABYTES,
    crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    crypto_secretstream_xchacha20poly1305_init_pull,
    crypto_secretstream_xchacha20poly1305_init_push,
    crypto_secretstream_xchacha20poly1305_keygen,
    crypto_secretstream_xchacha20poly1305_pull,
    crypto_secretstream_xchacha20poly1305_push,
    crypto_secretstream_xchacha20poly1305_state,
    crypto_secretstream_xchacha20poly1305_TAG_FINAL,
    crypto_secretstream_xchacha20poly1305_TAG_MESSAGE,
)

from station_app.security.signing import SEAL_BYTES, NotForThisKey, Signer, key_id, seal

MAGIC = b"VSU1"
PIECE_BYTES = 64 * 1024
SEALED_BYTES_MAX = 256 * 1024 * 1024
_HEAD = struct.Struct(">4sB8s")  # magic, use, key id
_KEY_BYTES = 32 + SEAL_BYTES
_OVERHEAD = crypto_secretstream_xchacha20poly1305_ABYTES
_START_BYTES = _HEAD.size + _KEY_BYTES + crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MESSAGE = crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL = crypto_secretstream_xchacha20poly1305_TAG_FINAL

# The uses of a sealed file. A new use is a new number; none is ever given another meaning.
TO_COUNTY, FROM_COUNTY, ENROLMENT_ANSWER, TO_SIBLING = 1, 2, 3, 4


class Out(Protocol):
    """Where a sealed file goes."""

    def write(self, content: bytes, /) -> int:
        """Write all of it; return how many bytes that were."""
        ...


class NotSealedForUs(ValueError):
    """It is no file of ours, or not for this use."""


class ForAnotherKey(ValueError):
    """It is sealed to another key; its short name is the argument."""


class Damaged(ValueError):
    """It was changed on the way, or its end is missing."""


class TooLong(ValueError):
    """It is longer than anything that is ever written."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on the outside: for which use, and whose key opens it. Nothing of it is proof."""

    use: int
    key_id: str


def read_cover(file: BinaryIO) -> Cover:
    """Return what stands outside; raises NotSealedForUs."""
    start = file.read(_HEAD.size)
    if len(start) < _HEAD.size or not start.startswith(MAGIC):
        raise NotSealedForUs("magic")
    _, use, opener = _HEAD.unpack(start)
    return Cover(use, opener.hex())


def write_sealed(out: Out, public_key: bytes, use: int, content: Iterable[bytes]) -> int:
    """Write `content` (pieces of any size) sealed to an Ed25519 key; return the bytes written.

    Raises TooLong instead of writing more than SEALED_BYTES_MAX, ValueError for no key.
    """
    key = crypto_secretstream_xchacha20poly1305_keygen()
    head = _HEAD.pack(MAGIC, use, bytes.fromhex(key_id(public_key))) + seal(public_key, key)
    state = crypto_secretstream_xchacha20poly1305_state()
    start = crypto_secretstream_xchacha20poly1305_init_push(state, key)
    written = out.write(head + start)
    ahead: bytes | None = None
    for piece in _pieces(content):
        if ahead is not None:
            written += _push(out, state, ahead, head, _MESSAGE)
        ahead = piece
        if written + PIECE_BYTES + _OVERHEAD > SEALED_BYTES_MAX:
            raise TooLong(f"{written} bytes")
    return written + _push(out, state, ahead or b"", head, _FINAL)


def _push(
    out: Out,
    state: crypto_secretstream_xchacha20poly1305_state,
    piece: bytes,
    head: bytes,
    tag: int,
) -> int:
    return out.write(crypto_secretstream_xchacha20poly1305_push(state, piece, ad=head, tag=tag))


def _pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content again in pieces of PIECE_BYTES; only the last may be shorter."""
    waiting = bytearray()
    for some in content:
        waiting += some
        while len(waiting) >= PIECE_BYTES:
            yield bytes(waiting[:PIECE_BYTES])
            del waiting[:PIECE_BYTES]
    if waiting:
        yield bytes(waiting)


def open_sealed(file: BinaryIO, signer: Signer, use: int) -> Iterator[bytes]:
    """Look whether a file is whole, then return its content in pieces.

    file: can be read from its start and wound back. Nothing is returned of a file that does not
    verify to its end. Raises NotSealedForUs, ForAnotherKey, Damaged or TooLong, at once.
    """
    for _ in _opened(file, signer, use):
        pass
    return _opened(file, signer, use)


def _opened(file: BinaryIO, signer: Signer, use: int) -> Iterator[bytes]:
    file.seek(0, os.SEEK_END)
    if file.tell() > SEALED_BYTES_MAX:
        raise TooLong(f"{file.tell()} bytes")
    file.seek(0)
    cover = read_cover(file)
    if cover.use != use:
        raise NotSealedForUs(f"use {cover.use}")
    if cover.key_id != signer.key_id:
        raise ForAnotherKey(cover.key_id)
    file.seek(0)
    start = file.read(_START_BYTES)
    if len(start) < _START_BYTES:
        raise Damaged("it ends in its head")
    head = start[: _HEAD.size + _KEY_BYTES]
    try:
        key = signer.open_sealed(head[_HEAD.size :])
        state = crypto_secretstream_xchacha20poly1305_state()
        crypto_secretstream_xchacha20poly1305_init_pull(state, start[len(head) :], key)
    except (NotForThisKey, RuntimeError, ValueError, TypeError) as problem:
        raise Damaged(str(problem)) from problem
    yield from _pulled(file, state, head)


def _pulled(
    file: BinaryIO, state: crypto_secretstream_xchacha20poly1305_state, head: bytes
) -> Iterator[bytes]:
    while True:
        piece = file.read(PIECE_BYTES + _OVERHEAD)
        if len(piece) < _OVERHEAD:
            raise Damaged("its end is missing")
        try:
            content, tag = crypto_secretstream_xchacha20poly1305_pull(state, piece, ad=head)
        except (RuntimeError, ValueError, TypeError) as problem:
            raise Damaged(str(problem)) from problem
        yield content
        if tag == _FINAL:
            if file.read(1):
                raise Damaged("something follows its end")
            return
