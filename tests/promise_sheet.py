"""Which sentences of docs/PRODUCT.md a living test proves: `python3 dev promises`.

Each sentence of the specification has an id (`S2.14`). tests/promises.csv names, for an id, the
tests that would fail if the sentence were untrue, and the pictures that show it. A sentence
without a row is open; that is no error, a list with false rows is.
"""

import ast
import csv
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PRODUCT_PAGE = ROOT / "docs" / "PRODUCT.md"
SHEET = ROOT / "tests" / "promises.csv"
COLUMNS = ["id", "tests", "pictures"]

SENTENCE = re.compile(r"^\s*- \*\*(S\d+\.\d+)\*\* (.+)$")
NOT_RUN = re.compile(r"\bpytest\.(mark\.)?(skip|skipif|xfail|importorskip|long)\b")


@dataclass(frozen=True)
class Row:
    """One line of the sheet: a sentence's id, node ids of tests, paths of pictures."""

    id: str
    tests: tuple[str, ...]
    pictures: tuple[str, ...]


def sentences(page: str) -> list[tuple[str, str]]:
    """Every (id, sentence) of the specification, in its order."""
    found = (SENTENCE.match(line) for line in page.splitlines())
    return [(match[1], match[2]) for match in found if match]


def rows(sheet: str) -> list[Row]:
    """Every row of the sheet; raises ValueError when its columns are not the three."""
    lines = list(csv.reader(sheet.splitlines()))
    if not lines or lines[0] != COLUMNS:
        raise ValueError(f"the columns of the sheet are {','.join(COLUMNS)}")
    return [Row(line[0], parts(line[1]), parts(line[2])) for line in lines[1:] if line]


def parts(cell: str) -> tuple[str, ...]:
    """The entries of a cell, which are separated by |."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def numbering_errors(known: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Ids are never given twice and rise within a section, so that they can be quoted for ever."""
    last: dict[str, int] = {}
    for name, sentence in known:
        section, number = name.split(".")
        if int(number) <= last.get(section, 0):
            yield f"{name} does not rise: {sentence[:40]}"
        last[section] = int(number)


def sheet_errors(known: Mapping[str, str], sheet: Iterable[Row], root: Path) -> Iterator[str]:
    """What is false in the sheet: unknown or repeated ids, tests that are not there or not run."""
    seen: set[str] = set()
    for row in sheet:
        if row.id not in known:
            yield f"{row.id}: no sentence of the specification has this id"
        if row.id in seen:
            yield f"{row.id}: has two rows"
        seen.add(row.id)
        if not row.tests:
            yield f"{row.id}: names no test"
        for node in row.tests:
            trouble = node_trouble(node, root)
            if trouble:
                yield f"{row.id}: {node} {trouble}"
        for picture in row.pictures:
            if not (root / picture).is_file():
                yield f"{row.id}: {picture} does not exist"


def node_trouble(node: str, root: Path) -> str:
    """Why a pytest node id proves nothing; "" when its test is there and runs."""
    path, *names = node.split("[", maxsplit=1)[0].split("::")
    file = root / path
    if not file.is_file() or not Path(path).name.startswith("test_"):
        return "is no test file"
    if not names or not names[-1].startswith("test"):
        return "names no test"
    tree = parsed(file)
    scope: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef = tree
    around: list[str] = []
    for name in names:
        around += [ast.unparse(s) for s in scope.body if ast.unparse(s).startswith("pytestmark")]
        found = [n for n in scope.body if isinstance(n, DEFINITIONS) and n.name == name]
        if not found:
            return "does not exist"
        scope = found[-1]
        around += [ast.unparse(decorator) for decorator in scope.decorator_list]
    around.append(ast.unparse(scope))
    return "does not run in the suite" if NOT_RUN.search("\n".join(around)) else ""


DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@cache
def parsed(file: Path) -> ast.Module:
    """A test file, read once."""
    return ast.parse(file.read_text("utf-8"))


def open_sentences(known: Mapping[str, str], sheet: Iterable[Row]) -> dict[str, str]:
    """Id → sentence of everything that no row proves."""
    proved = {row.id for row in sheet if row.tests}
    return {name: sentence for name, sentence in known.items() if name not in proved}


def main() -> int:
    """Print what is open, then the count; status 1 when the sheet itself is false."""
    known = dict(sentences(PRODUCT_PAGE.read_text("utf-8")))
    sheet = rows(SHEET.read_text("utf-8"))
    errors = list(sheet_errors(known, sheet, ROOT))
    for error in errors:
        sys.stderr.write(f"{error}\n")
    left = open_sentences(known, sheet)
    for name, sentence in left.items():
        sys.stdout.write(f"{name:7} {sentence}\n")
    proved = len(known) - len(left)
    sys.stdout.write(f"{proved} of {len(known)} sentences are proved by a test\n")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
