"""Open cases with both sides in words, and what closing one of them needs from the journal.

A case is (kind, entity) with the set of facts in conflict; the slices word their own. A case that
no slice words is still shown, from the facts themselves: nothing that waits for a human may hide.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from station_app.journal.fact import Fact, device_of, is_from_county
from station_app.journal.kinds import CaseClosed, CaseRemark
from station_app.journal.log import Connection, FactLog
from station_app.overview.commands import CloseCase
from station_app.overview.fact_words import FactWords, Lines, body_of
from station_app.overview.rules import close_case
from station_app.shell.desk import Rule
from station_app.shell.offers import CaseOffer, CaseWords, Side
from station_app.values.now import Now
from station_app.values.texts import Texts

CLOSED_SHOWN_MAX = 3
CASES_SHOWN_MAX = 200  # a station with more has one cause behind them all


@dataclass(frozen=True, slots=True)
class Account:
    """One of the facts that disagree, in words.

    fields: (word, value, differs): a value that another side tells otherwise is marked.
    """

    side: Side
    fields: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that waits. latest_at: when its last fact was recorded, UTC ms.

    is_view: it follows from the books and goes when they are right; nobody closes it by a word.
    """

    case: str
    entity: str
    members: tuple[str, ...]
    words: CaseWords
    accounts: tuple[Account, ...]
    latest_at: int
    is_view: bool = False


def count_cases(connection: Connection, offers: Sequence[CaseOffer] = ()) -> int:
    """Return how many cases are open, those that are views of the books too."""
    count: int = connection.execute("SELECT count(*) FROM cases").fetchone()[0]
    return count + len(_views(connection, offers))


def _views(
    connection: Connection, offers: Sequence[CaseOffer]
) -> list[tuple[str, str, tuple[str, ...]]]:
    return [case for offer in offers if offer.views for case in offer.views(connection)]


def open_cases(
    connection: Connection, offers: Sequence[CaseOffer], words: FactWords
) -> tuple[OpenCase, ...]:
    """Return the open cases, the latest first."""
    rows = connection.execute(
        "SELECT kind, entity, members FROM cases ORDER BY kind, entity LIMIT ?", (CASES_SHOWN_MAX,)
    ).fetchall()
    cases = [
        _case(connection, offers, words, (kind, entity, tuple(json.loads(members))))
        for kind, entity, members in rows
    ]
    cases += [
        replace(_case(connection, offers, words, view), is_view=True)
        for view in _views(connection, offers)
    ]
    return tuple(sorted(cases, key=lambda case: (-case.latest_at, case.case, case.entity)))


def _case(
    connection: Connection,
    offers: Sequence[CaseOffer],
    words: FactWords,
    found: tuple[str, str, tuple[str, ...]],
) -> OpenCase:
    case, entity, members = found
    log = FactLog(connection)
    facts = sorted(
        (fact for fact in map(log.by_identity, members) if fact is not None),
        key=lambda fact: (fact.at, fact.identity),
    )
    offer = next((o for o in offers if case.startswith(o.prefix)), None)
    if offer is not None:
        said = offer.describe(connection, case, entity, members, words.texts)
    else:
        kinds = dict.fromkeys(words.kind(fact.kind) for fact in facts)
        said = CaseWords(_title(case, words.texts), " / ".join(kinds))
    return OpenCase(
        case=case,
        entity=entity,
        members=members,
        words=said,
        accounts=_accounts(connection, words, said.sides, facts),
        latest_at=facts[-1].at if facts else 0,
    )


@dataclass(frozen=True, slots=True)
class ClosedCase:
    """A case that somebody closed lately. remark: her words, "" once erased; at: UTC ms."""

    title: str
    remark: str
    at: int


def closed_lately(connection: Connection, texts: Texts, since: int) -> tuple[ClosedCase, ...]:
    """Return the cases closed since a moment that stay closed, the latest first, a few."""
    rows = connection.execute(
        "SELECT f.at, f.body, p.part FROM facts f "
        "LEFT JOIN privates p ON p.identity = f.identity "
        "WHERE f.kind = ? AND f.at >= ? AND NOT EXISTS (SELECT 1 FROM cases c "
        "WHERE c.entity = coalesce((SELECT root FROM roots WHERE identity = f.entity), f.entity)) "
        "AND NOT EXISTS (SELECT 1 FROM kept_back k WHERE k.stream = f.stream AND f.seq > k.reach) "
        "ORDER BY f.at DESC, f.identity LIMIT ?",
        (CaseClosed.KIND, since, CLOSED_SHOWN_MAX),
    ).fetchall()
    found = []
    for at, body, part in rows:
        case = msgspec.json.decode(body, type=CaseClosed).case
        remark = msgspec.json.decode(bytes(part), type=CaseRemark).remark if part else ""
        found.append(ClosedCase(_title(case, texts), remark, at))
    return tuple(found)


def _title(case: str, texts: Texts) -> str:
    """Return the slice's own title of a case, if its catalogue has one (`sales.case.…`)."""
    room, _, name = case.partition(".")
    key = f"{room}.case.{name}"
    return texts.say(key) if texts.has(key) else texts.say("overview.cases.unnamed")


def _accounts(
    connection: Connection, words: FactWords, sides: Sequence[Side], facts: Sequence[Fact]
) -> tuple[Account, ...]:
    """Return the sides as the slice words them, else the facts themselves, with their fields."""
    by_identity = {fact.identity: fact for fact in facts}
    shown = sides or [_side(connection, words, fact) for fact in facts]
    told: list[Lines] = []
    for side in shown:
        fact = by_identity.get(side.identity)
        told.append(words.lines(connection, fact.kind, body_of(fact.body)) if fact else ())
    return tuple(
        Account(side, _marked(lines, [other for other in told if other is not lines]))
        for side, lines in zip(shown, told, strict=True)
    )


def _marked(lines: Lines, others: Sequence[Lines]) -> tuple[tuple[str, str, bool], ...]:
    """Mark what another side tells otherwise; that stands first."""
    told_otherwise = [dict(other) for other in others if other]
    marked = [
        (word, value, any(other.get(word) != value for other in told_otherwise))
        for word, value in lines
    ]
    return tuple(sorted(marked, key=lambda line: not line[2]))


def _side(connection: Connection, words: FactWords, fact: Fact) -> Side:
    return Side(
        who=who_recorded(connection, words, fact),
        at=fact.at,
        words=words.kind(fact.kind),
        identity=fact.identity,
    )


def who_recorded(connection: Connection, words: FactWords, fact: Fact) -> str:
    """Return where a fact comes from: 县里, or "1 号电脑·李桂芳"."""
    if is_from_county(fact.stream):
        return words.texts.say("overview.cases.county")
    device = device_of(fact.stream).lstrip("D")
    computer = words.texts.say("overview.cases.computer", device=device)
    return f"{computer}·{words.operator(connection, fact.by)}"


def members_of(connection: Connection, command: CloseCase, _now: Now) -> tuple[str, ...] | None:
    """Return the facts of the case as it is open now, None when it is not."""
    row = connection.execute(
        "SELECT members FROM cases WHERE kind = ? AND entity = ?", (command.case, command.entity)
    ).fetchone()
    return tuple(json.loads(row[0])) if row else None


RULES = (Rule(CloseCase, members_of, close_case),)
