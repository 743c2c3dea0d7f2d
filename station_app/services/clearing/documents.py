"""The papers of clearing as plain data: with the money to the county, for a courier, the answer.

A remittance's slip goes into the bag with the money and is counted against at the county; a
courier's slip bears the runner's signature; the answer to a statement says each difference with
both sides, so that it can be talked over by phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.printing.document import (
    Block,
    Inverse,
    Line,
    Note,
    Receipt,
    Rule,
    Signature,
    Total,
    money,
)
from station_app.printing.forms import SlipFoot, SlipHead, slip
from station_app.services.clearing.comparison import Row
from station_app.services.clearing.rules import Piece
from station_app.services.clearing.statements import REFUSED, Statement
from station_app.services.clearing.states import CourierPayment, Remittance
from station_app.services.clearing.wording import (
    account_words,
    charge_words,
    difference_words,
    kind_words,
    month_words,
    side_words,
)
from station_app.values.codes import SLIP, identity_payload, make_code
from station_app.values.day import say_moment
from station_app.values.masks import mask_name
from station_app.values.texts import Texts

INDENT = 12
SMALL = 24
WAYBILL_TAIL = 4
PIECES_PRINTED_MAX = 80  # the rest is a line: nobody reads a slip of two metres
DIFFERENCES_PRINTED_MAX = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Paperhead:
    """Whose paper it is. number: as printed; at: UTC ms; identity: in the code."""

    station: str
    address: str
    number: str
    at: int
    day: str
    operator: str
    identity: str


def remittance_slip(
    head: Paperhead, said: Remittance, orders: Sequence[tuple[str, int]], texts: Texts
) -> Receipt:
    """Return the slip that goes with the money. orders: (number of the order's slip, fen)."""
    say = texts.say
    current_fen = said.amount_fen - sum(fen for _, fen in orders)
    blocks: list[Block] = [Line(say("clearing.slip.way"), say(f"clearing.way.{said.way}"))]
    if said.carrier:
        blocks.append(Line(say("clearing.slip.carrier"), mask_name(said.carrier)))
    blocks.append(Rule("thin"))
    if orders:
        blocks.append(Line(say("clearing.slip.prepayments", count=len(orders)), bold=True))
        blocks += [
            Line(say("clearing.slip.order", number=number), money(fen), SMALL, indent=INDENT)
            for number, fen in orders
        ]
    if current_fen:
        blocks.append(Line(say("clearing.slip.current"), money(current_fen), bold=True))
    blocks += [
        Rule(),
        Total(say("clearing.slip.remitted"), money(said.amount_fen)),
        Signature((say("clearing.slip.hands_out"), say("clearing.slip.takes"))),
        Signature((say("clearing.slip.counted_by"),)),
    ]
    foot = SlipFoot(
        notes=(say("clearing.slip.with_money"),),
        leads=True,
        qr=make_code(SLIP, identity_payload(head.identity)),
        closing=say("clearing.slip.remittance_closing"),
    )
    return slip(_head(head, say("clearing.slip.remittance"), texts), tuple(blocks), foot)


def courier_slip(
    head: Paperhead,
    said: CourierPayment,
    courier: str,
    pieces: Sequence[tuple[str, Piece]],
    texts: Texts,
) -> Receipt:
    """Return the slip for a courier. pieces: (waybill, what it held), "" without a waybill."""
    say = texts.say
    sums = (
        ("cod", said.cod_fen),
        ("freight", said.freight_fen),
        ("sending", said.sending_fen),
        ("fee", -said.fee_fen),
        ("fine", said.fine_fen),
    )
    blocks: list[Block] = [
        Line(say("clearing.slip.courier"), courier, bold=True),
        *([Line(say("clearing.slip.runner"), mask_name(said.runner))] if said.runner else []),
        Line(say("clearing.slip.pieces"), say("clearing.count.pieces", count=len(pieces))),
        Rule("thin"),
        *(Line(say(f"clearing.slip.{key}"), money(fen)) for key, fen in sums if fen),
        Rule(),
        Total(say("clearing.slip.to_courier"), money(said.to_pay_fen)),
    ]
    shown = pieces[:PIECES_PRINTED_MAX]
    blocks += [
        Line(_waybill(waybill, texts), money(piece.fen), SMALL, indent=INDENT)
        for waybill, piece in shown
    ]
    rest = pieces[len(shown) :]
    if rest:
        words = say("clearing.slip.rest", count=len(rest))
        rest_fen = sum(piece.fen for _, piece in rest)
        blocks.append(Line(words, money(rest_fen), SMALL, indent=INDENT))
    signs = (say("clearing.slip.runner_signs"), say("clearing.slip.hands_out"))
    blocks.append(Signature(signs))
    foot = SlipFoot(
        qr=make_code(SLIP, identity_payload(head.identity)),
        closing=say("clearing.slip.courier_closing"),
    )
    return slip(_head(head, say("clearing.slip.courier_title"), texts), tuple(blocks), foot)


def _waybill(waybill: str, texts: Texts) -> str:
    if not waybill:
        return texts.say("clearing.slip.no_waybill")
    return texts.say("clearing.slip.waybill", tail=waybill[-WAYBILL_TAIL:])


def answer_slip(
    head: Paperhead, said: Statement, differences: Sequence[Row], texts: Texts
) -> Receipt:
    """Return the answer to a statement, each difference with both sides."""
    say = texts.say
    blocks: list[Block] = [
        Line(say("clearing.slip.month"), month_words(said.month, texts), bold=True),
        Inverse(say(f"clearing.state.{said.status}")),
    ]
    if said.status == REFUSED:
        blocks.append(Note(say(f"clearing.whole.{said.reason}"), bold=True))
    else:
        blocks += _compared(said, differences, texts)
    blocks.append(Signature((say("clearing.slip.manager"), say("clearing.slip.county_signs"))))
    foot = SlipFoot(
        qr=make_code(SLIP, identity_payload(head.identity)),
        closing=say("clearing.slip.answer_closing"),
    )
    return slip(_head(head, say("clearing.slip.answer"), texts), tuple(blocks), foot)


def _compared(said: Statement, differences: Sequence[Row], texts: Texts) -> list[Block]:
    say = texts.say
    blocks: list[Block] = [
        Line(say("clearing.slip.equal"), say("clearing.count.lines", count=said.equal)),
        Line(say("clearing.slip.waiting"), say("clearing.count.lines", count=said.waiting)),
        Line(say("clearing.slip.differing"), say("clearing.count.lines", count=said.differences)),
    ]
    blocks += [
        Line(charge_words(charge.account, charge.amount_fen, texts), money(charge.amount_fen))
        for charge in said.accepted
    ]
    if said.declined:
        numbers = "、".join(str(number) for number in said.declined)
        blocks.append(Note(say("clearing.slip.declined", numbers=numbers)))
    for row in differences[:DIFFERENCES_PRINTED_MAX]:
        blocks += _difference(row, texts)
    rest = len(differences) - DIFFERENCES_PRINTED_MAX
    if rest > 0:
        blocks.append(Note(say("clearing.slip.more_differences", count=rest)))
    return blocks


def _difference(row: Row, texts: Texts) -> list[Block]:
    """Return a difference: what it is, then both sides."""
    theirs, ours = side_words(row, texts)
    what = kind_words(row.kind, texts) if row.fact else account_words(row.shown_account, texts)
    lines = [line for line in (what, theirs, ours) if line]
    return [
        Rule("thin"),
        Note(difference_words(row.state, texts), bold=True),
        *(Note(line, indent=INDENT) for line in lines),
    ]


def _head(head: Paperhead, heading: str, texts: Texts) -> SlipHead:
    by = texts.say("clearing.slip.by", name=mask_name(head.operator)) if head.operator else ""
    number = texts.say("clearing.slip.number", number=head.number) if head.number else ""
    return SlipHead(
        station=head.station,
        address=head.address,
        heading=heading,
        number=number,
        meta=(f"{say_moment(head.at, head.day)}{by}",),
    )
