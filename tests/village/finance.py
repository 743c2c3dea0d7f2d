"""What the county's finance desk says of the stations' money: drawn by lot, about what there is."""

import random
from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from county_server.county import County
from county_server.desks.finance.making import Month, make
from county_server.desks.finance.statements import sayings
from county_server.desks.pen import Refused
from county_server.scribe import Scribe
from station_app.journal.fact import Saying
from station_app.services.clearing.facts import (
    ClearingRemark,
    CountyMoneySentDown,
    Portion,
    RemittanceCancelled,
    RemittanceConfirmed,
)
from station_app.services.clearing.states import Remittance
from tests.village.billing import answer

DAY = "2026-11-26"
MONTH = "2026-11"


class Finance:
    """One clerk of the finance desk for all stations."""

    def __init__(self, dice: random.Random) -> None:
        """Draw from the village's dice."""
        self._dice = dice

    def say(self, county: County, station: str) -> bool:
        """Say something of a station's money; return whether there was anything to say."""
        said = self._dice.choice(
            (self._of_remittance, self._money, self._statement, self._of_bill)
        )(county, station)
        if not said:
            return False
        with county.store.write() as connection:
            scribe = Scribe(county.store, connection, county.keys, county.chance)
            scribe.say(station, said, by="finance", at=county.clock.now_ms())
            scribe.seal()
        return True

    def _of_bill(self, county: County, station: str) -> Sequence[Saying]:
        return answer(self._dice, county, station)

    def _of_remittance(self, county: County, station: str) -> Sequence[Saying]:
        states = county.store.tables.states.c
        with county.store.read() as connection:
            rows = connection.execute(
                select(states.entity, states.data)
                .where(states.station == station, states.kind == "remittance")
                .order_by(states.entity)
            ).all()
        if not rows:
            return ()
        entity, data = self._dice.choice(rows)
        known = msgspec.json.decode(bytes(data), type=Remittance)
        if self._dice.random() < 0.6:
            return (Saying(RemittanceCancelled(day=DAY), ClearingRemark(remark="没收到"), entity),)
        return (Saying(RemittanceConfirmed(received_fen=known.amount_fen, day=DAY), None, entity),)

    def _money(self, county: County, _station: str) -> Sequence[Saying]:
        fen = self._dice.choice((8_800, 30_000))
        body = CountyMoneySentDown(
            number=f"L{self._dice.randrange(20):03}",
            way=self._dice.choice(("carrier", "bank")),
            amount_fen=fen,
            covers=(Portion(purse="", owner="", amount_fen=fen),),
            day=DAY,
        )
        return (Saying(body),)

    def _statement(self, county: County, station: str) -> Sequence[Saying]:
        try:
            with county.store.read() as connection:
                frozen = make(county.store, connection, Month(station, MONTH, DAY))
        except Refused:
            return ()
        return sayings(frozen, "") if frozen.lines else ()
