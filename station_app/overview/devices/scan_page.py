"""The test of the scanner: one code, three times; what arrives is held against what is there.

It measures how fast the scanner is, so that the program can tell it from a person who types, and
it names what is wrong with a scanner that is set badly: doubled, cut short, capitals turned round,
numbers instead of signs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.devices.scanner import Timing, fault_of
from station_app.overview.devices.alt_codes import AltCodes
from station_app.overview.devices.cards import SheetPanel
from station_app.overview.devices.scan_ways import ScanWays
from station_app.overview.devices.sheets import Sheet
from station_app.overview.devices.work import SCANNER, DeviceWork, SenseWork
from station_app.overview.pieces import Seal
from station_app.printing.code128 import bars, symbols, width_of
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.scan_filter import Burst
from station_app.shell.tone import Tone
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.pills import StatusPill
from station_app.shell.widgets.words import Words, hint, strong

SCANS = 3
MODULE, QUIET, BARS_HEIGHT = 3, 10, 150
SHEET_WIDTH = 470


class BarsOnScreen(QWidget):
    """A Code 128 large enough to be read from a screen, with its text below."""

    stays_in_sight = True  # a toast over it could not be scanned through

    def __init__(self, text: str, *, module: int = MODULE, height: int = BARS_HEIGHT) -> None:
        """Show a code. module: px of the narrowest bar; height: of the bars."""
        super().__init__()
        self._text, self._module, self._height = text, module, height
        row = symbols(text)
        width, bits = width_of(row, 1), bars(row, 1)
        self._modules = [bits >> place & 1 for place in range(width - 1, -1, -1)]
        wide = (len(self._modules) + 2 * QUIET) * module
        self.setFixedSize(QSize(wide, height + 44))
        self.setAccessibleName(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint bars, black on white: colours of the theme would cost contrast."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        for place, is_black in enumerate(self._modules):
            if is_black:
                left = (QUIET + place) * self._module
                painter.fillRect(QRectF(left, 10, self._module, self._height), Qt.GlobalColor.black)
        painter.setPen(Qt.GlobalColor.black)
        painter.setFont(theme.font(theme.BODY))
        below = QRectF(0, self._height + 12, self.width(), 28)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self._text)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanWork:
    """What the page needs besides the counter.

    code: to be scanned; use: takes the timing that was measured; listen: calls back with every
    burst of the window, whatever is wrong with it.
    """

    devices: DeviceWork
    senses: SenseWork
    code: str
    use: Callable[[Timing], None]
    listen: Callable[[Callable[[Burst], None]], object]


class ScanPage(Page):
    """Tests the scanner."""

    takes_repeats = True  # the same code three times is what is asked for

    def __init__(self, counter: Counter, key: str, work: ScanWork, back: str) -> None:
        """Make the page. back: key of the page of devices."""
        super().__init__(counter, key)
        self._work, self._code = work, work.code
        self._home = self._back = back
        self.bursts: list[Burst] = []
        self._build()
        work.listen(self.take_burst)
        self._alt_codes = AltCodes()
        self._alt_codes.heard.connect(lambda digits: self.take_burst(Burst(digits, "alt_codes")))

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        left = Panel(margins=(24, 18, 24, 18), spacing=12)
        self._ask = strong(self.say("overview.devices.scan.ask"))
        self.bars = BarsOnScreen(self._code)
        self._rows = [
            _ScanRow(self.say("overview.devices.scan.row", number=n + 1)) for n in range(3)
        ]
        left.body.addWidget(self._ask)
        left.body.addWidget(self.bars, 0, Qt.AlignmentFlag.AlignHCenter)
        for line in self._rows:
            left.body.addWidget(line)
        left.body.addStretch(1)
        row.addWidget(left, 1)
        right = QVBoxLayout()
        right.setSpacing(theme.FULL.gap)
        self.ways = ScanWays(self.counter, self._work.senses)
        self.ways.changed.connect(self.again)
        self.sheet = SheetPanel(self.counter, "")
        for panel in (self.ways, self.sheet):
            panel.setFixedWidth(SHEET_WIDTH)
        right.addWidget(self.ways)
        right.addWidget(self.sheet, 1)
        row.addLayout(right)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.devices.scan.title")

    def first_focus(self) -> QWidget | None:
        """Wait for scans."""
        return self

    def open_with(self, subject: Mapping[str, str]) -> None:
        """There is one scanner only. back: of the subject, where to go afterwards."""
        self._back = subject.get("back", self._home)

    def activated(self) -> None:
        """Begin anew."""
        self._alt_codes.begin()
        self.ways.begin()
        self.again()

    def left(self) -> None:
        """What was only tried is over."""
        self._alt_codes.end()
        self.ways.end()

    def on_digit(self, digit: int) -> bool:
        """Choose how it is plugged in."""
        return self.ways.take_digit(digit)

    def on_scan(self, scan: Scan) -> bool:
        """Take every scan: what it says is judged by `take_burst`."""
        del scan
        return True

    def on_long_scan(self, raw: str) -> bool:
        """Take a scan that is far too long, too: a doubled one may be."""
        del raw
        return True

    def on_escape(self) -> bool:
        """Go back to the devices."""
        self._leave()
        return True

    def _leave(self) -> None:
        self.counter.front.open_page(self._back, {"device": "scanner"})

    # --- Scans -----------------------------------------------------------------------------------

    def take_burst(self, burst: Burst) -> None:
        """Take what the scanner sent, as it came, while somebody tests it."""
        if not self.isVisible():
            return
        if len(self.bursts) >= SCANS or self._faults(self.bursts):
            self.bursts = []
        self.bursts.append(burst)
        if not self.fault(burst):
            self.ways.found_good()
        self._show()

    def fault(self, burst: Burst) -> str:
        """Return what is wrong with a scan, "" when nothing is."""
        return burst.fault or fault_of(self._code, burst.raw)

    def _faults(self, bursts: Sequence[Burst]) -> list[str]:
        return [fault for burst in bursts if (fault := self.fault(burst))]

    @property
    def slowest_gap_ms(self) -> int:
        """Return the slowest gap of all scans."""
        return max((burst.slowest_gap_ms for burst in self.bursts), default=0)

    def again(self) -> None:
        """Forget what was scanned."""
        self.bursts = []
        self._show()

    def _missing(self) -> int:
        return SCANS if self._faults(self.bursts) else SCANS - len(self.bursts)

    def _show(self) -> None:
        say = self.say
        for number, row in enumerate(self._rows):
            burst = self.bursts[number] if number < len(self.bursts) else None
            if burst is None:
                row.show_result("", "", "waiting")
                continue
            fault = self.fault(burst)
            words = say(
                f"overview.devices.scan.fault.{fault}" if fault else "overview.devices.scan.fine"
            )
            small = ""
            if not self.ways.is_port:
                small = say("overview.devices.scan.gap", gap=burst.slowest_gap_ms)
            if fault:
                small = say("overview.devices.scan.received", text=burst.raw[:30])
            row.show_result(words, small, "warn" if fault else "ok")
        self.sheet.show_sheet(self._sheet(), "scan")
        self.touch_actions()

    def _sheet(self) -> Sheet:
        say = self.say
        faults = self._faults(self.bursts)
        if faults:
            title = say(f"overview.devices.scan.fault.{faults[-1]}")
            mend = say(f"overview.devices.scan.mend.{faults[-1]}")
            return Sheet("scan", title, mend, (), "warn")
        missing = self._missing()
        if missing:
            key = "ask" if missing == SCANS else "more"
            return Sheet(
                "scan", say(f"overview.devices.scan.{key}", count=missing), "", (), "notice"
            )
        words = say("overview.devices.scan.verdict_fine", gap=self.slowest_gap_ms)
        if self.ways.is_port:  # no keys, no pace
            words = say("overview.devices.scan.verdict_port")
        return Sheet("scan", words, "", (), "ok")

    # --- What can be done ------------------------------------------------------------------------

    def action_bar(self) -> Sequence[Action]:
        """Offer to use this scanner."""
        missing = self._missing()
        say = self.say
        return (
            Action(say("overview.devices.back"), "Esc", self._leave),
            Action(say("overview.devices.scan.again"), "F10", self.again),
            Action(
                say("overview.devices.scan.use"),
                "Enter",
                self._keep,
                "primary",
                icon="scan",
                is_enabled=not missing,
                reason=say("overview.devices.scan.missing", count=missing) if missing else "",
            ),
        )

    def _keep(self) -> None:
        self._work.senses.keep(self._work.senses.settings)
        if self.ways.is_port:
            self._work.devices.mark_tried(SCANNER)
        else:
            self._work.use(self._work.devices.keep_timing(self.slowest_gap_ms))
        self.counter.sounds.play("ok")
        self.counter.front.toast(Notice(self.say("overview.devices.scan.kept"), "ok"))
        self._leave()


class _ScanRow(Panel):
    """One of the three scans."""

    def __init__(self, name: str) -> None:
        super().__init__("box", margins=(14, 8, 14, 8), spacing=12, horizontal=True)
        self._seal = Seal("scan", "waiting", 40)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Words(name, theme.BODY, bold=True))
        self._small = hint("")
        texts.addWidget(self._small)
        self._pill = StatusPill("…", "waiting")
        self.body.addWidget(self._seal)
        self.body.addLayout(texts, 1)
        self.body.addWidget(self._pill)
        self.setFixedHeight(66)

    def show_result(self, words: str, small: str, tone: Tone) -> None:
        """Show how it went."""
        self._seal.show_mark("scan", tone)
        self._pill.show_state(words or "…", tone)
        self._small.setText(small)
