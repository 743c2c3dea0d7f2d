"""The bills desk: the queue by biller and deadline, one bill, its answer; the day; the file.

An answer is the county's word on the station's stream, by somebody who may say it. The full account
number is nobody's by default: whoever wants it says why, and that stands in the journal.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from itertools import groupby

from sqlalchemy import Connection
from starlette.responses import Response

from county_server.desks.bills import file, queue, together
from county_server.desks.bills.queue import Line
from county_server.desks.desk import STALE, Desk, go, places_by_code, status_of
from county_server.desks.overtaken import overtaken
from county_server.desks.pen import Pen, Refused, check_mark, last_of, mark_of, writing
from county_server.staff import roles
from county_server.staff.accounts import StaffBook
from county_server.text_workbook import XLSX
from county_server.web.frame import NOT_KEPT, Ask, Endpoint
from station_app.journal.fact import Body, Saying
from station_app.ledger.accounts import part
from station_app.reference.billers import BillerTerms
from station_app.services.bills.facts import (
    BillAccountShown,
    BillFailed,
    BillPaid,
    BillReversed,
)
from station_app.services.bills.rules import PAID, QUEUED, Bill
from station_app.values.cells import cell_text
from station_app.values.day import add_days, is_day, local_day

SHOWN_MAX = 200
OVER_DAYS = 62  # a bill that is over is looked at for two months; then it is in the journal
FILE_MAX = 500
LOOK_SECONDS = 60  # for so long a full account number stands on the screen
FAILURES = (
    "account_closed", "account_wrong", "name_wrong", "amount_wrong", "paid_elsewhere", "cancelled",
    "biller_refused", "other",
)  # fmt: skip
REVERSALS = ("biller_refused", "account_wrong", "other")
LOOKS = ("pay_in", "villager_asks", "other")
Answer = Callable[[Ask, Bill, str], Body]


class Bills:
    """The pages and acts of the desk."""

    def __init__(self, desk: Desk) -> None:
        """Answer the bills of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the pages and acts."""
        one = "/bills/{station}/{entity}"
        page, look, do = roles.BILLS, roles.LOOK, roles.DO
        return [
            Endpoint("GET", "/bills", page, look, self.listing),
            Endpoint("GET", "/bills/day", page, look, self.day),
            Endpoint("POST", "/bills/file", roles.BILL_ACCOUNTS, do, self.take_file),
            Endpoint("POST", "/bills/together", page, do, self.pay_together),
            Endpoint("POST", "/bills/together/failed", page, do, self.fail_together),
            Endpoint("POST", "/bills/pasted", page, do, self.pasted),
            Endpoint("GET", one, page, look, self.listing),
            Endpoint("POST", f"{one}/paid", page, do, self.paid),
            Endpoint("POST", f"{one}/failed", page, do, self.failed),
            Endpoint("POST", f"{one}/reversed", page, do, self.sent_back),
            Endpoint("POST", f"{one}/account", roles.BILL_ACCOUNTS, do, self.account),
        ]

    # --- Looking ---------------------------------------------------------------------------------

    def listing(  # noqa: PLR0913 - what each act gives back to be shown
        self,
        ask: Ask,
        trouble: str = "",
        status: int = 200,
        typed: dict[str, str] | None = None,
        shown_account: str = "",
        judged: list[together.Judged] | None = None,
    ) -> Response:
        """Show the queue, and one bill in full."""
        store, today = self._desk.county.store, local_day(ask.now)
        station, entity = ask.path.get("station", ""), ask.path.get("entity", "")
        with self._desk.frame.read() as connection:
            state = queue.find_bill(store, connection, station, entity) if entity else None
            tab = _tab(ask, state)
            waiting = queue.read_bills(store, connection, queue.STATUSES[queue.WAITING])
            over = queue.read_bills(store, connection, (PAID,), add_days(today, -OVER_DAYS))
            waiting = queue.marked(waiting, over)
            back = queue.sent_back(store, connection, add_days(today, -OVER_DAYS))
            lines = {queue.WAITING: waiting, queue.SENT_BACK: back}.get(tab, over)
            terms = queue.terms_of(store, connection, today)
            mark = self._mark(connection, station, entity)
            quicker = None
            if status == STALE and entity:
                quicker = overtaken(
                    self._desk, connection, station, queue.KIND, entity, typed or {}
                )
            owner = _key(state)
            names = self._desk.names(connection, station, [owner] if owner else [])
        biller = ask.query.get("biller", "")
        shown = [line for line in lines if biller in ("", line.state.biller)]
        open_ones = [line for line in lines if line.is_owed or tab != queue.SENT_BACK]
        if tab == queue.OVER:
            shown = sorted(shown, key=lambda line: line.state.answered_day, reverse=True)
        chosen = next((line for line in lines if line.entity == entity), None)
        if entity and state is None:
            status = 404
        return self._desk.page(
            "bills.html", ask, status, tab=tab, biller=biller, terms=terms, today=today,
            counts=queue.counts(open_ones), total=len(open_ones), lines=shown[:SHOWN_MAX],
            waits=queue.waits(waiting, back),
            beyond=max(len(shown) - SHOWN_MAX, 0), station=station, entity=entity, chosen=state,
            chosen_line=chosen, person=names.get(owner, ""), mark=mark, trouble=trouble,
            typed=typed or {}, shown_account=shown_account, seconds=LOOK_SECONDS,
            failures=FAILURES, reversals=REVERSALS, looks=LOOKS,
            sum_fen=sum(line.whole_fen for line in shown),
            marks=together.marks_of(shown), judged=judged or [],
            bad_rows="\n".join(one.text for one in judged or [] if one.fault),
            fullest=queue.fullest(waiting, terms, biller),
            today_counts=queue.today_counts(waiting, over, back, today),
            quicker=quicker, twins=[line for line in shown if line.is_twin],
        )  # fmt: skip

    def day(self, ask: Ask) -> Response:
        """Show what was taken in, paid and given back on one day, to hold against the bank."""
        asked = ask.query.get("day", "")
        day = asked if is_day(asked) else local_day(ask.now)
        store = self._desk.county.store
        statuses = [status for group in queue.STATUSES.values() for status in group]
        with self._desk.frame.read() as connection:
            since = add_days(day, -OVER_DAYS)
            sums = queue.day_sums(queue.read_bills(store, connection, statuses, since), day)
            terms = queue.terms_of(store, connection, day)
            waiting = queue.read_bills(store, connection, queue.STATUSES[queue.WAITING])
            waits = queue.waits(waiting, queue.sent_back(store, connection, since))
        return self._desk.page("bills_day.html", ask, day=day, sums=sums, terms=terms, waits=waits)

    def _mark(self, connection: Connection, station: str, entity: str) -> str:
        if not entity:
            return ""
        return mark_of(last_of(self._desk.county, connection, station, queue.KIND, entity))

    # --- Answers ---------------------------------------------------------------------------------

    def paid(self, ask: Ask) -> Response:
        """Say that the biller has it, with the number of its receipt."""

        def answer(ask: Ask, state: Bill, entity: str) -> Body:
            if state.status != QUEUED:
                raise Refused("bill_answered")
            number = ask.form.get("number")
            terms = self._terms(ask).get(state.biller)
            if terms is None or not terms.fits_receipt(number):
                least = terms.receipt_least if terms else 1
                most = (terms.receipt_most if terms else 0) or 40
                length = str(least) if least == most else f"{least}–{most}"
                raise Refused("bill_number", length=length, found=len(number))
            return BillPaid(
                answers=entity, amount_fen=state.amount_fen, fee_fen=state.fee_fen,
                number=number, day=local_day(ask.now),
            )  # fmt: skip

        return self._answer(ask, answer, "bill_paid")

    def failed(self, ask: Ask) -> Response:
        """Say that it could not be paid, and why: it is owed back from now on."""

        def answer(ask: Ask, state: Bill, entity: str) -> Body:
            if state.status != QUEUED:
                raise Refused("bill_answered")
            return BillFailed(
                answers=entity, amount_fen=state.amount_fen, fee_fen=state.fee_fen,
                reason=_reason(ask, FAILURES), day=local_day(ask.now),
            )  # fmt: skip

        return self._answer(ask, answer, "bill_failed")

    def sent_back(self, ask: Ask) -> Response:
        """Say that the biller sent it back after it had been paid."""

        def answer(ask: Ask, state: Bill, entity: str) -> Body:
            if state.status != PAID:
                raise Refused("bill_not_paid")
            return BillReversed(
                answers=entity, amount_fen=state.amount_fen, fee_fen=state.fee_fen,
                reason=_reason(ask, REVERSALS), day=local_day(ask.now),
            )  # fmt: skip

        return self._answer(ask, answer, "bill_reversed")

    def pay_together(self, ask: Ask) -> Response:
        """Say of every bill beside which a number stands that it was paid."""
        rows, numbers = ask.form.ticked("bill"), ask.form.ticked("number")
        told = [
            (mark, number.strip())
            for mark, number in zip(rows, numbers, strict=False)
            if number.strip()
        ]
        return self._say_all(ask, told[: together.ROWS_MAX], [])

    def fail_together(self, ask: Ask) -> Response:
        """Say of every ticked bill that it could not be paid, and why: all are owed back."""
        county, ticked, said = self._desk.county, ask.form.ticked("tick"), 0
        try:
            reason = _reason(ask, FAILURES)
            if not ticked:
                raise Refused("bill_no_ticks")
            for mark in ticked[: together.ROWS_MAX]:
                with suppress(Refused):  # answered by somebody else meanwhile
                    together.say_failed(county, mark, reason, by=ask.member.code, now=ask.now)
                    said += 1
            if said < len(ticked):
                raise Refused("bill_rows", good=said, bad=len(ticked) - said)
        except Refused as refused:
            typed = {"together": ask.form.get("reason")}
            return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused), typed)
        return go("/bills?tab=back", "bills_failed")

    def pasted(self, ask: Ask) -> Response:
        """Say what a block of the biller's answers says; bad lines come back with their reasons."""
        store, today = self._desk.county.store, local_day(ask.now)
        with self._desk.frame.read() as connection:
            waiting = queue.read_bills(store, connection, queue.STATUSES[queue.WAITING])
            terms = queue.terms_of(store, connection, today)
        judged = together.read_block(ask.form.get("block"), waiting, terms)
        marks = together.marks_of(waiting)
        told = [(marks[one.line.entity], one.number) for one in judged if one.line and one.number]
        return self._say_all(ask, told, judged)

    def _say_all(
        self, ask: Ask, told: Sequence[tuple[str, str]], judged: list[together.Judged]
    ) -> Response:
        said, bad = 0, sum(1 for one in judged if one.fault)
        for mark, number in told:
            try:
                together.say_paid(self._desk.county, mark, number, by=ask.member.code, now=ask.now)
                said += 1
            except Refused:
                bad += 1
        if said and not bad:
            return go("/bills", "bills_together")
        trouble = self._desk.trouble(ask, Refused("bill_rows", good=said, bad=bad))
        return self.listing(ask, trouble, 422 if bad or not said else 200, judged=judged)

    def _answer(self, ask: Ask, answer: Answer, done: str) -> Response:
        """Say one answer; of two clerks on the same bill one wins, and the other is told."""
        station, entity = ask.path["station"], ask.path["entity"]
        try:
            with self._writing(ask) as pen:
                check_mark(
                    lambda: self._mark(pen.connection, station, entity), ask.form.get("mark")
                )
                state = _find(pen, station, entity)
                pen.say([Saying(answer(ask, state, entity), entity=entity)])
        except Refused as refused:
            typed = {name: ask.form.get(name) for name in ("number", "reason")}
            return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused), typed)
        return go(f"/bills/{station}/{entity}", done)

    def _writing(self, ask: Ask) -> AbstractContextManager[Pen]:
        return writing(self._desk.county, ask.path["station"], by=ask.member.code, now=ask.now)

    def _terms(self, ask: Ask) -> dict[str, BillerTerms]:
        with self._desk.frame.read() as connection:
            return queue.terms_of(self._desk.county.store, connection, local_day(ask.now))

    # --- Account numbers -------------------------------------------------------------------------

    def account(self, ask: Ask) -> Response:
        """Show the full account number for a minute, to somebody who says why."""
        station, entity = ask.path["station"], ask.path["entity"]
        try:
            with self._writing(ask) as pen:
                state = _find(pen, station, entity)
                pen.say([_shown(ask, entity, _reason(ask, LOOKS))])
        except Refused as refused:
            return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused))
        return self.listing(ask, shown_account=state.account_no or "—")

    def take_file(self, ask: Ask) -> Response:
        """Send the account numbers of what waits for one biller as a workbook, and note each."""
        county, biller = self._desk.county, ask.form.get("biller")
        with self._desk.frame.read() as connection:
            waiting = queue.read_bills(county.store, connection, queue.STATUSES[queue.WAITING])
            terms = queue.terms_of(county.store, connection, local_day(ask.now))
            places = places_by_code(connection)
        lines = [line for line in waiting if biller in ("", line.state.biller)][:FILE_MAX]
        for station, of in groupby(sorted(lines, key=_station), key=_station):
            sayings = [_shown(ask, line.entity, "file") for line in of]
            with writing(county, station, by=ask.member.code, now=ask.now) as pen:
                pen.say(sayings)
        with county.store.write() as connection:
            taken = cell_text(f"bills {biller} {len(lines)}")
            StaffBook(county.store, connection).exported(ask.member.code, ask.now, taken)
        say = self._desk.frame.texts.say
        heads = [say(f"county.bill_file.{name}") for name in file.COLUMNS]
        named = [
            Line(places[line.station].name if line.station in places else line.station,
                 line.entity, line.state, line.at, line.account)
            for line in lines
        ]  # fmt: skip
        content = file.workbook(named, heads, {code: one.name for code, one in terms.items()})
        headers = NOT_KEPT | {"Content-Disposition": 'attachment; filename="bills.xlsx"'}
        return Response(content, media_type=XLSX, headers=headers)


def _station(line: Line) -> str:
    return line.station


def _shown(ask: Ask, entity: str, reason: str) -> Saying:
    return Saying(BillAccountShown(reason=reason, day=local_day(ask.now)), entity=entity)


def _find(pen: Pen, station: str, entity: str) -> Bill:
    state = queue.find_bill(pen.county.store, pen.connection, station, entity)
    if state is None:
        raise Refused("no_bill")
    return state


def _reason(ask: Ask, allowed: tuple[str, ...]) -> str:
    reason = ask.form.get("reason")
    if reason not in allowed:
        raise Refused("bill_reason")
    return reason


def _tab(ask: Ask, state: Bill | None) -> str:
    tab = ask.query.get("tab", "")
    if tab in queue.STATUSES:
        return tab
    if state is None:
        return queue.WAITING
    return next(name for name, of in queue.STATUSES.items() if state.status in of)


def _key(state: Bill | None) -> str:
    """Return the key of a bill's villager as names are looked up by it, "" for a passer-by."""
    return part(state.person) if state is not None and state.person else ""
