"""How devices stand in the strip and in the top bar: what they say, never more than is known."""

from collections.abc import Mapping, Sequence

from station_app.overview.devices.work import SCANNER, DeviceWork
from station_app.overview.papers import reason_words
from station_app.shell.offers import Tone
from station_app.shell.widgets.strip import StatusItem
from station_app.values.texts import Texts


def printer_item(
    texts: Texts, key: str, words: str, state: tuple[str, str], *, is_picture: bool = False
) -> StatusItem:
    """Return how a printer is: what it says, and never that it is well when it says nothing.

    is_picture: there is none yet, its papers become pictures.
    """
    said, reason = state
    if is_picture:
        return StatusItem(key, f"{words}{texts.say('overview.devices.state.none')}", "waiting")
    tones: Mapping[str, Tone] = {"ok": "ok", "fault": "warn"}
    if reason:
        return StatusItem(key, f"{words}{reason_words(texts, reason)}", "warn")
    kind = "ok" if said == "ok" else "unknown"
    return StatusItem(
        key, f"{words} {texts.say(f'printing.state.{kind}')}", tones.get(said, "plain")
    )


def pictures(hardware: DeviceWork | None) -> frozenset[str]:
    """Return the names of the printers that are none: what they print becomes pictures."""
    printers = hardware.printers() if hardware is not None else ()
    return frozenset(printer.name for printer in printers if printer.is_picture)


def was_tried(hardware: DeviceWork | None) -> bool:
    """Tell whether the scanner of this counter was tested on its page, at some time."""
    return hardware is not None and SCANNER in hardware.tried().at


def scanner_state(
    texts: Texts, devices: Sequence[StatusItem], *, is_tried: bool
) -> tuple[str, Tone]:
    """Return how the scanner is, for the top bar.

    devices: one that is no keyboard stands among them and says it itself. is_tried: a scan came, or
    was tested here before: of a keyboard that presses nothing nothing is known.
    """
    own = next((item for item in devices if item.key == SCANNER), None)
    if own is not None:
        return own.words, own.tone
    if is_tried:
        return texts.say("shell.scan_box.ready"), "ok"
    return texts.say("shell.scan_box.not_tried"), "waiting"
