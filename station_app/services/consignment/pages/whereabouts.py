"""Where a lot is, in the words of its page: here, on the road, at the hub, and what the hub misses.

What stops it, and the mark that it may bear, stand behind.
"""

from collections.abc import Callable

from station_app.services.consignment.lots import Lot
from station_app.services.consignment.moving import said
from station_app.values.day import say_day


def whereabouts(say: Callable[..., str], state: Lot) -> tuple[str, ...]:
    """Return a lot's whereabouts, each with its quantity.

    say: the page's way to a text by key and slots.
    """
    less = "less" if state.difference > 0 else "more"
    found = (
        ("lies", "here", state.on_shelf),
        ("on_road", "quantity", state.in_transit),
        ("at_hub", "quantity", state.at_hub),
        (f"differs_{less}", "quantity", abs(state.difference)),
    )
    parts = [
        say(f"consignment.lots.{key}", **{slot: said(state, count)})
        for key, slot, count in found
        if count > 0
    ]
    if state.mark:
        slots = {"mark": state.mark, "day": say_day(state.mark_until)}
        parts.append(say("consignment.lots.marked", **slots))
    if state.is_blocked:
        parts.append(say("consignment.lots.stopped", why=state.recalled or state.failed))
    return tuple(parts)
