"""Every trouble and refusal of this room has its words, with all their slots."""

import pytest

from station_app.journal import troubles
from station_app.journal.troubles import CommitUnknown, DamagedDatabase, DiskFull, StoreTrouble
from station_app.resources_dir import load_texts
from station_app.security import database_key, key_store
from station_app.security.pins import pin_refusal

KINDS = [
    kind
    for module in (troubles, key_store, database_key)
    for kind in vars(module).values()
    if isinstance(kind, type)
    and issubclass(kind, StoreTrouble)
    and kind.__module__ == module.__name__
    and kind is not CommitUnknown
]
SLOTS = {"OPEN_ELSEWHERE": {"process": "12"}, "NEWER_DATABASE": {"step": "a.b"}}


@pytest.mark.parametrize("kind", KINDS)
def test_every_trouble_has_its_words(kind: type[StoreTrouble]) -> None:
    slots = SLOTS.get(kind.reason, {})
    trouble = kind("page 7") if kind is DamagedDatabase else kind("detail", **slots)
    said = load_texts().say(trouble.text_key, **trouble.slots)
    assert said.endswith("。")
    assert "{" not in said


def test_an_unknown_commit_has_the_words_of_its_cause() -> None:
    unknown = CommitUnknown(DiskFull("detail"))
    assert load_texts().say(unknown.text_key, **unknown.slots).startswith("硬盘满了")


def test_refusals_of_pins_have_their_words() -> None:
    texts = load_texts()
    for pin in ("12", "123456"):
        refusal = pin_refusal(pin)
        assert refusal is not None
        assert "{" not in texts.say(refusal.text_key, **refusal.slots)
    assert texts.say("security.pin.wrong", tries=3) == "密码不对，还可以试 3 次。"
    assert "2 分" in texts.say("security.pin.locked", wait="2 分 5 秒")
