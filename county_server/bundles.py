"""Sticks at the county: a bundle is taken in like a request of the line, and answered on the stick.

A bundle goes through the very intake of `/v1/sync`: held facts are skipped, what does not join on
is asked for, another version becomes a branch. So it may come twice, late, or after half a week of
the line, and always gets an answer. The answer is sealed to the key of the PC that wrote the
bundle: nobody else opens it, also whoever carries it. A file is looked at to its end before a
single fact of it is taken.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

import msgspec

from county_server.county import County
from county_server.enrol import enrolled, sign_answer
from county_server.intake import Push, Refused
from station_app.security.sealed_file import (
    ENROLMENT_ANSWER,
    FROM_COUNTY,
    TO_COUNTY,
    Damaged,
    ForAnotherKey,
    NotSealedForUs,
    Out,
    TooLong,
    open_sealed,
    read_cover,
    write_sealed,
)
from station_app.security.signing import Signer
from station_app.sync.enrolment import EXPIRED, FULL, UNKNOWN, USED
from station_app.sync.messages import BLOCK_BYTES_MAX, BY_STICK, Opening
from station_app.sync.segment import KnownKey

# Why a file is not taken: nothing of it was. Each has its sentence on the page and on the terminal.
NOT_OURS, OTHER_COUNTY, DAMAGED = "not_ours", "other_county", "damaged"
TOO_LONG, UNKNOWN_PC = "too_long", "unknown_pc"
SENTENCES = {
    NOT_OURS: "this file is none of a station's",
    OTHER_COUNTY: "it was written for another county",
    DAMAGED: "it was changed or cut on the way; let the station write it again",
    TOO_LONG: "it is longer than any station writes",
    UNKNOWN_PC: "the county knows no such PC; enrol it first",
    UNKNOWN: "the county has given out no such code",
    USED: "another PC was enrolled with this code",
    EXPIRED: "the code has expired; make a new one",
    FULL: "the station has as many PCs as it may have",
}
_OF_THE_INTAKE = {"unknown_key": UNKNOWN_PC, "too_big": TOO_LONG}
_NO_EPOCH = "0" * 16  # of a PC that has not begun to write
ROOM_BYTES = 32 * 1024 * 1024


class NoBundle(ValueError):
    """Nothing was taken. reason: one of this module, or of an enrolment that is refused."""

    def __init__(self, reason: str, detail: str = "") -> None:
        """Keep why."""
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class BundleRead:
    """What a bundle came to. device: "NX0601/D1"; facts: new ones.

    branched: streams of which the county holds another version; refused: how many frames were not
    taken; has_gap: something before it has not arrived yet.
    """

    device: str
    facts: int
    branched: tuple[str, ...] = ()
    refused: int = 0
    has_gap: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back on the stick. seal: writes it, sealed to the PC that asked."""

    read: BundleRead
    seal: Callable[[Out], int] = field(repr=False)


def read_bundle(county: County, file: BinaryIO) -> Answer:
    """Take a bundle in and return the answer to it; raises NoBundle.

    It may be taken again at any time: what is held is skipped, and the answer is made anew.
    """
    push = Push(county, BY_STICK)
    try:
        for piece in open_sealed(file, _opener(county, file), TO_COUNTY):
            push.feed(piece)
        _, body = push.finish()
    except ForAnotherKey as problem:
        raise NoBundle(OTHER_COUNTY, str(problem)) from problem
    except NotSealedForUs as problem:
        raise NoBundle(NOT_OURS, str(problem)) from problem
    except Damaged as problem:
        raise NoBundle(DAMAGED, str(problem)) from problem
    except TooLong as problem:
        raise NoBundle(TOO_LONG, str(problem)) from problem
    except Refused as refused:
        reason = _OF_THE_INTAKE.get(refused.problem.reason, DAMAGED)
        raise NoBundle(reason, refused.problem.detail) from refused
    key, taken = push.device, push.taken
    assert key is not None, "a bundle without an opening is refused"
    read = BundleRead(
        device=key.owner,
        facts=taken.facts,
        branched=tuple(sorted(taken.branched)),
        refused=len(taken.refused),
        has_gap=taken.has_gap,
    )
    return _sealed(read, key, FROM_COUNTY, (body,))


def _opener(county: County, file: BinaryIO) -> Signer:
    """Return the key that a file is sealed to; a late one may be sealed to a former key."""
    file.seek(0)
    signing = county.keys.signing
    return signing.all().get(read_cover(file).key_id) or signing.in_use()


def read_enrolment(county: County, file: BinaryIO, *, address: str = "") -> Answer:
    """Enrol the PC whose request lies in a file; the answer holds all that it needs to begin.

    address: under which the county answers, if the PC is to have a line one day. Raises NoBundle
    with `unknown`, `used`, `expired`, `full` or a reason of this module.
    """
    request = file.read(BLOCK_BYTES_MAX + 1)
    if len(request) > BLOCK_BYTES_MAX:
        raise NoBundle(NOT_OURS, "too long")
    try:
        answered, signer = enrolled(county, request, address=address)
    except Refused as refused:
        named = refused.status == 403
        raise NoBundle(
            refused.problem.reason if named else NOT_OURS, refused.problem.detail
        ) from refused
    block = sign_answer(answered, signer)
    device = f"{answered.station}/{answered.device}"
    opening = Opening(
        device=device,
        epoch=_NO_EPOCH,
        counter=1,
        county_epoch=0,
        cursor=0,
        room=ROOM_BYTES,
        clock=county.clock.now_ms(),
        fold_version=0,
    )
    body = Push(county, BY_STICK).answer(opening)
    with county.store.read() as connection:
        key = county.key_of_device(connection, answered.station, answered.device)
    assert key is not None, "it was enrolled a moment ago"
    return _sealed(BundleRead(device, 0), key, ENROLMENT_ANSWER, (block, body))


def _sealed(read: BundleRead, key: KnownKey, use: int, content: tuple[bytes, ...]) -> Answer:
    return Answer(read, lambda out: write_sealed(out, key.public_key, use, content))


def as_json(read: BundleRead) -> dict[str, object]:
    """Return what a bundle came to as JSON-able values."""
    shown: dict[str, object] = msgspec.to_builtins(read)
    return shown
