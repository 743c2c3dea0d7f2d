"""Support contracts as a sheet: published by two, heard by one station, seen by few."""

import re
from pathlib import Path

import pytest

from county_server.contract_sheet import COLUMNS, CONTRACTS
from county_server.desks.master.drafts import Draft, bodies_of, cells_of, judge, sheet_of
from county_server.master import Plan
from county_server.master_import import import_master, known_at
from county_server.schema import EVERYWHERE
from county_server.staff.roles import CLERK, FINANCE, PURCHASER, Member
from station_app.values.day import local_day
from tests.county_server.browser import PASSWORD
from tests.county_server.finance_story import (
    Office,
    county_facts,
    open_office,
    open_till,
    post,
    seen,
)
from tests.county_server.master_folders import DEMO
from tests.sync.stand import STATION, converse, direct

PEOPLE = (
    Member("C01", "周示敏", (CLERK,)), Member("F01", "郑示璐", (FINANCE,)),
    Member("P01", "吴示彤", (PURCHASER,)),
)  # fmt: skip
URL = f"/master?sheet={CONTRACTS}"
GOOD = "2026-031,NX0601,V00001,10001,500,800,500,县农投公司,2027-01-31,0"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = open_office(tmp_path, PEOPLE)
    import_master(made.county, DEMO)
    return made


def bring(there: Office, *rows: str, by: str = "C01") -> str:
    who = there[by]
    content = "\n".join((",".join(COLUMNS), *rows, "")).encode()
    response = who.ask(
        "POST", "/master/sheet", data={"token": who.token(URL), "sheet": CONTRACTS},
        files={"file": (CONTRACTS, content, "text/csv")},
    )  # fmt: skip
    assert response.status_code == 303
    return seen(who.page(URL))


def publish(there: Office, second: str = "F01", status: int = 303) -> str:
    typed: dict[str, str | list[str]] = {"second": second, "second_password": PASSWORD}
    ticked = re.findall(r'name="row" value="([^"]+)"[^>]* checked', there["C01"].page(URL))
    return seen(post(there["C01"], URL, "/master/publish", typed | {"row": ticked}, status))


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("contract_code", "合同1", "写法不对"),
        ("station_code", "NX0602", "NX0602 站没有「V00001」这位乡亲"),
        ("person_code", "V99999", "先把她登记给那个站"),
        ("plu", "99999", "没有「99999」这样农产品"),
        ("quantity", "0", "quantity"),
        ("guaranteed_fen_per_unit", "8.00", "guaranteed_fen_per_unit"),
        ("is_net", "是", "只能写 0 / 1"),
        ("commission_bp", "10001", "commission_bp"),
        ("payer", "", "payer"),
        ("until_day", "2027-02-30", "应该像 2027-01-31"),
    ],
)
def test_what_is_no_contract_is_named_and_nothing_is_said(
    office: Office, column: str, cell: str, told: str
) -> None:
    cells = dict(zip(COLUMNS, GOOD.split(","), strict=True)) | {column: cell}
    page = bring(office, ",".join(cells.values()))
    assert told in page
    assert county_facts(office.county, "contract.agreed") == []
    office.county.close()


def test_a_contract_is_published_by_two_and_its_station_alone_hears_of_it(
    office: Office, tmp_path: Path
) -> None:
    assert "要变 1 行" in bring(office, GOOD)
    assert "要变 1 行" not in seen(office["P01"].page(URL)), "who buys need not know who has one"
    publish(office, "P01", 422)
    assert county_facts(office.county, "contract.agreed") == []
    publish(office)
    assert [fact.by for fact in county_facts(office.county, "contract.agreed")] == ["C01+F01"]
    assert county_facts(office.county, "contract.agreed", EVERYWHERE) == []
    till = open_till(office, tmp_path / "pc")
    converse(till.pc, direct(office.county))
    rows = till.pc.reader.execute(
        "SELECT c.produce, c.until_day, f.body FROM contracts c "
        "JOIN facts f ON f.identity = c.person"
    ).fetchall()
    assert [row[:2] for row in rows] == [("10001", "2027-01-31")]
    assert b'"code":"V00001"' in rows[0][2], "it names her by what registered her there"
    till.pc.close()
    page = seen(office["C01"].page(URL))
    assert "2026-031 NX0601 V00001 10001 500 800 500 县农投公司 2027-01-31" in page
    assert "胡例凤" not in page, "no name stands beside a contract"
    assert "没有要发的" in bring(office, GOOD)
    assert "要变 1 行" in bring(office, GOOD.replace("2027-01-31", "2027-03-31"))
    taken = GOOD.replace("V00001", "V00002")
    assert "已经是别人的，换一个号" in bring(office, taken)
    office.county.close()


def test_a_row_of_it_says_again_what_holds(office: Office) -> None:
    net = GOOD.replace("031", "032").replace("10001", "10002").replace("31,0", "31,1")
    bring(office, GOOD, net)
    publish(office)
    county = office.county
    with county.store.read() as connection:
        known = known_at(county, connection)
    bodies = bodies_of(known, CONTRACTS)
    assert len(bodies) == 2
    for body in bodies:
        row = sheet_of(cells_of(CONTRACTS, body, known))
        today = local_day(county.clock.now_ms())
        made = judge(Draft(CONTRACTS, row, "C01", 0), known, today, county)
        assert isinstance(made, Plan)
        assert made.steps == ()
    streams = {fact.stream for fact in county_facts(county, "contract.agreed")}
    assert streams == {f"county.1/{STATION}"}
    county.close()
