"""What turns up once more, or is known only by its label: nothing stands twice, nobody stays."""

from station_app.journal.fact import canonical, seal
from station_app.services.parcels import index, records
from station_app.services.parcels.commands import LoseParcel, ReassignParcel, ShelveParcel
from station_app.services.parcels.entering import Entering
from station_app.services.parcels.facts import ParcelAnnounced, ParcelShelved, Receiver
from station_app.services.parcels.places import Layer
from station_app.services.people import records as people_records
from station_app.services.people.commands import ErasePerson
from tests.services.parcels.shop import FIRST_MS, STATION, shops
from tests.services.parcels.test_visits import everything_held

ZTO = "73000000000001"


def test_a_lost_parcel_that_is_scanned_in_stands_on_the_shelf_and_may_be_fetched() -> None:
    """It got a label and stayed lost: she could not have it, and the books had two pieces."""
    with shops(1) as (shop,):
        parcel = shop.shelve(ZTO, name="王大牛", tail="6021", cod_fen=28_600)
        shop.do(LoseParcel(parcel=parcel))
        again = ShelveParcel(courier="", waybill=ZTO, name="王大牛", shelf="B", layer=2)
        assert shop.do(again).told[0].subject == parcel
        state = records.parcel_state(shop.connection, parcel)
        assert state is not None
        assert (state.status, state.place) == ("on_hand", Layer("B", 2))
        assert shop.jobs()[-1][0] == "label"
        assert shop.balance("Equity:Pieces:Shelf", "PCS") == 1
        assert shop.balance("Equity:Pieces:Lost", "PCS") == 0
        assert state.cod_fen == 28_600
        shop.hand_over(parcel, due_fen=28_600)
        assert shop.balance("Liabilities:Held:COD:ZTO:Here") == -28_600
        assert not shop.connection.execute("SELECT * FROM cases").fetchall()


def test_an_erased_name_is_gone_from_what_the_county_had_announced() -> None:
    """The county knew only the label; who she is was found at the counter."""
    with shops(1) as (shop,):
        words = Receiver(name="王秀兰", tail="6021", phone="13800006021")
        announced = ParcelAnnounced(
            courier="ZTO", waybill=ZTO, station=STATION, person="", cod_fen=0, freight_fen=0,
            day="2025-11-24",
        )  # fmt: skip
        shop.county((announced, words))
        person = shop.villager("王秀兰", "13800006021")
        parcel = shop.shelve(ZTO, name="王秀兰", tail="6021")
        shop.do(ReassignParcel(parcel=parcel, person=person))
        names = people_records.names_of(shop.connection, person)
        facts = records.facts_about(shop.connection, names)
        shop.do(ErasePerson(person=person, facts=facts))
        held = everything_held(shop)
        for trace in ("王秀兰", "6021"):
            assert trace not in held, trace


def test_a_parcel_that_another_program_wrote_wrongly_does_not_stop_the_indexes() -> None:
    """After an upgrade everything is made anew at the start: it did not open any more."""
    with shops(1) as (shop,):
        shop.shelve(ZTO, name="王大牛", tail="6021")
        kept = shop.dump("codes_used", "courier_choices")
        torn = {"courier": "ZTO", "waybill": "73000000000002", "shelf": "D", "layer": 3}
        fact = seal(
            canonical(torn), None, stream="NX0601/D7/00000000000000a1", seq=1,
            act="TORNAAAAAAAAAAAA", at=FIRST_MS, kind=ParcelShelved.KIND, v=1, entity="", by="",
            prev="",
        )  # fmt: skip
        shop.takes([fact])
        assert shop.connection.execute("SELECT identity FROM quarantine").fetchall()
        assert shop.dump("codes_used", "courier_choices") == kept
        index.rebuild(shop.connection)
        assert shop.dump("codes_used", "courier_choices") == kept


def test_who_is_called_has_the_number_of_the_label_in_hand_and_not_of_the_one_announced() -> None:
    with shops(1) as (shop,):
        words = Receiver(name="王秀兰", tail="6021", phone="13800006021")
        announced = ParcelAnnounced(
            courier="ZTO", waybill=ZTO, station=STATION, person="", cod_fen=0, freight_fen=0,
            day="2025-11-24",
        )  # fmt: skip
        shop.county((announced, words))
        entering = Entering(shop.gatherer)
        entry, _ = entering.begin(shop.connection, ZTO, shop.now)
        assert entry.command().phone == "13800006021"
        half = entering.with_tail(shop.connection, entry, "60")
        assert entering.with_tail(shop.connection, half, "6021").command().phone == "13800006021"
        other = entering.with_tail(shop.connection, half, "7788")
        assert (other.command().tail, other.command().phone) == ("7788", "")
