"""The slips of bills as plain data: what was taken in, and the proof that the biller has it.

Until the county says that a bill is paid, its slip says in white on black that it is not: 已受理，
未缴费. The account number is the villager's secret, so only its tail is on paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.printing.document import Block, Inverse, Line, Receipt, Rule, Total, money
from station_app.printing.forms import SlipFoot, slip
from station_app.printing.tops import NOT_PAID, Paid, Top, foot_of, head_of, paid_lines
from station_app.values.masks import tail
from station_app.values.texts import Texts

BAND = 44  # dots, of what must not be overlooked


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenSlip:
    """A bill that was taken in. biller: its name; account_no: in full (its tail is printed);
    answer_by: until when the villager hears how it went, in words ("11月26日 18:00").
    """

    top: Top
    biller: str
    account_no: str
    amount_fen: int
    fee_fen: int = 0
    paid: Paid = NOT_PAID
    answer_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidSlip:
    """A bill that the biller has. receipt: number of the biller's own receipt; paid_day: in words.

    taken: number on the slip that she got at the counter.
    """

    top: Top
    biller: str
    account_no: str
    amount_fen: int
    receipt: str
    paid_day: str
    taken: str


def taken_slip(said: TakenSlip, texts: Texts, width: int = 384) -> Receipt:
    """Return the slip of a bill that is taken in and not paid yet (缴费预收条)."""
    say = texts.say
    fee = (Line(say("bills.slip.fee"), money(said.fee_fen)),) if said.fee_fen else ()
    blocks = (
        Inverse(say("bills.slip.not_paid"), size=BAND),
        Line(said.biller, _account(said.account_no, texts), bold=True),
        *fee,
        Total(say("bills.slip.taken"), money(said.amount_fen + said.fee_fen)),
        *paid_lines(said.paid, texts),
    )
    by = say("bills.slip.answer_by", when=said.answer_by) if said.answer_by else ""
    notes = (say("bills.slip.no_proof"), say("bills.slip.then"), say("bills.slip.else"))
    foot = SlipFoot(notes=notes, leads=True, urgent=by, closing=say("bills.slip.keep"))
    foot = foot_of(said.top, texts, foot)
    return slip(head_of(said.top, say("bills.slip.heading"), texts), blocks, foot, width)


def paid_slip(said: PaidSlip, texts: Texts, width: int = 384) -> Receipt:
    """Return the slip of a bill that the biller has (缴费回执)."""
    say = texts.say
    blocks = (
        Inverse(say("bills.slip.is_paid"), size=BAND),
        Line(said.biller, _account(said.account_no, texts), bold=True),
        Total(say("bills.slip.paid"), money(said.amount_fen)),
        Line(say("bills.slip.paid_day"), said.paid_day),
        Line(say("bills.slip.receipt"), said.receipt),
        Rule(),
        Line(say("bills.slip.of"), say("printing.top.number", number=said.taken), size=24),
    )
    foot = foot_of(
        said.top,
        texts,
        SlipFoot(notes=(say("bills.slip.invoice"),), closing=say("bills.slip.keep")),
    )
    return slip(head_of(said.top, say("bills.slip.paid_heading"), texts), blocks, foot, width)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLine:
    """A biller on the board of prices. fee_fen: for taking one bill in; how: when it is taken."""

    name: str
    fee_fen: int
    how: str


def price_board(top: Top, lines: Sequence[BoardLine], texts: Texts, width: int = 576) -> Receipt:
    """Return what is put up at the counter: whose bills are taken in, and what that costs."""
    say = texts.say
    blocks: list[Block] = []
    for line in lines:
        fee = say("bills.board.free")
        if line.fee_fen:
            fee = say("bills.board.fee", amount=money(line.fee_fen))
        blocks += [Line(line.name, fee, bold=True), Line(line.how, size=24)]
    notes = (say("bills.board.promise"), say("bills.board.refund"), say("bills.board.slip"))
    foot = SlipFoot(notes=notes, closing=say("bills.board.complain"))
    return slip(head_of(top, say("bills.board.heading"), texts), tuple(blocks), foot, width)


def _account(account_no: str, texts: Texts) -> str:
    return texts.say("bills.slip.account", tail=tail(account_no)) if account_no else ""
