"""What the county sends down: stations, couriers and rules, with the day since which they hold."""
