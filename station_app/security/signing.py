"""Signatures and sealed letters: Ed25519 and sealed boxes of libsodium, and nothing of our own.

Every signature is made for one use. Its label goes under the signature, so a signed head can
never be shown as a signed frame, nor a receipt as a request. A sealed letter can be opened by one
key only, and says nothing of who wrote it: whoever needs to know signs what is inside.

This module stands alone, because the county server signs and verifies with it too.
"""

import hashlib
import re

from nacl.bindings import crypto_sign_ed25519_pk_to_curve25519
from nacl.exceptions import BadSignatureError, CryptoError
from nacl.public import PublicKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

SEED_BYTES = 32
PUBLIC_KEY_BYTES = 32
SIGNATURE_BYTES = 64
KEY_ID_CHARACTERS = 16
SEAL_BYTES = 48  # what a sealed letter is longer than its content

# The uses of a signature. A new use is a new word here; none is ever given another meaning.
HEAD = "head"
FRAME = "frame"
REQUEST = "request"
RECEIPT = "receipt"
ENROLMENT = "enrolment"
UPDATE = "update"
DEVICE_KEY = "device-key"  # a new key says that it is meant to follow an old one

_PREFIX = b"village-station/"
_LABEL = re.compile(r"[a-z][a-z0-9-]{0,31}")


class NotForThisKey(ValueError):
    """This letter cannot be opened: it is sealed to another key, or damaged."""


class Signer:
    """Signs and opens letters with one device's or the county's key."""

    __slots__ = ("_key", "key_id", "public_key")

    def __init__(self, seed: bytes) -> None:
        """Take the secret: 32 random bytes, kept in a key store."""
        self._key = SigningKey(seed)
        self.public_key: bytes = bytes(self._key.verify_key)
        self.key_id = key_id(self.public_key)

    def sign(self, label: str, message: bytes) -> bytes:
        """Return the signature (64 bytes) of a message for one use."""
        return self._key.sign(_framed(label, message)).signature

    def open_sealed(self, letter: bytes) -> bytes:
        """Return what was sealed to this key; raises NotForThisKey."""
        try:
            return SealedBox(self._key.to_curve25519_private_key()).decrypt(letter)
        except (CryptoError, ValueError, TypeError) as problem:
            raise NotForThisKey(str(problem)) from problem

    def __repr__(self) -> str:
        return f"Signer({self.key_id})"


def verify(public_key: bytes, label: str, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature was made for this use, of this message, by the key's owner."""
    if len(public_key) != PUBLIC_KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        VerifyKey(public_key).verify(_framed(label, message), signature)
    except (BadSignatureError, CryptoError):
        return False
    return True


def key_id(public_key: bytes) -> str:
    """Return the short name of a key: 16 hex digits of its BLAKE2b."""
    digest = hashlib.blake2b(public_key, digest_size=32).hexdigest()
    return digest[:KEY_ID_CHARACTERS]


def fingerprint(public_key: bytes) -> bytes:
    """Return 80 bits that name a key where nobody may slip in another (enrolment codes)."""
    return hashlib.blake2b(_PREFIX + b"key\0" + public_key, digest_size=32).digest()[:10]


def seal(public_key: bytes, content: bytes) -> bytes:
    """Return a letter that only the owner of this (Ed25519) key can open.

    Raises ValueError for bytes that are no such key.
    """
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise ValueError("a public key has 32 bytes")
    try:
        box_key = crypto_sign_ed25519_pk_to_curve25519(public_key)
    except (CryptoError, RuntimeError) as problem:
        raise ValueError("these bytes are no public key") from problem
    return SealedBox(PublicKey(box_key)).encrypt(content)


def _framed(label: str, message: bytes) -> bytes:
    assert _LABEL.fullmatch(label), f"no label: {label!r}"
    return _PREFIX + label.encode("ascii") + b"\0" + message
