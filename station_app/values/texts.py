"""The words of screen and paper: one catalogue, looked up by key.

Code never spells out a Chinese sentence. It names a key such as `parcels.intake.primary` and hands
in the slots; so every word that an operator reads can be found, checked and changed in one place.
A missing word is a bug and stops the test, it is never papered over with the key itself.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any


class Texts:
    """A catalogue of sentences with named slots, `{amount}`."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        """Take sentences by full key: `{"parcels.intake.primary": "打标签，扫下一件"}`."""
        self._sentences = _Sentences(sentences)

    @classmethod
    def from_tables(cls, rooms: Mapping[str, Mapping[str, Any]]) -> "Texts":
        """Make a catalogue from nested tables, one per room; raises TypeError on other values."""
        return cls(dict(_flattened("", rooms)))

    @classmethod
    def from_rooms(cls, rooms: Iterable[str], read: Callable[[str], Mapping[str, Any]]) -> "Texts":
        """Make a catalogue whose rooms are read when a sentence of theirs is first wanted.

        A part of a room may be one of its own, as `overview.lock` is: it is read alone.
        """
        texts = cls({})
        texts._sentences.rooms, texts._sentences.read = set(rooms), read
        return texts

    def say(self, key: str, /, **slots: object) -> str:
        """Return the sentence with its slots filled; an unknown key or slot raises KeyError."""
        return self._sentences[key].format(**slots)

    def say_known(self, key: str, otherwise: str, **slots: str | int) -> str:
        """Return the words for `key`, or those for `otherwise` when the catalogue lacks it.

        For what a newer program may have named: nothing at the counter waits for its word.
        """
        return self.say(key if self.has(key) else otherwise, **slots)

    def has(self, key: str) -> bool:
        """Tell whether there is a sentence of that key."""
        try:
            self._sentences[key]
        except KeyError:
            return False
        return True

    def keys(self) -> Iterator[str]:
        """Yield all keys: a completeness check wants them."""
        self._sentences.read_all()
        yield from self._sentences


class _Sentences(dict[str, str]):
    """Sentences by key. A key of a room that was not read yet reads it; any thread may ask."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(sentences)
        self.rooms: set[str] = set()
        self.read: Callable[[str], Mapping[str, Any]] = lambda _room: {}

    def __missing__(self, key: str) -> str:
        room = key
        while room := room.rpartition(".")[0]:  # `overview.lock` before `overview`
            if room in self.rooms:
                self.update(_flattened(room, self.read(room)))
                self.rooms = self.rooms - {room}
            found = self.get(key)  # another thread may have read the room just now
            if found is not None:
                return found
        raise KeyError(key)

    def read_all(self) -> None:
        for room in self.rooms:
            self.update(_flattened(room, self.read(room)))
        self.rooms = set()


def _flattened(prefix: str, tables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in tables.items():
        key = f"{prefix}.{name}" if prefix else name
        if isinstance(value, Mapping):
            yield from _flattened(key, value)
        elif isinstance(value, str):
            yield key, value
        else:
            raise TypeError(f"the text {key} is no sentence")
