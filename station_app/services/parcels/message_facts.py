"""What can be said of a message to a receiver: by the gateway of the county (短信, 微信).

The counter asks for it and nothing leaves before the county has it; each answer of the gateway
comes down as a fact of its own. Whom a message goes to, and her number, stand nowhere in here: it
names parcels and a person, and the county looks her up when it hands the message on.
"""

from typing import ClassVar

from station_app.journal.fact import Body


class MessageQueued(Body, frozen=True, kw_only=True):
    """A message to one receiver about her parcels was asked for.

    way: `sms` or `wechat`; purpose: `arrived` or `again` (she has not come);
    parcels: their identities; person: hers, "" when only the label is known.
    consent: what she had answered about leaving parcels at the station: `yes` or `unknown`; the
    message that asks is another one than the message that only says so.
    """

    KIND: ClassVar[str] = "message.queued"
    way: str
    purpose: str
    parcels: tuple[str, ...]
    person: str
    consent: str
    day: str


class MessageSent(Body, frozen=True, kw_only=True):
    """The gateway has taken it. number: its own, "" when it gives none."""

    KIND: ClassVar[str] = "message.sent"
    number: str
    day: str


class MessageDelivered(Body, frozen=True, kw_only=True):
    """It is on her phone, says the gateway. reported_day: the day on which it says that it was."""

    KIND: ClassVar[str] = "message.delivered"
    reported_day: str
    day: str


class MessageRefused(Body, frozen=True, kw_only=True):
    """It did not go, or did not arrive. reason: of the gateway or the county, see `messages`."""

    KIND: ClassVar[str] = "message.refused"
    reason: str
    day: str


FACTS: tuple[type[Body], ...] = (MessageQueued, MessageSent, MessageDelivered, MessageRefused)
FROM_COUNTY: tuple[type[Body], ...] = (MessageSent, MessageDelivered, MessageRefused)
