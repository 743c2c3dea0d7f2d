"""Whose Enter is it? Exactly one visible thing shows the Enter cap, and that one gets the key.

An open list or sheet goes first, then an alert in the page, then a list that asked for it, last
the primary. A primary that must wait its turn shows `+`, which always works.

Of any other key the page's own button goes before a toast's, which speaks of what was done before:
while both would show Ctrl+Z, the toast shows none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from station_app.shell.widgets.keys import ENTER, PLUS, KeyButton
from station_app.shell.widgets.tables import ListTable
from station_app.shell.widgets.toasts import ToastArea


@dataclass(frozen=True, slots=True)
class EnterScope:
    """Where to look. places: widgets whose buttons count, the most urgent first.

    overlay: an open list or sheet, whose own Enter goes before everything. is_primary_barred: a
    question has to be answered first, so the primary shows no key at all. toasts: what passes by,
    one of the places.
    """

    places: Sequence[QWidget]
    primary: KeyButton | None
    overlay: QWidget | None = None
    is_primary_barred: bool = False
    toasts: ToastArea | None = None


class EnterRule(QObject):
    """Keeps the caps right and finds the owner."""

    def __init__(self, scope: Callable[[], EnterScope], window: QObject) -> None:
        """scope: returns what is on the screen now; window: lives as long as this."""
        super().__init__(window)
        self._scope = scope
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.review)
        self.owner: KeyButton | ListTable | QWidget | None = None

    def review_soon(self) -> None:
        """Look again when all that changes now has changed."""
        self._soon.start()

    def review(self) -> None:
        """Find the owner and paint every cap accordingly."""
        self._soon.stop()
        scope = self._scope()
        buttons = [
            button
            for place in scope.places
            for button in place.findChildren(KeyButton)
            if button.key == ENTER and button is not scope.primary
        ]
        alerts = [button for button in buttons if button.isVisible() and button.isEnabled()]
        lists = [
            table
            for place in scope.places
            for table in place.findChildren(ListTable)
            if table.owns_enter and table.isVisible() and table.current()
        ]
        primary = scope.primary
        is_ready = primary is not None and primary.isVisible() and primary.isEnabled()
        candidates = [scope.overlay, *alerts[:1], *lists[:1], primary if is_ready else None]
        self.owner = next((one for one in candidates if one is not None), None)
        for button in buttons:
            button.set_cap(ENTER if button is self.owner else "")
        if primary is not None:
            waiting = "" if scope.is_primary_barred else PLUS
            primary.set_cap(ENTER if self.owner in (primary, None) else waiting)
        self._let_toasts_yield(scope)

    def _let_toasts_yield(self, scope: EnterScope) -> None:
        if scope.toasts is None:
            return
        own = {
            button.key
            for place in scope.places
            if place is not scope.toasts
            for button in place.findChildren(KeyButton)
            if button.isVisible() and button.isEnabled()
        }
        scope.toasts.yield_keys(own)

    def take_enter(self) -> bool:
        """Do what the owner promises; returns whether anybody owns Enter."""
        self.review()
        owner = self.owner
        if isinstance(owner, KeyButton):
            owner.click()
            return True
        take = getattr(owner, "take_enter", None)
        return bool(take()) if take is not None else False
