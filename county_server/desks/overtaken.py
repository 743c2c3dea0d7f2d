"""Who was quicker: the last word on a thing when a stale page was posted, beside what was typed.

Nothing of the stale page is written. Its reader sees at once who said what meanwhile, and lays her
own beside it, instead of looking for the difference.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from county_server.desks.desk import Desk
from county_server.desks.pen import last_of
from county_server.staff.accounts import NoSuchAccount, StaffBook
from station_app.journal.fact import device_of, is_from_county
from station_app.values.said import say_field, say_value

UNSAID = ("answers", "day", "slip")  # of a body: says nothing to a reader, or stands elsewhere


@dataclass(frozen=True, slots=True)
class Overtaken:
    """What somebody else said last. who: name or PC, "" for nobody known; parts: in words.

    typed: (field, words) that stand in the form which came too late.
    """

    at: int
    who: str
    kind: str
    parts: tuple[tuple[str, str], ...]
    typed: tuple[tuple[str, str], ...] = ()


def overtaken(  # noqa: PLR0913 - what is compared is one thing of one station, and the form
    desk: Desk,
    connection: Connection,
    station: str,
    kind: str,
    entity: str,
    typed: Mapping[str, str],
) -> Overtaken | None:
    """Return what was said last about a thing; None if there is nothing."""
    texts, f = desk.frame.texts, desk.county.store.tables.facts.c
    last = last_of(desk.county, connection, station, kind, entity)
    row = connection.execute(
        select(f.at, f.by_, f.stream, f.kind, f.body).where(
            f.station == station, f.identity == last
        )
    ).first()
    if row is None:
        return None
    at, by, stream, said, body = row
    tree = msgspec.json.decode(bytes(body))
    named = {name: value for name, value in tree.items() if name not in UNSAID and value != ""}
    return Overtaken(
        int(at),
        _who(desk, connection, str(by), str(stream)),
        str(said),
        tuple((say_field(texts, n), say_value(texts, n, v)) for n, v in named.items()),
        tuple(
            (texts.say(f"county.typed.{name}"), words)
            for name, words in typed.items()
            if words and texts.has(f"county.typed.{name}")
        ),
    )


def _who(desk: Desk, connection: Connection, by: str, stream: str) -> str:
    """Return the clerk by name and code, or the PC of the station."""
    if not is_from_county(stream):
        return desk.frame.texts.say("county.compare.station", device=device_of(stream).lstrip("D"))
    try:
        name = StaffBook(desk.county.store, connection).find(by).member.name
    except NoSuchAccount:
        return by
    return f"{name}（{by}）"
