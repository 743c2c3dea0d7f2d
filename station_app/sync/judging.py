"""Which answers are believed: everything else is "not sent", with its cause by name.

A village line is full of things that answer in the county's place: login pages of a free network
(status 200!), proxies, half answers, old answers. What counts is a receipt with my nonce that
verifies under the county's pinned key; before it is looked for, status and marker must fit.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from station_app.sync import causes
from station_app.sync.messages import (
    CONTENT_TYPE,
    PROBLEM_TYPE,
    BodyReader,
    Problem,
    Receipt,
    decode,
    read_receipt,
)
from station_app.sync.pacing import WAIT_MAX_MS
from station_app.sync.segment import KeyOf, Rejected

FULL = frozenset({"quarantine_full", "branches_full"})  # why the county leaves a frame here

# Statuses under which the county itself sends a receipt: all was taken, or a run did not join.
_WITH_RECEIPT = (200, 409)
_PROBLEMS = {
    "unknown_key": causes.UNKNOWN_DEVICE,
    "foreign_device": causes.UNKNOWN_DEVICE,  # an image: its key is by now that of another PC
    "revoked": causes.REVOKED,
    "busy": causes.BUSY,
    "too_big": causes.TOO_BIG,
    "bad_signature": causes.GARBLED,
    "malformed": causes.GARBLED,
    "replayed": causes.TWIN,
}


@dataclass(frozen=True, slots=True)
class Unsent:
    """An answer that is not believed. retry_after_ms, limit: hints, 0 when there are none."""

    cause: str
    detail: str = ""
    retry_after_ms: int = 0
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Believed:
    """A receipt that verifies, its proof as signed, the whole frames after it.

    is_whole: the body ended where it should; key_id: of the key that signed it.
    """

    receipt: Receipt
    proof: bytes
    frames: tuple[bytes, ...]
    is_whole: bool
    key_id: str = ""


@dataclass(frozen=True, slots=True)
class Nonce:
    """Whose request an answer must name."""

    device: str
    epoch: str
    counter: int


def judge(  # noqa: PLR0913 - the parts of an answer, and what it is held against
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    is_whole: bool,
    nonce: Nonce,
    county: str,
    key_of: KeyOf,
) -> Believed | Unsent:
    """Return the receipt of an answer if it may be believed, else why not.

    headers: names in lower case. county: its id; key_of: finds the key that may speak for it now.
    """
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if status not in _WITH_RECEIPT or kind != CONTENT_TYPE:
        return not_believed(status, headers, body)
    if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        return Unsent(causes.GARBLED, "encoded")
    reader = BodyReader()
    frames = tuple(reader.feed(body))
    if reader.block is None:
        return Unsent(causes.GARBLED if reader.trouble else causes.CUT_OFF, reader.trouble)
    key = key_of(reader.block.key_id)
    if key is None:
        return Unsent(causes.WRONG_KEY, reader.block.key_id)
    receipt = read_receipt(reader.block, key)
    if isinstance(receipt, Rejected):
        return Unsent(causes.WRONG_KEY, receipt.reason)
    if receipt.county != county:
        return Unsent(causes.WRONG_KEY, receipt.county)
    if Nonce(receipt.device, receipt.epoch, receipt.counter) != nonce:
        return Unsent(causes.REPLAYED, f"{receipt.device} {receipt.epoch} {receipt.counter}")
    whole = is_whole and reader.is_between_frames and len(frames) == len(receipt.cursors)
    proof = reader.block.signature + reader.block.content
    return Believed(receipt, proof, frames, whole, reader.block.key_id)


def not_believed(status: int, headers: Mapping[str, str], body: bytes) -> Unsent:
    """Say why an answer that does not carry our marker, or not this status, is none."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    shown = f"{status} {kind}"
    wait = _retry_after_ms(headers.get("retry-after", ""))
    if kind == PROBLEM_TYPE:
        problem = decode(body, Problem)
        if isinstance(problem, Problem):
            cause = _PROBLEMS.get(problem.reason, causes.COUNTY_TROUBLE)
            return Unsent(cause, f"{shown}: {problem.reason} {problem.detail}", wait, problem.limit)
    if status in (429, 503):
        return Unsent(causes.BUSY, shown, wait)
    if status in (502, 504):
        return Unsent(causes.PROXY_ERROR, shown, wait)
    if status == 413:
        return Unsent(causes.TOO_BIG, shown)
    if 300 <= status < 400 or 200 <= status < 300 or status == 511:
        return Unsent(causes.CAPTIVE_PORTAL, shown)
    if 400 <= status < 500:
        return Unsent(causes.PROXY_ERROR if status == 407 else causes.WRONG_ADDRESS, shown)
    return Unsent(causes.COUNTY_TROUBLE, shown, wait)


def _retry_after_ms(text: str) -> int:
    """Return what a Retry-After in seconds asks for, at most an hour; dates are not used."""
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit() and len(bare) < 10):
        return 0
    return min(int(bare) * 1000, WAIT_MAX_MS)


def trouble_in(answer: Believed) -> Unsent | None:
    """Return what is wrong with an answer whose receipt was believed."""
    if not answer.is_whole:
        return Unsent(causes.CUT_OFF)
    refused = answer.receipt.refused
    if refused:
        is_full = all(reason in FULL for _, reason in refused)
        return Unsent(causes.KEPT_HERE if is_full else causes.REFUSED, str(refused))
    return None
