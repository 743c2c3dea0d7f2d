"""The days in which goods may come back, as boxes: gone by, today, still to come."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from station_app.services.purchasing.fates import Clock
from station_app.shell import theme
from station_app.values.day import add_days

HEIGHT, GAP, SHOWN = 34, 6, 7


class DayStrip(QWidget):
    """Shows at most a week of them; the words beside it say the same."""

    def __init__(self) -> None:
        """Make it empty."""
        super().__init__()
        self.days: tuple[tuple[str, int], ...] = ()
        self.setFixedHeight(HEIGHT)

    def show_clock(self, clock: Clock, closed_day: str) -> None:
        """Show the days of a clock that began to run on the day after `closed_day`."""
        first = max(1, min(clock.passed, clock.allowed - SHOWN + 1))
        last = min(clock.allowed, first + SHOWN - 1)
        is_shown = bool(closed_day) and clock.is_open and clock.allowed > 0
        self.days = tuple(
            (
                add_days(closed_day, day)[-2:].lstrip("0"),
                (day > clock.passed) - (day < clock.passed),
            )
            for day in (range(first, last + 1) if is_shown else ())
        )
        self.setVisible(bool(self.days))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint them."""
        if not self.days:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = (self.width() - GAP * (len(self.days) - 1)) / len(self.days)
        for place, (words, when) in enumerate(self.days):
            area = QRectF(place * (width + GAP) + 1, 1, width - 2, HEIGHT - 2)
            ground, ink = {-1: ("accent", "white"), 0: ("tint", "ink"), 1: ("disabled", "ink2")}[
                when
            ]
            painter.setBrush(theme.colour(ground))
            painter.setPen(QPen(theme.colour("accent"), 2) if not when else Qt.PenStyle.NoPen)
            painter.drawRoundedRect(area, theme.RADIUS, theme.RADIUS)
            painter.setPen(theme.colour(ink))
            painter.setFont(theme.font(theme.BODY, bold=when <= 0))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, words)
