"""What produce offers at a station under test."""

from typing import Any

from station_app.services.consignment import offer
from station_app.services.consignment.outfit import Outfit
from station_app.services.people import records as people
from station_app.services.quality import offer as quality
from station_app.services.quality.outfit import Outfit as QualityOutfit
from station_app.services.sales.unsettled_records import open_shares
from station_app.shell.offers import Offer


def quality_offer(station: Any) -> Offer:
    """Return what quality offers at a station under test."""
    outfit = QualityOutfit(
        people, station.texts, lambda paper: station.put_out(paper, ""), station.photos
    )
    return quality.offer(outfit)


def produce_offer(station: Any) -> Offer:
    """Return it; papers that belong to no act are remembered by the station."""
    outfit = Outfit(
        people,
        station.texts,
        station.print_again,
        open_shares,
        lambda paper: station.put_out(paper, ""),
        station.photos,
        station.preview,
    )
    return offer.offer(outfit)
