"""Carrying streams between devices and the county, by line or by stick."""
