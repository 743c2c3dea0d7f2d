"""Fix-it sheets: for each thing that goes wrong with a device, what to do, step by step.

Pure: a state or a symptom becomes the name of a sheet, and the catalogue has its title and steps
(`overview.devices.sheet.<name>`). A sheet has one to four steps, each a verb and what to look at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from station_app.devices.scale import ScaleNow
from station_app.shell.offers import Tone
from station_app.values.texts import Texts

STEPS_MAX = 4
# What a printer says → its sheet. What came out in part is found in the queue.
PRINTER_SHEETS: Mapping[str, str] = {
    "NO_PAPER": "no_paper",
    "PAPER_LOW": "no_paper",
    "COVER_OPEN": "cover_open",
    "JAM": "jam",
    "NO_RIBBON": "no_ribbon",
    "PAUSED": "paused",
    "UNREACHABLE": "unreachable",
    "NO_ACCESS": "no_access",
    "BUSY": "busy",
    "QUEUE_STOPPED": "queue_stopped",
    "NO_QUEUE": "no_queue",
    "CUT_OFF": "cut_off",
    "STALLED": "cut_off",
    "NO_ANSWER": "cut_off",
}
SYMPTOMS = ("nothing", "faint", "rubbish", "shifted")
SCALE_SHEETS: Mapping[str, str] = {
    "none": "scale_none",
    "gone": "scale_gone",
    "silent": "scale_silent",
    "garbled": "scale_garbled",
    "overload": "scale_overload",
    "negative": "scale_negative",
}
# What a scanner says that is no keyboard → its sheet.
SCANNER_SHEETS: Mapping[str, str] = {
    "gone": "scanner_gone",
    "busy": "scanner_busy",
    "no_access": "scanner_no_access",
    "wrong": "scanner_wrong",
}
ALL = (
    *sorted(set(PRINTER_SHEETS.values())),
    *(f"symptom_{symptom}" for symptom in SYMPTOMS),
    *SCALE_SHEETS.values(),
    *("printer_other", "printer_fine", "printer_silent", "printer_none", "scale_fine"),
    *("drawer", "drawer_none", "scanner", "scanner_fine"),
    *SCANNER_SHEETS.values(),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet says. steps: (what to do, what to look at)."""

    name: str
    title: str
    line: str
    steps: Sequence[tuple[str, str]]
    tone: Tone


def printer_sheet(state: str, reason: str, symptom: str, *, is_picture: bool) -> str:
    """Return which sheet helps with a printer."""
    if symptom:
        return f"symptom_{symptom}"
    if is_picture:
        return "printer_none"
    if state == "fault" or reason:
        return PRINTER_SHEETS.get(reason, "printer_other")
    return "printer_fine" if state == "ok" else "printer_silent"


def scale_sheet(now: ScaleNow) -> str:
    """Return which sheet helps with the scale."""
    return SCALE_SHEETS.get(now.state, "scale_fine")


def scanner_sheet(state: str, *, is_tried: bool) -> str:
    """Return which sheet helps with the scanner. state: of one on a port, "" for a keyboard."""
    if state and state != "ready":
        return SCANNER_SHEETS[state]
    return "scanner_fine" if state or is_tried else "scanner"


def sheet_of(texts: Texts, sheet: str, device: str) -> Sheet:
    """Return the words of a sheet about a device."""
    table = f"overview.devices.sheet.{sheet}"
    steps = []
    for number in range(1, STEPS_MAX + 1):
        key = f"{table}.step_{number}"
        if texts.has(key):
            small = f"{key}_line"
            steps.append((texts.say(key), texts.say(small) if texts.has(small) else ""))
    title, line = texts.say(f"{table}.title", name=device), texts.say(f"{table}.line")
    return Sheet(sheet, title, line, steps, _tone(sheet))


def _tone(name: str) -> Tone:
    if name.endswith("_fine") or name in ("drawer", "scanner", "printer_silent"):
        return "ok"
    return "notice" if name.endswith("_none") else "warn"
