"""The slip of produce that goes back to its grower (退货凭证): what she takes home is hers to show.

Her slip of the intake says more than lies here from now on; this one says what she was given, and
she signs that she has it. Of a lot that the station had bought it also says who bears its price.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Told
from station_app.journal.log import Connection
from station_app.ledger.paid_acts import facts_of_act
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
    money,
)
from station_app.printing.forms import SlipFoot, slip_foot, slip_head
from station_app.printing.tops import Top, foot_of, head_of
from station_app.reference.goods_records import produce_named
from station_app.services.consignment import records
from station_app.services.consignment.commands import PrintLotPapers
from station_app.services.consignment.facts import LotReturned
from station_app.services.consignment.lots import Lot
from station_app.services.consignment.moving import is_own
from station_app.services.consignment.records import People
from station_app.services.consignment.taking import lot_number
from station_app.services.consignment.top_records import Tops
from station_app.shell.desk import Paper
from station_app.values.masks import mask_name
from station_app.values.now import Now
from station_app.values.texts import Texts
from station_app.values.weight import jin_plain, kg_plain

SMALL = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """What a grower takes home.

    quantity: in words; jin: the same weight as villagers say it, "" of pieces; others: who else has
    a share in the lot, masked; bearer: of a bought lot who bears its price, else ""; cost_fen: that
    price.
    """

    top: Top
    what: str
    quantity: str
    jin: str
    lot: str
    others: tuple[str, ...] = ()
    bearer: str = ""
    cost_fen: int = 0


def given_back_slip(said: GivenBack, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip of produce that went back to its grower."""
    say = texts.say
    blocks: list[Block] = [
        Note(said.what, size=38, bold=True),
        Total(say("consignment.slip.given_back_now"), said.quantity),
        *([Line("", said.jin)] if said.jin else []),
        Note(say("consignment.slip.lot", lot=said.lot), size=SMALL, bold=True),
    ]
    if said.others:
        names = "、".join(said.others)
        blocks.append(Note(say("consignment.slip.given_back_shared", names=names), size=SMALL))
    if said.bearer:
        words = say(f"consignment.slip.given_back_{said.bearer}")
        blocks += [Rule(), Line(words, money(said.cost_fen), bold=True)]
    signs = ("grower_has", "station_signs")
    blocks += [Gap(6), Signature(tuple(say(f"consignment.slip.{one}") for one in signs))]
    head = head_of(said.top, say("consignment.slip.given_back"), texts, who="grower")
    foot = foot_of(said.top, texts, SlipFoot(closing=say("consignment.slip.given_back_closing")))
    return Receipt((*slip_head(head), *blocks, *slip_foot(foot)), width)


class GivenBackMaker:
    """Makes the slip of an act by which produce went back."""

    def __init__(self, people: People, texts: Texts) -> None:
        """Name growers by the register, in the words of `texts`."""
        self._people = people
        self._texts = texts
        self._tops = Tops(people, texts)

    def of_lots(
        self, connection: Connection, command: PrintLotPapers, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the slip of the act that is being recorded, nothing where nothing went back."""
        paper = self.again(connection, command.act)
        return [paper] if paper else []

    def again(self, connection: Connection, act: str) -> Paper | None:
        """Return the slip of an act; None where nothing went back."""
        facts = facts_of_act(connection, act)
        fact = next((one for one in facts if one.kind == LotReturned.KIND), None)
        if fact is None:
            return None
        state = records.lot_state(connection, fact.entity)
        assert state is not None, "it was here to be given back"
        body = msgspec.json.decode(fact.body, type=LotReturned)
        persons = tuple(share.person for share in state.shares) or (state.seller,)
        said = GivenBack(
            top=self._tops.of(connection, fact, body.day, persons[0]),
            what=records.lot_name(connection, state),
            quantity=self._quantity(connection, state, body.quantity),
            jin=""
            if state.unit == PIECE
            else self._texts.say("consignment.slip.in_jin", jin=jin_plain(body.quantity)),
            lot=lot_number(state.code, fact.entity),
            others=tuple(self._masked(connection, one) for one in persons[1:]),
            bearer=body.bearer if is_own(state) else "",
            cost_fen=body.cost_fen,
        )
        return Paper("receipt", given_back_slip(said, self._texts), tuple(filter(None, persons)))

    def _quantity(self, connection: Connection, state: Lot, quantity: int) -> str:
        if state.unit != PIECE:
            return self._texts.say("consignment.slip.kg", kg=kg_plain(quantity))
        sort = produce_named(connection, state.produce)
        word = sort.word if sort and sort.word else self._texts.say("consignment.unit.piece")
        return f"{quantity} {word}"

    def _masked(self, connection: Connection, person: str) -> str:
        known = self._people.person(connection, person)
        return mask_name(known.name) if known else ""
