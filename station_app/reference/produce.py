"""How produce is taken in, as the county says it: terms of each sort, and rules by name.

Both hold from their day on. What the county has not said yet has a usual value, so that a station
weighs in on the day it is enrolled. A rule without a day holds at once, also where the business day
is behind the county's: what is forbidden does not wait for midnight.
"""

from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import (
    DatedProduceRulePublished,
    DatedProduceTermsPublished,
    GradeTerm,
    ProduceRulePublished,
    ProduceTermsPublished,
)
from station_app.reference.versions import begun, with_new

BLOCK, WARN, INFO, OFF = "block", "warn", "info", "off"
LEVELS = (BLOCK, WARN, INFO, OFF)
# What holds until the county has said how it wants it.
USUAL_RULES = {
    "check.lot_recalled": BLOCK,
    "check.test_failed": BLOCK,
    "check.certificate_ended": WARN,
    "check.yield_over": WARN,
    "check.clock": WARN,
    "check.interval": BLOCK,
    "check.harvest_future": BLOCK,
    "check.harvest_missing": WARN,
    "check.harvest_old": WARN,
    "check.season": WARN,
    "check.promise_missing": WARN,
    "check.document_missing": BLOCK,
    "check.contract_over": BLOCK,
    "check.contract_ended": BLOCK,
    "check.contract_used": WARN,
    "check.floor_low": WARN,
    "check.price_high": WARN,
    "check.weight_typed": INFO,
    "trace.region": "",
    "trace.address": "",
    "settle.least_fen": "0",
    "settle.days": "",
}


class SortTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of a sort from `from_day` on; see `facts.ProduceTermsPublished`."""

    grades: tuple[GradeTerm, ...] = ()
    months: tuple[int, ...] = ()
    promise: int = 0
    document: str = ""
    from_day: str = ""


class ProduceTerms(msgspec.Struct, frozen=True, kw_only=True):
    """A sort with all its terms that still matter, by the day from which each holds."""

    code: str
    versions: tuple[SortTerms, ...]

    def on(self, day: str) -> SortTerms:
        """Return what holds on a day; the first of all holds before its day, too."""
        return begun(self.versions, day) or self.versions[0]


class RuleValue(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says from `from_day` on, "" for at once."""

    value: str
    from_day: str


class ProduceRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule with every value that still matters."""

    name: str
    versions: tuple[RuleValue, ...]

    def on(self, day: str) -> str | None:
        """Return what holds on a day, None before the first: then the usual value does."""
        found = begun(self.versions, day)
        return found.value if found is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """A sort of produce with all that the county has said of it; prices per kilogram or piece."""

    code: str
    name: str
    unit: str
    word: str = ""
    floor_fen: int = 0
    price_fen: int = 0
    commission_bp: int = 0
    keeps_days: int = 0
    grades: tuple[GradeTerm, ...] = ()
    months: tuple[int, ...] = ()
    promise: bool = False
    document: str = ""

    def floor_of(self, grade: str) -> int:
        """Return the usual floor of a grade."""
        return self._of_grade(self.floor_fen, grade)

    def price_of(self, grade: str) -> int:
        """Return the usual price of a grade."""
        return self._of_grade(self.price_fen, grade)

    def _of_grade(self, fen: int, grade: str) -> int:
        percent = next((term.percent for term in self.grades if term.name == grade), 100)
        return fen * percent // 100


def fold_terms(state: ProduceTerms | None, told: Told) -> ProduceTerms:
    """Put a publication among the others: what was to begin on its day or later is replaced."""
    body: ProduceTermsPublished = told.body
    new = SortTerms(
        grades=body.grades,
        months=body.months,
        promise=body.promise,
        document=body.document,
        from_day=getattr(body, "from_day", "") or body.day,
    )
    versions = with_new(state.versions if state else (), new, body.day)
    return ProduceTerms(code=body.code, versions=versions)


def fold_rule(state: ProduceRule | None, told: Told) -> ProduceRule:
    """Put a value among the others; without a day it holds at once, whatever was planned."""
    body: ProduceRulePublished = told.body
    new = RuleValue(value=body.value, from_day=getattr(body, "from_day", ""))
    return ProduceRule(
        name=body.name, versions=with_new(state.versions if state else (), new, body.day)
    )


def _code(told: Told) -> str:
    return str(told.body.code)


def _name(told: Told) -> str:
    return str(told.body.name)


PRODUCE_TERMS = EntityKind(
    name="produce_terms",
    state=ProduceTerms,
    facts=(ProduceTermsPublished, DatedProduceTermsPublished),
    fold=fold_terms,
    natural_key={ProduceTermsPublished: _code, DatedProduceTermsPublished: _code},
    columns=Columns(
        table="produce_terms",
        fields=(("code", "TEXT"),),
        row=lambda terms: (terms.code,),
        indexes=(("code",),),
    ),
)

PRODUCE_RULE = EntityKind(
    name="produce_rule",
    state=ProduceRule,
    facts=(ProduceRulePublished, DatedProduceRulePublished),
    fold=fold_rule,
    natural_key={ProduceRulePublished: _name, DatedProduceRulePublished: _name},
    columns=Columns(
        table="produce_rules",
        fields=(("name", "TEXT"),),
        row=lambda rule: (rule.name,),
        indexes=(("name",),),
    ),
)
