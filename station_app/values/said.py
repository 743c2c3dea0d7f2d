"""Fields of a fact's body in words, where nothing else must be looked up to say them."""

from typing import Any

from station_app.values.day import is_day, say_day
from station_app.values.money import say_yuan
from station_app.values.texts import Texts
from station_app.values.weight import say_kg


def say_field(texts: Texts, name: str) -> str:
    """Return what a field is called: "taken_by" is 谁取的."""
    key = f"overview.field.{name}"
    return texts.say(key) if texts.has(key) else name


def say_value(texts: Texts, name: str, value: Any) -> str:
    """Return a value with its unit; the field's name says which."""
    if isinstance(value, list | dict):
        return texts.say("overview.count.entries", count=len(value))
    if isinstance(value, int):
        return _number(name, value)
    text = str(value)
    if is_day(text):
        return say_day(text)
    key = f"overview.value.{text}"
    return texts.say(key) if texts.has(key) else text


def _number(name: str, value: int) -> str:
    if name.endswith("_fen"):
        return say_yuan(value)
    return say_kg(value) if name.endswith("_grams") else str(value)
