"""What can be said about pictures: a photo or a signature that was made for an act (照片和签名).

A fact of its own beside the one that it is for, in the same act: kinds that came before keep their
meaning, and an act whose picture found no room on the disk is said without it.
"""

from typing import ClassVar

from station_app.journal.fact import Body, Private


class Picture(Private, frozen=True, kw_only=True):
    """photos: hashes of what was kept, a signature too."""

    photos: tuple[str, ...] = ()


class PictureKept(Body, frozen=True, kw_only=True):
    """A picture was made for the fact of `fact_kind` in the same act.

    purpose: `photo`, `signature` of whoever is on the other side (the payee, the driver), or
    `own_signature`; line: of the things that the fact lists, from 1; 0 for all of it.
    """

    KIND: ClassVar[str] = "picture.kept"
    PRIVATE: ClassVar[type[Private] | None] = Picture
    purpose: str
    fact_kind: str
    line: int
    day: str


FACTS: tuple[type[Body], ...] = (PictureKept,)
