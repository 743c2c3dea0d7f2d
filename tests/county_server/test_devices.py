"""The page of PCs: two people cut one off, and decide what counts of what it said later."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from county_server import revoking
from county_server.key_change import announce, take_up
from county_server.verify import verify_county
from station_app.security.spoken_codes import draw, question
from tests.county_server.browser import PASSWORD
from tests.county_server.finance_story import Office, county_facts, seen
from tests.sync.stand import STATION, Pc, converse, direct, enrolled_pc
from tests.sync.test_exchange import copied

OF = f"/devices/of/{STATION}"


@pytest.fixture
def pcs(office: Office, tmp_path: Path) -> Iterator[tuple[Pc, Pc]]:
    kept = enrolled_pc(office.county, tmp_path / "d1", office.clock)
    stolen = enrolled_pc(office.county, tmp_path / "d2", office.clock, seed=200)
    yield kept, stolen
    kept.close()
    stolen.close()


def talk(office: Office, *pcs: Pc) -> None:
    for pc in pcs:
        converse(pc, direct(office.county))


def send(office: Office, code: str, page: str, form: dict[str, str], status: int = 303) -> str:
    """Fill in the form of a page; both passwords are the same here."""
    hidden = dict(re.findall(r'name="(token|mark)" value="([^"]+)"', office[code].page(page)))
    typed = {"second": "F01", "second_password": PASSWORD, "remark": "夜里被偷了"} | form
    answer = office[code].post(page, hidden | typed)
    assert answer.status_code == status, answer.text
    return answer.text


def revoke(office: Office, **form: str) -> str:
    return send(office, "C01", OF, {"device": "D2", "reason": "stolen"} | form)


def test_two_people_cut_a_pc_off(office: Office, pcs: tuple[Pc, Pc]) -> None:
    talk(office, *pcs)
    pcs[1].shelve(2)
    talk(office, pcs[1])
    assert "1 号机" in office["C01"].page(f"/devices?station={STATION}")
    revoke(office)
    (said,) = county_facts(office.county, "device.revoked")
    body = msgspec.json.decode(said.body)
    assert (body["device"], body["reason"], said.by) == ("D2", "stolen", "C01+F01")
    assert [end["seq"] for end in body["ends"]] == [2]
    assert said.private is not None
    assert "夜里被偷了" in said.private.decode()
    page = office["C01"].page("/devices")
    assert "停用的电脑 1 台" in page
    assert "没有停在外面的账" in page


def test_the_auditor_finds_a_deed_of_two_by_either_of_them(
    office: Office, pcs: tuple[Pc, Pc]
) -> None:
    talk(office, *pcs)
    revoke(office)
    for query in ("", "?by=C01", "?by=F01"):
        page = seen(office["U01"].page(f"/audit{query}"))
        assert "C01+F01 周示敏、郑示璐 停用电脑" in page, query
    assert "C01+F01" not in seen(office["U01"].page("/audit?by=F02"))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"second": ""}, "还要另一位同事"),
        ({"second": "C01"}, "不能是您自己"),
        ({"second_password": "wrong"}, "工号或口令不对"),
        ({"second": "F99"}, "工号或口令不对"),
        ({"second": "U01"}, "另一位的角色不能办"),
        ({"remark": ""}, "写一句为什么"),
        ({"device": "D9"}, "没有这台电脑"),
        ({"reason": "whim"}, "选一个停用的原因"),
    ],
)
def test_one_alone_cuts_nothing_off(
    office: Office, pcs: tuple[Pc, Pc], form: dict[str, str], said: str
) -> None:
    wanted = {"device": "D2", "reason": "stolen"} | form
    assert said in send(office, "C01", OF, wanted, 422)
    assert county_facts(office.county, "device.revoked") == []


def test_a_second_password_cannot_be_guessed(office: Office, pcs: tuple[Pc, Pc]) -> None:
    wanted = {"device": "D2", "reason": "stolen", "second_password": "wrong"}
    for _ in range(5):
        send(office, "C01", OF, wanted, 422)
    assert "试错太多次" in send(office, "C01", OF, wanted | {"second_password": PASSWORD}, 422)


def test_two_people_take_it_in_up_to_an_act(
    office: Office, pcs: tuple[Pc, Pc], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, stolen = pcs
    talk(office, kept, stolen)
    revoke(office)
    late = stolen.shelve(3)
    talk(office, stolen, kept)
    one = f"/devices/waiting/{STATION}/{late[0].stream.replace('/', '!')}"
    assert "停在外面 1 段" in office["F01"].page("/devices")
    page = office["F01"].page(one)
    assert "3 笔，现金合计 ¥0.00" in page
    assert "包裹上架" in page
    form = {"verdict": "accept", "upto": str(late[1].seq), "second": "C01"}
    assert "先选怎么定" in send(office, "F01", one, form | {"verdict": ""}, 422)
    assert "认到哪一笔" in send(office, "F01", one, form | {"upto": "999"}, 422)
    with monkeypatch.context() as few:
        few.setattr(revoking, "ACTS_AT_ONCE_MAX", 1)
        assert "先认到前面的一笔" in send(office, "F01", one, form, 422)
    send(office, "F01", one, form)
    (said,) = county_facts(office.county, "branch.accepted")
    body = msgspec.json.decode(said.body)
    named = [*((end["seq"], end["hash"]) for end in body["acts"]), (body["to"], body["hash"])]
    assert (said.v, named) == (2, [(fact.seq, fact.identity) for fact in late[:2]])
    talk(office, kept)
    assert kept.reader.execute("SELECT count(*) FROM parcels").fetchone() == (2,)
    assert "1 笔，现金合计" in office["F01"].page(one)
    send(office, "F01", one, {"verdict": "refuse", "upto": str(late[2].seq), "second": "C01"})
    assert "看过了，没有认" in office["F01"].page("/devices")
    assert "停在外面 0 段" in office["F01"].page("/devices")


def test_what_came_meanwhile_stops_an_old_page(office: Office, pcs: tuple[Pc, Pc]) -> None:
    _, stolen = pcs
    revoke(office)
    late = stolen.shelve(1)
    talk(office, stolen)
    one = f"/devices/waiting/{STATION}/{late[0].stream.replace('/', '!')}"
    hidden = dict(re.findall(r'name="(token|mark)" value="([^"]+)"', office["F01"].page(one)))
    stolen.shelve(1)
    talk(office, stolen)
    form = {"verdict": "accept", "upto": "1", "remark": "看过", "second": "C01"}
    answer = office["F01"].post(one, hidden | form | {"second_password": PASSWORD})
    assert answer.status_code == 409
    assert county_facts(office.county, "branch.accepted") == []


def test_an_auditor_only_looks(office: Office, pcs: tuple[Pc, Pc]) -> None:
    page = office["U01"].page(OF)
    assert "您的角色只看" in page
    assert "<textarea" not in page


def test_another_version_is_shown_with_its_sum_and_counts_once_it_is_accepted(
    office: Office, pcs: tuple[Pc, Pc], tmp_path: Path
) -> None:
    """A machine that was copied while it ran: both go on writing one stream."""
    pc = pcs[0]
    pc.shelve(2)
    talk(office, pc)
    clone = copied(pc, tmp_path / "clone", office.clock, 998)
    clone.session.author = clone.session.recorder.author = pc.session.author
    clone.acts = 500  # other parcels than those of the first
    pc.shelve(1)
    other = clone.shelve(2)
    talk(office, pc)
    talk(office, clone)
    (found,) = county_facts(office.county, "branch.found")
    body = msgspec.json.decode(found.body)
    assert (body["stream"], body["seq"], body["hash"]) == (
        other[0].stream, other[0].seq, other[0].identity
    )  # fmt: skip
    assert "停在外面 1 段" in office["C01"].page("/devices")
    line = f"{other[0].stream}~{other[0].identity[:16]}".replace("/", "!")
    one = f"/devices/waiting/{STATION}/{line}"
    page = office["F01"].page(one)
    assert "2 笔，现金合计 ¥0.00" in page
    assert "两份不一样的账" in page
    form = {"verdict": "accept", "upto": str(other[0].seq), "second": "C01"}
    send(office, "F01", one, form)
    talk(office, clone, pc, clone)
    for machine in (pc, clone):  # two before the copy, one that each sold, none of what waits
        assert machine.reader.execute("SELECT count(*) FROM parcels").fetchone() == (4,)
    assert "1 笔，现金合计" in office["F01"].page(one)
    assert not verify_county(office.county).findings
    clone.close()


# --- A locked-out operator rings ---------------------------------------------------------------


def ring(office: Office, form: dict[str, str], status: int = 200) -> str:
    hidden = dict(re.findall(r'name="(token)" value="([^"]+)"', office["C01"].page(OF)))
    answer = office["C01"].post(f"{OF}/answer", hidden | form)
    assert answer.status_code == status, answer.text
    return answer.text


def test_a_number_read_out_by_phone_lets_one_pc_in_and_is_a_fact(
    office: Office, pcs: tuple[Pc, Pc]
) -> None:
    """Both ends work the answer out from their own key: nothing travels but two voices."""
    talk(office, *pcs)
    signer, county = pcs[0].signer, office.county.keys.signer.public_key
    challenge = draw(office.county.chance)
    page = ring(office, {"device": "D1", "challenge": f" {challenge[:4]} {challenge[4:]} "})
    (shown,) = re.findall(r'id="answer">(\d{4} \d{4})<', page)
    right = signer.spoken_answer(county, question(STATION, "D1", challenge))
    assert shown.replace(" ", "") == right
    other = pcs[1].signer.spoken_answer(county, question(STATION, "D2", challenge))
    assert other != right
    (said,) = county_facts(office.county, "pin.answered")
    body = msgspec.json.decode(said.body)
    assert (body["device"], body["challenge"], said.by) == ("D1", challenge, "C01")
    talk(office, *pcs)  # the station learns of it


def test_a_slip_of_the_tongue_an_unknown_and_a_cut_off_pc_get_no_answer(
    office: Office, pcs: tuple[Pc, Pc]
) -> None:
    talk(office, *pcs)
    challenge = draw(office.county.chance)
    slip = challenge[:3] + str((int(challenge[3]) + 1) % 10) + challenge[4:]
    assert "听错了" in ring(office, {"device": "D1", "challenge": slip}, 422)
    assert "没有这台电脑" in ring(office, {"device": "D9", "challenge": challenge}, 422)
    revoke(office)
    assert "已经停用" in ring(office, {"device": "D2", "challenge": challenge}, 422)
    assert county_facts(office.county, "pin.answered") == []


# --- Keys --------------------------------------------------------------------------------------


def test_the_page_says_which_pcs_have_not_heard_of_the_countys_new_key(
    office: Office, pcs: tuple[Pc, Pc]
) -> None:
    talk(office, *pcs)
    assert "第 1 把在用" in office["C01"].page("/devices")
    announce(office.county)
    page = seen(office["C01"].page("/devices"))
    assert "第 1 把在用，第 2 把还没启用" in page
    assert "2 台电脑还不知道" in page
    for _ in range(2):  # it hears of it, and names it
        pcs[0].shelve(1)
        talk(office, pcs[0])
    page = seen(office["C01"].page(OF))
    assert "1 台电脑还不知道" in page
    assert page.count("还不知道县里的新钥匙") == 1
    assert "2 号机" in page[: page.index("还不知道县里的新钥匙")]
    take_up(office.county)
    assert "第 2 把在用" in office["C01"].page("/devices")


def test_one_person_asks_a_pc_for_a_new_key_and_a_cut_off_one_is_not_asked(
    office: Office, pcs: tuple[Pc, Pc]
) -> None:
    talk(office, *pcs)
    renew = f"{OF}/renew"

    def ask(device: str, status: int) -> str:
        hidden = dict(re.findall(r'name="(token)" value="([^"]+)"', office["C01"].page(OF)))
        answer = office["C01"].post(renew, hidden | {"device": device})
        assert answer.status_code == status, answer.text
        return answer.text

    ask("D1", 303)
    (said,) = county_facts(office.county, "device_key.asked")
    assert (msgspec.json.decode(said.body)["device"], said.by) == ("D1", "C01")
    assert "没有这台电脑" in ask("D9", 422)
    revoke(office)
    assert "已经停用" in ask("D2", 422)
    assert len(county_facts(office.county, "device_key.asked")) == 1
