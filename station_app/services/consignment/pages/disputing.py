"""What a grower does not agree with, in the place of the sums: about what, and her words."""

from collections.abc import Callable

from station_app.services.consignment.commands import DisputeLot
from station_app.services.consignment.disputing import REASONS, WORDS_MAX
from station_app.shell import theme
from station_app.shell.page import Action
from station_app.shell.widgets.choices import Choice, ChoiceRow
from station_app.shell.widgets.fields import TextField
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import Words, hint
from station_app.values.texts import Texts


class DisputePanel(Panel):
    """Asks for one of four reasons by a digit; what she says may be typed and need not be."""

    def __init__(self, texts: Texts, touched: Callable[[], None]) -> None:
        """Make it empty. touched: the keys of the page may be others now."""
        super().__init__("active", margins=(20, 10, 20, 10), spacing=8)
        say = self._say = texts.say
        self._lot = ""
        self.name = Words("", theme.TITLE, bold=True).elided()
        self.reasons = ChoiceRow(
            [Choice(one, say(f"consignment.dispute.{one}")) for one in REASONS], columns=2
        )
        self.words = TextField(
            texts, say("consignment.dispute.words"), limit=WORDS_MAX, chinese=True
        )
        self.reasons.chosen.connect(lambda _value: touched())
        for widget in (
            self.name, hint(say("consignment.dispute.what"), wrap=True), self.reasons, self.words,
            hint(say("consignment.dispute.means"), wrap=True),
        ):  # fmt: skip
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def open(self, lot: str, name: str) -> None:
        """Ask about a lot."""
        self._lot = lot
        self.name.setText(name)
        self.reasons.set_value("")
        self.words.set_text("")

    def command(self, person: str) -> DisputeLot | None:
        """Return what would be written down; None until it is said about what."""
        reason = self.reasons.value()
        if not reason or not person:
            return None
        return DisputeLot(lot=self._lot, person=person, reason=reason, words=self.words.text())

    def action(self, write: Callable[[], None]) -> Action:
        """Return the key that writes it down."""
        is_said = bool(self.reasons.value())
        why = "" if is_said else self._say("consignment.missing.dispute")
        label = self._say("consignment.dispute.write")
        return Action(label, "Enter", write, "primary", is_enabled=is_said, reason=why)
