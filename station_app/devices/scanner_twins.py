"""A scan that comes both from its device and as keys of the window counts once (Windows)."""

from typing import Final

TWIN_MS: Final = 1_500


class NoTwins:
    """Nothing comes twice."""

    def is_second(self, _way: str, _text: str, _at: int) -> bool:
        """Never."""
        return False


NO_TWINS: Final = NoTwins()


class Twins:
    """Tells the second of two that are one. Pure: moments in ms of any clock."""

    def __init__(self) -> None:
        """Nothing has come yet."""
        self._waiting: list[tuple[str, str, int]] = []

    def is_second(self, way: str, text: str, at: int) -> bool:
        """Tell whether this scan came the other way already; each cancels one, once."""
        self._waiting = [one for one in self._waiting if 0 <= at - one[2] <= TWIN_MS]
        for number, (other, said, _) in enumerate(self._waiting):
            if other != way and said == text:
                del self._waiting[number]
                return True
        self._waiting.append((way, text, at))
        return False
