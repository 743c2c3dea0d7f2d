"""Every figure of the finance desk opens the facts that come to it.

One county with a little of everything is walked through as a browser does: each figure of each page
is a link, what it opens comes to the very same figure, and each row there opens its fact.
"""

import html
import re
from collections.abc import Iterator

import pytest

from county_server.desks.finance import origins
from county_server.desks.pen import writing
from station_app.journal.fact import Saying
from station_app.journal.series import printed_number
from station_app.services.cash.facts import PaymentGiven, PaymentTaken, Tender
from station_app.services.clearing.facts import CourierPaid
from station_app.services.consignment.facts import ContractAgreed, SettlementMade
from station_app.services.purchasing.facts import OrderPlaced, PrepaymentPassedOn
from tests.county_server.finance_story import (
    MONTH,
    OWNER,
    Office,
    Till,
    county_facts,
    post,
    seen,
)
from tests.county_server.test_clearing_of_others import UNTIL, collect
from tests.sync.stand import DAY, STATION, registered

LINK = re.compile(r'<a class="source" href="([^"]+)">([^<]+)</a>')
LAST_MONTH, LAST_DAY = "2026-10", "2026-10-20"
MONTHS = (LAST_MONTH, MONTH)


def _given(fen: int, day: str = DAY) -> Saying:
    tender = Tender(way="cash", amount_fen=fen)
    return Saying(PaymentGiven(due_fen=fen, tenders=(tender,), shift="", day=day))


def _statement(office: Office, month: str) -> str:
    url = f"/finance/statements/{month}/{STATION}"
    post(office["F01"], url, url)
    post(office["F02"], url, f"{url}/issue", {"remark": ""})
    return county_facts(office.county, "statement.issued")[-1].identity


def a_little_of_everything(office: Office, till: Till) -> None:
    """Play two months with the county: slips, money down, couriers, contracts, statements."""
    till.pay_in(40_00, day=LAST_DAY, purse="Grower")
    till.send()
    statement = _statement(office, LAST_MONTH)
    till.send()
    till.answer(statement, "agreed")
    sent = [till.pay_in(100_00, purse="Grower"), till.pay_in(30_00), till.pay_in(5_50)]
    till.pc.say(
        Saying(PrepaymentPassedOn(amount_fen=20_00, slip=1, day=DAY), entity="ab" * 32),
        _given(20_00),
    )
    till.send()
    for one, received in ((sent[1], "30.00"), (sent[2], "5.00")):
        url = f"/finance/remittances/{STATION}/{one.identity}"
        form = {"received": received, "remark": "少五毛" if received == "5.00" else ""}
        post(office["F01"], url, f"{url}/confirm", form)
    url = f"/finance/sendings/{STATION}"
    for fen in ("60", "25"):
        post(office["F01"], url, url, {f"Grower|{OWNER}": fen, "|": "", "way": "bank"})
    till.send()
    till.take(county_facts(office.county, "county_money.sent_down")[0], 60_00)
    _couriers_and_contracts(office, till)
    till.send()
    charges = {"Income:Subsidy": "200"}
    url = f"/finance/statements/{MONTH}/{STATION}"
    post(office["F01"], url, url, charges)


def _couriers_and_contracts(office: Office, till: Till) -> None:
    collect(till, 286_00)
    collect(till, 50_00)
    paid = CourierPaid(
        courier="ZTO", number=1, cod_fen=286_00, freight_fen=0, sending_fen=0, fee_fen=3_00,
        fine_fen=1_00, pieces=(), day=DAY,
    )  # fmt: skip
    till.pc.say(Saying(paid), _given(284_00))
    grower = till.pc.say(registered("甲示")).facts[0].identity
    with writing(office.county, STATION, by="F01", now=office.county.clock.now_ms()) as pen:
        for quantity in (10_000, 9_000):
            agreed = ContractAgreed(
                code="HT1", person=grower, produce="honey", unit="g", quantity=quantity,
                guaranteed_fen=800, is_net=0, commission_bp=500, payer="县粮贸公司",
                until_day=UNTIL, day=DAY,
            )  # fmt: skip
            pen.say([Saying(agreed)])
    for person, fen in ((grower, 15_00), ("cd" * 32, 7_00)):
        settled = SettlementMade(
            person=person, lines=(), sold_fen=0, commission_fen=0, top_up_fen=fen, service=(),
            passed_on=(), paid_here_fen=0, paid_county_fen=0, set_off_fen=0, slip=1, day=DAY,
        )  # fmt: skip
        till.pc.say(Saying(settled))


def pages(office: Office) -> Iterator[str]:
    """Return every page of the desk that shows figures."""
    for tab in ("expected", "differs", "confirmed", "back"):
        yield f"/finance?tab={tab}"
    for one in county_facts(office.county, "remittance.confirmed"):
        yield f"/finance/remittances/{STATION}/{one.entity}"
    yield "/finance?number=1"
    yield "/finance/sendings"
    yield f"/finance/sendings/{STATION}"
    yield f"/finance/couriers?month={MONTH}&courier=ZTO"
    for month in MONTHS:
        yield f"/finance/statements?month={month}"
        yield f"/finance/statements/{month}/{STATION}"


def number_in(text: str) -> int:
    """Return a figure without its dress: ¥1,234.50 and 3 次 are numbers."""
    digits = int(re.sub(r"[^0-9]", "", text))
    return -digits if text.startswith("−") else digits


def rows_of(office: Office, url: str) -> tuple[list[int], set[str], str]:
    """Return the amounts of the rows of all its pages, the facts that they open, and the sum."""
    amounts: list[int] = []
    facts: set[str] = set()
    at, total = 0, ""
    while True:
        page = office["F01"].page(f"{url}&page={at}")
        (total,) = re.findall(r'id="total">([^<]+)<', page)
        body = page.partition("<tbody>")[2].partition("</tbody>")[0]
        amounts += [number_in(told) for told in re.findall(r'"number strong">([^<]+)<', body)]
        facts |= set(re.findall(r'href="(/finance/facts/[^"]+)"', body))
        at += 1
        if f"page={at}" not in page:
            return amounts, facts, total


def test_every_figure_of_the_desk_opens_facts_that_come_to_it(
    office: Office, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(origins, "ROWS_SHOWN", 2)
    a_little_of_everything(office, till)
    opened: set[tuple[str, str]] = set()
    for url in pages(office):
        page = office["F01"].page(url)
        bare = re.sub(r'<p class="banner.*?</p>', "", LINK.sub("", page), flags=re.DOTALL)
        left = re.findall(r"[^>]*¥[^<]*", bare)
        assert left == (["¥200.00"] if "县里补贴" in bare and "发给站里" in bare else []), url
        opened |= {(html.unescape(link), shown) for link, shown in LINK.findall(page)}
    facts = {(link, shown) for link, shown in opened if link.startswith("/finance/facts/")}
    kinds = set()
    for link, shown in sorted(opened - facts):
        if link.startswith("/finance/from"):
            kinds |= set(re.findall(r"[?&]of=(\w+)", link))
            amounts, behind, total = rows_of(office, link)
            assert total == shown.removesuffix(" 次"), link
            assert sum(amounts) == number_in(total), link
            facts |= {(one, "") for one in behind}
    differs = county_facts(office.county, "remittance.confirmed")[-1].entity
    case = office["F01"].page(f"/cases/{STATION}/clearing.remittance_differs/{differs}")
    sides = re.findall(r'href="(/finance/facts/[^"]+)"', case)
    assert len(sides) == 2, "what two sides say opens, too"
    facts |= {(one, "¥5.") for one in sides}
    assert all(shown in office["F01"].page(link) for link, shown in facts)
    assert {
        "slips", "counted", "portion", "down", "arrived", "open", "held", "paid", "fees", "fines",
        "times", "top_ups", "settlements", "contracts", "statement", "answers",
    } <= kinds  # fmt: skip


def test_whose_money_it_is_stands_there_in_words(office: Office, till: Till) -> None:
    """The clerk read "代购预付款 OE5JMMXANW3FRO4J" and "代收货款 ZTO"."""
    placed = OrderPlaced(
        person="", collector="", lines=(), goods_fen=20_00, fee_fen=0, prepaid_fen=20_00,
        replaces="", slip=3, day=DAY,
    )  # fmt: skip
    tender = Tender(way="cash", amount_fen=20_00)
    taken = PaymentTaken(
        due_fen=20_00, tenders=(tender,), change_fen=0, round_off_fen=0, shift="", day=DAY
    )
    order, _ = till.pc.say(Saying(placed), Saying(taken)).facts
    passed_on = PrepaymentPassedOn(amount_fen=20_00, slip=1, day=DAY)
    till.pc.say(Saying(passed_on, entity=order.identity), _given(20_00))
    collect(till, 50_00)
    till.send()
    number = printed_number(3, order.stream)
    down = seen(office["F01"].page(f"/finance/sendings/{STATION}"))
    assert f"代购预付款 NO.{number}" in down
    held = seen(office["F01"].page("/finance/from?of=held&courier=ZTO"))
    assert "代收货款 中通快递" in held
