"""The slips of money that is owed, as plain data: repaid, paid back, put right after a double pay.

Paper leaves the counter: every name on it is masked. A payout is signed, since it is what the
station shows when somebody asks for it a second time.
"""

from dataclasses import dataclass

from station_app.printing.document import Block, Line, Note, Receipt, Rule, Total, money
from station_app.printing.forms import SlipFoot, SlipHead, slip
from station_app.printing.tops import NOT_PAID, Paid, paid_lines, proved
from station_app.values.codes import SLIP, make_code
from station_app.values.masks import mask_name
from station_app.values.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """What stands on top of every slip here.

    act: ticket, in the QR; name: in full, masked here; proof: identity of the fact.
    """

    act: str
    station: str
    number: str
    when: str
    operator: str
    address: str = ""
    proof: str = ""
    name: str = ""
    tail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaid:
    """What a villager paid back."""

    top: Top
    owed_fen: int
    amount_fen: int
    paid: Paid


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOut:
    """A refund that was paid out.

    what: words for what it comes from; number: as printed on the paper of that, "" for none.
    """

    top: Top
    what: str
    number: str
    amount_fen: int
    paid: Paid
    slip_taken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of money that was paid twice. purse: words; how: as in the fact."""

    top: Top
    purse: str
    amount_fen: int
    how: str
    paid: Paid = NOT_PAID


def repaid_slip(said: Repaid, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip of a repayment."""
    left_fen = said.owed_fen - said.amount_fen
    blocks: list[Block] = [
        Line(texts.say("accounts.slip.owed"), money(said.owed_fen)),
        Total(texts.say("accounts.slip.repaid"), money(said.amount_fen)),
        *paid_lines(said.paid, texts),
        Rule(),
        Line(texts.say("accounts.slip.left"), money(left_fen), bold=True),
    ]
    foot = SlipFoot(
        notes=(texts.say("accounts.slip.keep"),),
        qr=make_code(SLIP, said.top.act),
        closing=proved(texts.say("accounts.slip.closing"), said.top.proof, texts),
    )
    return slip(_head(said.top, "repaid_heading", texts), tuple(blocks), foot, width)


def paid_out_slip(said: PaidOut, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip of a refund that was paid out."""
    blocks: list[Block] = [
        Line(
            said.what,
            texts.say("accounts.slip.number", number=said.number) if said.number else "",
            bold=True,
        ),
        Total(texts.say("accounts.slip.paid_out"), money(said.amount_fen)),
        *paid_lines(said.paid, texts),
    ]
    if said.slip_taken:
        blocks.append(Note(texts.say("accounts.slip.taken_in")))
    foot = SlipFoot(
        notes=(texts.say("accounts.slip.once"),),
        leads=True,
        qr=make_code(SLIP, said.top.act),
        signatures=(texts.say("accounts.slip.receiver"),),
        closing=proved(texts.say("accounts.slip.closing"), said.top.proof, texts),
    )
    return slip(_head(said.top, "paid_out_heading", texts), tuple(blocks), foot, width)


def settled_slip(said: Settled, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip that says what became of money that was paid twice."""
    blocks: list[Block] = [
        Line(said.purse, "", bold=True),
        Total(texts.say("accounts.slip.twice"), money(said.amount_fen)),
        Line(texts.say(f"accounts.how.{said.how}"), ""),
        *paid_lines(said.paid, texts),
    ]
    foot = SlipFoot(
        notes=(texts.say("accounts.slip.keep"),),
        qr=make_code(SLIP, said.top.act),
        signatures=(texts.say("accounts.slip.manager"),),
        closing=proved(texts.say("accounts.slip.closing"), said.top.proof, texts),
    )
    return slip(_head(said.top, "settled_heading", texts), tuple(blocks), foot, width)


def _head(top: Top, heading: str, texts: Texts) -> SlipHead:
    by = texts.say("printing.top.by", operator=mask_name(top.operator)) if top.operator else ""
    meta = [top.when + by]
    if top.name:
        tail = texts.say("accounts.slip.tail", tail=top.tail) if top.tail else ""
        meta.append(f"{mask_name(top.name)}  {tail}".rstrip())
    return SlipHead(
        station=top.station,
        address=top.address,
        heading=texts.say(f"accounts.slip.{heading}"),
        number=texts.say("accounts.slip.number", number=top.number),
        meta=tuple(meta),
    )
