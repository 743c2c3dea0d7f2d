"""The stations as the hub's desk needs them: which there are, and which township sorts for whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from county_server.schema import EVERYWHERE
from county_server.store import Store

TOWNSHIP, VILLAGE, ACTIVE = "township", "village", "active"


@dataclass(frozen=True, slots=True)
class Post:
    """A station to which parcels go."""

    code: str
    name: str
    level: str
    parent: str


def read_posts(store: Store, connection: Connection) -> dict[str, Post]:
    """Return the open stations by code, townships first."""
    table = store.tables.read["station"].c
    rows = connection.execute(
        select(table.code, table.name, table.level, table.parent)
        .where(table.station == EVERYWHERE, table.level.in_((TOWNSHIP, VILLAGE)))
        .where(table.status == ACTIVE)
        .order_by(table.level, table.code)
    )
    return {row[0]: Post(*row) for row in rows}


def above(posts: Mapping[str, Post], station: str) -> str:
    """Return the township that sorts for a village, "" for none."""
    post = posts.get(station)
    parent = posts.get(post.parent) if post else None
    return parent.code if parent is not None and parent.level == TOWNSHIP else ""


def reached(posts: Mapping[str, Post], station: str) -> frozenset[str]:
    """Return the stations that get something out of a bag for `station`."""
    return frozenset({station, *(code for code in posts if above(posts, code) == station)})
