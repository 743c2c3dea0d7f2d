"""Open cases with both sides in words, and what closing one of them needs from the journal.

A case is (kind, entity) with the set of facts in conflict; the slices word their own. A case that
no slice words is still shown, from the facts themselves: nothing that waits for a human may hide.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from station_app.journal.case_sorts import closes_itself, group_of, is_urgent
from station_app.journal.fact import Fact, device_of, is_from_county
from station_app.journal.kinds import CaseClosed
from station_app.journal.log import Connection, FactLog
from station_app.overview.commands import CloseCase
from station_app.overview.fact_words import FactWords, Lines, body_of
from station_app.overview.rules import close_case
from station_app.services.inquiries import asking as inquiries_asking
from station_app.services.inquiries import records as inquiries
from station_app.services.inquiries.rules import Inquiry
from station_app.shell.desk import Rule
from station_app.shell.offers import CaseOffer, CaseWords, Side
from station_app.values.now import Now
from station_app.values.texts import Texts

NEVER_ASKED = Inquiry()
CASES_SHOWN_MAX = 200  # a station with more has one cause behind them all


@dataclass(frozen=True, slots=True)
class Account:
    """One of the facts that disagree, in words.

    fields: (word, value, differs): a value that another side tells otherwise is marked. by: who
    recorded it, "" for the county; device: "D1", "" for the county; is_closing: it is no side of
    the matter, but somebody's word that it is settled.
    """

    side: Side
    fields: tuple[tuple[str, str, bool], ...]
    by: str = ""
    device: str = ""
    is_closing: bool = False


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that waits. latest_at: when its last fact was recorded, UTC ms.

    is_view: it follows from the books and goes when they are right; nobody closes it by a word.
    inquiry: identity of what the county asked about it last, "" if it never did; asked: what, and
    what was answered.
    """

    case: str
    entity: str
    members: tuple[str, ...]
    words: CaseWords
    accounts: tuple[Account, ...]
    latest_at: int
    is_view: bool = False
    inquiry: str = ""
    asked: Inquiry = NEVER_ASKED

    @property
    def waits_for_answer(self) -> bool:
        """Tell whether the county has asked something that nobody has answered."""
        return bool(self.inquiry) and not self.asked.answers

    @property
    def group(self) -> str:
        """Return what it is about: money, goods or PCs."""
        return group_of(self.case)

    @property
    def is_urgent(self) -> bool:
        """Tell whether somebody must decide: the rest mostly settles by itself, with the news."""
        return is_urgent(self.case)

    @property
    def choosable(self) -> tuple[Account, ...]:
        """Return the sides of which one can hold: several facts that tell the same matter."""
        sides = tuple(a for a in self.accounts if a.side.identity and not a.is_closing)
        return sides if len(sides) > 1 and not self.ends_by_itself else ()

    @property
    def ends_by_itself(self) -> bool:
        """Tell whether nobody closes it by a word: the books or the county end it."""
        return self.is_view or closes_itself(self.case)


def count_cases(connection: Connection, offers: Sequence[CaseOffer] = ()) -> int:
    """Return how many cases are open, those that are views of the books too."""
    count: int = connection.execute("SELECT count(*) FROM cases").fetchone()[0]
    return count + len(_views(connection, offers))


def _views(
    connection: Connection, offers: Sequence[CaseOffer]
) -> list[tuple[str, str, tuple[str, ...]]]:
    return [case for offer in offers if offer.views for case in offer.views(connection)]


def first_words(connection: Connection, offers: Sequence[CaseOffer], words: FactWords) -> str:
    """Return what the most urgent case is about, in a line; "" when none is open."""
    cases = open_cases(connection, offers, words)
    return f"{cases[0].words.title}·{cases[0].words.hint}".rstrip("·") if cases else ""


def open_cases(
    connection: Connection, offers: Sequence[CaseOffer], words: FactWords
) -> tuple[OpenCase, ...]:
    """Return the open cases: what is urgent first, of that the latest."""
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
    return tuple(sorted(cases, key=_order))


def _order(case: OpenCase) -> tuple[bool, bool, int, str, str]:
    return (not case.waits_for_answer, not case.is_urgent, -case.latest_at, case.case, case.entity)


def offer_of(offers: Sequence[CaseOffer], case: str) -> CaseOffer | None:
    """Return the slice whose case it is, None if none words it."""
    return next((o for o in offers if case.startswith(o.prefix)), None)


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
    offer = offer_of(offers, case)
    if offer is not None:
        said = offer.describe(connection, case, entity, members, words.texts)
    else:
        kinds = dict.fromkeys(words.kind(fact.kind) for fact in facts)
        said = CaseWords(title_of(case, words.texts), " / ".join(kinds))
    identity, asked = inquiries.last_about(connection, case, entity) or ("", NEVER_ASKED)
    return OpenCase(
        case=case,
        entity=entity,
        members=members,
        words=said,
        accounts=_accounts(connection, words, said.sides, facts),
        latest_at=facts[-1].at if facts else 0,
        inquiry=identity,
        asked=asked,
    )


def title_of(case: str, texts: Texts) -> str:
    """Return the slice's own title of a case, if its catalogue has one (`sales.case.…`)."""
    room, _, name = case.partition(".")
    key = f"{room}.case.{name}"
    return texts.say(key) if texts.has(key) else texts.say("overview.cases.unnamed")


def _accounts(
    connection: Connection, words: FactWords, sides: Sequence[Side], facts: Sequence[Fact]
) -> tuple[Account, ...]:
    """Return the sides as the slice words them, else the facts themselves, with their fields."""
    by_identity = {fact.identity: fact for fact in facts}
    closings = [_side(connection, words, fact) for fact in facts if fact.kind == CaseClosed.KIND]
    worded = [side for side in sides if side.identity not in {one.identity for one in closings}]
    shown = [*worded, *closings] if sides else [_side(connection, words, fact) for fact in facts]
    told: list[Lines] = []
    for side in shown:
        fact = by_identity.get(side.identity)
        fields = words.lines(connection, fact.kind, body_of(fact.body)) if fact else ()
        told.append(side.lines or fields)
    made = []
    for side, lines in zip(shown, told, strict=True):
        fact = by_identity.get(side.identity)
        is_county = fact is None or is_from_county(fact.stream)
        made.append(
            Account(
                side,
                _marked(lines, [other for other in told if other is not lines]),
                by=words.operator(connection, fact.by) if fact and not is_county else "",
                device=device_of(fact.stream) if fact and not is_county else "",
                is_closing=fact is not None and fact.kind == CaseClosed.KIND,
            )
        )
    return tuple(made)


def _marked(lines: Lines, others: Sequence[Lines]) -> tuple[tuple[str, str, bool], ...]:
    """Mark what another side tells otherwise; what only one side tells differs from nothing."""
    told_otherwise = [dict(other) for other in others if other]
    return tuple(
        (word, value, any(other.get(word, value) != value for other in told_otherwise))
        for word, value in lines
    )


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


RULES: tuple[Rule[Any, Any], ...] = (
    Rule(CloseCase, members_of, close_case),
    *inquiries_asking.RULES,
)
