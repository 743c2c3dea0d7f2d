"""Write `words.json`, what the county says to the practice station: run from the root.

    python3 resources/practice/make_words.py

It is what a real county says of the folder `resources/demo`, read by the county's own sheets, for
one station under another name. The programs at the counters bring no county along, hence the file.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import msgspec  # noqa: E402

from county_server.master import Known, Problems, plan  # noqa: E402
from station_app.reference.facts import StationDescribed  # noqa: E402
from station_app.services.sending.facts import WaybillsGranted  # noqa: E402

STATION, DAY = "NX0601", "2026-01-01"
DEVICE, JOINT, FIRST = "D1", "NXGP", 260_101_000_001  # numbers to learn sending with
PEOPLE = 40  # enough for two of one name and two of one tail


def words() -> list[dict[str, object]]:
    """Return what is said, in order. of: the code of the person whom it happens to."""
    made = plan(ROOT / "resources" / "demo", Known(), day=DAY)
    assert not isinstance(made, Problems), made
    said, people = [], set()
    for step in made.steps:
        body = step.body
        if isinstance(body, StationDescribed):
            if body.code != STATION:
                continue
            body = msgspec.structs.replace(body, name="假村子", township="练习站", village="假村子")
        elif step.stream.endswith(f"/{STATION}"):
            code = step.entity_of or getattr(body, "code", "")
            if code not in people and len(people) >= PEOPLE:
                continue
            people.add(code)
        elif not step.stream.endswith("/all"):
            continue
        private = step.private
        said.append(
            {
                "kind": body.KIND,
                "v": body.VERSION,
                "of": step.entity_of or "",
                "body": msgspec.to_builtins(body),
                "private": None if private is None else msgspec.to_builtins(private),
            }
        )
    numbers = WaybillsGranted(
        device=DEVICE, courier=JOINT, prefix=STATION, first=FIRST, count=50, width=12, day=DAY
    )
    said.append(
        {"kind": numbers.KIND, "v": numbers.VERSION, "of": "", "private": None}
        | {"body": msgspec.to_builtins(numbers)}
    )
    return said


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in words())
    Path(__file__).with_name("words.json").write_text(f"[\n{lines}\n]\n", "utf-8")
