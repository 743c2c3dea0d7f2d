"""A station that has worked for two days, with everything of money that its slices can do now."""

from typing import Any

from station_app.printing.paint import TypeCase
from station_app.printing.press import Press
from station_app.printing.profiles import load_profiles
from station_app.resources_dir import resources
from station_app.services.cash.commands import CloseShift, PutIn, TakePayment
from station_app.services.cash.facts import Count, Tender
from station_app.services.parcels.commands import HandOverParcels
from station_app.services.people.commands import LimitCredit
from station_app.shell.desk import Done
from station_app.values.day import DAY_MS
from tests.overview.stations import MINUTE, TestStation

CASH_FEN = 40_000 + 12_300 + 8_600 + 5_000  # float, twice COD, put in: what the books expect


def must(outcome: Any) -> Done:
    assert isinstance(outcome, Done), outcome
    return outcome


def two_days(station: TestStation, *, short_fen: int = 0) -> str:
    """Work one day and close it, short by so much; begin another. Returns the closed shift."""
    manager = station.sign_in()
    station.open_shift()
    station.hand_over(1, cod_fen=12_300)
    station.clock.at_ms += 7 * MINUTE
    station.hand_over(2, cod_fen=8_600)
    on_account(station, 3, 5_000)
    for number in range(4, 8):
        station.shelve(number)
        station.clock.at_ms += 11 * MINUTE
    must(station.do(PutIn(place="drawer", reason="own", amount_fen=5_000, remark="换零钱")))
    shift = station.desk.now().shift
    close(station, CASH_FEN - short_fen, "找零多给" if short_fen else "")
    station.papers.settle_all()
    station.clock.at_ms += DAY_MS
    station.sign_in(manager)
    station.open_shift()
    station.hand_over(8, cod_fen=2_500)
    station.papers.settle_all()
    return shift


def on_account(station: TestStation, number: int, fen: int) -> Done:
    """Hand a parcel over whose cash on delivery is put on the villager's account."""
    person = station.person(number)
    must(station.do(LimitCredit(person=person, limit_fen=20_000)))
    done = station.shelve(number, f"73{800 + number:012d}", cod_fen=fen)
    parcel = done.told[0].identity
    tender = Tender(way="account", amount_fen=fen, person=person)
    return must(
        station.do(
            HandOverParcels(parcels=(parcel,), paid_fen=fen),
            TakePayment(due_fen=fen, tenders=(tender,)),
        )
    )


def close(station: TestStation, fen: int, remark: str = "") -> Done:
    counts = [Count(10_000, fen // 10_000)]
    rest = fen % 10_000
    for face in (1_000, 100, 10):
        counts.append(Count(face, rest // face))
        rest %= face
    kept = tuple(count for count in counts if count.pieces)
    return must(station.do(CloseShift(counts=kept, remark=remark, recounts=1 if remark else 0)))


def dressed_up(station: TestStation, places: Any = tuple) -> None:
    """Give the window a preview and places for files."""
    press = Press(TypeCase(resources() / "fonts"))
    profiles = load_profiles((resources() / "printers.toml").read_text("utf-8"))

    def preview(document: Any) -> Any:
        role = "label_60x40" if hasattr(document, "boxes") else "receipt_58"
        return press.raster(document, profiles[role])

    station.more["preview"] = preview
    station.more["file_places"] = places
