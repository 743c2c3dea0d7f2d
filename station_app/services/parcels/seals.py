"""A bag whose seal was broken when it came (封签断了): words and a photo, in its list's act."""

from collections.abc import Sequence
from typing import ClassVar

from station_app.journal.fact import Body, Private, Saying
from station_app.services.parcels.commands import CloseManifest
from station_app.values.now import Now
from station_app.values.refusal import Refusal

WORDS_MAX = 60


class SealRemark(Private, frozen=True, kw_only=True):
    """What was seen, in somebody's words; photos: hashes."""

    remark: str = ""
    photos: tuple[str, ...] = ()


class SealFoundBroken(Body, frozen=True, kw_only=True):
    """The seal of a bag was broken before anybody here opened it. Entity: the bag."""

    KIND: ClassVar[str] = "seal.found_broken"
    PRIVATE: ClassVar[type[Private] | None] = SealRemark
    day: str


def broken_seal(command: CloseManifest, now: Now) -> Sequence[Saying] | Refusal:
    """Return what is to be said of the seal of the bag that is counted: nothing while it held."""
    if not command.is_seal_broken:
        return ()
    assert command.bag, "loose pieces have no seal"
    words = command.seal_words.strip()
    if not words:
        return Refusal("parcels.SEAL_WITHOUT_WORDS")
    if len(words) > WORDS_MAX:
        return Refusal("parcels.WORDS_TOO_LONG", {"most": WORDS_MAX})
    remark = SealRemark(remark=words, photos=command.seal_photos)
    return [Saying(SealFoundBroken(day=now.day), private=remark, entity=command.bag)]
