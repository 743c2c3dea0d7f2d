"""The published document of the county's calls says what the program serves, and nothing else."""

import json
from pathlib import Path
from typing import Any

import schemathesis
from starlette.routing import Route

from county_server.app import make_app
from county_server.county import County
from station_app.sync.messages import CONTENT_TYPE, PROBLEM_TYPE
from tests.sync.stand import SetClock, new_county

ROOT = Path(__file__).resolve().parents[2]
IMPLIED = {"HEAD"}  # by GET


def document() -> Any:
    return json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))


def test_every_call_of_devices_is_published_and_no_other(tmp_path: Path) -> None:
    county: County = new_county(tmp_path / "county", SetClock())
    served = {
        (route.path, method)
        for route in make_app(county).routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - IMPLIED
    }
    published = {
        (path, name.upper())
        for path, calls in document()["paths"].items()
        for name in calls
        if name != "parameters"
    }
    county.close()
    assert published == served


def test_the_document_is_one_that_tools_read() -> None:
    schema: Any = schemathesis.openapi.from_dict(document())
    assert len([found.ok() for found in schema.get_all_operations()]) == 5


def test_bodies_bear_our_types() -> None:
    text = json.dumps(document())
    named = {part for part in text.split('"') if part.startswith("application/")}
    assert named == {CONTENT_TYPE, PROBLEM_TYPE, "application/json"}
