"""A line for a passphrase: concealed, shown for as long as one wants, typed also with the mouse.

The bars of the window are away on a bare page, so the keys on the screen stand on the page itself.
"""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from station_app.security.passphrases import CHARACTERS_MAX
from station_app.shell.pad import Pad
from station_app.shell.widgets.fields import LineField, TextField
from station_app.shell.widgets.keys import KeyButton
from station_app.values.texts import Texts


class SecretField(TextField):
    """A concealed line. What stands in it is never trimmed: a blank may belong to it."""

    def __init__(self, texts: Texts, label: str = "") -> None:
        """Make an empty, concealed line; no input method, nothing remembered."""
        super().__init__(texts, label, limit=CHARACTERS_MAX)
        self.line.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.reveal(shown=False)

    def secret(self) -> str:
        """Return what stands in it, to the sign."""
        return self.line.text()

    def reveal(self, *, shown: bool) -> None:
        """Show the signs, or dots."""
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.line.setEchoMode(mode)
        self.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)

    @property
    def is_revealed(self) -> bool:
        """Tell whether the signs are shown."""
        return self.line.echoMode() == QLineEdit.EchoMode.Normal


class PagePad(Pad):
    """The keys on the screen, on a page of its own; they type into the line of that page."""

    def __init__(self, texts: Texts, page: QWidget) -> None:
        """Make it, hidden."""
        super().__init__(texts)
        self._page = page
        self._last: LineField | None = None
        for key in self.findChildren(KeyButton):
            if len(key.text()) == 1:  # a passphrase tells small letters from capitals
                key.set_label(key.text().lower())
        self.typed.connect(self._type)
        self.pressed.connect(self._press)
        self.closed.connect(self.hide)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._focus_moved)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Remember the line: a press of the mouse on this pad gives the focus to the page."""
        if isinstance(new, LineField) and self._page.isAncestorOf(new):
            self._last = new

    def _line(self) -> LineField | None:
        if self._last is None or not _takes_typing(self._last):
            lines = [one for one in self._page.findChildren(LineField) if _takes_typing(one)]
            self._last = lines[0] if lines else None
        return self._last

    def _type(self, sign: str) -> None:
        line = self._line()
        if line is not None and line.isEnabled():
            line.setFocus()
            line.insert(sign)
            line.textEdited.emit(line.text())

    def _press(self, name: str) -> None:
        line = self._line()
        if name == "Tab":
            lines = [one for one in self._page.findChildren(LineField) if _takes_typing(one)]
            if lines:
                place = lines.index(line) + 1 if line in lines else 0
                lines[place % len(lines)].setFocus()
        elif line is not None:
            none = Qt.KeyboardModifier.NoModifier
            event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Backspace, none)
            QApplication.sendEvent(line, event)


def _takes_typing(line: LineField) -> bool:
    return line.isVisible() and line.isEnabled()
