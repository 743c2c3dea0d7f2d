"""Every number of a page or slip leads to the facts that it comes from (docs/PRODUCT.md S0.14).

A station that did something of everything is walked over, page by page and row by row: a row that
shows an amount must open facts, and what opens must have that amount, as the sum of its lines or
in the words of an act. A page that is new, or a row that opens nothing, fails here.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from PySide6.QtWidgets import QLabel

from station_app.first_day import first_day_offer
from station_app.journal.fact import canonical, seal
from station_app.printing.document import Receipt, from_json
from station_app.printing.raster import Raster
from station_app.services.cash.commands import PutIn
from station_app.services.cash.facts import CashPutIn
from station_app.services.clearing.offer import offer as clearing_offer
from station_app.services.opening.commands import EnterOpening
from station_app.services.people import records as people
from station_app.services.purchasing.commands import CancelOrder
from station_app.shell.page import FACTS_PAGE
from station_app.shell.widgets.cells import spoken
from station_app.shell.widgets.tables import ListTable
from station_app.values.codes import SLIP, make_code
from tests.overview.ledger.worked import close, must, on_account
from tests.overview.stations import TestStation
from tests.printing.papers import codes_on
from tests.proofs.kit import DAY, STATION
from tests.services.bills.desk import Bills
from tests.services.consignment.barn import Barn
from tests.services.purchasing.desk import SOAP, OrderDesk, terms
from tests.services.sales.store import product

ACTS = "overview.acts"
SERIES = 6  # papers of several series may bear one number: that many are found
ROWS_OPENED = 2  # of each page: the rows of one list are made by one piece of code
OWN_KEYS = {  # pages that open facts by a key of their own
    "overview.today": "Enter",
    "overview.acts": "",  # every act stands there with its facts
    "overview.ledger": "Enter",
    "cash.drawer": "Enter",
    "accounts.refunds": "F11",
    "accounts.debts": "F11",
    "clearing.page": "F10",
    "cash.closed": "F11",
    "opening.steps": "Enter",  # the lines of the step, each of which opens
}
NOTHING_YET = {  # what these show was typed or chosen just now, or stands in no fact
    "shell.help", "overview.sync", "overview.sync_list", "overview.cases", "overview.queue",
    "overview.undo", "parcels.intake", "parcels.stocktake", "parcels.manifest", "cash.day",
    "cash.figure", "cash.right", "purchasing.order", "sales.held", "consignment.intake",
    "consignment.weight", "opening.sheet", "opening.shelves", "opening.lots",
}  # fmt: skip


@pytest.fixture
def worked(station: TestStation) -> TestStation:
    """A station that did something of everything that shows an amount; its window is shown."""
    made = station.offers()
    more = (
        clearing_offer(station.texts, people.operator_name, people.coworkers),
        first_day_offer(station.premises, lambda _paper: Raster(8, 8, bytes(8))),
    )
    station.offers = lambda: (*made, *more)  # type: ignore[method-assign]
    station.sign_in()
    barn, bills, orders = Barn(station), Bills(station), OrderDesk(station)
    barn.county_says()
    bills.publish()
    barn.publish(terms(), product(SOAP, "9524113000104", "洗衣粉", price_fen=2_580))
    owed = EnterOpening(purse="person_owes", amount_fen=3_000, person=station.person(5))
    must(station.do(owed))
    station.open_shift()
    close(station, 40_000)
    station.open_shift()
    station.shelve(1, cod_fen=8_600)
    station.hand_over(2, cod_fen=12_300)
    on_account(station, 3, 5_000)
    bills.taken(10_000)
    orders.order()
    must(orders.ask(CancelOrder(order=orders.order(), remark="不要了")))
    lot = barn.intake()
    barn.sell(barn.line(lot, 2_000, 900))
    barn.sell(barn.bag(2))
    must(station.do(PutIn(place="drawer", reason="own", amount_fen=5_000, remark="换零钱")))
    station.show_unlocked()
    return station


def subjects(station: TestStation) -> dict[str, dict[str, str]]:
    """With what pages are opened that show nothing by themselves."""
    parcel = station.connection.execute(
        "SELECT entity FROM parcels WHERE status = 'on_hand'"
    ).fetchone()[0]
    return {
        "people.register": {"person": station.person(3)},
        "parcels.handover": {"parcel": parcel},
        "parcels.overdue": {"show": "all"},
        "parcels.trouble": {"parcel": parcel},
        "opening.lines": {"group": "debts"},
    }


def amounts(words: str) -> list[str]:
    """Return the amounts in some words; paper has the wide sign."""
    found = re.findall(r"−?¥[0-9,]+[.][0-9]{2}", words.replace("￥", "¥"))
    return [amount for amount in found if amount != "¥0.00"]


def rows_with_amounts(page: Any) -> Iterator[tuple[ListTable, str, list[str]]]:
    """Yield the rows that show amounts, and these."""
    for table in page.findChildren(ListTable):
        for row in table.rows_model.rows if table.isVisible() else ():
            found = amounts(" ".join(spoken(cell) for cell in row.cells))
            if found and not row.heading:
                yield table, row.subject, found


def said_on(page: Any) -> set[str]:
    """Return every amount that can be read on a page."""
    words = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    for table in page.findChildren(ListTable):
        if table.isVisible():
            words += [spoken(c) for row in table.rows_model.rows for c in row.cells if c]
    return set(amounts(" ".join(words)))


def facts_say(station: TestStation, key: str, shown: set[str]) -> bool:
    """Press what opens the facts; tell whether they, or an act that they open, say the amount."""
    station.press(key)
    page = station.page
    lines = getattr(page, "lines", None)
    if page.key != FACTS_PAGE or lines is None or shown & said_on(page):
        return bool(shown & said_on(page))
    for row in lines.rows_model.rows:
        station.window.open_page(FACTS_PAGE)
        lines.choose(row.subject)
        station.press("Enter")
        if station.page.key == ACTS and shown & said_on(station.page):
            return True
    return False


def test_every_row_with_an_amount_opens_facts(worked: TestStation) -> None:
    window, open_with = worked.window, subjects(worked)
    closed, seen = [], 0
    for key in [key for key, offer in window.book.offers.items() if not offer.is_bare]:
        window.open_page(key, open_with.get(key))
        rows = list(rows_with_amounts(worked.page))
        if key in NOTHING_YET:
            assert not rows, f"{key} shows amounts"
            continue
        way = OWN_KEYS.get(key, "Ctrl+0")
        for table, subject, shown in rows[:ROWS_OPENED]:
            window.open_page(key, open_with.get(key))
            table.choose(subject)
            table.setFocus()
            seen += 1
            if way and not facts_say(worked, way, set(shown)):
                closed.append((key, shown, worked.page.key))
    assert closed == []
    assert seen > 20


@pytest.mark.parametrize(
    ("page", "amount"),
    [
        ("people.register", "¥200.00"),  # up to how much a villager may owe
        ("sales.basket", "¥83.80"),  # what the tile of today says was sold
        ("opening.finish", "¥30.00"),  # what the paper of the first day comes to
        ("consignment.lots", "¥9.00"),  # what a lot is sold for
    ],
)
def test_a_figure_that_stands_alone_opens_facts(
    worked: TestStation, page: str, amount: str
) -> None:
    worked.window.open_page(page, subjects(worked).get(page))
    assert facts_say(worked, "Ctrl+0", {amount})


def test_no_button_stands_where_nothing_comes_from_facts(worked: TestStation) -> None:
    for page in ("overview.today", "purchasing.order", "cash.day"):
        worked.window.open_page(page)
        assert not worked.window.content.tabs.facts.isVisible()
    worked.window.open_page("purchasing.orders")
    worked.click(worked.window.content.tabs.facts)
    assert worked.page.key == FACTS_PAGE
    worked.press("Esc")
    assert worked.page.key == "purchasing.orders"


def test_every_slip_leads_to_its_amounts_by_its_code_or_number(worked: TestStation) -> None:
    rows = worked.connection.execute("SELECT document FROM print_jobs WHERE role = 'receipt'")
    papers = [from_json(row[0]) for row in rows.fetchall()]
    slips = [paper for paper in papers if isinstance(paper, Receipt)]
    silent = [slip.blocks[:4] for slip in slips if not is_led_to(worked, slip)]
    assert silent == []
    assert len(slips) >= 9


def is_led_to(station: TestStation, slip: Receipt) -> bool:
    """Tell whether a slip's code, or its number in the search box, shows an amount of it."""
    words = str(msgspec.to_builtins(slip))
    said = set(amounts(words))
    for code in codes_on(slip):
        station.window.open_page("overview.today")
        station.scan(code)
        if station.window.sheet.is_open:  # it may be several things: the first of them
            station.press("1")
        if station.page.key == "cash.closed":
            station.press("F11")
        if said & said_on(station.page):
            return True
    (number,) = re.findall("NO[.]([0-9]+-[A-Z2-7]{2})", words)
    for hit in range(SERIES):
        station.press("Home")
        station.type(number)
        station.press(*["Down"] * hit, "Enter")
        if station.page.key == ACTS and said & said_on(station.page):
            return True
    return not said


def test_a_slip_of_the_other_pc_opens_here_too(station: TestStation) -> None:
    station.sign_in()
    body = CashPutIn(number=3, place="safe", reason="own", amount_fen=7_700, shift="", day=DAY)
    fact = seal(
        canonical(body), None, stream=f"{STATION}/D2/{'5' * 16}", seq=1, act="A" * 16,
        at=station.clock.at_ms, kind=body.KIND, v=body.VERSION, entity="", by="", prev="",
    )  # fmt: skip
    station.premises.session.write(lambda recorder: recorder.take([fact]))
    station.show_unlocked()
    station.scan(make_code(SLIP, "A" * 16))
    assert station.page.key == ACTS
    assert "¥77.00" in said_on(station.page)
