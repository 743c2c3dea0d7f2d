"""What the overview adds to the one box: papers by their printed number, slips by their code.

People, parcels and orders are found by the slices. A paper's number stands in the paper itself, so
the papers of the last weeks are looked through; older ones are found by their code.
"""

import re
import unicodedata
from collections.abc import Sequence
from itertools import islice

from station_app.journal.islands import floor_of
from station_app.journal.log import Connection
from station_app.journal.series import MARK_CHARACTERS
from station_app.ledger.paid_acts import stream_of_act
from station_app.overview.moments import day_and_time
from station_app.overview.papers import RECENT_JOBS, role_words
from station_app.shell.offers import Hit, Meaning, Rank, ScanRoute, SearchSource, Sought
from station_app.values.codes import OPERATOR, SLIP, OwnCode, Recognised
from station_app.values.texts import Texts

FOUND_MAX = 8
FIRST = 1  # whoever types a whole number means the paper: people whose phone has its digits wait
_PRINTED_NUMBER = re.compile(rf"[0-9]{{1,7}}-[A-Z2-7]{{{MARK_CHARACTERS}}}")


def paper_source(acts_page: str) -> SearchSource:
    """Return the source that finds papers by number: 128-K7."""

    def find(connection: Connection, sought: Sought, texts: Texts) -> Sequence[Hit]:
        number = unicodedata.normalize("NFKC", sought.text[:32]).upper().replace(" ", "")
        if not _PRINTED_NUMBER.fullmatch(number):
            return ()
        return tuple(
            Hit(
                title=f"{role_words(texts, role)} {number}",
                hint=day_and_time(at, at),
                icon="receipt",
                page=acts_page,
                subject={"act": act},
                match=number,
            )
            for act, role, at in papers_with(connection, number)
        )

    return SearchSource("overview.papers", "overview.search.papers", find, order=FIRST)


def floor_source(sync_page: str) -> SearchSource:
    """Return the source that says what cannot be found here yet: not found is not the same as not
    there while a new PC lacks the old facts.
    """

    def find(connection: Connection, _sought: Sought, texts: Texts) -> Sequence[Hit]:
        floor = floor_of(connection)
        if floor.is_whole:
            return ()
        title = texts.say("overview.search.lacking")
        hint = texts.say("overview.search.lacking_hint", count=floor.facts + floor.aside)
        return (Hit(title=title, hint=hint, icon="queued", page=sync_page, subject={}),)

    return SearchSource("overview.floor", "overview.search.floor", find, order=99)


def papers_with(connection: Connection, number: str) -> list[tuple[str, str, int]]:
    """Return (act, role, at) of late original papers on which a number stands, newest first."""
    (last,) = connection.execute("SELECT coalesce(max(job), 0) FROM print_jobs").fetchone()
    rows = connection.execute(
        "SELECT act, role, at, document FROM print_jobs WHERE job > ? AND copy_number = 0 "
        "AND instr(document, ?) ORDER BY job DESC",
        (last - RECENT_JOBS, number),
    )
    alone = re.compile(rf"(?<![0-9]){number}(?![A-Z2-7])")  # 28-K7 is no part of 128-K7
    found = ((act, role, at) for act, role, at, document in rows if alone.search(document))
    return list(islice(found, FOUND_MAX))


def slip_route(acts_page: str) -> ScanRoute:
    """Return the route of slips that carry their act: they open it."""

    def look(connection: Connection, _text: str, code: Recognised) -> Meaning | None:
        if not isinstance(code, OwnCode) or code.kind != SLIP:
            return None
        is_here = bool(stream_of_act(connection, code.payload))  # also of the other PC
        return Meaning("act", acts_page, entity=code.payload) if is_here else None

    return ScanRoute(Rank.KNOWN_HERE, look)


def card_route(lock_page: str) -> ScanRoute:
    """Return the route of an operator's card: it changes who is at the counter."""

    def look(_connection: Connection, _text: str, code: Recognised) -> Meaning | None:
        if not isinstance(code, OwnCode) or code.kind != OPERATOR:
            return None
        return Meaning("operator", lock_page)

    return ScanRoute(Rank.KNOWN_HERE, look)
