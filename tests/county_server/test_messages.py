"""Messages at the county: whom they go to, what they say, what the gateway makes of them.

A real station asks, a real county passes on, the gateway behaves as badly as real ones do; what it
says comes down to the station as facts.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from county_server.__main__ import main
from county_server.keys import Given
from county_server.messages.by_file import FileGateway
from county_server.messages.by_http import HttpGateway
from county_server.messages.gateway import GatewayTrouble, name_of, named
from county_server.messages.passing_on import run_round
from station_app.journal.fact import Fact, Saying
from station_app.journal.kinds import PrivateErased
from station_app.resources_dir import load_texts
from station_app.services.parcels.facts import ParcelShelved, Receiver
from station_app.services.parcels.message_facts import MessageQueued
from station_app.services.people.facts import (
    ConsentRecorded,
    PersonDetails,
    PersonMerged,
    PersonRegistered,
)
from tests.county_server.finance_story import Office, county_facts, open_office, open_till, seen
from tests.county_server.simulated_gateway import SimulatedGateway, behind_http
from tests.sync.stand import DAY, STATION, Pc, converse, direct, handed_over

TEXTS = load_texts()
DAY_MS = 86_400_000
GOOD, BAD, SLOW, TWICE, LATE, TURNS = (f"1540000{n}" for n in range(2001, 2007))
MANNERS = {BAD: "refuses", SLOW: "delays", TWICE: "twice", LATE: "late", TURNS: "turns"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = open_office(tmp_path)
    yield made
    made.county.close()


class Counter:
    """A station that asks for messages."""

    def __init__(self, office: Office, pc: Pc) -> None:
        self.office, self.pc = office, pc
        self.serial = 0

    def villager(self, name: str, phone: str) -> str:
        said = Saying(PersonRegistered(code="", day=DAY), PersonDetails(name=name, phone=phone))
        return self.pc.say(said).facts[0].identity

    def shelve(self, person: str = "", phone: str = "", cod_fen: int = 0) -> str:
        self.serial += 1
        body = ParcelShelved(
            courier="ZTO", waybill=f"7300000000{self.serial:04}", after="", shelf="B", layer=2,
            serial=self.serial, size="S", cod_fen=cod_fen, freight_fen=0, person=person, day=DAY,
        )  # fmt: skip
        label = Receiver(name="孙示平", tail=phone[-4:], phone=phone)
        return self.pc.say(Saying(body, label)).facts[0].identity

    def ask(self, *parcels: str, person: str = "", consent: str = "yes", day: str = DAY) -> str:
        body = MessageQueued(
            way="sms", purpose="arrived", parcels=parcels, person=person, consent=consent, day=day
        )
        return self.pc.say(Saying(body)).facts[0].identity

    def asked_for(self, phone: str, name: str = "王示兰") -> str:
        person = self.villager(name, phone)
        return self.ask(self.shelve(person), person=person)

    def send(self) -> None:
        self.office.clock.at = max(self.office.clock.at, self.pc.clock.at)
        converse(self.pc, direct(self.office.county))

    def status(self, message: str) -> tuple[str, str]:
        row = self.pc.reader.execute(
            "SELECT status, reason FROM messages WHERE entity = ?", (message,)
        ).fetchone()
        return (row[0], row[1])


@pytest.fixture
def counter(office: Office, tmp_path: Path) -> Iterator[Counter]:
    pc = open_till(office, tmp_path / "pc").pc
    yield Counter(office, pc)
    pc.close()


def said(office: Office) -> list[Fact]:
    return [
        fact
        for kind in ("message.sent", "message.delivered", "message.refused")
        for fact in county_facts(office.county, kind)
    ]


def test_a_gateway_that_refuses_delays_repeats_and_is_late(
    office: Office, counter: Counter
) -> None:
    asked = {phone: counter.asked_for(phone) for phone in (GOOD, *MANNERS)}
    counter.send()
    gateway = SimulatedGateway(MANNERS, DAY)
    first = run_round(office.county, gateway, TEXTS)
    assert (first.offered, first.written["sent"], first.written["refused"]) == (6, 4, 1)
    counter.send()
    assert counter.status(asked[BAD]) == ("refused", "blocked")
    assert counter.status(asked[SLOW]) == ("queued", "")
    assert counter.status(asked[LATE]) == ("sent", "")
    second = run_round(office.county, gateway, TEXTS)
    assert second.written["delivered"] == 2, "GOOD and TWICE, each once"
    assert second.offered == 1, "what it has said nothing of is offered again, under its name"
    counter.send()
    assert counter.status(asked[TURNS]) == ("refused", "switched_off")
    office.clock.at += DAY_MS
    counter.pc.clock.at += DAY_MS
    run_round(office.county, gateway, TEXTS)
    run_round(office.county, gateway, TEXTS)
    counter.send()
    for phone in (GOOD, SLOW, TWICE, LATE, TURNS):
        assert counter.status(asked[phone]) == ("delivered", ""), phone
    delivered = county_facts(office.county, "message.delivered")
    assert len(delivered) == 5, "twice is once"
    late = next(fact for fact in delivered if fact.entity == asked[LATE])
    body = msgspec.json.decode(late.body)
    assert body["reported_day"] == DAY < body["day"], "a day late, and both days are kept"
    assert len(gateway.sent) == 6
    before = len(said(office))
    run_round(office.county, gateway, TEXTS)
    assert len(said(office)) == before


def test_what_was_taken_when_the_line_broke_is_offered_again_under_the_same_name(
    office: Office, counter: Counter
) -> None:
    message = counter.asked_for(LATE)
    counter.send()
    gateway = SimulatedGateway(MANNERS, DAY)
    gateway.breaks_after_taking = True
    with pytest.raises(GatewayTrouble):
        run_round(office.county, gateway, TEXTS)
    assert not said(office)
    gateway.breaks_after_taking = False
    run_round(office.county, gateway, TEXTS)
    assert [one.name for one in gateway.got] == [name_of(STATION, message)] * 2
    assert len(gateway.sent) == 1, "she gets one"
    counter.send()
    assert counter.status(message) == ("sent", "")


def test_nobody_gets_a_message_who_must_not(office: Office, counter: Counter) -> None:
    fetched = counter.villager("钱示一", "15400003001")
    gone = counter.shelve(fetched)
    of_fetched = counter.ask(gone, person=fetched)
    refused = counter.villager("钱示二", "15400003002")
    of_refused = counter.ask(counter.shelve(refused), person=refused)
    erased = counter.villager("钱示三", "15400003003")
    of_erased = counter.ask(counter.shelve(erased), person=erased)
    landline = counter.villager("钱示四", "037765310038")
    of_landline = counter.ask(counter.shelve(landline), person=landline)
    old = counter.villager("钱示五", "15400003005")
    of_old = counter.ask(counter.shelve(old), person=old, day="2026-11-01")
    counter.pc.say(Saying(handed_over(), entity=gone))
    no = ConsentRecorded(matter="personal_data", answer="no", way="in_person", day=DAY)
    counter.pc.say(Saying(no, entity=refused))
    counter.pc.say(Saying(PrivateErased(persons=(erased,), day=DAY)))
    counter.send()
    gateway = SimulatedGateway({}, DAY)
    came = run_round(office.county, gateway, TEXTS)
    assert (came.offered, came.dropped, gateway.got) == (0, 5, [])
    counter.send()
    reasons = [
        counter.status(one)[1] for one in (of_fetched, of_refused, of_erased, of_landline, of_old)
    ]
    assert reasons == ["fetched", "not_to_gateway", "erased", "no_mobile", "stale"]


def test_a_message_says_how_many_and_where_half_a_name_and_no_goods(
    office: Office, counter: Counter
) -> None:
    person = counter.villager("王示兰", GOOD)
    four = [counter.shelve(person, cod_fen=1000) for _ in range(4)]
    counter.ask(*four, person=person)
    other = counter.villager("李示山", SLOW)
    counter.ask(counter.shelve(other), person=other, consent="unknown")
    counter.ask(counter.shelve(phone=TWICE))
    counter.send()
    gateway = SimulatedGateway({}, DAY)
    run_round(office.county, gateway, TEXTS)
    texts = {one.phone: one.text for one in gateway.got}
    assert texts[GOOD] == (
        "【柳荫洼村站】王*兰：您有 4 件包裹到站，取件码 B-2-01、B-2-02、B-2-03 等。"
        "带手机来取，报手机后四位。有钱要收，请带上。"
    )
    assert "同意放站就来取" in texts[SLOW], "who was never asked is asked by the message"
    assert "孙*平" in texts[TWICE], "a label with a number will do"


def test_a_message_goes_to_the_record_that_stands_for_hers(
    office: Office, counter: Counter
) -> None:
    kept = counter.villager("王示兰", GOOD)
    other = counter.villager("王示蓝", BAD)
    counter.ask(counter.shelve(other), person=other)
    counter.pc.say(Saying(PersonMerged(kept=kept, other=other, day=DAY)))
    counter.send()
    gateway = SimulatedGateway({}, DAY)
    run_round(office.county, gateway, TEXTS)
    assert [one.phone for one in gateway.got] == [GOOD]


def test_a_county_that_was_put_back_sends_nothing_for_a_station_it_cannot_see_whole(
    office: Office, counter: Counter
) -> None:
    counter.asked_for(GOOD)
    counter.send()
    county = office.county
    county.keys.begin_epoch()
    county.keys.epoch.given[f"county.1/{STATION}"] = Given(99, "ab" * 32)
    gateway = SimulatedGateway({}, DAY)
    came = run_round(county, gateway, TEXTS)
    assert (came.stopped, gateway.got) == ([STATION], [])


def test_reports_about_nothing_of_ours_change_nothing(office: Office, counter: Counter) -> None:
    message = counter.asked_for(GOOD)
    counter.send()
    folder = office.county.keys.folder / "gateway"
    gateway = FileGateway(folder)
    run_round(office.county, gateway, TEXTS)
    (out,) = (folder / "out").glob("*.csv")
    assert GOOD in out.read_text("utf-8-sig")
    (folder / "in" / "1.csv").write_text(
        "id,state,number,reason,day\n"
        f"{name_of(STATION, message)},delivered,,,{DAY}\n"
        f"{name_of(STATION, 'ab' * 32)},delivered,,,\n"
        f"{name_of(STATION, message)},exploded,,,\n"
        "nonsense,refused,,,\n",
        "utf-8",
    )
    came = run_round(office.county, gateway, TEXTS)
    assert (came.written["delivered"], came.strange) == (1, 3)
    assert not list((folder / "in").glob("*.csv"))
    counter.send()
    assert counter.status(message) == ("delivered", "")
    (folder / "in" / "2.csv").write_text("what,is,this\n", "utf-8")
    with pytest.raises(GatewayTrouble):
        run_round(office.county, gateway, TEXTS)
    assert (folder / "in" / "2.csv").exists(), "it stays, to be looked at"
    assert named("nonsense") == ("", "")


def test_the_same_gateway_behind_http(office: Office, counter: Counter) -> None:
    messages = [counter.asked_for(phone) for phone in (GOOD, TWICE)]
    counter.send()
    simulated = SimulatedGateway(MANNERS, DAY)
    with behind_http(simulated, "secret") as url:
        with pytest.raises(GatewayTrouble, match="401"):
            run_round(office.county, HttpGateway(url, "wrong"), TEXTS)
        gateway = HttpGateway(url, "secret")
        run_round(office.county, gateway, TEXTS)
        came = run_round(office.county, gateway, TEXTS)
    assert came.written["delivered"] == 2
    assert len(simulated.sent) == 2
    counter.send()
    assert {counter.status(one)[0] for one in messages} == {"delivered"}
    with pytest.raises(GatewayTrouble, match="ConnectionError"):
        gateway.reports()


def test_the_command_does_one_round_and_names_nobody(
    office: Office, counter: Counter, capsys: pytest.CaptureFixture[str]
) -> None:
    counter.asked_for(GOOD)
    counter.send()
    data = office.county.keys.folder.parent
    asked = ["--data", str(data), "messages", "pass-on", "--folder", str(data / "sms")]
    assert main(asked) == 0
    told = capsys.readouterr().out
    assert "1 messages were handed over" in told
    assert GOOD not in told
    (data / "sms" / "in").mkdir(exist_ok=True)
    (data / "sms" / "in" / "x.csv").write_text("nothing\n", "utf-8")
    assert main(asked) == 2
    assert "x.csv lacks a column" in capsys.readouterr().err


def test_the_page_shows_how_far_they_have_come_with_masks(office: Office, counter: Counter) -> None:
    counter.asked_for(GOOD, "王示兰")
    counter.asked_for(BAD, "赵示喜")
    counter.send()
    page = seen(office["C01"].page("/messages"))
    assert "等着交给短信口 2" in page
    run_round(office.county, SimulatedGateway(MANNERS, DAY), TEXTS)
    html = office["C01"].page("/messages?tab=refused")
    assert "对方拦了短信" in seen(html)
    assert "赵*喜" in html
    assert "154****2002" in html
    for secret in ("赵示喜", "王示兰", GOOD, BAD):
        assert secret not in html
    office["F01"].get("/messages", 403)
