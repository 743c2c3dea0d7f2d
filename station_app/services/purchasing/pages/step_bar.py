"""The way of an order at a glance: one step behind the other, above what happened in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from station_app.services.purchasing.fates import Fate
from station_app.services.purchasing.rules import CANCELLED, PICKED_UP
from station_app.services.purchasing.timeline_records import Entry
from station_app.shell import theme
from station_app.shell.counter import Counter
from station_app.shell.icons import paint_icon
from station_app.values.day import local_day, say_day
from station_app.values.money import say_yuan

HEIGHT, HEIGHT_COMPACT = 96, 84
CIRCLE, CIRCLE_COMPACT, ICON = 36, 32, 22
MARGIN, MARGIN_COMPACT, GAP, LEADING = 8, 5, 2, 5  # above, below the circle, of a line of words
State = Literal["done", "warn", "now", "open"]
LOOKS: dict[State, tuple[str, str, str]] = {  # ground, ink and name of the icon
    "done": ("tint", "pressed", "ok"),
    "warn": ("warn_tint", "warn", "warn"),
    "now": ("accent", "white", "waiting"),
    "open": ("disabled", "disabled_text", "queued"),
}
WAY = (  # the steps that each order has, and the kinds of fact that end them
    ("placed", ("order.placed",)),
    ("accepted", ("order.accepted", "order.quoted_higher", "quote.answered")),
    ("bought", ("order.bought",)),
    ("shipped", ("order.shipped",)),
    ("arrived", ()),
    ("fetched", ("order.picked_up",)),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step. small: when, or what about it."""

    name: str
    small: str
    state: State


def steps_of(
    counter: Counter, fate: Fate, entries: Sequence[Entry], due_back_fen: int
) -> tuple[Step, ...]:
    """Return the way of an order: what is behind it, where it is, what is still to come."""
    order = fate.order
    if order is None:
        return ()
    today = counter.desk.now().day
    days: dict[str, str] = {}
    for entry in entries:  # the newest first: the first of a kind is the last one
        days.setdefault(entry.kind, say_day(local_day(entry.at), today))
    is_cancelled = order.status == CANCELLED
    found: list[Step] = []
    is_now_said = False
    for key, kinds in WAY:
        said = [days[kind] for kind in kinds if kind in days]
        small = said[0] if said else ""
        if key == "arrived" and fate.parcel is not None:
            small = say_day(fate.parcel.day, today)
        is_done = bool(small) or (key == "arrived" and order.status == PICKED_UP)
        if is_cancelled and not is_done:
            continue
        state: State = "done" if is_done else "open" if is_now_said else "now"
        is_now_said |= not is_done
        if key == "accepted" and order.quote_fen:
            more = say_yuan(order.quote_fen - order.goods_fen)
            small, state = counter.say("purchasing.step.dearer", more=more), "warn"
        found.append(Step(counter.say(f"purchasing.step.{key}"), small, state))
    return (*found, *_behind(counter, fate, days, due_back_fen))


def _behind(
    counter: Counter, fate: Fate, days: dict[str, str], due_back_fen: int
) -> tuple[Step, ...]:
    """Return what comes after the way: called off, brought back, paid back."""
    order, say = fate.order, counter.say
    found: list[Step] = []
    called_off = days.get("order.cancelled") or days.get("order.cancellation_agreed")
    if called_off and order is not None and order.status == CANCELLED:
        found.append(Step(say("purchasing.step.cancelled"), called_off, "done"))
    if "order.returned" in days:
        state: State = "warn" if "order.return_refused" in days else "done"
        found.append(Step(say("purchasing.step.returned"), days["order.returned"], state))
    if due_back_fen:
        small = say("purchasing.step.due", amount=say_yuan(due_back_fen))
        found.append(Step(say("purchasing.step.refund"), small, "now"))
    return tuple(found)


class StepBar(QWidget):
    """Paints the steps, joined by a line."""

    def __init__(self) -> None:
        """Make it empty."""
        super().__init__()
        self.steps: tuple[Step, ...] = ()
        self.set_compact(compact=False)

    def set_compact(self, *, compact: bool) -> None:
        """Be lower in a low window."""
        self._circle = CIRCLE_COMPACT if compact else CIRCLE
        self._margin = MARGIN_COMPACT if compact else MARGIN
        self.setFixedHeight(HEIGHT_COMPACT if compact else HEIGHT)

    def needed_height(self) -> int:
        """Return how much room circle and both lines of words take."""
        return self._margin + self._circle + GAP + theme.BODY + theme.HINT + 2 * LEADING

    def show_steps(self, steps: Sequence[Step]) -> None:
        """Show others."""
        self.steps = tuple(steps)
        self.setAccessibleName("，".join(f"{step.name} {step.small}".strip() for step in steps))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint them."""
        if not self.steps:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.setBrush(theme.colour("surface"))
        edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(edge, theme.PANEL_RADIUS, theme.PANEL_RADIUS)
        width = (self.width() - 16) / len(self.steps)
        centres = [8 + width * (number + 0.5) for number in range(len(self.steps))]
        top = self._margin + self._circle / 2
        painter.setPen(QPen(theme.colour("edge"), 3))
        painter.drawLine(QPointF(centres[0], top), QPointF(centres[-1], top))
        for centre, step in zip(centres, self.steps, strict=True):
            self._paint(painter, step, QPointF(centre, top), width)

    def _paint(self, painter: QPainter, step: Step, centre: QPointF, width: float) -> None:
        ground, ink, icon = LOOKS[step.state]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(ground))
        painter.drawEllipse(centre, self._circle / 2, self._circle / 2)
        area = QRectF(centre.x() - ICON / 2, centre.y() - ICON / 2, ICON, ICON)
        paint_icon(painter, icon, theme.colour(ink), area)
        left, top = centre.x() - width / 2, centre.y() + self._circle / 2 + GAP
        is_warning = step.state == "warn"
        for words, size, bold, colour in (
            (step.name, theme.BODY, True, "disabled_text" if step.state == "open" else "ink"),
            (step.small, theme.HINT, is_warning, "warn" if is_warning else "ink2"),
        ):
            font = theme.font(size, bold=bold)
            room = QRectF(left + 2, top, width - 4, size + LEADING)
            shown = QFontMetrics(font).elidedText(
                words, Qt.TextElideMode.ElideRight, int(room.width())
            )
            painter.setFont(font)
            painter.setPen(theme.colour(colour))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)
            top += size + LEADING
