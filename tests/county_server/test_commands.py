"""The commands as an administrator types them: sentences, JSON, exit statuses."""

import subprocess
import sys
from pathlib import Path

import pytest

from county_server.__main__ import main
from station_app.values.codes import OwnCode, recognise
from tests.county_server.serving import command, new_data, said
from tests.postgres import ON_BOTH_STORES, Cluster
from tests.sync.stand import DEMO, small_sheets

COMMANDS = (
    "init",
    "import-master",
    "enrol-code",
    "device",
    "pass-home",
    "county-key",
    "put-back",
    "recover-key",
    "serve",
    "staff",
    "waybills",
    "verify",
    "rebuild",
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_data(tmp_path_factory.mktemp("commands"))


def run(capsys: pytest.CaptureFixture[str], data: Path, *words: object) -> tuple[int, str, str]:
    status = main(["--data", str(data), *map(str, words)])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_new_county_says_its_first_password_once(tmp_path: Path) -> None:
    made = said(tmp_path / "new", "init")
    assert len(made["password"]) == 14
    assert made["account"] == "A01"
    assert made["county"].isalnum()
    kept = b"".join(f.read_bytes() for f in (tmp_path / "new").rglob("*") if f.is_file())
    assert made["password"].encode() not in kept
    for secret in (tmp_path / "new" / "keys").iterdir():
        assert secret.stat().st_mode & 0o077 == 0


def test_it_is_a_program(tmp_path: Path) -> None:
    """As it is typed: a process of its own, one sentence, exit status 2."""
    line = [sys.executable, "-m", "county_server", "--data", str(tmp_path), "verify"]
    done = subprocess.run(line, check=False, capture_output=True, encoding="utf-8", timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_a_county_is_made_once(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, data, "init")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "already" in err


def test_a_database_that_cannot_be_reached_leaves_no_county_half_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Keys were there afterwards, and the first password was never said."""
    nowhere = f"postgresql+psycopg://county@/county?host={tmp_path}"
    status, out, err = run(capsys, tmp_path / "new", "--database", nowhere, "init")
    assert (status, out) == (2, "")
    assert "OperationalError" in err
    assert not (tmp_path / "new").exists()
    assert "password" in said(tmp_path / "new", "init")


def test_a_database_named_in_the_folder_of_a_new_county_comes_with_the_folder(
    tmp_path: Path,
) -> None:
    data = tmp_path / "new"
    named = f"sqlite:///{data / 'county.db'}"
    assert "password" in said(data, "--database", named, "init")


@pytest.mark.parametrize("words", [["verify"], ["enrol-code", "NX0601"], ["rebuild"]])
def test_where_there_is_no_county_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    status, _, err = run(capsys, tmp_path / "nothing", *words)
    assert status == 2
    assert "run init first" in err
    assert err.count("\n") == 1


def test_a_file_that_is_not_there_is_named_in_a_sentence(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = tmp_path / "village-station.request"
    status, _, err = run(capsys, data, "recover-key", str(request), "--out", str(tmp_path / "out"))
    assert status == 2
    assert err == f"county_server: {request}: No such file or directory\n"


def test_the_demo_comes_in_once(tmp_path: Path) -> None:
    command(tmp_path / "demo", "init")
    first = said(tmp_path / "demo", "import-master", DEMO)
    assert first["kinds"]["station.described"] == 306
    assert first["kinds"]["person.registered"] == 200
    second = said(tmp_path / "demo", "import-master", DEMO)
    assert second["said"] == 0
    assert said(tmp_path / "demo", "verify")["findings"] == []


def test_one_changed_row_is_one_fact(data: Path, tmp_path: Path) -> None:
    sheets = small_sheets(tmp_path)
    text = (sheets / "stations.csv").read_text("utf-8").replace("石板村站,6", "石板村站,7")
    (sheets / "stations.csv").write_text(text, "utf-8")
    assert said(data, "import-master", sheets)["kinds"] == {"station.described": 1}
    assert said(data, "import-master", sheets)["said"] == 0


def test_bad_rows_are_named_and_nothing_is_said(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheets = small_sheets(tmp_path)
    with (sheets / "couriers.csv").open("a", encoding="utf-8") as file:
        file.write("NEW,新快递,N,([,x,80,0\n")
    before = said(data, "verify")["facts"]
    status, _, err = run(capsys, data, "import-master", sheets)
    assert status == 2
    assert "couriers.csv" in err
    assert said(data, "verify")["facts"] == before


def test_a_code_stands_on_the_last_line(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, data, "enrol-code", "NX0601")
    assert status == 0
    assert isinstance(recognise(out.split()[-1], []), OwnCode)
    made = said(data, "enrol-code", "NX0601")
    assert isinstance(recognise(made["code"], []), OwnCode)
    assert made["station"] == "NX0601"


def test_no_code_for_a_station_that_is_none(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, data, "enrol-code", "NX9999")
    assert (status, out) == (2, "")
    assert "NX9999" in err


def test_keys_and_database_belong_together(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command(tmp_path / "other", "init")
    url = f"sqlite:///{data / 'county.db'}"
    status, _, err = run(capsys, tmp_path / "other", "--database", url, "verify")
    assert status == 2
    assert "not this county's" in err


def test_what_does_not_hold_is_exit_status_1(tmp_path: Path) -> None:
    import sqlite3

    data = new_data(tmp_path)
    connection = sqlite3.connect(data / "county.db")
    connection.execute("UPDATE couriers SET name = 'x'")
    connection.commit()
    connection.close()
    found = said(data, "verify", status=1)["findings"]
    assert found[0]["check"] == "fold:couriers"
    assert "fold:couriers" in command(data, "verify", status=1).stdout
    command(data, "rebuild")
    assert said(data, "verify")["findings"] == []


@pytest.mark.parametrize("words", [(), *((name,) for name in COMMANDS)])
def test_every_command_explains_itself(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--data", "x", *words, "--help"])
    assert ended.value.code == 0
    assert "usage" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--data", "x"], ["verify"], ["--data", "x", "dance"]])
def test_what_is_no_command_is_exit_status_2(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert capsys.readouterr().err


def test_a_taken_port_is_said_in_one_sentence(data: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = command(data, "serve", "--port", taken.getsockname()[1], status=2)
    assert "port" in done.stderr


@ON_BOTH_STORES
def test_keys_verify_and_rebuild_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], store_in: Cluster | None
) -> None:
    """The same commands on either database: a new key is announced, taken up, and all holds."""
    url = store_in.new_database() if store_in else ""
    base = ("--database", url) if url else ()
    sheets = small_sheets(tmp_path / "sheets")
    assert run(capsys, tmp_path / "county", *base, "init")[0] == 0
    assert run(capsys, tmp_path / "county", *base, "import-master", sheets)[0] == 0
    status, _, err = run(capsys, tmp_path / "county", *base, "county-key", "take-up")
    assert status == 2
    assert "announce" in err
    for act in ("announce", "take-up"):
        assert run(capsys, tmp_path / "county", *base, "county-key", act)[0] == 0
    _, out, _ = run(capsys, tmp_path / "county", *base, "county-key", "status")
    assert out.startswith("Key 2 signs; the newest is 2")
    assert run(capsys, tmp_path / "county", *base, "enrol-code", "NX0601")[0] == 0
    for words in (("verify",), ("rebuild",), ("verify",), ("put-back", "status")):
        assert run(capsys, tmp_path / "county", *base, *words)[0] == 0
    if not url:  # the seed is lost, and nothing but public keys is left
        (tmp_path / "county" / "keys" / "county-2.seed").unlink()
        assert run(capsys, tmp_path / "county", "verify")[0] == 2
        assert run(capsys, tmp_path / "county", "county-key", "replace")[0] == 0
        assert run(capsys, tmp_path / "county", "verify")[0] == 0
    else:
        assert store_in is not None
        store_in.drop_database(url)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("NX0601", "D9", "--first", "261123000001"), "no_station"),
        (("NX0601", "D1", "--first", "26x"), "are no digits"),
    ],
)
def test_no_numbers_for_a_pc_that_is_none(
    capsys: pytest.CaptureFixture[str], data: Path, words: tuple[str, ...], why: str
) -> None:
    status, _, errors = run(capsys, data, "waybills", "give", *words, "--courier", "ZTO")
    assert status == 2
    assert why in errors
