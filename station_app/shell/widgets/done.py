"""What was just done, where money changed hands: it stays on the screen until somebody goes on."""

from PySide6.QtCore import Qt

from station_app.shell import theme
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import IconLabel, Words


class DonePanel(Panel):
    """What was just done, with an amount in large type. It stays until somebody goes on."""

    def __init__(self) -> None:
        """Make an empty panel."""
        super().__init__(margins=(40, 24, 40, 24), spacing=10)
        self._icon = IconLabel("ok", "pressed", 64)
        self._title = Words("", theme.HEADING_LARGE, bold=True).centred()
        self._words = Words("", theme.TITLE, ink="ink2").centred()
        self._change = Words("", theme.CHANGE, bold=True).centred()
        self._small = Words("", theme.STRONG, ink="ink2", wrap=True).centred()
        self.body.addStretch(1)
        self.body.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for widget in (self._title, self._words, self._change, self._small):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def show_done(self, title: str, words: str, amount: str, small: str) -> None:
        """Show what happened; words and amount say what to give, "" for nothing."""
        self._title.setText(title)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._change.setText(amount)
        self._change.setVisible(bool(amount))
        self._small.setText(small)
        self.setAccessibleName(" ".join(part for part in (title, words, amount, small) if part))
