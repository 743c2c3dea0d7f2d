"""The rules of docs/STYLE.md as code: each check reads files and returns what offends it.

A check is one small function over one parsed file (or over the tree), and a finding is one line
that begins with `path:line`. tests/test_house.py runs them on the whole project and shows for
each that it bites.
"""

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("station_app", "county_server")

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 70
LINE_LENGTH_MAX = 100

BANNED_STEMS = {"util", "utils", "common", "misc", "helper", "helpers", "manager", "handler"}
BANNED_STEMS |= {"handlers", "data", "info", "processor"}
BANNED_ENDINGS = ("Manager", "Helper", "Handler", "Util", "Utils", "Data", "Info", "Processor")

MONEY_ROOMS = (
    "station_app/values/",
    "station_app/ledger/",
    "station_app/journal/",
    "station_app/services/*/facts.py",
    "station_app/services/*/commands.py",
    "station_app/services/*/rules.py",
)

AWAITED = "tests/awaited.py"  # where a process that cannot call back is looked at again

# Where the program may ask the world for the time, for chance or for the network, and why.
EDGES = {
    "station_app/__main__.py": "starts the program",
    "station_app/app.py": "makes the real clock, chance and links",
    "station_app/machine.py": "is the real clock and chance",
    "station_app/sync/http_link.py": "talks to the county",
    "station_app/devices/": "reads real devices, which have time-outs",
    "station_app/shell/tasks.py": "runs the threads",
    "county_server/__main__.py": "starts the server",
    "county_server/admission.py": "the queue before the county: it lets others go first",
    "county_server/messages/by_http.py": "talks to the gateway for messages",
    "county_server/app.py": "makes the server's real clock and chance",
}
WORLD = (
    "asyncio.sleep",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "os.urandom",
    "random",
    "requests",
    "secrets",
    "time.localtime",
    "time.monotonic",
    "time.sleep",
    "time.time",
    "time.time_ns",
    "urllib.request",
    "uuid",
)
_WORLD_DOTTED = tuple(f"{name}." for name in WORLD)
CONNECTIONS = ("conn", "_conn", "connection", "_connection", "db", "_db")


@dataclass(frozen=True)
class Source:
    """One Python file: its path from the root, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in it, once: a dozen checks go through it."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def names(self) -> dict[str, str]:
        """Name in this file → dotted name of what was imported under it."""
        found = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    first = alias.name.split(".", maxsplit=1)[0]
                    found[alias.asname or first] = alias.name if alias.asname else first
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        return found

    def at(self, node: ast.AST | int, what: str) -> str:
        """A finding: where, and what is wrong."""
        line = node if isinstance(node, int) else getattr(node, "lineno", 1)
        return f"{self.path}:{line}: {what}"

    def is_in(self, places: Iterable[str]) -> bool:
        """Whether the file lies in one of these folders ("…/") or fits one of these patterns."""
        return any(
            self.path.startswith(place) if place.endswith("/") else Path(self.path).match(place)
            for place in places
        )


Check = Callable[[Source], Iterator[str]]


def sources(*tops: str, root: Path = ROOT) -> Iterator[Source]:
    """Every Python file below the named folders, and the script `dev` when asked for.

    One after the other: all their trees at once take a third of a gigabyte.
    """
    for top in tops:
        place = root / top
        for file in [place] if place.is_file() else sorted(place.rglob("*.py")):
            yield Source(file.relative_to(root).as_posix(), file.read_text("utf-8"))


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """The full name that an expression stands for, "" when it is no imported name."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        before = dotted(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return ""


# --- Size and words ------------------------------------------------------------------------------


def sizes(source: Source) -> Iterator[str]:
    """A file, a function and a line have a limit, so that each can be read in one go."""
    lines = source.text.splitlines()
    if len(lines) > FILE_LINES_MAX:
        yield source.at(len(lines), f"file of {len(lines)} lines, at most {FILE_LINES_MAX}")
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_LENGTH_MAX:
            yield source.at(number, f"line of {len(line)} characters, at most {LINE_LENGTH_MAX}")
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                what = f"{node.name} has {length} lines, at most {FUNCTION_LINES_MAX}"
                yield source.at(node, what)


def module_docstrings(source: Source) -> Iterator[str]:
    """Every module that says anything says first what it is for."""
    if source.tree.body and not ast.get_docstring(source.tree):
        yield source.at(1, "no docstring: what is this module for, and why is it so?")


def public_docstrings(source: Source) -> Iterator[str]:
    """Every public function, class and method has a sentence. Qt's own overrides need none."""
    yield from undocumented(source, source.tree.body)


def undocumented(source: Source, body: list[ast.stmt]) -> Iterator[str]:
    """Walk one level of definitions, and down into public classes."""
    for node in body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        is_qt_override = isinstance(node, ast.FunctionDef) and re.search("[A-Z]", node.name)
        decorators = {ast.unparse(d).split(".")[-1] for d in node.decorator_list}
        if node.name.startswith("_") or is_qt_override or decorators & {"overload", "setter"}:
            continue
        if not ast.get_docstring(node):
            yield source.at(node, f"{node.name} has no docstring")
        if isinstance(node, ast.ClassDef):
            yield from undocumented(source, node.body)


def names_that_say_nothing(source: Source) -> Iterator[str]:
    """A shared thing has a real name."""
    for part in Path(source.path).with_suffix("").parts:
        if part in BANNED_STEMS:
            yield source.at(1, f"the name {part} says nothing")
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and node.name.endswith(BANNED_ENDINGS):
            yield source.at(node, f"the class name {node.name} says nothing")


def empty_service_packages(source: Source) -> Iterator[str]:
    """Services are listed in vocabulary and app, and nowhere else; importing one runs nothing."""
    is_package = source.is_in(["station_app/services/"]) and source.path.endswith("__init__.py")
    if is_package and source.text.strip():
        yield source.at(1, "the __init__.py of a service is empty")


def skipped_tests(source: Source) -> Iterator[str]:
    """A test that does not run proves nothing."""
    for node in source.nodes:
        if isinstance(node, ast.Attribute):
            name = dotted(node, source.names)
            if re.fullmatch(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)", name):
                yield source.at(node, f"{name}: a test runs, or it is deleted")


def slept(source: Source) -> Iterator[str]:
    """A test waits for what it wants, not for a time; one place looks again."""
    if source.path == AWAITED:
        return
    for node in source.nodes:
        if not isinstance(node, ast.Name | ast.Attribute) or not isinstance(node.ctx, ast.Load):
            continue
        if dotted(node, source.names) == "time.sleep":
            yield source.at(node, f"time.sleep: wait for the event, or by {AWAITED}")


# --- Money, time, chance, transactions -----------------------------------------------------------


def floats_near_money(source: Source) -> Iterator[str]:
    """Money is integer fen and weight integer grams: no float, and no division that makes one."""
    if not source.is_in(MONEY_ROOMS):
        return
    joins_paths = "pathlib.Path" in source.names.values()
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield source.at(node, f"float literal {node.value}")
        elif isinstance(node, ast.Name) and node.id == "float":
            yield source.at(node, "float")
        elif isinstance(getattr(node, "op", None), ast.Div) and not joins_paths:
            yield source.at(node, "`/` makes a float: use `//` and say how it rounds")


def world_asked_inside(source: Source) -> Iterator[str]:
    """Clock, chance and network are passed in; only the edges ask for them."""
    if source.is_in(EDGES):
        return
    for node in source.nodes:
        if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
            name = dotted(node, source.names)
            if "." in name and f"{name}.".startswith(_WORLD_DOTTED):
                yield source.at(node, f"{name} is asked for outside the edges")


def with_connection(source: Source) -> Iterator[str]:
    """`with db.conn` does not roll back what the database layer wrote; `atomic()` does."""
    for node in source.nodes:
        if isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                asked = item.context_expr
                name = asked.attr if isinstance(asked, ast.Attribute) else ""
                name = asked.id if isinstance(asked, ast.Name) else name
                if name in CONNECTIONS:
                    yield source.at(node, f"`with {ast.unparse(asked)}` is no transaction")


def kinds_and_classes(source: Source) -> Iterator[str]:
    """The wire's kind is the class in snake case with one dot: the one follows from the other."""
    for node in source.nodes:
        if not isinstance(node, ast.ClassDef):
            continue
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and ast.unparse(statement.target) == "KIND":
                if not isinstance(statement.value, ast.Constant):
                    continue
                kind = str(statement.value.value)
                snake = re.sub(r"(?<!^)(?=[A-Z])", "_", node.name).lower()
                if kind.count(".") != 1 or kind.replace(".", "_") != snake:
                    yield source.at(statement, f"kind {kind} of class {node.name}")


# --- Texts of the screen -------------------------------------------------------------------------


def catalogue_keys(folder: Path) -> set[str]:
    """Every key of the text catalogue: `<file>.<table>.….<name>`, and each table's own name."""
    found: set[str] = set()

    def walk(prefix: str, node: object) -> None:
        found.add(prefix)
        if isinstance(node, dict):
            for name, below in node.items():
                walk(f"{prefix}.{name}", below)

    for file in sorted(folder.glob("*.toml")):
        walk(file.stem, tomllib.loads(file.read_text("utf-8")))
    return found


def unknown_texts(source: Source, keys: set[str]) -> Iterator[str]:
    """Every key that code says stands in the catalogue; of a built key, what is literal of it."""
    for node in source.nodes:
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name not in ("say", "has"):
            continue
        key = node.args[0]
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            if key.value not in keys:
                yield source.at(node, f"no text {key.value}")
        elif isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
            start = str(key.values[0].value)
            if not any(known.startswith(start) for known in keys):
                yield source.at(node, f"no text begins with {start}")


def unknown_refusals(source: Source, keys: set[str]) -> Iterator[str]:
    """Every refusal has its words: reason `parcels.X` → text `parcels.refusal.X`."""
    for node in source.nodes:
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Refusal") and node.args:
            reason = node.args[0]
            if isinstance(reason, ast.Constant) and isinstance(reason.value, str):
                room, _, statement = reason.value.partition(".")
                if f"{room}.refusal.{statement}" not in keys:
                    yield source.at(node, f"no text {room}.refusal.{statement}")
