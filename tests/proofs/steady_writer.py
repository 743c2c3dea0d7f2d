"""A station at work in a process of its own, for proofs that watch its system calls.

It opens a furnished data folder with the real store, lets its desk shelve, return and undo parcels,
and appends each act to a file once the desk has called it done: "did TICKET FACTS", or the sentence
that the desk said instead. Nothing of the program is replaced, unless a proof asks for a setting
that must lose.

    python -m tests.proofs.steady_writer FOLDER SAID --acts 40 --seed 1
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from station_app.journal import store
from station_app.journal.recorder import new_ticket
from station_app.premises import Premises
from station_app.services.parcels.commands import ReturnParcels, ShelveParcel
from station_app.shell.desk import Done, Trouble
from tests.proofs.kit import SeededChance, open_furnished

BUSY_PAGES = 60  # a checkpoint every few acts, so that a short history holds several


def main() -> int:
    """Work."""
    parser = argparse.ArgumentParser(description="A station at work.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("said", type=Path)
    parser.add_argument("--acts", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--normal", action="store_true", help="synchronous = NORMAL: must lose")
    options = parser.parse_args()
    if options.normal:
        loose = [
            (name, "NORMAL", 1) if name == "synchronous" else (name, value, wanted)
            for name, value, wanted in store.SETTINGS
        ]
        setattr(store, "SETTINGS", tuple(loose))  # noqa: B010 - the control must be in the program
    said_by = os.open(options.said, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    premises = open_furnished(options.folder, seed=options.seed)
    premises.session.connection.execute(f"PRAGMA wal_autocheckpoint = {BUSY_PAGES}")
    work(premises, options.acts, SeededChance(5_000 + options.seed), said_by)
    os._exit(0)  # as if killed: what a close would still write is no part of the question


def work(premises: Premises, acts: int, chance: SeededChance, said_by: int) -> None:
    """Do so many acts and say what became of each."""
    parcel = ""
    for number in range(1, acts + 1):
        ticket = new_ticket(chance)
        outcome = _one(premises, number, ticket, parcel)
        if isinstance(outcome, Done):
            os.write(said_by, f"did {ticket} {len(outcome.told)}\n".encode())
            parcel = outcome.told[0].identity if outcome.told else ""
        else:
            kind = outcome.text_key if isinstance(outcome, Trouble) else type(outcome).__name__
            os.write(said_by, f"not {ticket} {kind}\n".encode())


def _one(premises: Premises, number: int, ticket: str, parcel: str) -> Any:
    if number % 3 == 2 and parcel:
        back = ReturnParcels(parcels=(parcel,), reason="refused")
        return premises.desk.settle(back, ticket=ticket)
    waybill = f"73{premises.session.author.stream[-4:]}{number:08}"
    digits = "".join(c if c.isdigit() else str(ord(c) % 10) for c in waybill)
    shelve = ShelveParcel(courier="ZTO", waybill=digits, tail="6001", cod_fen=100 * number)
    return premises.desk.settle(shelve, ticket=ticket)


if __name__ == "__main__":
    sys.exit(main())
