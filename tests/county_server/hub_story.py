"""Produce on its way to the hub: a grower's lots at a real till, sent, received, as they stand."""

from typing import Protocol

from stdnum import luhn

from station_app.journal.fact import Saying
from station_app.services.consignment import records
from station_app.services.consignment.facts import LotAccepted, LotDispatched, Share, Weighing
from station_app.services.consignment.lots import Lot
from station_app.services.people.facts import PersonDetails, PersonRegistered
from tests.county_server.finance_story import Office, Till, post
from tests.sync.stand import DAY, STATION, Pc

_BARE = "4113250601261125017"
CODE = _BARE + luhn.calc_check_digit(_BARE)


class AtCounter(Protocol):
    """Somebody at a counter of tests.sync.stand."""

    pc: Pc


def grower(till: AtCounter) -> str:
    details = PersonDetails(name="王示兰")
    said = till.pc.say(Saying(PersonRegistered(code="", day=DAY), details))
    return str(said.facts[0].identity)


def lot(
    till: AtCounter, person: str, unit: str = "gram", quantity: int = 20_000,
    guaranteed_fen: int = 0, code: str = CODE,
) -> str:  # fmt: skip
    share = Share(
        person=person, quantity=quantity, commission_bp=800, floor_fen=0,
        guaranteed_fen=guaranteed_fen, is_net=0, contract="",
    )  # fmt: skip
    body = LotAccepted(
        code=code if unit == "gram" else "", produce="10018", grade="一级", unit=unit,
        quantity=quantity,
        weighing=Weighing(gross_grams=0, tare_grams=0, deducted_grams=0, frame=""), share=share,
        harvest_day="", slip=1, day=DAY,
    )  # fmt: skip
    return str(till.pc.say(Saying(body)).facts[0].identity)


def send(till: Till, *lots: tuple[str, int]) -> str:
    """Send lots off in one act; return the act."""
    said = till.pc.say(
        *(
            Saying(LotDispatched(quantity=quantity, packages=2, day=DAY), entity=one)
            for one, quantity in lots
        )
    )
    till.send()
    return str(said.facts[0].act)


def receive(office: Office, act: str, status: int = 303, **fields: str) -> str:
    url = f"/hub/{STATION}/{act}"
    return post(office["H01"], f"/hub?station={STATION}&act={act}", url, fields, status)


def stands(till: Till, one: str) -> Lot:
    state = records.lot_state(till.pc.reader, one)
    assert state is not None
    return state
