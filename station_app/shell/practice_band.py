"""The band over every page of the practice: which lesson, what to do now, and the helping hands.

It stands there for as long as anything on the screen is not real.
"""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout

from station_app.shell import theme
from station_app.shell.page import Action
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.words import IconLabel, Words
from station_app.values.texts import Texts

BAND_HEIGHT = 48


class PracticeBand(QFrame):
    """Says that nothing here is real, and what is to be tried."""

    def __init__(self, texts: Texts) -> None:
        """Make the band; without a lesson it says what practice is."""
        super().__init__()
        self.setObjectName("practice_band")
        self.setFixedHeight(BAND_HEIGHT)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(16, 0, 8, 0)
        self._row.setSpacing(10)
        self._row.addWidget(IconLabel("lesson", "white"))
        self._row.addWidget(Words(texts.say("shell.practice.band"), bold=True, ink="white"))
        self.title = Words("", theme.BODY, ink="white")
        small = texts.say("shell.practice.band_small")
        self.words = Words(small, theme.HINT, ink="white", wrap=True)  # two lines of it fit
        self._row.addWidget(self.title)
        self._row.addWidget(self.words, 1)
        self.buttons: list[KeyButton] = []

    def show_step(self, title: str, words: str) -> None:
        """Show a lesson and what is to be done now."""
        self.title.setText(title)
        self.words.setText(words)
        self.words.setToolTip(words)
        self.setAccessibleName(f"{title} {words}")

    def offer(self, actions: Sequence[Action]) -> None:
        """Show what can be done besides the page: other buttons, or none."""
        shown = [(b.text(), b.key) for b in self.buttons]
        if shown == [(a.label, a.key) for a in actions]:
            return  # a button that is being pressed stays
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        for action in actions:
            button = KeyButton(action.label, action.key, height=theme.INLINE_HEIGHT)
            button.clicked.connect(lambda _=False, run=action.run: run())
            self.buttons.append(button)
            self._row.addWidget(button)
