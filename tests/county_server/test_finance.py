"""The finance desk: what a station sent, what the county counted, sent down and agreed on."""

import io
import re
from typing import ClassVar

import httpx
import msgspec
import pytest
from PIL import Image

from county_server.desks.alone import MARKS
from county_server.desks.photos import bring_in
from county_server.revoking import revocation
from county_server.verify import verify_county
from station_app.journal.blob import blob_name
from station_app.journal.fact import Body, Saying
from station_app.journal.kinds import PrivateErased
from station_app.journal.recorder import new_ticket
from station_app.journal.series import printed_number
from station_app.journal.vocabulary import Vocabulary
from station_app.security.pictures import cleaned
from station_app.services.cash.facts import CashTakenOut, PaymentGiven, Tender, VoucherRemark
from station_app.services.people.facts import (
    IdShown,
    OperatorDetails,
    OperatorRegistered,
    PersonDetails,
    PersonRegistered,
)
from station_app.services.purchasing.facts import PrepaymentPassedOn
from station_app.vocabulary import VOCABULARY
from tests.county_server.browser import Browser
from tests.county_server.finance_story import (
    MONTH,
    OWNER,
    Office,
    Till,
    county_facts,
    post,
    say,
    seen,
)
from tests.sync.stand import DAY, STATION, folded_here, folded_there


def png(shade: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (shade, 90, 90)).save(out, "PNG", pnginfo=None)
    return out.getvalue()


PNG = png(200)


def one(entity: str) -> str:
    return f"/finance/remittances/{STATION}/{entity}"


# --- Remittances ---------------------------------------------------------------------------------


def test_a_remittance_is_expected_until_it_is_counted(office: Office, till: Till) -> None:
    sent = till.pay_in(350_50)
    till.send()
    listed = seen(office["F01"].page("/finance"))
    assert "柳荫洼村站 1 号机 NO.1-" in listed
    assert "¥350.50" in listed
    assert "赵*样" in seen(office["F01"].page(one(sent.identity)))
    assert "赵示样" not in office["F01"].page(one(sent.identity))
    post(office["F01"], one(sent.identity), f"{one(sent.identity)}/confirm", {"received": "350.50"})
    (confirmed,) = county_facts(office.county, "remittance.confirmed")
    assert msgspec.json.decode(confirmed.body) == {"day": DAY, "received_fen": 350_50}
    assert (confirmed.by, confirmed.entity) == ("F01", sent.identity)
    assert "没有缴款单" in office["F01"].page("/finance")
    assert "收到了" in seen(office["F01"].page("/finance?tab=confirmed"))
    till.send()
    assert folded_here(till.pc) == folded_there(office.county, STATION)
    assert not verify_county(office.county).findings


def test_a_slip_is_found_by_the_number_on_its_paper(office: Office, till: Till) -> None:
    first, second = till.pay_in(10_00), till.pay_in(20_00)
    till.send()
    number = printed_number(2, second.stream)
    page = office["F01"].page(f"/finance?number={number.lower()}")
    assert f"1 号机 NO.{number}" in seen(page)
    assert second.identity in page
    assert first.identity not in page
    assert second.identity in office["F01"].page("/finance?number=0002")
    assert second.identity not in office["F01"].page("/finance?number=2-ZZ")


def test_a_difference_asks_why_and_opens_a_case_with_both_sides(office: Office, till: Till) -> None:
    sent = till.pay_in(350_50)
    till.send()
    url = one(sent.identity)
    html = post(office["F01"], url, f"{url}/confirm", {"received": "350.00"}, 422)
    assert "写一句为什么" in html
    assert 'value="350.00"' in html
    post(office["F01"], url, f"{url}/confirm", {"received": "350.00", "remark": "封包里少五毛"})
    case = f"/cases/{STATION}/clearing.remittance_differs/{sent.identity}"
    page = seen(office["F01"].page(case))
    assert "缴款数额不一样" in page
    assert "甲 1 号机" in page
    assert "乙 县里" in page
    assert "¥350.50" in page
    assert "¥350.00" in page
    assert "站和县的往来 ¥350.50 — ¥350.50" in page
    assert "先选怎么定" in post(office["F01"], case, case, {"remark": "问过了"}, 422)
    post(office["F01"], case, case, {"verdict": "county", "remark": "站里认了少五毛"})
    (closed,) = county_facts(office.county, "case.closed")
    body = msgspec.json.decode(closed.body)
    (confirmed,) = county_facts(office.county, "remittance.confirmed")
    assert body["members"] == sorted([sent.identity, confirmed.identity])
    assert body["verdict"] == "county"
    assert "没有要核对的" in office["F01"].page("/cases")
    till.send()
    assert till.pc.reader.execute("SELECT count(*) FROM cases").fetchone() == (0,)


@pytest.mark.parametrize("typed", ["", "x", "-5", "1.234", "=1", "1e3"])
def test_an_amount_that_is_none_is_told_and_kept(office: Office, till: Till, typed: str) -> None:
    sent = till.pay_in(10_00)
    till.send()
    url = one(sent.identity)
    html = post(
        office["F01"], url, f"{url}/confirm", {"received": typed, "remark": "数 <b> 错"}, 422
    )
    assert "金额写成 1234.50 这样" in html
    assert "数 &lt;b&gt; 错" in html
    assert not county_facts(office.county, "remittance.confirmed")


def test_of_two_clerks_on_the_same_slip_one_wins_and_the_other_loses_nothing(
    office: Office, till: Till
) -> None:
    sent = till.pay_in(350_50)
    till.send()
    url = one(sent.identity)
    form = {
        code: dict(re.findall(r'name="(token|mark)" value="([^"]+)"', office[code].page(url)))
        for code in ("F01", "F02")
    }
    first = office["F01"].post(f"{url}/confirm", form["F01"] | {"received": "350.50"})
    late = {"received": "349.00", "remark": "我数的少"}
    second = office["F02"].post(f"{url}/confirm", form["F02"] | late)
    assert (first.status_code, second.status_code) == (303, 409)
    assert "别人刚改过这一笔。您填的还在" in second.text
    assert len(county_facts(office.county, "remittance.confirmed")) == 1
    twice = office["F01"].post(f"{url}/confirm", form["F01"] | {"received": "350.50"})
    assert twice.status_code == 409
    assert len(county_facts(office.county, "remittance.confirmed")) == 1


def test_who_may_only_look_has_no_form(office: Office, till: Till) -> None:
    sent = till.pay_in(10_00)
    till.send()
    assert "/confirm" not in office["U01"].page(one(sent.identity))
    token = office["U01"].token("/finance")
    heard = office["U01"].post(f"{one(sent.identity)}/confirm", {"token": token, "received": "1"})
    assert heard.status_code == 403
    assert not county_facts(office.county, "remittance.confirmed")


# --- Photos --------------------------------------------------------------------------------------


def upload(browser: Browser, entity: str, content: bytes, name: str = "a.png") -> httpx.Response:
    token = browser.token(one(entity))
    return browser.ask(
        "POST", f"{one(entity)}/photo", data={"token": token}, files={"photo": (name, content)}
    )


def test_a_photo_of_the_slip_stands_beside_it_and_goes_into_the_fact(
    office: Office, till: Till
) -> None:
    sent = till.pay_in(10_00)
    till.send()
    assert upload(office["C01"], sent.identity, PNG).status_code == 303
    assert upload(office["C01"], sent.identity, PNG).status_code == 303
    html = office["F01"].page(one(sent.identity))
    (source,) = re.findall(r'<img src="([^"]+)"', html)
    shown = office["F01"].get(source)
    with Image.open(io.BytesIO(shown.content)) as kept:
        assert (kept.format, kept.size) == ("JPEG", (60, 40)), "drawn anew, not as it came"
    assert shown.headers["content-type"] == "image/jpeg"
    assert "sandbox" in shown.headers["content-security-policy"]
    name = source.rsplit("/", 1)[1]
    assert blob_name(shown.content) == name
    post(office["F01"], one(sent.identity), f"{one(sent.identity)}/confirm", {"received": "10.00"})
    (confirmed,) = county_facts(office.county, "remittance.confirmed")
    assert confirmed.private is not None
    assert msgspec.json.decode(confirmed.private)["photos"] == [name]
    office["F01"].get(source.replace(name, "0" * 64), 404)
    assert verify_county(office.county).findings == ()
    with office.county.store.write() as connection:
        connection.exec_driver_sql("UPDATE blobs SET content = x'00'")
    office["F01"].get(source, 404)


def test_the_stations_photo_stands_on_the_slip_and_goes_with_an_erasure(
    office: Office, till: Till
) -> None:
    picture = cleaned(png(90)).content
    sent = till.pay_in(10_00, photo=picture)
    till.send()
    html = office["F01"].page(one(sent.identity))
    (source,) = re.findall(r'<img src="([^"]+)"', html)
    assert office["F01"].get(source).content == picture
    assert f"{STATION} 在" in html
    assert "/photo/" not in office["F02"].page("/finance/remittances/NX0602/" + sent.identity, 404)
    office["T01"].get(source, 403)
    till.pc.say(Saying(PrivateErased(persons=(), facts=(sent.identity,), day=DAY)))
    till.send()
    assert "<img" not in office["F01"].page(one(sent.identity))
    office["F01"].get(source, 404)
    assert upload(office["C01"], sent.identity, picture).status_code in (303, 422)
    with office.county.store.read() as connection:
        rows = connection.exec_driver_sql("SELECT content FROM blobs").all()
    assert picture not in [bytes(row[0]) for row in rows]


def test_a_photo_that_has_not_arrived_is_said(office: Office, till: Till) -> None:
    sent = till.pay_in(10_00, photo=cleaned(png(90)).content)
    till.pc.session.write(lambda r: r.connection.execute("DELETE FROM blobs"))
    till.send()
    page = office["F01"].page(one(sent.identity))
    assert "站里的照片还没传到" in page
    assert "<img" not in page


def test_photos_that_were_files_come_under_the_roof_once(office: Office, till: Till) -> None:
    sent = till.pay_in(10_00)
    till.send()
    content = png(7)
    name = blob_name(content)
    folder = office.county.keys.folder.parent
    (folder / "photos" / name[:2]).mkdir(parents=True)
    (folder / "photos" / name[:2] / name).write_bytes(content)
    row = {"station": STATION, "entity": sent.identity, "hash": name}
    row |= {"sort": "image/png", "by_": "C01", "at": "1"}
    with office.county.store.write() as connection:
        connection.execute(office.county.store.tables.photos.insert(), [row])
    assert bring_in(office.county.store, folder) == 1
    assert not (folder / "photos").exists()
    assert bring_in(office.county.store, folder) == 0
    html = office["F01"].page(one(sent.identity))
    (source,) = re.findall(r'<img src="([^"]+)"', html)
    assert office["F01"].get(source).content == content


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<svg onload=alert(1)>", 422),
        (b"GIF89a", 422),
        (b"%PDF-1.7", 422),
        (b"", 422),
        (b"\xff\xd8\xff" + bytes(900), 422),
        (b"\xff\xd8\xff" + bytes(7 * 1024 * 1024), 413),
    ],
    ids=["svg", "gif", "pdf", "empty", "broken", "7 MB"],
)
def test_what_is_no_photo_is_not_kept(
    office: Office, till: Till, content: bytes, status: int
) -> None:
    sent = till.pay_in(10_00)
    till.send()
    assert upload(office["C01"], sent.identity, content).status_code == status
    with office.county.store.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM blobs").scalar_one() == 0


# --- Money that goes down ------------------------------------------------------------------------


def test_what_the_county_holds_goes_down_once_and_says_what_it_covers(
    office: Office, till: Till
) -> None:
    till.pay_in(100_00, purse="Grower")
    till.pay_in(30_00)
    till.send()
    url = f"/finance/sendings/{STATION}"
    page = seen(office["F01"].page(url))
    assert f"{OWNER} 的货款 还有 ¥100.00" in page
    assert "站和县的往来 还有 ¥30.00" in page
    field = f"Grower|{OWNER}"
    more = post(office["F01"], url, url, {field: "100.01", "|": "", "way": "bank"}, 422)
    assert "比县里还替站里存的多" in more
    assert 'value="100.01"' in more
    post(office["F01"], url, url, {field: "60", "|": "", "way": "bank"})
    (money,) = county_facts(office.county, "county_money.sent_down")
    body = msgspec.json.decode(money.body)
    assert body["covers"] == [{"amount_fen": 60_00, "owner": OWNER, "purse": "Grower"}]
    assert (body["amount_fen"], body["number"]) == (60_00, "NX0601-001")
    assert "还有 ¥40.00" in seen(office["F01"].page(url))
    till.send()
    till.take(money, 60_00)
    till.send()
    assert "站里收了" in office["F01"].page("/finance/sendings")
    assert "还有 ¥40.00" in seen(office["F01"].page(url))
    assert folded_here(till.pc) == folded_there(office.county, STATION)


def test_what_goods_are_bought_with_is_not_proposed_to_go_back(office: Office, till: Till) -> None:
    passed_on = PrepaymentPassedOn(amount_fen=100_00, slip=1, day=DAY)
    cash = (Tender(way="cash", amount_fen=100_00),)
    given = PaymentGiven(due_fen=100_00, tenders=cash, shift="", day=DAY)
    till.pc.say(Saying(passed_on, entity="ab" * 32), Saying(given))
    till.pay_in(30_00)
    till.send()
    url = f"/finance/sendings/{STATION}"
    page = office["F01"].page(url)
    assert "还有 ¥100.00" in seen(page)
    assert 'value="30.00"' in page
    assert 'value="100.00"' not in page


def test_two_clerks_do_not_send_the_same_money(office: Office, till: Till) -> None:
    till.pay_in(30_00)
    till.send()
    url = f"/finance/sendings/{STATION}"
    forms = {
        code: dict(re.findall(r'name="(token|mark)" value="([^"]+)"', office[code].page(url)))
        for code in ("F01", "F02")
    }
    sent = [
        office[code].post(url, form | {"|": "30", "way": "bank"}).status_code
        for code, form in forms.items()
    ]
    assert sent == [303, 409]
    assert len(county_facts(office.county, "county_money.sent_down")) == 1


# --- Who did what --------------------------------------------------------------------------------


def test_the_auditor_sees_who_did_what(office: Office, till: Till) -> None:
    sent = till.pay_in(350_50)
    till.send()
    post(office["F02"], one(sent.identity), f"{one(sent.identity)}/confirm", {"received": "350.50"})
    page = seen(office["U01"].page("/audit"))
    assert "F02 吴示彤 县里确认收款 柳荫洼村站 ¥350.50" in page
    assert "F02 登录" in page
    assert "县里确认收款" not in seen(office["U01"].page("/audit?by=F01"))


ALONE = [
    (CashTakenOut(
        number=1, place="drawer", reason="bank", amount_fen=150_000, confirmed_by="", alone=1,
        shift="", day=DAY), VoucherRemark(alone_reason="站长在县里"), "¥1,500.00 — 写了"),
    (CashTakenOut(
        number=2, place="drawer", reason="bank", amount_fen=160_000, confirmed_by="", alone=1,
        shift="", day=DAY), None, "¥1,600.00 — 看不到"),
    (CashTakenOut(
        number=3, place="drawer", reason="bank", amount_fen=170_000, confirmed_by="ab", alone=0,
        shift="", day=DAY), None, ""),
    (CashTakenOut(
        number=4, place="drawer", reason="bank", amount_fen=180_000, confirmed_by="", alone=1,
        shift="", day="2026-10-20"), VoucherRemark(alone_reason="早了"), ""),
]  # fmt: skip


@pytest.mark.parametrize(("body", "words", "line"), ALONE)
def test_what_went_through_alone_stands_in_a_list(
    office: Office, till: Till, body: CashTakenOut, words: VoucherRemark | None, line: str
) -> None:
    till.pc.say(Saying(body, words))
    till.send()
    page = seen(office["U01"].page("/audit"))
    listed = page.partition("请看看原因")[2]
    assert "cash.taken_out" not in page
    assert (line in listed) if line else ("¥1," not in listed)
    assert "站长在县里" not in page, "the words stay at the station"


def test_what_does_not_count_is_listed_as_that(office: Office, till: Till) -> None:
    """One was undone at the counter, one lies beyond the cut of its PC, one counts."""
    undone, beyond = (Saying(body, words) for body, words, _ in (ALONE[0], ALONE[1]))
    act = till.pc.say(undone).facts[0].act
    ticket, at = new_ticket(till.pc.chance), till.pc.clock.at
    till.pc.session.write(lambda r: r.undo(act, ticket=ticket, by="operator", at=at, day=DAY))
    till.send()
    with office.county.store.read() as connection:
        words = {"reason": "lost", "remark": "掉河里了", "day": DAY}
        say(office, revocation(office.county.store, connection, STATION, "D1", **words))
    till.pc.say(beyond)
    till.send()
    listed = seen(office["U01"].page("/audit")).partition("请看看原因")[2]
    assert "取出现金 撤销了 ¥1,500.00" in listed
    assert "取出现金 没算进来 ¥1,600.00" in listed


def test_erasures_and_looks_at_papers_are_listed_without_a_name(office: Office, till: Till) -> None:
    clerk = till.pc.say(
        Saying(OperatorRegistered(role="manager", day=DAY), OperatorDetails(name="李示芳"))
    ).facts[0]
    said = Saying(PersonRegistered(code="", day=DAY), PersonDetails(name="甄示漏"))
    person = till.pc.say(said).facts[0].identity
    look = Saying(IdShown(reason="form", day=DAY), entity=person)
    erased = Saying(PrivateErased(persons=(person,), facts=("ab" * 32,), day=DAY))
    itself = [Saying(PrivateErased(persons=(), facts=(f"{n}c" * 32,), day=DAY)) for n in (1, 2)]
    for one, by in ((look, clerk.identity), (erased, clerk.identity), *((i, "") for i in itself)):
        till.pc.say(one, by=by)
    till.send()
    listed = seen(office["U01"].page("/audit")).partition("不写是哪位乡亲")[2]
    assert "柳荫洼村站 李*芳 看过全身份证号（替乡亲填表）" in listed
    assert "柳荫洼村站 李*芳 抹掉 1 位乡亲，另有 1 处" in listed
    assert "柳荫洼村站 — 到期自己抹掉 2 处" in listed, "by the station and the day, not one by one"
    assert "甄示漏" not in listed


class CashTakenOutTomorrow(Body, frozen=True, kw_only=True):
    """A body of a newer station, or of a broken one: nothing in it is what it is today."""

    KIND: ClassVar[str] = CashTakenOut.KIND
    VERSION: ClassVar[int] = 99
    alone: int
    amount_fen: str
    day: int


def test_one_fact_that_nobody_can_read_takes_no_page_of_the_county_away(
    office: Office, till: Till
) -> None:
    body, words, line = ALONE[0]
    till.pc.say(Saying(body, words))
    till.pc.session.recorder.vocabulary = Vocabulary(
        entities=(), postings={}, bodies=(CashTakenOutTomorrow,)
    )
    till.pc.say(Saying(CashTakenOutTomorrow(alone=1, amount_fen="viel", day=5)))
    till.send()
    assert line in seen(office["U01"].page("/audit"))
    for page in ("/cases", "/finance", f"/exports/{STATION}/facts.jsonl?day={DAY}"):
        office["F01"].get(page)
    assert not verify_county(office.county).findings


@pytest.mark.parametrize(
    ("body", "is_listed"),
    [
        ({"alone": 1, "kind": "cash.taken_out"}, True),
        ({"alone": 0, "kind": "shift.handed_over"}, False),
        ({"alone": 1, "kind": "shift.handed_over"}, True),
        ({"approval": "alone", "kind": "payment.given"}, True),
        ({"approval": "absent", "kind": "payment.given"}, True),
        ({"approval": "manager", "kind": "payment.given"}, False),
        ({"approval": "", "kind": "payment.given"}, False),
        ({"permission": "alone", "kind": "refund.paid"}, True),
        ({"permission": "contact", "kind": "refund.paid"}, False),
        ({"witness": "alone", "kind": "opening.entered"}, True),
        ({"witness": "party", "kind": "opening.entered"}, False),
        ({"witness": "alone", "kind": "opening.corrected"}, True),
    ],
)
def test_what_counts_as_alone(body: dict[str, object], is_listed: bool) -> None:
    mark = MARKS[str(body.pop("kind"))]
    assert (body[mark.field] in mark.words) == is_listed


def test_every_kind_that_may_go_through_alone_is_looked_at() -> None:
    """A field that says so in a body of the vocabulary is one that the list reads."""
    says = {
        body.KIND
        for body in VOCABULARY.kinds.values()
        if {"alone", "approval", "permission", "witness"} & set(body.__struct_fields__)
    }
    assert says == set(MARKS)


def test_pages_say_how_far_they_reach(office: Office, till: Till) -> None:
    till.pay_in(10_00)
    till.send()
    office.clock.at += 5 * 60 * 60 * 1000
    office.browsers.clear()
    for url in ("/finance", "/finance/sendings", "/finance/couriers", "/cases"):
        assert "1 站没联上" in seen(office["F01"].page(url))
    assert "后来的还没传到" in seen(office["F01"].page(f"/finance/statements?month={MONTH}"))


def test_an_assistant_sees_the_cases_of_her_stations_only(office: Office, till: Till) -> None:
    sent = till.pay_in(350_50)
    till.send()
    url = one(sent.identity)
    post(office["F01"], url, f"{url}/confirm", {"received": "1.00", "remark": "少了"})
    assert "缴款数额不一样" in office["U01"].page("/cases")
    assert "缴款数额不一样" not in office["T01"].page("/cases")
    office["T01"].get(f"/cases/{STATION}/clearing.remittance_differs/{sent.identity}", 404)
