"""What can be said before a case is decided: the county asks, somebody at the counter answers.

An inquiry is a thing of its own, and names the case that it is about: whoever does not know these
kinds yet goes on with the parcel or the order all the same.
"""

from typing import ClassVar

from station_app.journal.fact import Body, Private


class InquiryWords(Private, frozen=True, kw_only=True):
    """What was asked, or answered, in somebody's words."""

    words: str = ""


class InquiryMade(Body, frozen=True, kw_only=True):
    """The county asks about a case before it decides.

    case: kind of the case; about: the entity.
    """

    KIND: ClassVar[str] = "inquiry.made"
    REVERSIBLE: ClassVar[bool] = False
    PRIVATE: ClassVar[type[Private] | None] = InquiryWords
    case: str
    about: str
    day: str


class InquiryAnswered(Body, frozen=True, kw_only=True):
    """Somebody at the station answered; the case stays open until it is decided."""

    KIND: ClassVar[str] = "inquiry.answered"
    CARRIES_NOTHING: ClassVar[bool] = True
    PRIVATE: ClassVar[type[Private] | None] = InquiryWords
    day: str


FROM_COUNTY: tuple[type[Body], ...] = (InquiryMade,)
FACTS: tuple[type[Body], ...] = (InquiryMade, InquiryAnswered)
