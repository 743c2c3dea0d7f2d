"""Manifests (交接单): what changes hands between the van or a courier and the station, by a list.

A bag comes closed: it is received by its tag, then opened and counted against what the county
announced. What is missing or too many is written on the list and keeps nobody from signing it:
both sides go away with the same paper. What goes back to a courier leaves by a list as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Body, Saying, Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.parcels.bags import Bag
from station_app.services.parcels.commands import CloseManifest, ReceiveBag
from station_app.services.parcels.facts import (
    BagAnnounced,
    BagOpened,
    BagReceived,
    ListedPiece,
    ManifestClosed,
    OtherSide,
)
from station_app.services.parcels.load_facts import (
    CourierRoundCounted,
    LoadedBag,
    LoadedGoods,
    UnloadedBag,
    VanLoaded,
    VanLoadedWithBags,
    VanUnloaded,
    VillageLoadLeft,
)
from station_app.services.parcels.seals import broken_seal
from station_app.values.now import Now
from station_app.values.refusal import Refusal

PIECES_MAX = 300  # on one list: more is two bags, and would not fit into one fact
CODE_CHARACTERS_MAX = 40
NAME_MAX = 30
DIRECTIONS = ("in", "returns", "sent", "orders")
AS_LISTED = ("sent", "orders")  # what goes along is known by who asks, piece by piece
VAN, VILLAGE = "van", "village"
"""Directions of what leaves as a load: back to the hub, or from a township to a village."""
ROUND = "round"  # of a courier, at the hub

Decision = Sequence[Saying] | Refusal


class AnnouncedBag(msgspec.Struct, frozen=True, kw_only=True):
    """A bag that the county has announced, as last said."""

    code: str
    manifest: str
    station: str
    seal: str
    pieces: tuple[ListedPiece, ...]
    since: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """A list that was closed; see `ManifestClosed` and `load_facts`.

    direction: besides those of `DIRECTIONS` `van`, `village` or `round` (of a courier, at the hub);
    station, code, seal: of a village's load; goods, bags: of a van's. founder: the fact that closed
    it, "" while only the hub has spoken; unloadings: facts by which the hub took it, came_day:
    when, came, came_bags: what.
    """

    number: int = 0
    direction: str = VAN
    courier: str = ""
    bag: str = ""
    announced: int = -1
    pieces: tuple[ListedPiece, ...] = ()
    other: str = ""
    day: str = ""
    at: int = 0
    stream: str = ""
    station: str = ""
    code: str = ""
    seal: str = ""
    goods: tuple[LoadedGoods, ...] = ()
    bags: tuple[LoadedBag, ...] = ()
    founder: str = ""
    unloadings: tuple[str, ...] = ()
    came_day: str = ""
    came: tuple[ListedPiece, ...] = ()
    came_bags: tuple[UnloadedBag, ...] = ()

    @property
    def differing(self) -> int:
        """Return in how many pieces and bags station and hub, or list and bag, do not agree."""
        states = [*(one.state for one in self.came), *(one.state for one in self.came_bags)]
        if self.is_listed:
            states += [one.state for one in self.pieces]
        elif self.direction == "in" and self.announced >= 0:
            return abs(self.announced - len(self.pieces))
        return sum(state != "seen" for state in states)

    @property
    def has_parcels(self) -> bool:
        """Tell whether the hub counts anything of it: produce is weighed there by itself."""
        return bool(self.pieces or self.bags)

    @property
    def is_listed(self) -> bool:
        """Tell whether its pieces were announced one by one, not only how many by a tag."""
        if self.direction == ROUND:
            return True
        is_by_tag = all(one.state == "extra" for one in self.pieces)
        return self.direction == "in" and self.announced >= 0 and not is_by_tag


def fold_announced_bag(_state: AnnouncedBag | None, told: Told) -> AnnouncedBag:
    """Take the newer announcement whole."""
    body: BagAnnounced = told.body
    return AnnouncedBag(
        code=body.code,
        manifest=body.manifest,
        station=body.station,
        seal=body.seal,
        pieces=body.pieces,
        since=body.day,
    )


def fold_manifest(state: Manifest | None, told: Told) -> Manifest:
    """Take the one fact that closed a list, and what the hub says of it; either may come first."""
    known = state or Manifest()
    body = told.body
    if isinstance(body, VanUnloaded):
        return msgspec.structs.replace(
            known,
            unloadings=(*known.unloadings, told.identity),
            came_day=body.day,
            came=body.pieces,
            came_bags=body.bags,
        )
    made = _made(body)
    return msgspec.structs.replace(
        made,
        number=body.number,
        other=told.private.name if told.private else "",
        day=body.day,
        at=told.at,
        stream=told.stream,
        founder=told.identity,
        unloadings=known.unloadings,
        came_day=known.came_day,
        came=known.came,
        came_bags=known.came_bags,
    )


def _made(body: Body) -> Manifest:
    """Return the list that a fact closed, without what every list has."""
    if isinstance(body, VanLoaded | VillageLoadLeft):
        return _loaded(body)
    if isinstance(body, CourierRoundCounted):
        return Manifest(
            direction=ROUND, courier=body.courier, announced=body.announced, pieces=body.pieces
        )
    assert isinstance(body, ManifestClosed), "no other fact closes a list"
    return _closed_list(body)


def _closed_list(body: ManifestClosed) -> Manifest:
    return Manifest(
        direction=body.direction,
        courier=body.courier,
        bag=body.bag,
        announced=body.announced,
        pieces=body.pieces,
    )


def _loaded(body: VanLoaded | VillageLoadLeft) -> Manifest:
    made = Manifest(pieces=tuple(_piece(one.courier, one.waybill, "seen") for one in body.pieces))
    if isinstance(body, VillageLoadLeft):
        return msgspec.structs.replace(
            made, direction=VILLAGE, station=body.station, code=body.code, seal=body.seal
        )
    bags = body.bags if isinstance(body, VanLoadedWithBags) else ()
    return msgspec.structs.replace(made, goods=body.goods, bags=bags)


def manifest_cases(state: Manifest) -> Cases:
    """Return in what a list and what was counted disagree: whoever signed, somebody must look."""
    if not state.founder:
        return {"parcels.van_missing": state.unloadings}
    is_loose = state.direction == ROUND or (state.direction == "in" and not state.bag)
    if not state.differing or is_loose:
        return {}  # what a round without a bag lacks may come with the next
    if state.unloadings:
        return {"parcels.van_differs": (state.founder, *state.unloadings)}
    return {"parcels.bag_differs": (state.founder,)}


ANNOUNCED_BAG = EntityKind(
    name="announced_bag",
    state=AnnouncedBag,
    facts=(BagAnnounced,),
    fold=fold_announced_bag,
    natural_key={BagAnnounced: lambda told: f"{told.body.code}|{told.body.manifest}"},
    columns=Columns(
        table="announced_bags",
        fields=(("code", "TEXT"), ("manifest", "TEXT"), ("station", "TEXT"), ("since", "TEXT")),
        row=lambda b: (b.code, b.manifest, b.station, b.since),
        indexes=(("code",),),
    ),
)
MANIFEST = EntityKind(
    name="manifest",
    state=Manifest,
    facts=(
        ManifestClosed,
        VanLoaded,
        VanLoadedWithBags,
        VanUnloaded,
        CourierRoundCounted,
        VillageLoadLeft,
    ),
    fold=fold_manifest,
    cases=manifest_cases,
    columns=Columns(
        table="manifests",
        fields=(
            ("number", "INTEGER"),
            ("direction", "TEXT"),
            ("courier", "TEXT"),
            ("bag", "TEXT"),
            ("day", "TEXT"),
            ("at", "INTEGER"),
            ("came_day", "TEXT"),
        ),
        row=lambda m: (m.number, m.direction, m.courier, m.bag, m.day, m.at, m.came_day),
        indexes=(("direction", "day"), ("bag",)),
    ),
)


# --- Comparing -----------------------------------------------------------------------------------


def compare(announced: Sequence[ListedPiece], seen: Mapping[str, str]) -> tuple[ListedPiece, ...]:
    """Return the list as it was counted: what is missing first, what is extra, what was seen.

    seen: courier by waybill, in the order of the scans.
    """
    listed = {piece.waybill: piece.courier for piece in announced}
    missing = [_piece(c, w, "missing") for w, c in listed.items() if w not in seen]
    extra = [_piece(c, w, "extra") for w, c in seen.items() if w not in listed]
    there = [_piece(listed[w], w, "seen") for w in seen if w in listed]
    return (*missing, *extra, *there)


def _piece(courier: str, waybill: str, state: str) -> ListedPiece:
    return ListedPiece(courier=courier, waybill=waybill, state=state)


# --- Rules ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiving:
    """What decides whether a bag comes in. known: the bag of this tag and list, if it came."""

    known: Bag | None
    announced: AnnouncedBag | None
    announced_for: str = ""


def receive_bag(state: Receiving, command: ReceiveBag, now: Now) -> Decision:
    """Take a closed bag from the van, by its tag; what is in it is counted afterwards."""
    code = command.code.strip()
    if not code or len(code) > CODE_CHARACTERS_MAX:
        return Refusal("parcels.BAG_UNREADABLE")
    if state.known is not None and state.known.founders:
        key = "BAG_OPENED_ALREADY" if state.known.openings else "BAG_RECEIVED_ALREADY"
        return Refusal(f"parcels.{key}", {"code": code})
    announced = state.announced
    if announced is not None and announced.station not in ("", now.station):
        return Refusal("parcels.BAG_ELSEWHERE", {"station": state.announced_for})
    pieces = len(announced.pieces) if announced is not None else command.pieces
    if not 0 < pieces <= PIECES_MAX:
        return Refusal("parcels.BAG_PIECES_WRONG", {"most": PIECES_MAX})
    manifest = announced.manifest if announced is not None else now.day
    return (Saying(BagReceived(code=code, manifest=manifest, pieces=pieces, day=now.day)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a list is made of. number: of the paper; bag: the one that was counted.

    announced: pieces that were said to come; leaving: pieces that go back and are on no list yet.
    """

    number: int
    bag: Bag | None = None
    announced: Sequence[ListedPiece] = ()
    leaving: Sequence[ListedPiece] = ()


def close_manifest(state: Closing, command: CloseManifest, now: Now) -> Decision:
    """Write a list down, with its difference; a bag is opened by that."""
    assert command.direction in DIRECTIONS
    if len(command.other.strip()) > NAME_MAX:
        return Refusal("parcels.NAME_TOO_LONG", {"most": NAME_MAX})
    if command.direction == "returns":
        return _closed(state, command, now, -1, tuple(state.leaving))
    seen = dict(command.seen)
    if command.direction in AS_LISTED:
        pieces = tuple(_piece(courier, waybill, "seen") for waybill, courier in command.seen)
        return _closed(state, command, now, -1, pieces)
    if command.bag and (state.bag is None or not state.bag.founders):
        return Refusal("parcels.NO_SUCH_BAG")
    if state.bag is not None and state.bag.openings:
        return Refusal("parcels.BAG_OPENED_ALREADY", {"code": state.bag.code})
    pieces = compare(state.announced, seen)
    said = len(state.announced) if state.announced else -1
    if state.bag is not None:
        said = state.bag.pieces
    decided = _closed(state, command, now, said, pieces)
    if isinstance(decided, Refusal) or state.bag is None:
        return decided
    seal = broken_seal(command, now)
    if isinstance(seal, Refusal):
        return seal
    missing = state.bag.pieces - len(seen)
    opened = BagOpened(pieces=len(seen), missing=missing, day=now.day)
    return (*decided, Saying(opened, entity=command.bag), *seal)


def _closed(
    state: Closing,
    command: CloseManifest,
    now: Now,
    announced: int,
    pieces: tuple[ListedPiece, ...],
) -> Decision:
    if not pieces:
        return Refusal("parcels.MANIFEST_EMPTY")
    if len(pieces) > PIECES_MAX:
        return Refusal("parcels.TOO_MANY", {"most": PIECES_MAX})
    body = ManifestClosed(
        number=state.number,
        direction=command.direction,
        courier=command.courier,
        bag=command.bag,
        announced=announced,
        pieces=pieces,
        day=now.day,
    )
    return (Saying(body, private=OtherSide(name=command.other.strip())),)
