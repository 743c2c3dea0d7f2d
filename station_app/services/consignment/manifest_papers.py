"""The paper that travels with produce to the hub (发货交接单): which lots, in how many packages.

It is the act's own paper: its code opens the act, and the hub weighs against what stands on it. No
grower is named: a lot's number says enough to whoever may know whose it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Told
from station_app.journal.log import Connection
from station_app.ledger.paid_acts import FactRow, facts_of_act
from station_app.ledger.rounding import PIECE
from station_app.printing.document import (
    Block,
    Gap,
    Line,
    Note,
    Receipt,
    Rule,
    Signature,
    Total,
)
from station_app.printing.forms import SlipFoot, slip_foot, slip_head
from station_app.printing.tops import Top, foot_of, head_of
from station_app.reference.goods_records import produce_named
from station_app.services.consignment import records
from station_app.services.consignment.commands import PrintLotPapers
from station_app.services.consignment.facts import LotDispatched
from station_app.services.consignment.records import People
from station_app.services.consignment.taking import lot_number
from station_app.services.consignment.top_records import Tops
from station_app.shell.desk import Paper
from station_app.values.now import Now
from station_app.values.texts import Texts
from station_app.values.weight import kg_plain

LARGE, PLAIN = 34, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLot:
    """A lot on the list. quantity: in words; grams: 0 of what is counted."""

    what: str
    quantity: str
    number: str
    packages: int
    promise: str
    grams: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What leaves in one act."""

    top: Top
    lots: tuple[SentLot, ...]


def manifest(said: Manifest, texts: Texts, width: int = 576) -> Receipt:
    """Return the list that travels with the goods, with lines for three to sign on."""
    say = texts.say
    blocks: list[Block] = []
    for lot in said.lots:
        packages = say("consignment.slip.packages", count=lot.packages)
        small = "  ".join(part for part in (lot.number, packages, lot.promise) if part)
        blocks += [Line(lot.what, lot.quantity, LARGE, bold=True), Note(small, size=PLAIN), Gap(6)]
    whole = sum(lot.packages for lot in said.lots)
    grams = sum(lot.grams for lot in said.lots)
    count = say("consignment.slip.lots", count=len(said.lots))
    blocks += [Rule("solid"), Total(count, say("consignment.slip.packages", count=whole))]
    if grams:
        weight = say("consignment.slip.kg", kg=kg_plain(grams))
        blocks.append(Line(say("consignment.slip.weighed"), weight, PLAIN, bold_right=True))
    signs = ("station_hands", "driver_signs", "hub_signs")
    blocks += [
        Note(say("consignment.slip.hub_weighs"), size=PLAIN),
        Signature(tuple(say(f"consignment.slip.{one}") for one in signs)),
    ]
    head = head_of(said.top, say("consignment.slip.manifest"), texts)
    closing = SlipFoot(closing=say("consignment.slip.manifest_closing"))
    foot = foot_of(said.top, texts, closing)
    return Receipt((*slip_head(head), *blocks, *slip_foot(foot)), width)


class ManifestMaker:
    """Makes the list of what an act sends to the hub."""

    def __init__(self, people: People, texts: Texts) -> None:
        """Name who worked by the register, in the words of `texts`."""
        self._texts = texts
        self._tops = Tops(people, texts)

    def of_lots(
        self, connection: Connection, command: PrintLotPapers, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the list of the act that is being recorded, nothing where nothing leaves."""
        paper = self.again(connection, command.act)
        return [paper] if paper else []

    def again(self, connection: Connection, act: str) -> Paper | None:
        """Return the list of an act; None where nothing left for the hub."""
        sent = [fact for fact in facts_of_act(connection, act) if fact.kind == LotDispatched.KIND]
        if not sent:
            return None
        day = msgspec.json.decode(sent[0].body, type=LotDispatched).day
        said = Manifest(
            top=self._tops.of(connection, sent[0], day),
            lots=tuple(self._lot(connection, fact) for fact in sent),
        )
        return Paper("receipt", manifest(said, self._texts))

    def _lot(self, connection: Connection, fact: FactRow) -> SentLot:
        body = msgspec.json.decode(fact.body, type=LotDispatched)
        state = records.lot_state(connection, fact.entity)
        assert state is not None, "it was here to be sent"
        sort = produce_named(connection, state.produce)
        is_piece = state.unit == PIECE
        word = sort.word if sort and sort.word else self._texts.say("consignment.unit.piece")
        grams = 0 if is_piece else body.quantity
        promise = f"consignment.promise_words.{state.promise}" if state.promise else ""
        return SentLot(
            what=f"{sort.name if sort else state.produce} {state.grade}".rstrip(),
            quantity=f"{body.quantity} {word}"
            if is_piece
            else self._texts.say("consignment.slip.kg", kg=kg_plain(grams)),
            number=lot_number(state.code, fact.entity),
            packages=body.packages,
            promise=self._texts.say(promise) if promise else "",
            grams=grams,
        )
