"""Folders of master data for tests: three good sheets, and what a test changes in them."""

from collections.abc import Sequence
from pathlib import Path

from county_server.master import COURIERS, PEOPLE, STATIONS, Known, Plan, plan
from station_app.resources_dir import load_texts, resources

DEMO = resources() / "demo"
DAY = "2026-11-25"

STATION_HEAD = (
    "station_code,level,parent_code,township_name,village_name,station_name,shelf_count,status"
)
COUNTY = "NX0000,county,,内乡县,,县中心,0,active"
TOWNSHIP = "NX0600,township,NX0000,赤眉镇,,赤眉镇站,8,active"
VILLAGE = "NX0601,village,NX0600,赤眉镇,柳荫洼村,柳荫洼村站,6,active"
COURIER_HEAD = (
    "courier_code,name,initial,waybill_regex,example_waybill,match_priority,operator_must_confirm"
)
COURIER = r"ZTO,中通快递,Z,^7[3-68]\d{12}$,73000000000017,70,0"
PEOPLE_HEAD = (
    "person_code,name,pinyin,pinyin_initials,phone,station_code,group_name,household_no,"
    "assist_status,consent_privacy,consent_leave_at_station"
)
PERSON = "V00001,曾示兰,zeng shi lan,zsl,15400001006,NX0601,第5组,0601,脱贫户,1,0"

GOOD = {
    STATIONS: [STATION_HEAD, COUNTY, TOWNSHIP, VILLAGE],
    COURIERS: [COURIER_HEAD, COURIER],
    PEOPLE: [PEOPLE_HEAD, PERSON],
}


def folder_with(folder: Path, **changes: Sequence[str] | None) -> Path:
    """Write the good sheets, some of them changed: `stations=[lines]`, or None for none."""
    for name, lines in GOOD.items():
        written = changes.get(name.removesuffix(".csv"), lines)
        if written is not None:
            (folder / name).write_text("\n".join(written) + "\n", "utf-8")
    return folder


def planned(folder: Path, known: Known | None = None) -> Plan:
    made = plan(folder, known or Known(), day=DAY)
    assert isinstance(made, Plan), made.lines(load_texts())
    return made


def replaced(line: str, column: int, cell: str) -> str:
    cells = line.split(",")
    cells[column] = cell
    return ",".join(cells)
