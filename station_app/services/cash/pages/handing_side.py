"""The end of a hand-over: who takes the drawer, and both PINs; or why one does it alone."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.services.cash.facts import ShiftHandedOver
from station_app.services.cash.pages.compare_panels import difference_on_screen
from station_app.services.cash.pages.edges import Edges
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.widgets.second_person import SecondPersonPanel
from station_app.values.money import say_yuan
from station_app.values.staff import Coworker


class HandingSide(QWidget):
    """Asks first the one who gives, then the one who takes.

    Signal ready(taken_over_by, alone_reason): both are known, or one has said why she is alone.
    """

    ready = Signal(str, str)

    def __init__(self, counter: Counter, edges: Edges) -> None:
        """Make it; `ask` begins."""
        super().__init__()
        self._counter = counter
        self._others: tuple[Coworker, ...] = ()
        self._giver: Coworker | None = None
        self._has_given = False
        self.panel = SecondPersonPanel(counter, edges.try_pin)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.panel)
        self.panel.confirmed.connect(self._confirmed)
        self.panel.alone.connect(self._alone)

    def ask(self, staff: Sequence[Coworker], giver: str, counted_fen: int) -> None:
        """Begin: the count is done; giver: identity of who is signed in."""
        say = self._counter.say
        self._giver = next((one for one in staff if one.identity == giver), None)
        self._others = tuple(one for one in staff if one.identity != giver)
        self._amount = say_yuan(counted_fen)
        self._has_given = self._giver is None
        if self._giver is not None:
            title = say("cash.handing.giver", amount=self._amount)
            self.panel.ask(
                title, say("cash.handing.giver_small"), [self._giver], may_be_alone=False
            )
        else:
            self._ask_taker()

    def first_focus(self) -> QWidget | None:
        """Return what is to be filled in."""
        return self.panel.first_focus()

    def take_digit(self, digit: int) -> bool:
        """Let a digit choose who takes over."""
        return self.panel.take_digit(digit)

    @property
    def may_be_alone(self) -> bool:
        """Tell whether a reason may stand for the other one now."""
        return self._has_given

    def _ask_taker(self) -> None:
        say = self._counter.say
        self._has_given = True
        title = say("cash.handing.taker", amount=self._amount)
        self.panel.ask(title, say("cash.handing.taker_small"), self._others)
        (self.panel.first_focus() or self.panel).setFocus()

    def _confirmed(self, who: str) -> None:
        if not self._has_given:
            self._ask_taker()
            return
        self.ready.emit(who, "")

    def _alone(self, reason: str) -> None:
        """Go on alone: to whoever was chosen, else to oneself."""
        chosen = self.panel.people.value()
        taker = chosen or (self._giver.identity if self._giver else "")
        self.ready.emit(taker, reason)

    def done_words(self, outcome: Done, taker: Coworker) -> str:
        """Return what is said when it is done: the number, the difference, who goes on."""
        counter = self._counter
        body = outcome.told[0].body if outcome.told else None
        number, differs = "", 0
        if isinstance(body, ShiftHandedOver):
            number, differs = str(body.number), body.difference_fen
        return counter.say(
            "cash.handing.done",
            number=number,
            difference=difference_on_screen(differs, counter.texts),
            name=counter.privacy.name(taker.name),
        )
