"""The moment and place in which a rule decides.

Rules are pure: what they may know of the world besides the state comes in here, as plain values.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Now:
    """Who does it, where, and on which business day.

    at: UTC milliseconds by this machine's clock (orders facts of one entity, dates nothing).
    day: business day "2026-11-25": the open shift's, else the one proposed from the clock.
    operator: identity of the operator, "" before anybody has signed in.
    device: this PC in its station, "D1"; station: code "NX0601"; level: village or township.
    slot, slots: this PC's slot number and how many living slots the station has.
    shift: identity of the open shift of this PC, "" when none is open.
    is_filled: False while a new PC does not yet hold all facts of what is open.
    """

    at: int
    day: str
    operator: str
    device: str
    station: str
    slot: int = 0
    slots: int = 1
    shift: str = ""
    is_manager: bool = True
    is_filled: bool = True
