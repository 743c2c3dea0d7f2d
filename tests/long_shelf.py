"""The long shelf: tests that the ten minutes of the suite have no room for.

A test marked `long` is played by `dev long shelf`, not by the suite; each whole run says how many
stand there. No promise may rest on one of them (tests/promise_sheet.py). What a page does at both
heights of window, it does in the suite at the lower one, where less fits, and here at the other.
"""

from typing import Any

import pytest

OPTION = "--shelf"

# Of a test that works a page by keys at either height (px). The higher one stands on the shelf.
HEIGHTS = (690, pytest.param(768, marks=pytest.mark.long))
WINDOWS = ((1366, 690), pytest.param((1366, 768), marks=pytest.mark.long))  # width and height
LEFT = pytest.StashKey[int]()
WORD = "left on the long shelf"  # of what a worker tells in the end


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let somebody ask for the shelf."""
    parser.addoption(OPTION, action="store_true", help="play the tests that are marked long, only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what stands on the shelf, or all else. A test that is named is always played."""
    wants_shelf = config.getoption(OPTION)
    if not wants_shelf and any("::" in name for name in config.invocation_params.args):
        return
    left = [item for item in items if is_long(item) != wants_shelf]
    items[:] = [item for item in items if is_long(item) == wants_shelf]
    config.hook.pytest_deselected(items=left)
    if not wants_shelf:
        config.stash[LEFT] = len(left)
        getattr(config, "workeroutput", {})[WORD] = len(left)


def is_long(item: pytest.Item) -> bool:
    """Whether a test stands on the shelf."""
    return item.get_closest_marker("long") is not None


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear from a worker how many it left out; each of them collects all."""
    node.config.stash[LEFT] = getattr(node, "workeroutput", {}).get(WORD, 0)


def pytest_terminal_summary(config: pytest.Config) -> None:
    """Say how many tests were left out."""
    left = config.stash.get(LEFT, 0)
    if left:
        reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
        reporter.line(f"{left} tests stand on the long shelf: `dev long shelf`")
