"""What a hand does at the drawer's pages, and what an eye sees there."""

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel

from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.words import Words
from station_app.values.paying import FACES

SIZES = [(1366, 768), (1366, 690)]


def type_count(hand, fen: int) -> None:
    """Count a drawer by keys: the pieces of each face, Enter between them."""
    for face in FACES:
        pieces, fen = divmod(fen, face)
        if pieces:
            hand.type(str(pieces))
        if face != FACES[-1]:
            hand.press("Enter")


def visible_words(window) -> list[str]:
    labels = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    return labels + [b.text() for b in window.findChildren(KeyButton) if b.isVisible()]


def button(window, label: str) -> KeyButton:
    found = [b for b in window.findChildren(KeyButton) if b.isVisible() and b.text() == label]
    assert len(found) == 1, [b.text() for b in window.findChildren(KeyButton) if b.isVisible()]
    return found[0]


def cut_words(window) -> list[str]:
    """Return visible words that do not fit their place."""
    cut: list[str] = []
    for label in window.deck.current.findChildren(Words):
        if not label.isVisible() or label.is_elided or label.wordWrap() or not label.text():
            continue
        needed = QFontMetrics(label.font()).horizontalAdvance(label.text())
        if needed > label.width() + 1 or label.height() < label.minimumSizeHint().height():
            cut.append(label.text())
    keys = [key for key in window.deck.current.findChildren(KeyButton) if key.isVisible()]
    cut += [key.text() for key in keys if key.width() < key.minimumSizeHint().width()]
    return cut


def check_place(window) -> None:
    page = window.deck.current
    frame = page.parentWidget()
    assert page.height() <= frame.height()  # nothing to scroll
    assert page.width() <= frame.width()
    assert cut_words(window) == []
    caps = [b for b in window.findChildren(KeyButton) if b.isVisible() and b.cap == "Enter"]
    assert len(caps) <= 1
