"""Opens the window of the station: the first picture before everything else.

Only what that picture needs is imported here; the journal, the services and their pages come in
once it stands on the screen (docs/decisions/0021-first-light.md).
"""

import gc
from dataclasses import replace

from station_app.machine import DATABASE, KEY_UNDER_PASSPHRASE, SystemClock
from station_app.overview.first_light import FirstLight
from station_app.resources_dir import load_texts
from station_app.shell.application import make_application
from station_app.shell.scaling import apply_scale
from station_app.start import ENROL_ANEW, Start


def open_station(start: Start) -> int:
    """Open the window and stay until it is closed; return the exit status."""
    gc.disable()  # loading makes much and drops nothing: to look for garbage is a tenth of it
    apply_scale(start.data)
    make_application()
    # A PIN may be typed at once, but not where a passphrase comes first.
    has_journal = (start.data / DATABASE).exists() and not start.anew
    has_journal = has_journal and not (start.data / KEY_UNDER_PASSPHRASE).exists()
    light = FirstLight(load_texts(), SystemClock().now_ms, has_journal=has_journal)
    light.shine()
    light.breathe()  # what waited for the picture, before the first long stage
    # Stage by stage, so that what is typed meanwhile is seen.
    import station_app.premises

    light.breathe()
    import station_app.overview.window  # noqa: F401

    light.breathe()
    from station_app import station

    gc.freeze()
    gc.enable()
    light.breathe()
    status = station.open_station(start, light)
    if status == ENROL_ANEW and not start.anew:
        return open_station(replace(start, anew=True))
    return status
