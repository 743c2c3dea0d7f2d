"""Who did what: the county's own facts and what was done to accounts, person by person.

Read from the facts themselves, so nothing can be done at a desk that does not stand here.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, or_, select
from starlette.responses import Response

from county_server.dashboard.listing import QUESTION_CHARACTERS_MAX
from county_server.dashboard.rows import Place
from county_server.desks.alone import read_alone
from county_server.desks.desk import TOGETHER, Desk, DeskWords, places_by_code
from county_server.desks.looks_and_erasures import read_privacy_deeds
from county_server.schema import EVERYWHERE
from county_server.staff import roles
from county_server.staff.accounts import StaffBook
from county_server.text_workbook import XLSX, text_workbook
from county_server.web.frame import NOT_KEPT, Ask, Endpoint
from station_app.values.cells import cell_text
from station_app.values.day import add_days, is_day, local_day, local_midnight, local_time
from station_app.values.money import yuan_plain

DAYS_SHOWN = 31
SHOWN_MAX = 300
FILE_MAX = 20_000  # of deeds in a file: more are two files, by person or by day
COLUMNS = ("when", "who", "what", "station", "amount", "fact")
_AMOUNTS = ("received_fen", "amount_fen")


@dataclass(frozen=True, slots=True)
class Deed:
    """A fact of the county that somebody said, or two together: "C01+F01".

    amount_fen: None where it says none.
    """

    at: int
    by: str
    kind: str
    station: str
    identity: str
    amount_fen: int | None

    @property
    def people(self) -> tuple[str, ...]:
        """Return the codes of those who said it."""
        return tuple(self.by.split(TOGETHER))


class Audit:
    """The page of who did what."""

    def __init__(self, desk: Desk) -> None:
        """Show one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page and its file."""
        return [
            Endpoint("GET", "/audit", roles.AUDIT, roles.LOOK, self.listing),
            Endpoint("POST", "/audit/file", roles.AUDIT, roles.LOOK, self.take_file),
        ]

    def listing(self, ask: Ask) -> Response:
        """Show the last days, or the month before a day, of everybody or of one person."""
        asked, by = ask.query.get("day", ""), ask.query.get("by", "")[:QUESTION_CHARACTERS_MAX]
        last = asked if is_day(asked) else local_day(ask.now)
        first_ms = local_midnight(add_days(last, 1 - DAYS_SHOWN))
        end_ms = local_midnight(add_days(last, 1))
        with self._desk.frame.read() as connection:
            book = StaffBook(self._desk.county.store, connection)
            people = {account.member.code: account.member for account in book.all()}
            privacy = read_privacy_deeds(self._desk, connection, first_ms, end_ms)
            alone = read_alone(self._desk, connection, add_days(last, 1 - DAYS_SHOWN), last)
            deeds = read_deeds(self._desk, connection, first_ms, end_ms, by)
            log = [line for line in book.log(first_ms, end_ms) if by in ("", line.by, line.code)]
        return self._desk.page(
            "audit.html", ask, deeds=deeds, log=log, people=people, by=by, last=last,
            alone=alone, privacy=privacy,
            days=DAYS_SHOWN,
        )  # fmt: skip

    def take_file(self, ask: Ask) -> Response:
        """Send what stands on the page as a workbook, all of it, and note who took it."""
        by, asked = ask.form.get("by"), ask.form.get("day")
        last = asked if is_day(asked) else local_day(ask.now)
        first_ms = local_midnight(add_days(last, 1 - DAYS_SHOWN))
        end_ms = local_midnight(add_days(last, 1))
        desk, words = self._desk, self._desk.words(ask.now)
        with desk.frame.read() as connection:
            book = StaffBook(desk.county.store, connection)
            names = {account.member.code: account.member.name for account in book.all()}
            places = places_by_code(connection)
            deeds = read_deeds(desk, connection, first_ms, end_ms, by, FILE_MAX)
            log = [line for line in book.log(first_ms, end_ms) if by in ("", line.by, line.code)]

        def who(codes: str) -> str:
            known = (f"{code} {names.get(code, '')}".strip() for code in codes.split(TOGETHER))
            return TOGETHER.join(known)

        rows = [
            (deed.at, who(deed.by), words.kind(deed.kind), _where(words, places, deed.station),
             "" if deed.amount_fen is None else yuan_plain(deed.amount_fen), deed.identity)
            for deed in deeds
        ]  # fmt: skip
        rows += [
            (line.at, who(line.by), words.say(f"account_act.{line.what}", code=line.code), "", "",
             line.detail)
            for line in log
        ]  # fmt: skip
        rows.sort(key=lambda row: row[0], reverse=True)
        cells = [(f"{local_day(row[0])} {local_time(row[0])}", *row[1:]) for row in rows]
        heads = [words.say(f"audit.column_{name}") for name in COLUMNS]
        content = text_workbook("audit", heads, cells)
        with desk.county.store.write() as connection:
            taken = cell_text(f"audit {last} {by}".strip())
            StaffBook(desk.county.store, connection).exported(ask.member.code, ask.now, taken)
        told = f'attachment; filename="audit-{last}.xlsx"'
        return Response(content, media_type=XLSX, headers=NOT_KEPT | {"Content-Disposition": told})


def _where(words: DeskWords, places: dict[str, Place], station: str) -> str:
    return words.say("staff.everywhere") if station == EVERYWHERE else words.place(places, station)


def read_deeds(  # noqa: PLR0913 - whose, between which moments, how many
    desk: Desk,
    connection: Connection,
    first_ms: int,
    end_ms: int,
    by: str,
    most: int = SHOWN_MAX,
) -> list[Deed]:
    """Return what the county said between two moments, the latest first."""
    c = desk.county.store.tables.facts.c
    query = (
        select(c.at, c.by_, c.kind, c.station, c.identity, c.body)
        .where(c.stream.like("county.%"), c.at >= first_ms, c.at < end_ms)
        .order_by(c.at.desc(), c.identity)
        .limit(most)
    )
    if by:
        named = (c.by_ == by, c.by_.startswith(f"{by}{TOGETHER}", autoescape=True))
        query = query.where(or_(*named, c.by_.endswith(f"{TOGETHER}{by}", autoescape=True)))
    else:
        query = query.where(c.by_ != "county")
    return [
        Deed(row[0], row[1], row[2], row[3], row[4], _amount(bytes(row[5])))
        for row in connection.execute(query)
        if row[2] != "statement.continued"
    ]


def _amount(body: bytes) -> int | None:
    tree = msgspec.json.decode(body)
    return next((tree[name] for name in _AMOUNTS if isinstance(tree.get(name), int)), None)
