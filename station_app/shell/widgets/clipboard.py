"""The clipboard, as fields and boxes read it when somebody pastes."""

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication


def clipboard_text() -> str:
    """Return the text of the clipboard, "" if it holds none."""
    mime: QMimeData | None = QGuiApplication.clipboard().mimeData()
    return mime.text() if mime is not None and mime.hasText() else ""
