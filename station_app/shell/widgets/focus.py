"""Where typing goes: the one question that keys, caps and the scanner all ask."""

from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget


def application() -> QApplication:
    """Return the one application, which exists before any widget does."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def takes_text(widget: QWidget | None) -> bool:
    """Tell whether typing goes into this widget. Own widgets say so with `takes_text`."""
    if widget is None or not widget.isEnabled():
        return False
    if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit):
        return not widget.isReadOnly()
    return bool(getattr(widget, "takes_text", False))
