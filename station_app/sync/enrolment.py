"""Enrolment: how a new PC becomes one of a station, by a code that works once.

The code is one of our own (`VE…`, with a check character). Its payload holds 80 bits of the
county key's fingerprint, so that no other county can answer for it, and a secret of 80 bits. The
secret never travels: the request names the code by a hash, and proves with another that whoever
asks knows the secret and means this very key. Who reads the line learns nothing that he could use.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import blake
from station_app.sync import causes
from station_app.sync.judging import Unsent, not_believed
from station_app.sync.messages import (
    BLOCK_BYTES_MAX,
    CONTENT_TYPE,
    ENROL_PATH,
    ENROLMENT_LABEL,
    PROBLEM_TYPE,
    REQUEST_LABEL,
    SYNC_METHOD,
    BodyReader,
    EnrolAnswer,
    EnrolRequest,
    Problem,
    decode,
    encode,
    request_message,
    seal_block,
)
from station_app.sync.segment import COUNTY, KnownKey, Rejected, Signer, Verify
from station_app.values.clock import Chance

FINGERPRINT_CHARACTERS = 16
SECRET_CHARACTERS = 16
SECRET_BYTES = 10
NONCE_BYTES = 16

# Why the county says no: words of the enrolment page.
USED = "used"
EXPIRED = "expired"
UNKNOWN = "unknown"
FULL = "full"
WRONG_COUNTY = "wrong_county"
_NAMED = frozenset({USED, EXPIRED, UNKNOWN, FULL})


@dataclass(frozen=True, slots=True)
class CodeParts:
    """What the payload of an enrolment code holds: fingerprint (80 bits) and secret, in base32."""

    fingerprint: str
    secret: str

    @property
    def lookup(self) -> str:
        """Return the hash by which the county finds the code."""
        return blake(b"lookup\0" + self.secret.encode("ascii")).hex()

    @property
    def proof_key(self) -> bytes:
        """Return what proofs are made with; the county keeps this and not the secret."""
        return blake(b"proof\0" + self.secret.encode("ascii"))

    def proof(self, public_key: bytes) -> str:
        """Return the proof that the holder of the code means this key."""
        return proof_of(self.proof_key, public_key)


def proof_of(proof_key: bytes, public_key: bytes) -> str:
    """Return the proof over a public key."""
    return hashlib.blake2b(public_key, key=proof_key, digest_size=32).hexdigest()


def is_proof(proof_key: bytes, public_key: bytes, proof: str) -> bool:
    """Tell whether a proof is right, in a time that does not depend on it."""
    return hmac.compare_digest(proof_of(proof_key, public_key).encode(), proof.encode())


def code_payload(fingerprint: bytes, secret: bytes) -> str:
    """Return the payload of a code: fingerprint and secret, each 80 bits, in base32."""
    return base64.b32encode(fingerprint + secret).decode("ascii")


def read_payload(payload: str) -> CodeParts | None:
    """Return the parts of a payload, or None if it has another length."""
    if len(payload) != FINGERPRINT_CHARACTERS + SECRET_CHARACTERS:
        return None
    return CodeParts(payload[:FINGERPRINT_CHARACTERS], payload[FINGERPRINT_CHARACTERS:])


def offer_message(owner: str, old_key: bytes, new_key: bytes) -> bytes:
    """Return what a new key signs to follow an old one of the same PC ("NX0601/D1")."""
    return msgspec.json.encode([owner, old_key.hex(), new_key.hex()])


@dataclass(frozen=True, slots=True)
class Asking:
    """An enrolment under way: what is sent, and what the answer is held against."""

    body: bytes
    headers: Mapping[str, str]
    method: str
    path: str
    parts: CodeParts
    nonce: str
    public_key: bytes


def ask(
    parts: CodeParts, public_key: bytes, signer: Signer, chance: Chance, *, nonce: str = ""
) -> Asking:
    """Return the enrolment request of a new key. It may be sent any number of times.

    nonce: of the same request, asked before: an answer by stick may come after the next start.
    """
    nonce = nonce or chance.draw(NONCE_BYTES).hex()
    request = EnrolRequest(
        lookup=parts.lookup,
        proof=parts.proof(public_key),
        public_key=public_key.hex(),
        nonce=nonce,
    )
    content = encode(request)
    signature = signer.sign(REQUEST_LABEL, request_message(SYNC_METHOD, ENROL_PATH, content))
    return Asking(
        body=seal_block(content, signature, signer.key_id),
        headers={"content-type": CONTENT_TYPE, "accept-encoding": "identity"},
        method=SYNC_METHOD,
        path=ENROL_PATH,
        parts=parts,
        nonce=nonce,
        public_key=public_key,
    )


def read_answer(  # noqa: PLR0913 - the parts of an answer, and how keys are checked
    asking: Asking,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    verify: Verify,
    fingerprint: Callable[[bytes], bytes],
) -> EnrolAnswer | Unsent:
    """Return which PC of which station this is now, or why not.

    fingerprint: 80 bits of a public key, as they stand in codes. The causes `used`, `expired`,
    `unknown`, `full` and `wrong_county` are those of the code, all others those of the line.
    """
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == PROBLEM_TYPE:
        problem = decode(body, Problem)
        if isinstance(problem, Problem) and problem.reason in _NAMED:
            return Unsent(problem.reason, problem.detail)
    if status != 200 or kind != CONTENT_TYPE:
        return not_believed(status, headers, body)
    reader = BodyReader()
    frames = list(reader.feed(body[: BLOCK_BYTES_MAX * 2]))
    if reader.block is None or frames:
        return Unsent(causes.GARBLED if reader.trouble else causes.CUT_OFF)
    answer = decode(reader.block.content, EnrolAnswer)
    if isinstance(answer, Rejected):
        return Unsent(causes.GARBLED, answer.detail)
    return _checked(asking, answer, reader, verify, fingerprint)


def _checked(
    asking: Asking,
    answer: EnrolAnswer,
    reader: BodyReader,
    verify: Verify,
    fingerprint: Callable[[bytes], bytes],
) -> EnrolAnswer | Unsent:
    """Hold an answer against the code: the key must be the one whose fingerprint it carries."""
    block = reader.block
    assert block is not None
    try:
        county_key = bytes.fromhex(answer.county_key)
    except ValueError:
        return Unsent(WRONG_COUNTY, "no key")
    shown = base64.b32encode(fingerprint(county_key)).decode("ascii")
    key = KnownKey(COUNTY, county_key, verify)
    if shown != asking.parts.fingerprint:
        return Unsent(WRONG_COUNTY, shown)
    if not key.verify(ENROLMENT_LABEL, block.content, block.signature):
        return Unsent(WRONG_COUNTY, "signature")
    if (answer.nonce, answer.public_key) != (asking.nonce, asking.public_key.hex()):
        return Unsent(causes.REPLAYED)
    return answer
