"""How money that is owed is spoken of on pages that look across services: acts, cases, tiles."""

from typing import Any

import msgspec

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.ledger import paid_acts
from station_app.ledger.paid_acts import FactRow, facts_of_act
from station_app.services.accounts import records
from station_app.services.accounts.facts import AccountRepaid, DebitSettled, RefundPaid
from station_app.services.accounts.papers import PaperMaker
from station_app.services.accounts.records import People
from station_app.shell.offers import ActWords, CaseWords, Figures, Line, Side
from station_app.values.day import local_time, say_day
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts

REFUNDS_PAGE = "accounts.refunds"
DEBTS_PAGE = "accounts.debts"
DEBIT = "accounts.debit"
OVERPAID = "accounts.overpaid"
ACT_KINDS = (AccountRepaid.KIND, RefundPaid.KIND, DebitSettled.KIND)


def payout_words(connection: Connection, identity: str, people: People, texts: Texts) -> str:
    """Return one payout in words: when, at which PC, by whom, how much."""
    fact = paid_acts.fact(connection, identity)
    if fact is None:
        return texts.say("accounts.case.unknown")
    said = records.known(fact.body)
    return texts.say(
        "accounts.case.side",
        when=f"{say_day(said.day) if said.day else ''} {local_time(fact.at)}".strip(),
        device=device_of(fact.stream).lstrip("D"),
        who=people.operator_name(connection, fact.by) or "—",
        amount=say_yuan(_amount_of(connection, fact)),
    )


def _amount_of(connection: Connection, fact: FactRow) -> int:
    if fact.kind == AccountRepaid.KIND:
        return msgspec.json.decode(fact.body, type=AccountRepaid).amount_fen
    rows = connection.execute(
        "SELECT amount FROM postings WHERE stream = ? AND seq = ? AND amount > 0 "
        "AND account LIKE 'Liabilities:%'",
        (fact.stream, fact.seq),
    ).fetchall()
    return sum(row[0] for row in rows)


class Telling:
    """Puts what is owed into words for other rooms."""

    def __init__(self, people: People, texts: Texts) -> None:
        """Name people by the register."""
        self._people = people
        self._papers = PaperMaker(people, texts)

    def figures(self, connection: Connection, _now: Now, texts: Texts) -> Figures:
        """Return the tile of refunds: how many are due, how much, what was paid twice."""
        due = records.refunds_due(connection)
        twice = records.paid_twice(connection)
        if twice:
            second = Line("stop", texts.say("accounts.tile.twice", count=len(twice)), "stop")
        elif due:
            oldest = say_day(due[0].since) if due[0].since else "—"
            second = Line("calendar", texts.say("accounts.tile.oldest", day=oldest))
        else:
            second = Line("ok", texts.say("accounts.tile.none"))
        total = say_yuan(sum(one.due_fen for one in due))
        first = Line("cash", texts.say("accounts.tile.sum", amount=total))
        return Figures(len(due), texts.say("accounts.tile.unit"), (first, second))

    def due_count(self, connection: Connection, _now: Now) -> int:
        """Return how many refunds are due, for the tab."""
        return len(records.refunds_due(connection))

    # --- Acts ------------------------------------------------------------------------------------

    def act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return an act of this slice in words."""
        fact = next(f for f in facts_of_act(connection, act) if f.kind in ACT_KINDS)
        if fact.kind == AccountRepaid.KIND:
            repaid = msgspec.json.decode(fact.body, type=AccountRepaid)
            who = self._who(connection, repaid.person, texts)
            if repaid.amount_fen < 0:
                words = texts.say("accounts.act.returned", name=who)
                amount = texts.say("cash.act.out", amount=say_yuan(-repaid.amount_fen))
                return ActWords("book", words, amount, DEBTS_PAGE)
            words = texts.say("accounts.act.repaid", name=who)
            amount = texts.say("cash.act.in", amount=say_yuan(repaid.amount_fen))
            return ActWords("book", words, amount, DEBTS_PAGE)
        if fact.kind == RefundPaid.KIND:
            paid = msgspec.json.decode(fact.body, type=RefundPaid)
            what = self._papers.what(records.refund_row(connection, paid.document, 0).kind)
            words = texts.say("accounts.act.refunded", what=what)
            amount = texts.say("cash.act.out", amount=say_yuan(paid.amount_fen))
            return ActWords("cash", words, amount, REFUNDS_PAGE)
        settled = msgspec.json.decode(fact.body, type=DebitSettled)
        words = texts.say("accounts.act.settled", how=texts.say(f"accounts.how.{settled.how}"))
        return ActWords("ok", words, say_yuan(settled.amount_fen), REFUNDS_PAGE)

    def _who(self, connection: Connection, identity: str, texts: Texts) -> str:
        person = self._people.person(connection, identity)
        return person.name if person and person.name else texts.say("accounts.shown.nameless")

    # --- Cases -----------------------------------------------------------------------------------

    def debits(self, connection: Connection) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """Return purses in debit as cases: a view of the balance, open as long as it is so."""
        return tuple((DEBIT, one.account, one.members) for one in records.paid_twice(connection))

    def overpayments(self, connection: Connection) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
        """Return who repaid too much, as cases: a view of the balance like the purses above."""
        return tuple(
            (OVERPAID, one.person, records.repayments_of(connection, one.person))
            for one in records.overpaid(connection, self._people)
        )

    def overpaid_case(
        self,
        connection: Connection,
        _case: str,
        entity: str,
        members: tuple[str, ...],
        texts: Texts,
    ) -> CaseWords:
        """Return what a villager repaid too much, with her latest repayments."""
        found = records.overpaid(connection, self._people)
        fen = next((-one.owes_fen for one in found if one.person == entity), 0)
        who = self._who(connection, entity, texts)
        return CaseWords(
            title=texts.say("accounts.case.overpaid", name=who),
            hint=texts.say("accounts.case.overpaid_hint", amount=say_yuan(fen)),
            sides=tuple(self._side(connection, member, texts) for member in members),
            page=DEBTS_PAGE,
            subject={"person": entity},
        )

    def case(
        self,
        connection: Connection,
        _case: str,
        entity: str,
        members: tuple[str, ...],
        texts: Texts,
    ) -> CaseWords:
        """Return money that was paid twice, with every payout."""
        purse = self._papers.purse(connection, entity)
        debit = next((o for o in records.paid_twice(connection) if o.account == entity), None)
        amount = say_yuan(debit.debit_fen if debit else 0)
        return CaseWords(
            title=texts.say("accounts.case.debit", purse=purse),
            hint=texts.say("accounts.case.debit_hint", amount=amount),
            sides=tuple(self._side(connection, member, texts) for member in members),
            page=REFUNDS_PAGE,
            subject={"account": entity},
        )

    def _side(self, connection: Connection, member: str, texts: Texts) -> Side:
        fact = paid_acts.fact(connection, member)
        if fact is None:
            return Side(texts.say("accounts.case.unknown"), 0, member[:8], member)
        device = device_of(fact.stream).lstrip("D")
        who = texts.say("accounts.case.device", device=device)
        key = "repaid" if fact.kind == AccountRepaid.KIND else "paid"
        amount = say_yuan(_amount_of(connection, fact))
        words = texts.say(f"accounts.case.{key}", amount=amount)
        return Side(who, fact.at, words, member)

    # --- Papers ----------------------------------------------------------------------------------

    def slip_again(self, connection: Connection, act: str, _texts: Texts) -> Any:
        """Return the slip of an act once more."""
        paper = self._papers.slip_again(connection, act)
        return paper.document if paper else None
