"""A station of two PCs, the county's desk, and three books that must agree, for the stories.

A story says real facts and yields what a sober person would have written down by hand: figures and
balances in yuan, goods in grams and pieces. Identities go by letters: `Held:Bill:B:Here`, `LOT-L`.
"""

import typing
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from county_server.accounts import balances as county_balances
from county_server.recording import Recording
from county_server.store import Store
from station_app.journal.fact import Body, Fact, Saying, Told, blake
from station_app.journal.log import FactLog
from station_app.journal.recorder import Author, Batch
from station_app.ledger.accounts import part
from station_app.ledger.balances import Books, Standing, is_below, standings
from station_app.ledger.posting import CNY
from station_app.services.cash.facts import PaymentGiven, PaymentTaken, ShiftOpened, Tender
from station_app.vocabulary import VOCABULARY
from tests.journal.notebook import Notebook

DAY = "2026-11-25"
FLOAT_FEN = 30_000
FIGURES = ("own", "not_mine", "money")
B = TypeVar("B", bound=msgspec.Struct)
Sums = dict[tuple[str, str], int]

P, Q, R = ((letter * 64) for letter in "3cf")  # three villagers, in the order of ties


def make(struct: type[B], **given: Any) -> B:
    """Return a struct with these fields; the rest says nothing: 0, "", (), and the day."""
    hints = typing.get_type_hints(struct)
    fields = {name.name: name for name in msgspec.structs.fields(struct)}
    nothing = {
        name: DAY if name == "day" else _nothing(hints[name])
        for name in fields
        if name not in given
    }
    return struct(**nothing, **given)


def _nothing(kind: Any) -> Any:
    if kind in (int, str):
        return kind()
    if typing.get_origin(kind) is tuple:
        return ()
    return make(kind)


def say(struct: type[Body], entity: str = "", /, **given: Any) -> Saying:
    """Return a saying about an entity, "" when it founds one."""
    return Saying(make(struct, **given), entity=entity)


def taken(
    due_fen: int, *, way: str = "cash", change_fen: int = 0, round_off_fen: int = 0, who: str = ""
) -> Saying:
    """Return the payment of an act in one way."""
    tender = Tender(way=way, amount_fen=due_fen + change_fen - round_off_fen, person=who)
    return say(
        PaymentTaken,
        due_fen=due_fen,
        tenders=(tender,),
        change_fen=change_fen,
        round_off_fen=round_off_fen,
    )


def given(due_fen: int, *, way: str = "cash", who: str = "") -> Saying:
    """Return a payment that goes out in one way."""
    tender = Tender(way=way, amount_fen=due_fen, person=who)
    return say(PaymentGiven, due_fen=due_fen, tenders=(tender,))


class Clerk(Notebook):
    """The county's desk: what it says goes to this station."""

    def restart(self) -> None:
        super().restart()
        self.author = Author("county.1/NX0601", "")
        self.recorder.author = self.author


@dataclass
class Village:
    """Two PCs with a float of 300.00 in the first drawer, the county's desk and its store."""

    one: Notebook = field(default_factory=lambda: Notebook(vocabulary=VOCABULARY, seed=1))
    two: Notebook = field(
        default_factory=lambda: Notebook("NX0601/D2", vocabulary=VOCABULARY, seed=2)
    )
    county: Notebook = field(
        default_factory=lambda: Clerk("county.1/NX0601", vocabulary=VOCABULARY, seed=3)
    )
    store: Store = field(default_factory=lambda: Store("sqlite://", VOCABULARY))
    letters: dict[str, str] = field(
        default_factory=lambda: {part(P): "P", part(Q): "Q", part(R): "R"}
    )
    shift: str = ""

    def __post_init__(self) -> None:
        self.store.make()
        opened = say(ShiftOpened, counted_fen=FLOAT_FEN, added_fen=FLOAT_FEN, reason="float")
        self.shift = self.one.say(opened).facts[0].identity

    def call(self, letter: str, identity: str) -> str:
        """Give a thing its letter, and return its identity."""
        self.letters[part(identity)] = letter
        return identity

    def found(self, letter: str, *sayings: Saying) -> str:
        """Say an act at the first PC whose first fact founds a thing; return its identity."""
        return self.call(letter, self.act(*sayings)[0].identity)

    def act(self, *sayings: Saying, at: Notebook | None = None) -> list[Told]:
        """Say an act at the first PC, or at another node, once it knows what the others know."""
        node = at or self.one
        self.share()
        batch: Batch = node.say(*sayings)
        return batch.told

    def decides(self, *sayings: Saying) -> list[Told]:
        """Say something at the county's desk."""
        return self.act(*sayings, at=self.county)

    def share(self) -> None:
        """Let everybody hear everything."""
        nodes = (self.one, self.two, self.county)
        for listener in nodes:
            for speaker in nodes:
                if speaker is not listener and listener is not self.county:
                    hears(listener, speaker)

    def facts(self) -> list[Fact]:
        """Return every fact that was said."""
        return self.one.facts()

    def to_county(self) -> None:
        """Let the county's store take what is new."""
        for head in FactLog(self.one.connection).heads():
            run = list(FactLog(self.one.connection).all_of(head.stream))
            with self.store.write() as connection:
                recording = Recording(self.store, connection)
                known = recording._journal.head(head.stream)
                if run[known.to :]:
                    recording.enter(run[known.to :], known)
                    recording.flush()

    def books(self) -> dict[str, Sums]:
        """Return the balances of both PCs and of the county, by letter."""
        self.share()
        self.to_county()
        with self.store.read() as connection:
            there = county_balances(self.store, connection, "NX0601")
        return {
            "first PC": self.lettered(as_sums(standings(self.one.connection))),
            "second PC": self.lettered(as_sums(standings(self.two.connection))),
            "county": self.lettered(there),
        }

    def lettered(self, sums: Sums) -> Sums:
        """Return balances with letters for identities."""
        return {(self.letter(account), self.letter(unit)): n for (account, unit), n in sums.items()}

    def letter(self, name: str) -> str:
        """Return a name with its letter in place of the 16 characters."""
        for key, letter in self.letters.items():
            name = name.replace(key, letter)
        return name


def hears(listener: Notebook, speaker: Notebook) -> None:
    """Let a PC take the streams that another one wrote."""
    log = FactLog(speaker.connection)
    for head in log.heads():
        if head.stream.startswith(speaker.place):
            listener.recorder.take(list(log.all_of(head.stream)))


def as_sums(found: Iterable[Standing]) -> Sums:
    return {(s.account, s.commodity): s.amount for s in found}


# --- What was written by hand --------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """What a story says at one moment. is_whole: whether it lists every account that is not zero.

    figures: own, not_mine, money in fen; balances: by account and commodity.
    """

    figures: dict[str, int]
    balances: Sums
    is_whole: bool

    def wrong(self, sums: Sums) -> list[str]:
        """Return what these balances say otherwise."""
        books = Books(tuple(Standing(a, u, n) for (a, u), n in sums.items() if u == CNY))
        found = [
            f"{name}: {getattr(books, f'{name}_fen')} instead of {fen}"
            for name, fen in self.figures.items()
            if getattr(books, f"{name}_fen") != fen
        ]
        for (account, unit), wanted in self.balances.items():
            is_alone = self.is_whole
            has = sums.get((account, unit), 0) if is_alone else below(sums, account, unit)
            if has != wanted:
                found.append(f"{account}: {has} {unit} instead of {wanted}")
        if self.is_whole:
            listed = self.balances
            found += [f"{key} {n} too" for key, n in sums.items() if n and key not in listed]
        return found


def below(sums: Sums, account: str, unit: str) -> int:
    return sum(n for (a, u), n in sums.items() if u == unit and is_below(a, account))


def written(text: str) -> Page:
    """Return a page of "own 303.00", "Liabilities:County -90.00", "Equity:Goods:Shelf 5 LOT-L".

    A line "all" says that no other account has anything but the float.
    """
    figures: dict[str, int] = {}
    balances: Sums = {}
    is_whole = False
    for line in filter(None, (row.strip() for row in text.splitlines())):
        name, *rest = line.split()
        if name == "all":
            is_whole = True
        elif name in FIGURES:
            figures[name] = fen(rest[0])
        elif len(rest) == 2:
            balances[name, rest[1]] = int(rest[0])
        else:
            balances[name, CNY] = fen(rest[0])
    if is_whole:
        balances.setdefault(("Equity:Float", CNY), -FLOAT_FEN)
        balances.setdefault(("Assets:Drawer:D1", CNY), FLOAT_FEN)
    return Page(figures, balances, is_whole)


def fen(yuan: str) -> int:
    """Return the fen of "-12.30"."""
    sign, digits = (-1, yuan[1:]) if yuan.startswith("-") else (1, yuan)
    assert digits[-3] == ".", f"{yuan} is no amount"
    return sign * int(digits.replace(".", ""))


Story = Callable[[Village], Generator[str]]


@dataclass
class Moment:
    """What was known at a moment of a story, and what was written by hand then."""

    page: Page
    reach: dict[str, int]


@dataclass
class Telling:
    """A story that was told: its village, its moments, and all its facts as postings see them."""

    village: Village
    moments: list[Moment]
    told: list[Told]


def tell(story: Story) -> tuple[Telling, list[str]]:
    """Tell a story on real facts; return it, and what three books say otherwise than the hand."""
    village = Village()
    moments: list[Moment] = []
    wrong: list[str] = []
    for text in story(village):
        page = written(text)
        for whose, sums in village.books().items():
            wrong += [f"moment {len(moments) + 1}, {whose}: {w}" for w in page.wrong(sums)]
        reach = {h.stream: h.to for h in FactLog(village.one.connection).heads()}
        moments.append(Moment(page, reach))
    told = [VOCABULARY.read(fact) for fact in village.facts()]
    return Telling(village, moments, told), wrong


def nobody(name: str) -> str:
    """Return an identity that stands for something outside of the story."""
    return blake(name.encode()).hex()
