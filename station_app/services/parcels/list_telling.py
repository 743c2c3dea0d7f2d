"""Cases of lists in words: what was said to come, what was counted, and which pieces those are."""

from collections.abc import Sequence

import msgspec

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.services.parcels import bag_records, records
from station_app.services.parcels.facts import BagAnnounced, ListedPiece, ManifestClosed
from station_app.services.parcels.lists import load_words
from station_app.services.parcels.load_facts import VanLoadedWithBags, VanUnloaded
from station_app.services.parcels.manifests import Manifest
from station_app.services.parcels.meanings import STUBS_PAGE
from station_app.services.parcels.records import FactRow
from station_app.shell.offers import CaseWords, Side
from station_app.values.texts import Texts

BAG_DIFFERS, VAN_DIFFERS = "parcels.bag_differs", "parcels.van_differs"
NAMES = (BAG_DIFFERS, VAN_DIFFERS, "parcels.van_missing")
SHOWN_MAX = 4  # waybills in one line: more are on the list
Lines = tuple[tuple[str, str], ...]


def list_case(
    connection: Connection, case: str, entity: str, members: Sequence[str], texts: Texts
) -> CaseWords:
    """Return a case of a list with both sides: who said what comes, who counted it."""
    state = bag_records.manifest_of(connection, entity)
    number = printed_number(state.number, state.stream) if state and state.number else "—"
    facts = list(members)
    if case == BAG_DIFFERS and state is not None:
        here = bag_records.bag_of(connection, state.bag) if state.bag else None
        said = bag_records.announcement_of(connection, here.state) if here else ""
        facts = [said, *members] if said else facts
    found = (records.fact(connection, one) for one in facts)
    sides = [_side(one, member, state, texts) for one, member in zip(found, facts, strict=True)]
    return CaseWords(
        title=texts.say(f"parcels.case.{case.partition('.')[2]}"),
        hint=texts.say("parcels.case.list_hint", number=number),
        sides=tuple(sorted(sides, key=lambda side: (side.at, side.identity))),
        page=STUBS_PAGE if state is not None and state.founder else "",
        subject={"manifest": entity},
    )


def _side(fact: FactRow | None, member: str, state: Manifest | None, texts: Texts) -> Side:
    if fact is None:
        return Side(texts.say("parcels.case.county"), 0, member[:8], member)
    device = device_of(fact.stream)
    key = "device" if device else "county"
    who = texts.say(f"parcels.case.{key}", number=device[1:])
    return Side(who, fact.at, *_words(fact, state, texts))


def _words(fact: FactRow, state: Manifest | None, texts: Texts) -> tuple[str, str, Lines]:
    """Return what a fact says in a line, its identity, and what is compared."""
    say = texts.say
    if fact.kind == BagAnnounced.KIND:
        said = msgspec.json.decode(fact.body, type=BagAnnounced)
        words = say("parcels.case.side_announced", count=len(said.pieces))
        return words, fact.identity, ((say("parcels.manifest.seal"), said.seal or "—"),)
    if fact.kind == ManifestClosed.KIND:
        closed = msgspec.json.decode(fact.body, type=ManifestClosed)
        seen = sum(one.state != "missing" for one in closed.pieces)
        words = say("parcels.case.side_counted", announced=closed.announced, count=seen)
        is_listed = state is not None and state.is_listed
        return words, fact.identity, _differing(closed.pieces if is_listed else (), texts)
    if fact.kind == VanLoadedWithBags.KIND:
        van = msgspec.json.decode(fact.body, type=VanLoadedWithBags)
        load = load_words(len(van.pieces), sum(g.packages for g in van.goods), len(van.bags), texts)
        words = say("parcels.case.side_loaded", load=load)
        return words, fact.identity, ()
    came = msgspec.json.decode(fact.body, type=VanUnloaded)
    seen = sum(one.state != "missing" for one in came.pieces)
    bags_seen = sum(one.state != "missing" for one in came.bags)
    load = load_words(seen, 0, bags_seen, texts) or say("parcels.case.side_nothing")
    words = say("parcels.case.side_unloaded", load=load)
    as_pieces = [ListedPiece(courier="", waybill=one.code, state=one.state) for one in came.bags]
    return words, fact.identity, _differing((*came.pieces, *as_pieces), texts)


def _differing(pieces: Sequence[ListedPiece], texts: Texts) -> Lines:
    """Return which pieces were not there, and which were too many."""
    found = []
    for state in ("missing", "extra"):
        named = [one.waybill for one in pieces if one.state == state]
        if named:
            more = ("…",) if len(named) > SHOWN_MAX else ()
            said = "、".join((*named[:SHOWN_MAX], *more))
            found.append((texts.say(f"parcels.manifest.state_{state}"), said))
    return tuple(found)
