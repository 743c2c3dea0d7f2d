"""A window on a real display, driven by real keys from outside (see test_real_keyboard.py).

It writes a line of JSON whenever something of it changes: the test waits for what it expects.
"""

import json
import sys

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

from station_app.shell import theme
from station_app.shell.full_screen import fill_screen
from tests.shell.shop import offer_of, open_shop
from tests.shell.till import TillPage


def focus_of(page: TillPage) -> str:
    """Name what has the focus."""
    if page.money.line.hasFocus():
        return "money"
    if page.name.line.hasFocus():
        return "name"
    return "page" if page.hasFocus() else ""


def main() -> int:
    """Show the window until standard input ends."""
    app = QApplication(sys.argv)
    theme.dress(app)
    window = open_shop().window(offer_of(TillPage))
    fill_screen(window)
    window.start()
    page = window.deck.current
    assert isinstance(page, TillPage)
    page.setFocus()
    said: dict[str, object] = {}
    refused: list[str] = []
    window.scan_filter.scanned.connect(
        lambda burst: refused.append(burst.fault) if burst.fault else None
    )

    def tell() -> None:
        state = {
            "window": int(window.windowHandle().winId()),
            "is_active": window.isActiveWindow(),
            "is_quiet": window.is_quiet,
            "size": [window.width(), window.height()],
            "scans": page.scans,
            "paid": page.paid,
            "pay": page.pay.value(),
            "name": page.name.text(),
            "money": page.money.line.text(),
            "key": window.deck.current.key if window.deck.current else "",
            "focus": focus_of(page),
            "refused": len(refused),
            "toasts": [toast.notice.words for toast in window.toasts.toasts],
        }
        if state != said.get("last"):
            said["last"] = json.loads(json.dumps(state))
            sys.stdout.write(json.dumps(state) + "\n")
            sys.stdout.flush()

    clock = QTimer(interval=10)
    clock.timeout.connect(tell)
    clock.start()

    def obey() -> None:
        line = sys.stdin.readline().strip()
        if line == "name":
            page.name.line.setFocus()
        elif line == "page":
            page.setFocus()
        elif line == "money":
            page.money.line.setFocus()
        else:
            app.quit()

    ear = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    ear.activated.connect(obey)
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
