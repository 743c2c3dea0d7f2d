"""Two PCs of a station and a real county: what each says of the money arrives and means the same.

The county's statement is made here from the county's own postings, by a query of the test.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from county_server.county import County
from county_server.desks.finance import making
from county_server.scribe import Scribe
from station_app.journal.cuts import tips_here
from station_app.journal.fact import Fact, Saying
from station_app.reference import records as reference
from station_app.services.cash import records as cash
from station_app.services.cash.asking import desk_rules as cash_rules
from station_app.services.cash.commands import GivePayment, OpenShift, TakePayment
from station_app.services.cash.facts import Count, Position
from station_app.services.cash.papers import PaperMaker as CashPapers
from station_app.services.clearing import records, statement_records, states
from station_app.services.clearing.asking import desk_rules
from station_app.services.clearing.commands import (
    AnswerStatement,
    AskRemittanceBack,
    ReceiveCountyMoney,
    SendRemittance,
    TakeRemittanceBack,
)
from station_app.services.clearing.facts import (
    AccountTotal,
    CountyMoneySentDown,
    RemittanceCancelled,
    RemittanceConfirmed,
    StatementContinued,
    StatementIssued,
    StatementLine,
)
from station_app.services.clearing.papers import PaperMaker
from station_app.shell.desk import Desk, Done, Rule
from station_app.values.now import Now
from station_app.values.refusal import Refusal
from station_app.vocabulary import ASKING
from tests.services.clearing.office import STAFF, TEXTS, Dice, cash_of, current, name_of
from tests.sync.stand import (
    DAY,
    STATION,
    Pc,
    SetClock,
    converse,
    direct,
    enrolled_pc,
    folded_here,
    folded_there,
    new_county,
    once,
)


class Counter:
    """A PC with a desk: what the operator asks there becomes facts that go by line."""

    def __init__(self, pc: Pc, county: County, seed: int) -> None:
        self.pc = pc
        self.county = county
        self._tickets = Dice(seed)
        rules: tuple[Rule[Any, Any], ...] = (
            *cash_rules(CashPapers(TEXTS, name_of), lambda _c: STAFF),
            *desk_rules(PaperMaker(TEXTS, name_of)),
        )
        # The journals of these tests have no print table: the papers have tests of their own.
        plain = tuple(Rule(rule.command, rule.gather, rule.decide) for rule in rules)
        self.desk = Desk(pc.session, plain, self.circumstances)

    def circumstances(self, connection: Any) -> Now:
        device = self.pc.place.split("/")[1]
        opened = cash.open_shift_of(connection, device)
        return Now(
            at=self.pc.clock.at,
            day=opened.day if opened else DAY,
            operator="ab" * 32,
            device=device,
            station=STATION,
            shift=opened.identity if opened else "",
        )

    def ask(self, *commands: Any) -> Any:
        self.pc.clock.at += 1_000
        return self.desk.settle(*commands, ticket=self._tickets.draw(10).hex()[:16].upper())

    def do(self, *commands: Any) -> Done:
        outcome = self.ask(*commands)
        assert isinstance(outcome, Done), outcome
        return outcome

    def remit(self, fen: int) -> Done:
        return self.do(
            SendRemittance(way="carrier", portions=(current(fen),), may_exceed=True),
            GivePayment(due_fen=fen, tenders=(cash_of(fen),)),
        )

    def sync(self) -> None:
        converse(self.pc, direct(self.county))

    def remittance(self, identity: str) -> Any:
        return records.remittance(self.pc.reader, identity)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def county(tmp_path: Path, clock: SetClock) -> Iterator[County]:
    county = new_county(tmp_path / "county", clock)
    yield county
    county.close()


@pytest.fixture
def counters(county: County, tmp_path: Path, clock: SetClock) -> Iterator[list[Counter]]:
    pcs = [
        enrolled_pc(county, tmp_path / f"d{seed}", clock, seed=seed, asking=ASKING)
        for seed in (100, 200)
    ]
    made = [Counter(pc, county, seed) for seed, pc in enumerate(pcs)]
    for counter in made:
        counter.do(OpenShift(counts=(Count(10, 3_000),), reason="float"))
        counter.sync()
    yield made
    for pc in pcs:
        pc.close()


def say(county: County, *sayings: Saying) -> list[Fact]:
    """Let the county say an act to the station."""
    with county.store.write() as connection:
        scribe = Scribe(county.store, connection, county.keys, county.chance)
        facts = scribe.say(STATION, sayings, by="", at=county.clock.now_ms())
        scribe.seal()
    return facts


def test_a_confirmation_reaches_both_pcs_and_the_county_folds_the_same(counters, county):
    one, two = counters
    identity = one.remit(2_000).told[0].identity
    one.sync()
    say(county, Saying(RemittanceConfirmed(received_fen=1_950, day=DAY), entity=identity))
    for counter in (one, two, one):
        counter.sync()
    for counter in counters:
        assert counter.remittance(identity).status == states.DIFFERS
        assert folded_here(counter.pc) == folded_there(county, STATION)


def test_the_countys_money_is_taken_in_at_either_pc_and_seen_at_the_other(counters, county):
    one, two = counters
    body = CountyMoneySentDown(number="C-1", way="carrier", amount_fen=700, covers=(), day=DAY)
    money = say(county, Saying(body))[0].identity
    two.sync()
    two.do(ReceiveCountyMoney(money=money), TakePayment(due_fen=700, tenders=(cash_of(700),)))
    two.sync()
    one.sync()
    found = records.county_money(one.pc.reader, money)
    assert found is not None
    assert found.status == states.RECEIVED
    assert folded_here(one.pc) == folded_there(county, STATION)


def test_what_was_offered_is_not_undone_but_asked_back(counters, county):
    one, _ = counters
    first = one.remit(2_000)
    assert isinstance(one.desk.settle_undo(first.act, ticket="A" * 16), Done)
    second = one.remit(3_000)
    one.sync()
    undo = one.desk.settle_undo(second.act, ticket="B" * 16)
    assert isinstance(undo, Refusal)
    assert undo.reason == "journal.OFFERED_ALREADY"
    identity = second.told[0].identity
    one.do(AskRemittanceBack(remittance=identity))
    one.sync()
    say(county, Saying(RemittanceCancelled(day=DAY), entity=identity))
    one.sync()
    one.do(
        TakeRemittanceBack(remittance=identity),
        TakePayment(due_fen=3_000, tenders=(cash_of(3_000),)),
    )
    one.sync()
    assert one.remittance(identity).status == states.TAKEN_BACK
    assert folded_here(one.pc) == folded_there(county, STATION)


def test_a_remittance_is_held_back_for_a_minute_so_that_it_can_be_undone(counters, county, clock):
    one, _ = counters
    done = one.remit(2_000)
    clock.at += 30_000
    step = one.pc.exchange.next_request(clock.at)
    if hasattr(step, "body"):
        from tests.sync.stand import post

        status, headers, body, is_whole = post(county, step.body)
        one.pc.exchange.on_answer(status, headers, body, clock.at, is_whole=is_whole)
    assert isinstance(one.desk.settle_undo(done.act, ticket="C" * 16), Done)
    once(one.pc, direct(county))
    with county.store.read() as connection:
        table = county.store.tables.balances
        left = connection.execute(
            select(table.c.amount).where(table.c.account == "Liabilities:County")
        ).all()
    assert sum(row[0] for row in left) == 0


# --- The statement -------------------------------------------------------------------------------


def countys_lines(county: County) -> list[StatementLine]:
    """Return what the county's books say of the station, a line for each fact and account."""
    facts, postings = county.store.tables.facts, county.store.tables.postings
    with county.store.read() as connection:
        rows = connection.execute(
            select(facts.c.identity, facts.c.kind, postings.c.account, postings.c.amount)
            .join(
                postings,
                (postings.c.station == facts.c.station)
                & (postings.c.stream == facts.c.stream)
                & (postings.c.seq == facts.c.seq),
            )
            .where(facts.c.station == STATION, postings.c.account == "Liabilities:County")
        ).all()
    sums: dict[tuple[str, str, str], int] = {}
    for fact, kind, account, amount in rows:
        sums[fact, kind, account] = sums.get((fact, kind, account), 0) + amount
    return [
        StatementLine(fact=fact, kind=kind, account=account, amount_fen=fen)
        for (fact, kind, account), fen in sums.items()
        if fen
    ]


def issue(county: County, positions: tuple[Position, ...]) -> str:
    lines = countys_lines(county)
    total = sum(line.amount_fen for line in lines)
    head = StatementIssued(
        station=STATION,
        month="2026-11",
        since="",
        replaces="",
        positions=positions,
        parts=1,
        lines=len(lines),
        totals=1,
        day=DAY,
    )
    identity = say(county, Saying(head))[0].identity
    part = StatementContinued(
        part=1,
        totals=(AccountTotal(account="Liabilities:County", opening_fen=0, closing_fen=total),),
        lines=tuple(lines),
        charges=(),
        day=DAY,
    )
    say(county, Saying(part, entity=identity))
    return identity


def test_the_statement_of_the_countys_own_books_agrees_at_both_pcs(counters, county):
    one, two = counters
    one.remit(2_000)
    two.remit(3_000)
    two.desk.settle_undo(two.remit(400).act, ticket="D" * 16)
    for counter in (one, two, one):
        counter.sync()
    positions = tuple(Position(t.stream, t.seq, t.identity) for t in tips_here(one.pc.reader))
    late = two.remit(500).told[0].identity
    statement = issue(county, positions)
    for counter in (one, two, one):
        counter.sync()
    for counter in counters:
        found = statement_records.look_at(counter.pc.reader, statement, STATION)
        assert found.compared is not None
        assert found.compared.differences == ()
        assert found.compared.count("equal") == 4
        assert [r.fact for r in found.compared.rows if r.state == "waits"] == [late]
    one.do(AnswerStatement(statement=statement))
    for counter in (one, two):
        counter.sync()
    state = statement_records.statement(two.pc.reader, statement)
    assert state is not None
    assert state.status == "agreed"
    assert folded_here(two.pc) == folded_there(county, STATION)
    assert reference.station(one.pc.reader, STATION) is not None


# --- The finance desk's own statement ------------------------------------------------------------


def issued_by_the_desk(county: County, month: str) -> str:
    """Let the finance desk make a statement of its books and issue it."""
    with county.store.read() as connection:
        made = making.make(county.store, connection, making.Month(STATION, month, DAY))
    identity = say(county, Saying(made.head))[0].identity
    say(county, *(Saying(part, entity=identity) for part in made.parts))
    return identity


def live(counters: list[Counter], rolls: random.Random) -> None:
    """Do something at one PC or the other; the line comes and goes."""
    counter = rolls.choice(counters)
    what = rolls.choice(("remit", "remit", "undo", "early", "sync"))
    fen = rolls.randint(1, 40) * 10
    if what == "remit":
        counter.remit(fen)
    elif what == "undo":
        done = counter.remit(fen)
        counter.desk.settle_undo(done.act, ticket=f"{rolls.getrandbits(60):016X}")
    elif what == "early":
        number = f"C-{rolls.getrandbits(30)}"
        counter.do(
            ReceiveCountyMoney(number=number, way="carrier", amount_fen=fen),
            TakePayment(due_fen=fen, tenders=(cash_of(fen),)),
        )
    else:
        counter.sync()


def sync_all(counters: list[Counter]) -> None:
    for counter in (*counters, *counters):
        counter.sync()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_desks_statement_of_any_history_agrees_month_after_month(counters, county, seed):
    rolls = random.Random(seed)
    one, two = counters
    for month in ("2026-11", "2026-12", "2027-01"):
        for _ in range(8):
            live(counters, rolls)
        statement = issued_by_the_desk(county, month)
        live(counters, rolls)
        sync_all(counters)
        found = statement_records.look_at(two.pc.reader, statement, STATION)
        assert found.compared is not None, found
        assert found.compared.differences == ()
        assert one.do(AnswerStatement(statement=statement)).told[0].body.result == "agreed"
        sync_all(counters)
    assert folded_here(two.pc) == folded_there(county, STATION)


def test_a_line_that_the_desk_falsified_is_found(counters, county):
    one, _ = counters
    identity = one.remit(2_000).told[0].identity
    one.remit(300)
    one.sync()
    with county.store.read() as connection:
        made = making.make(county.store, connection, making.Month(STATION, "2026-11", DAY))
    (part,) = made.parts
    wrong = tuple(
        msgspec.structs.replace(line, amount_fen=line.amount_fen - 1)
        if line.fact == identity
        else line
        for line in part.lines
    )
    statement = say(county, Saying(made.head))[0].identity
    say(county, Saying(msgspec.structs.replace(part, lines=wrong), entity=statement))
    one.sync()
    found = statement_records.look_at(one.pc.reader, statement, STATION)
    assert found.compared is not None
    assert [(row.state, row.fact) for row in found.compared.differences] == [
        ("amount", identity),
        ("closing", ""),
    ]
