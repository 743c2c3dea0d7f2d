"""What to say after a trial page, and what to try next: pure."""

from collections.abc import Mapping, Sequence

from station_app.devices.printer import Delivery
from station_app.overview.papers import mend_words, reason_words
from station_app.printing.profiles import Profile
from station_app.shell.offers import Tone
from station_app.values.texts import Texts

# In which order languages are tried: the commonest first.
LANGUAGES = ("tspl", "escpos", "zpl", "cpcl")


def result_words(texts: Texts, delivery: Delivery) -> tuple[str, Tone]:
    """Return the sentence about a trial, and its tone."""
    if delivery.outcome == "sent":
        key = "sent_ok" if delivery.status.state == "ok" else "sent"
        return texts.say(f"overview.devices.printer.{key}"), "ok"
    reason = delivery.reason or "OTHER"
    return texts.say(
        f"overview.devices.printer.{delivery.outcome}",
        reason=reason_words(texts, reason),
        mend=mend_words(texts, reason),
    ), "warn"


def next_kind(profiles: Mapping[str, Profile], current: str, fitting: Sequence[str]) -> str:
    """Return the kind to try after rubbish: the same paper in the next language, "" for none left.

    Receipt printers speak one language only, so the next width is tried there.
    """
    was = profiles[current]
    later = LANGUAGES[LANGUAGES.index(was.language) + 1 :]
    for language in later:
        same = [
            name
            for name in fitting
            if profiles[name].language == language
            and (profiles[name].width, profiles[name].height) == (was.width, was.height)
        ]
        if same:
            return same[0]
    if all(profiles[name].language == was.language for name in fitting):
        after = fitting[fitting.index(current) + 1 :]
        return after[0] if after else ""
    return ""
