"""`waybills give`: a block of numbers for a PC, without the page; checked by the same rules."""

import argparse
from typing import Any

from sqlalchemy import select

from county_server.command_groups import Open, Say, group_of
from county_server.county import County
from county_server.cut_off import is_cut_off
from county_server.desks.pen import Refused, writing
from county_server.desks.waybills import stocks
from station_app.journal.fact import Saying
from station_app.resources_dir import load_texts
from station_app.services.sending.facts import WaybillsGranted
from station_app.values.day import local_day


class NotGiven(ValueError):
    """Nothing was given; the argument is the sentence."""


def add_parser(commands: Any, open_county: Open, say: Say) -> None:
    """Add the group of commands. open_county: opens what the options name; say: prints."""
    add = group_of(commands, "waybills", "Numbers of parcels that are sent.", open_county, say)
    one = add("give", give, "Give a PC a block of numbers; they are its own for ever.")
    one.add_argument("station", metavar="STATION")
    one.add_argument("device", metavar="DEVICE", help="D1")
    one.add_argument("--courier", required=True, metavar="CODE")
    one.add_argument("--prefix", default="", help="letters before the digits")
    one.add_argument("--first", required=True, metavar="DIGITS", help="the first, all its digits")
    one.add_argument("--count", type=int, default=stocks.COUNT_USUAL)


def give(options: argparse.Namespace, county: County, say: Say) -> int:
    """Give the block, or say why not."""
    if not (options.first.isascii() and options.first.isdigit()):
        raise NotGiven(f"{options.first!r} are no digits")
    body = WaybillsGranted(
        device=options.device,
        courier=options.courier,
        prefix=options.prefix.upper(),
        first=int(options.first),
        count=options.count,
        width=len(options.first),
        day=local_day(county.clock.now_ms()),
    )
    try:
        _say(county, options.station, body)
    except Refused as refused:
        why = load_texts().say(f"county.refusal.{refused.reason}", **refused.slots)
        raise NotGiven(f"{refused.reason}: {why}") from refused
    told = {"station": options.station, "device": body.device, "count": body.count}
    say(options, told, f"{body.count} numbers for {options.station}/{body.device}.")
    return 0


def _say(county: County, station: str, body: WaybillsGranted) -> None:
    with writing(county, station, by="server", now=county.clock.now_ms()) as pen:
        keys = county.store.tables.keys.c
        known = pen.connection.execute(
            select(keys.station).where(keys.station == station, keys.device == body.device)
        ).first()
        if known is None or is_cut_off(county.store, pen.connection, station, body.device):
            raise Refused("no_station")
        couriers = stocks.couriers_of(pen.connection, local_day(pen.now))
        courier = next((one for one in couriers if one.code == body.courier), None)
        wrong = stocks.wrong_block(body, courier, stocks.read_stocks(county.store, pen.connection))
        if wrong:
            raise Refused(wrong)
        pen.say([Saying(body)])
