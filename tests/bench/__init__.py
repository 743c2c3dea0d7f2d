"""Measurements: ours against the physical floor, both in the same run."""
