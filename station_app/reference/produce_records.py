"""Sorts of produce as an intake asks for them: by name or initials, with terms and rules."""

import msgspec

from station_app.journal.log import Connection
from station_app.reference.goods import Produce
from station_app.reference.produce import (
    PRODUCE_RULE,
    USUAL_RULES,
    ProduceRule,
    ProduceTerms,
    Sort,
    SortTerms,
)

FOUND_MAX = 8
_produce = msgspec.json.Decoder(Produce).decode
_terms = msgspec.json.Decoder(ProduceTerms).decode
_rule = msgspec.json.Decoder(ProduceRule).decode


def sort_of(connection: Connection, words: str, day: str) -> Sort | None:
    """Return the sort that a code or a whole name means, as it is on a day."""
    row = connection.execute(
        "SELECT s.data FROM produce p JOIN states s ON s.kind = 'produce' AND s.entity = p.entity "
        "WHERE p.code = ?1 OR p.name = ?1 ORDER BY p.code != ?1 LIMIT 1",
        (words,),
    ).fetchone()
    return _sort(connection, _produce(row[0]), day) if row else None


def find_sorts(connection: Connection, typed: str, day: str) -> tuple[Sort, ...]:
    """Return sorts by a part of the name, by initials or by the number that scales print."""
    bare = typed.strip()
    if not bare:
        return ()
    rows = connection.execute(
        "SELECT s.data FROM produce p JOIN states s ON s.kind = 'produce' AND s.entity = p.entity "
        "WHERE instr(p.name, ?1) OR instr(p.initials, ?2) OR instr(p.code, ?1) = 1 "
        "ORDER BY instr(p.name, ?1) != 1, instr(p.initials, ?2) != 1, length(p.name), p.code "
        "LIMIT ?3",
        (bare, bare.lower(), FOUND_MAX),
    ).fetchall()
    return tuple(_sort(connection, _produce(row[0]), day) for row in rows)


def _sort(connection: Connection, known: Produce, day: str) -> Sort:
    row = connection.execute(
        "SELECT s.data FROM produce_terms t JOIN states s ON s.kind = 'produce_terms' "
        "AND s.entity = t.entity WHERE t.code = ?",
        (known.code,),
    ).fetchone()
    terms = _terms(row[0]).on(day) if row else SortTerms()
    usual = known.on(day)
    return Sort(
        code=known.code,
        name=known.name,
        unit=known.unit,
        word=known.word,
        floor_fen=usual.floor_fen,
        price_fen=usual.price_fen,
        commission_bp=usual.commission_bp,
        keeps_days=usual.keeps_days,
        grades=terms.grades,
        months=terms.months,
        promise=bool(terms.promise),
        document=terms.document,
    )


def rules(connection: Connection, day: str) -> dict[str, str]:
    """Return every rule of a day by its name: the county's, else the usual one."""
    rows = connection.execute("SELECT data FROM states WHERE kind = ?", (PRODUCE_RULE.name,))
    known = [_rule(row[0]) for row in rows.fetchall()]
    said = {one.name: value for one in known if (value := one.on(day)) is not None}
    return {**USUAL_RULES, **said}
