"""The county's catalogue as a counter finds it, and the terms on which it orders."""

import itertools
import time
from typing import Any

import pytest

from station_app.journal.rebuild import rebuild
from station_app.premises import REBUILDERS
from station_app.reference import goods_index, goods_records
from station_app.reference.facts import DatedOrderTermsPublished, OrderTermsPublished
from station_app.reference.goods_records import order_terms
from station_app.reference.order_terms import OrderTerms
from station_app.vocabulary import VOCABULARY
from tests.services.accounts.pcs import Pc
from tests.services.sales.store import DAY, Store, product

QUICK_MS = 50  # what a look-up may take without being felt
SIGNS = "大米面油盐酱醋茶洗衣粉牙膏毛巾棉被拖鞋雨伞水杯锅铲"


@pytest.fixture
def store(tmp_path):
    pc = Pc(tmp_path / "one", 1)
    yield Store(pc)
    pc.close()


def found(store, typed):
    return [row.name for row in goods_records.find_products(store.connection, typed)]


def test_goods_are_found_by_name_pinyin_initials_and_barcode(store):
    store.publish(
        product("P0001", "9524113000012", "雕牌洗衣粉", initials="dpxyf", spec="2.2公斤"),
        product("P0002", "9524113000029", "立白洗衣粉", initials="lbxyf"),
        product("P0003", "9524113000036", "东北大米", initials="dbdm"),
    )
    for typed in ("洗衣粉", "xiyifen", "xyf", "XYF"):
        assert set(found(store, typed)) == {"雕牌洗衣粉", "立白洗衣粉"}, typed
    for typed in ("雕牌", "diaopai", "dpxyf", "9524113000012", "3000012", "p0001"):
        assert found(store, typed) == ["雕牌洗衣粉"], typed
    assert found(store, "") == found(store, "没有这样") == found(store, "'\"*)") == []


def test_a_new_publication_takes_the_place_of_the_old_name_and_price(store):
    store.publish(product("P0001", "", "雕牌洗衣粉", initials="dpxyf"))
    terms = {"price_fen": 2_580, "platform": "京东", "prepayment_bp": 5_000, "eta_days": 3}
    store.publish(product("P0001", "", "雕牌皂粉", initials="dpzf", day="2026-11-26", **terms))
    assert found(store, "洗衣粉") == []
    (row,) = goods_records.find_products(store.connection, "zaofen")
    assert row.price_on("2026-11-26") == 2_580
    assert (row.platform, row.prepayment_bp, row.eta_days, row.since) == (
        "京东", 5_000, 3, "2026-11-26",
    )  # fmt: skip
    assert goods_records.catalogue(store.connection) == goods_records.Standing(1, "2026-11-26")


def test_twenty_thousand_goods_are_found_while_one_types(store):
    names = ("".join(signs) for signs in itertools.permutations(SIGNS, 4))
    columns = [row[1] for row in store.connection.execute("PRAGMA table_info(products)")]

    def fill(recorder):
        for n, name in zip(range(20_000), names, strict=False):
            row = {"entity": f"{n:015x}", "code": f"P{n:05}", "name": name, "policy": "ok"}
            values = [row.get(column, 0 if column.endswith(("_fen", "_bp", "_days")) else "")
                      for column in columns]  # fmt: skip
            marks = ", ".join("?" * len(columns))
            recorder.connection.execute(f"INSERT INTO products VALUES ({marks})", values)
        goods_index.rebuild(recorder.connection)

    store.pc.premises.session.write(fill)
    assert goods_records.catalogue(store.connection).count == 20_000
    asked = ("大米", "da", "dmmy", "damimianyou", "油盐", "p1999", "没有")
    took = []
    for typed in asked * 3:
        began = time.perf_counter()
        goods_records.find_products(store.connection, typed)
        took.append((time.perf_counter() - began) * 1_000)
    assert sorted(took)[len(took) // 2] < QUICK_MS, took


def test_the_index_made_anew_is_the_index_that_grew(store):
    store.publish(
        *(product(f"P{n:04}", "", f"洗衣{sign}", initials="") for n, sign in enumerate(SIGNS))
    )
    query = "SELECT rowid, words, product FROM products_index ORDER BY rowid"
    grown = store.connection.execute(query).fetchall()
    assert len(grown) == len(SIGNS)
    store.pc.premises.session.write(
        lambda recorder: rebuild(recorder.connection, VOCABULARY, REBUILDERS)
    )
    assert store.connection.execute(query).fetchall() == grown


FEES = ((0, 100), (100, 100), (4_999, 100), (5_025, 101), (10_000, 200), (90_000, 500))


def test_the_fee_is_a_share_between_its_bounds(store):
    assert order_terms(store.connection, DAY) == OrderTerms(), (
        "nothing is charged before it is said"
    )
    assert OrderTerms().fee_fen(99_900) == 0
    store.publish(
        OrderTermsPublished(
            code="all", fee_bp=200, fee_min_fen=100, fee_max_fen=500, prepayment_bp=3_000,
            quote_bp=500, day=DAY,
        )
    )  # fmt: skip
    terms = order_terms(store.connection, DAY)
    assert [(goods, terms.fee_fen(goods)) for goods, _ in FEES] == list(FEES)
    assert (terms.ceiling_fen(9_900), terms.prepayment_bp, terms.from_day) == (10_395, 3_000, DAY)


def test_a_fee_of_the_new_year_lies_here_and_holds_from_its_day_on(store):
    """A later word replaces what was planned for its day or after; before the first it holds."""

    def said(fee_bp: int, from_day: str, day: str = DAY) -> OrderTermsPublished:
        fields: dict[str, Any] = {
            "code": "all", "fee_bp": fee_bp, "fee_min_fen": 0, "fee_max_fen": 9_999,
            "prepayment_bp": 3_000, "quote_bp": 500, "day": day,
        }  # fmt: skip
        if not from_day:
            return OrderTermsPublished(**fields)
        return DatedOrderTermsPublished(**fields, from_day=from_day)

    def fees(*days: str) -> list[int]:
        return [order_terms(store.connection, day).fee_bp for day in days]

    for body in (said(200, ""), said(300, "2027-01-01"), said(400, "2027-03-01")):
        store.publish(body)
    days = ("2020-01-01", DAY, "2026-12-31", "2027-01-01", "2027-02-28", "2027-03-01")
    assert fees(*days) == [200, 200, 200, 300, 300, 400]
    store.publish(said(250, "2027-02-01"))
    assert fees(*days) == [200, 200, 200, 300, 250, 250], "what was to follow is off"
    assert order_terms(store.connection, "2027-02-01").from_day == "2027-02-01"
