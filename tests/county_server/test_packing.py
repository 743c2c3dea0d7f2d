"""Processing at the hub: lots go in, packs come out; grams, fen, shares conserved; labels."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from county_server.desks.hub import packing
from county_server.desks.hub.arrivals import Stock
from county_server.desks.pen import Refused
from county_server.scribe import EVERYBODY, Scribe
from county_server.verify import verify_county
from station_app.journal.fact import Saying
from station_app.ledger.accounts import COUNTY, held_grower
from station_app.ledger.balances import balance
from station_app.reference.facts import ProduceRulePublished
from station_app.services.consignment.facts import LotPacked, Share
from station_app.services.consignment.lots import Lot
from tests.county_server.browser import PASSWORD, Browser
from tests.county_server.finance_story import Office, Till, county_facts, post, seen
from tests.county_server.hub_story import CODE, grower, lot, receive, send, stands
from tests.county_server.test_recalls import call
from tests.sync.stand import DAY, STATION, folded_here, folded_there


def at_the_hub(office: Office, till: Till, *lots: str) -> None:
    act = send(till, *((one, stands(till, one).on_shelf) for one in lots))
    order = sorted(lots, key=lambda one: stands(till, one).code or one[:8].upper())
    got = {f"got_{n}": f"{stands(till, one).in_transit / 1000}" for n, one in enumerate(order)}
    receive(office, act, 303, **got)
    till.send()


def use(one: str) -> str:
    return f"use_{STATION}_{one}"


def work(office: Office, status: int = 303, **fields: str) -> str:
    typed = {"step": "sort", "act": "do"} | fields
    page = f"/hub/packing?station={STATION}&produce=10018"
    return post(office["H01"], page, "/hub/packing", typed, status)


def region(office: Office) -> None:
    """The county says how its trace codes begin, and where their page is."""
    county = office.county
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        rules = (("trace.region", "411325"), ("trace.address", "https://trace.example.com"))
        said = [Saying(ProduceRulePublished(name=name, value=value, day=DAY))
                for name, value in rules]  # fmt: skip
        scribe.say(EVERYBODY, said, by="county", at=county.clock.now_ms())
        scribe.seal()


def test_twenty_kilograms_are_sorted_into_packs_and_every_gram_is_somewhere(
    office: Office, till: Till
) -> None:
    region(office)
    person = grower(till)
    one = lot(till, person)
    at_the_hub(office, till, one)
    counted = work(office, 200, act="count", **{use(one): "20", "out_0": "15", "out_1": "4.5"})
    assert "投 20.000 公斤，装 19.500 公斤，损耗 0.500 公斤" in seen(counted)
    assert county_facts(office.county, "lot.packed") == [], "counted, and nothing said"
    work(office, 303, **{use(one): "20", "out_0": "15", "packages_0": "3", "grade_0": "特级",
                         "out_1": "4.5", "packages_1": "1", "grade_1": "二级"})  # fmt: skip
    till.send()
    state = stands(till, one)
    assert (state.at_hub, state.drawn, state.difference) == (0, 19_500, 500)
    first, second = (fact.identity for fact in county_facts(office.county, "lot.packed"))
    for name, grams, packages, grade in ((first, 15_000, 3, "特级"), (second, 4_500, 1, "二级")):
        pack = stands(till, name)
        assert (pack.at_hub, pack.on_shelf, pack.packages) == (grams, 0, packages)
        assert (pack.grade, [share.quantity for share in pack.shares]) == (grade, [grams])
    assert [stands(till, name).code[16:19] for name in (first, second)] == ["801", "802"]
    cases = till.pc.reader.execute("SELECT kind, entity FROM cases").fetchall()
    assert [tuple(row) for row in cases] == [("consignment.hub_differs", one)]
    # what was lost at work is borne as any difference is, by whom the finance desk says
    url = f"/hub/{STATION}/{one}/bearer"
    post(office["F01"], "/hub", url, {"bearer": "county", "price": "9.00"})
    till.send()
    assert balance(till.pc.reader, held_grower(person, COUNTY)) == -450
    # a pack is sold like any lot, and its grower is paid
    sale = {"price": "10", "station": "5", "county": "3", "act": "sell", use(first): "15"}
    post(office["F01"], "/hub/sales", "/hub/sales", sale)
    till.send()
    # 150.00 less 7.50 and 4.50
    assert balance(till.pc.reader, held_grower(person, COUNTY)) == -450 - 13_800
    assert folded_here(till.pc) == folded_there(office.county, STATION)
    assert verify_county(office.county).findings == ()


def test_labels_open_a_page_that_tells_of_the_field_and_of_its_kin(
    office: Office, till: Till
) -> None:
    region(office)
    one = lot(till, grower(till))
    at_the_hub(office, till, one)
    work(office, 303, **{"step": "pack", use(one): "12", "out_0": "12", "packages_0": "2"})
    till.send()
    (made,) = (fact.identity for fact in county_facts(office.county, "lot.packed"))
    code = stands(till, made).code
    html = office["H01"].page(f"/hub/labels/{STATION}/{made}")
    if os.environ.get("WEB_PICTURES"):
        Path(os.environ["WEB_PICTURES"]).write_text(html)
    page = seen(html)
    assert page.count("6.000 公斤") == 2
    assert "第 2/2 件" in page
    assert html.count("<svg") >= 2
    assert "王" not in page, "no grower is named at the hub"
    way = re.sub(r"\s+", " ", seen(Browser(office.app, "10.9.0.2").get(f"/t/{code}").text))
    for words in ("县仓包装", "由 1 批装成", "由这几批做成", "王*兰"):
        assert words in way, words
    steps = [way.index(step) for step in ("站里过秤定级", "装箱发县仓", "县仓收到", "县仓包装")]
    assert steps == sorted(steps), "where it was before stands before"
    back = seen(Browser(office.app, "10.9.0.2").get(f"/t/{CODE}").text)
    for words in ("县仓加工改装", "用去 12.000 公斤", "做成了这几批"):
        assert words in back, words


def undo(office: Office, pack: str, status: int = 303) -> str:
    page = f"/hub/packing?station={STATION}&produce=10018&made={pack}"
    return post(office["H01"], page, "/hub/packing/undo", {}, status)


def test_work_is_taken_back_while_all_of_it_lies_there(office: Office, till: Till) -> None:
    region(office)
    one = lot(till, grower(till))
    at_the_hub(office, till, one)
    before = stands(till, one)
    work(office, 303, **{use(one): "20", "out_0": "15", "out_1": "4.5"})
    first, second = (fact.identity for fact in county_facts(office.county, "lot.packed"))
    assert "撤销这次改装" in seen(
        office["H01"].page(f"/hub/packing?station={STATION}&made={first}")
    )
    undo(office, second)
    till.send()
    state = stands(till, one)
    assert (state.at_hub, state.drawn, state.difference) == (20_000, 0, 0)
    assert (state.shares, state.cost_fen, state.differing) == (before.shares, 0, ())
    for name in (first, second):
        pack = stands(till, name)
        assert (pack.at_hub, pack.unpacked) == (0, pack.quantity)
    assert till.pc.reader.execute("SELECT count(*) FROM cases").fetchone() == (0,)
    office["H01"].page(f"/hub/labels/{STATION}/{first}", 404)
    assert "标签作废" in seen(office["H01"].page(f"/hub/packing?station={STATION}&made={first}"))
    gone = seen(Browser(office.app, "10.9.0.2").get(f"/t/{stands(till, first).code}").text)
    assert "这个码作废" in gone, "whoever scans a label that was not torn off reads so"
    back = seen(Browser(office.app, "10.9.0.2").get(f"/t/{CODE}").text)
    for words in ("县仓加工改装", "做成了这几批"):
        assert words not in back, words
    again = {"token": office["H01"].token("/hub/packing"), "station": STATION, "made": first}
    twice = office["H01"].post("/hub/packing/undo", again)
    assert twice.status_code == 422
    assert "撤销过了" in seen(twice.text)
    call(office, CODE)
    assert "停售的 1 批" in seen(office["C01"].page("/hub/recalls")), "no pack that is no more"
    call(office, CODE, act="release")
    work(office, 303, **{use(one): "20", "out_0": "19.5"})
    till.send()
    assert stands(till, one).drawn == 19_500, "it is worked on anew"
    assert folded_here(till.pc) == folded_there(office.county, STATION)
    assert verify_county(office.county).findings == ()


def test_work_stays_once_a_pack_was_sold_or_the_loss_decided(office: Office, till: Till) -> None:
    one = lot(till, grower(till))
    at_the_hub(office, till, one)
    work(office, 303, **{use(one): "10", "out_0": "9.5"})
    (made,) = (fact.identity for fact in county_facts(office.county, "lot.packed"))
    url = f"/hub/{STATION}/{one}/bearer"
    post(office["F01"], "/hub", url, {"bearer": "county", "price": "9.00"})
    assert "损耗已经定了谁担" in seen(undo(office, made, 422))
    work(office, 303, **{use(one): "5", "out_0": "5"})
    later = county_facts(office.county, "lot.packed")[-1].identity
    sale = {"price": "10", "station": "5", "county": "3", "act": "sell", use(later): "1"}
    post(office["F01"], "/hub/sales", "/hub/sales", sale)
    assert "已经卖了" in seen(undo(office, later, 422))
    assert county_facts(office.county, "lot.unpacked") == []


def test_a_recall_of_what_came_stops_the_packs_and_nothing_more_is_packed_of_it(
    office: Office, till: Till
) -> None:
    one = lot(till, grower(till))
    at_the_hub(office, till, one)
    work(office, 303, **{use(one): "10", "out_0": "10"})
    (made,) = (fact.identity for fact in county_facts(office.county, "lot.packed"))
    called = {"lots": CODE, "reason": "毒死蜱超标", "second": "H01", "second_password": PASSWORD}
    post(office["C01"], "/hub/recalls", "/hub/recalls", called)
    till.send()
    assert [stands(till, name).recalled for name in (one, made)] == ["毒死蜱超标"] * 2
    assert "停售：毒死蜱超标" in seen(work(office, 422, **{use(one): "5", "out_0": "5"}))
    assert len(county_facts(office.county, "lot.packed")) == 1


def test_the_same_work_sent_twice_is_done_once(office: Office, till: Till) -> None:
    one = lot(till, grower(till))
    at_the_hub(office, till, one)
    page = f"/hub/packing?station={STATION}&produce=10018"
    html = office["H01"].page(page)
    form = {
        "token": office["H01"].token(page), "station": STATION, "produce": "10018",
        "mark": html.split('name="mark" value="')[1].split('"')[0], "step": "cool", "act": "do",
        use(one): "5", "out_0": "5",
    }  # fmt: skip
    assert office["H01"].post("/hub/packing", form).status_code == 303
    assert office["H01"].post("/hub/packing", form).status_code == 409
    assert len(county_facts(office.county, "lot.packed")) == 1


DOES_NOT_ADD_UP = (
    ({"in": "20", "out_0": "20.001"}, "装出来的比投进去的多 0.001"),
    ({"in": "20", "out_0": "17.9"}, "损耗 2.1 公斤，一成还多"),
    ({"in": "20"}, "装出来多少还没写"),
    ({"in": "20.5", "out_0": "20"}, "县仓没有这么多"),
    ({"in": "20", "out_0": "很多"}, "写公斤数"),
    ({"in": "20", "out_0": "20", "packages_0": "0"}, "写 1 到 999 件"),
    ({"in": "20", "out_0": "20", "step": "burn"}, "选做什么"),
    ({"out_0": "20"}, "写投进去多少"),
)


def test_what_does_not_add_up_is_said_and_nothing_is_packed(office: Office, till: Till) -> None:
    one = lot(till, grower(till))
    at_the_hub(office, till, one)
    for fields, words in DOES_NOT_ADD_UP:
        typed = {use(one) if key == "in" else key: value for key, value in fields.items()}
        assert words in seen(work(office, 422, **typed)), words
    assert county_facts(office.county, "lot.packed") == []


# --- Whose it is, as a table ---------------------------------------------------------------------


def share(person: str, quantity: int, contract: str = "") -> Share:
    return Share(
        person=person, quantity=quantity, commission_bp=800, floor_fen=0, guaranteed_fen=0,
        is_net=0, contract=contract,
    )  # fmt: skip


def stock(name: str, **more: Any) -> Stock:
    values: dict[str, Any] = {
        "unit": "gram", "produce": "10018", "ownership": "consigned", "quantity": 10_000,
        "at_hub": 10_000, "founder": "f", "shares": (share(name, 10_000),),
    }  # fmt: skip
    return Stock(STATION, name, Lot(**(values | more)))


def packs(uses: list[tuple[Stock, int]], **form: str) -> list[LotPacked]:
    done = packing.read_work(uses, {"step": "sort", "sure": "1"} | form)
    said = packing.sayings_of(done, [""] * len(done.packs), DAY)
    return [one.body for one in said if isinstance(one.body, LotPacked)]


def test_every_grower_has_of_every_grade_by_what_she_brought() -> None:
    uses = [(stock("aa"), 6_000), (stock("bb"), 3_001)]
    best, rest = packs(uses, out_0="4.5", out_1="4.4")
    assert {one.person: one.quantity for one in best.shares} == {"aa": 3_000, "bb": 1_500}
    assert sum(one.quantity for one in rest.shares) == rest.quantity == 4_400
    assert [part.quantity for part in best.parts] == [3_000, 1_500]


def test_fen_of_own_lots_go_into_the_packs_to_the_last_one() -> None:
    own = {"ownership": "own", "shares": (), "cost_fen": 3_333}
    made = packs([(stock("aa", **own), 10_000)], out_0="3", out_1="3", out_2="3")
    assert [one.cost_fen for one in made] == [1_000, 1_000, 1_000]
    assert packs([(stock("aa", **own), 10_000)], out_0="10")[0].cost_fen == 3_333


@pytest.mark.parametrize(
    "other",
    [
        {"ownership": "own", "shares": (), "cost_fen": 5},
        {"unit": "piece"},
        {"shares": (share("bb", 10_000, contract="c"),)},
    ],
)
def test_what_is_not_alike_does_not_go_into_one_pack(other: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refused:
        packs([(stock("aa"), 5_000), (stock("bb", **other), 5_000)], out_0="10")
    assert refused.value.reason == "packing_alike"
