"""`messages pass-on`: one round with the gateway; a timer runs it as often as messages may wait."""

import argparse
from pathlib import Path
from typing import Any

from county_server.command_groups import Open, Say, group_of
from county_server.county import County
from county_server.messages.by_file import FileGateway
from county_server.messages.by_http import HttpGateway
from county_server.messages.gateway import Gateway, GatewayTrouble
from county_server.messages.passing_on import run_round
from station_app.resources_dir import load_texts


class NotPassedOn(ValueError):
    """The round broke off; the argument is the sentence."""


def add_parser(commands: Any, open_county: Open, say: Say) -> None:
    """Add the group of commands. open_county: opens what the options name; say: prints."""
    add = group_of(commands, "messages", "Messages to villagers.", open_county, say)
    one = add("pass-on", pass_on, "Take the gateway's answers in and hand over what waits.")
    where = one.add_mutually_exclusive_group(required=True)
    where.add_argument("--folder", type=Path, metavar="DIR", help="the gateway is this folder")
    where.add_argument("--url", metavar="URL", help="the gateway answers below this address")
    one.add_argument(
        "--token-file", type=Path, metavar="FILE", help="what the gateway knows the county by"
    )


def pass_on(options: argparse.Namespace, county: County, say: Say) -> int:
    """Do one round and print what it came to, without a name or a number."""
    try:
        came = run_round(county, _gateway(options), load_texts())
    except GatewayTrouble as problem:
        raise NotPassedOn(f"the gateway: {problem}") from problem
    said = {
        "offered": came.offered,
        "dropped": came.dropped,
        "strange": came.strange,
        "stopped": came.stopped,
        **came.written,
    }
    lines = [f"{came.offered} messages were handed over, {came.dropped} go to nobody any more."]
    lines.append(", ".join(f"{count} {state}" for state, count in came.written.items()))
    if came.strange:
        lines.append(f"{came.strange} reports are about no message of ours.")
    if came.stopped:
        lines.append(f"Nothing is sent for {', '.join(came.stopped)}: see put-back status.")
    say(options, said, *lines)
    return 0


def _gateway(options: argparse.Namespace) -> Gateway:
    if options.folder is not None:
        return FileGateway(options.folder)
    token = options.token_file.read_text("utf-8").strip() if options.token_file else ""
    return HttpGateway(options.url, token)
