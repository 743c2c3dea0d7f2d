"""缴款对账: everything between the station's money and others': four views of one page.

1 缴给县里, 2 县里来钱, 3 快递结款, 4 月对账单. A digit or a click changes the view, arrows move in
its list, F10 shows the facts behind the current figure.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QVBoxLayout

from station_app.journal.projection import StateChange
from station_app.services.clearing import records, telling
from station_app.services.clearing.pages.courier_view import CourierView
from station_app.services.clearing.pages.money_view import MoneyView
from station_app.services.clearing.pages.remit_view import RemitView
from station_app.services.clearing.pages.statement_view import StatementView
from station_app.services.clearing.pages.view import Outfit, View
from station_app.services.clearing.papers import PaperMaker
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.drafts import Draft
from station_app.shell.offers import Scan
from station_app.shell.page import Action, Page
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.panels import Places

KINDS = {
    "remittance",
    "county_money",
    "courier_payment",
    "statement",
    "difference",
    "payment",
    "order",
    "bill",
    "lot",
    "parcel",
    "courier",
    "shift",
}
VIEW_OF = {"remittance": "remit", "money": "down", "payment": "couriers", "statement": "statements"}


class ClearingPage(Page):
    """Remittances, the county's money, couriers, statements."""

    def __init__(self, counter: Counter, key: str, papers: PaperMaker, outfit: Outfit) -> None:
        """Make the page."""
        super().__init__(counter, key)
        views: tuple[View, ...] = (
            RemitView(self, outfit, papers),
            MoneyView(self, outfit),
            CourierView(self, outfit),
            StatementView(self, outfit),
        )
        self.views = {view.NAME: view for view in views}
        self.choice = ChoiceRow(height=theme.FORM_HEIGHT)
        self.choice.chosen.connect(self.show_view)
        self._stack = Places()
        for view in views:
            self._stack.addWidget(view)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self.choice)
        self._column.addWidget(self._stack, 1)
        self._show_choices()
        self.choice.set_value("remit")
        self.view.load()
        counter.privacy.listen(self._show_names)

    @property
    def view(self) -> View:
        """Return the view in front."""
        found = self._stack.currentWidget()
        assert isinstance(found, View)
        return found

    # --- What it says about itself ---------------------------------------------------------------

    @property
    def title(self) -> str:
        """Return its name."""
        return self.say("clearing.rail.tab")

    def action_bar(self) -> Sequence[Action]:
        """Return what the view in front can do."""
        return self.view.possible()

    # --- What outlives a power cut ---------------------------------------------------------------

    def draft(self) -> Draft | None:
        """Return the view in front and what is half typed in each."""
        kept = {name: view.kept() for name, view in self.views.items()}
        typed = {name: one for name, one in kept.items() if one is not None}
        return {"view": self.view.NAME, "views": typed} if typed else None

    def resume(self, draft: Draft) -> str:
        """Put back what was half typed; what has been settled meanwhile is given up."""
        typed = draft["views"]
        gone = [name for name, kept in typed.items() if not self.views[name].take_kept(kept)]
        front = draft["view"] if draft["view"] not in gone else gone[0]
        self.show_view(front)
        self.keep_draft()
        return self.say("clearing.page.resumed_gone" if gone else "clearing.page.resumed")

    # --- What the window tells it ----------------------------------------------------------------

    def activated(self) -> None:
        """Look at everything as it is now."""
        self._load()

    def refresh(self, changes: Sequence[StateChange]) -> None:
        """Look again after an act, here or elsewhere."""
        kinds = {change.kind.name for change in changes}
        if not changes or kinds & KINDS:
            self._load()

    def open_with(self, subject: Mapping[str, str]) -> None:
        """Open one remittance, money, payment or statement, or a view ("view": "couriers")."""
        for name, view in VIEW_OF.items():
            identity = subject.get(name, "")
            if identity:
                self.show_view(view)
                self.view.choose(identity)
                return
        if subject.get("view") in self.views:
            self.show_view(subject["view"])

    def on_scan(self, scan: Scan) -> bool:
        """Open what a slip of ours is about."""
        meaning = scan.meaning
        if meaning is None or meaning.page != self.key:
            return False
        self.open_with({meaning.kind.partition(".")[2]: meaning.entity})
        return True

    def on_digit(self, digit: int) -> bool:
        """Let the statement's charges have the digits behind the views."""
        view = self.view
        return isinstance(view, StatementView) and view.take_digit(digit)

    def on_escape(self) -> bool:
        """Put the facts away, leave a question, or empty what was typed."""
        view = self.view
        if view.shows_facts:
            view.switch_facts()
            return True
        if isinstance(view, RemitView) and view.photo.is_picking:
            view.photo.leave()
            return True
        if isinstance(view, MoneyView) and view.is_asking:
            view.leave()
            return True
        if view.empty_form():
            self.keep_draft()
            return True
        return False

    def on_compact(self, is_compact: bool) -> None:
        """Stand closer in a low window."""
        self._column.setSpacing(theme.COMPACT.gap if is_compact else 12)
        for view in self.views.values():
            view.set_compact(compact=is_compact)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick the current row with the space bar."""
        view = self.view
        if event.key() == Qt.Key.Key_Space and isinstance(view, RemitView):
            view.switch(view.table.current())
            return
        super().keyPressEvent(event)

    # --- Showing ---------------------------------------------------------------------------------

    def show_view(self, name: str) -> None:
        """Bring a view to the front."""
        self.choice.set_value(name)
        self._stack.setCurrentWidget(self.views[name])
        self.view.load()
        self.touch_actions()

    def _load(self) -> None:
        self._show_choices()
        self.view.load()

    def _show_names(self) -> None:
        self.view.show_current()

    def _show_choices(self) -> None:
        asides = self.counter.desk.read(self._asides)
        chosen = self.choice.value()
        self.choice.show_choices(
            [Choice(name, self._label(name, asides[name])) for name in self.views]
        )
        self.choice.set_value(chosen)

    def _label(self, name: str, aside: str) -> str:
        words = self.say(f"clearing.page.view.{name}")
        return f"{words} {aside}" if aside else words

    def _asides(self, connection: Any) -> dict[str, str]:
        return telling.asides(connection, self.counter.texts, records.county(connection))
