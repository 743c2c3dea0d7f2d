"""Methods of dataclasses are written when they are first called, not when the program starts.

A frozen dataclass gets six methods, each compiled from text while its module is loaded. A station
has five hundred such classes, and in one run most of them are never compared, hashed, printed or
changed in vain: to write all of it beforehand was half of the processor's work at a start.

Until Python 3.12 `dataclasses` makes each method by one function. It is replaced here, for classes
of our own packages only: what it returns writes the method at its first call and puts it in its own
place. From 3.13 on the methods of a class are compiled at once; then nothing is replaced.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

Method = Callable[..., Any]

_PLACE = "_create_fn"
_TOLD = ("name", "args", "body")  # what it is told in this order; the rest by name
_write: Callable[..., Method] | None = getattr(dataclasses, _PLACE, None)
_packages: set[str] = set()


def write_late(package: str) -> None:
    """Let the dataclasses of a package that are declared from now on have late methods."""
    _packages.add(package)
    if _write is not None:
        setattr(dataclasses, _PLACE, _late)


def _late(*told: Any, **more: Any) -> Method:
    assert _write is not None
    module = str((more.get("globals") or {}).get("__name__", ""))
    if len(told) != len(_TOLD) or module.partition(".")[0] not in _packages:
        return _write(*told, **more)  # also a Python that tells it in another way
    name, args, body = told
    return _LateMethod(_write, name, args, body, more).stand_in()


class _LateMethod:
    """One method that is not written yet. write: what does it; the rest: what it is told."""

    def __init__(
        self, write: Callable[..., Method], name: str, args: Any, body: Any, more: dict[str, Any]
    ) -> None:
        self._write, self._name, self._args, self._body = write, name, args, body
        self._more = more
        self._written: Method | None = None

    def stand_in(self) -> Method:
        """Return what stands in the class until the first call."""

        def method(this: Any, /, *args: Any, **named: Any) -> Any:
            written = self._written or self._put_in_place(type(this), method)
            return written(this, *args, **named)

        method.__name__ = self._name
        return method

    def _put_in_place(self, kind: type, stand_in: Method) -> Method:
        """Write it, and let the class that has it call it directly from now on."""
        written = self._write(self._name, self._args, self._body, **self._more)
        written.__qualname__ = stand_in.__qualname__
        self._written = written
        for declaring in kind.__mro__:
            if declaring.__dict__.get(self._name) is stand_in:
                type.__setattr__(declaring, self._name, written)
        return written
