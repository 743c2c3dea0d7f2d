"""Photos as pages see them: where some lie, one made small and harmless, and kept for an act.

Whatever touches a stick, a database or a decoder happens off the screen's thread; a page gets the
answer in its own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class FoundPhoto:
    """A photo that could be attached. key: names it; place: words; at: UTC ms, 0 for unknown.

    is_taken: a camera, which takes it when it is asked for, and anew every time.
    """

    key: str
    name: str
    place: str
    at: int = 0
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class MadePhoto:
    """A photo as it would be kept, or why not. content: a JPEG, b"" if `reason` says why not.

    reason: end of the text key `shell.photo.refused.<reason>`.
    """

    content: bytes
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShownPhoto:
    """A photo that a fact names. state: `here`, `coming` (it is fetched) or `erased`.

    is_sent: the county has it.
    """

    content: bytes
    state: str
    is_sent: bool = False


class PhotoDesk(Protocol):
    """What pages ask of photos."""

    def find(self, then: Callable[[Sequence[FoundPhoto]], None]) -> None:
        """Look for the newest photos on sticks and in the folders; cameras stand behind them."""
        ...

    def open_phone(self) -> str:
        """Open a page for one photo of a telephone; returns its address, "" without a network."""
        ...

    def phone_photo(self) -> bytes:
        """Return the photo that a telephone sent, b"" as long as none came."""
        ...

    def close_phone(self) -> None:
        """Nobody waits for a telephone any more."""
        ...

    def make(self, key: str, content: bytes, then: Callable[[MadePhoto], None]) -> None:
        """Make a photo small and harmless: that of a found one, or, with key "", these bytes.

        A camera takes it now, which lasts a second or two.
        """
        ...

    def keep(self, made: MadePhoto, then: Callable[[str], None]) -> None:
        """Keep it; `then` gets its name, "" when there is no room for photos any more."""
        ...

    def show(self, name: str, then: Callable[[ShownPhoto], None]) -> None:
        """Return a photo that a fact names; one that is elsewhere is asked for."""
        ...

    def named_by(self, entity: str) -> Sequence[str]:
        """Return the names of the photos of a thing, from the journal, at once."""
        ...
