"""One round with the gateway: what it has to say is written down, then what waits is handed over.

Whatever is handed over and cannot be written down is offered again under the same name. A station
whose words the county lacks after its database was put back is left alone: some of its messages may
have gone out already.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from county_server import put_back
from county_server.county import County
from county_server.dashboard.figures import read_places
from county_server.desks.pen import Refused, writing
from county_server.messages import queue
from county_server.messages.gateway import (
    NUMBER_CHARACTERS_MAX,
    OFFERED_MAX,
    Gateway,
    Outgoing,
    Report,
    name_of,
    named,
)
from county_server.messages.queue import Letter
from station_app.journal.fact import Body, Saying
from station_app.services.parcels.message_facts import (
    MessageDelivered,
    MessageRefused,
    MessageSent,
)
from station_app.services.parcels.messages import (
    DELIVERED,
    GATEWAY_REASONS,
    QUEUED,
    REFUSED,
    SENT,
    STATUSES,
    Message,
)
from station_app.values.day import is_day, local_day
from station_app.values.texts import Texts

BY = "gateway"
ROUND_MAX = 2000  # messages of one round: the next one takes the rest


@dataclass(slots=True)
class Round:
    """What a round came to. stopped: stations that were left alone; strange: unknown reports."""

    offered: int = 0
    written: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATUSES[1:], 0))
    dropped: int = 0
    strange: int = 0
    stopped: list[str] = field(default_factory=list)


def run_round(county: County, gateway: Gateway, texts: Texts) -> Round:
    """Do one round. Raises GatewayTrouble; what was written down before that stays."""
    came = Round()
    reports = gateway.reports()
    _take(county, reports, came)
    gateway.seen()
    letters = _waiting(county, came)
    _drop(county, [one for one in letters if one.why_not], came)
    going = [one for one in letters if not one.why_not]
    for first in range(0, len(going), OFFERED_MAX):
        part = going[first : first + OFFERED_MAX]
        said = gateway.send(_outgoing(county, part, texts))
        came.offered += len(part)
        _take(county, said, came)
    return came


def _waiting(county: County, came: Round) -> list[Letter]:
    store, today = county.store, local_day(county.clock.now_ms())
    with store.read() as connection:
        lines = queue.read_messages(store, connection, QUEUED, most=ROUND_MAX)
        stopped = put_back.stopped_stations(
            store, connection, county.keys.epoch, queue.stations_of(lines)
        )
        came.stopped = sorted(stopped)
        return [
            queue.letter_of(store, connection, line, today)
            for line in lines
            if line.station not in stopped
        ]


def _outgoing(county: County, letters: Sequence[Letter], texts: Texts) -> list[Outgoing]:
    with county.store.read() as connection:
        names = {place.code: place.name for place in read_places(connection)}
    return [
        Outgoing(
            name_of(one.line.station, one.line.entity),
            "".join(sign for sign in one.phone if sign.isdigit()),
            queue.text_of(one, names.get(one.line.station, one.line.station), texts),
            one.line.state.way,
        )
        for one in letters
    ]


def _drop(county: County, letters: Sequence[Letter], came: Round) -> None:
    """Say of messages that go to nobody why they do not."""
    today = local_day(county.clock.now_ms())
    for letter in letters:
        body = MessageRefused(reason=letter.why_not, day=today)
        came.dropped += _say(county, letter.line.station, letter.line.entity, body)


def _take(county: County, reports: Sequence[Report], came: Round) -> None:
    """Write down what is new in what the gateway says."""
    for report in reports:
        station, entity = named(report.name)
        body = _body_of(report, local_day(county.clock.now_ms()))
        if not station or body is None or not _is_known(county, station, entity):
            came.strange += 1
            continue
        came.written[report.state] += _say(county, station, entity, body)


def _is_known(county: County, station: str, entity: str) -> bool:
    with county.store.read() as connection:
        state = queue.find(county.store, connection, station, entity)
    return state is not None and bool(state.founder)


def _body_of(report: Report, today: str) -> Body | None:
    if report.state == SENT:
        return MessageSent(number=report.number[:NUMBER_CHARACTERS_MAX], day=today)
    if report.state == DELIVERED:
        reported = report.day if is_day(report.day) else today
        return MessageDelivered(reported_day=reported, day=today)
    if report.state == REFUSED:
        reason = report.reason if report.reason in GATEWAY_REASONS else "not_accepted"
        return MessageRefused(reason=reason, day=today)
    return None


def _say(county: County, station: str, entity: str, body: Body) -> int:
    """Say one answer, unless the same or more is known; return how many were said."""
    with writing(county, station, by=BY, now=county.clock.now_ms()) as pen:
        state = queue.find(county.store, pen.connection, station, entity)
        if state is None or not _is_news(state, body):
            return 0
        try:
            pen.say([Saying(body, entity=entity)])
        except Refused:
            return 0
    return 1


def _is_news(state: Message, body: Body) -> bool:
    said = DELIVERED
    if isinstance(body, MessageSent | MessageRefused):
        said = SENT if isinstance(body, MessageSent) else REFUSED
    return STATUSES.index(said) > STATUSES.index(state.status or QUEUED)
