"""What can go wrong in a practice: the faults that its printer and its scale play when asked.

Pure words and settings: a fault is the state that the simulated device is put into, the fix-it
sheet that the counter shows for it, and how many of that sheet's steps are done at the device (the
rest are keys of the device page, which a practice does not have).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from station_app.devices.practice_scale import PracticeScale
from station_app.devices.simulated_printer import Faults, SimulatedPrinter
from station_app.overview.devices.sheets import sheet_of
from station_app.values.texts import Texts

HALF_A_LABEL = 120  # rows of dots; a parcel label has 320
SLOW_BAUD = 9_600


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong. key: of the catalogue (`overview.practice.fault`); sheet: that helps.

    steps: how many of the sheet's are shown; has_line: the practice has its own first line.
    """

    key: str
    sheet: str
    steps: int
    has_line: bool = False

    def choice(self, texts: Texts) -> str:
        """Return what it is called where it is chosen."""
        return texts.say(f"overview.practice.fault.{self.key}.name")

    def cure(self, texts: Texts) -> str:
        """Return what puts it right."""
        return texts.say(f"overview.practice.fault.{self.key}.cure")

    def words(self, texts: Texts, device: str) -> tuple[str, str]:
        """Return title and lines of its fix-it sheet."""
        sheet = sheet_of(texts, self.sheet, device)
        line = sheet.line
        if self.has_line:
            line = texts.say(f"overview.practice.fault.{self.key}.line")
        lines = [line]
        for number, (step, small) in enumerate(sheet.steps[: self.steps], start=1):
            joined = texts.say("overview.practice.fault.with_look", step=step, look=small)
            words = joined if small else step
            lines.append(texts.say("overview.practice.fault.step", number=number, step=words))
        return sheet.title, "\n".join(lines)


@dataclass(frozen=True, slots=True)
class PrinterTrouble(Trouble):
    """A fault of the printer. rows_left, cover_open: of its mechanism; faults: of its line."""

    rows_left: int | None = None
    cover_open: bool = False
    faults: Faults = field(default_factory=Faults)

    def play(self, printer: SimulatedPrinter) -> None:
        """Put the printer into this state."""
        printer.mechanism.rows_left = self.rows_left
        printer.mechanism.cover_open = self.cover_open
        printer.faults = replace(self.faults)


@dataclass(frozen=True, slots=True)
class ScaleTrouble(Trouble):
    """A fault of the scale."""

    is_over: bool = False
    is_gone: bool = False

    def play(self, scale: PracticeScale) -> None:
        """Put the scale into this state."""
        scale.is_over, scale.is_gone = self.is_over, self.is_gone


PRINTER_TROUBLES: Sequence[PrinterTrouble] = (
    PrinterTrouble("no_paper", "no_paper", 3, rows_left=0),
    PrinterTrouble("torn", "no_paper", 3, has_line=True, rows_left=HALF_A_LABEL),
    PrinterTrouble("cover", "cover_open", 1, cover_open=True),
    PrinterTrouble("unplugged", "unreachable", 3, faults=Faults(cut_after=0)),
    PrinterTrouble("mute", "printer_silent", 0, has_line=True, faults=Faults(mute=True)),
    # A slow line is an old one, and what hangs on it says nothing either.
    PrinterTrouble(
        "slow", "printer_silent", 0, has_line=True, faults=Faults(mute=True, baud=SLOW_BAUD)
    ),
)
SCALE_TROUBLES: Sequence[ScaleTrouble] = (
    ScaleTrouble("over", "scale_overload", 1, is_over=True),
    ScaleTrouble("gone", "scale_gone", 1, is_gone=True),
)
SOUND_PRINTER, SOUND_SCALE = PrinterTrouble("", "", 0), ScaleTrouble("", "", 0)
