"""The books as a workbook (XLSX): day book, balances, people with masked names, papers.

Numbers are numbers and text is text: nothing that anybody typed is ever a formula, a link or a
date (`values.cells`). It is written row by row, so ten years need no more memory than a day.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from station_app.journal.cuts import Cut
from station_app.journal.log import Connection
from station_app.ledger.posting import CNY, PCS
from station_app.overview.ledger.account_words import AccountWords, kinds_in_words, unit_of
from station_app.overview.ledger.day_book import acts_in_day
from station_app.overview.ledger.day_index import day_beside, first_day, last_day
from station_app.overview.ledger.papers_book import papers_of_day
from station_app.overview.ledger.people_book import everybody
from station_app.overview.ledger.trial import trial
from station_app.services.people.records import operator_name
from station_app.values.cells import cell_text
from station_app.values.day import local_time
from station_app.values.masks import mask_name
from station_app.values.texts import Texts

ROWS_MAX = 1_000_000  # a sheet has 1,048,576; what is more goes on in another one
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
Value = str | int | Decimal
DAY_HEADS = (
    "day", "time", "number", "act", "what", "account", "debit", "credit", "unit", "who", "kind",
    "account_name",
)  # fmt: skip
BALANCE_HEADS = ("group", "account", "debit", "credit", "unit", "account_name")
PEOPLE_HEADS = ("person", "owes", "held", "due", "unit")
PAPER_HEADS = ("day", "time", "number", "what", "who", "act")
WIDTHS = {
    "day": 12, "time": 7, "number": 34, "act": 20, "what": 28, "account": 26, "unit": 6,
    "kind": 34, "account_name": 46,
}  # fmt: skip
AMOUNTS = ("debit", "credit", "owes", "held", "due")
WIDTH, A4 = 13, 9  # of any other column, in characters; as the format numbers papers
HEAD_GROUND = "#E4E9E7"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What goes into the workbook. first, last: days, "" for all; upto: the cut, None for now.

    cut_words: how the cut is said on top of the balances.
    """

    title: str
    first: str = ""
    last: str = ""
    upto: Cut | None = None
    cut_words: str = ""


def write_workbook(connection: Connection, texts: Texts, wanted: Wanted, path: Path) -> int:
    """Write the workbook to a path; return how many rows it has. Raises OSError."""
    with tempfile.TemporaryDirectory() as folder:
        return _write(connection, texts, wanted, (path, folder))


def _write(connection: Connection, texts: Texts, wanted: Wanted, places: tuple[Path, str]) -> int:
    """Write to places[0]; what grows meanwhile lies in places[1], which goes whatever happens."""
    book = xlsxwriter.Workbook(str(places[0]), OPTIONS | {"tmpdir": places[1]})
    words = AccountWords(texts, is_masked=True)
    sheets = _Sheets(book, texts)
    sheets.write("day_book", DAY_HEADS, _day_rows(connection, texts, words, wanted))
    sheets.write("balances", BALANCE_HEADS, _balance_rows(connection, texts, words, wanted))
    sheets.write("people", PEOPLE_HEADS, _people_rows(connection, texts, words))
    sheets.write("papers", PAPER_HEADS, _paper_rows(connection, texts, wanted))
    close_book(book)
    return sheets.rows


def close_book(book: Any) -> None:
    """Write a workbook to the disk. Raises OSError."""
    try:
        book.close()
    except xlsxwriter.exceptions.FileCreateError as problem:
        cause = problem.args[0] if problem.args else problem
        raise (cause if isinstance(cause, OSError) else OSError(str(problem))) from problem


class _Sheets:
    """Writes sheets whose first row names the columns and stays in sight."""

    def __init__(self, book: Any, texts: Texts) -> None:
        self._book = book
        self._texts = texts
        head = {"bold": True, "bg_color": HEAD_GROUND, "bottom": 1}
        self._bold = book.add_format(head)
        self._over_amounts = book.add_format(head | {"align": "right"})
        self._money = book.add_format({"num_format": "#,##0.00"})
        self.rows = 0

    def write(self, name: str, heads: Sequence[str], rows: Iterator[Sequence[Value]]) -> None:
        sheet, line = self._begin(name, heads, 1), 1
        part = 1
        for row in rows:
            if line > ROWS_MAX:
                part += 1
                sheet, line = self._begin(name, heads, part), 1
            for column, value in enumerate(row):
                write_cell(sheet, (line, column), value, self._money)
            line += 1
            self.rows += 1

    def _begin(self, name: str, heads: Sequence[str], part: int) -> Any:
        title = self._texts.say(f"ledger.file.{name}")
        sheet = self._book.add_worksheet(title if part == 1 else f"{title} {part}")
        for column, head in enumerate(heads):
            look = self._over_amounts if head in AMOUNTS else self._bold
            sheet.write_string(0, column, self._texts.say(f"ledger.file.{head}"), look)
            sheet.set_column(column, column, WIDTHS.get(head, WIDTH))
        sheet.freeze_panes(1, 0)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        return sheet


def write_cell(sheet: Any, place: tuple[int, int], value: Value, money: Any) -> None:
    """Write one value: money as a number with two decimals, text as text whatever it begins with.

    place: row and column. An empty text writes nothing.
    """
    if isinstance(value, Decimal):
        sheet.write_number(*place, value, money)
    elif isinstance(value, int):
        sheet.write_number(*place, value)
    elif value:
        sheet.write_string(*place, cell_text(value))


# --- The rows ------------------------------------------------------------------------------------


def days_wanted(connection: Connection, wanted: Wanted) -> Iterator[str]:
    """Yield the days with facts from the first to the last wanted."""
    day = wanted.first or first_day(connection)
    last = wanted.last or last_day(connection)
    while day and day <= last:
        yield day
        day = day_beside(connection, day, 1)


def _day_rows(
    connection: Connection, texts: Texts, words: AccountWords, wanted: Wanted
) -> Iterator[Sequence[Value]]:
    for day in days_wanted(connection, wanted):
        for act in acts_in_day(connection, day, wanted.upto):
            what = kinds_in_words(texts, act.kinds)
            who = mask_name(operator_name(connection, act.by))
            for entry in act.entries:
                debit, credit = sides(entry.amount, entry.commodity)
                yield (
                    day, local_time(act.at), f"{act.stream} {entry.seq}", act.act, what,
                    words.name(connection, entry.account), debit, credit,
                    unit_words(connection, texts, entry.commodity), who,
                    " ".join(dict.fromkeys(act.kinds)), entry.account,
                )  # fmt: skip


def _balance_rows(
    connection: Connection, texts: Texts, words: AccountWords, wanted: Wanted
) -> Iterator[Sequence[Value]]:
    if wanted.cut_words:
        yield (texts.say("ledger.file.cut", words=wanted.cut_words),)
    for group, rows in trial(connection, wanted.upto).groups:
        for row in rows:
            debit, credit = sides(row.amount, row.commodity)
            if row.is_secret:
                debit, credit = texts.say("ledger.trial.not_counted"), ""
            yield (
                texts.say(f"ledger.group.{group}"), words.name(connection, row.account),
                debit, credit, unit_words(connection, texts, row.commodity), row.account,
            )  # fmt: skip


def _people_rows(
    connection: Connection, texts: Texts, words: AccountWords
) -> Iterator[Sequence[Value]]:
    for book in everybody(connection, words):
        yield (
            words.person(connection, book.person), yuan(book.owes_fen), yuan(book.held_fen),
            yuan(book.due_fen), texts.say("ledger.file.yuan"),
        )  # fmt: skip


def _paper_rows(connection: Connection, texts: Texts, wanted: Wanted) -> Iterator[Sequence[Value]]:
    for day in days_wanted(connection, wanted):
        for paper in reversed(papers_of_day(connection, day, wanted.upto)):
            yield (
                day, local_time(paper.at), paper.number, kinds_in_words(texts, (paper.kind,)),
                mask_name(operator_name(connection, paper.by)), paper.act,
            )  # fmt: skip


def sides(amount: int, commodity: str) -> tuple[Value, Value]:
    """Return debit and credit of an amount, the other one empty: yuan, pieces or grams."""
    shown: Value = yuan(abs(amount)) if commodity == CNY else abs(amount)
    return (shown, "") if amount > 0 else ("", shown)


def yuan(fen: int) -> Decimal:
    """Return fen as yuan with two decimals: the number that a cell holds."""
    return Decimal(fen).scaleb(-2)


def unit_words(connection: Connection, texts: Texts, commodity: str) -> str:
    """Return the unit in which an amount of a commodity is given in a file."""
    if commodity == CNY:
        return texts.say("ledger.file.yuan")
    if commodity == PCS:
        return texts.say("ledger.file.piece")
    is_weighed = unit_of(connection, commodity).is_weighed
    return texts.say("ledger.file.gram" if is_weighed else "ledger.file.each")
