"""Slips of sales and what came back of them: found by code, by number, or among the newest."""

from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Told
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger import accounts
from station_app.ledger.balances import balance, books
from station_app.ledger.lending import Lending, lending
from station_app.ledger.paid_acts import facts_of_act
from station_app.ledger.posting import CNY, Line
from station_app.ledger.rounding import PIECE
from station_app.reference import goods_records as reference
from station_app.services.cash.facts import PaymentGiven, PaymentTaken, Tender
from station_app.services.consignment.facts import LotSold, LotTakenBack
from station_app.services.sales.commands import ReturnGoods
from station_app.services.sales.facts import GoodsLine, SaleMade, SaleReturned
from station_app.services.sales.records import lot_state, on_shelf
from station_app.services.sales.returning import Returning, SoldLine, return_goods
from station_app.services.sales.rules import SALE, Sale, post_returned
from station_app.values.now import Now
from station_app.values.paying import ON_ACCOUNT
from station_app.values.refusal import Refusal

SLIPS_MAX = 8
_PLACES = {"wechat": accounts.WECHAT, "alipay": accounts.ALIPAY, "bank": accounts.BANK}
_sale = msgspec.json.Decoder(Sale).decode


def sale_state(connection: Connection, sale: str) -> Sale | None:
    """Return a sale as it stands; None if it was undone or never heard of."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (SALE.name, sale)
    ).fetchone()
    return _sale(row[0]) if row else None


def name_of_sold(connection: Connection, body: SaleMade | Sale | GoodsLine) -> str:
    """Return what was sold."""
    seen = on_shelf(connection, body.lot or body.product, "")  # its name, not its price
    return seen.name if seen else body.product


def word_of_piece(connection: Connection, body: SaleMade | Sale | GoodsLine) -> str:
    """Return how one piece of it is called, "" where nothing is known."""
    if body.product:
        product = reference.product(connection, body.product)
        return product.unit if product else ""
    lot = lot_state(connection, body.lot)
    known = reference.produce_named(connection, lot.produce) if lot else None
    return known.word if known and body.unit == PIECE else ""


def sold_line(connection: Connection, sale: str) -> SoldLine | None:
    """Return a sale with what it cost, for a return."""
    state = sale_state(connection, sale)
    if state is None or not state.founder:
        return None
    cost_fen = _cost_beside(connection, state.founder, LotSold)
    back_fen = sum(_cost_beside(connection, fact, LotTakenBack) for fact in state.returns)
    return SoldLine(
        name=name_of_sold(connection, state), sale=state, cost_fen=cost_fen, cost_back_fen=back_fen
    )


def _cost_beside(
    connection: Connection, fact: str, body: type[LotSold] | type[LotTakenBack]
) -> int:
    """Return the cost that the goods' own fact, the next in the same act, says."""
    row = connection.execute(
        "SELECT g.body FROM facts f JOIN facts g ON g.stream = f.stream AND g.seq = f.seq + 1 "
        "AND g.act = f.act WHERE f.identity = ? AND g.kind = ?",
        (fact, body.KIND),
    ).fetchone()
    return msgspec.json.decode(row[0], type=body).cost_fen if row else 0


def sales_of_act(connection: Connection, act: str) -> tuple[str, ...]:
    """Return the lines of a slip, by the code on it."""
    return tuple(
        fact.identity for fact in facts_of_act(connection, act) if fact.kind == SaleMade.KIND
    )


def sale_of_return(connection: Connection, act: str) -> str:
    """Return the act in which goods were sold that came back in `act`, "" if it is no return."""
    back = next(
        (fact for fact in facts_of_act(connection, act) if fact.kind == SaleReturned.KIND), None
    )
    return act_of_fact(connection, back.entity) if back else ""


def act_of_fact(connection: Connection, identity: str) -> str:
    """Return the act of a fact: of a line, that in which it was sold."""
    row = connection.execute("SELECT act FROM facts WHERE identity = ?", (identity,)).fetchone()
    return str(row[0]) if row else ""


def acts_of_number(connection: Connection, typed: str) -> tuple[str, ...]:
    """Return the slips that bear a number, 12-K7 or only 12, the newest first."""
    bare = typed.strip().upper().removeprefix("NO.")
    digits = bare.partition("-")[0]
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        return ()
    rows = connection.execute(
        "SELECT DISTINCT f.act, f.stream, f.at FROM sales s JOIN facts f ON f.identity = s.entity "
        "WHERE s.slip = ? ORDER BY f.at DESC, f.act LIMIT ?",
        (int(digits), 10 * SLIPS_MAX),
    ).fetchall()
    found = dict.fromkeys(
        str(act)
        for act, stream, _at in rows
        if "-" not in bare or printed_number(int(digits), stream) == bare
    )
    return tuple(found)[:SLIPS_MAX]


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A slip in a list. day: business day; at: UTC ms; due_fen: what was to be paid."""

    act: str
    number: str
    day: str
    at: int
    lines: int
    due_fen: int


def slip_row(connection: Connection, act: str) -> SlipRow | None:
    """Return a slip for a list; None when nothing of it stands."""
    sales = sales_of_act(connection, act)
    states = [state for sale in sales if (state := sale_state(connection, sale)) is not None]
    facts = facts_of_act(connection, act)
    if not states:
        return None
    due_fen = sum(state.amount_fen - state.discount_fen for state in states)
    number = printed_number(states[0].slip, facts[0].stream)
    return SlipRow(act, number, states[0].day, facts[0].at, len(states), due_fen)


def newest_slips(connection: Connection, day: str) -> tuple[SlipRow, ...]:
    """Return the newest slips of a day, for a return without paper."""
    rows = connection.execute(
        "SELECT DISTINCT f.act, max(f.at) FROM sales s JOIN facts f ON f.identity = s.entity "
        "WHERE s.day = ? GROUP BY f.act ORDER BY max(f.at) DESC LIMIT ?",
        (day, 5 * SLIPS_MAX),
    ).fetchall()
    found = [slip_row(connection, str(act)) for act, _at in rows]
    return tuple(row for row in found if row is not None)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What was sold on a day. slips: how many; sold_fen: the goods, discounts deducted."""

    slips: int
    sold_fen: int


def figures_of(connection: Connection, day: str) -> DayFigures:
    """Return how many slips a day has and what their goods came to."""
    row = connection.execute(
        "SELECT count(DISTINCT f.act), coalesce(sum("
        "s.amount_fen - json_extract(CAST(f.body AS TEXT), '$.discount_fen')), 0) FROM sales s "
        "JOIN facts f ON f.identity = s.entity WHERE s.day = ?",
        (day,),
    ).fetchone()
    return DayFigures(int(row[0]), int(row[1]))


# --- What goes back with a return ----------------------------------------------------------------


def owed_of(connection: Connection, act: str) -> tuple[str, int]:
    """Return who put a slip on account, and how much of it a return may still take off.

    ("", 0) when it was paid at once. What came back before is found by the returns of its lines;
    what she has repaid since is no debt any more, so never more than she owes now.
    """
    taken = _tenders(connection, act, PaymentTaken)
    person = next((tender.person for tender in taken if tender.way == ON_ACCOUNT), "")
    if not person:
        return "", 0
    owed = sum(tender.amount_fen for tender in taken if tender.way == ON_ACCOUNT)
    returns = {
        act_of_fact(connection, fact)
        for sale in sales_of_act(connection, act)
        if (state := sale_state(connection, sale)) is not None
        for fact in state.returns
    }
    back = sum(
        tender.amount_fen
        for one in returns
        for tender in _tenders(connection, one, PaymentGiven)
        if tender.way == ON_ACCOUNT
    )
    owes_now = balance(connection, accounts.receivable(person))
    return person, max(0, min(owed - back, owes_now))


def _tenders(
    connection: Connection, act: str, body: type[PaymentTaken] | type[PaymentGiven]
) -> tuple[Tender, ...]:
    return tuple(
        tender
        for fact in facts_of_act(connection, act)
        if fact.kind == body.KIND
        for tender in msgspec.json.decode(fact.body, type=body).tenders
    )


def lent_by_return(
    connection: Connection,
    state: Returning,
    command: ReturnGoods,
    tenders: tuple[Tender, ...],
    now: Now,
) -> Lending:
    """Return what of other people's money this return would use, as the rule will find it."""
    facts = return_goods(state, command, now)
    if isinstance(facts, Refusal):
        return Lending()
    act = "A" * 16
    lines = [
        line
        for saying in facts
        if isinstance(saying.body, SaleReturned)
        for line in post_returned(_told(saying.body, saying.entity, act))
    ]
    for tender in tenders:
        place = _PLACES.get(tender.way) or accounts.drawer(now.device)
        if tender.way == ON_ACCOUNT:
            place = accounts.receivable(tender.person)
        lines.append(Line(place, CNY, -tender.amount_fen))
        lines.append(Line(accounts.counter(act), CNY, tender.amount_fen))
    return lending(books(connection), lines)


def _told(body: SaleReturned, entity: str, act: str) -> Told:
    return Told(
        identity="", stream="", seq=0, act=act, at=0, kind=body.KIND, by="", entity=entity,
        body=body,
    )  # fmt: skip
