"""`/t/CODE`: what a telephone shows of a lot, without a word of who looks; and of a forged code.

One small page and one small style, no script and no fonts, for a telephone on a slow line. It may
be kept for a minute by whatever stands in between, so a fair does not reach the database.
"""

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from county_server.trace.looks import Looks, Seen
from county_server.trace.story import Step, Story, read_story
from county_server.web.frame import HEADERS, Frame, Sayer
from station_app.values.codes import TraceCode, recognise
from station_app.values.day import local_day, local_time

KEPT_SECONDS = 60  # a recall is seen by everybody a minute later
KEPT_MAX = 2_000  # pages of two kilobytes in this process: a fair, not a county
CODE_MAX = 40
GROUP = 10  # digits of the code on one line


class Trace:
    """The page."""

    def __init__(self, frame: Frame) -> None:
        """Answer for one county."""
        self._frame = frame
        self._kept: dict[str, tuple[int, str, str]] = {}
        self._looks = Looks(frame.store)

    def routes(self) -> list[BaseRoute]:
        """Return the route: anybody may ask."""
        return [Route("/t/{code}", self.answer, methods=["GET"])]

    async def answer(self, request: Request) -> Response:
        """Show what is known of a code."""
        return await run_in_threadpool(self.page, request.path_params["code"])

    def page(self, text: str) -> Response:
        """Return the page of a code; one that was misread or made up gets a sentence, too."""
        code = recognise(text[:CODE_MAX], ())
        if not isinstance(code, TraceCode):
            return self._page("misread", text)
        now = self._frame.now_ms()
        at, html, station = self._kept.get(code.digits, (0, "", ""))
        if html and 0 <= now - at < KEPT_SECONDS * 1000:
            self._looks.note(station, code.digits, now)
            return _answer(html, 200)
        with self._frame.read() as connection:
            story = read_story(self._frame.store, connection, code.digits, local_day(now))
            if story is None:  # it is not there yet, and may come any moment
                return self._page("unknown", code.digits)
            self._looks.note(story.home, code.digits, now)
            seen = self._looks.seen(connection, story.home, code.digits)
        answer = self._page("", code.digits, story, seen)
        if len(self._kept) >= KEPT_MAX:
            self._kept.clear()
        self._kept[code.digits] = (now, bytes(answer.body).decode(), story.home)
        answer.background = BackgroundTask(self._looks.write_down, now)  # nobody waits for it
        return answer

    def _page(
        self, trouble: str, code: str, story: Story | None = None, seen: Seen | None = None
    ) -> Response:
        words = Sayer(self._frame.texts)
        made = self._frame.page(
            "trace.html", words, 200 if story else 404, story=story, trouble=trouble,
            digits=[code[:CODE_MAX][i : i + GROUP] for i in range(0, len(code[:CODE_MAX]), GROUP)],
            told=self._told, quantity=self._frame.quantity, seen=seen, at=moment,
        )  # fmt: skip
        return _answer(bytes(made.body).decode(), made.status_code)

    def _told(self, step: Step, unit: str) -> str:
        """Return what a step says below its name."""
        slots = dict(step.slots)
        if isinstance(slots.get("quantity"), int):
            slots["quantity"] = self._frame.quantity(int(str(slots["quantity"])), unit)
        return self._frame.texts.say(f"county.trace.{step.key}_told", **slots)


def _answer(html: str, status: int) -> Response:
    public = {"Cache-Control": f"public, max-age={KEPT_SECONDS}", "X-Robots-Tag": "noindex"}
    return HTMLResponse(html, status, headers=HEADERS | public)


def moment(at: int) -> str:
    """Return a moment for everybody: "11-19 10:31"."""
    return f"{local_day(at)[5:]} {local_time(at)}"
