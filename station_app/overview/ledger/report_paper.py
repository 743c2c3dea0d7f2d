"""The day report on A4: the same layout for the PDF and for its picture on the screen.

Text stays text, so that it can be searched and copied; the type is the bundled one, so it looks
the same on every machine. Whatever somebody typed is escaped: it never becomes markup.
"""

from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextDocument,
)

from station_app.overview.ledger.day_report import Block, DayReport
from station_app.printing.paint import FAMILY
from station_app.values.texts import Texts

POINTS = 72  # the unit of the layout, an inch has so many
PAGE = (595.0, 842.0)  # A4 in points
MARGIN, FOOT_HEIGHT = 40.0, 26.0
SIZE, SMALL, LARGE = 9.5, 8.0, 17.0
PDF_DPI = 600
PICTURE_DPI = 110
# Of the columns, in hundredths, by how many there are: those of all blocks stand below each other.
WIDTHS = {2: (58, 42), 3: (36, 24, 40), 4: (46, 10, 22, 22)}
_INK = QColor("#13201C")


def write_report(report: DayReport, texts: Texts, path: Path) -> None:
    """Write the PDF to a path. Raises OSError."""
    path.touch()  # Qt says nothing of a place that cannot be written
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point)
    writer.setResolution(PDF_DPI)
    writer.setTitle(report.name)
    writer.setCreator(report.station)
    document = document_of(report)
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError(5, "the PDF could not be begun", str(path))
    painter.scale(PDF_DPI / POINTS, PDF_DPI / POINTS)
    for number in range(pages_of(document)):
        if number:
            writer.newPage()
        _paint_page(painter, document, (report, texts), number)
    if not painter.end() or path.stat().st_size == 0:
        raise OSError(28, "the PDF was not written whole", str(path))


def picture(report: DayReport, texts: Texts) -> QImage:
    """Return all pages below each other, for the screen."""
    document = document_of(report)
    count = pages_of(document)
    factor = PICTURE_DPI / POINTS
    image = QImage(
        round(PAGE[0] * factor), round(PAGE[1] * factor) * count, QImage.Format.Format_RGB32
    )
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.scale(factor, factor)
    for number in range(count):
        _paint_page(painter, document, (report, texts), number)
        painter.translate(0, PAGE[1])
    painter.end()
    return image


def pages_of(document: QTextDocument) -> int:
    """Return how many pages it takes."""
    return max(1, document.pageCount())


def document_of(report: DayReport) -> QTextDocument:
    """Return the report as it is laid out, in points."""
    document = QTextDocument()
    font = QFont(FAMILY)
    font.setPixelSize(1)  # replaced by the style below; no point size may depend on a screen
    document.setDefaultFont(font)
    document.setDocumentMargin(0)
    document.setDefaultStyleSheet(
        f"body {{ font-family: '{FAMILY}'; font-size: {SIZE}px; }}"
        f"td, th, p {{ font-size: {SIZE}px; }}"
        f".name {{ font-size: {LARGE}px; font-weight: bold; }}"
        f".small {{ font-size: {SMALL}px; color: #47564F; }}"
        ".title { font-weight: bold; }"
    )
    document.setHtml(f"<body>{''.join(_html(report))}</body>")
    height = PAGE[1] - 2 * MARGIN - FOOT_HEIGHT
    document.setPageSize(QSizeF(PAGE[0] - 2 * MARGIN, height))
    return document


def _html(report: DayReport) -> Iterator[str]:
    yield f"<p align='center' class='name'>{escape(report.station)} {escape(report.heading)}</p>"
    for line in report.meta:
        yield f"<p align='center' class='small'>{escape(line)}</p>"
    if report.left or report.right:
        yield from _columns(report)
    for block in report.below:
        yield _block(block)
    yield "<p>&nbsp;</p><table width='100%'><tr>"
    for label in report.signatures:
        yield f"<td width='33%'>{escape(label)} ____________________</td>"
    yield "</tr></table>"


def _columns(report: DayReport) -> Iterator[str]:
    yield "<table width='100%' cellspacing='0' cellpadding='0'><tr>"
    for column, pad in ((report.left, "right"), (report.right, "left")):
        inside = "".join(_block(block) for block in column)
        yield f"<td width='50%' style='padding-{pad}: 12px' valign='top'>{inside}</td>"
    yield "</tr></table>"


def _block(block: Block) -> str:
    title = f"<p class='title'>{escape(block.title)}</p>" if block.title else "<p>&nbsp;</p>"
    count = len(block.heads or block.rows[0]) if block.heads or block.rows else 0
    widths = block.widths or WIDTHS.get(count, (100,))
    heads = _row(block.heads, widths, bold=True, ground="#E4EAE7") if block.heads else ""
    rows = "".join(
        _row(row, widths, bold=number in block.bold, ground="")
        for number, row in enumerate(block.rows)
    )
    return f"{title}<table width='100%' cellspacing='0' cellpadding='2'>{heads}{rows}</table>"


def _row(cells: Sequence[str], widths: Sequence[int], *, bold: bool, ground: str) -> str:
    fill = f" bgcolor='{ground}'" if ground else ""
    made = []
    for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        words = f"<b>{escape(cell)}</b>" if bold else escape(cell)
        align = "left" if number == 0 else "right"
        made.append(f"<td width='{width}%' align='{align}'{fill}>{words or '&nbsp;'}</td>")
    return f"<tr>{''.join(made)}</tr>"


def _paint_page(
    painter: QPainter, document: QTextDocument, said: tuple[DayReport, Texts], number: int
) -> None:
    report, texts = said
    height = document.pageSize().height()
    painter.save()
    painter.translate(MARGIN, MARGIN - number * height)
    view = QRectF(0, number * height, document.pageSize().width(), height)
    document.drawContents(painter, view)
    painter.restore()
    painter.save()
    font = QFont(FAMILY)
    font.setPixelSize(8)
    painter.setFont(font)
    painter.setPen(_INK)
    foot = QRectF(MARGIN, PAGE[1] - MARGIN - FOOT_HEIGHT + 10, PAGE[0] - 2 * MARGIN, 16)
    painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, report.foot)
    pages = texts.say("ledger.report.page", number=number + 1, count=pages_of(document))
    painter.drawText(foot, Qt.AlignmentFlag.AlignRight, pages)
    painter.restore()
