"""Facts in words: every kind and every field that anybody can say has its word."""

import msgspec

from station_app.journal.fact import Saying
from station_app.overview.fact_words import FactWords
from station_app.services.people.facts import (
    ConsentRecorded,
    OperatorDetails,
    OperatorRegistered,
    PersonDetails,
    PersonRegistered,
)
from station_app.vocabulary import VOCABULARY
from tests.overview.journals import DAY


def test_every_kind_of_fact_has_a_word(texts):
    missing = [kind for kind, _ in VOCABULARY.kinds if not texts.has(f"overview.kind.{kind}")]
    assert missing == []


def test_every_field_of_a_body_has_a_word(texts):
    fields = {
        field.encode_name
        for body in VOCABULARY.kinds.values()
        for field in msgspec.structs.fields(body)
    }
    assert sorted(f for f in fields if not texts.has(f"overview.field.{f}")) == []


def test_a_kind_from_a_newer_program_is_shown_by_its_own_name(texts):
    assert FactWords(texts, VOCABULARY).kind("drone.landed") == "drone.landed"


def test_people_are_named_and_unknown_things_show_the_head_of_their_identity(journal, texts):
    (person,) = journal.say(
        Saying(PersonRegistered(code="", day=DAY), PersonDetails(name="曾例兰"))
    )
    lines = dict(
        FactWords(texts, VOCABULARY).lines(
            journal.connection,
            "drone.landed",
            {"person": person.identity, "after": "f" * 64, "counts": [1, 2], "gross_grams": 1500},
        )
    )
    assert lines["乡亲"] == "曾例兰"
    assert lines["上一回"] == "ffffff…"
    assert lines["各面额"] == "2 项"
    assert lines["gross_grams"] == "1.500 kg"


def test_codes_are_said_in_words(journal, texts):
    body = ConsentRecorded(matter="leave_at_station", answer="yes", way="in_person", day=DAY)
    tree = msgspec.to_builtins(body)
    lines = FactWords(texts, VOCABULARY).lines(journal.connection, body.KIND, tree)
    assert lines == (
        ("问的事", "放村站"), ("答复", "同意"), ("怎么说的", "当面"), ("营业日", "2026年11月23日"),
    )  # fmt: skip


def test_who_recorded_it_is_named(journal, texts):
    (operator,) = journal.say(
        Saying(OperatorRegistered(role="manager", day=DAY), OperatorDetails(name="李桂芳"))
    )
    words = FactWords(texts, VOCABULARY)
    assert words.operator(journal.connection, operator.identity) == "李桂芳"
    assert words.operator(journal.connection, "") == "没登记的人"
    words.privacy.switch()
    assert words.operator(journal.connection, operator.identity) == "李*芳"
