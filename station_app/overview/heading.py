"""Where and when we are: the words of the top bar and of the lock page."""

from collections.abc import Sequence

from station_app.journal.log import Connection
from station_app.overview.moments import weekday
from station_app.reference.records import station
from station_app.services.people.records import operator_name
from station_app.shell.offers import Tile
from station_app.values.day import local_day, local_time, say_day
from station_app.values.now import Now
from station_app.values.texts import Texts

TILES_ON_LOCK = 3


def station_words(connection: Connection, code: str) -> str:
    """Return 赤眉镇·柳荫洼村电商服务站; the bare code until the county has described it."""
    row = station(connection, code)
    if row is None:
        return code
    return f"{row.township}·{row.name}" if row.township else row.name


def heading_of(connection: Connection, texts: Texts, now: Now) -> tuple[str, str]:
    """Return (where, when and who) for the top bar."""
    day = local_day(now.at)
    moment = f"{say_day(day, day)} {weekday(texts, now.at)}  {local_time(now.at)}"
    name = operator_name(connection, now.operator) if now.operator else ""
    who = texts.say("overview.heading.on_duty", name=name) if name else ""
    if now.day != day:
        booked = texts.say("overview.heading.business_day", day=say_day(now.day, day))
        moment = f"{moment}  {booked}"
    return station_words(connection, now.station), f"{moment}  {who}".strip()


def lock_work_words(connection: Connection, now: Now, texts: Texts, tiles: Sequence[Tile]) -> str:
    """Return how much there is to do, in a row: 23 件待取   6 单到货. No names, no money."""
    words = []
    for tile in sorted(tiles, key=lambda tile: tile.order)[:TILES_ON_LOCK]:
        figures = tile.figures(connection, now, texts)
        if figures.count:
            words.append(f"{figures.count} {figures.unit}")
    return "   ".join(words)
