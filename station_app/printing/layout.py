"""The one layout engine: a document becomes pieces at places, before anything is drawn.

It is pure. It knows characters only by how wide they are (`Metrics`), so the same paper comes out
on every machine, and a test needs no screen. Receipts flow (`flow.py`); labels have their boxes.
"""

from station_app.printing.document import (
    Box,
    Code128,
    Fill,
    Frame,
    Label,
    QrCode,
    Receipt,
    Text,
    clean,
)
from station_app.printing.flow import flow
from station_app.printing.grid import CELL, snapped
from station_app.printing.stick import Layout, Metrics, Stick, TooLarge, aligned

MARK_SIZE = 24
INVERSE_EDGE = 8  # black left and right of white words, so that they do not touch the edge


def lay_out(
    document: Receipt | Label, metrics: Metrics, *, width: int | None = None, mark: str = ""
) -> Layout:
    """Lay a paper out for a printer `width` dots wide (the document's own if None).

    mark: what a copy says of itself ("补打 1"), drawn on the paper. A label that is wider than the
    printer's roll gives way to its smaller form; TooLarge if it has none. A receipt flows into any
    width.
    """
    if isinstance(document, Receipt):
        stick = Stick(metrics)
        return flow(document.blocks, width or document.width, stick, mark=clean(mark))
    return _label(_fitting(document, width), Stick(metrics), clean(mark))


def lay_out_on_grid(
    document: Receipt | Label, grid: Metrics, *, width: int, mark: str = ""
) -> Layout:
    """Lay a paper out in the sizes of a printer's own type (`grid.GridType`)."""
    stick = Stick(grid, least=CELL, step=CELL)
    document = snapped(document)
    if isinstance(document, Receipt):
        return flow(document.blocks, width, stick, mark=clean(mark), on_grid=True)
    return _label(_fitting(document, width), stick, clean(mark))


def _fitting(label: Label, width: int | None) -> Label:
    """Return a label, or its smaller form if the roll is too narrow for it."""
    if width is None or label.width <= width:
        return label
    if label.smaller is None:
        raise TooLarge(f"a label of {label.width} dots on a roll of {width}")
    return _fitting(label.smaller, width)


def _label(label: Label, stick: Stick, mark: str) -> Layout:
    for element in label.elements:
        box = element.box
        if isinstance(element, Text):
            _text(stick, element)
        elif isinstance(element, Code128):
            stick.bars(element.text, element.module, (box.x, box.y), (box.width, box.height))
        elif isinstance(element, QrCode):
            _qr(stick, element)
        elif isinstance(element, Fill) and element.dashed:
            stick.dashes(box.x, box.y, box.width)
        elif isinstance(element, Fill):
            stick.ink(box.x, box.y, box.width, box.height)
        elif isinstance(element, Frame):
            stick.frame(box.x, box.y, (box.width, box.height), element.thick)
    if mark:
        _text(stick, _mark(label.mark, mark))
    return Layout(label.width, label.height, tuple(stick.pieces), tuple(stick.shortened))


def _qr(stick: Stick, element: QrCode) -> None:
    """Place a code in the middle of its box; the white around it lies outside the box."""
    box = element.box
    rows, module = stick.fit_qr(element.text, element.module, min(box.width, box.height))
    side = len(rows) * module
    at = (box.x + (box.width - side) // 2, box.y + (box.height - side) // 2)
    stick.cells(at, module, rows, element.text)


def _mark(box: Box, mark: str) -> Text:
    return Text(box, mark, MARK_SIZE, bold=True, align="centre", inverse=True)


def _text(stick: Stick, element: Text) -> None:
    """Place one line in its box, in the middle of its height."""
    box = element.box
    x, room = box.x, box.width
    if element.inverse:
        stick.ink(box.x, box.y, box.width, box.height)
        x, room = x + INVERSE_EDGE, room - 2 * INVERSE_EDGE
    bold = element.bold or element.inverse
    text, size, width = stick.fit(
        clean(element.text), room, element.size, bold=bold, least=element.size_min
    )
    left = aligned(x, room, width, element.align)
    top = box.y + (box.height - size) // 2
    if element.inverse:
        stick.white_words(left, top, text, size)
    else:
        stick.words(left, top, text, size, bold=bold)
