"""A list that leaves as a file, A4 or a workbook: plain data, whoever writes it.

What somebody typed stands in it as text; whoever writes it sees to it that text stays text.
"""

from dataclasses import dataclass

PDF, XLSX = "pdf", "xlsx"


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the list. heads: of its columns; numbers stay numbers in a workbook."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class ListFile:
    """The list. name: of the file, without ending; signatures: who signs on paper."""

    name: str
    station: str
    heading: str
    meta: tuple[str, ...]
    sections: tuple[Section, ...]
    signatures: tuple[str, ...]
    foot: str
