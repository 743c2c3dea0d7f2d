"""What was said of a villager's assistance: for the manager's panel and for the rule, no list."""

from collections.abc import Sequence

import msgspec

from station_app.journal.log import Connection
from station_app.services.people.assist import ASSIST, Assist, Known
from station_app.services.people.commands import RecordAssist
from station_app.services.people.records import names_of, person_state
from station_app.values.now import Now

_assist = msgspec.json.Decoder(Assist).decode


def assist_of(connection: Connection, names: Sequence[str]) -> Assist:
    """Return what was said last of a villager, under whichever of her records."""
    found = [
        _assist(data)
        for name in names
        for (data,) in connection.execute(
            "SELECT s.data FROM assists a JOIN states s ON s.kind = ? AND s.entity = a.entity "
            "WHERE a.person = ?",
            (ASSIST.name, name),
        ).fetchall()
    ]
    return max((one for one in found if one.status), key=lambda one: one.day, default=Assist())


def gather_assist(connection: Connection, command: RecordAssist, _now: Now) -> Known:
    """Return a villager with what was said of her."""
    said = assist_of(connection, names_of(connection, command.person))
    person = person_state(connection, command.person)
    return Known(person is not None, bool(person and person.is_erased), said.status)
