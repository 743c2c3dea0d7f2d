"""The parts of the sorting page: where a piece goes in letters for across the room, and the bags.

The village and the number of its bag are read from where the bags hang, so they are as large as
their names allow; nothing here is pressed while one sorts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from station_app.printing.document import grouped
from station_app.services.parcels.heaps import PROBLEM
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.widgets.fields import CountField
from station_app.shell.widgets.keys import KeyButton
from station_app.shell.widgets.panels import Panel
from station_app.shell.widgets.pills import Chip, StatusPill
from station_app.shell.widgets.words import Words, hint, strong

NUMBER_SIZE = 112  # px
NAME_SIZES = ((5, 96), (8, 72), (99, theme.TOTAL))  # characters at most, px
LINE_HEIGHT = 1.15  # of a Chinese character's own, without what fonts leave between lines
BOX_WIDTH, EDGE = 176, 14
PLACE_DIGITS = 2  # as many as the number of a bag has
COLUMNS, ROWS = 3, 6
BAGS_SHOWN = COLUMNS * ROWS
TILE_HEIGHT, TILE_HEIGHT_COMPACT = 60, 54
GRID_WIDTH, GRID_WIDTH_COMPACT = 452, 440


class GoesTo(QWidget):
    """Where the piece that was scanned last goes: the village, and the number of its bag."""

    stays_in_sight = True  # no toast lies over it

    def __init__(self, counter: Counter) -> None:
        """Make it without a piece."""
        super().__init__()
        self._say = counter.say
        self._name = self._small = self._number = ""
        self._is_problem = False
        self.setMinimumSize(420, 168)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_place(self, name: str, number: str, small: str) -> None:
        """Show a village and its bag. number: `PROBLEM` for the shelf of problems."""
        self._name, self._number, self._small = name, number, small
        self._is_problem = number == PROBLEM
        self.setAccessibleName(f"{name} {number} {small}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return its size."""
        return QSize(700, 236)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground, the words, and the number in its box."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        painter.setPen(Qt.PenStyle.NoPen)
        ground = "warn" if self._is_problem else "accent" if self._name else "strip"
        painter.setBrush(theme.colour(ground))
        painter.drawRoundedRect(area, theme.RADIUS, theme.RADIUS)
        if not self._name:
            painter.setPen(theme.colour("ink2"))
            painter.setFont(theme.font(theme.TITLE, bold=True))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._say("parcels.sorting.scan"))
            return
        box = QRectF(area.right() - BOX_WIDTH - EDGE, EDGE, BOX_WIDTH, area.height() - 2 * EDGE)
        self._paint_number(painter, box)
        room = QRectF(28, 0, box.left() - 44, area.height())
        self._paint_name(painter, room)

    def _paint_number(self, painter: QPainter, box: QRectF) -> None:
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(box, theme.PANEL_RADIUS, theme.PANEL_RADIUS)
        painter.setPen(theme.colour("ink2"))
        painter.setFont(theme.font(theme.STRONG))
        key = "onto" if self._is_problem else "into"
        head = QRectF(box.left(), box.top() + 8, box.width(), 30)
        painter.drawText(head, Qt.AlignmentFlag.AlignCenter, self._say(f"parcels.sorting.{key}"))
        painter.setPen(theme.colour("ink"))
        rest = box.adjusted(0, 34, 0, 0)
        painter.setFont(theme.font(min(NUMBER_SIZE, _within(rest)), bold=True))
        painter.drawText(rest, Qt.AlignmentFlag.AlignCenter, self._number)

    def _paint_name(self, painter: QPainter, room: QRectF) -> None:
        painter.setPen(theme.colour("white"))
        painter.setFont(theme.font(theme.STRONG))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(room.left(), 10, room.width(), 32), left, self._say(self._head))
        size = next(size for most, size in NAME_SIZES if len(self._name) <= most)
        middle = QRectF(room.left(), 36, room.width(), room.height() - 76)
        size = min(size, _within(middle))
        while size > theme.HEADING and theme.width_of(self._name, size, bold=True) > room.width():
            size -= 4
        painter.setFont(theme.font(size, bold=True))
        painter.drawText(middle, left, _elided(self._name, painter, middle.width()))
        painter.setFont(theme.font(theme.STRONG))
        foot = QRectF(room.left(), room.height() - 46, room.width(), 34)
        painter.drawText(foot, left, _elided(self._small, painter, foot.width()))

    @property
    def _head(self) -> str:
        return f"parcels.sorting.{'unclear' if self._is_problem else 'goes_to'}"


def _within(area: QRectF) -> int:
    """Return the largest type of which a line is not cut in this height."""
    return max(theme.HEADING, int(area.height() / LINE_HEIGHT))


def _elided(words: str, painter: QPainter, width: float) -> str:
    return QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, int(width))


@dataclass(frozen=True, slots=True)
class InHand:
    """What stands in the place of the last scan. number: of the bag, or `PROBLEM`.

    waybill, courier: "" while nothing was scanned; is_announced: by the county; tag: of the bag
    that is closed next, "" for one that is printed.
    """

    name: str
    number: str
    small: str
    count: int
    waybill: str = ""
    courier: str = ""
    is_announced: bool = False
    tag: str = ""


class PieceInHand(Panel):
    """The piece that was scanned last, and where it goes. number: asks for another bag."""

    def __init__(self, counter: Counter) -> None:
        """Make it without a piece."""
        super().__init__("active", margins=(14, 10, 14, 10), spacing=8)
        self._say = counter.say
        self._chip, self._pill = Chip(), StatusPill()
        self._waybill = Words("", theme.HEADING, bold=True).elided()
        self._goes = GoesTo(counter)
        label = counter.say("parcels.sorting.which_bag")
        self.number = CountField(counter.texts, label, digits=PLACE_DIGITS)
        self.number.hide()
        self._spoken, self._in_bag = hint(), Words("", theme.BODY, bold=True)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.setSpacing(12)
        for part in (self._chip, self._waybill, self._pill):
            head.addWidget(part, 1 if part is self._waybill else 0)
        foot.setContentsMargins(8, 0, 8, 0)
        foot.addWidget(self._spoken, 1)
        foot.addWidget(self._in_bag)
        self.body.addLayout(head)
        self.body.addWidget(self._goes, 1)
        self.body.addWidget(self.number)
        self.body.addLayout(foot)

    def show_piece(self, said: InHand) -> None:
        """Show a piece, or the bag that was chosen."""
        say, is_bag = self._say, bool(said.name) and said.number != PROBLEM
        self._goes.show_place(said.name, said.number, said.small)
        for part in (self._chip, self._pill):
            part.setVisible(bool(said.waybill))
        self._waybill.setText(grouped(said.waybill) or say("parcels.sorting.scan_next"))
        self._chip.show_words(said.courier or "—")
        key = "announced" if said.is_announced else "unannounced"
        self._pill.show_state(say(f"parcels.sorting.{key}"), "ok" if said.is_announced else "warn")
        words = []
        if said.tag and is_bag:
            words.append(say("parcels.sorting.tag", tag=said.tag))
        if is_bag:
            words.append(say("parcels.sorting.in_bag", number=said.number, count=said.count))
        self._in_bag.setText("　".join(words))
        self._spoken.setText(say("parcels.sorting.spoken", number=said.number) if is_bag else "")


@dataclass(frozen=True, slots=True)
class BagTile:
    """A bag as it is shown. village: code, or `PROBLEM`; number: as large on the tile."""

    village: str
    number: str
    name: str
    small: str
    is_full: bool = False


class BagButton(QAbstractButton):
    """A bag among the others: its number, its village, how many lie in it."""

    stays_in_sight = True  # no toast lies over it

    def __init__(self) -> None:
        """Make it empty."""
        super().__init__()
        self.tile = BagTile("", "", "", "")
        self._is_current = False
        self._height = TILE_HEIGHT
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_tile(self, tile: BagTile, *, is_current: bool) -> None:
        """Show a bag."""
        self.tile, self._is_current = tile, is_current
        self.setAccessibleName(f"{tile.number} {tile.name} {tile.small}")
        self.setToolTip(tile.name)
        self.update()

    def set_height(self, height: int) -> None:
        """Become as high as this."""
        self._height = height
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return its size."""
        return QSize(134, self._height)

    def minimumSizeHint(self) -> QSize:
        """Return the least size: three stand beside each other."""
        return QSize(120, self._height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, number and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tile, area = self.tile, QRectF(self.rect()).adjusted(1, 1, -1, -1)
        fill, edge = ("warn_tint", "warn_edge") if tile.is_full else ("surface", "line")
        if self._is_current:
            fill, edge = (fill if tile.is_full else "tint"), "accent"
        painter.setPen(QPen(theme.colour(edge), 2 if self._is_current else 1))
        painter.setBrush(theme.colour(fill))
        painter.drawRoundedRect(area, theme.RADIUS, theme.RADIUS)
        box = QRectF(area.left() + 9, area.center().y() - 16, 34, 32)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent" if self._is_current else "strip"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setPen(theme.colour("white" if self._is_current else "ink"))
        painter.setFont(theme.font(theme.BODY, bold=True))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, tile.number)
        self._paint_words(painter, QRectF(box.right() + 7, area.top(), 0, area.height()))

    def _paint_words(self, painter: QPainter, start: QRectF) -> None:
        width = self.width() - start.left() - 5
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        half = start.height() / 2
        painter.setFont(theme.font(theme.BODY, bold=True))
        painter.setPen(theme.colour("ink"))
        upper = QRectF(start.left(), start.top() + 3, width, half - 2)
        painter.drawText(upper, left, _elided(self.tile.name, painter, width))
        painter.setFont(theme.font(theme.HINT, bold=self.tile.is_full))
        painter.setPen(theme.colour("warn" if self.tile.is_full else "ink2"))
        lower = QRectF(start.left(), start.top() + half, width, half - 4)
        painter.drawText(lower, left, _elided(self.tile.small, painter, width))


class BagGrid(Panel):
    """All bags, eighteen at a time; PgDn shows the next. Signal chosen(village): was pressed."""

    chosen = Signal(str)

    def __init__(self, counter: Counter) -> None:
        """Make it without bags."""
        super().__init__(margins=(16, 12, 16, 12), spacing=8)
        self._say = counter.say
        self._more = KeyButton("", "PgDn", kind="ghost", height=32)
        self._more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._more.clicked.connect(lambda _checked: self._turn())
        self._tiles: Sequence[BagTile] = ()
        self._first = 0
        self._current = ""
        head = QHBoxLayout()
        head.addWidget(strong(self._say("parcels.sorting.bags")))
        head.addStretch(1)
        head.addWidget(self._more)
        self.body.addLayout(head)
        grid = QGridLayout()
        grid.setSpacing(8)
        self.buttons = [BagButton() for _ in range(BAGS_SHOWN)]
        for place, button in enumerate(self.buttons):
            button.clicked.connect(
                lambda _=False, which=button: self.chosen.emit(which.tile.village)
            )
            grid.addWidget(button, place // COLUMNS, place % COLUMNS)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)
        self.body.addStretch(1)
        foot = QHBoxLayout()
        self._sorted = Words("", theme.TITLE, bold=True)
        self._said = Words("", theme.BODY, ink="ink2")
        self._rest = Words("", theme.BODY, bold=True, ink="warn")
        foot.addWidget(hint(self._say("parcels.sorting.sorted")))
        foot.addWidget(self._sorted)
        foot.addWidget(self._said)
        foot.addStretch(1)
        foot.addWidget(self._rest)
        self.body.addLayout(foot)
        self.set_compact(compact=False)

    def show_bags(self, tiles: Sequence[BagTile], current: str) -> None:
        """Show these; the page of the current one if it is another one than before."""
        self._tiles = tiles
        if current != self._current:
            places = [place for place, one in enumerate(tiles) if one.village == current]
            self._first = places[0] // BAGS_SHOWN * BAGS_SHOWN if places else 0
        self._current = current
        self._show()

    def _turn(self) -> None:
        """Show the next eighteen; after the last ones the first again."""
        after = self._first + BAGS_SHOWN
        self._first = after if after < len(self._tiles) else 0
        self._show()

    @property
    def shown(self) -> Mapping[str, BagTile]:
        """Return the bags in sight by village."""
        return {b.tile.village: b.tile for b in self.buttons if b.isVisibleTo(self)}

    def _show(self) -> None:
        here = self._tiles[self._first : self._first + BAGS_SHOWN]
        for place, button in enumerate(self.buttons):
            button.setVisible(place < len(here))
            if place < len(here):
                button.show_tile(here[place], is_current=here[place].village == self._current)
        rest = len(self._tiles) - self._first - len(here)
        key = "more" if rest > 0 else "first_again"
        self._more.set_label(self._say(f"parcels.sorting.{key}", count=rest))
        self._more.setVisible(len(self._tiles) > BAGS_SHOWN)

    def show_figures(self, count: int, said: int) -> None:
        """Show how many are sorted, and how many the county spoke of."""
        self._sorted.setText(str(count))
        self._said.setText(self._say("parcels.sorting.said", count=said))
        rest = said - count
        self._rest.setText(self._say("parcels.sorting.rest", count=rest) if rest > 0 else "")

    def set_compact(self, *, compact: bool) -> None:
        """Become lower in a low window."""
        for button in self.buttons:
            button.set_height(TILE_HEIGHT_COMPACT if compact else TILE_HEIGHT)
        self.setFixedWidth(GRID_WIDTH_COMPACT if compact else GRID_WIDTH)
