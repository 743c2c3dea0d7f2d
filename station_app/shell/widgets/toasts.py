"""Toasts: what was just done, at the bottom left of the content, with the way back.

A toast stays until the next act and at least 20 s; one that says stop stays until it is closed.
There are two at most: a third pushes the oldest out, one that says stop only where both do. They
never lie over a total, a button or what was typed (`toast_place`); where a form leaves room for one
only, the newest stands there and the other comes back with the room.
"""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from station_app.shell import theme
from station_app.shell.counter import Notice
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.toast_place import HIDES_WORK, in_sight, is_asked, place_for
from station_app.shell.widgets.words import IconLabel, Words
from station_app.values.texts import Texts

TOAST_HEIGHT: Final = 56
TOAST_WIDTH: Final = 440
TOASTS_MAX: Final = 2
STAYS_MS: Final = 20_000
_ICONS: Final = {
    "ok": ("ok", "toast_ok"),
    "warn": ("warn", "toast_warn"),
    "stop": ("stop", "toast_stop"),
    "notice": ("notice", "toast_notice"),
}


class Toast(QWidget):
    """One toast. Signals closed(self); undo_wanted(act)."""

    closed = Signal(object)
    undo_wanted = Signal(str)

    def __init__(self, notice: Notice, texts: Texts) -> None:
        """Show a notice."""
        super().__init__()
        self.notice = notice
        self._has_stood = False
        self._is_passed = False
        self.button: KeyButton | None = None
        icon, ink = _ICONS.get(notice.tone, _ICONS["notice"])
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 6, 8, 6)
        row.setSpacing(12)
        words = Words(notice.words, theme.BODY, bold=True, ink="white", wrap=True)
        row.addWidget(IconLabel(icon, ink))
        row.addWidget(words, 1)
        self._add_button(row, texts)
        self.setMinimumHeight(TOAST_HEIGHT)
        self.setFixedWidth(TOAST_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(notice.words)
        self._clock = QTimer(self, singleShot=True, interval=STAYS_MS)
        self._clock.timeout.connect(self._stood)
        self._clock.start()

    def _add_button(self, row: QHBoxLayout, texts: Texts) -> None:
        notice = self.notice
        if notice.button is not None:
            label, key, run = notice.button
            self.button = self._button(label, key, run)
            self.button.clicked.connect(self.close_it)
        elif notice.act:
            label = texts.say("shell.toast.undo")
            self.button = self._button(
                label, "Ctrl+Z", lambda: self.undo_wanted.emit(notice.act), icon="undo"
            )
        elif notice.tone == "stop":
            self.button = self._button(texts.say("shell.toast.close"), "", self.close_it)
        if self.button is not None:
            row.addWidget(self.button)

    def _button(
        self, label: str, key: str, run: Callable[[], object], *, icon: str = ""
    ) -> KeyButton:
        button = KeyButton(label, key, kind="toast", icon=icon, height=theme.INLINE_HEIGHT)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda _=False: run())
        return button

    @property
    def stays(self) -> bool:
        """Tell whether only the operator closes it."""
        return self.notice.tone == "stop"

    def pass_by(self) -> None:
        """Another act was done: it may go as soon as it has stood long enough."""
        self._is_passed = True
        self._go_if_done()

    def _stood(self) -> None:
        self._has_stood = True
        self._go_if_done()

    def _go_if_done(self) -> None:
        if self._has_stood and self._is_passed and not self.stays:
            self.close_it()

    def close_it(self) -> None:
        """Take it away."""
        self._clock.stop()
        self.closed.emit(self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the dark ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("ink"))
        painter.drawRoundedRect(QRectF(self.rect()), theme.RADIUS, theme.RADIUS)


class ToastArea(QWidget):
    """Holds the toasts over the bottom left of another widget.

    Signal undo_wanted(act): the undo button of a toast.
    """

    undo_wanted = Signal(str)

    def __init__(self, over: QWidget, texts: Texts) -> None:
        """Float over `over`."""
        super().__init__(over)
        self._over = over
        self._texts = texts
        self._toasts: list[Toast] = []
        self._keys_below: set[str] = set()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._place)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        over.installEventFilter(self)
        self.hide()

    def look_again(self) -> None:
        """The page has changed: stand where nothing is in the way now, once it is laid out."""
        if self._toasts:
            self._soon.start()

    def page_switched(self) -> None:
        """Take remarks away: they were about the page before. What can be undone stays."""
        for toast in list(self._toasts):
            if not toast.notice.act and toast.notice.button is None and not toast.stays:
                self._drop(toast)

    @property
    def toasts(self) -> tuple[Toast, ...]:
        """Return the toasts that stand there, the oldest first."""
        return tuple(self._toasts)

    def show_notice(self, notice: Notice) -> None:
        """Show a toast. One about an act lets the earlier ones go when their time is over."""
        for toast in list(self._toasts):
            same = toast.notice.words == notice.words and toast.notice.tone == notice.tone
            if same and not notice.act:
                self._drop(toast)
        if notice.act:
            self.act_done()
        while len(self._toasts) >= TOASTS_MAX:
            movable = [toast for toast in self._toasts if not toast.stays]
            self._drop(movable[0] if movable else self._toasts[0])
        toast = Toast(notice, self._texts)
        toast.closed.connect(self._drop)
        toast.undo_wanted.connect(self.undo_wanted)
        self._toasts.append(toast)
        self._column.addWidget(toast)
        toast.show()  # now, or the area would be measured without it
        self._place()

    def act_done(self, *, but: str = "") -> None:
        """Tell all toasts but that of the act itself that another act was done."""
        for toast in list(self._toasts):
            if not but or toast.notice.act != but:
                toast.pass_by()

    def last_undo(self) -> str:
        """Return the act that the newest undo button would take back, "" for none."""
        return next((t.notice.act for t in reversed(self._toasts) if t.notice.act), "")

    def forget_act(self, act: str) -> None:
        """Take away the toast of an act: it was undone, or cannot be any more."""
        for toast in list(self._toasts):
            if toast.notice.act == act:
                self._drop(toast)

    def forget_acts(self, *, but: str) -> None:
        """Take away every undo but that of one act: the others cannot be undone any more."""
        for toast in list(self._toasts):
            if toast.notice.act not in ("", but):
                self._drop(toast)

    def clear(self) -> None:
        """Take all away: another operator, the lock."""
        for toast in list(self._toasts):
            self._drop(toast)

    def _drop(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
            self._column.removeWidget(toast)
            toast.hide()
            toast.deleteLater()
            self._place()

    def yield_keys(self, keys: set[str]) -> None:
        """Show none of these keys: buttons of the page below have them now."""
        self._keys_below = keys
        self._deal_keys()

    def _deal_keys(self) -> None:
        """Show each key once: the page's own goes first, then the newer toast's."""
        taken = set(self._keys_below)
        for toast in reversed(self._toasts):
            if toast.button is not None:
                key = toast.button.key
                toast.button.set_cap("" if key in taken else key)
                taken.add(key)

    def _place(self) -> None:
        self._deal_keys()
        if not self._toasts:
            self.hide()
            return
        must_be_seen = any(toast.stays for toast in self._toasts)
        widgets = in_sight(self._over, self)
        is_away = not must_be_seen and is_asked(widgets)
        self.setVisible(not is_away)
        if is_away:
            return
        place, cost = self._best_place(widgets)
        if cost >= HIDES_WORK and len(self._toasts) > 1:
            place, _ = self._best_place(widgets, is_crowded=True)
        self.move(place)
        self.raise_()

    def _best_place(
        self, widgets: Sequence[QWidget], *, is_crowded: bool = False
    ) -> tuple[QPoint, int]:
        """Return where all stand, or where it is crowded the newest and what must be seen."""
        for toast in self._toasts:
            toast.setVisible(not is_crowded or toast.stays or toast is self._toasts[-1])
        self._column.activate()
        size = self.sizeHint()
        self.resize(size)
        return place_for(size, self._over, widgets)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the corner when the content changes its size."""
        if watched is self._over and event.type() == QEvent.Type.Resize:
            self._place()
            self.look_again()
        return False
