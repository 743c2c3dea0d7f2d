"""Whether an order may be completed: it was asked for, nobody has bought it, something is said."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from station_app.journal.fact import Saying
from station_app.services.purchasing.commands import CompleteOrder
from station_app.services.purchasing.completions import Completion
from station_app.services.purchasing.facts import CompletionGiven, CompletionWords, OrderWords
from station_app.services.purchasing.placing import ITEM_MAX, LINK_MAX, REMARK_MAX
from station_app.services.purchasing.rules import ACCEPTED, PLACED, Order
from station_app.values.now import Now
from station_app.values.refusal import Refusal

WORDS_MAX = 2_000  # of all that was said about one order, the newest first
WAITS = (PLACED, ACCEPTED)  # of an order: the county has not bought it, and may still be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Completing:
    """What decides: what was asked, and the order that it is about."""

    completion: Completion | None = None
    order: Order | None = None


def complete_order(
    state: Completing, command: CompleteOrder, now: Now
) -> Sequence[Saying] | Refusal:
    """Write down what is known now; the county hears of it with the next contact."""
    asked, order = state.completion, state.order
    if asked is None or not asked.asked_at or order is None or not order.founder:
        return Refusal("purchasing.NO_COMPLETION")
    if order.status not in WAITS:
        return Refusal("purchasing.COMPLETED_LATE")
    if asked.given:
        return Refusal("purchasing.COMPLETED_ALREADY")
    words = CompletionWords(
        whose=(order.person,) if order.person else (),
        item=" ".join(command.item.split()),
        link=command.link.strip(),
        remark=command.remark.strip(),
    )
    bounds = ((words.item, ITEM_MAX), (words.link, LINK_MAX), (words.remark, REMARK_MAX))
    for text, most in bounds:
        if len(text) > most:
            return Refusal("purchasing.WORDS_TOO_LONG", {"max": most})
    if not (words.item or words.link or words.remark or command.has_photo):
        return Refusal("purchasing.COMPLETION_EMPTY")
    return [Saying(CompletionGiven(day=now.day), words, entity=command.completion)]


def completed(words: OrderWords, line: int, given: CompletionWords) -> OrderWords:
    """Return words as they are after something was given for a line."""
    items = list(words.items)
    if given.item and 0 < line <= len(items):
        items[line - 1] = given.item
    remarks = [one for one in (given.remark, words.remark) if one]
    return msgspec.structs.replace(
        words,
        items=tuple(items),
        link=given.link or words.link,
        remark="；".join(dict.fromkeys(remarks))[:WORDS_MAX],
    )
