"""The key table: which key does what, in one list that acts and that the help page shows.

Keys reach this table only through the scan filter, so what a scanner types never does. No key is
a Qt shortcut: those fire before any filter, and a scanned waybill would choose and pay.

Whatever key a visible button shows on its cap presses that button; the table adds only what has
no button.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

ENTER, PLUS, ESCAPE = "Enter", "+", "Esc"
MASK_KEY, FULLSCREEN_KEY, HELP_KEY = "Ctrl+B", "Alt+Enter", "F1"
HELP_LETTER = "Alt+H"  # on a keyboard without F-keys; none of the rail's letters
FACTS_KEY = "Ctrl+0"  # beside the tabs, which have 1 to 9

# Keys that edit text: while a text field has the focus, they are its own.
_EDITING: Final = frozenset(
    {"Backspace", "Del", "Left", "Right", "Home", "End", "Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X"}
    | {"Shift+Left", "Shift+Right", "Shift+Home", "Shift+End", "Ctrl+Left", "Ctrl+Right"}
)
_REPEATING: Final = frozenset(
    {"Up", "Down", "Left", "Right", "PgUp", "PgDn", "Tab", "Shift+Tab", "Backspace", "Space"}
)
_NAMES: Final = {
    Qt.Key.Key_Return: ENTER,
    Qt.Key.Key_Enter: ENTER,
    Qt.Key.Key_Escape: ESCAPE,
    Qt.Key.Key_Delete: "Del",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Tab: "Tab",
    Qt.Key.Key_Backtab: "Shift+Tab",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_PageUp: "PgUp",
    Qt.Key.Key_PageDown: "PgDn",
    Qt.Key.Key_Insert: "Ins",
    Qt.Key.Key_Space: "Space",
}
_F_KEYS: Final = {getattr(Qt.Key, f"Key_F{number}"): f"F{number}" for number in range(1, 13)}


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One line of the help page. keys: as printed; words: text key; group: text key."""

    keys: str
    words: str
    group: str


def _lines(group: str, *pairs: tuple[str, str]) -> Iterator[KeyLine]:
    for keys, words in pairs:
        yield KeyLine(keys, f"shell.key.{words}", f"shell.help.{group}")


KEY_LINES: Final[tuple[KeyLine, ...]] = (
    *_lines(
        "work",
        ("Enter", "primary"),
        ("+", "plus"),
        ("1 – 9", "digit"),
        ("A – Z", "letter"),
        ("Esc", "back"),
        ("Ctrl+Z", "undo"),
        ("↑ ↓", "arrows"),
        ("Tab", "next_field"),
        ("*", "quantity"),
        ("Del", "drop_line"),
        ("F10  F11", "f10"),
    ),
    *_lines(
        "more",
        ("Ctrl+1 – 9", "tabs"),
        ("Ctrl+N", "manual"),
        ("Ctrl+P", "reprint"),
        ("Ctrl+R", "give_back"),
        ("Ctrl+S", "park"),
        ("Ctrl+U", "usb"),
        (FACTS_KEY, "facts"),
    ),
    *_lines(
        "window",
        (f"{HELP_KEY}  {HELP_LETTER}", "f1"),
        (MASK_KEY, "mask"),
        (FULLSCREEN_KEY, "fullscreen"),
        ("F12", "lock"),
    ),
)


def key_name(event: QKeyEvent) -> str:
    """Return what a key is called on a cap: "Enter", "F2", "Ctrl+Z", "Alt+1", "+", "a"."""
    key, modifiers = event.key(), event.modifiers()
    has_ctrl = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
    has_alt = bool(modifiers & Qt.KeyboardModifier.AltModifier)
    has_shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
    name = _NAMES.get(Qt.Key(key)) or _F_KEYS.get(Qt.Key(key), "") if key else ""
    if not name:
        if has_ctrl or has_alt:
            name = chr(key).upper() if 0x20 < key < 0x7F else ""
        else:
            return event.text() if event.text().isprintable() else ""
    if not name or name == "Shift+Tab":
        return name
    lead = ("Ctrl+" if has_ctrl else "") + ("Alt+" if has_alt else "")
    return lead + ("Shift+" if has_shift else "") + name


def is_typing_key(event: QKeyEvent) -> bool:
    """Tell whether a key press gives a sign that could be typed or scanned."""
    commands = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    if event.modifiers() & (commands | Qt.KeyboardModifier.MetaModifier):
        return False
    return bool(event.text()) and event.text().isprintable()


def is_keypad(event: QKeyEvent) -> bool:
    """Tell whether a key belongs to the block of digits at the right."""
    return bool(event.modifiers() & Qt.KeyboardModifier.KeypadModifier)


def _is_empty_line(focus: QWidget | None) -> bool:
    """Tell whether there is nothing in which Home could move the cursor."""
    return isinstance(focus, QLineEdit) and not focus.text()


class KeyPlaces(Protocol):
    """What the table asks of the window. Each returns whether it took the key."""

    def press_button(self, key: str) -> bool:
        """Press the visible, enabled button that shows this key."""
        ...

    def take_enter(self) -> bool:
        """Do what the one visible Enter cap promises."""
        ...

    def do_primary(self) -> bool:
        """Do the primary action of the page."""
        ...

    def take_digit(self, digit: int) -> bool:
        """Give a digit to the page."""
        ...

    def take_escape(self) -> bool:
        """Go one step back."""
        ...

    def take_arrow(self, step: int) -> bool:
        """Move in the list that is worked in: 1 down, −1 up."""
        ...

    def press_alt(self, letter: str) -> bool:
        """Open the entry of the rail with this letter."""
        ...

    def seek(self, letter: str) -> bool:
        """Begin a search with this letter: nothing else waits for one."""
        ...


class KeyTable:
    """Does what a key means."""

    def __init__(self, places: KeyPlaces, commands: dict[str, Callable[[], None]]) -> None:
        """places: the window; commands: keys that have no button, and what they do."""
        self._places = places
        self._commands = commands

    def act(self, event: QKeyEvent, focus: QWidget | None, *, has_text_focus: bool) -> bool:
        """Do what a key means; returns False if it is the focused widget's."""
        name = key_name(event)
        is_typed = has_text_focus and not (name == "Home" and _is_empty_line(focus))
        if not name or (is_typed and self._is_fields_own(event, name)):
            return False
        if event.isAutoRepeat() and name not in _REPEATING:
            return True  # a key held down is not pressed again
        if name.startswith("Alt+") and is_keypad(event):
            return True  # a scanner that types character codes must not choose
        return self._act(name, is_list=_is_list(focus))

    def _is_fields_own(self, event: QKeyEvent, name: str) -> bool:
        if name == PLUS and is_keypad(event):
            return False
        return name in _EDITING or is_typing_key(event)

    def _act(self, name: str, *, is_list: bool) -> bool:
        places = self._places
        match name:
            case "Enter":
                return places.take_enter()
            case "+":
                return places.do_primary()
            case "Esc":
                return places.take_escape()
            case "Up" | "Down":
                return not is_list and places.take_arrow(1 if name == "Down" else -1)
        if places.press_button(name):
            return True
        digit = name.removeprefix("Alt+")
        if len(digit) == 1 and digit in "123456789" and places.take_digit(int(digit)):
            return True
        command = self._commands.get(name)
        if command is not None:
            command()
            return True
        if name.startswith("Alt+") and len(name) == 5 and name[-1].isalpha():
            return places.press_alt(name[-1])
        return len(name) == 1 and name.isalpha() and places.seek(name)


def _is_list(focus: QWidget | None) -> bool:
    return hasattr(focus, "take_enter") and hasattr(focus, "step")
