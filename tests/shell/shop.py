"""A toy shop with a real desk, and a window around it, for the tests of the shell."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from station_app.journal.recorder import new_ticket
from station_app.journal.session import Session
from station_app.resources_dir import load_texts
from station_app.shell.counter import Counter
from station_app.shell.desk import Desk, Rule, Threads
from station_app.shell.drafts import DraftsInMemory
from station_app.shell.offers import (
    Hit,
    Meaning,
    Offer,
    PageOffer,
    Rank,
    ScanRoute,
    SearchSource,
    Sought,
    Stray,
)
from station_app.shell.page import Page
from station_app.shell.window import MainWindow, Surroundings
from station_app.values.codes import Recognised
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from station_app.values.texts import Texts
from station_app.values.waybills import CourierPattern
from tests.journal.notebook import TOYS, ToyFounded, found, memory

COURIERS = (
    CourierPattern("ZTO", "中通快递", "Z", r"^7[38]\d{12}$", 10, must_confirm=False),
    CourierPattern("YUNDA", "韵达速递", "Y", r"^46\d{11}$", 20, must_confirm=False),
    CourierPattern("JTSD", "极兔速递", "J", r"^JT\d{13}$", 30, must_confirm=False),
)
START_MS = 1_795_564_800_000


class Dice:
    """Chance from a seed."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)

    def draw(self, count: int) -> bytes:
        return self._random.randbytes(count)


@dataclass(frozen=True)
class FoundToy:
    """The shop's one command."""

    label: str


def gather(connection: Any, command: FoundToy, _now: Now) -> bool:
    return (
        connection.execute("SELECT 1 FROM toys WHERE labels = ?", (command.label,)).fetchone()
        is not None
    )


def decide(is_known: bool, command: FoundToy, _now: Now) -> Any:
    return Refusal("shell.KNOWN", {"label": command.label}) if is_known else [found(command.label)]


@dataclass
class SoundRecord:
    """Remembers what was played."""

    played: list[str] = field(default_factory=list)

    def play(self, name: str) -> None:
        self.played.append(name)


class TickingClock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.at = START_MS
        self.shift = "s"

    def now(self, _connection: Any = None) -> Now:
        return Now(
            at=self.at,
            day="2026-11-23",
            operator="op",
            device="D1",
            station="NX0601",
            shift=self.shift,
        )


@dataclass
class Shop:
    """All that a test of the shell needs."""

    texts: Texts
    desk: Desk
    clock: TickingClock
    sounds: SoundRecord
    drafts: DraftsInMemory
    dice: Dice

    def surroundings(self, **more: Any) -> Surroundings:
        return Surroundings(
            desk=self.desk,
            texts=self.texts,
            sounds=self.sounds,
            drafts=self.drafts,
            tickets=lambda: new_ticket(self.dice),
            couriers=lambda: COURIERS,
            heading=lambda: ("赤眉镇·柳荫洼村站", "11月23日 周一  09:42   当班 李示芳"),
            **more,
        )

    def window(self, *offers: Offer, **more: Any) -> MainWindow:
        return MainWindow(offers, self.surroundings(**more))

    def toys(self) -> list[str]:
        rows = self.desk.session.connection.execute("SELECT labels FROM toys ORDER BY labels")
        return [label for (label,) in rows.fetchall()]


TEXTS_OF_THE_SHOP = {
    "shell.refusal.KNOWN": "这个玩具有了：{label}",
    "toys.rail": "玩具",
    "toys.other": "别的",
    "toys.stray": "当玩具收",
    "toys.heading": "玩具",
}


def open_shop(threads: Threads | None = None) -> Shop:
    """Open a shop with an empty journal."""
    dice = Dice()
    connection = memory(TOYS)
    session = Session(lambda: connection, TOYS, place="NX0601/D1", chance=dice)
    clock = TickingClock()
    desk = Desk(session, [Rule(FoundToy, gather, decide)], clock.now, threads=threads)
    real = load_texts()
    sentences: dict[str, str] = {}
    texts = TextsWith(real, {**sentences, **TEXTS_OF_THE_SHOP})
    return Shop(texts, desk, clock, SoundRecord(), DraftsInMemory(), dice)


class TextsWith(Texts):
    """The real catalogue and a few sentences of a test."""

    def __init__(self, real: Texts, more: dict[str, str]) -> None:
        super().__init__(more)
        self._real = real

    def say(self, key: str, /, **slots: object) -> str:
        return super().say(key, **slots) if super().has(key) else self._real.say(key, **slots)

    def has(self, key: str) -> bool:
        return super().has(key) or self._real.has(key)


def offer_of(
    make: Callable[[Counter], Page],
    key: str = "toys.shelf",
    fkey: str = "Home",
    **more: Any,
) -> Offer:
    """An offer with one page, and whatever else."""
    page = PageOffer(key, "toys.rail", "parcel", fkey, make)
    return Offer(pages=(page,), **more)


def known_toys(connection: Any, text: str, _code: Recognised) -> Meaning | None:
    """A scan route: a toy whose label was scanned."""
    row = connection.execute("SELECT entity FROM toys WHERE labels = ?", (text,)).fetchone()
    return Meaning("toy.known", "toys.shelf", row[0]) if row else None


def find_toys(connection: Any, sought: Sought, _texts: Texts) -> Sequence[Hit]:
    """A search source: toys whose label contains what was typed."""
    rows = connection.execute(
        "SELECT entity, labels FROM toys WHERE instr(labels, ?) ORDER BY labels", (sought.text,)
    ).fetchall()
    return [
        Hit(label, "玩具", "parcel", "toys.shelf", {"toy": entity}, match=sought.text)
        for entity, label in rows
    ]


ROUTE = ScanRoute(Rank.KNOWN_HERE, known_toys)
SOURCE = SearchSource("toys", "toys.heading", find_toys)
STRAY = Stray("toys.stray", "toys.shelf", "toy.new")
assert ToyFounded.KIND == "toy.founded"
