"""Billers as a counter asks for them: who there is today, and by what rules."""

import msgspec

from station_app.journal.log import Connection
from station_app.reference.billers import Biller, BillerTerms
from station_app.values import finding, spelling

_decode = msgspec.json.Decoder(Biller).decode
_STATES = "SELECT s.data FROM billers b JOIN states s ON s.kind = 'biller' AND s.entity = b.entity "


def billers(connection: Connection, day: str) -> tuple[BillerTerms, ...]:
    """Return the rules of a day, in the order of the county's sheet."""
    rows = connection.execute(_STATES).fetchall()
    found = [terms for (data,) in rows if (terms := _decode(data).on(day)) is not None]
    return tuple(sorted(found, key=lambda terms: (terms.place, terms.code)))


def biller(connection: Connection, code: str, day: str) -> BillerTerms | None:
    """Return the rules of one biller on a day; None if it has none then."""
    row = connection.execute(f"{_STATES} WHERE b.code = ?", (code,)).fetchone()
    return _decode(row[0]).on(day) if row else None


def named(found: tuple[BillerTerms, ...], typed: str) -> tuple[BillerTerms, ...]:
    """Return those of them whose name, pinyin or initials hold what was typed."""
    bare = finding.folded(typed.strip())
    if not bare:
        return found
    return tuple(terms for terms in found if _is_called(terms, bare))


def _is_called(terms: BillerTerms, bare: str) -> bool:
    words = [terms.name, terms.short, terms.code]
    for name in (terms.name, terms.short):
        spelled = spelling.spell(name)
        words += [spelled.pinyin.replace(" ", ""), spelled.initials]
    return any(bare in finding.folded(word) for word in words)
