"""People: what is known of villagers and operators, and what may be said about them.

A villager is whatever her facts say last. Her name stands only in private parts, so an erasure
leaves a state without a name, and everything that referred to her still does.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import msgspec
from stdnum.cn import ric

from station_app.journal.fact import Saying, Told
from station_app.journal.kinds import ErasureWatched, PrivateErased, WatchedTags
from station_app.journal.projection import Columns, EntityKind
from station_app.services.people.assist import ASSIST
from station_app.services.people.commands import (
    AmendPerson,
    Details,
    ErasePerson,
    LimitCredit,
    ReadmitOperator,
    RecordConsent,
    RegisterOperator,
    RegisterPerson,
    RemoveOperator,
    ShowId,
)
from station_app.services.people.facts import (
    ConsentRecorded,
    CreditLimited,
    IdShown,
    OperatorDetails,
    OperatorLeft,
    OperatorReadmitted,
    OperatorRegistered,
    PersonAmended,
    PersonDetails,
    PersonRegistered,
)
from station_app.services.people.merging import MERGE
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.refusal import Refusal

NAME_CHARACTERS_MAX = 30  # the longest names of the region's peoples, with room to spare
REMARK_CHARACTERS_MAX = 200  # a remark is a line, not a letter
FIELD_CHARACTERS_MAX = 60
TAIL_DIGITS = 4
CREDIT_LIMIT_MAX = 1_000_000  # ten thousand yuan: beyond it a village shop is a lender

MATTERS = ("personal_data", "leave_at_station")
ANSWERS = ("yes", "no", "unknown")
WAYS = ("in_person", "phone", "paper", "county")
ROLES = ("operator", "manager")
ID_REASONS = ("check", "form", "county", "other")
CHALLENGE_DIGITS = 8

Decision = Sequence[Saying] | Refusal


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A villager as last described. Fields of `PersonDetails` are empty once erased.

    consent_personal, consent_leave: `yes`, `no` or `unknown`, with the day and way of asking.
    credit_limit_fen: up to what she may owe the station, 0 if nobody has set it.
    is_erased: 1 when who she is has been removed.
    """

    code: str = ""
    name: str = ""
    pinyin: str = ""
    initials: str = ""
    nickname: str = ""
    phone: str = ""
    hamlet: str = ""
    household: str = ""
    id_number: str = ""
    remark: str = ""
    consent_personal: str = "unknown"
    consent_personal_day: str = ""
    consent_personal_way: str = ""
    consent_leave: str = "unknown"
    consent_leave_day: str = ""
    consent_leave_way: str = ""
    credit_limit_fen: int = 0
    since: str = ""
    is_erased: int = 0


class Erasing(msgspec.Struct, frozen=True):
    """Who is to be erased. watched: tags of her for labels that come later, None without any."""

    person: Person | None
    watched: WatchedTags | None = None


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who works, or worked, at this counter."""

    name: str = ""
    pinyin: str = ""
    role: str = ""
    since: str = ""
    has_left: int = 0


def fold_person(state: Person | None, told: Told) -> Person:
    """Apply one fact; the latest details hold, and missing ones mean that they were erased."""
    known = state or Person()
    body = told.body
    if isinstance(body, ConsentRecorded):
        return _with_consent(known, body)
    if isinstance(body, CreditLimited):
        return msgspec.structs.replace(known, credit_limit_fen=body.limit_fen)
    if isinstance(body, IdShown):
        return known
    described = _with_details(known, told.private)
    if isinstance(body, PersonRegistered):
        return msgspec.structs.replace(
            described, code=body.code or known.code, since=known.since or body.day
        )
    return described


def _with_details(known: Person, details: PersonDetails | None) -> Person:
    shown = details or PersonDetails(name="")
    return msgspec.structs.replace(
        known,
        name=shown.name,
        pinyin=shown.pinyin,
        initials=shown.initials,
        nickname=shown.nickname,
        phone=shown.phone,
        hamlet=shown.hamlet,
        household=shown.household,
        id_number=shown.id_number,
        remark=shown.remark,
        is_erased=0 if details else 1,
    )


def _with_consent(known: Person, body: ConsentRecorded) -> Person:
    if body.matter == "personal_data":
        return msgspec.structs.replace(
            known,
            consent_personal=body.answer,
            consent_personal_day=body.day,
            consent_personal_way=body.way,
        )
    if body.matter == "leave_at_station":
        return msgspec.structs.replace(
            known,
            consent_leave=body.answer,
            consent_leave_day=body.day,
            consent_leave_way=body.way,
        )
    return known


def fold_operator(state: Operator | None, told: Told) -> Operator:
    """Apply one fact of an operator."""
    known = state or Operator()
    body = told.body
    if isinstance(body, OperatorLeft):
        return msgspec.structs.replace(known, has_left=1)
    if isinstance(body, OperatorReadmitted):
        return known
    details = told.private
    return msgspec.structs.replace(
        known,
        name=details.name if details else "",
        pinyin=details.pinyin if details else "",
        role=body.role,
        since=known.since or body.day,
    )


def tail_of(phone: str) -> str:
    """Return the last four digits of a phone, "" when it has fewer."""
    digits = re.sub(r"\D", "", phone)
    return digits[-TAIL_DIGITS:] if len(digits) >= TAIL_DIGITS else ""


PERSON = EntityKind(
    name="person",
    state=Person,
    facts=(PersonRegistered, PersonAmended, ConsentRecorded, CreditLimited, IdShown),
    fold=fold_person,
    natural_key={PersonRegistered: lambda told: str(told.body.code)},
    columns=Columns(
        table="persons",
        fields=(
            ("code", "TEXT"),
            ("name", "TEXT"),
            ("pinyin", "TEXT"),
            ("initials", "TEXT"),
            ("nickname", "TEXT"),
            ("phone", "TEXT"),
            ("tail", "TEXT"),
            ("hamlet", "TEXT"),
            ("household", "TEXT"),
            ("consent_leave", "TEXT"),
            ("consent_personal", "TEXT"),
            ("credit_limit_fen", "INTEGER"),
            ("erased", "INTEGER"),
        ),
        row=lambda p: (
            p.code,
            p.name,
            p.pinyin,
            p.initials,
            p.nickname,
            p.phone,
            tail_of(p.phone),
            p.hamlet,
            p.household,
            p.consent_leave,
            p.consent_personal,
            p.credit_limit_fen,
            p.is_erased,
        ),
        indexes=(("code",), ("tail",), ("household",), ("name",)),
    ),
)

OPERATOR = EntityKind(
    name="operator",
    state=Operator,
    facts=(OperatorRegistered, OperatorLeft, OperatorReadmitted),
    fold=fold_operator,
    columns=Columns(
        table="operators",
        fields=(
            ("name", "TEXT"),
            ("pinyin", "TEXT"),
            ("role", "TEXT"),
            ("since", "TEXT"),
            ("has_left", "INTEGER"),
        ),
        row=lambda o: (o.name, o.pinyin, o.role, o.since, o.has_left),
    ),
)

ENTITIES = (PERSON, MERGE, ASSIST, OPERATOR)


# --- What may be said ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Namesake:
    """Somebody known already who has the same name and phone."""

    name: str
    hamlet: str
    tail: str


def register_person(namesake: Namesake | None, command: RegisterPerson, now: Now) -> Decision:
    """Take a villager into the register, unless she stands in it already."""
    refusal = why_not(command.details)
    if refusal is not None:
        return refusal
    if namesake is not None and not command.is_another:
        return Refusal(
            "people.KNOWN_ALREADY",
            {"name": namesake.name, "hamlet": namesake.hamlet, "tail": namesake.tail},
        )
    body = PersonRegistered(code=command.code, day=now.day)
    return [Saying(body, private=_private(command.details))]


def amend_person(person: Person | None, command: AmendPerson, now: Now) -> Decision:
    """Replace the details of a villager who may still be named."""
    refusal = _why_not_touch(person) or why_not(command.details)
    if refusal is not None:
        return refusal
    details = msgspec.structs.replace(_private(command.details), whose=(command.person,))
    if person is not None and _same(person, details):
        return Refusal("people.NOTHING_CHANGED")
    return [Saying(PersonAmended(day=now.day), private=details, entity=command.person)]


def record_consent(person: Person | None, command: RecordConsent, now: Now) -> Decision:
    """Write down an answer; asking again is allowed, and the latest answer holds."""
    refusal = _why_not_touch(person)
    if refusal is not None:
        return refusal
    assert command.matter in MATTERS
    assert command.answer in ANSWERS
    assert command.way in WAYS
    body = ConsentRecorded(
        matter=command.matter, answer=command.answer, way=command.way, day=now.day
    )
    return [Saying(body, entity=command.person)]


def limit_credit(person: Person | None, command: LimitCredit, now: Now) -> Decision:
    """Set up to what a villager may owe; only a manager may, and what she owes already stays."""
    if not now.is_manager:
        return Refusal("people.ONLY_A_MANAGER")
    refusal = _why_not_touch(person)
    if refusal is not None:
        return refusal
    if not 0 <= command.limit_fen <= CREDIT_LIMIT_MAX:
        return Refusal("people.LIMIT_OUT_OF_RANGE", {"most": say_yuan(CREDIT_LIMIT_MAX)})
    if person is not None and command.limit_fen == person.credit_limit_fen:
        return Refusal("people.NOTHING_CHANGED")
    return [Saying(CreditLimited(limit_fen=command.limit_fen, day=now.day), entity=command.person)]


def show_id(person: Person | None, command: ShowId, now: Now) -> Decision:
    """Let the whole ID number be seen, for a reason that is kept."""
    refusal = _why_not_touch(person)
    if refusal is not None:
        return refusal
    assert command.reason in ID_REASONS
    if person is not None and not person.id_number:
        return Refusal("people.NO_ID_NUMBER")
    return [Saying(IdShown(reason=command.reason, day=now.day), entity=command.person)]


def erase_person(erasing: Erasing, command: ErasePerson, now: Now) -> Decision:
    """Order that who she is be removed everywhere. Only a manager, and only once."""
    if not now.is_manager:
        return Refusal("people.ONLY_A_MANAGER")
    refusal = _why_not_touch(erasing.person)
    if refusal is not None:
        return refusal
    facts = tuple(sorted(set(command.facts)))
    persons = tuple(sorted({command.person, *command.names}))
    erased = Saying(PrivateErased(persons=persons, facts=facts, day=now.day))
    if erasing.watched is None:
        return [erased]
    return [erased, Saying(ErasureWatched(day=now.day), private=erasing.watched)]


def register_operator(
    operators: Mapping[str, Operator], command: RegisterOperator, now: Now
) -> Decision:
    """Let somebody work here. The very first must be a manager and needs nobody's leave."""
    assert command.role in ROLES
    present = [operator for operator in operators.values() if not operator.has_left]
    name = command.name.strip()
    if not name:
        return Refusal("people.NAME_MISSING")
    if len(name) > NAME_CHARACTERS_MAX:
        return Refusal("people.NAME_TOO_LONG", {"most": NAME_CHARACTERS_MAX})
    if present and not now.is_manager:
        return Refusal("people.ONLY_A_MANAGER")
    if not present and command.role != "manager":
        return Refusal("people.FIRST_IS_A_MANAGER")
    if any(operator.name == name for operator in present):
        return Refusal("people.OPERATOR_KNOWN_ALREADY", {"name": name})
    details = OperatorDetails(name=name, pinyin=command.pinyin)
    return [Saying(OperatorRegistered(role=command.role, day=now.day), private=details)]


def remove_operator(
    operators: Mapping[str, Operator], command: RemoveOperator, now: Now
) -> Decision:
    """Say that somebody has left; a station keeps at least one manager."""
    leaving = operators.get(command.operator)
    if not now.is_manager:
        return Refusal("people.ONLY_A_MANAGER")
    if leaving is None:
        return Refusal("people.NO_SUCH_OPERATOR")
    if leaving.has_left:
        return Refusal("people.LEFT_ALREADY", {"name": leaving.name})
    managers = [
        identity
        for identity, operator in operators.items()
        if operator.role == "manager" and not operator.has_left
    ]
    if managers == [command.operator]:
        return Refusal("people.LAST_MANAGER", {"name": leaving.name})
    return [Saying(OperatorLeft(day=now.day), entity=command.operator)]


def readmit_operator(
    operators: Mapping[str, Operator], command: ReadmitOperator, now: Now
) -> Decision:
    """Say that the county let somebody in again; nobody is signed in while that is asked."""
    whose = operators.get(command.operator)
    if whose is None:
        return Refusal("people.NO_SUCH_OPERATOR")
    if whose.has_left:
        return Refusal("people.LEFT_ALREADY", {"name": whose.name})
    assert len(command.challenge) == CHALLENGE_DIGITS
    assert command.challenge.isdigit()
    body = OperatorReadmitted(challenge=command.challenge, day=now.day)
    return [Saying(body, entity=command.operator)]


# --- Checks of what was typed --------------------------------------------------------------------


def why_not(details: Details) -> Refusal | None:
    """Return what is wrong with details, in the order in which the form asks for them."""
    name = details.name.strip()
    if not name:
        return Refusal("people.NAME_MISSING")
    if len(name) > NAME_CHARACTERS_MAX:
        return Refusal("people.NAME_TOO_LONG", {"most": NAME_CHARACTERS_MAX})
    if len(details.remark) > REMARK_CHARACTERS_MAX:
        return Refusal("people.REMARK_TOO_LONG", {"most": REMARK_CHARACTERS_MAX})
    spelled = (details.pinyin, details.initials)
    short = (details.nickname, details.phone, details.hamlet, details.household, *spelled)
    if any(len(text) > FIELD_CHARACTERS_MAX for text in short):
        return Refusal("people.FIELD_TOO_LONG", {"most": FIELD_CHARACTERS_MAX})
    if details.id_number and not is_id_number(details.id_number):
        return Refusal("people.ID_NUMBER_WRONG")
    return None


def warnings(details: Details) -> tuple[str, ...]:
    """Return catalogue keys of what looks odd but is allowed: the operator decides."""
    odd: list[str] = []
    if details.phone and not looks_like_phone(details.phone):
        odd.append("people.warning.PHONE_LOOKS_ODD")
    return tuple(odd)


def looks_like_phone(phone: str) -> bool:
    """Tell whether it has the digits of a mobile or a landline: 11, 7 to 8, or 10 to 12 with 0."""
    digits = re.sub(r"[\s()-]", "", phone)
    return re.fullmatch(r"1\d{10}|[2-8]\d{6,7}|0\d{9,11}", digits) is not None


def is_id_number(number: str) -> bool:
    """Tell whether it is a GB 11643 number: 17 digits with a real birth date, check digit."""
    compact = _bare(number)
    if re.fullmatch(r"\d{17}[\dX]", compact, re.ASCII) is None:
        return False
    try:
        date(int(compact[6:10]), int(compact[10:12]), int(compact[12:14]))
    except ValueError:
        return False
    return ric.calc_check_digit(compact) == compact[-1]


def _bare(number: str) -> str:
    return "".join(ric.compact(number).split())


def _why_not_touch(person: Person | None) -> Refusal | None:
    if person is None:
        return Refusal("people.NO_SUCH_PERSON")
    if person.is_erased:
        return Refusal("people.ERASED_ALREADY")
    return None


def _private(details: Details) -> PersonDetails:
    return PersonDetails(
        name=details.name.strip(),
        pinyin=details.pinyin.strip().lower(),
        initials=details.initials.strip().lower(),
        nickname=details.nickname.strip(),
        phone=re.sub(r"[\s()-]", "", details.phone),
        hamlet=details.hamlet.strip(),
        household=details.household.strip(),
        id_number=_bare(details.id_number),
        remark=details.remark.strip(),
    )


def _same(person: Person, details: PersonDetails) -> bool:
    fields = (
        "name", "pinyin", "initials", "nickname", "phone",
        "hamlet", "household", "id_number", "remark",
    )  # fmt: skip
    return all(getattr(person, field) == getattr(details, field) for field in fields)
