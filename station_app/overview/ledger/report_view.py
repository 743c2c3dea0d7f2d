"""日报: the day report of each closed shift, as it will stand on A4, to be saved as PDF."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from station_app.journal.fact import station_of
from station_app.journal.log import Connection
from station_app.overview.ledger.day_report import DayReport, day_report
from station_app.overview.ledger.report_paper import picture
from station_app.overview.ledger.view import BookView, LedgerWork
from station_app.reference import records as reference
from station_app.services.cash.figures import Names
from station_app.services.cash.records import (
    ClosedShift,
    closed_shifts,
    shift_state,
    stream_of_closing,
)
from station_app.services.people.records import operator_name
from station_app.shell.page import Page
from station_app.shell.widgets.cards import ReceiptPreview
from station_app.shell.widgets.cells import Column, Pill, Row, Text
from station_app.shell.widgets.panels import Panel
from station_app.values.day import say_moment
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

PREVIEW_WIDTH = 760
SHIFTS_LISTED = 4_000  # ten years of one a day


class ReportView(BookView):
    """The closed shifts, and the report of the current one."""

    NAME = "report"
    IS_OPENED_BY_ENTER = False
    HAS_ACCOUNTS = False
    COLUMNS = (
        Column("day"),
        Column("difference", 150, "right"),
    )

    def __init__(self, page: Page, work: LedgerWork) -> None:
        """Make it."""
        super().__init__(page, work)
        self.report: DayReport | None = None
        self.search.hide()

    def build_side(self) -> QWidget:
        """Return the picture of the pages."""
        side = Panel("sunk", margins=(12, 12, 12, 12), spacing=6)
        self.preview = ReceiptPreview(self.say("ledger.report.preview"))
        self._scroll = QScrollArea()
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.viewport().setAutoFillBackground(False)
        self._scroll.setWidget(self.preview)
        side.body.addWidget(self._scroll, 1)
        side.setFixedWidth(PREVIEW_WIDTH)
        return side

    def load(self) -> None:
        """Read the closed shifts."""
        self.ask(lambda c: closed_shifts(c, limit=SHIFTS_LISTED), self._show)

    def _show(self, shifts: tuple[ClosedShift, ...]) -> None:
        self.title.setText(self.say("ledger.report.title"))
        self.small.setText(self.say("ledger.report.how"))
        today = self.counter.desk.now().day
        rows = []
        for shift in shifts:
            moment = say_moment(shift.closed_at, shift.day, today)
            tone = "warn" if shift.difference_fen else "ok"
            amount = say_yuan(shift.difference_fen)
            words = amount if shift.difference_fen else self.say("ledger.report.agrees")
            device = self.say("ledger.account.device", device=shift.device.lstrip("D"))
            cells = (
                Text(
                    self.say("ledger.report.number", number=shift.number),
                    bold=True,
                    small=f"{moment}  {device}",
                ),
                Pill(words, "warn" if tone == "warn" else "ok"),
            )
            rows.append(Row(shift.identity, cells))
        self.show_rows(rows, self.say("ledger.nothing.report"))
        if not rows:
            self.report = None
            self._show_picture(None)

    def moved(self, subject: str) -> None:
        """Make the report of another shift."""
        if not subject:
            return
        texts = self.counter.texts

        def look(connection: Connection) -> DayReport | None:
            return day_report(
                connection, subject, names_of_shift(connection, subject, texts), texts
            )

        def show(report: DayReport | None) -> None:
            self.report = report
            self._show_picture(None if report is None else picture(report, texts))

        self.ask(look, show)

    def _show_picture(self, image: QImage | None) -> None:
        self.preview.show_image(image)
        width = PREVIEW_WIDTH - 44
        whole = self.preview.sizeHint()
        height = whole.height() * width // max(whole.width(), width, 1)
        self.preview.setFixedSize(width, max(height, 60))
        self.preview.setVisible(self.preview.stays_in_sight)
        self._scroll.verticalScrollBar().setValue(0)


def names_of_shift(connection: Connection, shift: str, texts: Texts) -> Names:
    """Return the names that the report of a shift needs: the same as its slip's."""
    state = shift_state(connection, shift)
    stream = stream_of_closing(connection, shift)
    station = station_of(stream) if stream else ""
    head = reference.letterhead(connection, station, texts)
    return Names(
        station=head.station,
        address=head.address,
        operator=operator_name(connection, state.closed_by) if state is not None else "",
        couriers={c.code: c.short_name for c in reference.couriers(connection)},
    )
