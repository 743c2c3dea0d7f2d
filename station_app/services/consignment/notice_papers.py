"""The notice that is put up when a lot is stopped (停售告示): which goods, which slips, what to do.

Most of a lot is sold to people whom no book names. What they have is a slip with a number, so the
notice lists numbers and days, in type that is read from a step away; it names no buyer and no
grower.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Told, station_of
from station_app.journal.log import Connection
from station_app.ledger.paid_acts import FactRow, facts_of_act
from station_app.printing.document import (
    Block,
    Column,
    Gap,
    Inverse,
    Line,
    Note,
    Qr,
    Receipt,
    Rule,
    Table,
)
from station_app.printing.tops import Top, proved
from station_app.reference import records as reference
from station_app.services.consignment import records, stopped_records
from station_app.services.consignment.commands import TellOfRecall
from station_app.services.consignment.facts import RecallTold
from station_app.services.consignment.papers import PaperMaker
from station_app.services.consignment.recalling import BOARD
from station_app.services.consignment.records import People
from station_app.shell.desk import Paper
from station_app.values.day import local_day, say_day
from station_app.values.now import Now
from station_app.values.texts import Texts

BAND, NAME_SIZE, PLAIN = 56, 40, 30
SLIPS_MAX = 90  # of a paper of two hands' length; beyond it the days must do
_SLIPS = (Column(50, size=PLAIN, bold=True), Column(50, size=PLAIN, bold=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A stopped lot as everybody may know it. lot: its number; sold: days, first and last.

    slips: numbers that are still out; address: of its trace, or its own code.
    """

    top: Top
    name: str
    lot: str
    why: str
    sold: tuple[str, str]
    slips: tuple[str, ...]
    address: str


def notice(said: Notice, texts: Texts, width: int = 576) -> Receipt:
    """Return the notice."""
    say = texts.say
    shown = said.slips[:SLIPS_MAX]
    pairs = [(*shown[place : place + 2], "")[:2] for place in range(0, len(shown), 2)]
    blocks: list[Block] = [
        Inverse(say("consignment.notice.title"), size=BAND),
        Gap(6),
        Note(said.name, size=NAME_SIZE, bold=True, align="centre"),
        Line(say("consignment.notice.lot"), said.lot, PLAIN, bold_right=True),
        Note(say("consignment.notice.why", why=said.why), size=PLAIN, bold=True),
        Rule("solid"),
    ]
    if shown:
        first, last = said.sold
        key = "on" if first == last else "between"
        blocks += [
            Note(say(f"consignment.notice.{key}", first=first, last=last), size=PLAIN),
            Table(_SLIPS, tuple(pairs)),
        ]
        more = len(said.slips) - len(shown)
        if more:
            blocks.append(Note(say("consignment.notice.more", count=more), size=PLAIN))
        blocks.append(Rule("thin"))
    key = "bring" if shown else "nothing_out"
    blocks += [
        Note(say(f"consignment.notice.{key}"), size=PLAIN, bold=True),
        Qr(said.address, caption=say("consignment.label.scan")),
        Rule("solid"),
        Note(f"{said.top.station}  {say_day(said.top.day)}", size=PLAIN, bold=True, align="right"),
        Note(proved(said.top.address, said.top.check, texts), align="right"),
    ]
    return Receipt(tuple(blocks), width)


class NoticeMaker:
    """Makes notices of what is stopped."""

    def __init__(self, people: People, texts: Texts) -> None:
        """Say it in the words of `texts`."""
        self._papers = PaperMaker(people, texts)
        self._texts = texts

    def of_telling(
        self, connection: Connection, _command: TellOfRecall, told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the notice that is being put up; nothing where somebody was told by word."""
        paper = self.again(connection, told[0].act) if told else None
        return [paper] if paper else []

    def again(self, connection: Connection, act: str) -> Paper | None:
        """Return the notice of an act; None where none was put up, or the lot is let go."""
        for fact in facts_of_act(connection, act):
            if fact.kind == RecallTold.KIND:
                body = msgspec.json.decode(fact.body, type=RecallTold)
                if body.way == BOARD:
                    return self._paper(connection, fact, body)
        return None

    def _paper(self, connection: Connection, fact: FactRow, body: RecallTold) -> Paper | None:
        state = stopped_records.stopped(connection, body.lot)
        if state is None:
            return None
        head = reference.letterhead(connection, station_of(fact.stream), self._texts)
        out = [row for row in state.slips if row.quantity > row.back]
        days = [say_day(local_day(row.at), body.day) for row in out]
        said = Notice(
            top=Top(
                act=fact.act,
                station=head.station,
                address=head.address,
                number="",
                day=body.day,
                at=fact.at,
                operator="",
                check=fact.identity,
            ),
            name=f"{records.sort_name(connection, state.produce)} {state.grade}".rstrip(),
            lot=state.number,
            why=state.why,
            sold=(days[0], days[-1]) if days else ("", ""),
            slips=tuple(dict.fromkeys(f"NO.{row.number}" for row in out)),
            address=self._papers.code_on_paper(connection, body.lot, state.first),
        )
        return Paper("receipt", notice(said, self._texts))
