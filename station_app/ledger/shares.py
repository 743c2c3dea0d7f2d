"""How one amount becomes several without a fen lost or made: shares, and parts taken back.

A merged lot belongs to several growers. Whatever comes for it is shared by the largest remainder,
and where two remainders are equal the smaller identity goes first: so every node, and a villager
with paper and pencil, comes to the same fen.
"""

from collections.abc import Iterable

from station_app.ledger.rounding import half_up


def shared(total: int, weights: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return what each key gets of a total, by its weight; the parts sum to the total.

    Weights of one key are added up; keys come back in order. Raises ValueError if there is
    something to share and nobody to get it, or for anything below zero.
    """
    sums: dict[str, int] = {}
    for key, weight in weights:
        if weight < 0:
            raise ValueError(f"weight {weight}")
        sums[key] = sums.get(key, 0) + weight
    whole = sum(sums.values())
    if total < 0 or (total and not whole):
        raise ValueError(f"{total} among {len(sums)}")
    if not total:
        return dict.fromkeys(sorted(sums), 0)
    parts = {key: total * weight // whole for key, weight in sums.items()}
    left = total - sum(parts.values())
    by_remainder = sorted(sums, key=lambda key: (-(total * sums[key] % whole), key))
    for key in by_remainder[:left]:
        parts[key] += 1
    return dict(sorted(parts.items()))


def taken_back(total: int, quantity: int, whole: int, *, before: tuple[int, int]) -> int:
    """Return how much of a total goes with a quantity that comes back.

    whole: the quantity that the total was for; before: quantity and amount that came back
    earlier. Half-up by quantity, and whoever brings the last of it gets exactly what is left.
    """
    quantity_before, amount_before = before
    left = total - amount_before
    if quantity_before + quantity >= whole:
        return left
    return min(left, half_up(total * quantity, whole))
