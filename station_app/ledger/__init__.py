"""The ledger: accounts, postings, balances and their export."""
