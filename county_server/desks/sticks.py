"""Sticks at the county: a bundle is handed in through the browser, its answer comes back as a file.

The same as `python -m county_server bundle read`, for whoever sits at a desk and has the stick in
her own PC. The bundle is sealed to the county, the answer to the station's PC: neither is opened
in the browser.
"""

import io

from starlette.responses import Response

from county_server.bundles import NoBundle, read_bundle, read_enrolment
from county_server.desks.desk import Desk
from county_server.staff import roles
from county_server.staff.accounts import StaffBook
from county_server.web.frame import NOT_KEPT, Ask, Endpoint
from station_app.sync.usb_link import answer_name

PAGE_BYTES_MAX = 32 * 1024 * 1024  # of a bundle at this page; a longer one goes by the command
BINARY = "application/octet-stream"


class Sticks:
    """The page of sticks."""

    def __init__(self, desk: Desk) -> None:
        """Take the sticks of one county."""
        self._desk = desk

    def endpoints(self) -> list[Endpoint]:
        """Return the page and its two acts."""
        page, do = roles.STICKS, roles.DO
        return [
            Endpoint("GET", "/sticks", page, do, self.show),
            Endpoint("POST", "/sticks", page, do, self.read, PAGE_BYTES_MAX),
        ]

    def show(self, ask: Ask, trouble: str = "", status: int = 200) -> Response:
        """Show what to do."""
        return self._desk.page("sticks.html", ask, status, trouble=trouble)

    def read(self, ask: Ask) -> Response:
        """Take a bundle, or a request for enrolment, and hand the answer out."""
        content, county = ask.form.file, self._desk.county
        is_new = ask.form.get("what") == "enrol"
        if not content:
            return self._refused(ask, "no_file")
        take = read_enrolment if is_new else read_bundle
        try:
            answer = take(county, io.BytesIO(content))
        except NoBundle as problem:
            return self._refused(ask, problem.reason)
        out = io.BytesIO()
        answer.seal(out)
        with county.store.write() as connection:
            taken = f"{answer.read.device} +{answer.read.facts}"
            StaffBook(county.store, connection).exported(ask.member.code, ask.now, taken)
        told = f'attachment; filename="{answer_name(answer.read.device)}"'
        return Response(
            out.getvalue(), media_type=BINARY, headers=NOT_KEPT | {"Content-Disposition": told}
        )

    def _refused(self, ask: Ask, reason: str) -> Response:
        words = self._desk.words(ask.now).say(f"stick.trouble.{reason}")
        return self.show(ask, words, 422)
