"""Messages to receivers (短信, 微信): who may get one, which wording it has, how far it has come.

A message is asked for at the counter, offline like everything else, and goes out when the county
has it. What the gateway answers may come late, twice and in any order: the furthest word holds, so
that "delivered" a day late still means that she has it, and nothing said before takes that back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Saying, Told
from station_app.journal.projection import Columns, EntityKind
from station_app.services.parcels.commands import QueueMessages
from station_app.services.parcels.message_facts import (
    FACTS,
    MessageDelivered,
    MessageQueued,
    MessageRefused,
    MessageSent,
)
from station_app.values.now import Now
from station_app.values.refusal import Refusal

QUEUED, SENT, REFUSED, DELIVERED = "queued", "sent", "refused", "delivered"
STATUSES = (QUEUED, SENT, REFUSED, DELIVERED)  # the furthest last
PURPOSES = ("arrived", "again")
WAYS = ("sms", "wechat")
ADDRESSEES_MAX = 200  # in one act: more than a station has shelves for
PARCELS_PER_MESSAGE_MAX = 60  # as many as are handed over in one go
SILENT_AFTER_DAYS = 1  # taken by the gateway, and no word since: she is called

# Why a message goes to nobody, said before it is asked for; the county says the same of one that
# has waited long, and the gateway has reasons of its own.
NO_PHONE, NO_MOBILE = "no_phone", "no_mobile"
NOT_TO_GATEWAY, NOT_LEFT_HERE = "not_to_gateway", "not_left_here"
FETCHED, ERASED, STALE = "fetched", "erased", "stale"
GATEWAY_REASONS = ("number_wrong", "blocked", "switched_off", "not_accepted")

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)

Decision = Sequence[Saying] | Refusal


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A message as last heard of. status: one of `STATUSES`, "" while its founder is missing."""

    status: str = ""
    way: str = ""
    purpose: str = ""
    parcels: tuple[str, ...] = ()
    person: str = ""
    consent: str = ""
    number: str = ""
    reason: str = ""
    day: str = ""
    answered_day: str = ""
    founder: str = ""


def fold_message(state: Message | None, told: Told) -> Message:
    """Apply one fact; any of them may come first, and any of them twice."""
    known, body = state or Message(), told.body
    if isinstance(body, MessageQueued):
        return msgspec.structs.replace(
            known,
            status=known.status or QUEUED,
            way=body.way,
            purpose=body.purpose,
            parcels=body.parcels,
            person=body.person,
            consent=body.consent,
            day=body.day,
            founder=told.identity,
        )
    if isinstance(body, MessageSent):
        return _further(msgspec.structs.replace(known, number=body.number), SENT, body.day)
    if isinstance(body, MessageRefused):
        reason = known.reason if known.status == DELIVERED else body.reason
        return _further(msgspec.structs.replace(known, reason=reason), REFUSED, body.day)
    delivered: MessageDelivered = body
    return _further(msgspec.structs.replace(known, reason=""), DELIVERED, delivered.day)


def _further(known: Message, status: str, day: str) -> Message:
    if known.status and STATUSES.index(known.status) >= STATUSES.index(status):
        return known
    return msgspec.structs.replace(known, status=status, answered_day=day)


def is_under_way(state: Message) -> bool:
    """Tell whether the gateway may still say something."""
    return state.status in (QUEUED, SENT)


MESSAGE = EntityKind(
    name="message",
    is_open=is_under_way,
    state=Message,
    facts=FACTS,
    fold=fold_message,
    columns=Columns(
        table="messages",
        fields=(
            ("status", "TEXT"),
            ("way", "TEXT"),
            ("purpose", "TEXT"),
            ("parcels", "TEXT"),
            ("person", "TEXT"),
            ("reason", "TEXT"),
            ("day", "TEXT"),
            ("answered_day", "TEXT"),
        ),
        row=lambda m: (
            m.status,
            m.way,
            m.purpose,
            " ".join(m.parcels),
            m.person,
            m.reason,
            m.day,
            m.answered_day,
        ),
        indexes=(("day",), ("status", "day")),
    ),
)


# --- Rules ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A receiver with her parcels here, of which no message is under way.

    consent_leave, consent_personal: what she answered, `yes`, `no` or `unknown`.
    """

    person: str
    phone: str
    consent_leave: str
    consent_personal: str
    parcels: tuple[str, ...]


def is_mobile(phone: str) -> bool:
    """Tell whether a message can be sent to this number at all."""
    return _MOBILE.fullmatch(re.sub(r"[\s-]", "", phone)) is not None


def why_not_message(addressee: Addressee) -> str:
    """Return why this receiver gets no message, "" when she may.

    Who does not want her number passed on is called by the station itself; and nobody who said
    that her parcels are not to be left here is told to come and fetch them: she is asked.
    """
    if not addressee.phone:
        return NO_PHONE
    if addressee.consent_personal == "no":
        return NOT_TO_GATEWAY
    if addressee.consent_leave == "no":
        return NOT_LEFT_HERE
    return "" if is_mobile(addressee.phone) else NO_MOBILE


def queue_messages(state: Sequence[Addressee], command: QueueMessages, now: Now) -> Decision:
    """Ask for a message to each receiver who may get one; the others are to be told otherwise."""
    assert command.purpose in PURPOSES
    assert command.way in WAYS
    fitting = [one for one in state if not why_not_message(one)]
    if not fitting:
        return Refusal("parcels.NOBODY_TO_MESSAGE")
    return [
        Saying(
            MessageQueued(
                way=command.way,
                purpose=command.purpose,
                parcels=one.parcels[:PARCELS_PER_MESSAGE_MAX],
                person=one.person,
                consent="yes" if one.consent_leave == "yes" else "unknown",
                day=now.day,
            )
        )
        for one in fitting[:ADDRESSEES_MAX]
    ]
