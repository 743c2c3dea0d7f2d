"""Parcels that villagers send: prices and numbers come down, parcels go out or are taken back.

An eighth of the villages sends: the histories of the others stay as they were. Everything at the
counter is asked for with commands, as the pages ask; a refusal is an answer like any other. Blocks
of numbers are small here, so that they run low, are asked for, and run out.
"""

import random
from contextlib import suppress
from typing import Any

from county_server.county import County
from county_server.put_back import PaymentsStopped
from county_server.scribe import Scribe
from station_app.journal.fact import Body, Saying
from station_app.reference.facts import SendingZonePublished
from station_app.services.cash.commands import TakePayment
from station_app.services.parcels.commands import CloseManifest
from station_app.services.sending import records
from station_app.services.sending.accepting import REASONS
from station_app.services.sending.commands import (
    AcceptSending,
    AskWaybills,
    CancelSending,
    FinishSending,
    HandSendingsOver,
)
from station_app.services.sending.facts import (
    SendingCancelled,
    SendingExamined,
    WaybillsAsked,
    WaybillsGranted,
)
from tests.village.money import Money
from tests.village.pc import Pc

VILLAGES, WHICH = 8, 4  # of so many villages that one sends
ACTS = 4  # at a step of an operator: lives are short
DAY = "2026-11-25"
COURIER = "ZTO"
BLOCK = 5  # numbers at once
OF_SENDING = frozenset(
    body.KIND
    for body in (
        SendingCancelled, SendingExamined, SendingZonePublished, WaybillsAsked, WaybillsGranted,
    )
)  # fmt: skip
"""Kinds that only these villages say, by their commands and their county."""
_ZONE = SendingZonePublished(
    courier=COURIER, zone="all", name="各地", provinces=(), first_grams=1_000, first_fen=900,
    further_grams=1_000, further_fen=300, fee_fen=150, most_grams=20_000, days=3, route="",
    is_open=1, from_day="2026-01-01", day=DAY,
)  # fmt: skip


class Sending:
    """Draws what is sent and what becomes of it."""

    def __init__(self, seed: int) -> None:
        """Draw from dice that are nobody else's."""
        self._dice = random.Random(f"sending {seed}")
        self._money = Money(self._dice)
        self._sends = seed % VILLAGES == WHICH
        self._given = 0

    # --- At the counter --------------------------------------------------------------------------

    def act(self, pc: Pc) -> None:
        """Accept parcels, hand them over, give them back."""
        for _ in range(ACTS if self._sends else 0):
            works = (self._accept, self._accept, self._leave, self._cancel, self._ask)
            self._dice.choice(works)(pc)

    def _accept(self, pc: Pc) -> None:
        grams = int(self._mostly(("400", "2360", "12000"), "21000"))
        is_collect = self._dice.random() < 0.2
        price_fen = 0 if is_collect else 900 + 300 * -(-max(0, grams - 1_000) // 1_000)
        ticket = pc.ticket()
        command = AcceptSending(
            courier=COURIER,
            sender="陈示林",
            phone="15400001001",
            document="id_card",
            number=self._mostly(("11010519491231002X", "002X"), "110105194912310021"),
            contents=self._mostly(("板栗", "核桃"), "鞭炮"),
            is_looked_into=True,
            receiver="林样红",
            receiver_phone="15400001059",
            address="河南省郑州市示例区样例路 8 号院",
            grams=grams,
            is_collect=is_collect,
        )
        paid: tuple[Any, ...] = ()
        if price_fen:
            tender = self._money.tender(price_fen)
            paid = (TakePayment(due_fen=price_fen, tenders=(tender,)),)
        pc.perform(command, *paid, FinishSending(act=ticket, accepted=command), ticket=ticket)

    def _mostly(self, good: tuple[str, ...], bad: str) -> str:
        return bad if self._dice.random() < 0.08 else self._dice.choice(good)

    def _here(self, pc: Pc) -> list[str]:
        rows = pc.connection.execute(
            "SELECT entity FROM sendings WHERE status = 'accepted' AND courier = ? "
            "ORDER BY entity LIMIT 20",
            (COURIER,),
        ).fetchall()
        return [str(row[0]) for row in rows]

    def _leave(self, pc: Pc) -> None:
        found = self._here(pc)
        chosen = tuple(self._dice.sample(found, min(len(found), self._dice.randint(1, 3))))
        states = [records.sending_state(pc.connection, one) for one in chosen]
        listed = tuple((state.waybill, COURIER) for state in states if state is not None)
        pc.perform(
            HandSendingsOver(courier=COURIER, sendings=chosen),
            CloseManifest(direction="sent", courier=COURIER, seen=listed, other="任例福"),
        )

    def _cancel(self, pc: Pc) -> None:
        found = self._here(pc)
        if found:
            reason = self._dice.choice((*REASONS, ""))
            pc.perform(CancelSending(sending=self._dice.choice(found), reason=reason))

    def _ask(self, pc: Pc) -> None:
        pc.perform(AskWaybills(courier=COURIER))

    # --- At the county ---------------------------------------------------------------------------

    def county_says(self, county: County, station: str) -> None:
        """Publish the prices, and give numbers to the PCs of a station."""
        if not self._sends:
            return
        said: list[Body] = [_ZONE]
        for device in ("D1", "D2"):
            self._given += BLOCK
            block = WaybillsGranted(
                device=device, courier=COURIER, prefix="73", first=900_000_000_000 + self._given,
                count=BLOCK, width=12, day=DAY,
            )  # fmt: skip
            said.append(block)
        with suppress(PaymentsStopped), county.store.write() as connection:
            scribe = Scribe(county.store, connection, county.keys, county.chance)
            sayings = [Saying(body) for body in said]
            scribe.say(station, sayings, by="clerk", at=county.clock.now_ms())
            scribe.seal()
