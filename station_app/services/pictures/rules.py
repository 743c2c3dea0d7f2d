"""Pictures: kept as they come. What they show is judged by people."""

from collections.abc import Sequence

import msgspec

from station_app.journal.fact import Saying, Told
from station_app.journal.projection import EntityKind
from station_app.services.pictures.commands import (
    OWN_SIGNATURE,
    PHOTO,
    SIGNATURE,
    KeepPicture,
)
from station_app.services.pictures.facts import FACTS, Picture, PictureKept
from station_app.values.now import Now

PHOTOS_MAX = 4  # of one thing: more is no proof but an album
PURPOSES = (PHOTO, SIGNATURE, OWN_SIGNATURE)


class KeptPicture(msgspec.Struct, frozen=True, kw_only=True):
    """For what a picture was kept; see `PictureKept`."""

    purpose: str
    fact_kind: str
    day: str


def keep_picture(_nothing: None, command: KeepPicture, now: Now) -> Sequence[Saying]:
    """Keep pictures beside the fact that they are for."""
    assert command.purpose in PURPOSES
    assert 0 < len(command.photos) <= PHOTOS_MAX, "pages offer no other number"
    body = PictureKept(
        purpose=command.purpose, fact_kind=command.fact_kind, line=command.line, day=now.day
    )
    whose = tuple(one for one in command.whose if one)
    return [Saying(body, private=Picture(photos=command.photos, whose=whose))]


def fold_picture(_state: KeptPicture | None, told: Told) -> KeptPicture:
    """Take the one fact of a picture."""
    body: PictureKept = told.body
    return KeptPicture(purpose=body.purpose, fact_kind=body.fact_kind, day=body.day)


PICTURE = EntityKind(name="picture", state=KeptPicture, facts=FACTS, fold=fold_picture)
ENTITIES = (PICTURE,)
