"""What leaves the county as files: facts and ledgers of a station."""
