"""Reading CSV sheets that people made: every cell that cannot be used is named, none is guessed.

Sheets come out of Excel on somebody's desk. So a byte-order mark is fine, another encoding is not;
quotes are read strictly, because a lost quote swallows rows; and whatever a reader cannot see, or
a spreadsheet would run as a formula, is refused before it becomes a name in the journal.

Nothing is raised for what stands in a sheet: findings are collected, so that one look at the list
is enough to put a whole sheet right.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from station_app.journal.fact import Body
from station_app.values.day import is_day
from station_app.values.money import parse_yuan
from station_app.values.texts import Texts

B = TypeVar("B", bound=Body)
FILE_BYTES_MAX = 16 * 1024 * 1024  # a county's register is a tenth of it
WHOLE_SHEET = 0  # the line of a problem that no single line has
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FORMULA = re.compile(r"[=+@]|-(?![0-9])")
FEN = "_fen"  # in the head of a column of amounts
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where.

    line: as an editor counts, the header being 1; WHOLE_SHEET when it is not about one line.
    column: its header, "" when it is not about one cell. detail: for engineers, in English.
    """

    file: str
    line: int
    column: str
    reason: str
    slots: Mapping[str, str | int]
    detail: str

    def say(self, texts: Texts) -> str:
        """Return one sentence that names the place and what to do there."""
        what = self.say_what(texts)
        place = texts.say("county.place.file", file=self.file)
        if self.line != WHOLE_SHEET:
            place += texts.say("county.place.line", line=self.line)
        if self.column:
            place += texts.say("county.place.column", column=self.column)
        return texts.say("county.place.sentence", place=place, what=what)

    def say_what(self, texts: Texts) -> str:
        """Return what to do there, for a reader who sees the place."""
        return texts.say(f"county.problem.{self.reason}", **self.slots)


@dataclass(slots=True)
class Row:
    """One line of a sheet. Its readers return a value, and note a problem when there is none."""

    file: str
    line: int
    cells: Mapping[str, str]
    problems: list[Problem]

    def note(self, column: str, reason: str, detail: str, **slots: str | int) -> None:
        """Note what is wrong with a cell."""
        self.problems.append(Problem(self.file, self.line, column, reason, slots, detail))

    def cell(self, *columns: str) -> str:
        """Return the cell of the first of these columns that the sheet has, "" for none."""
        return next((self.cells[name] for name in columns if name in self.cells), "")

    def text(self, column: str, *, most: int, needed: bool = True) -> str:
        """Return a cell of at most so many characters."""
        cell = self.cell(column)
        if needed and not cell:
            self.note(column, "MISSING", "the cell is empty")
        if len(cell) > most:
            self.note(column, "TOO_LONG", f"{len(cell)} characters, at most {most}", most=most)
        return cell

    def matching(self, column: str, form: re.Pattern[str], example: str) -> str:
        """Return a cell that has this form."""
        cell = self.cell(column)
        if not form.fullmatch(cell):
            detail = f"{cell!r} does not match {form.pattern}"
            self.note(column, "WRONG_FORM", detail, found=cell, example=example)
        return cell

    def one_of(self, column: str, allowed: Collection[str]) -> str:
        """Return a cell that is one of these words."""
        cell = self.cell(column)
        if cell not in allowed:
            words = " / ".join(word for word in allowed if word)
            self.note(column, "NOT_ONE_OF", f"{cell!r} is none of {words}", found=cell, words=words)
        return cell

    def number(self, column: str, least: int, most: int, default: int | None = None) -> int:
        """Return a whole number within bounds; `default` when the sheet says nothing."""
        cell = self.cell(column)
        if not cell and default is not None:
            return default
        if not cell:
            self.note(column, "MISSING", "the cell is empty")
            return least
        fen = parse_yuan(cell) if FEN in column and "." in cell else None
        if fen is not None:
            self.note(column, "IN_YUAN", f"{cell!r} is in yuan", found=cell, fen=int(fen))
            return least
        if not _NUMBER.fullmatch(cell) or not least <= int(cell) <= most:
            detail = f"{cell!r} is no whole number from {least} to {most}"
            self.note(column, "NOT_A_NUMBER", detail, found=cell, least=least, most=most)
            return least
        return int(cell)

    def from_day(self, column: str = "from_day") -> str:
        """Return the day from which the row holds, "" for at once."""
        cell = self.cell(column)
        if cell and not is_day(cell):
            self.note(column, "WRONG_FORM", f"{cell!r} is no day", found=cell, example="2026-12-01")
        return cell

    def dated(self, said: B, later: type[B]) -> B:
        """Return a publication, as the version that begins later if the row names a day.

        later: that version. Without a day an older program reads what is said, too.
        """
        from_day = self.from_day()
        return later(**msgspec.structs.asdict(said), from_day=from_day) if from_day else said


@dataclass(slots=True)
class Sheet:
    """A sheet as far as it could be read, and everything that is wrong with it."""

    file: str
    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def note(self, line: int, reason: str, detail: str, **slots: str | int) -> None:
        """Note what is wrong with a line, or with the whole sheet."""
        self.problems.append(Problem(self.file, line, "", reason, slots, detail))


def read_sheet(path: Path, needed: Sequence[str] = (), *, refuses_formulas: bool = True) -> Sheet:
    """Read a sheet whose header has the `needed` columns, and others or not.

    refuses_formulas: whether a cell that a spreadsheet would run is a problem.
    """
    sheet = Sheet(path.name)
    text = _text_of(path, sheet)
    if text is None:
        return sheet
    lines = _records(text, sheet)
    header = next(lines, None)
    if header is None:
        if not sheet.problems:
            sheet.note(WHOLE_SHEET, "EMPTY_FILE", "no header line")
        return sheet
    if not _take_header(sheet, header[1], needed):
        return sheet
    for line, cells in lines:
        _take_row(sheet, line, cells, refuses_formulas=refuses_formulas)
    if not sheet.rows and not sheet.problems:
        sheet.note(WHOLE_SHEET, "NO_ROWS", "nothing below the header")
    return sheet


def sheet_of_rows(
    name: str, rows: Iterable[tuple[int, Sequence[str]]], needed: Sequence[str] = ()
) -> Sheet:
    """Return a sheet of rows that were read elsewhere, the first of them its header.

    rows: (line, cells); a spreadsheet leaves out empty cells at the end of a row.
    """
    sheet, lines = Sheet(name), iter(rows)
    header = next(lines, None)
    if header is None:
        sheet.note(WHOLE_SHEET, "EMPTY_FILE", "no header line")
        return sheet
    if _take_header(sheet, header[1], needed):
        for line, cells in lines:
            padded = [*cells, *("" for _ in range(len(sheet.columns) - len(cells)))]
            _take_row(sheet, line, padded, refuses_formulas=True)
    return sheet


def _text_of(path: Path, sheet: Sheet) -> str | None:
    try:
        size = path.stat().st_size
        if size > FILE_BYTES_MAX:
            megabytes = FILE_BYTES_MAX // 1024 // 1024
            sheet.note(WHOLE_SHEET, "FILE_TOO_BIG", f"{size} bytes", most=megabytes)
            return None
        content = path.read_bytes()
    except OSError as problem:
        sheet.note(WHOLE_SHEET, "UNREADABLE_FILE", str(problem))
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        guess = _encoding_of(content)
        detail = f"byte {problem.start} is no UTF-8: {problem.reason}"
        sheet.note(line, "NOT_UTF_8", detail, guess=guess)
        return None


def _encoding_of(content: bytes) -> str:
    """Guess in which encoding a sheet was saved, so that the words can name it."""
    if content.startswith(_UTF_16_MARKS):
        return "UTF-16"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "?"
    return "GBK"


def _records(text: str, sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that are not blank, each with the number of its first one."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            sheet.note(line, "BROKEN_QUOTES", f"{problem}, read up to line {reader.line_num}")
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _take_header(sheet: Sheet, cells: Sequence[str], needed: Sequence[str]) -> bool:
    names = [cell.strip() for cell in cells]
    sheet.columns = tuple(names)
    if len(names) == 1 and re.search(r"[;\t]", names[0]):
        sheet.note(1, "WRONG_SEPARATOR", "cells are not separated by commas")
        return False
    for name in dict.fromkeys(names):
        if name and names.count(name) > 1:
            sheet.note(1, "COLUMN_TWICE", f"{name!r} twice", column=name)
    for name in needed:
        if name not in names:
            sheet.note(1, "COLUMN_MISSING", f"no column {name!r}", column=name)
    return not sheet.problems


def _take_row(sheet: Sheet, line: int, cells: Sequence[str], *, refuses_formulas: bool) -> None:
    wanted = len(sheet.columns)
    if len(cells) != wanted:
        detail = f"{len(cells)} cells below {wanted} columns"
        sheet.note(line, "CELL_COUNT", detail, found=len(cells), wanted=wanted)
        return
    kept: dict[str, str] = {}
    row = Row(sheet.file, line, kept, sheet.problems)
    for column, cell in zip(sheet.columns, cells, strict=True):
        text = unicodedata.normalize("NFC", cell.strip(" \u3000"))
        hidden = next((sign for sign in text if _is_hidden(sign)), "")
        if hidden:
            name = f"U+{ord(hidden):04X}"
            row.note(column, "HIDDEN_SIGN", f"{name} in the cell", sign=name)
        elif refuses_formulas and _FORMULA.match(text):
            row.note(column, "FORMULA", f"begins as a formula: {text[:20]!r}", found=text[:20])
        kept[column] = text
    sheet.rows.append(row)


def _is_hidden(sign: str) -> bool:
    """Tell whether nobody sees this sign: controls, line ends, format marks, what replaces loss."""
    return unicodedata.category(sign) in ("Cc", "Cf", "Co", "Zl", "Zp") or sign == "\ufffd"
