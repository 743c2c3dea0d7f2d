"""What the drawer shows to the rest."""

from station_app.services.cash.asking import desk_rules

RULES = desk_rules()
