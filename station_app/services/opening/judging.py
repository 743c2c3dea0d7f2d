"""What a row of a sheet comes to, seen beside what is known: taken, left out, or asked about.

Nobody is chosen by the program where several could be meant, and nobody is written down twice
without a word of the operator. A row that is wrong never keeps the others from being taken.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from station_app.services.opening.columns import DEBTS, PEOPLE
from station_app.services.opening.neighbours import RegisteredPerson
from station_app.services.opening.purses import OF_COURIER, OF_PERSON
from station_app.services.opening.rows import TAIL_DIGITS, SheetRow
from station_app.services.people.commands import Details
from station_app.values.refusal import Refusal

GOOD = "good"  # it is taken with the next press of the key
BAD = "bad"  # something is wrong with it: mend the sheet, or decide otherwise
DOUBLE = "double"  # somebody like her is known: the same, or another?
ASK = "ask"  # whose it is cannot be told: choose
LEFT = "left"  # the operator leaves it out
TAKEN = "taken"

SKIP = "skip"
ANOTHER = "another"
WITHOUT_ID = "without_id"
REGISTER = "register"
PERSON = "person:"  # with an identity behind it
CANDIDATES_MAX = 5  # digits 1 to 5; whoever is not among them needs a better sheet


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant."""

    identity: str
    name: str
    hamlet: str
    tail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A row with its verdict. why: the sentence; choices: what the operator may decide.

    person, courier: whom it is for, once that is known.
    """

    row: SheetRow
    state: str
    why: Refusal | None = None
    candidates: tuple[Candidate, ...] = ()
    choices: tuple[str, ...] = ()
    person: str = ""
    courier: str = ""
    decision: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known already.

    everybody: villagers by identity; couriers: code to all names; twins: (purse, owner, fen) of
    lines that stand already; on_hand: waybills; why_not_person: what the register has against
    details.
    """

    everybody: Mapping[str, RegisteredPerson] = field(default_factory=dict)
    couriers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    twins: frozenset[tuple[str, str]] = frozenset()
    on_hand: frozenset[str] = frozenset()
    why_not_person: Callable[[Details], Refusal | None] = lambda _details: None


class Judge:
    """Judges rows beside what is known; made anew whenever that changes."""

    def __init__(self, known: Known) -> None:
        """Sort whoever is known by name, phone and ID number."""
        self._known = known
        self._by_name: dict[str, list[str]] = defaultdict(list)
        self._by_id: dict[str, str] = {}
        self._by_phone: dict[str, list[str]] = defaultdict(list)
        for identity, person in known.everybody.items():
            self._by_name[person.name].append(identity)
            if person.id_number:
                self._by_id[person.id_number] = identity
            if person.phone:
                self._by_phone[person.phone].append(identity)

    def judge(self, row: SheetRow, kind: str, decision: str) -> Judged:
        """Return the verdict on one row, with the operator's word if there is one."""
        if decision == SKIP:
            return Judged(row=row, state=LEFT, choices=(REGISTER,), decision=decision)
        if kind == PEOPLE:
            return self._person(row, decision)
        return self._debt(row, decision) if kind == DEBTS else self._parcel(row, decision)

    # --- People ----------------------------------------------------------------------------------

    def _person(self, row: SheetRow, decision: str) -> Judged:
        if row.fault is not None:
            return Judged(row=row, state=BAD, why=row.fault, choices=(SKIP,))
        refusal = self._known.why_not_person(details_of(row, decision))
        if refusal is not None:
            is_id = refusal.reason == "people.ID_NUMBER_WRONG"
            choices = (WITHOUT_ID, SKIP) if is_id else (SKIP,)
            return Judged(row=row, state=BAD, why=refusal, choices=choices)
        known = self._doubles(row)
        if known and decision != ANOTHER:
            first = known[0]
            why = Refusal(
                "opening.KNOWN_PERSON",
                {"name": first.name, "hamlet": first.hamlet or "—", "tail": first.tail or "—"},
            )
            return Judged(row=row, state=DOUBLE, why=why, candidates=known, choices=(SKIP, ANOTHER))
        return Judged(row=row, state=GOOD, decision=decision)

    def _doubles(self, row: SheetRow) -> tuple[Candidate, ...]:
        """Return who is like her: same ID number; same name, unless phone or tail tell apart."""
        found: list[str] = []
        if row.cell("id_number") in self._by_id:
            found.append(self._by_id[row.cell("id_number")])
        for identity in self._by_name.get(row.cell("name"), ()):
            person = self._known.everybody[identity]
            is_apart = row.tail and person.phone and person.phone[-TAIL_DIGITS:] != row.tail
            is_elsewhere = (
                not (row.tail and person.phone)
                and row.cell("hamlet")
                and person.hamlet
                and person.hamlet != row.cell("hamlet")
            )
            if not (is_apart or is_elsewhere):
                found.append(identity)
        return self._shown(dict.fromkeys(found))

    def _shown(self, identities: "dict[str, None] | Sequence[str]") -> tuple[Candidate, ...]:
        shown = []
        for identity in list(identities)[:CANDIDATES_MAX]:
            person = self._known.everybody[identity]
            tail = person.phone[-TAIL_DIGITS:]
            shown.append(Candidate(identity, person.name, person.hamlet, tail))
        return tuple(shown)

    # --- Debts -----------------------------------------------------------------------------------

    def _debt(self, row: SheetRow, decision: str) -> Judged:
        if row.fault is not None:
            return Judged(row=row, state=BAD, why=row.fault, choices=(SKIP,))
        if row.purse in OF_COURIER:
            courier = self.courier(row.cell("courier"))
            if not courier:
                why = Refusal("opening.ROW_COURIER_UNKNOWN", {"text": row.cell("courier")[:12]})
                return Judged(row=row, state=BAD, why=why, choices=(SKIP,))
            return self._once(Judged(row=row, state=GOOD, courier=courier, decision=decision))
        if row.purse not in OF_PERSON:
            return self._once(Judged(row=row, state=GOOD, decision=decision))
        if decision.startswith(PERSON):
            person = decision.removeprefix(PERSON)
            return self._once(Judged(row=row, state=GOOD, person=person, decision=decision))
        candidates = self._meant(row)
        if len(candidates) == 1:
            person = candidates[0].identity
            return self._once(Judged(row=row, state=GOOD, person=person, decision=decision))
        return self._ask_who(row, candidates)

    def _ask_who(self, row: SheetRow, candidates: tuple[Candidate, ...]) -> Judged:
        name = {"name": row.cell("name")}
        if not candidates:
            why = Refusal("opening.ROW_PERSON_UNKNOWN", name)
            return Judged(row=row, state=ASK, why=why, choices=(REGISTER, SKIP))
        why = Refusal("opening.ROW_SEVERAL_PEOPLE", {**name, "count": len(candidates)})
        people = tuple(PERSON + candidate.identity for candidate in candidates)
        return Judged(
            row=row, state=ASK, why=why, candidates=candidates, choices=(*people, REGISTER, SKIP)
        )

    def _meant(self, row: SheetRow) -> tuple[Candidate, ...]:
        """Return who bears the name, and the tail when the sheet says one."""
        named = self._by_name.get(row.cell("name"), [])
        if row.tail:
            named = [
                identity
                for identity in named
                if self._known.everybody[identity].phone[-TAIL_DIGITS:] in ("", row.tail)
            ]
            exact = [i for i in named if self._known.everybody[i].phone]
            named = exact or named
        return self._shown(named)

    def _once(self, judged: Judged) -> Judged:
        """Ask about a line that stands already, for the same owner."""
        key = (judged.row.purse, judged.person or judged.courier)
        if key not in self._known.twins or judged.decision in (ANOTHER,):
            return judged
        why = Refusal("opening.ROW_ENTERED_ALREADY")
        return Judged(
            row=judged.row,
            state=DOUBLE,
            why=why,
            choices=(SKIP, ANOTHER),
            person=judged.person,
            courier=judged.courier,
        )

    def courier(self, name: str) -> str:
        """Return the code of a courier by code, name or short name; "" when none is meant."""
        bare = name.strip().upper()
        for code, names in self._known.couriers.items():
            if bare and (bare == code or any(bare == n.upper() for n in names)):
                return code
        fits = [
            code
            for code, names in self._known.couriers.items()
            if any(n and (n in name or name in n) for n in names)
        ]
        return fits[0] if name and len(fits) == 1 else ""

    # --- Parcels ---------------------------------------------------------------------------------

    def _parcel(self, row: SheetRow, decision: str) -> Judged:
        if row.fault is not None:
            return Judged(row=row, state=BAD, why=row.fault, choices=(SKIP,))
        if row.cell("waybill") in self._known.on_hand:
            why = Refusal("opening.ROW_ON_HAND")
            return Judged(row=row, state=DOUBLE, why=why, choices=(SKIP,))
        courier = self.courier(row.cell("courier")) if row.cell("courier") else ""
        if row.cell("courier") and not courier:
            why = Refusal("opening.ROW_COURIER_UNKNOWN", {"text": row.cell("courier")[:12]})
            return Judged(row=row, state=BAD, why=why, choices=(SKIP,))
        return Judged(
            row=row, state=GOOD, person=self._receiver(row), courier=courier, decision=decision
        )

    def _receiver(self, row: SheetRow) -> str:
        """Return the one villager who is meant; a label's words stand for everybody else."""
        phone = row.cell("phone")
        if len(phone) > TAIL_DIGITS:
            whole = self._by_phone.get(phone, [])
            return whole[0] if len(whole) == 1 else ""
        named = self._meant(row) if row.cell("name") else ()
        return named[0].identity if len(named) == 1 and named[0].tail == row.tail else ""


def details_of(row: SheetRow, decision: str) -> Details:
    """Return who a row says that she is; pinyin is made at the edge."""
    return Details(
        name=row.cell("name"),
        nickname=row.cell("nickname"),
        phone=row.cell("phone"),
        hamlet=row.cell("hamlet"),
        household=row.cell("household"),
        id_number="" if decision == WITHOUT_ID else row.cell("id_number"),
        remark=row.cell("remark"),
    )
