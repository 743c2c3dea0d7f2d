"""Produce that left for the hub, as whoever lists what the van carries has to know it.

Lots belong to one service and manifests to another, and neither imports the other: what they tell
each other of goods on the road stands here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsOut:
    """One leaving of produce. dispatch: identity of the fact that says so; code: of its lot.

    quantity: grams or pieces, as `unit` says; packages: bags or crates.
    """

    dispatch: str
    code: str
    name: str
    quantity: int
    unit: str
    packages: int
    day: str
