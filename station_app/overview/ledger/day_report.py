"""The day report (日报) of a closed shift as plain values: the Z slip on A4, with more room.

Every figure is one of the slip's own (`cash.figures`), cut at the place that the shift stored; what
the slip has no room for (acts by kind, notes and coins by face) comes from the same facts. So it
says the same whenever it is asked for. What is still open is what these books show as open;
cases that a later fact may close are left to the screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from station_app.journal.cuts import runs_since
from station_app.journal.log import Connection
from station_app.journal.series import printed_number
from station_app.ledger.accounts import DRAWERS, PLACES
from station_app.ledger.balances import Purse, is_below, purse_of
from station_app.ledger.posting import CNY
from station_app.overview.ledger.account_words import kinds_in_words
from station_app.overview.ledger.day_book import BookedAct, acts_in_runs
from station_app.overview.ledger.day_index import DayRun
from station_app.services.cash.days import is_next_day
from station_app.services.cash.documents import check_words, difference_words
from station_app.services.cash.figure_records import cut_of
from station_app.services.cash.figures import (
    Figure,
    Names,
    aside_figures,
    count_figures,
    drawer_figures,
    own_figures,
    place_figures,
    purse_figures,
    purse_label,
)
from station_app.services.cash.records import closed_body
from station_app.services.cash.sheet import Sheet
from station_app.services.cash.sheet_records import sheet_of_closed
from station_app.values.day import local_day, local_time, say_day, say_moment
from station_app.values.money import say_yuan
from station_app.values.texts import Texts

NO_WORK = ("shift.opened", "shift.closed", "act.reversed")


@dataclass(frozen=True, slots=True)
class Block:
    """A table of the report. heads: of its columns, () for none; bold: rows that are sums.

    widths: of its columns in hundredths, () for those that are usual for so many.
    """

    title: str
    rows: tuple[tuple[str, ...], ...]
    heads: tuple[str, ...] = ()
    bold: frozenset[int] = frozenset()
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DayReport:
    """Everything that the report says. left, right: columns of blocks; below: over the width.

    name: of the file, without ending; foot: what stands at the foot of every page.
    """

    name: str
    station: str
    heading: str
    meta: tuple[str, ...]
    left: tuple[Block, ...]
    right: tuple[Block, ...]
    below: tuple[Block, ...]
    signatures: tuple[str, ...]
    foot: str


def day_report(connection: Connection, shift: str, names: Names, texts: Texts) -> DayReport | None:
    """Return the report of a closed shift, today or in ten years; None if it is not closed."""
    sheet = sheet_of_closed(connection, shift)
    if sheet is None:
        return None
    say, state = texts.say, sheet.state
    number = printed_number(state.number, sheet.stream)
    late = say_day(local_day(sheet.at), state.day) if is_next_day(state.day, sheet.at) else ""
    check = check_words(sheet.tail)
    foot = say("ledger.report.check", first=sheet.first, last=sheet.last, check=check)
    return DayReport(
        name=say("ledger.report.file", day=state.day, number=number),
        station=names.station,
        heading=say("ledger.report.heading", number=number),
        meta=(
            say("ledger.report.when", when=say_moment(sheet.at, state.day),
                device=state.device.lstrip("D"), name=names.operator),
            names.address,
            *((say("ledger.report.late", day=late),) if late else ()),
        ),
        left=(
            _block(say("cash.slip.not_mine"), sheet.books.not_mine_fen,
                   purse_figures(sheet.books, names, texts)),
            _block(say("cash.slip.own"), sheet.books.own_fen, own_figures(sheet.books, texts)),
            _counts(sheet, texts),
        ),
        right=(
            _block(say("cash.slip.places"), sheet.books.money_fen,
                   place_figures(sheet.books, state.device, texts)),
            _drawer(sheet, texts),
            _faces(connection, shift, texts),
        ),
        below=(_acts(connection, sheet, texts), _unclear(sheet, names, texts)),
        signatures=(
            say("cash.slip.handing"), say("cash.slip.taking"), say("ledger.report.manager"),
        ),
        foot=foot,
    )  # fmt: skip


def _block(title: str, amount_fen: int, figures: Sequence[Figure]) -> Block:
    rows = [(title, say_yuan(amount_fen))]
    rows += [(f"　{figure.label}", say_yuan(figure.amount)) for figure in figures]
    return Block("", tuple(rows), bold=frozenset({0}))


def _drawer(sheet: Sheet, texts: Texts) -> Block:
    state = sheet.state
    rows = [(f.label, say_yuan(f.amount)) for f in drawer_figures(sheet, texts)]
    sums = len(rows)
    rows += [
        (texts.say("cash.slip.expected"), say_yuan(state.expected_fen)),
        (texts.say("cash.slip.counted"), say_yuan(state.counted_fen)),
        (texts.say("ledger.report.difference"), difference_words(state.difference_fen, texts)),
    ]
    if state.remark:
        rows.append((texts.say("ledger.report.reason"), state.remark))
    title = texts.say("ledger.report.drawer")
    return Block(title, tuple(rows), bold=frozenset({sums, sums + 1, sums + 2}))


def _faces(connection: Connection, shift: str, texts: Texts) -> Block:
    closed = closed_body(connection, shift)
    counts = closed.body.counts if closed is not None else ()
    rows = tuple(
        (say_yuan(count.face_fen), str(count.pieces), say_yuan(count.face_fen * count.pieces))
        for count in counts
    )
    heads = tuple(texts.say(f"ledger.report.{head}") for head in ("face", "pieces", "amount"))
    return Block(texts.say("ledger.report.faces"), rows, heads)


def _counts(sheet: Sheet, texts: Texts) -> Block:
    figures = count_figures(sheet, texts)
    rows = [(f.label, say_yuan(f.amount) if f.is_money else str(f.amount)) for f in figures]
    rows += [(f.label, say_yuan(f.amount)) for f in aside_figures(sheet.books, texts)]
    return Block(texts.say("ledger.report.counts"), tuple(rows))


def _acts(connection: Connection, sheet: Sheet, texts: Texts) -> Block:
    """Add up the acts of the shift by what they were: how many, money in, money out."""
    at = "SELECT stream, seq FROM facts WHERE identity = ?"
    row = connection.execute(at, (sheet.tail,)).fetchone()
    runs = runs_since(connection, sheet.shift, (row[0], row[1])) if row else []
    whole = [DayRun("", run.stream, run.first, run.last) for run in runs]
    sums: dict[str, list[int]] = {}
    for act in acts_in_runs(connection, whole, cut_of(connection, sheet.shift)):
        if act.is_undone or act.kinds[0] in NO_WORK:
            continue
        words = kinds_in_words(texts, act.kinds[:1])
        mine = sums.setdefault(words, [0, 0, 0])
        moved = _moved(act)
        mine[0] += 1
        mine[1] += max(moved, 0)
        mine[2] += max(-moved, 0)
    rows = [
        (words, str(count), say_yuan(came) if came else "", say_yuan(went) if went else "")
        for words, (count, came, went) in sums.items()
    ]
    total = [sum(column) for column in zip(*sums.values(), strict=True)] or [0, 0, 0]
    rows.append(
        (texts.say("ledger.report.total"), str(total[0]), say_yuan(total[1]), say_yuan(total[2]))
    )
    heads = tuple(texts.say(f"ledger.report.{h}") for h in ("what", "count", "came", "went"))
    return Block(texts.say("ledger.report.acts"), tuple(rows), heads, frozenset({len(rows) - 1}))


def _moved(act: BookedAct) -> int:
    """Return how much more money an act left in the station's places, in fen."""
    return sum(
        entry.amount
        for entry in act.entries
        if entry.commodity == CNY and any(is_below(entry.account, p) for p in (DRAWERS, *PLACES))
    )


def _unclear(sheet: Sheet, names: Names, texts: Texts) -> Block:
    """Name what these books leave open: too much paid from a purse, a place that differs."""
    say = texts.say
    rows: list[tuple[str, ...]] = []
    if sheet.state.difference_fen:
        words = say("ledger.report.short_or_over", reason=sheet.state.remark)
        rows.append((words, say_yuan(sheet.state.difference_fen)))
    for standing in sheet.books.overdrawn:
        kind, owner = purse_of(standing.account) or ("Other", "")
        purse = purse_label(Purse(kind, owner, standing.amount), names, texts)
        rows.append((say("cash.slip.overdrawn", purse=purse), say_yuan(standing.amount)))
    for found in sheet.compared:
        if found.difference_fen and not found.booked:
            place = say(f"cash.place.{found.place}")
            words = say("ledger.report.place", place=place, reason=found.remark)
            rows.append((words, say_yuan(found.difference_fen)))
    for kind, amount in sheet.books.lent_by if sheet.books.own_fen < 0 else ():
        rows.append((say(f"cash.slip.uses_of.{kind}"), say_yuan(amount)))
    for other in sheet.seen:
        when = f"{say_day(local_day(other.at))} {local_time(other.at)}"
        rows.append((say("cash.slip.seen", device=other.device.lstrip("D"), when=when), ""))
    if not rows:
        rows.append((say("ledger.report.all_clear"), ""))
    return Block(say("ledger.report.unclear"), tuple(rows))
