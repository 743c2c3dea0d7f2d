"""Money that stations hand in: what is expected, what came, slip by slip, with its photo.

The station wrote the slip; the county says what it counted. Where the two differ both stand side
by side and a case opens by itself; nothing is put right silently.
"""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select
from starlette.responses import Response

from county_server.blobs import CountyBlobs
from county_server.desks.desk import Desk, go, status_of
from county_server.desks.pen import Refused, check_mark, last_of, mark_of, writing
from county_server.desks.photos import add, added_by_clerks, drawn, photos_of, shown
from county_server.staff import roles
from county_server.web.frame import Ask, Endpoint
from station_app.journal.fact import Saying
from station_app.journal.series import printed_number
from station_app.services.clearing.facts import (
    ClearingRemark,
    ConfirmationProof,
    RemittanceCancelled,
    RemittanceConfirmed,
    RemittanceSent,
)
from station_app.services.clearing.states import (
    ASKED_BACK,
    CANCELLED,
    CONFIRMED,
    DIFFERS,
    ON_THE_WAY,
    TAKEN_BACK,
    Remittance,
)
from station_app.values.day import local_day
from station_app.values.money import FULL_WIDTH, parse_yuan, yuan_plain

EXPECTED = "expected"
TABS = {
    EXPECTED: (ON_THE_WAY, ASKED_BACK),
    DIFFERS: (DIFFERS,),
    CONFIRMED: (CONFIRMED,),
    "back": (CANCELLED, TAKEN_BACK),
}
SHOWN_MAX = 200
REMARK_CHARACTERS_MAX = 200
PHOTOS_MAX = 12  # of one slip
KIND = "remittance"


@dataclass(frozen=True, slots=True)
class Slip:
    """A remittance as the list shows it. number: as it stands on its paper, "12-K7"."""

    station: str
    entity: str
    state: Remittance
    number: str

    def is_called(self, typed: str) -> bool:
        """Tell whether somebody who holds the paper means this one: "12-K7", or 12 for short."""
        whole, short = self.number.upper(), str(self.state.number)
        return typed.upper().removeprefix("NO.").lstrip("0") in (whole, short)


class Remittances:
    """The first tab of the finance desk."""

    def __init__(self, desk: Desk) -> None:
        """Show and confirm the remittances of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the pages and acts."""
        one = "/finance/remittances/{station}/{entity}"
        page, look, do = roles.REMITTANCES, roles.LOOK, roles.DO
        return [
            Endpoint("GET", "/finance", page, look, self.listing),
            Endpoint("GET", one, page, look, self.listing),
            Endpoint("POST", f"{one}/confirm", page, do, self.confirm),
            Endpoint("POST", f"{one}/cancel", page, do, self.cancel),
            Endpoint("POST", f"{one}/photo", roles.PHOTOS, do, self.add_photo),
            Endpoint("GET", f"{one}/photo/{{hash}}", roles.PHOTOS, look, self.photo),
        ]

    def listing(
        self, ask: Ask, trouble: str = "", status: int = 200, typed: dict[str, str] | None = None
    ) -> Response:
        """Show the slips, and one of them in full."""
        store = self._desk.county.store
        station, entity = ask.path.get("station", ""), ask.path.get("entity", "")
        with self._desk.frame.read() as connection:
            slips = read_slips(self._desk, connection)
            chosen = next((s for s in slips if (s.station, s.entity) == (station, entity)), None)
            photos = photos_of(store, connection, station, entity) if chosen else []
            mark = self._mark(connection, station, entity)
            owners = [portion.owner for portion in chosen.state.portions] if chosen else []
            names = self._desk.names(connection, station, owners)
        tab = ask.query.get("tab", "")
        if tab not in TABS:
            tab = _tab_of(chosen.state.status) if chosen else EXPECTED
        number = ask.query.get("number", "").strip()[:20]
        shown = shown_slips(slips, tab, number)
        if entity and chosen is None:
            status = 404
        return self._desk.page(
            "remittances.html",
            ask,
            status,
            tab=tab,
            tabs={name: sum(s.state.status in of for s in slips) for name, of in TABS.items()},
            slips=shown[:SHOWN_MAX],
            beyond=max(len(shown) - SHOWN_MAX, 0),
            chosen=chosen,
            photos=photos,
            names=names,
            mark=mark,
            number=number,
            trouble=trouble,
            typed=typed or ({"received": yuan_plain(chosen.state.amount_fen)} if chosen else {}),
            sum_fen=sum(slip.state.amount_fen for slip in shown),
        )

    def _mark(self, connection: Connection, station: str, entity: str) -> str:
        return mark_of(last_of(self._desk.county, connection, station, KIND, entity))

    # --- Acts ------------------------------------------------------------------------------------

    def confirm(self, ask: Ask) -> Response:
        """Say what was counted."""
        county, form = self._desk.county, ask.form
        station, entity = ask.path["station"], ask.path["entity"]
        try:
            received = parse_yuan(form.get("received"))
            remark = form.get("remark")
            if received is None:
                raise Refused("amount")
            if len(remark) > REMARK_CHARACTERS_MAX:
                raise Refused("remark_long", most=REMARK_CHARACTERS_MAX)
            with writing(county, station, by=ask.member.code, now=ask.now) as pen:
                check_mark(lambda: self._mark(pen.connection, station, entity), form.get("mark"))
                slip = _find(self._desk, pen.connection, station, entity)
                if slip.status not in (ON_THE_WAY, ASKED_BACK):
                    raise Refused("not_expected")
                if received != slip.amount_fen and not remark:
                    raise Refused("difference_reason")
                photos = added_by_clerks(county.store, pen.connection, station, entity)
                body = RemittanceConfirmed(received_fen=received, day=local_day(ask.now))
                proof = ConfirmationProof(remark=remark, photos=tuple(photos[:PHOTOS_MAX]))
                pen.say([Saying(body, proof, entity=entity)])
        except Refused as refused:
            typed = {name: form.get(name) for name in ("received", "remark")}
            trouble = self._desk.trouble(ask, refused)
            return self.listing(ask, trouble, status_of(refused), typed)
        return go(f"/finance/remittances/{station}/{entity}", "confirmed")

    def cancel(self, ask: Ask) -> Response:
        """Agree that the money did not come and is waited for no longer."""
        county, station, entity = self._desk.county, ask.path["station"], ask.path["entity"]
        try:
            with writing(county, station, by=ask.member.code, now=ask.now) as pen:
                seen = ask.form.get("mark")
                check_mark(lambda: self._mark(pen.connection, station, entity), seen)
                if _find(self._desk, pen.connection, station, entity).status != ASKED_BACK:
                    raise Refused("not_asked_back")
                body = RemittanceCancelled(day=local_day(ask.now))
                remark = ClearingRemark(remark=ask.form.get("remark")[:REMARK_CHARACTERS_MAX])
                pen.say([Saying(body, remark, entity=entity)])
        except Refused as refused:
            trouble = self._desk.trouble(ask, refused)
            typed = {name: ask.form.get(name) for name in ("received", "remark")}
            return self.listing(ask, trouble, status_of(refused), typed)
        return go(f"/finance/remittances/{station}/{entity}", "cancelled")

    def add_photo(self, ask: Ask) -> Response:
        """Keep a photo of the slip."""
        store, station, entity = self._desk.county.store, ask.path["station"], ask.path["entity"]
        try:
            picture = drawn(ask.form.file or b"")
            with store.write() as connection:
                _find(self._desk, connection, station, entity)
                if len(photos_of(store, connection, station, entity)) >= PHOTOS_MAX:
                    raise Refused("photos_many", most=PHOTOS_MAX)
                add(store, connection, station, entity, picture, by=ask.member.code, at=ask.now)
        except Refused as refused:
            return self.listing(ask, self._desk.trouble(ask, refused), status_of(refused))
        return go(f"/finance/remittances/{station}/{entity}", "photo")

    def photo(self, ask: Ask) -> Response:
        """Show a photo; only one that belongs to this slip."""
        store, wanted = self._desk.county.store, ask.path["hash"]
        station = ask.path["station"]
        with self._desk.frame.read() as connection:
            found = photos_of(store, connection, station, ask.path["entity"])
            is_its = any(one.hash == wanted for one in found)
            content = CountyBlobs(store, connection, station).get(wanted) if is_its else None
        return shown(content)


def _tab_of(status: str) -> str:
    return next((tab for tab, statuses in TABS.items() if status in statuses), EXPECTED)


def read_slips(desk: Desk, connection: Connection) -> list[Slip]:
    """Return every remittance of every station, the latest first."""
    states = desk.county.store.tables.states
    rows = connection.execute(
        select(states.c.station, states.c.entity, states.c.data).where(states.c.kind == KIND)
    )
    facts = desk.county.store.tables.facts.c
    sent = select(facts.identity, facts.stream).where(facts.kind == RemittanceSent.KIND)
    streams = {row[0]: row[1] for row in connection.execute(sent)}
    decoded = [(row[0], row[1], _decode(row[2])) for row in rows]
    slips = [
        Slip(station, entity, state, printed_number(state.number, streams[state.sent]))
        for station, entity, state in decoded
        if state.sent in streams
    ]
    return sorted(slips, key=lambda s: (s.state.day, s.station, s.state.number), reverse=True)


def shown_slips(slips: list[Slip], tab: str, number: str = "") -> list[Slip]:
    """Return the slips of a tab; of all that are called so, where a number was typed."""
    if number:
        return [slip for slip in slips if slip.is_called(number.translate(FULL_WIDTH))]
    return [slip for slip in slips if slip.state.status in TABS.get(tab, ())]


def _find(desk: Desk, connection: Connection, station: str, entity: str) -> Remittance:
    states = desk.county.store.tables.states
    row = connection.execute(
        select(states.c.data).where(
            states.c.station == station, states.c.kind == KIND, states.c.entity == entity
        )
    ).one_or_none()
    if row is None:
        raise Refused("no_slip")
    return _decode(row[0])


def _decode(data: object) -> Remittance:
    return msgspec.json.decode(bytes(data), type=Remittance)  # type: ignore[call-overload]
