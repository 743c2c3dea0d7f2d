"""The sheet of settings: how things are done at the counters, of all stations or of one.

One row is one publication. A name or a value that no counter knows is a problem of the sheet: at
the counters it would silently count as not said.
"""

from collections.abc import Container, Mapping

from county_server.sheets import Row
from station_app.reference.facts import DatedSettingPublished, SettingPublished
from station_app.reference.settings import SETTINGS

SETTINGS_SHEET = "settings.csv"
COLUMNS = {SETTINGS_SHEET: ("name", "station", "value")}
VALUE_MAX = 120  # a list of words on one line of a sheet


def read_setting(row: Row, day: str) -> SettingPublished:
    """Return the publication that a row of settings gives."""
    name = row.one_of("name", tuple(SETTINGS))
    value = row.text("value", most=VALUE_MAX)
    known = SETTINGS.get(name)
    if known is not None and value and not known.fits(value):
        detail = f"{value!r} does not match {known.form.pattern}"
        row.note("value", "WRONG_FORM", detail, found=value, example=known.default)
    said = SettingPublished(name=name, station=row.cell("station"), value=value, day=day)
    return row.dated(said, DatedSettingPublished)


def judge_places(rows: Mapping[str, Row], every: Container[str]) -> None:
    """Note settings for a station that nobody has described."""
    for row in rows.values():
        code = row.cell("station")
        if code and code not in every:
            row.note("station", "NO_SUCH_STATION", f"no station {code!r}", found=code)
