"""How the first day is spoken of elsewhere: a line on today, its acts in the list, its papers."""

import msgspec

from station_app.journal.log import Connection
from station_app.ledger.paid_acts import facts_of_act
from station_app.services.opening import records
from station_app.services.opening.facts import OpeningCorrected, OpeningEntered
from station_app.services.opening.rules import OPEN, STEPS, open_steps
from station_app.shell.offers import ActWords
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts

STEPS_PAGE = "opening.steps"
ACT_KINDS = (
    "opening.entered",
    "opening.corrected",
    "opening.step_settled",
    "opening.dismissed",
    "opening.reopened",
    "opening.finished",
)
ICONS = {"opening.entered": "book", "opening.corrected": "pencil", "opening.finished": "flag"}


def open_count(connection: Connection, now: Now) -> int:
    """Return how many steps wait, for the tab; none once it is finished or dismissed."""
    opening = records.opening_state(connection, now.station)
    if opening is not None and opening.status != OPEN:
        return 0
    return len(open_steps(opening))


def line(connection: Connection, station: str, texts: Texts) -> tuple[str, str] | None:
    """Return what stands on today, words and small; None once there is nothing to remind of."""
    opening = records.opening_state(connection, station)
    if opening is not None and opening.status != OPEN:
        return None
    waiting = open_steps(opening)
    if not waiting:
        return texts.say("opening.today.sign"), texts.say("opening.today.sign_small")
    done = len(STEPS) - len(waiting)
    names = "、".join(texts.say(f"opening.step.{step}") for step in waiting)
    words = texts.say("opening.today.line", done=done, of=len(STEPS))
    return words, texts.say("opening.today.small", steps=names)


def act(connection: Connection, ticket: str, texts: Texts) -> ActWords:
    """Return how an act of the first day stands in a list."""
    rows = [fact for fact in facts_of_act(connection, ticket) if fact.kind in ACT_KINDS]
    kind = rows[0].kind
    amounts = [_amount(fact.kind, fact.body) for fact in rows]
    key = kind.removeprefix("opening.")
    words = texts.say(f"opening.act.{key}")
    if len(rows) > 1:
        words = texts.say("opening.act.several", words=words, count=len(rows))
    total = sum(amounts)
    amount = say_yuan(total) if total else ""
    return ActWords(ICONS.get(kind, "check"), words, amount, STEPS_PAGE)


def _amount(kind: str, body: bytes) -> int:
    if kind == OpeningEntered.KIND:
        return msgspec.json.decode(body, type=OpeningEntered).amount_fen
    if kind == OpeningCorrected.KIND:
        return msgspec.json.decode(body, type=OpeningCorrected).is_fen
    return 0
