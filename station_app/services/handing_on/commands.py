"""What can be asked when a station passes into other hands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOn:
    """Hand keys, float and open work on; `RemoveOperator` or `ForwardParcel` follow in the act.

    reason: see `StationHandedOn`; leaving, taker: operators; to_station: code; taker_name: of
    somebody who does not work here; place: where the station moves to; keys: (kind, how many);
    work: (page, how many) as it was shown.
    """

    reason: str
    leaving: str = ""
    taker: str = ""
    to_station: str = ""
    taker_name: str = ""
    place: str = ""
    remark: str = ""
    keys: tuple[tuple[str, int], ...] = ()
    work: tuple[tuple[str, int], ...] = ()
    forwarded: int = 0
