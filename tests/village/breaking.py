"""How planted faults are made: something of the real code is replaced while a fault lasts."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

Mutant = Callable[[], AbstractContextManager[None]]
Make = Callable[[], Iterator[None]]


def register_of(mutants: dict[str, Mutant]) -> Callable[[Make], Make]:
    """Return a decorator that keeps a generator among `mutants`, under its own name."""

    def register(make: Make) -> Make:
        mutants[make.__name__] = contextmanager(make)
        return make

    return register


@contextmanager
def instead(owner: Any, name: str, other: Any) -> Iterator[None]:
    """Let an attribute be another while the body runs."""
    former = getattr(owner, name)
    setattr(owner, name, other)
    try:
        yield
    finally:
        setattr(owner, name, former)
