"""`put-back status|release`: after a database was put back, for which stations nothing is paid."""

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from county_server import put_back
from county_server.command_groups import Open, Say, group_of
from county_server.county import County
from county_server.put_back import Lacking, NothingStopped
from county_server.scribe import Scribe
from station_app.values.day import local_day

BY = "server"
NAMED_MAX = 3  # stations of one line; of more their number
SENTENCES = {"remark": "say why, with --remark", "stale": "nothing is stopped for this station"}


class NotReleased(ValueError):
    """A station could not be released; the argument is the sentence."""


def add_parser(commands: Any, open_county: Open, say: Say) -> None:
    """Add the group of commands. open_county: opens what the options name; say: prints."""
    sentence = "After a database was put back: what lacks, and letting a station be paid again."
    add = group_of(commands, "put-back", sentence, open_county, say)
    add("status", show, "Print the stations for which nothing is paid, and what lacks.")
    freed = add("release", release, "Pay again for a station although something lacks.")
    freed.add_argument("station", metavar="STATION")
    freed.add_argument("--remark", required=True, help="how it was looked into, in a sentence")


def show(options: argparse.Namespace, county: County, say: Say) -> int:
    """Print what is stopped."""
    with county.store.read() as connection:
        stations = county.store.tables.read["station"].c
        codes = [row[0] for row in connection.execute(select(stations.code).distinct())]
        found = put_back.stopped_stations(
            county.store, connection, county.keys.epoch, sorted(codes)
        )
    rows = [
        {"station": code, "stream": one.stream, "given": one.given, "held": one.held}
        for code, lacks in found.items()
        for one in lacks
    ]
    say(options, rows, *(in_lines(found) or ["Nothing is stopped."]))
    return 0


def in_lines(found: Mapping[str, Sequence[Lacking]]) -> list[str]:
    """Return a line for each stream that lacks: what all stations read lacks for each of them."""
    whose: dict[Lacking, list[str]] = {}
    for code, lacks in found.items():
        for one in lacks:
            whose.setdefault(one, []).append(code)
    return [
        f"{', '.join(codes) if len(codes) <= NAMED_MAX else f'{len(codes)} stations'}: "
        f"{one.stream} is here up to {one.held} of {one.given}"
        for one, codes in whose.items()
    ]


def release(options: argparse.Namespace, county: County, say: Say) -> int:
    """Release a station."""
    now = county.clock.now_ms()
    try:
        with county.store.write() as connection:
            said = put_back.release(
                county.store,
                connection,
                county.keys.epoch,
                options.station,
                remark=options.remark,
                day=local_day(now),
            )
            scribe = Scribe(county.store, connection, county.keys, county.chance)
            scribe.say(options.station, said, by=BY, at=now)
            scribe.seal()
    except NothingStopped as problem:
        raise NotReleased(SENTENCES[problem.reason]) from problem
    say(options, {"station": options.station}, f"{options.station} is paid for again.")
    return 0
