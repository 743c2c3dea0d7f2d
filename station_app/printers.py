"""Which printers hang on this PC: kept in its own database, made into ports for the spool.

A printer is written `ROLE=PROFILE@PORT`, for instance `label=label_60x40@tcp:192.168.1.50:9100`,
`receipt=receipt_80@file:/dev/usb/lp0` or `label=label_60x40@folder:/tmp/labels`. Without any, the
papers become pictures in the data folder: nothing that was printed is lost before a printer is
there, and the strip says so.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from station_app.devices.device_file_printer import DeviceFilePrinter
from station_app.devices.folder_printer import FolderPrinter
from station_app.devices.printer import Port
from station_app.devices.tcp_printer import TcpPrinter
from station_app.printing.profiles import Profile, load_profiles
from station_app.printing.spool import Printer
from station_app.resources_dir import resources

ROLES = ("label", "receipt")
DRAWER = "drawer"
_SETTING = "printers"


class PrinterSetting(msgspec.Struct, frozen=True, kw_only=True):
    """One printer. role: what it prints; profile: its kind; port: `tcp:…`, `file:…`, `folder:…`."""

    role: str
    profile: str
    port: str

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{self.role}={self.profile}@{self.port}"


class BadSetting(ValueError):
    """The text names no printer: says which part of it is wrong."""


def profiles() -> Mapping[str, Profile]:
    """Return the kinds of printers that this program knows."""
    return load_profiles((resources() / "printers.toml").read_text("utf-8"))


def parse(text: str) -> PrinterSetting:
    """Return the printer that a text names; raises BadSetting."""
    role, _, rest = text.partition("=")
    profile, _, port = rest.partition("@")
    if role not in ROLES:
        raise BadSetting(f"{role!r} is none of {', '.join(ROLES)}")
    if profile not in profiles():
        raise BadSetting(f"{profile!r} is none of {', '.join(sorted(profiles()))}")
    kind, _, place = port.partition(":")
    if kind not in ("tcp", "file", "folder") or not place:
        raise BadSetting(f"{port!r} is no tcp:HOST:PORT, file:PATH or folder:PATH")
    if kind == "tcp" and not place.rpartition(":")[2].isdigit():
        raise BadSetting(f"{port!r} has no port number")
    return PrinterSetting(role=role, profile=profile, port=port)


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


def made(settings: Sequence[PrinterSetting]) -> tuple[Printer, ...]:
    """Return the printers with their ports, named by role; a receipt printer opens the drawer."""
    known = profiles()
    printers = []
    for setting in settings:
        profile = known[setting.profile]
        roles = (setting.role, DRAWER) if profile.drawer else (setting.role,)
        printers.append(Printer(setting.role, profile, _port(setting, profile), roles))
    return tuple(printers)


def _port(setting: PrinterSetting, profile: Profile) -> Port:
    kind, _, place = setting.port.partition(":")
    if kind == "tcp":
        host, _, number = place.rpartition(":")
        return TcpPrinter(host, int(number), language=profile.language)
    if kind == "file":
        return DeviceFilePrinter(Path(place), language=profile.language)
    return FolderPrinter(Path(place), language=profile.language, width=profile.width)
