"""The papers of the station, found from the facts: every paper bears the number of a fact.

A slip's number stands in the fact that it tells of (`slip` or `number`); a label belongs to the
fact that gave the place. So the list needs no print job: it is the same in ten years, on whichever
PC, and each paper is made anew from its act by the slice that offers it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from station_app.journal.cuts import Cut
from station_app.journal.fact import is_from_county
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger.posting import CNY
from station_app.overview.ledger.day_index import DayRun, clipped, runs_back, runs_of_day

UNNUMBERED = ("statement.answered",)  # slips that bear the number of what they answer
LABELLED = ("parcel.shelved", "parcel.moved", "parcel.reassigned")
PRINTED = re.compile(r"([0-9]{1,7})(?:-([A-Z2-7]{2}))?")
_FACTS = (
    "SELECT seq, act, at, kind, entity, identity, by_, body FROM facts "
    "WHERE stream = ? AND seq BETWEEN ? AND ? ORDER BY seq"
)


class _Numbered(msgspec.Struct):
    slip: int | str = 0
    number: int | str = 0


@dataclass(frozen=True, slots=True)
class PaperFact:
    """A paper, by the fact that it tells of. number: as printed, "" for a label without one."""

    act: str
    stream: str
    seq: int
    at: int
    day: str
    kind: str
    entity: str
    identity: str
    by: str
    number: str

    @property
    def is_label(self) -> bool:
        """Tell whether it is a label to stick on, no slip."""
        return self.kind in LABELLED


def papers_of_day(
    connection: Connection, day: str, upto: Cut | None = None
) -> tuple[PaperFact, ...]:
    """Return the papers of a business day, the latest first."""
    cut = None if upto is None else dict(upto)
    kept = (clipped(run, cut) for run in runs_of_day(connection, day))
    found = [paper for run in kept if run is not None for paper in _papers_in(connection, run)]
    return _latest_first(found)


def papers_numbered(
    connection: Connection, typed: str, *, limit: int = 50
) -> tuple[PaperFact, ...]:
    """Return the papers that bear a printed number (128-K7, or 128), the latest first.

    The mark behind the number tells the start of the program, so only its streams are read; a
    number without it is looked for from the last day back until `limit` are found.
    """
    match = PRINTED.fullmatch(typed.strip().upper())
    if match is None:
        return ()
    number, mark = int(match[1]), match[2]
    found: list[PaperFact] = []
    for run in runs_back(connection, before="~"):
        if len(found) >= limit:
            break
        if is_from_county(run.stream):
            continue
        if mark and not printed_number(0, run.stream).endswith(f"-{mark}"):
            continue
        found += [
            paper
            for paper in _papers_in(connection, run)
            if paper.number.partition("-")[0] == str(number)
        ]
    return _latest_first(found)[:limit]


def papers_about(
    connection: Connection, entities: Iterable[str], *, limit: int = 200
) -> tuple[PaperFact, ...]:
    """Return the papers that tell of these things (parcels, orders, bills), the latest first."""
    found: dict[tuple[str, int], PaperFact] = {}
    for entity in entities:
        rows = connection.execute(
            "SELECT o.stream, o.seq, r.day FROM folds o JOIN day_runs r ON r.stream = o.stream "
            "AND r.first <= o.seq AND r.last >= o.seq WHERE o.root = ?",
            (entity,),
        ).fetchall()
        for stream, seq, day in rows:
            for paper in _papers_in(connection, DayRun(day, stream, seq, seq)):
                found[stream, seq] = paper
    return _latest_first(found.values())[:limit]


def papers_worth(
    connection: Connection, amount_fen: int, *, days: tuple[str, str]
) -> tuple[PaperFact, ...]:
    """Return the papers of acts that moved exactly this much, of days `days[0]` to before [1]."""
    found: list[PaperFact] = []
    for run in runs_back(connection, before=days[1], since=days[0]):
        acts = {
            row[0]
            for row in connection.execute(
                "SELECT DISTINCT f.act FROM postings p JOIN facts f ON f.stream = p.stream "
                "AND f.seq = p.seq WHERE p.stream = ? AND p.seq BETWEEN ? AND ? "
                "AND p.commodity = ? AND abs(p.amount) = ?",
                (run.stream, run.first, run.last, CNY, amount_fen),
            )
        }
        if acts:
            found += [paper for paper in _papers_in(connection, run) if paper.act in acts]
    return _latest_first(found)


def _papers_in(connection: Connection, run: DayRun) -> Iterator[PaperFact]:
    if is_from_county(run.stream):
        return
    labelled: set[str] = set()
    for seq, act, at, kind, entity, identity, by, body in connection.execute(
        _FACTS, (run.stream, run.first, run.last)
    ):
        number = _number_in(body)
        is_label = kind in LABELLED and act not in labelled
        if not number and not is_label and kind not in UNNUMBERED:
            continue
        if is_label:
            labelled.add(act)
        printed = printed_number(number, run.stream) if number else ""
        yield PaperFact(act, run.stream, seq, at, run.day, kind, entity, identity, by, printed)


def _number_in(body: bytes) -> int:
    try:
        said = msgspec.json.decode(body, type=_Numbered)
    except msgspec.MsgspecError:  # another's program may have said anything
        return 0
    return next((n for n in (said.slip, said.number) if isinstance(n, int) and n > 0), 0)


def _latest_first(papers: Iterable[PaperFact]) -> tuple[PaperFact, ...]:
    return tuple(sorted(papers, key=lambda p: (p.at, p.stream, p.seq), reverse=True))
