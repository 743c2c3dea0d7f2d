"""从哪儿来: the page that lists the facts behind a figure, and the page of one fact.

Every figure of the finance desk is a link to the first; every row there a link to the second, which
shows what the fact says, what it posted, and what else was said in the same act.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select
from starlette.responses import Response

from county_server.dashboard.figures import courier_names
from county_server.dashboard.rows import Place
from county_server.desks.desk import Desk, DeskWords, places_by_code
from county_server.desks.finance import origins
from county_server.desks.finance.contracts import SEVERAL
from county_server.desks.finance.questions import ANSWERS, COUNT, QUESTIONS, Asked, Reading
from county_server.desks.finance.remittances import TABS
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.journal.fact import device_of
from station_app.ledger.posting import CNY
from station_app.services.clearing.facts import Portion

PATH = "/finance/from"
WORDS_MAX = 120  # of one word of a question
REMITTANCE, COUNTY_MONEY = "remittance", "county_money"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One fact as its page shows it. by: masked, or a clerk's code; "" where nobody knows."""

    station: str
    stream: str
    seq: int
    identity: str
    at: int
    kind: str
    by: str
    day: str
    entity: str
    amounts: tuple[tuple[str, int], ...]
    postings: tuple[tuple[str, int], ...]
    others: tuple[tuple[str, str], ...]

    @property
    def device(self) -> str:
        """Return the PC that said it, "" for the county."""
        return device_of(self.stream)


class Origins:
    """The two pages."""

    def __init__(self, desk: Desk) -> None:
        """Show the facts of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the pages."""
        page, look = roles.MONEY_FACTS, roles.LOOK
        return [
            Endpoint("GET", PATH, page, look, self.listing),
            Endpoint("GET", "/finance/facts/{station}/{identity}", page, look, self.fact),
        ]

    def listing(self, ask: Ask) -> Response:
        """Show the facts whose amounts come to a figure."""
        asked = Asked({name: word[:WORDS_MAX] for name, word in ask.query.items()})
        question = QUESTIONS.get(asked["of"])
        if question is None:
            return self._desk.page(
                "nothing_here.html", ask, 404, title="origin.head", why="origin.no_figure"
            )
        number = asked["page"]
        at = int(number) if number.isascii() and number.isdecimal() else 0
        with self._desk.frame.read() as connection:
            found = question.read(Reading(self._desk, connection, asked))
            pages = max(-(-found.count // origins.ROWS_SHOWN), 1)
            rows = found.page(min(at, pages - 1))
            places = places_by_code(connection)
            owners = {row.station: set[str]() for row in rows}
            for row in rows:
                owners[row.station] |= set(row.account.split(":"))
            owners.setdefault(asked["station"], set()).add(asked["owner"])
            owners[asked["station"]] |= set(asked["account"].split(":"))
            names: dict[str, str] = {}
            for station, keys in owners.items():
                names |= self._desk.names(connection, station, keys)
            couriers = courier_names(connection)
        words = self._desk.words(ask.now, names)
        return self._desk.page(
            "origin.html",
            ask,
            of=asked["of"],
            about=about(words, asked, places, couriers),
            rows=rows,
            total=found.total,
            count=found.count,
            is_count=question.unit == COUNT,
            back=question.back,
            at=min(at, pages - 1),
            pages=pages,
            asked={name: word for name, word in asked.said.items() if name != "page"},
            names=names,
        )

    def fact(self, ask: Ask) -> Response:
        """Show one fact."""
        with self._desk.frame.read() as connection:
            found = read_fact(self._desk, connection, ask.path["station"], ask.path["identity"])
            if found is None:
                return self._desk.page(
                    "nothing_here.html", ask, 404, title="origin.head", why="origin.no_fact"
                )
            keys = {part for account, _ in found.postings for part in account.split(":")}
            names = self._desk.names(connection, found.station, keys)
        return self._desk.page("fact.html", ask, fact=found, thing=thing_of(found), names=names)


def about(
    words: DeskWords, asked: Asked, places: Mapping[str, Place], couriers: Mapping[str, str]
) -> list[str]:
    """Return what a figure speaks of, in words: 中通快递, 代收货款, 柳荫洼村站."""
    said = []
    if asked["courier"]:
        said.append(couriers.get(asked["courier"], asked["courier"]))
    if asked.has("payer"):
        said.append(words.say("contract.several") if asked["payer"] == SEVERAL else asked["payer"])
    if asked["of"] == "held" and asked["purse"]:
        said.append(words.say(f"courier.held_{asked['purse']}") if _is_purse(asked) else "")
    elif asked.has("purse"):
        said.append(words.purse(Portion(purse=asked["purse"], owner=asked["owner"], amount_fen=0)))
    if asked["account"]:
        said.append(words.account(asked["account"]))
    if asked["station"]:
        said.append(words.place(dict(places), asked["station"]))
    if asked["month"]:
        said.append(asked["month"])
    if asked["of"] == "statement" and asked["which"] in ("opening", "moved", "closing"):
        said.append(words.say(f"statement.{asked['which']}"))
    if asked["of"] == "answers" and asked["which"] in ANSWERS:
        said.append(words.say(f"origin.answer_{asked['which']}"))
    if asked["of"] == "slips" and asked["tab"] in TABS and not asked["entity"]:
        said.append(asked["number"] or words.say(f"remittance.tab_{asked['tab']}"))
    return [one for one in said if one]


def _is_purse(asked: Asked) -> bool:
    return asked["purse"] in ("COD", "Freight", "Sending")


def read_fact(desk: Desk, connection: Connection, station: str, identity: str) -> Spoken | None:
    """Return a fact of a station with what it says and posted, None where there is none."""
    f, p = desk.county.store.tables.facts.c, desk.county.store.tables.postings.c
    row = connection.execute(
        select(f.stream, f.seq, f.at, f.kind, f.by_, f.act, f.entity, f.body).where(
            f.station == station, f.identity == identity
        )
    ).first()
    if row is None:
        return None
    stream, seq, at, kind, by, act, entity, body = row
    lines = connection.execute(
        select(p.account, p.amount)
        .where(p.station == station, p.stream == stream, p.seq == seq, p.commodity == CNY)
        .order_by(p.line)
    )
    others = connection.execute(
        select(f.identity, f.kind)
        .where(f.station == station, f.stream == stream, f.act == act, f.identity != identity)
        .order_by(f.seq)
    )
    said = msgspec.json.decode(bytes(body))
    day = said.get("day", "")
    return Spoken(
        station, stream, int(seq), identity, int(at), kind,
        _who(desk, connection, station, stream, by), day if isinstance(day, str) else "",
        entity or identity, tuple(_amounts(said)),
        tuple((line[0], int(line[1])) for line in lines),
        tuple((one[0], one[1]) for one in others),
    )  # fmt: skip


def _who(desk: Desk, connection: Connection, station: str, stream: str, by: str) -> str:
    """Return who said a fact: a clerk by her code, an operator by her masked name."""
    if not device_of(stream):
        return by
    return desk.operators(connection, station, [by]).get(by, "")


def _amounts(said: Mapping[str, object]) -> Iterable[tuple[str, int]]:
    """Return the amounts that a body says by name; what is nothing is left out."""
    for name, value in said.items():
        if name.endswith("_fen") and isinstance(value, int) and value:
            yield name, value


def thing_of(fact: Spoken) -> str:
    """Return the page of what a fact speaks of, "" where the desk has none."""
    kind = fact.kind.partition(".")[0]
    if kind == REMITTANCE:
        return f"/finance/remittances/{fact.station}/{fact.entity}"
    return f"/finance/sendings/{fact.station}" if kind == COUNTY_MONEY else ""
