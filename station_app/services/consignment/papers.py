"""From what is on disk to paper: collects what the slips and labels of produce say.

The first print, made within the act, and every copy after it come from here.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from station_app.journal.fact import Told, station_of
from station_app.journal.log import Connection
from station_app.ledger.paid_acts import FactRow, facts_of_act
from station_app.ledger.rounding import BASIS_POINTS, GRAM, PIECE, basis_points, line_fen
from station_app.printing.document import Label
from station_app.printing.tops import NOT_PAID, Paid
from station_app.reference import produce_records
from station_app.reference import records as reference
from station_app.reference.produce import Sort
from station_app.services.cash.facts import PaymentGiven, PaymentTaken
from station_app.services.consignment import documents, labels, records
from station_app.services.consignment.commands import FinishIntake, PrintLotPapers
from station_app.services.consignment.facts import (
    LotAccepted,
    LotBought,
    LotDescribed,
    LotReweighed,
    LotWeighed,
    Weighing,
)
from station_app.services.consignment.lots import OWN, Lot
from station_app.services.consignment.records import People
from station_app.services.consignment.taking import lot_number
from station_app.services.consignment.top_records import Tops
from station_app.shell.desk import Paper
from station_app.values.codes import LOT, identity_payload, make_code
from station_app.values.day import local_time, say_day
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts
from station_app.values.weight import kg_plain

_FOUNDING: dict[str, Any] = {body.KIND: body for body in (LotAccepted, LotBought)}
NO_LOT = "00" * 32  # of a label that is only shown
PRINTABLE_LEAST, PRINTABLE_MOST = 32, 126


class PaperMaker:
    """Makes the slips and labels of lots."""

    def __init__(self, people: People, texts: Texts) -> None:
        """Name growers by the register, in the words of `texts`."""
        self._people = people
        self._texts = texts
        self._tops = Tops(people, texts)

    # --- Within the act --------------------------------------------------------------------------

    def of_intake(
        self, connection: Connection, command: FinishIntake, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return slip and labels of the lot that is being taken in."""
        slip = self.slip_again(connection, command.act)
        return [*([slip] if slip else []), *self.labels_of_act(connection, command.act)]

    def of_lots(
        self, connection: Connection, command: PrintLotPapers, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the labels of lots that are being made, and the slip of a weight put right."""
        slip = self.slip_again(connection, command.act)
        return [*([slip] if slip else []), *self.labels_of_act(connection, command.act)]

    # --- Slips -----------------------------------------------------------------------------------

    def slip_again(self, connection: Connection, act: str) -> Paper | None:
        """Return the slip of an act in which produce came in or was weighed anew; else None."""
        facts = facts_of_act(connection, act)
        for fact in facts:
            if fact.kind in _FOUNDING:
                body = msgspec.json.decode(fact.body, type=_FOUNDING[fact.kind])
                return self._intake_slip(connection, facts, fact, fact.identity, body)
            if fact.kind == LotReweighed.KIND:
                said = msgspec.json.decode(fact.body, type=LotReweighed)
                return self._intake_slip(connection, facts, fact, fact.entity, said)
        return None

    def _intake_slip(
        self,
        connection: Connection,
        facts: Sequence[FactRow],
        fact: FactRow,
        lot: str,
        body: LotAccepted | LotBought | LotReweighed,
    ) -> Paper | None:
        state = records.lot_state(connection, lot)
        if state is None:
            return None
        sort = produce_records.sort_of(connection, state.produce, body.day)
        person = _grower(state)
        unit = self._unit(state, sort)
        described = next((_described(f) for f in facts if f.kind == LotDescribed.KIND), None)
        weighed = next((_weighed(f) for f in facts if f.kind == LotWeighed.KIND), None)
        price_fen, commission_bp = _terms(state)
        worth_fen = line_fen(body.quantity, price_fen, _unit(state.unit))
        code = self.code_on_paper(connection, lot, state)
        contract = state.shares[0].contract if state.shares else ""
        agreed = records.contract_state(connection, contract) if contract else None
        is_bought = state.ownership == OWN
        said = documents.IntakeSlip(
            top=self._tops.of(connection, fact, body.day, person, body.slip),
            is_bought=is_bought,
            produce=sort.name if sort else state.produce,
            grade=state.grade,
            harvested=self._harvested(state, body.day),
            weighed=self._weighed(body.weighing, described, weighed, fact)
            if state.unit != PIECE
            else None,
            quantity="" if state.unit != PIECE else f"{body.quantity} {unit}",
            price_fen=price_fen,
            unit=unit,
            commission_bp=commission_bp,
            least_fen=worth_fen if is_bought else _least(worth_fen, commission_bp, state),
            owed_fen=body.owed_fen if isinstance(body, LotBought) else 0,
            balance_fen=records.owed_at(connection, person, max(one.at for one in facts)),
            contract=agreed.code if agreed else "",
            paid=_paid(facts),
            lot=lot_number(state.code, lot),
            remarks=self._remarks(state, body.day),
            trace=state.code,
            address=code,
        )
        return Paper("receipt", documents.intake_slip(said, self._texts), (person,))

    def _weighed(
        self,
        weighing: Weighing,
        described: LotDescribed | None,
        weighed: LotWeighed | None,
        fact: FactRow,
    ) -> documents.Weighed:
        baskets = described.baskets if described else 0
        said = tuple(
            documents.Frame(
                time=local_time(one.at),
                line=f"{self._texts.say(f'consignment.slip.{one.of}')} {frame_words(one.frame)}",
            )
            for one in (weighed.frames if weighed else ())
        )
        plain = documents.Frame(time=local_time(fact.at), line=frame_words(weighing.frame))
        bare = (plain,) if weighing.frame else ()
        return documents.Weighed(
            gross_grams=weighing.gross_grams,
            tare_grams=weighing.tare_grams,
            deducted_grams=weighing.deducted_grams,
            tare_words=self._texts.say("consignment.slip.baskets", count=baskets)
            if baskets
            else "",
            frames=said or bare,
            proof=fact.identity,
        )

    def _harvested(self, state: Lot, day: str) -> str:
        if not state.harvest_day:
            return ""
        return self._texts.say("consignment.slip.harvested", day=say_day(state.harvest_day, day))

    def _remarks(self, state: Lot, day: str) -> tuple[str, ...]:
        say = self._texts.say
        found = []
        if state.promise:
            found.append(say(f"consignment.promise_words.{state.promise}"))
        if state.inputs:
            last = max(state.inputs, key=lambda one: one.day)
            words = say_day(last.day, day)
            found.append(say("consignment.slip.input", name=last.name, day=words))
        if state.labels:
            found.append(say("consignment.slip.labels", count=state.labels))
        return tuple(found)

    # --- Labels ----------------------------------------------------------------------------------

    def labels_of_act(self, connection: Connection, act: str) -> list[Paper]:
        """Return the labels of every lot that an act made."""
        return [
            paper
            for lot in records.lots_of_act(connection, act)
            for paper in self.labels_of(connection, lot)
        ]

    def labels_of(self, connection: Connection, lot: str) -> list[Paper]:
        """Return the labels of a lot, one for each package."""
        state = records.lot_state(connection, lot)
        if state is None:
            return []
        made = max(1, state.labels)
        persons = tuple(sorted({share.person for share in state.shares} | {state.seller} - {""}))
        station, day = self._station(connection, state), reference.day_known(connection)
        sticker = self._sticker(connection, lot, state, station, day)
        return [
            Paper("label", labels.lot_label(replace(sticker, package=one), self._texts), persons)
            for one in range(1, made + 1)
        ]

    def label_before(self, connection: Connection, lot: Lot, now: Now) -> Label:
        """Return the label that a lot would get; nothing of it is recorded yet."""
        sticker = self._sticker(connection, "", lot, now.station, now.day)
        return labels.lot_label(sticker, self._texts)

    def _sticker(
        self, connection: Connection, lot: str, state: Lot, station: str, day: str
    ) -> labels.LotSticker:
        say = self._texts.say
        sort = produce_records.sort_of(connection, state.produce, day)
        row = reference.station(connection, station)
        grower, village = self._whose(connection, state)
        price_fen = sort.price_of(state.grade) if sort else 0
        unit = self._unit(state, sort)
        price = say("consignment.slip.per", amount=say_yuan(price_fen), unit=unit)
        key = "count" if state.unit == PIECE else "net"
        quantity = say(
            f"consignment.label.{key}", quantity=self._quantity(state.quantity, state, sort)
        )
        proof = f"consignment.label.promise_{state.promise}"
        return labels.LotSticker(
            produce=sort.name if sort else state.produce,
            grade=state.grade,
            quantity=quantity,
            price=price if price_fen else "",
            village=village,
            grower=grower,
            harvested=say("consignment.label.harvested", day=state.harvest_day)
            if state.harvest_day
            else "",
            proofs=say(proof) if self._texts.has(proof) else "",
            lot=lot_number(state.code, lot),
            address=self.code_on_paper(connection, lot, state),
            station=row.name if row else "",
            packages=max(1, state.labels),
            brand=state.mark if state.mark_until >= day else "",
        )

    def _whose(self, connection: Connection, state: Lot) -> tuple[str, str]:
        """Return the grower's name and where she lives; several growers are a number."""
        persons = sorted({share.person for share in state.shares})
        if len(persons) > 1:
            return "", self._texts.say("consignment.label.several", count=len(persons))
        known = self._people.person(connection, _grower(state)) if _grower(state) else None
        return (known.name, known.hamlet) if known else ("", "")

    def _station(self, connection: Connection, state: Lot) -> str:
        row = connection.execute(
            "SELECT stream FROM facts WHERE identity = ?", (state.founder,)
        ).fetchone()
        return station_of(str(row[0])) if row else ""

    def code_on_paper(self, connection: Connection, lot: str, state: Lot) -> str:
        """Return what the code of a lot says: its public page, its digits, or our own code."""
        if not state.code:
            return make_code(LOT, identity_payload(lot or NO_LOT))
        rules = produce_records.rules(connection, reference.day_known(connection))
        address = rules.get("trace.address", "").rstrip("/")
        return f"{address}/t/{state.code}" if address else state.code

    def _unit(self, state: Lot, sort: Sort | None) -> str:
        if state.unit != PIECE:
            return self._texts.say("consignment.unit.kg")
        return sort.word if sort and sort.word else self._texts.say("consignment.unit.piece")

    def _quantity(self, quantity: int, state: Lot, sort: Sort | None) -> str:
        if state.unit == PIECE:
            return f"{quantity} {self._unit(state, sort)}"
        return self._texts.say("consignment.slip.kg", kg=kg_plain(quantity))


def frame_words(frame: str) -> str:
    """Return a frame as it is printed: its own letters, else its bytes."""
    raw = bytes.fromhex(frame)
    letters = raw.strip(b"\x00\x02\x03\r\n ")
    if letters and all(PRINTABLE_LEAST <= byte <= PRINTABLE_MOST for byte in letters):
        return letters.decode("ascii")
    return raw.hex(" ")


def _described(fact: FactRow) -> LotDescribed:
    return msgspec.json.decode(fact.body, type=LotDescribed)


def _weighed(fact: FactRow) -> LotWeighed:
    return msgspec.json.decode(fact.body, type=LotWeighed)


def _grower(state: Lot) -> str:
    return state.shares[0].person if state.shares else state.seller


def _unit(said: str) -> str:
    """Return the unit of a lot; the first day of a station called grams `g`."""
    return GRAM if said != PIECE else said


def _terms(state: Lot) -> tuple[int, int]:
    """Return the price on the slip, and the commission."""
    if not state.shares:
        return state.price_fen, 0
    share = state.shares[0]
    return share.guaranteed_fen or share.floor_fen, share.commission_bp


def _least(worth_fen: int, commission_bp: int, state: Lot) -> int:
    """Return what she gets at least when all is sold: a net promise has no commission off."""
    if state.shares and state.shares[0].guaranteed_fen and state.shares[0].is_net:
        return worth_fen
    assert 0 <= commission_bp <= BASIS_POINTS
    return worth_fen - basis_points(worth_fen, commission_bp)


def _paid(facts: Sequence[FactRow]) -> Paid:
    for fact in facts:
        if fact.kind == PaymentGiven.KIND:
            given = msgspec.json.decode(fact.body, type=PaymentGiven)
            return Paid(tenders=tuple((t.way, t.amount_fen) for t in given.tenders))
        if fact.kind == PaymentTaken.KIND:
            taken = msgspec.json.decode(fact.body, type=PaymentTaken)
            return Paid(tenders=tuple((t.way, t.amount_fen) for t in taken.tenders))
    return NOT_PAID
