"""The counter: what a page may use of the world around it.

The window makes one and hands it to every page. A page asks, tells and shows only through this,
so it can be tested with a small double and never reaches for the window itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from station_app.devices.scale import NoScale, Scale
from station_app.shell.desk import Done, Outcome
from station_app.shell.drafts import Drafts
from station_app.shell.offers import Scan, Tone
from station_app.shell.sounds import Mute, Sounds, Voice
from station_app.values.masks import mask_name, mask_phone
from station_app.values.now import Now
from station_app.values.texts import Texts

T = TypeVar("T")


class DeskLike(Protocol):
    """What pages need of `station_app.shell.desk.Desk`."""

    def perform(self, *commands: Any, ticket: str, then: Callable[[Outcome], None]) -> None:
        """Do all of these as one act, or none."""
        ...

    def undo(self, act: str, *, ticket: str, then: Callable[[Outcome], None]) -> None:
        """Reverse an act."""
        ...

    def read(self, query: Callable[[Any], T]) -> T:
        """Answer a quick query at once."""
        ...

    def look_up(self, query: Callable[[Any], T], then: Callable[[T], None]) -> None:
        """Answer a slow query without holding up the screen."""
        ...

    def now(self) -> Now:
        """Return the present moment and place."""
        ...

    def listen(self, listener: Callable[[Done], None]) -> None:
        """Call `listener` after every act, in the thread of the screen."""
        ...


@dataclass(frozen=True, slots=True)
class Notice:
    """A toast. tone: ok, warn, stop or notice; act: may be undone with Ctrl+Z when not "".

    button: (words, key, what it does) instead of the undo button. A toast stays until the next
    act and at least 20 s; `stop` stays until somebody closes it.
    """

    words: str
    tone: Tone = "ok"
    act: str = ""
    button: tuple[str, str, Callable[[], None]] | None = None


class Front(Protocol):
    """The window, as pages see it."""

    def open_page(self, key: str, subject: Mapping[str, str] | None = None) -> None:
        """Show a page; `subject` goes to its `open_with`."""
        ...

    def go_home(self) -> None:
        """Show the page of today."""
        ...

    def go_back(self) -> None:
        """Show the page that was in front before this one; a bare page leads back, too."""
        ...

    def show_note(self, words: str) -> None:
        """Show small words left of the primary button, "" for none; a page takes them along."""
        ...

    def toast(self, notice: Notice) -> None:
        """Show a toast at the bottom left of the content."""
        ...

    def focus_scan_box(self) -> None:
        """Put the cursor into the universal box, emptied."""
        ...

    def follow(self, scan: Scan) -> None:
        """Treat a scan as if it came from the scanner just now."""
        ...

    def undo(self, act: str) -> None:
        """Take an act back: at once, or by way of the page that says what to give back."""
        ...

    def say_refusal(self, reason_key: str, slots: Mapping[str, str | int]) -> None:
        """Show the sentence of a refusal or trouble as a toast that stays."""
        ...


class Privacy:
    """Whether names stand on the screen in full; Ctrl+B blanks them when somebody looks over."""

    def __init__(self) -> None:
        """Begin with names in full."""
        self._is_masked = False
        self._listeners: list[Callable[[], None]] = []

    @property
    def is_masked(self) -> bool:
        """Tell whether names are blanked now."""
        return self._is_masked

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each change."""
        self._listeners.append(listener)

    def switch(self) -> None:
        """Blank the names, or show them again."""
        self._is_masked = not self._is_masked
        for listener in self._listeners:
            listener()

    def name(self, name: str) -> str:
        """Return a name as it may stand on the screen now."""
        return mask_name(name) if self._is_masked else name

    def phone(self, phone: str) -> str:
        """Return a number as it may stand on the screen now."""
        return mask_phone(phone) if self._is_masked else phone


@dataclass(frozen=True, slots=True)
class Counter:
    """What a page gets. tickets: returns a fresh ticket (id of the next act); scale: it weighs.

    place_of: the key of the rail that leads to a page now, "" for none.
    """

    desk: DeskLike
    texts: Texts
    sounds: Sounds
    drafts: Drafts
    front: Front
    privacy: Privacy
    tickets: Callable[[], str]
    pages_offered: Callable[[], Sequence[str]] = tuple
    place_of: Callable[[str], str] = lambda _page: ""
    voice: Voice = field(default_factory=Mute)
    scale: Scale = field(default_factory=NoScale)

    def say(self, key: str, /, **slots: object) -> str:
        """Return a sentence of the catalogue."""
        return self.texts.say(key, **slots)
