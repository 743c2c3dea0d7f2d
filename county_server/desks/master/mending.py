"""A draft with bad rows, put right on the page: by cell, without them, or taken along as a file.

Lines count as an editor counts them, the head being 1, and a row that spans several lines is named
by its first; what is written back leaves every other row on its line, so that the findings go on
naming the same places.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from county_server.desks.master.drafts import Draft
from county_server.master import Problems
from county_server.sheets import Problem
from station_app.values.cells import cell_text
from station_app.values.texts import Texts

HEAD = 1
Change = Callable[[int, list[str]], list[str]]


@dataclass(frozen=True, slots=True)
class BadCell:
    """A place that is wrong. says: where, what, and what to do; what: without where.

    found: what stands there now; may_mend: it is one cell of a row, which may be typed anew.
    """

    line: int
    column: str
    found: str
    says: str
    may_mend: bool
    what: str = ""


def is_partly_good(draft: Draft, problems: Problems) -> bool:
    """Tell whether only rows are bad, not the sheet as a whole, its head or its encoding."""
    try:
        draft.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return all(problem.line > HEAD for problem in problems.found)


def bad_cells(draft: Draft, problems: Problems, texts: Texts) -> list[BadCell]:
    """Return the places that are wrong with what stands there, each in words."""
    rows = dict(_rows(draft)) if is_partly_good(draft, problems) else {}
    head = rows.get(HEAD, [])
    return [
        _bad_cell(problem, head, rows.get(problem.line, []), texts) for problem in problems.found
    ]


def _bad_cell(problem: Problem, head: list[str], cells: list[str], texts: Texts) -> BadCell:
    at = head.index(problem.column) if problem.column in head else -1
    found = cells[at].strip() if 0 <= at < len(cells) else ""
    may_mend = at >= 0 and bool(cells)
    says, what = problem.say(texts), problem.say_what(texts)
    return BadCell(problem.line, problem.column, found, says, may_mend, what)


def heads(draft: Draft) -> tuple[str, ...]:
    """Return the columns of a draft."""
    return next((tuple(cell.strip() for cell in cells) for _, cells in _rows(draft)), ())


def lines_by_code(draft: Draft, columns: Sequence[str]) -> dict[str, int]:
    """Return on which line of a draft each publication stands. columns: that make its key."""
    head = heads(draft)
    if not set(columns) <= set(head):
        return {}
    places = [head.index(column) for column in columns]
    return {
        "|".join(cells[at].strip() if at < len(cells) else "" for at in places): line
        for line, cells in _rows(draft)
        if cells and line > HEAD
    }


def with_cells(draft: Draft, typed: Mapping[tuple[int, str], str]) -> bytes:
    """Return the sheet of a draft with other words in these cells, by (line, column)."""
    head: list[str] = []

    def mended(line: int, cells: list[str]) -> list[str]:
        if line == HEAD:
            head[:] = [cell.strip() for cell in cells]
            return cells
        width = max(len(cells), 1 + max(_places(head, typed, line), default=-1))
        wide = [*cells, *[""] * (width - len(cells))]
        return [
            typed.get((line, head[at] if at < len(head) else ""), cell)
            for at, cell in enumerate(wide)
        ]

    return _written(draft, mended)


def _places(head: list[str], typed: Mapping[tuple[int, str], str], line: int) -> list[int]:
    return [head.index(column) for at, column in typed if at == line and column in head]


def without_bad(draft: Draft, problems: Problems) -> bytes:
    """Return the sheet of a draft with an empty line for every bad row: the others keep theirs."""
    bad = {problem.line for problem in problems.found}
    return _written(draft, lambda line, cells: [] if line in bad else cells)


def bad_rows(draft: Draft, problems: Problems, says: Sequence[str], head: str) -> bytes:
    """Return the bad rows as a sheet of their own, with what is wrong behind each. head: above."""
    told: dict[int, list[str]] = {}
    for problem, words in zip(problems.found, says, strict=True):
        told.setdefault(problem.line, []).append(words)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for line, cells in _rows(draft):
        if line == HEAD:
            writer.writerow([*map(cell_text, cells), head])
        elif line in told:
            writer.writerow([*map(cell_text, cells), "；".join(told[line])])
    return f"\ufeff{out.getvalue()}".encode()


def _rows(draft: Draft) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with the line on which it begins."""
    reader = csv.reader(io.StringIO(draft.content.decode("utf-8-sig"), newline=""))
    begins = HEAD
    for cells in reader:
        yield begins, cells
        begins = reader.line_num + 1


def _written(draft: Draft, change: Change) -> bytes:
    text = draft.content.decode("utf-8-sig")
    reader, out = csv.reader(io.StringIO(text, newline="")), io.StringIO()
    writer, begins = csv.writer(out), HEAD
    for cells in reader:
        kept = change(begins, cells) if cells else []
        lines = reader.line_num - begins + 1
        if kept:
            before = out.tell()
            writer.writerow(kept)
            written = out.getvalue()[before:].count("\n")
            out.write("\r\n" * (lines - written))
        else:
            out.write("\r\n" * lines)
        begins = reader.line_num + 1
    return out.getvalue().encode()
