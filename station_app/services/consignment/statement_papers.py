"""What a grower is told of her money on paper: settlements, how her lots stand, a whole season.

A paper says what was true when it was made: amounts come from its own facts, and what is still kept
for her from the books as they stood at that moment, so a copy of next year is the same.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import msgspec

from station_app.journal.fact import Told
from station_app.journal.log import Connection
from station_app.ledger.paid_acts import FactRow, fact, facts_of_act
from station_app.ledger.rounding import GRAM, PIECE
from station_app.printing.document import Receipt
from station_app.printing.tops import NOT_PAID, Paid, Top
from station_app.reference import produce_records
from station_app.reference import records as reference
from station_app.reference.goods_records import produce_named
from station_app.services.cash.facts import PaymentGiven
from station_app.services.consignment import documents, records
from station_app.services.consignment.commands import PrintSettlement
from station_app.services.consignment.county_sale_records import by_county, county_clawed_back
from station_app.services.consignment.facts import SettlementMade
from station_app.services.consignment.records import LotRow, People
from station_app.services.consignment.top_records import Tops
from station_app.services.sales.facts import SaleMade, SaleSettled
from station_app.shell.desk import Paper
from station_app.values.day import say_day
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts
from station_app.values.weight import kg_plain

LOTS_SAID_MAX = 12  # of a statement: the last of a season
SEASON_LOTS_MAX = 200


class StatementMaker:
    """Makes the papers of a grower's money."""

    def __init__(self, people: People, texts: Texts) -> None:
        """Name growers by the register, in the words of `texts`."""
        self._people = people
        self._texts = texts
        self._tops = Tops(people, texts)

    def of_settlement(
        self, connection: Connection, command: PrintSettlement, _told: Sequence[Told], _now: Now
    ) -> Sequence[Paper]:
        """Return the slip of the settlement that is being recorded."""
        paper = self.settlement_again(connection, command.act)
        return [paper] if paper else []

    def settlement_again(self, connection: Connection, act: str) -> Paper | None:
        """Return the slip of a settlement; None for any other act."""
        facts = facts_of_act(connection, act)
        main = next((f for f in facts if f.kind == SettlementMade.KIND), None)
        if main is None:
            return None
        body = msgspec.json.decode(main.body, type=SettlementMade)
        last = max(f.at for f in facts)
        said = documents.SettlementSlip(
            top=self._tops.of(connection, main, body.day, body.person, body.slip),
            sold=self._sold(connection, facts),
            deductions=self._deductions(connection, facts, main, body),
            paid_fen=body.paid_here_fen + body.paid_county_fen,
            paid=_paid(facts),
            on_sale=self._on_sale(connection, body.person),
            open_fen=records.owed_at(connection, body.person, last),
            next_day=self.next_day(connection, body.day),
        )
        document = documents.settlement_slip(said, self._texts)
        return Paper("receipt", document, (body.person,))

    def _sold(
        self, connection: Connection, facts: Iterable[FactRow]
    ) -> tuple[documents.SoldLine, ...]:
        """Return what was sold, one line for each sort and price (价格分档)."""
        quantities: Counter[tuple[str, str, int]] = Counter()
        amounts: Counter[tuple[str, str, int]] = Counter()
        words: dict[str, str] = {}
        for one in facts:
            if one.kind != SaleSettled.KIND:
                continue
            body = msgspec.json.decode(one.body, type=SaleSettled)
            sale = fact(connection, one.entity)
            made = msgspec.json.decode(sale.body, type=SaleMade) if sale else None
            lot = records.lot_state(connection, made.lot) if made else None
            name, unit, price_fen = "", GRAM, 0
            if lot is not None and made is not None:
                sort = produce_named(connection, lot.produce)
                name = f"{sort.name if sort else lot.produce} {lot.grade}".rstrip()
                unit, price_fen = made.unit, made.price_fen
                words[name] = sort.word if sort and unit == PIECE else ""
            quantities[name, unit, price_fen] += body.quantity
            amounts[name, unit, price_fen] += body.amount_fen
        return tuple(
            documents.SoldLine(
                what=name,
                quantity=self._tier(quantities[key], key[1], key[2], words.get(name, "")),
                amount_fen=amounts[key],
            )
            for key in sorted(quantities)
            if (name := key[0]) or amounts[key]
        )

    def _tier(self, quantity: int, unit: str, price_fen: int, word: str) -> str:
        word = word or self._texts.say("consignment.unit.piece")
        per = self._texts.say("consignment.unit.kg") if unit == GRAM else word
        said = self.quantity(quantity, unit, word)
        return self._texts.say(
            "consignment.slip.tier", quantity=said, price=say_yuan(price_fen), unit=per
        )

    def quantity(self, quantity: int, unit: str, word: str) -> str:
        """Return a quantity as it is printed."""
        if unit == PIECE:
            return f"{quantity} {word}".rstrip()
        return self._texts.say("consignment.slip.kg", kg=kg_plain(quantity))

    def _deductions(
        self, connection: Connection, facts: Sequence[FactRow], main: FactRow, body: SettlementMade
    ) -> tuple[tuple[str, int], ...]:
        """Return what was taken off and added, with what was of before: it comes to the payout."""
        say = self._texts.say
        rates = {share for share in self._rates(connection, facts) if share}
        percent = documents.percent(rates.pop()) if len(rates) == 1 else ""
        found = [
            (
                say("consignment.deduction.commission", percent=percent).rstrip(),
                -body.commission_fen,
            ),
            (say("consignment.deduction.top_up"), body.top_up_fen),
            (
                say("consignment.deduction.by_county"),
                by_county(connection, body.person, body.lines, main.at),
            ),
        ]
        found += [
            (say(f"consignment.deduction.{cost.name}"), -cost.amount_fen)
            for cost in (*body.service, *body.passed_on)
        ]
        before = [r for r in records.settlements_of(connection, body.person) if r.at < main.at]
        since = before[-1].at if before else 0
        clawed_fen = records.clawed_back(connection, body.person, since, main.at)
        clawed_fen += county_clawed_back(connection, body.person, since, main.at)
        found.append((say("consignment.deduction.clawed_back"), -clawed_fen))
        good_fen = records.made_good(connection, body.person, since, main.at)
        found.append((say("consignment.deduction.spoiled"), good_fen))
        net_fen = body.sold_fen + sum(fen for _, fen in found)
        out_fen = body.paid_here_fen + body.paid_county_fen + body.set_off_fen
        key = "before" if out_fen > net_fen else "later"
        found.append((say(f"consignment.deduction.{key}"), out_fen - net_fen))
        found.append((say("consignment.deduction.set_off"), -body.set_off_fen))
        return tuple((words, fen) for words, fen in found if fen)

    def _rates(self, connection: Connection, facts: Iterable[FactRow]) -> set[int]:
        found: set[int] = set()
        for one in facts:
            if one.kind == SaleSettled.KIND:
                body = msgspec.json.decode(one.body, type=SaleSettled)
                sale = fact(connection, one.entity)
                if sale is not None:
                    made = msgspec.json.decode(sale.body, type=SaleMade)
                    found.add(made.shares[body.share - 1].commission_bp)
        return found

    def _on_sale(self, connection: Connection, person: str) -> tuple[tuple[str, str], ...]:
        rows = [
            row for row in records.lots_of(connection, person, SEASON_LOTS_MAX) if row.on_shelf > 0
        ]
        return tuple(
            (self._name(connection, row), self._of_row(connection, row, row.on_shelf))
            for row in rows[:LOTS_SAID_MAX]
        )

    def _name(self, connection: Connection, row: LotRow) -> str:
        return f"{records.sort_name(connection, row.produce)} {row.grade}".rstrip()

    def _of_row(self, connection: Connection, row: LotRow, quantity: int) -> str:
        sort = produce_named(connection, row.produce)
        return self.quantity(quantity, row.unit, sort.word if sort else "")

    def next_day(self, connection: Connection, day: str) -> str:
        """Return on which day is settled next by the county's rule, "" where it has none."""
        said = produce_records.rules(connection, day).get("settle.days", "")
        days = sorted(int(part) for part in said.split("|") if part.strip().isdigit())
        today = date.fromisoformat(day)
        for months in (0, 1):
            year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
            for number in days:
                found = _day(year, month + 1, number)
                if found is not None and found > today:
                    return say_day(found.isoformat(), day)
        return ""

    # --- How it stands ---------------------------------------------------------------------------

    def standing(self, connection: Connection, person: str, now: Now) -> Receipt:
        """Return how a grower's last lots stand and what is kept for her (货款对账条)."""
        rows = records.lots_of(connection, person, LOTS_SAID_MAX)
        said = documents.Statement(
            top=self._bare_top(connection, person, now),
            lots=tuple(self._stands(connection, row, now) for row in rows),
            balance_fen=records.owed_to(connection, person),
            next_day=self.next_day(connection, now.day),
        )
        return documents.statement(said, self._texts)

    def season(self, connection: Connection, person: str, now: Now) -> Receipt:
        """Return what her household brought and was paid this year: private (一季收入单).

        Whoever has two records that became one stands once, with what is kept under either name.
        """
        year = now.day[:4]
        people = self._people
        family = people.family(connection, person)
        names = [(one.name, people.names_of(connection, one.identity)) for one in family]
        members = [
            self._member(connection, name, its, now) for name, its in names or [("", (person,))]
        ]
        said = documents.SeasonStatement(
            top=self._bare_top(connection, person, now),
            season=self._texts.say("consignment.slip.season_of", year=year),
            members=tuple(
                one
                for number, one in enumerate(members)
                if not number or one.lots or one.received_fen or one.kept_fen
            ),
        )
        return documents.season(said, self._texts)

    def _member(
        self, connection: Connection, name: str, identities: Sequence[str], now: Now
    ) -> documents.Member:
        year = now.day[:4]
        rows = [
            row
            for one in identities
            for row in records.lots_of(connection, one, SEASON_LOTS_MAX)
            if row.day.startswith(year)
        ]
        return documents.Member(
            name=name,
            lots=tuple(self._stands(connection, row, now) for row in rows),
            received_fen=sum(records.paid_to(connection, one, year) for one in identities),
            kept_fen=sum(records.owed_to(connection, one) for one in identities),
        )

    def _stands(self, connection: Connection, row: LotRow, now: Now) -> documents.Stands:
        what = f"{self._name(connection, row)}  {say_day(row.day, now.day)}"
        how = self._texts.say(
            "consignment.slip.stands",
            came=self._of_row(connection, row, row.quantity),
            sold=self._of_row(connection, row, row.sold),
            left=self._of_row(connection, row, row.on_shelf),
        )
        return what, how

    def _bare_top(self, connection: Connection, person: str, now: Now) -> Top:
        head = reference.letterhead(connection, now.station, self._texts)
        known = self._people.person(connection, person)
        return Top(
            act="",
            station=head.station,
            address=head.address,
            number="",
            day=now.day,
            at=now.at,
            operator=self._people.operator_name(connection, now.operator),
            name=known.name if known else "",
            tail=known.tail if known else "",
            group=known.hamlet if known else "",
        )


def _paid(facts: Sequence[FactRow]) -> Paid:
    for one in facts:
        if one.kind == PaymentGiven.KIND:
            given = msgspec.json.decode(one.body, type=PaymentGiven)
            return Paid(tenders=tuple((t.way, t.amount_fen) for t in given.tenders))
    return NOT_PAID


def _day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
