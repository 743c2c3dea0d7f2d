"""The month at the finance desk: made, frozen, issued by a second person, answered, replaced."""

import re
from pathlib import Path

import msgspec
import pytest

from county_server.desks.finance import making
from county_server.desks.finance.making import Frozen, Month, add_up, pack
from county_server.desks.finance.statements import CHARGES
from county_server.desks.pen import Refused
from county_server.staff import roles
from county_server.staff.roles import Member
from county_server.verify import verify_county
from station_app.journal.fact import canonical
from station_app.ledger import accounts
from station_app.services.clearing.books import CHARGE_ACCOUNTS
from station_app.services.clearing.facts import PART_LINES_MAX, StatementLine
from station_app.values.day import local_midnight
from tests.county_server.browser import Browser
from tests.county_server.finance_story import (
    MONTH,
    OWNER,
    Office,
    Till,
    county_facts,
    falsified,
    made,
    open_office,
    open_till,
    post,
    seen,
    with_line,
)
from tests.sync.stand import DAY, STATION, registered


def month_url(month: str = MONTH) -> str:
    return f"/finance/statements/{month}/{STATION}"


def prepare(browser: Browser, month: str = MONTH, status: int = 303) -> str:
    return post(browser, month_url(month), month_url(month), status=status)


def issue(browser: Browser, month: str = MONTH, status: int = 303, remark: str = "") -> str:
    return post(browser, month_url(month), f"{month_url(month)}/issue", {"remark": remark}, status)


def frozen_of(office: Office) -> bytes:
    table = office.county.store.tables.frozen_statements
    with office.county.store.read() as connection:
        rows = connection.execute(table.select().where(table.c.standing != "overtaken")).all()
    return bytes(rows[-1].content)


def test_a_statement_is_made_frozen_looked_at_and_issued_by_a_second_person(
    office: Office, till: Till
) -> None:
    first = till.pay_in(100_00, purse="Grower")
    second = till.pay_in(30_00)
    till.send()
    listing = f"/finance/statements?month={MONTH}"
    assert "没编" in seen(office["F01"].page(listing))
    prepare(office["F01"])
    page = seen(office["F02"].page(month_url()))
    assert "站和县的往来 ¥0.00 ¥130.00 ¥130.00" in page
    assert f"{OWNER} 的货款（在县里）" in page
    content = frozen_of(office)
    till.pay_in(7_00)
    till.send()
    assert "要另一位财务来发" in issue(office["F01"], status=422)
    assert not county_facts(office.county, "statement.issued")
    issue(office["F02"])
    (head,) = county_facts(office.county, "statement.issued")
    (part,) = county_facts(office.county, "statement.continued")
    frozen = making.thaw(content)
    assert (head.body, part.body) == (canonical(frozen.head), canonical(frozen.parts[0]))
    assert (head.act, part.entity, head.by) == (part.act, head.identity, "F02")
    lines = {(line.fact, line.account): line.amount_fen for line in frozen.lines}
    assert lines == {
        (first.identity, "Liabilities:County"): 100_00,
        (first.identity, f"Liabilities:Held:Grower:{OWNER}:County"): -100_00,
        (second.identity, "Liabilities:County"): 30_00,
    }
    assert "等站里核" in seen(office["F01"].page(listing))
    till.send()
    till.answer(head.identity, "agreed")
    till.send()
    assert "站里认了" in seen(office["F01"].page(listing))
    assert "不能再换" in making_refused(office)
    assert not verify_county(office.county).findings


def test_subsidies_and_charges_are_listed_apart_for_the_station_to_accept(
    office: Office, till: Till
) -> None:
    till.pay_in(30_00)
    till.send()
    typed = {"Income:Subsidy": "200", "Expenses:Charges": "15,50"}
    html = post(office["F01"], month_url(), month_url(), typed, 422)
    assert "金额写成 1234.50 这样" in html
    assert 'value="15,50"' in html
    typed["Expenses:Charges"] = "15.50"
    post(office["F01"], month_url(), month_url(), typed)
    assert "县里扣款 −¥15.50" in seen(office["F02"].page(month_url()))
    issue(office["F02"])
    (part,) = county_facts(office.county, "statement.continued")
    charges = msgspec.json.decode(part.body)["charges"]
    assert [(c["number"], c["account"], c["amount_fen"]) for c in charges] == [
        (1, "Income:Subsidy", 200_00),
        (2, "Expenses:Charges", -15_50),
    ]
    assert {c["account"] for c in charges} <= set(CHARGE_ACCOUNTS)
    assert set(CHARGES) <= set(CHARGE_ACCOUNTS)


def making_refused(office: Office) -> str:
    token = office["F01"].token(f"/finance/statements?month={MONTH}")
    return office["F01"].post(month_url(), {"token": token}).text


def test_a_draft_that_was_overtaken_is_not_issued(office: Office, till: Till) -> None:
    till.pay_in(30_00)
    till.send()
    prepare(office["F01"])
    html = office["F02"].page(month_url())
    old = dict(re.findall(r'name="(token|id)" value="([^"]+)"', html))
    till.pay_in(5_00)
    till.send()
    prepare(office["F01"])
    heard = office["F02"].post(f"{month_url()}/issue", old | {"remark": "发了吧"})
    assert heard.status_code == 409
    assert "发了吧" in heard.text
    assert not county_facts(office.county, "statement.issued")


def test_bytes_changed_in_the_database_are_not_issued(office: Office, till: Till) -> None:
    till.pay_in(30_00)
    till.send()
    prepare(office["F01"])
    html = office["F02"].page(month_url())
    form = dict(re.findall(r'name="(token|id)" value="([^"]+)"', html))
    table = office.county.store.tables.frozen_statements
    changed = frozen_of(office).replace(b":3000", b":2000")
    with office.county.store.write() as connection:
        connection.execute(table.update().values(content=changed))
    assert office["F02"].post(f"{month_url()}/issue", form).status_code == 409
    assert not county_facts(office.county, "statement.issued")


def test_one_person_alone_gives_her_reason(tmp_path: Path) -> None:
    alone = open_office(tmp_path, (Member("F01", "郑示璐", (roles.FINANCE,)),))
    till = open_till(alone, tmp_path / "d1")
    till.pay_in(30_00)
    till.send()
    prepare(alone["F01"])
    assert "写一句原因" in issue(alone["F01"], status=422, remark=" ")
    issue(alone["F01"], remark="另一位休产假")
    (head,) = county_facts(alone.county, "statement.issued")
    assert head.private is not None
    assert msgspec.json.decode(head.private)["remark"] == "一人办理：另一位休产假"
    till.pc.close()
    alone.county.close()


def test_a_month_ends_with_its_days_and_the_next_goes_on_where_it_ended(
    office: Office, till: Till
) -> None:
    till.pay_in(100_00, day="2026-11-29")
    december = till.pay_in(7_00, day="2026-12-01")
    late = till.pay_in(3_00, day="2026-11-30")  # behind the first of December in its chain
    till.send()
    office.clock.at = local_midnight("2026-12-03")
    november = made(office.county, month="2026-11", day="2026-12-03")
    assert [line.amount_fen for line in november.lines] == [100_00]
    prepare(office["F01"], "2026-11")
    issue(office["F02"], "2026-11")
    assert "2026-12 的" not in prepare(office["F01"], "2026-12")
    (head,) = county_facts(office.county, "statement.issued")
    following = made(office.county, month="2026-12", day="2026-12-31")
    assert following.head.since == head.identity
    assert {line.fact for line in following.lines} == {december.identity, late.identity}
    (total,) = following.totals
    assert (total.opening_fen, total.closing_fen) == (100_00, 110_00)


def test_a_month_that_differs_is_replaced_and_one_that_is_agreed_is_not(
    office: Office, till: Till
) -> None:
    till.pay_in(30_00)
    till.send()
    wrong = falsified(office.county, with_line(0, -5_00))
    till.send()
    till.answer(wrong, "differs")
    till.send()
    again = made(office.county)
    assert (again.head.replaces, again.head.since) == (wrong, "")
    prepare(office["F01"])
    issue(office["F02"])
    right = county_facts(office.county, "statement.issued")[-1]
    till.send()
    till.answer(right.identity, "agreed")
    till.send()
    with pytest.raises(Refused, match="statement_agreed"):
        made(office.county)


def test_the_falsified_statement_is_signed_and_adds_up_and_only_the_books_tell(
    office: Office, till: Till
) -> None:
    """What the comparison at the station has to find: this is how it is made."""
    sent = till.pay_in(30_00)
    till.send()
    honest = made(office.county)
    falsified(office.county, with_line(0, -5_00))
    (part,) = county_facts(office.county, "statement.continued")
    body = msgspec.json.decode(part.body)
    assert body["lines"][0]["fact"] == sent.identity
    assert body["lines"][0]["amount_fen"] == 25_00
    assert body["totals"][0]["closing_fen"] == 25_00
    assert honest.lines[0].amount_fen == 30_00
    assert not verify_county(office.county).findings
    till.send()
    assert till.pc.reader.execute("SELECT count(*) FROM statements").fetchone() == (1,)


def test_a_long_month_is_packed_into_parts_that_fit() -> None:
    lines = [
        StatementLine(
            fact=f"{number:064x}", kind="county_money.received",
            account=f"Liabilities:Held:Prepayment:{number:016}:County", amount_fen=10**9 + number,
        )
        for number in range(1_000)
    ]  # fmt: skip
    totals = add_up(lines, {})
    parts = pack(lines, totals, DAY)
    assert [line for part in parts for line in part.lines] == lines
    assert tuple(total for part in parts for total in part.totals) == totals
    for number, part in enumerate(parts, 1):
        assert part.part == number
        assert len(part.lines) + len(part.totals) <= PART_LINES_MAX
        assert len(canonical(part)) < 64 * 1024
    assert pack([], [], DAY)[0].lines == ()


def test_a_statement_comes_back_from_its_bytes(office: Office, till: Till) -> None:
    till.pay_in(30_00)
    till.send()
    frozen = made(office.county)
    name, content = making.freeze(frozen)
    assert making.thaw(content) == frozen
    assert making.freeze(making.thaw(content)) == (name, content)
    assert isinstance(frozen, Frozen)
    assert Month(STATION, MONTH, DAY).last_day > f"{MONTH}-31"


def test_a_grower_is_called_by_a_masked_name(office: Office, till: Till) -> None:
    grower = till.pc.say(registered("王示明")).facts[0].identity
    till.pay_in(100_00, purse="Grower", owner=accounts.part(grower))
    till.send()
    html = office["F01"].page(f"/finance/sendings/{STATION}")
    assert "王*明 的货款 还有 ¥100.00" in seen(html)
    assert "王示明" not in html
    prepare(office["F01"])
    assert "王*明 的货款（在县里）" in seen(office["F01"].page(month_url()))
