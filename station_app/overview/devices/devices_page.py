"""The page of devices: what hangs on this PC, how it is, and beside it how to mend it.

A device that says nothing is never called well; what is at fault is mended here by whoever stands
at the counter, while the counter goes on. It is also the step of the first day on which everything
is connected and tried.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from station_app.overview.devices import sheets
from station_app.overview.devices.cards import DeviceCard, DeviceLine, SheetPanel
from station_app.overview.devices.lines import device_lines, drawer_printer, untried
from station_app.overview.devices.work import (
    DRAWER,
    SCALE,
    SCANNER,
    DeviceWork,
    KeptPrinter,
    SenseWork,
)
from station_app.overview.pieces import empty, scrolling
from station_app.overview.print_queue import SpoolLike
from station_app.services.cash.commands import OpenDrawer
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.page import Action, Page
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.words import Words, hint

LOOK_MS = 500
SHEET_WIDTH = 544
FIRST_SYMPTOM = 6
DIGITS = 5  # of devices; beyond, the mouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Keys of the pages that are opened from here."""

    printer: str
    scanner: str
    scale: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesWork:
    """What the page needs besides the counter."""

    devices: DeviceWork
    senses: SenseWork
    spool: SpoolLike
    ways: Ways
    county_phone: str = ""


class DevicesPage(Page):
    """Lists the devices."""

    def __init__(self, counter: Counter, key: str, work: DevicesWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._work = work
        self._lines: list[DeviceLine] = []
        self._cards: dict[str, DeviceCard] = {}
        self._seen: object = None
        self._is_low = False
        self.chosen = ""
        self._build()
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self.look)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        left = QVBoxLayout()
        left.setSpacing(6)
        self._heading = Words("", theme.STRONG, bold=True)
        self._small = hint("")
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(self._heading)
        head.addStretch(1)
        head.addWidget(self._small)
        left.addLayout(head)
        left.addWidget(scrolling(inside), 1)
        row.addLayout(left, 1)
        self.sheet = SheetPanel(self.counter, self._work.county_phone)
        self.sheet.setFixedWidth(SHEET_WIDTH)
        self._ask = hint(self.say("overview.devices.symptom.ask"))
        choices = [
            Choice(symptom, self.say(f"overview.devices.symptom.{symptom}"))
            for symptom in sheets.SYMPTOMS
        ]
        self.symptoms = ChoiceRow(
            choices, first=FIRST_SYMPTOM, columns=4, height=theme.INLINE_HEIGHT, stacked=False
        )
        self.symptoms.chosen.connect(lambda _symptom: self._show_sheet())
        self.sheet.foot.insertWidget(0, self._ask)
        self.sheet.below.addWidget(self.symptoms)
        row.addWidget(self.sheet)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.devices.title")

    def first_focus(self) -> QWidget | None:
        """Digits choose a device."""
        return self

    def on_compact(self, is_compact: bool) -> None:
        """Make the rows lower in a low window."""
        self._is_low = is_compact
        self.sheet.set_low(low=is_compact)
        for card in self._cards.values():
            card.set_low(low=is_compact)

    def activated(self) -> None:
        """Look, and go on looking while somebody does."""
        self._seen = None
        self.symptoms.set_value("")
        self.look()
        self._look.start()

    def left(self) -> None:
        """Stop looking."""
        self._look.stop()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Look at a certain device."""
        wanted = subject.get("device", "")
        if wanted in self._cards:
            self.choose(wanted)
        else:
            self.chosen = wanted

    def on_digit(self, digit: int) -> bool:
        """Choose a device."""
        if not 1 <= digit <= min(DIGITS, len(self._lines)):
            return False
        self.choose(self._lines[digit - 1].key)
        return True

    def on_escape(self) -> bool:
        """Put the symptom away, then go back."""
        if self.symptoms.value():
            self.symptoms.set_value("")
            self._show_sheet()
            return True
        return False

    # --- Showing ---------------------------------------------------------------------------------

    def look(self) -> None:
        """Show how everything is, if it is otherwise than before."""
        spool = self._work.spool
        states = {name: (s.state, s.reason) for name, s in spool.states().items()}
        jobs = spool.queue()
        lines = device_lines(
            self.counter.texts, self._work.devices, self._work.senses, states, jobs
        )
        if lines == self._seen:
            return
        self._seen, self._lines = lines, lines
        if self.chosen not in [line.key for line in lines]:
            bad = next((line for line in lines if line.tone in ("warn", "stop")), None)
            fresh = next((line for line in lines if line.tone != "ok"), lines[0])
            self.chosen = (bad or fresh).key
        self._show_list()
        self._show_sheet()

    def _show_list(self) -> None:
        empty(self._list)
        self._cards = {}
        look = self.say("overview.devices.look")
        for number, line in enumerate(self._lines, 1):
            card = DeviceCard(line, number if number <= DIGITS else 0, look)
            card.set_low(low=self._is_low)
            card.chosen.connect(self.choose)
            self._cards[line.key] = card
            self._list.addWidget(card)
        self._list.addStretch(1)
        bad = sum(line.tone in ("warn", "stop") for line in self._lines)
        fine = sum(line.tone == "ok" for line in self._lines)
        is_new = bool(untried(self._work.devices)) and not self._work.devices.tried().is_enough
        key = "wizard_title" if is_new else "title"
        self._heading.setText(self.say(f"overview.devices.{key}"))
        words = self.say("overview.devices.count", fine=fine, bad=bad)
        self._small.setText(self.say("overview.devices.wizard_line") if is_new else words)
        self._mark_chosen()

    def _mark_chosen(self) -> None:
        for key, card in self._cards.items():
            is_chosen = key == self.chosen
            words = "looking" if is_chosen else "look"
            card.set_chosen(chosen=is_chosen, words=self.say(f"overview.devices.{words}"))

    def choose(self, key: str) -> None:
        """Open the sheet of a device."""
        self.chosen = key
        self.symptoms.set_value("")
        self._mark_chosen()
        self._show_sheet()

    def _line(self) -> DeviceLine:
        return next(line for line in self._lines if line.key == self.chosen)

    def _printer(self) -> KeptPrinter | None:
        printers = self._work.devices.printers()
        return next((printer for printer in printers if printer.name == self.chosen), None)

    def _show_sheet(self) -> None:
        line, printer = self._line(), self._printer()
        is_real = printer is not None and not printer.is_picture
        self.symptoms.setVisible(is_real)
        self._ask.setVisible(is_real)
        sheet = sheets.sheet_of(self.counter.texts, self._sheet_name(), line.words)
        self.sheet.show_sheet(sheet, line.icon)
        self.touch_actions()

    def _sheet_name(self) -> str:
        devices = self._work.devices
        if self.chosen == SCANNER:
            is_tried = SCANNER in devices.tried().at
            return sheets.scanner_sheet(self._work.senses.scanner_state, is_tried=is_tried)
        if self.chosen == SCALE:
            return sheets.scale_sheet(devices.scale.now())
        if self.chosen == DRAWER:
            return "drawer" if drawer_printer(devices.printers()) else "drawer_none"
        printer = self._printer()
        assert printer is not None
        state = self._work.spool.states().get(printer.name)
        said, reason = (state.state, state.reason) if state else ("unknown", "")
        symptom = self.symptoms.value()
        return sheets.printer_sheet(said, reason, symptom, is_picture=printer.is_picture)

    # --- What can be done ------------------------------------------------------------------------

    def action_bar(self) -> Sequence[Action]:
        """Offer what helps with the chosen device."""
        if not self._lines:
            return ()
        say, front = self.say, self.counter.front
        actions: list[Action] = []
        printer = self._printer()
        if printer is not None and not printer.is_picture:
            actions.append(Action(say("overview.devices.setup"), "F10", self._set_up_printer))
            actions.append(
                Action(
                    say("overview.devices.queue"),
                    "Ctrl+R",
                    lambda: front.open_page(self._work.ways.queue),
                    icon="list",
                )
            )
        actions.append(Action(say("overview.devices.add"), "F11", self._add_printer, icon="plus"))
        devices = self._work.devices
        if untried(devices) and not devices.tried().is_enough:
            actions.append(Action(say("overview.devices.enough"), "Ctrl+S", self._enough))
        words, run = self._primary()
        icon = "printer" if printer is not None else ""
        return (*actions, Action(say(words), "Enter", run, "primary", icon=icon))

    def _primary(self) -> tuple[str, Callable[[], None]]:
        """Return the words of the next action and what it does."""
        act, ways, front = "overview.devices.act.", self._work.ways, self.counter.front
        if self.chosen == SCANNER:
            return f"{act}scanner", lambda: front.open_page(ways.scanner, {"device": SCANNER})
        if self.chosen == SCALE:
            has_scale = self._work.devices.scale_setting() is not None
            key = f"{act}scale" if has_scale else f"{act}scale_none"
            return key, lambda: front.open_page(ways.scale, {"device": SCALE})
        if self.chosen == DRAWER:
            if drawer_printer(self._work.devices.printers()) is None:
                return f"{act}drawer_none", lambda: self._open_setup("receipt", "receipt")
            return f"{act}drawer", self._try_drawer
        printer = self._printer()
        assert printer is not None
        if printer.is_picture:
            return f"{act}printer_none", self._set_up_printer
        return f"{act}printer", self._print_trial

    def _print_trial(self) -> None:
        printer = self._printer()
        if printer is None:
            return
        self._work.devices.print_trial(printer.name)
        self._work.spool.retry(printer.name)
        self.counter.sounds.play("ok")
        words = self.say("overview.devices.done.trial", printer=printer.words)
        self.counter.front.toast(Notice(words, "ok"))

    def _try_drawer(self) -> None:
        """Open the drawer as for any other reason: it is a fact, since money lies in it."""
        remark = self.say("overview.devices.act.drawer")

        def done(_done: object) -> None:
            self._work.devices.mark_tried(DRAWER)
            self.counter.sounds.play("ok")
            words = self.say("overview.devices.done.drawer")
            self.counter.front.toast(Notice(words, "notice"))
            self.look()

        self.perform(OpenDrawer(reason="other", remark=remark), done=done)

    def _set_up_printer(self) -> None:
        printer = self._printer()
        if printer is not None:
            self._open_setup(printer.setting.role, printer.name)

    def _add_printer(self) -> None:
        self._open_setup("", "")

    def _open_setup(self, role: str, name: str) -> None:
        subject = {"role": role, "name": name}
        self.counter.front.open_page(self._work.ways.printer, subject)

    def _enough(self) -> None:
        self._work.devices.mark_enough()
        self.counter.front.toast(Notice(self.say("overview.devices.enough_done"), "notice"))
        self._seen = None
        self.look()
