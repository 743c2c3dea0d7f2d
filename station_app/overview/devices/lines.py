"""The list of devices in words: pure, from what is kept and what the devices say."""

from collections.abc import Mapping, Sequence

from station_app.devices.scale import ScaleNow
from station_app.devices.scale_reader import ScaleSetting
from station_app.devices.serial_line import parse_place
from station_app.overview.devices.cards import DeviceLine
from station_app.overview.devices.work import (
    DRAWER,
    SCALE,
    SCANNER,
    DeviceWork,
    KeptPrinter,
    SenseWork,
)
from station_app.overview.papers import reason_words
from station_app.printing.jobs import Job
from station_app.shell.tone import Tone
from station_app.shell.widgets.weight import TONES as SCALE_TONES
from station_app.values.texts import Texts

KEYBOARD = "keyboard"
States = Mapping[str, tuple[str, str]]  # printer → (state, reason)


def device_lines(
    texts: Texts, work: DeviceWork, senses: SenseWork, states: States, jobs: Sequence[Job]
) -> list[DeviceLine]:
    """Return every device: the scanner first, as it is needed most, then what prints and weighs."""
    printers = work.printers()
    lines = [port_scanner_line(texts, senses) or scanner_line(texts, work)]
    lines += [
        printer_line(texts, printer, states, jobs)
        for printer in sorted(printers, key=lambda p: (p.setting.role != "receipt", p.name))
        if printer.setting.role != DRAWER
    ]
    lines.append(scale_line(texts, work.scale_setting(), work.scale.now()))
    lines.append(drawer_line(texts, printers, work))
    return lines


def scanner_line(texts: Texts, work: DeviceWork) -> DeviceLine:
    """Return how the scanner is: only what was tried is known of a keyboard that scans."""
    tried = work.tried()
    is_tried = SCANNER in tried.at
    key = "scanner_gap" if is_tried else "scanner_new"
    return DeviceLine(
        SCANNER,
        "scan",
        texts.say("overview.devices.name.scanner"),
        texts.say(f"overview.devices.line.{key}", gap=tried.gap_ms),
        texts.say(f"overview.devices.state.{'fine' if is_tried else 'not_tried'}"),
        "ok" if is_tried else "waiting",
    )


def port_scanner_line(texts: Texts, senses: SenseWork) -> DeviceLine | None:
    """Return how a scanner is that is no keyboard: it is known; None for a keyboard."""
    settings, state = senses.settings, senses.scanner_state
    if settings.scanner == KEYBOARD or not state:
        return None
    way = texts.say(f"overview.devices.scan.way.{settings.scanner}")
    place = settings.scanner_place.rpartition("/")[2]
    return DeviceLine(
        SCANNER,
        "scan",
        texts.say("overview.devices.name.scanner"),
        texts.say("overview.devices.line.scanner_port", way=way, place=place),
        texts.say(f"overview.devices.state.scanner_{state}"),
        "ok" if state == "ready" else "warn",
    )


def printer_line(
    texts: Texts, printer: KeptPrinter, states: States, jobs: Sequence[Job]
) -> DeviceLine:
    """Return how a printer is, and what waits for it."""
    icon = "receipt" if printer.setting.role == "receipt" else "tag"
    say = texts.say
    if printer.is_picture:
        small = say("overview.devices.line.printer_none")
        state = say("overview.devices.state.none")
        return DeviceLine(printer.name, icon, printer.words, small, state, "plain")
    waiting = sum(
        job.state == "queued" and (job.printer or job.role) == printer.name for job in jobs
    )
    if waiting:
        small = say("overview.devices.line.printer_queued", kind=printer.kind, count=waiting)
    else:
        place = place_words(texts, printer)
        small = say("overview.devices.line.printer", kind=printer.kind, place=place)
    said, reason = states.get(printer.name, ("unknown", ""))
    tone: Tone
    if said == "fault" or reason:
        pill, tone = reason_words(texts, reason or "OTHER").partition("，")[0], "warn"
    elif said == "ok":
        pill, tone = say("overview.devices.state.fine"), "ok"
    else:
        pill, tone = say("overview.devices.state.silent"), "waiting"
    return DeviceLine(printer.name, icon, printer.words, small, pill, tone)


def place_words(texts: Texts, printer: KeptPrinter) -> str:
    """Return where a printer hangs, in few words."""
    setting = printer.setting
    place = setting.place
    if setting.kind == "serial":
        line = parse_place(place)
        place = f"{line.path.rpartition('/')[2]} {line.baud}"
    elif setting.kind == "file":
        place = place.rpartition("/")[2]
    elif setting.kind == "tcp":
        place = place.removesuffix(":9100")
    return texts.say(f"overview.devices.place.{setting.kind}", place=place)


def scale_line(texts: Texts, setting: ScaleSetting | None, now: ScaleNow) -> DeviceLine:
    """Return how the scale is."""
    words, small = texts.say("overview.devices.name.scale"), ""
    if setting is None:
        small = texts.say("overview.devices.line.scale_none")
    else:
        place = parse_place(setting.place).path.rpartition("/")[2]
        kind = texts.say(f"overview.devices.scale.profile.{setting.profile}")
        small = texts.say("overview.devices.line.scale", place=place, kind=kind)
    state = texts.say(f"shell.weight.state.{now.state}")
    tone = "ok" if now.state == "empty" else SCALE_TONES[now.state]
    return DeviceLine(SCALE, "scale", words, small, state, tone)


def drawer_printer(printers: Sequence[KeptPrinter]) -> KeptPrinter | None:
    """Return what opens the drawer: a trigger of its own, else the first receipt printer."""
    real = [printer for printer in printers if not printer.is_picture]
    trigger = next((p for p in real if p.setting.role == DRAWER), None)
    return trigger or next((p for p in real if p.setting.role == "receipt"), None)


def drawer_line(texts: Texts, printers: Sequence[KeptPrinter], work: DeviceWork) -> DeviceLine:
    """Return whether the drawer can be opened: nothing is known of it but that somebody saw it."""
    opener = drawer_printer(printers)
    words = texts.say("overview.devices.name.drawer")
    if opener is None:
        small = texts.say("overview.devices.line.drawer_none")
        state = texts.say("overview.devices.state.none")
        return DeviceLine(DRAWER, "drawer", words, small, state, "plain")
    is_tried = DRAWER in work.tried().at
    small = texts.say("overview.devices.line.drawer_on", printer=opener.words)
    state = texts.say(f"overview.devices.state.{'tried' if is_tried else 'not_tried'}")
    return DeviceLine(DRAWER, "drawer", words, small, state, "ok" if is_tried else "waiting")


def untried(work: DeviceWork) -> list[str]:
    """Return what is not connected or not tried yet, as keys of `overview.devices.name`."""
    tried, printers = work.tried(), work.printers()
    missing = [] if SCANNER in tried.at else [SCANNER]
    missing += [p.name for p in printers if p.is_picture]
    missing += [] if work.scale_setting() is not None else [SCALE]
    missing += [] if DRAWER in tried.at else [DRAWER]
    return missing
