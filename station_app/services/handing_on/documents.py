"""The paper of a handing on (交接书), as plain data: keys, float, what is open; both sign."""

from dataclasses import dataclass

from station_app.printing.document import Line, Note, Receipt, Rule, Total, money
from station_app.printing.forms import SlipFoot, slip
from station_app.printing.tops import Top, foot_of, head_of
from station_app.values.masks import mask_name
from station_app.values.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingOnSlip:
    """What is handed on, and to whom. reason, keys, work: in words; leaving: in full (masked here).

    taker: where to and who, masked; keys, work: words and how many of them; forwarded: parcels
    that go to another station; alone: nobody was there to take it over.
    """

    top: Top
    reason: str
    leaving: str
    taker: str
    place: str
    keys: tuple[tuple[str, int], ...]
    float_fen: int
    work: tuple[tuple[str, int], ...]
    forwarded: int = 0
    remark: str = ""
    alone: bool = False


def handing_on_slip(said: HandingOnSlip, texts: Texts, width: int = 576) -> Receipt:
    """Return the paper."""
    say = texts.say
    facts = (
        ("why", said.reason),
        ("leaving", mask_name(said.leaving)),
        ("taker", said.taker),
        ("place", said.place),
    )
    work = tuple(
        Line(words, say("handing_on.paper.items", count=count)) for words, count in said.work
    )
    blocks = (
        *(Line(say(f"handing_on.paper.{key}"), value, bold=True) for key, value in facts if value),
        Rule("thin"),
        *(Line(words, say("handing_on.paper.keys", count=count)) for words, count in said.keys),
        Total(say("handing_on.paper.float"), money(said.float_fen)),
        Rule("thin"),
        Note(say("handing_on.paper.open"), bold=True),
        *(work or (Note(say("handing_on.paper.nothing_open")),)),
        *((Note(say("handing_on.paper.forwarded", count=said.forwarded)),)
          if said.forwarded else ()),
        *((Note(said.remark),) if said.remark else ()),
        *((Note(say("handing_on.paper.alone"), bold=True),) if said.alone else ()),
    )  # fmt: skip
    signatures = tuple(say(f"handing_on.paper.{key}") for key in ("gives", "takes"))
    foot = SlipFoot(signatures=signatures, closing=say("handing_on.paper.closing"))
    head = head_of(said.top, say("handing_on.paper.title"), texts)
    return slip(head, blocks, foot_of(said.top, texts, foot), width)
