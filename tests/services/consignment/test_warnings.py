"""What is looked at when a lot comes in: each finding with its sentence, as strict as may be.

Every one of them is played three times: the county blocks it, then the lot is refused with a
sentence; it warns, then the lot comes in and the fact says what was passed over; or it is silent.
"""

import json
from typing import Any

import pytest

from station_app.services.consignment.checks import look
from station_app.services.consignment.commands import Weighed
from station_app.services.consignment.facts import FieldInput
from station_app.services.consignment.taking import looked_at
from station_app.services.quality.commands import DescribePlot, RecordTest, ShowCertificate
from station_app.services.quality.facts import LotRecalled, LotReleased
from station_app.shell.desk import Done
from tests.services.consignment.barn import BEANS, KIWI, MEAT

TODAY = "2026-11-23"
SPRAYED = FieldInput(name="吡虫啉", day="2026-11-20", interval_days=7)


def nothing(_barn):
    """Nobody has to do anything before she comes."""


def certificate_of_last_year(barn):
    barn.pc.do(
        ShowCertificate(
            person=barn.pc.person(0), sort="green", number="LB-1", produce=KIWI,
            until_day="2026-10-31",
        )
    )  # fmt: skip


def licence_of_a_coop(barn):
    """Without end; what is no licence of hers, and one that has ended, bind nobody."""
    for number, sort, until in ((0, "coop", ""), (1, "company", "2026-01-31")):
        barn.pc.do(
            ShowCertificate(
                person=barn.pc.person(number), sort=sort, number=f"411325-{number}", produce="",
                until_day=until,
            )
        )  # fmt: skip


def lot_called_back(barn):
    barn.publish(LotRecalled(reason="毒死蜱超标", day=TODAY), entity=barn.intake())


def lot_that_failed(barn):
    barn.pc.do(
        RecordTest(
            lot=barn.intake(), lab="县检测中心", item="毒死蜱", limit="0.02", value="0.31",
            is_passed=False,
        )
    )  # fmt: skip


def small_field(barn):
    barn.rule(f"yield.{KIWI}", "20000")
    barn.pc.do(DescribePlot(person=barn.pc.person(0), name="东坡", produce=KIWI, tenth_mu=5))
    barn.rule("check.yield_over", "off")
    barn.intake()  # 12.34 of the 10 kg that half a mu gives


def slow_clock(barn):
    barn.published += 3_600_000  # what the county says is later than this PC's clock
    barn.rule("settle.days", "10")


def used_contract(barn):
    barn.agreed = barn.contract(10_000, 800)


def ended_contract(barn):
    barn.agreed = barn.contract(90_000, 800, until_day="2026-11-01")


def contract_used_up(barn):
    barn.intake(contract=barn.contract(12_340, 800))


WEIGHED = Weighed(gross_grams=5_000)
CASES: dict[str, Any] = {
    "lot_recalled": (lot_called_back, {}, "县里召回过"),
    "test_failed": (lot_that_failed, {}, "检测不合格"),
    "certificate_ended": (certificate_of_last_year, {}, "证书 LB-1 10月31日到期了"),
    "yield_over": (small_field, {}, "0.5 亩地一年最多出 20 斤"),
    "clock": (slow_clock, {}, "电脑的钟慢了"),
    "interval": (nothing, {"inputs": (SPRAYED,)}, "打了吡虫啉，要到 11月27日 才能采"),
    "harvest_future": (nothing, {"harvest_day": "2026-11-25"}, "采收日"),
    "harvest_missing": (nothing, {"harvest_day": ""}, "采收日期没填"),
    "harvest_old": (nothing, {"harvest_day": "2026-10-30"}, "采下来超过 20 天了"),
    "season": (nothing, {"produce": BEANS, "grade": ""}, "11 月不是它的时令"),
    "promise_missing": (nothing, {"promise": "missing"}, "没说有没有合格证"),
    "promise_owed": (licence_of_a_coop, {}, "合作社、企业的货必须带合格证"),
    "document_missing": (nothing, {"produce": MEAT, "grade": ""}, "要看《动物检疫证明》才能收"),
    "contract_over": (used_contract, {"contract": "agreed"}, "合同只剩 20 斤"),
    "contract_ended": (ended_contract, {"contract": "agreed"}, "合同 11月1日 到期了"),
    "contract_used": (contract_used_up, {}, "合同 2026-031 交满了"),
    "floor_low": (nothing, {"price_fen": 400}, "县里的 ¥2.50/斤 低"),
    "price_high": (nothing, {"is_bought": True, "price_fen": 1_400}, "高出一半"),
    "weight_typed": (nothing, {"weighed": WEIGHED}, "重量"),
}


def prepared(barn, name, level):
    """Let happen what leads to a finding; return what she asks for then."""
    before, more, words = CASES[name]
    before(barn)
    barn.rule(f"check.{name}", level)
    asked: dict[str, Any] = {**more}
    if asked.get("contract") == "agreed":
        asked["contract"] = barn.agreed
    return barn.taking(**asked), words


def passed_over(barn, lot):
    row = barn.connection.execute(
        "SELECT body FROM facts WHERE kind = 'lot.described' AND entity = ?", (lot,)
    ).fetchone()
    return json.loads(row[0])["passed"]


@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_blocked_or_passed_over_or_only_said_as_the_county_wants(barn, name):
    take, words = prepared(barn, name, "block")
    said = barn.sentence(barn.try_intake(take))
    assert said.startswith(name.upper())
    assert words in said
    barn.rule(f"check.{name}", "warn")
    warned = barn.try_intake(take)
    assert isinstance(warned, Done)
    assert name in passed_over(barn, warned.told[0].identity)
    barn.rule(f"check.{name}", "info")
    told = barn.try_intake(take)
    assert isinstance(told, Done)
    assert name not in passed_over(barn, told.told[0].identity)


@pytest.mark.parametrize("name", CASES)
def test_a_finding_is_silent_where_the_county_switched_it_off(barn, name):
    take, _ = prepared(barn, name, "off")
    seen = barn.gatherer.preview(barn.connection, take, barn.pc.premises.desk.now())
    found = look(looked_at(seen, take, barn.pc.premises.desk.now()), seen.rules)
    assert name not in {one.name for one in found}
    barn.rule(f"check.{name}", "info")
    seen = barn.gatherer.preview(barn.connection, take, barn.pc.premises.desk.now())
    found = look(looked_at(seen, take, barn.pc.premises.desk.now()), seen.rules)
    (one,) = [one for one in found if one.name == name]
    words = barn.pc.premises.texts.say(f"consignment.check.{name}", **one.slots)
    assert CASES[name][2] in words


def test_what_speaks_against_one_grower_is_not_held_against_another(barn):
    certificate_of_last_year(barn)
    lot_called_back(barn)
    assert isinstance(barn.try_intake(barn.taking(person=barn.pc.person(1))), Done)


def test_a_household_may_decline_and_so_may_who_is_no_company_any_more(barn):
    barn.rule("check.promise_owed", "block")
    licence_of_a_coop(barn)
    assert "PROMISE_OWED" in barn.no_intake()
    for number in (1, 2):
        assert isinstance(barn.try_intake(barn.taking(person=barn.pc.person(number))), Done)


def test_a_newer_certificate_counts_and_one_for_another_sort_does_not(barn):
    certificate_of_last_year(barn)
    barn.rule("check.certificate_ended", "block")
    assert "LB-1" in barn.no_intake()
    barn.pc.do(
        ShowCertificate(
            person=barn.pc.person(0), sort="green", number="LB-2", produce="",
            until_day="2027-10-31",
        )
    )  # fmt: skip
    assert isinstance(barn.try_intake(barn.taking()), Done)


def test_a_lot_that_the_county_lets_go_speaks_against_nobody(barn):
    lot = barn.intake()
    barn.publish(LotRecalled(reason="查一查", day=TODAY), entity=lot)
    assert "LOT_RECALLED" in barn.no_intake()
    barn.publish(LotReleased(reason="没有事", day=TODAY), entity=lot)
    assert isinstance(barn.try_intake(barn.taking()), Done)
