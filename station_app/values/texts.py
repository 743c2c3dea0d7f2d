"""The words of screen and paper: one catalogue, looked up by key.

Code never spells out a Chinese sentence. It names a key such as `parcels.intake.primary` and hands
in the slots; so every word that an operator reads can be found, checked and changed in one place.
A missing word is a bug and stops the test, it is never papered over with the key itself.
"""

from collections.abc import Iterator, Mapping
from typing import Any


class Texts:
    """A catalogue of sentences with named slots, `{amount}`."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        """Take sentences by full key: `{"parcels.intake.primary": "打标签，扫下一件"}`."""
        self._sentences = dict(sentences)

    @classmethod
    def from_tables(cls, rooms: Mapping[str, Mapping[str, Any]]) -> "Texts":
        """Make a catalogue from nested tables, one per room; raises TypeError on other values."""
        return cls(dict(_flattened("", rooms)))

    def say(self, key: str, /, **slots: object) -> str:
        """Return the sentence with its slots filled; an unknown key or slot raises KeyError."""
        return self._sentences[key].format(**slots)

    def has(self, key: str) -> bool:
        """Tell whether there is a sentence of that key."""
        return key in self._sentences

    def keys(self) -> Iterator[str]:
        """Yield all keys: a completeness check wants them."""
        yield from self._sentences


def _flattened(prefix: str, tables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in tables.items():
        key = f"{prefix}.{name}" if prefix else name
        if isinstance(value, Mapping):
            yield from _flattened(key, value)
        elif isinstance(value, str):
            yield key, value
        else:
            raise TypeError(f"the text {key} is no sentence")
