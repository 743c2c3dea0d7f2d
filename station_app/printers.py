"""Which printers hang on this PC: kept in its own database, made into ports for the spool.

Without any, the papers become pictures in the data folder: nothing that was printed is lost before
a printer is there, and the strip says so. How one is written: `devices/printer_setting.py`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from station_app.devices.printer_setting import (
    DRAWER,
    ROLES,
    WAYBILL,
    BadPort,
    PrinterSetting,
    check_port,
    port_of,
)
from station_app.printing.profiles import BadProfile, Profile, load_profiles, named
from station_app.printing.spool import Printer
from station_app.resources_dir import resources
from station_app.values.texts import Texts

_SETTING = "printers"
# A trigger of its own takes the drawer's pulse and no paper.
WAYBILL_PROFILE = "label_100x150"
WAYBILL_WIDTH = 700  # dots across: a label that a courier reads is 100 mm wide
DRAWER_PROFILE = Profile(language="escpos", width=8, drawer=True)


class BadSetting(ValueError):
    """The text names no printer: says which part of it is wrong."""


def profiles() -> Mapping[str, Profile]:
    """Return the kinds of printers that this program knows."""
    return load_profiles((resources() / "printers.toml").read_text("utf-8"))


def profile_of(known: Mapping[str, Profile], setting: PrinterSetting) -> Profile:
    """Return the kind of a printer. Raises KeyError, BadProfile."""
    return DRAWER_PROFILE if setting.role == DRAWER else named(known, setting.profile)


def parse(text: str) -> PrinterSetting:
    """Return the printer that a text names; raises BadSetting."""
    role, _, rest = text.partition("=")
    profile, _, port = rest.partition("@")
    if role not in ROLES:
        raise BadSetting(f"{role!r} is none of {', '.join(ROLES)}")
    setting = PrinterSetting(role=role, profile=profile, port=port)
    try:
        profile_of(profiles(), setting)
        check_port(port)
    except KeyError as problem:
        raise BadSetting(f"{profile!r} is none of {', '.join(sorted(profiles()))}") from problem
    except (BadProfile, BadPort) as problem:
        raise BadSetting(str(problem)) from problem
    return setting


def kept(connection: Any) -> tuple[PrinterSetting, ...]:
    """Return the printers of this PC."""
    row = connection.execute("SELECT value FROM local WHERE name = ?", (_SETTING,)).fetchone()
    return msgspec.json.decode(row[0], type=tuple[PrinterSetting, ...]) if row else ()


def keep(connection: Any, settings: Sequence[PrinterSetting]) -> None:
    """Keep the printers of this PC; inside a transaction."""
    connection.execute(
        "INSERT OR REPLACE INTO local(name, value) VALUES (?, ?)",
        (_SETTING, msgspec.json.encode(list(settings)).decode("utf-8")),
    )


def in_pictures(folder: Path) -> tuple[PrinterSetting, ...]:
    """Return the printers of a PC that has none: two folders of pictures."""
    return (
        PrinterSetting(role="label", profile="label_60x40", port=f"folder:{folder / 'labels'}"),
        PrinterSetting(role="receipt", profile="receipt_80", port=f"folder:{folder / 'receipts'}"),
    )


def instead_of_waybills(
    settings: Sequence[PrinterSetting], folder: Path
) -> tuple[PrinterSetting, ...]:
    """Return what takes the labels of parcels that are sent, while no printer was set up for them.

    They are four times as large as a shelf label. The first label printer that holds such labels
    takes them; without one they wait as pictures, as every paper does that has no printer yet.
    """
    known = profiles()
    wide = [s for s in settings if s.role in ("label", WAYBILL) and _holds_waybills(known, s)]
    if wide or any(setting.role == WAYBILL for setting in settings):
        return ()
    port = f"folder:{folder / 'waybills'}"
    return (PrinterSetting(role=WAYBILL, profile=WAYBILL_PROFILE, port=port),)


def _holds_waybills(known: Mapping[str, Profile], setting: PrinterSetting) -> bool:
    profile = profile_of(known, setting)
    return profile.width >= WAYBILL_WIDTH and profile.height >= WAYBILL_WIDTH


def names(settings: Sequence[PrinterSetting]) -> list[str]:
    """Return what each printer is called in the queue: `label`, the second one `label2`."""
    seen: Counter[str] = Counter()
    called = []
    for setting in settings:
        seen[setting.role] += 1
        count = seen[setting.role]
        called.append(setting.role if count == 1 else f"{setting.role}{count}")
    return called


def words(texts: Texts, settings: Sequence[PrinterSetting]) -> dict[str, str]:
    """Return the words of each printer: 标签机, 标签机 2."""
    said = {}
    for name, setting in zip(names(settings), settings, strict=True):
        number = name.removeprefix(setting.role)
        role = texts.say(f"printing.role.{setting.role}")
        said[name] = f"{role} {number}" if number else role
    return said


def made(settings: Sequence[PrinterSetting]) -> tuple[Printer, ...]:
    """Return the printers with their ports.

    The first of a role takes its papers, any other one what is given to it. The drawer hangs on a
    trigger of its own, else on the first receipt printer that has a plug for it. Labels of parcels
    that are sent go to the first label printer with paper for them where none is set up for them.
    """
    known = profiles()
    has_waybills = any(setting.role == WAYBILL for setting in settings)
    has_trigger = any(setting.role == DRAWER for setting in settings)
    printers: list[Printer] = []
    for name, setting in zip(names(settings), settings, strict=True):
        profile = profile_of(known, setting)
        roles = [setting.role] if name == setting.role else []
        if roles and profile.drawer and not has_trigger and setting.role != DRAWER:
            roles.append(DRAWER)
        if not has_waybills and setting.role == "label" and _holds_waybills(known, setting):
            roles.append(WAYBILL)
            has_waybills = True
        port = port_of(setting, language=profile.language, width=profile.width)
        printers.append(Printer(name, profile, port, tuple(roles)))
    return tuple(printers)
