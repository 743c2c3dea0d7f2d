"""Produce comes in by commands: weight, terms, contract, what is looked at, what is put right."""

import dataclasses
from typing import Any

import pytest
from msgspec.structs import replace
from stdnum import luhn

from station_app.journal.verify import verify
from station_app.ledger.accounts import drawer, held_grower, inventory
from station_app.ledger.balances import balance
from station_app.ledger.paid_acts import facts_of_act
from station_app.reference import produce_records
from station_app.reference.facts import (
    DatedProducePublished,
    DatedProduceRulePublished,
    DatedProduceTermsPublished,
)
from station_app.services.consignment import records
from station_app.services.consignment.checks import look, read_day
from station_app.services.consignment.commands import (
    FinishIntake,
    PrintLotPapers,
    Reweigh,
    Weighed,
)
from station_app.services.consignment.contract_telling import of_person
from station_app.services.consignment.facts import FieldInput
from station_app.services.consignment.taking import Reweighing, looked_at, reweigh, reweighed_cost
from station_app.shell.desk import Done
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from station_app.vocabulary import VOCABULARY
from tests.services.consignment.barn import BEANS, EGGS, KIWI, MEAT, REGION
from tests.services.parcels.shop import TEXTS
from tests.services.sales.store import DAY

FLOAT = 30_000
BY_HAND = Weighed(gross_grams=12_340)


def fen(barn, account):
    return balance(barn.connection, account)


def sound(barn):
    """The whole journal holds: chains, postings, folds, tables."""
    assert verify(barn.connection, VOCABULARY).is_sound


# --- Taking in -----------------------------------------------------------------------------------


@pytest.mark.parametrize("theirs", ["NX0601/D1/00~11", "NX0601/D1/0000", "NX0601/D1/ffff"])
def test_produce_is_taken_in_under_a_ticket_that_a_copy_with_the_same_luck_has_used(barn, theirs):
    """The copy's act lies in a branch or in a stream that was heard whole, before ours or after."""
    ticket = barn.ticket()
    connection = barn.connection
    for seq, act in enumerate((ticket, "THEIRS"), 1):
        connection.execute(
            "INSERT INTO facts(stream, seq, act, at, kind, v, entity, by_, prev, digest, identity, "
            "body, private_digest) VALUES (?, ?, ?, 1, 'lot.moved', 1, '', '', '', '', ?, '', '')",
            (theirs, seq, act, f"{theirs} {act}"),
        )
    connection.execute(
        "INSERT INTO streams(stream, length, head, first_prev) VALUES (?, 2, '', '')", (theirs,)
    )
    taking = barn.taking()
    desk = barn.pc.premises.desk
    done = desk.settle(
        taking, FinishIntake(act=ticket, taken=taking), PrintLotPapers(act=ticket), ticket=ticket
    )
    assert isinstance(done, Done), done
    ours = barn.pc.premises.session.author.stream
    assert {one.stream for one in facts_of_act(connection, ticket)} == {ours}
    assert records.lots_of_act(connection, ticket) == (done.told[0].identity,)
    assert [one.stream for one in facts_of_act(connection, "THEIRS")] == [theirs]
    assert done.jobs, "and its papers are of our lot"


def test_what_counts_is_gross_less_tare_less_what_was_deducted(barn):
    lot = barn.lot(barn.intake())
    assert (lot.quantity, lot.on_shelf, lot.ownership) == (12_340, 12_340, "consigned")
    assert lot.shares[0].floor_fen == 900
    assert lot.promise == "declined"
    assert fen(barn, held_grower(barn.pc.person(0))) == 0, "nothing is owed before it is sold"
    sound(barn)


def test_the_slip_says_every_weight_and_the_scales_own_line(barn):
    barn.intake()
    (slip,) = barn.printed("receipt")
    for words in (
        "收货凭证（代销）", "13.260 公斤", "0.800 公斤", "0.120 公斤", "12.340 公斤", "合 24.68 斤",
        "ST,GS,+  13.260kg", "￥9.00/公斤", "8 %", "￥102.18", "合格证 农户自愿不开", "2 个筐",
    ):  # fmt: skip
        assert words in slip, words
    assert "重量是手工输的" not in slip


def test_the_slip_says_what_is_kept_for_her_with_this_lot(barn):
    barn.intake(is_bought=True, price_fen=800, paid_fen=5_000)
    barn.intake()
    assert "没结的货款（含以前）" in barn.printed("receipt")[-1]
    assert "￥48.72" in barn.printed("receipt")[-1]


def test_a_weight_that_was_typed_says_so_on_the_slip(barn):
    barn.intake(weighed=BY_HAND)
    assert "重量是手工输的" in barn.printed("receipt")[0]


def test_a_label_for_each_package_bears_the_trace_code_of_twenty_digits(barn):
    lot = barn.intake(packages=3)
    code = barn.lot(lot).code
    assert len(code) == 20
    assert luhn.is_valid(code)
    assert code.startswith(f"{REGION}0601261123001")
    labels = barn.printed("label")
    assert len(labels) == 3
    assert all(f"https://trace.example.com/t/{code}" in label for label in labels)
    assert "第 2/3 件" in labels[1]


def test_every_lot_of_a_day_has_a_number_of_its_own_and_without_a_region_none(barn):
    codes = [barn.lot(barn.intake()).code for _ in range(3)]
    assert len(set(codes)) == 3
    barn.rule("trace.region", "")
    lot = barn.intake()
    assert barn.lot(lot).code == ""
    assert "VL" in barn.printed("label")[-1], "its own code leads to it all the same"


def test_the_first_act_after_a_start_prints_its_papers_too(barn):
    barn.pc.restart()
    barn.intake()
    assert len(barn.printed("receipt")) == 1
    assert len(barn.printed("label")) == 2


def test_eggs_are_counted_and_never_weighed(barn):
    lot = barn.lot(
        barn.intake(produce=EGGS, grade="", weighed=Weighed(pieces=60), price_fen=90, packages=1)
    )
    assert (lot.unit, lot.quantity) == ("piece", 60)
    assert "60 枚" in barn.printed("receipt")[0]
    assert "PIECES_ARE_COUNTED" in barn.no_intake(
        produce=EGGS, grade="", weighed=Weighed(gross_grams=3_000)
    )


def test_what_is_bought_is_paid_now_or_owed_to_the_fen(barn):
    lot = barn.intake(is_bought=True, price_fen=800, paid_fen=5_000)
    # 12.34 kg at 8.00 are 98.72: 50.00 from the drawer, the rest is kept for her
    assert fen(barn, drawer("D1")) == FLOAT - 5_000
    assert fen(barn, held_grower(barn.pc.person(0))) == -4_872
    assert fen(barn, inventory(lot)) == 9_872
    assert barn.lot(lot).shares == ()
    (slip,) = barn.printed("receipt")
    assert "收购凭证" in slip
    assert "￥48.72" in slip
    sound(barn)


WRONG = (
    ({"person": ""}, "NO_GROWER"),
    ({"produce": "99999"}, "NO_SORT"),
    ({"grade": "特级"}, "NO_GRADE"),
    ({"weighed": Weighed()}, "NO_WEIGHT"),
    ({"weighed": Weighed(gross_grams=500, tare_grams=500)}, "TARE_ABOVE_GROSS 皮重 1 斤"),
    ({"weighed": Weighed(gross_grams=500, deducted_grams=500)}, "ALL_DEDUCTED"),
    ({"weighed": Weighed(gross_grams=10_000_001)}, "NO_WEIGHT"),
    ({"price_fen": -1}, "PRICE_WRONG"),
    ({"commission_bp": 5_001}, "COMMISSION_WRONG"),
    ({"packages": 0}, "PACKAGES_WRONG"),
    ({"packages": 61}, "PACKAGES_WRONG 标签打 1 到 60 张"),
    ({"is_bought": True, "price_fen": 0}, "PRICE_WRONG"),
    ({"is_bought": True, "price_fen": 800, "paid_fen": 9_873}, "PAID_WRONG"),
    ({"promise_number": "证" * 31}, "WORDS_TOO_LONG"),
    ({"contract": "ab" * 32}, "NO_CONTRACT"),
)  # fmt: skip


def test_a_wrong_intake_is_refused_in_words_and_nothing_is_recorded(barn):
    for change, why in WRONG:
        assert barn.no_intake(**change).startswith(why), change
    assert records.count_here(barn.connection) == 0
    assert barn.printed("label") == []


# --- Contracts -----------------------------------------------------------------------------------


def test_a_support_contract_gives_its_price_and_is_used_up(barn):
    contract = barn.contract(20_000, 800)
    found = records.contract_for(barn.connection, barn.pc.person(0), (KIWI, "猕猴桃"), "2026-11-23")
    assert found == contract
    lot = barn.lot(barn.intake(contract=contract))
    share = lot.shares[0]
    assert (share.guaranteed_fen, share.commission_bp, share.floor_fen) == (800, 500, 0)
    assert barn.left_of(contract) == 7_660
    assert "2026-031" in barn.printed("receipt")[0]
    assert barn.no_intake(contract=contract) == "CONTRACT_OVER 合同只剩 15.32 斤，多的另收一批"


def test_what_is_left_of_her_contract_is_told_to_the_manager_who_asks(barn):
    contract = barn.contract(20_000, 800)
    barn.intake(contract=contract)
    told = of_person(barn.connection, (barn.pc.person(0), "nobody"), TEXTS)
    assert told == ("2026-031 猕猴桃：保底 ¥8.00 一公斤，还剩 15.32 斤，到 2027年1月31日",)
    assert of_person(barn.connection, (barn.pc.person(1),), TEXTS) == ()


def test_a_contract_of_somebody_else_or_for_other_produce_is_refused(barn):
    contract = barn.contract(20_000, 800)
    assert "NO_CONTRACT" in barn.no_intake(contract=contract, person=barn.pc.person(1))
    assert "CONTRACT_OF_ANOTHER" in barn.no_intake(contract=contract, produce=BEANS, grade="")


def test_an_intake_that_is_undone_gives_the_contract_its_kilograms_back(barn):
    contract = barn.contract(20_000, 800)
    outcome = barn.try_intake(barn.taking(contract=contract))
    assert isinstance(outcome, Done)
    undone = barn.pc.premises.desk.settle_undo(outcome.act, ticket="U" * 16)
    assert isinstance(undone, Done), undone
    assert barn.left_of(contract) == 20_000
    assert records.count_here(barn.connection) == 0
    sound(barn)


# --- What is looked at ---------------------------------------------------------------------------

SPRAYED = FieldInput(name="吡虫啉", day="2026-11-18", interval_days=14)
MEAT_IN = {"produce": MEAT, "grade": "", "price_fen": 900}
CHECKS: dict[str, tuple[dict[str, Any], str]] = {
    "interval": ({"inputs": (SPRAYED,)}, "打了吡虫啉，要到 12月2日 才能采"),
    "harvest_future": ({"harvest_day": "2026-11-24"}, "采收日 11月24日 还没到"),
    "harvest_missing": ({"harvest_day": ""}, "采收日期没填"),
    "harvest_old": ({"harvest_day": "2026-11-02"}, "采下来超过 20 天了"),
    "season": (
        {"produce": BEANS, "grade": "", "harvest_day": "2026-11-22", "promise": "exempt"},
        "11 月不是它的时令",
    ),
    "promise_missing": ({"promise": "missing"}, "没说有没有合格证"),
    "document_missing": (MEAT_IN, "要看《动物检疫证明》才能收"),
    "floor_low": ({"price_fen": 490}, "底价比县里的 ¥2.50/斤 低"),
    "price_high": ({"is_bought": True, "price_fen": 1_360, "paid_fen": 0}, "收价比平常的 ¥4.50/斤"),
    "weight_typed": ({"weighed": BY_HAND}, "重量是手工输的"),
}


@pytest.mark.parametrize("name", CHECKS)
def test_each_examination_blocks_warns_or_is_silent_as_the_county_says(barn, name):
    change, sentence = CHECKS[name]
    barn.rule(f"check.{name}", "block")
    assert barn.no_intake(**change).startswith(f"{name.upper()} {sentence}")
    barn.rule(f"check.{name}", "warn")
    assert passed(barn, barn.intake(**change)) == [name]
    for quiet in ("info", "off"):
        barn.rule(f"check.{name}", quiet)
        assert passed(barn, barn.intake(**change)) == []


def passed(barn, lot):
    row = barn.connection.execute(
        "SELECT json_extract(body, '$.passed') FROM facts WHERE kind = 'lot.described' "
        "AND entity = ?",
        (lot,),
    ).fetchone()
    return [name for name in row[0].strip("[]").replace('"', "").split(",") if name]


def test_a_good_intake_warns_of_nothing(barn):
    assert passed(barn, barn.intake()) == []


def test_a_contract_that_has_ended_or_is_used_up_is_blocked_or_warned_of(barn):
    ended = barn.contract(20_000, 800, until_day="2026-11-22")
    assert "CONTRACT_ENDED 合同 11月22日 到期了" in barn.no_intake(contract=ended)
    small = barn.contract(10_000, 800, code="2026-032")
    assert "CONTRACT_OVER" in barn.no_intake(contract=small)
    barn.rule("check.contract_over", "warn")
    assert passed(barn, barn.intake(contract=small)) == ["contract_over"]
    assert barn.connection.execute(
        "SELECT count(*) FROM cases WHERE kind = 'consignment.contract_exceeded'"
    ).fetchone() == (1,)


TYPED_DAYS = (
    ("今天", "2026-11-25"), ("昨天", "2026-11-24"), ("11-22", "2026-11-22"), ("22", "2026-11-22"),
    ("11月22日", "2026-11-22"), ("2026-11-02", "2026-11-02"), ("12.30", "2025-12-30"),
    ("11-26", "2026-11-26"), ("", ""), ("32", None), ("二十", None), ("13-1", None), ("-", ""),
)  # fmt: skip


@pytest.mark.parametrize(("typed", "day"), TYPED_DAYS)
def test_a_day_is_read_as_people_write_it(typed, day):
    assert read_day(typed, "2026-11-25") == day


NOW = Now(at=0, day="2026-11-25", operator="", device="D1", station="NX0601")

# --- A wrong weight ------------------------------------------------------------------------------


def test_a_wrong_weight_is_put_right_in_one_act_with_a_new_slip(barn):
    lot = barn.intake()
    barn.sell(barn.line(lot, 2_000, 1_000))
    assert isinstance(barn.reweigh(lot, 13_340), Done)
    state = barn.lot(lot)
    assert (state.quantity, state.on_shelf, state.shares[0].quantity) == (13_340, 11_340, 13_340)
    assert "13.340 公斤" in barn.printed("receipt")[-1]
    assert "GONE_ALREADY 已经卖出或转走 4 斤" in barn.sentence(barn.reweigh(lot, 1_900))
    assert "SAME_WEIGHT" in barn.sentence(barn.reweigh(lot, 13_340))
    sound(barn)


def test_a_lot_in_a_unit_that_nobody_knows_is_not_weighed_again(barn):
    """Another program may say anything; the desk raised instead of a sentence."""
    lot = barn.intake(is_bought=True, price_fen=800, paid_fen=9_872)
    strange = replace(barn.lot(lot), unit="ZTO")
    assert reweighed_cost(strange, 5) == 0
    sort = produce_records.sort_of(barn.connection, strange.produce, NOW.day)
    command = Reweigh(lot=lot, weighed=Weighed(gross_grams=5_000))
    said = reweigh(Reweighing(lot=strange, sort=sort), command, NOW)
    assert isinstance(said, Refusal)
    assert said.reason == "consignment.NO_SUCH_LOT"


def test_a_wrong_weight_of_what_was_bought_is_paid_the_same_moment(barn):
    lot = barn.intake(is_bought=True, price_fen=800, paid_fen=9_872)
    assert isinstance(barn.reweigh(lot, 12_840), Done)
    assert fen(barn, drawer("D1")) == FLOAT - 10_272
    assert fen(barn, inventory(lot)) == 10_272
    assert isinstance(barn.reweigh(lot, 11_840), Done)
    assert fen(barn, drawer("D1")) == FLOAT - 9_472
    assert fen(barn, inventory(lot)) == 9_472
    sound(barn)


def test_a_weight_under_contract_moves_what_is_left_of_it(barn):
    contract = barn.contract(13_000, 800)
    lot = barn.intake(contract=contract)
    assert "CONTRACT_OVER" in barn.sentence(barn.reweigh(lot, 13_340))
    assert isinstance(barn.reweigh(lot, 12_000), Done)
    assert barn.left_of(contract) == 1_000


def test_what_is_usual_next_month_is_not_asked_for_today(barn):
    """Prices, grades, papers and rules lie here before they begin; the intake asks by its day."""
    later = "2026-12-01"
    barn.publish(
        DatedProducePublished(
            code=BEANS, name="花生米", initials="hsm", category="", unit="gram", word="斤",
            floor_fen=700, price_fen=1_200, commission_bp=500, keeps_days=90, day=DAY,
            from_day=later,
        ),
        DatedProduceTermsPublished(
            code=BEANS, grades=(), months=(), promise=0, document="检验单", day=DAY,
            from_day=later,
        ),
        DatedProduceRulePublished(
            name="check.document_missing", value="warn", day=DAY, from_day=later
        ),
    )  # fmt: skip
    take = barn.taking(produce=BEANS, grade="")
    seen = {}
    for day in (NOW.day, "2026-11-30", later):
        now = dataclasses.replace(NOW, day=day)
        incoming = barn.gatherer.preview(barn.connection, take, now)
        sort = incoming.sort
        assert sort is not None
        assert sort.name == "花生米", "how it is called holds at once"
        found = look(looked_at(incoming, take, now), incoming.rules)
        missing = [one for one in found if one.name == "document_missing"]
        level = incoming.rules["check.document_missing"]
        usual = (sort.floor_fen, sort.price_fen, sort.commission_bp, sort.keeps_days)
        seen[day] = (*usual, level, [one.level for one in missing])
    assert seen[NOW.day] == seen["2026-11-30"] == (500, 900, 800, 200, "block", [])
    assert seen[later] == (700, 1_200, 500, 90, "warn", ["warn"])
