"""Buttons that show the key which presses them.

The cap on a button is a promise: whatever key is painted there works now, and no other. So the key
table looks for the button that shows the key (`answers`), and presses it; there is no second list
that could disagree. A disabled button shows no cap; why it is disabled stands beside it. A bare
key (1, `*`, Del) means something else in a text field: while one has the focus, the cap shows it
with Alt, and with Alt it always works.
"""

from typing import Final, NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QSizePolicy, QWidget

from station_app.shell import theme
from station_app.shell.icons import paint_icon
from station_app.shell.widgets.focus import application, takes_text
from station_app.shell.widgets.pills import chip_width, paint_chip
from station_app.shell.widgets.words import Words

ENTER, PLUS = "Enter", "+"
ICON = 24
_SIDE, _GHOST_SIDE, _PRIMARY_SIDE, _TAB_SIDE = 15, 4, 26, 10
_ICON_GAP, _CAP_GAP, _CAP_SIDE, _CAP_HEIGHT = 8, 12, 7, 25
_TIGHT_SIDE, _TIGHT_GAP = 6, 6
PRIMARY_WIDTH_MIN = 260


class ButtonLook(NamedTuple):
    """Colours (names of the palette) of one kind of button; "" paints nothing."""

    fill: str
    fill_over: str
    edge: str
    ink: str
    cap_edge: str
    cap_fill: str = ""
    is_bold: bool = False


LOOKS: Final[dict[str, ButtonLook]] = {
    "primary": ButtonLook("accent", "pressed", "", "white", "edge", "", is_bold=True),
    "secondary": ButtonLook("surface", "sunk", "border", "ink", "border"),
    "ghost": ButtonLook("", "tint", "", "pressed", "border", is_bold=True),
    "selected": ButtonLook("tint", "tint", "accent", "pressed", "border", "surface", is_bold=True),
    "danger": ButtonLook("surface", "stop_tint", "stop", "stop", "border"),
    "toast": ButtonLook("ink2", "border", "edge", "white", "edge", "pressed", is_bold=True),
    "tab": ButtonLook("", "strip", "", "ink2", "border", "surface"),
    "current": ButtonLook("surface", "surface", "accent", "pressed", "", is_bold=True),
    "inline": ButtonLook("surface", "tint", "edge", "pressed", "edge", is_bold=True),
}


def is_bare(key: str) -> bool:
    """Tell whether a key would type or delete something in a text field."""
    return key == "Del" or (len(key) == 1 and key != PLUS and key.isprintable())


def cap_width(key: str) -> int:
    """Return how wide the cap of a key is."""
    return max(theme.width_of(key, theme.HINT) + 2 * _CAP_SIDE, _CAP_HEIGHT)


def paint_cap(painter: QPainter, area: QRectF, key: str, look: ButtonLook) -> None:
    """Paint the cap of a key."""
    painter.setPen(QPen(theme.colour(look.cap_edge), 1))
    painter.setBrush(theme.colour(look.cap_fill) if look.cap_fill else Qt.BrushStyle.NoBrush)
    radius = theme.CAP_RADIUS
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.setPen(theme.colour(look.ink if look.ink == "white" else "ink2"))
    painter.setFont(theme.font(theme.HINT))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, key)


def ask_for_review(widget: QWidget) -> None:
    """Tell the window that whose Enter it is may have changed."""
    review = getattr(widget.window(), "review_keys", None)
    if review is not None:
        review()


class KeyButton(QAbstractButton):
    """A button with its key.

    kind: primary, secondary, ghost, danger, toast or inline; `set_selected` makes a choice of it.
    Signal `state_changed`: shown, hidden, enabled or given another key (whose Enter is it now?).
    """

    state_changed = Signal()

    def __init__(
        self,
        label: str = "",
        key: str = "",
        *,
        kind: str = "secondary",
        icon: str = "",
        height: int = theme.ACTION_HEIGHT,
    ) -> None:
        """Make a button. key: "Enter", "Ctrl+Z", "F10", "1", "" for none."""
        super().__init__()
        self._key, self._cap = key, key
        self._kind = kind
        self._icon = icon
        self._height = height
        self._size = theme.STRONG if kind == "primary" else theme.BODY
        self._is_bold = False
        self._is_following_focus = False
        self._badge = ""
        self._is_stacked = False
        self._is_selected = False
        self._is_over = False
        self._reason = ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.set_label(label)
        self._follow_focus()

    # --- What it says ----------------------------------------------------------------------------

    @property
    def key(self) -> str:
        """Return the key that it would like to have."""
        return self._key

    @property
    def cap(self) -> str:
        """Return the key that is painted on it now, "" for none."""
        return self._cap if self.isEnabled() and not self._is_current_tab() else ""

    def _is_current_tab(self) -> bool:
        return self._kind == "tab" and self._is_selected

    @property
    def kind(self) -> str:
        """Return what kind of button it is."""
        return self._kind

    @property
    def reason(self) -> str:
        """Return why it is disabled, "" when it is not."""
        return self._reason

    @property
    def is_selected(self) -> bool:
        """Tell whether it is the chosen one of its row."""
        return self._is_selected

    def answers(self, key: str) -> bool:
        """Tell whether this key presses the button now: the one on its cap, or with Alt."""
        if not key or not self.cap or not self.isVisible():
            return False
        return key == self.cap or (is_bare(self._key) and key == f"Alt+{self._key}")

    def set_label(self, label: str) -> None:
        """Change the words."""
        self.setText(label)
        self._name_it()
        self.updateGeometry()
        self.update()

    def set_key(self, key: str) -> None:
        """Give it another key of its own."""
        self._key = key
        self.set_cap(key)
        self._follow_focus()

    def set_cap(self, cap: str) -> None:
        """Paint another key than its own for the time being: "+" for "Enter", "" for none."""
        if cap == self._cap:
            return
        self._cap = cap
        self._name_it()
        self.updateGeometry()
        self.update()
        self.state_changed.emit()

    def _follow_focus(self) -> None:
        """A bare key belongs to the text field that has the focus: show it with Alt then."""
        if not is_bare(self._key):
            return
        if not self._is_following_focus:
            self._is_following_focus = True
            application().focusChanged.connect(self._focus_moved)
        self._focus_moved(None, QApplication.focusWidget())

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if is_bare(self._key) and new is not None:
            self.set_cap(f"Alt+{self._key}" if takes_text(new) else self._key)

    def set_badge(self, badge: str) -> None:
        """Show a small count after the words, "" for none."""
        self._badge = badge
        self._name_it()
        self.updateGeometry()
        self.update()

    def set_stacked(self, *, stacked: bool) -> None:
        """Stand the key (or the reason) below the words instead of after them."""
        self._is_stacked = stacked
        self.updateGeometry()
        self.update()

    def set_icon(self, icon: str) -> None:
        """Show another icon, "" for none."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def set_selected(self, *, selected: bool) -> None:
        """Show it as chosen, or not."""
        self._is_selected = selected
        self.setAccessibleDescription("✓" if selected else "")
        self.updateGeometry()
        self.update()

    def set_possible(self, *, possible: bool, reason: str = "") -> None:
        """Enable it, or disable it for a reason (which the place around it shows)."""
        was, self._reason = self._reason, "" if possible else reason
        self.setAccessibleDescription(self._reason)
        if was != self._reason and self.isEnabled() == possible:
            self.state_changed.emit()  # still impossible, for another reason
        self.setEnabled(possible)

    def set_size(self, size: int, *, bold: bool = False) -> None:
        """Write the words in another type size, bold although its look is not."""
        self._size, self._is_bold = size, bold
        self.updateGeometry()
        self.update()

    def set_height(self, height: int) -> None:
        """Make it as high as this."""
        self._height = height
        self.updateGeometry()

    def _name_it(self) -> None:
        key = self.cap
        words = self.text().replace("\n", " ")
        self.setAccessibleName(" ".join(part for part in (words, self._badge, key) if part))

    # --- Geometry --------------------------------------------------------------------------------

    def _look(self) -> ButtonLook:
        if self._is_selected:
            return LOOKS["current" if self._kind == "tab" else "selected"]
        return LOOKS[self._kind]

    def _lines(self) -> list[str]:
        return self.text().split("\n")

    def _text_width(self) -> int:
        return max(theme.width_of(line, self._size, bold=True) for line in self._lines())

    def _icon_width(self) -> int:
        return ICON + (_ICON_GAP if self.text() else 0) if self._icon else 0

    def _badge_width(self) -> int:
        return chip_width(self._badge) + _ICON_GAP if self._badge else 0

    def _key_width(self, gap: int) -> int:
        """Room for the widest cap that it may show, so that nothing moves with the focus."""
        if self._is_current_tab():
            return 0
        longest = f"Alt+{self._key}" if is_bare(self._key) else self._key
        caps = [cap for cap in (longest, self._cap) if cap]
        return gap + max(cap_width(cap) for cap in caps) if caps else 0

    def _side(self) -> int:
        sides = {"primary": _PRIMARY_SIDE, "ghost": _GHOST_SIDE, "tab": _TAB_SIDE}
        return sides.get(self._kind, _SIDE)

    def sizeHint(self) -> QSize:
        """Return the size that words, icon and key need."""
        words = self._icon_width() + self._text_width() + self._badge_width()
        if self._is_stacked:
            return QSize(max(words, self._key_width(0)) + 2 * _TIGHT_SIDE, self._height)
        width = words + self._key_width(_CAP_GAP) + 2 * self._side()
        if self._kind == "primary":
            width = max(width, PRIMARY_WIDTH_MIN)
        return QSize(width, self._height)

    def minimumSizeHint(self) -> QSize:
        """Return the least size: the icon goes before any word is cut."""
        words = self._text_width() + self._badge_width()
        if self._is_stacked:
            return QSize(max(words, self._key_width(0)) + 2 * _TIGHT_SIDE, self._height)
        return QSize(words + self._key_width(_TIGHT_GAP) + 2 * _TIGHT_SIDE, self._height)

    # --- Painting --------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, focus ring, icon, words and key."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        look = self._look()
        has_ring = self.hasFocus() and self.isEnabled()
        if has_ring:
            ring = theme.FOCUS_RING
            painter.setPen(QPen(theme.colour("ink"), ring))
            painter.setBrush(theme.colour("surface"))
            half = ring / 2
            painter.drawRoundedRect(area.adjusted(half, half, -half, -half), 8, 8)
            inset = ring + theme.FOCUS_GAP
            area = area.adjusted(inset, inset, -inset, -inset)
        self._paint_ground(painter, area, look, radius=4 if has_ring else theme.RADIUS)
        self._paint_content(painter, look)

    def _paint_ground(
        self, painter: QPainter, area: QRectF, look: ButtonLook, *, radius: int
    ) -> None:
        if not self.isEnabled():
            if look.fill:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("disabled"))
                painter.drawRoundedRect(area, radius, radius)
            return
        is_lit = self.isDown() or self._is_over
        fill = look.fill_over if is_lit else look.fill
        if self.isDown() and self._kind != "primary" and look.fill != "ink2":
            fill = "strip"
        width = 2 if self._is_selected else 1
        painter.setPen(QPen(theme.colour(look.edge), width) if look.edge else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(fill) if fill else Qt.BrushStyle.NoBrush)
        half = width / 2 if look.edge else 0
        painter.drawRoundedRect(area.adjusted(half, half, -half, -half), radius, radius)

    def _paint_content(self, painter: QPainter, look: ButtonLook) -> None:
        is_bold = look.is_bold and (self.isEnabled() or self._kind == "ghost")
        is_bold = is_bold or self._is_bold
        font = theme.font(self._size, bold=is_bold)
        ink = theme.colour(look.ink if self.isEnabled() else "disabled_text")
        widths = [theme.width_of(line, self._size, bold=is_bold) for line in self._lines()]
        text_width = max(widths)
        icon_width, cap = self._icon_width(), self.cap
        key_width = cap_width(cap) if cap else 0
        is_beside = bool(cap) and not self._is_stacked
        gap = _CAP_GAP if is_beside else 0
        words = text_width + self._badge_width() + (key_width if is_beside else 0)
        if icon_width + words + gap > self.width() - _TIGHT_SIDE:
            icon_width, gap = 0, min(gap, _TIGHT_GAP)
        total = icon_width + words + gap
        left = (self.width() - total) / 2
        height = self.height() - (_CAP_HEIGHT + 2 if self._is_stacked else 0)
        if icon_width:
            area = QRectF(left, (height - ICON) / 2, ICON, ICON)
            paint_icon(painter, self._icon, ink, area)
            left += icon_width
        painter.setFont(font)
        painter.setPen(ink)
        room = QRectF(left, 0, text_width + 2, height)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())
        left += text_width
        if self._badge:
            area = QRectF(left + _ICON_GAP, height / 2 - 12, chip_width(self._badge), 24)
            ground = "tint" if self._is_current_tab() else "strip"
            paint_chip(painter, area, self._badge, ground)
            left += self._badge_width()
        if self._is_stacked:
            self._paint_below(painter, look, height - 2)
        elif cap:
            top = self.height() / 2 - _CAP_HEIGHT / 2
            paint_cap(painter, QRectF(left + gap, top, key_width, _CAP_HEIGHT), cap, look)

    def _paint_below(self, painter: QPainter, look: ButtonLook, top: float) -> None:
        cap = self.cap
        if cap:
            width = cap_width(cap)
            area = QRectF((self.width() - width) / 2, top, width, _CAP_HEIGHT)
            paint_cap(painter, area, cap, look)
        elif self._reason:
            painter.setFont(theme.font(theme.HINT, bold=True))
            painter.setPen(theme.colour("notice"))
            area = QRectF(0, top, self.width(), _CAP_HEIGHT)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._reason)

    # --- Events ----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter to the key table; space presses, as everywhere."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up under the mouse."""
        self._is_over = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Grow dark again."""
        self._is_over = False
        self.update()
        super().leaveEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that it is shown."""
        super().showEvent(event)
        self._tell_state()

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is hidden."""
        super().hideEvent(event)
        self._tell_state()

    def changeEvent(self, event: QEvent) -> None:
        """Tell when it is enabled or disabled."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._tell_state()

    def _tell_state(self) -> None:
        self._name_it()
        self.state_changed.emit()
        ask_for_review(self)


class ReasonedButton(QWidget):
    """A button, and left of it why it cannot be pressed now."""

    def __init__(self, button: KeyButton) -> None:
        """Put a button beside the place for its reason."""
        super().__init__()
        self.button = button
        self._reason = Words("", theme.BODY, bold=True, ink="warn")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addStretch(1)
        row.addWidget(self._reason)
        row.addWidget(button)
        button.state_changed.connect(self._show_reason)
        self._show_reason()

    def _show_reason(self) -> None:
        self._reason.setText(self.button.reason)
        self._reason.setVisible(bool(self.button.reason))
