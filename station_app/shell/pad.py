"""A pad of keys on the screen: with it the mouse alone suffices, as long as a keyboard is broken.

It stands between content and action bar, so it covers nothing; the page above scrolls. Its buttons
never take the focus: what they type goes where the cursor is. Chinese comes from the system's own
input method; here are digits, and letters for pinyin, waybills and codes.
"""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QSizePolicy

from station_app.shell import theme
from station_app.shell.widgets.keys import KeyButton
from station_app.values.texts import Texts

ROWS: Final = ("qwertyuiop", "asdfghjkl-", "zxcvbnm.*+")
DIGITS: Final = ("789", "456", "123")
_NAMED_WIDTH = 76
_KEY_HEIGHT = theme.WORD_HEIGHT


class Pad(QFrame):
    """The pad. Signals: typed(sign); pressed(name) for Backspace, Tab; closed."""

    typed = Signal(str)
    pressed = Signal(str)
    closed = Signal()

    def __init__(self, texts: Texts) -> None:
        """Make it, hidden."""
        super().__init__()
        self.setObjectName("pad")
        grid = QGridLayout(self)
        grid.setContentsMargins(24, 8, 24, 8)
        grid.setSpacing(6)
        for line, (letters, digits) in enumerate(zip(ROWS, DIGITS, strict=True)):
            for place, sign in enumerate(letters):
                grid.addWidget(self._sign(sign), line, place)
            grid.setColumnMinimumWidth(len(letters), 18)
            for place, sign in enumerate(digits):
                grid.addWidget(self._sign(sign), line, len(letters) + 1 + place)
        after = len(ROWS[0]) + 4
        grid.addWidget(self._sign("0"), 2, after)
        grid.addWidget(self._named(texts.say("shell.pad.erase"), "Backspace"), 0, after)
        grid.addWidget(self._named(texts.say("shell.pad.next"), "Tab"), 1, after)
        for place in (after, after + 1):
            grid.setColumnMinimumWidth(place, _NAMED_WIDTH)
        close = self._button(texts.say("shell.pad.close"))
        close.clicked.connect(self.closed)
        grid.addWidget(close, 0, after + 1, 3, 1)
        self.setAccessibleName(texts.say("shell.pad.tool"))
        self.hide()

    def _sign(self, sign: str) -> KeyButton:
        button = self._button(sign.upper())
        button.clicked.connect(lambda _=False: self.typed.emit(sign))
        return button

    def _named(self, words: str, name: str) -> KeyButton:
        button = self._button(words)
        button.clicked.connect(lambda _=False: self.pressed.emit(name))
        return button

    def _button(self, words: str) -> KeyButton:
        button = KeyButton(words, "", height=_KEY_HEIGHT)
        button.set_size(theme.STRONG if len(words) == 1 else theme.BODY)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        return button
