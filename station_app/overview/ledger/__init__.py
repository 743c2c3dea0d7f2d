"""The ledger browser: day book, accounts, trial balance, people, papers, day report, files."""
