"""What the desk gave back to a station to complete, and what came back: words, links, photos.

The question is a thing of its own that names the order; the latest answer stands in place of what
the order said before, wherever the desk shows it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from county_server.desks.pen import Refused
from county_server.desks.photos import Photo, photos_beside
from county_server.store import Store
from station_app.journal.fact import Saying
from station_app.services.purchasing.completing import WAITS, completed
from station_app.services.purchasing.completions import COMPLETION, REASONS, Completion
from station_app.services.purchasing.facts import (
    CompletionAsked,
    CompletionWords,
    OrderRemark,
    OrderWords,
)
from station_app.services.purchasing.rules import CANCELLED, ORDER, PICKED_UP, Order

WORDS_MAX = 120  # of a question: a clerk writes a line, an operator reads it at the counter
Key = tuple[str, str]
"""Of an order: station, entity."""
_completion = msgspec.json.Decoder(Completion).decode
_given = msgspec.json.Decoder(CompletionWords).decode
_remark = msgspec.json.Decoder(OrderRemark).decode


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. words: the desk's own; answers: what was given, in order; last: fact of it."""

    identity: str
    state: Completion
    words: str
    answers: tuple[CompletionWords, ...]
    last: str

    @property
    def is_open(self) -> bool:
        """Tell whether nobody has answered."""
        return not self.state.given


def read_completions(
    store: Store, connection: Connection, only: Key | None = None, since: str = ""
) -> Mapping[Key, tuple[Asked, ...]]:
    """Return what was asked of orders, by order and in turn.

    only: of one of them; since: the day from which those that are over count, "" for none of them.
    """
    states, read = store.tables.states.c, store.tables.read[COMPLETION.name]
    orders = store.tables.read[ORDER.name].c
    query = (
        select(states.station, states.entity, states.data, states.identity)
        .join(
            read,
            (read.c.station == states.station) & (read.c.entity == states.entity),
        )
        .join(
            store.tables.read[ORDER.name],
            (orders.station == read.c.station) & (orders.entity == read.c.for_order),
        )
        .where(states.kind == COMPLETION.name)
        .order_by(read.c.asked_at, states.entity)
    )
    if only is not None:
        query = query.where(states.station == only[0], read.c.for_order == only[1])
    else:
        is_over = orders.status.in_((PICKED_UP, CANCELLED))
        query = query.where(~is_over | (orders.closed_day >= since) if since else ~is_over)
    rows = [
        (s, e, _completion(bytes(data)), last) for s, e, data, last in connection.execute(query)
    ]
    facts = {fact for _, entity, state, _ in rows for fact in (entity, *state.given)}
    said = _privates(store, connection, facts)
    found: dict[Key, tuple[Asked, ...]] = {}
    for station, entity, state, last in rows:
        part = said.get((station, entity))
        given = [said[station, one] for one in state.given if (station, one) in said]
        asked = Asked(
            entity, state, _remark(part).remark if part else "", tuple(map(_given, given)), last
        )
        key = (station, state.order)
        found[key] = (*found.get(key, ()), asked)
    return found


def _privates(store: Store, connection: Connection, facts: Collection[str]) -> dict[Key, bytes]:
    p = store.tables.privates.c
    rows = connection.execute(
        select(p.station, p.identity, p.part).where(p.identity.in_(sorted(facts)))
    )
    return {(str(station), str(identity)): bytes(part) for station, identity, part in rows}


def words_now(words: OrderWords, asked: Sequence[Asked]) -> OrderWords:
    """Return the words of an order with everything that was given since."""
    for one in asked:
        for given in one.answers:
            words = completed(words, one.state.line, given)
    return words


def wanting(state: Order, asked: Sequence[Asked]) -> Asked | None:
    """Return the question that an order waits for, None for none, or not any more."""
    is_waiting = bool(asked) and asked[-1].is_open and state.status in WAITS
    return asked[-1] if is_waiting else None


def ask(  # noqa: PLR0913 - what the form says
    state: Order,
    asked: Sequence[Asked],
    *,
    order: str,
    line: str,
    reason: str,
    words: str,
    day: str,
) -> Saying:
    """Return what gives an order back to its station; raises Refused."""
    if state.status not in WAITS:
        raise Refused("order_answered")
    if wanting(state, asked) is not None:
        raise Refused("order_completing")
    number = int(line) if line.isascii() and line.isdigit() and len(line) < 4 else 0
    if not 0 < number <= len(state.lines) or not state.lines[number - 1].pieces:
        raise Refused("order_pieces")
    if reason not in REASONS:
        raise Refused("order_reason")
    words = " ".join(words.split())
    if len(words) > WORDS_MAX or (reason == "other" and not words):
        raise Refused("order_completion_words", most=WORDS_MAX)
    body = CompletionAsked(order=order, line=number, reason=reason, day=day)
    said = OrderRemark(remark=words, whose=(state.person,) if state.person else ())
    return Saying(body, said if words else None)


def photos_of_order(store: Store, connection: Connection, station: str, entity: str) -> list[Photo]:
    """Return the photos that came with an order, and with what was completed of it."""
    if not entity:
        return []
    asked = read_completions(store, connection, (station, entity)).get((station, entity), ())
    return photos_beside(store, connection, station, [entity, *(one.identity for one in asked)])
