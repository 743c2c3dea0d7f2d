"""What the start check says of a finding: on its page, on the slip, and to a terminal."""

from collections.abc import Mapping

from station_app.overview.examination import Finding
from station_app.overview.moments import day_and_time, how_long, size
from station_app.overview.papers import mend_words, reason_words
from station_app.values.day import say_day
from station_app.values.texts import Texts


def finding_words(texts: Texts, finding: Finding, now: int) -> Mapping[str, str]:
    """Return title, line, more and action of a finding, final; without an action that is ""."""
    slots = _slots(texts, finding, now)
    table = f"overview.doctor.{finding.name}"
    return {
        part: texts.say(f"{table}.{part}", **slots) for part in ("title", "line", "more", "action")
    }


def fine_words(texts: Texts, finding: Finding, now: int) -> str:
    """Return the short word about what is in order."""
    return texts.say(f"overview.doctor.fine.{finding.name}", **_slots(texts, finding, now))


def _slots(texts: Texts, finding: Finding, now: int) -> dict[str, object]:
    """Turn what was measured into words: spans, sizes, moments, printers."""
    slots: dict[str, object] = dict(finding.slots)
    slots.update({name: day_and_time(at, now) for name, at in finding.moments.items()})
    if "date" in slots:
        slots["date"] = say_day(str(finding.slots["date"]))
    if "span" in slots:
        slots["span"] = how_long(texts, int(finding.slots["span"]))
    if "free" in slots:
        slots["free"] = size(int(finding.slots["free"]))
    if "facts" in slots:
        slots["facts"] = f"{finding.slots['facts']:,}"
    if "kept_in" in slots:
        slots["kept_in"] = texts.say(f"overview.value.{slots['kept_in']}")
    if "weight_state" in slots:
        state = slots["weight_state"]
        slots["state"] = texts.say(f"shell.weight.state.{state}")
        slots["mend"] = texts.say(f"shell.weight.help.{state}")
    if "role" in slots:
        slots["role"] = printer_words(texts, str(slots["role"]))
        slots["mend"] = mend_words(texts, str(slots["reason"]))
        slots["reason"] = reason_words(texts, str(slots["reason"]))
    return slots


def printer_words(texts: Texts, name: str) -> str:
    """Return what a printer is called: `label2` is 标签机 2."""
    role = name.rstrip("0123456789")
    number = name.removeprefix(role)
    words = texts.say(f"printing.role.{role}")
    return f"{words} {number}" if number else words
