"""The till with a window around it, worked by keys alone or by mouse alone."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QKeyEvent

from station_app.printing.document import Receipt
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from station_app.services.cash import offer, records
from station_app.services.cash.pages.day_page import Step
from station_app.services.cash.pages.edges import Edges, Unsent
from station_app.shell.drafts import DraftsInMemory
from station_app.shell.window import MainWindow, Surroundings
from tests.services.cash.till import BUILD_MS, STAFF, TEXTS, Till
from tests.shell.conftest import Hand, dressed  # noqa: F401 - a fixture


@dataclass
class World:
    """What the pages ask of printer and line, remembered."""

    printed: list[tuple[Receipt, str]] = field(default_factory=list)
    unsent: Unsent = field(default_factory=lambda: Unsent(47, 1_795_559_400_000, is_offline=True))


@dataclass
class Counter:
    """A till, its window, and the world around."""

    till: Till
    window: MainWindow
    world: World
    sounds: "Sounds"

    @property
    def page(self) -> Any:
        return self.window.deck.current

    def step(self) -> Step:
        """Return where the page of the day stands."""
        step: Step = self.page.step
        return step

    def shift(self, identity: str = "") -> Any:
        """Return a shift as it stands now, the open one if none is named."""
        return records.shift_state(self.till.connection, identity or self.till.shift)


class Sounds:
    def __init__(self) -> None:
        self.played: list[str] = []

    def play(self, name: str) -> None:
        self.played.append(name)


class Keys(Hand):
    """Keys as a window system sends them: a press is accepted unless somebody refuses it."""

    def _send(self, kind, key, modifiers, text):
        event = QKeyEvent(kind, key, modifiers, text)
        event.setTimestamp(self.at)
        event.setAccepted(kind != QEvent.Type.ShortcutOverride)
        QCoreApplication.sendEvent(self.window.windowHandle(), event)
        return event.isAccepted()


@pytest.fixture
def shown(qtbot, dressed):  # noqa: F811 - the fixture of that name
    """Show a window and take it in hand."""
    windows = []

    def show(window, width=1366, height=768):
        window.resize(width, height)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        windows.append(window)
        window.start()
        hand = Keys(window, qtbot)
        hand.settle()
        return hand

    yield show
    for window in windows:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def press(dressed):  # noqa: F811 - the fixture of that name
    return Press(TypeCase(resources() / "fonts"))


@pytest.fixture
def counter_of(press):
    """Put a window around a till."""
    profiles = load_profiles((resources() / "printers.toml").read_text("utf-8"))

    def make(till: Till, drafts: DraftsInMemory | None = None) -> Counter:
        world, sounds = World(), Sounds()
        edges = Edges(
            preview=lambda slip: press.raster(slip, profiles["receipt_58"]),
            put_out=lambda slip, act: world.printed.append((slip, act)),
            unsent=lambda: world.unsent,
            live=lambda: till.session.author.stream,
            build_ms=BUILD_MS,
            sync_page="overview.sync",
        )
        names = lambda _c, identity: "李示芳" if identity else ""  # noqa: E731
        around = Surroundings(
            desk=till.desk,
            texts=TEXTS,
            sounds=sounds,
            drafts=drafts or DraftsInMemory(),
            tickets=till.ticket,
            heading=lambda: ("马山口镇・柳沟村站", "11月23日 周一  18:10   当班 李桂芳"),
        )
        window = MainWindow([offer.offer(TEXTS, names, lambda _c: STAFF, edges)], around)
        return Counter(till, window, world, sounds)

    return make
