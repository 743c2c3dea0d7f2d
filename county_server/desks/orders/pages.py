"""The purchasing desk: the buying list, one order and what is answered to it, waybills in a block.

An answer is the county's word on the station's stream. Of two purchasers on the same order one
wins, and the other is told; nobody buys what the county has blocked.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from urllib.parse import urlencode

from sqlalchemy import Connection
from starlette.responses import Response

from county_server.blobs import CountyBlobs
from county_server.dashboard.figures import read_couriers
from county_server.desks.desk import STALE, Desk, go, places_by_code, status_of
from county_server.desks.orders import answers, buying, completions, queue
from county_server.desks.orders.account import standing
from county_server.desks.orders.pasted import Pasted, read_block
from county_server.desks.overtaken import Overtaken, overtaken
from county_server.desks.pen import Pen, Refused, check_mark, mark_of, writing
from county_server.desks.photos import shown
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.journal.fact import Saying
from station_app.ledger.accounts import part
from station_app.services.purchasing.completions import COMPLETION, REASONS
from station_app.services.purchasing.facts import (
    OrderCancellationAsked,
    OrderPlaced,
    OrderShipped,
)
from station_app.services.purchasing.rules import Order
from station_app.values.day import add_days, local_day

SHOWN_MAX = 200
OVER_DAYS = 62  # an order that is over is looked at for two months; then it is in the journal
TYPED = ("price", "platform", "number", "waybill", "courier", "line", "pieces", "remedy", "cost",
         "reason", "refund", "product", "swap")  # fmt: skip
COMPLETION_FIELDS = ("wanted_line", "wanted_why", "wanted")
# Which fact of the station an answer is to, if not the order itself.
ASKED_BY = {
    "cancel": OrderCancellationAsked.KIND,
    "keep": OrderCancellationAsked.KIND,
}
RETURNS = ("agree", "refuse")  # these answer the oldest return that is open
BUYS = ("accept", "quote", "buy", "swap")  # what is not done for goods that nobody may order


class Orders:
    """The pages and acts of the desk."""

    def __init__(self, desk: Desk) -> None:
        """Answer the orders of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the pages and acts."""
        one = "/orders/{station}/{entity}"
        page, look, do = roles.ORDERS, roles.LOOK, roles.DO
        return [
            Endpoint("GET", "/orders", page, look, self.listing),
            Endpoint("POST", "/orders/waybills", page, do, self.waybills),
            Endpoint("POST", "/orders/rows", page, do, self.rows),
            Endpoint("GET", one, page, look, self.listing),
            Endpoint("POST", f"{one}/complete", page, do, self.complete),
            Endpoint("GET", f"{one}/photo/{{hash}}", page, look, self.photo),
            Endpoint("POST", f"{one}/{{answer}}", page, do, self.answer),
        ]

    # --- Looking ---------------------------------------------------------------------------------

    def listing(  # noqa: PLR0913 - what each act gives back to be shown
        self,
        ask: Ask,
        trouble: str = "",
        status: int = 200,
        typed: dict[str, str] | None = None,
        pasted: list[Pasted] | None = None,
        bought: Sequence[buying.Bought] = (),
    ) -> Response:
        """Show the orders of a tab, what is to be bought, and one order in full."""
        store, today = self._desk.county.store, local_day(ask.now)
        station, entity = ask.path.get("station", ""), ask.path.get("entity", "")
        with self._desk.frame.read() as connection:
            lines = queue.read_orders(store, connection, add_days(today, -OVER_DAYS))
            own = queue.own_orders(store, connection, today[:7])
            chosen = next((x for x in lines if (x.station, x.entity) == (station, entity)), None)
            tab = queue.NUMBERS if pasted else _tab(ask, chosen)
            find, platform = ask.query.get("find", "").strip(), ask.query.get("platform")
            platform = ask.form.get("platform") if bought else platform
            codes = {one.product for line in lines for one in line.state.lines if one.product}
            codes |= {line.state.swap.product for line in lines if line.state.swap.offer}
            goods = queue.goods_of(store, connection, codes)
            shown = [line for line in lines if line.tab == tab]
            if find:
                places = places_by_code(connection)
                shown = [x for x in lines if queue.is_found(x, find, goods, places)]
            groups = buying.groups(
                [x for x in lines if x.tab == queue.WAITING],
                goods, buying.cutoffs(store, connection, today), ask.now,
            )  # fmt: skip
            if tab == queue.WAITING and platform is not None and not find:
                shown = [x for x in shown if platform in buying.platforms_of(x, goods)]
            couriers = read_couriers(connection, today)
            mark = self._mark(connection, station, entity)
            account = standing(store, connection)
            photos = completions.photos_of_order(store, connection, station, entity)
            wish = queue.wish_of(store, connection, chosen) if chosen else ""
            is_late = status == STALE and bool(entity)
            quicker = self._quicker(connection, station, entity, typed or {}) if is_late else None
            owner = part(chosen.state.person) if chosen and chosen.state.person else ""
            names = self._desk.names(connection, station, [owner] if owner else [])
        if entity and chosen is None:
            status = 404
        return self._desk.page(
            "orders.html", ask, status, tab=tab, tabs=queue.TABS, lines=shown[:SHOWN_MAX],
            beyond=max(len(shown) - SHOWN_MAX, 0), total=len(shown), today=today,
            counts={name: sum(x.tab == name for x in lines) for name in queue.TABS},
            wanted=[
                row
                for row in (queue.buying_list(shown, goods) if tab == queue.WAITING else [])
                if platform in (None, row.platform)
            ],
            find=find, platform=platform, groups=groups, own=own, marks=buying.marks_of(shown),
            account=account, held_here_fen=sum(x.state.held_county_fen for x in lines),
            pieces_alone=queue.pieces_alone,
            may_be_taken_over=buying.may_be_taken_over, put=_put(ask), key_of=buying.key_of,
            wish=wish, bad={one.key: one for one in bought if one.fault},
            shown_rows=[buying.key_of(row) for row in queue.buying_list(shown, goods)],
            goods=goods, chosen=chosen, quicker=quicker, station=station, entity=entity, mark=mark,
            person=names.get(owner, ""), trouble=trouble, typed=typed or {}, couriers=couriers,
            blocked=queue.why_blocked(chosen.state, goods) if chosen else "",
            ceiling_fen=answers.ceiling_of(chosen.state) if chosen else 0,
            item_name=queue.item_name, pasted=pasted or [], remedies=answers.REMEDIES,
            refusals=answers.REFUSALS, return_refusals=answers.RETURN_REFUSALS,
            bad_rows="\n".join(row.text for row in pasted or [] if row.fault),
            photos=photos, reasons=REASONS, wanted_max=completions.WORDS_MAX,
            open_return=queue.has_open_return(chosen.state) if chosen else False,
            back=chosen.state.open_backs[0] if chosen and chosen.state.open_backs else None,
        )  # fmt: skip

    def _mark(self, connection: Connection, station: str, entity: str) -> str:
        if not entity:
            return ""
        return mark_of(queue.last_word(self._desk.county, connection, station, entity))

    def _quicker(
        self, connection: Connection, station: str, entity: str, typed: dict[str, str]
    ) -> Overtaken | None:
        """Return what was said last about an order, or about what is to be completed of it."""
        key = (station, entity)
        asked = completions.read_completions(self._desk.county.store, connection, key)
        things = [(queue.KIND, entity)]
        things += [(COMPLETION.name, one.identity) for one in asked.get(key, ())[-1:]]
        found = [overtaken(self._desk, connection, station, *one, typed) for one in things]
        said = [one for one in found if one is not None]
        # A station's clock may be ahead of ours; a question never comes before its order.
        return max(said, key=lambda one: (one.kind != OrderPlaced.KIND, one.at), default=None)

    # --- Answers ---------------------------------------------------------------------------------

    def answer(self, ask: Ask) -> Response:
        """Say one answer to one order."""
        station, entity, name = ask.path["station"], ask.path["entity"], ask.path["answer"]
        typed = {field: ask.form.get(field) for field in TYPED}
        try:
            if name not in answers.ANSWERS:
                raise Refused("order_answered")
            with self._writing(ask, station) as pen:
                check_mark(
                    lambda: self._mark(pen.connection, station, entity), ask.form.get("mark")
                )
                state = self._find(pen, station, entity, name)
                store = self._desk.county.store
                asked = ASKED_BY.get(name)
                to = entity
                if name in RETURNS and state.open_backs:
                    to = state.open_backs[0].fact
                elif asked:
                    to = queue.asked_by(store, pen.connection, station, entity, asked)
                self._check_product(pen, name, typed)
                said = answers.ANSWERS[name](state, typed, to, local_day(ask.now))
                pen.say([Saying(body, entity=entity) for body in said])
        except Refused as refused:
            trouble = self._desk.trouble(ask, refused)
            return self.listing(ask, trouble, status_of(refused), typed)
        return go(f"/orders/{station}/{entity}", f"order_{name}")

    def complete(self, ask: Ask) -> Response:
        """Give an order back to its station to be completed."""
        station, entity = ask.path["station"], ask.path["entity"]
        typed = {field: ask.form.get(field) for field in COMPLETION_FIELDS}
        try:
            with self._writing(ask, station) as pen:
                mark = ask.form.get("mark")
                check_mark(lambda: self._mark(pen.connection, station, entity), mark)
                state = self._find(pen, station, entity, "complete")
                store, key = self._desk.county.store, (station, entity)
                asked = completions.read_completions(store, pen.connection, key).get(key, ())
                saying = completions.ask(
                    state, asked, order=entity, line=typed["wanted_line"],
                    reason=typed["wanted_why"], words=typed["wanted"], day=local_day(ask.now),
                )  # fmt: skip
                pen.say([saying])
        except Refused as refused:
            trouble = self._desk.trouble(ask, refused)
            return self.listing(ask, trouble, status_of(refused), typed)
        return go(f"/orders/{station}/{entity}", "order_complete")

    def photo(self, ask: Ask) -> Response:
        """Show a photo that came with an order; only one of its own."""
        store, station = self._desk.county.store, ask.path["station"]
        wanted = ask.path["hash"]
        with self._desk.frame.read() as connection:
            found = completions.photos_of_order(store, connection, station, ask.path["entity"])
            is_its = any(one.hash == wanted for one in found)
            content = CountyBlobs(store, connection, station).get(wanted) if is_its else None
        return shown(content)

    def rows(self, ask: Ask) -> Response:
        """Buy the ticked rows of a platform; those with a fault come back as they were typed."""
        bought = buying.buy_rows(self._desk, ask)
        said, bad = sum(one.said for one in bought), sum(1 for one in bought if one.fault)
        if bought and not bad:
            query = urlencode({"platform": ask.form.get("platform"), "said": said, "kept": 0})
            return go(f"/orders?{query}", "order_rows")
        reason = "order_rows" if bought else "order_no_rows"
        trouble = self._desk.trouble(ask, Refused(reason, good=len(bought) - bad, bad=bad))
        return self.listing(ask, trouble, 422, bought=bought)

    def _find(self, pen: Pen, station: str, entity: str, name: str) -> Order:
        store = self._desk.county.store
        state = queue.find_order(store, pen.connection, station, entity)
        if state is None:
            raise Refused("no_order")
        if name in BUYS:
            codes = [line.product for line in state.lines if line.product]
            why = queue.why_blocked(state, queue.goods_of(store, pen.connection, codes))
            if why:
                raise Refused("order_blocked", why=why)
        return state

    def _check_product(self, pen: Pen, name: str, typed: dict[str, str]) -> None:
        """Refuse to offer goods that the catalogue does not have, or that nobody may order."""
        if name != "swap":
            return
        code = typed["product"]
        goods = queue.goods_of(self._desk.county.store, pen.connection, [code]).get(code)
        if goods is None:
            raise Refused("order_product")
        if goods.why_not:
            raise Refused("order_blocked", why=goods.why_not)

    def _writing(self, ask: Ask, station: str) -> AbstractContextManager[Pen]:
        return writing(self._desk.county, station, by=ask.member.code, now=ask.now)

    def waybills(self, ask: Ask) -> Response:
        """Say the good lines of a block; the bad ones come back with their reasons."""
        store = self._desk.county.store
        with self._desk.frame.read() as connection:
            lines = queue.read_orders(store, connection)
            couriers = read_couriers(connection, local_day(ask.now))
        rows = read_block(ask.form.get("block"), lines, couriers)
        said = 0
        for row in rows:
            if row.fault or row.line is None:
                continue
            line, day = row.line, local_day(ask.now)
            with self._writing(ask, line.station) as pen:
                state = queue.find_order(store, pen.connection, line.station, line.entity)
                if state is None or state.waybill == row.waybill or state.closings:
                    continue
                body = OrderShipped(
                    answers=line.entity, courier=row.courier, waybill=row.waybill, day=day
                )
                pen.say([Saying(body, entity=line.entity)])
                said += 1
        bad = [row for row in rows if row.fault]
        if not bad and said:
            return go("/orders?tab=way", "order_waybills")
        refused = Refused("order_rows", good=said, bad=len(bad))
        trouble = self._desk.trouble(ask, refused)
        return self.listing(ask, trouble, 422 if bad or not said else 200, pasted=rows)


def _put(ask: Ask) -> tuple[int, int]:
    """Return how many of the ticked were said, and how many stayed as they were."""
    said, kept = ask.query.get("said", "0"), ask.query.get("kept", "0")
    return (int(said), int(kept)) if said.isdecimal() and kept.isdecimal() else (0, 0)


def _tab(ask: Ask, chosen: queue.Line | None) -> str:
    tab = ask.query.get("tab", "")
    if tab in queue.TABS:
        return tab
    return chosen.tab if chosen is not None else queue.WAITING
