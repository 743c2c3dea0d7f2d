"""`scan.commit`: from the scan to a durable fact and the label's bytes, against the bare commit.

Ours is the real desk: gather, rule, facts, chain, fold, read tables, postings, name index, print
job, commit, and the bytes that the label printer gets. The floor writes the very same rows with
the same statements into an equal database through the bare driver: BEGIN, execute, COMMIT. Both
take turns, so that a busy machine slows both.
"""

import gc
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from station_app.journal.recorder import new_ticket
from station_app.premises import open_database
from station_app.printing import spool
from station_app.printing.document import from_json
from station_app.printing.press import Press
from station_app.printing.profiles import Profile, load_profiles
from station_app.resources_dir import resources
from station_app.services.parcels.commands import ShelveParcel
from station_app.shell.desk import Done
from tests.bench.report import Measured, tell
from tests.proofs.kit import KEY, SeededChance, SetClock, furnish, open_furnished

RUNS = 400
WARM_UP = 40
PEOPLE = 200
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

Statement = tuple[str, Any, bool]


class Listening:
    """A connection that notes every write, so that the floor can do exactly the same."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.written: list[Statement] = []

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        if sql.lstrip().upper().startswith(WRITES):
            self.written.append((sql, parameters, False))
        return self._connection.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Any) -> Any:
        rows = list(parameters)
        self.written.append((sql, rows, True))
        return self._connection.executemany(sql, rows)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def scans(count: int) -> list[ShelveParcel]:
    """Return what is scanned: known persons' tails, every tenth parcel with COD."""
    return [
        ShelveParcel(
            courier="ZTO",
            waybill=f"73{number:012}",
            name=f"王示{chr(0x5170 + number % PEOPLE)}",
            tail=f"{6000 + number % PEOPLE}",
            cod_fen=8600 if number % 10 == 0 else 0,
        )
        for number in range(count)
    ]


def statements(folder: Path, count: int) -> list[list[Statement]]:
    """Record the acts once and return the writes of each."""
    from station_app import premises

    listening: list[Listening] = []

    def opener() -> Any:
        listening.append(Listening(open_database(folder, KEY)))
        return listening[-1]

    furnish(folder, people=PEOPLE)
    here = premises.open_premises(
        folder, KEY, clock=SetClock(), chance=SeededChance(5), opener=opener
    )
    chance = SeededChance(6)
    acts: list[list[Statement]] = []
    for command in scans(count):
        listening[-1].written.clear()
        outcome = here.desk.settle(command, ticket=new_ticket(chance))
        if not isinstance(outcome, Done):
            raise TypeError(f"the scan was not taken: {outcome}")
        acts.append(list(listening[-1].written))
    here.close()
    return acts


def label_maker() -> Callable[[Any, int], bytes]:
    """Return what turns a print job into the label printer's bytes, as the spool does."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtGui import QGuiApplication

    from station_app.printing.paint import TypeCase

    if QGuiApplication.instance() is None:
        label_maker.application = QGuiApplication([])  # type: ignore[attr-defined]
    press = Press(TypeCase(resources() / "fonts"))
    profile: Profile = load_profiles((resources() / "printers.toml").read_text("utf-8"))[
        "label_60x40"
    ]
    return lambda connection, job: press.render_bytes(
        from_json(spool.document_of(connection, job)), profile
    )


def measure(runs: int = RUNS) -> Measured:
    """Measure both and return the medians in milliseconds."""
    render = label_maker()
    with tempfile.TemporaryDirectory(prefix="bench-scan-") as place:
        total = runs + WARM_UP
        acts = statements(Path(place) / "listened", total)
        furnish(Path(place) / "ours", people=PEOPLE)
        furnish(Path(place) / "floor", people=PEOPLE)
        here = open_furnished(Path(place) / "ours", seed=5, clock=SetClock())
        floor = open_database(Path(place) / "floor", KEY)
        chance = SeededChance(6)
        ours_ms, floor_ms, label_ms = [], [], []
        gc.freeze()
        for command, written in zip(scans(total), acts, strict=True):
            ours_began = time.perf_counter()
            outcome = here.desk.settle(command, ticket=new_ticket(chance))
            label_began = time.perf_counter()
            label = render(here.session.connection, outcome.jobs[0])  # type: ignore[union-attr]
            ours_ms.append((time.perf_counter() - ours_began) * 1000)
            label_ms.append((time.perf_counter() - label_began) * 1000)
            assert label
            floor_ms.append(_write_bare(floor, written))
        here.close()
        floor.close()
    return Measured(
        name="scan.commit",
        ours=statistics.median(ours_ms[WARM_UP:]),
        limit=statistics.median(floor_ms[WARM_UP:]),
        unit="ms",
        runs=runs,
        sizes={
            "statements": round(statistics.mean(len(act) for act in acts)),
            "people": PEOPLE,
        },
        notes={"label_ms": round(statistics.median(label_ms[WARM_UP:]), 3)},
    )


def _write_bare(connection: Any, written: list[Statement]) -> float:
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for sql, parameters, many in written:
        if many:
            connection.executemany(sql, parameters)
        else:
            connection.execute(sql, parameters)
    connection.execute("COMMIT")
    return (time.perf_counter() - began) * 1000


def main() -> None:
    """Measure and print."""
    tell(measure())
