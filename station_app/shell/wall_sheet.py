"""The sheet for the wall: the ten keys of the day, in letters that are read from the chair.

It is made of what this station's rail offers and of the key table, so it cannot promise a page that
is not there.
"""

from collections.abc import Mapping

from station_app.printing.document import Column, Note, Receipt, Rule, Table, Title
from station_app.values.texts import Texts

KEYS_MAX = 10
# In the order of a day; what this station does not offer is left out, the last ones fill up.
PAGES = ("F2", "F3", "F4", "F5", "F6", "F8")
WORK = (("Enter", "enter"), ("Esc", "escape"), ("Ctrl+Z", "undo"), ("F1", "help"))
MORE = ("F9", "F12", "F7")
KEY_SIZE, WORDS_SIZE = 48, 40


def wall_sheet(rail: Mapping[str, str], texts: Texts) -> Receipt:
    """Return the sheet. rail: key → words of the pages that this station has."""
    pages = [(key, rail[key]) for key in PAGES if key in rail]
    work = [(key, texts.say(f"shell.wall.{words}")) for key, words in WORK]
    more = [(key, rail[key]) for key in MORE if key in rail]
    keys = [*pages, *work, *more][:KEYS_MAX]
    columns = (Column(38, size=KEY_SIZE, bold=True), Column(62, size=WORDS_SIZE))
    rows = tuple(Table(columns, (row,)) for row in keys)
    lines = [block for row in rows for block in (row, Rule("thin"))]
    return Receipt(
        (
            Title(texts.say("shell.wall.title")),
            Rule("solid"),
            *lines,
            Note(texts.say("shell.wall.scan"), size=28, bold=True, align="centre"),
            Note(texts.say("shell.wall.alt"), align="centre"),
        )
    )
