"""From what is on disk to paper: the promise of a lot, and the inspector's list."""

from collections.abc import Sequence

from station_app.journal.fact import Told, station_of
from station_app.journal.log import Connection
from station_app.ledger.rounding import PIECE
from station_app.printing.document import Receipt
from station_app.printing.tops import Top
from station_app.reference import produce_records
from station_app.reference import records as reference
from station_app.reference.goods_records import produce_named
from station_app.reference.register import Register
from station_app.services.quality import documents, records
from station_app.services.quality.commands import PrintPromise
from station_app.services.quality.records import Lot
from station_app.services.quality.rules import COLLECTED, MIXED, PRODUCER
from station_app.shell.desk import Paper
from station_app.values.codes import LOT, identity_payload, make_code
from station_app.values.day import say_day
from station_app.values.masks import mask_name
from station_app.values.now import Now
from station_app.values.texts import Texts
from station_app.values.weight import kg_plain


class PaperMaker:
    """Makes the papers of quality."""

    def __init__(self, people: Register, texts: Texts) -> None:
        """Name growers by the register, in the words of `texts`."""
        self._people = people
        self._texts = texts

    def of_promise(
        self, connection: Connection, command: PrintPromise, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the promise that is being issued."""
        paper = self.promise_again(connection, command.act)
        return [paper] if paper else []

    def promise_again(self, connection: Connection, act: str) -> Paper | None:
        """Return the promise that an act issued; None where it collected one, or said no such."""
        found = records.certified_in(connection, act)
        if found is None or found[1].reason == COLLECTED:
            return None
        fact, body = found
        lot = records.lot_state(connection, fact.entity)
        if lot is None:
            return None
        code = station_of(fact.stream)
        row = reference.station(connection, code)
        rules = produce_records.rules(connection, body.day)  # as on the day when it was issued
        is_hers = body.form == PRODUCER
        said = documents.Certificate(
            produce=self._name(connection, lot),
            quantity=self._quantity(connection, lot, body.quantity),
            place=rules.get("promise.place", "") + (f"{row.township}{row.village}" if row else ""),
            day=say_day(body.day),
            producer="" if is_hers else (row.name if row else code),
            contact=rules.get("promise.contact", ""),
            wording=documents.wording_of(body.form, rules, self._texts),
            bases=body.bases,
            number=body.number,
            address=self._address(connection, fact.entity, lot),
            form=body.form,
            reissued=body.reason == MIXED,
        )
        persons = (body.person,) if body.person else ()
        return Paper("receipt", documents.certificate(said, self._texts), persons)

    def inspection(self, connection: Connection, now: Now) -> Receipt:
        """Return the list that an inspector asks for: every lot that a promise goes with."""
        kept = tuple(
            documents.Kept(
                day=say_day(lot.day, now.day),
                lot=self.number(identity, lot),
                produce=self._name(connection, lot),
                quantity=self._quantity(connection, lot, lot.quantity),
                whose=self._whose(connection, lot),
                promise=self.promise_words(lot),
            )
            for identity, lot in records.lots_since(
                connection, records.kept_since(connection, now.day)
            )
            if records.asks_promise(connection, lot)
        )
        head = reference.letterhead(connection, now.station, self._texts)
        top = Top(
            station=head.station,
            address=head.address,
            act="",
            number="",
            day=now.day,
            at=now.at,
            operator=self._people.operator_name(connection, now.operator),
        )
        return documents.inspection_list(top, kept, self._texts)

    def promise_words(self, lot: Lot) -> str:
        """Return what there is of a lot's promise, "" for nothing."""
        if lot.promise not in ("given", "issued", "declined"):
            return ""
        words = self._texts.say(f"quality.promise.{lot.promise}")
        return f"{words} {lot.promise_number}".rstrip()

    def number(self, identity: str, lot: Lot) -> str:
        """Return the number of a lot as it is said."""
        code = lot.code
        return f"{code[6:10]}-{code[10:16]}-{code[16:19]}" if code else identity[:8].upper()

    def _name(self, connection: Connection, lot: Lot) -> str:
        sort = produce_named(connection, lot.produce)
        return f"{sort.name if sort else lot.produce} {lot.grade}".rstrip()

    def _quantity(self, connection: Connection, lot: Lot, quantity: int) -> str:
        if lot.unit != PIECE:
            return self._texts.say("quality.kg", kg=kg_plain(quantity))
        sort = produce_named(connection, lot.produce)
        word = sort.word if sort and sort.word else self._texts.say("quality.piece")
        return f"{quantity} {word}"

    def _whose(self, connection: Connection, lot: Lot) -> str:
        if len(lot.growers) != 1:
            return self._texts.say("quality.several", count=len(lot.growers))
        known = self._people.person(connection, lot.growers[0])
        return mask_name(known.name) if known else ""

    def _address(self, connection: Connection, identity: str, lot: Lot) -> str:
        if not lot.code:
            return make_code(LOT, identity_payload(identity))
        rules = produce_records.rules(connection, reference.day_known(connection))
        address = rules.get("trace.address", "").rstrip("/")
        return f"{address}/t/{lot.code}" if address else lot.code
