"""What a hub clerk scanned into a bag, judged line by line; nothing is announced by halves.

A piece that the county has announced for a station elsewhere is in the wrong bag: it is named
before the van leaves, when somebody can still take it out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from station_app.services.parcels.manifests import PIECES_MAX
from station_app.values.codes import Unreadable, normalised
from station_app.values.waybills import CATCH_ALL, CourierPattern, read_waybill

LINES_MAX = PIECES_MAX + 100  # of which some may be faults: the rest is not read


@dataclass(frozen=True, slots=True)
class Known:
    """What the county knows of a waybill. station: for which it is; bag: in which it left."""

    courier: str = ""
    station: str = ""
    bag: str = ""


@dataclass(frozen=True, slots=True)
class Scanned:
    """One line. fault: end of a text key, "" for a good one; station, bag: what the fault names."""

    number: int
    text: str
    fault: str = ""
    courier: str = ""
    waybill: str = ""
    station: str = ""
    bag: str = ""


def waybill_of(text: str, couriers: Iterable[CourierPattern]) -> tuple[str, tuple[str, ...]]:
    """Return the number in a text and the couriers that it may belong to; "" for no number."""
    bare = normalised(text)
    if isinstance(bare, Unreadable):
        return "", ()
    found = read_waybill(bare, couriers)
    if found is None:
        return "", ()
    return found.number, tuple(code for code in found.candidates if code != CATCH_ALL)


def judge(
    text: str,
    *,
    couriers: Sequence[CourierPattern],
    chosen: str,
    known: Mapping[str, Known],
    goes_to: frozenset[str],
) -> list[Scanned]:
    """Judge what was scanned. chosen: the courier of all of it, "" to tell by the numbers.

    goes_to: the stations that the bag reaches.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()][:LINES_MAX]
    seen: set[str] = set()
    judged = []
    for place, line in enumerate(lines, 1):
        waybill, candidates = waybill_of(line, couriers)
        said = known.get(waybill, Known())
        courier = _courier(chosen, said.courier, candidates)
        fault = ""
        if not waybill:
            fault = "unreadable"
        elif waybill in seen:
            fault = "twice"
        elif not courier:
            fault = "which"
        elif said.bag:
            fault = "in_bag"
        elif said.station and said.station not in goes_to:
            fault = "elsewhere"
        seen.add(waybill)
        judged.append(Scanned(place, line, fault, courier, waybill, said.station, said.bag))
    return judged


def _courier(chosen: str, said: str, candidates: Sequence[str]) -> str:
    """Return whose a number is: as announced, as its form says, or else as the clerk says."""
    if said:
        return said
    if len(candidates) == 1:
        return candidates[0]
    return chosen if not candidates or chosen in candidates else ""


def without_faults(judged: Iterable[Scanned]) -> str:
    """Return the good lines as they were scanned."""
    return "\n".join(one.text for one in judged if not one.fault)
