"""Segments that continue one another, taken together: one write for a run that came in pieces."""

from collections.abc import Iterator, Sequence

from station_app.sync.segment import Segment

Arrived = Sequence[tuple[int, Segment]]
"""Segments, each with the place of its frame in the request."""


def joined(segments: Arrived) -> Iterator[list[tuple[int, Segment]]]:
    """Yield the segments, those together that continue one another."""
    run: list[tuple[int, Segment]] = []
    for frame, segment in segments:
        end = run[-1][1] if run else None
        if end is None or (segment.stream, segment.first) != (end.stream, end.last + 1):
            is_next = False
        else:
            is_next = segment.prev == end.head.identity
        if run and not is_next:
            yield run
            run = []
        run.append((frame, segment))
    if run:
        yield run
