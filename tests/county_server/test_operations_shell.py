"""The shell lines of docs/OPERATIONS.md: each is run here, or says below why it cannot be.

A line is taken off the page as it stands; only its folders are others, and what it must not do to
the machine of a test is left out. A new line on the page fails here until somebody runs it.
"""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from county_server.county import open_county
from station_app.sync.dictionary import Press
from station_app.vocabulary import VOCABULARY
from tests.county_server.serving import Server, command, enrolled_over, over
from tests.county_server.test_operations import PAGE
from tests.postgres import Cluster
from tests.sync.stand import Dice, SetClock, converse, enrolled_pc, small_sheets

# Beginnings of lines that are not run here, and why.
NOT_HERE = {
    "python3 -m venv": "needs the network; the set-up of the project does the same (`dev setup`)",
    ".venv/bin/pip install": "needs the network; the set-up does it with the same files",
    "useradd": "needs root and changes the machine",
    "cp installer/": "needs root; the unit is held against the program (test_operations.py)",
    "systemctl": "needs systemd",
    "udevadm": "needs root and udev",
    "python -m station_app --data DIR printers": "read by tests/overview/devices",
    "location /": "nginx: run by tests/proofs/behind_nginx.py where nginx is",
    "apt-get": "changes the machine; here PostgreSQL comes out of a wheel",
    "python -m county_server --data /srv/county serve": "run by test_serving.py and others",
    "python -m county_server --data /srv/county messages pass-on": "run by test_messages.py",
    "python -m county_server --data /srv/county bundle read": "run by test_sticks.py",
    "python -m county_server --data /srv/county enrol-stick": "run by tests/test_sibling_stick.py",
    "python -m county_server --data /srv/county device accept": "run by test_devices.py",
    "python -m county_server --data /srv/county device refuse": "run by test_devices.py",
    "python -m county_server --data /srv/county device branches NX": "run by test_devices.py",
    "python -m county_server --data /srv/county device answer": "run by test_devices.py",
    "python -m county_server --data DIR recover-key": "run by tests/proofs/test_recovery.py",
    '{"at":': "a line of a log",
    "python -m station_app --data FOLDER enrol --anew": "run by tests/test_enrol_anew.py",
    "CREATE EXTENSION": "Citus: there is none here (§13)",
    "SELECT create_": "Citus",
}
SQLITE = (
    "init",
    "import-master",
    "staff add",
    "staff list",
    "staff reset",
    "staff disable",
    "enrol-code",
    "device list",
    "device revoke",
    "device branches",
    "device renew-key",
    "county-key",
    "put-back",
    "pass-home",
    "backup",
    "verify",
)
# What the program rightly refuses in the state that the page's other lines have made by then.
REFUSED = {
    "device renew-key": "cut off: enrol it anew",
    "county-key replace": "announce a new one instead",
    "put-back release": "nothing is stopped",
}
AS_WHOM = ("sudo -u postgres ", "sudo -u county ")


def lines() -> list[str]:
    """Return every shell line of the page: what is set off, a long one joined."""
    page = re.sub(r"\\\n\s*", "", PAGE)
    blocks = "\n".join(re.findall(r"```\n(.*?)```", page, re.DOTALL))
    fenced = re.sub(r"^", "    ", blocks, flags=re.MULTILINE)
    found = re.findall(r"^ {4,}(\S.*)$", f"{page}\n{fenced}", re.MULTILINE)
    block = re.compile(r"location / \{|proxy_|client_max|\}|'ended_sessions'")
    return [line.strip() for line in found if not block.match(line) or line.startswith("location")]


def of_county(line: str) -> str:
    """Return what a line asks of the county's program on SQLite, "" for another line."""
    found = re.match(r"python -m county_server --data /srv/county (?!--database)(.+)", line)
    return found.group(1) if found else ""


def test_every_line_is_run_or_says_why_not() -> None:
    open_ones = [
        line
        for line in lines()
        if not line.startswith(tuple(NOT_HERE))
        and not line.startswith(AS_WHOM)
        and not of_county(line).startswith(SQLITE)
        and "--database" not in line
    ]
    assert open_ones == []
    assert len(lines()) > 35
    for beginning in NOT_HERE:
        assert any(line.startswith(beginning) for line in lines()), f"gone: {beginning}"


def enrol_two(data: Path, folder: Path) -> None:
    """Enrol two PCs with the county that the page has made."""
    clock = SetClock()
    county = open_county(data, VOCABULARY, Press(), clock=clock, chance=Dice(3))
    for seed in (1, 2):
        enrolled_pc(county, folder / f"d{seed}", clock, seed=seed).close()
    county.close()


def test_the_lines_of_the_county_in_the_order_of_the_page(tmp_path: Path) -> None:
    data, sheets = tmp_path / "county", small_sheets(tmp_path / "sheets")
    played: list[str] = []
    has_pcs = False
    for line in lines():
        asked = of_county(line).partition("#")[0].strip()
        if line.startswith(tuple(NOT_HERE)) or not asked.startswith(SQLITE):
            continue
        if asked.startswith(("device", "pass-home")) and not has_pcs:  # two PCs, as it says
            enrol_two(data, tmp_path)
            has_pcs = True
        words = [
            word.replace("/srv/sheets", str(sheets)).replace("/backup", str(tmp_path))
            for word in shlex.split(asked)
        ]
        why = next((why for start, why in REFUSED.items() if asked.startswith(start)), "")
        ended = command(data, *words, status=2 if why else 0)
        assert why in ended.stderr
        played.append(asked)
    assert len(played) >= 16
    assert (tmp_path / "county-monday.db").stat().st_size > 0


@pytest.mark.long
def test_postgresql_its_dump_and_the_drill(tmp_path: Path, postgres: Cluster) -> None:
    """§12: a county on PostgreSQL, dumped while it runs, put back beside, verified there."""
    data, drill = tmp_path / "county", tmp_path / "drill"
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    env |= {
        "PATH": f"{postgres._programs}{os.pathsep}{env['PATH']}",
        "PGHOST": str(postgres.data),
        "PGUSER": "postgres",
    }
    place = f"?host={postgres.data}"

    def shell(line: str) -> None:
        line = line.removeprefix("sudo -u postgres ").replace(" --pwprompt", "")
        line = line.replace("/backup", shlex.quote(str(tmp_path)))
        ended = subprocess.run(
            ["bash", "-c", line], env=env, check=False, capture_output=True, text=True
        )
        assert ended.returncode == 0, f"{line}: {ended.stderr}"

    def county(line: str) -> None:
        words = shlex.split(line.removeprefix("sudo -u county python -m county_server "))
        folder = drill if "/srv/drill" in words else data
        at = words.index("--database") + 1
        command(folder, "--database", words[at] + place, *words[at + 1 :])

    begin = PAGE.index("## 12 PostgreSQL")
    here = [line for line in lines() if line in PAGE[begin:]]
    asked = [line for line in here if line.startswith(AS_WHOM)]
    assert [line.split()[3] for line in asked] == [
        "createuser", "createdb", "python", "pg_dump", "dropdb", "createdb", "pg_restore", "python",
    ]  # fmt: skip
    for line in asked[:3]:
        county(line) if " python " in line else shell(line)
    url = f"postgresql+psycopg://county@/county{place}"
    command(data, "--database", url, "import-master", small_sheets(tmp_path / "sheets"))
    server = Server(data, database=url)
    pc = enrolled_over(server, data, tmp_path / "pc", seed=5, database=url)
    pc.shelve(20)
    converse(pc, over(server))
    for line in asked[3:7]:
        shell(line)
    shutil.copytree(data / "keys", drill / "keys")
    county(asked[7])
    assert server.stop() == 0
    pc.close()
    with postgres.connect("county_drill") as connection:
        row = connection.execute("SELECT count(*) FROM facts WHERE stream LIKE 'NX0601/D1/%'")
        assert row.fetchone() == (20,)
