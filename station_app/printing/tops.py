"""What stands on top and at the foot of a counter's slip, said once for every service.

Whose paper it is, its number as `journal/series.printed_number` gives it, when, who served, and for
whom: masked here, since paper leaves the counter.
"""

from dataclasses import dataclass, replace

from station_app.printing.document import Block, Line, money
from station_app.printing.forms import SlipFoot, SlipHead
from station_app.values.codes import SLIP, make_code
from station_app.values.day import say_moment
from station_app.values.masks import mask_name
from station_app.values.texts import Texts

NO_FOOT = SlipFoot()
CLOSING_SIGNS = 18  # beside which the proof has room on one line
CHECK_GROUPS = 2  # of four signs: enough to tell two papers apart over the telephone


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """Of whom and when a slip is.

    act: ticket, in the QR code, "" for a paper that is of no act; number: as printed ("12-K7");
    at: UTC ms; operator, name: in full; tail: of her phone; group: of the village; check: identity
    of the fact, its beginning is printed.
    """

    station: str
    act: str
    number: str
    day: str
    at: int
    operator: str
    address: str = ""
    name: str = ""
    tail: str = ""
    group: str = ""
    check: str = ""


def head_of(
    top: Top, heading: str, texts: Texts, *, who: str = "person", more: str = ""
) -> SlipHead:
    """Return the head of a slip. who: key of the words before the name; more: after her name."""
    by = texts.say("printing.top.by", operator=mask_name(top.operator)) if top.operator else ""
    meta = [f"{say_moment(top.at, top.day)}{by}"]
    if top.name:
        parts = [texts.say(f"printing.top.{who}", name=mask_name(top.name))]
        if top.tail:
            parts.append(texts.say("printing.top.tail", tail=top.tail))
        parts += [part for part in (top.group, more) if part]
        meta.append("  ".join(parts))
    return SlipHead(
        station=top.station,
        address=top.address,
        heading=heading,
        number=texts.say("printing.top.number", number=top.number) if top.number else "",
        meta=tuple(meta),
    )


def foot_of(top: Top, texts: Texts, foot: SlipFoot = NO_FOOT) -> SlipFoot:
    """Return the foot of a slip with its code, and after its last words what proves it."""
    return replace(
        foot,
        qr=make_code(SLIP, top.act) if top.act else "",
        closing=proved(foot.closing, top.check, texts),
    )


def proved(closing: str, identity: str, texts: Texts) -> str:
    """Return the last words of a slip with what proves it behind them. identity: "" for no fact."""
    proof = texts.say("printing.top.check", check=check_words(identity)) if identity else ""
    between = "  " if len(closing) <= CLOSING_SIGNS else "\n"
    return between.join(part for part in (closing, proof) if part)


def check_words(identity: str) -> str:
    """Return the beginning of a fact's identity as it is read out: "7f3a 91c2"."""
    return " ".join(identity[start : start + 4] for start in range(0, 4 * CHECK_GROUPS, 4))


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """How money changed hands. tenders: (way, fen handed over)."""

    tenders: tuple[tuple[str, int], ...] = ()
    change_fen: int = 0
    round_off_fen: int = 0


NOT_PAID = Paid()


def paid_lines(paid: Paid, texts: Texts) -> list[Block]:
    """Return a line for each way of payment, for what was let off and for the change."""
    blocks: list[Block] = [
        Line(texts.say(f"shell.paying.way.{way}"), money(fen)) for way, fen in paid.tenders
    ]
    if paid.round_off_fen:
        blocks.append(Line(texts.say("printing.pay.round_off"), money(-paid.round_off_fen)))
    if paid.change_fen:
        blocks.append(Line(texts.say("printing.pay.change"), money(paid.change_fen), bold=True))
    return blocks
