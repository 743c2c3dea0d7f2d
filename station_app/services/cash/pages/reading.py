"""Printing a reading (X) of the open shift, from whichever page."""

from station_app.services.cash.pages.edges import Edges
from station_app.services.cash.papers import PaperMaker
from station_app.shell.counter import Counter, Notice


def print_reading(counter: Counter, papers: PaperMaker, edges: Edges) -> None:
    """Queue a reading, and say so; without a shift there is nothing to read."""
    now = counter.desk.now()
    slip = counter.desk.read(lambda connection: papers.x(connection, now))
    if slip is not None:
        edges.put_out(slip, "")
        counter.front.toast(Notice(counter.say("cash.day.reading_done"), "notice"))
