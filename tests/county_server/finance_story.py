"""A county with a finance desk and a station that sends it money: real journals, a real county.

`Office` is the county with its people; `Till` says at a real PC what a counter says, fact by fact.
The honest statement is made by the desk; `falsified` makes one as a dishonest clerk could, who
writes through the county's own pen and key, so that only the station's own books can tell.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from starlette.applications import Starlette

from county_server.county import County
from county_server.desks.finance import making
from county_server.desks.finance.making import Frozen, Month
from county_server.desks.finance.statements import sayings
from county_server.desks.pen import writing
from county_server.journal import CountyJournal
from county_server.pages import routes
from county_server.scribe import Scribe
from county_server.staff import roles
from county_server.staff.roles import Member
from station_app.journal.fact import Fact, Saying
from station_app.journal.log import Connection
from station_app.reference.platforms import Platform
from station_app.resources_dir import load_texts
from station_app.services.cash.facts import PaymentGiven, PaymentTaken, Tender
from station_app.services.clearing.facts import (
    CountyMoneyReceived,
    Portion,
    RemittanceProof,
    RemittanceSent,
    StatementAnswered,
)
from tests.county_server.browser import Browser, give_account
from tests.sync.slips import attach
from tests.sync.stand import DAY, STATION, Pc, SetClock, converse, direct, enrolled_pc, new_county

OWNER = "ABCDEFGHIJKLMNOP"  # an order, as it stands in an account's name
MONTH = DAY[:7]
PEOPLE = (
    Member("F01", "郑示璐", (roles.FINANCE,)),
    Member("F02", "吴示彤", (roles.FINANCE,)),
    Member("C01", "周示敏", (roles.CLERK,)),
    Member("U01", "苗示霞", (roles.AUDITOR,)),
    Member("T01", "秦示河", (roles.TOWNSHIP,), "NX0602"),
    Member("H01", "彭示霞", (roles.HUB_CLERK,)),
)
Change = Callable[[Frozen], Frozen]


@dataclass
class Office:
    """The county, its pages, and a browser for each of its people."""

    county: County
    app: Starlette
    clock: SetClock
    browsers: dict[str, Browser] = field(default_factory=dict)

    def __getitem__(self, code: str) -> Browser:
        """Return the browser in which somebody is signed in."""
        if code not in self.browsers:
            address = f"10.7.0.{len(self.browsers) + 1}"
            self.browsers[code] = Browser(self.app, address).sign_in(code)
        return self.browsers[code]


def open_office(folder: Path, people: tuple[Member, ...] = PEOPLE) -> Office:
    """Make a county with accounts."""
    clock = SetClock()
    county = new_county(folder / "county", clock)
    for member in people:
        give_account(county.store, member)
    return Office(county, Starlette(routes=list(routes(county, load_texts()))), clock)


@dataclass
class Till:
    """A counter: acts of which this test knows every fen."""

    pc: Pc
    office: Office
    number: int = 0

    def send(self) -> None:
        """Let the county hear everything, and hear what it says."""
        self.office.clock.at = max(self.office.clock.at, self.pc.clock.at)
        converse(self.pc, direct(self.office.county))

    def pay_in(
        self, fen: int, *, day: str = DAY, purse: str = "", owner: str = OWNER, photo: bytes = b""
    ) -> Fact:
        """Hand money in to the county: the remittance and the payment that goes with it."""
        self.number += 1
        portion = Portion(purse=purse, owner=owner if purse else "", amount_fen=fen)
        sent = RemittanceSent(
            number=self.number, way="carrier", amount_fen=fen, portions=(portion,), day=day
        )
        given = PaymentGiven(
            due_fen=fen, tenders=(Tender(way="cash", amount_fen=fen),), shift="", day=day
        )
        proof = RemittanceProof(carrier="赵示样", photo=attach(self.pc, photo) if photo else "")
        return self.pc.say(Saying(sent, proof), Saying(given)).facts[0]

    def take(self, money: Fact, fen: int, *, day: str = DAY) -> Fact:
        """Take in what the county sent down."""
        said = money_taken(money.identity, money.body, fen, day)
        return self.pc.say(*said).facts[0]

    def answer(self, statement: str, result: str) -> None:
        """Answer a statement, as the comparison at the counter would."""
        body = StatementAnswered(
            result=result, reason="", equal=1, waiting=0, differences=0, accepted=(),
            declined=(), day=DAY,
        )  # fmt: skip
        self.pc.say(Saying(body, entity=statement))


def money_taken(money: str, sent: bytes, fen: int, day: str = DAY) -> tuple[Saying, Saying]:
    """What is said when the county's money is taken in; sent: the body of its fact."""
    body = msgspec.json.decode(sent)
    received = CountyMoneyReceived(
        number=body["number"], way=body["way"], amount_fen=fen,
        allotted=msgspec.convert(body["covers"], tuple[Portion, ...]), day=day,
    )  # fmt: skip
    taken = PaymentTaken(
        due_fen=fen, tenders=(Tender(way="cash", amount_fen=fen),), change_fen=0,
        round_off_fen=0, shift="", day=day,
    )  # fmt: skip
    return Saying(received, entity=money), Saying(taken)


def open_till(office: Office, folder: Path) -> Till:
    """Enrol a PC of the station that the county knows."""
    return Till(enrolled_pc(office.county, folder, office.clock), office)


def county_facts(county: County, kind: str, station: str = STATION) -> list[Fact]:
    """Return what the county said to a station, of one kind."""
    with county.store.read() as connection:
        journal = CountyJournal(county.store, connection)
        return [
            fact
            for head in journal.streams(station)
            if head.stream.startswith("county.")
            for fact in journal.run(head.stream, 1, head.to)
            if fact.kind == kind
        ]


def made(county: County, station: str = STATION, month: str = MONTH, day: str = DAY) -> Frozen:
    """Return the honest statement, as the desk would freeze it."""
    with county.store.read() as connection:
        return making.make(county.store, connection, Month(station, month, day))


def falsified(
    county: County, change: Change, *, station: str = STATION, month: str = MONTH, day: str = DAY
) -> str:
    """Issue a statement that a dishonest clerk has changed; return its identity.

    It is signed with the county's key and joins the county's stream like an honest one: no chain
    and no signature can tell it. Only the station's own books can.
    """
    frozen = change(made(county, station, month, day))
    with writing(county, station, by="F66", now=county.clock.now_ms()) as pen:
        return pen.say(sayings(frozen, ""))[0].identity


def with_line(number: int, fen: int) -> Change:
    """Return a change that moves one line by some fen and its total with it: all adds up."""

    def change(frozen: Frozen) -> Frozen:
        part = frozen.parts[0]
        line = part.lines[number]
        worse = msgspec.structs.replace(line, amount_fen=line.amount_fen + fen)
        totals = tuple(
            msgspec.structs.replace(total, closing_fen=total.closing_fen + fen)
            if total.account == line.account
            else total
            for total in part.totals
        )
        lines = (*part.lines[:number], worse, *part.lines[number + 1 :])
        first = msgspec.structs.replace(part, lines=lines, totals=totals)
        return msgspec.structs.replace(frozen, parts=(first, *frozen.parts[1:]))

    return change


def post(
    browser: Browser,
    page: str,
    url: str,
    fields: Mapping[str, str | list[str]] | None = None,
    status: int = 303,
) -> str:
    """Fill in the form of a page and send it; the hidden fields are the page's own."""
    html = browser.page(page)
    form = html[html.index(f'action="{url}"') :]
    form = form[: form.index("</form>")]
    hidden: dict[str, str | list[str]] = dict(
        re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    )
    response = browser.post(url, hidden | dict(fields or {}))
    assert response.status_code == status, response.text
    return response.text


def cutoffs_at(reader: Connection) -> dict[str, str]:
    """Return until when is bought at each platform, as a station heard it last."""
    rows = reader.execute("SELECT data FROM states WHERE kind = 'platform'").fetchall()
    known = [msgspec.json.decode(bytes(data), type=Platform) for (data,) in rows]
    return {one.name: one.versions[-1].cutoff for one in known}


def seen(html: str) -> str:
    """Return what can be read on a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def say(office: Office, sayings: list[Saying]) -> None:
    """Let the county say something to a station, by two people."""
    county = office.county
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        scribe.say(STATION, sayings, by="C01+F01", at=county.clock.now_ms())
        scribe.seal()
