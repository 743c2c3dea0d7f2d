"""Opening a station, steps three to five: connect and try each device, print a page, get the data.

It fills the window like the two steps before it. Nothing here must be done to go on: what is left
stands on today until it was tried. What needs more than a key (a scanner that is set badly, a
printer that is not found) is done on the page of that device, which comes back here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.devices.scanner import Timing, fault_of
from station_app.journal.log import Connection
from station_app.overview.devices.cards import DeviceLine
from station_app.overview.devices.lines import device_lines, drawer_printer
from station_app.overview.devices.scan_page import BarsOnScreen
from station_app.overview.devices.trial_view import TrialView
from station_app.overview.devices.work import (
    DRAWER,
    SCALE,
    SCANNER,
    DeviceWork,
    KeptPrinter,
    SenseWork,
)
from station_app.overview.first_run import FirstRunFrame, first_steps
from station_app.overview.pieces import Seal, empty, scrolling
from station_app.overview.print_queue import SpoolLike
from station_app.overview.sync_view import SyncView
from station_app.services.cash.commands import OpenDrawer
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.offers import Scan
from station_app.shell.page import Page
from station_app.shell.scan_filter import Burst
from station_app.shell.tone import Tone
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.pills import StatusPill
from station_app.shell.widgets.words import Words, hint

LOOK_MS = 500
MODULE, BARS_HEIGHT, BARS_HEIGHT_LOW = 2, 52, 30
ROW_HEIGHT, ROW_HEIGHT_LOW, SEAL, SEAL_LOW = 88, 72, 64, 48
BUTTON_WIDTH, PAPER_WIDTH = 150, 300
ROWS_WITH_DIGITS = 9
MODES = ("devices", "trial", "county")
CAME = {"goods": "cart", "people": "people", "couriers": "truck"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWork:
    """What the page needs besides the counter.

    ways: keys of the pages for printer, scanner and scale; code: to be scanned; use: takes the
    timing that was measured; listen: calls back with every burst; smalls: what the steps before
    have to say for themselves (a name for the station, names of people); done: opens the counter.
    """

    devices: DeviceWork
    senses: SenseWork
    spool: SpoolLike
    sync: SyncView
    ways: dict[str, str]
    code: str
    use: Callable[[Timing], None]
    listen: Callable[[Callable[[Burst], None]], object]
    smalls: Callable[[], dict[str, str]]
    done: Callable[[], None]
    county_phone: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row shows. act: the words of its button, "" for none; run: what that does."""

    line: DeviceLine
    act: str = ""
    run: Callable[[], None] | None = None
    has_bars: bool = False


class FirstDevicesPage(Page):
    """Goes through the devices. mode: the step in work, one of MODES."""

    takes_repeats = True  # the same code again is what is asked for

    def __init__(self, counter: Counter, key: str, work: FirstWork) -> None:
        """Make the page at its first step."""
        super().__init__(counter, key)
        self._work = work
        self.mode = MODES[0]
        self._fault = ""
        self._seen: object = None
        self._clear: set[str] = set()
        self._is_low = False
        self._build()
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self.look)
        work.listen(self.take_burst)

    def _build(self) -> None:
        say, texts = self.say, self.counter.texts
        phone = self._work.county_phone
        foot = say("overview.enrol.county_phone", phone=phone) if phone else ""
        title, line = say("overview.enrol.rail_title"), say("overview.enrol.rail_line")
        self._frame = FirstRunFrame(title, line, first_steps(texts, self.mode), foot)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._frame)
        self._title, self._line = Words("", theme.HEADING, bold=True), Words("", ink="ink2")
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(10)
        self.paper = TrialView(say("overview.devices.printer.page"))
        self.paper.setFixedWidth(PAPER_WIDTH)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addWidget(scrolling(inside), 1)
        below.addWidget(self.paper)
        for widget in (self._title, self._line):
            self._frame.content.addWidget(widget)
        self._frame.content.addLayout(below, 1)
        add = self._frame.add_secondary
        self._back = add(say("overview.devices.first.back"), "Esc", self._go_back)
        self._skip = add(say("overview.devices.first.skip"), "Ctrl+S", self._work.done)
        self._wrong = add(say("overview.devices.first.wrong"), "F10", self._set_up_wrong)
        self._next = self._frame.add_primary("", self.primary)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say(f"overview.devices.first.title_{self._name()}")

    def _name(self) -> str:
        return "connect" if self.mode == "devices" else self.mode

    def first_focus(self) -> QWidget | None:
        """Wait for scans and digits."""
        return self

    def on_compact(self, is_compact: bool) -> None:
        """Become lower in a low window."""
        self._is_low = is_compact
        self._frame.set_low(low=is_compact)
        self._show()

    def activated(self) -> None:
        """Look, and go on looking while somebody does."""
        self._show()
        self._look.start()

    def left(self) -> None:
        """Stop looking."""
        self._look.stop()

    # --- Steps -----------------------------------------------------------------------------------

    def on_escape(self) -> bool:
        """Go one step back; before the first there is nothing."""
        self._go_back()
        return True

    def _go_back(self) -> None:
        self._turn(MODES[max(0, MODES.index(self.mode) - 1)])

    def primary(self) -> None:
        """Go on to the next step; after the last the counter opens."""
        at = MODES.index(self.mode)
        if at + 1 == len(MODES):
            self._work.done()
            return
        self._turn(MODES[at + 1])

    def _turn(self, mode: str) -> None:
        if mode == self.mode:
            return
        self.mode = mode
        if mode == "trial":
            for printer in self._printers():
                self._print(printer.name)
        self._show()

    # --- Showing ---------------------------------------------------------------------------------

    def look(self) -> None:
        """Show how everything is, if it is otherwise than before."""
        if self._now() != self._seen:
            self._show()

    def _now(self) -> object:
        return (self.mode, self._fault, tuple(row.line for row in self._found()))

    def _found(self) -> list[_Row]:
        return {"devices": self._devices, "trial": self._trials, "county": self._came}[self.mode]()

    def _show(self) -> None:
        rows, say = self._found(), self.say
        self._seen = self._now()
        steps = first_steps(self.counter.texts, self.mode, self._work.smalls())
        self._frame.show_steps(steps)
        self._title.setText(self.title)
        self._line.setText(say(f"overview.devices.first.line_{self._name()}"))
        empty(self._rows)
        for number, row in enumerate(rows, 1):
            self._rows.addWidget(self._panel(row, number))
        self._rows.addStretch(1)
        printers = self._printers()
        self.paper.setVisible(self.mode == "trial" and bool(printers))
        if self.mode == "trial" and printers:
            profile = self._unclear(printers).setting.profile
            self.paper.show_raster(self._work.devices.trial(profile))
        self._back.setVisible(self.mode != MODES[0])
        self._skip.setVisible(self.mode == MODES[0])
        self._wrong.setVisible(self.mode == "trial" and bool(printers))
        following = {"devices": "next_trial", "trial": "next_county", "county": "done"}
        self._next.set_label(say(f"overview.devices.first.{following[self.mode]}"))
        self._next.set_possible(possible=not self.is_busy, reason="")

    def _panel(self, row: _Row, number: int) -> Panel:
        line = row.line
        panel = Panel(
            "active" if row.has_bars else "plain",
            margins=(14, 8, 16, 8),
            spacing=14,
            horizontal=True,
        )
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addStretch(1)
        texts.addWidget(Words(line.words, theme.STRONG, bold=True).elided())
        texts.addWidget(hint(line.small, wrap=True))
        texts.addStretch(1)
        panel.body.addWidget(Seal(line.icon, line.tone, SEAL_LOW if self._is_low else SEAL))
        panel.body.addLayout(texts, 1)
        if row.has_bars:
            height = BARS_HEIGHT_LOW if self._is_low else BARS_HEIGHT
            panel.body.addWidget(BarsOnScreen(self._work.code, module=MODULE, height=height))
        panel.body.addWidget(StatusPill(line.state, line.tone), 0, Qt.AlignmentFlag.AlignVCenter)
        if row.act:
            cap = str(number) if number <= ROWS_WITH_DIGITS else ""
            button = KeyButton(row.act, cap, height=theme.FORM_HEIGHT)
            button.setMinimumWidth(BUTTON_WIDTH)
            button.set_possible(possible=row.run is not None, reason="")
            if row.run is not None:
                button.clicked.connect(partial(self._run, row.run))
            panel.body.addWidget(button)
        least = ROW_HEIGHT_LOW if self._is_low else ROW_HEIGHT
        panel.setMinimumHeight(least)
        panel.setAccessibleName(f"{line.words} {line.state} {line.small}")
        return panel

    def _run(self, run: Callable[[], None], _checked: bool = False) -> None:
        run()
        self._show()

    # --- Connecting ------------------------------------------------------------------------------

    def _devices(self) -> list[_Row]:
        work, spool = self._work, self._work.spool
        states = {name: (s.state, s.reason) for name, s in spool.states().items()}
        lines = device_lines(self.counter.texts, work.devices, work.senses, states, spool.queue())
        return [self._device(line) for line in lines]

    def _device(self, line: DeviceLine) -> _Row:
        first, devices = "overview.devices.first.", self._work.devices
        if line.key == SCANNER:
            return self._scanner(line)
        if line.key == SCALE:
            act = "act_scale" if devices.scale_setting() is not None else "act_scale_none"
            return _Row(line, self.say(first + act), partial(self._open, "scale"))
        if line.key == DRAWER:
            has_opener = drawer_printer(devices.printers()) is not None
            run = self._try_drawer if has_opener else None
            return _Row(line, self.say(f"{first}act_drawer"), run)
        printer = next(p for p in devices.printers() if p.name == line.key)
        if printer.is_picture:
            run = partial(self._open, "printer", printer.setting.role, printer.name)
            return _Row(line, self.say(f"{first}act_find"), run)
        return _Row(line, self.say(f"{first}act_print"), partial(self._print, printer.name))

    def _scanner(self, line: DeviceLine) -> _Row:
        """Ask for one scan of the code beside it; what is wrong with it is said at once."""
        first, is_tried = "overview.devices.first.", line.tone == "ok"
        small, state, tone = self.say(f"{first}ask_scan"), self.say(f"{first}wait_scan"), "queued"
        if self._fault:
            small = self.say(f"overview.devices.scan.mend.{self._fault}")
            state, tone = self.say(f"overview.devices.scan.fault.{self._fault}"), "warn"
        elif is_tried:
            small, state, tone = line.small, self.say(f"{first}good"), "ok"
        shown = replace(line, small=small, state=state, tone=cast(Tone, tone))
        run = partial(self._open, "scanner")
        return _Row(shown, self.say(f"{first}act_scanner"), run, has_bars=not is_tried)

    def take_burst(self, burst: Burst) -> None:
        """Take what the scanner sent, as it came: one good scan is what is asked for here."""
        if not self.isVisible() or self.mode != MODES[0]:
            return
        self._fault = burst.fault or fault_of(self._work.code, burst.raw)
        if not self._fault:
            if self._work.senses.scanner_state:
                self._work.devices.mark_tried(SCANNER)
            else:
                self._work.use(self._work.devices.keep_timing(burst.slowest_gap_ms))
        self.counter.sounds.play("warn" if self._fault else "ok")
        self._show()

    def on_scan(self, scan: Scan) -> bool:
        """Take every scan: what it says is judged by `take_burst`."""
        del scan
        return True

    def on_long_scan(self, raw: str) -> bool:
        """Take a scan that is far too long, too: a doubled one may be."""
        del raw
        return True

    def _open(self, way: str, role: str = "", name: str = "") -> None:
        """Go to the page of a device; it comes back here."""
        subject = {"role": role, "name": name, "back": self.key}
        self.counter.front.open_page(self._work.ways[way], subject)

    def _print(self, name: str) -> None:
        self._work.devices.print_trial(name)
        self._work.spool.retry(name)
        self.counter.sounds.play("ok")

    def _try_drawer(self) -> None:
        """Open the drawer as for any other reason: it is a fact, since money may lie in it."""
        remark = self.say("overview.devices.act.drawer")

        def done(_done: object) -> None:
            self._work.devices.mark_tried(DRAWER)
            self.counter.sounds.play("ok")
            self._show()

        self.perform(OpenDrawer(reason="other", remark=remark), done=done)

    # --- The trial page --------------------------------------------------------------------------

    def _printers(self) -> list[KeptPrinter]:
        """Return what prints here, receipts first, as in the rows."""
        found = self._work.devices.printers()
        real = [p for p in found if not p.is_picture and p.setting.role != DRAWER]
        return sorted(real, key=lambda p: (p.setting.role != "receipt", p.name))

    def _unclear(self, printers: Sequence[KeptPrinter]) -> KeptPrinter:
        """Return the first of which nobody has said that its page can be read."""
        return next((p for p in printers if p.name not in self._clear), printers[0])

    def _trials(self) -> list[_Row]:
        """Return the printers, each with the question whether the page can be read."""
        first, rows = "overview.devices.first.", []
        for row in self._devices():
            if row.line.key not in [printer.name for printer in self._printers()]:
                continue
            line, is_clear = row.line, row.line.key in self._clear
            if is_clear:
                line = replace(line, state=self.say(f"{first}good"), tone="ok")
            elif line.tone != "warn":  # a fault says what it is
                line = replace(line, state=self.say(f"{first}sent"), tone="queued")
            act = "" if is_clear else self.say(f"{first}act_clear")
            rows.append(_Row(line, act, partial(self._clear.add, line.key)))
        if rows:
            return rows
        words, small = self.say(f"{first}no_printer"), self.say(f"{first}no_printer_small")
        state = self.say("overview.devices.state.none")
        return [_Row(DeviceLine("", "printer", words, small, state, "plain"))]

    def _set_up_wrong(self) -> None:
        """Set the printer up anew whose page is shown."""
        printer = self._unclear(self._printers())
        self._open("printer", printer.setting.role, printer.name)

    # --- What the county sends -------------------------------------------------------------------

    def _came(self) -> list[_Row]:
        """Return what is here already, and whether more is on its way."""
        standing, first = self._work.sync.standing(), "overview.devices.first."
        counts = self.counter.desk.read(received)
        is_alone = standing.line == "alone"
        is_whole = standing.signs.floor.is_whole and not is_alone
        state = self.say(f"{first}{'county_whole' if is_whole else 'county_waiting'}")
        tone: Tone = "ok" if is_whole else "queued"
        if is_alone:
            state, tone = self.say(f"{first}county_alone"), "offline"
        rows = []
        for what, icon in CAME.items():
            small = self.say(f"{first}count_{what}", count=counts[what])
            words = self.say(f"{first}county_{what}")
            rows.append(_Row(DeviceLine(what, icon, words, small, state, tone)))
        return rows


def received(connection: Connection) -> dict[str, int]:
    """Return how much of what the county sends is here."""
    tables = {"goods": "products", "people": "persons", "couriers": "couriers"}
    return {
        what: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
        for what, table in tables.items()
    }
