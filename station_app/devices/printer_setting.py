"""A printer of this PC as it is kept: what it prints, its kind, its port; and the port made of it.

Written `ROLE=PROFILE@PORT`. Ports: `tcp:HOST:NUMBER`, `file:/dev/usb/lp0`,
`serial:/dev/ttyUSB0,9600,8N1,none`, `cups:QUEUE`, `windows:NAME`, `folder:PATH` (pictures).
"""

from pathlib import Path
from typing import Literal

import msgspec

from station_app.devices.cups_printer import CupsQueues
from station_app.devices.device_file_printer import DeviceFilePrinter
from station_app.devices.folder_printer import FolderPrinter
from station_app.devices.printer import Port
from station_app.devices.queue_printer import QueuePrinter
from station_app.devices.serial_line import BadPlace, parse_place
from station_app.devices.serial_printer import SerialPrinter
from station_app.devices.tcp_printer import PORT, TcpPrinter
from station_app.devices.windows_printer import WindowsQueues

Kind = Literal["tcp", "file", "serial", "cups", "windows", "folder"]
KINDS: tuple[Kind, ...] = ("tcp", "file", "serial", "cups", "windows", "folder")
ROLES = ("label", "receipt", "waybill", "drawer")
DRAWER, WAYBILL = "drawer", "waybill"
PORT_MAX = 65_535


class PrinterSetting(msgspec.Struct, frozen=True, kw_only=True):
    """One printer. role: what it prints, or `drawer` for a trigger of its own; profile: its kind.

    `label`: shelves and lots; `waybill`: parcels that are sent, 100 mm wide.

    Of two with the same role the first prints; the others take what is given to them.
    """

    role: str
    profile: str
    port: str

    def __str__(self) -> str:
        """Return it as it is written."""
        return f"{self.role}={self.profile}@{self.port}"

    @property
    def kind(self) -> str:
        """Return what kind of port it is."""
        return self.port.partition(":")[0]

    @property
    def place(self) -> str:
        """Return where that port is."""
        return self.port.partition(":")[2]


class BadPort(ValueError):
    """The text names no port: says which part of it is wrong."""


def check_port(port: str) -> None:
    """Refuse what is no port. Raises BadPort."""
    kind, _, place = port.partition(":")
    if kind not in KINDS or not place:
        raise BadPort(f"{port!r} is none of {', '.join(f'{kind}:…' for kind in KINDS)}")
    if kind == "tcp":
        host, _, number = place.rpartition(":")
        if not host or not number.isdigit() or not 0 < int(number) <= PORT_MAX:
            raise BadPort(f"{port!r} has no port number")
    if kind == "serial":
        try:
            parse_place(place)
        except BadPlace as problem:
            raise BadPort(f"{port!r} is no serial line") from problem


def typed_port(text: str) -> str:
    """Return the port that an address means as somebody types it: `192.168.1.50`, `…:9100`.

    Raises BadPort.
    """
    bare = text.strip().replace("：", ":").replace("。", ".")
    host, colon, number = bare.partition(":")
    if not host or any(sign.isspace() for sign in bare):
        raise BadPort(text)
    port = f"tcp:{host}:{number if colon else PORT}"
    check_port(port)
    return port


def port_of(setting: PrinterSetting, *, language: str, width: int) -> Port:
    """Return the port. language, width: of the printer's profile. Nothing is opened yet."""
    place = setting.place
    match setting.kind:
        case "tcp":
            host, _, number = place.rpartition(":")
            return TcpPrinter(host, int(number), language=language)
        case "file":
            return DeviceFilePrinter(Path(place), language=language)
        case "serial":
            return SerialPrinter(parse_place(place), language=language)
        case "cups":
            return QueuePrinter(place, CupsQueues())
        case "windows":
            return QueuePrinter(place, WindowsQueues())
        case _:
            return FolderPrinter(Path(place), language=language, width=width)
