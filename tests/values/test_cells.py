"""Text for spreadsheets: nothing that was typed is ever run."""

import pytest

from station_app.values.cells import cell_text


@pytest.mark.parametrize(
    ("typed", "cell"),
    [
        ("", ""),
        ("柳荫洼村站", "柳荫洼村站"),
        ("=1+1", "'=1+1"),
        ("  =1", "'  =1"),
        ("+86", "'+86"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠x", "'＠x"),
        ("\t=1", "'=1"),
        ("\r=1", "'=1"),
        ("\n=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("\u200b=1", "'=1"),
        ("\u202e=1", "'=1"),
        ("\ufeff@x", "'@x"),
        ("\u00a0=1", "'\u00a0=1"),
        ("\u3000=1", "'\u3000=1"),
        ("a=1", "a=1"),
        ("3-4", "3-4"),
        ("'=1", "'=1"),
        ("a\x00b\x1bc", "abc"),
    ],
)
def test_a_formula_is_text(typed: str, cell: str) -> None:
    assert cell_text(typed) == cell
