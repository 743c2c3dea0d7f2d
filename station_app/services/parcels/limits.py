"""What a person may take in another's place, as the county sets it.

A neighbour carries a parcel home for somebody: that is the village. But for much cash on delivery,
or for something worth much, a phone tail that anybody may know is too little.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.services.parcels.visits import Parcel
from station_app.values.money import say_yuan
from station_app.values.refusal import Refusal

STRONG_CHECKS = ("id_tail", "signature", "photo")


@dataclass(frozen=True, slots=True)
class Limits:
    """cod_fen: above it proof is needed; valuable: `proof`, `never` or `anybody`."""

    cod_fen: int = 500_00
    valuable: str = "proof"


def why_not_on_behalf(limits: Limits, parcels: Sequence[Parcel], check: str) -> Refusal | None:
    """Return why somebody else may not take these parcels by this check, or None."""
    valuable = next((parcel for parcel in parcels if parcel.is_valuable), None)
    if valuable is not None and limits.valuable == "never":
        return Refusal("parcels.ON_BEHALF_NEVER", {"code": str(valuable.code)})
    if check in STRONG_CHECKS:
        return None
    if sum(parcel.cod_fen for parcel in parcels) > limits.cod_fen:
        return Refusal("parcels.ON_BEHALF_NEEDS_PROOF", {"most": say_yuan(limits.cod_fen)})
    if valuable is not None and limits.valuable == "proof":
        return Refusal("parcels.ON_BEHALF_VALUABLE", {"code": str(valuable.code)})
    return None
