"""`device list|revoke|branches|accept|refuse`: PCs and what they say beyond a cut, by command.

Whoever sits at the server decides alone; the fact says `server`, and the auditor's page lists it.
"""

import argparse
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from county_server.command_groups import Open, Say, group_of
from county_server.county import County
from county_server.cut_off import is_cut_off
from county_server.key_commands import ask_pc
from county_server.letting_in import Call, answer
from county_server.revoking import (
    REASONS,
    NotDecided,
    Waiting,
    revocation,
    settlement,
    waiting,
    waiting_acts,
)
from county_server.scribe import Scribe
from station_app.journal.fact import Saying
from station_app.journal.kinds import DeviceRevoked
from station_app.values.day import local_day
from station_app.values.money import say_yuan

BY = "server"
SENTENCES = {
    "no_such_device": "the county knows no such PC",
    "revoked_already": "this PC was cut off already",
    "challenge": "these are not eight digits that such a PC shows: let them be read out again",
    "remark": "say why, with --remark",
    "stale": "nothing waits there",
    "branch_parent": "it goes on from a version that waits: decide about that one first",
    "undone_twice": "it undoes an act that is undone already: accept it up to before that act",
    "branch_too_long": "too many acts at once: accept it up to an earlier one first, then the rest",
    "branch_upto": "no act ends at that fact: see `device branches STATION STREAM`",
}


def add_parser(commands: Any, open_county: Open, say: Say) -> None:
    """Add the group of commands. open_county: opens what the options name; say: prints."""
    sentence = "List PCs, cut one off, decide what counts of what it said later."
    add = group_of(commands, "device", sentence, open_county, say)
    add("list", list_devices, "Print every PC, and whether it was cut off.")
    cut = add("revoke", revoke, "Cut a lost or stolen PC off at what the county holds of it.")
    cut.add_argument("station", metavar="STATION")
    cut.add_argument("device", metavar="DEVICE", type=str.upper, help="as D2")
    cut.add_argument("--reason", required=True, choices=REASONS)
    cut.add_argument("--remark", required=True, help="why, in a sentence")
    let_in = add(
        "answer", answer_call, "Answer a locked-out operator who rings: eight digits back."
    )
    let_in.add_argument("station", metavar="STATION")
    let_in.add_argument("device", metavar="DEVICE", type=str.upper, help="as D2")
    let_in.add_argument("challenge", metavar="DIGITS", help="the eight digits that are read out")
    asked = add("renew-key", ask_pc, "Ask a PC to renew its key at its next contact.")
    asked.add_argument("station", metavar="STATION")
    asked.add_argument("device", metavar="DEVICE", type=str.upper, help="as D2")
    shown = add("branches", branches, "Print what waits for a decision, with its sum.")
    shown.add_argument("station", metavar="STATION", nargs="?", default="")
    shown.add_argument("stream", metavar="STREAM", nargs="?", default="", help="print its acts")
    for name, is_accepted, sentence in (
        ("accept", True, "Let a stream count up to an act, and no further."),
        ("refuse", False, "Leave a stream out up to an act: it was looked at."),
    ):
        command = add(name, _deciding(is_accepted=is_accepted), sentence)
        command.add_argument("station", metavar="STATION")
        command.add_argument("stream", metavar="STREAM")
        command.add_argument("--upto", type=int, default=0, metavar="SEQ", help="default: its end")
        command.add_argument("--remark", required=True, help="why, in a sentence")


def list_devices(options: argparse.Namespace, county: County, say: Say) -> int:
    """Print every PC."""
    keys = county.store.tables.keys.c
    with county.store.read() as connection:
        rows = connection.execute(
            select(keys.station, keys.device, keys.slot).order_by(keys.station, keys.device)
        ).all()
        found = [
            {
                "station": row[0],
                "device": row[1],
                "slot": row[2],
                "is_cut_off": is_cut_off(county.store, connection, row[0], row[1]),
            }
            for row in rows
        ]
    lines = [
        f"{one['station']} {one['device']} slot {one['slot']}"
        + (" (cut off)" if one["is_cut_off"] else "")
        for one in found
    ]
    say(options, found, *lines)
    return 0


def revoke(options: argparse.Namespace, county: County, say: Say) -> int:
    """Cut a PC off."""
    station, device = options.station, options.device
    with county.store.read() as connection:
        sayings = _said(
            lambda: revocation(
                county.store,
                connection,
                station,
                device,
                reason=options.reason,
                remark=options.remark,
                day=local_day(county.clock.now_ms()),
            )
        )
    _write(county, station, sayings)
    ends = sum(len(s.body.ends) for s in sayings if isinstance(s.body, DeviceRevoked))
    said = {"station": station, "device": device, "reason": options.reason, "streams": ends}
    sentence = f"{device} of {station} is cut off: what it says beyond {ends} streams waits."
    say(options, said, sentence)
    return 0


def answer_call(options: argparse.Namespace, county: County, say: Say) -> int:
    """Print the eight digits to read out, and note that they were given."""
    call = Call(options.station, options.device, options.challenge)
    try:
        with county.store.read() as connection:
            day = local_day(county.clock.now_ms())
            digits, saying = answer(county, connection, call, day)
    except NotDecided as problem:
        raise NotDone(SENTENCES.get(problem.reason, problem.reason)) from problem
    _write(county, options.station, [saying])
    say(options, {"answer": digits}, f"Read out: {digits[:4]} {digits[4:]}")
    return 0


def branches(options: argparse.Namespace, county: County, say: Say) -> int:
    """Print what waits."""
    with county.store.read() as connection:
        found = waiting(county.store, connection, options.station)
        if options.stream:
            of = [one for one in found if one.line == options.stream]
            acts = [act for one in of for act in waiting_acts(county.store, connection, one)]
            rows = [
                {"upto": act.last, "kinds": list(act.kinds), "money_fen": act.money_fen}
                for act in acts
            ]
            lines = [
                f"--upto {act.last}: {' '.join(act.kinds)} {say_yuan(act.money_fen)}"
                for act in acts
            ]
            say(options, rows, *lines)
            return 0
    rows = [_row(one) for one in found]
    lines = [_line(one) for one in found]
    say(options, rows, *lines)
    return 0


def _row(one: Waiting) -> dict[str, object]:
    return {
        "station": one.station,
        "stream": one.line,
        "facts": one.facts,
        "acts": one.acts,
        "money_fen": one.money_fen,
        "is_cut": one.is_cut,
        "is_refused": one.is_refused,
        "is_version": one.is_version,
    }


def _line(one: Waiting) -> str:
    why = "cut off" if one.is_cut else "another version"
    settled = ", refused" if one.is_refused else ""
    sums = f"{one.acts} acts, {one.facts} facts, {say_yuan(one.money_fen)}"
    return f"{one.station} {one.line}: {sums} ({why}{settled})"


def _deciding(*, is_accepted: bool) -> Callable[[argparse.Namespace, County, Say], int]:
    def decide(options: argparse.Namespace, county: County, say: Say) -> int:
        station, line = options.station, options.stream
        with county.store.read() as connection:
            found = [one for one in waiting(county.store, connection, station) if one.line == line]
            upto = options.upto or (found[0].last if found else 0)
            sayings = _said(
                lambda: settlement(
                    county.store,
                    connection,
                    station,
                    line,
                    upto=upto,
                    is_accepted=is_accepted,
                    remark=options.remark,
                    day=local_day(county.clock.now_ms()),
                )
            )
        _write(county, station, sayings)
        said = {"station": station, "stream": line, "upto": upto, "is_accepted": is_accepted}
        verb = "counts" if is_accepted else "is left out"
        say(options, said, f"{line} of {station} {verb} up to fact {upto}.")
        return 0

    return decide


class NotDone(ValueError):
    """A command could not be carried out; the argument is the sentence."""


def _said(make: Callable[[], list[Saying]]) -> list[Saying]:
    try:
        return make()
    except NotDecided as problem:
        raise NotDone(SENTENCES.get(problem.reason, problem.reason)) from problem


def _write(county: County, station: str, sayings: list[Saying]) -> None:
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say(station, sayings, by=BY, at=county.clock.now_ms())
        scribe.seal()
