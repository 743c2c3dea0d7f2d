"""What the figures of the sending page count, row by row: read from the journal, no more."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from station_app.journal import put_back
from station_app.journal.islands import floor_of, gaps
from station_app.journal.log import Connection
from station_app.overview.branches import acts_outside, outside
from station_app.overview.fact_words import FactWords
from station_app.overview.moments import size, when
from station_app.overview.papers_after import last_papers
from station_app.overview.sync_view import PHOTOS, PcSign, branches, group_of
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

ROWS_MAX = 500  # more of them would not be read; the heading says how many there are
_SERIES = ("hand_over", "voucher", "remittance", "slip", "z")  # parts of their names


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row. subject: what it stands for; act: the act that opens with it, "" for none."""

    subject: str
    icon: str
    when: str
    words: str
    detail: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class ListSource:
    """Whom a list asks.

    marks: how far the county holds each stream; pcs: those of the station; station: "NX0601".
    """

    texts: Texts
    words: FactWords
    now: int
    marks: Mapping[str, int]
    pcs: Sequence[PcSign] = ()
    station: str = ""


def rows_of(connection: Connection, what: str, source: ListSource) -> list[ListRow]:
    """Return the rows of a list: `waiting GROUP`, `doubted`, `lost`, `odd`, `floor`, `branches`,
    `outside`.
    """
    name, _, group = what.partition(" ")
    if (name, group) == ("waiting", PHOTOS):
        return _waiting_photos(connection, source)
    if name == "waiting":
        return _waiting(connection, group, source)
    lists: Mapping[str, Callable[[Connection, ListSource], list[ListRow]]] = {
        "doubted": _doubted,
        "lost": _lost,
        "odd": _odd,
        "floor": _floor,
        "branches": _branches,
        "outside": _outside,
    }
    return lists[name](connection, source) if name in lists else []


def _waiting(connection: Connection, group: str, source: ListSource) -> list[ListRow]:
    rows: list[ListRow] = []
    streams = connection.execute(
        "SELECT stream, length FROM streams WHERE stream NOT LIKE 'county.%' ORDER BY stream"
    ).fetchall()
    for stream, length in streams:
        found = connection.execute(
            "SELECT f.act, f.at, f.kind, length(f.body) + coalesce(length(p.part), 0), f.identity "
            "FROM facts f LEFT JOIN privates p ON p.identity = f.identity "
            "WHERE f.stream = ? AND f.seq > ? AND f.seq <= ? ORDER BY f.seq",
            (stream, source.marks.get(stream, 0), length),
        ).fetchall()
        rows += [
            ListRow(
                identity,
                "queued",
                when(source.texts, at, source.now),
                source.words.kind(kind),
                size(weight),
                act,
            )
            for act, at, kind, weight, identity in found
            if group_of(kind) == group
        ]
    return rows[:ROWS_MAX]


def _waiting_photos(connection: Connection, source: ListSource) -> list[ListRow]:
    """Return the facts whose photo the county does not have, with the size of the photo."""
    found = connection.execute(
        "SELECT f.act, f.at, f.kind, b.size, f.identity, b.hash FROM blobs b "
        "JOIN blob_names n ON n.hash = b.hash JOIN facts f ON f.identity = n.identity "
        "WHERE NOT EXISTS (SELECT 1 FROM blob_marks m WHERE m.hash = b.hash "
        "  AND m.state IN ('whole', 'gone') "
        "  AND m.county_epoch = (SELECT max(county_epoch) FROM blob_marks)) "
        "ORDER BY b.at, b.hash, f.identity LIMIT ?",
        (ROWS_MAX,),
    ).fetchall()
    return [
        ListRow(
            f"{identity} {name}",
            "queued",
            when(source.texts, at, source.now),
            source.words.kind(kind),
            size(weight),
            act,
        )
        for act, at, kind, weight, identity, name in found
    ]


def _doubted(connection: Connection, source: ListSource) -> list[ListRow]:
    return [
        ListRow(
            f"{one.stream} {one.act}",
            "warn",
            when(source.texts, one.at, source.now),
            source.words.kind(one.kind),
            act=one.act,
        )
        for one in put_back.doubted(connection)
    ]


def _lost(connection: Connection, source: ListSource) -> list[ListRow]:
    texts = source.texts
    rows = []
    for one in put_back.lacking(connection):
        lost = one.lost
        words = texts.say(
            "overview.sync.list.lost_facts", stream=lost.stream[-4:], first=one.first, last=one.last
        )
        moment = when(texts, lost.at, source.now)
        rows.append(ListRow(f"{lost.stream} {lost.seq}", "warn", moment, words))
        for numbers in lost.numbers:
            words = texts.say(
                "overview.sync.list.lost_numbers",
                series=_series_words(texts, numbers.series),
                first=numbers.first,
                last=numbers.last,
            )
            subject = f"{lost.stream} {lost.seq} {numbers.series}"
            rows.append(ListRow(subject, "receipt", "", words))
    for pc in source.pcs:
        if not pc.is_here and (pc.waiting or pc.is_cut_off):
            rows += _unheard(connection, pc, source)
    return rows


def _unheard(connection: Connection, pc: PcSign, source: ListSource) -> list[ListRow]:
    """Return what another PC has not handed in, and from which number on its papers lack."""
    texts, number = source.texts, pc.device.lstrip("D")
    key = "lost_pc" if pc.waiting else "lost_pc_cut"
    words = texts.say(f"overview.sync.list.{key}", number=number, count=pc.waiting)
    moment = when(texts, pc.at, source.now) if pc.at else ""
    rows = [ListRow(pc.device, "queued", moment, words)]
    for paper in last_papers(connection, source.station, pc.device):
        series = texts.say(f"overview.sync.series.{paper.series}")
        words = texts.say("overview.sync.list.lost_after", series=series, number=paper.number)
        at = when(texts, paper.at, source.now)
        detail = source.words.kind(paper.kind)
        rows.append(ListRow(f"{pc.device} {paper.kind}", "receipt", at, words, detail))
    return rows


def _series_words(texts: Texts, series: str) -> str:
    """Return what a series of numbers stands on: "parcels.slip/D1" on slips."""
    for name in _SERIES:
        if name in series.partition("/")[0]:
            return texts.say(f"overview.sync.series.{name}")
    return texts.say("overview.sync.series.other")


def _odd(connection: Connection, source: ListSource) -> list[ListRow]:
    found = connection.execute(
        "SELECT q.identity, q.reason, f.at, f.kind, f.act FROM quarantine q "
        "JOIN facts f ON f.identity = q.identity ORDER BY f.at DESC LIMIT ?",
        (ROWS_MAX,),
    ).fetchall()
    return [
        ListRow(
            identity, "warn", when(source.texts, at, source.now), source.words.kind(kind), reason
        )
        for identity, reason, at, kind, _act in found
    ]


def _floor(connection: Connection, source: ListSource) -> list[ListRow]:
    texts, floor = source.texts, floor_of(connection)
    rows = []
    for gap in gaps(connection)[:ROWS_MAX]:
        number = gap.stream.split("/")[1].lstrip("D")
        words = texts.say("overview.sync.list.gap", number=number, first=gap.first, last=gap.last)
        rows.append(ListRow(f"{gap.stream} {gap.first}", "queued", "", words, gap.stream[-4:]))
    named = sum(gap.last - gap.first + 1 for gap in gaps(connection))
    if floor.facts > named:
        words = texts.say("overview.sync.list.gap_rest", count=floor.facts - named)
        rows.append(ListRow("rest", "queued", "", words))
    return rows


def _outside(connection: Connection, source: ListSource) -> list[ListRow]:
    """Return what counts nowhere yet, line by line with its sum, and each of its acts."""
    texts = source.texts
    rows: list[ListRow] = []
    for one in outside(connection):
        number, amount = one.device.lstrip("D"), say_yuan(one.money_fen)
        words = texts.say("overview.sync.list.outside", number=number, count=one.acts)
        moment = when(texts, one.at, source.now)
        total = texts.say("overview.sync.list.outside_sum", amount=amount)
        rows.append(ListRow(one.line, "warn", moment, words, total))
        for act in acts_outside(connection, one.line, ROWS_MAX):
            paid = say_yuan(act.money_fen) if act.money_fen else ""
            rows.append(
                ListRow(
                    f"{one.line} {act.act}",
                    "document",
                    when(texts, act.at, source.now),
                    source.words.kind(act.kind),
                    paid,
                    act.act,
                )
            )
    return rows[:ROWS_MAX]


def _branches(connection: Connection, source: ListSource) -> list[ListRow]:
    rows = []
    for stream, _after, length in branches(connection)[:ROWS_MAX]:
        row = connection.execute(
            "SELECT at FROM facts WHERE stream = ? AND seq = 1", (stream,)
        ).fetchone()
        number = stream.split("/")[1].lstrip("D") if stream.count("/") > 1 else ""
        words = source.texts.say("overview.sync.list.branch", number=number, count=length)
        moment = when(source.texts, row[0], source.now) if row else ""
        rows.append(ListRow(stream, "notice", moment, words, stream[-4:]))
    return rows
