"""What keys do to the window: the answers that the key table wants (`KeyPlaces`).

Where a key is looked for: an open sheet or list first and alone; then the page, its actions, the
tabs, toasts, the rail. On a bare page (lock, first run) nothing but that page counts.
"""

from collections.abc import Callable, Iterator

from PySide6.QtWidgets import QWidget

from station_app.shell.deck import Deck
from station_app.shell.enter_rule import EnterRule, EnterScope
from station_app.shell.frame import Frame
from station_app.shell.rail import RailButton
from station_app.shell.search import Search
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.tables import ListTable


class WindowKeys:
    """Finds what a key belongs to."""

    def __init__(self, frame: Frame, deck: Deck, search: Search) -> None:
        """Answer for one window."""
        self._frame = frame
        self._deck = deck
        self._search = search
        self.enter_rule = EnterRule(self._scope, frame)
        self.box_enter: Callable[[], None] = _nothing

    # --- Where to look ---------------------------------------------------------------------------

    def _places(self) -> list[QWidget]:
        page = self._deck.current
        if self._deck.is_bare:
            return [page] if page is not None else []
        parts: list[QWidget] = [self._frame.toasts]
        if page is not None:
            parts.append(page)
        content = self._frame.content
        return [*parts, self._frame.action_bar, content.tabs, content.band]

    def _scope(self) -> EnterScope:
        frame = self._frame
        primary = None if self._deck.is_bare else frame.action_bar.primary_button
        overlay: QWidget | None = None
        if frame.sheet.is_open:
            overlay = frame.sheet
        elif self._search.is_open or self._is_box_filled():
            overlay = frame.search_list
        is_barred = frame.sheet.is_open or self._search.is_open
        return EnterScope(self._places(), primary, overlay, is_barred, frame.toasts)

    def _is_box_filled(self) -> bool:
        """Tell whether something was typed into the scan box: Enter then sends it."""
        box = self._frame.top_bar.scan_box
        return box.line.hasFocus() and bool(box.text()) and not self._deck.is_bare

    def _buttons(self) -> Iterator[KeyButton | RailButton]:
        toasts = self._frame.toasts
        for place in sorted(self._places(), key=lambda place: place is toasts):
            yield from place.findChildren(KeyButton)
        if not self._deck.is_bare:
            yield from self._frame.rail.buttons.values()

    def doubled_caps(self) -> list[str]:
        """Return the keys that two buttons promise at once, with their words: must be none.

        A tile has no words of its own; its cap tells under which key the page is found.
        """
        if self._frame.sheet.is_open or self._search.is_open:
            return []  # what lies open takes all keys
        places = [place for place in self._places() if place.isVisible()]
        buttons = [button for place in places for button in place.findChildren(KeyButton)]
        labels: dict[str, list[str]] = {}
        for button in buttons:
            if button.cap and button.text() and button.isVisible():
                labels.setdefault(button.cap, []).append(button.text())
        return [f"{cap}: {' / '.join(texts)}" for cap, texts in labels.items() if len(texts) > 1]

    # --- What the table asks ---------------------------------------------------------------------

    def press_button(self, key: str) -> bool:
        """Press the visible, enabled button that shows this key."""
        if self._frame.sheet.is_open:
            return self._frame.sheet.press(key) or len(key) == 1
        for button in self._buttons():
            if button.isEnabled() and button.answers(key):
                button.click()
                return True
        return False

    def take_enter(self) -> bool:
        """Do what the one visible Enter cap promises."""
        if self._frame.sheet.is_open:
            return True  # a sheet is answered by digits, never by an Enter that came along
        if self._search.is_open or self._is_box_filled():
            self.box_enter()
            return True
        return self.enter_rule.take_enter()

    def do_primary(self) -> bool:
        """Do the primary action, if it may be done."""
        button = self._frame.action_bar.primary_button
        if self._deck.is_bare or self._frame.sheet.is_open or self._search.is_open:
            return False
        if button.isVisible() and button.isEnabled():
            button.click()
        return True

    def take_digit(self, digit: int) -> bool:
        """Give a digit to the page."""
        page = self._deck.current
        return page is not None and page.on_digit(digit)

    def take_escape(self) -> bool:
        """Close what is open, else let the page go one step back, else go home."""
        if self._frame.sheet.is_open:
            return self._frame.sheet.press("Esc")
        if self._search.is_open or self._is_box_filled():
            self._search.close()
            self._frame.top_bar.scan_box.show_text("")
            return True
        page = self._deck.current
        if page is None or page.on_escape() or self.press_button("Esc"):
            return True
        if not self._deck.is_bare:
            self._frame.rail.wanted.emit("Home")
        return True

    def take_arrow(self, step: int) -> bool:
        """Move in the list that is worked in."""
        if self._search.is_open:
            self._search.list.step(step)
            return True
        page = self._deck.current
        tables = page.findChildren(ListTable) if page is not None else []
        for table in tables:
            if table.isVisible() and table.rows_model.rows and table.is_arrow_driven:
                table.step(step)
                return True
        return False

    def press_alt(self, letter: str) -> bool:
        """Open the entry of the rail with this letter."""
        if self._deck.is_bare or self._frame.sheet.is_open:
            return False
        return self._frame.rail.press_alt(letter)

    def seek(self, letter: str) -> bool:
        """Begin a search where nobody types: letters mean a name, wherever the cursor is not."""
        if self._deck.is_bare or self._frame.sheet.is_open:
            return False
        self._frame.top_bar.scan_box.begin(letter)
        return True


def _nothing() -> None:
    """Send the box nowhere: the window says what Enter in it does."""
