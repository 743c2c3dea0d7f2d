"""What the lock page looks like: the clock at the left, the card with the PIN at the right.

It asks nothing of the journal and imports nothing that does, because it is also the first picture
of a start (`first_light`), painted while the journal is still being opened.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from station_app.overview.moments import weekday
from station_app.shell import theme
from station_app.shell.widgets.boxes import CodeBoxes
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.words import IconLabel, Words
from station_app.values.day import local_day, local_time, say_day
from station_app.values.texts import Texts

if TYPE_CHECKING:
    from station_app.shell.offers import Line

COLUMNS = 3
FORGOTTEN_KEY = "F10"
CARD_WIDTH = 452
CLOCK_SIZE = 120
PAD_HEIGHTS = (60, 50)  # of the keys on the screen: full, compact or many colleagues


class LockFace(QWidget):
    """The left side: time, date, station, how much there is to do, and how the line stands."""

    def __init__(self, brand: str) -> None:
        """Show nothing but the brand."""
        super().__init__()
        self._clock = Words("", CLOCK_SIZE, bold=True, ink="white")
        self._date = Words("", theme.HEADING, ink="rail_text")
        self._station = Words("", theme.STRONG, bold=True, ink="white")
        self._work = Words("", theme.STRONG, ink="rail_text", wrap=True)
        self._icon = IconLabel("offline", "notice_edge")
        self._line = Words("", theme.BODY, bold=True, ink="notice_edge")
        column = QVBoxLayout(self)
        column.setContentsMargins(72, 44, 32, 32)
        column.setSpacing(4)
        column.addWidget(Words(brand, theme.TITLE, bold=True, ink="white"))
        column.addStretch(1)
        column.addWidget(self._clock)
        column.addWidget(self._date)
        column.addSpacing(20)
        column.addWidget(self._station)
        column.addWidget(self._work)
        column.addStretch(1)
        row = QHBoxLayout()
        row.addWidget(self._icon)
        row.addWidget(self._line, 1)
        column.addLayout(row)

    def show_moment(self, texts: Texts, at: int) -> None:
        """Show time and date. at: UTC ms."""
        day = local_day(at)
        self._clock.setText(local_time(at))
        self._date.setText(f"{say_day(day, day)} {weekday(texts, at)}")

    def show_station(self, name: str, work: str) -> None:
        """Show where this is and what waits."""
        self._station.setText(name)
        self._work.setText(work)

    def show_line(self, line: "Line") -> None:
        """Show how sending stands."""
        calm = line.tone in ("ok", "offline", "queued", "notice")
        ink = "notice_edge" if calm else "warn_edge"
        self._icon.show_icon(line.icon, ink)
        self._line.set_ink(ink)
        self._line.setText(line.words)


class PinPad(QWidget):
    """Digits on the screen, for whoever has only a mouse. pressed gets "0"…"9", "clear", "back"."""

    def __init__(self, pressed: Callable[[str], None], names: Mapping[str, str]) -> None:
        """Make the keys. names: words for readers of "clear" and "back"."""
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self.keys: dict[str, KeyButton] = {}
        order = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "clear", "0", "back")
        icons = {"clear": "close", "back": "backspace"}
        for place, name in enumerate(order):
            label = "" if name in icons else name
            key = KeyButton(label, icon=icons.get(name, ""))
            key.set_size(theme.HEADING, bold=True)
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.setAccessibleName(names.get(name, name))
            key.clicked.connect(lambda _=False, which=name: pressed(which))
            self._grid.addWidget(key, place // COLUMNS, place % COLUMNS)
            self.keys[name] = key

    def set_key_height(self, height: int) -> None:
        """Make the keys lower or higher."""
        for key in self.keys.values():
            key.set_height(height)


class LockCard(QFrame):
    """The right side: who, the PIN, the pad. `grid` is where the colleagues stand."""

    def __init__(self, texts: Texts, digits: int, pressed: Callable[[str], None]) -> None:
        """Make the card without colleagues. pressed: told of the keys on the screen."""
        super().__init__()
        self.setProperty("panel", "plain")
        self.setFixedWidth(CARD_WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(32, 24, 32, 20)
        self._column.setSpacing(10)
        self.grid = QGridLayout()
        self.grid.setSpacing(8)
        self._prompt = Words("", theme.BODY, ink="ink2").centred()
        self.boxes = CodeBoxes((digits,), box=QSize(48, 52), concealed=True)
        self.pin_line = texts.say("overview.lock.pin_line", digits=digits)
        self.boxes.setAccessibleName(self.pin_line)
        self._texts = texts
        enough = texts.say("overview.lock.enter")
        self.enter = KeyButton(enough, "Enter", height=theme.INLINE_HEIGHT)
        self.enter.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the boxes keep it
        self.enter.hide()
        names = {name: texts.say(f"overview.lock.{name}") for name in ("clear", "back")}
        self.pad = PinPad(pressed, names)
        self._column.addWidget(Words(texts.say("overview.lock.who"), ink="ink2"))
        self._column.addLayout(self.grid)
        self._column.addWidget(self._prompt)
        self._column.addWidget(self.boxes, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(self.enter, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addWidget(self.pad)
        label = texts.say("overview.lock.forgotten")
        self.forgotten = KeyButton(label, FORGOTTEN_KEY, kind="ghost", height=theme.INLINE_HEIGHT)
        self.forgotten.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the boxes keep it
        self._column.addWidget(self.forgotten, 0, Qt.AlignmentFlag.AlignHCenter)

    def show_least(self, least: int) -> None:
        """Say how many digits a PIN has at the least; a short one ends by Enter, or the button."""
        count = self.boxes.count
        self.enter.setVisible(least < count)
        key = "pin_line_short" if least < count else "pin_line"
        self.pin_line = self._texts.say(f"overview.lock.{key}", digits=count, least=least)
        self.boxes.setAccessibleName(self.pin_line)

    def fit(self, *, is_compact: bool, is_crowded: bool) -> None:
        """Become lower in a low window, or for many colleagues."""
        self._column.setSpacing(6 if is_compact else 10)
        self.pad.set_key_height(PAD_HEIGHTS[int(is_compact or is_crowded)])

    def say(self, sentence: str, ink: str) -> None:
        """Say something about the PIN."""
        self._prompt.setText(sentence)
        self._prompt.set_ink(ink)
        self._prompt.setFont(theme.font(theme.BODY, bold=ink != "ink2"))

    @property
    def sentence(self) -> str:
        """Return what it says about the PIN now."""
        return self._prompt.text()


def dress_lock(page: QWidget, face: LockFace, *right: QWidget) -> None:
    """Lay out a page that looks locked: dark, the face at the left, the rest at the right."""
    page.setObjectName("lock")
    page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    page.setStyleSheet(f"QWidget#lock {{ background: {theme.COLOURS.rail}; }}")
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 72, 0)
    row.addWidget(face, 1)
    for widget in right:
        row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
