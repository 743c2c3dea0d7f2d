"""The promise that a lot meets the limits (承诺达标合格证), and the inspector's list of them.

The Ministry's rules of 2025 (in force since 2026-02-01) know two forms: of whoever grew it, and of
whoever bought from several and mixed or packed it anew. Words and boxes are the county's where it
has published them; the title, which the law fixes, stands largest.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from station_app.printing.document import (
    Beside,
    Block,
    Check,
    Choices,
    Column,
    Line,
    Note,
    Qr,
    Receipt,
    Rule,
    Table,
    Title,
)
from station_app.printing.forms import SlipFoot, slip_head
from station_app.printing.tops import Top, foot_of, head_of
from station_app.services.quality.rules import BASES, BUYER, PRODUCER
from station_app.values.texts import Texts

FORMS = (PRODUCER, BUYER)
FIELDS = (Column(33, size=26), Column(67, size=30, bold=True))
PROMISES_MAX = 5


@dataclass(frozen=True, slots=True)
class Wording:
    """What a form says: the sentence above, and the promises, each ticked."""

    opening: str
    promises: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A promise. bases: of BASES; producer: as it is to stand, "" to be signed; form: whose.

    number: of the certificate; reissued: lots were mixed or packed anew.
    """

    produce: str
    quantity: str
    place: str
    day: str
    producer: str
    contact: str
    wording: Wording
    bases: tuple[str, ...]
    number: str
    address: str
    form: str = PRODUCER
    reissued: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A lot of the inspector's list. whose: masked, or of how many; promise: in words."""

    day: str
    lot: str
    produce: str
    quantity: str
    whose: str
    promise: str


def usual_wording(form: str, texts: Texts) -> Wording:
    """Return what the Ministry's form says."""
    say = texts.say
    keys = [f"quality.certificate.{form}_{number}" for number in range(1, PROMISES_MAX + 1)]
    return Wording(
        say(f"quality.certificate.{form}"), tuple(say(key) for key in keys if texts.has(key))
    )


def wording_of(form: str, rules: Mapping[str, str], texts: Texts) -> Wording:
    """Return the county's words for a form, sentence and promises with bars between, or the usual.

    A county that publishes half of them is taken as having published nothing.
    """
    opening, *promises = (part.strip() for part in rules.get(f"promise.{form}", "").split("|"))
    if not opening or not any(promises):
        return usual_wording(form, texts)
    return Wording(opening, tuple(part for part in promises if part)[:PROMISES_MAX])


def certificate(said: Certificate, texts: Texts, width: int = 576) -> Receipt:
    """Return the certificate of promise of one lot (承诺达标合格证)."""
    say = texts.say
    fields = [
        ("product", said.produce),
        ("quantity", said.quantity),
        ("place", said.place),
        ("day", said.day),
        (f"{said.form}_named", said.producer or say("quality.certificate.signs")),
        ("contact", said.contact),
    ]
    rows = tuple((say(f"quality.certificate.{key}"), value) for key, value in fields)
    options = tuple(
        Check(say(f"quality.certificate.basis_{basis}"), ticked=basis in said.bases)
        for basis in BASES
    )
    number = say("quality.certificate.number", number=said.number)
    note = say("quality.certificate.reissued") if said.reissued else ""
    blocks: tuple[Block, ...] = (
        Title(say("quality.certificate.title")),
        Rule("solid"),
        Note(said.wording.opening, size=26, bold=True),
        *(Check(words, ticked=True) for words in said.wording.promises),
        Choices(say("quality.certificate.basis"), options),
        Rule("thin"),
        Table(FIELDS, rows[:3]),
        Beside((Table(FIELDS, rows[3:]),), Qr(said.address, module=4)),
        Rule("thin"),
        Note(f"{number}  {note}".rstrip()),
    )
    return Receipt(blocks, width)


def inspection_list(top: Top, kept: tuple[Kept, ...], texts: Texts, width: int = 576) -> Receipt:
    """Return what lots came in with which promise, the newest first (查验清单)."""
    say = texts.say
    lacking = sum(1 for one in kept if not one.promise)
    blocks: list[Block] = [
        Line(say("quality.list.lots"), say("quality.list.count", count=len(kept)), bold_right=True),
        Line(
            say("quality.list.lacking"),
            say("quality.list.count", count=lacking),
            bold_right=True,
        ),
        Rule(),
    ]
    for one in kept:
        promise = one.promise or say("quality.list.none")
        blocks.append(Line(f"{one.day}  {one.produce}", one.quantity, bold=True))
        blocks.append(Note(f"{one.lot}  {one.whose}  {promise}"))
    head = head_of(top, say("quality.list.title"), texts)
    foot = foot_of(top, texts, SlipFoot(closing=say("quality.list.closing")))
    closing = (Rule(), Note(foot.closing, align="centre"))
    return Receipt((*slip_head(head), *blocks, *closing), width)
