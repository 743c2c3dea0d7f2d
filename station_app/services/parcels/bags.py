"""Transfer bags: what their tags said was in them, and what was."""

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Cases, Columns, EntityKind
from station_app.services.parcels.facts import BagOpened, BagReceived
from station_app.services.parcels.seals import SealFoundBroken


class Bag(msgspec.Struct, frozen=True, kw_only=True):
    """A bag of one manifest. pieces: by its tag; missing: of these, found when it was opened.

    seals: the facts that say that its seal was broken; seal_words: how it looked.
    """

    code: str = ""
    manifest: str = ""
    pieces: int = 0
    missing: int = 0
    day: str = ""
    opened_day: str = ""
    founders: tuple[str, ...] = ()
    openings: tuple[str, ...] = ()
    seals: tuple[str, ...] = ()
    seal_words: str = ""


def fold_bag(state: Bag | None, told: Told) -> Bag:
    """Apply one fact; any of them may come first."""
    known = state or Bag()
    body = told.body
    if isinstance(body, BagOpened):
        return msgspec.structs.replace(
            known,
            missing=body.missing,
            opened_day=body.day,
            openings=(*known.openings, told.identity),
        )
    if isinstance(body, SealFoundBroken):
        words = told.private.remark if told.private else ""
        return msgspec.structs.replace(
            known, seals=(*known.seals, told.identity), seal_words=words or known.seal_words
        )
    received: BagReceived = body
    return msgspec.structs.replace(
        known,
        code=received.code,
        manifest=received.manifest,
        pieces=received.pieces,
        day=received.day,
        founders=(*known.founders, told.identity),
    )


def bag_cases(state: Bag) -> Cases:
    """Return in what the facts of a bag disagree."""
    found: Cases = {}
    if len(state.founders) > 1:
        found["parcels.bag_received_twice"] = state.founders
    if len(state.openings) > 1:
        found["parcels.bag_opened_twice"] = state.openings
    if not state.founders:
        found["parcels.bag_missing"] = (*state.openings, *state.seals)
    return found


def bag_key(told: Told) -> str:
    """Return what two founding facts of one bag have in common."""
    body: BagReceived = told.body
    return f"{body.code}|{body.manifest}"


BAG = EntityKind(
    name="bag",
    state=Bag,
    facts=(BagReceived, BagOpened, SealFoundBroken),
    fold=fold_bag,
    natural_key={BagReceived: bag_key},
    cases=bag_cases,
    columns=Columns(
        table="bags",
        fields=(
            ("code", "TEXT"),
            ("manifest", "TEXT"),
            ("pieces", "INTEGER"),
            ("missing", "INTEGER"),
            ("day", "TEXT"),
            ("opened_day", "TEXT"),
        ),
        row=lambda b: (b.code, b.manifest, b.pieces, b.missing, b.day, b.opened_day),
        indexes=(("code",), ("opened_day", "day")),
    ),
)
