"""The postings behind an amount: which facts made an account stand where it does.

The same rows as `balances` sums up, one by one, cut at the same place; so what is listed here adds
up to what stood on the screen or slip. An account's name may be a prefix, as there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.ledger.balances import Connection, Cut, is_below
from station_app.ledger.posting import CNY

_POSTED = (
    "SELECT p.stream, p.seq, p.line, f.act, f.at, f.kind, p.account, p.amount "
    "FROM postings p JOIN facts f ON f.stream = p.stream AND f.seq = p.seq "
    "WHERE p.account >= ? AND p.account < ? AND p.commodity = ?"
)
_SET_ASIDE = _POSTED.replace("FROM postings p", "FROM postings_aside p")  # `journal.kept_back`


@dataclass(frozen=True, slots=True)
class PostedLine:
    """One posting with its fact. at: UTC ms, for display; amount: a debit is positive."""

    stream: str
    seq: int
    act: str
    at: int
    kind: str
    account: str
    amount: int


@dataclass(frozen=True, slots=True)
class PostedLines:
    """The latest postings of some accounts. total: the sum of all; count: how many there are."""

    lines: tuple[PostedLine, ...]
    total: int
    count: int


def posted_lines(
    connection: Connection,
    accounts: Sequence[str],
    *,
    commodity: str = CNY,
    upto: Cut | None = None,
    limit: int = 500,
) -> PostedLines:
    """Return the postings to these accounts or those below them, the latest first.

    upto: cut off behind these facts, None for now. May take a second after ten years: ask with
    `Desk.look_up`.
    """
    found: dict[tuple[str, int, int], PostedLine] = {}
    for account in accounts:
        stem = account.rstrip(":")
        rows = [
            row
            for sql in ((_POSTED,) if upto is None else (_POSTED, _SET_ASIDE))
            for row in connection.execute(sql, (stem, f"{stem}~", commodity))
        ]
        for stream, seq, line, act, at, kind, name, amount in rows:
            is_within = upto is None or seq <= upto.get(stream, 0)
            if is_within and is_below(name, account):
                found[stream, seq, line] = PostedLine(stream, seq, act, at, kind, name, amount)
    lines = sorted(found.values(), key=lambda one: (one.at, one.stream, one.seq), reverse=True)
    return PostedLines(tuple(lines[:limit]), sum(one.amount for one in lines), len(lines))
