"""The sheet of promises is true: ids that exist, tests that are there and run."""

from pathlib import Path

import pytest

from tests import promise_sheet
from tests.promise_sheet import PRODUCT_PAGE, ROOT, SHEET, Row

KNOWN = {"S2.1": "Scan.", "S2.2": "Courier."}


def test_the_sheet_of_this_project_is_true() -> None:
    known = dict(promise_sheet.sentences(PRODUCT_PAGE.read_text("utf-8")))
    sheet = promise_sheet.rows(SHEET.read_text("utf-8"))
    assert list(promise_sheet.sheet_errors(known, sheet, ROOT)) == []


def test_every_sentence_of_the_specification_has_an_id_of_its_own() -> None:
    page = PRODUCT_PAGE.read_text("utf-8")
    known = promise_sheet.sentences(page)
    assert list(promise_sheet.numbering_errors(known)) == []
    assert len(known) == len(dict(known)) == page.count("- **S")
    assert {name.split(".")[0] for name, _ in known} == {f"S{section}" for section in range(11)}


def test_an_id_that_does_not_rise_is_named() -> None:
    known = [("S1.1", "a"), ("S1.3", "b"), ("S1.2", "c"), ("S2.1", "d"), ("S2.1", "e")]
    found = [error.split(" ")[0] for error in promise_sheet.numbering_errors(known)]
    assert found == ["S1.2", "S2.1"]


def test_sentences_are_read_with_their_ids() -> None:
    page = "## 2 Parcels\n\n- **S2.1** **Intake**: scan.\n- **S2.2** Courier.\n- no id\n"
    assert promise_sheet.sentences(page) == [("S2.1", "**Intake**: scan."), ("S2.2", "Courier.")]


def test_rows_are_read_with_their_lists() -> None:
    sheet = "id,tests,pictures\nS2.1,tests/test_a.py::test_b | tests/test_a.py::test_c,docs/a.png\n"
    (row,) = promise_sheet.rows(sheet)
    assert row == Row(
        "S2.1", ("tests/test_a.py::test_b", "tests/test_a.py::test_c"), ("docs/a.png",)
    )


def test_other_columns_are_refused() -> None:
    with pytest.raises(ValueError, match="id,tests,pictures"):
        promise_sheet.rows("id,tests\nS2.1,x\n")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A project with one test file and one picture."""
    (tmp_path / "test_a.py").write_text(
        "import pytest\n"
        "def test_good(): assert f()\n"
        "@pytest.mark.parametrize('x', [1])\n"
        "def test_table(x): assert x\n"
        "class TestBox:\n"
        "    def test_inside(self): assert f()\n"
        "@pytest.mark.skip\n"
        "def test_skipped(): assert f()\n"
        "def test_gives_up(): pytest.skip('no tool')\n"
        "@pytest.mark.long\n"
        "def test_long(): assert f()\n"
        "@pytest.mark.xfail(strict=True)\n"
        "class TestBroken:\n"
        "    def test_inside(self): assert f()\n"
        "class TestMarked:\n"
        "    pytestmark = pytest.mark.skip\n"
        "    def test_inside(self): assert f()\n",
        "utf-8",
    )
    (tmp_path / "test_whole.py").write_text(
        "import pytest\npytestmark = pytest.mark.skipif(True)\ndef test_one(): assert f()\n",
        "utf-8",
    )
    (tmp_path / "a.png").touch()
    return tmp_path


@pytest.mark.parametrize(
    "node",
    ["test_a.py::test_good", "test_a.py::test_table[1]", "test_a.py::TestBox::test_inside"],
)
def test_a_test_that_runs_proves(root: Path, node: str) -> None:
    assert list(promise_sheet.sheet_errors(KNOWN, [Row("S2.1", (node,), ("a.png",))], root)) == []


@pytest.mark.parametrize(
    ("node", "trouble"),
    [
        ("test_none.py::test_good", "is no test file"),
        ("a.png::test_good", "is no test file"),
        ("test_a.py", "names no test"),
        ("test_a.py::f", "names no test"),
        ("test_a.py::test_gone", "does not exist"),
        ("test_a.py::TestBox::test_gone", "does not exist"),
        ("test_a.py::test_skipped", "does not run in the suite"),
        ("test_a.py::test_long", "does not run in the suite"),
        ("test_a.py::test_gives_up", "does not run in the suite"),
        (
            "test_a.py::TestBroken::test_inside",
            "does not run in the suite",
        ),
        (
            "test_a.py::TestMarked::test_inside",
            "does not run in the suite",
        ),
        ("test_whole.py::test_one", "does not run in the suite"),
    ],
)
def test_a_test_that_does_not_run_proves_nothing(root: Path, node: str, trouble: str) -> None:
    errors = list(promise_sheet.sheet_errors(KNOWN, [Row("S2.1", (node,), ())], root))
    assert errors == [f"S2.1: {node} {trouble}"]


def test_false_rows_are_named(root: Path) -> None:
    good = ("test_a.py::test_good",)
    sheet = [
        Row("S9.9", good, ()),
        Row("S2.1", good, ("b.png",)),
        Row("S2.1", good, ()),
        Row("S2.2", (), ()),
    ]
    assert list(promise_sheet.sheet_errors(KNOWN, sheet, root)) == [
        "S9.9: no sentence of the specification has this id",
        "S2.1: b.png does not exist",
        "S2.1: has two rows",
        "S2.2: names no test",
    ]


def test_what_no_row_proves_is_open() -> None:
    sheet = [Row("S2.2", ("test_a.py::test_good",), ())]
    assert promise_sheet.open_sentences(KNOWN, sheet) == {"S2.1": "Scan."}
