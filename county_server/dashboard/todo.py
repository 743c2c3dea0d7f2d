"""What wants somebody first: the short list beside the figures, made from them and nothing else.

One entry is one thing that one person can go and do. Ten stations of one township that fell
silent together are one entry, because the line is broken once; what is only a bit off stands at
the end, as one entry with a way to the list.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from county_server.dashboard.rows import ACT, NEVER, ONLINE, QUIET, SILENT, STATES, County, Row

TOGETHER_MIN = 3  # stations: two may fall silent by accident
TOGETHER_MS = 60 * 60 * 1000  # the last of them spoke within an hour of the first

DIFFERENCE = "difference"
SILENCE = "silence"
OUTAGE = "outage"
SILENT_REST = "silent_rest"
RETURNS = "returns"
SMALL_DIFFERENCES = "small_differences"
UNHEARD = "unheard"


@dataclass(frozen=True, slots=True)
class Todo:
    """One entry. rows: the stations it is about, the first being the worst.

    shape: ACT, SILENT, QUIET or NEVER. count: parcels of RETURNS, else the number of stations.
    """

    what: str
    shape: str
    rows: tuple[Row, ...] = field(repr=False)
    count: int
    township: str = ""


def what_to_do(county: County) -> list[Todo]:
    """Return everything that wants somebody, the most urgent first."""
    together = list(_outages(county))
    explained = {row.place.code for entry in together for row in entry.rows}
    alone = [
        row for row in county.rows if row.link in (SILENT, ACT) and row.place.code not in explained
    ]
    entries = [
        *_differences(county.rows),
        *_silences(row for row in alone if row.link == ACT),
        *together,
        *_gathered(SILENT_REST, SILENT, [row for row in alone if row.link == SILENT]),
        *_returns(county),
        *_gathered(
            SMALL_DIFFERENCES,
            QUIET,
            sorted(
                (row for row in county.rows if row.differing and not row.is_far_off),
                key=lambda row: (-abs(row.difference_fen), row.place.code),
            ),
        ),
        *_gathered(UNHEARD, NEVER, [row for row in county.rows if row.link == NEVER]),
    ]
    return sorted(entries, key=lambda entry: STATES.index(entry.shape))


def _differences(rows: Iterable[Row]) -> Iterator[Todo]:
    """Yield drawers that are far off, the largest difference first."""
    far_off = [row for row in rows if row.is_far_off]
    far_off.sort(key=lambda row: (-abs(row.difference_fen), row.place.code))
    for row in far_off:
        yield Todo(DIFFERENCE, ACT, (row,), 1, row.place.township)


def _silences(rows: Iterable[Row]) -> Iterator[Todo]:
    """Yield stations that have been silent for days, the longest first."""
    for row in sorted(rows, key=lambda row: (-row.silent_ms, row.place.code)):
        yield Todo(SILENCE, ACT, (row,), 1, row.place.township)


def _outages(county: County) -> Iterator[Todo]:
    """Yield townships in which several stations fell silent together, the largest first."""
    found = []
    for township, rows in county.townships.items():
        silent = [row for row in rows if row.link in (SILENT, ACT)]
        group = _largest_group(sorted(silent, key=lambda row: row.last_heard_at))
        if township and len(group) >= TOGETHER_MIN:
            found.append(Todo(OUTAGE, SILENT, tuple(group), len(group), township))
    yield from sorted(found, key=lambda entry: (-entry.count, entry.township))


def _largest_group(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the most stations, sorted by time, that fell silent within TOGETHER_MS."""
    best: Sequence[Row] = ()
    start = 0
    for end, row in enumerate(rows, 1):
        while row.last_heard_at - rows[start].last_heard_at > TOGETHER_MS:
            start += 1
        if end - start > len(best):
            best = rows[start:end]
    return best


def _returns(county: County) -> Iterator[Todo]:
    """Yield townships whose parcels their couriers want back, those with most first.

    What a silent station still holds nobody knows: it goes on handing over without a line.
    """
    found = []
    for township, rows in county.townships.items():
        holding = [r for r in rows if r.parcels.to_return and r.link in (ONLINE, QUIET)]
        if holding:
            holding.sort(key=lambda row: (-row.parcels.to_return, row.place.code))
            count = sum(row.parcels.to_return for row in holding)
            found.append(Todo(RETURNS, SILENT, tuple(holding), count, township))
    yield from sorted(found, key=lambda entry: (-entry.count, entry.township))


def _gathered(what: str, shape: str, rows: Iterable[Row]) -> Iterator[Todo]:
    """Yield one entry for all of these stations, none for no station."""
    kept = tuple(rows)
    if kept:
        yield Todo(what, shape, kept, len(kept))
