"""A station with its window, at which money is owed both ways."""

from typing import Any

from station_app.journal.fact import Saying
from station_app.journal.recorder import new_ticket
from station_app.ledger.accounts import part
from station_app.services.cash.commands import TakePayment
from station_app.services.cash.facts import Tender
from station_app.services.parcels.commands import HandOverParcels, PrintSlip, ShelveParcel
from station_app.services.parcels.facts import ParcelLost
from station_app.services.people.commands import LimitCredit
from station_app.shell.desk import Done


def say(station: Any, *sayings: Saying) -> None:
    """Record facts that other pages say, through the one door."""

    def work(recorder: Any) -> None:
        act = recorder.open_act(
            new_ticket(station.premises.chance), by="", at=station.clock.now_ms()
        )
        act.say(*sayings)
        act.close()

    station.premises.session.write(work)


def lost(station: Any, number: int, fen: int) -> str:
    """A parcel of the n-th villager is lost; returns the key of the refund."""
    parcel = station.do(
        ShelveParcel(waybill=f"73{700 + number:012d}", person=station.person(number), courier="ZTO")
    )
    identity = parcel.told[0].identity
    body = ParcelLost(
        courier="ZTO", compensation_fen=fen, payee="receiver", day=station.desk.now().day
    )
    say(station, Saying(body, entity=identity))
    return part(identity)


def on_account(station: Any, number: int, fen: int, limit_fen: int = 50_000) -> str:
    """The n-th villager takes a parcel with cash on delivery on account; returns her identity."""
    person: str = station.person(number)
    station.do(LimitCredit(person=person, limit_fen=limit_fen))
    sold(station, number, fen, Tender(way="account", amount_fen=fen, person=person))
    return person


def sold(station: Any, number: int, fen: int, *tenders: Tender) -> Done:
    """Hand a parcel over and take the money for it so."""
    shelved = station.do(
        ShelveParcel(
            waybill=f"73{800 + number:012d}", person=station.person(number), courier="ZTO",
            cod_fen=fen,
        )
    )  # fmt: skip
    parcel = shelved.told[0].identity
    ticket = new_ticket(station.premises.chance)
    done = station.desk.settle(
        HandOverParcels(parcels=(parcel,), paid_fen=fen),
        TakePayment(due_fen=fen, tenders=tenders),
        PrintSlip(act=ticket),
        ticket=ticket,
    )
    assert isinstance(done, Done), done
    return done
