"""What produce tells the pages that look across services: a tile, acts, papers."""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from station_app.journal.log import Connection
from station_app.ledger.paid_acts import FactRow, facts_in, facts_of_act
from station_app.printing.document import Document
from station_app.services.consignment import case_telling, records
from station_app.services.consignment.brand_quotas import OVER_QUOTA
from station_app.services.consignment.dispute_telling import disputed
from station_app.services.consignment.disputing import CASE
from station_app.services.consignment.facts import (
    LotAccepted,
    LotBought,
    LotDispatched,
    LotDisputed,
    LotDrawn,
    LotReturned,
    LotReweighed,
    LotSampled,
    LotSpoiled,
    RecallTold,
    SettlementMade,
)
from station_app.services.consignment.outfit import Outfit
from station_app.services.consignment.quota_telling import over_quota
from station_app.services.consignment.recalling import BOARD
from station_app.services.consignment.taking import lot_number
from station_app.shell.offers import ActWords, CaseWords, Figures, Line
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts
from station_app.values.weight import say_jin

INTAKE_PAGE: Final = "consignment.intake"
LOTS_PAGE: Final = "consignment.lots"
SETTLE_PAGE: Final = "consignment.settle"
STOPPED_PAGE: Final = "consignment.stopped"
WEIGHT_PAGE: Final = "consignment.weight"
INTAKE_KINDS = (LotAccepted.KIND, LotBought.KIND)
_MOVED = (LotSpoiled, LotReturned, LotSampled, LotDispatched, LotDrawn)
ACT_KINDS = (
    *INTAKE_KINDS,
    LotReweighed.KIND,
    "sale.settled",
    SettlementMade.KIND,
    RecallTold.KIND,
    LotDisputed.KIND,
    *(body.KIND for body in _MOVED),
)
_BODIES: dict[str, Any] = {
    body.KIND: body
    for body in (
        LotAccepted,
        LotBought,
        LotReweighed,
        SettlementMade,
        RecallTold,
        LotDisputed,
        *_MOVED,
    )
}


class Telling:
    """Puts produce into words for other rooms."""

    def __init__(self, outfit: Outfit) -> None:
        """Name sorts and growers as the pages do."""
        self._papers = outfit.papers
        self._statements = outfit.statements
        self._manifests = outfit.manifests
        self._given_back = outfit.given_back
        self._notices = outfit.notices
        self._people = outfit.people

    def figures(self, connection: Connection, now: Now, texts: Texts) -> Figures:
        """Return the tile: what came in today, what lies here."""
        count, grams = records.count_taken_in(connection, now.day)
        here = records.count_here(connection)
        return Figures(
            count,
            texts.say("consignment.tile.unit"),
            (
                Line("scale", texts.say("consignment.tile.weight", jin=say_jin(grams))),
                Line("leaf", texts.say("consignment.tile.here", count=here)),
            ),
        )

    def case(
        self, connection: Connection, case: str, entity: str, members: tuple[str, ...], texts: Texts
    ) -> CaseWords:
        """Return a case of produce in words."""
        if case == CASE:
            return disputed(connection, self._people, entity, members, texts)
        if case == OVER_QUOTA:
            return over_quota(connection, entity, members, texts)
        return case_telling.case(connection, case, entity, members, texts)

    def act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return an act of produce in words."""
        facts = facts_of_act(connection, act)
        mine = next((fact for fact in facts if fact.kind in _BODIES), None)
        if mine is None:
            return ActWords("leaf", texts.say("consignment.act.other"))
        body = msgspec.json.decode(mine.body, type=_BODIES[mine.kind])
        if isinstance(body, SettlementMade):
            return self._settled(connection, body, texts)
        if isinstance(body, LotDisputed):
            return self._disputed(connection, body, texts)
        if isinstance(body, RecallTold):
            return self._told(connection, body, texts)
        return ActWords(
            "leaf",
            self._words(connection, mine, body, texts),
            self._amount(body, texts),
            page=INTAKE_PAGE if mine.kind in INTAKE_KINDS else LOTS_PAGE,
        )

    def _settled(self, connection: Connection, body: SettlementMade, texts: Texts) -> ActWords:
        known = self._people.person(connection, body.person)
        paid_fen = body.paid_here_fen + body.paid_county_fen
        return ActWords(
            "leaf",
            texts.say("consignment.act.settled", name=known.name if known else ""),
            texts.say("consignment.act.gave", amount=say_yuan(paid_fen)) if paid_fen else "",
            page=SETTLE_PAGE,
            subject={"person": body.person},
        )

    def _disputed(self, connection: Connection, body: LotDisputed, texts: Texts) -> ActWords:
        known = self._people.person(connection, body.person)
        state = records.lot_state(connection, body.lot)
        words = texts.say(
            "consignment.act.disputed",
            name=known.name if known else "",
            number=lot_number(state.code if state else "", body.lot),
        )
        return ActWords("leaf", words, page=SETTLE_PAGE, subject={"person": body.person})

    def _told(self, connection: Connection, body: RecallTold, texts: Texts) -> ActWords:
        known = self._people.person(connection, body.person) if body.person else None
        state = records.lot_state(connection, body.lot)
        number = lot_number(state.code if state else "", body.lot)
        key = "posted" if body.way == BOARD else body.outcome
        words = texts.say(
            f"consignment.act.recall_{key}", name=known.name if known else "", number=number
        )
        return ActWords("leaf", words, page=STOPPED_PAGE, subject={"lot": body.lot})

    def _words(self, connection: Connection, fact: FactRow, body: Any, texts: Texts) -> str:
        lot = fact.identity if fact.kind in INTAKE_KINDS else fact.entity
        state = records.lot_state(connection, lot)
        produce = getattr(body, "produce", state.produce if state else "")
        name = records.sort_name(connection, produce)
        unit = getattr(body, "unit", state.unit if state else "")
        quantity = texts.say("consignment.pieces", count=body.quantity)
        if unit != "piece":
            quantity = say_jin(body.quantity)
        key = fact.kind.partition(".")[2]
        words = texts.say(f"consignment.act.{key}", name=name, quantity=quantity)
        count = sum(
            1 for one in facts_in(connection, fact.stream, fact.act) if one.kind == fact.kind
        )
        if isinstance(body, LotDispatched) and count > 1:
            return texts.say("consignment.act.several", first=words, count=count)
        return words

    def _amount(self, body: Any, texts: Texts) -> str:
        paid_fen = getattr(body, "paid_fen", 0)
        if isinstance(body, LotReweighed):
            paid_fen = body.cost_fen
        if not paid_fen:
            return ""
        key = "gave" if paid_fen > 0 else "took"
        return texts.say(f"consignment.act.{key}", amount=say_yuan(abs(paid_fen)))

    def waiting_count(self, connection: Connection, _now: Now) -> int:
        """Return for how many growers money is kept, for the tab."""
        return len(records.growers_waiting(connection, self._people))

    def here_count(self, connection: Connection, _now: Now) -> int:
        """Return of how many lots something lies here, for the tab."""
        return records.count_here(connection)

    def slip_again(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the slip of what an act did: intake, settlement, list, given back, notice."""
        paper = (
            self._papers.slip_again(connection, act)
            or self._statements.settlement_again(connection, act)
            or self._manifests.again(connection, act)
            or self._given_back.again(connection, act)
            or self._notices.again(connection, act)
        )
        return paper.document if paper else None

    def label_again(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the first label of the lots that an act made."""
        papers: Sequence[Any] = self._papers.labels_of_act(connection, act)
        return papers[0].document if papers else None
