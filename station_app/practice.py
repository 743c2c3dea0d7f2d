"""The practice: the whole program on a room of its own, with simulated printers, scale and scanner.

It runs in a process of its own, started from the real window's page: nothing in it has the real
journal open. What is practised is not a copy of the counter but the counter, so a lesson can never
be of last year's screen. It has no line, sees no stick, makes no backup and has no lock; every
paper says 练习, the drawer is the simulated printer's, and names are masked.
"""

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from station_app import station_log
from station_app.app import PracticeEdges, Program, ProgramEdges
from station_app.devices.practice_scale import PracticeScale
from station_app.devices.printer_setting import PrinterSetting
from station_app.devices.scale_profiles import load_scales
from station_app.devices.simulated_printer import SimulatedPrinter
from station_app.journal.recorder import new_ticket
from station_app.journal.troubles import OpenElsewhere, StoreTrouble
from station_app.overview.practice.lessons import (
    AGAIN,
    FRESH,
    LESSONS,
    ON_HAND,
    PRODUCE_GRAMS,
    Course,
)
from station_app.overview.window import TODAY
from station_app.practice_faults import (
    PRINTER_TROUBLES,
    SCALE_TROUBLES,
    SOUND_PRINTER,
    SOUND_SCALE,
    PrinterTrouble,
    ScaleTrouble,
    Trouble,
)
from station_app.practice_room import make_room
from station_app.premises import SystemChance, SystemClock
from station_app.resources_dir import load_texts, resources
from station_app.services.people.commands import RegisterOperator
from station_app.shell.application import make_application
from station_app.shell.desk import Done
from station_app.shell.full_screen import fill_screen
from station_app.shell.page import Action
from station_app.shell.scaling import apply_scale
from station_app.shell.scan_filter import Burst
from station_app.shell.scan_sheet import Way
from station_app.shell.sense_settings import SenseSettings
from station_app.shell.sounds import Sounds
from station_app.values.texts import Texts

LOOK_MS = 400
PIN = "135790"  # stands in the lessons
LABEL_DOTS, RECEIPT_DOTS = 480, 576
FIRST_CODE = 1_017  # 中通, as the county describes its numbers
SCALE_KIND = "head"
OVER, FAILED, BUSY = 0, 2, 3  # how the process ends
T = TypeVar("T", PrinterTrouble, ScaleTrouble)


class HeardSounds:
    """Plays, and tells the lesson what the ear has heard. Implements `Sounds`."""

    def __init__(self, sounds: Sounds, told: Callable[[str], None]) -> None:
        """told: gets "sound.<name>"."""
        self._sounds, self._told = sounds, told

    def play(self, name: str) -> None:
        """Play a tone."""
        self._sounds.play(name)
        self._told(f"sound.{name}")


class Practice:
    """A practice: the program, what is simulated around it, and how far the lessons are."""

    def __init__(self, texts: Texts, lesson: int) -> None:
        """Begin with a lesson. Use it as a context: its printers listen inside."""
        self._texts = texts
        self.course = Course()
        self.course.begin(lesson)
        kinds = dict(load_scales((resources() / "scales.toml").read_text("utf-8")))
        self.scale = PracticeScale(kinds[SCALE_KIND])
        self.label = SimulatedPrinter("tspl", LABEL_DOTS)
        self.receipt = SimulatedPrinter("escpos", RECEIPT_DOTS)
        self._around = ExitStack()
        self._codes: list[str] = []
        self._number = FIRST_CODE
        self._whole_before = 0  # labels that had come out when a fault began
        self._printer_trouble, self._scale_trouble = SOUND_PRINTER, SOUND_SCALE
        self._is_told, self._told = False, ""
        self.program: Program | None = None

    def __enter__(self) -> "Practice":
        self._around.enter_context(self.label)
        self._around.enter_context(self.receipt)
        return self

    def __exit__(self, *_: object) -> None:
        self._around.close()

    def edges(self, *, is_silent: bool = False) -> ProgramEdges:
        """Return what stands around the program instead of the machine's own."""
        printers = (
            PrinterSetting(
                role="label", profile="label_60x40", port=f"tcp:127.0.0.1:{self.label.port}"
            ),
            PrinterSetting(
                role="receipt", profile="receipt_80", port=f"tcp:127.0.0.1:{self.receipt.port}"
            ),
        )
        sounds = partial(HeardSounds, told=self.happened)
        return ProgramEdges(
            printers=printers,
            has_line=False,
            is_silent=is_silent,
            practice=PracticeEdges(scale=self.scale, sounds=sounds),
        )

    def begin(self, program: Program) -> None:
        """Sign the learner in, and show the first step."""
        self.program = program
        premises = program.premises
        premises.signed_in.come("", is_manager=True)
        name = self._texts.say("overview.practice.operator.name")
        done = premises.desk.settle(
            RegisterOperator(name=name, role="manager"), ticket=new_ticket(premises.chance)
        )
        assert isinstance(done, Done), done
        learner = done.told[0].identity
        premises.signed_in.come(learner, is_manager=True)
        program.window.parts.door.give(learner, PIN, lambda _done: None)
        premises.desk.listen(self._act_done)
        program.start()
        window = program.window
        window.scan_filter.scanned.connect(self._scanned)
        window.deck.switched.connect(lambda _page: self.show())
        self._look = QTimer(window, interval=LOOK_MS)
        self._look.timeout.connect(self._look_at_papers)
        self._look.start()
        self.show()

    # --- What happens ----------------------------------------------------------------------------

    def happened(self, event: str) -> None:
        """Something happened: perhaps the step is done by it."""
        if self.course.happened(event):
            self.show()

    def _act_done(self, done: Done) -> None:
        for told in done.told:
            self.happened(told.kind)
            if getattr(told.body, "cod_fen", 0):
                self.happened(f"{told.kind}.cod")

    def _scanned(self, burst: Burst) -> None:
        if not self._codes or self._codes[-1] != burst.raw:
            self._codes.append(burst.raw)

    def _look_at_papers(self) -> None:
        if self._whole_labels() > self._whole_before:
            self.happened("paper.printed")

    def _whole_labels(self) -> int:
        return sum(not paper.torn for paper in self.label.papers)

    # --- Helping hands ---------------------------------------------------------------------------

    def scan(self) -> None:
        """Scan what the step wants, as a scanner on a port would."""
        assert self.program is not None
        wanted = self.course.wanted
        self.program.window.scan_filter.take_code(self._code(wanted.scan if wanted else FRESH))

    def _code(self, what: str) -> str:
        if what == AGAIN and self._codes:
            return self._codes[-1]
        if what == ON_HAND and len(self._codes) > 1:
            return self._codes[-2]
        if what not in (FRESH, AGAIN, ON_HAND):
            return what
        self._number += 1
        return f"73{self._number:012}"

    def load(self) -> None:
        """Put the goods on the scale, or take them off."""
        wanted = self.course.wanted
        grams = wanted.grams if wanted is not None and wanted.grams else PRODUCE_GRAMS
        self.scale.grams = 0 if self.scale.grams else grams
        self.show()

    def meddle_with_printer(self) -> None:
        """Let something go wrong with the label printer, or show how it is put right."""
        if self._printer_trouble is SOUND_PRINTER:
            self._choose(PRINTER_TROUBLES, self._break_printer, "printing.role.label")
        else:
            mend = partial(self._break_printer, SOUND_PRINTER)
            self._show_cure(self._printer_trouble, mend, "printing.role.label")

    def meddle_with_scale(self) -> None:
        """Let something go wrong with the scale, or show how it is put right."""
        if self._scale_trouble is SOUND_SCALE:
            self._choose(SCALE_TROUBLES, self._break_scale, "overview.practice.fault.scale")
        else:
            mend = partial(self._break_scale, SOUND_SCALE)
            self._show_cure(self._scale_trouble, mend, "overview.practice.fault.scale")

    def _choose(self, troubles: Sequence[T], play: Callable[[T], None], device: str) -> None:
        """Ask which fault is to be played."""
        assert self.program is not None
        say = self._texts.say
        ways: list[Way] = [(t.choice(self._texts), partial(play, t)) for t in troubles]
        ways.append((say("overview.practice.fault.none"), _nothing))
        title = say("overview.practice.fault.ask", device=say(device))
        self.program.window.ask_about_scan(title, say("overview.practice.fault.line"), ways)

    def _show_cure(self, trouble: Trouble, mend: Callable[[], None], device: str) -> None:
        """Show the fix-it sheet of what is wrong."""
        assert self.program is not None
        title, lines = trouble.words(self._texts, self._texts.say(device))
        later = self._texts.say("overview.practice.fault.later")
        ways = [(trouble.cure(self._texts), mend), (later, _nothing)]
        self.program.window.ask_about_scan(title, lines, ways)

    def _break_printer(self, trouble: PrinterTrouble) -> None:
        if trouble is not SOUND_PRINTER:
            self._whole_before = self._whole_labels()
        self._set_printer(trouble)
        self.happened("printer.mended" if trouble is SOUND_PRINTER else "printer.fault")
        self.show()

    def _set_printer(self, trouble: PrinterTrouble) -> None:
        assert self.program is not None
        self._printer_trouble = trouble
        trouble.play(self.label)
        self.program.spool.retry("label")

    def _break_scale(self, trouble: ScaleTrouble) -> None:
        self._set_scale(trouble)
        self.show()

    def _set_scale(self, trouble: ScaleTrouble) -> None:
        if self._scale_trouble.is_over:
            self.scale.grams = 0  # what was too much was taken off
        self._scale_trouble = trouble
        trouble.play(self.scale)

    def next_lesson(self) -> None:
        """Go on to the next lesson, from the last to the first: on devices that are sound."""
        self._set_printer(SOUND_PRINTER)
        self._set_scale(SOUND_SCALE)
        self.course.begin(self.course.lesson + 1)
        self.show()

    def tell(self) -> None:
        """Speak the step to be done, and every one after it; once more, and it is quiet."""
        self._is_told, self._told = not self._is_told, ""
        self.show()

    def _speak(self) -> None:
        """Speak the step in work, once."""
        assert self.program is not None
        wanted = self.course.wanted
        piece = f"lesson_{self.course.now.key}_{wanted.key}" if wanted is not None else ""
        if self._is_told and piece and piece != self._told:
            self.program.senses.read_out((piece,))
        self._told = piece

    def leave(self) -> None:
        """End the practice."""
        assert self.program is not None
        self.program.window.close()

    # --- The band --------------------------------------------------------------------------------

    def show(self) -> None:
        """Show the step to be done, and what helps with it."""
        assert self.program is not None
        window = self.program.window
        if window.parts.desk.now().shift:
            self.course.stands("shift.opened")
        window.content.band.show_step(self._title(), self._words())
        window.content.band.offer(self._actions())
        self._speak()
        window.review_keys()

    def _title(self) -> str:
        say, course = self._texts.say, self.course
        lesson = say(f"overview.practice.lesson.{course.now.key}.title")
        return say("overview.practice.band.lesson", number=course.lesson + 1, lesson=lesson)

    def _words(self) -> str:
        say, course = self._texts.say, self.course
        wanted = course.wanted
        if wanted is None:
            return say(f"overview.practice.band.{'all_done' if course.is_last else 'done'}")
        words = say(f"overview.practice.lesson.{course.now.key}.{wanted.key}")
        steps = len(course.now.steps)
        return say("overview.practice.band.step", step=course.step + 1, steps=steps, words=words)

    def _helping(self, *, is_home: bool) -> list[Action]:
        """Return the hands that this lesson needs: the words of its steps need the room."""
        say, lesson = self._texts.say, self.course.now.key
        scan = Action(say("overview.practice.band.scan"), "Ctrl+I", self.scan)
        if lesson == "paper":
            key = "break" if self._printer_trouble is SOUND_PRINTER else "cure"
            meddle = self.meddle_with_printer
            return [scan, Action(say(f"overview.practice.band.{key}"), "Ctrl+J", meddle)]
        if any(step.grams for step in self.course.now.steps):
            key = "unload" if self.scale.grams else "weigh"
            load = Action(say(f"overview.practice.band.{key}"), "Ctrl+J", self.load)
            key = "break" if self._scale_trouble is SOUND_SCALE else "cure"
            wrong = Action(say(f"overview.practice.band.{key}"), "Ctrl+Y", self.meddle_with_scale)
            return [load] if is_home else [load, wrong]
        return [scan]

    def _actions(self) -> Sequence[Action]:
        assert self.program is not None
        say = self._texts.say
        current = self.program.window.deck.current
        is_home = current is not None and current.key == TODAY
        told = "quiet" if self._is_told else "tell"
        return (
            *self._helping(is_home=is_home),
            Action(say(f"overview.practice.band.{told}"), "Ctrl+W", self.tell),
            Action(say("overview.practice.band.next"), "Ctrl+Q", self.next_lesson),
            Action(say("overview.practice.band.leave"), "Esc" if is_home else "", self.leave),
        )


def _nothing() -> None:
    """Leave it as it is."""


def practise(data: Path, lesson: int, senses: str) -> int:
    """Practise until the window is closed; return how it ended.

    senses: how the real counter hears and is heard, as JSON, "" for a keyboard scanner.
    """
    apply_scale(data)
    make_application()
    texts, chance = load_texts(), SystemChance()
    settings = msgspec.json.decode(senses, type=SenseSettings) if senses else SenseSettings()
    try:
        folder, keys = make_room(data, chance, SystemClock().now_ms(), settings)
    except OpenElsewhere:
        return BUSY
    except (StoreTrouble, OSError) as trouble:
        sys.stderr.write(f"practice: {trouble}\n")
        return FAILED
    station_log.begin(folder)
    with Practice(texts, min(lesson, len(LESSONS) - 1)) as practice:
        program = Program.open(folder, keys, practice.edges())
        try:
            practice.begin(program)
            station_log.catch_the_rest(program.window.last_resort.tell)
            fill_screen(program.window)
            QApplication.exec()
        finally:
            program.close()
    return OVER
