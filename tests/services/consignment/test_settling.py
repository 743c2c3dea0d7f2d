"""A grower is settled with by commands: lines, commission, top-up, payout, claw-back."""

from dataclasses import replace

from station_app.journal.fact import Saying
from station_app.journal.kinds import CaseClosed
from station_app.journal.verify import verify
from station_app.ledger.accounts import COUNTY, drawer, held_grower, receivable
from station_app.ledger.balances import balance
from station_app.printing.document import to_json
from station_app.services.cash import figure_records
from station_app.services.cash.documents import x_slip
from station_app.services.cash.facts import Tender
from station_app.services.cash.figures import Names
from station_app.services.consignment import records
from station_app.services.consignment.commands import DisputeLot, SettleGrower
from station_app.services.consignment.county_sale_records import county_lines
from station_app.services.consignment.facts import (
    Cost,
    GrowerAmount,
    LotSpoiled,
)
from station_app.services.consignment.paying_out import CountyLine, Settling, due_of
from station_app.services.consignment.person_telling import standing
from station_app.services.consignment.statement_papers import StatementMaker
from station_app.services.opening.facts import OpeningEntered
from station_app.services.people import records as people
from station_app.services.people.commands import AmendPerson, Details, LimitCredit
from station_app.services.people.facts import PersonDetails, PersonRegistered
from station_app.shell.desk import Done
from station_app.values.refusal import Refusal
from station_app.vocabulary import VOCABULARY
from tests.services.sales.store import sales_in

FLOAT, DAY = 30_000, "2026-11-23"


def fen(barn, account):
    return balance(barn.connection, account)


def grower(barn, number=0, where="Here"):
    return -fen(barn, held_grower(barn.pc.person(number), where))


def sound(barn):
    """The whole journal holds: chains, postings, folds, tables."""
    assert verify(barn.connection, VOCABULARY).is_sound


def one_sale(barn, price_fen=1_000, grams=3_237, **more):
    lot = barn.intake(price_fen=0, **more)
    return lot, barn.sell(barn.line(lot, grams, price_fen))


# --- What it comes to ----------------------------------------------------------------------------


def test_proceeds_less_commission_are_paid_to_the_fen(barn):
    one_sale(barn)
    due = barn.due()
    # 3.237 kg at 10.00 are 32.37; 8 % are 2.59
    assert (due.sold_fen, due.commission_fen, due.payable_fen) == (3_237, 259, 2_978)
    assert isinstance(barn.settle_with(2_978), Done)
    assert grower(barn) == 0
    assert fen(barn, "Income:Commission") == -259
    assert fen(barn, drawer("D1")) == FLOAT + 3_237 - 2_978
    assert barn.open_sales() == ()
    sound(barn)


def test_what_came_back_after_settling_is_clawed_back_exactly_once(barn):
    lot, sold = one_sale(barn)
    names, texts = (barn.pc.person(0),), barn.pc.premises.texts
    assert standing(barn.connection, names, texts) == "没结货款 ¥32.37"
    barn.settle_with(2_978)
    assert standing(barn.connection, names, texts) == ""
    (sale,) = sales_in(sold)
    assert isinstance(barn.bring_back(sale, 3_237, 3_237), Done)
    assert grower(barn) == -2_978
    assert standing(barn.connection, names, texts) == "欠退货款 ¥29.78"
    barn.sell(barn.line(lot, 5_000, 1_000))
    due = barn.due()
    assert (due.net_fen, due.before_fen, due.payable_fen) == (4_600, -2_978, 1_622)
    assert isinstance(barn.settle_with(1_622), Done)
    slip = barn.printed("receipt")[-1]
    assert "上次退货扣回" in slip
    assert "−￥29.78" in slip
    barn.sell(barn.line(lot, 1_000, 1_000))
    assert barn.due().before_fen == 0, "once, and never again"
    barn.settle_with(920)
    assert "上次退货扣回" not in barn.printed("receipt")[-1]
    assert grower(barn) == 0
    sound(barn)


def test_a_return_that_was_taken_back_is_no_claw_back(barn):
    lot, sold = one_sale(barn)
    barn.settle_with(2_978)
    (sale,) = sales_in(sold)
    barn.bring_back(sale, 1_000, 1_000)
    mistaken = barn.bring_back(sale, 500, 500)
    barn.pc.premises.desk.settle_undo(mistaken.act, ticket="U" * 16)
    barn.sell(barn.line(lot, 2_000, 1_000))
    assert barn.due().payable_fen == 1_840 - 920
    barn.settle_with(920)
    slip = barn.printed("receipt")[-1]
    assert "−￥9.20" in slip, "ten yuan came back, less the commission of 80 fen"
    assert "以前没付的" not in slip
    sound(barn)


def test_a_contract_is_topped_up_by_the_county_and_paid_as_an_advance_when_said_so(barn):
    contract = barn.contract(20_000, 800)
    _, _ = one_sale(barn, price_fen=650, grams=10_000, contract=contract)
    due = barn.due()
    # 65.00 less 5 % 3.25, and 1.50 a kilogram from the county
    assert (due.sold_fen, due.commission_fen, due.top_up_fen) == (6_500, 325, 1_500)
    assert (due.payable_here_fen, due.payable_fen) == (6_175, 7_675)
    assert "ASKS_ADVANCE 站里只有货主的 ¥61.75" in barn.sentence(barn.settle_with(7_675))
    assert isinstance(barn.settle_with(7_675, may_advance=True), Done)
    assert fen(barn, "Liabilities:County") == 1_500
    assert (grower(barn), grower(barn, where=COUNTY)) == (0, 0)
    assert "合同补差" in barn.printed("receipt")[-1]
    sound(barn)


def test_charges_are_deducted_the_stations_and_the_countys(barn):
    one_sale(barn)
    freight, packing = Cost(name="freight", amount_fen=300), Cost(name="packing", amount_fen=200)
    assert barn.due(0, freight, packing).payable_fen == 2_478
    outcome = barn.settle_with(2_478, service=(packing,), passed_on=(freight,))
    assert isinstance(outcome, Done)
    assert fen(barn, "Income:Service") == -200
    assert fen(barn, "Liabilities:County") == -300
    assert "运费" in barn.printed("receipt")[-1]
    sound(barn)


def test_part_of_it_is_paid_now_and_the_rest_waits_in_her_purse(barn):
    one_sale(barn)
    assert isinstance(barn.settle_with(1_000), Done)
    assert grower(barn) == 1_978
    assert "先不付，下回付" in barn.printed("receipt")[-1]
    due = barn.due()
    assert (due.net_fen, due.before_fen, due.payable_fen) == (0, 1_978, 1_978)
    assert isinstance(barn.settle_with(1_978), Done)
    assert "以前没付的" in barn.printed("receipt")[-1]
    assert grower(barn) == 0


def test_what_she_owes_is_set_off_against_what_she_gets(barn):
    barn.pc.do(LimitCredit(person=barn.pc.person(0), limit_fen=5_000))
    one_sale(barn)
    owed = (Tender(way="account", amount_fen=1_000, person=barn.pc.person(0)),)
    barn.sell(barn.bag(1, 1_000), tenders=owed, alone_reason="说好的")
    assert "SET_OFF_TOO_MUCH 最多抵 ¥10.00" in barn.sentence(barn.settle_with(0, set_off_fen=1_001))
    assert isinstance(barn.settle_with(1_978, set_off_fen=1_000), Done)
    assert fen(barn, receivable(barn.pc.person(0))) == 0
    assert "抵欠款" in barn.printed("receipt")[-1]
    sound(barn)


def test_sales_that_stay_open_are_never_paid_out_with_the_rest(barn):
    lot, first = one_sale(barn)
    barn.sell(barn.line(lot, 2_000, 1_000))
    only = sales_in(first)
    assert "PAY_TOO_MUCH 最多付 ¥29.78" in barn.sentence(barn.settle_with(2_979, sales=tuple(only)))
    assert isinstance(barn.settle_with(2_978, sales=tuple(only)), Done)
    assert grower(barn) == 2_000
    assert len(barn.open_sales()) == 1


def test_spoilage_that_the_station_bears_is_paid_with_the_next_settlement(barn):
    lot, _ = one_sale(barn)
    barn.say(
        LotSpoiled(
            quantity=350, reason="rotten", bearer="station", cost_fen=0, person="",
            amounts=(GrowerAmount(person=barn.pc.person(0), amount_fen=322),), day="2026-11-23",
        ),
        entity=lot,
    )  # fmt: skip
    assert barn.due().payable_fen == 2_978 + 322
    assert isinstance(barn.settle_with(3_300), Done)
    assert grower(barn) == 0
    slip = barn.printed("receipt")[-1]
    assert "站里赔的损耗" in slip
    assert "+￥3.22" in slip
    assert "以前没付的" not in slip


def facts_of_county(barn):
    return [line.fact for line in county_lines(barn.connection, barn.pc.person(0))]


def test_what_the_county_sold_is_named_once_and_paid_out_of_what_came_down_or_as_an_advance(barn):
    _, sold = barn.sold_by_county()
    assert facts_of_county(barn) == [sold]
    assert barn.due().payable_here_fen == 0
    assert (barn.due().by_county_fen, barn.due().before_fen) == (9_200, 0)
    assert isinstance(barn.settle_with(9_200, may_advance=True), Done)
    assert facts_of_county(barn) == []
    assert grower(barn, where=COUNTY) == 0
    slip = barn.printed("receipt")[-1]
    assert "县里卖的" in slip
    assert "+￥92.00" in slip
    assert "以前没付的" not in slip
    sound(barn)


def test_what_the_county_sold_of_a_disputed_lot_is_not_paid_and_the_rest_is(barn):
    lot, sold = barn.sold_by_county()
    _, other = barn.sold_by_county(net_fen=5_000)
    person = barn.pc.person(0)
    assert barn.act(DisputeLot(lot="ab" * 32, person=person, reason="other")) == Refusal(
        "consignment.SETTLED_ALREADY"
    ), "nothing of hers is open for such a lot"
    assert isinstance(barn.act(DisputeLot(lot=lot, person=person, reason="price_wrong")), Done)
    assert (barn.due().by_county_fen, barn.due().payable_fen, barn.due().before_fen) == (
        5_000, 5_000, 0,
    )  # fmt: skip
    refused = barn.settle_with(5_001, may_advance=True)
    assert refused == Refusal("consignment.PAY_TOO_MUCH", {"most": "¥50.00"})
    assert isinstance(barn.settle_with(5_000, may_advance=True), Done)
    assert facts_of_county(barn) == [sold], "it waits, the other one is named"
    assert grower(barn, where=COUNTY) == 9_200
    assert other not in facts_of_county(barn)
    assert barn.due().payable_fen == 0
    close_dispute(barn)
    assert barn.due().payable_fen == 9_200
    assert isinstance(barn.settle_with(9_200, may_advance=True), Done)
    assert grower(barn, where=COUNTY) == 0
    sound(barn)


def test_what_came_back_of_a_sale_of_the_county_before_she_is_settled_with_is_no_part_of_it(barn):
    lot, sold = barn.sold_by_county()
    barn.came_back(lot, sold, 4_600)
    assert (barn.lot(lot).at_hub, barn.lot(lot).sold) == (6_170, 6_170)
    (line,) = county_lines(barn.connection, barn.pc.person(0))
    assert (line.amount_fen, line.quantity, line.back) == (4_600, 6_170, 6_170)
    due = barn.due()
    assert (due.by_county_fen, due.before_fen, due.payable_fen) == (4_600, 0, 4_600)
    done = barn.settle_with(4_600, may_advance=True)
    assert isinstance(done, Done)
    slip = barn.printed("receipt")[-1]
    assert "+￥46.00" in slip
    assert "上次退货扣回" not in slip
    assert grower(barn, where=COUNTY) == 0
    sound(barn)


def test_what_came_back_of_a_sale_of_the_county_after_settling_is_clawed_back_exactly_once(barn):
    lot, sold = barn.sold_by_county()
    paid = barn.settle_with(9_200, may_advance=True)
    barn.came_back(lot, sold, 4_600, down_fen=4_600)
    assert grower(barn) == -4_600
    assert facts_of_county(barn) == []
    mine = barn.intake(price_fen=0)
    barn.sell(barn.line(mine, 10_000, 1_000))
    due = barn.due()
    assert (due.net_fen, due.before_fen, due.payable_fen) == (9_200, -4_600, 4_600)
    assert isinstance(barn.settle_with(4_600), Done)
    slip = barn.printed("receipt")[-1]
    assert "上次退货扣回" in slip
    assert "−￥46.00" in slip
    barn.came_back(lot, sold, 4_600, down_fen=4_600)
    again = barn.slip_again(paid.act)
    assert "县里卖的" in again, "a copy says what was true then"
    assert "以前没付的" not in again
    barn.sell(barn.line(mine, 1_000, 1_000))
    assert barn.due().before_fen == -4_600, "the second half, and not the first again"
    assert barn.due().payable_fen == 0
    assert isinstance(barn.settle_with(0), Done)
    assert "−￥46.00" in barn.printed("receipt")[-1]
    barn.sell(barn.line(mine, 1_000, 1_000))
    barn.settle_with(0)
    assert "上次退货扣回" not in barn.printed("receipt")[-1]
    assert grower(barn) == -4_600 + 2 * 920
    assert fen(barn, "Income:Commission") == -800 - 80 - 80
    sound(barn)


def test_what_has_come_down_for_a_disputed_sale_stays_in_her_purse():
    line = CountyLine(fact="f", lot="a", quantity=10_000, amount_fen=9_200)
    state = Settling(here_fen=10_000, county_fen=500, county_lines=(line,), disputed=frozenset("a"))
    due = due_of(state, (), ())
    assert (due.payable_fen, due.payable_here_fen) == (1_300, 1_300)
    assert due_of(replace(state, disputed=frozenset()), (), ()).payable_fen == 10_500


def close_dispute(barn):
    """Somebody has looked, and says how it ended."""
    row = barn.connection.execute(
        "SELECT entity, members FROM cases WHERE kind = 'consignment.disputed'"
    ).fetchone()
    members = tuple(row[1].split('"')[1::2])
    closed = CaseClosed(case="consignment.disputed", members=members, verdict="both", day=DAY)
    barn.say(closed, entity=row[0])


# --- Who waits for money ---


def waiting(barn):
    return {one.identity: fen for one, fen in records.growers_waiting(barn.connection, people)}


def test_a_grower_whose_two_records_became_one_is_paid_what_lies_under_each_name(barn):
    """Her money stays under the name of the day it came; nobody else's hand touches it."""

    def register(recorder):
        act = recorder.open_act(barn.ticket(), by="", at=barn.pc.clock.at_ms)
        details = PersonDetails(name="王示兰", phone="15400006000")
        act.say(Saying(PersonRegistered(code="V00000", day="2026-11-23"), details))
        act.close()

    barn.pc.premises.session.write(register)
    names = people.names_of(barn.connection, barn.pc.person(0))
    assert len(names) == 2
    for number, name in enumerate(names, 1):
        lot = barn.intake(price_fen=0, person=name)
        barn.sell(barn.line(lot, 1_000 * number, 1_000))
    assert waiting(barn) == {names[0]: 1_000, names[1]: 2_000}
    found = records.purses_of(barn.connection, people, barn.pc.person(0))
    assert {one.identity: (one.name, fen) for one, fen in found} == {
        names[0]: ("王示兰", 1_000), names[1]: ("王示兰", 2_000),
    }  # fmt: skip
    for name in names:
        lines = barn.gatherer.due_to(barn.connection, name, barn.pc.premises.desk.now()).lines
        sales = tuple(line.sale for line in lines)
        done = barn.settle_under(name, sales)
        assert isinstance(done, Done)
    assert waiting(barn) == {}
    assert fen(barn, "Income:Commission") == -80 - 160
    assert season_of(barn, names[0]) == season_of(barn, names[1])
    assert season_of(barn, names[0])[1:] == (2, ["￥27.60", "￥0.00"]), "both of her lots, once"
    sound(barn)


def season_of(barn, person):
    """The names, the number of lots and the amounts on the paper of a season."""
    now = barn.pc.premises.desk.now()
    paper = StatementMaker(people, barn.pc.premises.texts).season(barn.connection, person, now)
    rights = [str(getattr(block, "right", "")) for block in paper.blocks]
    lefts = [str(getattr(block, "left", "")) for block in paper.blocks]
    named = [words for words in lefts if "*" in words]
    return named, to_json(paper).count("剩 "), [words for words in rights if "￥" in words]


def test_the_paper_of_a_season_is_of_the_whole_household_and_only_of_it(barn):
    for number, grams in ((0, 1_000), (1, 2_000), (2, 4_000)):
        lot = barn.intake(price_fen=0, person=barn.pc.person(number))
        barn.sell(barn.line(lot, grams, 1_000))
        known = people.person_state(barn.connection, barn.pc.person(number))
        assert known is not None
        home = "7" if number < 2 else "8"
        details = Details(name=known.name, phone=known.phone, household=home)
        barn.pc.do(AmendPerson(person=barn.pc.person(number), details=details))
    barn.settle_with(920)
    mother, son = (season_of(barn, barn.pc.person(number)) for number in (0, 1))
    assert mother[1:] == (2, ["￥9.20", "￥0.00", "￥0.00", "￥20.00", "￥9.20", "￥20.00"])
    assert len(set(mother[0])) == 2, "each by her masked name"
    assert son[1] == 2
    assert son[2][-2:] == mother[2][-2:], "whoever of them asks"


def test_whoever_sold_to_the_station_and_got_a_part_waits_for_the_rest(barn):
    barn.intake(is_bought=True, price_fen=1_000, paid_fen=2_340)
    assert waiting(barn) == {barn.pc.person(0): 10_000}
    barn.settle_with(10_000)
    assert waiting(barn) == {}


def test_what_was_owed_before_the_books_began_waits_too(barn):
    opened = {
        "purse": "owed_grower", "person": barn.pc.person(1), "courier": "", "device": "",
        "amount_fen": 5_000, "witness": "alone", "witness_by": "", "slip": 1, "day": "2026-11-23",
    }  # fmt: skip
    barn.say(OpeningEntered(**opened))
    assert waiting(barn) == {barn.pc.person(1): 5_000}


# --- What is refused -----------------------------------------------------------------------------


def test_a_payout_below_the_countys_minimum_waits(barn):
    barn.rule("settle.least_fen", "1000")
    one_sale(barn, grams=500)
    assert "BELOW_LEAST 不到 ¥10.00 先攒着" in barn.sentence(barn.settle_with(460))
    assert isinstance(barn.settle_with(0), Done)
    assert grower(barn) == 460


def test_what_is_settled_is_not_settled_again(barn):
    _, sold = one_sale(barn)
    again = tuple(sales_in(sold))
    barn.settle_with(2_978)
    assert "SETTLED_ALREADY" in barn.sentence(barn.settle_with(0, sales=again))
    assert "NOTHING_TO_SETTLE" in barn.sentence(barn.settle_with(0))
    assert "NO_GROWER" in barn.sentence(
        barn.pc.premises.desk.settle(SettleGrower(person="ab" * 32, pay_fen=1), ticket="N" * 16)
    )


def test_a_settlement_is_undone_and_its_lines_are_open_again(barn):
    one_sale(barn)
    done = barn.settle_with(2_978)
    assert isinstance(done, Done)
    undone = barn.pc.premises.desk.settle_undo(done.act, ticket="U" * 16)
    assert isinstance(undone, Done), undone
    assert len(barn.open_sales()) == 1
    assert grower(barn) == 3_237
    sound(barn)


# --- Papers --------------------------------------------------------------------------------------


def test_the_slip_lists_every_price_by_itself_and_says_what_is_on_sale_and_when_is_settled(barn):
    barn.rule("settle.days", "10|20|30")
    lot = barn.intake(price_fen=0)
    for grams, price in ((2_000, 1_000), (1_000, 1_000)):
        barn.sell(barn.line(lot, grams, price))
    barn.sell(barn.line(lot, 500, 900), alone_reason="熟了")
    barn.settle_with(barn.due().payable_fen)
    slip = barn.printed("receipt")[-1]
    for words in (
        "货款结算单", "卖出 3.000 公斤  ¥10.00/公斤",
        "卖出 0.500 公斤  ¥9.00/公斤", "￥30.00", "￥4.50",
        "佣金 8 %", "−￥2.76", "￥31.74", "叁拾壹元柒角肆分", "猕猴桃 一级 8.840 公斤", "11月30日",
    ):  # fmt: skip
        assert words in slip, words


def test_a_copy_of_the_slip_says_what_was_true_then(barn):
    lot, _ = one_sale(barn)
    done = barn.settle_with(1_000)
    first = barn.printed("receipt")[-1]
    barn.sell(barn.line(lot, 2_000, 1_000))
    assert isinstance(done, Done)
    assert "￥19.78" in first
    again = barn.slip_again(done.act)
    assert "￥19.78" in again
    assert "￥39.78" not in again


def test_the_slip_of_the_day_says_what_came_in_was_sold_and_growers_got(barn):
    one_sale(barn)
    barn.settle_with(2_978)
    barn.sell(barn.bag(1))
    barn.intake(is_bought=True, price_fen=400, paid_fen=1_000)
    mistaken = barn.try_intake(barn.taking())
    barn.pc.premises.desk.settle_undo(mistaken.act, ticket="U" * 16)
    shift = barn.pc.premises.desk.now().shift
    sheet = figure_records.sheet_of(barn.connection, shift)
    assert sheet is not None
    moved = sheet.movements
    assert (moved.lots, moved.consigned_fen) == (1, 3_237)
    assert (moved.growers_paid, moved.growers_paid_fen) == (2, 3_978)
    slip = to_json(x_slip(sheet, Names(station="柳荫洼村站"), barn.pc.premises.texts))
    assert '"left":"代销 收 / 卖","right":"1 批 / ￥32.37"' in slip
    assert '"left":"付农户","right":"￥39.78"' in slip
    names = Names(station="柳荫洼村站")
    for figure in figure_records.figures_of(barn.connection, shift, names, barn.pc.premises.texts):
        if figure.key in ("lots", "consigned", "growers_paid"):
            behind = figure_records.behind_figure(barn.connection, shift, figure)
            assert behind.amount == figure.amount > 0
