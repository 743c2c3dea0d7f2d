"""The sheet of support contracts (帮扶购销合同): who is promised which price, how much, till when.

A contract is said to the one station whose person it names: her terms apply there by themselves,
and no other station hears of it. The sheet names her by the county's code, which says no name; she
must have been registered before, since a contract refers to her by what founded her.
"""

import re
from collections.abc import Iterable, Mapping

from county_server.people_sheet import PERSON_CODE, KnownPerson
from county_server.sheets import Row
from county_server.station_sheets import STATION_CODE
from station_app.journal.fact import Body
from station_app.reference.facts import ProducePublished
from station_app.services.consignment.facts import ContractAgreed
from station_app.values.day import is_day

CONTRACTS = "contracts.csv"
COLUMNS = (
    "contract_code", "station_code", "person_code", "plu", "quantity",
    "guaranteed_fen_per_unit", "commission_bp", "payer", "until_day", "is_net",
)  # fmt: skip
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,23}", re.ASCII)
PLU = re.compile(r"[0-9]{5}", re.ASCII)
QUANTITY_MAX = 1_000_000  # kilograms or pieces: a thousand tons are no household's
PRICE_MAX = 9_999_999
WHOLE_BP = 10_000
PAYER_MAX = 40
GRAMS = 1_000
People = Mapping[tuple[str, str], KnownPerson]
Published = Mapping[tuple[str, str], Body]


def read_contracts(
    rows: Iterable[Row], people: People, goods: Published, day: str
) -> list[tuple[str, ContractAgreed]]:
    """Return what rows register, each with its station; what cannot be is noted in the row.

    people: by station and code; goods: what is published, by kind and code.
    """
    return [_read(row, people, goods, day) for row in rows]


def _read(row: Row, people: People, goods: Published, day: str) -> tuple[str, ContractAgreed]:
    code = row.matching("contract_code", CODE, "2026-031")
    station = row.matching("station_code", STATION_CODE, "NX0601")
    person = row.matching("person_code", PERSON_CODE, "V00001")
    known = people.get((station, person))
    if known is None or known.present.is_erased:
        detail = f"no person {person!r} at {station!r}"
        row.note("person_code", "NO_SUCH_PERSON", detail, found=person, station=station)
    plu = row.matching("plu", PLU, "10001")
    produce = goods.get((ProducePublished.KIND, plu))
    unit = produce.unit if isinstance(produce, ProducePublished) else ""
    if not unit:
        row.note("plu", "NO_SUCH_PRODUCE", f"no produce {plu!r}", found=plu)
    until_day = row.cell("until_day")
    if not is_day(until_day):
        detail = f"{until_day!r} is no day"
        row.note("until_day", "WRONG_FORM", detail, found=until_day, example="2027-01-31")
    before = goods.get((ContractAgreed.KIND, code))
    if isinstance(before, ContractAgreed) and known is not None and before.person != known.entity:
        detail = f"{code} is somebody else's"
        row.note("contract_code", "CONTRACT_OF_ANOTHER", detail, found=code)
    quantity = row.number("quantity", 1, QUANTITY_MAX)
    return station, ContractAgreed(
        code=code,
        person=known.entity if known is not None else "",
        produce=plu,
        unit=unit,
        quantity=quantity * GRAMS if unit == "gram" else quantity,
        guaranteed_fen=row.number("guaranteed_fen_per_unit", 1, PRICE_MAX),
        is_net=int(row.one_of("is_net", ("0", "1")) == "1"),
        commission_bp=row.number("commission_bp", 0, WHOLE_BP),
        payer=row.text("payer", most=PAYER_MAX),
        until_day=until_day,
        day=day,
    )


def cells_of(body: ContractAgreed | None, people: People) -> dict[str, str]:
    """Return the row that registers a contract as it stands; empty cells for a new one."""
    if body is None:
        return dict.fromkeys(COLUMNS, "")
    found = (key for key, person in people.items() if person.entity == body.person)
    station, person = next(found, ("", ""))
    quantity = body.quantity // GRAMS if body.unit == "gram" else body.quantity
    cells = (
        body.code, station, person, body.produce, quantity, body.guaranteed_fen,
        body.commission_bp, body.payer, body.until_day, body.is_net,
    )  # fmt: skip
    return dict(zip(COLUMNS, map(str, cells), strict=True))
