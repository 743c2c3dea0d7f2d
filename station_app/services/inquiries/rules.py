"""Inquiries: what was asked, what was answered, and when an answer is one."""

from collections.abc import Sequence

import msgspec

from station_app.journal.fact import Saying, Told
from station_app.journal.projection import Columns, EntityKind
from station_app.services.inquiries.commands import AnswerInquiry
from station_app.services.inquiries.facts import (
    FACTS,
    InquiryAnswered,
    InquiryMade,
    InquiryWords,
)
from station_app.values.now import Now
from station_app.values.refusal import Refusal

WORDS_MIN, WORDS_MAX = 2, 200  # as of the sentence that closes a case


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer. by: who recorded it, in which stream; at: UTC ms."""

    at: int
    by: str
    stream: str
    words: str


class Inquiry(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked about which case, and the answers; of two PCs each may have given one.

    is_heard: the question itself is here; an answer may come before it.
    """

    case: str = ""
    about: str = ""
    asked_at: int = 0
    asked_by: str = ""
    words: str = ""
    is_heard: int = 0
    answers: tuple[Answer, ...] = ()


def fold_inquiry(state: Inquiry | None, told: Told) -> Inquiry:
    """Take the question, or one more answer."""
    before, said = state or Inquiry(), told.private or InquiryWords()
    if isinstance(told.body, InquiryMade):
        return msgspec.structs.replace(
            before,
            case=told.body.case,
            about=told.body.about,
            asked_at=told.at,
            asked_by=told.by,
            words=said.words,
            is_heard=1,
        )
    answer = Answer(at=told.at, by=told.by, stream=told.stream, words=said.words)
    return msgspec.structs.replace(before, answers=(*before.answers, answer))


INQUIRY = EntityKind(
    name="inquiry",
    state=Inquiry,
    facts=FACTS,
    fold=fold_inquiry,
    columns=Columns(
        table="inquiries",
        fields=(
            ("matter", "TEXT"),
            ("about", "TEXT"),
            ("asked_at", "INTEGER"),
            ("answers", "INTEGER"),
        ),
        row=lambda one: (one.case, one.about, one.asked_at, len(one.answers)),
        indexes=(("about",),),
    ),
    is_open=lambda one: not one.answers,
)
ENTITIES = (INQUIRY,)


def answer_inquiry(
    state: Inquiry | None, command: AnswerInquiry, now: Now
) -> Sequence[Saying] | Refusal:
    """Decide whether an answer may be written down. state: of the inquiry; None: no such one."""
    words = " ".join(command.words.split())
    if state is None or not state.is_heard:
        return Refusal("inquiries.NO_INQUIRY")
    if state.answers:
        return Refusal("inquiries.ANSWERED_ALREADY")
    if len(words) < WORDS_MIN:
        return Refusal("inquiries.WORDS_NEEDED")
    if len(words) > WORDS_MAX:
        return Refusal("inquiries.WORDS_TOO_LONG", {"max": WORDS_MAX, "count": len(words)})
    body = InquiryAnswered(day=now.day)
    return [Saying(body, InquiryWords(words=words), entity=command.inquiry)]
