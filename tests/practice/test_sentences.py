"""The spoken steps of the practice: each has its sound, made of the words that it has now."""

import csv

from station_app.overview.practice.lessons import LESSONS
from station_app.resources_dir import load_texts, resources


def test_every_step_has_its_sentence_and_the_sound_has_its_words():
    texts, folder = load_texts(), resources() / "sounds"
    with (folder / "lessons.csv").open(encoding="utf-8", newline="") as file:
        said = {row["name"]: row["text"] for row in csv.DictReader(file)}
    wanted = {
        f"lesson_{lesson.key}_{step.key}": texts.say(
            f"overview.practice.lesson.{lesson.key}.{step.key}"
        )
        for lesson in LESSONS
        for step in lesson.steps
    }
    assert said == wanted, "run resources/sounds/make_lessons.py"
    assert {path.stem for path in (folder / "lessons").iterdir()} == set(wanted)
