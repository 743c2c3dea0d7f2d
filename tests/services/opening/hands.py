"""What the hands do on the pages of the first day, for the tests of them."""

from typing import Any

from station_app.shell.widgets.keys import KeyButton
from tests.overview.stations import settle
from tests.services.opening.books import PEOPLE, text

STEPS, SHEET, LINES = "opening.steps", "opening.sheet", "opening.lines"


def open_page(first: Any, page: str, **subject: str) -> None:
    first.window.open_page(page, subject or None)
    settle()


def read_sheet(first: Any, kind: str, name: str) -> None:
    """Open the page of a kind of sheet and choose a file by its digit."""
    open_page(first, SHEET, kind=kind)
    names = [file.name for file in first.page.files.files]
    first.press(str(names.index(name) + 1))


def counts(first: Any) -> dict[str, int]:
    return {state: count for state, count in first.page.work.counts().items() if count}


def people(first: Any) -> int:
    return first.gatherer.neighbours.people.count_persons(first.connection)


def caps(first: Any) -> list[str]:
    return [
        button.text()
        for button in first.window.findChildren(KeyButton)
        if button.isVisible() and button.cap == "Enter"
    ]


def take_people(first: Any) -> None:
    first.put("村民.csv", text(PEOPLE))
    read_sheet(first, "people", "村民.csv")
    first.press("Enter", "Enter")
