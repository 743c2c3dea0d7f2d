"""The office with a window around it, worked by keys alone or by mouse alone."""

from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.resources_dir import resources
from station_app.services.clearing import offer
from station_app.services.clearing.pages.clearing_page import ClearingPage
from station_app.shell.drafts import DraftsInMemory
from station_app.shell.widgets.cells import spoken
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.window import MainWindow, Surroundings
from tests.services.clearing.office import STAFF, TEXTS, Office, name_of
from tests.shell.conftest import Keys, Sounds, dressed, showing  # noqa: F401 - a fixture


@dataclass
class Counter:
    """An office and its window."""

    office: Office
    window: MainWindow
    sounds: Sounds

    @property
    def page(self) -> ClearingPage:
        page = self.window.deck.current
        assert isinstance(page, ClearingPage)
        return page

    @property
    def view(self) -> Any:
        return self.page.view

    def words(self) -> list[str]:
        """Return everything that can be read in the window now, lists left out."""
        labels = [w.text() for w in self.window.findChildren(QLabel) if w.isVisible()]
        return labels + [b.text() for b in self.window.findChildren(KeyButton) if b.isVisible()]

    def button(self, label: str) -> KeyButton:
        buttons = [b for b in self.window.findChildren(KeyButton) if b.isVisible()]
        (found,) = [b for b in buttons if b.text() == label]
        return found

    def listed(self, table: Any) -> list[list[str]]:
        """Return a list's rows as a reader says them, headings left out."""
        return [[spoken(c) for c in row.cells] for row in table.rows_model.rows if not row.heading]


@pytest.fixture
def shown(qtbot, dressed):  # noqa: F811 - the fixture of that name
    """Show a window and take it in hand."""
    yield from showing(qtbot, Keys)


@pytest.fixture(scope="session")
def press(dressed):  # noqa: F811 - the fixture of that name
    return Press(TypeCase(resources() / "fonts"))


@pytest.fixture
def at_the_page(shown):
    """Put a window around an office, with the page of clearing in front."""

    def make(office: Office, size=(1366, 768), drafts=None):
        sounds = Sounds()
        around = Surroundings(
            desk=office.desk,
            texts=TEXTS,
            sounds=sounds,
            drafts=drafts or DraftsInMemory(),
            tickets=office.ticket,
            heading=lambda: ("马山口镇 柳沟村站", "11月25日 周三  18:10   当班 李桂芳"),
        )
        window = MainWindow([offer.offer(TEXTS, name_of, lambda _c: STAFF)], around)
        hand = shown(window, *size)
        hand.press("F8")
        return Counter(office, window, sounds), hand

    return make
