"""One case of the register in words: a record that two PCs have filed under different people."""

from collections.abc import Sequence

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.services.people import merge_records, records
from station_app.services.people.commands import TakeMergeBack
from station_app.services.people.merging import MERGED_DIFFERENTLY
from station_app.services.people.rules import Person, tail_of
from station_app.shell.offers import Callee, CaseWords, Following, Side
from station_app.values.texts import Texts

REGISTER_PAGE = "people.register"


def describe(
    connection: Connection, _case: str, entity: str, members: Sequence[str], texts: Texts
) -> CaseWords:
    """Return both sides: under whom each PC has filed the record."""
    state = merge_records.merge_state(connection, entity)
    other = state.other if state else ""
    mine = records.own_state(connection, other)
    claims = {claim.fact: claim.kept for claim in state.claims} if state else {}
    sides = [
        _side(connection, member, mine, claims.get(member, ""), texts)
        for member in members
        if member in claims
    ]
    return CaseWords(
        title=texts.say("people.case.merged_differently"),
        hint=texts.say("people.case.merged_differently_hint", name=mine.name if mine else "—"),
        sides=tuple(sorted(sides, key=lambda side: (side.at, side.identity))),
        page=REGISTER_PAGE,
        subject={"person": other},
        call=Callee(mine.name, mine.phone, tail_of(mine.phone)) if mine and mine.phone else None,
    )


def decide(
    connection: Connection, case: str, members: Sequence[str], chosen: str, texts: Texts
) -> Following | None:
    """Return what follows when one side holds: the others are taken back."""
    if case != MERGED_DIFFERENTLY:
        return None
    merge = merge_records.entity_of(connection, chosen)
    taken = [TakeMergeBack(merge=merge, claim=one) for one in members if one != chosen]
    return Following(tuple(taken), texts.say("people.case.follows")) if taken else None


def _side(
    connection: Connection, member: str, mine: Person | None, kept: str, texts: Texts
) -> Side:
    stream, at = merge_records.said_by(connection, member)
    device, say = device_of(stream) if stream else "", texts.say
    who = say("people.case.device", number=device[1:]) if device else say("people.case.county")
    words = _described(records.own_state(connection, kept))
    lines = (
        (say("people.case.line_other"), _described(mine)),
        (say("people.case.line_kept"), words),
    )
    return Side(who, at, words, member, lines)


def _described(state: Person | None) -> str:
    """Return a name with what tells it from others of the same name."""
    if state is None or not state.name:
        return "—"
    return " ".join(part for part in (state.name, state.hamlet, tail_of(state.phone)) if part)
