"""The export is a plain listing that another program accepts and agrees with."""

import subprocess
import sys
from pathlib import Path

from station_app.ledger.export import beancount
from station_app.ledger.posting import CNY, PCS
from tests.ledger.book import HandBook, Written


def accepted(text: str, folder: Path) -> str:
    """Return what bean-check says against a ledger; nothing when it accepts it."""
    file = folder / "ledger.beancount"
    file.write_text(text, "utf-8")
    run = subprocess.run(
        [str(Path(sys.executable).parent / "bean-check"), "--no-cache", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stderr + run.stdout


def exported(book: HandBook) -> str:
    return "\n".join(beancount(book.connection, '柳荫洼"村"站')) + "\n"


def test_goods_parcels_and_clearing_are_accepted(tmp_path):
    book = HandBook()
    book.write("cash > Equity:Float 300.00", day="2026-11-01")
    lot = "LOT-ABCDEFGHIJKLMN23"
    book.put((Written("Equity:Goods:Shelf", lot, 2_500), Written("Equity:Goods:Sold", lot, -2_500)))
    book.put(
        (Written("Equity:Pieces:Shelf", PCS, 1), Written("Equity:Pieces:Courier:ZTO", PCS, -1))
    )
    counter = "Equity:Counter:2BCDEFGHIJKLMN23"
    book.put(
        (Written(counter, CNY, 5), Written("Income:Fee:Parcel", CNY, -5)),
        (Written("Assets:Drawer:D1", CNY, 5), Written(counter, CNY, -5)),
    )
    assert accepted(exported(book), tmp_path) == ""


def test_a_line_that_is_missing_is_not_accepted(tmp_path):
    book = HandBook()
    book.write("cash > Equity:Float 300.00", "wechat > Income:Sales 12.05")
    text = exported(book)
    assert "  Assets:WeChat  12.05 CNY" in text
    assert accepted(text, tmp_path) == ""
    whole = text.splitlines()
    start = next(n for n, line in enumerate(whole) if ' 2" ^' in line)
    short = "\n".join([*whole[:start], *whole[start + 3 :]]) + "\n"
    assert "Balance failed" in accepted(short, tmp_path)


def test_transactions_stand_in_the_order_of_days():
    book = HandBook()
    book.write("cash > Equity:Float 3.00", day="2026-11-26")
    book.write("cash > Equity:Float 2.00", day="2026-11-25")
    book.write("cash > Equity:Float 1.00", day="not a day")
    days = [line[:10] for line in exported(book).splitlines() if " * " in line]
    assert sorted(days) == ["2000-01-01", "2026-11-25", "2026-11-26"]
    assert exported(book).count("2026-11-27 balance") == 2


def test_an_empty_ledger_is_a_ledger(tmp_path):
    assert accepted(exported(HandBook()), tmp_path) == ""
