"""What happened to an order, in words: one line and a small one for every kind of fact."""

from typing import Any

from station_app.services.purchasing.facts import OrderPlaced
from station_app.services.purchasing.timeline_records import Entry
from station_app.shell.counter import Counter
from station_app.values.day import local_day, local_time, say_day
from station_app.values.money import say_yuan

WARNINGS = (
    "order.quoted_higher", "order.fell_short", "order.swap_offered", "order.cancellation_refused",
    "order.return_refused", "completion.asked",
)  # fmt: skip


class Told:
    """Puts entries of the timeline into words."""

    def __init__(self, counter: Counter) -> None:
        """Speak in the words of `counter`."""
        self._counter = counter

    def when(self, entry: Entry) -> str:
        """Return when it happened."""
        now = self._counter.desk.now()
        day = local_day(entry.at)
        if day == local_day(now.at):
            return self._counter.say("purchasing.told.today", time=local_time(entry.at))
        return say_day(day, local_day(now.at))

    def late(self, entry: Entry) -> str:
        """Return how much later it was known here, "" when at once."""
        if not entry.known_days:
            return ""
        return self._counter.say("purchasing.told.late", days=entry.known_days)

    def is_warning(self, entry: Entry) -> bool:
        """Tell whether somebody has to look at it."""
        return entry.kind in WARNINGS

    def line(self, entry: Entry) -> tuple[str, str]:
        """Return the line of an entry, and the small one below it."""
        noun, _, happened = entry.kind.partition(".")
        key = f"{noun}_{happened}"
        slots = self._slots(entry.body)
        line = self._counter.say(f"purchasing.told.{key}", **slots)
        small_key = f"purchasing.told_small.{key}"
        slots |= {"words": entry.words}
        if entry.words:
            small_key += "_words"
        small = self._counter.say(small_key, **slots) if self._counter.texts.has(small_key) else ""
        return line, small

    def _slots(self, body: Any) -> dict[str, object]:
        """Return what the words may name: amounts, reasons, numbers."""
        found: dict[str, object] = {}
        for name in body.__struct_fields__:
            value = getattr(body, name)
            if name.endswith("_fen"):
                found[name.removesuffix("_fen")] = say_yuan(value)
            elif isinstance(value, str | int):
                found[name] = value
        if "way" in found:
            key = f"purchasing.way_of_delivery.{found['way']}"
            known = self._counter.texts.has(key)
            found["delivery"] = self._counter.say(key) if known else found["way"]
        found["ceiling"] = self._ceiling(body)
        for name, table in (("way", "way"), ("reason", "why"), ("answer", "quote_answer"),
                            ("remedy", "remedy"), ("bearer", "bearer")):  # fmt: skip
            if name in found:
                key = f"purchasing.{table}.{found[name]}"
                has = self._counter.texts.has(key)
                found[name] = self._counter.say(key) if has else found[name]
        return found

    def _ceiling(self, body: Any) -> str:
        lines = body.lines if isinstance(body, OrderPlaced) else ()
        return say_yuan(sum(line.ceiling_fen for line in lines))
