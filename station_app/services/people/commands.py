"""What can be asked about villagers and operators."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Who a villager is, as typed: see `facts.PersonDetails`. Pinyin is made at the edge."""

    name: str
    pinyin: str = ""
    initials: str = ""
    nickname: str = ""
    phone: str = ""
    hamlet: str = ""
    household: str = ""
    id_number: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPerson:
    """Take a villager into the register.

    is_another: the operator has seen that somebody of this name and phone is known already, and
    says that this is another person.
    """

    details: Details
    code: str = ""
    is_another: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendPerson:
    """Replace the details of a villager by these."""

    person: str
    details: Details


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordConsent:
    """Write down what a villager answered when asked; the words are those of the fact."""

    person: str
    matter: str
    answer: str
    way: str = "in_person"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitCredit:
    """Let a villager owe the station up to so much; the manager's right. 0 ends it."""

    person: str
    limit_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowId:
    """Look at the whole ID number of a villager; reason: a word of the fact."""

    person: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePersons:
    """Let one record stand for another of the same villager."""

    kept: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeMergeBack:
    """Say that they are two after all. merge: its entity; claim: the fact that made them one."""

    merge: str
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAssist:
    """Write down whether the county assists a villager; the manager's. status: of the fact."""

    person: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePerson:
    """Remove for ever who somebody is; amounts and chains stay.

    names: every identity that was joined to hers, with or without her own. facts: identities
    of facts whose private part speaks of her without naming her, such as the label of a parcel that
    was filed under her later. The other slices find them.
    """

    person: str
    names: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterOperator:
    """Let somebody work at this counter. role: `operator` or `manager`."""

    name: str
    role: str
    pinyin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveOperator:
    """Say that somebody no longer works here."""

    operator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadmitOperator:
    """Let an operator in again: the county's answer to this challenge was right."""

    operator: str
    challenge: str
