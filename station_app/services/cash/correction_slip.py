"""The slip of a correction (改正凭条): what stood, what is right, what changed hands.

Names stand on no slip here; whoever keeps it keeps it beside the slip that it corrects.
"""

from dataclasses import dataclass

from station_app.printing.document import Block, Line, Note, Receipt, Rule, Total, money
from station_app.printing.forms import SlipFoot, SlipHead, slip
from station_app.values.codes import SLIP, make_code
from station_app.values.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of paying, and how much."""

    way: str
    amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionSlip:
    """All that the slip says.

    act: of the correction; corrected: of the payment that it corrects; paid_at, at: moments in
    words; was, now: ways of paying; line: the purse by name with what was entered and what is
    right, None if no amount was wrong; moved_fen: taken now (above zero) or given; moved_by: how.
    """

    act: str
    corrected: str
    station: str
    number: str
    at: str
    operator: str
    paid_at: str
    was: tuple[Way, ...] = ()
    now: tuple[Way, ...] = ()
    line: tuple[str, int, int] | None = None
    moved_fen: int = 0
    moved_by: tuple[Way, ...] = ()


def correction_slip(said: CorrectionSlip, texts: Texts, width: int = 576) -> Receipt:
    """Return the slip. width: dots of the paper, 576 or 384."""
    head = SlipHead(
        station=said.station,
        heading=texts.say("cash.right.slip_heading"),
        number=texts.say("cash.right.slip_number", number=said.number),
        meta=(
            f"{said.at} {said.operator}".rstrip(),
            texts.say("cash.right.slip_of", when=said.paid_at, tail=said.corrected[-4:]),
        ),
    )
    foot = SlipFoot(
        notes=(texts.say("cash.right.slip_note"), texts.say("cash.right.slip_keep")),
        qr=make_code(SLIP, said.act),
        closing=texts.say("cash.right.slip_closing"),
    )
    return slip(head, tuple(_what(said, texts)), foot, width)


def _what(said: CorrectionSlip, texts: Texts) -> list[Block]:
    blocks: list[Block] = []
    if said.was:
        blocks.append(Note(texts.say("cash.right.slip_was")))
        blocks += [_way(one, texts) for one in said.was]
        blocks.append(Note(texts.say("cash.right.slip_now")))
        blocks += [_way(one, texts, bold=True) for one in said.now]
    if said.line is not None:
        name, entered_fen, right_fen = said.line
        blocks.append(Line(name, "", bold=True))
        blocks.append(Line(texts.say("cash.right.slip_entered"), money(entered_fen), indent=24))
        blocks.append(Line(texts.say("cash.right.slip_right"), money(right_fen), indent=24))
    if said.moved_fen:
        key = "slip_taken" if said.moved_fen > 0 else "slip_given"
        blocks += [Rule(), Total(texts.say(f"cash.right.{key}"), money(abs(said.moved_fen)))]
        blocks += [_way(one, texts) for one in said.moved_by]
    return blocks


def _way(one: Way, texts: Texts, *, bold: bool = False) -> Line:
    return Line(texts.say(f"cash.way.{one.way}"), money(one.amount_fen), bold=bold, indent=24)
