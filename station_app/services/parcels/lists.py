"""Lists of parcels on paper, as plain data: board, call list, delivery run, overdue, manifests.

A board hangs where everybody passes: half a name and two digits of the tail, no pickup code and no
word of what is in it, since the four digits are the check at the counter. The lists that a runner
carries have the four digits, and room to tick and to write why not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.printing.document import (
    Block,
    Column,
    Gap,
    Inverse,
    Line,
    Note,
    Qr,
    Receipt,
    Rule,
    Signature,
    Table,
    Total,
    grouped,
    money,
)
from station_app.printing.forms import SlipFoot, slip, slip_head
from station_app.printing.tops import Top, foot_of, head_of
from station_app.services.parcels.load_facts import LoadedGoods
from station_app.values.codes import BAG, make_code
from station_app.values.goods_out import GoodsOut
from station_app.values.masks import board_tail, mask_name
from station_app.values.texts import Texts
from station_app.values.weight import say_jin

BOARD_BAND, GROUP_SIZE = 56, 32
_BOARD = (
    Column(4),
    Column(27, size=36, bold=True),
    Column(34, size=30),
    Column(17, "right", size=30, bold=True),
    Column(25, "right", size=28),
)
_CALLS = (
    Column(11, size=28),
    Column(28, size=30, bold=True),
    Column(20, size=28),
    Column(15, "right", size=28, bold=True),
    Column(26, "right", size=24),
)
_GOODS = (
    Column(9, size=26),
    Column(61, size=26, bold=True),
    Column(30, "right", size=26),
)
_BAGS = (Column(9, size=26), Column(91, size=26))
_PIECES = (
    Column(9, size=26),
    Column(23, size=26, bold=True),
    Column(68, "right", size=26),
)
_GOODS_ALONG = (
    Column(8, size=26),
    Column(38, size=26, bold=True),
    Column(22, size=24),
    Column(32, "right", size=24),
)
_LISTED = (
    Column(11, size=26),
    Column(26, size=26, bold=True),
    Column(30, size=26),
    Column(33, "right", size=24),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One receiver of parcels. name, tail: in full; days: on hand, 0 today; waits: extra words."""

    name: str
    tail: str
    pieces: int
    days: int
    code: str = ""
    cod_fen: int = 0
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hamlet:
    """A group of the village with who waits there."""

    name: str
    waiting: tuple[Waiting, ...]

    @property
    def pieces(self) -> int:
        """Parcels of all of them."""
        return sum(one.pieces for one in self.waiting)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One parcel on a manifest. state: `seen`, `missing`, `extra`."""

    waybill: str
    courier: str
    state: str = "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A round that came or goes. kind: `in`, `returns`, `sent`, `van`, `village`.

    other: who hands over or takes along; announced: pieces, −1 when nobody announced any; bag,
    seal: numbers, "" for none; seal_words: how a broken seal looked; village: for which it is;
    goods, bags: produce and empty bags that go along.
    """

    top: Top
    kind: str
    other: str
    pieces: tuple[Piece, ...]
    announced: int = -1
    bag: str = ""
    seal: str = ""
    seal_words: str = ""
    cod_fen: int = 0
    village: str = ""
    goods: tuple[LoadedGoods, ...] = ()
    bags: tuple[str, ...] = ()


def board(
    heading: Sequence[str], hamlets: Sequence[Hamlet], texts: Texts, width: int = 576
) -> Receipt:
    """Return the list that is put up outside (公示取件名单).

    heading: the station, when, its hours, in words.
    """
    say = texts.say
    blocks: list[Block] = [
        Inverse(say("parcels.board.title"), size=BOARD_BAND),
        Note("  ".join(part for part in heading if part), align="centre"),
    ]
    for hamlet in hamlets:
        rows = tuple(
            (
                "",
                mask_name(one.name) or say("parcels.label.no_name"),
                say("parcels.board.tail", tail=board_tail(one.tail)) if one.tail else "",
                say("parcels.board.pieces", count=one.pieces),
                _days(one.days, texts),
            )
            for one in hamlet.waiting
        )
        count = say("parcels.board.pieces", count=hamlet.pieces)
        blocks += [
            Rule("thin"),
            Line(hamlet.name, count, GROUP_SIZE, bold=True),
            Table(_BOARD, rows),
        ]
    blocks += [Rule("solid"), Note(say("parcels.board.note"), size=26)]
    return Receipt(tuple(blocks), width)


def call_list(top: Top, hamlets: Sequence[Hamlet], texts: Texts, width: int = 576) -> Receipt:
    """Return the list of who is still to be told (通知单), to tick off."""
    blocks: list[Block] = []
    for hamlet in hamlets:
        blocks.append(Line(hamlet.name, _pieces(hamlet.pieces, texts), GROUP_SIZE, bold=True))
        rows = tuple(
            ("□", mask_name(one.name), one.tail, _pieces(one.pieces, texts), one.how)
            for one in hamlet.waiting
        )
        blocks += [Table(_CALLS, rows), Rule("thin")]
    foot = foot_of(top, texts, SlipFoot(closing=texts.say("parcels.calls.closing")))
    return slip(head_of(top, texts.say("parcels.calls.title"), texts), tuple(blocks), foot, width)


def overdue_list(top: Top, waiting: Sequence[Waiting], texts: Texts, width: int = 576) -> Receipt:
    """Return the parcels that have waited too long (滞留单), oldest first."""
    rows = tuple(
        (
            "□",
            one.code,
            f"{mask_name(one.name)} {one.tail}".strip(),
            f"{_days(one.days, texts)} {one.how}".strip(),
        )
        for one in sorted(waiting, key=lambda one: -one.days)
    )
    count = _pieces(sum(one.pieces for one in waiting), texts)
    blocks = (Line(texts.say("parcels.overdue_list.all"), count, bold=True), Table(_LISTED, rows))
    foot = foot_of(top, texts, SlipFoot(closing=texts.say("parcels.overdue_list.closing")))
    head = head_of(top, texts.say("parcels.overdue_list.title"), texts)
    return slip(head, blocks, foot, width)


def delivery_run(
    top: Top, runner: str, hamlets: Sequence[Hamlet], texts: Texts, width: int = 576
) -> Receipt:
    """Return what a runner takes along to the doors (送货单): code, whose, what to collect.

    Why somebody gets a visit (old, ill, bulky) stands nowhere on it.
    """
    say = texts.say
    everyone = [one for hamlet in hamlets for one in hamlet.waiting]
    blocks: list[Block] = [
        Line(say("parcels.run.runner"), mask_name(runner), bold=True),
        Rule("thin"),
    ]
    for hamlet in hamlets:
        blocks.append(Line(hamlet.name, _pieces(hamlet.pieces, texts), GROUP_SIZE, bold=True))
        for one in hamlet.waiting:
            collect = money(one.cod_fen) if one.cod_fen else say("parcels.run.free")
            who = f"{mask_name(one.name)}  {_tail(one.tail, texts)}".rstrip()
            blocks += [
                Line(f"□ {who}", _pieces(one.pieces, texts), bold=True),
                Line(one.code, collect, 26, indent=34),
                Signature((say("parcels.run.signed"), say("parcels.run.not_there"))),
            ]
        blocks.append(Rule("thin"))
    total = sum(one.cod_fen for one in everyone)
    blocks += [
        Line(
            say("parcels.run.all"), _pieces(sum(one.pieces for one in everyone), texts), bold=True
        ),
        Total(say("parcels.run.collect"), money(total)),
    ]
    foot = foot_of(
        top,
        texts,
        SlipFoot(
            signatures=(say("parcels.run.out"), say("parcels.run.back")),
            closing=say("parcels.run.closing"),
        ),
    )
    return slip(head_of(top, say("parcels.run.title"), texts), tuple(blocks), foot, width)


def manifest(said: Manifest, texts: Texts, width: int = 576) -> Receipt:
    """Return the list of a round that came or goes (交接单), both sides to sign."""
    say = texts.say
    seen = [piece for piece in said.pieces if piece.state != "missing"]
    village = Line(say("parcels.manifest.village"), said.village, GROUP_SIZE + 6, bold=True)
    blocks: list[Block] = [
        *((village,) if said.village else ()),
        Line(say(f"parcels.manifest.other_{said.kind}"), said.other, bold=True),
        *(Line(say(f"parcels.manifest.{key}"), value) for key, value in _bag(said) if value),
        *_seal(said, texts),
        Rule("thin"),
        *_counts(said, len(seen), texts),
        Gap(6),
    ]
    for state in ("missing", "extra", "seen"):
        pieces = [piece for piece in said.pieces if piece.state == state]
        if not pieces:
            continue
        key = "parcels" if state == "seen" and said.kind != "in" else state
        words = say(f"parcels.manifest.{key}", count=len(pieces))
        if state == "seen":
            blocks += [Gap(6), Note(words, size=26, bold=True)]
        else:
            blocks.append(Inverse(words, size=28))
        blocks.append(_table(said.kind, pieces))
    if said.goods:
        words = say("parcels.manifest.goods", count=sum(one.packages for one in said.goods))
        rows = tuple(
            (str(place), one.name, one.code, goods_words(one, texts))
            for place, one in enumerate(said.goods, 1)
        )
        blocks += [Gap(6), Note(words, size=26, bold=True), Table(_GOODS_ALONG, rows)]
    if said.bags:
        words = say("parcels.manifest.empty_bags", count=len(said.bags))
        bags = tuple((str(place), code) for place, code in enumerate(said.bags, 1))
        blocks += [Gap(6), Note(words, size=26, bold=True), Table(_BAGS, bags)]
    if said.cod_fen:
        blocks.append(Line(say("parcels.manifest.cod"), money(said.cod_fen), bold=True))
    signatures = (say("parcels.manifest.gives"), say("parcels.manifest.takes"))
    blocks += [Gap(14), Signature(signatures)]
    foot = foot_of(said.top, texts, SlipFoot(closing=say("parcels.manifest.closing")))
    head = head_of(said.top, say(f"parcels.manifest.title_{said.kind}"), texts)
    return slip(head, tuple(blocks), foot, width)


def _table(kind: str, pieces: Sequence[Piece]) -> Table:
    """Return pieces one below the other: goods by name and the number of their order."""
    placed = list(enumerate(pieces, 1))
    if kind == "orders":
        return Table(_GOODS, tuple((str(n), one.courier, one.waybill) for n, one in placed))
    rows = tuple((str(n), one.courier, grouped(one.waybill)) for n, one in placed)
    return Table(_PIECES, rows)


def load_words(pieces: int, packages: int, bags: int, texts: Texts) -> str:
    """Return what a van takes along, without what it does not: 包裹 3 件、空袋 2 个."""
    counts = (("parcels", pieces), ("goods", packages), ("bags", bags))
    return "、".join(
        texts.say(f"parcels.manifest.load_{what}", count=count) for what, count in counts if count
    )


def goods_words(one: LoadedGoods | GoodsOut, texts: Texts) -> str:
    """Return how much of a lot goes along, and in how many packages."""
    weight = say_jin(one.quantity) if one.unit != "piece" else str(one.quantity)
    return texts.say("parcels.manifest.goods_line", weight=weight, count=one.packages)


def bag_slip(said: Manifest, payload: str, texts: Texts, width: int = 576) -> Receipt:
    """Return what is put into a bag that leaves: its code to scan, and how many are in it."""
    say = texts.say
    head = head_of(said.top, say("parcels.manifest.bag_title"), texts)
    blocks: tuple[Block, ...] = (
        *slip_head(head),
        Total(said.other, _pieces(len(said.pieces), texts)),
        *(Line(say(f"parcels.manifest.{key}"), value) for key, value in _bag(said) if value),
        Qr(make_code(BAG, payload), caption=make_code(BAG, payload)),
    )
    return Receipt(blocks, width)


def _bag(said: Manifest) -> tuple[tuple[str, str], ...]:
    return (("bag", said.bag), ("seal", said.seal))


def _seal(said: Manifest, texts: Texts) -> tuple[Block, ...]:
    if not said.seal_words:
        return ()
    words = texts.say("parcels.manifest.seal_found", words=said.seal_words)
    return (Note(words, size=28, bold=True),)


def _counts(said: Manifest, seen: int, texts: Texts) -> list[Block]:
    say = texts.say
    counted = Line(say("parcels.manifest.counted"), _pieces(seen, texts), 34, bold=True)
    if said.announced < 0:
        return (
            [counted, Note(say("parcels.manifest.unannounced"))] if said.kind == "in" else [counted]
        )
    announced = _pieces(said.announced, texts)
    blocks: list[Block] = [
        Line(say("parcels.manifest.announced"), announced, 34, bold=True),
        counted,
    ]
    if said.announced == seen and not any(piece.state == "extra" for piece in said.pieces):
        blocks.append(Line(say("parcels.manifest.agrees"), "", bold=True))
    return blocks


def _days(days: int, texts: Texts) -> str:
    return texts.say("parcels.board.days", count=days) if days else texts.say("parcels.board.today")


def _pieces(count: int, texts: Texts) -> str:
    return texts.say("parcels.board.pieces", count=count)


def _tail(tail: str, texts: Texts) -> str:
    return texts.say("parcels.label.tail", tail=tail) if tail else ""
