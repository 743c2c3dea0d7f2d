"""No paper of the product is forgotten: each that the program can make is among those looked at.

Whatever draws papers does so in a function of plain data, so that it can be made without a station;
such a function that none of the sample papers comes from has never been printed, read and compared.
"""

import ast
from collections.abc import Iterator

from station_app.printing.document import Label, Receipt
from station_app.printing.forms import slip
from tests.house import Source, dotted, sources
from tests.printing import golden

MAKES = {f"{made.__module__}.{made.__qualname__}" for made in (slip, Receipt, Label)}
ENGINE = "station_app/printing/"  # it turns papers round; its own forms are called by the samples
SAMPLES = ("tests/printing", "tests/services")


def module_of(source: Source) -> str:
    return source.path.removesuffix(".py").replace("/", ".")


def called(source: Source, inside: ast.AST | None = None) -> set[str]:
    """Dotted names of what is called in a file, or in a part of it; its own functions, too."""
    names = {
        node.name: f"{module_of(source)}.{node.name}"
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef)
    } | source.names
    nodes = source.nodes if inside is None else tuple(ast.walk(inside))
    return {dotted(node.func, names) for node in nodes if isinstance(node, ast.Call)}


def drawing() -> Iterator[tuple[str, str]]:
    """(where, dotted name) of each function that puts a paper together, "" for a method."""
    for source in sources("station_app"):
        if source.path.startswith(ENGINE) or not any(
            word in source.text for word in ("slip(", "Receipt(", "Label(")
        ):
            continue
        own = {node.name: node for node in source.tree.body if isinstance(node, ast.FunctionDef)}
        for node in source.nodes:
            if isinstance(node, ast.FunctionDef) and called(source, node) & MAKES:
                name = f"{module_of(source)}.{node.name}"
                if own.get(node.name) is not node:
                    yield source.at(node, node.name), ""
                elif node.name.startswith("_"):
                    users = [f"{module_of(source)}.{one}" for one, body in own.items()
                             if name in called(source, body)]  # fmt: skip
                    yield from ((source.at(node, one), one) for one in users)
                else:
                    yield source.at(node, node.name), name


def test_every_paper_that_the_program_can_make_is_among_the_papers_looked_at():
    sampled: set[str] = set()
    for source in sources(*SAMPLES):
        if source.path.rsplit("/", 1)[-1] in sheets():
            sampled |= called(source)
    found = list(drawing())
    assert len(found) > 40, "the search finds papers"
    assert [where for where, name in found if name not in sampled] == []


def sheets() -> set[str]:
    """Names of the files that the sample papers stand in."""
    return {"papers.py", "slips.py", "golden.py"} | {
        file.name for file in golden.FOLDER.parent.glob("samples*.py")
    }
