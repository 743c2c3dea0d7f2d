"""Fixtures of the parcels' pages: the real window on a real encrypted journal, worked by keys."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from station_app.journal.recorder import new_ticket
from station_app.paper_desk import PaperDesk
from station_app.printing.jobs import enqueue_copy
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import Profile
from station_app.reference import records as reference
from station_app.resources_dir import resources
from station_app.services.parcels.offer import offer as parcels_offer
from station_app.services.parcels.outfit import Outfit
from station_app.shell import theme
from station_app.shell.drafts import DraftsInMemory
from station_app.shell.offers import Offer
from station_app.shell.page import Page
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.pills import StatusPill
from station_app.shell.window import MainWindow, Surroundings
from tests.services.parcels.shop import STATION, TEXTS, Shop
from tests.shell.conftest import Hand

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
LABELS = Profile(language="tspl", width=480, height=320)
SLIPS = Profile(language="escpos", width=576)


class Sounds:
    """Remembers what was played."""

    def __init__(self) -> None:
        self.played: list[str] = []

    def play(self, name: str) -> None:
        self.played.append(name)


class Voice:
    """Remembers what was spoken: the class, and the names of the pieces."""

    def __init__(self) -> None:
        self.spoken: list[tuple[str, tuple[str, ...]]] = []

    def speak(self, what: str, phrase: tuple[str, ...]) -> None:
        self.spoken.append((what, phrase))

    def read_out(self, phrase: tuple[str, ...]) -> None:
        self.spoken.append(("asked", phrase))

    def say_saved(self) -> None:
        pass


class Station:
    """A PC with its window. keys: how many were pressed since `count_keys`."""

    def __init__(self, shop: Shop, offers: Callable[[Outfit], list[Offer]], qtbot: Any) -> None:
        self.shop = shop
        self.qtbot = qtbot
        self.sounds = Sounds()
        self.voice = Voice()
        self.drafts = DraftsInMemory()
        self._press = Press(TypeCase(resources() / "fonts"))
        self.outfit = self._outfit()
        self._offers = offers
        self._keys = 0

    def _outfit(self) -> Outfit:
        desk = PaperDesk(
            lambda work, _then: work(self.shop.connection), lambda: self.shop.now.at, lambda: None
        )
        return Outfit(
            self.shop.gatherer, TEXTS, self._preview, self._print_again, put_up=desk.put_up
        )

    def _preview(self, document: Any) -> Any:
        is_label = type(document).__name__ == "Label"
        return self._press.raster(document, LABELS if is_label else SLIPS)

    def _print_again(self, paper: Any, act: str) -> None:
        enqueue_copy(
            self.shop.connection,
            at=self.shop.now.at,
            act=act,
            role=paper.role,
            document=paper.document,
            persons=paper.persons,
        )

    def open(self, width: int = 1366, height: int = 768) -> "Station":
        """Open the window, as after a start of the program."""
        around = Surroundings(
            desk=self.shop.desk,
            texts=TEXTS,
            sounds=self.sounds,
            voice=self.voice,
            drafts=self.drafts,
            tickets=lambda: new_ticket(self.shop.dice),
            couriers=lambda: reference.patterns(self.shop.connection, self.shop.now.day),
            heading=lambda: ("赤眉镇·柳荫洼村站", "11月25日 周二  09:42   当班 李示芳"),
            is_township=lambda: reference.is_township(STATION)(self.shop.connection),
        )
        self.window = MainWindow(self._offers(self.outfit), around)
        self.window.resize(width, height)
        self.window.show()
        self.qtbot.waitExposed(self.window)
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        self.window.start()
        self.hand = Hand(self.window, self.qtbot)
        self.window.resume_drafts()
        self.hand.settle()
        return self

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def restart(self) -> None:
        """The power goes; the program starts again on the same data folder."""
        self.close()
        self.shop.restart()
        self.outfit = self._outfit()
        self.open()

    # --- Keys ---

    def count_keys(self) -> None:
        self._keys = 0

    @property
    def keys(self) -> int:
        return self._keys

    def scan(self, text: str) -> None:
        self.hand.at += 4_000  # beyond what counts as a trembling hand
        self.shop.is_now(at=self.shop.now.at + 4_000)
        self.hand.burst(text)
        self.hand.settle()

    def type(self, text: str) -> None:
        self._keys += len(text)
        self.hand.type(text)

    def press(self, *names: str) -> None:
        for name in names:
            self._keys += 1
            if name == "Tab":  # moves the focus by Qt's own way, which wants an accepted event
                self.hand.at += 400
                event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, NO_MODIFIER, "\t")
                event.setTimestamp(self.hand.at)
                QCoreApplication.sendEvent(self.window.windowHandle(), event)
                self.hand.settle()
            else:
                self.hand.press(name)

    def write(self, words: str) -> None:
        """Commit words of an input method."""
        self.hand.compose(words)
        self.hand.settle()

    # --- What is to be seen ---

    @property
    def page(self) -> Any:
        page = self.window.deck.current
        assert page is not None
        return page

    @property
    def toasts(self) -> list[str]:
        return [toast.notice.words for toast in self.window.toasts.toasts]

    @property
    def primary(self) -> tuple[str, bool]:
        button = self.window.action_bar.primary_button
        return button.text(), button.isVisible() and button.isEnabled()

    @property
    def reason(self) -> str:
        return str(self.window.action_bar.primary_button.reason)

    def words(self) -> str:
        """Every word on the page now."""
        labels = [label.text() for label in self.page.findChildren(QLabel) if label.isVisible()]
        buttons = [b.text() for b in self.page.findChildren(KeyButton) if b.isVisible()]
        pills = [p.words for p in self.page.findChildren(StatusPill) if p.isVisible()]
        return " ".join([*labels, *buttons, *pills])

    def enter_caps(self) -> list[str]:
        """What shows the Enter cap now: always exactly one thing, or nothing."""
        return [
            button.text()
            for button in self.window.findChildren(KeyButton)
            if button.isVisible() and button.cap == "Enter"
        ]

    def assert_fits(self) -> None:
        """Nothing on the page is cut off, and it needs no scroll bar."""
        page: Page = self.page
        view = page.parentWidget()
        assert view is not None
        least = page.minimumSizeHint()
        assert least.height() <= view.height(), f"{least.height()} > {view.height()}"
        assert least.width() <= view.width(), f"{least.width()} > {view.width()}"
        frame = view.parentWidget()
        assert isinstance(frame, QScrollArea)
        assert not frame.verticalScrollBar().isVisible(), "the page scrolls"
        for button in self.window.findChildren(KeyButton):
            if button.isVisible():
                room = button.minimumSizeHint()
                assert button.width() >= room.width(), f"{button.text()} is cut off"
        for label in page.findChildren(QLabel):
            if label.isVisible() and label.text() and not getattr(label, "is_elided", False):
                assert _fits(label), f"{label.text()} is cut off"

    def picture(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.window.grab().save(str(folder / f"{name}.png"))


def _fits(label: QLabel) -> bool:
    if label.wordWrap():
        return label.heightForWidth(label.width()) <= label.height() + 1
    inside = QRect(QWidget.mapTo(label, label.window(), label.rect().topLeft()), label.size())
    return label.sizeHint().width() <= label.width() + 1 and label.window().rect().contains(inside)


@pytest.fixture
def station(qapp, qtbot, tmp_path) -> Iterator[Station]:
    """A PC with three couriers' patterns and some villagers, its window open."""
    theme.dress(qapp)
    shop = Shop(folder=tmp_path)
    shop.is_described()
    made = Station(shop, lambda outfit: [parcels_offer(outfit)], qtbot)
    made.open()
    yield made
    made.close()
    shop.close()
