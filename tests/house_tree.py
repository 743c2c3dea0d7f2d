"""Rules that need more than one file: documents, walls, pins, standing alone."""

import argparse
import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.house import ROOT, Source

# Where a backticked name in a document is a path of this project.
PLACES = {"station_app", "county_server", "tests", "resources", "docs", "requirements"}
PLACES |= {"installer", ".ci", ".githooks"}
ROOT_FILES = ("dev", "build.spec", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE")

# Paths that the design names and that come later, and why. Nothing else may be missing.
TO_COME = {
    "tests/old_journals": "each release leaves its journal there; there has been no release yet",
}

OUTSIDE = ("." + "./shared", ".lib" + "rary", "/work" + "/", "/tmp" + "/venv", "/tmp" + "/brief")

# Modules of a service that may know the screen (offer and what it is split into: page, telling,
# meanings), or the database: records, what asks them for the rules (asking, gathering), what
# collects a paper, what puts the slice together for the desk (outfit), indexes beside the tables.
OUTER_MODULES = re.compile(
    r"offer|page|(\w+_)?telling|meanings|\w*_?records|asking|gathering"
    r"|(given_back_|manifest_|notice_|statement_)?papers|outfit"
    r"|index"
)

# Import name → name in the requirement files, where they differ.
PACKAGES = {
    "PySide6": "pyside6-essentials",
    "argon2": "argon2-cffi",
    "jinja2": "jinja2",
    "multipart": "python-multipart",
    "nacl": "pynacl",
    "python_multipart": "python-multipart",
    "serial": "pyserial",
    "shiboken6": "shiboken6",
    "sqlalchemy": "sqlalchemy",
    "sqlite_utils": "sqlite-utils",
    "stdnum": "python-stdnum",
    "xlsxwriter": "xlsxwriter",
    "PIL": "pillow",
    "_pytest": "pytest",
    "pytestqt": "pytest-qt",
    "xdist": "pytest-xdist",
    "zxingcpp": "zxing-cpp",
}


def tracked_texts(root: Path = ROOT) -> list[str]:
    """Paths of all tracked and new files that are text, as git names them."""
    line = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(line, check=True, capture_output=True).stdout.decode().split("\0")
    return [path for path in listed if path and (root / path).is_file() and is_text(root / path)]


def is_text(file: Path) -> bool:
    """Whether a file has no zero byte at its beginning, git's own rule."""
    with file.open("rb") as opened:
        return b"\0" not in opened.read(8000)


def names_outside(path: str, text: str) -> Iterator[str]:
    """The project stands alone: nothing in it names a place outside."""
    for number, line in enumerate(text.splitlines(), 1):
        for outside in OUTSIDE:
            if outside in line:
                yield f"{path}:{number}: names {outside}"


# --- Documents -----------------------------------------------------------------------------------


def missing_paths(
    path: str, text: str, root: Path = ROOT, to_come: Mapping[str, str] = TO_COME
) -> Iterator[str]:
    """Every path that a document names in backticks, or links to, exists."""
    for number, line in enumerate(text.splitlines(), 1):
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", line):
            if not (root / path).parent.joinpath(target).exists() and target not in to_come:
                yield f"{path}:{number}: links to {target}, which does not exist"
        for quoted in re.findall(r"`([^`]+)`", line):
            name = named_path(quoted)
            if name and name not in to_come and not (root / name).exists():
                yield f"{path}:{number}: names {name}, which does not exist"


def named_path(quoted: str) -> str:
    """The path that a piece in backticks stands for; "" when it is none, or a pattern of paths."""
    word = quoted.split(" ", maxsplit=1)[0].split("::", maxsplit=1)[0].rstrip("/")
    if word in ROOT_FILES:
        return word
    is_ours = "/" in word and word.split("/", maxsplit=1)[0] in PLACES
    return word if is_ours and not re.search(r"[*<>{}…|]|NNNN", word) else ""


# --- Walls ---------------------------------------------------------------------------------------


def rooms(root: Path = ROOT) -> list[str]:
    """Every room of the station that exists: folders and files directly in station_app."""
    place = root / "station_app"
    folders = [f.name for f in place.iterdir() if f.is_dir() and any(f.rglob("*.py"))]
    files = [f.stem for f in place.glob("*.py") if f.stem != "__init__"]
    return [f"station_app.{name}" for name in sorted(folders + files)]


def shown_rooms(root: Path = ROOT) -> Iterator[str]:
    """Every room of both programs and every service, as docs/ARCHITECTURE.md §1 writes it."""
    for room in rooms(root):
        name = room.split(".")[1]
        yield f"{name}/" if (root / "station_app" / name).is_dir() else f"{name}.py"
    for place in ("station_app/services", "county_server"):
        for path in sorted((root / place).iterdir()):
            if path.is_dir() and any(path.glob("*.py")):
                yield f"{path.name}/"


def commands_of(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The words that may come first on the command line of a program."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices


def contract(settings: Mapping[str, Any], start: str) -> dict[str, Any]:
    """The one wall whose name begins so."""
    walls = settings["tool"]["importlinter"]["contracts"]
    (found,) = [wall for wall in walls if wall["name"].startswith(start)]
    return dict(found)


def rooms_without_walls(settings: Mapping[str, Any], existing: Iterable[str]) -> Iterator[str]:
    """Every room stands in the layers."""
    named = set(re.findall(r"[\w.]+", " ".join(contract(settings, "Kernel layers")["layers"])))
    for room in existing:
        if room not in named:
            yield f"pyproject.toml:1: {room} stands in no layer of the walls"


def rooms_free_to_use_qt(settings: Mapping[str, Any], existing: Iterable[str]) -> Iterator[str]:
    """Every room but those of the screen is forbidden to know Qt."""
    screen = {"__main__", "app", "first_start", "opening", "overview", "services", "shell", "tour"}
    screen |= {"drawer_edges", "first_day", "key_start", "safekeeping", "sense_desk", "senses"}
    screen |= {"check_up_desk", "practice", "practice_start", "station"}
    named = set(contract(settings, "Only shell")["source_modules"])
    for room in existing:
        if room.split(".")[1] not in screen and room not in named:
            yield f"pyproject.toml:1: {room} may use Qt; name it in the wall against it"


def service_modules_without_walls(
    settings: Mapping[str, Any], modules: Iterable[str]
) -> Iterator[str]:
    """What the rules of a service are split into is as pure as the rules themselves."""
    named = set(contract(settings, "Rules know")["source_modules"])
    for module in modules:
        *service, name = module.split(".")
        if (
            not OUTER_MODULES.fullmatch(name)
            and not {module, f"station_app.services.*.{name}"} & named
        ):
            yield f"pyproject.toml:1: {module} is not behind the wall of the rules of {service[-1]}"


def service_modules(root: Path = ROOT) -> list[str]:
    """Every module directly in a service."""
    files = sorted((root / "station_app" / "services").glob("*/*.py"))
    names = [f.relative_to(root).with_suffix("").as_posix().replace("/", ".") for f in files]
    return [name for name in names if not name.endswith("__init__")]


# --- Pins ----------------------------------------------------------------------------------------


def loose_pins(path: str, text: str) -> Iterator[str]:
    """Every requirement is one exact version with hashes, and no address of an index is kept."""
    entries = re.split(r"\n(?=\S)", text.strip())
    number = 1
    for entry in entries:
        is_pinned = re.match(r"[a-z0-9-]+==[^\s;]+( ; [^\\]+)? \\\n", entry)
        if not is_pinned or "--hash=sha256:" not in entry or "://" in entry:
            yield f"{path}:{number}: not an exact version with hashes: {entry.splitlines()[0]}"
        number += entry.count("\n") + 1


def pins(text: str) -> dict[str, str]:
    """Package → version, of a pinned file."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def asked_for(text: str) -> set[str]:
    """The packages that a .in file asks for by name, in the form that the pinned files use."""
    lines = [line.strip() for line in text.splitlines()]
    named = [re.match(r"[A-Za-z0-9-]+", line) for line in lines if not line.startswith("-")]
    return {found.group().lower() for found in named if found}


def undeclared_imports(source: Source, declared: set[str]) -> Iterator[str]:
    """Whatever is imported from outside is asked for by name, not merely somebody else's need.

    What a file can do without (`try: import …; except ImportError:`) need not be asked for.
    """
    known = {"station_app", "county_server", "tests"} | sys.stdlib_module_names
    known |= {name for node in source.nodes for name in spared_imports(node)}
    for name in sorted({full.split(".")[0] for full in source.names.values()} - known):
        if PACKAGES.get(name, name).lower().replace("_", "-") not in declared:
            yield f"{source.path}:1: imports {name}, which no requirement file asks for"


def spared_imports(node: ast.AST) -> Iterator[str]:
    """The packages that this piece of code can do without."""
    if isinstance(node, ast.Try) and "ImportError" in [
        ast.unparse(handler.type) for handler in node.handlers if handler.type
    ]:
        for full in Source("", ast.unparse(ast.Module(node.body, []))).names.values():
            yield full.split(".")[0]


# --- Settings ------------------------------------------------------------------------------------


def read_settings(root: Path = ROOT) -> dict[str, Any]:
    """The settings of the project."""
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
