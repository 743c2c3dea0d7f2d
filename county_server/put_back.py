"""A county that was put back pays, buys and sends nothing for a station it cannot see whole.

Its own words are among what was lost: that a bill was paid, goods were bought, money went down.
The stations hold them and bring them back. Until all is here again that was ever given out to a
station (the highest heads lie with the keys), nobody may say there what takes money out once more;
or a clerk has looked and releases the station, since what was given out and reached no PC never
comes back.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from county_server.journal import CountyJournal
from county_server.keys import Epoch
from county_server.revoking import REMARK_CHARACTERS_MAX
from county_server.schema import EVERYBODY
from county_server.store import Store
from station_app.journal.fact import Saying
from station_app.journal.kinds import PaymentsReleased, RulingRemark
from station_app.sync.segment import COUNTY
from station_app.vocabulary import PAYING


class PaymentsStopped(Exception):
    """The county was put back and lacks words of its own about this station."""

    def __init__(self, station: str) -> None:
        """Name the station."""
        super().__init__(station)
        self.station = station


class NothingStopped(ValueError):
    """This station is not stopped, or no reason was given; `reason` is a key of the texts."""

    def __init__(self, reason: str) -> None:
        """Say why."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Lacking:
    """A stream of the county that is not whole. given: how far it was given out; held: is here."""

    stream: str
    given: int
    held: int


def lacking(store: Store, connection: Connection, epoch: Epoch, station: str) -> list[Lacking]:
    """Return which of the county's streams that a station reads are not whole."""
    journal = CountyJournal(store, connection)
    found = []
    for stream, given in sorted(epoch.given.items()):
        if stream.partition("/")[2] not in (EVERYBODY, station) or _is_present(stream, epoch):
            continue
        if journal.identity_at(stream, given.seq) != given.identity:
            found.append(Lacking(stream, given.seq, journal.head(stream).to))
    return found


def stopped(store: Store, connection: Connection, epoch: Epoch, station: str) -> list[Lacking]:
    """Return what lacks of a station for which nothing is paid; empty where all may go on."""
    if epoch.number == 1:
        return []
    found = lacking(store, connection, epoch, station)
    return [] if found and _is_released(store, connection, epoch, station) else found


def stopped_stations(
    store: Store, connection: Connection, epoch: Epoch, stations: Iterable[str]
) -> dict[str, list[Lacking]]:
    """Return the stations for which nothing is paid, with what lacks."""
    if epoch.number == 1:
        return {}
    found = {code: stopped(store, connection, epoch, code) for code in stations}
    return {code: lacks for code, lacks in found.items() if lacks}


def check(
    store: Store, connection: Connection, epoch: Epoch, audience: str, sayings: Iterable[Saying]
) -> None:
    """Raise PaymentsStopped where something of this would take money out and may not."""
    is_paying = any(saying.body.KIND in PAYING for saying in sayings)
    if epoch.number > 1 and is_paying and stopped(store, connection, epoch, audience):
        raise PaymentsStopped(audience)


def release(  # noqa: PLR0913 - what a clerk fills in
    store: Store,
    connection: Connection,
    epoch: Epoch,
    station: str,
    *,
    remark: str,
    day: str,
) -> list[Saying]:
    """Return what releases a station; raises NothingStopped."""
    if not remark.strip():
        raise NothingStopped("remark")
    if not stopped(store, connection, epoch, station):
        raise NothingStopped("stale")
    body = PaymentsReleased(station=station, county_epoch=epoch.number, day=day)
    return [Saying(body, RulingRemark(remark=remark.strip()[:REMARK_CHARACTERS_MAX]))]


def _is_present(stream: str, epoch: Epoch) -> bool:
    return stream.startswith(f"{COUNTY}.{epoch.number}/")


def _is_released(store: Store, connection: Connection, epoch: Epoch, station: str) -> bool:
    facts = store.tables.facts.c
    rows = connection.execute(
        select(facts.body).where(facts.station == station, facts.kind == PaymentsReleased.KIND)
    )
    said = (msgspec.json.decode(bytes(row[0]), type=PaymentsReleased) for row in rows)
    return any(one.county_epoch == epoch.number for one in said)
