"""What an eye sees on the page of a station under test: words, the primary, whose Enter it is."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel

from station_app.shell import theme
from station_app.shell.widgets.keys import KeyButton
from tests.house import ROOT
from tests.overview.stations import TestStation

PICTURES = ROOT / "build" / "pictures"
PACKED_QUICKLY = 85  # exact as any PNG; packed as tightly as can be it takes half as long again


def words(station: TestStation) -> str:
    """Return all that can be read on the page."""
    labels = [label.text() for label in station.page.findChildren(QLabel) if label.isVisible()]
    buttons = [b.text() for b in station.page.findChildren(KeyButton) if b.isVisible()]
    return " ".join([*labels, *buttons])


def primary(station: TestStation) -> tuple[str, bool, str]:
    """Return the words of the primary, whether it can be pressed, why not."""
    assert station.window is not None
    button = station.window.action_bar.primary_button
    return button.text(), button.isVisible() and button.isEnabled(), button.reason


def caps(station: TestStation) -> list[str]:
    """Return the words of every button that says that Enter is its key."""
    assert station.window is not None
    return [
        button.text()
        for button in station.window.findChildren(KeyButton)
        if button.isVisible() and button.cap == "Enter"
    ]


def check_fit(station: TestStation) -> None:
    """Raise AssertionError if the page needs more room than it has."""
    page = station.page
    view = page.parentWidget()
    least = page.minimumSizeHint()
    assert least.height() <= view.height(), f"{least.height()} > {view.height()}"
    assert least.width() <= view.width(), f"{least.width()} > {view.width()}"


def hidden_headings(station: TestStation) -> list[str]:
    """Return the headings over which a toast lies."""
    assert station.window is not None
    content, toasts = station.window.content, station.window.toasts
    return [
        label.text()
        for label in content.findChildren(QLabel)
        if label.isVisible() and label.font().bold() and label.font().pixelSize() >= theme.STRONG
        and not toasts.isAncestorOf(label)
        and toasts.geometry().intersects(QRect(label.mapTo(content, QPoint(0, 0)), label.size()))
    ]  # fmt: skip


def shoot(station: TestStation, name: str) -> None:
    """Keep a picture of the window in build/pictures."""
    assert station.window is not None
    PICTURES.mkdir(parents=True, exist_ok=True)
    station.hand.settle()
    file = str(PICTURES / f"{name}.png")
    assert station.window.grab().save(file, None, PACKED_QUICKLY)
