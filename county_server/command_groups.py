"""Groups of commands at the server that open the county for the time of one command."""

import argparse
from collections.abc import Callable
from typing import Any, Protocol

from county_server.county import County

Open = Callable[[argparse.Namespace], County]
Say = Callable[..., None]
Run = Callable[[argparse.Namespace, County, Say], int]


class Add(Protocol):
    """Adds a command to a group and returns its parser."""

    def __call__(self, name: str, run: Run, sentence: str, /) -> Any:
        """Add it. run: gets the options, the open county, what prints; returns the exit status."""
        ...


def group_of(commands: Any, name: str, sentence: str, open_county: Open, say: Say) -> Add:
    """Add a group and return what adds commands to it.

    open_county: opens what the options name; say: prints.
    """
    group = commands.add_parser(name, help=sentence, description=sentence)
    acts = group.add_subparsers(dest="act", required=True, metavar="ACT")

    def add(act: str, run: Run, words: str) -> Any:
        def opened(options: argparse.Namespace) -> int:
            county = open_county(options)
            try:
                return run(options, county, say)
            finally:
                county.close()

        command = acts.add_parser(act, help=words, description=words)
        command.set_defaults(run=opened)
        command.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
        return command

    return add
