"""The way back to a lost key, as letters that fit a QR code, a stick or a phone's camera.

The key of a journal is sealed to the county beforehand (the *copy*). When the key is lost, the PC
makes a key pair for this one purpose and asks with the copy and its public half (the *request*).
The county opens the copy and seals what was in it to that public half (the *answer*): nobody else
can open it, also whoever carries it. So that nobody slips in a public half of his own, eight
digits of it are read out by phone and compared before the county answers.

No part of it needs a line. Station and county both read and write the letters with this module.
"""

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

COPY, REQUEST, ANSWER = "VSC1", "VSQ1", "VSA1"
LETTER_CHARACTERS_MAX = 1024  # a request has some 220; anything longer is none of ours
PUBLIC_KEY_BYTES = 32
_CHECK_BYTES = 5
_GROUP = 4
_DIGITS = 8
# What a pair of keys with the same digits costs whoever looks for one: 0.1 s and 32 MiB a guess.
_SCRYPT_N, _SCRYPT_R, _SCRYPT_BYTES_MAX = 2**15, 8, 64 * 1024 * 1024


class KeyLetter(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What is sealed: a database key and whose it is ("NX0601", "D1")."""

    key: bytes
    station: str
    device: str


class NotALetter(ValueError):
    """This text is no letter of this kind, or a sign of it is wrong."""


def write_letter(kind: str, payload: bytes) -> str:
    """Return a letter: capitals and digits only, so that a QR code of it stays small."""
    checked = payload + _check(kind, payload)
    return kind + base64.b32encode(checked).decode("ascii").rstrip("=")


def read_letter(kind: str, text: str) -> bytes:
    """Return what a letter carries; blanks, line ends and small letters do not matter.

    Raises NotALetter.
    """
    if len(text) > LETTER_CHARACTERS_MAX:
        raise NotALetter("too long")
    bare = "".join(text.split()).replace("-", "").upper()
    if not bare.startswith(kind):
        raise NotALetter(f"it does not begin with {kind}")
    body = bare[len(kind) :]
    try:
        whole = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError) as problem:
        raise NotALetter(str(problem)) from problem
    payload, check = whole[:-_CHECK_BYTES], whole[-_CHECK_BYTES:]
    if len(check) != _CHECK_BYTES or check != _check(kind, payload):
        raise NotALetter("a sign is wrong")
    return payload


def in_groups(letter: str) -> str:
    """Return a letter in groups of four, for whoever has to type it."""
    return " ".join(letter[at : at + _GROUP] for at in range(0, len(letter), _GROUP))


def pack_key(letter: KeyLetter) -> bytes:
    """Return what is to be sealed."""
    return msgspec.msgpack.encode(letter)


def unpack_key(content: bytes) -> KeyLetter:
    """Return what was sealed; raises NotALetter."""
    try:
        return msgspec.msgpack.decode(content, type=KeyLetter)
    except msgspec.DecodeError as problem:
        raise NotALetter(str(problem)) from problem


def write_request(copy: bytes, public_key: bytes) -> str:
    """Return the request of a PC: its sealed copy, and the key for the answer."""
    assert len(public_key) == PUBLIC_KEY_BYTES
    return write_letter(REQUEST, public_key + copy)


@dataclass(frozen=True, slots=True)
class Opened:
    """A request, opened by the county. digits: to be compared by phone; answer: the letter back."""

    station: str
    device: str
    digits: str
    answer: str


def answer_request(
    text: str, *, open_sealed: Callable[[bytes], bytes], seal: Callable[[bytes, bytes], bytes]
) -> Opened:
    """Open a request with the county's key and seal the answer to the one who asks.

    open_sealed: raises ValueError for a copy that was sealed to another county; seal: to a public
    key. Raises NotALetter, or what these raise.
    """
    payload = read_letter(REQUEST, text)
    public_key, copy = payload[:PUBLIC_KEY_BYTES], payload[PUBLIC_KEY_BYTES:]
    if len(public_key) != PUBLIC_KEY_BYTES or not copy:
        raise NotALetter("too short")
    letter = unpack_key(open_sealed(copy))
    answer = write_letter(ANSWER, seal(public_key, pack_key(letter)))
    return Opened(letter.station, letter.device, check_digits(public_key), answer)


def check_digits(public_key: bytes) -> str:
    """Return eight digits of the key that an answer will be sealed to, as "1234 5678".

    They are slow to make (0.1 s), so that nobody finds another key with the same ones in time.
    """
    digest = hashlib.scrypt(
        public_key,
        salt=b"village-station/recovery",
        n=_SCRYPT_N,
        r=_SCRYPT_R,
        p=1,
        maxmem=_SCRYPT_BYTES_MAX,
        dklen=8,
    )
    digits = f"{int.from_bytes(digest, 'big') % 10**_DIGITS:0{_DIGITS}d}"
    return f"{digits[:4]} {digits[4:]}"


def _check(kind: str, payload: bytes) -> bytes:
    content = kind.encode("ascii") + payload
    return hashlib.blake2b(content, digest_size=_CHECK_BYTES).digest()
