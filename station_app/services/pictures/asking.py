"""Which rule decides which command: what this slice hands to the desk."""

from typing import Any

from station_app.journal.log import Connection
from station_app.services.pictures.commands import KeepPicture
from station_app.services.pictures.rules import keep_picture
from station_app.shell.desk import Rule
from station_app.values.now import Now


def _nothing_to_see(_connection: Connection, _command: KeepPicture, _now: Now) -> None:
    return None


RULES: tuple[Rule[Any, Any], ...] = (Rule(KeepPicture, _nothing_to_see, keep_picture),)
