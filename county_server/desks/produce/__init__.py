"""Produce of the whole county: what a year brought, and what stations have sent to the hub."""
