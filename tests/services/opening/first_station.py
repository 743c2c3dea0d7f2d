"""A station on its first day: the real window, a real journal, and a home folder with sheets."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent

from station_app.devices.sheet_files import SheetFiles
from station_app.overview.attention import SetUpLine
from station_app.premises import neighbours_of
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import Profile
from station_app.resources_dir import resources
from station_app.services.opening import offer as opening_offer
from station_app.services.opening import telling
from station_app.services.opening.outfit import Outfit
from station_app.services.opening.papers import PaperMaker
from station_app.services.opening.records import Gatherer
from station_app.shell.offers import Offer
from tests.overview.stations import TestStation

SLIPS = Profile(language="escpos", width=576)


class FirstStation(TestStation):
    """One PC on its first day. home: where its sheets lie; sticks: roots that are plugged in."""

    def __init__(self, folder: Path, qtbot: Any, *, home: Path) -> None:
        self.home = home
        self.sticks: list[Path] = []
        (home / "Downloads").mkdir(parents=True)
        (home / "Desktop").mkdir()
        self.files = SheetFiles(home, lambda: self.sticks)
        self.press_room = Press(TypeCase(resources() / "fonts"))
        super().__init__(folder, qtbot)
        self.more["set_up"] = self.set_up

    @property
    def gatherer(self) -> Gatherer:
        return Gatherer(neighbours_of(self.premises.gatherer))

    def offers(self) -> tuple[Offer, ...]:
        gatherer = self.gatherer
        outfit = Outfit(
            gatherer=gatherer,
            papers=PaperMaker(gatherer.neighbours, self.texts),
            files=self.files,
            preview=lambda slip: self.press_room.raster(slip, SLIPS),
        )
        return (*super().offers(), opening_offer.offer(self.texts, outfit))

    def set_up(self, connection: Any) -> list[SetUpLine]:
        line = telling.line(connection, "NX0601", self.texts)
        return [SetUpLine(*line, page=opening_offer.STEPS_PAGE)] if line else []

    def put(self, name: str, data: bytes, folder: str = "Downloads") -> Path:
        """Put a file where the operator has saved it."""
        path = self.home / folder / name
        path.write_bytes(data)
        return path

    def facts(self, kind: str) -> int:
        row = self.connection.execute("SELECT count(*) FROM facts WHERE kind = ?", (kind,))
        count: int = row.fetchone()[0]
        return count

    def balance(self, account: str, commodity: str = "CNY") -> int:
        row = self.connection.execute(
            "SELECT coalesce(sum(amount), 0) FROM balances WHERE account LIKE ? AND commodity = ?",
            (account, commodity),
        ).fetchone()
        amount: int = row[0]
        return amount

    def slips(self) -> list[str]:
        rows = self.connection.execute(
            "SELECT document FROM print_jobs WHERE role = 'receipt' ORDER BY job"
        )
        return [row[0] for row in rows.fetchall()]

    def scan(self, text: str) -> None:
        """Take up the scanner: from the keys to its trigger a hand needs a while."""
        self.hand.at += 4_000
        super().scan(text)

    def press(self, *names: str) -> None:
        """Press keys; Tab moves the focus by Qt's own way, which wants an accepted event."""
        for name in names:
            if name != "Tab":
                super().press(name)
                continue
            self.hand.at += 400
            event = QKeyEvent(
                QEvent.Type.KeyPress, Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier, "\t"
            )
            event.setTimestamp(self.hand.at)
            QCoreApplication.sendEvent(self.window.windowHandle(), event)
            self.hand.settle()

    def grab(self, path: Path) -> None:
        assert self.window is not None
        self.window.grab().save(str(path))
