"""The purchasing desk: what villagers have ordered, and what the county answers."""
