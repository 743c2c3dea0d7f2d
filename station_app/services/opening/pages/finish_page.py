"""The end of the first day: the sheet of the whole, the proof that it balances, two signatures."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea

from station_app.journal.projection import StateChange
from station_app.ledger.accounts import OPENING
from station_app.ledger.balances import imbalances, trial_balance
from station_app.ledger.posting import CNY
from station_app.printing.document import Receipt
from station_app.services.opening.commands import FinishOpening
from station_app.services.opening.outfit import Outfit
from station_app.services.opening.pages.witness_panel import WitnessPanel
from station_app.services.opening.rules import open_steps
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.desk import Done
from station_app.shell.page import Action, Page
from station_app.shell.widgets.cards import ReceiptPreview
from station_app.shell.widgets.panels import Banner, Panel
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.money import say_yuan

PAPER_WIDTH = 460


class FinishPage(Page):
    """Shows the paper as it will come out, and asks for the signature."""

    def __init__(self, counter: Counter, key: str, outfit: Outfit, back: str) -> None:
        """Make the page. back: key of the page of steps."""
        super().__init__(counter, key)
        self._outfit = outfit
        self._back = back
        self._waiting: tuple[str, ...] = ()
        side = Panel(margins=(24, 18, 24, 18), spacing=12)
        side.body.addWidget(strong(self.say("opening.finish.title")))
        side.body.addWidget(hint(self.say("opening.finish.how"), wrap=True))
        self.balance = Banner("", "ok")
        side.body.addWidget(self.balance)
        self._waits = Words("", theme.BODY, wrap=True)
        side.body.addWidget(self._waits)
        self.witness = WitnessPanel(counter, outfit)
        self.witness.changed.connect(self.touch_actions)
        side.body.addWidget(self.witness)
        side.body.addStretch(1)
        self.paper = ReceiptPreview(self.say("opening.slip.summary"))
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFixedWidth(PAPER_WIDTH)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidget(self.paper)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.FULL.gap)
        row.addWidget(side, 1)
        row.addWidget(self._scroll)

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("opening.finish.title")

    def action_bar(self) -> Sequence[Action]:
        """Return what can be done."""
        missing = ""
        if self._waiting:
            missing = self.say("opening.finish.steps_open", count=len(self._waiting))
        elif not self.witness.is_complete:
            missing = self.say("opening.missing.reason")
        label = self.say("opening.finish.primary")
        return (
            Action(self.say("opening.lines.back"), "Esc", self._leave),
            Action(label, "Enter", self._finish, "primary", is_enabled=not missing, reason=missing),
        )

    def activated(self) -> None:
        """Add everything up as it stands now."""
        self.witness.offer(has_party=False)
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Add up again."""
        if self.isVisible():
            self._load()

    def on_escape(self) -> bool:
        """Go back to the steps."""
        self._leave()
        return True

    def facts_behind(self) -> Mapping[str, str] | None:
        """Return the lines of the first day, of which the paper is made."""
        return {"account": OPENING, "title": self.title}

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the paper as wide as its place."""
        super().resizeEvent(event)
        self._fit()

    def _load(self) -> None:
        now, gatherer = self.counter.desk.now(), self._outfit.gatherer

        def take(connection: Any) -> tuple[Receipt, tuple[str, ...], int, bool]:
            standing = gatherer.standing(connection, now)
            witness = self.witness.witness()
            slip = self._outfit.papers.preview(connection, standing, witness, now)
            books = trial_balance(connection)
            debit = sum(s.amount for s in books if s.commodity == CNY and s.amount > 0)
            return slip, open_steps(standing.opening), debit, not imbalances(books)

        slip, self._waiting, debit, is_even = self.counter.desk.read(take)
        self.paper.show_raster(self._outfit.preview(slip))
        self._fit()
        key = "balances" if is_even else "lacks"
        amount = say_yuan(debit)
        self.balance.tell(
            self.say(f"opening.finish.{key}", amount=amount), "ok" if is_even else "stop"
        )
        names = "、".join(self.say(f"opening.step.{step}") for step in self._waiting)
        self._waits.setText(self.say("opening.finish.waits", steps=names) if names else "")
        self._waits.setVisible(bool(names))
        self.touch_actions()

    def _fit(self) -> None:
        whole, width = self.paper.sizeHint(), self._scroll.viewport().width()
        height = whole.height() * width // max(whole.width(), width, 1)
        self.paper.setFixedSize(width, max(height, 1))

    def _finish(self) -> None:
        def done(outcome: Done) -> None:
            self.tell_done(self.say("opening.finish.done"), outcome, sound="money")
            self._leave()

        self.perform(FinishOpening(witness=self.witness.witness()), done=done)

    def _leave(self) -> None:
        self.counter.front.open_page(self._back)
