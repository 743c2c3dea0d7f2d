"""The finance desk: money that comes from and goes to the stations, and what they agree on."""
