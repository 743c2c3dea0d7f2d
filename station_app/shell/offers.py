"""What a slice offers to the rest, as plain values.

`offer.py` of a slice builds one `Offer` from these; the composition root hands all of them to the
shell and to the overview. So the shell can show pages, find people and follow scans without
knowing a single service. Every label here is a key of the text catalogue, never the words.

A `Connection` is whatever the desk reads from; the callables below run inside `Desk.read` or
`Desk.look_up` and must be quick (below 50 ms) unless they say otherwise.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from station_app.printing.document import Document
from station_app.shell.desk import Rule
from station_app.shell.tone import Tone as Tone
from station_app.values.codes import Recognised
from station_app.values.now import Now
from station_app.values.texts import Texts

if TYPE_CHECKING:
    from station_app.shell.counter import Counter
    from station_app.shell.page import Page

Connection = Any


@dataclass(frozen=True, slots=True)
class RailSpot:
    """Where a page stands in the rail of a township that passes parcels on to its villages.

    The fields are those of `PageOffer`.
    """

    fkey: str
    rail_label: str
    icon: str
    tab: str = ""
    tab_order: int = 0


@dataclass(frozen=True, slots=True)
class PageOffer:
    """A page, and where it stands.

    key: "parcels.intake", unique. rail_label: text key; icon: a name of resources/icons.
    fkey: "F2" puts it into the rail at that place; several pages of one fkey are tabs of it, in
    `tab_order`, named by the text key `tab`. fkey "" is a page that others open. make: builds it,
    once, when it is first shown. count: how many wait, shown on its tab. is_bare: it fills the
    whole window, without rail and bars (lock, first run). transfer: where it stands while a
    township's rail shows the way of the bags (see `PageBook`).
    """

    key: str
    rail_label: str
    icon: str
    fkey: str
    make: "Callable[[Counter], Page]"
    tab: str = ""
    tab_order: int = 0
    count: Callable[[Connection, Now], int] | None = None
    is_bare: bool = False
    transfer: RailSpot | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a tile or of a list: an icon, words, a tone."""

    icon: str
    words: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Figures:
    """What stands on a tile: a large number, its unit, up to two lines below."""

    count: int
    unit: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of the page of today. title: text key; page: key of the page that it opens."""

    key: str
    title: str
    icon: str
    page: str
    figures: Callable[[Connection, Now, Texts], Figures]
    order: int = 0


# --- Finding -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sought:
    """What was typed into the scan box. text: as typed, trimmed; code: what it looks like.

    day: the business day, for what has a price of the day.
    """

    text: str
    code: Recognised
    day: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the result list.

    title, hint: words; the part of the title equal to `match` is underlined. pill: (tone, words).
    Opening it opens `page` with `subject` (see `Page.open_with`).
    """

    title: str
    hint: str
    icon: str
    page: str
    subject: Mapping[str, str]
    match: str = ""
    pill: tuple[Tone, str] | None = None


@dataclass(frozen=True, slots=True)
class SearchSource:
    """One group of the result list. heading: text key; order: the smaller stands higher."""

    key: str
    heading: str
    find: Callable[[Connection, Sought, Texts], Sequence[Hit]]
    order: int = 0


# --- Following a scan ----------------------------------------------------------------------------


class Rank(IntEnum):
    """Which answer goes first. The smaller wins; later ranks are then not even asked."""

    OWN_CODE = 1
    KNOWN_HERE = 2
    PRODUCT = 3
    COURIER = 4


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a scan turned out to be.

    kind: a word that pages test for, "parcel.shelved"; entity: identity of the thing, "" if it is
    new; page: key of the page that deals with it when the present page does not; words: how to
    name it in a list of several. transfer: the page instead, while a township's rail shows the way
    of the bags.
    """

    kind: str
    page: str
    entity: str = ""
    words: str = ""
    transfer: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan, as a page gets it.

    text: NFKC, capitals, without spaces; raw: as it came; at: UTC ms; code: what it looks like;
    meaning: what it is here, None when nobody knows it; is_typed: entered by hand.
    """

    text: str
    raw: str
    at: int
    code: Recognised
    meaning: Meaning | None = None
    is_typed: bool = False


@dataclass(frozen=True, slots=True)
class ScanRoute:
    """One way to recognise a scan. look: (connection, text, code) → meaning, or None."""

    rank: Rank
    look: Callable[[Connection, str, Recognised], Meaning | None]


@dataclass(frozen=True, slots=True)
class Stray:
    """What an unknown scan may be taken for: a choice of the sheet. label: text key."""

    label: str
    page: str
    kind: str
    order: int = 0


# --- Cases and papers ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Side:
    """One of the accounts that disagree: who says it, when, and what.

    lines: (word, value) as this slice tells it; () for the fields of the fact as they stand.
    """

    who: str
    at: int
    words: str
    identity: str = ""
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Callee:
    """Whom to ring about a case. phone: the whole number, "" if only its tail is known."""

    name: str
    phone: str
    tail: str = ""


@dataclass(frozen=True, slots=True)
class CaseWords:
    """A case as it is shown: what disagrees, both sides, where to deal with it.

    line: the sentence below the title, "" for the usual one; steps: what to do next, in order;
    call: the villager who knows, None if nobody is known.
    """

    title: str
    hint: str
    sides: tuple[Side, ...] = ()
    page: str = ""
    subject: Mapping[str, str] = field(default_factory=dict)
    line: str = ""
    steps: tuple[str, ...] = ()
    call: Callee | None = None


@dataclass(frozen=True, slots=True)
class Following:
    """What follows when one side of a case holds. words: as the button says it, 记该退 ¥86.00."""

    commands: tuple[Any, ...]
    words: str


@dataclass(frozen=True, slots=True)
class CaseOffer:
    """Words for the cases of one slice.

    prefix: cases whose name begins so are described here. describe: (connection, case, entity,
    members, texts) → words. views: cases that are no state but follow from the books as they
    stand, as (case, entity, members): nobody closes them by a word, only by putting it right.
    decide: (connection, case, members, the side that holds, texts) → what is asked in the same act
    as the closing: what follows from it in the books of the slice; None: nothing.
    """

    prefix: str
    describe: Callable[[Connection, str, str, tuple[str, ...], Texts], CaseWords]
    views: Callable[[Connection], Sequence[tuple[str, str, tuple[str, ...]]]] | None = None
    decide: Callable[[Connection, str, tuple[str, ...], str, Texts], Following | None] | None = None


@dataclass(frozen=True, slots=True)
class CorrectionOffer:
    """A page on which an act that holds one of these kinds is put right (改正).

    words: text key of what is put right there, for acts of which more than one thing may be.
    """

    kinds: tuple[str, ...]
    page: str
    words: str


@dataclass(frozen=True, slots=True)
class DocumentOffer:
    """A paper that can be made again. rebuild: (connection, act, texts) → it, or None."""

    role: str
    title: str
    rebuild: Callable[[Connection, str, Texts], Document | None]


@dataclass(frozen=True, slots=True)
class ActWords:
    """An act in a list of what was done lately. amount: "收 ¥125.50", "" when no money moved."""

    icon: str
    words: str
    amount: str = ""
    page: str = ""
    subject: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ActOffer:
    """Words for acts whose first fact is of one of these kinds, "parcel.handed_over"."""

    kinds: tuple[str, ...]
    describe: Callable[[Connection, str, Texts], ActWords]


@dataclass(frozen=True, slots=True)
class HeldWork:
    """Work that was put aside and still waits, as the end of the day lists it.

    words: 「挂单 3 样 ¥42.50（王桂兰）」; page, subject: where it goes on; cancel: the command that
    gives it up, None if that is done on its page.
    """

    words: str
    page: str
    subject: Mapping[str, str] = field(default_factory=dict)
    cancel: Any = None


@dataclass(frozen=True, slots=True)
class Offer:
    """All that one slice shows to the rest. held: what of its work was put aside and waits."""

    pages: tuple[PageOffer, ...] = ()
    tiles: tuple[Tile, ...] = ()
    search_sources: tuple[SearchSource, ...] = ()
    scan_routes: tuple[ScanRoute, ...] = ()
    strays: tuple[Stray, ...] = ()
    cases: tuple[CaseOffer, ...] = ()
    documents: tuple[DocumentOffer, ...] = ()
    acts: tuple[ActOffer, ...] = ()
    corrections: tuple[CorrectionOffer, ...] = ()
    rules: tuple[Rule[Any, Any], ...] = ()
    held: tuple[Callable[[Connection, Texts], Sequence[HeldWork]], ...] = ()
