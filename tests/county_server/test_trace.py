"""The public page behind a lot's code: its story, a recall, codes that are wrong or made up."""

import os
import re
import time
from pathlib import Path

import pytest
from stdnum import luhn

from county_server.pages import make_frame
from county_server.scribe import EVERYBODY, Scribe
from county_server.trace.looks import Looks, Seen
from county_server.trace.pages import Trace
from station_app.journal.fact import Saying
from station_app.reference.facts import SettingPublished, StationDescribed
from station_app.resources_dir import load_texts
from station_app.services.consignment.facts import (
    FieldInput,
    LotAccepted,
    LotDescribed,
    LotDispatched,
    LotDrawn,
    LotMade,
    LotPart,
    LotSold,
    LotSpoiled,
    Share,
    Weighing,
)
from station_app.services.people.facts import PersonDetails, PersonRegistered
from station_app.services.quality.facts import (
    LotCertified,
    LotRecalled,
    LotTested,
    PlotDescribed,
)
from tests.county_server.browser import Browser
from tests.county_server.finance_story import Office, Till, say
from tests.county_server.hub_story import CODE, receive, stands
from tests.sync.stand import DAY, STATION

NAME, PHONE = "王示兰", "15400001006"


@pytest.fixture
def office(office: Office) -> Office:
    county = office.county
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        described = StationDescribed(
            code=STATION, name="柳荫洼村站", level="village", parent="", township="赤眉镇",
            village="柳荫洼村", status="active", shelves=4, layers=4, places=30, day=DAY,
        )  # fmt: skip
        phone = SettingPublished(name="county.phone", station="", value="154 0000 0110", day=DAY)
        said = [Saying(described), Saying(phone)]
        scribe.say(EVERYBODY, said, by="county", at=office.clock.at)
        scribe.seal()
    return office


def grown(till: Till) -> str:
    """A lot from its field to the road."""
    who = PersonDetails(name=NAME, phone=PHONE)
    person = till.pc.say(Saying(PersonRegistered(code="", day=DAY), who)).facts[0].identity
    till.pc.say(
        Saying(PlotDescribed(person=person, name="三号坡", produce="10018", tenth_mu=24, day=DAY))
    )
    share = Share(
        person=person, quantity=20_000, commission_bp=800, floor_fen=777, guaranteed_fen=0,
        is_net=0, contract="",
    )  # fmt: skip
    accepted = LotAccepted(
        code=CODE, produce="10018", grade="一级", unit="gram", quantity=20_000, share=share,
        weighing=Weighing(gross_grams=0, tare_grams=0, deducted_grams=0, frame=""),
        harvest_day="2026-11-23", slip=1, day=DAY,
    )  # fmt: skip
    one = till.pc.say(Saying(accepted)).facts[0].identity
    sprayed = FieldInput(name="吡虫啉", day="2026-10-02", interval_days=14)
    words = [
        LotDescribed(inputs=(sprayed,), promise="given", promise_number="HZ-7", document=0,
                     baskets=1, packages=2, passed=(), day=DAY),
        LotCertified(reason="asked", form="producer", issuer="household", person=person,
                     number="HZ-7", bases=("own_promise",), quantity=20_000, day=DAY),
        LotTested(lab="县检测站", item="毒死蜱", limit="1.00", value="0.02", is_passed=1,
                  report="NJ-1187", sample="", day=DAY),
        LotSpoiled(quantity=500, reason="rotten", bearer="station", amounts=(), cost_fen=0,
                   person="", day=DAY),
    ]  # fmt: skip
    till.pc.say(*(Saying(word, entity=one) for word in words))
    act = till.pc.say(Saying(LotDispatched(quantity=9_000, packages=2, day=DAY), entity=one))
    till.send()
    receive(till.office, act.facts[0].act, got_0="9")
    till.send()
    return str(one)


def shown(office: Office, code: str, status: int = 200) -> str:
    answer = Browser(office.app, "10.9.0.1").get(f"/t/{code}", status)
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert "set-cookie" not in answer.headers, "nobody is followed"
    assert "<script" not in answer.text
    assert len(answer.content) < 60_000
    assert status == 404 or 'href="tel:15400000110"' in answer.text
    if os.environ.get("WEB_PICTURES"):
        Path(os.environ["WEB_PICTURES"]).write_text(answer.text)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_a_lot_tells_its_way_from_field_to_hub_and_no_whole_name(
    office: Office, till: Till
) -> None:
    grown(till)
    page = shown(office, CODE)
    steps = [
        "用药", "采收", "种在哪", "站里过秤定级", "承诺达标合格证", "抽检合格", "装箱发县仓",
        "县仓收到", "损耗",
    ]  # fmt: skip
    for words in (*steps, "王*兰", "三号坡，2.4 亩", "吡虫啉，要隔 14 天", "赤眉镇 柳荫洼村",
                  "20.000 公斤", "报告 NJ-1187", "有承诺达标合格证", "检测合格", "用药后隔了 52 天",
                  "赤眉镇 柳荫洼村 三号坡", "承诺人 王*兰", "依据 自我承诺", "头一次查",
                  "有话说，打电话"):  # fmt: skip
        assert words in page, words
    way = page[page.index("一路怎么来的") :]
    assert (
        way.index("种在哪")
        < way.index("用药")
        < way.index("采收")
        < way.index("站里过秤")
        < way.index("县仓收到")
    )
    for word in (NAME, PHONE, "7.77", "HZ-7 1", "停售"):
        assert word not in page, word


def test_how_often_a_code_was_looked_at_is_a_hint_of_copies_and_nothing_else(
    office: Office, till: Till
) -> None:
    grown(till)
    assert "头一次查" in shown(office, CODE)
    for _ in range(3):
        assert "头一次查" in shown(office, CODE), "as the page that is kept says"
    office.clock.at += 60_000
    assert "第 5 次查，头一次是 11-25 08:00" in shown(office, CODE)
    office.clock.at += 60_000
    assert "第 6 次查" in shown(office, CODE)
    other = Trace(make_frame(office.county, load_texts()))
    office.clock.at += 60_000
    answer = bytes(other.page(CODE).body).decode()
    assert "第 7 次查，头一次是 11-25 08:00" in answer, "another process counts on"
    with office.county.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT code, count FROM trace_looks").fetchall()
    assert [tuple(row) for row in rows] == [(CODE, 6)], "nothing of who looked"


def test_a_database_that_cannot_be_written_to_loses_no_look(office: Office) -> None:
    store, looks = office.county.store, Looks(office.county.store)
    looks.note(STATION, CODE, 1_000)
    with store.engine.begin() as connection:
        store.tables.trace_looks.drop(connection)
    looks.write_down(100_000)
    with store.engine.begin() as connection:
        store.tables.trace_looks.create(connection)
    looks.note(STATION, CODE, 150_000)
    looks.write_down(150_000)
    with store.read() as connection:
        assert looks.seen(connection, STATION, CODE) == Seen(2, 1_000), "not a minute later"
    looks.write_down(160_000)
    with store.read() as connection:
        assert Looks(store).seen(connection, STATION, CODE) == Seen(2, 1_000)


def test_a_stopped_lot_says_so_first_and_its_promise_counts_no_more(
    office: Office, till: Till
) -> None:
    one = grown(till)
    assert "停售" not in shown(office, CODE)
    say(office, [Saying(LotRecalled(reason="毒死蜱超标", day=DAY), entity=one)])
    assert "停售" not in shown(office, CODE), "kept for a minute, here and on the way"
    office.clock.at += 60_000
    page = shown(office, CODE)
    assert page.index("这批停售，先别吃") < page.index("谁种的")
    for words in ("毒死蜱超标", "拿到柳荫洼村站", "合格证不算了", "打电话问"):
        assert words in page, words
    for words in ("有承诺达标合格证", "承诺人"):
        assert words not in page, words


_BARE = CODE[:-1]
WRONG = _BARE + str((int(CODE[-1]) + 1) % 10)
_PACKED = "4113250601261125018"
PACKED = _PACKED + luhn.calc_check_digit(_PACKED)
NOBODYS = "4113259999261125017"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (WRONG, "这个码不对"),
        (CODE[:-1], "这个码不对"),
        ("%3Cscript%3Ealert(1)%3C", "这个码不对"),
        ("9" * 300, "这个码不对"),
        (NOBODYS + luhn.calc_check_digit(NOBODYS), "没有这个码"),
    ],
)
def test_a_wrong_or_forged_code_gets_a_sentence(
    office: Office, till: Till, code: str, words: str
) -> None:
    grown(till)
    assert words in shown(office, code, 404)


def test_two_lots_of_one_station_do_not_tell_of_each_other(office: Office, till: Till) -> None:
    grown(till)
    with office.county.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM lots WHERE code = ?", (CODE,))
        assert rows.scalar() == 1
    assert shown(office, CODE).count("三号坡，2.4 亩") == 1


def test_a_lot_that_was_packed_of_another_tells_of_its_field_and_what_was_sold(
    office: Office, till: Till
) -> None:
    one = grown(till)
    state = stands(till, one)
    packed = LotMade(
        code=PACKED, produce="10018", grade="一级", unit="gram", ownership="consigned",
        quantity=4_000, parts=(LotPart(lot=one, quantity=4_000),), shares=state.shares,
        cost_fen=0, day=DAY,
    )  # fmt: skip
    drawn = LotDrawn(quantity=4_000, cost_fen=0, purpose="split", day=DAY)
    made = till.pc.say(Saying(drawn, entity=one), Saying(packed)).facts[1].identity
    till.pc.say(Saying(LotSold(quantity=1_500, cost_fen=0, day=DAY), entity=made))
    till.send()
    page = shown(office, PACKED)
    for words in ("分装、合装", "由 1 批做成", "4.000 公斤", "三号坡，2.4 亩", "吡虫啉", "采收",
                  "到现在卖了 1.500 公斤", "王*兰"):  # fmt: skip
        assert words in page, words
    assert "站里过秤定级" not in page, "it was weighed as another lot"


def test_five_hundred_pages_a_second_go_out(office: Office, till: Till) -> None:
    """What stands in between keeps it for a minute, and so does this process."""
    grown(till)
    page = Trace(make_frame(office.county, load_texts()))
    page.page(CODE)
    began = time.process_time()
    for _ in range(500):
        assert page.page(CODE).status_code == 200
    assert time.process_time() - began < 1
