"""From a new PC without a line to the county and its receipt back, by stick alone."""

import json
from pathlib import Path

import pytest

from county_server.__main__ import main as county_main
from station_app.__main__ import main as station_main
from station_app.line import ENROLLED
from station_app.security.key_store import PlainFileStore
from station_app.stick_enrol import ASKED, NO_CODE, ByStick, enrol_by_stick
from tests.sync.stand import small_sheets


@pytest.fixture
def county(tmp_path: Path) -> Path:
    folder = tmp_path / "county"
    assert county_main(["--data", str(folder), "init"]) == 0
    sheets = small_sheets(tmp_path / "sheets")
    assert county_main(["--data", str(folder), "import-master", str(sheets)]) == 0
    return folder


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def new_code(county: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert county_main(["--data", str(county), "enrol-code", "NX0601"]) == 0
    return capsys.readouterr().out.strip().splitlines()[-1]


def at_county(county: Path, *words: object) -> int:
    return county_main(["--data", str(county), *map(str, words)])


def test_enrolled_and_synced_by_stick_alone(
    county: Path, stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, key_file = tmp_path / "data", tmp_path / "keys"
    keys = PlainFileStore.create(key_file)
    assert enrol_by_stick(data, keys, [stick], "", "").state == NO_CODE
    code = new_code(county, capsys)
    assert enrol_by_stick(data, keys, [stick], "", code).state == ASKED
    (request,) = stick.glob("*.enrol")
    for secret in (code, code[2:-1], code[18:-1]):
        assert secret.encode() not in request.read_bytes()
    assert enrol_by_stick(data, keys, [stick], "", "").state == "no_answer_yet"

    again = ByStick(data, PlainFileStore(key_file))  # days later, after any number of starts
    assert at_county(county, "enrol-stick", request, "--address", "https://xian.example") == 0
    done = enrol_by_stick(data, PlainFileStore(key_file), [stick], "", "")
    assert (done.state, done.station, done.name) == (ENROLLED, "NX0601", "柳荫洼村站")
    assert again.take([stick]).state == ENROLLED  # taken twice is the same

    place = ["--data", str(data), "--key-file", str(key_file), "--json"]
    bundle, answer = stick / "day.bundle", stick / "day.answer"
    capsys.readouterr()
    assert station_main([*place, "bundle", "write", str(bundle)]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written["what"] == "written"
    for _ in range(2):
        assert at_county(county, "bundle", "read", bundle, "--answer", answer, "--json") == 0
        read = json.loads(capsys.readouterr().out)
        assert read["device"] == "NX0601/D1"
    assert station_main([*place, "bundle", "read", str(answer)]) == 0
    assert json.loads(capsys.readouterr().out)["what"] == "taken"
    assert station_main([*place, "verify"]) == 0


def test_what_goes_wrong_is_one_sentence_and_changes_nothing(
    county: Path, stick: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, key_file = tmp_path / "data", tmp_path / "keys"
    keys = PlainFileStore.create(key_file)
    assert enrol_by_stick(data, keys, [], "", "").state == "no_stick"
    enrol_by_stick(data, keys, [stick], "", new_code(county, capsys))
    (request,) = stick.glob("*.enrol")
    (stick / "bad.enrol").write_bytes(request.read_bytes()[:-3])
    assert at_county(county, "enrol-stick", stick / "bad.enrol") == 2
    assert at_county(county, "enrol-stick", request) == 0
    answer = request.with_suffix(".answer")
    whole = answer.read_bytes()
    answer.write_bytes(whole[:-7])
    assert enrol_by_stick(data, keys, [stick], "", "").state == "damaged"
    other = PlainFileStore.create(tmp_path / "others")
    enrol_by_stick(tmp_path / "other", other, [stick], "", new_code(county, capsys))
    assert ByStick(tmp_path / "other", other).take([stick]).state == "other_station"
    assert not (data / "station.db").exists()
    torn = Path("/proc/self/mem")  # a file whose first byte cannot be read, as of a torn-out stick
    if torn.exists():
        assert ByStick(data, keys).take_from(torn).state == "damaged"
    answer.write_bytes(whole)
    assert enrol_by_stick(data, keys, [stick], "", "").state == ENROLLED
    capsys.readouterr()
    for file in (request, stick / "nothing", answer):
        assert at_county(county, "bundle", "read", file) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert all(line.startswith("county_server: ") for line in said)
    place = ["--data", str(data), "--key-file", str(key_file)]
    assert station_main([*place, "bundle", "read", str(answer)]) == 2
    assert station_main([*place, "bundle", "write", str(stick / "no" / "folder")]) == 2
