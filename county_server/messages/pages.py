"""The page of messages: what waits, what is on its way, what did not arrive, what has arrived.

Names and numbers are masked; what a message says is nobody's business at the county.
"""

from starlette.responses import Response

from county_server.desks.desk import Desk
from county_server.messages import queue
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.values.day import add_days, local_day

SHOWN_MAX = 200
DAYS = 31  # what is older is in the journal


class Messages:
    """The page."""

    def __init__(self, desk: Desk) -> None:
        """Show the messages of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page."""
        return [Endpoint("GET", "/messages", roles.MESSAGES, roles.LOOK, self.listing)]

    def listing(self, ask: Ask) -> Response:
        """Show the messages that stand in one way, the newest first."""
        store, today = self._desk.county.store, local_day(ask.now)
        asked = ask.query.get("tab", "")
        tab = asked if asked in queue.TABS else queue.WAITING
        since = add_days(today, -DAYS)
        with self._desk.frame.read() as connection:
            counts = queue.counts(store, connection, since)
            lines = queue.read_messages(store, connection, queue.TABS[tab], since=since)
            shown = [
                queue.letter_of(store, connection, line, today)
                for line in reversed(lines[-SHOWN_MAX:])
            ]
        return self._desk.page(
            "messages.html", ask, tab=tab, tabs=tuple(queue.TABS), counts=counts, letters=shown,
            beyond=max(len(lines) - SHOWN_MAX, 0), days=DAYS,
        )  # fmt: skip
