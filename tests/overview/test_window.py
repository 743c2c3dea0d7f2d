"""The window of a station, by keys and scans typed into its handle, on a real journal."""

from tests.overview.stations import PIN


def test_it_begins_locked_and_a_right_pin_opens_the_page_of_today(station):
    station.hire()
    window = station.show()
    assert station.page.key == "overview.lock"
    assert window.is_locked()
    station.type(PIN)
    assert station.page.key == "overview.today"
    assert station.premises.signed_in.operator
