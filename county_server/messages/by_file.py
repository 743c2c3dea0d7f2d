"""A gateway that is a folder: the provider's own program takes files out and puts files in.

`out/` gets one CSV per round: id, to, way, text. The program puts CSV files with id, state, number,
reason and day into `in/`; they move to `done/` when every line of them is written down. A file that
nobody can read stays where it is and is named.
"""

import csv
import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from county_server.messages.gateway import GatewayTrouble, Outgoing, Report
from station_app.values.cells import cell_text

OUT, IN, DONE = "out", "in", "done"
HEADS = ("id", "to", "way", "text")
REPORT_HEADS = ("id", "state")
FILE_BYTES_MAX = 4 * 1024 * 1024  # a month of reports of a large county


class FileGateway:
    """The folder."""

    def __init__(self, folder: Path) -> None:
        """Work in a folder; what it lacks is made."""
        self._folder = folder
        self._read: list[Path] = []

    def send(self, outgoing: Sequence[Outgoing]) -> Sequence[Report]:
        """Write one file; what stands in it has been taken."""
        first = outgoing[0].name
        target = self._place(OUT) / f"{first}.csv"
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(HEADS)
        for one in outgoing:
            writer.writerow((one.name, one.phone, one.way, cell_text(one.text)))
        beside = target.with_suffix(".part")
        with beside.open("wb") as file:
            file.write(out.getvalue().encode("utf-8-sig"))
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(0o600)
        beside.replace(target)
        return [Report(one.name, "sent") for one in outgoing]

    def reports(self) -> Sequence[Report]:
        """Read every file that has been put in."""
        self._read = sorted(self._place(IN).glob("*.csv"))
        return [report for path in self._read for report in _reports_of(path)]

    def seen(self) -> None:
        """Move the files that were read."""
        done = self._place(DONE)
        for path in self._read:
            path.replace(done / path.name)
        self._read = []

    def _place(self, name: str) -> Path:
        place = self._folder / name
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place


def _reports_of(path: Path) -> Iterator[Report]:
    if path.stat().st_size > FILE_BYTES_MAX:
        raise GatewayTrouble(f"{path.name} is larger than {FILE_BYTES_MAX} bytes")
    try:
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
        heads = rows.fieldnames or ()
    except UnicodeDecodeError as problem:
        raise GatewayTrouble(f"{path.name} is not UTF-8") from problem
    if any(head not in heads for head in REPORT_HEADS):
        raise GatewayTrouble(f"{path.name} lacks a column of {', '.join(REPORT_HEADS)}")
    for row in rows:
        cells = {key: (row.get(key) or "").strip() for key in ("number", "reason", "day")}
        yield Report((row["id"] or "").strip(), (row["state"] or "").strip(), **cells)
