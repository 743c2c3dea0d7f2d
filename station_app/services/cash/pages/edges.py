"""What the pages of the drawer need of the world around the counter, as callables.

The composition root fills these in: how paper is drawn and queued, what waits to be sent. So the
pages can be tested without a printer and without a line.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from station_app.journal.log import Connection
from station_app.printing.document import Receipt
from station_app.printing.raster import Raster
from station_app.shell.offers import HeldWork
from station_app.shell.widgets.second_person import TryPin, no_pins
from station_app.values.staff import Coworker


@dataclass(frozen=True, slots=True)
class Unsent:
    """What the county does not hold yet. oldest_at: UTC ms, 0 when nothing waits."""

    facts: int
    oldest_at: int
    is_offline: bool


@dataclass(frozen=True, slots=True)
class Sending:
    """How sending goes. is_busy: a request is under way; sent, to_send: of it, in facts.

    held, receipt: up to which fact the county has everything, and by which receipt; "" for never.
    """

    is_busy: bool = False
    sent: int = 0
    to_send: int = 0
    held: str = ""
    receipt: str = ""


def no_words(_connection: Connection, _stream: str, _act: str) -> str:
    """Have no words for an act."""
    return ""


def nobody(_connection: Connection) -> tuple[Coworker, ...]:
    """Know no colleagues."""
    return ()


def nothing_held(_connection: Connection) -> Sequence[HeldWork]:
    """Hold no work."""
    return ()


@dataclass(frozen=True, slots=True)
class Edges:
    """What the pages may use.

    preview: draws a slip as the receipt printer of this counter will; put_out: queues a slip,
    with the act whose copy it is, "" for a reading of no act; unsent: quick, from memory;
    live: the stream that is written now, whose mark the next Z number bears; build_ms: when the
    program was built, before which no clock is believed; sync_page: key of the page that sends, ""
    if there is none; acts_page: of the one that opens an act; act_words: (connection, stream, act),
    what an act was; staff, try_pin, come: who works here, her PIN, and that she stands
    at the counter from now on; held: work that other slices hold, page_words: what a page is
    called; sending, send_now, on_sending: how sending goes, a try at once, whom to tell of changes;
    write_stick: puts what waits on a USB stick, then says a sentence and whether it went well.
    """

    preview: Callable[[Receipt], Raster]
    put_out: Callable[[Receipt, str], None]
    unsent: Callable[[], Unsent]
    live: Callable[[], str] = lambda: ""
    build_ms: int = 0
    sync_page: str = ""
    acts_page: str = ""
    act_words: Callable[[Connection, str, str], str] = no_words
    staff: Callable[[Connection], tuple[Coworker, ...]] = nobody
    try_pin: TryPin = no_pins
    come: Callable[[Coworker], None] = lambda _one: None
    held: Callable[[Connection], Sequence[HeldWork]] = nothing_held
    page_words: Callable[[str], str] = lambda _key: ""
    sending: Callable[[], Sending] = Sending
    send_now: Callable[[], None] = lambda: None
    on_sending: Callable[[Callable[[], None]], None] = lambda _listener: None
    write_stick: Callable[[Callable[[str, bool], None]], None] = lambda _then: None
