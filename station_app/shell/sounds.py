"""Sounds: what the ear is told. Each has a visible twin, so a silent PC loses nothing."""

from typing import Literal, Protocol

SoundName = Literal["ok", "duplicate", "warn", "stop", "money"]


class Sounds(Protocol):
    """Plays tones. Never waits, never fails."""

    def play(self, name: str) -> None:
        """Play one of `SoundName`."""
        ...


class Silence:
    """Plays nothing."""

    def play(self, name: str) -> None:
        """Do nothing."""
