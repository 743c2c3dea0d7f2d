"""Following a scan: from the burst to the page that deals with it.

The page in front is asked first; what it does not want goes to the page that its meaning names,
and unfinished work is parked on the way. A scan never does anything to money by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from station_app.shell.counter import Counter, Notice
from station_app.shell.offers import Meaning, Scan, ScanRoute, Stray
from station_app.shell.page import Page
from station_app.shell.routing import (
    FAULT_KEYS,
    Repeats,
    Unusable,
    meanings_of,
    misread_words,
    read_scan,
    with_meaning,
)
from station_app.shell.scan_filter import Burst
from station_app.values.codes import TEXT_CHARACTERS_MAX, BadCheck
from station_app.values.spoken import SENTENCES
from station_app.values.waybills import CourierPattern

Way = tuple[str, Callable[[], None]]


class Stage(Protocol):
    """What following needs of the window."""

    def front_page(self) -> Page | None:
        """Return the page in front."""
        ...

    def bring(self, key: str) -> Page | None:
        """Bring a page to the front; None if this station does not offer it."""
        ...

    def page_for(self, meaning: Meaning) -> str:
        """Return the key of the page that deals with this, as the rail is turned."""
        ...

    def toast(self, notice: Notice) -> None:
        """Show a toast."""
        ...

    def show_scanned(self, text: str) -> None:
        """Show in the box what was scanned."""
        ...

    def ask_about_scan(self, title: str, small: str, ways: Sequence[Way]) -> None:
        """Open the sheet."""
        ...

    def is_locked(self) -> bool:
        """Tell whether a bare page (lock, first run) is in front: then only it gets scans."""
        ...


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What scans are looked up with. couriers: the county's patterns, read when needed."""

    routes: Sequence[ScanRoute]
    strays: Sequence[Stray]
    couriers: Callable[[], Sequence[CourierPattern]]


class Follower:
    """Follows scans."""

    def __init__(self, stage: Stage, knowledge: Knowledge, counter: Counter) -> None:
        """Work for one window, with its words, sounds and voice."""
        self._stage = stage
        self._knowledge = knowledge
        self._desk = counter.desk
        self._texts = counter.texts
        self._sounds = counter.sounds
        self._voice = counter.voice
        self._repeats = Repeats()

    def page_switched(self) -> None:
        """Another page: the same code means something else there, however soon it comes."""
        self._repeats.forget()

    def take_burst(self, burst: Burst) -> None:
        """Take what the scanner gave."""
        if burst.fault:
            self._say("warn", "warn", FAULT_KEYS[burst.fault])
            self._voice.speak("hindrance", SENTENCES["unreadable"])
            return
        self.take_text(burst.raw, is_typed=False)

    def take_text(self, raw: str, *, is_typed: bool) -> None:
        """Take a scan, or a number that was typed and sent with Enter."""
        page = self._stage.front_page()
        if len(raw) > TEXT_CHARACTERS_MAX and page is not None and page.on_long_scan(raw):
            return
        at = self._desk.now().at
        scan = read_scan(raw, at, self._knowledge.couriers(), is_typed=is_typed)
        if isinstance(scan, Unusable):
            self._say("warn", "warn", scan.text_key, **scan.slots)
            self._voice.speak("hindrance", SENTENCES["unreadable"])
            return
        self._stage.show_scanned(scan.text)
        self.follow(scan)

    def follow(self, scan: Scan) -> None:
        """Give a scan to whoever deals with it."""
        if isinstance(scan.code, BadCheck):  # scanned again at once, as the sentence asks
            key, slots = misread_words(scan.code)
            self._say("warn", "warn", key, **slots)
            self._voice.speak("hindrance", SENTENCES["unreadable"])
            return
        page = self._stage.front_page()
        takes_repeats = page is not None and page.takes_repeats
        if self._repeats.is_repeat(scan) and not takes_repeats and not scan.is_typed:
            self._say("duplicate", "notice", "shell.scan.twice")
            return
        routes = self._knowledge.routes
        meanings = self._desk.read(lambda connection: meanings_of(scan, routes, connection))
        if len(meanings) > 1:
            self._ask_which(scan, meanings)
        else:
            self._give(with_meaning(scan, meanings[0] if meanings else None))

    def _give(self, scan: Scan) -> None:
        page = self._stage.front_page()
        if page is not None and page.on_scan(scan):
            return
        if self._stage.is_locked():
            self._say("warn", "warn", "shell.scan.nowhere")
        elif scan.meaning is None:
            self._ask_what(scan)
        else:
            self._hand_to(self._stage.page_for(scan.meaning), scan)

    def _hand_to(self, key: str, scan: Scan) -> None:
        before = self._stage.front_page()
        parked = before.under_way() if before is not None and before.key != key else ""
        if before is not None and parked:
            before.keep_draft()
        page = self._stage.bring(key)
        if page is None or not page.on_scan(scan):
            self._say("warn", "warn", "shell.scan.nowhere")
        elif before is not None and parked:
            self._tell_parked(before.key, parked)

    def _tell_parked(self, key: str, parked: str) -> None:
        words = self._texts.say("shell.page.parked", work=parked)
        go_back = (self._texts.say("shell.page.go_back"), "Ctrl+Z", lambda: self._go_back(key))
        self._stage.toast(Notice(words, "notice", button=go_back))

    def _go_back(self, key: str) -> None:
        self._stage.bring(key)

    def _ask_which(self, scan: Scan, meanings: Sequence[Meaning]) -> None:
        say = self._texts.say
        ways: list[Way] = [
            (meaning.words or meaning.kind, partial(self._give, with_meaning(scan, meaning)))
            for meaning in meanings
        ]
        ways.append((say("shell.scan.forget_it"), self._repeats.forget))
        title = say("shell.scan.several_title", count=len(meanings))
        self._sounds.play("warn")
        self._stage.ask_about_scan(title, say("shell.scan.several_small"), ways)

    def _ask_what(self, scan: Scan) -> None:
        say = self._texts.say
        strays = sorted(self._knowledge.strays, key=lambda stray: stray.order)
        ways: list[Way] = [
            (say(stray.label), partial(self._take_stray, scan, stray)) for stray in strays
        ]
        ways.append((say("shell.scan.forget_it"), self._repeats.forget))
        title = say("shell.scan.unknown_title", text=scan.text)
        self._sounds.play("warn")
        self._stage.ask_about_scan(title, say("shell.scan.unknown_small"), ways)

    def _take_stray(self, scan: Scan, stray: Stray) -> None:
        meaning = Meaning(kind=stray.kind, page=stray.page)
        self._hand_to(stray.page, with_meaning(scan, meaning))

    def _say(self, sound: str, tone: str, key: str, /, **slots: object) -> None:
        self._sounds.play(sound)
        words = self._texts.say(key, **slots)
        self._stage.toast(Notice(words, "warn" if tone == "warn" else "notice"))
