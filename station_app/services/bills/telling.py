"""How bills are spoken of on pages that look across services: tile, acts, cases, search, scans."""

from collections.abc import Sequence
from typing import Final

import msgspec

from station_app.journal.fact import device_of
from station_app.journal.log import Connection
from station_app.ledger.paid_acts import fact, facts_of_act
from station_app.printing.document import Document
from station_app.reference import biller_records
from station_app.services.bills import records
from station_app.services.bills.facts import BillCancellationAsked, BillTaken
from station_app.services.bills.outfit import Outfit
from station_app.services.bills.records import BillRow
from station_app.services.bills.rules import Bill
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
from station_app.values.codes import SLIP, OwnCode, Recognised
from station_app.values.masks import tail
from station_app.values.money import say_yuan
from station_app.values.now import Now
from station_app.values.texts import Texts

PAGE: Final = "bills.page"
BILL: Final = "bill.taken"
ACT_KINDS = (BillTaken.KIND, BillCancellationAsked.KIND)
TONES: dict[str, Tone] = {
    "queued": "queued",
    "sent": "notice",
    "asked": "waiting",
    "paid": "ok",
    "failed": "stop",
    "reversed": "stop",
    "refunded": "plain",
}


def shown_state(row: BillRow) -> str:
    """Return how a bill stands, as its pill says it."""
    if row.stands in ("failed", "reversed") and row.due_fen <= 0:
        return "refunded"
    return row.stands


class Telling:
    """Puts bills into words for other rooms."""

    def __init__(self, outfit: Outfit) -> None:
        """Name billers and villagers as the page does."""
        self._outfit = outfit
        self._papers = outfit.papers
        self._texts = outfit.texts

    def figures(self, connection: Connection, now: Now, texts: Texts) -> Figures:
        """Return the tile: how many wait for the county, what is late, what is owed back."""
        today = records.today_of(now)
        rows = records.not_over(connection, today)
        waiting = [row for row in rows if row.stands in ("queued", "sent", "asked")]
        late = [row for row in rows if row.is_late(today)]
        sums = records.sums_of(rows)
        lines = [Line("cash", texts.say("bills.tile.sum", amount=say_yuan(sums.unpaid_fen)))]
        if late:
            words = texts.say("bills.tile.late", count=len(late))
            lines = [Line("calendar", words, "stop")]
        due_today = [row for row in waiting if row.state.due_day == today]
        if sums.refunds:
            words = texts.say(
                "bills.tile.refunds", count=sums.refunds, amount=say_yuan(sums.refund_fen)
            )
            lines.append(Line("undo", words, "warn"))
        elif due_today:
            words = texts.say("bills.tile.due_today", count=len(due_today))
            lines.append(Line("calendar", words, "warn"))
        return Figures(len(waiting), texts.say("bills.tile.unit"), tuple(lines[:2]))

    def open_count(self, connection: Connection, now: Now) -> int:
        """Return how many bills want something, for the tab."""
        rows = records.not_over(connection, records.today_of(now))
        return sum(1 for row in rows if row.due_fen > 0 or row.stands in ("queued", "sent"))

    # --- Acts and papers -------------------------------------------------------------------------

    def act(self, connection: Connection, act: str, texts: Texts) -> ActWords:
        """Return an act of this slice in words."""
        said = next(one for one in facts_of_act(connection, act) if one.kind in ACT_KINDS)
        if said.kind == BillTaken.KIND:
            body = msgspec.json.decode(said.body, type=BillTaken)
            name = biller_called(connection, body.biller, body.day)
            amount = texts.say("cash.act.in", amount=say_yuan(body.amount_fen + body.fee_fen))
            words = texts.say("bills.act.taken", biller=name)
            return ActWords("receipt", words, amount, PAGE, {"bill": said.identity})
        state = records.bill_state(connection, said.entity)
        name = biller_called(connection, state.biller, state.day) if state else ""
        words = texts.say("bills.act.asked", biller=name)
        return ActWords("undo", words, page=PAGE, subject={"bill": said.entity})

    def slip_again(self, connection: Connection, act: str, _texts: Texts) -> Document | None:
        """Return the slip of an act once more."""
        paper = self._papers.slip_again(connection, act)
        return paper.document if paper else None

    # --- Cases -----------------------------------------------------------------------------------

    def case(
        self, connection: Connection, case: str, entity: str, members: tuple[str, ...], texts: Texts
    ) -> CaseWords:
        """Return in words what the facts of a bill disagree about."""
        state = records.bill_state(connection, entity) or Bill()
        amount = say_yuan(state.amount_fen + state.fee_fen)
        return CaseWords(
            title=texts.say(f"bills.case.{case.partition('.')[2]}"),
            hint=texts.say(
                "bills.case_hint",
                biller=biller_called(connection, state.biller, state.day) or "—",
                tail=tail(state.account_no) if state.account_no else "—",
                amount=amount,
            ),
            sides=tuple(self._side(connection, member, texts) for member in members),
            page=PAGE,
            subject={"bill": entity},
        )

    def _side(self, connection: Connection, member: str, texts: Texts) -> Side:
        said = fact(connection, member)
        if said is None:
            return Side(texts.say("bills.case_side.unknown"), 0, member[:8], member)
        device = device_of(said.stream).lstrip("D")
        who = texts.say("bills.case_side.device", device=device) if device else ""
        who = who or texts.say("bills.case_side.county")
        return Side(
            who, said.at, texts.say(f"bills.case_side.{said.kind.partition('.')[2]}"), member
        )

    # --- Search and scans ------------------------------------------------------------------------

    def of_slip(self, connection: Connection, _text: str, code: Recognised) -> Meaning | None:
        """Recognise the slip of a bill; one that is owed back is the refund's first."""
        if not isinstance(code, OwnCode) or code.kind != SLIP:
            return None
        found = records.bills_of_act(connection, code.payload)
        if not found:
            return None
        row = records.bill_row(connection, found[0])
        if row is None or row.due_fen > 0:
            return None
        return Meaning(BILL, PAGE, found[0], self._texts.say("bills.scan.slip"))

    def find_billers(self, connection: Connection, sought: Sought, _texts: Texts) -> Sequence[Hit]:
        """Return billers by name, pinyin or initials."""
        text = sought.text.strip()
        if len(text) < 2 or text.isdigit():
            return ()
        every = biller_records.billers(connection, self._today(connection))
        return [
            Hit(terms.name, terms.label, "receipt", PAGE, {"biller": terms.code},
                match=text if text in terms.name else "")
            for terms in biller_records.named(every, text)[: records.FOUND_MAX]
        ]  # fmt: skip

    def _today(self, connection: Connection) -> str:
        row = connection.execute("SELECT coalesce(max(since), '') FROM billers").fetchone()
        return str(row[0]) + "~"  # rules of every day: the page says what holds today

    def find(self, connection: Connection, sought: Sought, texts: Texts) -> Sequence[Hit]:
        """Return bills by the end of their account number or by whose they are."""
        rows = records.find(connection, sought.text, self._outfit.people)
        return [hit_of(connection, row, texts) for row in rows]


def biller_called(connection: Connection, code: str, day: str) -> str:
    """Return the name of a biller by the rules of a day, its code when it had none."""
    terms = biller_records.biller(connection, code, day)
    return terms.name if terms else code


def hit_of(connection: Connection, row: BillRow, texts: Texts) -> Hit:
    """Return a bill as a line of a result list."""
    state, shown = row.state, shown_state(row)
    name = biller_called(connection, state.biller, state.day)
    return Hit(
        title=texts.say("bills.search.bill", biller=name, tail=tail(state.account_no)),
        hint=texts.say("bills.search.small", number=row.number, amount=say_yuan(row.whole_fen)),
        icon="receipt",
        page=PAGE,
        subject={"bill": row.bill},
        pill=(TONES[shown], texts.say(f"bills.state.{shown}")),
    )


def of_person(connection: Connection, names: Sequence[str], texts: Texts) -> Sequence[Hit]:
    """Return the newest bills of a person, for her page in the register."""
    return [hit_of(connection, row, texts) for row in records.of_persons(connection, names)]
