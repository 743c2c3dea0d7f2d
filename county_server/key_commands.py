"""`county-key status|announce|take-up|replace`: the county's signing key, by command.

A change takes two commands with time between them, so that the PCs which have a line know the new
key before anything is signed with it; the others are answered with the key that they believe.
"""

import argparse
from collections.abc import Callable
from typing import Any

from county_server.app import SystemChance
from county_server.county import County
from county_server.key_change import announce, ask_for_new_key, standing, take_up
from county_server.keys import NoCounty, replace_lost_key

Open = Callable[[argparse.Namespace], County]
Say = Callable[..., None]
PCS_SHOWN = 20


def add_parser(commands: Any, open_county: Open, say: Say) -> None:
    """Add the group of commands. open_county: opens what the options name; say: prints."""
    sentence = "Renew the county's signing key."
    group = commands.add_parser("county-key", help=sentence, description=sentence)
    acts = group.add_subparsers(dest="act", required=True, metavar="ACT")

    def add(name: str, run: Callable[[argparse.Namespace], int], sentence: str) -> Any:
        command = acts.add_parser(name, help=sentence, description=sentence)
        command.set_defaults(run=run)
        command.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
        return command

    def with_county(
        run: Callable[[argparse.Namespace, County], int],
    ) -> Callable[[argparse.Namespace], int]:
        def opened(options: argparse.Namespace) -> int:
            county = open_county(options)
            try:
                return run(options, county)
            finally:
                county.close()

        return opened

    def show(options: argparse.Namespace, county: County) -> int:
        now = standing(county)
        shown = {
            "in_use": now.in_use,
            "newest": now.newest,
            "newest_id": now.newest_id,
            "unaware": list(now.unaware),
        }
        lines = [f"Key {now.in_use} signs; the newest is {now.newest} ({now.newest_id})."]
        if now.newest > 1:
            few = ", ".join(now.unaware[:PCS_SHOWN])
            unheard = f"It was not named yet by {len(now.unaware)} of them: {few}"
            lines.append(unheard if few else "Every PC has named it.")
        say(options, shown, *lines)
        return 0

    def announced(options: argparse.Namespace, county: County) -> int:
        number = announce(county)
        sentence = f"Key {number} is announced. Back the folder `keys` up before it is taken up."
        say(options, {"number": number}, sentence)
        return 0

    def taken_up(options: argparse.Namespace, county: County) -> int:
        number = take_up(county)
        say(options, {"number": number}, f"Key {number} signs from now on.")
        return 0

    def replaced(options: argparse.Namespace) -> int:
        try:
            number = replace_lost_key(options.data, SystemChance())
        except NoCounty as problem:
            raise NoCounty(f"no list of public keys is left: {problem}") from problem
        open_county(options).close()
        sentence = f"Key {number} signs from now on. No PC believes it: enrol each anew."
        say(options, {"number": number}, sentence)
        return 0

    add("status", with_county(show), "Print which key signs, and which PCs do not know the newest.")
    add("announce", with_county(announced), "Make the next key and tell all stations.")
    add("take-up", with_county(taken_up), "Sign with the announced key from now on.")
    add("replace", replaced, "The seed is lost: make a key that no PC believes yet.")


def ask_pc(options: argparse.Namespace, county: County, say: Say) -> int:
    """`device renew-key STATION DEVICE`: ask a PC to renew its key at the next contact."""
    ask_for_new_key(county, options.station, options.device)
    said = {"station": options.station, "device": options.device}
    say(options, said, f"{options.device} of {options.station} renews its key at its next contact.")
    return 0
