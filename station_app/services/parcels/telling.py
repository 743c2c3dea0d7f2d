"""What parcels tell the pages that look across services: a tile, acts, papers."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from station_app.journal.log import Connection
from station_app.printing.document import Document
from station_app.reference import records as reference
from station_app.services.cash.facts import PaymentTaken
from station_app.services.parcels import message_records, records
from station_app.services.parcels.counting_facts import LayerCounted
from station_app.services.parcels.facts import (
    BagReceived,
    ManifestClosed,
    MessageQueued,
    ParcelHandedOver,
)
from station_app.services.parcels.gathering import Gatherer
from station_app.services.parcels.lists import load_words
from station_app.services.parcels.load_facts import VanLoadedWithBags, VillageLoadLeft
from station_app.services.parcels.meanings import (
    HANDOVER_PAGE,
    INTAKE_PAGE,
    MANIFEST_PAGE,
    NOTICES_PAGE,
    STOCKTAKE_PAGE,
    STUBS_PAGE,
)
from station_app.services.parcels.papers import PaperMaker
from station_app.services.parcels.records import ParcelRow
from station_app.shell.offers import ActWords, Figures, Hit, Line, Tone
from station_app.values.day import say_day
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts

ACT_KINDS = (
    "parcel.shelved",
    "parcel.handed_over",
    "parcel.returned",
    "parcel.moved",
    "parcel.reassigned",
    "parcel.told",
    "parcel.lost",
    "parcel.found",
    "parcel.damaged",
    "parcel.marked_valuable",
    "parcel.forwarded",
    "parcel.compensated",
    "parcel.released",
    "parcel.taken_on_run",
    "parcel.handed_over_on_run",
    "parcel.brought_back",
)
TRACES_MAX = 20
LABEL_KINDS = ("parcel.shelved", "parcel.moved", "parcel.reassigned", "parcel.found")
ICONS = {
    "parcel.shelved": "intake",
    "parcel.handed_over": "parcel",
    "parcel.returned": "truck",
    "parcel.moved": "shelf",
    "parcel.reassigned": "pencil",
    "parcel.told": "phone",
    "parcel.lost": "warn",
    "parcel.found": "shelf",
    "parcel.damaged": "warn",
    "parcel.marked_valuable": "lock",
    "parcel.forwarded": "truck",
    "parcel.compensated": "cash",
    "parcel.released": "ok",
    "parcel.taken_on_run": "truck",
    "parcel.handed_over_on_run": "home",
    "parcel.brought_back": "undo",
}


LOADS = (VanLoadedWithBags.KIND, VillageLoadLeft.KIND)


class Telling:
    """Puts parcels into words for other rooms."""

    def __init__(self, gatherer: Gatherer, texts: Texts) -> None:
        """Name people by the register of `gatherer`."""
        self._gatherer = gatherer
        self._papers = PaperMaker(gatherer, texts)

    def figures(self, connection: Connection, now: Now, texts: Texts) -> Figures:
        """Return the tile: how many stand here, what came and went today, what presses."""
        counts = self._counts(connection, now)
        today = texts.say("parcels.tile.today", came=counts.in_today, left=counts.out_today)
        if counts.overdue:
            second = Line("warn", texts.say("parcels.tile.overdue", count=counts.overdue), "warn")
        elif counts.untold:
            second = Line("bell", texts.say("parcels.tile.untold", count=counts.untold))
        else:
            second = Line("ok", texts.say("parcels.tile.all_well"))
        return Figures(
            counts.on_hand, texts.say("parcels.tile.unit"), (Line("intake", today), second)
        )

    def _counts(self, connection: Connection, now: Now) -> records.Counts:
        last_days = self._gatherer.orders.last_days(connection)
        return records.counts(
            connection, now.day, reference.courier_rules(connection, now.day), last_days
        )

    def overdue_count(self, connection: Connection, now: Now) -> int:
        """Return how many parcels have been here for long, for the tab."""
        return self._counts(connection, now).overdue

    def untold_count(self, connection: Connection, now: Now) -> int:
        """Return how many receivers do not know yet that something is here for them."""
        found = message_records.waiters(connection, self._gatherer)
        return sum(1 for one in found if one.standing(now.day) != message_records.REACHED)

    def of_person(
        self, connection: Connection, names: Sequence[str], texts: Texts
    ) -> Sequence[Hit]:
        """Return the newest parcels of a person, for her page in the register."""
        couriers = {row.code: row.short_name for row in reference.couriers(connection)}
        return [
            self._of_row(row, couriers, texts)
            for row in records.history_of(connection, names, TRACES_MAX)
        ]

    def _of_row(self, row: ParcelRow, couriers: Mapping[str, str], texts: Texts) -> Hit:
        tone: Tone = "waiting"
        words = texts.say("parcels.search.on_hand")
        if not row.is_on_hand:
            tone = "ok"
            day = say_day(row.closed_day, row.closed_day)
            words = texts.say(f"parcels.search.{row.status}", day=day)
        due = texts.say("parcels.shown.both", amount=say_yuan(row.due_fen)) if row.due_fen else ""
        return Hit(
            title=" ".join(
                part for part in (str(row.code), couriers.get(row.courier, ""), due) if part
            ),
            hint=texts.say("parcels.search.here_since", day=say_day(row.day_in, row.day_in)),
            icon="parcel",
            page=HANDOVER_PAGE,
            subject={"parcel": row.parcel},
            pill=(tone, words),
        )

    # --- Acts ------------------------------------------------------------------------------------

    def act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return an act of parcels in words."""
        facts = records.facts_of_act(connection, act)
        mine = [fact for fact in facts if fact.kind in ACT_KINDS]
        kind = mine[0].kind if mine else "parcel.shelved"
        same = [fact.subject for fact in mine if fact.kind == kind]
        row = records.parcel_row(connection, same[0]) if same else None
        words = texts.say(
            f"parcels.act.{kind.partition('.')[2]}",
            code=str(row.code) if row else "—",
            name=self._gatherer.who(connection, row) if row else "—",
            count=len(same),
        )
        if kind != ParcelHandedOver.KIND:
            return ActWords(
                ICONS[kind], words, page=INTAKE_PAGE, subject={"parcel": same[0]} if same else {}
            )
        received_fen = sum(_received(fact) for fact in facts)
        amount = ""
        if received_fen:
            amount = texts.say("parcels.act.collected", amount=say_yuan(received_fen))
        return ActWords(ICONS[kind], words, amount, page=HANDOVER_PAGE, subject={"act": act})

    def count_act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return the count of a layer in words."""
        counted = next(
            (
                msgspec.json.decode(fact.body, type=LayerCounted)
                for fact in records.facts_of_act(connection, act)
                if fact.kind == LayerCounted.KIND
            ),
            None,
        )
        if counted is None:
            return ActWords("shelf", texts.say("parcels.tab.stocktake"), page=STOCKTAKE_PAGE)
        words = texts.say(
            "parcels.act.counted",
            shelf=counted.shelf,
            layer=counted.layer,
            found=counted.found,
            expected=counted.expected,
        )
        return ActWords("shelf", words, page=STOCKTAKE_PAGE)

    def manifest_act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return what was done with a bag or a list, in words."""
        for fact in records.facts_of_act(connection, act):
            if fact.kind == ManifestClosed.KIND:
                closed = msgspec.json.decode(fact.body, type=ManifestClosed)
                count = sum(piece.state != "missing" for piece in closed.pieces)
                words = texts.say(f"parcels.act.manifest_{closed.direction}", count=count)
                return ActWords("bag", words, page=MANIFEST_PAGE)
            if fact.kind in LOADS:
                return self._load_act(connection, fact, texts)
            if fact.kind == BagReceived.KIND:
                received = msgspec.json.decode(fact.body, type=BagReceived)
                words = texts.say("parcels.act.bag_received", code=received.code)
                return ActWords("bag", words, page=MANIFEST_PAGE)
        return ActWords("bag", texts.say("parcels.tab.manifest"), page=MANIFEST_PAGE)

    def _load_act(self, connection: Connection, fact: Any, texts: Texts) -> ActWords:
        subject = {"manifest": fact.subject}
        if fact.kind == VanLoadedWithBags.KIND:
            van = msgspec.json.decode(fact.body, type=VanLoadedWithBags)
            packages = sum(one.packages for one in van.goods)
            load = load_words(len(van.pieces), packages, len(van.bags), texts)
            words = texts.say("parcels.act.manifest_van", load=load)
            return ActWords("truck", words, page=STUBS_PAGE, subject=subject)
        left = msgspec.json.decode(fact.body, type=VillageLoadLeft)
        row = reference.station(connection, left.station)
        name = row.name if row else left.station
        words = texts.say("parcels.act.manifest_village", count=len(left.pieces), village=name)
        return ActWords("truck", words, page=STUBS_PAGE, subject=subject)

    def message_act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return that messages were asked for, in words."""
        count = sum(
            fact.kind == MessageQueued.KIND for fact in records.facts_of_act(connection, act)
        )
        words = texts.say("parcels.act.messages", count=count)
        return ActWords("message", words, page=NOTICES_PAGE)

    # --- Papers ----------------------------------------------------------------------------------

    def label_again(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the label that an act printed, as the parcel stands now."""
        for fact in records.facts_of_act(connection, act):
            if fact.kind in LABEL_KINDS:
                paper = self._papers.label(connection, fact.subject)
                return paper.document if paper else None
        return None

    def slip_again(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the slip of a hand-over."""
        paper = self._papers.slip_again(connection, act)
        return paper.document if paper else None


def _received(fact: records.FactRow) -> int:
    """Return what a fact adds to what was received: what was due, less what was let go."""
    if fact.kind == ParcelHandedOver.KIND:
        handed = msgspec.json.decode(fact.body, type=ParcelHandedOver)
        return handed.cod_fen + handed.freight_fen
    if fact.kind == PaymentTaken.KIND:
        return -msgspec.json.decode(fact.body, type=PaymentTaken).round_off_fen
    return 0
