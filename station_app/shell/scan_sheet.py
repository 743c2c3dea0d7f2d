"""The sheet for a scan that is not clear: nobody knows it, or it may be several things.

It lies over the page like the result list. Digits choose, Esc forgets; nothing was posted.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget
from shiboken6 import isValid

from station_app.shell import theme
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.words import IconLabel, Words

SHEET_WIDTH = 700
WAYS_TALL = 5  # more of them stand closer: a low window shows the last one, too
Way = tuple[str, Callable[[], None]]


class ScanSheet(Panel):
    """Asks one question about a scan."""

    def __init__(self, parent: QWidget) -> None:
        """Make a closed sheet."""
        super().__init__("active", margins=(24, 20, 24, 20), spacing=10)
        self.setParent(parent)
        head = QHBoxLayout()
        head.setSpacing(14)
        self._title = Words("", theme.TITLE, bold=True, wrap=True)
        self._small = Words("", theme.BODY, ink="ink2", wrap=True)
        head.addWidget(IconLabel("help", "pressed", 32))
        head.addWidget(self._title, 1)
        self.body.addLayout(head)
        self.body.addWidget(self._small)
        self._buttons: list[KeyButton] = []
        self._back: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Tell whether it is shown."""
        return self.isVisible()

    def ask(self, title: str, small: str, ways: Sequence[Way], *, back: QWidget | None) -> None:
        """Ask. ways: (words, what happens), by digit; the last one is given up by Esc.

        back: what gets the focus again afterwards.
        """
        for button in self._buttons:
            self.body.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._back = back
        self._title.setText(title)
        self._small.setText(small)
        self._buttons = []
        height = theme.INLINE_HEIGHT if len(ways) > WAYS_TALL else theme.ACTION_HEIGHT
        for number, (words, run) in enumerate(ways, start=1):
            key = "Esc" if number == len(ways) else str(number)
            button = KeyButton(words, key, height=height)
            button.clicked.connect(lambda _=False, act=run: self._choose(act))
            self.body.addWidget(button)
            self._buttons.append(button)
        self.setAccessibleName(f"{title} {small}")
        self.resize(SHEET_WIDTH, self.body.totalHeightForWidth(SHEET_WIDTH))
        self.adjustSize()
        self.resize(SHEET_WIDTH, self.height())
        self.show()
        self.raise_()
        self.setFocus()

    def press(self, key: str) -> bool:
        """Press the button with this key; returns whether there is one."""
        for button in self._buttons:
            if button.answers(key):
                button.click()
                return True
        return False

    def _choose(self, act: Callable[[], None]) -> None:
        self.close_it()
        act()

    def close_it(self) -> None:
        """Forget the question."""
        if self.isVisible():
            self.hide()
            back, self._back = self._back, None
            if back is not None and isValid(back):  # its page may have been drawn anew meanwhile
                back.setFocus()
