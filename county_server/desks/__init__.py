"""Where the county works: one desk, one package."""
