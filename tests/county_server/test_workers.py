"""`serve --workers` beside PostgreSQL: what must be shared stands in the database."""

from pathlib import Path

from county_server.county import County
from county_server.verify import verify_county
from station_app.security.signing import Signer
from station_app.sync.http_link import Answer, HttpLink
from station_app.sync.messages import CONTENT_TYPE, SYNC_PATH, open_request
from tests.bench.crowd import enrolled
from tests.county_server.many_at_work import opening
from tests.county_server.serving import Server
from tests.postgres import Cluster
from tests.sync.stand import Dice, SetClock, new_county


def asked(url: str, method: str, path: str, body: bytes = b"") -> int:
    link = HttpLink(url)  # a line of its own, so that any of the processes may take it
    try:
        answer = link.carry(method, path, {"content-type": CONTENT_TYPE}, body, 100_000)
    finally:
        link.close()
    assert isinstance(answer, Answer), answer
    return answer.status


def test_what_one_process_has_answered_all_of_them_know(tmp_path: Path, postgres: Cluster) -> None:
    """A request that somebody plays again is known for that, whichever process it comes to."""
    county: County = new_county(tmp_path / "county", SetClock(), cluster=postgres)
    url = county.store.engine.url.render_as_string(hide_password=False)
    place, _ = enrolled(county, "NX0601", 5)
    server = Server(tmp_path / "county", "--workers", 2, database=url)
    try:
        said = open_request(opening(place, "0" * 16, 1), Signer(Dice(5).draw(32)))
        statuses = [asked(server.url, "POST", SYNC_PATH, said) for _ in range(6)]
    finally:
        status = server.stop()
    assert statuses == [200] + [409] * 5
    assert status == 0
    assert not verify_county(county).findings
    county.close()
