"""The device pages as the window takes them in, and what they say on today and in the strip."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from station_app.overview.attention import SetUpLine
from station_app.overview.devices.lines import untried
from station_app.overview.devices.work import SCALE, DeviceWork, SenseWork
from station_app.overview.examination import VERIFY_SOON_DAYS, ScaleSign
from station_app.overview.print_queue import SpoolLike
from station_app.shell.counter import Counter
from station_app.shell.offers import PageOffer
from station_app.shell.page import Page
from station_app.shell.scan_filter import ScanFilter
from station_app.shell.widgets.strip import StatusItem
from station_app.shell.widgets.weight import TONES
from station_app.values.day import say_day
from station_app.values.texts import Texts

if TYPE_CHECKING:
    from station_app.overview.devices.first_devices import FirstWork

DEVICES, PRINTER = "overview.devices", "overview.devices.printer"
SCAN, SCALE_PAGE = "overview.devices.scan", "overview.devices.scale"
SENSES = "overview.devices.senses"
FIRST_DEVICES = "overview.devices.first"
TRIAL_CODE = "NX-TEST-01"


def device_pages(
    devices: DeviceWork,
    senses: SenseWork,
    spool: SpoolLike,
    scans: Callable[[], ScanFilter],
    *,
    queue: str,
) -> tuple[PageOffer, ...]:
    """Return the pages. scans: the window's filter, once it is there; queue: key of that page."""

    def list_page(counter: Counter) -> Page:
        from station_app.overview.devices.devices_page import DevicesPage, DevicesWork, Ways

        ways = Ways(printer=PRINTER, scanner=SCAN, scale=SCALE_PAGE, queue=queue)
        work = DevicesWork(devices=devices, senses=senses, spool=spool, ways=ways)
        return DevicesPage(counter, DEVICES, work)

    def printer_page(counter: Counter) -> Page:
        from station_app.overview.devices.printer_page import PrinterPage

        return PrinterPage(counter, PRINTER, devices, DEVICES)

    def scan_page(counter: Counter) -> Page:
        from station_app.overview.devices.scan_page import ScanPage, ScanWork

        heard = scans()
        work = ScanWork(
            devices=devices,
            senses=senses,
            code=TRIAL_CODE,
            use=heard.set_timing,
            listen=heard.scanned.connect,
        )
        return ScanPage(counter, SCAN, work, DEVICES)

    def senses_page(counter: Counter) -> Page:
        from station_app.overview.devices.senses_page import SensesPage

        return SensesPage(counter, SENSES, senses)

    def scale_page(counter: Counter) -> Page:
        from station_app.overview.devices.scale_page import ScalePage

        return ScalePage(counter, SCALE_PAGE, devices, DEVICES)

    tab, heard = "overview.devices.tab", "overview.devices.senses"
    return (
        PageOffer(DEVICES, "overview.devices.title", "wrench", "F1", list_page, tab, tab_order=5),
        PageOffer(PRINTER, "overview.devices.printer.title", "printer", "", printer_page),
        PageOffer(SCAN, "overview.devices.scan.title", "scan", "", scan_page),
        PageOffer(
            SENSES, f"{heard}.title", "speaker", "F1", senses_page, f"{heard}.tab", tab_order=6
        ),
        PageOffer(SCALE_PAGE, "overview.devices.scale.title", "scale", "", scale_page),
    )


def scale_items(texts: Texts, devices: DeviceWork) -> list[StatusItem]:
    """Return the scale for the strip, nothing where there is none."""
    if devices.scale_setting() is None:
        return []
    now = devices.scale.now()
    tone = "ok" if now.state == "empty" else TONES[now.state]
    tone = "warn" if tone == "stop" else tone  # a basket too heavy stops nothing else
    return [StatusItem(SCALE, texts.say(f"overview.devices.strip.{now.state}"), tone)]


def scale_sign(devices: DeviceWork, today: str) -> ScaleSign | None:
    """Return the scale for the start check. today: a day, "2026-11-25"."""
    setting = devices.scale_setting()
    if setting is None:
        return None
    days = days_left(setting.verified_until, today)
    return ScaleSign(devices.scale.now().state, setting.verified_until, days)


def days_left(until: str, today: str) -> int | None:
    """Return how many days are left, negative when it is over; None when nobody has said."""
    if not until:
        return None
    return (date.fromisoformat(until) - date.fromisoformat(today)).days


def first_devices_offer(work: Callable[[], "FirstWork"]) -> PageOffer:
    """Return the page that goes through the devices while a station is opened. work: on demand."""

    def page(counter: Counter) -> Page:
        from station_app.overview.devices.first_devices import FirstDevicesPage

        return FirstDevicesPage(counter, FIRST_DEVICES, work())

    title = "overview.devices.first.title_connect"
    return PageOffer(FIRST_DEVICES, title, "wrench", "", page, is_bare=True)


def is_first_wanted(devices: DeviceWork | None) -> bool:
    """Tell whether whoever opens a station should be led through its devices."""
    return devices is not None and bool(untried(devices)) and not devices.tried().is_enough


def set_up_lines(texts: Texts, devices: DeviceWork, today: str) -> list[SetUpLine]:
    """Return what is still to be connected, and when the scale must be verified."""
    lines: list[SetUpLine] = []
    sign = scale_sign(devices, today)
    if sign is not None and sign.days is not None and sign.days <= VERIFY_SOON_DAYS:
        key = "over" if sign.days < 0 else "due"
        words = texts.say(f"overview.devices.verify.{key}", days=abs(sign.days))
        small = texts.say("overview.devices.verify.line", date=say_day(sign.verified_until))
        lines.append(SetUpLine(words, small, SCALE_PAGE))
    missing = [] if devices.tried().is_enough else untried(devices)
    if missing:
        names = "、".join(_name(texts, devices, key) for key in missing)
        words = texts.say("overview.devices.set_up")
        small = texts.say("overview.devices.set_up_line", count=len(missing), names=names)
        lines.append(SetUpLine(words, small, DEVICES))
    return lines


def _name(texts: Texts, devices: DeviceWork, key: str) -> str:
    named = f"overview.devices.name.{key}"
    if texts.has(named):
        return texts.say(named)
    return next((p.words for p in devices.printers() if p.name == key), key)
