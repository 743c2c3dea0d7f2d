"""What is kept of villagers only for a while, and goes by itself when that is over.

A parcel's label, who took it and how she signed are needed as long as somebody may ask for it; a
whole phone number shorter. Each day the PC looks for what is older than the county's settings say,
and orders its removal like any erasure: everywhere, for ever, also in backups that are put back.
Money, places and days stay. A few at a time, so that nobody at the counter waits.

What goes for ever is not left to a clock that nobody has looked at: the day is never later than
that of the county's newest word that is held here, by line or by stick.
"""

import json

from station_app.journal.fact import Saying, is_from_county
from station_app.journal.kinds import PrivateErased
from station_app.journal.log import Connection, FactLog
from station_app.journal.recorder import Recorder, new_ticket
from station_app.journal.watches import living
from station_app.premises import Premises
from station_app.reference.records import read_setting
from station_app.reference.settings import KEEP_NAMES_DAYS, KEEP_PHONES_DAYS
from station_app.services.parcels.retention_records import closed_long_ago
from station_app.services.sending.retention_records import sent_long_ago
from station_app.shell.desk import Done
from station_app.values.day import add_days, local_day
from station_app.vocabulary import VOCABULARY

TAGS_DAYS = 90  # of an erasure: what a PC wrote before it and brings later is not found any more
AT_ONCE = 40  # parcels: some tens of milliseconds of the one writer


def sure_day(connection: Connection, now_ms: int) -> str:
    """Return the day that it is at least, "" while the county has said nothing."""
    heads = (head for head in FactLog(connection).heads() if is_from_county(head.stream))
    said = connection.execute(
        "SELECT max(f.at) FROM json_each(?) j JOIN facts f ON f.identity = j.value",
        (json.dumps([head.identity for head in heads]),),
    ).fetchone()[0]
    return local_day(min(now_ms, said)) if said else ""


def due(connection: Connection, station: str, day: str) -> tuple[str, ...]:
    """Return the facts whose private part is to go on a day."""
    if not day:
        return ()
    names_before = add_days(day, -int(read_setting(connection, KEEP_NAMES_DAYS, station, day)))
    phones_before = add_days(day, -int(read_setting(connection, KEEP_PHONES_DAYS, station, day)))
    facts = closed_long_ago(
        connection, names_before=names_before, phones_before=phones_before, most=AT_ONCE
    )
    tags_before = add_days(day, -TAGS_DAYS)
    watched = living(connection, VOCABULARY)
    tags = [one.identity for one in watched if one.told.body.day < tags_before][:AT_ONCE]
    return (*facts, *sent_long_ago(connection, before=names_before, most=AT_ONCE), *tags)


def forget_if_due(premises: Premises) -> Done | None:
    """Order the removal of what is due, in the writing thread; None when nothing is."""
    at, station = premises.clock.now_ms(), premises.enrolment.station

    def work(recorder: Recorder) -> Done | None:
        day = sure_day(recorder.connection, at)
        facts = due(recorder.connection, station, day)
        if not facts:
            return None
        ticket = new_ticket(premises.chance)
        act = recorder.open_act(ticket, by="", at=at)
        act.say(Saying(PrivateErased(persons=(), facts=tuple(sorted(facts)), day=day)))
        batch = act.close()
        return Done(ticket, tuple(batch.told), tuple(batch.changes))

    return premises.session.write(work)
