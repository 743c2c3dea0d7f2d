"""Master data: a folder of CSV sheets becomes what the county says to its stations.

The sheets are judged as a whole. One bad row, and nothing is planned: half a register at the
stations would be worse than yesterday's. A plan holds only what changed since the county spoke
last, so the same folder may be brought in every evening, and a run that broke off is run again.

What a station has corrected since is kept. A row of people counts only where it differs from what
the *county* said last; all else of a person stays as it stands now, at the counter as in the
county. Whoever was erased is never brought back by an old sheet.

Poverty-relief status stands in the sheets of a county. It is not read here at all: a register that
goes down to the counters has no place for it. Support contracts are a sheet of their own, and each
goes to one station (`contract_sheet`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import msgspec

from county_server import contract_sheet, goods_sheets, people_sheet, setting_sheet, station_sheets
from county_server.people_sheet import KnownPerson
from county_server.sheets import WHOLE_SHEET, Problem, Row, Sheet, read_sheet
from station_app.journal.fact import Body, Private, Saying, Told, is_from_county, station_of
from station_app.reference.facts import (
    CourierPublished,
    GoodsPublished,
    OrderTermsPublished,
    PlatformPublished,
    ProducePublished,
    ProduceRulePublished,
    ProduceTermsPublished,
    SettingPublished,
    StationDescribed,
)
from station_app.reference.rules import Station, fold_station
from station_app.services.consignment.facts import ContractAgreed
from station_app.services.people.facts import ConsentRecorded, PersonAmended, PersonRegistered
from station_app.services.people.rules import Person, fold_person
from station_app.values.texts import Texts

STATIONS, COURIERS, PEOPLE = "stations.csv", "couriers.csv", "people.csv"
SHEETS = {
    STATIONS: station_sheets.STATION_COLUMNS,
    COURIERS: station_sheets.COURIER_COLUMNS,
    PEOPLE: people_sheet.COLUMNS,
    contract_sheet.CONTRACTS: contract_sheet.COLUMNS,
    **goods_sheets.COLUMNS,
}


@dataclass(frozen=True, slots=True)
class Known:
    """What the county has said last, by code; people by the station that it told and their code.

    goods: bodies by kind and key, couriers among them.
    """

    stations: Mapping[str, Station] = field(default_factory=dict)
    people: Mapping[tuple[str, str], KnownPerson] = field(default_factory=dict)
    goods: Mapping[tuple[str, str], Body] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One fact to say. `stream` is "county.1/all" or "county.1/NX0601".

    entity: identity of what it happens to, "" if this fact founds it. entity_of: the code of a
    person whom an earlier step of the same stream founds: her identity is not there before that.
    """

    stream: str
    body: Body
    private: Private | None = None
    entity: str = ""
    entity_of: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What to say, in this order. rows: how many rows each sheet had."""

    steps: tuple[Step, ...]
    rows: Mapping[str, int]

    def counts(self) -> dict[str, int]:
        """Return how many facts of each kind the plan has."""
        kinds = sorted(step.body.KIND for step in self.steps)
        return {kind: len(list(steps)) for kind, steps in groupby(kinds)}


@dataclass(frozen=True, slots=True)
class Problems:
    """Why nothing is planned: every bad place, by file and line."""

    found: tuple[Problem, ...]

    def lines(self, texts: Texts) -> list[str]:
        """Return one sentence per bad place."""
        return [problem.say(texts) for problem in self.found]


def plan(folder: Path, known: Known, *, day: str, epoch: int = 1) -> Plan | Problems:
    """Judge a folder and return what the county has to say on that day, or what is wrong.

    A folder may hold some of the sheets only: of what is not there, nothing new is said. Sheets of
    rooms that do not exist yet are judged for being readable, and left alone.
    """
    sheets = _read(folder)
    if isinstance(sheets, Problems):
        return sheets
    stations = _by_code(sheets, STATIONS, "station_code")
    couriers = _by_code(sheets, COURIERS, "courier_code")
    people = _by_code(sheets, PEOPLE, "person_code")
    described = {c: station_sheets.read_station(r, day) for c, r in stations.items()}
    published = {c: station_sheets.read_courier(r, day) for c, r in couriers.items()}
    registered = {c: people_sheet.read_person(r) for c, r in people.items()}
    published_in = {s: _by_code(sheets, s, *codes) for s, codes in goods_sheets.CODES.items()}
    goods = [
        _with_picture(read(row, day), known)
        for sheet, read in goods_sheets.READERS
        for row in published_in[sheet].values()
    ]
    published_now = {goods_sheets.code_of(body): body for body in goods}
    contracts = contract_sheet.read_contracts(
        _by_code(sheets, contract_sheet.CONTRACTS, "contract_code").values(),
        known.people, {**known.goods, **published_now}, day,
    )  # fmt: skip
    if not _problems(sheets):
        every: dict[str, StationDescribed | Station] = {**known.stations, **described}
        station_sheets.judge_parents(stations, described, every)
        people_sheet.judge_stations(people, every)
        setting_sheet.judge_places(published_in[setting_sheet.SETTINGS_SHEET], every)
    found = _problems(sheets)
    if found:
        return Problems(found)
    everywhere = f"county.{epoch}/all"
    steps = [
        *(Step(everywhere, body) for body in described.values() if _is_news(body, known)),
        *(
            Step(everywhere, body)
            for body in published.values()
            if _is_new_publication(body, known)
        ),
        *(Step(everywhere, body) for body in goods if _is_new_publication(body, known)),
    ]
    for station, rows in groupby(
        sorted(registered.values(), key=lambda row: row.station), key=lambda row: row.station
    ):
        steps += _people_steps(f"county.{epoch}/{station}", list(rows), known, day)
    steps += [
        Step(f"county.{epoch}/{station}", body)
        for station, body in contracts
        if _is_new_publication(body, known)
    ]
    return Plan(tuple(steps), {sheet.file: len(sheet.rows) for sheet in sheets})


def carry_out(plan: Plan, say: Callable[[str, Sequence[Saying]], Sequence[str]]) -> int:
    """Say a plan, and return how many facts it came to.

    say: records sayings in a stream and returns their identities, in order. It is called with one
    run of steps at a time; a run that was said stays said, and the next plan will not have it.
    """
    founded: dict[tuple[str, str], str] = {}
    runs = groupby(plan.steps, key=lambda step: (step.stream, step.entity_of is not None))
    for (stream, _), run in runs:
        steps = list(run)
        sayings = [
            Saying(step.body, step.private, founded[stream, step.entity_of])
            if step.entity_of is not None
            else Saying(step.body, step.private, step.entity)
            for step in steps
        ]
        identities = say(stream, sayings)
        for step, identity in zip(steps, identities, strict=True):
            if isinstance(step.body, PersonRegistered):
                founded[stream, step.body.code] = identity
    return len(plan.steps)


def known_from(
    facts: Iterable[Told], present: Callable[[str], Person | None] = lambda _entity: None
) -> Known:
    """Fold what the county has said, and nobody else.

    facts: live facts in the order of the fold; those of stations are passed over. present: a
    person's state with everything that stations said too, by any identity that founded her.
    """
    stations: dict[str, Station] = {}
    people: dict[str, tuple[str, Person]] = {}
    goods: dict[tuple[str, str], Body] = {}
    for told in facts:
        if not is_from_county(told.stream):
            continue
        body = told.body
        if isinstance(body, StationDescribed):
            stations[body.code] = fold_station(stations.get(body.code), told)
        elif isinstance(body, (*goods_sheets.GOODS, CourierPublished, ContractAgreed)):
            goods[goods_sheets.code_of(body)] = body
        elif isinstance(body, PersonRegistered | PersonAmended | ConsentRecorded):
            before = people.get(told.subject)
            person = fold_person(before[1] if before else None, told)
            people[told.subject] = (station_of(told.stream), person)
    return Known(
        stations,
        {
            (station, said.code): KnownPerson(entity, said, present(entity) or said)
            for entity, (station, said) in people.items()
            if said.code
        },
        goods,
    )


# --- The folder ----------------------------------------------------------------------------------


def _read(folder: Path) -> list[Sheet] | Problems:
    """Read every sheet of the folder, or say why there is nothing to judge."""
    try:
        files = sorted(f for f in folder.iterdir() if f.suffix.lower() == ".csv" and f.is_file())
    except OSError as problem:
        slots = {"folder": folder.name}
        return Problems((Problem(folder.name, WHOLE_SHEET, "", "NO_FOLDER", slots, str(problem)),))
    if not any(file.name in SHEETS for file in files):
        names = "、".join(SHEETS)
        detail = f"none of {', '.join(SHEETS)} is there"
        no_sheets = Problem(folder.name, WHOLE_SHEET, "", "NO_SHEETS", {"names": names}, detail)
        return Problems((no_sheets,))
    return [
        read_sheet(file, SHEETS.get(file.name, ()), refuses_formulas=file.name in SHEETS)
        for file in files
    ]


def _by_code(sheets: Iterable[Sheet], name: str, *columns: str) -> dict[str, Row]:
    """Return the rows of a sheet by their code; a code that comes twice is a problem.

    columns: whose cells make the code, one or several.
    """
    found: dict[str, Row] = {}
    for row in next((sheet.rows for sheet in sheets if sheet.file == name), []):
        code = " ".join(cell for column in columns if (cell := row.cell(column)))
        first = found.get(code)
        if code and first is not None:
            detail = f"{code} stands in line {first.line} already"
            row.note(columns[0], "CODE_TWICE", detail, code=code, first=first.line)
        else:
            found[code] = row
    return found


def _problems(sheets: Iterable[Sheet]) -> tuple[Problem, ...]:
    """Return what is wrong, sorted, and one finding per place: the first is the plainest."""
    found: dict[tuple[str, int, str], Problem] = {}
    for sheet in sheets:
        for problem in sheet.problems:
            slot = problem.column or problem.reason + problem.detail
            found.setdefault((problem.file, problem.line, slot), problem)
    return tuple(sorted(found.values(), key=lambda p: (p.file, p.line, p.column)))


# --- What is new ---------------------------------------------------------------------------------


def _is_news(body: StationDescribed, known: Known) -> bool:
    """Tell whether a description differs from the last one in more than its day."""
    said = known.stations.get(body.code)
    if said is None:
        return True
    before = msgspec.structs.asdict(said)
    now = msgspec.structs.asdict(body)
    return any(before[name] != now[name] for name in before.keys() & now.keys())


def _with_picture(body: Body, known: Known) -> Body:
    """Return goods with the picture that they have: a sheet says nothing of it."""
    said = known.goods.get(goods_sheets.code_of(body))
    picture = getattr(said, "picture", "")
    return msgspec.structs.replace(body, picture=picture) if picture else body


def _is_new_publication(body: Body, known: Known) -> bool:
    """Tell whether goods are published otherwise than last time, the day left out.

    A day from which a price holds is news only where it is still to come, or was.
    """
    said = known.goods.get(goods_sheets.code_of(body))
    if said is None:
        return True
    before = {"from_day": "", "picture": "", **msgspec.structs.asdict(said), "day": ""}
    now = {"from_day": "", "picture": "", **msgspec.structs.asdict(body), "day": ""}
    if isinstance(body, PLANNED):
        before["from_day"] = _still_to_come(str(before["from_day"]), body.day)
        now["from_day"] = _still_to_come(getattr(body, "from_day", ""), body.day)
    return before != now


PLANNED = (  # may begin later, need not
    CourierPublished,
    GoodsPublished,
    OrderTermsPublished,
    PlatformPublished,
    ProducePublished,
    ProduceRulePublished,
    ProduceTermsPublished,
    SettingPublished,
)


def _still_to_come(from_day: str, day: str) -> str:
    return from_day if from_day > day else ""


def _people_steps(
    stream: str, rows: Sequence[people_sheet.PersonRow], known: Known, day: str
) -> Iterator[Step]:
    """Yield the steps of one station: first who is new or changed, then what they answered."""
    station = station_of(stream)
    answers: list[Step] = []
    for row in rows:
        person = known.people.get((station, row.code))
        if person is None:
            yield Step(stream, PersonRegistered(code=row.code, day=day), row.details)
        elif person.present.is_erased:
            continue
        else:
            amended = people_sheet.amended(person, row)
            if amended is not None:
                yield Step(stream, PersonAmended(day=day), amended, entity=person.entity)
        for matter, answer in people_sheet.new_answers(person, row):
            consent = ConsentRecorded(matter=matter, answer=answer, way="county", day=day)
            if person is None:
                answers.append(Step(stream, consent, entity_of=row.code))
            else:
                answers.append(Step(stream, consent, entity=person.entity))
    yield from sorted(answers, key=lambda step: step.entity_of is None)
