"""Sample sheets: a heading that the program knows, and a second leaf that says how to fill it in.

The first leaf holds nothing but the heading: an example that somebody forgets to delete would
become a villager.
"""

import io

from station_app.services.opening.columns import DEBTS, KINDS, PARCELS, PEOPLE
from station_app.values.texts import Texts

FIELDS = {
    PEOPLE: ("name", "phone", "hamlet", "household", "id_number", "nickname", "remark"),
    DEBTS: ("kind", "name", "phone", "courier", "amount", "remark"),
    PARCELS: ("waybill", "courier", "name", "phone", "cod", "freight", "day", "shelf"),
}
NOTES_MAX = 8
WIDTH = 16  # characters of a column


def sample_name(kind: str, texts: Texts) -> str:
    """Return the name of the file of a sample."""
    return texts.say(f"opening.sample.{kind}_file")


def sample(kind: str, texts: Texts) -> bytes:
    """Return a workbook to fill in."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    assert kind in KINDS
    book = Workbook()
    leaf = book.active
    leaf.title = texts.say("opening.sample.leaf")
    for column, name in enumerate(FIELDS[kind], start=1):
        cell = leaf.cell(1, column, texts.say(f"opening.field.{name}"))
        cell.font = Font(bold=True)
        letter = cell.column_letter
        leaf.column_dimensions[letter].width = WIDTH
        leaf.column_dimensions[letter].number_format = "@"
        for row in range(2, 202):
            leaf.cell(row, column).number_format = "@"  # text: no number loses its digits
    leaf.freeze_panes = "A2"
    how = book.create_sheet(texts.say("opening.sample.how"))
    how.column_dimensions["A"].width = 90
    for row in range(1, NOTES_MAX + 1):
        key = f"opening.sample.{kind}_{row}"
        if texts.has(key):
            how.cell(row, 1, texts.say(key))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
