"""Orders that the county gives back to be completed, and whoever stands there completes them.

In turn and not by lot, in the villages that order: it spends no luck of anybody's.
"""

from collections.abc import Sequence

from station_app.journal.fact import Saying
from station_app.services.purchasing.commands import CompleteOrder
from station_app.services.purchasing.completing import WAITS
from station_app.services.purchasing.completions import REASONS
from station_app.services.purchasing.facts import CompletionAsked, OrderRemark
from station_app.services.purchasing.rules import Order
from tests.village.pc import Pc

ASKED_EVERY, GIVEN_EVERY = 3, 2  # times that the county speaks of orders, and acts of operators
DAY = "2026-11-26"


class Completing:
    """Asks and completes."""

    def __init__(self) -> None:
        """Begin."""
        self._said = self._acts = 0

    def questions(self, held: Sequence[tuple[str, Order]]) -> list[Saying]:
        """Return what the county gives back now. held: the orders of a station, as it has them."""
        waiting = [(order, state) for order, state in held if state.status in WAITS]
        self._said += bool(waiting)
        if not waiting or self._said % ASKED_EVERY != 1:
            return []
        order, state = waiting[self._said % len(waiting)]
        reason = REASONS[self._said % len(REASONS)]
        body = CompletionAsked(order=order, line=1, reason=reason, day=DAY)
        whose = (state.person,) if state.person else ()
        return [Saying(body, OrderRemark(remark="请乡亲再说清楚", whose=whose))]

    def act(self, pc: Pc) -> None:
        """Complete what nobody has yet, or what needs it no more."""
        self._acts += 1
        row = pc.connection.execute(
            "SELECT entity FROM completions ORDER BY is_given, asked_at, entity LIMIT 1"
        ).fetchone()
        if row and self._acts % GIVEN_EVERY == 1:
            words = "蓝的，四十二码" if self._acts % 4 == 1 else ""
            pc.perform(CompleteOrder(completion=str(row[0]), item=words))
