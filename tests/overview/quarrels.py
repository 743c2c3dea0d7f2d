"""A quarrel between two PCs, for the tests of cases: one parcel, handed over twice."""

from station_app.journal.fact import Saying, canonical, seal
from station_app.journal.kinds import DeviceRevoked
from station_app.journal.log import FactLog
from station_app.journal.recorder import new_ticket
from station_app.services.cash.facts import PaymentTaken, Tender
from station_app.services.parcels.facts import ParcelHandedOver
from tests.overview.journals import TestJournal
from tests.proofs.kit import DAY, STATION


def handed_over(parcel, **changed):
    said = {
        "courier": "ZTO", "taken_by": "self", "check": "phone_tail", "cod_fen": 0,
        "freight_fen": 0, "slip": 1, "day": DAY,
    }  # fmt: skip
    return Saying(ParcelHandedOver(**{**said, **changed}), entity=parcel)


def county_says(station, *bodies, entity="", private=None):
    """Let the county say something to the station, in a stream that begins with it."""
    part = canonical(private) if private is not None else None
    seq, prev = 0, ""
    for body in bodies:
        fact = seal(
            canonical(body), part, stream=f"county.1/{STATION}", seq=seq + 1, act=f"COUNTY{seq}",
            at=station.clock.at_ms + seq, kind=body.KIND, v=1, entity=entity, by="C01", prev=prev,
        )  # fmt: skip
        station.premises.session.write(lambda recorder, fact=fact: recorder.take([fact]))
        seq, prev = fact.seq, fact.identity


def cut_off(device, reason="stolen", ends=()):
    return DeviceRevoked(station=STATION, device=device, reason=reason, ends=ends, day=DAY)


def paid(fen):
    """What goes with a hand-over that takes money; nothing for none."""
    tender = Tender(way="cash", amount_fen=fen)
    taken = PaymentTaken(
        due_fen=fen, tenders=(tender,), change_fen=0, round_off_fen=0, shift="", day=DAY
    )
    return [Saying(taken)] if fen else []


def quarrel(station, waybill="73000000000099", *, cod_fen=0):
    """Let both PCs of a station hand the same parcel over while they are apart."""
    done = station.shelve(3, waybill)
    parcel = done.told[0].identity
    folder = station.folder.parent / f"other{waybill}"
    folder.mkdir(exist_ok=True)
    other = TestJournal(folder, "D2", seed=int(waybill) % 97)
    log = FactLog(station.connection)
    for head in log.heads():
        other.take(list(log.all_of(head.stream)))
    at = station.clock.at_ms
    ticket = new_ticket(station.premises.chance)

    def here(recorder):
        act = recorder.open_act(ticket, by="", at=at + 60_000)
        act.say(handed_over(parcel, cod_fen=cod_fen), *paid(cod_fen))
        act.close()

    station.premises.session.write(here)
    second = handed_over(parcel, taken_by="on_behalf", slip=7, cod_fen=cod_fen)
    other.say(second, *paid(cod_fen), at=at + 480_000)
    facts = list(FactLog(other.connection).all_of(other.stream))
    station.premises.session.write(lambda recorder: recorder.take(facts))
    other.session.close()
    return parcel
