"""What is to be completed of orders: the open question, and the words that were given since."""

import json
from collections.abc import Sequence

import msgspec

from station_app.journal.fact import Body
from station_app.journal.log import Connection
from station_app.services.purchasing.completing import WAITS, Completing, completed
from station_app.services.purchasing.completions import COMPLETION, Completion
from station_app.services.purchasing.facts import (
    CompletionAsked,
    CompletionGiven,
    CompletionWords,
    OrderRemark,
    OrderWords,
)
from station_app.services.purchasing.fates import Wanting
from station_app.services.purchasing.rules import ORDER, Order

_completion = msgspec.json.Decoder(Completion).decode
_order = msgspec.json.Decoder(Order).decode
_OF = (
    "SELECT c.entity, s.data FROM completions c "
    "JOIN states s ON s.kind = ? AND s.entity = c.entity WHERE c.for_order = ? AND "
)


def completing(connection: Connection, completion: str) -> Completing:
    """Return what decides over a completion."""
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?", (COMPLETION.name, completion)
    ).fetchone()
    asked = _completion(row[0]) if row else None
    row = connection.execute(
        "SELECT data FROM states WHERE kind = ? AND entity = ?",
        (ORDER.name, asked.order if asked else ""),
    ).fetchone()
    return Completing(completion=asked, order=_order(row[0]) if row else None)


def wanting(connection: Connection, order: str, status: str) -> Wanting | None:
    """Return what is wanted of an order in this status; None for nothing, or not any more."""
    if status not in WAITS:
        return None
    row = connection.execute(
        f"{_OF}NOT c.is_given ORDER BY c.asked_at DESC, c.entity LIMIT 1",
        (COMPLETION.name, order),
    ).fetchone()
    if row is None:
        return None
    entity, data = row
    asked = _completion(data)
    part = _private(connection, entity)
    words = msgspec.json.decode(part, type=OrderRemark).remark if part else ""
    return Wanting(entity, asked.line, asked.reason, words)


def order_of(connection: Connection, completion: str) -> str:
    """Return the order that a completion is about, "" while only its answer is here."""
    asked = completing(connection, completion).completion
    return asked.order if asked is not None else ""


def of_order(connection: Connection, order: str) -> tuple[str, ...]:
    """Return every completion of an order, the first first."""
    rows = connection.execute(
        "SELECT entity FROM completions WHERE for_order = ? ORDER BY asked_at, entity", (order,)
    ).fetchall()
    return tuple(str(row[0]) for row in rows)


def with_given(connection: Connection, order: str, words: OrderWords) -> OrderWords:
    """Return the words of an order with what was given since: the latest stand first."""
    rows = connection.execute(
        f"{_OF}c.is_given ORDER BY c.asked_at, c.entity",
        (COMPLETION.name, order),
    ).fetchall()
    for _entity, data in rows:
        asked = _completion(data)
        for fact in asked.given:
            part = _private(connection, fact)
            if part is not None:
                given = msgspec.json.decode(part, type=CompletionWords)
                words = completed(words, asked.line, given)
    return words


def wanted_count(connection: Connection) -> int:
    """Return how many orders wait for the station to complete them."""
    marks = ", ".join("?" * len(WAITS))
    (count,) = connection.execute(
        "SELECT count(DISTINCT o.entity) FROM completions c JOIN orders o "  # noqa: S608
        f"ON o.entity = c.for_order WHERE NOT c.is_given AND o.status IN ({marks})",
        WAITS,
    ).fetchone()
    return int(count)


def facts_about(connection: Connection, persons: Sequence[str]) -> tuple[str, ...]:
    """Return facts whose private part speaks of what these persons ordered: words, links, wishes.

    An erasure names them with her. The amounts stay, and so does what can be bought by its code.
    """
    rows = connection.execute(
        "WITH hers(entity) AS (SELECT entity FROM orders WHERE person IN "
        "(SELECT value FROM json_each(?1)) UNION SELECT entity FROM own_orders WHERE person IN "
        "(SELECT value FROM json_each(?1))) "
        "SELECT DISTINCT p.identity FROM folds o JOIN privates p ON p.identity = o.identity "
        "WHERE o.root IN (SELECT entity FROM hers) OR o.root IN "
        "(SELECT c.entity FROM completions c JOIN hers h ON h.entity = c.for_order) "
        "ORDER BY p.identity",
        (json.dumps(list(persons)),),
    ).fetchall()
    return tuple(str(row[0]) for row in rows)


def said_with(connection: Connection, fact: str, shape: type[Body]) -> str:
    """Return the words of a question or of an answer to it, "" for those of every other fact."""
    part = _private(connection, fact) if shape in (CompletionAsked, CompletionGiven) else None
    if part is None:
        return ""
    if shape is CompletionAsked:
        return msgspec.json.decode(part, type=OrderRemark).remark
    given = msgspec.json.decode(part, type=CompletionWords)
    return "，".join(one for one in (given.item, given.link, given.remark) if one)


def _private(connection: Connection, fact: str) -> bytes | None:
    row = connection.execute("SELECT part FROM privates WHERE identity = ?", (fact,)).fetchone()
    return bytes(row[0]) if row else None
