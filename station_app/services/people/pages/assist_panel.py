"""Whether the county assists a villager, and her support contracts: for the manager, on her key.

It is opened by a key, gone with Esc, with another villager and when names are blanked; it stands
on no list and on no paper. An operator who is no manager has no such key.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from station_app.services.people.assist import STATUSES
from station_app.services.people.assist_records import assist_of
from station_app.services.people.commands import RecordAssist
from station_app.services.people.outfit import Outfit
from station_app.services.people.records import names_of
from station_app.shell import theme
from station_app.shell.desk import Done
from station_app.shell.page import Page
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint, strong
from station_app.values.day import say_day


class AssistPanel(Panel):
    """Shows it and lets it be written down. Signal changed: opened or ended."""

    changed = Signal()

    def __init__(self, page: Page, outfit: Outfit) -> None:
        """Make it empty, hidden. page: the one that opens it."""
        super().__init__("active", margins=(20, 12, 20, 12), spacing=8)
        self._page = page
        self._outfit = outfit
        self._person = ""
        say = page.say
        choices = [Choice(status, say(f"people.assist.{status}")) for status in STATUSES]
        self.statuses = ChoiceRow(choices, height=theme.FORM_HEIGHT)
        self.statuses.chosen.connect(self._chosen)
        self.said = hint("")
        self.contracts = Words("", theme.BODY, wrap=True)
        head = QHBoxLayout()
        head.addWidget(strong(say("people.assist.title")), 1)
        head.addWidget(self.said)
        self.body.addLayout(head)
        for widget in (
            hint(say("people.assist.small"), wrap=True),
            self.statuses,
            strong(say("people.assist.contracts")),
            self.contracts,
        ):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        page.counter.privacy.listen(self.end)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Tell whether it stands there."""
        return bool(self._person)

    def open(self, person: str) -> None:
        """Show somebody's, unless names are blanked."""
        if self._page.counter.privacy.is_masked:
            return
        self._person = person
        self._show()
        self.show()
        self.changed.emit()

    def end(self) -> None:
        """Show nothing any more."""
        self._person = ""
        self.statuses.set_value("")
        self.said.setText("")
        self.contracts.setText("")
        self.hide()

    def _show(self) -> None:
        desk, say = self._page.counter.desk, self._page.say
        names = desk.read(lambda c: names_of(c, self._person))
        assist = desk.read(lambda c: assist_of(c, names))
        lines = desk.read(lambda c: self._outfit.contracts(c, names, self._outfit.texts))
        self.statuses.set_value(assist.status)
        day = say_day(assist.day, desk.now().day) if assist.day else ""
        words = say("people.assist.since", day=day) if assist.status else say("people.assist.never")
        self.said.setText(words)
        self.contracts.setText("\n".join(lines) or say("people.assist.no_contracts"))

    def _chosen(self, status: str) -> None:
        person = self._person

        def done(outcome: Done) -> None:
            if self._person == person:
                self._show()
            self._page.tell_done(self._page.say("people.assist.noted"), outcome)

        self._page.perform(RecordAssist(person=person, status=status), done=done)
