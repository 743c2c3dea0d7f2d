"""Facts in words: what stands behind a number when somebody opens it.

A body holds amounts, codes and identities. Here each becomes a line that an operator can read:
the field's word, and the value with its unit. Nothing is left out but what is empty.
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from station_app.journal.log import Connection
from station_app.values.day import is_day, say_day
from station_app.values.money import say_yuan
from station_app.values.texts import Texts
from station_app.values.weight import say_kg

_IDENTITY = re.compile(r"[0-9a-f]{64}")
IDENTITY_SHOWN = 6  # characters of an identity: enough to compare two by eye


def kind_words(texts: Texts, kind: str) -> str:
    """Return what a kind of fact says happened: "parcel.shelved" is 包裹上架."""
    key = f"overview.kind.{kind}"
    return texts.say(key) if texts.has(key) else kind


def field_lines(
    connection: Connection, texts: Texts, body: Mapping[str, Any]
) -> tuple[tuple[str, str], ...]:
    """Return (word, value) for every field of a body that says something, in reading order."""
    lines: list[tuple[str, str]] = []
    for name in sorted(body, key=_reading_order):
        value = body[name]
        if value in ("", 0, []):
            continue
        key = f"overview.field.{name}"
        label = texts.say(key) if texts.has(key) else name
        lines.append((label, _value(connection, texts, name, value)))
    return tuple(lines)


def body_of(raw: bytes) -> dict[str, Any]:
    """Return a recorded body as a tree."""
    return msgspec.json.decode(raw, type=dict[str, Any])


def operator_name(connection: Connection, texts: Texts, operator: str) -> str:
    """Return who recorded a fact; somebody unknown here gets a word, too."""
    row = connection.execute("SELECT name FROM operators WHERE entity = ?", (operator,)).fetchone()
    return row[0] if row and row[0] else texts.say("overview.today.nobody")


def _reading_order(name: str) -> tuple[bool, bool, str]:
    """Codes first, then amounts, the day last."""
    return (name == "day", name.endswith("_fen"), name)


def _value(connection: Connection, texts: Texts, name: str, value: Any) -> str:
    if isinstance(value, list):
        return texts.say("overview.count.entries", count=len(value))
    if isinstance(value, int):
        return _number(name, value)
    if isinstance(value, dict):
        return texts.say("overview.count.entries", count=len(value))
    text = str(value)
    if _IDENTITY.fullmatch(text):
        return _named(connection, text)
    if is_day(text):
        return say_day(text)
    key = f"overview.value.{text}"
    return texts.say(key) if texts.has(key) else text


def _number(name: str, value: int) -> str:
    if name.endswith("_fen"):
        return say_yuan(value)
    return say_kg(value) if name.endswith("_grams") else str(value)


def _named(connection: Connection, identity: str) -> str:
    """Return the name of a person whom a fact speaks of; of other things the identity's head."""
    row = connection.execute(
        "SELECT name FROM persons WHERE entity = coalesce("
        "(SELECT root FROM roots WHERE identity = ?1), ?1)",
        (identity,),
    ).fetchone()
    return row[0] if row and row[0] else f"{identity[:IDENTITY_SHOWN]}…"
