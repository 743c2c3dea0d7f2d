"""Facts in words: what stands behind a number when somebody opens it.

A body holds amounts, codes and identities. Here each becomes a line that an operator can read:
the field's word, and the value with its unit, in the order in which the fact's class says them.
Nothing is left out but what is empty.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from station_app.journal.log import Connection
from station_app.journal.vocabulary import Vocabulary
from station_app.ledger.paid_acts import fact
from station_app.reference.records import courier
from station_app.services.accounts.records import identity_of
from station_app.services.people.records import operator_name, person
from station_app.shell.counter import Privacy
from station_app.values.said import say_field, say_value
from station_app.values.texts import Texts

_IDENTITY = re.compile(r"[0-9a-f]{64}")
IDENTITY_SHOWN = 6  # characters of an identity: enough to compare two by eye
NUMBERS = ("waybill", "number", "slip")  # fields that a villager's paper shows
Lines = tuple[tuple[str, str], ...]


def body_of(raw: bytes) -> dict[str, Any]:
    """Return a recorded body as a tree."""
    return msgspec.json.decode(raw, type=dict[str, Any])


@dataclass(frozen=True, slots=True)
class FactWords:
    """Words for facts. privacy: how names may stand on the screen now."""

    texts: Texts
    vocabulary: Vocabulary
    privacy: Privacy = field(default_factory=Privacy)

    def kind(self, kind: str) -> str:
        """Return what a kind of fact says happened: "parcel.shelved" is 包裹上架."""
        key = f"overview.kind.{kind}"
        return self.texts.say(key) if self.texts.has(key) else kind

    def lines(self, connection: Connection, kind: str, body: Mapping[str, Any]) -> Lines:
        """Return (word, value) for every field of a body that says something."""
        found: list[tuple[str, str]] = []
        for name in self._in_order(kind, body):
            value = body[name]
            if value in ("", 0, []):
                continue
            found.append((say_field(self.texts, name), self._value(connection, name, value)))
        return tuple(found)

    def operator(self, connection: Connection, operator: str) -> str:
        """Return who recorded a fact; somebody unknown here gets a word, too."""
        name = operator_name(connection, operator)
        return self.privacy.name(name) if name else self.texts.say("overview.today.nobody")

    def _in_order(self, kind: str, body: Mapping[str, Any]) -> list[str]:
        """Return the names of the fields as the newest class of the kind lists them."""
        known = [b for (name, _), b in sorted(self.vocabulary.kinds.items()) if name == kind]
        order = [f.encode_name for f in msgspec.structs.fields(known[-1])] if known else []
        return [*(n for n in order if n in body), *sorted(n for n in body if n not in order)]

    def _value(self, connection: Connection, name: str, value: Any) -> str:
        if not isinstance(value, str):
            return say_value(self.texts, name, value)
        text = value
        if _IDENTITY.fullmatch(text):
            return self._named(connection, text)
        if name == "courier":
            known = courier(connection, text)
            return known.name if known is not None else text
        if name == "fact_kind":
            return self.kind(text)
        if name == "document":
            return self._document(connection, text)
        if name in ("device", "home"):
            return self.texts.say("overview.cases.computer", device=text.lstrip("D"))
        return say_value(self.texts, name, text)

    def _document(self, connection: Connection, key: str) -> str:
        """Return the order, bill or parcel under whose key money stands: 包裹 73000000000017."""
        founder = fact(connection, identity_of(connection, key))
        if founder is None:
            return self.texts.say("overview.value.document_unknown")
        body = body_of(founder.body)
        number = next((str(body[name]) for name in NUMBERS if body.get(name)), "")
        group = founder.kind.partition(".")[0]
        what = self.texts.say_known(f"accounts.origin.{group}", "accounts.origin.other")
        return f"{what} {number}".rstrip()

    def _named(self, connection: Connection, identity: str) -> str:
        """Return the name of a villager or colleague; of other things the head of their id."""
        found = person(connection, identity)
        if found is not None and found.name:
            return self.privacy.name(found.name)
        colleague = operator_name(connection, identity)
        if colleague:
            return self.privacy.name(colleague)
        return f"{identity[:IDENTITY_SHOWN]}…"
