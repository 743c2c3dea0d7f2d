"""How farm pickups are spoken of on other pages: tile, acts, cases, a person's page."""

from collections.abc import Sequence
from typing import Final

import msgspec

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.ledger.paid_acts import FactRow, fact, facts_of_act
from station_app.reference.register import Register
from station_app.services.farm_pickups import records
from station_app.services.farm_pickups.facts import FACTS, FarmPickupFailed, FarmPickupJoinedRun
from station_app.services.farm_pickups.records import PickupRow
from station_app.services.farm_pickups.rules import ON_RUN, WAITING, FarmPickup
from station_app.shell.offers import ActWords, CaseWords, Hit, Side, Tone
from station_app.values.day import say_day
from station_app.values.now import Now
from station_app.values.texts import Texts
from station_app.values.weight import say_jin

PAGE: Final = "farm_pickups.list"
ASK_PAGE: Final = "farm_pickups.ask"
ACT_KINDS = tuple(body.KIND for body in FACTS)
TONES: dict[str, Tone] = {
    "waiting": "queued",
    "on_run": "notice",
    "fetched": "ok",
    "failed": "stop",
    "off": "plain",
}


class Telling:
    """Puts farm pickups into words for other rooms."""

    def __init__(self, people: Register) -> None:
        """Name growers by the register."""
        self._people = people

    def open_count(self, connection: Connection, _now: Now) -> int:
        """Return how many wait or are on the road, for the tab."""
        return records.count_waiting(connection) + records.count_on_run(connection)

    def act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return an act of this slice in words."""
        facts = [one for one in facts_of_act(connection, act) if one.kind in ACT_KINDS]
        said = facts[0]
        verb = said.kind.partition(".")[2]
        row = records.row_of(connection, said.entity or said.identity, self._people)
        slots = {
            "name": row.name if row else "",
            "produce": row.produce if row else "",
            "weight": say_jin(_grams(row, said)) if row else "",
            "count": len(facts),
        }
        icon = "truck" if said.kind == FarmPickupJoinedRun.KIND else "leaf"
        subject = {"pickup": said.entity or said.identity}
        words = texts.say(f"farm_pickups.act.{verb}", **slots)
        return ActWords(icon, words, page=PAGE, subject=subject)

    def case(
        self, connection: Connection, case: str, entity: str, members: tuple[str, ...], texts: Texts
    ) -> CaseWords:
        """Return in words what the facts of one place disagree about."""
        row = records.row_of(connection, entity, self._people)
        return CaseWords(
            title=texts.say(f"farm_pickups.case.{case.partition('.')[2]}"),
            hint=texts.say(
                "farm_pickups.case_hint",
                name=row.name if row else "—",
                produce=row.produce if row else "—",
                place=row.state.place if row else "—",
            ),
            sides=tuple(_side(connection, member, texts) for member in members),
            page=PAGE,
            subject={"pickup": entity},
        )

    def of_person(
        self, connection: Connection, names: Sequence[str], texts: Texts
    ) -> Sequence[Hit]:
        """Return what was fetched at a person's door lately, for her page in the register."""
        rows = records.of_persons(connection, names, self._people) if names else ()
        return [_hit(row, texts) for row in rows]


def _grams(row: PickupRow | None, said: FactRow) -> int:
    if row is None:
        return 0
    came = said.kind.endswith(".fetched") and row.state.came_grams
    return came or row.state.grams


def _side(connection: Connection, member: str, texts: Texts) -> Side:
    said = fact(connection, member)
    if said is None:
        return Side(texts.say("farm_pickups.case_side.unknown"), 0, member[:8], member)
    device = device_of(said.stream).lstrip("D")
    who = texts.say("farm_pickups.case_side.device", device=device)
    words = texts.say(f"farm_pickups.case_side.{said.kind.partition('.')[2]}")
    if said.kind == FarmPickupFailed.KIND:
        body = msgspec.json.decode(said.body, type=FarmPickupFailed)
        words = texts.say(f"farm_pickups.reason.{body.reason}")
    return Side(who, said.at, words, member)


def _hit(row: PickupRow, texts: Texts) -> Hit:
    state = row.state
    return Hit(
        title=texts.say("farm_pickups.search.title", produce=row.produce),
        hint=texts.say(
            "farm_pickups.search.small", day=say_day(state.wanted_day), weight=say_jin(state.grams)
        ),
        icon="leaf",
        page=PAGE,
        subject={"pickup": row.pickup},
        pill=(TONES.get(state.status, "plain"), stands(state, texts)),
    )


def stands(state: FarmPickup, texts: Texts, today: str = "") -> str:
    """Return how one place stands, as its pill says it."""
    if state.status == WAITING and state.reason:
        return texts.say(
            "farm_pickups.stands.again", reason=texts.say(f"farm_pickups.reason.{state.reason}")
        )
    if state.status == WAITING:
        is_late = bool(today) and state.wanted_day < today
        return texts.say(f"farm_pickups.stands.{'late' if is_late else 'waiting'}")
    if state.status == ON_RUN:
        return texts.say("farm_pickups.stands.on_run")
    if state.status == "failed":
        return texts.say(f"farm_pickups.reason.{state.reason}")
    return texts.say(f"farm_pickups.stands.{state.status or 'unknown'}")
