"""The house rules of docs/STYLE.md, checked on the whole project, each shown to bite.

The rules themselves are in tests/house.py (one file at a time) and tests/house_tree.py.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from county_server.__main__ import _parser as county_parser
from station_app.__main__ import _parser as station_parser
from tests import house, house_tree
from tests.house import ROOT, Check, Source
from tests.pace import Moment, over_budget

pytestmark = pytest.mark.xdist_group("house")  # all files are read and parsed for all rules at once
EVERYTHING = (*house.PRODUCT, "tests", "dev", "build.spec")
TEXTS = ROOT / "resources" / "texts" / "zh_CN"


def assert_nothing(findings: Iterable[str]) -> None:
    """Fail with every finding on a line of its own."""
    found = list(findings)
    assert not found, "\n" + "\n".join(found)


# --- One file at a time --------------------------------------------------------------------------

CHECKS: list[tuple[Check, tuple[str, ...]]] = [
    (house.sizes, EVERYTHING),
    (house.module_docstrings, EVERYTHING),
    (house.public_docstrings, house.PRODUCT),
    (house.names_that_say_nothing, EVERYTHING),
    (house.empty_service_packages, house.PRODUCT),
    (house.skipped_tests, ("tests",)),
    (house.slept, ("tests",)),
    (house.floats_near_money, house.PRODUCT),
    (house.world_asked_inside, house.PRODUCT),
    (house.with_connection, (*house.PRODUCT, "tests")),
    (house.kinds_and_classes, house.PRODUCT),
]


@cache
def findings() -> dict[str, list[str]]:
    """Ask each Python file everything at once: to parse them all takes seconds, once a worker.

    Returns the findings by the name of the check.
    """
    keys = house.catalogue_keys(TEXTS)
    product, tests = declared("run"), declared("run", "test")
    asked: dict[str, tuple[Check, tuple[str, ...]]] = {
        **{check.__name__: (check, tops) for check, tops in CHECKS},
        "texts": (lambda source: house.unknown_texts(source, keys), ("station_app",)),
        "refusals": (lambda source: house.unknown_refusals(source, keys), ("station_app",)),
        "imports": (lambda source: house_tree.undeclared_imports(source, product), house.PRODUCT),
        "imports of tests": (lambda s: house_tree.undeclared_imports(s, tests), ("tests",)),
    }
    found: dict[str, list[str]] = {name: [] for name in asked}
    for source in house.sources(*EVERYTHING):
        for name, (check, tops) in asked.items():
            if source.path.split("/")[0] in tops:
                found[name] += check(source)
    return found


@pytest.mark.parametrize("check", [check.__name__ for check, _ in CHECKS])
def test_the_project_keeps_the_rule(check: str) -> None:
    assert_nothing(findings()[check])


def test_every_folder_that_a_rule_names_is_looked_at() -> None:
    assert {top for _, tops in CHECKS for top in tops} <= set(EVERYTHING)
    assert all("/" not in top for top in EVERYTHING)


RULES = "station_app/services/parcels/rules.py"
LONG_FUNCTION = '"""D."""\ndef long():\n    """D."""\n' + "    call()\n" * 70
PLANTED = [
    (house.sizes, "a.py", "x = 1\n" * 501, 501),
    (house.sizes, "a.py", "x = 1\n# " + "字" * 99 + "\n", 2),
    (house.sizes, "a.py", LONG_FUNCTION, 2),
    (house.module_docstrings, "a.py", "x = 1\n", 1),
    (house.public_docstrings, "a.py", '"""D."""\n\ndef f():\n    return 1\n', 3),
    (house.public_docstrings, "a.py", 'class A:\n    """D."""\n    def f(self): ...\n', 3),
    (house.names_that_say_nothing, "station_app/utils.py", "", 1),
    (house.names_that_say_nothing, "station_app/misc/box.py", "", 1),
    (house.names_that_say_nothing, "a.py", "class SyncManager: ...\n", 1),
    (house.empty_service_packages, "station_app/services/bills/__init__.py", "import os\n", 1),
    (house.skipped_tests, "tests/test_a.py", "import pytest\n\npytest.skip('')\n", 3),
    (house.skipped_tests, "tests/test_a.py", "import pytest as p\np.mark.xfail()\n", 2),
    (house.skipped_tests, "tests/test_a.py", "from pytest import mark\nmark.skipif(1)\n", 2),
    (house.slept, "tests/test_a.py", "import time\ntime.sleep(1)\n", 2),
    (house.slept, "tests/days/a.py", "from time import sleep as rest\nrest(1)\n", 2),
    (house.floats_near_money, RULES, "x = 1\nfee = 0.03\n", 2),
    (house.floats_near_money, "station_app/ledger/posting.py", "fee = float(text)\n", 1),
    (house.floats_near_money, "station_app/values/fen.py", "def f(a: float): ...\n", 1),
    (house.floats_near_money, RULES, "price = total / grams\n", 1),
    (house.floats_near_money, RULES, "x = 1\nx /= 3\n", 2),
    (house.world_asked_inside, RULES, "import time\nat = time.time()\n", 2),
    (house.world_asked_inside, RULES, "from time import sleep\nsleep(1)\n", 2),
    (house.world_asked_inside, RULES, "import datetime\ndatetime.datetime.now()\n", 2),
    (house.world_asked_inside, RULES, "from datetime import date\ndate.today()\n", 2),
    (house.world_asked_inside, RULES, "import uuid\nname = uuid.uuid4()\n", 2),
    (house.world_asked_inside, RULES, "import random as r\nr.choice('ab')\n", 2),
    (house.world_asked_inside, "county_server/intake.py", "import requests\nrequests.get('')\n", 2),
    (house.with_connection, "a.py", "with db.conn:\n    pass\n", 1),
    (house.with_connection, "a.py", "with self._connection as c:\n    pass\n", 1),
    (house.kinds_and_classes, RULES, 'class ParcelMoved:\n    KIND: str = "parcel.move"\n', 2),
    (house.kinds_and_classes, RULES, 'class LotSold:\n    KIND: str = "lot_sold"\n', 2),
]


@pytest.mark.parametrize(("check", "path", "text", "line"), PLANTED)
def test_the_rule_bites_and_names_the_line(check: Check, path: str, text: str, line: int) -> None:
    (finding, *_) = check(Source(path, text))
    assert finding.startswith(f"{path}:{line}: ")


HARMLESS = [
    (house.slept, "tests/awaited.py", "import time\ntime.sleep(1)\n"),
    (house.slept, "tests/test_a.py", "import asyncio\nasyncio.sleep(1)\ntime = clock()\n"),
    (house.sizes, "a.py", "x = 1\n" * 500),
    (house.module_docstrings, "station_app/services/__init__.py", ""),
    (house.public_docstrings, "a.py", "def _inner(): ...\nclass A:\n    '''D.'''\n"),
    (house.public_docstrings, "a.py", "class _A:\n    def paintEvent(self): ...\n"),
    (house.names_that_say_nothing, "station_app/values/fen.py", "class Information: ...\n"),
    (house.floats_near_money, "station_app/printing/paint.py", "x = 0.5 / 2\n"),
    (house.floats_near_money, RULES, "each = total // count\n"),
    (
        house.floats_near_money,
        "station_app/journal/log.py",
        "from pathlib import Path\na = b / 'c'\n",
    ),
    (house.world_asked_inside, "station_app/app.py", "import time\ntime.time()\n"),
    (house.world_asked_inside, RULES, "from datetime import date\ndate(2026, 1, 1)\n"),
    (house.with_connection, "a.py", "with db.atomic():\n    pass\n"),
    (house.with_connection, "a.py", "with engine.begin() as connection:\n    pass\n"),
    (
        house.kinds_and_classes,
        RULES,
        'class ParcelHandedOver:\n    KIND: str = "parcel.handed_over"\n',
    ),
]


@pytest.mark.parametrize(("check", "path", "text"), HARMLESS)
def test_the_rule_leaves_good_code_alone(check: Check, path: str, text: str) -> None:
    assert list(check(Source(path, text))) == []


def test_the_edges_are_places_that_exist() -> None:
    assert_nothing(place for place in house.EDGES if not (ROOT / place).exists())


# --- Texts of the screen -------------------------------------------------------------------------


def test_every_text_that_code_says_is_in_the_catalogue() -> None:
    assert_nothing(findings()["texts"])


def test_every_refusal_has_its_words() -> None:
    assert_nothing(findings()["refusals"])


def test_a_missing_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "parcels.toml").write_text('[intake]\nprimary = "打标签"\n', "utf-8")
    keys = house.catalogue_keys(tmp_path)
    good = Source(RULES, 'texts.say("parcels.intake.primary")\nsay(f"parcels.intake.{x}")\n')
    bad = Source(RULES, 'texts.say("parcels.intake.secondary")\nsay(f"parcels.shelf.{x}")\n')
    refusal = Source(RULES, 'x = 1\nRefusal("parcels.ALREADY_SHELVED")\n')
    assert list(house.unknown_texts(good, keys)) == []
    assert [f.split(": ")[0] for f in house.unknown_texts(bad, keys)] == [
        f"{RULES}:1",
        f"{RULES}:2",
    ]
    assert list(house.unknown_refusals(refusal, keys)) == [
        f"{RULES}:2: no text parcels.refusal.ALREADY_SHELVED"
    ]


# --- Documents, and standing alone ---------------------------------------------------------------


def test_documents_name_only_paths_that_exist() -> None:
    pages = [path for path in house_tree.tracked_texts() if path.endswith(".md")]
    assert "README.md" in pages
    for path in pages:
        assert_nothing(house_tree.missing_paths(path, (ROOT / path).read_text("utf-8")))


def test_each_decision_has_a_number_of_its_own_and_says_it() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [page.name[:4] for page in pages]
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    assert not twice
    heads = [page.read_text("utf-8")[:6] for page in pages]
    assert heads == [f"# {number}" for number in numbers]


def test_what_is_to_come_has_not_come_yet() -> None:
    """An entry of the list leaves it with the commit that brings the path."""
    assert_nothing(path for path in house_tree.TO_COME if (ROOT / path).exists())


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "SYNC.md").touch()
    text = "`docs/SYNC.md` §1, [there](SYNC.md#x), `a/b`\n`docs/NONE.md` and [gone](gone.md)\n"
    found = list(house_tree.missing_paths("docs/A.md", text, tmp_path, {}))
    assert found == [
        "docs/A.md:2: links to gone.md, which does not exist",
        "docs/A.md:2: names docs/NONE.md, which does not exist",
    ]
    allowed = {"docs/NONE.md": "comes later", "gone.md": "comes later"}
    assert not list(house_tree.missing_paths("docs/A.md", text, tmp_path, allowed))


def test_nothing_names_a_place_outside_the_project() -> None:
    for path in house_tree.tracked_texts():
        text = (ROOT / path).read_text("utf-8", "replace")
        assert_nothing(house_tree.names_outside(path, text))


@pytest.mark.parametrize("outside", house_tree.OUTSIDE)
def test_a_place_outside_is_named(outside: str) -> None:
    (finding,) = house_tree.names_outside("README.md", f"first\nsee {outside}x\n")
    assert finding.startswith("README.md:2: ")


# --- Walls ---------------------------------------------------------------------------------------


def test_every_room_stands_behind_its_walls() -> None:
    settings, existing = house_tree.read_settings(), house_tree.rooms()
    assert "station_app.journal" in existing
    assert_nothing(house_tree.rooms_without_walls(settings, existing))
    assert_nothing(house_tree.rooms_free_to_use_qt(settings, existing))


def test_the_architecture_names_every_room_service_and_command() -> None:
    page = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    house_part, commands = page.split("## 2 ")[0], page.split("## 4 ")[1].split("Benchmarks:")[0]
    assert_nothing(
        f"docs/ARCHITECTURE.md:1: §1 does not name {name}"
        for name in house_tree.shown_rooms()
        if not any(word.startswith(name) for word in house_part.split())
    )
    of_station, of_county = commands.split("`python -m county_server`")
    assert_nothing(
        f"docs/ARCHITECTURE.md:1: §4 does not name {name}"
        for text, parser in ((of_station, station_parser()), (of_county, county_parser()))
        for name in house_tree.commands_of(parser)
        if not re.search(rf"[`|]{name}[ `|]", text)
    )


def test_everything_in_a_service_is_pure_or_is_an_outer_module() -> None:
    modules = house_tree.service_modules()
    assert "station_app.services.parcels.rules" in modules
    assert_nothing(house_tree.service_modules_without_walls(house_tree.read_settings(), modules))


def test_a_room_without_walls_is_named() -> None:
    settings = house_tree.read_settings()
    modules = ["station_app.services.bills.rules", "station_app.services.bills.records"]
    assert not list(house_tree.service_modules_without_walls(settings, modules))
    assert list(
        house_tree.service_modules_without_walls(settings, ["station_app.services.bills.x"])
    )
    assert list(house_tree.rooms_without_walls(settings, ["station_app.cellar"]))
    assert list(house_tree.rooms_free_to_use_qt(settings, ["station_app.cellar"]))


# --- Pins ----------------------------------------------------------------------------------------

PINNED = sorted((ROOT / "requirements").glob("*.txt"))


@pytest.mark.parametrize("file", PINNED, ids=lambda file: file.name)
def test_every_package_is_pinned_with_hashes(file: Path) -> None:
    assert_nothing(house_tree.loose_pins(f"requirements/{file.name}", file.read_text("utf-8")))


def test_all_files_pin_the_same_versions() -> None:
    run, *others = [house_tree.pins(f.read_text("utf-8")) for f in order_of_files()]
    assert len(run) > 20
    for other in others:
        assert run.items() <= other.items()


def order_of_files() -> list[Path]:
    """The file that the others contain comes first."""
    return sorted(PINNED, key=lambda file: file.name != "run.txt")


@pytest.mark.parametrize(
    "entry",
    [
        "msgspec>=0.19 \\\n    --hash=sha256:00\n",
        "msgspec==0.19\n",
        "msgspec @ https://example.org/m.whl \\\n    --hash=sha256:00\n",
        "--index-url https://example.org/simple\n",
    ],
)
def test_a_loose_pin_is_named(entry: str) -> None:
    good = "msgspec==0.19 ; sys_platform == 'win32' \\\n    --hash=sha256:00\n"
    assert list(house_tree.loose_pins("r.txt", good)) == []
    (finding,) = house_tree.loose_pins("r.txt", good + entry)
    assert finding.startswith("r.txt:3: ")


def test_every_package_is_listed_with_its_licence_and_no_other() -> None:
    lines = (ROOT / "THIRD_PARTY.md").read_text("utf-8").splitlines()
    rows = [re.split(r" *\| *", line)[1:4] for line in lines if line.count(" | ") == 2]
    listed = {(name, version) for name, version, licence in rows if len(licence) > 2}
    files = [*PINNED, ROOT / "tests" / "long" / "atheris.txt"]
    pinned = [house_tree.pins(file.read_text("utf-8")).items() for file in files]
    headings = {("package", "version"), ("---", "---")}
    assert listed - headings == set().union(*pinned)


def declared(*names: str) -> set[str]:
    """Everything that the named .in files ask for."""
    files = [ROOT / "requirements" / f"{name}.in" for name in names]
    return set().union(*(house_tree.asked_for(file.read_text("utf-8")) for file in files))


def test_what_is_imported_is_asked_for_by_name() -> None:
    assert_nothing(findings()["imports"])
    assert_nothing(findings()["imports of tests"])
    tests = declared("run", "test")
    spared = "try:\n    import pandas\nexcept ImportError:\n    pass\n"
    assert not list(house_tree.undeclared_imports(Source("a.py", spared), tests))
    (finding,) = house_tree.undeclared_imports(Source("a.py", "import pandas.io\n"), tests)
    assert finding.startswith("a.py:1: imports pandas")


# --- Time ----------------------------------------------------------------------------------------

SMALL_SUITE = """
[tool.pytest.ini_options]
testpaths = ["tests"]
[tool.village.budgets]
"." = 60
whole = {whole}
"""


@pytest.mark.parametrize(
    ("whole", "budget", "status"), [(60, "hold", 0), (0, "hold", 1), (0, "", 0)]
)
def test_a_whole_run_is_judged_by_its_own_time(
    whole: int, budget: str, status: int, tmp_path: Path
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_quick.py").write_text("def test_it():\n    pass\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text(SMALL_SUITE.format(whole=whole), "utf-8")
    plugins = ("tests.pace", "no:xdist", "no:hypothesispytest", "no:pytest-qt")
    words = [word for name in plugins for word in ("-p", name)]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SUITE_BUDGET": budget},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == status, run.stdout + run.stderr
    assert "1 passed" in run.stdout
    assert ("tests:1: the suite took" in run.stdout) == (not whole), "said wherever it runs"
    record = json.loads((tmp_path / "build" / "durations.json").read_text("utf-8"))
    assert set(record) == {"packages", "whole", "load"}


def test_the_suite_keeps_its_budget() -> None:
    """Each whole run is held against it at its end: it is the promised one."""
    budgets = house_tree.read_settings()["tool"]["village"]["budgets"]
    assert budgets["whole"] <= 600


def test_what_others_do_on_the_machine_is_no_slowness_of_ours() -> None:
    began = Moment(at=10, ours=5, all_=100)
    alone = Moment(at=20, ours=23, all_=118)
    shared = Moment(at=30, ours=23, all_=138)
    assert began.load(alone, processors=2) == 1
    assert began.load(shared, processors=2) == pytest.approx(2)
    assert began.load(began, processors=2) == 1
    drowned = Moment(at=20, ours=5, all_=120)
    assert began.load(drowned, processors=2) == pytest.approx(10), "no more than that is excused"


def test_a_process_at_work_is_seen() -> None:
    began = Moment.now()
    end = began.ours + 0.2
    while Moment.now().ours < end:
        pass
    ended = Moment.now()
    assert ended.all - began.all >= 0.1
    assert began.load(ended) >= 1


def test_every_package_of_tests_has_a_budget() -> None:
    budgets = house_tree.read_settings()["tool"]["village"]["budgets"]
    packages = {test.relative_to(ROOT / "tests").parts[0] for test in nested_tests()}
    assert_nothing(sorted(packages - set(budgets)))


def nested_tests() -> list[Path]:
    """Every test file that lies in a folder of its own."""
    return [file for file in (ROOT / "tests").rglob("test_*.py") if file.parent.name != "tests"]


def test_a_slow_package_is_named() -> None:
    packages = {"journal": 3.0, "sync": 9.5, "new": 0.1}
    record = {"packages": packages, "whole": 20.0, "load": 1}
    findings = list(over_budget(record, {"journal": 5, "sync": 9, "whole": 19}))
    assert [finding.split(":")[0] for finding in findings] == [
        "tests/sync",
        "pyproject.toml",
        "tests",
    ]
    enough = {"journal": 5, "sync": 10, "new": 1, "whole": 20}
    assert not list(over_budget(record, enough))


def test_a_busy_machine_stretches_the_budget() -> None:
    record = {"packages": {"sync": 18.0}, "whole": 18.0, "load": 2.0}
    assert not list(over_budget(record, {"sync": 9, "whole": 9}))
    assert len(list(over_budget(record, {"sync": 8, "whole": 8}))) == 2
