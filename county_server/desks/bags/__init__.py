"""The hub's desk of parcels: what is announced to stations, and the bags that bring it."""
