"""Fills the screen with a window, on desktops that do it and on those that do not.

A window manager is asked for the state "full screen". A counter without one, as in a kiosk session,
answers nothing, and the window would stay at the size that its contents ask for. So it first gets
the screen's own place and size.
"""

from PySide6.QtWidgets import QWidget


def fill_screen(window: QWidget) -> None:
    """Show a window over the whole screen that it is on."""
    window.setGeometry(window.screen().geometry())
    window.showFullScreen()
