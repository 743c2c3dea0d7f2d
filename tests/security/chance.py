"""Chance from a seed, for tests that make keys."""

import hashlib


class SeededChance:
    """Gives bytes that follow from a seed and from how much was drawn before."""

    def __init__(self, seed: int = 1) -> None:
        self._seed = seed
        self._drawn = 0

    def draw(self, count: int) -> bytes:
        """Return `count` bytes, others each time."""
        self._drawn += 1
        return hashlib.shake_128(f"{self._seed}/{self._drawn}".encode()).digest(count)
