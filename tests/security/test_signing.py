"""Signatures of one use, and letters for one reader."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station_app.security import signing
from station_app.security.signing import (
    NotForThisKey,
    Signer,
    fingerprint,
    key_id,
    seal,
    verify,
)

ALICE, BOB = Signer(bytes(32)), Signer(bytes([1]) * 32)
USES = [
    signing.HEAD,
    signing.FRAME,
    signing.REQUEST,
    signing.RECEIPT,
    signing.ENROLMENT,
    signing.UPDATE,
]


@given(st.sampled_from(USES), st.binary(max_size=200))
def test_a_signature_serves_its_own_use_message_and_key(use: str, message: bytes) -> None:
    signature = ALICE.sign(use, message)
    assert len(signature) == signing.SIGNATURE_BYTES
    assert verify(ALICE.public_key, use, message, signature)
    assert not verify(BOB.public_key, use, message, signature)
    assert not verify(ALICE.public_key, use, message + b"\0", signature)
    for other in USES:
        assert verify(ALICE.public_key, other, message, signature) == (other == use)


def test_no_message_carries_its_use_into_another() -> None:
    """A label cannot be prolonged by what the message begins with."""
    signature = ALICE.sign("head", b"er\0x")
    assert not verify(ALICE.public_key, "header", b"x", signature)
    assert not verify(ALICE.public_key, "head", b"er\0y", signature)
    for label in ("", "Head", "he ad", "head\0", "头", "a" * 33):
        with pytest.raises(AssertionError):
            ALICE.sign(label, b"")


@given(st.integers(0, 63), st.integers(1, 255))
def test_one_wrong_byte_in_a_signature_is_found(place: int, flip: int) -> None:
    signature = bytearray(ALICE.sign("head", b"x"))
    signature[place] ^= flip
    assert not verify(ALICE.public_key, "head", b"x", bytes(signature))


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_bytes_that_are_no_key_or_signature_verify_nothing(key: bytes, signature: bytes) -> None:
    assert not verify(key, "head", b"x", signature)


def test_a_key_of_small_order_verifies_nothing() -> None:
    for key in (bytes(32), b"\x01" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f"):
        assert not verify(key, "head", b"x", bytes(64))
        assert not verify(key, "head", b"x", key + bytes(32))


def test_keys_have_names() -> None:
    assert ALICE.key_id == key_id(ALICE.public_key) == "689dae2f77b048dc"
    assert len(fingerprint(ALICE.public_key)) == 10
    assert fingerprint(ALICE.public_key) != fingerprint(BOB.public_key)
    assert ALICE.public_key.hex()[:8] == "3b6a27bc"  # the known key of the seed of zeros
    assert repr(ALICE) == "Signer(689dae2f77b048dc)"


@given(st.binary(max_size=300))
def test_a_letter_is_opened_by_its_reader_only(content: bytes) -> None:
    letter = seal(ALICE.public_key, content)
    assert len(letter) == len(content) + signing.SEAL_BYTES
    assert ALICE.open_sealed(letter) == content
    assert letter != seal(ALICE.public_key, content)
    with pytest.raises(NotForThisKey):
        BOB.open_sealed(letter)


@given(st.binary(max_size=100))
def test_what_is_no_letter_is_not_opened(junk: bytes) -> None:
    with pytest.raises(NotForThisKey):
        ALICE.open_sealed(junk)


def test_a_changed_letter_is_not_opened() -> None:
    letter = seal(ALICE.public_key, b"the key of a database")
    for place in range(len(letter)):
        broken = letter[:place] + bytes([letter[place] ^ 1]) + letter[place + 1 :]
        with pytest.raises(NotForThisKey):
            ALICE.open_sealed(broken)


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(33), b"\x02" + bytes(31), b"\xff" * 32])
def test_nothing_is_sealed_to_what_is_no_key(key: bytes) -> None:
    with pytest.raises(ValueError):
        seal(key, b"x")


def test_the_county_gets_signing_without_the_rest_of_the_room() -> None:
    line = (
        "import sys, station_app.security.signing\n"
        "print([m for m in sys.modules if m.startswith('station_app.')])"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", line], check=True, capture_output=True, text=True
    ).stdout
    late = "'station_app.values', 'station_app.values.late_methods', "  # of the package itself
    assert loaded.strip() == f"[{late}'station_app.security', 'station_app.security.signing']"
