"""A whole season of a village's growers, and an independent count of it: `python -m …season`.

Growers bring lots on every term; they are sold, brought back, spoiled, divided, joined, sent to the
hub, sold by the county and settled, drawn by lot but always through the real commands. Afterwards
`tests.independent.grower` works out from the exported facts what is whose, and what the station
keeps in its books and prints on each grower's papers is held against that.
"""

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from county_server.desks.hub import returning
from county_server.desks.hub.sold import Said, Sold
from station_app.chores import fact_lines
from station_app.journal.recorder import new_ticket
from station_app.journal.verify import verify
from station_app.ledger.rounding import GRAM, line_fen
from station_app.printing.document import money, to_json
from station_app.services.cash.commands import GivePayment
from station_app.services.cash.facts import Tender
from station_app.services.consignment import records
from station_app.services.consignment.commands import MergeLots, MoveLot, SplitLot, Weighed
from station_app.services.consignment.facts import (
    Cost,
    GrowerAmount,
    LotDifferenceDecided,
    LotReceived,
    LotSoldByCounty,
)
from station_app.services.consignment.moving import BEARERS, REASONS
from station_app.services.consignment.rules import amounts_for
from station_app.services.consignment.statement_papers import StatementMaker
from station_app.services.people import records as people
from station_app.services.sales import slip_records
from station_app.services.sales.commands import ReturnGoods, ReturnLine
from station_app.services.sales.returning import PLACES, Returning, paid_back
from station_app.shell.desk import Done
from station_app.vocabulary import VOCABULARY
from tests.independent import grower as independent
from tests.services.accounts.pcs import Pc
from tests.services.consignment.barn import BEANS, EGGS, KIWI, Barn

GROWERS, LOTS = 30, 300
FLOAT_FEN = 50_000_00
DAY = "2026-11-23"
UNDONE = ("sell", "settle", "spoil", "split")  # what somebody takes back the moment after, at times


class Season(Barn):
    """Plays a season. done: how often each thing was granted."""

    def __init__(self, pc: Pc, *, seed: int, growers: int) -> None:
        super().__init__(pc)
        self.dice = random.Random(f"season {seed}")
        self.growers = growers
        self.done: Counter[str] = Counter()
        self.last = ""
        self.online: list[Sold] = []  # what the county sold
        self.county_says()
        self.contracts = {
            number: self.contract(
                40_000, 800, code=f"2026-{number:03}", person=pc.person(number),
                is_net=number % 4 // 2,
            )
            for number in range(0, growers, 2)
        }  # fmt: skip

    def play(self, lots: int) -> None:
        """Let so many lots come, and all else go on between them."""
        works: tuple[tuple[int, Callable[[], Any]], ...] = (
            (10, self._sell), (4, self._bring_back), (4, self._spoil), (2, self._leave),
            (2, self._divide), (3, self._join), (2, self._send), (3, self._county),
            (4, self._settle), (2, self._weigh_anew), (1, self._undo),
        )  # fmt: skip
        weights = [weight for weight, _ in works]
        while self.done["take_in"] < lots:
            self._take_in()
            for _, work in self.dice.choices(works, weights, k=3):
                work()
        for number in range(self.growers):
            self._settle_with(number, whole=True)

    def _note(self, what: str, outcome: Any) -> None:
        self.done[what if isinstance(outcome, Done) else "refused"] += 1
        if isinstance(outcome, Done) and what in UNDONE:
            self.last = outcome.act

    # --- What comes ---

    def _take_in(self) -> None:
        number = self.dice.randrange(self.growers)
        code = self.dice.choice((KIWI, KIWI, BEANS, EGGS))
        pieces = code == EGGS
        quantity = self.dice.randint(2, 300) if pieces else self.dice.randint(900, 9_000)
        weighed = Weighed(pieces=quantity)
        if not pieces:
            deducted = quantity // 100
            weighed = Weighed(gross_grams=quantity + 800, tare_grams=800, deducted_grams=deducted)
            quantity -= deducted
        is_bought = self.dice.random() < 0.2
        price = self.dice.choice((90, 333, 777))
        worth = line_fen(quantity, price, "piece" if pieces else GRAM) if is_bought else 0
        contract = ""
        if code == KIWI and not is_bought and self.dice.random() < 0.7:
            sorts = (KIWI, KIWI)
            contract = records.contract_for(self.connection, self.pc.person(number), sorts, DAY)
        take = self.taking(
            person=self.pc.person(number), produce=code, weighed=weighed, is_bought=is_bought,
            grade="一级" if code == KIWI else "", price_fen=price if is_bought else 0,
            commission_bp=0 if is_bought else self.dice.choice((500, 800)), contract=contract,
            paid_fen=self.dice.choice((worth, worth // 2)), packages=1,
        )  # fmt: skip
        self._note("take_in", self.try_intake(take))

    def _here(self) -> records.LotRow | None:
        rows = records.lots_here(self.connection)
        return self.dice.choice(rows) if rows else None

    # --- What goes ---

    def _sell(self) -> None:
        lines, seen = [], set()
        for _ in range(self.dice.randint(1, 3)):
            row = self._here()
            if row is None or row.lot in seen:
                continue
            seen.add(row.lot)
            quantity = self.dice.randint(1, row.on_shelf)
            price = self.dice.choice((133, 650, 1_001))
            worth = line_fen(quantity, price, row.unit)
            off = self.dice.choice((0, 0, min(7, worth - 1)))
            lines.append(
                self.line(
                    row.lot, quantity, price, ownership=row.ownership, unit=row.unit,
                    discount_fen=max(0, off), reason="bulk",
                    weighed="typed" if row.unit == GRAM else "",
                )
            )  # fmt: skip
        if lines:
            worth = sum(line_fen(one.quantity, one.price_fen, one.unit) for one in lines)
            odd = worth % 10 if worth > 100 else 0
            self._note("sell", self.try_sale(*lines, round_off_fen=odd))

    def _bring_back(self) -> None:
        rows = self.connection.execute("SELECT entity FROM sales ORDER BY entity").fetchall()
        sale = str(self.dice.choice(rows)[0]) if rows else ""
        sold = slip_records.sold_line(self.connection, sale) if sale else None
        if sold is None or not sold.left:
            return
        quantity = self.dice.choice((sold.left, max(1, sold.left // 3)))
        line = ReturnLine(sale=sale, quantity=quantity, into=self.dice.choice(PLACES))
        asked = ReturnGoods(lines=(line,), reason="quality")
        fen = paid_back(Returning(sold={sale: sold}), asked)
        tenders = (Tender(way="cash", amount_fen=fen),) if fen else ()
        given = GivePayment(due_fen=fen, tenders=tenders, remark="说好的")
        self._note("bring_back", self.settle(asked, given))

    def _moves(self, what: str, how: str, **more: Any) -> None:
        row = self._here()
        if row is None:
            return
        quantity = self.dice.randint(1, max(1, row.on_shelf // 3))
        move = MoveLot(
            lot=row.lot, how=how, quantity=quantity, bearer=self.dice.choice(BEARERS), **more
        )
        self._note(what, self.act(move))

    def _spoil(self) -> None:
        price = self.dice.choice((0, 333, 920))
        self._moves("spoil", "spoil", reason=self.dice.choice(REASONS), value_fen=price)

    def _leave(self) -> None:
        how = self.dice.choice(("return", "sample"))
        self._moves(how, how)

    def _divide(self) -> None:
        row = self._here()
        if row is not None and row.on_shelf > 1:
            part = SplitLot(lot=row.lot, quantity=self.dice.randint(1, row.on_shelf - 1))
            self._note("split", self.act(part))

    def _join(self) -> None:
        row = self._here()
        if row is None:
            return
        of = self._alike(row.lot)
        rows = records.lots_here(self.connection)
        alike = [one.lot for one in rows if self._alike(one.lot) == of][:3]
        if len(alike) > 1:
            self._note("merge", self.act(MergeLots(lots=tuple(alike))))

    def _alike(self, lot: str) -> Any:
        state = self.lot(lot)
        contracts = tuple(sorted({share.contract for share in state.shares}))
        return state.produce, state.grade, state.unit, state.ownership, contracts

    def _send(self) -> None:
        self._moves("dispatch", "dispatch", packages=2)

    def _weigh_anew(self) -> None:
        row = self._here()
        if row is None or row.unit != GRAM or self.lot(row.lot).parts:
            return
        net = self.dice.randint(row.quantity - row.on_shelf + 1, row.quantity + 300)
        self._note("reweigh", self.reweigh(row.lot, net))

    def _undo(self) -> None:
        """What was done last was a mistake."""
        if self.last:
            done, self.last = self.last, ""
            ticket = new_ticket(self.pc.premises.chance)
            self.pc.clock.at_ms += 1_000
            self._note("undo", self.pc.premises.desk.settle_undo(done, ticket=ticket))

    # --- What the county says ---

    def _county(self) -> None:
        """The hub weighs what is on the road, decides the difference, and sells what it has."""
        row = self.connection.execute(
            "SELECT entity FROM lots WHERE in_transit > 0 OR at_hub > 0 OR difference > 0 "
            "ORDER BY entity LIMIT 1"
        ).fetchone()
        if self.online and self.dice.random() < 0.3:
            self._comes_back()
            return
        if row is None:
            return
        lot, state = str(row[0]), self.lot(row[0])
        if state.in_transit:
            short = min(self.dice.randint(0, 40), state.in_transit - 1)
            body: Any = LotReceived(
                answers="", quantity=state.in_transit - short, difference=short, grade="", day=DAY
            )
        elif state.difference:
            body = self._decided(state)
        else:
            body = self._sold(state)
        fact = str(self.publish(body, entity=lot))
        self.done[body.KIND] += 1
        if isinstance(body, LotSoldByCounty):
            said = msgspec.convert(msgspec.to_builtins(body), Said)
            self.online.append(Sold("", lot, "", "", "", state.unit, 0, "", fact, said))

    def _comes_back(self) -> None:
        """A buyer of the county's sends some of it back, then the rest, or all at once."""
        place = self.dice.randrange(len(self.online))
        left = self.online[place].left
        some = self.dice.choice((0, left // 3))
        for quantity in (some, left - some):
            if quantity:
                self._sent_back(place, quantity)

    def _sent_back(self, place: int, quantity: int) -> None:
        sale = self.online[place]
        people = [amount.person for amount in sale.said.amounts]
        there = {("", one): max(0, records.kept_at_county(self.connection, one)) for one in people}
        form = {"into": self.dice.choice(returning.FATES), "reason": "quality"}
        (back,) = returning.backs_of([(sale, quantity)], form, there, DAY)
        self.publish(back.body, entity=sale.lot)
        self.done[back.body.KIND] += 1
        self.online[place] = replace(sale, backs=(*sale.backs, back.body))

    def _decided(self, state: Any) -> LotDifferenceDecided:
        found = self.dice.randint(0, state.difference)
        lost = state.difference - found
        is_own = state.ownership == "own"
        cost = state.cost_fen * lost // state.in_stock if is_own else 0
        amounts = () if is_own else amounts_for(state, line_fen(lost, 900, state.unit))
        return LotDifferenceDecided(
            answers="", found=found, lost=lost, bearer=self.dice.choice(("station", "county")),
            amounts=amounts, cost_fen=cost, person="", day=DAY,
        )  # fmt: skip

    def _sold(self, state: Any) -> LotSoldByCounty:
        quantity = self.dice.randint(1, state.at_hub)
        gross = line_fen(quantity, 1_200, state.unit)
        freight, ours, theirs = gross // 20, gross * 5 // 100, gross * 3 // 100
        is_own = state.ownership == "own"
        amounts: tuple[GrowerAmount, ...] = ()
        if not is_own:
            amounts = amounts_for(state, gross - freight - ours - theirs)
        return LotSoldByCounty(
            answers="", ownership=state.ownership, quantity=quantity, gross_fen=gross,
            costs=(Cost(name="freight", amount_fen=freight),) if freight else (),
            station_commission_fen=ours, county_commission_fen=theirs, amounts=amounts,
            cost_fen=state.cost_fen * quantity // state.in_stock if is_own else 0, day=DAY,
        )  # fmt: skip

    # --- What is paid ---

    def _settle(self) -> None:
        self._settle_with(self.dice.randrange(self.growers), whole=False)

    def _settle_with(self, number: int, *, whole: bool) -> None:
        charges = () if whole else self.dice.choice(((), (Cost(name="packing", amount_fen=30),)))
        sales = self.open_sales(number)
        if not whole and sales:
            sales = tuple(self.dice.sample(sales, self.dice.randint(1, len(sales))))
        due = self.due_of(number, sales, charges)
        pay = (
            due.payable_fen if whole else self.dice.choice((due.payable_fen, due.payable_fen // 2))
        )
        passed_on = charges if self.dice.random() < 0.5 else ()
        outcome = self.settle_with(
            pay, number, sales=sales, may_advance=True,
            service=() if passed_on else charges, passed_on=passed_on,
        )  # fmt: skip
        self._note("settle", outcome)


def check(season: Season) -> list[str]:
    """Return everything that the independent count sees otherwise than books and papers."""
    connection = season.connection
    found = independent.Season().read(fact_lines(connection))
    problems = list(found.problems)
    papers = StatementMaker(people, season.pc.premises.texts)
    now = season.pc.premises.desk.now()
    for number in range(season.growers):
        person = season.pc.person(number)
        told = found.grower(person)
        books = (
            records.kept_here(connection, person), records.kept_at_county(connection, person)
        )  # fmt: skip
        if books != (told.here, told.county):
            problems.append(f"grower {number}: books {books}, counted {told.here, told.county}")
        standing = _amounts(papers.standing(connection, person, now))
        if standing != [money(told.kept)]:
            problems.append(f"grower {number}: statement {standing}, counted {told.kept}")
        whole = _amounts(papers.season(connection, person, now))
        if whole != [money(told.paid), money(told.kept)]:
            problems.append(f"grower {number}: season {whole}, counted {told.paid, told.kept}")
        problems += _lots_on_paper(season, person, found)
    report = verify(connection, VOCABULARY)
    return problems if report.is_sound else [*problems, f"not sound: {report.first_broken}"]


def _amounts(paper: Any) -> list[str]:
    """Return the amounts of a statement, from the top down."""
    sides = [str(getattr(block, "right", "")) for block in paper.blocks]
    return [side for side in sides if "￥" in side]


def _lots_on_paper(season: Season, person: str, found: independent.Season) -> list[str]:
    """Return her lots of which the paper of her season says another weight than was counted."""
    paper = to_json(
        StatementMaker(people, season.pc.premises.texts).season(
            season.connection, person, season.pc.premises.desk.now()
        )
    )
    problems = []
    for lot in found.grower(person).lots:
        counted = found.lots[lot]
        if counted.unit != GRAM:
            continue
        came, sold, left = (
            f"{grams / 1000:,.3f} 公斤"
            for grams in (counted.came, counted.places["sold"], counted.places["shelf"])
        )
        words = f"收 {came}  卖 {sold}  剩 {left}"
        if words not in paper:
            problems.append(f"lot {lot[:8]} of {person[:8]}: no line says {words}")
    return problems


def played(folder: Path, *, seed: int, growers: int, lots: int) -> tuple[Season, list[str]]:
    """Play a season in a folder; returns it and what does not agree."""
    pc = Pc(folder, 1, people=growers)
    pc.open_shift(FLOAT_FEN)
    season = Season(pc, seed=seed, growers=growers)
    season.play(lots)
    return season, check(season)


def main() -> int:
    """Play whole seasons; one line of JSON each. The exit status is 1 if one does not agree."""
    parser = argparse.ArgumentParser(description="Whole seasons, counted independently.")
    parser.add_argument("--seasons", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failed = False
    for seed in range(options.seed, options.seed + options.seasons):
        with tempfile.TemporaryDirectory(prefix="season-") as folder:
            season, problems = played(Path(folder) / "pc", seed=seed, growers=GROWERS, lots=LOTS)
            season.pc.close()
        told = {"season": seed, "done": season.done, "problems": problems[:5]}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        failed = failed or bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
