"""How produce is taken in, as the county says it: terms of each sort, and rules by name.

Both fold to the newest publication. What the county has not said yet has a usual value, so that a
station weighs in on the day it is enrolled.
"""

from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import GradeTerm, ProduceRulePublished, ProduceTermsPublished

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


class ProduceTerms(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of a sort, as last published."""

    code: str = ""
    grades: tuple[GradeTerm, ...] = ()
    months: tuple[int, ...] = ()
    promise: int = 0
    document: str = ""


class ProduceRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule, as last published."""

    name: str
    value: str


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


def fold_terms(_state: ProduceTerms | None, told: Told) -> ProduceTerms:
    """Take the newer publication whole."""
    body: ProduceTermsPublished = told.body
    return ProduceTerms(
        code=body.code,
        grades=body.grades,
        months=body.months,
        promise=body.promise,
        document=body.document,
    )


def fold_rule(_state: ProduceRule | None, told: Told) -> ProduceRule:
    """Take the newer value."""
    body: ProduceRulePublished = told.body
    return ProduceRule(name=body.name, value=body.value)


PRODUCE_TERMS = EntityKind(
    name="produce_terms",
    state=ProduceTerms,
    facts=(ProduceTermsPublished,),
    fold=fold_terms,
    natural_key={ProduceTermsPublished: lambda told: str(told.body.code)},
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
    facts=(ProduceRulePublished,),
    fold=fold_rule,
    natural_key={ProduceRulePublished: lambda told: str(told.body.name)},
    columns=Columns(
        table="produce_rules",
        fields=(("name", "TEXT"), ("value", "TEXT")),
        row=lambda rule: (rule.name, rule.value),
        indexes=(("name",),),
    ),
)
