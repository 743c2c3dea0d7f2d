"""What the pages of the drawer need of the world around the counter, as callables.

The composition root fills these in: how paper is drawn and queued, what waits to be sent. So the
pages can be tested without a printer and without a line.
"""

from collections.abc import Callable
from dataclasses import dataclass

from station_app.printing.document import Receipt
from station_app.printing.raster import Raster


@dataclass(frozen=True, slots=True)
class Unsent:
    """What the county does not hold yet. oldest_at: UTC ms, 0 when nothing waits."""

    facts: int
    oldest_at: int
    is_offline: bool


@dataclass(frozen=True, slots=True)
class Edges:
    """What the pages may use.

    preview: draws a slip as the receipt printer of this counter will; put_out: queues a slip,
    with the act whose copy it is, "" for a reading of no act; unsent: quick, from memory;
    live: the stream that is written now, whose mark the next Z number bears; build_ms: when the
    program was built, before which no clock is believed; sync_page: key of the page that sends, ""
    if there is none.
    """

    preview: Callable[[Receipt], Raster]
    put_out: Callable[[Receipt, str], None]
    unsent: Callable[[], Unsent]
    live: Callable[[], str] = lambda: ""
    build_ms: int = 0
    sync_page: str = ""
