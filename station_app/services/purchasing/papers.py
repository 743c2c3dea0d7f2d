"""From what is on disk to paper: collects what the slips of orders say.

The first print, made within the act, and every copy after it come from here.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

import msgspec

from station_app.journal.fact import Body, Told, station_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger import paid_acts
from station_app.ledger.paid_acts import FactRow, facts_of_act
from station_app.ledger.shares import shared
from station_app.printing.tops import Paid, Top
from station_app.reference import goods_records as goods
from station_app.reference import records as reference
from station_app.services.accounts.facts import RefundPaid
from station_app.services.cash.facts import PaymentGiven, PaymentTaken
from station_app.services.purchasing import documents, records, timeline_records
from station_app.services.purchasing.commands import (
    PickUpOrder,
    PlaceOrder,
    PrintOrderSlip,
    ReturnOrder,
)
from station_app.services.purchasing.facts import (
    GoodsReturned,
    OrderLine,
    OrderPickedUp,
    OrderPlaced,
    OrderReturned,
    OrderWords,
)
from station_app.services.purchasing.records import People
from station_app.services.purchasing.rules import Order
from station_app.shell.desk import Paper
from station_app.values.day import add_days, say_day
from station_app.values.now import Now
from station_app.values.texts import Texts

B = TypeVar("B", bound=Body)


class PaperMaker:
    """Makes the slips of this slice."""

    def __init__(self, people: People, texts: Texts) -> None:
        """Name people by the register, in the words of `texts`."""
        self._people = people
        self._texts = texts

    def slip(
        self, connection: Connection, command: PrintOrderSlip, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the slips of the act that is being recorded, where money was taken for them.

        What cost nothing has printed its slip already, and so have goods that came back.
        """
        facts = facts_of_act(connection, command.act)
        found: list[Paper] = []
        for fact, fetched in _bodies(facts, OrderPickedUp):
            paper = self._fetched(connection, fact, fetched, facts) if fetched.balance_fen else None
            found += [paper] if paper else []
        for fact, placed in _bodies(facts, OrderPlaced):
            if placed.prepaid_fen:
                found.append(self._placed(connection, fact, placed, facts))
        return found

    def for_placing(
        self, connection: Connection, command: PlaceOrder, told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the slip of an order without money; with money it comes with the payment."""
        return [] if command.prepaid_fen else self._of_told(connection, told)

    def for_picking_up(
        self, connection: Connection, command: PickUpOrder, told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the slip of goods fetched; when a balance is paid it comes with the payment."""
        return [] if command.paid_fen else self._of_told(connection, told)

    def for_return(
        self, connection: Connection, _command: ReturnOrder, told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the slip of goods that came back, for her and for the station, and their labels.

        The money has a slip of its own.
        """
        found: list[Paper] = []
        for one in told:
            fact = paid_acts.fact(connection, one.identity)
            if fact is None:
                continue
            for stays_here in (False, True):
                paper = self._returned(connection, fact, one.body, stays_here=stays_here)
                found += [paper] if paper else []
            found += self._tags(connection, fact, one.body)
        return found

    def tag_again(self, connection: Connection, act: str) -> Paper | None:
        """Return the label of goods that came back in an act; None if none did."""
        for fact, back in _bodies(facts_of_act(connection, act), GoodsReturned):
            tags = self._tags(connection, fact, back)
            return tags[0] if tags else None
        return None

    def _tags(self, connection: Connection, fact: FactRow, body: OrderReturned) -> Sequence[Paper]:
        """Return a label for each box that goes back."""
        row = records.order_row(connection, fact.entity)
        state = records.order_state(connection, fact.entity)
        if row is None or state is None:
            return []
        top = self._top(connection, fact, body.slip, body.day, state.person)
        say = self._texts.say
        items = self._returned_items(connection, fact.entity, state, body)
        first = say("purchasing.slip.item", what=items[0].what, pieces=items[0].pieces)
        more = say("purchasing.tag.more", what=first, count=len(items))
        return [
            Paper(
                "label",
                documents.return_label(
                    documents.ReturnTag(
                        act=fact.act,
                        order=row.number,
                        what=more if len(items) > 1 else first,
                        reason=say(f"purchasing.back_reason.{body.reason}"),
                        day=say("purchasing.tag.day", day=say_day(body.day, body.day)),
                        piece=piece,
                        pieces=body.pieces,
                        name=top.name,
                        tail=say("printing.top.tail", tail=top.tail) if top.tail else "",
                    ),
                    self._texts,
                ),
                (state.person,),
            )
            for piece in range(1, body.pieces + 1)
        ]

    def _of_told(self, connection: Connection, told: Sequence[Told]) -> Sequence[Paper]:
        facts = [fact for one in told if (fact := paid_acts.fact(connection, one.identity))]
        paper = self._of_facts(connection, facts)
        return [paper] if paper else []

    def slip_again(self, connection: Connection, act: str) -> Paper | None:
        """Return the slip of an act; None if it has none."""
        return self._of_facts(connection, facts_of_act(connection, act))

    def _of_facts(self, connection: Connection, facts: Sequence[FactRow]) -> Paper | None:
        for fact, fetched in _bodies(facts, OrderPickedUp):
            return self._fetched(connection, fact, fetched, facts)
        for fact, back in _bodies(facts, GoodsReturned):
            return self._returned(connection, fact, back)
        for fact, body in _bodies(facts, OrderPlaced):
            return self._placed(connection, fact, body, facts)
        return None

    def _placed(
        self,
        connection: Connection,
        fact: FactRow,
        body: OrderPlaced,
        facts: Sequence[FactRow],
    ) -> Paper:
        words = records.words_of(connection, fact.identity)
        former = records.order_row(connection, body.replaces) if body.replaces else None
        said = documents.OrderSlip(
            top=self._top(connection, fact, body.slip, body.day, body.person),
            items=self.items(connection, body.lines, words),
            fee_fen=body.fee_fen,
            prepaid_fen=body.prepaid_fen,
            collector=self._name(connection, body.collector),
            ceiling_fen=sum(line.ceiling_fen for line in body.lines),
            paid=paid_of(facts),
            replaces=former.number if former else "",
            carried_fen=sum(one.amount_fen for _, one in _bodies(facts, RefundPaid)),
        )
        persons = tuple(one for one in (body.person, body.collector) if one)
        return Paper("receipt", documents.order_slip(said, self._texts), persons)

    def _fetched(
        self,
        connection: Connection,
        fact: FactRow,
        body: OrderPickedUp,
        facts: Sequence[FactRow],
    ) -> Paper | None:
        row, state = (
            records.order_row(connection, fact.entity),
            records.order_state(connection, fact.entity),
        )
        if row is None or state is None:
            return None
        before_fen = body.from_here_fen + body.from_county_fen - body.balance_fen
        until = timeline_records.fate_of(connection, fact.entity).return_days
        said = documents.FetchedSlip(
            top=self._top(connection, fact, body.slip, body.day, state.person),
            order=row.number,
            items=self._final_items(connection, fact.entity, state, body.goods_fen),
            fee_fen=body.fee_fen,
            prepaid_fen=before_fen,
            prepaid=say_day(row.day, body.day) if before_fen else "",
            balance_fen=body.balance_fen,
            refund_fen=before_fen + body.balance_fen - body.goods_fen - body.fee_fen,
            paid=paid_of(facts),
            return_until=say_day(add_days(body.day, until), body.day) if until else "",
        )
        persons = tuple(one for one in (state.person, state.collector) if one)
        return Paper("receipt", documents.fetched_slip(said, self._texts), persons)

    def _returned(
        self,
        connection: Connection,
        fact: FactRow,
        body: OrderReturned,
        *,
        stays_here: bool = False,
    ) -> Paper | None:
        row, state = (
            records.order_row(connection, fact.entity),
            records.order_state(connection, fact.entity),
        )
        if row is None or state is None:
            return None
        said = documents.ReturnedSlip(
            top=self._top(connection, fact, body.slip, body.day, state.person),
            order=row.number,
            items=self._returned_items(connection, fact.entity, state, body),
            reason=self._texts.say(f"purchasing.back_reason.{body.reason}"),
            now_fen=body.claim_fen,
            later_fen=body.refund_fen - body.claim_fen,
            found=self._found(body),
            stays_here=stays_here,
        )
        return Paper("receipt", documents.returned_slip(said, self._texts), (state.person,))

    def _final_items(
        self, connection: Connection, order: str, state: Order, goods_fen: int
    ) -> tuple[documents.Item, ...]:
        """Return the lines at the final price, what changed since shared out over all of them."""
        lines = self.items(connection, state.lines, records.words_now(connection, order))
        offered = {f"{n:03}": line.price_fen for n, line in enumerate(state.lines)}
        final = shared(goods_fen, offered.items()) if goods_fen else dict.fromkeys(offered, 0)
        return tuple(
            replace(line, price_fen=final[f"{number:03}"]) for number, line in enumerate(lines)
        )

    def _returned_items(
        self, connection: Connection, order: str, state: Order, body: OrderReturned
    ) -> tuple[documents.Item, ...]:
        """Return what came back: the lines that were named, else what the order is of."""
        items = self._final_items(connection, order, state, state.goods_fen)
        named = body.lines if isinstance(body, GoodsReturned) else ()
        found = tuple(
            replace(
                items[one.line - 1],
                pieces=one.pieces,
                price_fen=items[one.line - 1].price_fen
                * one.pieces
                // max(1, items[one.line - 1].pieces),
            )
            for one in named
            if 0 < one.line <= len(items)
        )
        return found or items

    def _found(self, body: OrderReturned) -> str:
        """Return in words how goods were found that came back."""
        if not isinstance(body, GoodsReturned):
            return ""
        said = (("seen", body.was_seen), ("whole", body.is_whole))
        return "，".join(self._texts.say(f"purchasing.back.{key}") for key, is_so in said if is_so)

    def lines_back(self, connection: Connection, order: str) -> tuple[documents.Item, ...]:
        """Return the lines of an order at their final prices, as they may come back."""
        state = records.order_state(connection, order)
        return self._final_items(connection, order, state, state.goods_fen) if state else ()

    def all_items(self, connection: Connection, order: str) -> tuple[str, ...]:
        """Return what an order is of, in words, with the pieces."""
        state = records.order_state(connection, order)
        if state is None:
            return ()
        names = self._names_of_lines(connection, order, state.lines)
        say = self._texts.say
        return tuple(
            say("purchasing.slip.item", what=name, pieces=line.pieces)
            for name, line in zip(names, state.lines, strict=True)
        )

    def returned_here(self, connection: Connection) -> tuple[records.Returned, ...]:
        """Return what came back and waits for the van, in words."""
        return tuple(
            replace(one, what=self.first_item(connection, one.order))
            for one in records.returned_here(connection)
        )

    def name_of_line(self, connection: Connection, order: str, line: int) -> str:
        """Return what a line of an order is, from 1, "" for none."""
        state = records.order_state(connection, order)
        names = self._names_of_lines(connection, order, state.lines) if state else []
        return names[line - 1] if 0 < line <= len(names) else ""

    def words_of_lines(self, connection: Connection, order: str) -> tuple[str, ...]:
        """Return what the lines of an order are that still come, in words."""
        state = records.order_state(connection, order)
        lines = state.lines if state else ()
        names = self._names_of_lines(connection, order, lines)
        return tuple(name for name, line in zip(names, lines, strict=True) if line.pieces)

    def _names_of_lines(
        self, connection: Connection, order: str, lines: Sequence[OrderLine]
    ) -> list[str]:
        """Return the words of the order; of goods that came in place of others the catalogue's."""
        words = records.words_now(connection, order)
        placed = records.placed_products(connection, order)
        found = []
        for number, line in enumerate(lines):
            is_other = number < len(placed) and placed[number] != line.product
            found.append(self._what(connection, line, OrderWords() if is_other else words, number))
        return found

    def first_item(self, connection: Connection, order: str) -> str:
        """Return what the first line of an order is of."""
        found = self.all_items(connection, order)
        return found[0] if found else ""

    def items(
        self, connection: Connection, lines: Sequence[OrderLine], words: OrderWords
    ) -> tuple[documents.Item, ...]:
        """Return the lines of an order as a slip has them."""
        return tuple(
            documents.Item(
                what=self._what(connection, line, words, number),
                pieces=line.pieces,
                price_fen=line.price_fen,
                how=self._how(connection, line),
            )
            for number, line in enumerate(lines)
        )

    def _what(self, connection: Connection, line: OrderLine, words: OrderWords, number: int) -> str:
        if number < len(words.items) and words.items[number]:
            return words.items[number]
        row = goods.product(connection, line.product) if line.product else None
        return row.name if row else self._texts.say("purchasing.slip.nameless")

    def _how(self, connection: Connection, line: OrderLine) -> str:
        row = goods.product(connection, line.product) if line.product else None
        if row is None:
            return self._texts.say("purchasing.slip.county_finds")
        days = self._texts.say("purchasing.slip.days", days=row.eta_days) if row.eta_days else ""
        return "  ".join(part for part in (row.platform, days) if part)

    def _name(self, connection: Connection, person: str) -> str:
        known = self._people.person(connection, person) if person else None
        return known.name if known else ""

    def _top(self, connection: Connection, fact: FactRow, slip: int, day: str, person: str) -> Top:
        station = station_of(fact.stream)
        head = reference.letterhead(connection, station, self._texts)
        known = self._people.person(connection, person)
        return Top(
            act=fact.act,
            station=head.station,
            address=head.address,
            number=printed_number(slip, fact.stream),
            day=day,
            at=fact.at,
            operator=self._people.operator_name(connection, fact.by),
            name=known.name if known else "",
            tail=known.tail if known else "",
            check=fact.identity,
        )


def _bodies(facts: Sequence[FactRow], body: type[B]) -> list[tuple[FactRow, B]]:
    return [
        (fact, msgspec.json.decode(fact.body, type=body))
        for fact in facts
        if fact.kind == body.KIND
    ]


def paid_of(facts: Sequence[FactRow]) -> Paid:
    """Return how the money of an act changed hands."""
    for _, taken in _bodies(facts, PaymentTaken):
        return Paid(
            tenders=_tenders(taken.tenders),
            change_fen=taken.change_fen,
            round_off_fen=taken.round_off_fen,
        )
    for _, given in _bodies(facts, PaymentGiven):
        return Paid(tenders=_tenders(given.tenders))
    return Paid()


def _tenders(tenders: Sequence[Any]) -> tuple[tuple[str, int], ...]:
    return tuple((tender.way, tender.amount_fen) for tender in tenders)
