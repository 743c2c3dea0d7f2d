"""The county's side: journals in, news out, and what the county looks at."""

from station_app.values.late_methods import write_late

write_late("county_server")
