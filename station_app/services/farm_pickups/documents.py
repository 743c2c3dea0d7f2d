"""The list that a van takes along to growers' doors (上门收货单), as plain data.

It passes many hands: names are masked, and of the phone it has the last four digits; the place is
what the driver needs. Behind each stands room for what the scale said, and why not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.printing.document import Block, Line, Receipt, Rule, Signature, Total
from station_app.printing.forms import SlipFoot, slip
from station_app.printing.tops import Top, foot_of, head_of
from station_app.values.masks import mask_name
from station_app.values.texts import Texts
from station_app.values.weight import say_jin

SMALL = 26
INDENT = 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place to fetch at. name in full (masked here); tail: of the phone."""

    name: str
    tail: str
    place: str
    produce: str
    grams: int
    remark: str = ""


def run_list(
    top: Top, driver: str, places: Sequence[Place], texts: Texts, width: int = 576
) -> Receipt:
    """Return the list of a run."""
    say = texts.say
    blocks: list[Block] = [
        Line(say("farm_pickups.paper.driver"), mask_name(driver) or say("farm_pickups.paper.van"),
             bold=True),
        Rule("thin"),
    ]  # fmt: skip
    for one in places:
        tail = say("farm_pickups.paper.tail", tail=one.tail) if one.tail else ""
        who = "  ".join(part for part in (mask_name(one.name), tail) if part)
        goods = say("farm_pickups.paper.goods", produce=one.produce, weight=say_jin(one.grams))
        blocks += [Line(f"□ {one.place}", who, bold=True), Line(goods, "", indent=INDENT)]
        if one.remark:
            blocks.append(Line(one.remark, "", SMALL, indent=INDENT))
        blocks.append(Signature((say("farm_pickups.paper.came"), say("farm_pickups.paper.why"))))
    count = say("farm_pickups.paper.places", count=len(places))
    total = say_jin(sum(one.grams for one in places))
    blocks += [Rule("thin"), Line(say("farm_pickups.paper.all"), count, bold=True),
               Total(say("farm_pickups.paper.weight"), total)]  # fmt: skip
    foot = foot_of(
        top,
        texts,
        SlipFoot(
            signatures=(say("farm_pickups.paper.out"), say("farm_pickups.paper.back")),
            closing=say("farm_pickups.paper.closing"),
        ),
    )
    head = head_of(top, say("farm_pickups.paper.title"), texts)
    return slip(head, tuple(blocks), foot, width)
