"""The first keys of the demo, struck in the open window: who works here, the PIN, the float.

Whoever tries the program on a screen would otherwise have to make up an operator before the first
scan. The keys are those of a `.day` script and go the same way as a hand's; then the window belongs
to whoever sits before it.
"""

import sys

from station_app.app import Program
from station_app.overview.sign_in import colleagues
from station_app.resources_dir import resources
from station_app.tour.player import Player, Stage, StepFailed
from station_app.tour.script import parse

FIRST, AGAIN = "opening.day", "opening-again.day"  # for a new station, and for one with operators


def act_out(program: Program) -> None:
    """Strike the keys, and say on standard error where they did not lead."""
    known = program.premises.desk.read(colleagues)
    script = resources() / "demo" / (AGAIN if known else FIRST)
    player = Player(_stage(program), program.premises.folder)
    try:
        player.play(parse(script.read_text("utf-8")))
    except StepFailed as problem:
        sys.stderr.write(f"{script.name}: {problem}\n")
    finally:
        player.leave()


def _stage(program: Program) -> Stage:
    def no_such_step(_: object) -> None:
        raise StepFailed("clock and line are the machine's own here")

    return Stage(
        window=program.window,
        is_quiet=program.is_quiet,
        set_clock=no_such_step,
        line=no_such_step,
        printed=program.is_quiet,
        synced=program.has_synced,
    )
