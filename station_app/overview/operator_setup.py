"""Who works here, and their PIN: the second page of the first run, and how colleagues are added.

The first operator of a station is its manager and needs nobody's leave. The fact is recorded
before the PIN is kept; if the power goes between the two, the lock page asks for the PIN again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from station_app.journal.projection import StateChange
from station_app.overview.first_run import (
    NARROW_BELOW,
    FirstRunFrame,
    Thing,
    box_size,
    first_steps,
    things_grid,
)
from station_app.overview.heading import station_words
from station_app.overview.operator_card import operator_card
from station_app.overview.sign_in import Attendance, Colleague, PinDoor, colleagues
from station_app.printing.document import Receipt
from station_app.security.pins import DIGITS, pin_refusal
from station_app.services.people.commands import RegisterOperator
from station_app.services.people.rules import NAME_CHARACTERS_MAX
from station_app.shell import theme
from station_app.shell.counter import Counter, Notice
from station_app.shell.desk import Done
from station_app.shell.drafts import Draft
from station_app.shell.page import Page
from station_app.shell.widgets.boxes import CodeBoxes
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.refusal import Refusal
from station_app.values.spelling import readings

MANAGER, OPERATOR = "manager", "operator"
NEWCOMER = "new"
WHOSE_FIRST, WHOSE_MAX, WHOSE_COLUMNS = 3, 7, 3  # digits 1 and 2 are the role's


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupWork:
    """What the page needs besides the counter.

    opened: called once the first one is in, and after a colleague was added. put_out:
    prints a card; None where nothing prints.
    """

    door: PinDoor
    attendance: Attendance
    opened: Callable[[], None]
    put_out: Callable[[Receipt, str], None] | None = None


class OperatorSetupPage(Page):
    """Registers somebody and sets a PIN; or sets that of somebody who has none, or forgot it.

    A manager gives a colleague a new PIN, which lifts her lock; whoever is alone rings the county.
    """

    def __init__(self, counter: Counter, key: str, work: SetupWork) -> None:
        """Make the page."""
        super().__init__(counter, key)
        self._work = work
        self._present: tuple[Colleague, ...] = ()
        self._whose: Colleague | None = None
        self._is_saving = False
        self._is_low = False
        self._build()

    # --- What it is made of ----------------------------------------------------------------------

    def _build(self) -> None:
        say = self.say
        self._frame = FirstRunFrame("", "", first_steps(self.counter.texts, "operator"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._frame)
        content = self._frame.content
        content.addWidget(Words(say("overview.setup.title"), theme.HEADING, bold=True))
        self._line = Words("", theme.BODY, ink="ink2", wrap=True)
        content.addWidget(self._line)
        content.addWidget(self._build_form())
        self._things = self._build_things()
        content.addWidget(self._things)
        content.addStretch(1)
        self._back = self._frame.add_secondary(say("shell.page.go_back"), "Esc", self._leave)
        self._own_card = self._frame.add_secondary(
            say("overview.card.print_own"), "F10", self._print_own_card
        )
        self._save = self._frame.add_primary(say("overview.setup.done"), self.primary)

    def _build_form(self) -> QWidget:
        say, digits, least = self.say, DIGITS, self._work.door.least()
        panel = Panel("active", margins=(20, 16, 20, 16), spacing=12)
        self.name = TextField(
            self.counter.texts, say("overview.setup.name"), limit=NAME_CHARACTERS_MAX, chinese=True
        )
        self.role = ChoiceRow(
            [
                Choice(OPERATOR, say("overview.setup.role_operator"), "person"),
                Choice(MANAGER, say("overview.setup.role_manager"), "key"),
            ]
        )
        self.role.set_value(OPERATOR)
        self.pin = CodeBoxes((digits,), box=box_size(low=False), concealed=True)
        self.again = CodeBoxes((digits,), box=box_size(low=False), concealed=True)
        for boxes in (self.pin, self.again):
            boxes.set_least(least)
        asked = f"{least}–{digits}" if least < digits else str(digits)
        self.pin.setAccessibleName(say("overview.setup.pin", digits=asked))
        self.again.setAccessibleName(say("overview.setup.pin_again"))
        self._fault = Words("", theme.HINT, ink="stop", wrap=True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(4)
        grid.addWidget(hint(say("overview.setup.pin", digits=asked)), 0, 0)
        grid.addWidget(hint(say("overview.setup.pin_again")), 0, 1)
        grid.addWidget(self.pin, 1, 0)
        grid.addWidget(self.again, 1, 1)
        grid.setColumnStretch(2, 1)
        self.who = ChoiceRow(first=WHOSE_FIRST, columns=WHOSE_COLUMNS)
        self.who.chosen.connect(self._chosen)
        panel.body.addWidget(self.who)
        panel.body.addWidget(self.name)
        panel.body.addWidget(self.role)
        panel.body.addLayout(grid)
        panel.body.addWidget(self._fault)
        self.name.changed.connect(lambda _text: self._typed())
        self.pin.changed.connect(lambda _text: self._typed())
        self.again.changed.connect(lambda _text: self._typed())
        self.pin.completed.connect(lambda _text: self._pin_chosen())
        self.again.completed.connect(lambda _text: self._typed_again())
        return panel

    def _build_things(self) -> QWidget:
        things = [
            Thing(
                icon,
                self.say(f"overview.setup.thing_{number}"),
                self.say(f"overview.setup.thing_{number}_line"),
            )
            for number, icon in enumerate(("person", "lock", "swap", "phone"), 1)
        ]
        widget = QWidget()
        column = QVBoxLayout(widget)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(strong(self.say("overview.setup.things")))
        column.addWidget(things_grid(things))
        return widget

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("overview.setup.title")

    def first_focus(self) -> QWidget | None:
        """Type the name first, or the PIN if the name is known."""
        return self.pin if self._whose is not None else self.name

    def on_compact(self, is_compact: bool) -> None:
        """Become lower in a low window."""
        self._is_low = is_compact
        self._frame.set_low(low=is_compact)
        self._things.setVisible(not is_compact)
        self._fit_boxes()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the boxes fit a narrow window."""
        super().resizeEvent(event)
        self._fit_boxes()

    def _fit_boxes(self) -> None:
        size = box_size(low=self._is_low, narrow=self.width() < NARROW_BELOW)
        for boxes in (self.pin, self.again):
            boxes.set_box(size)

    # --- Opening ---------------------------------------------------------------------------------

    def activated(self) -> None:
        """Look who is here already."""
        self._present = self.counter.desk.read(colleagues)
        self._show_who()
        self._show_state()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Where nobody was known yet, somebody may have come from the station's other PC.

        She sets her PIN here, as at the next start; nobody else may be the first any more.
        """
        if not self._is_first or self._is_another or self._is_saving or self.is_busy:
            return
        known = self.counter.desk.read(colleagues)
        if known:
            self.open_with({"operator": known[0].identity})
            self.pin.setFocus()

    def _show_who(self) -> None:
        """Offer a manager to whom a PIN may be given: somebody new, or a colleague."""
        own = self._work.attendance.operator
        is_manager = any(one.identity == own and one.is_manager for one in self._present)
        others = [one for one in self._present if one.identity != own][: WHOSE_MAX - 1]
        newcomer = Choice(NEWCOMER, self.say("overview.setup.newcomer"), "person")
        self.who.show_choices([newcomer, *(Choice(one.identity, one.name) for one in others)])
        self.who.set_value(self._whose.identity if self._whose else NEWCOMER)
        self.who.setVisible(is_manager and bool(others))

    def _chosen(self, identity: str) -> None:
        self.open_with({"operator": identity})
        (self.pin if self._whose else self.name).setFocus()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Set the PIN of the `operator` named; without one somebody new is registered."""
        wanted = subject.get("operator", "")
        self._present = self.counter.desk.read(colleagues)
        self._whose = next((one for one in self._present if one.identity == wanted), None)
        for boxes in (self.pin, self.again):
            boxes.clear()
        self.name.set_text("")
        self._fault.setText("")
        self._show_who()
        self._show_state()

    def draft(self) -> Draft | None:
        """Keep the name, never the PIN."""
        name = self.name.text()
        return {"name": name} if name else None

    def resume(self, draft: Draft) -> str:
        """Put the name back."""
        self.name.set_text(str(draft.get("name", "")))
        self._show_state()
        return ""

    @property
    def _is_first(self) -> bool:
        return not self._present

    @property
    def _is_another(self) -> bool:
        """Tell whether a manager who is signed in adds a colleague."""
        return bool(self._work.attendance.operator)

    def on_escape(self) -> bool:
        """Go back, if there is anything to go back to."""
        if self._is_another:
            self._leave()
        return True

    def _leave(self) -> None:
        self._whose = None
        self.name.set_text("")
        self.keep_draft()
        self._work.opened()

    # --- Typing ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from the name to the PIN with Enter, as everybody tries."""
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.name.line.hasFocus():
            self.pin.setFocus()
            return
        super().keyPressEvent(event)

    def _typed(self) -> None:
        self._fault.setText("")
        self._show_state()
        self.touch_draft()

    def _pin_chosen(self) -> None:
        """Judge the PIN at once: nobody types it twice in vain."""
        refusal = pin_refusal(self.pin.text(), self._work.door.least())
        if refusal is None:
            self.again.setFocus()
        else:
            self._refuse_pin(refusal)

    def _typed_again(self) -> None:
        """Go on by the Enter that ended a short one; a full one waits for its own."""
        if not self.again.is_complete():
            self.primary()

    def _refuse_pin(self, refusal: Refusal) -> None:
        self.counter.sounds.play("warn")
        self.pin.clear()
        self.again.clear()
        self.pin.mark_wrong()
        self.pin.setFocus()
        self._fault.setText(self.say(refusal.text_key, **refusal.slots))
        self._show_state()

    def touch_actions(self) -> None:
        """Show it on the key of the page, too: there is no bar."""
        super().touch_actions()
        self._show_state()

    def _show_state(self) -> None:
        whose = self._whose
        key = "another_line" if self._is_another else "first_line"
        if whose:
            key = "again_line" if self._is_another else "pin_line"
        name = whose.name if whose else ""
        rail = "another" if self._is_another else "first"
        title, line = (self.say(f"overview.setup.rail_{rail}{end}") for end in ("", "_line"))
        self._frame.show_rail(title, line, steps=not self._is_another)
        self._line.setText(self.say(f"overview.setup.{key}", name=name))
        self.name.setVisible(whose is None)
        self.role.setVisible(whose is None and self._is_another)
        self._back.setVisible(self._is_another)
        self._own_card.setVisible(self._is_another and self._work.put_out is not None)
        done = "done_another" if self._is_another else "done"
        if whose and self._is_another:
            done = "done_again"
        self._save.set_label(self.say(f"overview.setup.{done}"))
        missing = self._missing()
        reason = self.say(f"overview.setup.{missing}") if missing else ""
        self._save.set_possible(possible=not missing, reason=reason)

    def _missing(self) -> str:
        if self._is_saving or self.is_busy:
            return "saving"
        if self._whose is None and not self.name.text():
            return "missing_name"
        if not self.pin.is_enough():
            return "missing_pin"
        return "" if self.again.is_enough() else "missing_again"

    # --- Keeping ---------------------------------------------------------------------------------

    def primary(self) -> None:
        """Record who it is, then keep the PIN, then let them in."""
        if self._missing():
            return
        if self.pin.text() != self.again.text():
            self.counter.sounds.play("warn")
            self.again.clear()
            self.again.mark_wrong()
            self.again.setFocus()
            self._fault.setText(self.say("overview.setup.pin_differs"))
            self._show_state()
            return
        if self._whose is not None:
            self._keep_pin(self._whose)
            return
        name = self.name.text()
        role = self.role.value() if self._is_another else MANAGER
        spelt = readings(name)
        command = RegisterOperator(name=name, role=role, pinyin=spelt[0].pinyin if spelt else "")
        self.perform(command, done=self._registered, refused=self._refused)

    def _registered(self, done: Done) -> None:
        identity = done.told[0].identity
        known = self.counter.desk.read(colleagues)
        self._keep_pin(next(one for one in known if one.identity == identity))

    def _refused(self, refusal: Refusal) -> None:
        self.name.say_fault(refusal.text_key, **refusal.slots)
        self.name.setFocus()

    def _keep_pin(self, who: Colleague) -> None:
        self._set_saving(saving=True)
        self._work.door.give(who.identity, self.pin.text(), lambda _none: self._kept(who))

    def _kept(self, who: Colleague) -> None:
        is_another, is_new = self._is_another, self._whose is None
        self._set_saving(saving=False)
        for boxes in (self.pin, self.again):
            boxes.clear()
        self.name.set_text("")
        self.keep_draft()
        if not is_another:
            self._work.attendance.come(who.identity, is_manager=who.is_manager)
        self.counter.sounds.play("ok")
        self._work.opened()
        if is_another and is_new:
            self._print_card(who)

    def _print_own_card(self) -> None:
        own = self._work.attendance.operator
        who = next((one for one in self._present if one.identity == own), None)
        if who is not None:
            self._leave()
            self._print_card(who)

    def _print_card(self, who: Colleague) -> None:
        """Print the card with which somebody says who stands at the counter."""
        if self._work.put_out is None:
            return
        desk = self.counter.desk
        here = desk.now().station
        station = desk.read(lambda connection: station_words(connection, here))
        card = operator_card(self.counter.texts, station, who.name, who.identity)
        self._work.put_out(card, "")
        words = self.say("overview.card.printed", name=who.name)
        self.counter.front.toast(Notice(words, "notice"))

    def _set_saving(self, *, saving: bool) -> None:
        self._is_saving = saving
        self._show_state()
