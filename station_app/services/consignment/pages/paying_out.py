"""Paying a grower for produce: the ways, and whose money it would be where own money is short.

A purchase makes the station's own money less, so that it may reach into what others have left
here: then a reason is asked for before the goods are taken in, as at every other payout.
She may sign for it on the screen; that is kept with what was bought of her.
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
from station_app.services.pictures.commands import SIGNATURE, KeepPicture, signed
from station_app.shell.page import Action, Page
from station_app.shell.widgets.lending import LendingPanel
from station_app.shell.widgets.payment import GIVING_WAYS, PaymentPanel, missing_words
from station_app.shell.widgets.signing import AttachedSignatures, Signer
from station_app.values.paying import Paying
from station_app.values.staff import approval

PREVIEW_ACT = "A" * 16
PREVIEW_LOT = "00" * 32
SIGN_KEY = "F10"


class PayingOut(QWidget):
    """The payment panel with the warning below it, or the pad.

    Signal changed: something was chosen or typed.
    """

    changed = Signal()

    def __init__(self, page: Page, outfit: Outfit, *, is_wide: bool = True) -> None:
        """Make it with nothing to pay. page: the one that shows it."""
        super().__init__()
        self._counter = counter = page.counter
        self._outfit = outfit
        self._person, self._owed_fen = "", 0
        self.money = PaymentPanel(counter.texts, is_wide=is_wide, ways=GIVING_WAYS)
        self.lending = LendingPanel(counter.texts)
        self.signing = AttachedSignatures(page, outfit.photos, SIGN_KEY, self._turned)
        self.signing.panel.set_look("bare")  # the page has a frame of its own
        self._ways = QWidget()
        column = QVBoxLayout(self._ways)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.money, 1)
        column.addWidget(self.lending)
        places = QVBoxLayout(self)
        places.setContentsMargins(0, 0, 0, 0)
        places.addWidget(self._ways, 1)
        places.addWidget(self.signing.panel, 1)
        self.money.changed.connect(self.show_paying)
        self.lending.changed.connect(self.changed)

    def begin(self, person: str = "", owed_fen: int = 0) -> None:
        """Forget what was typed. owed_fen: what she is to get for the goods besides, later."""
        self._person, self._owed_fen = person, owed_fen
        self.money.clear()
        self.lending.clear()
        self.signing.forget()

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

    def sign_actions(self) -> list[Action]:
        """Return what can be done about her signature: while she signs all of it."""
        return self.signing.actions(self._signers)

    def _signers(self) -> list[Signer]:
        people, person = self._outfit.people, self._person
        known = self._counter.desk.read(lambda c: people.person(c, person))
        return [Signer(SIGNATURE, self._counter.privacy.name(known.name if known else ""))]

    def _turned(self) -> None:
        self._ways.setVisible(not self.signing.is_open)
        self.signing.panel.setVisible(self.signing.is_open)

    def missing(self) -> str:
        """Return what is still to be done, "" when nothing is."""
        has_shift = bool(self._counter.desk.now().shift)
        words = missing_words(self._counter.texts, self.money.paying, has_shift=has_shift)
        return words or self.lending.missing()

    def payment(self, due_fen: int) -> GivePayment:
        """Return the command that pays so much in the ways that were chosen."""
        return giving(replace(self.money.paying, due_fen=due_fen), self.lending.reason())

    def signatures(self, fact_kind: str) -> Sequence[KeepPicture]:
        """Return what keeps her signature with the fact that the money is for."""
        return signed(fact_kind, self.signing.taken, self._person)
