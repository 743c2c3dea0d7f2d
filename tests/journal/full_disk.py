"""A day at a station whose disk fills up, played by a process of its own on a tiny real disk.

Run as `python -m tests.journal.full_disk FOLDER`; prints one JSON line. The test mounts the disk.
"""

import json
import sys
from pathlib import Path
from shutil import disk_usage
from typing import Any

from station_app.journal.reserve import Reserve
from station_app.journal.store import check_whole, open_writer, transaction
from station_app.journal.troubles import CommitUnknown, StoreTrouble

KEY = bytes(range(32))
BODY = b"b" * 20_000


class Counter:
    """Records acts as a session does: after an unknown commit it opens again and looks."""

    def __init__(self, folder: Path) -> None:
        """Open the database of a folder."""
        self._path = folder / "journal.db"
        self.reserve = Reserve(folder, lambda place: disk_usage(place).free)
        self.recorded: list[int] = []
        self.troubles: list[str] = []
        self._connection: Any = open_writer(self._path, KEY, reserve=self.reserve)
        self._connection.execute("CREATE TABLE facts (act INTEGER, line INTEGER, body BLOB)")

    def act(self, number: int) -> bool:
        """Record one act of two facts; True if it is there."""
        try:
            with transaction(self._connection):
                for line in (1, 2):
                    self._connection.execute(
                        "INSERT INTO facts VALUES (?, ?, ?)", (number, line, BODY)
                    )
        except CommitUnknown as unknown:
            self.troubles.append(type(unknown.cause).__name__)
            self._connection.close()
            self._connection = open_writer(self._path, KEY, reserve=self.reserve)
            if not self.holds(number):
                return False
        except StoreTrouble as trouble:
            self.troubles.append(type(trouble).__name__)
            return False
        self.recorded.append(number)
        return True

    def holds(self, number: int) -> bool:
        """Tell whether an act is there."""
        sql = "SELECT count(*) FROM facts WHERE act = ?"
        return self._connection.execute(sql, (number,)).fetchone() != (0,)

    def torn(self) -> list[Any]:
        """Return acts of which one fact only is there."""
        sql = "SELECT act FROM facts GROUP BY act HAVING count(*) != 2"
        rows: list[Any] = self._connection.execute(sql).fetchall()
        return rows

    def all_there(self) -> bool:
        """Tell whether exactly the acts that were answered with yes are there."""
        sql = "SELECT DISTINCT act FROM facts ORDER BY act"
        return [row[0] for row in self._connection.execute(sql).fetchall()] == self.recorded

    def close(self) -> tuple[str, ...]:
        """Close, and return every damage of the file."""
        self._connection.close()
        return check_whole(self._path, KEY)


def main(folder: Path) -> dict[str, Any]:
    """Fill the disk twice, make room, and say what was seen."""
    counter = Counter(folder)
    told: dict[str, Any] = {"reserve_at_first": counter.reserve.is_kept()}
    filler = folder / "somebody_s_film.mp4"
    with filler.open("wb") as file:
        while disk_usage(folder).free > 300_000:
            file.write(b"f" * 100_000)
            file.flush()
    number = 0
    while counter.act(number):
        number += 1
    told["acts_before_full"] = number
    told["reserve_when_full"] = counter.reserve.is_kept()
    told["free_after_reserve"] = disk_usage(folder).free
    told["same_act_again"] = counter.act(number)
    while counter.act(number := number + 1):
        pass
    told["acts_on_the_reserve"] = number - told["acts_before_full"]
    told["troubles"] = sorted(set(counter.troubles))
    told["refused_when_all_is_full"] = not counter.act(number + 1)
    filler.unlink()
    told["heals_by_itself"] = counter.act(number + 2)
    told["free_again"] = disk_usage(folder).free
    told["reserve_again"] = counter.reserve.keep()
    told["torn"] = counter.torn()
    told["all_there"] = counter.all_there()
    told["damage"] = counter.close()
    return told


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
