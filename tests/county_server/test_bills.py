"""The bills desk: the queue, the answers, who looked at a whole number, the day, the file."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import msgspec
import pytest

from county_server.desks.bills import file, queue
from county_server.desks.bills.queue import Line
from county_server.scribe import EVERYBODY, Scribe
from county_server.verify import verify_county
from station_app.ledger.accounts import COUNTY_CURRENT, held_bill, refund_due
from station_app.ledger.balances import balance
from station_app.services.bills.rules import Bill
from tests.county_server.bill_story import ACCOUNT, NUMBER, BillTill, billers
from tests.county_server.finance_story import (
    Office,
    county_facts,
    open_office,
    open_till,
    post,
    seen,
)
from tests.sync.stand import DAY, STATION, converse, direct, folded_here, folded_there


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = open_office(tmp_path)
    county = made.county
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say(EVERYBODY, billers(), by="county", at=county.clock.now_ms())
        scribe.seal()
    yield made
    county.close()


@pytest.fixture
def till(office: Office, tmp_path: Path) -> Iterator[BillTill]:
    pc = open_till(office, tmp_path / "pc").pc
    yield BillTill(pc)
    pc.close()


def send(office: Office, till: BillTill) -> None:
    converse(till.pc, direct(office.county))


def one(entity: str) -> str:
    return f"/bills/{STATION}/{entity}"


def test_a_bill_waits_until_it_is_paid_and_the_station_hears_of_it(
    office: Office, till: BillTill
) -> None:
    bill = till.take(12_000)
    send(office, till)
    listed = seen(office["F01"].page("/bills"))
    assert "柳荫洼村站" in listed
    assert "¥120.00" in listed
    assert "等办 1" in listed
    url = one(bill.identity)
    assert ACCOUNT not in office["F01"].page(url), "only its end, until somebody says why"
    html = post(office["F01"], url, f"{url}/paid", {"number": "2026112309"}, 422)
    assert "凭证号要 16 位字母数字，现在 10 位" in html
    assert 'value="2026112309"' in html, "what was typed stays"
    assert not county_facts(office.county, "bill.paid")
    post(office["F01"], url, f"{url}/paid", {"number": NUMBER})
    (paid,) = county_facts(office.county, "bill.paid")
    assert msgspec.json.decode(paid.body) == {
        "amount_fen": 12_000, "answers": bill.identity, "day": DAY, "fee_fen": 0, "number": NUMBER,
    }  # fmt: skip
    assert (paid.by, paid.entity) == ("F01", bill.identity)
    assert "没有要办的" in office["F01"].page("/bills")
    assert "办成" in seen(office["F01"].page("/bills?tab=over"))
    send(office, till)
    assert balance(till.pc.reader, held_bill(bill.identity)) == 0
    assert balance(till.pc.reader, COUNTY_CURRENT) == -12_000
    assert folded_here(till.pc) == folded_there(office.county, STATION)
    assert not verify_county(office.county).findings


def test_what_could_not_be_paid_and_what_came_back_is_owed_back_with_a_reason(
    office: Office, till: BillTill
) -> None:
    failed, back = till.take(12_000, fee_fen=100), till.take(5_000, account="0000000018")
    send(office, till)
    url = one(failed.identity)
    assert "选一个原因" in post(office["F01"], url, f"{url}/failed", {"reason": ""}, 422)
    assert "选一个原因" in post(office["F01"], url, f"{url}/failed", {"reason": "x"}, 422)
    post(office["F01"], url, f"{url}/failed", {"reason": "account_closed"})
    assert "户号停用" in seen(office["F01"].page(url))
    url = one(back.identity)
    post(office["F01"], url, f"{url}/paid", {"number": NUMBER})
    post(office["F01"], url, f"{url}/reversed", {"reason": "biller_refused"})
    listed = seen(office["F01"].page("/bills?tab=back"))
    assert "没办成" in listed
    assert "被退回" in listed
    send(office, till)
    assert balance(till.pc.reader, refund_due(failed.identity)) == -12_100
    assert balance(till.pc.reader, refund_due(back.identity)) == -5_000
    assert balance(till.pc.reader, COUNTY_CURRENT) == 0


def test_the_tabs_say_how_many_wait_and_what_was_given_back_waits_no_more(
    office: Office, till: BillTill
) -> None:
    """What a station has paid out was counted as 没办成等退 for ever."""
    till.take(5_000, account="0000000018")
    failed = [till.take(12_000), till.take(3_000, account="0000000026")]
    send(office, till)
    for bill in failed:
        url = one(bill.identity)
        post(office["F01"], url, f"{url}/failed", {"reason": "account_closed"})
    for url in ("/bills", "/bills?tab=over", "/bills/day"):
        assert "等办 1 没办成等退 2 办成 每日对账" in seen(office["F01"].page(url)), url
    send(office, till)
    till.give_back(failed[0], 12_000)
    send(office, till)
    page = seen(office["F01"].page("/bills?tab=back"))
    assert "等办 1 没办成等退 1 办成" in page
    owed, given = page.index("¥30.00"), page.index("¥120.00")
    assert owed < given, "what is owed stands first"
    assert "没办成，退给乡亲了" in page[given:]


def test_of_two_clerks_one_answers_and_the_other_is_told(office: Office, till: BillTill) -> None:
    bill = till.take()
    send(office, till)
    url = one(bill.identity)
    forms = {
        code: dict(re.findall(r'name="(token|mark)" value="([^"]+)"', office[code].page(url)))
        for code in ("F01", "C01")
    }
    office["F01"].post(f"{url}/paid", forms["F01"] | {"number": NUMBER})
    late = office["C01"].post(f"{url}/failed", forms["C01"] | {"reason": "other"})
    assert late.status_code == 409
    assert "别人刚改过这一笔" in late.text
    assert "郑示璐（F01） 记了「代缴成了」" in seen(late.text)
    twice = office["F01"].post(f"{url}/paid", forms["F01"] | {"number": NUMBER})
    assert twice.status_code == 409
    assert len(county_facts(office.county, "bill.paid")) == 1
    assert not county_facts(office.county, "bill.failed")


def test_the_same_bill_twice_is_marked_also_when_one_is_paid_already(
    office: Office, till: BillTill
) -> None:
    first = till.take(15_000)
    till.take(15_000)
    till.take(15_000, account="0000000099")
    send(office, till)
    page = seen(office["F01"].page("/bills"))
    assert page.count("像重复") == 2
    assert "有 2 笔同户号同金额" in page
    url = one(first.identity)
    post(office["F01"], url, f"{url}/paid", {"number": NUMBER})
    assert seen(office["F01"].page("/bills")).count("像重复") == 1


def test_the_nearest_deadline_stands_first_and_one_biller_can_be_shown_alone(
    office: Office, till: BillTill
) -> None:
    till.take(1_100, due="2026-11-30")
    till.take(2_200, account="0000000018", due=DAY)
    till.take(3_300, account="00000019", biller="WATER", due="2026-11-20")
    send(office, till)
    page = seen(office["F01"].page("/bills"))
    assert page.index("¥33.00") < page.index("¥22.00") < page.index("¥11.00")
    assert "过期限" in page
    assert "今天到期" in page
    water = seen(office["F01"].page("/bills?biller=WATER"))
    assert "¥33.00" in water
    assert "¥22.00" not in water


def test_a_cancellation_that_the_station_asks_for_is_seen(office: Office, till: BillTill) -> None:
    bill = till.take()
    till.ask_back(bill)
    send(office, till)
    assert "乡亲要取消" in seen(office["F01"].page("/bills"))


def test_a_whole_number_is_shown_for_a_reason_that_stands_in_the_journal(
    office: Office, till: BillTill
) -> None:
    bill = till.take()
    send(office, till)
    url = one(bill.identity)
    html = post(office["C01"], url, f"{url}/account", {"reason": "villager_asks"}, 200)
    assert ACCOUNT in html
    assert f'content="60;url={url}"' in html, "it goes by itself"
    assert ACCOUNT not in office["C01"].page(url)
    (shown,) = county_facts(office.county, "bill_account.shown")
    assert shown.by == "C01"
    assert msgspec.json.decode(shown.body)["reason"] == "villager_asks"
    assert "看了缴费全户号" in seen(office["U01"].page("/audit"))
    assert "村民来电核对" in seen(office["U01"].page("/staff")), "who looked, and why"
    post(office["C01"], url, f"{url}/account", {"reason": "curious"}, 422)
    assert len(county_facts(office.county, "bill_account.shown")) == 1


def test_an_auditor_looks_and_answers_nothing_and_a_township_sees_nothing(
    office: Office, till: BillTill
) -> None:
    bill = till.take()
    send(office, till)
    url = one(bill.identity)
    html = office["U01"].page(url)
    assert "¥120.00" in html
    assert "记已缴" not in html
    assert "要看全户号" not in html
    form = dict(re.findall(r'name="(token)" value="([^"]+)"', html))
    for act in ("paid", "failed", "account"):
        answer = office["U01"].post(f"{url}/{act}", form | {"number": NUMBER, "reason": "other"})
        assert answer.status_code == 403, act
    assert office["T01"].ask("GET", "/bills").status_code == 403


def test_the_day_adds_up_by_biller(office: Office, till: BillTill) -> None:
    paid, failed = till.take(10_000), till.take(2_000, account="0000000018")
    till.take(500, account="00000019", biller="WATER")
    send(office, till)
    post(office["F01"], one(paid.identity), f"{one(paid.identity)}/paid", {"number": NUMBER})
    url = one(failed.identity)
    post(office["F01"], url, f"{url}/failed", {"reason": "other"})
    page = seen(office["F01"].page(f"/bills/day?day={DAY}"))
    assert "居民电费(示例) 2 ¥120.00 1 ¥100.00 1 ¥20.00" in page
    assert "合计 3 ¥125.00 1 ¥100.00 1 ¥20.00" in page
    assert "这一天没有缴费" in office["F01"].page("/bills/day?day=2026-11-01")


def test_the_file_of_account_numbers_is_noted_bill_by_bill(office: Office, till: BillTill) -> None:
    first, second = till.take(), till.take(5_000, account="0000000018")
    till.take(500, account="00000019", biller="WATER")
    send(office, till)
    form = dict(
        re.findall(r'name="(token)" value="([^"]+)"', office["F01"].page("/bills?biller=ELEC"))
    )
    answer = office["F01"].post("/bills/file", form | {"biller": "ELEC"})
    assert answer.status_code == 200
    shown = county_facts(office.county, "bill_account.shown")
    assert {fact.entity for fact in shown} == {first.identity, second.identity}
    cells = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/sharedStrings.xml").decode()
    assert ACCOUNT in cells, "with its zeros in front"
    assert "00000019" not in cells


@pytest.mark.parametrize(
    "typed", ["=1+1", "+8613", "-2", "@SUM(A1)", "＝1", "\t=1", '=HYPERLINK("h")']
)
def test_no_account_number_is_ever_run_by_a_spreadsheet(typed: str) -> None:
    state = Bill(biller="ELEC", account_no=typed, amount_fen=100, day=DAY)
    content = file.workbook([Line("S", "0" * 64, state, 0, "")], file.COLUMNS, {})
    book = zipfile.ZipFile(io.BytesIO(content))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet, "no formula anywhere"
    assert set(re.findall(r'<c [^>]*t="(\w+)"', sheet)) == {"s"}, "every cell is text"
    kept = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
    assert not [text for text in kept if text.lstrip()[:1] in ("=", "+", "-", "@", "＝")]


def test_only_near_days_are_twins() -> None:
    def line(entity: str, day: str, account: str = ACCOUNT) -> Line:
        return Line("S", entity, Bill(biller="E", account_no=account, amount_fen=1, day=day), 0, "")

    near = [line("a", "2026-11-24"), line("b", "2026-11-25"), line("c", "2026-11-28")]
    assert [one.is_twin for one in queue.marked(near)] == [True, True, False]
    erased = [line("a", DAY, ""), line("b", DAY, "")]
    assert [one.is_twin for one in queue.marked(erased)] == [False, False]


def test_several_bills_are_paid_at_once_and_each_is_judged_by_itself(
    office: Office, till: BillTill
) -> None:
    """Numbers written beside the rows; a wrong one stays, and what somebody else paid is left."""
    first, second = till.take(12_000), till.take(5_000, account="0000000018")
    send(office, till)
    who = office["F01"]
    page = who.page("/bills")
    rows = re.findall(r'name="bill" value="([^"]+)"', page)
    by_bill = {row.split("/")[1]: row for row in rows}
    numbers = {by_bill[first.identity]: NUMBER, by_bill[second.identity]: "short"}
    token = who.token("/bills")
    pairs = [("token", token)]
    for row in rows:
        pairs += [("bill", row), ("number", numbers[row])]
    content = urlencode(pairs).encode()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    told = who.ask("POST", "/bills/together", content=content, headers=kind)
    assert (told.status_code, "记下 1 笔，1 笔没记" in told.text) == (422, True)
    (paid,) = county_facts(office.county, "bill.paid")
    assert paid.entity == first.identity
    again = who.ask("POST", "/bills/together", content=content, headers=kind)
    assert "记下 0 笔" in again.text
    assert len(county_facts(office.county, "bill.paid")) == 1, "a stale page pays nothing twice"


def test_the_billers_answers_are_pasted_as_a_block(office: Office, till: BillTill) -> None:
    good, other = till.take(12_000), till.take(5_000, account="0000000018")
    send(office, till)
    block = "\n".join(
        (
            f"{ACCOUNT} ¥120.00 {NUMBER}",
            f"{ACCOUNT} 120.00 {NUMBER[:-1]}9",
            "0000000018,49.00,2026112300000001",
            "0000000018\t50.00元\t123",
            "9999999999 50.00 2026112300000001",
        )
    )
    html = post(office["F01"], "/bills", "/bills/pasted", {"block": block}, 422)
    page = seen(html)
    for words in ("对上", "贴了两回", "金额不对", "没认出凭证号", "没有这个户号在等"):
        assert words in page, words
    assert "记下 1 笔，4 笔没记" in page
    (paid,) = county_facts(office.county, "bill.paid")
    assert (paid.entity, msgspec.json.decode(paid.body)["number"]) == (good.identity, NUMBER)
    assert "0000000018\t50.00元" in html, "bad lines stay to be put right"
    good_line = {"block": f"50.00 0000000018 {NUMBER}"}
    post(office["F01"], "/bills", "/bills/pasted", good_line)
    assert {f.entity for f in county_facts(office.county, "bill.paid")} == {
        good.identity, other.identity,
    }  # fmt: skip


def test_ticked_bills_that_could_not_be_paid_are_owed_back_together(
    office: Office, till: BillTill
) -> None:
    first, second, kept = (till.take(fen, account=f"000000001{n}") for n, fen in
                           ((1, 5_000), (2, 6_000), (3, 7_000)))  # fmt: skip
    send(office, till)
    rows = re.findall(r'name="tick" value="([^"]+)"', office["F01"].page("/bills"))
    ticked = [row for row in rows if row.split("/")[1] != kept.identity]
    url = "/bills/together/failed"
    for typed, said in (({"tick": ticked}, "选一个原因"), ({"reason": "other"}, "一笔也没勾")):
        form: dict[str, str | list[str]] = {"token": office["F01"].token("/bills"), **typed}
        told = office["F01"].post(url, form)
        assert (told.status_code, said in told.text) == (422, True), said
    form = {"token": office["F01"].token("/bills"), "tick": ticked, "reason": "biller_refused"}
    assert office["F01"].post(url, form).status_code == 303
    assert "记下 0 笔，2 笔没记" in office["F01"].post(url, form).text, "a stale page"
    failed = county_facts(office.county, "bill.failed")
    assert {fact.entity for fact in failed} == {first.identity, second.identity}
    send(office, till)
    assert balance(till.pc.reader, refund_due(first.identity)) == -5_000
    assert balance(till.pc.reader, refund_due(kept.identity)) == 0


def test_of_the_deadline_is_warned_before_and_after_it(office: Office, till: BillTill) -> None:
    """The nearest stands first; the last day is warned of, and so is every day behind it."""
    till.take(5_000, account="0000000018")
    send(office, till)
    for days, mark, other in (
        (0, "等办", "过期限"),
        (3, "今天到期", "过期限"),
        (1, "过期限", "今天到期"),
    ):
        office.clock.at += days * 24 * 3_600_000
        office.browsers.clear()  # a session ends overnight
        page = office["F01"].page("/bills")
        row = seen(page[page.index("<tbody>") :])
        assert mark in row, (days, mark)
        assert other not in row
