"""The kill loop: a real writer is killed in the middle of its work, again and again.

The writer runs in a process of its own and says through a pipe which acts the desk has called
done. The oracle lives outside of it: after each SIGKILL it opens the data folder and looks for
every act that was ever acknowledged. It cannot tell a full sync from none (that is the business
of the power-loss proofs); it proves that nothing is called done before it is in the journal.

    python -m tests.proofs.kill_loop --kills 300 --seed 1 FOLDER
"""

import argparse
import json
import os
import random
import select
import signal
import sys
from pathlib import Path

from station_app.journal.recorder import new_ticket
from station_app.journal.store import open_reader
from station_app.journal.verify import verify
from station_app.premises import Premises
from station_app.services.parcels.commands import ReturnParcels, ShelveParcel
from station_app.shell.desk import Done
from station_app.vocabulary import VOCABULARY
from tests.proofs.kit import (
    KEY,
    MORNING_MS,
    SeededChance,
    SetClock,
    database,
    furnish,
    open_furnished,
)

ACTS_MAX = 14  # of one life of the writer
LIFE_MS = 6 * 3_600_000  # between two lives: pickup codes rest for a month, then they are free


def main() -> int:
    """Run the loop and print one JSON object."""
    parser = argparse.ArgumentParser(description="Kill a writer and look what is left.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    summary = run(options.folder, options.kills, options.seed)
    sys.stdout.write(json.dumps(summary) + "\n")
    return 0 if summary["lost"] == 0 and summary["sound"] else 1


def run(folder: Path, kills: int, seed: int) -> dict[str, object]:
    """Kill a writer `kills` times; return what was acknowledged and what was lost."""
    furnish(folder)
    dice = random.Random(seed)
    acknowledged: set[str] = set()
    lost: list[str] = []
    for life in range(kills):
        fresh = _one_life(folder, life, dice)
        acknowledged.update(fresh)
        lost += _missing(folder, fresh)
    lost += _missing(folder, acknowledged)
    reader = open_reader(database(folder), KEY)
    report = verify(reader, VOCABULARY)
    unseen = reader.execute("SELECT count(*) FROM tickets").fetchone()[0] - len(acknowledged)
    reader.close()
    return {
        "kills": kills,
        "seed": seed,
        "acknowledged": len(acknowledged),
        "recorded_but_not_heard": unseen,
        "lost": len(set(lost)),
        "sound": report.is_sound,
        "first_broken": str(report.first_broken or ""),
    }


def _one_life(folder: Path, life: int, dice: random.Random) -> set[str]:
    """Let a writer work, kill it somewhere, and return what it had acknowledged."""
    heard_by, said_by = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(heard_by)
        _work(folder, life, said_by)
        os._exit(1)
    os.close(said_by)
    heard = b""
    enough = dice.randrange(ACTS_MAX)
    while heard.count(b"\n") < enough:
        piece = os.read(heard_by, 4096)
        if not piece:
            break
        heard += piece
    select.select([heard_by], [], [], dice.random() * 0.004)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if not os.WIFSIGNALED(status):
        raise RuntimeError(f"the writer of life {life} ended by itself: {status}")
    while piece := os.read(heard_by, 65536):
        heard += piece
    os.close(heard_by)
    return {line.decode() for line in heard.split(b"\n")[:-1]}


def _work(folder: Path, life: int, said_by: int) -> None:
    """Shelve, return and undo parcels until killed; say each act once it is done."""
    premises = open_furnished(folder, seed=1000 + life, clock=SetClock(MORNING_MS + life * LIFE_MS))
    chance = SeededChance(5000 + life)
    number = 0
    while True:
        number += 1
        for ticket in _errand(premises, chance, life, number):
            os.write(said_by, ticket.encode() + b"\n")


def _errand(premises: Premises, chance: SeededChance, life: int, number: int) -> list[str]:
    shelved = new_ticket(chance)
    waybill = f"73{life:06}{number:06}"
    outcome = premises.desk.settle(
        ShelveParcel(courier="ZTO", waybill=waybill, tail="6001", cod_fen=100 * number),
        ticket=shelved,
    )
    if not isinstance(outcome, Done):
        raise TypeError(f"refused: {outcome}")
    done = [shelved]
    if number % 3 == 0:
        undone = new_ticket(chance)
        if isinstance(premises.desk.settle_undo(shelved, ticket=undone), Done):
            done.append(undone)
    else:
        back = new_ticket(chance)
        command = ReturnParcels(parcels=(outcome.told[0].identity,), reason="refused")
        if isinstance(premises.desk.settle(command, ticket=back), Done):
            done.append(back)
    return done


def _missing(folder: Path, tickets: set[str]) -> list[str]:
    """Return the acknowledged acts that the journal does not hold, ticket and facts."""
    reader = open_reader(database(folder), KEY)
    missing = [
        ticket for ticket in sorted(tickets) if not reader.execute(_HELD, (ticket,)).fetchone()
    ]
    reader.close()
    return missing


_HELD = (
    "SELECT 1 FROM tickets t JOIN facts f ON f.stream = t.stream AND f.act = t.act "
    "WHERE t.ticket = ? LIMIT 1"
)


if __name__ == "__main__":
    sys.exit(main())
