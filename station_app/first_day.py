"""The first day put together: what the root lends to its pages, and its line on today."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from station_app.devices.sheet_files import SheetFiles
from station_app.overview.attention import SetUpLine
from station_app.premises import Premises, neighbours_of
from station_app.printing.document import Receipt
from station_app.printing.raster import Raster
from station_app.services.opening import telling
from station_app.services.opening.offer import offer
from station_app.services.opening.outfit import Outfit
from station_app.services.opening.papers import PaperMaker
from station_app.services.opening.records import Gatherer
from station_app.shell.offers import Offer


def first_day_offer(premises: Premises, preview: Callable[[Receipt], Raster]) -> Offer:
    """Return what the first day offers on this PC; sheets lie in the home of whoever runs it."""
    gatherer = Gatherer(neighbours_of(premises.gatherer))
    outfit = Outfit(
        gatherer=gatherer,
        papers=PaperMaker(gatherer.neighbours, premises.texts),
        files=SheetFiles(Path.home()),
        preview=preview,
    )
    return offer(premises.texts, outfit)


def first_day_lines(premises: Premises) -> Callable[[Any], list[SetUpLine]]:
    """Return what says on a connection what is left of the first day."""

    def lines(connection: Any) -> list[SetUpLine]:
        line = telling.line(connection, premises.enrolment.station, premises.texts)
        return [SetUpLine(*line, page=telling.STEPS_PAGE)] if line else []

    return lines
