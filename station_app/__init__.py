"""The village station: the program on the counter."""

from station_app.values.late_methods import write_late

write_late("station_app")
