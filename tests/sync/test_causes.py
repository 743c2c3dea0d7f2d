"""Every cause has its words, short ones and a sentence."""

from station_app.resources_dir import load_texts
from station_app.sync import causes

LINE_CHARACTERS_MAX = 30  # two lines of the panel at the usual size


def test_every_cause_is_listed_once() -> None:
    named = {
        value for name, value in vars(causes).items() if name.isupper() and isinstance(value, str)
    }
    assert named == set(causes.CAUSES)
    assert len(causes.CAUSES) == len(set(causes.CAUSES))
    assert named > causes.HOLD_UP


def test_every_cause_has_a_sentence_that_says_what_to_do() -> None:
    texts = load_texts()
    for cause in causes.CAUSES:
        sentence = texts.say(causes.text_key(cause))
        assert len(sentence) <= LINE_CHARACTERS_MAX, sentence
        assert "失败" not in sentence
        assert "异常" not in sentence


def test_every_cause_has_short_words_on_the_page() -> None:
    texts = load_texts()
    for cause in causes.CAUSES:
        assert texts.has(f"overview.sync.outcome.{cause}"), cause
