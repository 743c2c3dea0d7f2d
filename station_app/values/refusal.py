"""A calm no: the shop's rule does not allow what was asked.

A refusal is a value, not an exception: nothing failed. The page shows its sentence from the
catalogue (`<slice>.refusal.<REASON>`) beside the field that it is about and keeps the input.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Refusal:
    """Says which rule said no. `reason` is a statement such as "parcels.ALREADY_SHELVED"."""

    reason: str
    slots: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def text_key(self) -> str:
        """Return the catalogue key of the sentence, "parcels.refusal.ALREADY_SHELVED"."""
        room, _, statement = self.reason.partition(".")
        return f"{room}.refusal.{statement}"
