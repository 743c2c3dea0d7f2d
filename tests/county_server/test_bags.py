"""The hub's desk: a sheet announced, a bag scanned, counted at its station, seen at the hub."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openpyxl import Workbook
from sqlalchemy import select

from county_server.scribe import EVERYBODY, Scribe
from county_server.staff import roles
from county_server.staff.roles import Member
from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.journal.kinds import ActReversed
from station_app.reference.facts import CourierPublished, StationDescribed
from station_app.services.parcels import bag_records, records
from station_app.services.parcels.facts import (
    BagOpened,
    BagReceived,
    ListedPiece,
    ManifestClosed,
    OtherSide,
)
from station_app.services.parcels.load_facts import (
    LoadDriver,
    LoadedBag,
    LoadedPiece,
    VanLoadedWithBags,
)
from station_app.values.codes import SLIP, make_code
from tests.county_server.finance_story import Office, county_facts, open_office, post, seen
from tests.sync.stand import DAY, STATION, converse, direct, enrolled_pc, folded_here, folded_there

HUB_STATION = "NX0001"
TOWN, OTHER, STRANGER = "NX0600", "NX0602", "NX0701"
FIRST, SECOND, THIRD = "73000000000017", "73000000000024", "73000000000031"
SHEET = (
    "运单号,快递,村站,收件人,电话,代收货款\n"
    f"{FIRST},,{STATION},王小明,15400001011,128.50\n"
    f"{SECOND},中通,碧水河村站,,1010,\n"
    f"{THIRD},ZTO,{STRANGER},赵六,,\n"
)
HUB = Member("H01", "彭示霞", (roles.HUB_CLERK,))


def described(code: str, level: str, parent: str, name: str) -> Saying:
    return Saying(
        StationDescribed(
            code=code, name=name, level=level, parent=parent, township="赤眉镇", village="",
            status="active", shelves=4, layers=4, places=30, day=DAY,
        )
    )  # fmt: skip


def courier(code: str, name: str, pattern: str) -> Saying:
    return Saying(
        CourierPublished(
            code=code, name=name, initial=code[0], pattern=pattern, example="", priority=1,
            must_confirm=0, remind_days=3, call_days=5, return_days=7, day=DAY,
        )
    )  # fmt: skip


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = open_office(tmp_path, (HUB,))
    county = made.county
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        words = [
            described(HUB_STATION, "hub", "NX0000", "县物流仓"),
            described(TOWN, "township", "NX0000", "赤眉镇综合站"),
            described(STATION, "village", TOWN, "柳荫洼村站"),
            described(OTHER, "village", TOWN, "碧水河村站"),
            described(STRANGER, "village", "NX0000", "远山村站"),
            courier("ZTO", "中通快递", "7[0-9]{13}"),
            courier("YD", "韵达快递", "4[0-9]{13}"),
            courier("YTO", "圆通快递", "4[0-9]{13}"),
        ]
        scribe.say(EVERYBODY, words, by="county", at=county.clock.now_ms())
        scribe.seal()
    yield made
    county.close()


@pytest.fixture
def pc(office: Office, tmp_path: Path) -> Iterator[Any]:
    made = enrolled_pc(office.county, tmp_path / "pc", clock=office.clock)
    yield made
    made.close()


def advise(office: Office, sheet: str | bytes, status: int = 303) -> str:
    browser, content = office["H01"], sheet.encode() if isinstance(sheet, str) else sheet
    answer = browser.ask(
        "POST", "/bags/advice", data={"token": browser.token("/bags")},
        files={"file": ("parcels.csv", content, "text/csv")},
    )  # fmt: skip
    assert answer.status_code == status, answer.text
    return str(answer.headers.get("location", "")) or seen(answer.text)


def bag(office: Office, to: str, *pieces: str, status: int = 303, **fields: str) -> str:
    form = {"to": to, "code": "XC-0001", "seal": "088213", "courier": "", "act": "send"}
    typed = {**form, "pieces": "\n".join(pieces), **fields}
    return post(office["H01"], "/bags", "/bags", typed, status)


def told(office: Office, station: str, kind: str = "parcel.announced") -> list[Any]:
    return [msgspec.json.decode(f.body) for f in county_facts(office.county, kind, station)]


def test_a_sheet_tells_each_station_its_parcels_and_the_township_no_name(
    office: Office, pc: Any
) -> None:
    assert advise(office, SHEET) == "/bags?put=3"
    (mine,) = told(office, STATION)
    assert (mine["waybill"], mine["courier"], mine["cod_fen"]) == (FIRST, "ZTO", 12_850)
    assert [one["waybill"] for one in told(office, TOWN)] == [FIRST, SECOND]
    for fact in county_facts(office.county, "parcel.announced", TOWN):
        assert fact.private is None or "王" not in str(fact.private), "it sorts without a name"
    converse(pc, direct(office.county))
    said = records.announcement(pc.reader, FIRST, STATION)
    assert said is not None
    assert (said.name, said.tail, said.phone) == ("王小明", "1011", "15400001011")
    assert folded_here(pc) == folded_there(office.county, STATION)
    assert advise(office, SHEET) == "/bags?put=0", "what was said already is not said again"
    assert advise(office, SHEET.replace("碧水河村站", STATION)) == "/bags?put=1"
    assert [one["station"] for one in told(office, OTHER)] == [OTHER, STATION], "gone elsewhere"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (("柳荫洼", "没有的"), "没有「没有的村站」这个站"),
        ((f"{FIRST},", "43000000000001,"), "光看单号分不出哪家"),
        ((f"{FIRST},", f"{SECOND},"), "重了"),
        ((f"{FIRST},", "不认得,"), "不像运单号"),
        (("中通", "没通"), "没有「没通」这家快递"),
        (("128.50", "一百"), "写法不对"),
    ],
)
def test_a_sheet_with_a_bad_row_tells_nobody_and_names_the_row(
    office: Office, bad: tuple[str, str], words: str
) -> None:
    sheet = SHEET.replace(STATION, "柳荫洼村站").replace(*bad)
    answer = advise(office, sheet, 422)
    assert words in answer
    assert "行" in answer
    assert told(office, STATION) + told(office, TOWN) + told(office, STRANGER) == []


def paste(office: Office, rows: str, status: int) -> str:
    browser = office["H01"]
    form = {"token": browser.token("/bags"), "rows": rows}
    answer = browser.ask("POST", "/bags/advice", data=form, files={"file": ("", b"", "")})
    assert answer.status_code == status, answer.text
    return str(answer.headers.get("location", "")) or answer.text


def test_rows_copied_out_of_a_spreadsheet_are_announced_and_the_bad_ones_stay(
    office: Office,
) -> None:
    good = f"{FIRST}\t中通快递\t柳荫洼村站\t王小明\t15400001011"
    bad = f"{SECOND}\t没通\t碧水河村站"
    page = paste(office, f"{good}\n{bad}", 200)
    for words in ("报了 1 件", "没有「没通」这家快递", "不对的行还在粘贴框里"):
        assert words in seen(page), words
    kept = page.split('name="rows"')[1].split("</textarea>")[0]
    assert SECOND in kept
    assert FIRST not in kept, "what was announced is out of the way"
    assert [one["waybill"] for one in told(office, STATION)] == [FIRST]
    rest = kept.partition(">")[2].replace("没通", "中通")
    assert paste(office, rest, 303) == "/bags?put=1"
    assert "先选到件表" in seen(paste(office, "", 422))


def test_a_workbook_is_announced_like_a_sheet_and_what_is_none_says_why(office: Office) -> None:
    book, out = Workbook(), BytesIO()
    for line in SHEET.splitlines():
        book.active.append(line.split(","))
    book.save(out)
    assert advise(office, out.getvalue()) == "/bags?put=3"
    assert told(office, STATION)[0]["cod_fen"] == 12_850
    assert "这份表读不了" in advise(office, b"PK\x03\x04 cut off", 422)


def test_a_bag_is_scanned_at_the_hub_counted_at_its_station_and_seen_to_differ(
    office: Office, pc: Any
) -> None:
    clerk = office["H01"]
    advise(office, SHEET)
    assert f"/bags?to={TOWN}" in clerk.page("/bags"), "two wait for a bag to the township"
    bag(office, STATION, FIRST, "73000000000999")
    converse(pc, direct(office.county))
    found = bag_records.announced_bag(pc.reader, "XC-0001")
    assert found is not None
    assert [one.waybill for one in found.pieces] == [FIRST, "73000000000999"]
    assert (found.seal, found.station) == ("088213", STATION)
    assert "路上" in seen(clerk.page("/bags"))
    body = BagReceived(code="XC-0001", manifest=found.manifest, pieces=2, day=DAY)
    came = pc.say(Saying(body)).facts[0]
    converse(pc, direct(office.county))
    assert "收到，没拆" in seen(clerk.page("/bags"))
    extra = ListedPiece(courier="ZTO", waybill="73000000000888", state="extra")
    body_of_list = ManifestClosed(
        number=1, direction="in", courier="", bag=came.identity, announced=2, day=DAY,
        pieces=(
            ListedPiece(courier="ZTO", waybill=FIRST, state="missing"), extra,
            ListedPiece(courier="ZTO", waybill="73000000000999", state="seen"),
        ),
    )  # fmt: skip
    opened = BagOpened(pieces=2, missing=0, day=DAY)
    pc.say(Saying(body_of_list, OtherSide()), Saying(opened, entity=came.identity))
    converse(pc, direct(office.county))
    shown = seen(clerk.page("/bags"))
    assert "少 1 多 1" in shown, "as many as listed, and yet not the same"
    assert "1 袋对不上" in shown
    paper = clerk.page(
        f"/bags/{STATION}/{county_facts(office.county, 'bag.announced')[0].identity}"
    )
    assert found.manifest in paper
    assert "<svg" in paper
    assert "没见到" in paper
    assert extra.waybill in paper
    bag(office, STATION, FIRST, code="XC-0002")
    assert len(told(office, STATION, "bag.announced")) == 2, "left behind, it goes with the next"
    converse(pc, direct(office.county))
    assert folded_here(pc) == folded_there(office.county, STATION)
    assert not verify_county(office.county).findings


def test_a_wrong_piece_stops_the_bag_and_is_taken_off_the_list(office: Office) -> None:
    advise(office, SHEET)
    pieces = (FIRST, FIRST, THIRD, "43000000000001", "你好")
    answer = seen(bag(office, TOWN, *pieces, status=422))
    for words in ("扫了两回", "是 远山村站 的件", "分不出哪家", "不像运单号"):
        assert words in answer, words
    assert told(office, TOWN, "bag.announced") == [], "nothing by halves"
    kept = bag(office, TOWN, *pieces, status=200, act="drop")
    assert f">{FIRST}</textarea>" in kept
    bag(office, TOWN, FIRST, SECOND)
    (first,) = told(office, TOWN, "bag.announced")
    assert first["manifest"].endswith("-01")
    again = seen(bag(office, TOWN, "73000000000999", status=422))
    assert "还在路上" in again, "one tag is on one bag"
    answer = seen(bag(office, TOWN, FIRST, status=422, code="XC-0002"))
    assert f"已经装进 {first['manifest']} 了" in answer
    given = bag(office, TOWN, "43000000000001", status=200, act="tag", code="")
    tag = re.search(r'id="code" name="code" value="(VB[0-9A-Z*]+)"', given)
    assert tag
    bag(office, TOWN, "43000000000001", code=tag[1], courier="YD")
    second = told(office, TOWN, "bag.announced")[1]
    assert second["code"] == tag[1]
    assert second["manifest"].endswith("-02")
    assert second["pieces"][0]["courier"] == "YD"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"to": "NX9999"}, "选一个收袋的站"),
        ({"code": ""}, "先扫袋签"),
        ({"seal": "1" * 21}, "封签号最多"),
        ({"pieces": ""}, "还没有件"),
        ({"pieces": "\n".join(f"7{n:013}" for n in range(301))}, "一袋最多 300 件"),
        ({"mark": "0"}, "别人刚改过"),
    ],
)
def test_a_bag_that_cannot_go_comes_back_as_it_was_typed(
    office: Office, change: dict[str, str], words: str
) -> None:
    status = 409 if "mark" in change else 422
    html = (
        bag(office, **{"to": STATION, **change}, status=status)
        if "pieces" in change
        else bag(office, change.pop("to", STATION), FIRST, status=status, **change)
    )
    assert words in seen(html)
    assert told(office, STATION, "bag.announced") == []


def van(pc: Any, *waybills: str, bags: tuple[str, ...] = (), number: int = 7) -> str:
    """Let the station close a list of what the van takes along; return the list."""
    body = VanLoadedWithBags(
        number=number, day=DAY, goods=(),
        pieces=tuple(LoadedPiece(courier="ZTO", waybill=one) for one in waybills),
        bags=tuple(LoadedBag(bag="ab" * 32, code=one) for one in bags),
    )  # fmt: skip
    return str(pc.say(Saying(body, LoadDriver(name="任例福"))).facts[0].identity)


def unload(office: Office, entity: str, status: int = 303, **fields: str) -> str:
    page = f"/bags/in/{STATION}/{entity}"
    return post(office["H01"], page, page, {"giver": "任例福", **fields}, status)


def hub_cases(office: Office, pc: Any) -> list[tuple[str, str]]:
    """Return the open cases of the list at the county, and see that the station has the same."""
    converse(pc, direct(office.county))
    assert folded_here(pc) == folded_there(office.county, STATION)
    cases = office.county.store.tables.cases.c
    with office.county.store.read() as connection:
        there = [tuple(row) for row in connection.execute(select(cases.kind, cases.entity))]
    here = pc.reader.execute("SELECT kind, entity FROM cases").fetchall()
    assert sorted(map(tuple, here)) == sorted(there)
    return there


def test_a_van_comes_back_and_what_is_on_it_is_taken_in_against_the_stations_list(
    office: Office, pc: Any
) -> None:
    clerk = office["H01"]
    assert "没有等收的车" in clerk.page("/bags/in")
    entity = van(pc, FIRST, SECOND, bags=("XC-0001",))
    converse(pc, direct(office.county))
    shown = seen(clerk.page("/bags/in"))
    for words in ("柳荫洼村站", FIRST, SECOND, "XC-0001", "2 件 1 袋", "任*福"):
        assert words in shown, words
    assert "收进 1" in seen(clerk.page("/bags")), "whoever sends bags sees what waits"
    assert FIRST in clerk.page(f"/bags/in?scan={FIRST}"), "found by a piece that is on it"
    act = next(fact.act for fact in pc.facts() if fact.identity == entity)
    assert FIRST in clerk.page(f"/bags/in?scan={make_code(SLIP, act)}"), "by the code on its paper"
    assert "不在哪张单上" in seen(clerk.page("/bags/in?scan=73000000000055", 404))
    unload(office, entity, 303, scans=f"{FIRST}\n xc-0001\n{SECOND}\n{SECOND}")
    (came,) = told(office, STATION, "van.unloaded")
    assert {one["state"] for one in (*came["pieces"], *came["bags"])} == {"seen"}
    paper = seen(clerk.page(f"/bags/in/{STATION}/{entity}"))
    for words in ("交的人（司机）", "收的人（县仓）", "签字、时间"):
        assert words in paper, "custody is signed at both ends"
    assert hub_cases(office, pc) == []
    state = bag_records.manifest_of(pc.reader, entity)
    assert state is not None
    assert (state.came_day, state.differing) == (DAY, 0), "the station sees it on its stub"
    url = f"/bags/in/{STATION}/{entity}"
    again = clerk.ask("POST", url, data={"token": clerk.token("/bags/in"), "giver": "任例福"})
    assert (again.status_code, "收过了" in seen(again.text)) == (422, True)
    assert len(told(office, STATION, "van.unloaded")) == 1


def test_what_is_missing_from_a_van_is_shown_first_and_becomes_a_case_at_both_ends(
    office: Office, pc: Any
) -> None:
    entity = van(pc, FIRST, SECOND, bags=("XC-0001", "XC-0002"))
    converse(pc, direct(office.county))
    first = unload(office, entity, 200, scans=f"{FIRST}\n{THIRD}", got="2")
    for words in ("对上 2，少 2，多 1", "收下，记少 2 多 1", THIRD):
        assert words in seen(first), words
    assert told(office, STATION, "van.unloaded") == [], "nothing is said at the first press"
    sure = re.search(r'name="sure" value="(\w+)"', first)
    assert sure
    other = unload(office, entity, 200, scans=FIRST, sure=sure[1])
    assert "对上 1，少 3，多 0" in seen(other), "another difference is looked at again"
    unload(office, entity, 303, scans=f"{FIRST}\n{THIRD}", got="2", sure=sure[1])
    (came,) = told(office, STATION, "van.unloaded")
    assert [one["state"] for one in came["pieces"]] == ["seen", "missing", "extra"]
    assert [one["state"] for one in came["bags"]] == ["seen", "missing"]
    assert hub_cases(office, pc) == [("parcels.van_differs", entity)]
    page = seen(office["H01"].page(f"/bags/in/{STATION}/{entity}"))
    assert "差的在待核对里" in page
    assert not verify_county(office.county).findings


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"giver": ""}, "写交的人"),
        ({"giver": "任" * 31}, "写交的人"),
        ({"scans": "你好"}, "「你好」不像运单号"),
        ({"mark": "0"}, "别人刚改过"),
    ],
)
def test_a_van_that_cannot_be_taken_in_yet_stays_on_its_way(
    office: Office, pc: Any, fields: dict[str, str], words: str
) -> None:
    entity = van(pc, FIRST)
    converse(pc, direct(office.county))
    status = 409 if "mark" in fields else 422
    assert words in seen(unload(office, entity, status, **fields))
    assert told(office, STATION, "van.unloaded") == []


def test_a_list_taken_back_at_the_station_after_the_hub_counted_it_is_a_case(
    office: Office, pc: Any
) -> None:
    entity = van(pc, FIRST)
    converse(pc, direct(office.county))
    act = next(fact.act for fact in pc.facts() if fact.identity == entity)
    pc.say(Saying(ActReversed(act=act, lines=(), day=DAY)))
    unload(office, entity, 303, scans=FIRST)
    assert hub_cases(office, pc) == [("parcels.van_missing", entity)]
    assert "没有等收的车" in office["H01"].page("/bags/in")


def count_round(office: Office, *pieces: str, status: int = 303, **fields: str) -> str:
    form = {"courier": "ZTO", "giver": "马样成", "scans": "\n".join(pieces), **fields}
    return post(office["H01"], "/bags/rounds", "/bags/rounds", form, status)


def test_what_a_courier_brings_to_the_hub_is_counted_against_what_was_announced(
    office: Office,
) -> None:
    clerk = office["H01"]
    assert "没有等到的件" in seen(clerk.page("/bags/rounds"))
    advise(office, SHEET)
    shown = seen(clerk.page("/bags/rounds"))
    for words in ("中通快递 还该到 3 件", FIRST, SECOND, THIRD):
        assert words in shown, words
    other = count_round(office, "40000000000001", courier="YD", status=200)
    assert "对上 0，少 0，多 1" in seen(other), "another courier than the one whose list is shown"
    stranger = "73000000000055"
    first = count_round(office, FIRST, FIRST, stranger, status=200)
    assert "对上 1，少 2，多 1" in seen(first)
    assert told(office, HUB_STATION, "courier_round.counted") == [], "looked at once before"
    sure = re.search(r'name="sure" value="(\w+)"', first)
    assert sure
    count_round(office, FIRST, stranger, sure=sure[1])
    (came,) = told(office, HUB_STATION, "courier_round.counted")
    assert came["pieces"][-1]["waybill"] == FIRST, "what differs stands first on the paper"
    assert (came["number"], came["announced"]) == (1, 3)
    assert {one["waybill"]: one["state"] for one in came["pieces"]} == {
        FIRST: "seen", SECOND: "missing", THIRD: "missing", stranger: "extra",
    }  # fmt: skip
    shown = seen(clerk.page("/bags/rounds"))
    assert "中通快递 还该到 2 件" in shown, "what a round lacks may come with the next"
    assert "差 3" in shown
    entity = county_facts(office.county, "courier_round.counted", HUB_STATION)[0].identity
    paper = seen(clerk.page(f"/bags/rounds/{entity}"))
    for words in (
        "快递到件交接单",
        f"{DAY[2:].replace('-', '')}-1",
        "交的人（快递员）",
        "收的人（县仓）",
        "马*成",
        "签字、时间",
    ):
        assert words in paper, "custody is signed at both ends"
    count_round(office, SECOND, THIRD)
    assert [one["number"] for one in told(office, HUB_STATION, "courier_round.counted")] == [1, 2]
    assert "没有等到的件" in seen(clerk.page("/bags/rounds"))
    with office.county.store.read() as connection:
        assert connection.execute(select(office.county.store.tables.cases.c.kind)).all() == []
    assert not verify_county(office.county).findings


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"scans": ""}, "一件也没扫到"),
        ({"giver": ""}, "写交的人（快递员）"),
        ({"courier": "NO"}, "选一家快递"),
        ({"scans": "你好"}, "「你好」不像运单号"),
        ({"mark": "0"}, "别人刚改过"),
    ],
)
def test_a_round_that_cannot_be_received_yet_keeps_what_was_scanned(
    office: Office, fields: dict[str, str], words: str
) -> None:
    advise(office, SHEET)
    status = 409 if "mark" in fields else 422
    html = count_round(office, **{"scans": FIRST, **fields}, status=status)
    assert words in seen(html)
    assert fields.get("scans", FIRST) in html
    assert told(office, HUB_STATION, "courier_round.counted") == []
