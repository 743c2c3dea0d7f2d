"""The pages that look across services: today, search, papers, sending, cases, lock, first run."""
