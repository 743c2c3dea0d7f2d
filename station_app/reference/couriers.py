"""Courier companies: how their waybills look, and after how many days their parcels ask for more.

A publication holds from its day on, so that new deadlines and a new form of waybills lie here
before they begin; name and initial hold at once. Before the first of all begins it holds already:
a counter whose day is behind the county's knows its couriers all the same.
"""

from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Told
from station_app.journal.projection import Columns, EntityKind
from station_app.reference.facts import CourierPublished, DatedCourierPublished
from station_app.reference.versions import begun, with_new
from station_app.values.waybills import CourierPattern


class CourierTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What holds of a courier from `from_day` on; see `facts.CourierPublished`."""

    pattern: str = ""
    priority: int = 0
    must_confirm: int = 0
    remind_days: int = 0
    call_days: int = 0
    return_days: int = 0
    from_day: str = ""


class Courier(msgspec.Struct, frozen=True, kw_only=True):
    """A courier company with every version that still matters, by the day of each."""

    code: str
    name: str
    initial: str
    versions: tuple[CourierTerms, ...]

    def on(self, day: str) -> CourierTerms:
        """Return what holds on a day."""
        return begun(self.versions, day) or self.versions[0]


@dataclass(frozen=True, slots=True)
class CourierRules:
    """What holds of a courier on one day; see `facts.CourierPublished`."""

    code: str
    name: str
    initial: str
    pattern: str
    priority: int
    must_confirm: int
    remind_days: int
    call_days: int
    return_days: int


def rules_on(known: Courier, day: str) -> CourierRules:
    """Return what holds of a courier on a day."""
    terms = known.on(day)
    return CourierRules(
        code=known.code,
        name=known.name,
        initial=known.initial,
        pattern=terms.pattern,
        priority=terms.priority,
        must_confirm=terms.must_confirm,
        remind_days=terms.remind_days,
        call_days=terms.call_days,
        return_days=terms.return_days,
    )


def pattern_of(rules: CourierRules) -> CourierPattern:
    """Return how the waybills of a courier look, for `values.codes.recognise`."""
    return CourierPattern(
        code=rules.code,
        name=rules.name,
        initial=rules.initial,
        pattern=rules.pattern,
        priority=rules.priority,
        must_confirm=bool(rules.must_confirm),
    )


def fold_courier(state: Courier | None, told: Told) -> Courier:
    """Put a publication among the others: what was to begin on its day or later is replaced."""
    body: CourierPublished = told.body
    said = msgspec.structs.asdict(body)
    said["from_day"] = getattr(body, "from_day", "") or body.day
    terms = CourierTerms(**{name: said[name] for name in CourierTerms.__struct_fields__})
    known = state.versions if state else ()
    versions = with_new(known, terms, body.day)
    return Courier(code=body.code, name=body.name, initial=body.initial, versions=versions)


def _code(told: Told) -> str:
    return str(told.body.code)


COURIER = EntityKind(
    name="courier",
    state=Courier,
    facts=(CourierPublished, DatedCourierPublished),
    fold=fold_courier,
    natural_key={CourierPublished: _code, DatedCourierPublished: _code},
    columns=Columns(
        table="couriers",
        fields=(
            ("code", "TEXT"),
            ("name", "TEXT"),
            ("initial", "TEXT"),
            ("priority", "INTEGER"),
        ),
        row=lambda c: (c.code, c.name, c.initial, c.versions[-1].priority),
        indexes=(("code",),),
    ),
)
