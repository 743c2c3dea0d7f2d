"""Billers as the county publishes them: rules of account and amount, days from which they hold."""

import msgspec
import pytest

from county_server.master import Known, Plan, plan
from station_app.reference import biller_records
from station_app.reference.billers import BillerTerms, normal_account
from station_app.reference.facts import BillerPublished
from station_app.resources_dir import load_texts, resources
from tests.county_server.master_folders import DAY, folder_with
from tests.services.accounts.pcs import Pc
from tests.services.sales.store import Store

HEAD = (
    "biller_code,name,category,account_label,account_regex,example_account,amount_mode,"
    "quick_amounts_fen,min_fen,max_fen,service_fee_fen,offline_policy,receipt_digits,answer_days,"
    "float_limit_fen,from_day"
)
ELEC = (
    r"ELEC,居民电费,electricity,户号,^\d{10}$|^\d{13}$,0000000017,free,"
    "5000,1000,500000,0,queue,16,3,100000,"
)


def published(tmp_path, *rows):
    made = plan(folder_with(tmp_path, billers=[]), Known(), day=DAY)
    (tmp_path / "billers.csv").write_text("\n".join((HEAD, *rows)) + "\n", "utf-8")
    made = plan(tmp_path, Known(), day=DAY)
    steps = getattr(made, "steps", ())
    return made, [s.body for s in steps if isinstance(s.body, BillerPublished)]


def demo():
    made = plan(resources() / "demo", Known(), day=DAY)
    assert isinstance(made, Plan)
    return {s.body.code: s.body for s in made.steps if isinstance(s.body, BillerPublished)}


def fee_on(store, day):
    terms = biller_records.biller(store.connection, "ELEC", day)
    assert terms is not None
    return terms.fee_fen


@pytest.fixture
def store(tmp_path):
    (tmp_path / "pc").mkdir()
    pc = Pc(tmp_path / "pc" / "one", 1)
    yield Store(pc)
    pc.close()


def test_a_biller_is_off_until_the_county_switches_it_on(tmp_path):
    _, (said,) = published(tmp_path, ELEC.replace(",queue,", ",,"))
    assert said.policy == "disabled"
    _, (said,) = published(tmp_path, ELEC)
    assert said.policy == "queue"


@pytest.mark.parametrize(
    ("column", "row"),
    [
        ("account_regex", ELEC.replace(r"^\d{10}$|^\d{13}$", "(a+)+")),
        ("account_regex", ELEC.replace("0000000017", "00017")),
        ("max_fen", ELEC.replace("500000", "999")),
        ("quick_amounts_fen", ELEC.replace(",5000,", ",500,")),
        ("from_day", ELEC + "1.12.2026"),
        ("offline_policy", ELEC.replace(",queue,", ",always,")),
        ("float_limit_fen", ELEC.replace(",100000,", ",1e5,")),
    ],
)
def test_a_bad_row_of_billers_is_named_by_its_column(tmp_path, column, row):
    made, said = published(tmp_path, row)
    assert said == []
    assert column in [problem.column for problem in made.found]
    assert all(line.startswith("billers.csv") for line in made.lines(load_texts()))


def test_every_biller_of_the_demo_says_what_its_numbers_look_like():
    lengths = {}
    for code, body in demo().items():
        said = msgspec.structs.asdict(body)
        terms = BillerTerms(**{name: said[name] for name in BillerTerms.__struct_fields__})
        assert terms.fits(terms.example), code
        lengths[code] = terms.lengths
    assert lengths["ELEC"] == (10, 13)
    assert lengths["MOB_CM"] == (11,)
    assert lengths["WATER"] == (6, 7, 8, 9, 10, 11, 12)
    assert lengths["INS_MED"] == (6,)


def test_new_rules_hold_from_their_day_on_and_not_before(store):
    body = demo()["ELEC"]
    later = msgspec.structs.replace(body, fee_fen=100, from_day="2027-01-01", day="2026-12-01")
    store.publish(body)
    store.pc.clock.at_ms += 1_000
    store.publish(later)
    assert biller_records.biller(store.connection, "ELEC", "2026-11-24") is None
    assert fee_on(store, "2026-12-31") == 0
    assert fee_on(store, "2027-01-01") == 100
    store.pc.clock.at_ms += 1_000
    store.publish(msgspec.structs.replace(later, fee_fen=50, from_day="2026-12-15"))
    assert fee_on(store, "2027-01-01") == 50


def test_billers_stand_as_in_the_sheet_and_are_found_by_name_and_initials(store):
    store.publish(*demo().values())
    found = biller_records.billers(store.connection, DAY)
    assert [terms.code for terms in found[:5]] == ["ELEC", "MOB_CM", "WATER", "TV", "GAS"]
    for typed in ("电费", "jmdf", "elec", "dianfei"):
        assert [t.code for t in biller_records.named(found, typed)] == ["ELEC"], typed


@pytest.mark.parametrize("typed", ["0000 0000 17", "００００ ００００ １７", "0000-0000-17"])
def test_an_account_number_is_taken_as_it_comes_out_of_a_mouth_or_an_input_method(typed):
    assert normal_account(typed) == "0000000017"
