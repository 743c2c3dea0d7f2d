"""What the county has published, as its own desks ask for it: by the day on which it holds."""

from typing import Any

import msgspec
from sqlalchemy import Connection, select

from county_server.schema import EVERYWHERE
from county_server.store import Store
from station_app.journal.projection import EntityKind
from station_app.reference.platforms import PLATFORM, Platform
from station_app.reference.produce import PRODUCE_RULE, PRODUCE_TERMS, SortTerms
from station_app.reference.settings import SETTING, Setting


def rule_on(store: Store, connection: Connection, name: str, day: str) -> str:
    """Return what a rule for produce says on a day, "" for nothing."""
    said = (one.on(day) for one in _all(store, connection, PRODUCE_RULE) if one.name == name)
    return next((value for value in said if value is not None), "")


def setting_on(store: Store, connection: Connection, setting: Setting, day: str) -> str:
    """Return what a setting of all stations is on a day, its default while nothing is said."""
    found = (
        one.on(day)
        for one in _all(store, connection, SETTING)
        if (one.name, one.station) == (setting.name, "")
    )
    value = next((value for value in found if value is not None), "")
    return value if setting.fits(value) else setting.default


def terms_on(store: Store, connection: Connection, day: str) -> dict[str, SortTerms]:
    """Return on which terms sorts of produce are taken in on a day, by code."""
    return {one.code: one.on(day) for one in _all(store, connection, PRODUCE_TERMS)}


def platforms(store: Store, connection: Connection) -> dict[str, Platform]:
    """Return the platforms that have a cut-off on some day, by name."""
    return {one.name: one for one in _all(store, connection, PLATFORM)}


def _all(store: Store, connection: Connection, kind: EntityKind[Any]) -> list[Any]:
    states = store.tables.states.c
    rows = connection.execute(
        select(states.data).where(states.station == EVERYWHERE, states.kind == kind.name)
    )
    decode = msgspec.json.Decoder(kind.state).decode
    return [decode(bytes(data)) for (data,) in rows]
