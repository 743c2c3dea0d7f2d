"""What a start of the window is given: by the command line, or by a test."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from station_app.app import Program

ENROL_ANEW: Final = 17  # status of a window that was left for becoming another PC


@dataclass(frozen=True, slots=True)
class Start:
    """One start.

    data: the folder of this PC; key_file: where the keys are, None for the keyring; county_url:
    instead of the enrolled address; anew: a PC that was cut off is enrolled anew first; then: done
    once, in the open window.
    """

    data: Path
    key_file: Path | None
    county_url: str = ""
    anew: bool = False
    then: "Callable[[Program], None] | None" = None
