"""The slips of money that moves without a sale, and of a drawer that changes hands.

A voucher is what lies in the drawer in place of the money: numbered, signed, with a code that
opens its act. Where only one person stood there, the slip says so.
"""

from dataclasses import dataclass

from station_app.journal.series import printed_number
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
from station_app.services.cash.documents import HEAD_SIZE, INDENT, difference_words
from station_app.services.cash.facts import Count
from station_app.services.cash.figures import Names
from station_app.services.cash.handover import HandOver
from station_app.services.cash.vouchers import Voucher
from station_app.values.codes import SLIP, make_code
from station_app.values.day import say_moment
from station_app.values.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingSlip:
    """What a hand-over slip says besides the names.

    day: business day; act, stream: of the fact; counts: by face, largest first; not_mine_fen:
    other people's money at the cut, the difference of the count included.
    """

    hand_over: HandOver
    day: str
    act: str
    stream: str
    counts: tuple[Count, ...]
    expected_fen: int
    not_mine_fen: int
    giver: str
    taker: str


def voucher_slip(voucher: Voucher, names: Names, second: str, texts: Texts) -> Receipt:
    """Return a voucher. second: name of who confirmed it, "" for nobody."""
    say = texts.say
    is_out = voucher.direction == "out"
    place = say(f"cash.place.{voucher.place}")
    other = say(f"cash.{'out' if is_out else 'in'}_reason.{voucher.reason}")
    from_where, to_where = (place, other) if is_out else (other, place)
    blocks: list[Block] = [
        Line(say("cash.voucher.from"), from_where),
        Line(say("cash.voucher.to"), to_where),
        Rule("thin"),
        Total(say(f"cash.voucher.total_{voucher.direction}"), money(voucher.amount_fen)),
    ]
    if voucher.remark:
        blocks.append(Note(say("cash.voucher.words", words=voucher.remark)))
    if second:
        blocks.append(Note(say("cash.voucher.confirmed", name=second)))
    if voucher.alone:
        blocks += _alone(voucher.alone_reason, texts)
    number = printed_number(voucher.number, voucher.stream)
    head = SlipHead(
        station=names.station,
        address=names.address,
        heading=say(f"cash.voucher.title_{voucher.direction}"),
        number=say("cash.slip.number", number=number),
        meta=(f"{say_moment(voucher.at, voucher.day)} {names.operator}".rstrip(),),
    )
    signatures = (say("cash.voucher.hand"), say("cash.voucher.check"))
    foot = SlipFoot(
        qr=make_code(SLIP, voucher.act),
        closing=say("cash.voucher.closing"),
    )
    return slip(head, (*blocks, Signature(signatures)), foot)


def hand_over_slip(said: HandingSlip, names: Names, texts: Texts) -> Receipt:
    """Return the slip of a drawer that changed hands: what was counted, and both to sign."""
    say, over = texts.say, said.hand_over
    differs = over.counted_fen - said.expected_fen
    words = difference_words(differs, texts)
    blocks: list[Block] = [
        Line(say("cash.hand_over.giver"), said.giver),
        Line(say("cash.hand_over.taker"), said.taker),
        Rule("thin"),
        *(
            Line(
                say("cash.hand_over.face", face=say(f"cash.face.{c.face_fen}"), pieces=c.pieces),
                money(c.face_fen * c.pieces),
                indent=INDENT,
            )
            for c in said.counts
        ),
        Line(say("cash.slip.expected"), money(said.expected_fen), size=HEAD_SIZE, bold=True),
        Line(say("cash.slip.counted"), money(over.counted_fen), size=HEAD_SIZE, bold=True),
        Inverse(words) if differs else Line(words, bold=True),
    ]
    if over.remark:
        blocks.append(Note(say("cash.slip.reason", reason=over.remark)))
    if over.alone:
        blocks += _alone(over.alone_reason, texts)
    blocks += [
        Line(say("cash.hand_over.not_mine"), money(said.not_mine_fen)),
        Note(say("cash.hand_over.stays")),
        Signature((say("cash.slip.handing"), say("cash.slip.taking"))),
    ]
    head = SlipHead(
        station=names.station,
        address=names.address,
        heading=say("cash.hand_over.title"),
        number=say("cash.slip.number", number=printed_number(over.number, said.stream)),
        meta=(say_moment(over.at, said.day),),
    )
    foot = SlipFoot(qr=make_code(SLIP, said.act), closing=say("cash.hand_over.closing"))
    return slip(head, tuple(blocks), foot)


def _alone(reason: str, texts: Texts) -> tuple[Block, ...]:
    words = (Note(texts.say("cash.slip.reason", reason=reason)),) if reason else ()
    return (Inverse(texts.say("cash.voucher.alone")), *words)
