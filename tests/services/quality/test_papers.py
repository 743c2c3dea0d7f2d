"""Promises (合格证), tests, recalls, fields and certificates by commands."""

import json

import pytest

from station_app.journal.verify import verify
from station_app.printing.document import to_json
from station_app.services.consignment.commands import MergeLots, MoveLot, SplitLot
from station_app.services.people import records as people
from station_app.services.quality import records
from station_app.services.quality.commands import (
    CollectPromise,
    DescribePlot,
    EndorseLot,
    IssuePromise,
    PrintPromise,
    RecordTest,
    ShowCertificate,
)
from station_app.services.quality.facts import LotRecalled, LotReleased
from station_app.services.quality.papers import PaperMaker
from station_app.shell.desk import Done
from station_app.values.refusal import Refusal
from station_app.vocabulary import VOCABULARY
from tests.services.consignment.barn import KIWI

DAY = "2026-11-23"
OWN_PROMISE = ("own_promise",)


def ask(barn, command, *, prints=False):
    ticket = barn.ticket()
    more = (PrintPromise(act=ticket),) if prints else ()
    barn.pc.clock.at_ms += 1_000
    return barn.pc.premises.desk.settle(command, *more, ticket=ticket)


def no(barn, command):
    return barn.sentence(ask(barn, command))


def done(barn, command, **more):
    outcome = ask(barn, command, **more)
    assert isinstance(outcome, Done), outcome
    return outcome


def mixed(barn):
    """Kiwis of two growers in one lot."""
    lots = tuple(barn.intake(person=barn.pc.person(number)) for number in (0, 1))
    outcome = barn.act(MergeLots(lots=lots))
    return next(told.identity for told in outcome.told if told.kind == "lot.made")


def sound(barn):
    assert verify(barn.connection, VOCABULARY).is_sound


# --- Promises ---


def test_a_household_may_have_its_promise_issued_and_signs_it(barn):
    lot = barn.intake()
    issued = done(barn, IssuePromise(lot=lot, bases=OWN_PROMISE), prints=True)
    body = json.loads(
        barn.connection.execute("SELECT body FROM facts WHERE kind = 'lot.certified'").fetchone()[0]
    )
    assert (body["form"], body["reason"], body["person"]) == (
        "producer", "asked", barn.pc.person(0),
    )  # fmt: skip
    paper = barn.printed("receipt")[-1]
    for words in (
        "承诺达标合格证", "我承诺对生产销售的食用农产品", "不使用禁用农药兽药", "猕猴桃 一级",
        "12.340 公斤", "赤眉镇柳荫洼村", "生 产 者", "（签名或盖章）", "NX0601-H-2611230001",
    ):  # fmt: skip
        assert words in paper, words
    assert "混装后重开" not in paper
    assert barn.lot(lot).promise == "issued"
    papers = PaperMaker(people, barn.pc.premises.texts)
    again = papers.promise_again(barn.connection, issued.act)
    assert again is not None
    assert to_json(again.document) == paper, "a copy says the same"
    sound(barn)


def test_what_the_station_has_mixed_it_promises_itself_by_the_buyers_form(barn):
    lot = mixed(barn)
    assert barn.lot(lot).promise == "", "asks for a new one"
    assert no(barn, CollectPromise(lot=lot, issuer="household")).startswith("MIXED_IS_ISSUED")
    done(barn, IssuePromise(lot=lot, bases=("own_control", "tested_by_self")), prints=True)
    paper = barn.printed("receipt")[-1]
    for words in (
        "收购后混装、分装", "承 诺 者", "柳荫洼村电商服务站", "混装后重开", "NX0601-S-2611230001",
    ):  # fmt: skip
        assert words in paper, words
    sound(barn)


def test_the_words_of_both_forms_are_the_countys_where_it_has_published_them(barn):
    barn.rule("promise.producer", "本人承诺：|不用禁药|残留不超标")
    barn.rule("promise.buyer", "本站承诺：|索证|存证")
    barn.rule("promise.place", "内乡县")
    barn.rule("promise.contact", "0377-0000 0000")
    done(barn, IssuePromise(lot=barn.intake(), bases=OWN_PROMISE), prints=True)
    hers = barn.printed("receipt")[-1]
    for words in ("本人承诺：", "不用禁药", "内乡县赤眉镇柳荫洼村", "0377-0000 0000"):
        assert words in hers, words
    assert "不使用禁用农药" not in hers
    done(barn, IssuePromise(lot=mixed(barn), bases=OWN_PROMISE), prints=True)
    assert "本站承诺：" in barn.printed("receipt")[-1]


def test_a_promise_with_no_basis_is_none_and_a_company_numbers_its_own(barn):
    lot = barn.intake()
    assert no(barn, IssuePromise(lot=lot, bases=())) == "NO_BASIS 至少选一样承诺依据"
    assert no(barn, CollectPromise(lot=lot, issuer="coop")).startswith("NO_NUMBER")
    done(barn, CollectPromise(lot=lot, issuer="coop", number="HZS-17"))
    assert (barn.lot(lot).promise, barn.lot(lot).promise_number) == ("given", "HZS-17")
    assert no(barn, IssuePromise(lot="ab" * 32, bases=OWN_PROMISE)).startswith("NO_LOT")


def test_the_inspectors_list_has_half_a_year_of_lots_and_says_which_lack_a_promise(barn):
    has = barn.intake()
    barn.intake(person=barn.pc.person(1), promise="missing")
    barn.intake(person=barn.pc.person(2), promise="declined")
    done(barn, CollectPromise(lot=has, issuer="coop", number="HZS-17"))
    lot = mixed(barn)
    papers = PaperMaker(people, barn.pc.premises.texts)
    now = barn.pc.premises.desk.now()
    said = to_json(papers.inspection(barn.connection, now))
    for words in ("合格证查验清单", "有 HZS-17", "自愿不开", "2 户合装", "保存 6 个月以上"):
        assert words in said, words
    assert '"6 批"' in said
    assert '"2 批"' in said, "one without, and the mixed one"
    assert "王示兰" not in said, "masked on paper"
    done(barn, IssuePromise(lot=lot, bases=OWN_PROMISE))
    assert "站里开的 NX0601-S-" in to_json(papers.inspection(barn.connection, now))


@pytest.mark.parametrize(("said", "days"), [("", 183), ("30", 183), ("365", 365), ("lang", 183)])
def test_promises_are_listed_for_six_months_at_least(barn, said, days):
    if said:
        barn.rule("promise.keep_days", said)
    assert records.keep_days(barn.connection, DAY) == days


# --- Tests and recalls ---


def failed(barn, lot, **more):
    values = {"lab": "县检测中心", "item": "毒死蜱", "limit": "0.02", "value": "0.31"}
    return done(barn, RecordTest(lot=lot, is_passed=False, **{**values, **more}))


@pytest.mark.parametrize("how", ["recall", "test"])
def test_a_lot_that_is_stopped_stays_until_the_county_lets_it_go(barn, how):
    lot, other = barn.intake(), barn.intake()
    why, moved, sold = "HAS_FAILED 这批货检测不合格：毒死蜱", "毒死蜱", "sales.TEST_FAILED"
    if how == "recall":
        barn.publish(LotRecalled(reason="农残超标", day=DAY), entity=lot)
        why, moved, sold = "IS_RECALLED 这批货县里召回了：农残超标", "农残超标", "sales.RECALLED"
    else:
        failed(barn, lot)
    refused = barn.refused(barn.line(lot, 1_000, 1_000))
    assert refused.startswith(sold)
    assert moved in refused
    for command in (
        SplitLot(lot=lot, quantity=1_000),
        MergeLots(lots=(lot, other)),
        MoveLot(lot=lot, how="dispatch", quantity=1_000, packages=1),
    ):
        assert barn.sentence(barn.act(command)).startswith(why)
    assert isinstance(barn.act(MoveLot(lot=lot, how="sample", quantity=100)), Done)
    assert isinstance(barn.act(MoveLot(lot=lot, how="return", quantity=100)), Done)
    barn.publish(LotReleased(reason="复检合格", day=DAY), entity=lot)
    assert isinstance(barn.try_sale(barn.line(lot, 1_000, 1_000)), Done)
    sound(barn)


def test_a_test_that_was_passed_stops_nothing_and_a_mistaken_one_is_undone(barn):
    lot = barn.intake()
    done(barn, RecordTest(lot=lot, lab="站里", item="农残速测", limit="", value="阴性",
                          is_passed=True, sample="FY-3"))  # fmt: skip
    assert not barn.lot(lot).is_blocked
    mistaken = failed(barn, lot)
    assert barn.lot(lot).is_blocked
    barn.pc.premises.desk.settle_undo(mistaken.act, ticket="U" * 16)
    assert not barn.lot(lot).is_blocked
    assert no(barn, RecordTest(lot=lot, lab=" ", item="x", limit="", value="",
                               is_passed=True)).startswith("NO_WORDS")  # fmt: skip


def test_an_office_vouches_for_a_lot(barn):
    lot = barn.intake()
    done(barn, EndorseLot(lot=lot, office="镇农办", number="BS-1"))
    assert not barn.lot(lot).is_blocked
    assert no(barn, EndorseLot(lot=lot, office="镇农办", number="")).startswith("NO_WORDS")


# --- Fields and certificates ---


def test_a_grower_has_fields_and_certificates_that_change(barn):
    person = barn.pc.person(0)
    plot = done(barn, DescribePlot(person=person, name="东坡", produce=KIWI, tenth_mu=15))
    identity = plot.told[0].identity
    done(barn, DescribePlot(person=person, name="东坡", produce=KIWI, tenth_mu=12, plot=identity))
    (row,) = records.plots_of(barn.connection, person)
    assert (row.name, row.tenth_mu) == ("东坡", 12)
    done(barn, DescribePlot(person=person, name="东坡", produce=KIWI, tenth_mu=0, plot=identity))
    assert records.plots_of(barn.connection, person) == ()
    for until in ("2026-12-31", "2027-12-31"):
        done(barn, ShowCertificate(person=person, sort="organic", number="YJ-9", produce=KIWI,
                                   until_day=until))  # fmt: skip
    (paper,) = records.certificates_of(barn.connection, person)
    assert paper.until_day == "2027-12-31"


def test_what_is_wrong_with_a_field_or_certificate_is_said(barn):
    person = barn.pc.person(0)
    plot = {"person": person, "name": "东坡", "produce": KIWI, "tenth_mu": 15}
    paper = {
        "person": person, "sort": "gi", "number": "DL-1", "produce": KIWI,
        "until_day": "2027-01-01",
    }  # fmt: skip
    for command, key in (
        (DescribePlot(**{**plot, "person": "ab" * 32}), "NO_GROWER"),
        (DescribePlot(**{**plot, "produce": "99999"}), "NO_SORT"),
        (DescribePlot(**{**plot, "tenth_mu": 0}), "MU_WRONG"),
        (DescribePlot(**{**plot, "name": "  "}), "NO_WORDS"),
        (DescribePlot(**{**plot, "name": "长" * 41}), "WORDS_TOO_LONG"),
        (ShowCertificate(**{**paper, "number": ""}), "NO_WORDS"),
        (ShowCertificate(**{**paper, "until_day": ""}), "NO_DAY"),
        (ShowCertificate(**{**paper, "produce": "99999"}), "NO_SORT"),
    ):
        refused = ask(barn, command)
        assert isinstance(refused, Refusal)
        assert no(barn, command).startswith(key)
