"""From whom the county has heard, and what they were still holding back then."""

from sqlalchemy import Connection, func, select

from county_server.asking import ask
from county_server.bulk import put_rows
from county_server.dashboard.rows import Contact
from county_server.store import Store
from station_app.sync import messages


def heard_from(store: Store, connection: Connection) -> list[Contact]:
    """Return one line per PC that was ever enrolled; of who never spoke the time is 0."""
    keys, contacts, streams = store.tables.keys, store.tables.contacts, store.tables.streams
    held = connection.execute(
        select(streams.c.author, func.sum(streams.c.length)).group_by(streams.c.author)
    )
    facts_of = {row[0]: int(row[1]) for row in held}
    rows = connection.execute(
        select(keys.c.station, keys.c.device, contacts.c.at, contacts.c.waiting)
        .outerjoin(
            contacts,
            (contacts.c.station == keys.c.station) & (contacts.c.device == keys.c.device),
        )
        .order_by(keys.c.station, keys.c.device)
    )
    return [
        Contact(
            station=station,
            device=device,
            last_heard_at=at or 0,
            waiting=waiting or 0,
            facts_held=facts_of.get(f"{station}/{device}", 0),
        )
        for station, device, at, waiting in rows
    ]


def note_whole(store: Store, connection: Connection, opening: messages.Opening) -> None:
    """Keep where a PC first says in its live stream that nothing of its station lacks there."""
    if opening.stage != messages.WHOLE:
        return
    live = f"{opening.device}/{opening.epoch}"
    seq, mark = next(((t.seq, t.mark) for t in opening.tips if t.stream == live), (0, ""))
    row = {"station": opening.device.rpartition("/")[0], "stream": live, "seq": seq, "mark": mark}
    put_rows(connection, store.upsert(store.tables.said_whole, keeps=True), [row])


def heard_of(store: Store, connection: Connection, station: str) -> tuple[messages.Contact, ...]:
    """Return when each PC of one station was last heard, for its siblings."""
    rows = ask(connection, store.questions.contacts, {"at": station})
    return tuple(messages.Contact(*row) for row in rows)
