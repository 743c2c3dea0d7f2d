"""People's rules as tables, and the fold of a person whatever comes first."""

from typing import Any

import pytest
from msgspec.structs import replace

from station_app.journal.fact import Body, Private, Saying, Told
from station_app.journal.kinds import ErasureWatched, PrivateErased, WatchedTags
from station_app.services.people.commands import (
    AmendPerson,
    Details,
    ErasePerson,
    RecordConsent,
    RegisterOperator,
    RegisterPerson,
    RemoveOperator,
)
from station_app.services.people.facts import (
    ConsentRecorded,
    OperatorLeft,
    OperatorRegistered,
    PersonAmended,
    PersonDetails,
    PersonRegistered,
)
from station_app.services.people.rules import (
    PERSON,
    Erasing,
    Namesake,
    Operator,
    Person,
    amend_person,
    erase_person,
    fold_operator,
    fold_person,
    is_id_number,
    looks_like_phone,
    record_consent,
    register_operator,
    register_person,
    remove_operator,
    tail_of,
    warnings,
)
from station_app.values.now import Now
from station_app.values.refusal import Refusal

NOW = Now(at=1, day="2026-11-25", operator="", device="D1", station="NX0601")
NO_MANAGER = Now(
    at=1, day="2026-11-25", operator="", device="D1", station="NX0601", is_manager=False
)
WANG = Person(name="王秀兰", phone="13800006021", since="2026-01-01")
ERASED = Person(is_erased=1)
GOOD_ID = "41132519620301003X"


def reason_of(decision: Any) -> str:
    assert isinstance(decision, Refusal), decision
    return decision.reason.removeprefix("people.")


@pytest.mark.parametrize(
    ("details", "namesake", "reason"),
    [
        ({"name": " "}, Namesake("", "", ""), "NAME_MISSING"),
        ({"name": "长" * 31, "remark": "长" * 201}, None, "NAME_TOO_LONG"),
        ({"remark": "长" * 201, "phone": "1" * 61}, None, "REMARK_TOO_LONG"),
        ({"phone": "1" * 61, "id_number": "1"}, None, "FIELD_TOO_LONG"),
        ({"id_number": "1"}, Namesake("王秀兰", "第3组", "6021"), "ID_NUMBER_WRONG"),
        ({}, Namesake("王秀兰", "第3组", "6021"), "KNOWN_ALREADY"),
    ],
)
def test_a_registration_is_refused(
    details: dict[str, str], namesake: Namesake | None, reason: str
) -> None:
    command = RegisterPerson(details=Details(**{"name": "王秀兰", **details}))
    assert reason_of(register_person(namesake, command, NOW)) == reason


def test_a_villager_is_registered_as_typed_but_tidied() -> None:
    details = Details(
        name=" 王秀兰 ",
        pinyin="Wang Xiu Lan",
        phone="138 0000-6021",
        id_number="41132519620301003x",
    )
    decision = register_person(None, RegisterPerson(details=details), NOW)
    assert not isinstance(decision, Refusal)
    (saying,) = decision
    assert saying.body == PersonRegistered(code="", day="2026-11-25")
    assert saying.private == PersonDetails(
        name="王秀兰", pinyin="wang xiu lan", phone="13800006021", id_number=GOOD_ID
    )


def test_another_person_of_the_same_name_and_phone() -> None:
    command = RegisterPerson(details=Details(name="王秀兰"), is_another=True)
    assert not isinstance(register_person(Namesake("王秀兰", "", ""), command, NOW), Refusal)


@pytest.mark.parametrize(
    ("person", "details", "reason"),
    [
        (None, {"name": ""}, "NO_SUCH_PERSON"),
        (ERASED, {"name": ""}, "ERASED_ALREADY"),
        (WANG, {"name": ""}, "NAME_MISSING"),
        (WANG, {"phone": "13800006021"}, "NOTHING_CHANGED"),
    ],
)
def test_an_amendment_is_refused(
    person: Person | None, details: dict[str, str], reason: str
) -> None:
    command = AmendPerson(person="a" * 64, details=Details(**{"name": "王秀兰", **details}))
    assert reason_of(amend_person(person, command, NOW)) == reason


def test_an_amendment_says_whose_it_is() -> None:
    command = AmendPerson(person="a" * 64, details=Details(name="王秀兰", phone="13800006022"))
    decision = amend_person(WANG, command, NOW)
    assert not isinstance(decision, Refusal)
    assert decision[0].private is not None
    assert decision[0].private.whose == ("a" * 64,)
    assert decision[0].entity == "a" * 64


def test_consent_is_asked_of_those_who_can_still_be_named() -> None:
    command = RecordConsent(person="a" * 64, matter="leave_at_station", answer="yes")
    assert reason_of(record_consent(ERASED, command, NOW)) == "ERASED_ALREADY"
    assert reason_of(record_consent(None, command, NOW)) == "NO_SUCH_PERSON"
    decision = record_consent(WANG, command, NOW)
    assert not isinstance(decision, Refusal)
    assert decision[0].body == ConsentRecorded(
        matter="leave_at_station", answer="yes", way="in_person", day="2026-11-25"
    )


@pytest.mark.parametrize(
    ("person", "now", "reason"),
    [
        (None, NO_MANAGER, "ONLY_A_MANAGER"),
        (None, NOW, "NO_SUCH_PERSON"),
        (ERASED, NOW, "ERASED_ALREADY"),
    ],
)
def test_an_erasure_is_refused(person: Person | None, now: Now, reason: str) -> None:
    assert reason_of(erase_person(Erasing(person), ErasePerson(person="a" * 64), now)) == reason


def test_an_erasure_names_her_and_what_was_read_off_labels() -> None:
    command = ErasePerson(person="a" * 64, facts=("c" * 64, "b" * 64, "c" * 64))
    tags = WatchedTags(tag_salt="0" * 32, tags=("1" * 32,))
    decision = erase_person(Erasing(WANG, tags), command, NOW)
    assert not isinstance(decision, Refusal)
    erased = PrivateErased(persons=("a" * 64,), facts=("b" * 64, "c" * 64), day="2026-11-25")
    assert [saying.body for saying in decision] == [erased, ErasureWatched(day="2026-11-25")]
    assert decision[1].private == tags
    assert erase_person(Erasing(WANG), command, NOW) == [Saying(erased)], "nothing to know her by"


# --- Operators -----------------------------------------------------------------------------------

LI = Operator(name="李桂芳", role="manager")
ZHANG = Operator(name="张建国", role="operator")
GONE = Operator(name="赵喜", role="manager", has_left=1)


@pytest.mark.parametrize(
    ("known", "name", "role", "now", "reason"),
    [
        ({"l": LI}, " ", "operator", NO_MANAGER, "NAME_MISSING"),
        ({"l": LI}, "长" * 31, "operator", NO_MANAGER, "NAME_TOO_LONG"),
        ({"l": LI}, "张建国", "operator", NO_MANAGER, "ONLY_A_MANAGER"),
        ({}, "张建国", "operator", NO_MANAGER, "FIRST_IS_A_MANAGER"),
        ({"g": GONE}, "张建国", "operator", NOW, "FIRST_IS_A_MANAGER"),
        ({"l": LI}, "李桂芳", "operator", NOW, "OPERATOR_KNOWN_ALREADY"),
    ],
)
def test_an_operator_is_refused(
    known: dict[str, Operator], name: str, role: str, now: Now, reason: str
) -> None:
    assert (
        reason_of(register_operator(known, RegisterOperator(name=name, role=role), now)) == reason
    )


def test_the_first_manager_needs_nobodys_leave() -> None:
    command = RegisterOperator(name="李桂芳", role="manager")
    decision = register_operator({"g": GONE}, command, NO_MANAGER)
    assert not isinstance(decision, Refusal)
    assert decision[0].body == OperatorRegistered(role="manager", day="2026-11-25")


@pytest.mark.parametrize(
    ("who", "now", "reason"),
    [
        ("x", NO_MANAGER, "ONLY_A_MANAGER"),
        ("x", NOW, "NO_SUCH_OPERATOR"),
        ("g", NOW, "LEFT_ALREADY"),
        ("l", NOW, "LAST_MANAGER"),
    ],
)
def test_a_leaving_is_refused(who: str, now: Now, reason: str) -> None:
    known = {"l": LI, "z": ZHANG, "g": GONE}
    assert reason_of(remove_operator(known, RemoveOperator(operator=who), now)) == reason


def test_an_operator_leaves() -> None:
    decision = remove_operator({"l": LI, "z": ZHANG}, RemoveOperator(operator="z"), NOW)
    assert not isinstance(decision, Refusal)
    assert (decision[0].body, decision[0].entity) == (OperatorLeft(day="2026-11-25"), "z")


# --- Folds ---------------------------------------------------------------------------------------


def told(body: Body, private: Private | None = None) -> Told:
    return Told(
        identity="1" * 64, stream="NX0601/D1/00112233445566aa", seq=1, act="A", at=1,
        kind=body.KIND, by="", entity="", body=body, private=private,
    )  # fmt: skip


REGISTERED = told(PersonRegistered(code="V00001", day="2026-01-01"), PersonDetails(name="王秀兰"))
AMENDED = told(PersonAmended(day="2026-02-01"), PersonDetails(name="王秀蓝", phone="6021"))
CONSENTED = told(
    ConsentRecorded(matter="leave_at_station", answer="yes", way="phone", day="2026-03-01")
)
PRIVACY = told(ConsentRecorded(matter="personal_data", answer="no", way="paper", day="2026-03-02"))
STRANGE = told(ConsentRecorded(matter="photos", answer="yes", way="paper", day="2026-03-02"))


def folded(*facts: Told) -> Person:
    state = None
    for fact in facts:
        state = fold_person(state, fact)
    assert state is not None
    return state


def test_the_latest_details_hold() -> None:
    person = folded(REGISTERED, AMENDED, CONSENTED, PRIVACY, STRANGE)
    assert (person.name, person.phone, person.code, person.since) == (
        "王秀蓝", "6021", "V00001", "2026-01-01",
    )  # fmt: skip
    assert (person.consent_leave, person.consent_leave_way) == ("yes", "phone")
    assert (person.consent_personal, person.consent_personal_day) == ("no", "2026-03-02")


def test_any_fact_may_come_first() -> None:
    assert folded(CONSENTED, AMENDED).name == "王秀蓝"
    assert folded(AMENDED, REGISTERED).code == "V00001"


def test_what_was_erased_is_empty_and_says_so() -> None:
    gone = folded(replace(REGISTERED, private=None), CONSENTED, replace(AMENDED, private=None))
    assert gone == replace(
        Person(code="V00001", since="2026-01-01", is_erased=1),
        consent_leave="yes", consent_leave_day="2026-03-01", consent_leave_way="phone",
    )  # fmt: skip


def test_the_table_says_the_tail_and_no_more_than_a_list_needs() -> None:
    assert PERSON.columns is not None
    row = dict(zip([n for n, _ in PERSON.columns.fields], PERSON.columns.row(WANG), strict=True))
    assert row["tail"] == "6021"
    assert "id_number" not in row
    assert "remark" not in row


def test_an_operator_is_folded() -> None:
    left = fold_operator(None, told(OperatorLeft(day="2026-03-01")))
    assert left.has_left
    known = fold_operator(left, told(OperatorRegistered(role="manager", day="2026-01-01")))
    assert known == Operator(name="", role="manager", since="2026-01-01", has_left=1)


# --- Checks of what was typed --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "is_right"),
    [
        (GOOD_ID, True),
        (GOOD_ID.lower(), True),
        ("411325 19620301 003X", True),
        ("411325196203010031", False),  # check digit
        ("411325196202300019", False),  # no such day
        ("41132519620301003", False),
        ("４11325196203010011", False),
        ("", False),
    ],
)
def test_id_numbers(number: str, is_right: bool) -> None:
    assert is_id_number(number) is is_right


@pytest.mark.parametrize(
    ("phone", "is_odd"),
    [
        ("13800006021", False), ("138 0000 6021", False), ("037765330000", False),
        ("0377-65330000", False), ("65330000", False), ("", False),
        ("1380000602", True), ("138000060211", True), ("abc", True),
    ],
)  # fmt: skip
def test_odd_phones_are_allowed_but_pointed_at(phone: str, is_odd: bool) -> None:
    found = warnings(Details(name="王秀兰", phone=phone))
    assert found == (("people.warning.PHONE_LOOKS_ODD",) if is_odd else ())
    assert looks_like_phone("13800006021")


@pytest.mark.parametrize(
    ("phone", "tail"), [("13800006021", "6021"), ("0377-6533", "6533"), ("12", ""), ("", "")]
)
def test_tails(phone: str, tail: str) -> None:
    assert tail_of(phone) == tail
