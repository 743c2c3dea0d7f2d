"""The county's page of cases: of two PCs one side holds, and what was decided is listed."""

import msgspec

from station_app.journal.fact import Saying
from station_app.services.inquiries.facts import InquiryAnswered, InquiryWords
from station_app.services.inquiries.records import last_about
from station_app.services.parcels.facts import ParcelHandedOver
from tests.county_server.finance_story import Office, Till, county_facts, post, seen
from tests.sync.stand import (
    DAY,
    STATION,
    Pc,
    converse,
    direct,
    folded_here,
    folded_there,
    shelved,
)

MINUTE = 60_000


def mark_in(page: str) -> str:
    return page.partition('name="mark" value="')[2].partition('"')[0]


def handed_over(parcel: str, taken_by: str = "self") -> Saying:
    body = ParcelHandedOver(
        courier="ZTO", taken_by=taken_by, check="phone_tail", cod_fen=0, freight_fen=0,
        slip=1, day=DAY,
    )  # fmt: skip
    return Saying(body, entity=parcel)


def quarrel(office: Office, pcs: list[Pc]) -> str:
    """One parcel, handed over on two PCs while they were apart; return the parcel."""
    first, second = pcs[:2]
    parcel = first.say(shelved("73000000000017", 8)).facts[0].identity
    for pc in (first, second):
        converse(pc, direct(office.county))
    first.say(handed_over(parcel))
    second.say(handed_over(parcel, "on_behalf"))
    office.clock.at += 26 * 60 * MINUTE
    for pc in (first, second):
        converse(pc, direct(office.county))
    return parcel


def test_between_two_pcs_one_fact_holds_and_the_station_hears_which(
    office: Office, pcs: list[Pc]
) -> None:
    parcel = quarrel(office, pcs)
    for page in ("/", "/bills", "/cases"):
        assert "待核对 1 件等办" in seen(office["F01"].page(page)), "counted at every page"
    page = seen(office["F01"].page("/cases"))
    assert "同一件交了两次" in page
    assert "1 天" in page
    assert "甲算数（1 号机）" in page, "the first one stands open"
    url = f"/cases/{STATION}/parcels.closed_twice/{parcel}"
    page = seen(office["F01"].page(url))
    assert "甲算数（1 号机）" in page
    assert "乙算数（2 号机）" in page
    assert "本人" in page, "in what the two differ stands on either side"
    assert "代取" in page
    assert "最老 1 天，规矩 7 天内定" in page
    assert "包裹 中通快递 73000000000017（B-1-08）" in page, "whoever rings can say which one"
    with office.county.store.read() as connection:
        (identity,) = connection.exec_driver_sql(
            "SELECT identity FROM facts WHERE kind = 'parcel.handed_over' AND stream LIKE '%/D2/%'"
        ).one()
    assert "先选怎么定" in post(
        office["F01"], url, url, {"verdict": "station", "remark": "问过了"}, 422
    ), "no such choice between PCs"
    post(office["F01"], url, url, {"verdict": identity, "remark": "1 号机点错人"})
    (closed,) = county_facts(office.county, "case.closed")
    assert msgspec.json.decode(closed.body)["verdict"] == identity
    page = seen(office["F01"].page("/cases?tab=closed"))
    assert "件等办" not in page, "nothing waits any more"
    assert "按 2 号机" in page
    assert "1 号机点错人" in page
    converse(pcs[0], direct(office.county))
    assert pcs[0].reader.execute("SELECT count(*) FROM cases").fetchone() == (0,)


def test_a_pc_whose_clock_is_ahead_has_not_waited_less_than_nothing(
    office: Office, pcs: list[Pc]
) -> None:
    """Its case stood there with "-1 天 23 小时"."""
    quarrel(office, pcs)
    office.clock.at -= 27 * 60 * MINUTE
    page = seen(office["F01"].page("/cases"))
    assert "柳荫洼村站 刚刚" in page
    assert "-1 天" not in page


def test_the_county_asks_the_station_and_its_answer_comes_back_to_the_desk(
    office: Office, pcs: list[Pc]
) -> None:
    parcel = quarrel(office, pcs)
    url = f"/cases/{STATION}/parcels.closed_twice/{parcel}"
    assert "先不定，3 天没回再提醒" in seen(office["F01"].page(url))
    assert "写一句问站里什么" in post(office["F01"], url, url, {"verdict": "ask"}, 422)
    asking = {"verdict": "ask", "remark": "谁把件拿走的"}
    post(office["F01"], url, url, asking)
    page = seen(office["F01"].page("/cases?tab=asked"))
    assert "等站里办 1" in page
    assert "F01 问站里：谁把件拿走的" in page
    first = pcs[0]
    converse(first, direct(office.county))
    identity, asked = last_about(first.reader, "parcels.closed_twice", parcel) or ("", None)
    assert asked is not None
    assert (asked.words, asked.answers) == ("谁把件拿走的", ())
    stale = office["F01"].page(url)
    body = InquiryAnswered(day=DAY)
    first.say(Saying(body, InquiryWords(words="他儿子拿的，2 号机点重了"), entity=identity))
    converse(first, direct(office.county))
    page = seen(office["F01"].page("/cases"))
    assert "等办 1" in page
    assert "站里答（1 号机）：他儿子拿的，2 号机点重了" in page
    assert mark_in(stale) != mark_in(office["F01"].page(url)), "who has not seen it decides nothing"
    assert folded_here(first) == folded_there(office.county, STATION)


def test_a_station_that_does_not_answer_for_three_days_is_listed_again(
    office: Office, pcs: list[Pc]
) -> None:
    parcel = quarrel(office, pcs)
    url = f"/cases/{STATION}/parcels.closed_twice/{parcel}"
    post(office["F01"], url, url, {"verdict": "ask", "remark": "件还在不在"})
    assert "等办 0" in seen(office["F01"].page("/cases"))
    office.clock.at += 72 * 60 * MINUTE
    office.browsers.clear()  # it has signed her out long since
    page = seen(office["F01"].page("/cases"))
    assert "等办 1" in page
    assert "还没回" not in page
    assert "F01 问站里：件还在不在" in page


def test_a_member_that_comes_later_opens_it_again_with_what_was_said(
    office: Office, pcs: list[Pc]
) -> None:
    third = pcs[2]
    converse(third, direct(office.county))
    parcel = quarrel(office, pcs)
    url = f"/cases/{STATION}/parcels.closed_twice/{parcel}"
    post(office["F01"], url, url, {"verdict": "both", "remark": "两回都是真的"})
    assert "没有要核对的" in office["F01"].page("/cases")
    third.say(handed_over(parcel))
    converse(third, direct(office.county))
    page = seen(office["F01"].page(url))
    assert "丙算数（3 号机）" in page
    assert "县里 F01 两边都留，另外补一笔：两回都是真的" in page
    assert "又来了新情况" in page


def test_the_list_is_narrowed_and_says_whose_turn_it_is(office: Office, pcs: list[Pc]) -> None:
    quarrel(office, pcs)
    till = Till(pcs[0], office)
    sent = till.pay_in(350_50)
    till.send()
    slip = f"/finance/remittances/{STATION}/{sent.identity}"
    post(office["F01"], slip, f"{slip}/confirm", {"received": "1.00", "remark": "少了"})
    page = seen(office["F01"].page("/cases"))
    assert "全部 2" in page
    only = seen(office["F01"].page("/cases?group=goods"))
    assert "货 1" in only
    assert "缴款数额不一样" not in only
    assert "同一件交了两次" in only
    with office.county.store.write() as connection:  # what a grower was paid too much
        connection.exec_driver_sql(
            "INSERT INTO balances(station, account, commodity, amount) "
            "VALUES ('NX0601', 'Liabilities:Held:Grower:x', 'CNY', 4500)"
        )
    page = seen(office["F01"].page("/cases"))
    assert "等办 2 等站里办 1" in page
    assert "有一户付多了" not in page, "only the station can end it"
    waits = seen(office["F01"].page("/cases?tab=asked"))
    assert "有一户付多了" in waits
    assert "同一件交了两次" not in waits
    assert "站里先定；没定的，县里定" in seen(office["F01"].page("/cases?tab=sorts"))
