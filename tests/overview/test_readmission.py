"""A forgotten PIN without a network: eight digits out by phone, eight back, once."""

import json

import pytest
from PySide6.QtWidgets import QLabel

from station_app.security import readmission
from station_app.security.readmission import TRIES, Right, Wrong
from station_app.security.signing import Signer
from station_app.security.spoken_codes import draw, is_challenge, question
from tests.overview.stations import PIN
from tests.shell.shop import Dice

COUNTY, PC = Signer(b"c" * 32), Signer(b"p" * 32)
ASKED = ("NX0601", "D1")


def answer_of_county(challenge):
    return COUNTY.spoken_answer(PC.public_key, question(*ASKED, challenge))


def right_answer(challenge):
    return PC.spoken_answer(COUNTY.public_key, question(*ASKED, challenge))


def test_both_ends_work_out_one_answer_and_nobody_else_does():
    dice = Dice(3)
    drawn = [draw(dice) for _ in range(200)]
    assert len(set(drawn)) == 200
    for challenge in drawn:
        assert is_challenge(challenge)
        assert right_answer(challenge) == answer_of_county(challenge)
        assert not any(
            is_challenge(challenge[:n] + str((int(challenge[n]) + 1) % 10) + challenge[n + 1 :])
            for n in range(8)
        )
    stranger = Signer(b"x" * 32)
    assert stranger.spoken_answer(PC.public_key, question(*ASKED, drawn[0])) != right_answer(
        drawn[0]
    )
    assert len({right_answer(challenge) for challenge in drawn}) == 200
    with pytest.raises(ValueError, match="public key"):
        PC.spoken_answer(bytes(32), "x")


@pytest.fixture
def locked(station):
    station.operator = station.hire()
    station.show()
    station.door.right_answer = right_answer
    for _ in range(5):
        station.type("999111")
    assert station.page.sentence.startswith("错太多次了")
    station.press("F10")
    return station


def facts(station):
    """(entity, challenge) of every readmission that was recorded."""
    rows = station.connection.execute(
        "SELECT entity, body FROM facts WHERE kind = 'operator.readmitted'"
    ).fetchall()
    return [(row[0], json.loads(row[1])["challenge"]) for row in rows]


def words(station):
    return " ".join(one.text() for one in station.page.findChildren(QLabel))


def digits(station):
    return station.page.challenge.text().replace(" ", "")


def test_the_countys_answer_lifts_the_lock_once_and_a_new_pin_is_set(locked):
    assert "NX0601 站，1 号电脑" in words(locked)
    challenge = digits(locked)
    assert is_challenge(challenge)
    locked.type("00000000")
    assert locked.page.verdict == "对不上，再听一遍。还能试 4 次"
    locked.press("Esc")
    assert locked.page.key == "overview.lock"
    locked.press("F10")
    assert digits(locked) == challenge  # the call was cut off; the number still waits
    locked.type(answer_of_county(challenge))
    assert locked.page.key == "overview.setup"
    assert facts(locked) == [(locked.operator, challenge)]
    locked.type("314159")
    locked.type("314159")
    locked.press("Enter")
    assert locked.page.key == "overview.today"
    found = readmission.answer(
        locked.connection, locked.operator, answer_of_county(challenge), right_answer
    )
    assert found == Wrong(0)
    locked.press("F12")
    locked.type(PIN)
    assert locked.page.sentence.startswith("密码不对")


def test_five_wrong_answers_use_a_number_up(locked):
    challenge = digits(locked)
    for _ in range(TRIES):
        locked.type("00000000")
    assert "作废" in locked.page.verdict
    assert digits(locked) != challenge
    locked.type(answer_of_county(challenge))
    assert "对不上" in locked.page.verdict
    assert facts(locked) == []


def test_a_number_is_for_one_operator(locked):
    connection, dice = locked.connection, Dice(9)
    mine = readmission.challenge(connection, locked.operator, dice)
    other = readmission.challenge(connection, "e" * 64, dice)
    assert other != mine
    answer = answer_of_county(other)
    assert readmission.answer(connection, locked.operator, answer, right_answer) == Wrong(0)
    assert readmission.answer(connection, "e" * 64, answer, right_answer) == Right(other)


def test_without_a_way_to_work_it_out_the_manager_is_named(station):
    station.hire()
    station.show()
    station.press("F10")
    assert station.page.key == "overview.lock"
    assert station.page.sentence == "让站长先登，再给这位设密码"
