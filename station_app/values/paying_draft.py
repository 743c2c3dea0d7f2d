"""A payment half typed as values that a draft can keep, and back again.

Only what the operator chose or typed is kept. How much is due, who may owe and how much comes from
the page when the draft is taken up, so a draft never makes an old sum true again.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from station_app.values.paying import Part, Paying


def kept_paying(paying: Paying) -> dict[str, Any]:
    """Return what was chosen and typed. Amounts are fen."""
    return {
        "parts": [[p.way, p.amount_fen, p.reference, p.person] for p in paying.parts],
        "way": paying.way,
        "typed_fen": paying.typed_fen,
        "reference": paying.reference,
        "round_off_fen": paying.round_off_fen,
    }


def taken_up(paying: Paying, kept: Mapping[str, Any]) -> Paying:
    """Return `paying` with what `kept_paying` kept."""
    parts = tuple(
        Part(way=way, amount_fen=fen, reference=reference, person=person)
        for way, fen, reference, person in kept["parts"]
    )
    return replace(
        paying,
        parts=parts,
        way=kept["way"],
        typed_fen=kept["typed_fen"],
        reference=kept["reference"],
        round_off_fen=kept["round_off_fen"],
    )
