"""Who works at the counter, as far as a rule has to know it.

Some acts ask for a second person. Whether there is one, and whether she may decide, is all that a
rule sees; names are for the page that asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coworker:
    """Somebody who works at this station now. identity: as in the facts' `by`."""

    identity: str
    name: str
    is_manager: bool


def may_confirm(staff: Iterable[Coworker], second: str, *, asked_by: str, is_manager: bool) -> bool:
    """Tell whether `second` may confirm what `asked_by` wants to do.

    An operator needs a manager. A manager needs anybody else: two see more than one. is_manager:
    of the one who asks.
    """
    if second == asked_by:
        return False
    found = next((one for one in staff if one.identity == second), None)
    return found is not None and (is_manager or found.is_manager)


def approval(staff: int, *, is_manager: bool) -> str:
    """Return who lets something go that asks for the manager.

    staff: how many work here. `alone` is marked 一人办理; `absent`: the manager was not there.
    """
    if staff <= 1:
        return "alone"
    return "manager" if is_manager else "absent"
