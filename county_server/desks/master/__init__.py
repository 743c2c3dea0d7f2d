"""Master data: what the county publishes, as sheets that are looked at by two before they hold."""
