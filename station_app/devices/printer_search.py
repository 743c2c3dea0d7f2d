"""Looks for printers: on USB, on serial plugs, in the system's queues, and on the network if asked.

Everything here blocks and is asked in a reading thread. The network is searched only when somebody
wants it, only the PC's own subnet, one short knock at port 9100 each, and nothing is ever sent: a
byte sent to a printer that nobody chose would come out as paper. What is needed for a search only
is loaded by the search: a start has no time for it.
"""

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from station_app.devices.queue_printer import SystemQueues
from station_app.devices.tcp_printer import PORT

DEVICES, SYSFS = Path("/dev/usb"), Path("/sys/class/usbmisc")
KNOCK_SECONDS = 0.4
KNOCKERS = 16  # at once: a cheap router drops more
SUBNET_PREFIX = 24  # never more than 254 addresses
FOUND_MAX = 40
# What a printer's own description (IEEE 1284) calls a language → ours.
COMMAND_SETS = (
    ("ESC/POS", "escpos"),
    ("ESCPOS", "escpos"),
    ("EPSON", "escpos"),
    ("TSPL", "tspl"),
    ("TSC", "tspl"),
    ("ZPL", "zpl"),
    ("CPCL", "cpcl"),
)


@dataclass(frozen=True, slots=True)
class FoundPort:
    """A port with something on it. port: as settings hold it; words: what it calls itself.

    kind: file, serial, cups, windows or tcp; language: what it says to speak, "" when unknown.
    """

    port: str
    kind: str
    words: str
    language: str = ""


def usb_files(devices: Path = DEVICES, sysfs: Path = SYSFS) -> Iterator[FoundPort]:
    """Find the device files of printers on USB, and what they say of themselves."""
    for path in sorted(devices.glob("lp*")):
        said = ""
        with suppress(OSError):
            said = (sysfs / path.name / "device" / "ieee1284_id").read_text("utf-8", "replace")
        parts = dict(part.split(":", 1) for part in said.strip().split(";") if ":" in part)
        maker = parts.get("MFG") or parts.get("MANUFACTURER") or ""
        model = parts.get("MDL") or parts.get("MODEL") or ""
        commands = (parts.get("CMD") or parts.get("COMMAND SET") or "").upper()
        language = next((ours for word, ours in COMMAND_SETS if word in commands), "")
        words = " ".join(word for word in (maker.strip(), model.strip()) if word) or path.name
        yield FoundPort(f"file:{path}", "file", words[:60], language)


def serial_ports() -> Iterator[FoundPort]:
    """Find serial plugs; what hangs on one of them is not known."""
    from serial.tools import list_ports

    for port in sorted(list_ports.comports()):
        described = port.description if port.description not in ("", "n/a") else ""
        words = described or Path(port.device).name
        yield FoundPort(f"serial:{port.device},9600,8N1,none", "serial", words[:60])


def system_queues(queues: SystemQueues, kind: str) -> Iterator[FoundPort]:
    """Find the queues of the system. kind: `cups` or `windows`."""
    with suppress(OSError):
        for name in queues.names():
            yield FoundPort(f"{kind}:{name}", kind, name[:60])


def search_here(queues: Sequence[tuple[str, SystemQueues]]) -> list[FoundPort]:
    """Find every port of this PC, those that are surely printers first."""
    found = [*usb_files()]
    for kind, system in queues:
        found += system_queues(system, kind)
    found += serial_ports()
    return found[:FOUND_MAX]


def neighbours_of(own: str) -> list[str]:
    """Return the addresses of the own subnet, but the own; none outside of private networks."""
    import ipaddress

    try:
        address = ipaddress.IPv4Address(own)
    except ValueError:
        return []
    if not address.is_private or address.is_loopback or address.is_link_local:
        return []
    network = ipaddress.IPv4Network(f"{own}/{SUBNET_PREFIX}", strict=False)
    return [str(host) for host in network.hosts() if str(host) != own]


def knock(host: str, port: int = PORT, seconds: float = KNOCK_SECONDS) -> bool:
    """Tell whether a printer's port is open there. Nothing is sent."""
    try:
        with socket.create_connection((host, port), seconds):
            return True
    except OSError:
        return False


def search_network(
    own: str,
    progress: Callable[[int, int], None] = lambda done, of: None,
    is_open: Callable[[str], bool] = knock,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> list[FoundPort]:
    """Find network printers on the own subnet. progress: told (done, of how many)."""
    from concurrent.futures import ThreadPoolExecutor, as_completed

    hosts = neighbours_of(own)
    found: list[str] = []
    with ThreadPoolExecutor(KNOCKERS, thread_name_prefix="printer search") as pool:
        asked = {pool.submit(is_open, host): host for host in hosts}
        for done, answer in enumerate(as_completed(asked), 1):
            if is_cancelled():
                pool.shutdown(wait=False, cancel_futures=True)
                return []
            if answer.result():
                found.append(asked[answer])
            progress(done, len(hosts))
    found.sort(key=lambda host: tuple(map(int, host.split("."))))
    return [FoundPort(f"tcp:{host}:{PORT}", "tcp", host) for host in found[:FOUND_MAX]]
