"""Puts the real window in the place of the first picture, and stays until it is closed."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from station_app.app import Program, ProgramEdges
from station_app.journal.troubles import StoreTrouble
from station_app.overview.first_light import FirstLight
from station_app.premises import DATABASE, NotEnrolled
from station_app.safekeeping import first_catch_up
from station_app.security.key_place import kept_in
from station_app.security.key_store import KeyStore
from station_app.start import Start


def open_station(start: Start, light: FirstLight) -> int:
    """Put the real window in place of the first picture; return the exit status."""
    from station_app import chores, station_log
    from station_app.key_start import keys_at_start

    data, key_file, county_url = start.data, start.key_file, start.county_url
    station_log.begin(data)
    station_log.catch_the_rest()

    def edges() -> ProgramEdges:
        return ProgramEdges(county_url=county_url, kept_in=kept_in(data, key_file))

    try:
        keys = chores.keys(key_file, data) if key_file else keys_at_start(data, light)
        if keys is None:
            return 1
        first_catch_up(data, keys, county_url)
        program = None if start.anew else _open(data, keys, edges)
        if program is None:
            from station_app.first_start import enrol_first

            if not enrol_first(data, keys, county_url, light, anew=start.anew):
                return 1
            program = Program.open(data, keys, edges())
    except StoreTrouble as trouble:
        from station_app.first_start import show_trouble

        return show_trouble(data, trouble, light)
    try:
        program.show(light)
        station_log.catch_the_rest(program.window.last_resort.tell)
        if start.then is not None:
            QTimer.singleShot(0, program.window, partial(start.then, program))
        return QApplication.exec()
    finally:
        program.close()


def _open(data: Path, keys: KeyStore, edges: Callable[[], ProgramEdges]) -> Program | None:
    """Open the program; None if this PC has no station yet."""
    if not (data / DATABASE).exists():
        return None
    try:
        return Program.open(data, keys, edges())
    except NotEnrolled:
        return None
