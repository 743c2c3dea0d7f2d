"""The action bar: what can be done on this page; the one next action is green, at the right."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from station_app.shell import theme
from station_app.shell.page import Action
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.words import Words

PRIMARY_WIDTH, WIDE_FROM = 300, 1200


class ActionBar(QFrame):
    """Shows the actions of a page. Signal primary_wanted: the green button was pressed."""

    primary_wanted = Signal()

    def __init__(self) -> None:
        """Make an empty bar."""
        super().__init__()
        self.setObjectName("action_bar")
        self._height = theme.FULL.action_height
        self._row = QHBoxLayout(self)
        self._row.setSpacing(12)
        self._reason = Words("", theme.BODY, bold=True, ink="warn")
        self._note = Words("", theme.BODY, ink="ink2")
        self._note.hide()
        self._reason.hide()
        self._row.addStretch(0)
        self._row.addStretch(1)
        self._row.addWidget(self._note)
        self._row.addWidget(self._reason)
        self.primary_button = KeyButton("", "Enter", kind="primary", height=self._height)
        self.primary_button.clicked.connect(self.primary_wanted)
        self.primary_button.hide()
        self._row.addWidget(self.primary_button)
        self.buttons: list[KeyButton] = []
        self._shown: tuple[Action, ...] = ()
        self.set_metrics(theme.FULL)

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Let the primary be as wide as the design has it, where there is room."""
        is_wide = self.width() >= WIDE_FROM
        self.primary_button.setMinimumWidth(PRIMARY_WIDTH if is_wide else 0)

    def show_actions(self, actions: Sequence[Action], *, busy: str = "") -> None:
        """Show these actions; busy: why the primary has to wait, "" if it has not."""
        primary = next((action for action in actions if action.kind == "primary"), None)
        rest = [action for action in actions if action is not primary]
        self._show_rest(rest, at_right=primary is None)
        button = self.primary_button
        button.setVisible(primary is not None)
        reason = ""
        if primary is not None:
            button.set_label(primary.label)
            button.set_icon(primary.icon)
            reason = busy or ("" if primary.is_enabled else primary.reason)
            button.set_possible(possible=primary.is_enabled and not busy, reason=reason)
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))

    def show_note(self, words: str) -> None:
        """Show small words left of the primary (断网先收，县里缴成才算), "" for none."""
        self._note.setText(words)
        self._note.setVisible(bool(words))

    def _show_rest(self, actions: Sequence[Action], *, at_right: bool) -> None:
        """Show the other buttons; those that stay the same are kept, with their focus."""
        signature = [(a.label, a.key, a.kind, a.icon) for a in actions]
        shown = [(a.label, a.key, a.kind, a.icon) for a in self._shown]
        if signature != shown:
            self._rebuild(actions)
        self._shown = tuple(actions)
        for action, button in zip(actions, self.buttons, strict=True):
            button.set_possible(possible=action.is_enabled, reason=action.reason)
        self._row.setStretch(0, 1 if at_right else 0)
        self._row.setStretch(len(self.buttons) + 1, 0 if at_right else 1)

    def _rebuild(self, actions: Sequence[Action]) -> None:
        for button in self.buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        self._take_stretches()
        self._row.insertStretch(0, 0)
        for number, action in enumerate(actions):
            button = KeyButton(
                action.label, action.key, kind=action.kind, icon=action.icon, height=self._height
            )
            button.clicked.connect(lambda _=False, which=number: self._shown[which].run())
            self._row.insertWidget(number + 1, button)
            self.buttons.append(button)
        self._row.insertStretch(len(actions) + 1, 1)

    def _take_stretches(self) -> None:
        for number in range(self._row.count() - 1, -1, -1):
            if self._row.itemAt(number).spacerItem() is not None:
                self._row.takeAt(number)

    def set_metrics(self, metrics: theme.Metrics) -> None:
        """Become lower in a low window."""
        self._height = metrics.action_height
        self.setFixedHeight(metrics.action_bar)
        self._row.setContentsMargins(metrics.padding_x, 1, metrics.padding_x, 0)
        self.primary_button.set_height(metrics.action_height)
        for button in self.buttons:
            button.set_height(metrics.action_height)
