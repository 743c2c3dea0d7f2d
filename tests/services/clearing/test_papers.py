"""The slips of clearing on real paper: both widths, nothing cut, the code can be read, again."""

import pytest
import zxingcpp

from station_app.printing.paint import image
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from station_app.services.clearing.commands import AnswerStatement
from station_app.services.clearing.documents import PIECES_PRINTED_MAX
from station_app.values.codes import SLIP, identity_payload, make_code
from tests.services.cash.till import words_of
from tests.services.clearing.busy import busy
from tests.services.clearing.office import TEXTS, Office, current, prepayment
from tests.services.clearing.slips import IDENTITY, SLIPS, paid
from tests.services.clearing.test_statements import CHARGES, issue

WIDTHS = ["receipt_58", "receipt_80"]


@pytest.fixture(scope="module")
def profiles():
    return load_profiles((resources() / "printers.toml").read_text("utf-8"))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", sorted(SLIPS))
def test_nothing_is_cut_on_either_paper(press, profiles, width, name):
    layout = press.lay_out(SLIPS[name], profiles[width])
    assert {s.text for s in layout.shortened} <= {"柳荫洼村电商服务站"}
    assert layout.width == profiles[width].width


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", sorted(SLIPS))
def test_the_code_can_be_read(press, profiles, width, name):
    raster = press.raster(SLIPS[name], profiles[width])
    picture = image(raster).convertToFormat(image(raster).Format.Format_Grayscale8)
    (found,) = zxingcpp.read_barcodes(
        memoryview(picture.constBits()).cast("B", (picture.height(), picture.bytesPerLine()))
    )
    assert found.text == make_code(SLIP, identity_payload(IDENTITY))


def test_a_remittance_lists_the_orders_whose_money_it_carries():
    office = Office().open()
    order = office.order(10_000)
    done = office.remit(prepayment(order, 10_000), current(500), may_exceed=True, carrier="任例福")
    words = words_of(office.paper())
    assert "代购预付款 1 单" in words
    number = done.told[0].stream.rsplit("/", 1)[1]
    assert any(w.startswith("代购单 1-") and w.endswith("￥100.00") for w in words), number
    assert "往来账 ￥5.00" in words
    assert "缴款合计 ￥105.00" in words
    assert "捎款人 任*福" in words


def test_the_slip_of_a_courier_has_its_pieces_and_masks_the_runner():
    office = busy()
    office.pay("ZTO", fee_fen=900, runner="王示明")
    words = words_of(office.paper())
    assert "一共 7 件" in words
    assert "代收货款 ￥623.00" in words
    assert "站里手续费（扣） −￥9.00" in words
    assert "快递员 王*明" in words


def test_a_very_long_list_of_pieces_ends_in_a_line():
    words = words_of(paid(PIECES_PRINTED_MAX + 20))
    assert any(w.startswith("另外 20 件") for w in words)


def test_the_answer_says_both_sides_of_each_difference():
    office = busy()
    office.at += 60_000
    november = next(
        row[0] for row in office.connection.execute(
            "SELECT entity FROM statements WHERE month = '2026-11'"
        )
    )  # fmt: skip
    office.do(AnswerStatement(statement=november, accepted=(1,)))
    words = words_of(office.paper())
    assert "金额不一样" in words
    assert "县里：往来账 县里该站里 ¥2.00" in words
    assert "站里：往来账 县里该站里 ¥1.00" in words
    assert "县里给：补贴 ￥200.00" in words
    assert "没认的：第 2 条" in words


def test_a_copy_says_the_same_as_the_first_print():
    office = Office().open()
    office.hand_over("ZTO", 1_000)
    acts = [
        office.remit(current(500), may_exceed=True).act,
        office.pay("ZTO", runner="王示明").act,
    ]
    statement = issue(office, charges=CHARGES)
    acts.append(office.do(AnswerStatement(statement=statement, accepted=(2,))).act)
    printed = [
        row[0]
        for row in office.connection.execute(
            "SELECT act FROM print_jobs WHERE role = 'receipt' ORDER BY job"
        ).fetchall()
    ]
    assert printed == acts
    for act in acts:
        made = office.papers.again(office.connection, act, TEXTS)
        row = office.connection.execute(
            "SELECT document FROM print_jobs WHERE role = 'receipt' AND act = ?", (act,)
        ).fetchone()
        from station_app.printing.document import from_json, to_json

        assert made is not None
        assert from_json(row[0]) == from_json(to_json(made))
    assert office.papers.again(office.connection, "NOBODYSACT", TEXTS) is None
