"""A scanned parcel is not here any more: told in words, by tone and by voice, on any page."""

from station_app.services.parcels import records
from station_app.services.parcels.meanings import TROUBLE_PAGE
from station_app.services.parcels.rules import WHY_NOT_HERE
from station_app.services.parcels.visits import HANDED_OVER, LOST
from station_app.shell.counter import Notice
from station_app.shell.page import Page
from station_app.values.day import say_day
from station_app.values.spoken import SENTENCES


def tell_gone(page: Page, parcel: str) -> None:
    """Say where a parcel went; one that was lost is here, and is put back where that is done."""
    counter = page.counter
    row = counter.desk.read(lambda connection: records.parcel_row(connection, parcel))
    if row is None:
        return
    counter.sounds.play("gone")
    if row.status == HANDED_OVER:
        counter.voice.speak("hindrance", SENTENCES["handed_over"])
    key = WHY_NOT_HERE.get(row.status, "RETURNED_ALREADY")
    day = say_day(row.closed_day, counter.desk.now().day)
    words = counter.say(f"parcels.refusal.{key}", code=str(row.code), day=day)
    counter.front.toast(Notice(words, "warn"))
    if row.status == LOST:
        counter.front.open_page(TROUBLE_PAGE, {"parcel": row.parcel})
