"""The one Qt application, in the program's dress."""

import os
import sys

from PySide6.QtWidgets import QApplication

from station_app.shell import theme


def make_application() -> QApplication:
    """Return the one Qt application, dressed in the program's style."""
    if not os.environ.get("DISPLAY") and sys.platform.startswith("linux"):
        if not os.environ.get("WAYLAND_DISPLAY"):
            os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication(sys.argv[:1])
        theme.dress(application)
    return application
