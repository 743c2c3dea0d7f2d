"""The people who work at the county: their accounts, and what each role may do."""
