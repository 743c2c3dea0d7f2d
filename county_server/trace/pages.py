"""`/t/CODE`: what a telephone shows of a lot, without a word of who looks; and of a forged code.

One small page and one small style, no script and no fonts, for a telephone on a slow line. It may
be kept for a minute by whatever stands in between, so a fair does not reach the database.
"""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from county_server.trace.story import Step, Story, read_story
from county_server.web.frame import HEADERS, Frame, Sayer
from station_app.ledger.rounding import PIECE
from station_app.values.codes import TraceCode, recognise
from station_app.values.weight import kg_plain

KEPT_SECONDS = 60  # a recall is seen by everybody a minute later
CODE_MAX = 40
GROUP = 10  # digits of the code on one line


class Trace:
    """The page."""

    def __init__(self, frame: Frame) -> None:
        """Answer for one county."""
        self._frame = frame

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
        with self._frame.read() as connection:
            story = read_story(self._frame.store, connection, code.digits)
        return self._page("" if story else "unknown", code.digits, story)

    def _page(self, trouble: str, code: str, story: Story | None = None) -> Response:
        words = Sayer(self._frame.texts)
        made = self._frame.page(
            "trace.html", words, 200 if story else 404, story=story, trouble=trouble,
            digits=[code[:CODE_MAX][i : i + GROUP] for i in range(0, len(code[:CODE_MAX]), GROUP)],
            told=self._told, quantity=self._quantity,
        )  # fmt: skip
        made.headers.update(HEADERS)
        made.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
        made.headers["X-Robots-Tag"] = "noindex"
        return made

    def _told(self, step: Step, unit: str) -> str:
        """Return what a step says below its name."""
        slots = dict(step.slots)
        if isinstance(slots.get("quantity"), int):
            slots["quantity"] = self._quantity(int(str(slots["quantity"])), unit)
        return self._frame.texts.say(f"county.trace.{step.key}_told", **slots)

    def _quantity(self, quantity: int, unit: str) -> str:
        say = self._frame.texts.say
        if unit == PIECE:
            return say("county.produce.pieces", count=quantity)
        return say("county.produce.kg", kg=kg_plain(quantity))
