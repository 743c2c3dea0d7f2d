"""Whose name, phone or number a station wrote down stands whole on no page of the county."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest

from county_server.staff.roles import ROLES, TOWNSHIP, Member
from station_app.journal.fact import Body, Private, Saying
from station_app.journal.recorder import ActRefused
from station_app.services.cash.facts import PaymentGiven, PaymentTaken, Tender
from station_app.vocabulary import VOCABULARY
from tests.county_server.finance_story import Office, Till, open_office, open_till, seen
from tests.ledger.samples import sample
from tests.sync.stand import DAY, STATION

NAME, PHONE, NUMBER = "甄示漏", "15412340987", "411325199001015678"
ASSISTED = "watched"  # of a family that the county assists: on no page, by name or not
CANARIES = {
    "name": NAME, "sender": NAME, "receiver": NAME, "holder": NAME, "taker": NAME,
    "carrier": NAME, "runner": NAME, "nickname": NAME, "phone": PHONE, "receiver_phone": PHONE,
    "id_number": NUMBER, "account_no": NUMBER, "status": ASSISTED,
}  # fmt: skip
PEOPLE = tuple(
    Member(f"M{n}", f"员{n}", (role,), STATION if role == TOWNSHIP else "")
    for n, role in enumerate(ROLES)
)
PAGES_MAX = 120
_LINK = re.compile(r'(?:href|action)="(/[^"#]*)"')


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = open_office(tmp_path, PEOPLE)
    yield made
    made.county.close()


def words_of(kind: type[Private]) -> Private:
    """A private part in which every name, phone and number is a canary."""
    fields = {field.name for field in msgspec.structs.fields(kind)}
    said: dict[str, Any] = {name: word for name, word in CANARIES.items() if name in fields}
    return kind(**said)


def dated(body: Body) -> Body:
    """The same with a day, and a role, wherever one belongs."""
    names = [field.name for field in msgspec.structs.fields(type(body))]
    right: dict[str, Any] = {name: DAY for name in names if name.endswith("_day")}
    if "role" in names:
        right["role"] = "operator"
    return msgspec.structs.replace(body, **right)


def pages_of(office: Office, code: str) -> Iterator[tuple[str, str]]:
    """Follow every link from the front page, once for each shape of address."""
    waiting, known = ["/"], set[str]()
    while waiting and len(known) < PAGES_MAX:
        url = waiting.pop(0)
        shape = re.sub(r"[0-9a-f]{16,}|=[^&]*", "*", url)
        if shape in known or "/export" in url or url.startswith(("/static", "/logout")):
            continue
        known.add(shape)
        answer = office[code].ask("GET", url)
        if answer.status_code == 200 and "html" in answer.headers["content-type"]:
            yield url, answer.text
            waiting += [link.replace("&amp;", "&") for link in _LINK.findall(answer.text)]


def _say(till: Till, saying: Saying) -> int:
    """Say it, and pay or take what would not clear; return whether it was said."""
    for fen in (0, 7, 14, -7, -14):
        paid = PaymentTaken(
            due_fen=fen, tenders=(Tender(way="cash", amount_fen=fen),), change_fen=0,
            round_off_fen=0, shift="", day=DAY,
        )  # fmt: skip
        given = PaymentGiven(
            due_fen=-fen, tenders=(Tender(way="cash", amount_fen=-fen),), shift="", day=DAY
        )
        money = [Saying(paid if fen > 0 else given)] if fen else []
        with suppress(ActRefused):
            till.pc.say(saying, *money)
            return 1
    return 0


def test_no_page_of_any_role_shows_a_villager_whole(office: Office, tmp_path: Path) -> None:
    till = open_till(office, tmp_path / "pc")
    said = 0
    for _, body in sorted(VOCABULARY.kinds.items()):
        private: Any = body.PRIVATE
        fields = {field.name for field in msgspec.structs.fields(private)} if private else set()
        if fields & set(CANARIES) and body.KIND not in VOCABULARY.county_only:
            said += _say(till, Saying(dated(sample(body)), words_of(private)))
    till.send()
    assert said >= 16
    seen_masked, looked = False, set[str]()
    for member in PEOPLE:
        for url, html in pages_of(office, member.code):
            looked.add(url)
            text = seen(html)
            for canary in (NAME, PHONE, NUMBER, ASSISTED, "监测户"):
                assert canary not in html, (member.roles, url)
            seen_masked = seen_masked or "甄*漏" in text
    assert len(looked) > 25
    assert seen_masked, "the pages do speak of people"
