"""All pages of one county, behind one door: which desks there are, and nothing else."""

from collections.abc import Sequence
from functools import partial

from starlette.routing import BaseRoute

from county_server.contacts import heard_from
from county_server.county import County
from county_server.dashboard.pages import Overview
from county_server.desks.audit import Audit
from county_server.desks.bags.in_pages import Returns
from county_server.desks.bags.pages import Bags
from county_server.desks.bags.round_pages import Rounds
from county_server.desks.bills.pages import Bills
from county_server.desks.cases import Cases, count_open
from county_server.desks.desk import Desk
from county_server.desks.devices import Devices
from county_server.desks.finance.couriers import Couriers
from county_server.desks.finance.origin_pages import Origins
from county_server.desks.finance.remittances import Remittances
from county_server.desks.finance.sendings import Sendings
from county_server.desks.finance.statements import Statements
from county_server.desks.hub.packing_pages import Packing
from county_server.desks.hub.pages import Hub
from county_server.desks.hub.price_pages import Prices
from county_server.desks.hub.recall_pages import Recalls
from county_server.desks.hub.return_pages import HubReturns
from county_server.desks.hub.sale_pages import HubSales
from county_server.desks.hub.sealed_pages import Samples
from county_server.desks.master.certificates import Certificates
from county_server.desks.master.pages import Master
from county_server.desks.orders.account import PurchasingAccountPages
from county_server.desks.orders.buying import Buying
from county_server.desks.orders.pages import Orders
from county_server.desks.produce.pages import Produce
from county_server.desks.sticks import Sticks
from county_server.desks.waybills.pages import Waybills
from county_server.exports.pages import Exports
from county_server.messages.pages import Messages
from county_server.staff.one_time_pages import OneTimePages
from county_server.staff.pages import StaffPages
from county_server.trace.pages import Trace
from county_server.web.door import Door
from county_server.web.frame import Endpoint, Frame
from county_server.web.sessions import Sessions
from station_app.values.texts import Texts


def make_frame(county: County, texts: Texts) -> Frame:
    """Return the frame of a county's pages."""
    sessions = Sessions(county.keys.session_key, county.chance)
    return Frame(county.store, sessions, texts, county.clock.now_ms)


def endpoints(county: County, frame: Frame) -> list[Endpoint]:
    """Return every page that needs somebody signed in."""
    overview = Overview(frame, lambda connection: heard_from(county.store, connection))
    desk = Desk(county, frame)
    frame.count_cases_by(partial(count_open, desk))
    return [
        *overview.endpoints(),
        *Remittances(desk).endpoints(),
        *Sendings(desk).endpoints(),
        *Couriers(desk).endpoints(),
        *Statements(desk).endpoints(),
        *Origins(desk).endpoints(),
        *Certificates(desk).endpoints(),
        *Master(desk).endpoints(),
        *PurchasingAccountPages(desk).endpoints(),
        *Buying(desk).endpoints(),
        *Orders(desk).endpoints(),
        *Bills(desk).endpoints(),
        *Messages(desk).endpoints(),
        *Produce(desk).endpoints(),
        *HubSales(desk).endpoints(),
        *HubReturns(desk).endpoints(),
        *Recalls(desk).endpoints(),
        *Packing(desk).endpoints(),
        *Prices(desk).endpoints(),
        *Samples(desk).endpoints(),
        *Hub(desk).endpoints(),
        *Rounds(desk).endpoints(),  # before the list of a bag, which any two words would open
        *Bags(desk).endpoints(),
        *Returns(desk).endpoints(),
        *Waybills(desk).endpoints(),
        *Cases(desk).endpoints(),
        *Devices(desk).endpoints(),
        *Sticks(desk).endpoints(),
        *Audit(desk).endpoints(),
        *Exports(desk).endpoints(),
        *StaffPages(frame).endpoints(),
        *OneTimePages(frame).endpoints(),
    ]


def routes(county: County, texts: Texts) -> Sequence[BaseRoute]:
    """Return the routes of all pages, to be mounted at the root."""
    frame = make_frame(county, texts)
    return [
        *Door(frame).routes(),
        *Trace(frame).routes(),
        *frame.routes(endpoints(county, frame)),
    ]
