"""Opens the window of the station: the first picture before everything else.

Only what that picture needs is imported here; the journal, the services and their pages come in
once it stands on the screen (docs/decisions/0021-first-light.md).
"""

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from station_app.machine import DATABASE, KEY_UNDER_PASSPHRASE, SystemClock
from station_app.overview.first_light import FirstLight
from station_app.resources_dir import load_texts
from station_app.shell.application import make_application

if TYPE_CHECKING:
    from station_app.app import Program


def open_station(
    data: Path,
    key_file: Path | None,
    *,
    county_url: str = "",
    anew: bool = False,
    then: Callable[["Program"], None] | None = None,
) -> int:
    """Open the window and stay until it is closed; return the exit status.

    anew: a PC that was cut off is enrolled anew first. then: done once, in the open window.
    """
    gc.disable()  # loading makes much and drops nothing: to look for garbage is a tenth of it
    make_application()
    # A PIN may be typed at once, but not where a passphrase comes first.
    has_journal = (data / DATABASE).exists() and not (data / KEY_UNDER_PASSPHRASE).exists()
    has_journal = has_journal and not anew
    light = FirstLight(load_texts(), SystemClock().now_ms, has_journal=has_journal)
    light.shine()
    light.breathe()  # what waited for the picture, before the first long stage
    # Stage by stage, so that what is typed meanwhile is seen.
    import station_app.premises

    light.breathe()
    import station_app.overview.window  # noqa: F401

    light.breathe()
    from station_app import app

    gc.freeze()
    gc.enable()
    light.breathe()
    return app.open_station(data, key_file, light, county_url=county_url, anew=anew, then=then)
