"""Paying a grower for produce: the ways, and whose money it would be where own money is short.

A purchase makes the station's own money less, so that it may reach into what others have left
here: then a reason is asked for before the goods are taken in, as at every other payout.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from station_app.ledger.accounts import counter as clearing
from station_app.ledger.accounts import held_grower, inventory
from station_app.ledger.posting import Line, pays
from station_app.services.cash.commands import GivePayment, giving, tenders_of
from station_app.services.consignment import records
from station_app.services.consignment.outfit import Outfit
from station_app.shell.counter import Counter
from station_app.shell.widgets.lending import LendingPanel
from station_app.shell.widgets.payment import GIVING_WAYS, PaymentPanel, missing_words
from station_app.values.paying import Paying
from station_app.values.staff import approval

PREVIEW_ACT = "A" * 16
PREVIEW_LOT = "00" * 32


class PayingOut(QWidget):
    """The payment panel and the warning below it. Signal changed: something was chosen or typed."""

    changed = Signal()

    def __init__(self, counter: Counter, outfit: Outfit, *, is_wide: bool = True) -> None:
        """Make it with nothing to pay."""
        super().__init__()
        self._counter, self._outfit = counter, outfit
        self._person, self._owed_fen = "", 0
        self.money = PaymentPanel(counter.texts, is_wide=is_wide, ways=GIVING_WAYS)
        self.lending = LendingPanel(counter.texts)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.money, 1)
        column.addWidget(self.lending)
        self.money.changed.connect(self.show_paying)
        self.lending.changed.connect(self.changed)

    def begin(self, person: str = "", owed_fen: int = 0) -> None:
        """Forget what was typed. owed_fen: what she is to get for the goods besides, later."""
        self._person, self._owed_fen = person, owed_fen
        self.money.clear()
        self.lending.clear()

    def show_paying(self, paying: Paying) -> None:
        """Show how much is paid in which ways, and what that would use."""
        self.money.show_paying(paying, has_shift=bool(self._counter.desk.now().shift))
        now, people = self._counter.desk.now(), self._outfit.people
        lines, tenders = self._lines(paying), tenders_of(paying) if paying.gives else ()

        def look(connection: Any) -> None:
            lent = records.lent_by(connection, lines, tenders, PREVIEW_ACT, now.device)
            staff = len(people.coworkers(connection))
            self.lending.show_lending(lent, approval(staff, is_manager=now.is_manager))

        self._counter.desk.read(look)
        self.changed.emit()

    def _lines(self, paying: Paying) -> Sequence[Line]:
        if not paying.gives:
            return ()
        goods = inventory(PREVIEW_LOT)
        paid = pays(goods, clearing(PREVIEW_ACT), paying.due_fen)
        return (*paid, *pays(goods, held_grower(self._person), self._owed_fen))

    def missing(self) -> str:
        """Return what is still to be done, "" when nothing is."""
        has_shift = bool(self._counter.desk.now().shift)
        words = missing_words(self._counter.texts, self.money.paying, has_shift=has_shift)
        return words or self.lending.missing()

    def payment(self, due_fen: int) -> GivePayment:
        """Return the command that pays so much in the ways that were chosen."""
        return giving(replace(self.money.paying, due_fen=due_fen), self.lending.reason())
