"""Cases of parcels in words: both sides with what an operator compares, and whom to ring."""

from collections.abc import Sequence

import msgspec

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.reference import records as reference
from station_app.services.parcels import list_telling, records, side_records
from station_app.services.parcels.commands import TakeEndingBack, TakeShelvingBack
from station_app.services.parcels.facts import (
    ParcelHandedOver,
    ParcelHandedOverOnRun,
    ParcelReturned,
    ParcelShelved,
)
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.meanings import HANDOVER_PAGE
from station_app.services.parcels.places import Code
from station_app.services.parcels.records import FactRow, ParcelRow
from station_app.services.parcels.taking_back import ENDINGS
from station_app.shell.offers import Callee, CaseWords, Following, Side
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

CLOSED_TWICE, SHELVED_TWICE = "parcels.closed_twice", "parcels.shelved_twice"
TWICE = 2
WAYBILL_SHOWN = 4  # characters of a waybill: enough to tell parcels apart by eye
HANDED_OVER: dict[str, type[ParcelHandedOver | ParcelHandedOverOnRun]] = {
    ParcelHandedOver.KIND: ParcelHandedOver,
    ParcelHandedOverOnRun.KIND: ParcelHandedOverOnRun,
}
Lines = tuple[tuple[str, str], ...]


class CaseTelling:
    """Puts cases of parcels into words."""

    def __init__(self, gatherer: Gatherer) -> None:
        """Name people by the register of `gatherer`."""
        self._gatherer = gatherer

    def case(
        self, connection: Connection, case: str, entity: str, members: Sequence[str], texts: Texts
    ) -> CaseWords:
        """Return a case with both sides, in the order in which they were written down."""
        if case in list_telling.NAMES:
            return list_telling.list_case(connection, case, entity, members, texts)
        name = case.partition(".")[2]
        row = records.parcel_row(connection, entity)
        code = str(row.code) if row and row.shelf else "—"
        sides = [self._side(connection, member, row, texts) for member in members]
        hint = f"parcels.case.{name}_hint"
        return CaseWords(
            title=texts.say(f"parcels.case.{name}"),
            hint=texts.say(hint, code=code) if texts.has(hint) else code,
            sides=tuple(sorted(sides, key=lambda side: (side.at, side.identity))),
            page=HANDOVER_PAGE if row and row.is_on_hand else "",
            subject={"parcel": entity},
            steps=self._steps(connection, case, members, texts),
            call=self._callee(connection, entity),
        )

    def decide(
        self,
        connection: Connection,
        case: str,
        members: Sequence[str],
        chosen: str,
        texts: Texts,
    ) -> Following | None:
        """Return what follows when one side holds: the others are taken back.

        What they had collected is owed to the villager from then on, and paid out as a refund.
        """
        facts = [(member, records.fact(connection, member)) for member in members]
        others = [(m, fact) for m, fact in facts if fact is not None and m != chosen]
        if case == CLOSED_TWICE:
            taken = [
                TakeEndingBack(parcel=fact.subject, ending=member, holds=chosen)
                for member, fact in others
                if fact.kind in ENDINGS
            ]
            fen = sum(sum(side_records.collected(connection, one.ending)) for one in taken)
            words = texts.say("parcels.case.follows_ending")
            if fen:
                words = texts.say("parcels.case.follows_money", amount=say_yuan(fen))
            return Following(tuple(taken), words) if taken else None
        if case == SHELVED_TWICE:
            unshelved = [
                TakeShelvingBack(parcel=chosen, shelving=member, holds=chosen)
                for member, fact in others
                if fact.kind == ParcelShelved.KIND
            ]
            words = texts.say("parcels.case.follows_shelving")
            return Following(tuple(unshelved), words) if unshelved else None
        return None

    def _steps(
        self, connection: Connection, case: str, members: Sequence[str], texts: Texts
    ) -> tuple[str, ...]:
        """Return what to do where money was taken twice; else the usual steps do."""
        facts = [records.fact(connection, member) for member in members]
        taken = [
            msgspec.json.decode(fact.body, type=HANDED_OVER[fact.kind])
            for fact in facts
            if fact is not None and fact.kind in HANDED_OVER
        ]
        paid = [one for one in taken if one.cod_fen or one.freight_fen]
        if case != CLOSED_TWICE or len(paid) < TWICE:
            return ()
        amount = say_yuan(min(one.cod_fen + one.freight_fen for one in paid))
        first = texts.say("parcels.case.step_ask")
        return first, texts.say("parcels.case.step_money", amount=amount)

    def _callee(self, connection: Connection, parcel: str) -> Callee | None:
        """Return the receiver, if anything is known by which to reach her."""
        state = records.parcel_state(connection, parcel)
        if state is None:
            return None
        known = self._gatherer.people.person(connection, state.person) if state.person else None
        phone = known.phone if known is not None else state.phone
        tail = known.tail if known is not None else state.tail
        name = self._gatherer.who(connection, state)
        return Callee(name if name != tail else "", phone, tail) if phone or tail else None

    def _side(
        self, connection: Connection, member: str, row: ParcelRow | None, texts: Texts
    ) -> Side:
        fact = records.fact(connection, member)
        if fact is None:
            return Side(texts.say("parcels.case.county"), 0, member[:8], member)
        device = device_of(fact.stream)
        who = (
            texts.say("parcels.case.device", number=device[1:])
            if device
            else texts.say("parcels.case.county")
        )
        code = str(row.code) if row and row.shelf else "—"
        lines = self._lines(connection, fact, row, member, texts)
        words = _paper(fact, texts) if lines else words_of(fact, code, texts)
        return Side(who, fact.at, words, member, lines)

    def _lines(
        self,
        connection: Connection,
        fact: FactRow,
        row: ParcelRow | None,
        member: str,
        texts: Texts,
    ) -> Lines:
        """Return what is compared, line by line: the piece, what became of it, the money."""
        say = texts.say
        what = (say("parcels.case.line_parcel"), _piece(connection, row))
        if fact.kind in HANDED_OVER:
            body = msgspec.json.decode(fact.body, type=HANDED_OVER[fact.kind])
            return (
                what,
                (say("parcels.case.line_to"), _taker(connection, body.taken_by, member, texts)),
                (say("parcels.case.line_check"), say(f"parcels.check.{body.check}")),
                (say("parcels.case.line_money"), say_yuan(body.cod_fen + body.freight_fen)),
            )
        if fact.kind == ParcelReturned.KIND:
            gone = msgspec.json.decode(fact.body, type=ParcelReturned)
            why = say(f"parcels.reason.{gone.reason}")
            said = say("parcels.case.side_returned", why=why)
            return (what, (say("parcels.case.line_to"), said))
        if fact.kind == ParcelShelved.KIND:
            shelved = msgspec.json.decode(fact.body, type=ParcelShelved)
            place = str(Code(shelved.shelf, shelved.layer, shelved.serial))
            due = say_yuan(shelved.cod_fen + shelved.freight_fen)
            return (
                what,
                (say("parcels.case.line_place"), place),
                (say("parcels.case.line_due"), due),
            )
        return ()


def _paper(fact: FactRow, texts: Texts) -> str:
    """Return the number of the slip in the villager's hand: 小票 12-K7, "" for none."""
    if fact.kind not in HANDED_OVER:
        return ""
    slip = msgspec.json.decode(fact.body, type=HANDED_OVER[fact.kind]).slip
    number = printed_number(slip, fact.stream) if slip else ""
    return f"{texts.say('parcels.case.line_slip')} {number}" if number else ""


def _piece(connection: Connection, row: ParcelRow | None) -> str:
    if row is None:
        return "—"
    names = {one.code: one.short_name for one in reference.couriers(connection)}
    tail = f"…{row.waybill[-WAYBILL_SHOWN:]}" if row.waybill else ""
    code = str(row.code) if row.shelf else ""
    return " ".join(part for part in (code, names.get(row.courier, row.courier), tail) if part)


def _taker(connection: Connection, taken_by: str, member: str, texts: Texts) -> str:
    """Return 本人, or 代取（邻居）: her name is not needed to compare."""
    words = texts.say(f"parcels.taken_by.{taken_by}")
    relation = records.relation_of(connection, member)
    return f"{words}（{relation}）" if relation else words


def words_of(fact: FactRow, code: str, texts: Texts) -> str:
    """Return in a few words what a side says."""
    if fact.kind in HANDED_OVER:
        taken_by = msgspec.json.decode(fact.body, type=HANDED_OVER[fact.kind]).taken_by
        how = texts.say(f"parcels.taken_by.{taken_by}")
        return texts.say("parcels.case.side_handed_over", how=how)
    if fact.kind == ParcelReturned.KIND:
        reason = msgspec.json.decode(fact.body, type=ParcelReturned).reason
        why = texts.say(f"parcels.reason.{reason}")
        return texts.say("parcels.case.side_returned", why=why)
    key = f"parcels.case.side_{fact.kind.partition('.')[2]}"
    return texts.say_known(key, "parcels.case.side_other", code=code)
