"""What stations did with who somebody is: erased it, or looked at a whole ID number. For auditors.

No name stands here: an erasure names identities, and a look says whose number it was as little.
What went by itself after its days is added up by station and day.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy import Connection, select

from county_server.desks.desk import Desk
from county_server.schema import EVERYWHERE
from station_app.journal.kinds import PrivateErased
from station_app.services.people.facts import IdShown
from station_app.services.people.rules import ID_REASONS
from station_app.values.day import local_day

SHOWN_MAX = 300
ERASED, BY_ITSELF, LOOKED = "erased", "by_itself", "looked"


@dataclass(frozen=True, slots=True)
class PrivacyDeed:
    """An erasure, a day's worth of what went by itself, or a look.

    at: UTC ms, of the latest; by: masked name of the operator, "" where nobody did it; persons,
    parts: how many villagers, and how many other facts lost what they said of somebody; reason:
    word of a look; identity: of the fact, "" where it is several.
    """

    at: int
    station: str
    sort: str
    by: str = ""
    persons: int = 0
    parts: int = 0
    reason: str = ""
    identity: str = ""


def read_privacy_deeds(
    desk: Desk, connection: Connection, first_ms: int, end_ms: int
) -> list[PrivacyDeed]:
    """Return what was done between two moments, the latest first."""
    c = desk.county.store.tables.facts.c
    rows = connection.execute(
        select(c.at, c.station, c.kind, c.by_, c.identity, c.body)
        .where(
            c.kind.in_((PrivateErased.KIND, IdShown.KIND)),
            c.station != EVERYWHERE,
            c.at >= first_ms,
            c.at < end_ms,
        )
        .order_by(c.at.desc(), c.identity)
    ).all()
    found: list[PrivacyDeed] = []
    parts: Counter[tuple[str, str]] = Counter()
    latest: dict[tuple[str, str], int] = {}
    for at, station, kind, by, identity, body in rows:
        tree = msgspec.json.decode(bytes(body))
        if kind == PrivateErased.KIND and not by:
            place = (station, local_day(at))
            parts[place] += _count(tree, "facts")
            latest.setdefault(place, at)
        elif len(found) < SHOWN_MAX:
            name = desk.operators(connection, station, (by,)).get(by, "")
            deed = PrivacyDeed(at, station, LOOKED, name, identity=identity)
            found.append(_said(deed, kind, tree))
    found += [
        PrivacyDeed(latest[place], place[0], BY_ITSELF, parts=count)
        for place, count in parts.items()
    ]
    return sorted(found, key=lambda deed: deed.at, reverse=True)[:SHOWN_MAX]


def _said(deed: PrivacyDeed, kind: str, tree: Mapping[str, object]) -> PrivacyDeed:
    """Add what a fact says: why somebody looked, or how much went."""
    if kind == IdShown.KIND:
        reason = str(tree.get("reason", ""))
        return replace(deed, reason=reason if reason in ID_REASONS else "other")
    persons, parts = _count(tree, "persons"), _count(tree, "facts")
    return replace(deed, sort=ERASED, persons=persons, parts=parts)


def _count(tree: Mapping[str, object], name: str) -> int:
    named = tree.get(name)
    return len(named) if isinstance(named, list) else 0
