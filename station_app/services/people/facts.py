"""What can be said about villagers and operators.

Everything that says who somebody is stands in the private part, and only here: other facts refer
to the person by identity. The bodies hold what must outlive an erasure.
"""

from typing import ClassVar

from station_app.journal.fact import Body, Private


class PersonDetails(Private, frozen=True, kw_only=True):
    """Who a villager is. `initials` and `pinyin` follow from the name unless corrected.

    pinyin: syllables joined by spaces ("zeng shi lan"); phone: digits as typed, "" for none;
    hamlet: group of the village; household: number or name that joins a family;
    id_number: GB 11643 with its check digit, "" unless a business needs it.
    """

    name: str
    pinyin: str = ""
    initials: str = ""
    nickname: str = ""
    phone: str = ""
    hamlet: str = ""
    household: str = ""
    id_number: str = ""
    remark: str = ""


class PersonRegistered(Body, frozen=True, kw_only=True):
    """A villager is known from now on. Key: the county's `code`, "" when the station met her."""

    KIND: ClassVar[str] = "person.registered"
    PRIVATE: ClassVar[type[Private] | None] = PersonDetails
    code: str
    day: str


class PersonAmended(Body, frozen=True, kw_only=True):
    """Somebody corrected the details of a villager; the private part replaces the former one."""

    KIND: ClassVar[str] = "person.amended"
    PRIVATE: ClassVar[type[Private] | None] = PersonDetails
    day: str


class ConsentRecorded(Body, frozen=True, kw_only=True):
    """A villager was asked and answered.

    matter: `personal_data` or `leave_at_station`; answer: `yes`, `no` or `unknown`;
    way: how it was asked: `in_person`, `phone`, `paper` or `county`.
    """

    KIND: ClassVar[str] = "consent.recorded"
    matter: str
    answer: str
    way: str
    day: str


class CreditLimited(Body, frozen=True, kw_only=True):
    """A villager may owe the station up to this much (赊账额度); 0: nothing more on account."""

    KIND: ClassVar[str] = "credit.limited"
    limit_fen: int
    day: str


class IdShown(Body, frozen=True, kw_only=True):
    """Somebody looked at the whole ID number of a villager. Who it was stands in the envelope.

    reason: `check` (against the document), `form` (filled in for her), `county` or `other`.
    """

    KIND: ClassVar[str] = "id.shown"
    REVERSIBLE: ClassVar[bool] = False
    reason: str
    day: str


class PersonMerged(Body, frozen=True, kw_only=True):
    """Two records are one villager: `kept` stands for `other` from now on. Key: `other`."""

    KIND: ClassVar[str] = "person.merged"
    kept: str
    other: str
    day: str


class MergeTakenBack(Body, frozen=True, kw_only=True):
    """They are two people after all. merge: identity of the fact that had made them one."""

    KIND: ClassVar[str] = "merge.taken_back"
    merge: str
    day: str


class AssistStatus(Private, frozen=True, kw_only=True):
    """Whether the county assists a villager's family, and as what; "" once it is erased.

    status: `none`, `lifted` (脱贫户), `watched` (监测户) or `moved` (易地搬迁户).
    """

    status: str = ""


class AssistRecorded(Body, frozen=True, kw_only=True):
    """The manager wrote down whether the county assists a villager (帮扶身份). Key: `person`.

    What she is stands in the private part alone: it is nobody's business but the manager's.
    """

    KIND: ClassVar[str] = "assist.recorded"
    PRIVATE: ClassVar[type[Private] | None] = AssistStatus
    person: str
    day: str


class OperatorDetails(Private, frozen=True, kw_only=True):
    """Who works at the counter."""

    name: str
    pinyin: str = ""


class OperatorRegistered(Body, frozen=True, kw_only=True):
    """Somebody works at this station from now on. role: `operator` or `manager`."""

    KIND: ClassVar[str] = "operator.registered"
    REVERSIBLE: ClassVar[bool] = False
    PRIVATE: ClassVar[type[Private] | None] = OperatorDetails
    role: str
    day: str


class OperatorLeft(Body, frozen=True, kw_only=True):
    """An operator no longer works here."""

    KIND: ClassVar[str] = "operator.left"
    REVERSIBLE: ClassVar[bool] = False
    day: str


class OperatorReadmitted(Body, frozen=True, kw_only=True):
    """An operator who forgot her PIN, or was locked out, was let in again by the county's answer.

    challenge: the eight digits that were read out; the county's `pin.answered` names them too.
    """

    KIND: ClassVar[str] = "operator.readmitted"
    REVERSIBLE: ClassVar[bool] = False
    challenge: str
    day: str


FACTS: tuple[type[Body], ...] = (
    PersonRegistered,
    PersonAmended,
    ConsentRecorded,
    CreditLimited,
    IdShown,
    PersonMerged,
    MergeTakenBack,
    AssistRecorded,
    OperatorRegistered,
    OperatorLeft,
    OperatorReadmitted,
)
FROM_BOTH: tuple[type[Body], ...] = (PersonRegistered, PersonAmended, ConsentRecorded)
