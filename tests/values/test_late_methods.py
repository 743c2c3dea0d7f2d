"""Dataclasses with late methods are the dataclasses of Python, only quicker to declare."""

import copy
import dataclasses
import inspect
import pickle
import sys
import types
from collections.abc import Iterator
from typing import Any

import pytest

from station_app.values.late_methods import write_late

DECLARED = """
from dataclasses import dataclass, field

@dataclass(frozen=True, slots=True)
class Place:
    shelf: str
    layer: int = 1
    marks: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list, compare=False)

@dataclass(order=True)
class Counted:
    count: int
    twice: int = field(init=False)

    def __post_init__(self):
        self.twice = 2 * self.count

@dataclass
class Named(Counted):
    name: str = field(kw_only=True, repr=False)
"""

ARE_LATE = sys.version_info < (3, 13)  # then Python compiles those of a class at once


def declared(package: str) -> types.ModuleType:
    """The same classes in a module of some package."""
    module = types.ModuleType(package)
    sys.modules[module.__name__] = module
    exec(DECLARED, module.__dict__)
    return module


@pytest.fixture
def both() -> Iterator[tuple[types.ModuleType, types.ModuleType]]:
    """Classes whose methods come late, and Python's own."""
    write_late("with_late_methods")
    made = declared("with_late_methods"), declared("with_usual_methods")
    yield made
    for module in made:
        del sys.modules[module.__name__]


def behaviour(module: Any) -> list[object]:
    """What classes of a module do, in an order in which each method is called twice."""
    seen: list[object] = []
    for _ in range(2):
        same, one = module.Place(layer=2, shelf="A", notes=["x"]), module.Place("A", 2)
        seen += [one == same, hash(one) == hash(same), repr(one), one != module.Place("B")]
        seen += [one == "A", same.notes, module.Place("A").notes]
        seen += [repr(dataclasses.replace(same, shelf="C")), dataclasses.astuple(same)]
        seen += [repr(copy.deepcopy(same)), repr(pickle.loads(pickle.dumps(same)))]
        for wrong in ("one.shelf = 'B'", "del one.shelf", "module.Place()", "module.Named(1)"):
            with pytest.raises((AttributeError, TypeError)) as problem:
                exec(wrong, {"one": one, "module": module})
            seen += [type(problem.value), str(problem.value)]
        few, many = module.Counted(1), module.Counted(2)
        seen += [few < many, few >= many, many.twice, repr(module.Named(3, name="x"))]
        seen += [module.Named(3, name="x").name, module.Named(3, name="x") == module.Counted(3)]
    return seen


def test_they_do_what_those_of_python_do(
    both: tuple[types.ModuleType, types.ModuleType],
) -> None:
    with_late, usual = both
    assert behaviour(with_late) == behaviour(usual)


def test_a_method_is_written_at_its_first_call_and_stands_in_its_own_place_then(
    both: tuple[types.ModuleType, types.ModuleType],
) -> None:
    with_late, usual = both
    known = set(inspect.signature(with_late.Place).parameters)
    assert (known == {"shelf", "layer", "marks", "notes"}) != ARE_LATE
    with_late.Place("A")
    for module in both:
        assert str(inspect.signature(module.Place)).startswith("(shelf: str, layer: int = 1")
    assert with_late.Place.__init__.__qualname__ == usual.Place.__init__.__qualname__


def test_the_classes_of_other_packages_are_left_alone(
    both: tuple[types.ModuleType, types.ModuleType],
) -> None:
    _, usual = both
    assert str(inspect.signature(usual.Place)).startswith("(shelf: str")
