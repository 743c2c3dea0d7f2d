"""A line of the log holds what is on its list and nothing else, whatever it is given."""

import io
import json
import logging
from typing import Any

import pytest

from station_app.values.log_lines import JsonLines

NAME, PHONE, ID = "王示兰", "15400006000", "411325199001011234"
CANARIES = (NAME, PHONE, ID, "wangshilan")


@pytest.fixture
def said() -> Any:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLines())
    logger = logging.Logger("of this test")
    logger.addHandler(handler)

    def read(say: Any) -> dict[str, Any]:
        say(logger)
        text = out.getvalue()
        assert not any(canary in text for canary in CANARIES), text
        line: dict[str, Any] = json.loads(text.splitlines()[-1])
        return line

    return read


def test_an_event_with_its_fields(said: Any) -> None:
    line = said(lambda log: log.info("push", extra={"device": "NX0601/D1", "facts": 20}))
    assert line["event"] == "push"
    assert line["level"] == "info"
    assert (line["device"], line["facts"]) == ("NX0601/D1", 20)
    assert line["at"].endswith("+00:00")
    assert set(line) == {"at", "level", "event", "device", "facts"}


@pytest.mark.parametrize(
    "extra",
    [
        {"person": "V00001"},
        {"station": NAME},
        {"station": PHONE},
        {"device": f"NX0601/{PHONE}"},
        {"reason": "a sentence with blanks"},
        {"facts": 15400006000},
        {"facts": "20"},
        {"facts": True},
        {"status": 4.5},
        {"reason": ["x"]},
    ],
    ids=[
        "person",
        "name",
        "phone",
        "phone-in-device",
        "sentence",
        "long-number",
        "text",
        "truth",
        "fraction",
        "list",
    ],
)
def test_what_is_not_on_the_list_or_of_another_shape_is_left_out(
    said: Any, extra: dict[str, Any]
) -> None:
    line = said(lambda log: log.info("push", extra=extra))
    assert set(line) == {"at", "level", "event"}


def test_words_of_a_library_are_not_repeated(said: Any) -> None:
    line = said(lambda log: log.warning("could not send %s to %s", NAME, PHONE))
    assert line["event"] == "words"
    assert line["where"].startswith("test_log_lines.py:")
    assert said(lambda log: log.warning(f"wangshilan {PHONE}"))["event"] == "words"
    assert said(lambda log: log.warning({"name": NAME}))["event"] == "words"


def test_an_error_is_told_by_its_kind_and_its_places(said: Any) -> None:
    def fail(log: logging.Logger) -> None:
        try:
            try:
                raise KeyError(NAME)
            except KeyError as problem:
                raise ValueError(f"no {NAME} at {PHONE}") from problem
        except ValueError:
            log.exception("the line stumbled")

    line = said(fail)
    assert (line["error"], line["cause"]) == ("ValueError", "KeyError")
    assert line["trace"][-1].endswith(" fail")


def test_a_name_that_looks_like_an_event_is_no_argument(said: Any) -> None:
    line = said(lambda log: log.info("push", *(ID,)))
    assert line["event"] == "words"
