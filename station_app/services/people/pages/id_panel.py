"""The whole ID number: for a reason that is asked first and kept; it is gone with the next key."""

from PySide6.QtCore import Signal

from station_app.services.people.commands import ShowId
from station_app.services.people.records import person_state
from station_app.services.people.rules import ID_REASONS
from station_app.shell import theme
from station_app.shell.counter import Notice
from station_app.shell.desk import Done
from station_app.shell.page import Page
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint, strong


class IdPanel(Panel):
    """Asks why, then shows the number. Signal changed: begun, shown or ended."""

    changed = Signal()

    def __init__(self, page: Page) -> None:
        """Make the question, hidden. page: the one that asks."""
        super().__init__("active", margins=(20, 12, 20, 12), spacing=8)
        self._page = page
        self._person = ""
        say = page.say
        self._title = strong(say("people.id.title"))
        self._small = hint(say("people.id.small"), wrap=True)
        choices = [Choice(reason, say(f"people.id_reason.{reason}")) for reason in ID_REASONS]
        self.reasons = ChoiceRow(choices, height=theme.FORM_HEIGHT)
        self.reasons.chosen.connect(self._chosen)
        self.number = Words("", theme.HEADING_LARGE, bold=True)
        for widget in (self._title, self._small, self.reasons, self.number):
            self.body.addWidget(widget)
        page.counter.privacy.listen(self.end)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Tell whether the question or the number stands there."""
        return bool(self._person)

    @property
    def is_asking(self) -> bool:
        """Tell whether a reason is wanted: then digits choose."""
        return self.is_open and self.number.isHidden()

    def ask(self, person: str) -> None:
        """Ask why somebody's number is wanted."""
        self._person = person
        self.reasons.set_value("")
        self.reasons.show()
        self._small.show()
        self.number.hide()
        self.show()
        self.changed.emit()

    def end(self) -> None:
        """Show nothing any more."""
        self._person = ""
        self.number.setText("")
        self.hide()

    def _chosen(self, reason: str) -> None:
        person = self._person

        def done(_outcome: Done) -> None:
            if self._person != person:
                return  # somebody else is looked at by now
            self._page.counter.sounds.play("ok")
            self._page.counter.front.toast(Notice(self._page.say("people.id.noted"), "notice"))
            self._show_number()
            self.changed.emit()

        self._page.perform(ShowId(person=person, reason=reason), done=done)

    def _show_number(self) -> None:
        person = self._person
        state = self._page.counter.desk.read(lambda c: person_state(c, person))
        if state is None or self._page.counter.privacy.is_masked:
            self.end()
            return
        number = state.id_number
        self.reasons.hide()
        self._small.hide()
        self.number.setText(f"{number[:6]} {number[6:14]} {number[14:]}")
        self.number.show()
