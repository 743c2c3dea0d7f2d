"""How parcels that are sent are spoken of on other pages: tile, acts, cases, search, scans."""

from collections.abc import Sequence
from typing import Final

import msgspec

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.ledger.paid_acts import fact, facts_of_act
from station_app.reference import records as reference
from station_app.services.sending import records
from station_app.services.sending.facts import (
    SendingAccepted,
    SendingCancelled,
    SendingHandedToCourier,
    WaybillsAsked,
)
from station_app.services.sending.outfit import Outfit
from station_app.services.sending.records import SendingRow
from station_app.services.sending.rules import Sending
from station_app.shell.offers import (
    ActWords,
    CaseWords,
    Figures,
    Hit,
    Line,
    Meaning,
    Side,
    Sought,
    Tone,
)
from station_app.values.codes import Recognised
from station_app.values.day import say_day
from station_app.values.masks import tail
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts

PAGE: Final = "sending.page"
LEAVING_PAGE: Final = "sending.leaving"
SENDING: Final = "sending.accepted"
ACT_KINDS = (
    SendingAccepted.KIND,
    SendingHandedToCourier.KIND,
    SendingCancelled.KIND,
    WaybillsAsked.KIND,
)
TONES: dict[str, Tone] = {"accepted": "queued", "gone": "ok", "cancelled": "plain"}


class Telling:
    """Puts parcels that are sent into words for other rooms."""

    def __init__(self, outfit: Outfit) -> None:
        """Name couriers and villagers as the page does."""
        self._outfit = outfit
        self._texts = outfit.texts

    def figures(self, connection: Connection, now: Now, texts: Texts) -> Figures:
        """Return the tile: how many wait to leave, and which numbers run low."""
        lines = [
            Line(
                "parcel",
                texts.say("sending.tile.today", count=records.accepted_on(connection, now.day)),
            )
        ]
        for stock in records.stocks(connection, now.device):
            left = records.left_of(connection, stock.courier, now.device)
            if stock.blocks and left.is_low:
                name = short_name(connection, stock.courier)
                words = texts.say("sending.tile.low", courier=name, left=left.left)
                lines.append(Line("warn", words, "warn"))
        count = records.count_here(connection)
        return Figures(count, texts.say("sending.tile.unit"), tuple(lines[:2]))

    def open_count(self, connection: Connection, _now: Now) -> int:
        """Return how many wait to leave, for the tab."""
        return records.count_here(connection)

    # --- Acts ------------------------------------------------------------------------------------

    def act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return an act of this slice in words."""
        facts = [one for one in facts_of_act(connection, act) if one.kind in ACT_KINDS]
        said = facts[0]
        if said.kind == SendingAccepted.KIND:
            body = msgspec.json.decode(said.body, type=SendingAccepted)
            paid_fen = body.courier_fen + body.fee_fen
            amount = texts.say("cash.act.in", amount=say_yuan(paid_fen)) if paid_fen else ""
            name = short_name(connection, body.courier)
            words = texts.say("sending.act.accepted", courier=name, tail=tail(body.waybill))
            return ActWords("parcel", words, amount, LEAVING_PAGE, {"sending": said.identity})
        if said.kind == SendingHandedToCourier.KIND:
            gone = msgspec.json.decode(said.body, type=SendingHandedToCourier)
            count = sum(1 for one in facts if one.kind == SendingHandedToCourier.KIND)
            name = short_name(connection, gone.courier)
            words = texts.say("sending.act.handed_over", courier=name, count=count)
            return ActWords("truck", words, page=LEAVING_PAGE, subject={"sending": said.entity})
        if said.kind == SendingCancelled.KIND:
            state = records.sending_state(connection, said.entity) or Sending()
            words = texts.say("sending.act.cancelled", tail=tail(state.waybill))
            return ActWords("undo", words, page=LEAVING_PAGE, subject={"sending": said.entity})
        return ActWords("message", texts.say("sending.act.asked"), page=PAGE)

    # --- Cases -----------------------------------------------------------------------------------

    def case(
        self, connection: Connection, case: str, entity: str, members: tuple[str, ...], texts: Texts
    ) -> CaseWords:
        """Return in words what the facts of a parcel disagree about."""
        state = records.sending_state(connection, entity) or Sending()
        return CaseWords(
            title=texts.say(f"sending.case.{case.partition('.')[2]}"),
            hint=texts.say(
                "sending.case_hint",
                courier=short_name(connection, state.courier) or "—",
                waybill=state.waybill or "—",
                sender=state.sender or "—",
            ),
            sides=tuple(self._side(connection, member, texts) for member in members),
            page=LEAVING_PAGE,
            subject={"sending": entity},
        )

    def _side(self, connection: Connection, member: str, texts: Texts) -> Side:
        said = fact(connection, member)
        if said is None:
            return Side(texts.say("sending.case_side.unknown"), 0, member[:8], member)
        device = device_of(said.stream).lstrip("D")
        who = texts.say("sending.case_side.device", device=device) if device else ""
        who = who or texts.say("sending.case_side.county")
        words = texts.say(f"sending.case_side.{said.kind.partition('.')[2]}")
        return Side(who, said.at, words, member)

    # --- Search and scans ------------------------------------------------------------------------

    def of_waybill(self, connection: Connection, text: str, _code: Recognised) -> Meaning | None:
        """Recognise the label of a parcel that was accepted here."""
        found = records.of_waybill(connection, text)
        if not found:
            return None
        words = self._texts.say("sending.scan.label", waybill=text)
        return Meaning(SENDING, LEAVING_PAGE, found, words)

    def find(self, connection: Connection, sought: Sought, texts: Texts) -> Sequence[Hit]:
        """Return parcels by the end of their number, or by who sent them."""
        rows = records.find(connection, sought.text, self._outfit.people)
        return [hit_of(connection, row, texts) for row in rows]


def short_name(connection: Connection, code: str) -> str:
    """Return a courier as lists call it."""
    row = reference.courier(connection, code)
    return row.short_name if row else code


def hit_of(connection: Connection, row: SendingRow, texts: Texts) -> Hit:
    """Return a parcel as a line of a result list."""
    state = row.state
    return Hit(
        title=texts.say(
            "sending.search.sending",
            receiver=state.receiver or "—",
            courier=short_name(connection, state.courier),
            tail=tail(state.waybill),
        ),
        hint=texts.say(
            "sending.search.small",
            day=say_day(state.day),
            contents=state.contents,
            amount=say_yuan(state.price_fen),
        ),
        icon="parcel",
        page=LEAVING_PAGE,
        subject={"sending": row.sending},
        pill=(TONES.get(state.status, "plain"), stands(state, texts)),
    )


def stands(state: Sending, texts: Texts) -> str:
    """Return how a parcel stands, as its pill says it."""
    if state.status == "gone":
        return texts.say("sending.leaving.gone", day=say_day(state.gone_day, state.day))
    return texts.say("sending.leaving.cancelled" if state.status == "cancelled"
                     else "sending.leaving.here")  # fmt: skip


def of_person(connection: Connection, names: Sequence[str], texts: Texts) -> Sequence[Hit]:
    """Return what a person sent lately, for her page in the register."""
    return [hit_of(connection, row, texts) for row in records.of_persons(connection, names)]
