"""The till with a window around it, worked by keys alone or by mouse alone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from station_app.printing.document import Receipt
from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from station_app.services.cash import offer, records
from station_app.services.cash.pages.day_page import Step
from station_app.services.cash.pages.edges import Edges, Sending, Unsent
from station_app.shell.drafts import DraftsInMemory
from station_app.shell.offers import HeldWork
from station_app.shell.window import MainWindow, Surroundings
from station_app.values.staff import Coworker
from tests.services.cash.hands import SIZES
from tests.services.cash.test_shifts import a_day
from tests.services.cash.till import BUILD_MS, STAFF, TEXTS, Till
from tests.shell.conftest import Keys, Sounds, dressed, showing  # noqa: F401 - a fixture


@dataclass
class World:
    """What the pages ask of printer and line, remembered."""

    printed: list[tuple[Receipt, str]] = field(default_factory=list)
    unsent: Unsent = field(default_factory=lambda: Unsent(47, 1_795_559_400_000, is_offline=True))
    staff: tuple[Coworker, ...] = STAFF
    pins: dict[str, str] = field(
        default_factory=lambda: {STAFF[0].identity: "270301", STAFF[1].identity: "840515"}
    )
    held: tuple[HeldWork, ...] = ()
    pages: dict[str, str] = field(default_factory=dict)
    sending: Sending = field(default_factory=Sending)
    sent: list[str] = field(default_factory=list)
    listeners: list[Callable[[], None]] = field(default_factory=list)
    sticks: int = 0
    stick_ends: tuple[str, bool] = ("47 笔写好在 U 盘上了", True)
    spoken: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def speak(self, what: str, phrase: tuple[str, ...]) -> None:
        self.spoken.append((what, phrase))

    def read_out(self, phrase: tuple[str, ...]) -> None:
        self.spoken.append(("asked", phrase))

    def say_saved(self) -> None:
        pass

    def write_stick(self, then: Callable[[str, bool], None]) -> None:
        self.sticks += 1
        then(*self.stick_ends)

    def try_pin(self, operator: str, pin: str, then: Callable[[str], None]) -> None:
        then("" if self.pins.get(operator) == pin else "密码不对，还能试 4 次")


@dataclass
class Counter:
    """A till, its window, and the world around."""

    till: Till
    window: MainWindow
    world: World
    sounds: Sounds

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


@pytest.fixture
def shown(qtbot, dressed):  # noqa: F811 - the fixture of that name
    """Show a window and take it in hand."""
    yield from showing(qtbot, Keys)


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
            staff=lambda _c: world.staff,
            try_pin=world.try_pin,
            come=till.come,
            held=lambda _c: world.held,
            page_words=lambda key: world.pages.get(key, ""),
            sending=lambda: world.sending,
            send_now=lambda: world.sent.append("now"),
            on_sending=world.listeners.append,
            write_stick=world.write_stick,
        )
        names = lambda _c, identity: "李示芳" if identity else ""  # noqa: E731
        around = Surroundings(
            desk=till.desk,
            texts=TEXTS,
            sounds=sounds,
            voice=world,
            drafts=drafts or DraftsInMemory(),
            tickets=till.ticket,
            heading=lambda: ("马山口镇·柳沟村站", "11月23日 周一  18:10   当班 李桂芳"),
        )
        window = MainWindow([offer.offer(TEXTS, names, lambda _c: STAFF, edges)], around)
        return Counter(till, window, world, sounds)

    return make


@pytest.fixture
def at_the_day(counter_of, shown):
    """A day's work is done; the page of the day's end is open."""

    def make(till=None, size=SIZES[0], drafts=None):
        counter = counter_of(till or a_day(), drafts)
        hand = shown(counter.window, *size)
        hand.press("F8")
        return counter, hand

    return make
