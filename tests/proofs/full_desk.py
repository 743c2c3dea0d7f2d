"""A counter on a disk that fills up: what the desk says, and that work goes on by itself.

Run inside a name space with a small disk mounted on FOLDER (see test_full_desk.py).
"""

import json
import sys
from pathlib import Path

from station_app.journal.recorder import new_ticket
from station_app.journal.store import open_reader
from station_app.journal.verify import verify
from station_app.services.parcels.commands import ShelveParcel
from station_app.shell.desk import Done, Trouble
from station_app.vocabulary import VOCABULARY
from tests.proofs.kit import KEY, SeededChance, database, furnish, open_furnished

ACTS_MAX = 20_000


def main() -> int:
    """Fill the disk, work until the desk says so, make room, work on; print what happened."""
    folder = Path(sys.argv[1])
    data = folder / "data"
    furnish(data)
    here = open_furnished(data, seed=1)
    chance = SeededChance(2)
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        while (free := _free(folder)) > 256 * 1024:
            file.write(bytes(min(64 * 1024, free)))
            file.flush()
    done: list[str] = []
    trouble = None
    number = 0
    while trouble is None and number < ACTS_MAX:
        number += 1
        ticket = new_ticket(chance)
        command = ShelveParcel(courier="ZTO", waybill=f"73{number:012}", tail="6001")
        command = _crowding(command)
        outcome = here.desk.settle(command, ticket=ticket)
        if isinstance(outcome, Done):
            done.append(ticket)
        elif isinstance(outcome, Trouble):
            trouble = outcome
        else:
            raise TypeError(str(outcome))
    on_reserve = not (data / "reserve.bin").exists()
    ballast.unlink()
    again = here.desk.settle(command, ticket=ticket)
    here.close()
    reader = open_reader(database(data), KEY)
    held = {row[0] for row in reader.execute("SELECT ticket FROM tickets").fetchall()}
    report = verify(reader, VOCABULARY)
    print(
        json.dumps(
            {
                "done": len(done),
                "trouble": trouble.text_key if trouble else "",
                "reserve_was_used": on_reserve,
                "same_ticket_after_room": isinstance(again, Done),
                "missing": len(set(done) - held),
                "sound": report.is_sound,
            }
        )
    )
    return 0


def _crowding(command: ShelveParcel) -> ShelveParcel:
    return ShelveParcel(
        courier=command.courier,
        waybill=command.waybill,
        tail=command.tail,
        shelf="A",
        layer=1,
        may_crowd=True,
    )


def _free(folder: Path) -> int:
    import os

    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize


if __name__ == "__main__":
    sys.exit(main())
