"""A manifest as A4 and as a workbook: the words of its slip, in tables with room for all of it."""

from station_app.printing.list_file import ListFile, Section
from station_app.services.parcels.lists import Manifest, goods_words
from station_app.values.day import say_moment
from station_app.values.masks import mask_name
from station_app.values.texts import Texts

STATES = ("missing", "extra", "seen")


def sheet_of(said: Manifest, texts: Texts) -> ListFile:
    """Return a list that is printed on a slip as one that leaves as a file."""
    say, top = texts.say, said.top
    heading = say(f"parcels.manifest.title_{said.kind}")
    number = say("printing.top.number", number=top.number)
    when = say_moment(top.at, top.day)
    by = say("printing.top.by", operator=mask_name(top.operator)) if top.operator else ""
    facts = [
        (say(f"parcels.manifest.other_{said.kind}"), said.other),
        (say("parcels.manifest.village"), said.village),
        (say("parcels.manifest.bag"), said.bag),
        (say("parcels.manifest.seal"), said.seal),
    ]
    named = "    ".join(f"{words} {value}" for words, value in facts if value)
    seal = say("parcels.manifest.seal_found", words=said.seal_words) if said.seal_words else ""
    return ListFile(
        name=f"{heading} {top.number} {top.day}",
        station=top.station,
        heading=heading,
        meta=tuple(one for one in (f"{number}    {when}{by}", named, seal) if one),
        sections=(_figures(said, texts), *_tables(said, texts)),
        signatures=(say("parcels.manifest.gives"), say("parcels.manifest.takes")),
        foot=f"{heading} {number}",
    )


def _figures(said: Manifest, texts: Texts) -> Section:
    count = {state: sum(one.state == state for one in said.pieces) for state in STATES}
    counted = len(said.pieces) - count["missing"]
    heads = ["counted"]
    row: list[str | int] = [counted]
    if said.announced >= 0:
        heads = ["announced", "counted", "figure_missing", "figure_extra"]
        fewer = 0 if count["missing"] or count["extra"] else said.announced - counted
        missing, extra = count["missing"] + max(fewer, 0), count["extra"] + max(-fewer, 0)
        row = [said.announced, counted, missing, extra]
    names = tuple(texts.say(f"parcels.manifest.{head}") for head in heads)
    return Section("", names, (tuple(row),))


def _tables(said: Manifest, texts: Texts) -> tuple[Section, ...]:
    say = texts.say
    made = []
    for state in STATES:
        pieces = [one for one in said.pieces if one.state == state]
        if pieces:
            title = say(f"parcels.manifest.{state}", count=len(pieces))
            heads = tuple(say(f"parcels.stubs.{head}") for head in ("place", "courier", "waybill"))
            rows = tuple((n, one.courier, one.waybill) for n, one in enumerate(pieces, 1))
            made.append(Section(title, heads, rows))
    if said.goods:
        title = say("parcels.manifest.goods", count=sum(one.packages for one in said.goods))
        heads = tuple(
            say(f"parcels.stubs.{head}") for head in ("place", "goods_name", "lot", "much")
        )
        rows_of_goods = tuple(
            (n, one.name, one.code, goods_words(one, texts)) for n, one in enumerate(said.goods, 1)
        )
        made.append(Section(title, heads, rows_of_goods))
    if said.bags:
        title = say("parcels.manifest.empty_bags", count=len(said.bags))
        heads = tuple(say(f"parcels.{head}") for head in ("stubs.place", "manifest.bag"))
        made.append(Section(title, heads, tuple(enumerate(said.bags, 1))))
    return tuple(made)
