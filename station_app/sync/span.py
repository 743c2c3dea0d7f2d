"""Where streams end, and what lies between two places: words of openings and receipts."""

import msgspec


class Tip(msgspec.Struct, array_like=True, frozen=True):
    """How far a stream reaches at the speaker's: seq and the first 16 digits of the identity."""

    stream: str
    seq: int
    mark: str


class Span(msgspec.Struct, array_like=True, frozen=True):
    """The facts from one place (stream, number) up to before another, and their sum.

    count, mark: how many the speaker holds, and the sum of their marks; items: all of them, where
    they are few. See `sync.bisecting`.
    """

    stream: str
    seq: int
    end_stream: str
    end_seq: int
    count: int
    mark: str
    items: tuple[Tip, ...] = ()

    @property
    def first(self) -> tuple[str, int]:
        """Return the first place."""
        return self.stream, self.seq

    @property
    def end(self) -> tuple[str, int]:
        """Return the place behind the last."""
        return self.end_stream, self.end_seq
